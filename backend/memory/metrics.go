package memory

import (
	"context"

	"sqscope/backend"
)

// QueueMetrics tells the totals of queues. Sent counts all arrivals: by senders,
// by move tasks and from other queues as dead letters. Oldest is when the oldest
// stored message was sent, from which its retention runs; zero if there is none.
func (e *Engine) QueueMetrics(ctx context.Context, queueUrls []string) (map[string]backend.QueueMetrics, error) {
	if err := e.ready(ctx); err != nil {
		return nil, about("QueueMetrics", "", err)
	}
	out := make(map[string]backend.QueueMetrics, len(queueUrls))
	for _, url := range queueUrls {
		q, _ := e.byURL(url)
		if q == nil {
			continue
		}
		if m, ok := q.metrics(); ok {
			out[url] = m
		}
	}
	return out, nil
}

func (q *queue) metrics() (backend.QueueMetrics, bool) {
	now, err := q.lock()
	if err != nil {
		return backend.QueueMetrics{}, false
	}
	defer q.unlock()
	m := backend.QueueMetrics{
		Sent: q.counts.sent, Received: q.counts.received, Deleted: q.counts.deleted, AsOf: timeOf(now),
	}
	if q.age.len() > 0 {
		_, sent := q.age.top()
		m.Oldest = timeOf(sent)
	}
	return m, true
}
