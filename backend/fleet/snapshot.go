package fleet

import (
	"slices"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// Snapshot is the picture at one moment. It never changes; whoever holds one
// may read it from any goroutine for as long as they like.
type Snapshot struct {
	Version uint64   // grows with every picture
	Queues  []*Queue // by name
	DLQs    []*Queue // those among them that a RedrivePolicy names

	ListComplete bool      // the names have been listed to the end at least once
	ListedAt     time.Time // when they last were; zero: never
	Known        int       // how many queues have been read at least once
	Unreadable   int       // how many were tried and never read: what they are and hold is not known

	// Err is what keeps the picture from being renewed, or nil: the listing's
	// error, else one that concerns the connection and no single queue. What was
	// known before stays. RetryAt is when it will be tried again.
	Err     *backend.Error
	RetryAt time.Time

	// Pace is how many requests a second may be sent, by all fleets that share the
	// budget; zero where queues are in this process and no request is sent.
	Pace Pace

	// MetricsErr is why metrics, which are switched on, cannot be read; nil: they
	// can, or nobody wants them.
	MetricsErr *backend.Error

	// Clock is the engine's clock as it was at ClockAt; zero without one.
	Clock   backend.ClockState
	ClockAt time.Time
}

// Now is the time in the world of these queues: the engine's where there is
// one, else the given time, which is the caller's own. Ages are counted from it.
func (s *Snapshot) Now(now time.Time) time.Time {
	switch {
	case s.ClockAt.IsZero():
		return now
	case s.Clock.Paused:
		return s.Clock.Now
	}
	return s.Clock.Now.Add(time.Duration(float64(now.Sub(s.ClockAt)) * s.Clock.Speed))
}

// Queue is the queue with this ARN, or nil if the picture has none.
func (s *Snapshot) Queue(arn backend.ARN) *Queue {
	i, found := slices.BinarySearchFunc(s.Queues, arn, func(q *Queue, a backend.ARN) int { return compareARN(q.ARN, a) })
	if !found {
		return nil
	}
	return s.Queues[i]
}

func compareARN(a, b backend.ARN) int {
	if c := strings.Compare(a.Name, b.Name); c != 0 {
		return c
	}
	if c := strings.Compare(a.Account, b.Account); c != 0 {
		return c
	}
	if c := strings.Compare(a.Region, b.Region); c != 0 {
		return c
	}
	return strings.Compare(a.Partition, b.Partition)
}

// Queue is what is known of a queue. It never changes. Counts are approximate
// on AWS (docs/SQS.md 12.2) and mean nothing while AsOf is zero.
type Queue struct {
	ARN        backend.ARN
	URL        string
	FIFO       bool
	Attributes map[string]string // as read, not to be changed; nil: never read

	Visible, InFlight, Delayed int

	AsOf time.Time      // when it was last read; zero: never
	Err  *backend.Error // of the last attempt, if it failed; the rest is then as of AsOf

	Redrive    rules.RedrivePolicy // zero: none
	DLQ        *backend.ARN        // the queue that Redrive names
	DLQMissing bool                // there is no such queue, though all have been listed
	Sources    []backend.ARN       // queues whose RedrivePolicy names this one, by name (1.5)

	Rates Rates
	Trend []int // Visible every 5 s, the last at AsOf; at most 5 minutes

	// Grew is how many more are stored than Over before, at most 5 minutes. A lease
	// changes nothing of it. Over is 0 until there are two readings.
	Grew int
	Over time.Duration

	// Oldest is when the oldest message came, in the queues' own time, as of
	// OldestAsOf. CloudWatch leaves out messages that were received three times or
	// more and not deleted (docs/SQS.md 12.3).
	Measured     bool // Oldest is known, so a zero one means that nothing is stored
	Oldest       time.Time
	OldestAsOf   time.Time
	OldestSource string // SourceEngine or CloudWatch; "": not known

	// Tags are read only where [Fleet.WantTags] asks for them. They are not to be
	// changed; nil: never read.
	Tags     map[string]string
	TagsAsOf time.Time
	TagsErr  *backend.Error // of the last attempt, if it failed
}

// IsDLQ tells whether some queue names this one in its RedrivePolicy. Neither
// its name nor its RedriveAllowPolicy makes it one (6.3).
func (q *Queue) IsDLQ() bool { return len(q.Sources) > 0 }

// Stored is how many messages are in the queue, in whatever state.
func (q *Queue) Stored() int { return q.Visible + q.InFlight + q.Delayed }

// SourceEngine is the source of what an engine counted itself, exactly.
const SourceEngine = "engine"

// Rates are messages a second over about the last ten seconds, or over as long
// as lies between two readings. Net, the growth of what is stored, follows from
// two readings. In and Out are known only where Source tells them, never from
// depths: an engine, or CloudWatch, then over a minute that ended at AsOf.
type Rates struct {
	In, Out, Net                float64
	InKnown, OutKnown, NetKnown bool

	Source string    // of In and Out: SourceEngine or CloudWatch; "": neither is known
	AsOf   time.Time // of In and Out, in the queues' own time

	// Drain is how long it takes until nothing is stored, if it goes on as in the
	// last minutes. It is known only while what is stored shrinks, and more clearly
	// than readings differ by chance.
	Drain      time.Duration
	DrainKnown bool
}
