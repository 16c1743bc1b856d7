package peek

import (
	"context"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/owner"
)

// broken is a service whose connection can be cut, and whose receives can panic.
type broken struct {
	*service
	cut    atomic.Bool
	panics atomic.Int32 // the receive after so many panics; 0: none
	n      atomic.Int32
}

func (b *broken) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	if b.cut.Load() {
		return backend.ReceiveMessageOutput{}, backend.Errorf(backend.KindNetwork, "connection refused")
	}
	if n := b.panics.Load(); n > 0 && b.n.Add(1) > n {
		panic("a mistake in the program")
	}
	return b.service.ReceiveMessage(ctx, in)
}

func (b *broken) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	if b.cut.Load() {
		return backend.BatchOutput{}, backend.Errorf(backend.KindNetwork, "connection refused")
	}
	return b.service.ChangeMessageVisibilityBatch(ctx, in)
}

func TestNoMessageStaysLeasedWhateverEndsALook(t *testing.T) {
	for name, c := range map[string]struct {
		latency time.Duration
		leave   func(t *testing.T, b *broken, p *Session, l *Leases)
		within  time.Duration
	}{
		"the screen is left": {rtt, func(t *testing.T, _ *broken, p *Session, _ *Leases) {
			if err := p.Release(t.Context()); err != nil {
				t.Error(err)
			}
		}, 0},
		"the program is quit or gets a signal": {rtt, func(t *testing.T, _ *broken, _ *Session, l *Leases) {
			if _, failed := l.ReleaseAll(t.Context()); failed != 0 {
				t.Errorf("%d not released", failed)
			}
		}, 0},
		"the screen is left twice at once, and the program quit": {rtt, func(t *testing.T, _ *broken, p *Session, l *Leases) {
			go func() { _ = p.Release(t.Context()) }()
			go func() { _ = p.Release(t.Context()) }()
			l.ReleaseAll(t.Context())
		}, time.Second},
		"the connection is lost": {rtt, func(t *testing.T, b *broken, p *Session, _ *Leases) {
			b.cut.Store(true)
			err := p.Release(t.Context())
			if e := backend.AsError(err); err == nil || e.Kind != backend.KindNetwork || e.Next == "" {
				t.Errorf("%v", err)
			}
		}, 15 * time.Second},
		"the process is killed": {rtt, func(*testing.T, *broken, *Session, *Leases) {}, 15 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			b := &broken{service: newService(c.latency, 60)}
			far(t, b.service, Options{}, func(t *testing.T, p *Session, l *Leases) {
				p.o.Stack.SQS = b
				look(t, p, 40)
				if s := b.hidden(); s != 40 {
					t.Fatalf("%d hidden", s)
				}
				c.leave(t, b, p, l)
				time.Sleep(c.within)
				if n := b.hidden(); n != 0 {
					t.Errorf("%d messages are hidden %v later", n, c.within)
				}
			})
		})
	}
}

func TestAPanicInAReceiveGivesTheOthersBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broken{service: newService(rtt, 100)}
		b.panics.Store(3)
		var l *Leases
		panicked := 0
		g := owner.New(t.Context(), func(string, any, []byte) {
			panicked++
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			l.ReleaseAll(ctx)
		})
		l = NewLeases(g)
		p := Open(Options{Stack: backend.Stack{SQS: b}, Leases: l, URL: queueURL, ARN: queueARN, Parallel: 2})
		if _, err := p.Look(t.Context(), 100, nil); err == nil {
			t.Error("a look whose receive panicked says nothing")
		}
		g.Close()
		if panicked == 0 || b.hidden() != 0 || l.Count() != 0 {
			t.Errorf("%d panics, %d hidden, %d on lease", panicked, b.hidden(), l.Count())
		}
	})
}

