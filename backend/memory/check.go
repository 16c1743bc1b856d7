package memory

import (
	"errors"
	"fmt"

	"sqscope/backend"
)

// Check verifies the engine's own consistency: that everything that is kept
// twice says the same. It costs O(n) for each queue, under its lock. Its errors
// are bugs.
func (e *Engine) Check() error {
	var errs []error
	queues := e.all()
	e.mu.RLock()
	for i, q := range e.sorted {
		if e.names[q.name] != q || i > 0 && e.sorted[i-1].name >= q.name {
			errs = append(errs, fmt.Errorf("queue %s is not where its name belongs", q.name))
		}
	}
	if len(e.sorted) != len(e.names) {
		errs = append(errs, fmt.Errorf("%d queues, but %d names", len(e.sorted), len(e.names)))
	}
	e.mu.RUnlock()
	for _, q := range queues {
		if err := q.check(); err != nil {
			errs = append(errs, fmt.Errorf("queue %s: %w", q.name, err))
		}
	}
	return errors.Join(errs...)
}

// check collects what is wrong with a queue.
func (q *queue) check() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.gone {
		return nil
	}
	c := checker{now: q.e.clock.now()}
	c.waiters(q) // as the last call has left them
	q.advance(c.now)
	q.settle()
	c.messages(q)
	c.heaps(q)
	c.groups(q)
	c.horizon(q)
	c.memories(q)
	c.tasks(q)
	return errors.Join(c.errs...)
}

type checker struct {
	now  int64
	errs []error
}

func (c *checker) that(ok bool, format string, args ...any) {
	if !ok {
		c.errs = append(c.errs, fmt.Errorf(format, args...))
	}
}

// messages: visible, delayed and in flight make up what is stored (14.4.1), and
// each message is in the heaps of its state and in no other.
func (c *checker) messages(q *queue) {
	var n int
	var states [3]int
	for m := q.messages.after(0); m != nil; m = q.messages.after(m.seq) {
		n++
		states[m.state]++
		c.that(q.messages.get(m.seq) == m, "message %d is not found by its sequence", m.seq)
		c.that(m.seq <= q.seq && m.rank <= q.seq, "message %d has a number that was never given", m.seq)
		c.that(q.age.has(m) && q.age.slots[m.at[byAge]-1].key == m.sent, "message %d has the wrong age", m.seq)
		c.that(q.byID == nil || q.byID[m.id] == m || q.echoed, "message %d is not found by its id", m.seq)
		c.that((m.group != nil) == q.fifo, "message %d has a group, or none, against the type of the queue", m.seq)
		switch {
		case m.state != visible:
			c.that(m.at[inOrder] != 0 && q.hidden.slots[m.at[inOrder]-1].item == m &&
				q.hidden.slots[m.at[inOrder]-1].key == m.until, "message %d is not hidden as it says", m.seq)
		case q.fifo:
			c.that(m.at[inOrder] == 0, "message %d is visible and yet in a heap", m.seq)
		default:
			c.that(m.at[inOrder] != 0 && int(m.at[inOrder]) <= q.lineOf(m).len() && q.lineOf(m).slots[m.at[inOrder]-1].item == m &&
				q.lineOf(m).slots[m.at[inOrder]-1].key == int64(m.rank), "message %d is not in order as it says", m.seq)
		}
	}
	c.that(n == q.messages.n, "%d messages stored, %d counted", n, q.messages.n)
	c.that(states[visible] == q.visible(), "%d visible, %d counted", states[visible], q.visible())
	c.that(states[inFlight] == q.inFlight, "%d in flight, %d counted", states[inFlight], q.inFlight)
	c.that(states[delayed] == q.delayed, "%d delayed, %d counted", states[delayed], q.delayed)
	c.that(q.byID == nil || len(q.byID) == n || q.echoed, "%d messages, but %d ids", n, len(q.byID))
}

func (c *checker) heaps(q *queue) {
	for _, h := range []struct {
		name string
		err  error
		len  int
		want int
	}{
		{"age", q.age.check(), q.age.len(), q.messages.n},
		{"hidden", q.hidden.check(), q.hidden.len(), q.inFlight + q.delayed},
		{"ready", q.ready.check(), q.ready.len(), -1},
		{"beyond", q.beyond.check(), q.beyond.len(), -1},
		{"order", q.order.check(), q.order.len(), map[bool]int{true: 0, false: q.visible() - c.tenants(q)}[q.fifo]},
	} {
		c.that(h.err == nil, "heap %s: %v", h.name, h.err)
		c.that(h.want < 0 || h.len == h.want, "heap %s has %d messages and should have %d", h.name, h.len, h.want)
	}
	at, _ := q.next()
	c.that(at > c.now, "something is overdue")
}

// groups: each has its messages in the order of sending, and can be delivered
// from if its first one is visible (8.3).
func (c *checker) groups(q *queue) {
	n, ready, far := 0, 0, 0
	for id, g := range q.groups {
		c.that(g.id == id, "group %s is found as %s", g.id, id)
		c.that(g.head != nil && g.tail != nil, "group %s is empty", id)
		var last *message
		for m := g.head; m != nil; last, m = m, m.next {
			n++
			c.that(m.group == g && q.messages.get(m.seq) == m, "message %d is in the wrong group", m.seq)
			c.that(m.prev == last && (last == nil || last.seq < m.seq), "group %s is out of order at %d", id, m.seq)
		}
		c.that(g.tail == last, "group %s has the wrong end", id)
		switch {
		case g.head == nil || g.head.state != visible:
		case !q.near(g.head):
			far++
			c.that(q.beyond.has(g) && q.beyond.slots[g.at[farAway]-1].key == int64(g.head.seq), "group %s is lost in the distance", id)
		default:
			ready++
			c.that(q.ready.has(g) && q.ready.slots[g.at[inReady]-1].key == int64(g.turn), "group %s has lost its turn", id)
		}
	}
	c.that(far == q.beyond.len(), "%d groups are too far, %d are beyond", far, q.beyond.len())
	c.that(!q.fifo || n == q.messages.n, "%d messages in groups, %d stored", n, q.messages.n)
	c.that(ready == q.ready.len(), "%d groups can be delivered from, %d are ready", ready, q.ready.len())
}

