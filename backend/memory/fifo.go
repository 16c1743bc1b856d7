package memory

// group is the messages of a FIFO queue with one MessageGroupId that are
// stored, in the order in which they were sent, whatever their states.
//
// It can be delivered from if its first message is visible, and then as far as
// messages are. That is all there is to the lock of a group (docs/SQS.md 8.3):
// a message in flight stops the ones behind it and none before it.
type group struct {
	id         string
	head, tail *message
	turn       uint64 // among the groups of the queue
	at         [2]int32
}

func (g *group) place(which int) *int32 { return &g.at[which] }

// The two heaps that a group can be in, of which it is in one.
const (
	inReady = iota
	farAway
)

// join puts a new message at the end of its group. A new group joins at the end
// of the groups.
func (q *queue) join(m *message, id string) {
	g := q.groups[id]
	if g == nil {
		if q.groups == nil {
			q.groups = make(map[string]*group)
		}
		q.turns++
		g = &group{id: id, turn: q.turns}
		q.groups[id] = g
	}
	m.group, m.prev, m.next = g, g.tail, nil
	if g.tail == nil {
		g.head = m
	} else {
		g.tail.next = m
	}
	g.tail = m
}

// leave takes a message out of its group, which goes with its last one.
func (q *queue) leave(m *message) {
	g := m.group
	if m.prev == nil {
		g.head = m.next
	} else {
		m.prev.next = m.next
	}
	if m.next == nil {
		g.tail = m.prev
	} else {
		m.next.prev = m.prev
	}
	m.prev, m.next = nil, nil
	q.refresh(g)
	if g.head == nil {
		delete(q.groups, g.id)
	}
	if len(q.groups) == 0 {
		q.groups = nil // a map never gives its memory back
	}
}

// refresh has the group among those that can be delivered from if it can.
func (q *queue) refresh(g *group) {
	can := g.head != nil && g.head.state == visible
	far := can && !q.near(g.head)
	switch {
	case can && !far && !q.ready.has(g):
		q.ready.push(int64(g.turn), g.turn, g)
	case (!can || far) && q.ready.has(g):
		q.ready.remove(g)
	}
	switch {
	case far:
		q.beyond.set(int64(g.head.seq), 0, g)
	case q.beyond.has(g):
		q.beyond.remove(g)
	}
}

// near tells whether receives look as far as to this message: at the first
// 120,000 that are stored (3.3). With more than that, the horizon is the last of
// these; it is kept up to date message by message.
func (q *queue) near(m *message) bool { return q.horizon == 0 || m.seq <= q.horizon }

// lookAhead sets the horizon when there is a message too many for the first
// time. It is the one that came just now.
func (q *queue) lookAhead(m *message) {
	if q.messages.n == q.e.lookAhead+1 {
		q.horizon = m.seq - 1
	}
}

// lookFurther moves the horizon after a message is gone.
func (q *queue) lookFurther(gone *message) {
	switch {
	case q.horizon == 0:
		return
	case q.messages.n <= q.e.lookAhead:
		q.horizon = 0
	case gone.seq <= q.horizon:
		q.horizon = q.messages.after(q.horizon).seq
	}
	for q.beyond.len() > 0 {
		g, _ := q.beyond.top()
		if !q.near(g.head) {
			return
		}
		q.refresh(g)
	}
}

// pickFIFO takes messages for a receive: from one group as many as can be, then
// from the next (8.3.1). Groups that were delivered from go behind the others
// (8.3.7).
func (q *queue) pickFIFO(p *pick) {
	var picked, delivered []*group
	for !p.full() && p.needs == nil && q.ready.len() > 0 {
		g := q.ready.pop()
		picked = append(picked, g)
		before := len(p.live)
		for m := g.head; m != nil && m.state == visible && q.near(m) && !p.full() && p.take(m); m = m.next {
		}
		if len(p.live) > before {
			delivered = append(delivered, g)
		}
	}
	if p.needs == nil {
		for _, g := range delivered {
			q.turns++
			g.turn = q.turns
		}
	}
	for _, g := range picked {
		q.refresh(g)
	}
}
