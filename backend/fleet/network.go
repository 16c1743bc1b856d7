package fleet

import (
	"context"
	"time"

	"sqscope/backend"
)

// refusedMany is how many readings in a row have to fail, each for its own
// queue, to be taken for a right or an action that is missing altogether; then
// slowGap lies between two that are tried.
const (
	refusedMany = 20
	slowGap     = 2 * time.Second
)

// networkStep sends the requests that are due and allowed, and tells when the
// next may be.
//
// There is one budget of tokens for everything. Explicit acts and rows that
// come on screen may use it up to the last; the steady rest is paced.
func (f *Fleet) networkStep(now time.Time) (next time.Time) {
	next = now.Add(never)
	idle := f.idle(now)
	f.pacer.look(f, !idle)
	if !idle {
		next = earlier(next, f.activeAt.Add(idleAfter))
	}
	next = earlier(next, f.showPace(now))
	if now.Before(f.pausedTil) {
		return earlier(next, f.pausedTil)
	}
	parallel := f.pacer.budget.Parallel
	if f.readErr != nil {
		parallel = 1 // one is enough to see whether the connection is back
	}
	for f.reading < parallel {
		j := f.nextUrgent(now)
		if j.e == nil {
			break
		}
		if ok, retry := f.pacer.take(now); !ok {
			if retry.IsZero() {
				return next // an answer wakes the loop
			}
			return earlier(next, retry)
		}
		f.start(j, now)
	}
	if f.reading >= parallel {
		return next // an answer wakes the loop
	}
	next = earlier(next, f.clockStep(now))
	next = earlier(next, f.meterStep(now, idle))
	return earlier(next, f.steadyStep(now))
}

// showPace has a change of the pace shown, and tells when there may be one.
func (f *Fleet) showPace(now time.Time) (next time.Time) {
	pace, changes := f.pacer.pace(now)
	if pace != f.shownPace {
		f.shownPace = pace
		f.touch()
		f.poke()
	}
	if changes.IsZero() {
		return now.Add(never)
	}
	return changes
}

// steadyStep sends the request of the steady rest whose turn it is. While there
// is something to do, this fleet has a slot reserved.
func (f *Fleet) steadyStep(now time.Time) (next time.Time) {
	if f.slotAt.IsZero() {
		if j, due := f.nextSteady(now); j.e == nil {
			return due
		}
		f.reserve(now)
	}
	if now.Before(f.slotAt) {
		return f.slotAt
	}
	j, due := f.nextSteady(now)
	if j.e == nil {
		f.slotAt = time.Time{}
		return due
	}
	f.reserve(now)
	if ok, _ := f.pacer.take(now); ok { // else acts and rows have used it up
		f.turn++
		f.start(j, now)
	}
	return f.slotAt
}

func (f *Fleet) reserve(now time.Time) {
	f.slotAt = f.pacer.reserve(now)
	if f.refused >= refusedMany {
		f.slotAt = f.slotAt.Add(slowGap)
	}
}

// start sends a request in a goroutine of its own.
func (f *Fleet) start(j job, now time.Time) {
	e := j.e
	f.reading++
	queueURL := e.q.URL
	if j.tags {
		f.beginTags(e, now)
	} else {
		f.begin(e, now)
	}
	f.o.Group.Go("fleet reading", func(ctx context.Context) {
		var s sample
		var t tagSample
		if j.tags {
			t = f.sampleTags(ctx, queueURL)
		} else {
			s = f.sample(ctx, queueURL)
		}
		f.pacer.give()
		f.mu.Lock()
		defer f.mu.Unlock()
		f.reading--
		if j.tags {
			f.applyTags(e, t)
		} else {
			f.apply(e, s)
		}
		f.poke()
	})
}

// begin marks a queue as being read.
func (f *Fleet) begin(e *entry, now time.Time) {
	e.reading, e.urgent, e.explicit, e.again = true, false, false, false
	e.triedAt = now
	f.plan(e)
}

// sample is the answer to one reading.
type sample struct {
	attributes map[string]string
	sent, at   time.Time
	err        error
}

func (f *Fleet) sample(ctx context.Context, queueURL string) sample {
	ctx, cancel := f.limit(ctx)
	defer cancel()
	sent := time.Now()
	out, err := f.o.Stack.SQS.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{
		QueueUrl: queueURL, AttributeNames: []string{backend.AttrAll},
	})
	return sample{out.Attributes, sent, time.Now(), err}
}

// limit is the context of one request. What fails is tried again at a time that
// the budget has for it.
func (f *Fleet) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(backend.Once(ctx), f.o.Timeout)
}

// clockEvery is how often the clock is read over a network, where there is one.
const clockEvery = 10 * time.Second

// clockStep reads the clock over a network, where a place has one, and tells
// when it will again.
func (f *Fleet) clockStep(now time.Time) (next time.Time) {
	if f.clocking || f.o.Stack.Clock == nil {
		return now.Add(never)
	}
	if now.Before(f.clockDue) {
		return f.clockDue
	}
	f.clocking, f.clockDue = true, now.Add(clockEvery)
	f.pacer.charge(now, 1)
	f.o.Group.Go("fleet clock", func(ctx context.Context) {
		c, at := f.readClock(ctx)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.clocking = false
		f.applyClock(c, at)
		f.poke()
	})
	return f.clockDue
}

// readClock reads the engine's clock. Where there is none, or it cannot be read,
// the time is zero; the queues' own readings tell what is wrong.
func (f *Fleet) readClock(ctx context.Context) (c backend.ClockState, at time.Time) {
	if f.o.Stack.Clock == nil {
		return c, at
	}
	ctx, cancel := f.limit(ctx)
	defer cancel()
	c, err := f.o.Stack.Clock.Clock(ctx)
	if err != nil {
		return backend.ClockState{}, at
	}
	return c, time.Now()
}

// applyClock takes a reading of the clock.
func (f *Fleet) applyClock(c backend.ClockState, at time.Time) {
	if !at.IsZero() {
		f.clock, f.clockAt = c, at
		f.touch()
	}
}

func urls(es []*entry) []string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = e.q.URL
	}
	return out
}
