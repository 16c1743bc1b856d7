package outbox_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/outbox"
	"sqscope/backend/rules"
)

// taker is a queue 20 ms away that takes messages, but for those whose body is to
// fail.
type taker struct {
	backend.SQS
	mu     sync.Mutex
	fails  map[string]bool
	taken  []backend.SendMessageInput
	counts []int // entries of each request
	most   int   // requests at the same time
	now    int
	deaf   int // messages after which no answer comes any more; 0: answers come
}

func (s *taker) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (out backend.SendMessageBatchOutput, err error) {
	s.mu.Lock()
	s.now++
	s.most = max(s.most, s.now)
	s.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now--
	s.counts = append(s.counts, len(in.Entries))
	for _, e := range in.Entries {
		if s.fails[e.MessageBody] {
			out.Failed = append(out.Failed, backend.BatchError{Id: e.Id, Code: "InvalidParameterValue", Message: "not today", SenderFault: true})
			continue
		}
		s.taken = append(s.taken, e.SendMessageInput)
		out.Successful = append(out.Successful, backend.SendMessageBatchResult{Id: e.Id, SendMessageOutput: backend.SendMessageOutput{
			MessageId: "m" + strconv.Itoa(len(s.taken)), MD5OfMessageBody: rules.MD5OfBody(e.MessageBody), MD5OfMessageAttributes: rules.MD5OfAttributes(e.MessageAttributes),
		}})
	}
	if s.deaf > 0 && len(s.taken) >= s.deaf+len(in.Entries) {
		return backend.SendMessageBatchOutput{}, backend.Errorf(backend.KindNetwork, "connection reset")
	}
	return out, nil
}

func (s *taker) bodies() (out []string) {
	for _, in := range s.taken {
		out = append(out, in.MessageBody)
	}
	return out
}

// sending runs a test in a bubble, where time passes at once.
func sending(t *testing.T, q rules.Queue, f func(t *testing.T, s *taker, to archive.Target)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &taker{fails: map[string]bool{}}
		f(t, s, archive.Target{SQS: s, URL: "https://sqs/1/" + q.Name, Queue: q})
	})
}

func numbered(n int) outbox.Job {
	return outbox.Job{Draft: outbox.Draft{Body: "{{seq}}"}, Count: n, Fill: true, Now: time.Now}
}

func TestCopiesGoInBatchesOfTenAtTheSameTime(t *testing.T) {
	sending(t, rules.Queue{Name: "q"}, func(t *testing.T, s *taker, to archive.Target) {
		j := numbered(205)
		j.Draft.Delay, j.Draft.Attributes = "7", []outbox.Attribute{{"n", "Number", "{{seq}}"}}
		done, _, err := j.Send(t.Context(), to, outbox.Mark{}, archive.Options{})
		if err != nil || done.Sent != 205 || done.Requests != 21 || len(done.Left) != 0 {
			t.Fatalf("%+v, %v", done, err)
		}
		if s.most != 8 || slices.Max(s.counts) != 10 {
			t.Errorf("%d requests at the same time, of %v", s.most, s.counts)
		}
		for _, in := range s.taken {
			if in.DelaySeconds != backend.Some(7) || in.MessageAttributes["n"].StringValue.Value != in.MessageBody {
				t.Fatalf("sent was %+v", in)
			}
		}
	})
}

