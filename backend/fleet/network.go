package fleet

import (
	"context"
	"time"

	"sqscope/backend"
)

// meterEvery is how often totals are read over a network, where a place has
// them.
const meterEvery = 10 * time.Second

// networkStep sends the requests that are due and allowed, and tells when the
// next may be.
//
// There is one budget of tokens for everything. Explicit acts and rows that
// come on screen may use it up to the last; the steady rest (rows on screen
// that grow old, queues off screen) is paced, and goes at half its pace until
// the reserve for the next burst is full again.
func (f *Fleet) networkStep(now time.Time) (next time.Time) {
	next = now.Add(never)
	limit := f.o.Budget.Background
	if f.idle(now) {
		limit = f.o.Budget.Idle
	} else {
		next = earlier(next, f.activeAt.Add(idleAfter))
	}
	if f.limiter.Limit() != limit {
		f.limiter.SetLimitAt(now, limit)
	}
	if now.Before(f.pausedTil) {
		return earlier(next, f.pausedTil)
	}
	pace := time.Duration(float64(time.Second) / float64(limit))
	parallel := f.o.Budget.Parallel
	if f.readErr != nil {
		parallel = 1 // one is enough to see whether the connection is back
	}
	for f.reading < parallel {
		e := f.nextUrgent(now)
		if e == nil {
			break
		}
		if !f.limiter.AllowN(now, 1) {
			return earlier(next, now.Add(pace))
		}
		f.start(e, now)
	}
	if f.reading >= parallel {
		return next // an answer wakes the loop
	}
	next = earlier(next, f.meterStep(now))
	if now.Before(f.steadyAt) {
		return earlier(next, f.steadyAt)
	}
	e, due := f.nextSteady(now)
	if e == nil {
		return earlier(next, due)
	}
	if full := f.limiter.TokensAt(now) >= float64(f.o.Budget.Burst)-1.5; !full {
		pace *= 2
	}
	f.steadyAt = now.Add(pace)
	if f.limiter.AllowN(now, 1) {
		f.start(e, now)
	}
	return earlier(next, f.steadyAt)
}

// nextUrgent takes the next queue that is to be read as soon as possible:
// those asked for by an explicit act, then those that came on screen.
func (f *Fleet) nextUrgent(now time.Time) *entry {
	for len(f.asked) > 0 {
		e := f.asked[0]
		if e.explicit && !e.reading {
			return e
		}
		f.asked = f.asked[1:]
	}
	for _, arn := range f.look {
		e := f.queues[arn]
		if e != nil && e.urgent && !e.reading && !e.gone && !now.Before(e.heldTil) {
			return e
		}
	}
	return nil
}

// nextSteady picks a queue for the steady rest, or tells when there will be
// one. Rows on screen that have grown too old and queues off screen take turns.
func (f *Fleet) nextSteady(now time.Time) (e *entry, due time.Time) {
	due = now.Add(never)
	var screen, rest *entry
	for _, e := range f.sorted {
		if e.reading || e.gone {
			continue
		}
		at := f.dueAt(e)
		if at.After(now) {
			due = earlier(due, at)
			continue
		}
		if e.looked {
			screen = older(screen, e)
		} else {
			rest = older(rest, e)
		}
	}
	if screen != nil && (rest == nil || !f.screenLast) {
		f.screenLast = true
		return screen, due
	}
	f.screenLast = false
	return rest, due
}

// dueAt is when a queue is to be read again.
func (f *Fleet) dueAt(e *entry) time.Time {
	at := e.q.AsOf
	switch {
	case at.IsZero():
	case e.looked:
		at = at.Add(f.maxAge)
	case at.Before(f.staleBefore):
	default:
		at = at.Add(backgroundAge)
	}
	if e.heldTil.After(at) {
		at = e.heldTil
	}
	return at
}

// older is the one that was tried longer ago; of two that never were the first.
func older(a, b *entry) *entry {
	if a == nil || b.triedAt.Before(a.triedAt) {
		return b
	}
	return a
}

// start reads a queue in a goroutine of its own.
func (f *Fleet) start(e *entry, now time.Time) {
	f.begin(e, now)
	f.reading++
	url := e.q.URL
	f.o.Group.Go("fleet reading", func(ctx context.Context) {
		s := f.sample(ctx, url)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.reading--
		f.apply(e, s)
		f.poke()
	})
}

// begin marks a queue as being read.
func (f *Fleet) begin(e *entry, now time.Time) {
	e.reading, e.urgent, e.explicit, e.again = true, false, false, false
	e.triedAt = now
}

// meterStep reads the clock and totals of the queues on screen, where there
// are any, and tells when it will again.
func (f *Fleet) meterStep(now time.Time) (next time.Time) {
	if f.metering || f.o.Stack.Metrics == nil && f.o.Stack.Clock == nil {
		return now.Add(never)
	}
	if now.Before(f.meterAt) {
		return f.meterAt
	}
	var es []*entry
	for _, arn := range f.look {
		if e := f.queues[arn]; e != nil && !e.gone {
			es = append(es, e)
		}
	}
	f.metering, f.meterAt = true, now.Add(meterEvery)
	f.limiter.ReserveN(now, 1)
	queueURLs := urls(es)
	f.o.Group.Go("fleet totals", func(ctx context.Context) {
		x := f.readClock(ctx)
		x.totals = f.readTotals(ctx, queueURLs)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.metering = false
		f.applyClock(x)
		f.applyTotals(es, x.totals)
		f.poke()
	})
	return f.meterAt
}

func urls(es []*entry) []string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = e.q.URL
	}
	return out
}

// sample is the answer to one reading.
type sample struct {
	attributes map[string]string
	at         time.Time
	err        error
}

func (f *Fleet) sample(ctx context.Context, queueURL string) sample {
	ctx, cancel := f.limit(ctx)
	defer cancel()
	out, err := f.o.Stack.SQS.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{
		QueueUrl: queueURL, AttributeNames: []string{backend.AttrAll},
	})
	return sample{out.Attributes, time.Now(), err}
}

// extras are what a place tells beyond SQS. What cannot be read is not known;
// the queues' own readings tell what is wrong with the connection.
type extras struct {
	clock   backend.ClockState
	clockAt time.Time // zero: not read
	totals  map[string]backend.QueueMetrics
}

func (f *Fleet) readClock(ctx context.Context) extras {
	if f.o.Stack.Clock == nil {
		return extras{}
	}
	ctx, cancel := f.limit(ctx)
	defer cancel()
	c, err := f.o.Stack.Clock.Clock(ctx)
	if err != nil {
		return extras{}
	}
	return extras{clock: c, clockAt: time.Now()}
}

func (f *Fleet) readTotals(ctx context.Context, queueURLs []string) map[string]backend.QueueMetrics {
	if f.o.Stack.Metrics == nil || len(queueURLs) == 0 {
		return nil
	}
	ctx, cancel := f.limit(ctx)
	defer cancel()
	totals, err := f.o.Stack.Metrics.QueueMetrics(ctx, queueURLs)
	if err != nil {
		return nil
	}
	return totals
}
