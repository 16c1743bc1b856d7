package memory

import (
	"context"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// deadAtOnce is how many messages one attempt at a receive moves to the
// dead-letter queue before it lets go of the locks.
const deadAtOnce = 100

// delivery is a message as it was when it was received.
type delivery struct {
	message
	receipt uint32 // of this delivery
}

// pick is what a receive takes from a queue before anything is done to it.
type pick struct {
	q      *queue
	max    int
	policy rules.RedrivePolicy
	locked *queue // the dead-letter queue, if its lock is held
	needs  *queue // the dead-letter queue whose lock is wanted before anything can be taken
	live   []*message
	dead   []*message
	sample float64 // the part of the messages that is seen; 0: all

	target   *queue
	resolved bool
}

func (p *pick) full() bool { return len(p.live) >= p.max || len(p.dead) >= deadAtOnce }

// take puts the message that is next to be received where it belongs. It is
// false if that is a dead-letter queue whose lock is not held.
func (p *pick) take(m *message) bool {
	target := p.deadLetterQueue(m)
	switch {
	case target == nil:
		p.live = append(p.live, m)
	case target == p.locked:
		p.dead = append(p.dead, m)
	default:
		p.needs = target
		return false
	}
	return true
}

// attempt is what came of one look into a queue.
type attempt struct {
	got     []delivery
	waiting *waiter // nothing was there, and it is in line
	again   bool    // nothing was taken, but there may be more
	needs   *queue  // nothing was taken, for want of this one's lock
}

// ReceiveMessage receives up to ten messages, and waits for the first if it may
// (docs/SQS.md 1.13, 5). A receive whose context ends takes nothing from then
// on; what it has taken by then it returns.
func (e *Engine) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	const action = "ReceiveMessage"
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return backend.ReceiveMessageOutput{}, err
	}
	if err := rules.Receive(q.settings.Load().queue, in); err != nil {
		return backend.ReceiveMessageOutput{}, about(action, q.name, err)
	}
	w := q.poller(in.WaitTimeSeconds)
	for {
		got, waiting, err := q.receive(ctx, &in, patience{w: w})
		if err != nil {
			return backend.ReceiveMessageOutput{}, about(action, q.name, err)
		}
		if waiting == nil {
			return q.received(&in, got), nil
		}
		select {
		case <-w.bell:
		case <-ctx.Done():
		}
	}
}

// Poll is a receive that never waits; WaitTimeSeconds is not read. If it returns
// no message and wake is not nil, wake is called once, by an event on the clock,
// when there may be one: sent, delay or visibility over, given back, group
// unlocked, redriven, or the queue deleted, which the next Poll then says.
// Whoever is woken calls Poll again, at best there and then; if not, the next in
// line is woken. Cancel withdraws from the line and may be called at any time.
// Who came first is woken first.
//
// Faults happen to it as they do at the boundary (see [Engine.Inside]).
//
// With a nil wake it is a short poll, with the error that a standard queue has
// for too many messages in flight (docs/SQS.md 1.13).
func (e *Engine) Poll(in backend.ReceiveMessageInput, wake func(now time.Time)) (
	out backend.ReceiveMessageOutput, cancel func(), err error,
) {
	const action = "ReceiveMessage"
	cancel = func() {}
	q, err := e.find(context.Background(), action, in.QueueUrl)
	if err != nil {
		return out, cancel, err
	}
	if err := rules.Receive(q.settings.Load().queue, in); err != nil {
		return out, cancel, about(action, q.name, err)
	}
	for _, kinds := range [][]backend.FaultKind{early, late} {
		if err := e.refuse(context.Background(), action, q.arn, false, kinds); err != nil {
			return out, cancel, about(action, q.name, err)
		}
	}
	got, waiting, err := q.receive(context.Background(), &in, patience{wake: wake})
	if err != nil {
		return out, cancel, about(action, q.name, err)
	}
	if waiting != nil {
		cancel = func() { q.withdraw(waiting) }
	}
	return q.received(&in, got), cancel, nil
}

// received is the answer for what was taken, made without the lock.
func (q *queue) received(in *backend.ReceiveMessageInput, got []delivery) backend.ReceiveMessageOutput {
	if len(got) == 0 {
		return backend.ReceiveMessageOutput{}
	}
	out := backend.ReceiveMessageOutput{Messages: make([]backend.Message, len(got))}
	for i := range got {
		d := &got[i]
		out.Messages[i] = d.show(q.handle(d.seq, d.receipt), in.MessageSystemAttributeNames, in.MessageAttributeNames)
	}
	return out
}

