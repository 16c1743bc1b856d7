package fleet

import (
	"context"
	"time"

	"sqscope/backend"
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
	r := f.round(now, full)
	if len(r.read) == 0 && len(r.tags) == 0 && !full {
		return f.pollAt
	}
	f.polling = true
	f.o.Group.Go("fleet round", func(ctx context.Context) { f.poll(ctx, r) })
	return f.pollAt
}

// round is whom to read: queues, and tags of queues.
type round struct{ read, tags []*entry }

// round makes a round: those asked for and those that came on screen, and in a
// full round all on screen and a share of the others, so that each has its turn
// every few seconds.
func (f *Fleet) round(now time.Time, full bool) (r round) {
	take := func(e *entry) {
		f.begin(e, now)
		r.read = append(r.read, e)
	}
	for j := f.nextUrgent(now); j.e != nil; j = f.nextUrgent(now) {
		if j.tags {
			f.beginTags(j.e, now)
			r.tags = append(r.tags, j.e)
		} else {
			take(j.e)
		}
	}
	if !full {
		return r
	}
	for _, arn := range f.look {
		if e := f.queues[arn]; e != nil && !e.reading && !e.gone && !now.Before(e.heldTil) {
			take(e)
		}
	}
	n := len(f.sorted)
	share := max(leastShare, 1+int(int64(n)*int64(f.o.Poll)/int64(offScreenAge)))
	for i, left := 0, share; i < n && left > 0; i++ {
		f.cursor = (f.cursor + 1) % n
		e := f.sorted[f.cursor]
		fresh := !e.q.AsOf.IsZero() && now.Sub(e.q.AsOf) < offScreenAge-f.o.Poll && !e.q.AsOf.Before(f.staleBefore)
		if e.reading || e.gone || fresh || now.Before(e.heldTil) {
			continue
		}
		take(e)
		left--
	}
	r.tags = f.dueTags(r.tags, now, share)
	return r
}

// dueTags adds a share of the queues whose tags are to be read now.
func (f *Fleet) dueTags(es []*entry, now time.Time, share int) []*entry {
	if len(f.wants) == 0 || now.Before(f.tagsHeldTil) {
		return es
	}
	for _, e := range f.sorted {
		if share > 0 && f.wantsTags(e) && !now.Before(f.tagsDueAt(e)) {
			f.beginTags(e, now)
			es = append(es, e)
			share--
		}
	}
	return es
}

// poll reads the queues of a round one after the other, and takes them into
// the picture together.
func (f *Fleet) poll(ctx context.Context, r round) {
	f.mu.Lock()
	metered := f.metered
	reads, tagged := urls(r.read), urls(r.tags)
	f.mu.Unlock()
	clock, clockAt := f.readClock(ctx) // first: the readings are no older than it says
	samples := make([]sample, len(reads))
	for i, u := range reads {
		samples[i] = f.sample(ctx, u)
	}
	tags := make([]tagSample, len(tagged))
	for i, u := range tagged {
		tags[i] = f.sampleTags(ctx, u)
	}
	var metrics map[string]backend.QueueMetrics
	var err error
	if metered {
		metrics, err = f.readMetrics(ctx, reads)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.polling = false
	f.applyClock(clock, clockAt)
	for i, e := range r.read {
		f.apply(e, samples[i])
	}
	for i, e := range r.tags {
		f.applyTags(e, tags[i])
	}
	if metered && f.metered { // it may have been switched off meanwhile
		f.applyMetrics(r.read, metrics, err)
	}
	f.poke()
}
