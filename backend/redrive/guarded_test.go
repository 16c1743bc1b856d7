package redrive

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/redrive/proof"
)

// book keeps what is recorded.
type book struct {
	acts    []journal.Act
	results []journal.Result
}

func (b *book) Begin(_ context.Context, act journal.Act) (func(journal.Result), error) {
	b.acts = append(b.acts, act)
	return func(r journal.Result) { b.results = append(b.results, r) }, nil
}

func TestARedriveTakesTheGrantsThatWereGivenAndIsRecordedAsOneAct(t *testing.T) {
	for name, native := range map[string]bool{"selective": false, "SQS's own task": true} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.dead(40)
				w.consume(none)
				g, b := guard.New(guard.Change), &book{}
				p := w.plan()
				p.Native, p.From.Stack, p.Recorder = native, g.Wrap(w.stack), b
				if _, err := Run(w.ctx, p, nil); backend.KindOf(err) != backend.KindDenied && !native {
					t.Logf("without a grant: %v", err)
				}
				if w.stored(w.dlq) < 29 { // what was sent of the canary could not be deleted; nothing more was sent
					t.Errorf("%d dead letters left without a grant", w.stored(w.dlq))
				}
				granted := 0
				p.Moves = t.TempDir()
				p.Allow = func(ctx context.Context, grant guard.Grant) context.Context {
					granted += grant.Count
					return g.Allow(ctx, grant)
				}
				r, err := Run(w.ctx, p, nil)
				if err != nil || r.Moved() < 39 {
					t.Fatalf("%v: %d moved, %s", err, r.Moved(), r.Stopped)
				}
				w.want("left", w.stored(w.dlq), 0)
				last, res := b.acts[len(b.acts)-1], b.results[len(b.results)-1]
				w.want("act", fmt.Sprint(last.Name, last.Queue, last.Params["redrive"]), fmt.Sprint(journal.Redrive, w.dlqARN, r.ID))
				w.want("result", fmt.Sprint(res.Outcome, res.Count), fmt.Sprint(journal.Done, r.Moved()))
			})
		})
	}
}

func TestAFIFOQueueIsRedrivenWithItsGroupsAndItsCanaryStops(t *testing.T) {
	inWorld(t, func(w *world) {
		dlq := w.create("pay-dlq.fifo")
		arn := backend.ARNOf(dlq, "us-east-1")
		w.orders = w.create("pay.fifo", backend.AttrVisibilityTimeout, "5", backend.AttrRedrivePolicy, fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":2}`, arn))
		for i := range 60 {
			in := backend.SendMessageInput{
				QueueUrl: w.orders, MessageBody: fmt.Sprint(i), MessageGroupId: backend.Some(fmt.Sprint("g", i%20)),
				MessageDeduplicationId: backend.Some(fmt.Sprint(i)),
			}
			if _, err := w.m.SendMessage(w.ctx, in); err != nil {
				t.Fatal(err)
			}
		}
		for w.stored(w.orders) > 0 {
			if _, err := w.m.ReceiveMessage(w.ctx, backend.ReceiveMessageInput{QueueUrl: w.orders, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(0)}); err != nil {
				t.Fatal(err)
			}
		}
		w.consume(all)
		p := w.plan()
		p.From.URL = dlq
		r, err := Run(w.ctx, p, nil)
		if err != nil || r.Moved() != 10 || fate(r, proof.CameBack) == 0 || !strings.Contains(r.Stopped, "came back") {
			t.Fatalf("%v: %d moved, %q, %s", err, r.Moved(), r.Stopped, r.Picture.Line())
		}
		for _, it := range r.Report.Items {
			if it.Group == "" {
				t.Errorf("%s has no group", it.ID)
			}
		}
		time.Sleep(time.Minute)
		w.mu.Lock()
		w.broken = none
		w.mu.Unlock()
		p.Known = nil
		r, err = Run(w.ctx, p, nil)
		if err != nil || r.Moved() != 60 || r.Picture.Line() != "60 redriven: 60 processed, 0 came back" {
			t.Fatalf("%v: %d moved, %q, %s", err, r.Moved(), r.Stopped, r.Picture.Line())
		}
		again := 0
		for _, it := range r.Report.Items {
			if it.Before > 0 {
				again++
			}
		}
		w.want("redriven before", again, 10)
	})
}

func TestAStandingClockOfTheEngineIsWaitedForAndSaid(t *testing.T) {
	inWorld(t, func(w *world) {
		w.dead(30)
		ctx, cancel := context.WithTimeout(w.ctx, time.Hour)
		defer cancel()
		paused := false
		r, err := Run(ctx, w.plan(), func(s State) {
			if s.Phase == PhaseWatch {
				w.m.Clock().Pause()
			}
			paused = paused || s.Picture.Paused
		})
		if err != nil || r.Moved() != 10 || !paused || r.Stopped == "" {
			t.Errorf("%v: %d moved, paused %v, %q", err, r.Moved(), paused, r.Stopped)
		}
		w.m.Clock().Resume()
	})
}

func TestADestinationThatCannotBeSeenLetsNoCanaryPass(t *testing.T) {
	inWorld(t, func(w *world) {
		w.dead(30)
		w.consume(none)
		l := &wire{SQS: w.m, w: w}
		p := w.plan()
		p.From.Stack, p.Read = backend.Stack{SQS: l}, true
		r, err := Run(w.ctx, p, func(s State) {
			if s.Phase == PhaseWatch {
				l.fail = func(action, queue string) error {
					if action == "GetQueueAttributes" && queue == "orders" {
						return backend.ErrorOf(backend.ErrAccessDenied, "no more")
					}
					return nil
				}
			}
		})
		if err != nil || r.Moved() != 10 || !strings.Contains(r.Stopped, "could not be seen") {
			t.Errorf("%v: %d moved, %q", err, r.Moved(), r.Stopped)
		}
	})
}
