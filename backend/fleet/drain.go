package fleet

import (
	"math"
	"time"
)

// What the time to drain is worked out from: the readings of the last minute, or
// of all five where that has fewer than it takes to tell a slope from chance.
const (
	slopeOver   = time.Minute
	slopePoints = 4
	slopeErrors = 3                   // how many standard errors a slope has to be steep
	longestLeft = 14 * 24 * time.Hour // what is not gone by then expires (docs/SQS.md 2.1)
)

// drain is how long what is stored lasts if it goes on shrinking so. Counts on
// AWS are approximate (docs/SQS.md 12.2) and come and go in waves, so the slope
// is that of the straight line nearest to all readings, and it has to be steeper
// than the readings' distance from that line could make it by chance.
func (h *history) drain() (left time.Duration, known bool) {
	n := len(h.points)
	if n < slopePoints {
		return 0, false
	}
	last := h.points[n-1]
	from := n - 1
	for from > 0 && last.at-h.points[from-1].at <= slopeOver.Milliseconds() {
		from--
	}
	if n-from < slopePoints {
		from = 0
	}
	slope, deviation := line(h.points[from:])
	if last.stored() == 0 || slope >= 0 || -slope <= slopeErrors*deviation {
		return 0, false
	}
	seconds := last.stored() / -slope
	if seconds > longestLeft.Seconds() {
		return 0, false
	}
	return time.Duration(seconds * float64(time.Second)), true
}

// line is the slope of the straight line through what was stored, by least
// squares, in messages a second, and the slope's standard error. It takes three
// points or more, at different times.
func line(ps []point) (slope, deviation float64) {
	n := float64(len(ps))
	first := ps[0].at
	var t, s float64
	for _, p := range ps {
		t += seconds(p.at - first)
		s += p.stored()
	}
	t, s = t/n, s/n
	var tt, ts float64
	for _, p := range ps {
		dt := seconds(p.at-first) - t
		tt += dt * dt
		ts += dt * (p.stored() - s)
	}
	slope = ts / tt
	var rest float64
	for _, p := range ps {
		d := p.stored() - s - slope*(seconds(p.at-first)-t)
		rest += d * d
	}
	return slope, math.Sqrt(rest / (n - 2) / tt)
}

func seconds(ms int64) float64 { return float64(ms) / 1000 }
