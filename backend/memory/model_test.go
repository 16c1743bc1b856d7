package memory_test

import (
	"cmp"
	"slices"
	"time"

	"sqscope/backend"
)

// model is a queue as docs/SQS.md tells it, without a thought of speed: a list
// in order of arrival that is searched for everything.
type model struct {
	url       string
	fifo      bool
	now       func() time.Time
	list      []*modelMessage
	seq       int // also hands out ranks
	retention time.Duration
	delay     time.Duration
	max       int // receives; 0: no dead-letter queue
	dlq       *model
	ahead     int            // how many messages a FIFO receive looks at
	tenants   bool           // messages have them, and the order is the engine's to choose
	turns     map[string]int // of groups
	turn      int
	dedup     map[string]modelOriginal
}

type modelOriginal struct {
	id string
	at time.Time
}

type modelMessage struct {
	id, group          string
	seq, rank          int
	sent, until, taken time.Time
	state              backend.State
	receives, receipts int
	dead               bool
}

// tick does what time does: messages expire and become visible.
func (q *model) tick() {
	now := q.now()
	q.list = slices.DeleteFunc(q.list, func(m *modelMessage) bool { return !m.sent.Add(q.retention).After(now) })
	due := slices.DeleteFunc(slices.Clone(q.list), func(m *modelMessage) bool {
		return m.state == backend.StateVisible || m.until.After(now)
	})
	slices.SortFunc(due, func(a, b *modelMessage) int { return cmp.Or(a.until.Compare(b.until), a.seq-b.seq) })
	for _, m := range due {
		q.show(m)
	}
}

func (q *model) show(m *modelMessage) {
	m.state, m.until = backend.StateVisible, time.Time{}
	if !q.fifo && q.max > 3 && m.receipts >= 3 {
		q.seq++
		m.rank = q.seq
	}
}

func (q *model) hide(m *modelMessage, s backend.State, d time.Duration) {
	if d > 0 {
		m.state, m.until = s, q.now().Add(d)
	} else {
		q.show(m)
	}
}

func (q *model) add(m *modelMessage, delay time.Duration) {
	if q.fifo && !slices.ContainsFunc(q.list, func(o *modelMessage) bool { return o.group == m.group }) {
		q.turn++
		q.turns[m.group] = q.turn
	}
	q.seq++
	m.seq, m.rank, m.receipts, m.state, m.until = q.seq, q.seq, 0, backend.StateVisible, time.Time{}
	if delay > 0 {
		m.state, m.until = backend.StateDelayed, q.now().Add(delay)
	}
	q.list = append(q.list, m)
}

func (q *model) remove(m *modelMessage) {
	q.list = slices.DeleteFunc(q.list, func(o *modelMessage) bool { return o == m })
}

// order is the visible messages in the order in which they would be received.
func (q *model) order() []*modelMessage {
	var out []*modelMessage
	locked := map[string]bool{}
	for i, m := range q.list {
		if q.fifo && i >= q.ahead {
			break
		}
		if m.state != backend.StateVisible || q.fifo && locked[m.group] {
			locked[m.group] = true
			continue
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b *modelMessage) int {
		if q.fifo {
			return q.turns[a.group] - q.turns[b.group]
		}
		return a.rank - b.rank
	})
	return out
}

func (q *model) receive(n int, d time.Duration) []*modelMessage {
	var got []*modelMessage
	died := false
	for _, m := range q.order() {
		if len(got) == n {
			break
		}
		if q.max > 0 && m.receipts >= q.max {
			q.remove(m)
			m.dead = true
			if q.fifo {
				m.sent = q.now()
			}
			q.dlq.add(m, 0)
			died = true
			continue
		}
		got = append(got, m)
	}
	if died && len(got) == 0 {
		return q.receive(n, d) // others may have come within reach
	}
	turned := map[string]bool{}
	for _, m := range got {
		if q.fifo && !turned[m.group] {
			turned[m.group] = true
			q.turn++
			q.turns[m.group] = q.turn
		}
		m.receives, m.receipts, m.taken = m.receives+1, m.receipts+1, q.now()
		q.hide(m, backend.StateInFlight, d)
	}
	return got
}

// modelHandle is a receipt handle and what it stands for.
type modelHandle struct {
	q       *model
	m       *modelMessage
	receipt int
	handle  string
}

// usable tells whether an action with the handle finds its message; ok is
// whether it succeeds.
func (h modelHandle) usable() (found, ok bool) {
	if !slices.Contains(h.q.list, h.m) {
		return false, true
	}
	fresh := h.m.state == backend.StateInFlight && h.m.receipts == h.receipt
	return !h.q.fifo || fresh, !h.q.fifo || fresh
}

// rankAs has the model receive in the order in which the engine did.
func (q *model) rankAs(got []backend.Message) {
	for _, m := range q.list {
		m.rank = slices.IndexFunc(got, func(g backend.Message) bool { return g.MessageId == m.id })
		if m.rank < 0 {
			m.rank = len(got) + m.seq
		}
	}
}
