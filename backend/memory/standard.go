package memory

import "sqscope/backend"

// The order of a standard queue: that of sending, as far as messages are
// visible. AWS promises only its best there; here it is kept, so that what is
// seen can be explained (docs/SQS.md 5.6). With tenants it is fair instead
// (fair.go).

// enqueue puts a visible message in order. One that has been given back comes
// before all that were sent after it, unless it is sent to the back.
func (q *queue) enqueue(m *message) {
	if q.poison(m) {
		q.seq++
		m.rank = q.seq
	}
	q.lineOf(m).push(int64(m.rank), m.seq, m)
	q.touched(m)
}

// dequeue takes a visible message out of the order.
func (q *queue) dequeue(m *message) {
	q.lineOf(m).remove(m)
	q.touched(m)
}

// lineOf is the heap that a visible message belongs in.
func (q *queue) lineOf(m *message) *heap[*message] {
	if t := q.tenantOf(m); t != nil {
		return &t.order
	}
	return &q.order
}

func (q *queue) touched(m *message) {
	if t := q.tenantOf(m); t != nil {
		q.fair.touch(t, q.seen)
	}
}

// poison tells whether a message has been received so often that others are to
// come first (5.6).
func (q *queue) poison(m *message) bool {
	return m.receipts >= backAfter && q.settings.Load().Redrive.MaxReceiveCount > backAfter
}

// first is the message that comes first, nil if there is none. Taken is how many
// a receive has taken already.
func (q *queue) first(taken int) *message {
	if q.fair != nil {
		return q.nextFair(taken)
	}
	if q.order.len() == 0 {
		return nil
	}
	m, _ := q.order.top()
	return m
}

// pickStandard takes messages for a receive out of the order.
func (q *queue) pickStandard(p *pick) {
	if q.fair != nil {
		q.fair.expire(q.seen)
	}
	var passed []*message // on servers that are not asked
	for m := q.first(0); m != nil && !p.full(); m = q.first(len(p.live)) {
		if p.sample > 0 && q.chance.Float64() >= p.sample {
			q.dequeue(m)
			passed = append(passed, m)
			continue
		}
		before := len(p.live)
		if !p.take(m) {
			break
		}
		if t := q.tenantOf(m); t != nil {
			t.taken += len(p.live) - before
		}
		q.dequeue(m)
	}
	for _, m := range passed {
		q.requeue(m)
	}
	for _, m := range p.live {
		if t := q.tenantOf(m); t != nil {
			t.taken--
		}
		if p.needs != nil { // all back, for another try
			q.requeue(m)
		}
	}
}

// requeue puts a message back where it was.
func (q *queue) requeue(m *message) {
	q.lineOf(m).push(int64(m.rank), m.seq, m)
	q.touched(m)
}

// sampled is how much of a queue a receive sees: all of it (0), or where a fault
// makes a short poll ask only some of the servers, a part (5.5). Few messages
// are on few servers.
func (q *queue) sampled(short bool) float64 {
	if !short || q.fifo || !q.e.faults.armed.Load() {
		return 0
	}
	now := q.e.clock.now()
	f, hit := q.e.faults.throw(now, backend.FaultShortBatch, "ReceiveMessage", q.name)
	if !hit {
		return 0
	}
	q.e.tell(f, "ReceiveMessage", q.arnStr, "", now)
	q.mu.Lock()
	n := q.visible()
	q.mu.Unlock()
	return max(fewServers, min(float64(n)/manyMessages, 1))
}

// echo stores a message once more that is being delivered, if a fault wants it:
// the copy is on a server that has not heard of the delivery, and a later
// receive finds it (5.6).
func (q *queue) echo(m *message, now int64) {
	if q.fifo || !q.e.faults.armed.Load() {
		return
	}
	f, hit := q.e.faults.throw(now, backend.FaultDuplicateDelivery, "ReceiveMessage", q.name)
	if !hit {
		return
	}
	q.e.tell(f, "ReceiveMessage", q.arnStr, m.id.String(), now)
	q.byID, q.echoed = nil, true // to be made anew
	c := *m
	c.at = [2]int32{}
	rank, receipts, received := m.rank, m.receipts, m.received
	q.put(&c)
	c.rank, c.receipts, c.received = rank, receipts, received
	q.reveal(&c)
}
