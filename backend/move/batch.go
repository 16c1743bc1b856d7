package move

import (
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// pace keeps the rate.
type pace struct {
	limited bool
	next    time.Time // nothing is sent before
}

// margin is how long a lease must last for a batch to begin, and how long each of
// its requests may take.
func (r *run) margin() time.Duration { return min(r.o.Lease/2, maxMargin) }

// launchBatch sends the next batch that is due, a full one unless less will do.
func (r *run) launchBatch(now time.Time, partial bool) bool {
	if r.stop != "" || r.jobs > 0 && (!r.proven || r.serial()) || now.Before(r.pace.next) {
		return false
	}
	most, rate := tens, 0.0
	if r.o.Rate != nil {
		rate = r.o.Rate(r.tally.sent, now.Sub(r.began))
	}
	if r.pace.limited = rate > 0; r.pace.limited {
		most = max(1, min(tens, int(rate)))
	}
	for to := range r.pools {
		if r.dead[to] != nil {
			r.bury(to)
			continue
		}
		batch, full := r.pick(to, most, now)
		if len(batch) == 0 || !full && !partial {
			continue
		}
		r.pools[to] = r.pools[to][len(batch):]
		if r.pace.limited {
			r.pace.next = now.Add(time.Duration(float64(len(batch)) / rate * float64(time.Second)))
		}
		r.launchJob(to, batch)
		return true
	}
	return false
}

// pick is the head of a pool as far as it goes into one request (docs/SQS.md
// 1.12), and whether no more would. What was on lease too long is dropped first.
func (r *run) pick(to, most int, now time.Time) (batch []*item, full bool) {
	live := r.pools[to][:0]
	for _, it := range r.pools[to] {
		if it.leased(now) {
			live = append(live, it)
			continue
		}
		r.untake(it)
		r.forget(it)
	}
	r.pools[to] = live
	bytes := 0
	for i, it := range live {
		if bytes += it.l.size(); i == most || bytes > rules.MaxBatchBytes {
			return live[:i:i], true
		}
	}
	return live[:len(live):len(live)], len(live) >= most
}

// bury gives up the messages for a destination that takes nothing any more.
func (r *run) bury(to int) {
	for _, it := range r.pools[to] {
		r.fail(it, Failed, "", backend.AsError(r.dead[to]))
	}
	r.pools[to] = nil
}

// fail puts a message that was chosen, and not sent, to what is given back.
func (r *run) fail(it *item, o Outcome, newID string, why *backend.Error) {
	it.phase = resting
	r.taken--
	r.record(it, o, newID, why)
	r.stopGroup(it)
}

func (r *run) launchJob(to int, batch []*item) {
	for _, it := range batch {
		it.phase = working
	}
	r.jobs++
	j := &job{r: r, to: &r.o.To[to], index: to, margin: r.margin()}
	r.spawn("move batch", func() func() {
		j.do(batch)
		return func() {
			r.jobs--
			r.booked(j)
		}
	})
}

// booked takes what a job says of each of its messages.
func (r *run) booked(j *job) {
	for _, v := range j.verdicts {
		it := v.it
		renewed := r.renew(it)
		switch v.kind {
		case verdictMoved:
			r.tally.sent++
			r.moved(it, v.newID, renewed)
		case verdictOwed:
			r.tally.sent++
			r.owe(it, v)
		case verdictUnwritten:
			r.tally.sent++
			it.phase, r.unwritten = resting, true
			r.record(it, Both, v.newID, v.why)
		case verdictLapsed:
			r.untake(it)
			r.stopGroup(it)
			if it.leased(time.Now()) && r.group(it) == "" { // it has come again
				r.takeOn(it)
			} else {
				r.forget(it)
			}
		case verdictBehind:
			it.phase = resting
			r.taken--
			r.record(it, Left, "", behind(it))
		case verdictFailed:
			r.fail(it, Failed, "", v.why)
		case verdictSwallowed:
			r.fail(it, Swallowed, v.newID, v.why)
		case verdictDoubt:
			it.phase = resting
			r.record(it, PossibleDuplicate, v.newID, v.why)
			r.stopGroup(it)
		}
	}
	r.conclude(j)
	r.report(true)
}

// conclude draws what follows from a batch for the rest of the move.
func (r *run) conclude(j *job) {
	switch {
	case j.moved > 0:
		r.troubles, r.proven = 0, true
	case j.trouble() != nil:
		if r.troubles++; r.troubles >= tries {
			r.because(StopFailed, j.trouble())
		}
	}
	switch j.end {
	case endRun:
		r.because(StopFailed, j.err)
	case endDestination:
		r.dead[j.index] = j.err
		r.bury(j.index)
		for _, err := range r.dead {
			if err == nil {
				return
			}
		}
		r.because(StopFailed, j.err)
	case endNothing:
	}
}

// renew takes up a lease that came while the message was in a job, and tells
// whether one did.
func (r *run) renew(it *item) bool {
	if it.next.m.MessageId == "" {
		return false
	}
	it.m, it.ends, it.next = it.next.m, it.next.ends, lease{}
	return true
}

// moved books a delete that SQS confirmed. A message that came once more meanwhile
// is one more time in the source.
func (r *run) moved(it *item, newID string, again bool) {
	it.phase = gone
	if it.at < 0 || r.result.Messages[it.at].Outcome != Moved {
		r.tally.deleted++
		r.record(it, Moved, newID, nil)
	}
	if again {
		r.doom(it)
		return
	}
	it.ends = time.Time{}
}

// owe notes a message that was sent and could not be deleted by its lease.
func (r *run) owe(it *item, v verdict) {
	again := it.leased(time.Now()) && it.m.ReceiptHandle != v.handle
	it.phase = owed
	r.tally.owed++
	if it.owes++; it.owes <= tries {
		r.scan.goOn()
	}
	r.record(it, Both, v.newID, v.why)
	if again { // it has come again already
		r.doom(it)
	}
}

// doom has a message deleted that was sent before, now that it is on lease once
// more, if it is the same.
func (r *run) doom(it *item) {
	if it.phase == owed {
		r.tally.owed--
	}
	want := it.l.digest
	if it.past != nil {
		want = it.past.digest
	}
	if it.m.MD5OfBody != want.MD5 || it.m.MD5OfMessageAttributes != want.Attributes {
		e := backend.Errorf(backend.KindConflict, "is not what was sent: its digests differ")
		e.Subject, e.Next = it.m.MessageId, "it was kept; look at both"
		it.phase = resting
		r.record(it, PossibleDuplicate, r.newIDOf(it), e)
		return
	}
	it.phase = working
	r.doomed = append(r.doomed, it)
}

// launchDelete deletes up to ten of those that wait for it.
func (r *run) launchDelete() {
	n := min(tens, len(r.doomed))
	batch := r.doomed[:n:n]
	r.doomed = r.doomed[n:]
	j := &job{r: r, margin: r.margin()}
	for _, it := range batch {
		j.sent = append(j.sent, verdict{it: it, newID: r.newIDOf(it)})
	}
	r.spawn("move delete", func() func() {
		j.delete()
		return func() {
			for _, v := range j.verdicts {
				renewed := r.renew(v.it)
				if v.kind == verdictMoved {
					r.moved(v.it, v.newID, renewed)
				} else {
					r.owe(v.it, v)
				}
			}
			r.conclude(j)
			r.report(true)
		}
	})
}

func (r *run) newIDOf(it *item) string {
	switch {
	case it.at >= 0:
		return r.result.Messages[it.at].NewID
	case it.past != nil:
		return it.past.newID
	}
	return ""
}
