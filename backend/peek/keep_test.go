package peek

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// keeping runs KeepAlive beside a test and returns how to wait for its end.
func keeping(t *testing.T, p *Session, k Keep) func() (Kept, error) {
	t.Helper()
	var kept Kept
	var err error
	done := make(chan struct{})
	go func() { defer close(done); kept, err = p.KeepAlive(t.Context(), k) }()
	return func() (Kept, error) { <-done; return kept, err }
}

func TestWhatSomebodyReadsStaysOnLease(t *testing.T) {
	s := newService(rtt, 25)
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		look(t, p, 25)
		end := keeping(t, p, Keep{Shown: func(id string) bool { return id < "m0015" }})
		time.Sleep(5 * time.Minute)
		if s.hidden() != 15 || l.Count() != 15 {
			t.Errorf("%d hidden, %d on lease; want the 15 that are shown", s.hidden(), l.Count())
		}
		if n := s.count("ReceiveMessage"); n > 5 {
			t.Errorf("%d receives: a lease was extended by receiving", n)
		}
		if n := s.count("ChangeMessageVisibilityBatch"); n > 2*(300/10+1) {
			t.Errorf("%d requests to keep 15 messages for five minutes", n)
		}
		if err := p.Release(t.Context()); err != nil || s.hidden() != 0 {
			t.Errorf("%v, %d still hidden", err, s.hidden())
		}
		kept, err := end()
		if err != nil || kept.Messages != 15 || kept.Stop != StopCancelled {
			t.Errorf("%+v, %v", kept, err)
		}
		before := s.count("ChangeMessageVisibilityBatch")
		time.Sleep(time.Minute)
		if s.count("ChangeMessageVisibilityBatch") != before || s.hidden() != 0 {
			t.Error("it goes on after the release")
		}
	})
}

func TestKeepingEndsWithItsTimeAndTheLeaseWithIt(t *testing.T) {
	s := newService(rtt, 3)
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		look(t, p, 3)
		end := keeping(t, p, Keep{For: time.Minute, Most: 2})
		synctest.Wait()
		if _, err := p.KeepAlive(t.Context(), Keep{}); backend.KindOf(err) != backend.KindConflict {
			t.Errorf("a second one at the same time: %v", err)
		}
		time.Sleep(30 * time.Second)
		if s.hidden() != 2 {
			t.Errorf("%d hidden, want no more than two", s.hidden())
		}
		kept, err := end()
		if err != nil || kept.Stop != StopBudget || kept.Messages != 2 {
			t.Errorf("%+v, %v", kept, err)
		}
		time.Sleep(16 * time.Second)
		if s.hidden() != 0 {
			t.Errorf("%d hidden a lease after nobody keeps them", s.hidden())
		}
	})
}

// unstoppable is a service to which a request that was sent gets, although the
// caller has given up.
type unstoppable struct {
	*service
	sent *atomic.Int32
}

func (u unstoppable) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	type answer struct {
		out backend.BatchOutput
		err error
	}
	u.sent.Add(1)
	answered := make(chan answer, 1)
	go func() {
		if in.Entries[0].VisibilityTimeout.Value > 0 {
			time.Sleep(2 * time.Second) // an extension is overtaken by what is sent after it
		}
		out, err := u.service.ChangeMessageVisibilityBatch(context.WithoutCancel(ctx), in)
		answered <- answer{out, err}
	}()
	select {
	case a := <-answered:
		return a.out, a.err
	case <-ctx.Done():
		return backend.BatchOutput{}, ctx.Err()
	}
}

func TestAReleaseComesAfterAnExtensionThatIsOnItsWay(t *testing.T) {
	s := newService(2*time.Second, 3)
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		u := unstoppable{s, &atomic.Int32{}}
		p.o.Stack.SQS = u
		look(t, p, 3)
		end := keeping(t, p, Keep{})
		for u.sent.Load() == 0 {
			time.Sleep(100 * time.Millisecond)
		}
		if err := p.Release(t.Context()); err != nil {
			t.Error(err)
		}
		_, _ = end()
		time.Sleep(5 * time.Second)
		if s.hidden() != 0 {
			t.Errorf("%d hidden after everything was given back", s.hidden())
		}
	})
}

