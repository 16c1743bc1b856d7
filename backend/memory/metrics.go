package memory

import (
	"context"
	"time"

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
	return backend.QueueMetrics{
		Sent: q.counts.sent, Received: q.counts.received, Deleted: q.counts.deleted, Oldest: q.oldest(), AsOf: timeOf(now),
	}, true
}

// Heaps are all queues by name, each with its exact counts at this moment and what
// a picture of it needs of its settings.
func (e *Engine) Heaps() []backend.QueueHeap {
	all := e.all()
	heaps := make([]backend.QueueHeap, 0, len(all))
	for _, q := range all {
		if h, ok := q.heap(); ok {
			heaps = append(heaps, h)
		}
	}
	return heaps
}

func (q *queue) heap() (backend.QueueHeap, bool) {
	if _, err := q.lock(); err != nil {
		return backend.QueueHeap{}, false // gone meanwhile
	}
	defer q.unlock()
	s := q.settings.Load()
	h := backend.QueueHeap{
		ARN: q.arn, Visible: q.visible(), InFlight: q.inFlight, Delayed: q.delayed,
		Sent: q.counts.sent, Received: q.counts.received, Deleted: q.counts.deleted, Expired: q.counts.expired, Oldest: q.oldest(),
		VisibilityTimeout: s.VisibilityTimeout, DLQ: s.Redrive.DeadLetterTargetArn, MaxReceiveCount: s.Redrive.MaxReceiveCount,
	}
	return h, true
}

// oldest is when the oldest message was sent; zero if there is none. With mu held.
func (q *queue) oldest() time.Time {
	if q.age.len() == 0 {
		return time.Time{}
	}
	_, sent := q.age.top()
	return timeOf(sent)
}
