package fleet

import (
	"context"
	"slices"
	"time"
)

// never is a time that no step has to wait for.
const never = 24 * time.Hour

// run is the loop: it does what is due and sleeps until the next thing is.
func (f *Fleet) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.wake:
		case <-timer.C:
		}
		timer.Reset(f.step())
	}
}

// step starts every reading that is due and publishes, and tells how long
// nothing will be.
func (f *Fleet) step() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if f.members {
		f.arrange()
	}
	if f.dirty && !now.Before(f.publishAt) {
		f.publish(now)
	}
	next := now.Add(never)
	if f.dirty {
		next = f.publishAt
	}
	if !f.listing {
		if !now.Before(f.listAt) {
			f.listing = true
			f.generation++
			f.o.Group.Go("fleet listing", f.list)
		} else {
			next = earlier(next, f.listAt)
		}
	}
	if f.o.Poll > 0 {
		next = earlier(next, f.pollStep(now))
	} else {
		next = earlier(next, f.networkStep(now))
	}
	return max(next.Sub(now), 0)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// touch says that there is something new to publish: soon, so that answers
// which come together are shown together, and not too often.
func (f *Fleet) touch() {
	if f.dirty {
		return
	}
	f.dirty = true
	f.publishAt = time.Now().Add(publishLag)
	if t := f.publishedAt.Add(publishGap); t.After(f.publishAt) {
		f.publishAt = t
	}
}

// arrange sorts the queues that exist by name.
func (f *Fleet) arrange() {
	f.sorted = f.sorted[:0]
	for _, e := range f.queues {
		if !e.gone {
			f.sorted = append(f.sorted, e)
		}
	}
	slices.SortFunc(f.sorted, func(a, b *entry) int { return compareARN(a.q.ARN, b.q.ARN) })
	f.members, f.wiring = false, true
}

// publish makes a new picture. What is not new in it is shared with the last.
func (f *Fleet) publish(now time.Time) {
	if f.wiring {
		f.rewire()
	}
	f.wiring, f.dirty, f.publishedAt = false, false, now
	s := &Snapshot{
		Version:      f.Snapshot().Version + 1,
		Queues:       make([]*Queue, 0, len(f.sorted)),
		ListComplete: f.complete,
		ListedAt:     f.listedAt,
		Clock:        f.clock,
		ClockAt:      f.clockAt,
	}
	for _, e := range f.sorted {
		s.Queues = append(s.Queues, e.q)
		if e.q.IsDLQ() {
			s.DLQs = append(s.DLQs, e.q)
		}
		if !e.q.AsOf.IsZero() {
			s.Known++
		}
	}
	switch {
	case f.listErr != nil:
		s.Err, s.RetryAt = f.listErr, f.listAt
	case f.readErr != nil:
		s.Err, s.RetryAt = f.readErr, f.pausedTil
	}
	f.snap.Store(s)
	select {
	case f.changed <- struct{}{}:
	default:
	}
}
