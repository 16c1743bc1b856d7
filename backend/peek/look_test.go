package peek

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

const rtt = 20 * time.Millisecond

func TestT6OpeningReceivesNothing(t *testing.T) {
	s := newService(rtt, 20)
	far(t, s, Options{Visible: 20}, func(t *testing.T, p *Session, l *Leases) {
		_, _, _ = p.Cost().Words(), p.Messages(), l.Count()
		if err := p.Release(t.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		if len(s.calls) != 0 {
			t.Errorf("requests without a look: %v", s.calls)
		}
	})
}

func TestT15AnEmptyPollIsNotAnEmptyQueue(t *testing.T) {
	s := newService(rtt, 3)
	s.blind, s.about = 1, 0 // and the count lags too
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		st := look(t, p, 10)
		if st.Seen != 3 || st.Empty < 1 {
			t.Errorf("%s", st.Words())
		}
	})
	s = newService(rtt, 0)
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		st := look(t, p, 10)
		if st.Seen != 0 || st.Receives != 2 || st.Empty != 2 || st.Stop != StopEmpty {
			t.Errorf("an empty queue: %+v", st)
		}
		if words := st.Words() + " " + st.Stop.Words(); strings.Contains(words, "queue is empty") {
			t.Errorf("says what no receive can tell: %q", words)
		}
	})
}

func TestALookSaysWhatItSawHonestly(t *testing.T) {
	s := newService(rtt, 143)
	s.about = 150
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		var last State
		st, err := p.Look(t.Context(), 1000, func(st State) {
			if st.Seen < last.Seen || st.Receives != last.Receives+1 {
				t.Errorf("progress went from %+v to %+v", last, st)
			}
			last = st
		})
		if err != nil || st.Seen != 143 || st.About != 150 || st.Empty == 0 || st.Stop != StopEmpty {
			t.Errorf("%+v, %v", st, err)
		}
		if want := fmt.Sprintf("seen 143 of about 150, %d polls, %d empty", st.Receives, st.Empty); st.Words() != want {
			t.Errorf("says %q, want %q", st.Words(), want)
		}
	})
}

func TestAThousandMessagesOnA20msLink(t *testing.T) {
	s := newService(rtt, 1000)
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		start := time.Now()
		st := look(t, p, 1000)
		if err := p.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		took := time.Since(start)
		receives, releases := s.count("ReceiveMessage"), s.count("ChangeMessageVisibilityBatch")
		if st.Seen != 1000 || receives > 1000/10+8+2 || releases > 1000/10 {
			t.Errorf("%d seen with %d receives and %d releases", st.Seen, receives, releases)
		}
		if most := time.Duration(receives+releases) * rtt / 8 * 3 / 2; took > most {
			t.Errorf("took %v, want at most %v", took, most)
		}
		if s.together > 8 || s.hidden() != 0 || l.Count() != 0 {
			t.Errorf("%d requests at once, %d messages hidden, %d on lease", s.together, s.hidden(), l.Count())
		}
	})
}

func TestALookTakesNoMoreThanWasWanted(t *testing.T) {
	s := newService(rtt, 100)
	s.most = 7 // short batches
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		if st := look(t, p, 25); st.Seen != 25 || st.Stop != StopWanted {
			t.Errorf("25 wanted: %+v", st)
		}
		if st := look(t, p, 15); st.Seen != 40 || s.hidden() != 40 {
			t.Errorf("15 more wanted: %+v, %d hidden", st, s.hidden())
		}
		if c := p.Cost(); c.Messages != 40 || c.Deliveries != 40 {
			t.Errorf("cost %+v", c)
		}
	})
}

func TestALookDoesNotPollForMoreThanThereIs(t *testing.T) {
	s := newService(rtt, 3)
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		if st := look(t, p, 100); st.Words() != "seen 3 of about 3, 1 poll" {
			t.Errorf("%q", st.Words())
		}
	})
}

