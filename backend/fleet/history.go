package fleet

import (
	"math"
	"slices"
	"time"
)

const (
	pointEvery  = 5 * time.Second // the trend's resolution
	points      = 60              // five minutes of them
	rateOver    = 10 * time.Second
	rateAtLeast = 2 * time.Second // readings closer together give no rate
	countEvery  = time.Second     // the totals' resolution
	counts      = 12
)

// history is the readings of one queue over the last five minutes, at most one
// for each five seconds, and its totals over the last ten seconds. Its time is
// the queues' own, so that a stopped clock leaves it as it is.
type history struct {
	points []point
	counts []count
}

// point is one reading.
type point struct {
	at                         int64 // ms
	visible, inFlight, delayed int32
}

func (p point) stored() float64 {
	return float64(p.visible) + float64(p.inFlight) + float64(p.delayed)
}

// count is one reading of the totals.
type count struct {
	at            int64 // ms
	sent, deleted uint64
}

// add takes a reading and tells whether the trend is another one now. A reading
// from before the last one means that time itself was set back, so what was
// known is dropped.
func (h *history) add(at time.Time, visible, inFlight, delayed int) bool {
	p := point{at.UnixMilli(), narrow(visible), narrow(inFlight), narrow(delayed)}
	if n := len(h.points); n > 0 {
		last := h.points[n-1]
		switch {
		case p.at < last.at:
			h.points = h.points[:0]
		case slot(p.at) == slot(last.at):
			h.points[n-1] = p
			return p.visible != last.visible
		}
	}
	oldest := slot(p.at) - points + 1
	drop := 0
	for drop < len(h.points) && slot(h.points[drop].at) < oldest {
		drop++
	}
	h.points = append(slices.Delete(h.points, 0, drop), p)
	return true
}

func slot(ms int64) int64 { return ms / pointEvery.Milliseconds() }

func narrow(n int) int32 { return int32(min(n, math.MaxInt32)) }

// trend is the visible count for each five seconds from the first reading to
// the last. Between two readings the earlier one holds.
func (h *history) trend() []int {
	if len(h.points) == 0 {
		return nil
	}
	first, last := slot(h.points[0].at), slot(h.points[len(h.points)-1].at)
	out := make([]int, 0, last-first+1)
	for i, p := range h.points {
		until := last + 1
		if i+1 < len(h.points) {
			until = slot(h.points[i+1].at)
		}
		for s := slot(p.at); s < until; s++ {
			out = append(out, int(p.visible))
		}
	}
	return out
}

// net is the growth of what is stored, in messages a second.
func (h *history) net() (perSecond float64, known bool) {
	n := len(h.points)
	if n == 0 {
		return 0, false
	}
	now := h.points[n-1]
	i := before(n, func(i int) int64 { return h.points[i].at })
	return per(now.stored()-h.points[i].stored(), now.at-h.points[i].at)
}

// grew is how many more are stored than at the first reading, and how long ago
// that was.
func (h *history) grew() (n int, over time.Duration) {
	if len(h.points) == 0 {
		return 0, 0
	}
	first, now := h.points[0], h.points[len(h.points)-1]
	return int(now.stored() - first.stored()), time.Duration(now.at-first.at) * time.Millisecond
}

// count takes a reading of the totals. Totals that shrank belong to another
// queue of the same name.
func (h *history) count(at time.Time, sent, deleted uint64) {
	c := count{at.UnixMilli(), sent, deleted}
	if n := len(h.counts); n > 0 {
		last := h.counts[n-1]
		switch {
		case c.at < last.at || sent < last.sent || deleted < last.deleted:
			h.counts = h.counts[:0]
		case c.at/countEvery.Milliseconds() == last.at/countEvery.Milliseconds():
			h.counts[n-1] = c
			return
		}
	}
	if len(h.counts) == counts {
		h.counts = slices.Delete(h.counts, 0, 1)
	}
	h.counts = append(h.counts, c)
}

// flow is what was sent and deleted, in messages a second.
func (h *history) flow() (in, out float64, known bool) {
	n := len(h.counts)
	if n == 0 {
		return 0, 0, false
	}
	now := h.counts[n-1]
	then := h.counts[before(n, func(i int) int64 { return h.counts[i].at })]
	in, known = per(float64(now.sent-then.sent), now.at-then.at)
	out, _ = per(float64(now.deleted-then.deleted), now.at-then.at)
	return in, out, known
}

// before is the index of the reading to compare the last of n with: the newest
// that is at least ten seconds older, else the oldest.
func before(n int, at func(i int) int64) int {
	for i := n - 2; i >= 0; i-- {
		if at(n-1)-at(i) >= rateOver.Milliseconds() {
			return i
		}
	}
	return 0
}

func per(change float64, ms int64) (perSecond float64, known bool) {
	if ms < rateAtLeast.Milliseconds() {
		return 0, false
	}
	return change / (float64(ms) / 1000), true
}
