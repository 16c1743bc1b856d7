package memory_test

import (
	"context"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/memory"
)

func pausedClock(t testing.TB) *memory.Clock {
	c := memory.NewClock(memory.ClockOptions{Start: start, Paused: true})
	t.Cleanup(c.Close)
	return c
}

func TestEventsRunInOrderOfTimeAndThenOfCreation(t *testing.T) {
	c := pausedClock(t)
	var got []string
	note := func(name string) func(time.Time) {
		return func(now time.Time) {
			if !now.Equal(c.Now()) {
				t.Errorf("%s: the event is told %v, the clock says %v", name, now, c.Now())
			}
			got = append(got, fmt.Sprint(name, " ", now.Sub(start)))
		}
	}
	c.After(2*time.Second, note("b1"))
	c.After(time.Second, func(now time.Time) {
		note("a")(now)
		c.After(time.Second, note("b3"))
		c.After(0, note("a2"))
		c.At(start, note("a3"))
	})
	c.After(2*time.Second, note("b2"))
	c.At(start.Add(-time.Hour), note("past"))
	cancel := c.After(time.Second, note("cancelled"))
	cancel()
	cancel()
	c.After(3*time.Second+1, note("late"))
	c.Advance(3 * time.Second)
	want := []string{"past 0s", "a 1s", "a2 1s", "a3 1s", "b1 2s", "b2 2s", "b3 2s"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if now := c.Now().Sub(start); now != 3*time.Second {
		t.Errorf("the clock is at %v", now)
	}
	if next, ok := c.Next(); !ok || next.Sub(start) != 3*time.Second+1 {
		t.Errorf("next is %v, %v", next, ok)
	}
}

func TestAPausedClockRunsNothingByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := memory.NewClock(memory.ClockOptions{Paused: true})
		defer c.Close()
		ran := 0
		c.After(0, func(time.Time) { ran++ })
		c.After(time.Second, func(time.Time) { ran++ })
		before := c.Now()
		time.Sleep(time.Hour)
		if ran != 0 || !c.Now().Equal(before) {
			t.Errorf("%d events ran, and %v passed", ran, c.Now().Sub(before))
		}
		c.Resume()
		time.Sleep(time.Second)
		synctest.Wait()
		if ran != 2 {
			t.Errorf("%d events ran", ran)
		}
		if passed := c.Now().Sub(before); passed != time.Second {
			t.Errorf("%v passed", passed)
		}
	})
}

func TestARunningClockRunsEventsAtTheirTime(t *testing.T) {
	for _, speed := range []float64{0.5, 1, 3, 60, 100_000} {
		t.Run(fmt.Sprint(speed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := memory.NewClock(memory.ClockOptions{Start: start})
				defer c.Close()
				c.SetSpeed(speed)
				began := time.Now()
				ran := make(chan time.Time)
				c.After(time.Hour, func(now time.Time) { ran <- now })
				if at := (<-ran).Sub(start); at != time.Hour {
					t.Errorf("it ran at %v", at)
				}
				took := time.Since(began)
				if want := time.Duration(math.Ceil(float64(time.Hour) / speed)); took < want || took > want+time.Microsecond {
					t.Errorf("that took %v of the world, want %v", took, want)
				}
			})
		})
	}
}

func TestAdvanceMovesARunningClockToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := memory.NewClock(memory.ClockOptions{Start: start})
		defer c.Close()
		var at time.Duration
		c.After(time.Hour, func(now time.Time) { at = now.Sub(start) })
		time.Sleep(time.Second)
		c.Advance(2 * time.Hour)
		if at != time.Hour {
			t.Errorf("the event ran at %v", at)
		}
		time.Sleep(time.Second)
		if now := c.Now().Sub(start); now != 2*time.Hour+2*time.Second {
			t.Errorf("the clock is at %v", now)
		}
	})
}

func TestAnEventMayPauseTheClock(t *testing.T) {
	c := pausedClock(t)
	var got []time.Duration
	note := func(now time.Time) { got = append(got, now.Sub(start)) }
	c.After(time.Second, func(now time.Time) { note(now); c.Pause() })
	c.After(time.Second, note) // due at the same time, so it runs
	c.After(2*time.Second, note)
	c.Advance(time.Hour)
	if diff := cmp.Diff([]time.Duration{time.Second, time.Second}, got); diff != "" {
		t.Error(diff)
	}
	if now := c.Now().Sub(start); now != time.Second {
		t.Errorf("the clock is at %v", now)
	}
}

func TestAPanicInAnEventIsReportedAndTheClockGoesOn(t *testing.T) {
	var got any
	c := memory.NewClock(memory.ClockOptions{Start: start, Paused: true, OnPanic: func(v any) { got = v }})
	defer c.Close()
	ran := false
	c.After(1, func(time.Time) { panic("ouch") })
	c.After(2, func(time.Time) { ran = true })
	c.Advance(time.Second)
	if got != "ouch" || !ran {
		t.Errorf("reported %v, went on: %v", got, ran)
	}
}

func TestAClosedClockRunsNothing(t *testing.T) {
	c := memory.NewClock(memory.ClockOptions{Start: start, Paused: true})
	ran := false
	c.After(1, func(time.Time) { ran = true })
	c.Close()
	c.Close()
	c.After(1, func(time.Time) { ran = true })
	c.Advance(time.Hour)
	if _, pending := c.Next(); ran || pending {
		t.Error("it did")
	}
}

