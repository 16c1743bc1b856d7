package peek

import (
	"context"
	"time"

	"sqscope/backend"
)

// receive sends one receive in a goroutine of its own, which outlives the look:
// a receive given up on the way would leave messages hidden that nobody has
// (11.7). It tells whether it was sent: not after the look was cancelled, so
// that a release, which cancels it first, knows of every receive.
func (s *Session) receive(ctx context.Context, look uint, sift bool, n int, answers chan<- answer) bool {
	s.mu.Lock()
	if ctx.Err() != nil {
		s.mu.Unlock()
		return false
	}
	s.pending++
	if s.pending == 1 {
		s.landed = make(chan struct{})
	}
	s.mu.Unlock()
	ctx = context.WithoutCancel(ctx)
	sent := s.o.Leases.group.Go("peek", func(group context.Context) {
		a := answer{asked: n, err: backend.Errorf(backend.KindInternal, "the receive panicked")}
		defer func() { answers <- a }()
		defer s.land()
		ctx, cancel := context.WithTimeout(ctx, s.o.Wait+grace)
		defer cancel()
		defer context.AfterFunc(group, cancel)()
		a = s.receiveNow(ctx, look, sift, n)
	})
	if !sent {
		s.land()
	}
	return sent
}

// land ends a receive.
func (s *Session) land() {
	s.mu.Lock()
	s.pending--
	if s.pending == 0 {
		close(s.landed)
	}
	s.mu.Unlock()
	s.o.Leases.settle(s)
}

func (s *Session) receiveNow(ctx context.Context, look uint, sift bool, n int) answer {
	sent := time.Now()
	out, err := s.o.Stack.SQS.ReceiveMessage(ctx, backend.ReceiveMessageInput{
		QueueUrl:                    s.o.URL,
		MaxNumberOfMessages:         backend.Some(n),
		VisibilityTimeout:           backend.Some(seconds(s.cost.Lease)),
		WaitTimeSeconds:             backend.Some(seconds(s.o.Wait)),
		MessageSystemAttributeNames: []string{backend.AttrAll},
		MessageAttributeNames:       []string{backend.AttrAll},
	})
	a := answer{asked: n, messages: len(out.Messages), err: err}
	if err == nil {
		a.fresh, a.aside = s.keep(look, sift, sent, out.Messages)
	}
	s.mu.Lock()
	late, over := look <= s.abandoned, look <= s.ended
	s.mu.Unlock()
	if late && a.messages > 0 || over && len(a.aside) > 0 {
		// Nobody waits for this any more; what fails comes back by itself.
		_, _, _ = s.giveBack(ctx, func(h *held) bool { return h.look == look && (late || h.aside) })
	}
	return a
}

// seconds rounds up to whole seconds, which is all that SQS takes.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// keep takes messages that were received into the session and tells how many
// had not been received before by this look. A lease is counted from when the
// request was sent, so that it never seems longer than it is.
// Those that a LookFor is to judge are put aside.
func (s *Session) keep(look uint, sift bool, sent time.Time, messages []backend.Message) (fresh int, aside []*held) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cost.Receives++
	if len(messages) == 0 {
		s.cost.Empty++
	}
	now := time.Now()
	for _, m := range messages {
		h := s.messages[m.MessageId]
		if h == nil {
			h = &held{Message: Message{FirstSeen: now}, aside: true}
			s.messages[m.MessageId] = h
			s.cost.Messages++
		}
		if h.aside && !sift {
			h.aside = false
			s.order = append(s.order, h)
		}
		if h.look != look {
			fresh++
			if sift {
				aside = append(aside, h)
			}
		}
		s.turns++
		s.cost.Deliveries++
		h.Message.Message, h.turn, h.look, h.since = m, s.turns, look, sent
		h.LeaseEnds = sent.Add(s.cost.Lease)
		h.ReceiveCount = m.Receives()
		h.Expires = expires(m.Attributes, s.o.FIFO, s.retention)
	}
	return fresh, aside
}
