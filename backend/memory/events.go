package memory

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"sqscope/backend"
)

// events are the subscribers. While there is none, an event costs the load of
// one atomic and is never made.
type events struct {
	listening atomic.Int32

	mu   sync.Mutex
	seq  uint64
	subs []*subscriber
}

type subscriber struct {
	out     chan backend.Event
	dropped uint64
	release func() bool // of the context
}

func (b *events) listened() bool { return b.listening.Load() > 0 }

// Subscribe delivers what happens from now on, each thing at its exact time:
// while somebody listens, every queue has an event on the clock for what falls
// due in it next. Room below 1 counts as 1.
func (e *Engine) Subscribe(ctx context.Context, room int) (<-chan backend.Event, error) {
	const action = "Subscribe"
	if e.closed.Load() {
		return nil, about(action, "", errClosed())
	}
	if err := ended(ctx); err != nil {
		return nil, about(action, "", err)
	}
	s := &subscriber{out: make(chan backend.Event, max(room, 1))}
	e.events.mu.Lock()
	e.events.subs = append(e.events.subs, s)
	e.events.listening.Add(1)
	s.release = context.AfterFunc(ctx, func() { e.unsubscribe(s) })
	e.events.mu.Unlock()
	if e.closed.Load() {
		e.unsubscribe(s) // closed meanwhile, and perhaps before it was in the list
	}
	for _, q := range e.all() { // each sets its alarm
		if _, err := q.lock(); err == nil {
			q.unlock()
		}
	}
	return s.out, nil
}

// unsubscribe ends a subscription. With the last one go the alarms that only it
// needed, so that an engine to which nobody listens has no timers.
func (e *Engine) unsubscribe(s *subscriber) {
	e.events.end(s)
	if e.events.listened() {
		return
	}
	for _, q := range e.all() {
		q.mu.Lock()
		q.settle()
		q.mu.Unlock()
	}
}

// end closes a subscriber's channel, once.
func (b *events) end(s *subscriber) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.Index(b.subs, s)
	if i < 0 {
		return
	}
	b.subs = slices.Delete(b.subs, i, i+1)
	b.listening.Add(-1)
	s.release()
	close(s.out)
}

func (b *events) endAll() {
	b.mu.Lock()
	subs := slices.Clone(b.subs)
	b.mu.Unlock()
	for _, s := range subs {
		b.end(s)
	}
}

// publish numbers an event and gives it to whoever has room for it.
func (b *events) publish(ev backend.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	ev.Seq = b.seq
	for _, s := range b.subs {
		ev.Dropped = s.dropped
		select {
		case s.out <- ev:
			s.dropped = 0
		default:
			s.dropped++
		}
	}
}

// emit tells of a message, or of the queue if m is nil. With mu of the queue
// held, so that the events of a queue are in order.
func (q *queue) emit(kind backend.EventKind, m *message, at int64, to string, count int) {
	if !q.e.events.listened() {
		return
	}
	ev := backend.Event{At: timeOf(at), Kind: kind, QueueArn: q.arnStr, To: to, Count: count}
	if m != nil {
		ev.MessageId, ev.Group = m.id.String(), m.groupID()
	}
	q.e.events.publish(ev)
}
