package fleet

import (
	"cmp"
	"context"
	"slices"
	"time"

	"sqscope/backend"
)

// How often metrics are read over a network: totals of an engine, and what
// CloudWatch measured, which has a point a minute (docs/SQS.md 12.3). From one
// answer to the next request, so that who remembers an answer for the same time
// has forgotten it.
const (
	totalsEvery  = 10 * time.Second
	measureEvery = time.Minute
	measureFirst = 5 * time.Second // while some were never measured, and for rows that come on screen
)

// metricsBatch is for how many queues metrics are read at once over a network.
// CloudWatch takes 500 metrics in a request, of which a queue has three, and has
// a price for each of them: so a minute's is bounded, however many queues there
// are.
const metricsBatch = 500 / 3

// Meter switches on and off that rates in and out, and the age of the oldest
// message, are read where a place has them. An engine in this process is read
// from the start, because its totals are exact and cost nothing; CloudWatch has
// its price and is minutes late, so over a network it is off. When it is
// switched off, what was read goes: it would only grow old.
func (f *Fleet) Meter(on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.metered == on {
		return
	}
	f.metered, f.meterAt, f.meteredAt, f.metricsErr, f.metricsFails = on, time.Time{}, time.Time{}, nil, 0
	for _, e := range f.queues {
		e.meteredAt = time.Time{}
		if !on {
			f.unmeasure(e)
		}
	}
	f.touch() // the error is gone
	f.poke()
}

// Metered tells whether they are read.
func (f *Fleet) Metered() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.metered
}

// meterStep reads metrics over a network, and tells when it will again. Rows that
// come on screen hardly wait, the others have their turn. While nobody looks
// nothing is read.
func (f *Fleet) meterStep(now time.Time, idle bool) (next time.Time) {
	next = now.Add(never)
	if f.metering || !f.metered || idle || f.o.Stack.Metrics == nil {
		return next
	}
	if now.Before(f.meterAt) && now.Before(f.meteredAt.Add(measureFirst)) {
		return earlier(f.meterAt, f.meteredAt.Add(measureFirst))
	}
	all := !now.Before(f.meterAt)
	es := f.nextMetrics(now, all)
	if len(es) == 0 {
		return later(f.meterAt, f.meteredAt.Add(measureFirst))
	}
	f.metering = true
	f.pacer.charge(now, 1)
	queueURLs := urls(es)
	f.o.Group.Go("fleet metrics", func(ctx context.Context) {
		metrics, err := f.readMetrics(ctx, queueURLs)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.metering = false
		if f.metered { // else it was switched off meanwhile
			f.applyMetrics(es, metrics, err)
			f.nextMeter(time.Now(), es, all)
		}
		f.poke()
	})
	return next
}

// nextMetrics are the queues whose metrics are read next: those on screen and
// pinned ones, and when it is time for all, those for which it is longest ago.
func (f *Fleet) nextMetrics(now time.Time, all bool) []*entry {
	var es []*entry
	for i, e := range f.sorted {
		if !all && f.plans[i].rank > pinned {
			continue
		}
		if e.meteredAt.IsZero() || now.Sub(e.meteredAt) >= f.meterEvery {
			es = append(es, e)
		}
	}
	slices.SortStableFunc(es, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(min(a.rank(), deadLetter), min(b.rank(), deadLetter)), a.meteredAt.Compare(b.meteredAt))
	})
	return es[:min(len(es), metricsBatch)]
}

// nextMeter says when metrics are to be read again, after those of these queues
// were, in the turn of all or before it.
func (f *Fleet) nextMeter(now time.Time, es []*entry, all bool) {
	f.meteredAt = now
	if f.metricsErr != nil {
		f.meteredAt = now.Add(backoff(f.metricsErr.Kind, f.metricsFails))
		f.meterAt = f.meteredAt
		return
	}
	for _, e := range es {
		e.meteredAt = now
	}
	if !all {
		return
	}
	f.meterAt = now.Add(f.meterEvery)
	if slices.ContainsFunc(f.sorted, func(e *entry) bool { return e.meteredAt.IsZero() }) {
		f.meterAt = now.Add(measureFirst)
	}
}

// readMetrics reads what a place knows of these queues beyond SQS.
func (f *Fleet) readMetrics(ctx context.Context, queueURLs []string) (map[string]backend.QueueMetrics, error) {
	if f.o.Stack.Metrics == nil || len(queueURLs) == 0 {
		return nil, nil
	}
	ctx, cancel := f.limit(ctx)
	defer cancel()
	return f.o.Stack.Metrics.QueueMetrics(ctx, queueURLs)
}

// applyMetrics takes what is known of these queues beyond SQS.
func (f *Fleet) applyMetrics(es []*entry, metrics map[string]backend.QueueMetrics, err error) {
	if err != nil {
		f.metricsErr = backend.AsError(err)
		f.metricsFails++
		f.touch()
		return
	}
	if f.metricsErr != nil {
		f.metricsErr, f.metricsFails = nil, 0
		f.touch()
	}
	for _, e := range es {
		m, ok := metrics[e.q.URL]
		switch {
		case !ok:
			f.unmeasure(e)
		case m.Measured.Set:
			f.measured(e, m.Measured.Value)
			f.meterEvery = measureEvery
		default:
			f.counted(e, m)
		}
	}
}

// counted takes an engine's totals.
func (f *Fleet) counted(e *entry, m backend.QueueMetrics) {
	e.history.count(m.AsOf, m.Sent, m.Deleted)
	q := *e.q
	q.Measured, q.Oldest, q.OldestSource, q.OldestAsOf = true, m.Oldest, SourceEngine, m.AsOf
	r := &q.Rates
	r.In, r.Out, r.InKnown = e.history.flow()
	r.OutKnown, r.Source, r.AsOf = r.InKnown, "", time.Time{}
	if r.InKnown {
		r.Source, r.AsOf = SourceEngine, m.AsOf
	}
	f.set(e, q)
}

// measured takes what was seen from outside. An age of 0 is that of no message
// or of a new one, which the depth tells apart.
func (f *Fleet) measured(e *entry, m backend.Measured) {
	q := *e.q
	r := &q.Rates
	r.In, r.InKnown, r.Out, r.OutKnown = m.In.Value, m.In.Set, m.Out.Value, m.Out.Set
	r.Source, r.AsOf = m.Source, m.AsOf
	if !m.In.Set && !m.Out.Set {
		r.Source, r.AsOf = "", time.Time{}
	}
	q.Measured, q.Oldest, q.OldestSource, q.OldestAsOf = false, time.Time{}, "", time.Time{}
	if m.Age.Set && (m.Age.Value > 0 || !q.AsOf.IsZero()) {
		q.Measured, q.OldestSource, q.OldestAsOf = true, m.Source, m.AgeAsOf
		if m.Age.Value > 0 || q.Stored() > 0 {
			q.Oldest = m.AgeAsOf.Add(-m.Age.Value)
		}
	}
	f.set(e, q)
}

// unmeasure drops what metrics told of a queue: nothing is known of it any more.
func (f *Fleet) unmeasure(e *entry) {
	if !e.q.Measured && e.q.Rates.Source == "" {
		return
	}
	q := *e.q
	q.Measured, q.Oldest, q.OldestSource, q.OldestAsOf = false, time.Time{}, "", time.Time{}
	net := q.Rates
	q.Rates = Rates{Net: net.Net, NetKnown: net.NetKnown, Drain: net.Drain, DrainKnown: net.DrainKnown}
	f.set(e, q)
}
