package memory

import (
	"math"
	"sync/atomic"
	"time"
)

// farthest is the end of the clock's time, in the year 2247. Times beyond it
// are cut to it, so that no sum of a time and a wait overflows.
const farthest = math.MaxInt64 / 100 * 95

// never is the time of what does not happen.
const never = math.MaxInt64

// pace is how time runs from a moment on. It is never changed, only replaced, but
// for the limit, which may be moved on.
type pace struct {
	base   int64     // time at the wall time wall, in Unix nanoseconds
	wall   time.Time // with its monotonic reading
	speed  float64
	paused bool
	limit  int64 // of the first event that has not run: time does not pass it; to be read atomically
}

// raw is where time would be if no event held it back.
func (p *pace) raw(wall time.Time) int64 {
	if p.paused {
		return p.base
	}
	gone := wall.Sub(p.wall)
	if p.speed != 1 {
		scaled := float64(gone) * p.speed
		if scaled >= float64(farthest-p.base) {
			return farthest
		}
		gone = time.Duration(scaled)
	}
	return min(p.base+int64(gone), farthest)
}

func (p *pace) now(wall time.Time) int64 { return min(p.raw(wall), p.end()) }

func (p *pace) end() int64 { return atomic.LoadInt64(&p.limit) }

// until is how long the wall takes to come to a time, rounded up so that the
// time has come when it is over.
func (p *pace) until(at int64, wall time.Time) time.Duration {
	gap := at - p.raw(wall)
	if gap <= 0 {
		return 0
	}
	return time.Duration(min(math.Ceil(float64(gap)/p.speed), math.MaxInt64/2))
}

// stamp is a time as the clock counts it.
func stamp(t time.Time) int64 {
	switch {
	case t.Unix() < 0:
		return 0
	case t.Unix() >= farthest/int64(time.Second):
		return farthest
	}
	return t.UnixNano()
}

func timeOf(stamp int64) time.Time { return time.Unix(0, stamp).UTC() }

func nanoseconds(seconds int) int64 { return int64(seconds) * int64(time.Second) }
