package scenario

import (
	"cmp"
	"slices"
	"time"

	"sqscope/backend/memory"
)

// wait is what an actor waits for: an event on the clock, always the same, or its
// turn in the line for messages. Events that are due at the same time happen in
// the order in which they were set, and who came first is woken first, so the
// number of a wait is part of its state.
type wait struct {
	run    *Run
	timer  *memory.Timer
	at     time.Time
	number uint64 // in the order in which all waits of the run began; 0: none
}

// wait makes a wait that has not begun. The engine's clock calls f with the
// run's lock held, unless the run has stopped by then.
func (r *Run) wait(f func(now time.Time)) *wait {
	w := &wait{run: r}
	w.timer = r.clock.NewTimer(r.locked(func(now time.Time) {
		w.number = 0
		f(now)
	}))
	return w
}

func (w *wait) on() bool { return w.number > 0 }

// begin waits until a time, in place of what it waited for.
func (w *wait) begin(at time.Time) {
	w.at, w.number = at, w.run.nextWait()
	w.timer.Set(at)
}

// end withdraws what has not happened.
func (w *wait) end() {
	if w.on() {
		w.timer.Stop()
		w.number = 0
	}
}

// resume is the resumption of a wait for an event.
func (w *wait) resume() resumption {
	return resumption{w.number, func() { w.timer.Set(w.at) }}
}

// turn is a place in the line for messages.
type turn struct {
	number uint64 // as a wait's
	cancel func()
}

func (t *turn) end() {
	if t.cancel != nil {
		t.cancel()
	}
	*t = turn{}
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

// resumed are the waits among these that are on.
func resumed(waits ...*wait) []resumption {
	var all []resumption
	for _, w := range waits {
		if w.on() {
			all = append(all, w.resume())
		}
	}
	return all
}

func (r *Run) nextWait() uint64 {
	r.waits++
	return r.waits
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
