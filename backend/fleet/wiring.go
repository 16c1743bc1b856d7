package fleet

import (
	"slices"

	"sqscope/backend"
)

// rewire works out which queue is whose dead-letter queue: only from the
// RedrivePolicies that name them (docs/SQS.md 6.3). Queues whose wiring did not
// change keep their picture.
func (f *Fleet) rewire() {
	sources := map[*entry][]backend.ARN{}
	for _, e := range f.sorted {
		if e.target == (backend.ARN{}) {
			f.wire(e, nil, false)
			continue
		}
		target := f.lookup(e.target)
		if target == nil {
			arn := e.target
			f.wire(e, &arn, f.complete)
			continue
		}
		arn := target.q.ARN
		f.wire(e, &arn, false)
		sources[target] = append(sources[target], e.q.ARN)
	}
	f.dlqs = f.dlqs[:0]
	for i, e := range f.sorted {
		if len(sources[e]) > 0 {
			f.dlqs = append(f.dlqs, i)
		}
		if !slices.Equal(e.q.Sources, sources[e]) {
			q := *e.q
			q.Sources = sources[e]
			f.set(e, q)
		}
	}
}

// lookup finds the queue that a RedrivePolicy names.
func (f *Fleet) lookup(arn backend.ARN) *entry {
	e := f.queues[arn]
	if e == nil {
		e = f.alias[arn]
	}
	if e == nil || e.gone {
		return nil
	}
	return e
}

// wire sets a queue's dead-letter queue in its picture.
func (f *Fleet) wire(e *entry, dlq *backend.ARN, missing bool) {
	same := (e.q.DLQ == nil) == (dlq == nil) && (dlq == nil || *e.q.DLQ == *dlq)
	if same && e.q.DLQMissing == missing {
		return
	}
	q := *e.q
	q.DLQ, q.DLQMissing = dlq, missing
	f.set(e, q)
}
