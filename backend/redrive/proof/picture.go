package proof

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
)

// Depth is how full a queue was at a look, about, and at the start.
type Depth struct {
	ARN                        backend.ARN
	Visible, InFlight, Delayed int
	Before                     int            // stored at the start, in whatever state
	Err                        *backend.Error // why it could not be read; the counts are then older, or 0
}

// Stored is how many messages it holds, in whatever state.
func (d Depth) Stored() int { return d.Visible + d.InFlight + d.Delayed }

// Picture is what is known at a time of all that was redriven.
type Picture struct {
	Start, At time.Time // in the queues' own time
	Exact     bool      // the fate of each message is known
	Paused    bool      // the clock of the queues stands: nothing happens

	Sent  int          // messages redriven
	Fates map[Fate]int // of those that are known one by one

	// Since is how many messages arrived in Back since the start, whatever they are:
	// those that came back among them. Without Exact it is the least that the depths
	// of the last minute allow (docs/SQS.md 12.2).
	Since int
	// New are messages that failed since the start and were not redriven here: as
	// many as were seen, where Exact is not set.
	New     int
	Unknown int // messages that were seen in Back of which nobody knows since when they are there

	Read   int       // messages seen in Back at the last reading
	About  int       // of about so many
	ReadAt time.Time // zero: never

	To, Back []Depth
}

// Returned is how many came back.
func (p Picture) Returned() int { return p.Fates[CameBack] }

// Settled tells whether every message is known to have come to its end.
func (p Picture) Settled() bool {
	n := 0
	for f, of := range p.Fates {
		if f.settled() {
			n += of
		}
	}
	return p.Exact && n >= p.Sent
}

// Drained tells whether all destinations are empty, as far as their depths tell.
func (p Picture) Drained() bool {
	return len(p.To) > 0 && !slices.ContainsFunc(p.To, func(d Depth) bool { return d.Err != nil || d.Stored() > 0 })
}

// Line is the reconciliation in one line: every message that was redriven, and
// what is known of it.
func (p Picture) Line() string {
	after := p.At.Sub(p.Start).Round(time.Second)
	var parts []string
	add := func(n int, words string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words))
		}
	}
	back := p.Returned()
	if p.Exact {
		parts = append(parts, fmt.Sprintf("%d processed", p.Fates[Processed]))
		add(p.Fates[InFlight], "with a consumer")
		add(p.Fates[Waiting]+p.Fates[NotBack], "waiting")
		parts = append(parts, fmt.Sprintf("%d came back", back))
		add(p.Fates[Lost], "lost to expiry or a purge")
		add(p.Fates[Elsewhere], "dead-lettered elsewhere")
	} else {
		switch {
		case len(p.Back) == 0:
			parts = append(parts, "whether any fail cannot be seen: no destination has a dead-letter queue")
		case p.ReadAt.IsZero():
			parts = append(parts, "none was looked for one by one", fmt.Sprintf("at least %d dead letters since, by depth", p.Since))
		default:
			parts = append(parts, fmt.Sprintf("%d came back", back), fmt.Sprintf("%d not back after %s", p.Sent-back, after),
				fmt.Sprintf("%d of about %d dead letters read", p.Read, p.About))
		}
	}
	s := fmt.Sprintf("%d redriven: %s", p.Sent, strings.Join(parts, ", "))
	if p.New > 0 {
		s += fmt.Sprintf("; %d new failures", p.New)
	}
	if p.Unknown > 0 {
		s += fmt.Sprintf("; %d dead letters of unknown age", p.Unknown)
	}
	for _, d := range p.To {
		if d.Err == nil && !p.Exact {
			s += fmt.Sprintf("; %s: about %d waiting, %d in flight", d.ARN.Name, d.Visible+d.Delayed, d.InFlight)
		}
	}
	return s
}