func TestAReceiveIsALeaseWithEverythingSaid(t *testing.T) {
	for _, c := range []struct {
		budget time.Duration
		lease  int
	}{{0, 15}, {4 * time.Second, 15}, {time.Minute, 65}} {
		s := newService(rtt, 1)
		far(t, s, Options{Budget: c.budget, Wait: 2 * time.Second}, func(t *testing.T, p *Session, _ *Leases) {
			sent := time.Now().Add(rtt)
			look(t, p, 10)
			want := backend.ReceiveMessageInput{
				QueueUrl: queueURL, MaxNumberOfMessages: backend.Some(10),
				VisibilityTimeout: backend.Some(c.lease), WaitTimeSeconds: backend.Some(2),
				MessageSystemAttributeNames: []string{"All"}, MessageAttributeNames: []string{"All"},
			}
			if diff := cmp.Diff(want, s.received[0]); diff != "" {
				t.Error(diff)
			}
			m := p.Messages()[0]
			ends := sent.Add(time.Duration(c.lease) * time.Second)
			if !m.LeaseEnds.Equal(ends) || m.State != backend.StateInFlight || !m.Until.Equal(ends) || m.ReceiveCount != 1 {
				t.Errorf("%+v, want a lease until %v", m, ends)
			}
			if want := time.UnixMilli(946684800000).Add(96 * time.Hour); !m.Expires.Equal(want) {
				t.Errorf("expires %v, want %v", m.Expires, want)
			}
			time.Sleep(time.Until(ends))
			if m := p.Messages()[0]; m.State != backend.StateUnknown || !m.Until.IsZero() {
				t.Errorf("after the lease it is still shown as %v until %v", m.State, m.Until)
			}
		})
	}
}

func TestALookStops(t *testing.T) {
	t.Run("when messages begin to repeat", func(t *testing.T) {
		s := newService(rtt, 3)
		s.about = 100
		far(t, s, Options{Budget: time.Hour, Parallel: 1}, func(t *testing.T, p *Session, _ *Leases) {
			go func() { // somebody gives everything back all the time
				for range 40 {
					time.Sleep(rtt / 2)
					s.mu.Lock()
					for _, l := range s.letters {
						l.until = time.Time{}
					}
					s.mu.Unlock()
				}
			}()
			st := look(t, p, 100)
			if st.Stop != StopRepeated || st.Seen != 3 || st.Receives != 2 {
				t.Errorf("%+v", st)
			}
			if c := p.Cost(); c.Messages != 3 || c.Deliveries != 6 || !strings.Contains(c.Words(), "+6 receives on 3 messages") {
				t.Errorf("%+v: %s", c, c.Words())
			}
			time.Sleep(time.Second)
		})
	})
	t.Run("when it has seen what there was", func(t *testing.T) {
		s := newService(rtt, 60)
		s.about = 20
		far(t, s, Options{Parallel: 1}, func(t *testing.T, p *Session, _ *Leases) {
			if st := look(t, p, 100); st.Stop != StopAll || st.Seen != 20 {
				t.Errorf("%+v", st)
			}
		})
	})
	t.Run("when its time is over", func(t *testing.T) {
		s := newService(400*time.Millisecond, 1000)
		s.most = 1
		far(t, s, Options{Budget: 2 * time.Second, Parallel: 1}, func(t *testing.T, p *Session, _ *Leases) {
			if st := look(t, p, 100); st.Stop != StopBudget || st.Seen < 4 || st.Seen > 6 {
				t.Errorf("%+v", st)
			}
		})
	})
	t.Run("when too many are in flight", func(t *testing.T) {
		s := newService(rtt, 10)
		over := &failing{service: s, err: backend.ErrorOf(backend.ErrOverLimit, "Too many messages")}
		far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
			p.o.Stack.SQS = over
			if st := look(t, p, 10); st.Stop != StopOverLimit || over.calls != 1 {
				t.Errorf("%+v after %d receives", st, over.calls)
			}
		})
	})
	t.Run("when it fails, and says why", func(t *testing.T) {
		s := newService(rtt, 10)
		far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
			p.o.Stack.SQS = &failing{service: s, err: backend.ErrorOf(backend.ErrAccessDenied, "no")}
			st, err := p.Look(t.Context(), 10, nil)
			if st.Stop != StopFailed || backend.KindOf(err) != backend.KindDenied {
				t.Errorf("%+v, %v", st, err)
			}
			if l.Count() != 0 || len(l.sessions) != 0 {
				t.Errorf("%d on lease, %d sessions on the account", l.Count(), len(l.sessions))
			}
		})
	})
}

type failing struct {
	*service
	err   error
	calls int
}

func (f *failing) ReceiveMessage(context.Context, backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	f.calls++
	return backend.ReceiveMessageOutput{}, f.err
}

