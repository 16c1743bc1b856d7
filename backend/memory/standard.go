package memory

// The order of a standard queue: that of sending, as far as messages are
// visible. AWS promises only its best there; here it is kept, so that what is
// seen can be explained (docs/SQS.md 5.6).

// enqueue puts a visible message in order. One that has been given back comes
// before all that were sent after it, unless it is sent to the back.
func (q *queue) enqueue(m *message) {
	if q.poison(m) {
		q.seq++
		m.rank = q.seq
	}
	q.order.push(int64(m.rank), m.seq, m)
}

// poison tells whether a message has been received so often that others are to
// come first (5.6).
func (q *queue) poison(m *message) bool {
	return m.receipts >= backAfter && q.settings.Load().Redrive.MaxReceiveCount > backAfter
}

// pickStandard takes messages for a receive out of the order.
func (q *queue) pickStandard(p *pick) {
	for !p.full() && q.order.len() > 0 {
		m, _ := q.order.top()
		if !p.take(m) {
			break
		}
		q.order.pop()
	}
	if p.needs == nil {
		return
	}
	for _, m := range p.live { // all back, for another try
		q.order.push(int64(m.rank), m.seq, m)
	}
}