func TestABatchIsAtMostOneMiB(t *testing.T) {
	sending(t, rules.Queue{Name: "q"}, func(t *testing.T, s *taker, to archive.Target) {
		j := outbox.Job{Draft: outbox.Draft{Body: strings.Repeat("x", 400<<10)}, Count: 5, Now: time.Now}
		if _, _, err := j.Send(t.Context(), to, outbox.Mark{}, archive.Options{}); err != nil {
			t.Fatal(err)
		}
		slices.Sort(s.counts)
		if diff := cmp.Diff([]int{1, 2, 2}, s.counts); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheRateIsKept(t *testing.T) {
	for rate, want := range map[float64]time.Duration{0.5: 18 * time.Second, 5: 1 * time.Second, 0: 0} {
		sending(t, rules.Queue{Name: "q"}, func(t *testing.T, _ *taker, to archive.Target) {
			began := time.Now()
			if _, _, err := numbered(10).Send(t.Context(), to, outbox.Mark{}, archive.Options{Rate: rate}); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took < want || took > want+100*time.Millisecond {
				t.Errorf("10 messages at %v a second took %v", rate, took)
			}
		})
	}
}

func TestAGroupKeepsItsOrder(t *testing.T) {
	sending(t, rules.Queue{Name: "q.fifo", FIFO: true}, func(t *testing.T, s *taker, to archive.Target) {
		j := numbered(40)
		j.Draft.Group, j.Draft.Dedup = "{{pick a,b,c}}", "{{uuid}}"
		done, _, err := j.Send(t.Context(), to, outbox.Mark{}, archive.Options{})
		if err != nil || done.Sent != 40 {
			t.Fatalf("%+v, %v", done, err)
		}
		last := map[string]int{}
		for _, in := range s.taken {
			n, _ := strconv.Atoi(in.MessageBody)
			if g := in.MessageGroupId.Value; n < last[g] {
				t.Errorf("%d came behind %d in group %s", n, last[g], g)
			} else {
				last[g] = n
			}
		}
		if s.most != 1 {
			t.Errorf("%d requests were out at the same time", s.most)
		}
	})
}

func TestWhatFailedIsTriedAgainAloneAndAsItWas(t *testing.T) {
	sending(t, rules.Queue{Name: "q"}, func(t *testing.T, s *taker, to archive.Target) {
		s.fails["3"], s.fails["14"] = true, true
		j := numbered(20)
		j.Draft.Delay = "9"
		done, _, err := j.Send(t.Context(), to, outbox.Mark{}, archive.Options{})
		if err != nil || done.Sent != 18 || done.Failed != 2 {
			t.Fatalf("%+v, %v", done, err)
		}
		if e := done.Left[0].Err; e.Message != "not today" || e.Subject != "message 3" {
			t.Errorf("why is %+v", e)
		}
		s.taken, s.counts = nil, nil
		delete(s.fails, "3")
		done, err = outbox.Retry(t.Context(), to, done.Left, archive.Options{})
		if err != nil || done.Sent != 1 || done.Failed != 1 {
			t.Fatalf("%+v, %v", done, err)
		}
		if diff := cmp.Diff([]string{"3"}, s.bodies()); diff != "" || s.taken[0].DelaySeconds != backend.Some(9) {
			t.Errorf("sent again was %v %s", s.taken, diff)
		}
	})
}

func TestWhatARetryDidNotComeToIsStillLeft(t *testing.T) {
	sending(t, rules.Queue{Name: "q"}, func(t *testing.T, s *taker, to archive.Target) {
		for i := range 30 {
			s.fails[strconv.Itoa(i+1)] = true
		}
		done, _, err := numbered(30).Send(t.Context(), to, outbox.Mark{}, archive.Options{})
		if err != nil || done.Failed != 30 {
			t.Fatalf("%+v, %v", done, err)
		}
		clear(s.fails)
		ctx, cancel := context.WithCancel(t.Context())
		done, err = outbox.Retry(ctx, to, done.Left, archive.Options{Rate: 10, Progress: func(archive.Imported) { cancel() }})
		if backend.KindOf(err) != backend.KindCancelled || done.Sent != 10 || done.Failed != 20 || len(outbox.Failed(done.Left)) != 20 {
			t.Errorf("%+v, %v", done, err)
		}
	})
}

func TestWhatWasStoppedGoesOnWithTheRest(t *testing.T) {
	for _, fifo := range []bool{false, true} {
		sending(t, rules.Queue{Name: "q", FIFO: fifo, ContentBasedDeduplication: fifo}, func(t *testing.T, s *taker, to archive.Target) {
			j := numbered(100)
			if fifo {
				j.Draft.Group = "{{int 1 4}}"
			}
			ctx, cancel := context.WithCancel(t.Context())
			done, mark, err := j.Send(ctx, to, outbox.Mark{}, archive.Options{Rate: 20, Progress: func(archive.Imported) {
				if len(s.taken) >= 40 {
					cancel()
				}
			}})
			if backend.KindOf(err) != backend.KindCancelled || done.Sent != 40 || mark.Entries != 40 || len(mark.Doubt) != 0 {
				t.Fatalf("%+v, %v", done, err)
			}
			done, _, err = j.Send(t.Context(), to, mark, archive.Options{})
			if err != nil || done.Sent != 60 {
				t.Fatalf("%+v, %v", done, err)
			}
			seen := map[string]int{}
			for _, b := range s.bodies() {
				seen[b]++
			}
			if len(seen) != 100 || len(s.taken) != 100 {
				t.Errorf("%d messages were sent, %d different ones", len(s.taken), len(seen))
			}
		})
	}
}

// A FIFO queue that takes the digest of the body for a deduplication id knows a
// message again only if it is the same, {{now}} included.
func TestWhatMayHaveBeenTakenGoesOnAsItWas(t *testing.T) {
	for _, groups := range []string{"g", "{{int 1 4}}"} {
		sending(t, rules.Queue{Name: "q.fifo", FIFO: true, ContentBasedDeduplication: true}, func(t *testing.T, s *taker, to archive.Target) {
			j := outbox.Job{Draft: outbox.Draft{Body: "{{seq}} {{now}}", Group: groups}, Count: 50, Fill: true, Now: time.Now}
			mark, rounds := outbox.Mark{}, 0
			for s.deaf = 20; mark.Entries < 50; rounds++ {
				var err error
				if _, mark, err = j.Send(t.Context(), to, mark, archive.Options{}); rounds == 0 && (err == nil || mark.Entries >= 50 || len(mark.Doubt) == 0) {
					t.Fatalf("%+v, %v", mark, err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				cancel() // a round that sends nothing forgets nothing
				if _, mark, err = j.Send(ctx, to, mark, archive.Options{}); mark.Entries < 50 && backend.KindOf(err) != backend.KindCancelled {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				s.deaf = 0
			}
			different := map[string]bool{}
			for _, b := range s.bodies() {
				different[b] = true
			}
			if len(different) != 50 || rounds != 2 {
				t.Errorf("50 messages were sent as %d different ones, in %d rounds", len(different), rounds)
			}
		})
	}
}

func TestWhatIsWrongIsNotSentAndTheRestGoesOn(t *testing.T) {
	sending(t, rules.Queue{Name: "q"}, func(t *testing.T, s *taker, to archive.Target) {
		path := written(t, "x.csv", "n\n1\nx\n3\n")
		j := outbox.Job{Draft: outbox.Draft{Body: "b", Attributes: []outbox.Attribute{{"n", "Number", "{{from n}}"}}}, From: outbox.Rows, Path: path, Fill: true, Now: time.Now}
		p, err := j.Plan(t.Context(), to.Queue, 2)
		if err != nil || p.Total != 3 || p.Wrong != 1 || len(p.First) != 2 || p.Bad.Line != 3 || !strings.Contains(p.Bad.Wrong.Error(), "line 3: Can't cast") {
			t.Fatalf("the plan is %+v, %v", p, err)
		}
		done, _, err := j.Send(t.Context(), to, outbox.Mark{}, archive.Options{})
		if err != nil || done.Sent != 2 || done.Wrong != 1 || len(outbox.Failed(done.Left)) != 0 {
			t.Errorf("%+v, %v", done, err)
		}
	})
}

func TestWhatFailedIsKeptInAFileThatCanBeSent(t *testing.T) {
	sending(t, rules.Queue{Name: "q"}, func(t *testing.T, s *taker, to archive.Target) {
		s.fails["2"] = true
		j := numbered(3)
		j.Draft.Attributes, j.Draft.Delay = []outbox.Attribute{{"b", "Binary", "hex:00ff"}}, "90"
		done, _, err := j.Send(t.Context(), to, outbox.Mark{}, archive.Options{})
		if err != nil {
			t.Fatal(err)
		}
		path := outbox.KeepPath(filepath.Join(t.TempDir(), "new"), "q", noon())
		if n, err := outbox.Keep(path, done.Left); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		if _, err := outbox.Keep(path, done.Left); backend.KindOf(err) != backend.KindConflict {
			t.Errorf("it was written over: %v", err)
		}
		again := outbox.Job{From: outbox.Messages, Path: path, Now: time.Now}
		items, err := again.Preview(to.Queue, 9)
		if err != nil || len(items) != 1 || items[0].Message.MessageBody != "2" || items[0].Message.DelaySeconds != backend.Some(90) || string(items[0].Message.MessageAttributes["b"].BinaryValue) != "\x00\xff" {
			t.Errorf("%+v, %v", items, err)
		}
	})
}

func TestAPlanCanBeGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := numbered(10).Plan(ctx, rules.Queue{Name: "q"}, 1); backend.KindOf(err) != backend.KindCancelled {
		t.Errorf("got %v", err)
	}
	for _, n := range []int{0, outbox.MaxCopies + 1} {
		if _, err := numbered(n).Plan(t.Context(), rules.Queue{Name: "q"}, 1); backend.KindOf(err) != backend.KindInvalid {
			t.Errorf("%d copies: %v", n, err)
		}
	}
}