func TestTimeEndsBeforeItOverflows(t *testing.T) {
	c := pausedClock(t)
	ran := false
	c.After(math.MaxInt64, func(time.Time) { ran = true })
	for range 3 {
		c.Advance(math.MaxInt64)
	}
	if year := c.Now().Year(); year != 2247 || !ran {
		t.Errorf("it is %d, ran: %v", year, ran)
	}
}

// TestTimeNeverRunsBackwardsNorPastAnEvent reads a running clock from all sides
// while events come and go.
func TestTimeNeverRunsBackwardsNorPastAnEvent(t *testing.T) {
	c := memory.NewClock(memory.ClockOptions{})
	defer c.Close()
	c.SetSpeed(1000)
	var latest sync.Mutex // guards last
	var last time.Time
	var reading atomic.Int32
	var wg sync.WaitGroup
	for range 3 {
		reading.Add(1)
		wg.Go(func() {
			defer reading.Add(-1)
			for range 30_000 {
				latest.Lock()
				now := c.Now()
				if now.Before(last) {
					t.Errorf("%v after %v", now, last)
				}
				last = now
				latest.Unlock()
			}
		})
	}
	wg.Go(func() {
		for i := 0; reading.Load() > 0; i++ {
			due := c.Now().Add(time.Duration(i%7) * time.Microsecond)
			cancel := c.At(due, func(now time.Time) {
				if now.Before(due) || !c.Now().Equal(now) {
					t.Errorf("due at %v, told %v, clock says %v", due, now, c.Now())
				}
			})
			switch i % 50 {
			case 0:
				cancel()
			case 1:
				c.Advance(time.Microsecond)
			case 2:
				c.SetSpeed(float64(1 + i%1000))
			case 3:
				c.Pause()
				c.Resume()
			}
		}
	})
	wg.Wait()
}

// TestTheClockAgainstAModel is random events, cancels and steps against a sorted
// list.
func TestTheClockAgainstAModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := memory.NewClock(memory.ClockOptions{Start: start, Paused: true})
		defer c.Close()
		type planned struct {
			at     time.Time
			n      int
			cancel func()
		}
		var plan []planned
		var got, want []int
		n := 0
		rt.Repeat(map[string]func(*rapid.T){
			"at": func(rt *rapid.T) {
				id := n
				n++
				at := c.Now().Add(time.Duration(rapid.IntRange(-3, 20).Draw(rt, "in")))
				p := planned{at: at, n: id}
				if at.Before(c.Now()) {
					p.at = c.Now()
				}
				p.cancel = c.At(at, func(time.Time) { got = append(got, id) })
				plan = append(plan, p)
			},
			"cancel": func(rt *rapid.T) {
				if len(plan) == 0 {
					return
				}
				i := rapid.IntRange(0, len(plan)-1).Draw(rt, "which")
				plan[i].cancel()
				plan = append(plan[:i], plan[i+1:]...)
			},
			"advance": func(rt *rapid.T) {
				end := c.Now().Add(time.Duration(rapid.IntRange(0, 15).Draw(rt, "by")))
				c.Advance(end.Sub(c.Now()))
				for {
					first := -1
					for i, p := range plan {
						if !p.at.After(end) && (first < 0 || p.at.Before(plan[first].at)) {
							first = i
						}
					}
					if first < 0 {
						break
					}
					want = append(want, plan[first].n)
					plan = append(plan[:first], plan[first+1:]...)
				}
			},
			"": func(rt *rapid.T) {
				if diff := cmp.Diff(want, got); diff != "" {
					rt.Fatal(diff)
				}
			},
		})
	})
}

func TestTheClockAsAnAbility(t *testing.T) { // DESIGN.md 4.7
	d := open(t)
	clock := d.Stack().Clock
	d.must(clock.SetClock(d.ctx, true, 60))
	d.must(clock.StepClock(d.ctx, time.Minute))
	state, err := clock.Clock(d.ctx)
	d.must(err)
	d.same(state, backend.ClockState{Now: start.Add(time.Minute), Paused: true, Speed: 60})
	for _, speed := range []float64{0, -1, math.NaN(), math.Inf(1), 1e6} {
		if err := clock.SetClock(d.ctx, false, speed); backend.KindOf(err) != backend.KindInvalid {
			t.Errorf("speed %v: %v", speed, err)
		}
	}
	if err := clock.StepClock(d.ctx, -1); backend.KindOf(err) != backend.KindInvalid {
		t.Errorf("a step back: %v", err)
	}
}

func TestAStepStopsWhereItIsWhenItsContextEnds(t *testing.T) {
	d := open(t)
	ctx, cancel := context.WithCancel(d.ctx)
	defer cancel()
	ran := 0
	for i := range 10 {
		d.clock.After(time.Duration(i)*time.Second, func(time.Time) {
			if ran++; ran == 4 {
				cancel()
			}
		})
	}
	if err := d.Stack().Clock.StepClock(ctx, time.Hour); backend.KindOf(err) != backend.KindCancelled {
		t.Errorf("got %v", err)
	}
	// It stands before the next event, which is due and has not run.
	if now := d.clock.Now().Sub(start); ran != 4 || now != 4*time.Second {
		t.Errorf("%d events ran, it is %v", ran, now)
	}
	d.pass(0)
	if ran != 5 {
		t.Errorf("%d events ran", ran)
	}
}
