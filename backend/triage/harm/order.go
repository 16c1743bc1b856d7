package harm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/fleet"
)

// Rank is a dead-letter queue and why it stands where it does.
type Rank struct {
	Queue   *fleet.Queue
	Stored  int // messages, about
	Grew    int // in Over; less than 0: it shrank
	Over    time.Duration
	Loss    Loss
	Urgency Urgency
	Reason  string // in words, the weightiest first
}

// Urgency is the class that a queue is ranked in.
type Urgency int

// The urgencies, the highest first.
const (
	LossNear Urgency = iota // a message is lost within an hour, or may be
	LossSoon                // within a day
	Growing
	Holding // messages
	Unread  // how many it holds is not known
)

// Order ranks the dead-letter queues of a picture that hold messages, or of which
// that is not known, by the harm that waiting does: what is lost first, then what
// grows, then what holds most; those with more sources first where all else is
// equal. A loss that is only known from below counts as not near. What was read of
// a queue stands under its ARN.
func Order(s *fleet.Snapshot, read map[backend.ARN]Read, now time.Time) []Rank {
	var out []Rank
	for _, q := range s.DLQs {
		if !q.AsOf.IsZero() && q.Stored() == 0 {
			continue
		}
		out = append(out, rank(q, read[q.ARN], now))
	}
	slices.SortStableFunc(out, func(a, b Rank) int {
		soonest := 0
		if a.Urgency <= LossSoon && b.Urgency == a.Urgency {
			soonest = a.Loss.At.Compare(b.Loss.At)
		}
		grew := 0
		if a.Urgency == Growing && b.Urgency == a.Urgency {
			grew = b.Grew - a.Grew
		}
		return cmp.Or(cmp.Compare(a.Urgency, b.Urgency), soonest, grew, b.Stored-a.Stored,
			len(b.Queue.Sources)-len(a.Queue.Sources), strings.Compare(a.Queue.ARN.String(), b.Queue.ARN.String()))
	})
	return out
}

func rank(q *fleet.Queue, read Read, now time.Time) Rank {
	r := Rank{Queue: q, Stored: q.Stored(), Grew: q.Grew, Over: q.Over, Loss: OfQueue(q, read)}
	known := r.Loss.Bound == Exact || r.Loss.Bound == AtMost
	switch {
	case q.AsOf.IsZero():
		r.Urgency = Unread
	case known && r.Loss.Left(now) <= time.Hour:
		r.Urgency = LossNear
	case known && r.Loss.Left(now) <= 24*time.Hour:
		r.Urgency = LossSoon
	case r.Grew > 0:
		r.Urgency = Growing
	default:
		r.Urgency = Holding
	}
	r.Reason = r.reason(now)
	return r
}

// reason says what counts, the weightiest first.
func (r Rank) reason(now time.Time) string {
	if r.Urgency == Unread {
		if r.Queue.Err != nil {
			return "what it holds could not be read: " + r.Queue.Err.Error()
		}
		return "what it holds has not been read yet"
	}
	loss := "nobody has read when the first message is lost"
	if r.Loss.Bound != Unknown {
		loss = fmt.Sprintf("the first is lost in %s%s", r.Loss.Sign(), Span(r.Loss.Left(now)))
	}
	grew := ""
	switch {
	case r.Grew > 0:
		grew = fmt.Sprintf("%d more in %s", r.Grew, Span(r.Over))
	case r.Grew < 0:
		grew = fmt.Sprintf("%d fewer in %s", -r.Grew, Span(r.Over))
	}
	parts := []string{plural(r.Stored, "message"), grew, plural(len(r.Queue.Sources), "source"), loss}
	if r.Urgency <= LossSoon {
		parts = []string{loss, parts[0], grew, parts[2]}
	} else if r.Urgency == Growing {
		parts = []string{grew, parts[0], parts[2], loss}
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Span is a duration in its two largest units, rounded down: "3d 21h", "4m 12s".
func Span(d time.Duration) string {
	units := []struct {
		name string
		size time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}
	for i, u := range units {
		if d < u.size {
			continue
		}
		s := fmt.Sprintf("%d%s", d/u.size, u.name)
		if i+1 < len(units) {
			if rest := d % u.size / units[i+1].size; rest > 0 {
				s += fmt.Sprintf(" %02d%s", rest, units[i+1].name)
			}
		}
		return s
	}
	return "0s"
}