// horizon: receives look at the first messages and at no more.
func (c *checker) horizon(q *queue) {
	n, last := 0, uint64(0)
	for m := q.messages.after(0); m != nil && n < q.e.lookAhead; m = q.messages.after(m.seq) {
		n, last = n+1, m.seq
	}
	switch {
	case !q.fifo || q.messages.n <= q.e.lookAhead:
		c.that(q.horizon == 0, "there is a horizon at %d, and everything is before it", q.horizon)
	default:
		next := q.messages.after(last)
		c.that(q.horizon >= last && q.horizon < next.seq, "the horizon is at %d instead of %d", q.horizon, last)
	}
}

// tenants of a fair queue have their messages, and each is where its noise says.
// It tells how many messages are in their order.
func (c *checker) tenants(q *queue) (ordered int) {
	if q.fair == nil {
		return 0
	}
	f := q.fair
	stored, flying := map[string]int{}, map[string]int{}
	for m := q.messages.after(0); m != nil; m = q.messages.after(m.seq) {
		t := q.tenantOf(m)
		if t == nil {
			c.that(m.extras == nil || m.extras.group == "", "message %d has lost its tenant", m.seq)
			continue
		}
		stored[t.id]++
		if m.state == inFlight {
			flying[t.id]++
		}
	}
	turns := 0
	for id, t := range f.tenants {
		c.that(t.id == id && t.stored == stored[id] && t.inFlight == flying[id] && t.taken == 0, "tenant %s has miscounted", id)
		c.that(t.stored > 0 || f.due.has(t), "tenant %s will never be forgotten", id)
		err := t.order.check()
		c.that(err == nil, "tenant %s: %v", id, err)
		ordered += t.order.len()
		turn := &f.quiet
		if t.isNoisy {
			turn = &f.noisy
		}
		at := int(t.at[inTurn])
		c.that((t.order.len() > 0) == (at > 0), "tenant %s is in turn without a message, or out of it with one", id)
		if at == 0 {
			continue
		}
		turns++
		m, key := t.order.top()
		if t.isNoisy {
			key = int64(t.inFlight)
		}
		c.that(at <= turn.len() && turn.slots[at-1].item == t && turn.slots[at-1].key == key && turn.slots[at-1].tie == m.rank,
			"tenant %s has lost its turn", id)
	}
	c.that(turns == f.quiet.len()+f.noisy.len(), "%d tenants in turn, %d counted", f.quiet.len()+f.noisy.len(), turns)
	for _, err := range []error{f.quiet.check(), f.noisy.check(), f.due.check()} {
		c.that(err == nil, "heap of tenants: %v", err)
	}
	return ordered
}

// memories: what deduplication and attempt ids remember is in order of time and
// not over.
func (c *checker) memories(q *queue) {
	c.that(len(q.dedup.values) <= len(q.dedup.order)-q.dedup.oldest, "deduplication knows what will never be forgotten")
	for i := q.dedup.oldest; i < len(q.dedup.order); i++ {
		k := q.dedup.order[i]
		c.that(c.now-k.at < q.dedup.window, "deduplication remembers %s for too long", k.key.id)
		c.that(i == q.dedup.oldest || q.dedup.order[i-1].at <= k.at, "deduplication is out of order at %s", k.key.id)
	}
	c.that(len(q.attempts.values) <= len(q.attempts.order)-q.attempts.oldest, "an attempt will never be forgotten")
}

// tasks: one of them runs at most, the newest, and none has moved more than it
// set out to (7.1, 7.3).
func (c *checker) tasks(q *queue) {
	for i, t := range q.tasks {
		c.that(i == 0 || t.status.Done(), "move task %d runs behind a newer one", i)
		c.that(t.status.Done() || t.wake >= c.now, "move task %d has missed its step", i)
		c.that(t.moved <= t.total, "move task %d has moved %d of %d messages", i, t.moved, t.total)
		c.that((t.status == backend.TaskFailed) == (t.reason != ""), "move task %d is %s, reason %q", i, t.status, t.reason)
	}
}

// waiters: nobody waits beside a message that nobody is on the way to, and the
// alarm is set for those who wait.
func (c *checker) waiters(q *queue) {
	var last *waiter
	for w := q.line.head; w != nil; last, w = w, w.next {
		c.that(w.inLine && !w.called && w.prev == last, "waiter %d is in line and does not know", w.ticket)
		c.that(last == nil || last.ticket < w.ticket, "waiter %d has jumped the queue", w.ticket)
	}
	c.that(q.line.tail == last, "the line has the wrong end")
	c.that(q.line.called >= 0, "%d waiters are on their way", q.line.called)
	c.that(q.line.head == nil || q.line.called >= q.deliverable(), "%d on their way to %d messages while others wait",
		q.line.called, q.deliverable())
	if at, _ := q.next(); q.line.head != nil {
		c.that(q.alarm.at == at, "the alarm is set for %v and not for %v", timeOf(q.alarm.at), timeOf(at))
	}
}
