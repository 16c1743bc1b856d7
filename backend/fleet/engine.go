package fleet

import (
	"context"
	"time"
)

// offScreenAge is how old the reading of a queue off screen may be in an
// engine in this process, and leastShare how many of them a round may read at
// the least.
const (
	offScreenAge = 3 * time.Second
	leastShare   = 32
)

// pollStep starts a round through the engine in this process when it is time,
// or when an act asks for one, and tells when the next is.
func (f *Fleet) pollStep(now time.Time) (next time.Time) {
	if f.polling {
		return now.Add(never)
	}
	if now.Before(f.pausedTil) {
		return f.pausedTil
	}
	full := !now.Before(f.pollAt)
	if full {
		f.pollAt = now.Add(f.o.Poll)
	}
	es := f.round(now, full)
	if len(es) == 0 && !full {
		return f.pollAt
	}
	f.polling = true
	f.o.Group.Go("fleet round", func(ctx context.Context) { f.poll(ctx, es) })
	return f.pollAt
}

// round is whom to read: those asked for and those that came on screen, and in
// a full round all on screen and a share of the others, so that each has its
// turn every few seconds.
func (f *Fleet) round(now time.Time, full bool) []*entry {
	var es []*entry
	take := func(e *entry) {
		f.begin(e, now)
		es = append(es, e)
	}
	for e := f.nextUrgent(now); e != nil; e = f.nextUrgent(now) {
		take(e)
	}
	if !full {
		return es
	}
	for _, arn := range f.look {
		if e := f.queues[arn]; e != nil && !e.reading && !e.gone && !now.Before(e.heldTil) {
			take(e)
		}
	}
	n := len(f.sorted)
	share := max(leastShare, 1+int(int64(n)*int64(f.o.Poll)/int64(offScreenAge)))
	for i := 0; i < n && share > 0; i++ {
		f.cursor = (f.cursor + 1) % n
		e := f.sorted[f.cursor]
		fresh := !e.q.AsOf.IsZero() && now.Sub(e.q.AsOf) < offScreenAge-f.o.Poll && !e.q.AsOf.Before(f.staleBefore)
		if e.reading || e.gone || fresh || now.Before(e.heldTil) {
			continue
		}
		take(e)
		share--
	}
	return es
}

// poll reads the queues of a round one after the other, and takes them into
// the picture together.
func (f *Fleet) poll(ctx context.Context, es []*entry) {
	f.mu.Lock()
	queueURLs := urls(es)
	f.mu.Unlock()
	x := f.readClock(ctx) // first: the readings are no older than it says
	samples := make([]sample, len(es))
	for i, u := range queueURLs {
		samples[i] = f.sample(ctx, u)
	}
	x.totals = f.readTotals(ctx, queueURLs)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.polling = false
	f.applyClock(x)
	for i, e := range es {
		f.apply(e, samples[i])
	}
	f.applyTotals(es, x.totals)
	f.poke()
}