// patience is who gets in line if there is nothing: a waiter, or an actor, who
// is none before that. With neither it is a short poll.
type patience struct {
	w    *waiter
	wake func(now time.Time)
}

func (p patience) short() bool { return p.w == nil && p.wake == nil }

// receive takes messages, or gets somebody in line for them in the same breath, so
// that it misses nothing.
func (q *queue) receive(ctx context.Context, in *backend.ReceiveMessageInput, who patience) (
	got []delivery, waiting *waiter, err error,
) {
	var locked *queue
	sample := q.sampled(who.short())
	for {
		a, err := q.try(ctx, in, who, locked, sample)
		if err != nil {
			return nil, nil, err
		}
		if a.needs == nil && !a.again {
			return a.got, a.waiting, nil
		}
		if a.needs != nil {
			locked = a.needs
		}
	}
}

func (q *queue) try(ctx context.Context, in *backend.ReceiveMessageInput, who patience, locked *queue, sample float64) (
	attempt, error,
) {
	w := who.w
	lockBoth(q, locked)
	defer q.mu.Unlock()
	if locked != nil {
		defer locked.mu.Unlock()
	}
	if w != nil {
		w.answered()
	}
	err := q.open()
	if err == nil {
		err = ended(ctx)
	}
	if q.replaced && w != nil && w.ticket > 0 { // it has waited in vain
		w.stop()
		return attempt{}, nil
	}
	if err != nil {
		w.stop()
		q.settle()
		return attempt{}, err
	}
	now := q.e.clock.now()
	q.advance(now)
	defer q.settle()
	if locked != nil {
		locked.advance(now)
		defer locked.settle()
	}
	a, err := q.collect(in, locked, now, who.short(), sample)
	switch {
	case err != nil || len(a.got) > 0:
		w.stop()
	case a.again || a.needs != nil:
	default:
		a.waiting = q.queueUp(who, now)
	}
	return a, err
}

// collect is one look for messages, with all locks held.
func (q *queue) collect(in *backend.ReceiveMessageInput, locked *queue, now int64, short bool, sample float64) (
	attempt, error,
) {
	s := q.settings.Load()
	timeout := s.visibility
	if in.VisibilityTimeout.Set {
		timeout = nanoseconds(in.VisibilityTimeout.Value)
	}
	if got := q.replay(in.ReceiveRequestAttemptId, timeout, now); got != nil {
		return attempt{got: got}, nil
	}
	room := q.room()
	if room <= 0 {
		if short && !q.fifo {
			return attempt{}, tooManyInFlight()
		}
		return attempt{}, nil
	}
	most := min(in.MaxNumberOfMessages.Or(1), room)
	p := pick{q: q, max: most, policy: s.Redrive, locked: locked, sample: sample, live: q.picked[:0]}
	defer func() {
		clear(p.live) // what was deleted is not kept
		q.picked = p.live[:0]
	}()
	if q.fifo {
		q.pickFIFO(&p)
	} else {
		q.pickStandard(&p)
	}
	if p.needs != nil {
		return attempt{needs: p.needs}, nil
	}
	for _, m := range p.dead {
		q.bury(m, locked, now)
	}
	if len(p.live) == 0 {
		return attempt{again: len(p.dead) > 0}, nil
	}
	got := make([]delivery, len(p.live))
	for i, m := range p.live {
		got[i] = q.deliver(m, timeout, now)
		q.echo(m, now)
	}
	q.remember(in.ReceiveRequestAttemptId, p.live, now)
	return attempt{got: got}, nil
}

// deliver hands a message out that has been picked.
func (q *queue) deliver(m *message, timeout, now int64) delivery {
	m.receives++
	m.receipts++
	m.received = now
	if m.receives == 1 {
		m.first = now
	}
	switch {
	case timeout > 0:
		q.hide(m, inFlight, now+timeout)
	case !q.fifo:
		q.enqueue(m) // still visible (5.3)
	}
	return q.delivered(m, now)
}

// delivered counts a delivery and keeps what is to be said of it.
func (q *queue) delivered(m *message, now int64) delivery {
	q.counts.received++
	q.emit(backend.EventReceived, m, now, "", int(m.receives))
	return delivery{*m, m.receipts}
}

// room is how many more messages may be in flight (3.3, 8.5).
func (q *queue) room() int { return q.e.maxInFlight - q.inFlight }

func tooManyInFlight() error {
	return backend.ErrorOf(backend.ErrOverLimit, "Too many messages have been received without being deleted.\n"+
		"Please delete your received messages or let them timeout before receiving more.")
}
