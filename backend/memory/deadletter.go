package memory

import "sqscope/backend"

// deadLetterQueue is where a message goes instead of being received once more:
// it was received maxReceiveCount times here, and the queue for that exists
// (docs/SQS.md 6.1). Else nil.
func (p *pick) deadLetterQueue(m *message) *queue {
	if p.policy.MaxReceiveCount == 0 || int(m.receipts) < p.policy.MaxReceiveCount {
		return nil
	}
	if !p.resolved {
		p.resolved = true
		p.target = p.q.e.byARN(p.policy.DeadLetterTargetArn)
	}
	return p.target
}

// bury moves a message to the dead-letter queue, with the locks of both held
// (6.2). It stays the same message; on a FIFO queue it counts as sent just now,
// and its id takes the place of its deduplication id.
func (q *queue) bury(m *message, to *queue, now int64) {
	group := ""
	if q.fifo {
		group = m.group.id
	}
	q.remove(m)
	q.emit(backend.EventDeadLettered, m, now, to.arnStr, int(m.receives))
	m.extras = m.extras.withSource(q.arnStr)
	if to.fifo {
		m.sent = now
		m.dedup = m.id.String()
	}
	to.add(m, group, 0, now)
}

// sources are the queues that name this one in their RedrivePolicy, which alone
// makes it a dead-letter queue, sorted by name (1.5, 6.3). It looks at all
// queues and locks none.
func (q *queue) sources() []*queue {
	q.e.mu.RLock()
	defer q.e.mu.RUnlock()
	var found []*queue
	for _, other := range q.e.sorted {
		if other.settings.Load().Redrive.DeadLetterTargetArn == q.arnStr {
			found = append(found, other)
		}
	}
	return found
}
