package redrive

import (
	"math"
	"time"
)

const (
	usualCanary = 10
	usualRefill = 10
	longest     = 30 * time.Minute // that a canary is watched unless it is told otherwise
	// shortest is how long a canary is watched where counts are a minute late (docs/SQS.md
	// 12.2).
	shortest  = 90 * time.Second
	unknowing = 5 * time.Minute // where nothing tells how long
)

// Guards are what stops a redrive.
type Guards struct {
	Canary   int           // messages to move first; 0: 10, below 0: none
	Window   time.Duration // to watch them, of the queues' time; 0: until those that fail would have come back, at most 30 min
	Tolerate int           // of the canary that may come back

	// Refill is how many dead letters may arrive after the canary, more than were
	// moved away; 0: 10, below 0: any number.
	Refill int
	Depth  int           // of a destination, in whatever state; 0: any
	Climb  time.Duration // by which the oldest message of a destination may get older; 0: any

	Slow, Fast float64       // messages a second of a selective move, at first and in the end; 0: as fast as it goes
	Over       time.Duration // in which the rate grows; 0: 2 min

	Every time.Duration // between looks; 0: 1 s in an engine, else 5 s
}

func (g Guards) canary() int {
	if g.Canary == 0 {
		return usualCanary
	}
	return max(0, g.Canary)
}

func (g Guards) refill() int {
	if g.Refill == 0 {
		return usualRefill
	}
	return g.Refill
}

func (g Guards) over() time.Duration {
	if g.Over <= 0 {
		return 2 * time.Minute
	}
	return g.Over
}

func (g Guards) every(exact bool) time.Duration {
	switch {
	case g.Every > 0:
		return g.Every
	case exact:
		return time.Second
	}
	return 5 * time.Second
}

// window is how long the canary is watched, and whether that is shorter than a
// message may take to come back.
func (g Guards) window(c *Card) (d time.Duration, cut bool) {
	returns := time.Duration(0)
	for _, to := range c.To {
		returns = max(returns, to.Returns())
	}
	if g.Window > 0 {
		return g.Window, g.Window < returns
	}
	switch {
	case returns == 0:
		return unknowing, false
	case returns > longest:
		return longest, true
	}
	return max(returns, shortest), false
}

// rate is the messages a second, so long after the canary has passed; 0: as fast
// as it goes.
func (g Guards) rate(since time.Duration) float64 {
	if g.Slow <= 0 {
		return max(0, g.Fast)
	}
	if g.Fast <= g.Slow && g.Fast > 0 {
		return g.Fast
	}
	part := since.Seconds() / g.over().Seconds()
	if part >= 1 {
		return max(0, g.Fast) // 0: without a limit from here on
	}
	fast := g.Fast
	if fast <= 0 {
		fast = max(10*g.Slow, 100)
	}
	return g.Slow + (fast-g.Slow)*part
}

// takes is how long n messages take at these rates; -1: not known, as there is no
// limit.
func (g Guards) takes(n int) time.Duration {
	switch {
	case g.Fast <= 0:
		return -1
	case n <= 0:
		return 0
	}
	ramp := 0.0 // messages in it
	if g.Slow > 0 && g.Slow < g.Fast {
		ramp = (g.Slow + g.Fast) / 2 * g.over().Seconds()
	}
	if left := float64(n) - ramp; left > 0 {
		wait := left / g.Fast
		if ramp > 0 {
			wait += g.over().Seconds()
		}
		return time.Duration(wait * float64(time.Second))
	}
	// The ramp is not ridden to its end: the messages are the area under it.
	slope := (g.Fast - g.Slow) / g.over().Seconds()
	return time.Duration((-g.Slow + math.Sqrt(g.Slow*g.Slow+2*slope*float64(n))) / slope * float64(time.Second))
}
