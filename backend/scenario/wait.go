package scenario

import (
	"cmp"
	"slices"
	"time"
)

// wait is what an actor waits for: an event on the clock, or its turn in the
// line for messages. The zero wait is none. Events that are due at the same time
// happen in the order in which they were set, and who came first is woken first,
// so the number of a wait is part of its state.
type wait struct {
	at     time.Time // of an event
	number uint64    // in the order in which all waits of the run began; 0: none
	cancel func()
}

func (w *wait) on() bool { return w.number > 0 }

// end withdraws what has not happened.
func (w *wait) end() {
	if w.cancel != nil {
		w.cancel()
	}
	*w = wait{}
}

// resumption puts a wait of a snapshot into effect.
type resumption struct {
	number uint64
	begin  func()
}

// resume puts the waits of all actors into effect, in the order in which they
// began.
func resume(actors []actor) {
	var all []resumption
	for _, a := range actors {
		all = append(all, a.waiting()...)
	}
	slices.SortFunc(all, func(a, b resumption) int { return cmp.Compare(a.number, b.number) })
	for _, one := range all {
		one.begin()
	}
}

// at has the engine's clock call f with the run's lock held, unless the run has
// stopped by then.
func (r *Run) at(t time.Time, f func(now time.Time)) wait {
	return wait{at: t, number: r.nextWait(), cancel: r.clock.At(t, r.locked(f))}
}

func (r *Run) nextWait() uint64 {
	r.waits++
	return r.waits
}

// again is the resumption of a wait for an event.
func (r *Run) again(w *wait, f func(now time.Time)) resumption {
	return resumption{w.number, func() { w.cancel = r.clock.At(w.at, r.locked(f)) }}
}

func (r *Run) locked(f func(now time.Time)) func(now time.Time) {
	return func(now time.Time) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.stopped {
			f(now)
		}
	}
}