// TestWhoHeedsTheWarningsSendsNothingNewToTheDeadLetterQueue looks three times,
// each time from a screen opened anew, at messages that were received up to three
// times out of three.
func TestWhoHeedsTheWarningsSendsNothingNewToTheDeadLetterQueue(t *testing.T) {
	for _, heeds := range []bool{true, false} {
		withEngine(t, "dead", nil, func(t *testing.T, e *engine, stack backend.Stack) {
			dead := e.url
			e.url = e.create("orders", map[string]string{
				"VisibilityTimeout": "1",
				"RedrivePolicy":     `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":3}`,
			})
			received(t, e, stack.Clock)
			depth := func(ctx context.Context) (int, error) {
				out, err := e.sqs.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{QueueUrl: dead, AttributeNames: []string{backend.AttrMessages}})
				if err != nil {
					return 0, err
				}
				return strconv.Atoi(out.Attributes[backend.AttrMessages])
			}
			refused, highest := 0, 0
			for range 4 {
				p := e.open(onlySQS(stack), Options{AskFirst: true, HighestCount: highest, DLQDepth: depth})
				st := look(t, p, 10)
				if st.Stop != StopAsk && st.Stop != StopDeadLetter || st.Receives != 0 {
					t.Fatalf("a look that was not confirmed: %+v", st)
				}
				refused++
				pf := p.Preflight(Facts{Visible: 8}, 10)
				if !pf.Confirm() {
					t.Fatal("it was refused, and there is nothing to confirm")
				}
				// Who heeds looks while nothing is known to be near its last receive.
				if heeds && pf.Highest >= pf.MaxReceiveCount-1 {
					continue
				}
				p.AcceptDeadLettering()
				look(t, p, 10)
				highest = max(highest, p.Cost().Highest)
				if err := p.Release(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			lost := slices.DeleteFunc(inQueue(t, stack, dead), func(b string) bool { return b[0] != '0' })
			if heeds && len(lost) > 0 {
				t.Errorf("messages that nobody had received before are in the dead-letter queue: %v", lost)
			}
			if !heeds && len(lost) == 0 {
				t.Error("four looks that were said yes to move nothing: the test proves nothing")
			}
		})
	}
}

// received sends messages named after how often each is then received.
func received(t *testing.T, e *engine, clock backend.Clock) {
	t.Helper()
	for count := 3; count >= 0; count-- {
		e.send(strconv.Itoa(count)+"x", strconv.Itoa(count)+"y")
		if count == 0 {
			return
		}
		if _, err := e.sqs.ReceiveMessage(t.Context(), backend.ReceiveMessageInput{
			QueueUrl: e.url, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(1),
		}); err != nil {
			t.Fatal(err)
		}
		if err := clock.StepClock(t.Context(), 2*time.Second); err != nil {
			t.Fatal(err)
		}
	}
}

func inQueue(t *testing.T, stack backend.Stack, url string) (out []string) {
	t.Helper()
	got, err := stack.Browse.Browse(t.Context(), backend.BrowseInput{QueueUrl: url, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range got.Messages {
		out = append(out, m.Body)
	}
	return out
}

func TestALookStopsAndAsksWhenTheDeadLetterQueueGrows(t *testing.T) {
	s := newService(100*time.Millisecond, 200)
	s.most = 9
	var dead atomic.Int32
	dead.Store(5)
	o := Options{MaxReceiveCount: 10, Parallel: 1, AskFirst: true, DLQDepth: func(context.Context) (int, error) { return int(dead.Load()), nil }}
	far(t, s, o, func(t *testing.T, p *Session, _ *Leases) {
		time.AfterFunc(time.Second, func() { dead.Store(7) })
		st := look(t, p, 200)
		if st.Stop != StopGrew || st.Seen > 120 {
			t.Errorf("%+v", st)
		}
		if c := p.Cost(); c.Grew != 2 || !c.Confirm() {
			t.Errorf("%+v", c)
		}
		before := s.count("ReceiveMessage")
		if st := look(t, p, 10); st.Stop != StopAsk || s.count("ReceiveMessage") != before {
			t.Errorf("going on without asking: %+v", st)
		}
		p.AcceptDeadLettering()
		if st := look(t, p, 9); st.Stop != StopWanted || p.Cost().Grew != 0 {
			t.Errorf("going on when told to: %+v, %+v", st, p.Cost())
		}
	})
}

func TestADeadLetterQueueThatCannotBeCountedIsSaidToBeUnwatched(t *testing.T) {
	s := newService(rtt, 5)
	denied := backend.Errorf(backend.KindDenied, "not allowed")
	o := Options{MaxReceiveCount: 10, DLQDepth: func(context.Context) (int, error) { return 0, denied }}
	far(t, s, o, func(t *testing.T, p *Session, _ *Leases) {
		look(t, p, 5)
		if p.Cost().Unwatched == nil {
			t.Error("nobody says so")
		}
	})
}

func TestThePreflightSaysWhatIsKnownAndWhatIsNot(t *testing.T) {
	s := newService(rtt, 12)
	s.letters[0].count, s.letters[1].count = 4, 3
	far(t, s, Options{MaxReceiveCount: 5}, func(t *testing.T, p *Session, _ *Leases) {
		pf := p.Preflight(Facts{Visible: 12, DLQ: "orders-dlq", Consumers: []string{"the Lambda function resize"}}, 100)
		want := []string{
			"each message read gets +1 receive of 5 and is hidden for up to 15 s",
			"the receive counts of 12 of about 12 messages are not known before they are read; one that has had its 5 is moved to orders-dlq unseen",
			"the Lambda function resize also receives here: a look sees a part, and takes it from there meanwhile",
		}
		if diff := cmp.Diff(want, pf.Lines()); diff != "" || pf.Requests != 2 || pf.Confirm() {
			t.Errorf("%+v\n%s", pf, diff)
		}
		look(t, p, 12)
		if err := p.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		pf = p.Preflight(Facts{Visible: 15}, 10)
		if diff := cmp.Diff([]string{"m0000"}, pf.Over); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"m0001"}, pf.Last); diff != "" {
			t.Error(diff)
		}
		if pf.Unknown != 3 || pf.Known != 12 || !pf.Confirm() {
			t.Errorf("%+v", pf)
		}
		if pf := p.Preflight(Facts{Visible: -1}, 10); pf.Unknown != -1 {
			t.Errorf("nobody knows how many there are: %+v", pf)
		}
		a := p.Account()
		if want := "saw 12 of about 12 in 2 requests; +1 receive on 12; all released"; a.Words(time.Now()) != want {
			t.Errorf("%q, want %q", a.Words(time.Now()), want)
		}
	})
	far(t, newService(rtt, 12), Options{FIFO: true}, func(t *testing.T, p *Session, _ *Leases) {
		look(t, p, 10)
		a := p.Account()
		if want := "saw 10 of about 12 in 1 request; +1 receive on 10; 10 not released, back within 15 s"; a.Words(time.Now()) != want {
			t.Errorf("%q, want %q", a.Words(time.Now()), want)
		}
	})
}
