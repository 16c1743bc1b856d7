package memory

import (
	"time"

	"sqscope/backend"
)

// line is who waits for a message of a queue, in the order in which they came.
//
// What holds after every call: if there is something to deliver and somebody in
// line, then as many are on their way to it as there are messages, or all. So a
// message wakes one waiter and not all of them; one that finds nothing goes back
// to its old place; and one that gives up, or finds more than it takes, leaves
// it to the next ([queue.settle]).
type line struct {
	head, tail *waiter
	tickets    uint64
	called     int // on their way
}

// waiter is one who waits. Everything in it is under the lock of its queue.
type waiter struct {
	q          *queue
	prev, next *waiter
	ticket     uint64 // place in line, kept for life
	inLine     bool
	called     bool
	over       bool // no more waiting: the next look is the last

	// of a ReceiveMessage
	bell chan struct{} // rung without the clock: an answer needs no time to pass
	wait int64
	quit func() // takes back the end of the wait

	// of a Poll
	timer Timer // its event in which it is called
}

// poller is the waiter of a long poll, or nil for a short one. An explicit 0
// overrides the queue's wait (docs/SQS.md 5.5).
func (q *queue) poller(seconds backend.Opt[int]) *waiter {
	wait := q.settings.Load().wait
	if seconds.Set {
		wait = nanoseconds(seconds.Value)
	}
	if wait == 0 {
		return nil
	}
	return &waiter{q: q, bell: make(chan struct{}, 1), wait: wait}
}

// actor is the waiter of a Poll. Its wake runs as an event, without locks.
func (q *queue) actor(wake func(now time.Time)) *waiter {
	w := &waiter{q: q}
	w.timer = Timer{q.e.clock, event{run: func(at time.Time) { q.wake(w, wake, at) }}}
	return w
}

// ring does not block.
func (w *waiter) ring() {
	if w.bell == nil {
		w.timer.Set(time.Time{}) // long ago: now
		return
	}
	select {
	case w.bell <- struct{}{}:
	default:
	}
}

// wake calls an actor. Whether it takes something or not, it is no longer on its
// way then.
func (q *queue) wake(w *waiter, wake func(now time.Time), at time.Time) {
	q.mu.Lock()
	called := w.called
	w.answered()
	q.mu.Unlock()
	if !called {
		return // it has withdrawn
	}
	defer func() {
		q.mu.Lock()
		q.settle()
		q.mu.Unlock()
	}()
	wake(at)
}

// withdraw takes an actor out of the line.
func (q *queue) withdraw(w *waiter) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if w.called {
		w.timer.Stop()
	}
	w.answered()
	w.stop()
	q.settle()
}

// queueUp puts somebody in line, unless nobody wants to wait or the time is up.
// The first time it gets its ticket and the end of its wait.
func (q *queue) queueUp(who patience, now int64) *waiter {
	w := who.w
	switch {
	case who.wake != nil:
		w = q.actor(who.wake)
	case w == nil || w.over:
		return nil
	}
	l := &q.line
	if w.ticket == 0 {
		l.tickets++
		w.ticket = l.tickets
		if w.bell != nil {
			_, w.quit = q.e.clock.at(now+w.wait, func(time.Time) { q.timeUp(w) })
		}
	}
	after := l.tail
	for after != nil && after.ticket > w.ticket {
		after = after.prev
	}
	w.insert(after)
	return w
}

// timeUp ends a wait: one last look, and then an empty answer.
func (q *queue) timeUp(w *waiter) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w.over = true
	w.ring()
}

// settle calls waiters as long as there is more to deliver than there are on
// their way, and keeps the alarm for those who stay. With mu held, at the end of
// whatever changed the queue.
func (q *queue) settle() {
	for l := &q.line; l.head != nil && l.called < q.deliverable(); {
		l.head.call()
	}
	q.setAlarm()
}

// callAll calls everybody, for there is nothing to wait for any more.
func (q *queue) callAll() {
	for q.line.head != nil {
		q.line.head.call()
	}
}

// deliverable is how many receives could get something.
func (q *queue) deliverable() int {
	n := q.visible()
	if q.fifo {
		n = q.ready.len()
	}
	return min(n, q.room())
}

func (w *waiter) call() {
	w.remove()
	w.called = true
	w.q.line.called++
	w.ring()
}

// answered says that a waiter who was called, or came by itself, is here.
func (w *waiter) answered() {
	w.remove()
	if w.called {
		w.called = false
		w.q.line.called--
	}
}

// stop ends the wait. A nil waiter has none.
func (w *waiter) stop() {
	if w == nil {
		return
	}
	w.over = true
	w.remove()
	if w.quit != nil {
		w.quit()
		w.quit = nil
	}
}

func (w *waiter) insert(after *waiter) {
	l := &w.q.line
	w.inLine = true
	w.prev = after
	if after == nil {
		w.next, l.head = l.head, w
	} else {
		w.next, after.next = after.next, w
	}
	if w.next == nil {
		l.tail = w
	} else {
		w.next.prev = w
	}
}

func (w *waiter) remove() {
	if !w.inLine {
		return
	}
	l := &w.q.line
	if w.prev == nil {
		l.head = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		l.tail = w.prev
	} else {
		w.next.prev = w.prev
	}
	w.prev, w.next, w.inLine = nil, nil, false
}
