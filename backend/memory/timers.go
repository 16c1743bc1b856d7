package memory

import (
	"time"

	"sqscope/backend"
)

// What can fall due in a queue.
type due int

const (
	nothing due = iota
	expiry
	revealing
)

// next is what falls due first, and when. A message at the end of its retention
// is gone before it could become visible.
func (q *queue) next() (at int64, what due) {
	at, what = never, nothing
	if q.age.len() == 0 {
		return at, what
	}
	_, sent := q.age.top()
	at, what = sent+q.settings.Load().retention, expiry
	if q.hidden.len() > 0 {
		if _, until := q.hidden.top(); until < at {
			at, what = until, revealing
		}
	}
	return at, what
}

// advance does what has fallen due since the queue was touched last, in the
// order in which it did. With mu held.
func (q *queue) advance(now int64) {
	for {
		at, what := q.next()
		if at > now {
			break
		}
		at = max(at, q.seen) // a dead letter may arrive beyond its retention
		q.seen = at
		switch what {
		case expiry:
			m, _ := q.age.top()
			q.remove(m)
			q.counts.expired++
			q.emit(backend.EventExpired, m, at, "", 0)
		case revealing:
			m, _ := q.hidden.top()
			q.surface(m, at)
		}
	}
	q.seen = now
	q.dedup.prune(now)
	q.attempts.prune(now)
}

// hide takes a message that is in no heap but that of its age out of sight.
func (q *queue) hide(m *message, s state, until int64) {
	m.state, m.until = s, until
	if s == inFlight {
		q.inFlight++
		q.flies(m, 1, q.seen)
	} else {
		q.delayed++
	}
	q.hidden.push(until, m.seq, m)
	if q.fifo {
		q.refresh(m.group)
	}
}

// surface makes a hidden message visible.
func (q *queue) surface(m *message, at int64) {
	q.hidden.remove(m)
	q.uncount(m, at)
	q.reveal(m)
	q.emit(backend.EventVisible, m, at, "", 0)
}

// reveal makes a message that is in no heap but that of its age visible.
func (q *queue) reveal(m *message) {
	m.state, m.until = visible, 0
	if q.fifo {
		q.refresh(m.group)
		return
	}
	q.enqueue(m)
}

// uncount takes a hidden message out of the count of its state.
func (q *queue) uncount(m *message, at int64) {
	if m.state == inFlight {
		q.inFlight--
		q.flies(m, -1, at)
	} else {
		q.delayed--
	}
}

// alarm is the queue's one event in the clock's heap. It is there only while
// somebody waits or listens.
type alarm struct {
	at    int64 // never: none
	event event
}

// setAlarm keeps the alarm at the next time when something falls due, for as
// long as that matters to anybody. Alarms come before all else of their time, in
// the order of the queues, so that what happens does not depend on since when
// there is one. With mu held.
func (q *queue) setAlarm() {
	at := int64(never)
	if !q.gone && (q.line.head != nil || q.e.events.listened()) {
		at, _ = q.next()
	}
	if at == q.alarm.at {
		return
	}
	q.alarm.at = at
	if at == never {
		q.e.clock.cancel(&q.alarm.event)
		return
	}
	q.e.clock.plan(&q.alarm.event, at, q.number)
}

// ring is the alarm. It does nothing but bring the queue up to date. One that
// was replaced meanwhile does it too, which does no harm.
func (q *queue) ring(time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.e.clock.now()
	if q.alarm.at <= now {
		q.alarm.at = never
	}
	q.advance(now)
	q.settle()
}
