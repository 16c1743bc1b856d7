package doctor

import (
	"slices"
	"time"

	"sqscope/backend"
	"sqscope/backend/fleet"
)

// Observe gathers what the picture of all queues tells of each. Now is the time
// of the caller's clock. Mappings and topics are not in the picture.
func Observe(s *fleet.Snapshot, now time.Time, embedded bool) []Facts {
	// A queue that was not read may name any other in its RedrivePolicy.
	whole := s.ListComplete && !slices.ContainsFunc(s.Queues, func(q *fleet.Queue) bool { return q.AsOf.IsZero() })
	all := make([]Facts, 0, len(s.Queues))
	for _, q := range s.Queues {
		f := Facts{
			Queue: q.ARN, Attributes: q.Attributes, DLQMissing: q.DLQMissing,
			Sources: q.Sources, SourcesKnown: whole, Embedded: embedded,
		}
		if q.DLQ != nil {
			if dlq := s.Queue(*q.DLQ); dlq != nil {
				f.DLQ = dlq.Attributes
			}
		}
		if q.Measured && !q.Oldest.IsZero() {
			f.Oldest = backend.Some(s.Now(now).Sub(q.Oldest))
		}
		all = append(all, f)
	}
	return all
}
