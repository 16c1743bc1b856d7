package fleet

import (
	"math"
	"time"
)

// rank is how much a queue is worth to those who look: less is more.
type rank int8

// The ranks. A queue that was never read is one that may have changed.
const (
	onScreen rank = iota
	pinned
	deadLetter // a RedrivePolicy names it
	stirring   // its counts changed at the last readings
	calm
)

// How old a reading may get before the queue is read again, by rank; that of
// rows on screen is said by who looks.
const (
	pinnedAge = 15 * time.Second
	freshAge  = 30 * time.Second // dead-letter queues, and those that change
	calmAge   = time.Minute
)

// stirFor is for how many readings a queue counts as one that changes after its
// counts did.
const stirFor = 2

func (e *entry) rank() rank {
	switch {
	case e.looked:
		return onScreen
	case e.pinned || e.opened:
		return pinned
	case e.fails > 0:
		return calm
	case e.q.IsDLQ():
		return deadLetter
	case e.stirred > 0 || e.q.AsOf.IsZero():
		return stirring
	}
	return calm
}

// plan is how a queue stands in the schedule, for a quick look at thousands:
// nanoseconds of Unix time. What is under way or not wanted is due never.
type plan struct {
	due, tried         int64
	tagsDue, tagsTried int64
	rank               rank
}

const notDue = math.MaxInt64

// nanos is a time as plans have it; that of the zero time is before all others.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// plan brings the plan of a queue up to date after it changed.
func (f *Fleet) plan(e *entry) {
	if e.i < 0 || e.i >= len(f.plans) {
		return // it comes with the next sorting
	}
	p := plan{due: notDue, tried: nanos(e.triedAt), tagsDue: notDue, tagsTried: nanos(e.tagsTriedAt), rank: e.rank()}
	if !e.reading && !e.gone {
		p.due = nanos(f.dueAt(e))
	}
	if f.wantsTags(e) {
		p.tagsDue = nanos(f.tagsDueAt(e))
	}
	f.plans[e.i] = p
}

// planAll brings all plans up to date.
func (f *Fleet) planAll() {
	for _, e := range f.sorted {
		f.plan(e)
	}
}

// job is one request for a queue: for its attributes or for its tags. A job
// without a queue is none.
type job struct {
	e    *entry
	tags bool
}

// nextUrgent takes the next request that is to go out as soon as possible: for
// queues asked for by an explicit act, then for those that came on screen, then
// for the tags of the latter, if that leaves something for the next screen.
func (f *Fleet) nextUrgent(now time.Time) job {
	if e := f.nextAsked(); e != nil {
		return job{e: e}
	}
	var tags *entry
	held := now.Before(f.tagsHeldTil)
	for _, arn := range f.look {
		e := f.queues[arn]
		switch {
		case e == nil || e.gone:
		case e.urgent && !e.reading && !now.Before(e.heldTil):
			return job{e: e}
		case tags == nil && !held && f.wantsTags(e) && !now.Before(f.tagsDueAt(e)):
			tags = e
		}
	}
	if tags == nil || f.o.Poll == 0 && !f.pacer.rich(now) {
		return job{}
	}
	return job{e: tags, tags: true}
}

// nextAsked is the first of those asked for by an explicit act.
func (f *Fleet) nextAsked() *entry {
	for len(f.asked) > 0 {
		e := f.asked[0]
		if e.explicit && !e.reading {
			return e
		}
		f.asked = f.asked[1:]
	}
	return nil
}

// nextSteady picks what the next request of the steady rest is for, or tells
// when there will be something. Every other request goes to what is worth most;
// the ones between to who has waited longest and to tags that are wanted, so that
// nothing starves while the budget is short.
func (f *Fleet) nextSteady(now time.Time) (j job, due time.Time) {
	if f.refused >= refusedMany {
		if e := f.nextProbe(now); e != nil {
			return job{e: e}, now
		}
	}
	best, longest, tags, due := f.survey(now)
	switch turn := f.turn % 4; {
	case tags >= 0 && (turn == 3 || best < 0):
		return job{e: f.sorted[tags], tags: true}, due
	case best < 0:
		return job{}, due
	case longest >= 0 && turn%2 == 1:
		return job{e: f.sorted[longest]}, due
	case tags >= 0 && f.plans[best].rank > pinned:
		return job{e: f.sorted[tags], tags: true}, due
	}
	return job{e: f.sorted[best]}, due
}

// survey finds what is due now: what is worth most, who off screen has waited
// longest, and whose tags are worth most, each as a place in the order or -1; and
// when the next will be due.
func (f *Fleet) survey(now time.Time) (best, longest, tags int, due time.Time) {
	best, longest, tags = -1, -1, -1
	at, next := now.UnixNano(), now.Add(never).UnixNano()
	for i := range f.plans {
		p := &f.plans[i]
		switch {
		case p.tagsDue > at:
			next = min(next, p.tagsDue)
		case tags < 0 || p.tagsBefore(&f.plans[tags]):
			tags = i
		}
		if p.due > at {
			next = min(next, p.due)
			continue
		}
		if best < 0 || p.before(&f.plans[best]) {
			best = i
		}
		if p.rank != onScreen && (longest < 0 || p.tried < f.plans[longest].tried) {
			longest = i
		}
	}
	if tags >= 0 && now.Before(f.tagsHeldTil) {
		tags, next = -1, min(next, f.tagsHeldTil.UnixNano())
	}
	return best, longest, tags, time.Unix(0, next)
}

// before tells whether a queue is worth more than another: it is of higher rank,
// or of the same and was tried longer ago.
func (p *plan) before(o *plan) bool {
	return p.rank < o.rank || p.rank == o.rank && p.tried < o.tried
}

// tagsBefore tells whether its tags are: those on screen are worth most, then
// those of pinned queues, then all others by how long ago they were tried.
func (p *plan) tagsBefore(o *plan) bool {
	a, b := min(p.rank, deadLetter), min(o.rank, deadLetter)
	return a < b || a == b && p.tagsTried < o.tagsTried
}

// nextProbe picks a queue that is due anywhere, while those next in order are
// all refused: the rights to others may be there. By the golden ratio each is far
// from those before.
func (f *Fleet) nextProbe(now time.Time) *entry {
	f.probe += 0x9E3779B9
	n := len(f.plans)
	start := int(uint64(f.probe) * uint64(n) >> 32)
	for i := range n {
		if i := (start + i) % n; f.plans[i].due <= now.UnixNano() {
			return f.sorted[i]
		}
	}
	return nil
}

// dueAt is when a queue is to be read again.
func (f *Fleet) dueAt(e *entry) time.Time {
	at := e.q.AsOf
	if !at.IsZero() {
		switch r := e.rank(); {
		case r == onScreen:
			at = at.Add(f.maxAge)
		case at.Before(f.staleBefore):
		case r == pinned:
			at = at.Add(pinnedAge)
		case r == deadLetter || r == stirring:
			at = at.Add(freshAge)
		default:
			at = at.Add(calmAge)
		}
	}
	if e.heldTil.After(at) {
		at = e.heldTil
	}
	return at
}