func TestALeaseThatWasLostIsNotKept(t *testing.T) {
	s := newService(rtt, 3)
	s.release["m0001"] = backend.BatchError{Code: backend.ErrReceiptHandleIsInvalid, SenderFault: true}
	s.release["m0002"] = backend.BatchError{Code: backend.ErrRequestThrottled}
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		look(t, p, 3)
		end := keeping(t, p, Keep{})
		time.Sleep(12 * time.Second)
		if l.Count() != 2 {
			t.Errorf("%d on lease; one is known to be lost", l.Count())
		}
		s.mu.Lock()
		clear(s.release)
		s.mu.Unlock()
		time.Sleep(30 * time.Second)
		if l.Count() != 2 {
			t.Errorf("%d on lease; what was throttled for a moment was to be tried again", l.Count())
		}
		_ = p.Release(t.Context())
		if _, err := end(); err != nil {
			t.Error(err)
		}
	})
}

func TestKeepingThatIsDeniedSaysSo(t *testing.T) {
	s := newService(rtt, 3)
	s.release["m0001"] = backend.BatchError{Code: backend.ErrAccessDenied, SenderFault: true}
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		look(t, p, 3)
		if _, err := p.KeepAlive(t.Context(), Keep{}); backend.KindOf(err) != backend.KindDenied {
			t.Errorf("%v", err)
		}
	})
}

func TestOnAFIFOQueueAnEarlierMessageIsKeptWithALaterOne(t *testing.T) {
	withEngine(t, "orders.fifo", fifo, func(t *testing.T, e *engine, stack backend.Stack) {
		e.send(numbers("a", 5)...)
		p := e.open(onlySQS(stack), Options{})
		look(t, p, 10)
		shown := p.Messages()[3].MessageId
		end := keeping(t, p, Keep{Shown: func(id string) bool { return id == shown }})
		for range 60 { // the engine's clock runs beside ours
			time.Sleep(time.Second)
		}
		if got := e.receive(); len(got) != 0 {
			t.Errorf("a consumer gets %v out of the group that is read", got)
		}
		if err := p.Release(t.Context()); err != nil {
			t.Error(err)
		}
		_, _ = end()
		if diff := cmp.Diff(numbers("a", 5), e.receive()); diff != "" {
			t.Errorf("a consumer gets:\n%s", diff)
		}
	})
}

func TestVisibilityIsChangedOfWhatIsOnLeaseOnly(t *testing.T) {
	s := newService(rtt, 12)
	s.release["m0004"] = backend.BatchError{Code: backend.ErrRequestThrottled}
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		look(t, p, 12)
		c := p.ChangeVisibility(t.Context(), []string{"m0003", "m0004", "m0005", "nonsense"}, time.Hour)
		if diff := cmp.Diff([]string{"m0003", "m0005"}, c.Changed); diff != "" {
			t.Error(diff)
		}
		want := map[string]backend.Kind{"m0004": backend.KindThrottled, "nonsense": backend.KindConflict}
		if diff := cmp.Diff(want, failed(Result{Failed: c.Failed})); diff != "" {
			t.Error(diff)
		}
		if c := p.ChangeVisibility(t.Context(), []string{"m0003"}, 12*time.Hour); failed(Result{Failed: c.Failed})["m0003"] != backend.KindInvalid {
			t.Errorf("more than 12 h since it was received: %+v", c)
		}
		if c := p.ChangeVisibility(t.Context(), []string{"m0000", "m0001"}, 0); len(c.Changed) != 2 || s.hidden() != 10 {
			t.Errorf("given back: %+v, %d hidden", c, s.hidden())
		}
		time.Sleep(20 * time.Second)
		if s.hidden() != 2 {
			t.Errorf("%d hidden, want the two that are kept for an hour", s.hidden())
		}
		if err := p.Release(context.WithoutCancel(t.Context())); err != nil || s.hidden() != 0 {
			t.Errorf("%v, %d hidden", err, s.hidden())
		}
	})
}
