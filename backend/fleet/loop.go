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
	defer f.pacer.leave(f)
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

func later(a, b time.Time) time.Time {
	if b.After(a) {
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
	if t := f.publishedAt.Add(f.o.Gap); t.After(f.publishAt) {
		f.publishAt = t
	}
}

// arrange sorts the queues that exist by name.
func (f *Fleet) arrange() {
	f.sorted = f.sorted[:0]
	for _, e := range f.queues {
		e.i = -1
		if !e.gone {
			f.sorted = append(f.sorted, e)
		}
	}
	slices.SortFunc(f.sorted, func(a, b *entry) int { return compareARN(a.q.ARN, b.q.ARN) })
	f.plans, f.known, f.unreadable = make([]plan, len(f.sorted)), 0, 0
	for i, e := range f.sorted {
		e.i = i
		f.plan(e)
		f.count(e.q, 1)
	}
	f.members, f.rebuilt, f.wiring = false, true, true
}

// publish makes a new picture. What is not new in it is shared with the last.
func (f *Fleet) publish(now time.Time) {
	if f.wiring {
		f.rewire()
	}
	s := &Snapshot{
		Version:      f.Snapshot().Version + 1,
		Queues:       f.pictures(),
		Known:        f.known,
		Unreadable:   f.unreadable,
		ListComplete: f.complete,
		ListedAt:     f.listedAt,
		Clock:        f.clock,
		ClockAt:      f.clockAt,
		Pace:         f.shownPace,
		MetricsErr:   f.metricsErr,
	}
	for _, i := range f.dlqs {
		s.DLQs = append(s.DLQs, s.Queues[i])
	}
	f.wiring, f.dirty, f.publishedAt = false, false, now
	s.Err, s.RetryAt = f.trouble()
	f.snap.Store(s)
	select {
	case f.changed <- struct{}{}:
	default:
	}
}

// pictures are those of all queues by name.
func (f *Fleet) pictures() []*Queue {
	var all []*Queue
	if f.rebuilt {
		all = make([]*Queue, len(f.sorted))
		for i, e := range f.sorted {
			all[i] = e.q
		}
	} else {
		all = slices.Clone(f.Snapshot().Queues)
		for _, e := range f.news {
			if e.i >= 0 {
				all[e.i] = e.q
			}
		}
	}
	clear(f.news)
	f.news, f.rebuilt = f.news[:0], false
	return all
}
