package fleet

import (
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// apply takes the answer to a reading into the picture.
func (f *Fleet) apply(e *entry, s sample) {
	e.reading = false
	defer f.plan(e)
	if e.again {
		e.again = false
		f.ask(e)
	}
	if f.queues[e.q.ARN] != e {
		return // it went meanwhile
	}
	if s.err != nil {
		f.failed(e, backend.AsError(s.err), s)
	} else {
		f.read(e, s)
	}
	f.touch()
}

// set gives a queue another picture, to be published soon.
func (f *Fleet) set(e *entry, q Queue) {
	if e.i >= 0 {
		f.count(e.q, -1)
		f.count(&q, 1)
	}
	e.q = &q
	f.news = append(f.news, e)
	f.plan(e)
	f.touch()
}

// count counts a queue among those that were read, or that could not be.
func (f *Fleet) count(q *Queue, n int) {
	switch {
	case !q.AsOf.IsZero():
		f.known += n
	case q.Err != nil:
		f.unreadable += n
	}
}

// works takes it that the connection does.
func (f *Fleet) works(at time.Time) {
	if f.readErr != nil && f.listErr != nil {
		f.listAt = at // the way is open again: the names need not wait for their turn
	}
	f.readErr, f.readFails = nil, 0
}

// read takes a successful reading.
func (f *Fleet) read(e *entry, s sample) {
	f.works(s.at)
	f.refused, f.refusedErr = 0, nil
	e.fails, e.heldTil = 0, time.Time{}
	if e.gone {
		e.gone, f.members = false, true
	}
	q := *e.q
	before := q.Attributes[backend.AttrRedrivePolicy]
	q.Attributes, q.AsOf, q.Err = s.attributes, s.at, nil
	q.Visible = number(s.attributes, backend.AttrMessages)
	q.InFlight = number(s.attributes, backend.AttrMessagesNotVisible)
	q.Delayed = number(s.attributes, backend.AttrMessagesDelayed)
	e.stir(&q)
	q.FIFO = q.ARN.FIFO() || s.attributes[backend.AttrFifoQueue] == "true"
	if e.history.add(f.worldTime(s.at), q.Visible, q.InFlight, q.Delayed) {
		q.Trend = e.history.trend()
	}
	q.Grew, q.Over = e.history.grew()
	q.Rates.Net, q.Rates.NetKnown = e.history.net()
	q.Rates.Drain, q.Rates.DrainKnown = e.history.drain()
	if policy := s.attributes[backend.AttrRedrivePolicy]; policy != before {
		// A policy that cannot be read names no queue; the attributes show it as
		// it is.
		q.Redrive, _ = rules.ParseRedrivePolicy(policy)
		e.target, _ = backend.ParseARN(q.Redrive.DeadLetterTargetArn)
		f.wiring = true
	}
	f.set(e, q)
	f.named(e)
}

// stir notes whether a reading has other counts than the one before.
func (e *entry) stir(now *Queue) {
	before := e.q
	same := before.Visible == now.Visible && before.InFlight == now.InFlight && before.Delayed == now.Delayed
	if before.AsOf.IsZero() || same {
		e.stirred = max(e.stirred-1, 0)
	} else {
		e.stirred = stirFor
	}
}

// named remembers the ARN that the queue gives itself, where that is not the
// one its URL and region make: local emulators have regions of their own.
func (f *Fleet) named(e *entry) {
	own, ok := backend.ParseARN(e.q.Attributes[backend.AttrQueueArn])
	if ok && own != e.q.ARN && f.alias[own] != e {
		f.alias[own] = e
		f.wiring = true
	}
}

// number reads a count; what is absent or no number counts as 0, as SQS leaves
// out nothing here (docs/SQS.md 2.2).
func number(attributes map[string]string, name string) int {
	n, err := strconv.Atoi(attributes[name])
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// worldTime is the queues' own time at a moment of ours.
func (f *Fleet) worldTime(at time.Time) time.Time {
	s := Snapshot{Clock: f.clock, ClockAt: f.clockAt}
	return s.Now(at)
}

// failed takes a failed reading: a queue that does not exist goes; an error
// that is everyone's stops all reading for a while; any other stays with its
// queue, as everything does with one that was asked for by name.
func (f *Fleet) failed(e *entry, err *backend.Error, s sample) {
	switch {
	case err.Kind == backend.KindCancelled:
		e.heldTil = s.at.Add(time.Second)
	case err.Kind == backend.KindNotFound && !e.guest():
		if !e.gone {
			e.gone, f.members = true, true
		}
	case everyones(err.Kind):
		f.connectionFailed(err, s.sent, s.at)
		e.urgent = e.looked
	default:
		if err.Kind != backend.KindNotFound {
			f.refused, f.refusedErr = f.refused+1, err
		}
		e.fails++
		e.heldTil = s.at.Add(backoff(err.Kind, e.fails))
		q := *e.q
		q.Err = err
		f.set(e, q)
	}
}

// connectionFailed stops all reading for a while. Requests that were out
// together fail together and count once.
func (f *Fleet) connectionFailed(err *backend.Error, sent, at time.Time) {
	if err.Kind == backend.KindThrottled {
		f.pacer.throttled(sent, at)
	}
	if !at.Before(f.pausedTil) {
		f.readFails++
		f.pausedTil = at.Add(backoff(err.Kind, f.readFails))
	}
	f.readErr = err
	f.touch()
}

// trouble is what keeps the picture from being renewed, and when it is tried
// again. A request that was throttled is none as long as others get through: the
// pace says it. Many in a row that were each refused for their own queue are.
func (f *Fleet) trouble() (err *backend.Error, retryAt time.Time) {
	switch {
	case f.listErr != nil:
		return f.listErr, f.listAt
	case f.readErr != nil && (f.readErr.Kind != backend.KindThrottled || f.readFails > 1):
		return f.readErr, f.pausedTil
	case f.refused >= refusedMany:
		e := *f.refusedErr
		e.Subject = "every queue tried lately"
		return &e, f.slotAt
	}
	return nil, time.Time{}
}
