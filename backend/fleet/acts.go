package fleet

import (
	"slices"
	"time"

	"sqscope/backend"
)

// Look says which queues are on screen, and how old their readings may be.
// Those that come on screen are read at once if they are older. A queue that is
// not known yet is read as soon as it is listed.
func (f *Fleet) Look(arns []backend.ARN, maxAge time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.Equal(f.look, arns) && f.maxAge == maxAge {
		return
	}
	now := time.Now()
	for _, arn := range f.look {
		if e := f.queues[arn]; e != nil {
			e.looked = false
			f.plan(e)
		}
	}
	before := f.lookSet
	f.look, f.maxAge, f.lookSet = slices.Clone(arns), maxAge, setOf(arns)
	for _, arn := range arns {
		if e := f.queues[arn]; e != nil {
			e.looked = true
			e.urgent = e.urgent && before[arn] || !before[arn] && !e.reading && f.stale(e, now)
			f.plan(e)
		}
	}
	f.poke()
}

// stale tells whether a queue on screen is due for a reading.
func (f *Fleet) stale(e *entry, now time.Time) bool {
	return e.q.AsOf.IsZero() || now.Sub(e.q.AsOf) >= f.maxAge
}

// setOf is the set of these.
func setOf(arns []backend.ARN) map[backend.ARN]bool {
	set := make(map[backend.ARN]bool, len(arns))
	for _, arn := range arns {
		set[arn] = true
	}
	return set
}

// Pin says which queues are read before others when they are off screen, and
// more often. It replaces what was pinned before; a queue that is not known yet
// is pinned when it is.
func (f *Fleet) Pin(arns []backend.ARN) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pins = setOf(arns)
	for arn, e := range f.queues {
		e.pinned = f.pins[arn]
	}
	f.planAll()
	f.poke()
}

// WantTags says whose tags are wanted: they are read as the budget allows and
// again when they are ten minutes old. It replaces what was wanted before; what
// was read stays in the picture.
func (f *Fleet) WantTags(arns []backend.ARN) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.wants
	f.wants = setOf(arns)
	for _, some := range []map[backend.ARN]bool{before, f.wants} { // of ten thousand queues mostly one or two
		for arn := range some {
			if e := f.queues[arn]; e != nil && e.wanted != f.wants[arn] {
				e.wanted = f.wants[arn]
				f.plan(e)
			}
		}
	}
	f.poke()
}

// Refresh reads one queue now, after an act on it, and its tags where they are
// wanted. One that is not known is looked for with a new listing.
func (f *Fleet) Refresh(arn backend.ARN) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.queues[arn]
	if e == nil {
		f.listAt = time.Now()
	} else {
		e.tagsStale, e.tagsHeldTil = true, time.Time{}
		f.ask(e)
	}
	f.poke()
}

// RefreshAll lists the names now, reads the queues on screen now and all others,
// and tags where they are wanted, as the budget allows.
func (f *Fleet) RefreshAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	f.listAt, f.staleBefore = now, now
	f.planAll()
	for _, arn := range f.look {
		if e := f.queues[arn]; e != nil {
			f.ask(e)
		}
	}
	f.poke()
}

// Add takes a queue into the picture that was made just now and that a listing
// may not name for a while (2.7).
func (f *Fleet) Add(queueURL string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.found(queueURL)
	e.keptUntil = time.Now().Add(time.Minute)
	if e.gone {
		e.gone, f.members = false, true
	}
	f.ask(e)
	f.touch()
	f.poke()
}

// Retry tries at once whatever failed and waits for its next try.
func (f *Fleet) Retry() {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if f.listErr != nil {
		f.listAt = now
	}
	f.pausedTil, f.tagsHeldTil, f.refused = time.Time{}, time.Time{}, 0
	for _, e := range f.queues {
		e.heldTil, e.tagsHeldTil = time.Time{}, time.Time{}
	}
	f.planAll()
	if f.metricsErr != nil {
		f.meterAt = now
	}
	f.poke()
}

// Active says that somebody is there: a key was pressed, or the terminal has
// the focus again. After a rest, rows on screen that grew old are read at once.
func (f *Fleet) Active() {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	was := f.idle(now)
	f.activeAt, f.unfocused = now, false
	if !was {
		return
	}
	f.slotAt = time.Time{} // it was reserved at the slow pace
	for _, arn := range f.look {
		if e := f.queues[arn]; e != nil {
			e.urgent = e.urgent || !e.reading && f.stale(e, now)
		}
	}
	f.poke()
}

// Idle says that nobody is looking: the terminal has lost the focus.
func (f *Fleet) Idle() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unfocused = true
	f.poke()
}

func (f *Fleet) idle(now time.Time) bool {
	return f.unfocused || now.Sub(f.activeAt) >= idleAfter
}

// ask queues a reading of one queue before all others, whatever failed before.
func (f *Fleet) ask(e *entry) {
	e.heldTil = time.Time{}
	f.plan(e)
	if e.reading {
		e.again = true
		return
	}
	if !e.explicit {
		e.explicit = true
		f.asked = append(f.asked, e)
	}
}

// poke lets the loop look at the schedule anew.
func (f *Fleet) poke() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}
