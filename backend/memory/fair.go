package memory

import "time"

// Fair queues: a standard queue whose messages have a MessageGroupId serves the
// tenants that these name so that a noisy one does not keep the others waiting
// (docs/SQS.md 9). Visible messages of a tenant are in a heap of its own, by
// rank, and the tenants in one of two: quiet ones by the rank of their first
// message, noisy ones by how much they have in flight. Messages without a group
// are in the queue's own order; each of them is a quiet tenant. What has to be
// judged is judged when it matters, at the head of the order when somebody
// receives, so an action costs O(log n) in messages and tenants.
//
// A queue that never saw a group has no fair.
type fair struct {
	tenants map[string]*tenant
	quiet   heap[*tenant] // those with visible messages
	noisy   heap[*tenant] // likewise
	due     heap[*tenant] // those for whom something ends by itself
	busy    usage         // of all messages of the queue
}

// tenant is the messages of a standard queue with one MessageGroupId. It is
// forgotten with the last of them, unless it is to be known again.
type tenant struct {
	id       string
	order    heap[*message] // visible ones
	stored   int
	inFlight int
	taken    int // by the receive that is at work
	isNoisy  bool
	idle     int64 // since when none is in flight
	busy     usage
	at       [2]int32
}

func (t *tenant) place(which int) *int32 { return &t.at[which] }

// The two heaps that a tenant can be in at a time.
const (
	inTurn = iota // quiet or noisy
	inDue
)

// usage is processing time in milliseconds: in the window that the time lies in,
// and in the one before.
type usage struct {
	Window int64 `json:"window"`
	Now    int64 `json:"now"`
	Before int64 `json:"before"`
}

func (u *usage) turnTo(at int64) {
	w := at / int64(fairWindow)
	switch {
	case w == u.Window:
		return
	case w == u.Window+1:
		u.Before = u.Now
	default:
		u.Before = 0
	}
	u.Window, u.Now = w, 0
}

func (u *usage) add(at, took int64) {
	u.turnTo(at)
	u.Now += took / int64(time.Millisecond)
}

// recent is the time of the last window, as far as the one before lies in it.
func (u *usage) recent(at int64) int64 {
	u.turnTo(at)
	left := int64(fairWindow) - at%int64(fairWindow)
	return u.Now + u.Before*(left/int64(time.Millisecond))/fairWindow.Milliseconds()
}

// tenantOf is the tenant of a message that is stored, or nil.
func (q *queue) tenantOf(m *message) *tenant {
	if q.fair == nil || m.extras == nil || m.extras.group == "" {
		return nil
	}
	return q.fair.tenants[m.extras.group]
}

// settleIn counts a message in that is new to a standard queue.
func (q *queue) settleIn(m *message) {
	if m.extras == nil || m.extras.group == "" {
		return
	}
	q.startFair()
	q.fair.tenant(m.extras.group).stored++
}

func (q *queue) startFair() {
	if q.fair == nil {
		q.fair = &fair{}
		q.fair.due.which = inDue
	}
}

// tenant is the one with that id, new or not.
func (f *fair) tenant(id string) *tenant {
	t := f.tenants[id]
	if t == nil {
		if f.tenants == nil {
			f.tenants = make(map[string]*tenant)
		}
		t = &tenant{id: id}
		f.tenants[id] = t
	}
	return t
}

// moveOut counts a message out that is in no order any more and not in flight.
func (q *queue) moveOut(m *message) {
	if t := q.tenantOf(m); t != nil {
		t.stored--
		q.fair.touch(t, q.seen)
	}
}

// flies counts a message that goes in flight, or no longer is. The time that it
// was is the time that somebody worked on it.
func (q *queue) flies(m *message, by int, at int64) {
	if q.fair == nil {
		return
	}
	took := at - m.received
	if by < 0 {
		q.fair.busy.add(at, took)
	}
	t := q.tenantOf(m)
	if t == nil {
		return
	}
	t.inFlight += by
	if by < 0 {
		t.busy.add(at, took)
		t.idle = at
	}
	q.fair.touch(t, at)
}

// touch puts a tenant where it belongs after a change.
func (f *fair) touch(t *tenant, now int64) {
	if t.isNoisy && t.stored == t.inFlight { // its backlog is consumed
		f.judge(t, false)
	}
	turn := &f.quiet
	if t.isNoisy {
		turn = &f.noisy
	}
	switch {
	case t.order.len() > 0:
		m, rank := t.order.top()
		key := rank
		if t.isNoisy {
			key = int64(t.inFlight + t.taken)
		}
		turn.set(key, m.rank, t)
	case turn.has(t):
		turn.remove(t)
	}
	switch {
	case t.stored == 0 && f.hogs(t, now):
		f.due.set(now+2*int64(fairWindow), 0, t)
	case t.stored == 0:
		f.forget(t)
	case t.isNoisy && t.inFlight == 0:
		f.due.set(t.idle+int64(noisyIdle), 0, t)
	case f.due.has(t):
		f.due.remove(t)
	}
}

// judge makes a tenant noisy, or quiet; touch puts it where it belongs then.
func (f *fair) judge(t *tenant, noisy bool) {
	for _, h := range []*heap[*tenant]{&f.quiet, &f.noisy} {
		if (h == &f.noisy) == t.isNoisy && h.has(t) {
			h.remove(t)
		}
	}
	t.isNoisy = noisy
}

func (f *fair) forget(t *tenant) {
	if f.due.has(t) {
		f.due.remove(t)
	}
	delete(f.tenants, t.id)
	if len(f.tenants) == 0 {
		f.tenants = nil // a map never gives its memory back
	}
}

// expire does what has fallen due with tenants: noise ends, and who has been
// gone for long is forgotten.
func (f *fair) expire(now int64) {
	for f.due.len() > 0 {
		t, at := f.due.top()
		if at > now {
			return
		}
		f.due.remove(t)
		if t.stored == 0 {
			f.forget(t)
			continue
		}
		f.judge(t, false)
		t.busy = usage{}
		f.touch(t, now)
	}
}

// hogs tells whether a tenant takes more than its share of the recent processing
// time.
func (f *fair) hogs(t *tenant, now int64) bool {
	all := f.busy.recent(now)
	return all >= fairTime.Milliseconds() && t.busy.recent(now)*100 > all*noisyPercent
}

// crowds tells whether a tenant has more than its share in flight, with what the
// receive that is at work has taken.
func (q *queue) crowds(t *tenant, taken int) bool {
	n := t.inFlight + t.taken
	return n >= noisyInFlight && n*100 > (q.inFlight+taken)*noisyPercent
}

// nextFair is the message that comes first on a queue with tenants, nil if there
// is none: of quiet tenants by rank, then of the noisy one with the fewest in
// flight.
func (q *queue) nextFair(taken int) *message {
	f := q.fair
	for f.quiet.len() > 0 {
		t, rank := f.quiet.top()
		if q.order.len() > 0 {
			if m, r := q.order.top(); r < rank {
				return m
			}
		}
		if !q.crowds(t, taken) && !f.hogs(t, q.seen) {
			m, _ := t.order.top()
			return m
		}
		f.judge(t, true)
		f.touch(t, q.seen)
	}
	if q.order.len() > 0 {
		m, _ := q.order.top()
		return m
	}
	if f.noisy.len() > 0 {
		t, _ := f.noisy.top()
		m, _ := t.order.top()
		return m
	}
	return nil
}
