package peek

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
)

func TestReleaseGivesEverythingBackAndTriesAgainWhatFailedForAMoment(t *testing.T) {
	s := newService(rtt, 25)
	s.release["m0003"] = backend.BatchError{Code: backend.ErrRequestThrottled}
	s.silent["m0004"] = true
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		look(t, p, 25)
		time.AfterFunc(150*time.Millisecond, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			clear(s.release)
			clear(s.silent)
		})
		if err := p.Release(t.Context()); err != nil {
			t.Error(err)
		}
		if s.hidden() != 0 || l.Count() != 0 || len(l.sessions) != 0 {
			t.Errorf("%d hidden, %d on lease, %d sessions on the account", s.hidden(), l.Count(), len(l.sessions))
		}
		if n := s.sizes["ChangeMessageVisibilityBatch"]; n != 27 {
			t.Errorf("%d entries sent for 25 messages of which 2 failed once", n)
		}
		if err := p.Release(t.Context()); err != nil || s.sizes["ChangeMessageVisibilityBatch"] != 27 {
			t.Error("a second release gave something back again")
		}
	})
}

func TestWhatCannotBeGivenBackIsSaid(t *testing.T) {
	s := newService(rtt, 12)
	s.release["m0003"] = backend.BatchError{Code: backend.ErrRequestThrottled, Message: "too recently"}
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		look(t, p, 12)
		released, failed := l.ReleaseAll(t.Context())
		if released != 11 || failed != 1 || s.hidden() != 1 {
			t.Errorf("released %d, failed %d, hidden %d", released, failed, s.hidden())
		}
		err := p.Release(t.Context())
		if e := backend.AsError(err); e.Kind != backend.KindThrottled || e.Next == "" || e.Subject != "orders" {
			t.Errorf("%+v", e)
		}
	})
}

func TestAMessageThatIsNoLongerOursNeedsNoRelease(t *testing.T) {
	s := newService(rtt, 2)
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		look(t, p, 2)
		s.release["m0000"] = backend.BatchError{Code: "InvalidParameterValue", SenderFault: true} // deleted meanwhile (1.15)
		if released, failed := l.ReleaseAll(t.Context()); released != 2 || failed != 0 {
			t.Errorf("released %d, failed %d", released, failed)
		}
	})
}

func TestALeaseThatIsOverIsLeftAlone(t *testing.T) {
	s := newService(rtt, 5)
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		look(t, p, 5)
		time.Sleep(16 * time.Second)
		if err := p.Release(t.Context()); err != nil || s.count("ChangeMessageVisibilityBatch") != 0 {
			t.Errorf("%v; messages that may be a consumer's were made visible", err)
		}
		if l.Count() != 0 {
			t.Errorf("%d on lease", l.Count())
		}
	})
}

func TestReleaseAllEndsALookAndWaitsForWhatIsOnItsWay(t *testing.T) {
	s := newService(time.Second, 100)
	far(t, s, Options{Budget: time.Minute}, func(t *testing.T, p *Session, l *Leases) {
		looked := make(chan State)
		go func() { st, _ := p.Look(t.Context(), 1000, nil); looked <- st }()
		time.Sleep(2500 * time.Millisecond) // some have come, more are out
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		released, failed := l.ReleaseAll(ctx)
		if st := <-looked; st.Stop != StopCancelled {
			t.Errorf("the look ended with %+v", st)
		}
		if s.hidden() != 0 || released != 100 || failed != 0 {
			t.Errorf("released %d, failed %d, %d still hidden", released, failed, s.hidden())
		}
	})
}

func TestALongPollOfOursDoesNotTakeAgainWhatIsGivenBack(t *testing.T) {
	s := newService(rtt, 3)
	s.wakes = true
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		look(t, p, 3)
		go func() { _, _ = p.Look(t.Context(), 3, nil) }()
		time.Sleep(200 * time.Millisecond) // the second look waits for more
		if err := p.Release(t.Context()); err != nil || s.hidden() != 0 || l.Count() != 0 {
			t.Errorf("%v; %d hidden, %d on lease", err, s.hidden(), l.Count())
		}
		if n := p.Account().Deliveries; n != 3 {
			t.Errorf("3 messages were received %d times", n)
		}
	})
}

// A message that a receive brings again before giving it back is confirmed is on a
// lease of its own, which ends like every other.
func TestALeaseThatBeginsBeforeTheOldOneIsConfirmedOverIsGivenBackToo(t *testing.T) {
	s := newService(rtt, 3)
	s.wakes, s.slow = true, 700*time.Millisecond
	far(t, s, Options{Wait: 5 * time.Second}, func(t *testing.T, p *Session, l *Leases) {
		look(t, p, 3)
		go func() { _, _ = p.Look(t.Context(), 3, nil) }()
		time.Sleep(200 * time.Millisecond)
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second) // less than the poll lasts
		defer cancel()
		if err := p.Release(ctx); err != nil || s.hidden() != 0 || l.Count() != 0 {
			t.Errorf("%v; %d hidden, %d on lease", err, s.hidden(), l.Count())
		}
	})
}

func TestAReceiveThatAnswersAfterTheReleaseGivesBackWhatItBrings(t *testing.T) {
	s := newService(5*time.Second, 10)
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		go func() { _, _ = p.Look(t.Context(), 10, nil) }()
		time.Sleep(6 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		released, failed := l.ReleaseAll(ctx)
		if released != 0 || failed != 1 || time.Since(start) != time.Second {
			t.Errorf("released %d, failed %d after %v; the receive is still out", released, failed, time.Since(start))
		}
		time.Sleep(5 * time.Second) // it has answered
		synctest.Wait()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if s.hidden() != 0 || s.count("ChangeMessageVisibilityBatch") != 1 || l.Count() != 0 {
			t.Errorf("%d hidden long after, %d releases, %d on lease", s.hidden(), s.count("ChangeMessageVisibilityBatch"), l.Count())
		}
	})
}

func TestReleaseAllReturnsWhenItsContextEnds(t *testing.T) {
	s := newService(time.Hour, 10)
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		go func() { _, _ = p.Look(t.Context(), 10, nil) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()
		l.ReleaseAll(ctx)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
