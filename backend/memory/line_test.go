package memory

import (
	"context"
	"testing"

	"sqscope/backend"
)

// standing is three long polls that wait at one queue, without goroutines, so
// that each step of theirs can be taken by hand.
type standing struct {
	t     *testing.T
	e     *Engine
	q     *queue
	in    backend.ReceiveMessageInput
	polls [3]*waiter
}

func newStanding(t *testing.T) *standing {
	t.Helper()
	clock := NewClock(ClockOptions{Paused: true})
	t.Cleanup(clock.Close)
	s := &standing{t: t, e: New(Options{Clock: clock})}
	t.Cleanup(s.e.Close)
	if _, err := s.e.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "q"}); err != nil {
		t.Fatal(err)
	}
	s.q = s.e.byName("q")
	s.in = backend.ReceiveMessageInput{QueueUrl: "q"}
	for i := range s.polls {
		s.polls[i] = s.q.poller(backend.Some(20))
		s.look(t.Context(), i, true)
	}
	return s
}

// look is a poll looking, which must wait or not wait after it.
func (s *standing) look(ctx context.Context, poll int, wantWaiting bool) {
	s.t.Helper()
	got, waiting, err := s.q.receive(ctx, &s.in, patience{w: s.polls[poll]})
	if (waiting != nil) != wantWaiting || waiting == nil && len(got) == 0 && err == nil {
		s.t.Errorf("poll %d got %d messages, waiting: %v, %v", poll, len(got), waiting != nil, err)
	}
	if err := s.e.Check(); err != nil {
		s.t.Error(err)
	}
}

func (s *standing) send(n int) {
	s.t.Helper()
	for range n {
		if _, err := s.e.SendMessage(s.t.Context(), backend.SendMessageInput{QueueUrl: "q", MessageBody: "m"}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// wantCalled checks whose bells have rung, and stops them.
func (s *standing) wantCalled(want ...bool) {
	s.t.Helper()
	for i, p := range s.polls {
		select {
		case <-p.bell:
			if !want[i] {
				s.t.Errorf("poll %d was called", i)
			}
		default:
			if want[i] {
				s.t.Errorf("poll %d was not called", i)
			}
		}
	}
}

func TestEachMessageCallsOnePoll(t *testing.T) {
	s := newStanding(t)
	s.send(2)
	s.wantCalled(true, true, false)
	s.send(1)
	s.wantCalled(false, false, true)
	for i := range s.polls {
		s.look(t.Context(), i, false)
	}
}

func TestAPollThatFindsNothingKeepsItsPlace(t *testing.T) {
	s := newStanding(t)
	s.send(1)
	s.wantCalled(true, false, false)
	if got, _, err := s.q.receive(t.Context(), &s.in, patience{}); len(got) != 1 || err != nil { // somebody else was faster
		t.Fatal(got, err)
	}
	s.look(t.Context(), 0, true)
	s.send(1)
	s.wantCalled(true, false, false)
	s.look(t.Context(), 0, false)
}

func TestAPollThatGivesUpPassesItsMessageOn(t *testing.T) {
	s := newStanding(t)
	s.send(1)
	s.wantCalled(true, false, false)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.look(ctx, 0, false)
	s.wantCalled(false, true, false)
	s.look(t.Context(), 1, false)
}

func TestAPollThatLeavesSomethingCallsTheNext(t *testing.T) {
	s := newStanding(t)
	s.in.MaxNumberOfMessages = backend.Some(10)
	s.send(2)
	s.wantCalled(true, true, false)
	s.look(t.Context(), 0, false) // takes both
	s.look(t.Context(), 1, true)
	s.send(1)
	s.wantCalled(false, true, false)
}
