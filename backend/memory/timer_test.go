package memory

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A timer that is set and set again happens at the same times, and among other
// events in the same order, as events that are made and cancelled.
func TestATimerIsAnEventThatCanBeSetAgain(t *testing.T) {
	type step struct {
		who  int
		wait time.Duration // -1: stop
	}
	type ring struct {
		who int
		at  int64
	}
	play := func(steps []step, timers bool) (rings []ring) {
		c := NewClock(ClockOptions{Start: time.Unix(1_000_000, 0), Paused: true})
		defer c.Close()
		const many = 3
		var set [many]func(time.Time)
		var stop [many]func()
		for who := range many {
			run := func(now time.Time) {
				rings = append(rings, ring{who, now.UnixNano()})
				if len(rings)%3 == 0 {
					set[who](now.Add(time.Second))
				}
			}
			if timers {
				timer := c.NewTimer(run)
				set[who], stop[who] = timer.Set, timer.Stop
				continue
			}
			cancel := func() {}
			set[who] = func(at time.Time) {
				cancel()
				cancel = c.At(at, run)
			}
			stop[who] = func() { cancel() }
		}
		for i, s := range steps {
			if s.wait < 0 {
				stop[s.who]()
			} else {
				set[s.who](c.Now().Add(s.wait))
			}
			if i%2 == 0 {
				c.Advance(time.Second)
			}
		}
		c.Advance(20 * time.Second)
		return rings
	}
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
			return step{rapid.IntRange(0, 2).Draw(t, "who"), time.Duration(rapid.IntRange(-1, 4).Draw(t, "wait")) * time.Second}
		}), 1, 30).Draw(t, "steps")
		for i := range steps {
			if steps[i].wait < 0 {
				steps[i].wait = -1
			}
		}
		a, b := play(steps, true), play(steps, false)
		if len(a) != len(b) {
			t.Fatalf("timers rang %d times, events %d", len(a), len(b))
		}
		for i := range a {
			if a[i] != b[i] {
				t.Fatalf("ring %d: %v, want %v", i, a[i], b[i])
			}
		}
	})
}

// On a closed clock a timer is never due.
func TestATimerOfAClosedClock(t *testing.T) {
	c := NewClock(ClockOptions{Start: time.Unix(1_000_000, 0), Paused: true})
	timer := c.NewTimer(func(time.Time) { t.Error("it rang") })
	c.Close()
	timer.Set(time.Unix(1_000_001, 0))
	c.Advance(time.Minute)
	timer.Stop()
}
