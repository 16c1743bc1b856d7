package peek

import (
	"context"
	"time"

	"sqscope/backend"
)

// page is how many messages a browse asks for at once.
const page = 1000

// browse reads the first want messages of the queue as they are now, in
// whatever state, without receiving them.
func (s *Session) browse(ctx context.Context, want int, progress func(State)) (State, error) {
	var stored []backend.StoredMessage
	var after uint64
	st := State{About: -1, Stop: StopWanted}
	for len(stored) < want {
		out, err := s.o.Stack.Browse.Browse(ctx, backend.BrowseInput{
			QueueUrl: s.o.URL, After: after, Limit: min(page, want-len(stored)),
		})
		if err != nil {
			return State{Seen: s.seen(), About: -1, Stop: StopFailed}, err
		}
		stored = append(stored, out.Messages...)
		progress(State{Seen: len(stored), About: -1})
		if out.Next == 0 {
			st.About, st.Exact, st.Stop = len(stored), true, StopAll
			break
		}
		after = out.Next
	}
	if !st.Exact {
		st.About = s.stored(ctx)
	}
	s.show(stored)
	st.Seen = len(stored)
	return st, nil
}

// stored is how many messages the queue holds in all, or -1.
func (s *Session) stored(ctx context.Context) int {
	visible, inFlight, delayed, err := backend.Depths(ctx, s.o.Stack.SQS, s.o.URL)
	if err != nil {
		return -1
	}
	return visible + inFlight + delayed
}

// browsed is a stored message as the session shows it.
func browsed(m backend.StoredMessage, now time.Time) Message {
	return Message{
		Message: m.Message, State: m.State, Until: m.Until, Expires: m.Expires,
		ReceiveCount: m.Receives(), FirstSeen: now,
	}
}

// show replaces what the session has by what was just read.
func (s *Session) show(stored []backend.StoredMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	before := s.messages
	s.messages, s.order = make(map[string]*held, len(stored)), make([]*held, 0, len(stored))
	for _, m := range stored {
		h := &held{Message: browsed(m, now)}
		if b := before[m.MessageId]; b != nil {
			h.FirstSeen = b.FirstSeen
		}
		s.messages[m.MessageId] = h
		s.order = append(s.order, h)
	}
}
