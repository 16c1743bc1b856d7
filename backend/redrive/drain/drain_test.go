package drain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/guard"
	"sqscope/backend/memory"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
)

// bench is a queue with messages, behind a guard at change.
type bench struct {
	*testing.T
	m     *memory.Engine
	guard *guard.Guard
	url   string
	o     Options
}

// onBench runs a test on the engine, and on it as if it were AWS.
func onBench(t *testing.T, n int, test func(b *bench)) {
	for name, far := range map[string]bool{"engine": false, "SQS alone": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				m := memory.New(memory.Options{Seed: 1})
				defer m.Close()
				group := owner.New(t.Context(), nil)
				defer group.Close()
				out, err := m.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "orders-dlq"})
				if err != nil {
					t.Fatal(err)
				}
				b := &bench{T: t, m: m, guard: guard.New(guard.Change), url: out.QueueUrl}
				stack := m.Stack()
				if far {
					stack = backend.Stack{SQS: stack.SQS}
				}
				for i := range n {
					if _, err := m.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: b.url, MessageBody: fmt.Sprintf("body %d", i)}); err != nil {
						t.Fatal(err)
					}
				}
				b.o = Options{Dir: dir, Queue: peek.Options{
					Stack: b.guard.Wrap(stack), Leases: peek.NewLeases(group), URL: b.url, ARN: backend.ARNOf(b.url, "us-east-1"), Visible: n,
				}}
				b.o.Confirm = b.confirm(n)
				test(b)
			})
		})
	}
}

func (b *bench) confirm(n int) func(context.Context, Evidence) (context.Context, error) {
	return func(ctx context.Context, e Evidence) (context.Context, error) {
		return b.guard.Allow(ctx, guard.Grant{Act: guard.ActDeleteMessages, ARN: b.o.Queue.ARN.String(), Count: n, Evidence: e.Path}), nil
	}
}

func (b *bench) stored() []backend.StoredMessage {
	b.Helper()
	out, err := b.m.Browse(context.Background(), backend.BrowseInput{QueueUrl: b.url, Limit: 10_000})
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range out.Messages {
		if m.State == backend.StateInFlight {
			b.Errorf("%s is on lease", m.Body)
		}
	}
	return out.Messages
}

func TestWhatIsInTheFileIsDeletedAndCanBeRestored(t *testing.T) {
	onBench(t, 450, func(b *bench) {
		d, err := Drain(b.Context(), b.o)
		if err != nil || d.Held != nil || len(d.Failed) > 0 {
			b.Fatal(err, d.Held, d.Failed)
		}
		if len(d.Deleted) != 450 || d.Count != 450 || d.Missing != 0 || len(b.stored()) != 0 {
			b.Fatalf("%d deleted, %d in the file, %d missing (%s), %d left", len(d.Deleted), d.Count, d.Missing, d.Why, len(b.stored()))
		}
		if info, err := os.Stat(d.Path); err != nil || info.Mode().Perm() != 0o600 {
			b.Error(info, err)
		}
		to, err := archive.TargetOf(b.Context(), b.o.Queue.Stack.SQS, b.url)
		if err != nil {
			b.Fatal(err)
		}
		in, err := Restore(b.Context(), d.Path, to, archive.Options{})
		if err != nil || in.Sent != 450 || len(b.stored()) != 450 {
			b.Error(in.Sent, err, len(b.stored()))
		}
	})
}

func TestWithoutAConfirmationNothingIsDeletedAndTheFileStays(t *testing.T) {
	onBench(t, 30, func(b *bench) {
		b.o.Confirm = func(ctx context.Context, _ Evidence) (context.Context, error) { return ctx, errors.New("no") }
		d, err := Drain(b.Context(), b.o)
		if err == nil || !strings.Contains(backend.AsError(err).Next, d.Path) || len(b.stored()) != 30 {
			b.Error(err, len(b.stored()))
		}
		b.o.Confirm = b.confirm(5) // fewer were confirmed than are there
		d, err = Drain(b.Context(), b.o)
		if err != nil || len(d.Failed) == 0 || len(d.Deleted)+len(b.stored()) != 30 {
			b.Error(err, len(d.Failed), len(d.Deleted), len(b.stored()))
		}
	})
}

func TestOnlyWhatWasChosenGoes(t *testing.T) {
	onBench(t, 30, func(b *bench) {
		b.o.Select = func(m peek.Message) bool { return strings.HasSuffix(m.Body, "7") }
		d, err := Drain(b.Context(), b.o)
		if err != nil || len(d.Deleted) != 3 || len(b.stored()) != 27 || d.Missing != 0 {
			b.Error(err, d.Deleted, len(b.stored()), d.Missing)
		}
	})
}

func TestMoreThanFitsStaysAndIsSaid(t *testing.T) {
	onBench(t, 50, func(b *bench) {
		b.o.Limits = archive.Limits{Messages: 20, Bytes: 1 << 20}
		d, err := Drain(b.Context(), b.o)
		if err != nil || len(d.Deleted) != 20 || d.Missing != 30 || d.Why == "" || len(b.stored()) != 30 {
			b.Error(err, len(d.Deleted), d.Missing, d.Why, len(b.stored()))
		}
	})
}

func TestAMessageWithAConsumerStaysAndIsMissed(t *testing.T) {
	onBench(t, 3, func(b *bench) {
		if b.o.Queue.Stack.Browse != nil {
			return // it is seen, and gone with the rest
		}
		if _, err := b.m.ReceiveMessage(b.Context(), backend.ReceiveMessageInput{QueueUrl: b.url, MaxNumberOfMessages: backend.Some(1)}); err != nil {
			b.Fatal(err)
		}
		d, err := Drain(b.Context(), b.o)
		if err != nil || len(d.Deleted) != 2 || d.Missing != 1 || !strings.Contains(d.Why, "in flight") {
			b.Error(err, len(d.Deleted), d.Missing, d.Why)
		}
	})
}

func TestWithoutAFileNothingIsDeleted(t *testing.T) {
	onBench(t, 10, func(b *bench) {
		file := filepath.Join(b.o.Dir, "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			b.Fatal(err)
		}
		b.o.Dir = filepath.Join(file, "evidence")
		if _, err := Drain(b.Context(), b.o); err == nil || len(b.stored()) != 10 {
			b.Error(err, len(b.stored()))
		}
	})
}

func TestAFileThatWasDamagedDeletesNothing(t *testing.T) {
	onBench(t, 5, func(b *bench) {
		d, err := Drain(b.Context(), b.o)
		if err != nil {
			b.Fatal(err)
		}
		f, err := os.Open(d.Path)
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		var records []archive.Record
		for in := archive.NewReader(f); ; {
			e, err := in.Next()
			if err != nil {
				break
			}
			records = append(records, e.Record)
		}
		doc, err := os.ReadFile(d.Path)
		if err != nil {
			b.Fatal(err)
		}
		for name, damaged := range map[string]string{
			"cut":     string(doc[:len(doc)/2]),
			"changed": strings.Replace(string(doc), "body 3", "body X", 1),
		} {
			if err := os.WriteFile(d.Path, []byte(damaged), 0o600); err != nil {
				b.Fatal(err)
			}
			if ids, err := confirmed(d.Path, records); err == nil {
				b.Errorf("%s: %d confirmed", name, len(ids))
			}
		}
	})
}
