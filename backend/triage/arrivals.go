package triage

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"sqscope/backend"
	"sqscope/backend/triage/arrange"
	"sqscope/backend/triage/harm"
)

// mostBuckets is how many bars a histogram has at most.
const mostBuckets = 48

// Axis is the time that histograms of one grouping share, so that their bars stand
// over each other.
type Axis struct {
	Start   time.Time
	Width   time.Duration // of a bucket
	Buckets int
}

// Arrivals are when the messages of a group were sent. SQS does not tell when a
// message came to a standard dead-letter queue; on a FIFO one the time sent is
// when it was moved there, as docs/SQS.md 6.2 reads.
type Arrivals struct {
	Axis
	Counts []int // by bucket
	Marks  []Mark
	Burst  bool
	Within time.Duration // the shortest time in which four fifths of them came
	Words  string        // the rule that says so: "burst: 46 of 46 within 2m50s"
}

// Mark is a marker's place in a histogram: the bucket that it is in, -1 before the
// first, Buckets behind the last.
type Mark struct {
	arrange.Marker
	Bucket int
}

// widths are those of buckets, so that their bounds are times that people say.
var widths = [...]time.Duration{
	time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute,
	10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour,
	12 * time.Hour, 24 * time.Hour,
}

// newAxis is the finest that has room for both times in 48 buckets.
func newAxis(first, last time.Time) Axis {
	if first.IsZero() || last.Before(first) {
		return Axis{}
	}
	for _, w := range widths {
		start := first.Truncate(w)
		if n := int(last.Sub(start)/w) + 1; n <= mostBuckets {
			return Axis{start, w, n}
		}
	}
	w := last.Sub(first)/(mostBuckets-1) + 1
	return Axis{first, w, int(last.Sub(first)/w) + 1}
}

func (a Axis) bucket(t time.Time) int {
	if t.Before(a.Start) {
		return -1
	}
	return min(int(t.Sub(a.Start)/a.Width), a.Buckets)
}

// arrivals counts the times, which are in order, and tells a burst from a drip.
func arrivals(a Axis, times []time.Time, whole time.Duration, markers []arrange.Marker) Arrivals {
	out := Arrivals{Axis: a, Counts: make([]int, a.Buckets)}
	if a.Buckets == 0 || len(times) == 0 {
		out.Words = "no times were read"
		return out
	}
	for _, t := range times {
		if b := a.bucket(t); b >= 0 && b < a.Buckets {
			out.Counts[b]++
		}
	}
	for _, m := range markers {
		out.Marks = append(out.Marks, Mark{m, a.bucket(m.At)})
	}
	out.Burst, out.Within, out.Words = burst(times, whole)
	return out
}

// How a burst is told: most of a group within a short part of the time in which
// all of them came.
const (
	burstLeast = 3
	burstShare = 0.8
	burstPart  = 10
)

// burst looks for the shortest time in which four fifths of them came.
func burst(times []time.Time, whole time.Duration) (is bool, within time.Duration, words string) {
	n := len(times)
	span := times[n-1].Sub(times[0])
	if n < burstLeast {
		return false, span, fmt.Sprintf("%d, too few to tell a burst from a drip", n)
	}
	need := int(float64(n)*burstShare + 0.999)
	shortest := span
	for i := 0; i+need <= n; i++ {
		shortest = min(shortest, times[i+need-1].Sub(times[i]))
	}
	switch {
	case shortest*burstPart <= whole && whole > 0:
		return true, shortest, fmt.Sprintf("burst: %d of %d within %s, a tenth or less of the %s in which all came", need, n, say(shortest), say(whole))
	case whole <= 10*time.Minute:
		return false, shortest, fmt.Sprintf("all that was read came within %s, too short to tell a burst from a drip", say(whole))
	}
	return false, shortest, fmt.Sprintf("steady: %d over %s, one every %s", n, say(span), say(span/time.Duration(n-1)))
}

// say is a duration in its two largest units, or in milliseconds.
func say(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return harm.Span(d.Round(time.Second))
}

// ReceiveBar is how many messages were received that often.
type ReceiveBar struct{ Receives, Messages int }

// ReceiveBars are the receive counts of messages in order, those that occur.
func ReceiveBars(messages []Message) []ReceiveBar {
	counts := map[int]int{}
	for i := range messages {
		counts[receivesOf(&messages[i])]++
	}
	var bars []ReceiveBar
	for r, n := range counts {
		bars = append(bars, ReceiveBar{r, n})
	}
	slices.SortFunc(bars, func(a, b ReceiveBar) int { return cmp.Compare(a.Receives, b.Receives) })
	return bars
}

func receivesOf(m *Message) int { return cmp.Or(m.ReceiveCount, m.Receives()) }

func sentOf(m *Message) time.Time {
	if t := m.Time(backend.SysSentTimestamp); t.UnixMilli() > 0 {
		return t
	}
	return time.Time{}
}