func TestALookNeverDeadLettersWhatItHasSeenUnasked(t *testing.T) {
	s := newService(rtt, 3)
	s.letters[0].count, s.letters[1].count = 2, 2
	far(t, s, Options{MaxReceiveCount: 3}, func(t *testing.T, p *Session, _ *Leases) {
		if c := p.Cost(); !c.Confirm() || !strings.Contains(c.Words(), "+1 receive of 3") || !strings.Contains(c.Words(), "15 s") {
			t.Errorf("before: %v %q", c.Confirm(), c.Words())
		}
		look(t, p, 10)
		c := p.Cost()
		if want := "+1 receive on 3 messages; 2 are one receive from the dead-letter queue; 1 poll"; c.Words() != want || !c.Confirm() {
			t.Errorf("after: %q, want %q", c.Words(), want)
		}
		if err := p.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := s.count("ReceiveMessage")
		if st := look(t, p, 10); st.Stop != StopDeadLetter || s.count("ReceiveMessage") != before {
			t.Errorf("looking again: %+v", st)
		}
		p.AcceptDeadLettering()
		if st := look(t, p, 10); st.Stop == StopDeadLetter || s.count("ReceiveMessage") == before {
			t.Errorf("accepted: %+v", st)
		}
		_ = p.Release(t.Context())
		if st := look(t, p, 10); st.Stop != StopDeadLetter {
			t.Errorf("accepted once, and again without asking: %+v", st)
		}
	})
}

func TestALookThatMayTakeALastReceiveIsConfirmed(t *testing.T) {
	for n, want := range map[int]bool{0: false, 1: true, 2: true, 3: true, 4: false} {
		c := Open(Options{MaxReceiveCount: n}).Cost()
		if c.Confirm() != want {
			t.Errorf("with a maxReceiveCount of %d: %v, want %v", n, c.Confirm(), want)
		}
		if got := strings.Contains(c.Words(), "a second look moves it to the dead-letter queue"); got != (n == 1) {
			t.Errorf("with a maxReceiveCount of %d: %q", n, c.Words())
		}
	}
	for highest, want := range map[int]bool{0: false, 3: false, 4: true, 5: true, 6: true} {
		if c := Open(Options{MaxReceiveCount: 5, HighestCount: highest}).Cost(); c.Confirm() != want {
			t.Errorf("one is known that was received %d times of 5: %v, want %v", highest, c.Confirm(), want)
		}
	}
	if words := Open(Options{FIFO: true}).Cost().Words(); !strings.Contains(words, "group blocked") {
		t.Errorf("FIFO: %q", words)
	}
}

func TestOneLookAtATime(t *testing.T) {
	s := newService(time.Second, 10)
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		done := make(chan error)
		go func() { _, err := p.Look(t.Context(), 10, nil); done <- err }()
		synctest.Wait()
		if _, err := p.Look(t.Context(), 10, nil); backend.KindOf(err) != backend.KindConflict {
			t.Errorf("a second look at the same time: %v", err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestACancelledLookSendsNoReceive(t *testing.T) {
	s := newService(time.Second, 10)
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		done := make(chan error)
		go func() { _, err := p.Look(t.Context(), 10, nil); done <- err }()
		time.Sleep(time.Second / 2) // it is counting
		if released, failed := l.ReleaseAll(t.Context()); released != 0 || failed != 0 {
			t.Errorf("released %d, failed %d", released, failed)
		}
		if err := <-done; backend.KindOf(err) != backend.KindCancelled {
			t.Errorf("the look ended with %v", err)
		}
		time.Sleep(time.Minute)
		if n := s.count("ReceiveMessage"); n != 0 {
			t.Errorf("%d receives were sent after everything was given back", n)
		}
	})
}

func TestACancelledLookReturnsAtOnceAndKeepsWhatStillComes(t *testing.T) {
	s := newService(time.Second, 10)
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1500*time.Millisecond, cancel) // counted, and receiving
		start := time.Now()
		st, err := p.Look(ctx, 10, nil)
		if st.Stop != StopCancelled || backend.KindOf(err) != backend.KindCancelled || time.Since(start) != 1500*time.Millisecond {
			t.Errorf("%+v, %v after %v", st, err, time.Since(start))
		}
		if l.Count() == 0 {
			t.Error("the receive that is out is on no account")
		}
		time.Sleep(time.Second)
		if got := len(p.Messages()); got != 10 || l.Count() != 10 {
			t.Errorf("%d messages came late, %d on lease", got, l.Count())
		}
		if err := p.Release(t.Context()); err != nil || s.hidden() != 0 {
			t.Errorf("%v, %d still hidden", err, s.hidden())
		}
	})
}
