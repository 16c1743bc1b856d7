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
	if e.again {
		e.again = false
		f.ask(e)
	}
	if f.queues[e.q.ARN] != e {
		return // it went meanwhile
	}
	if s.err != nil {
		f.failed(e, backend.AsError(s.err), s.at)
	} else {
		f.read(e, s)
	}
	f.touch()
}

// read takes a successful reading.
func (f *Fleet) read(e *entry, s sample) {
	if f.readErr != nil && f.listErr != nil {
		f.listAt = s.at // the way is open again: the names need not wait for their turn
	}
	f.readErr, f.readFails = nil, 0
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
	q.FIFO = q.ARN.FIFO() || s.attributes[backend.AttrFifoQueue] == "true"
	if e.history.add(f.worldTime(s.at), q.Visible, q.InFlight, q.Delayed) {
		q.Trend = e.history.trend()
	}
	q.Rates.Net, q.Rates.NetKnown = e.history.net()
	if policy := s.attributes[backend.AttrRedrivePolicy]; policy != before {
		// A policy that cannot be read names no queue; the attributes show it as
		// it is.
		q.Redrive, _ = rules.ParseRedrivePolicy(policy)
		e.target, _ = backend.ParseARN(q.Redrive.DeadLetterTargetArn)
		f.wiring = true
	}
	e.q = &q
	f.named(e)
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
// queue.
func (f *Fleet) failed(e *entry, err *backend.Error, now time.Time) {
	switch {
	case err.Kind == backend.KindCancelled:
		e.heldTil = now.Add(time.Second)
	case err.Kind == backend.KindNotFound:
		if !e.gone {
			e.gone, f.members = true, true
		}
	case everyones(err.Kind):
		if !now.Before(f.pausedTil) { // the first of those that were out together
			f.readFails++
			f.pausedTil = now.Add(backoff(err.Kind, f.readFails))
		}
		f.readErr = err
		e.urgent = e.looked
	default:
		e.fails++
		e.heldTil = now.Add(backoff(err.Kind, e.fails))
		q := *e.q
		q.Err = err
		e.q = &q
	}
}

// applyClock takes a reading of the clock.
func (f *Fleet) applyClock(x extras) {
	if !x.clockAt.IsZero() {
		f.clock, f.clockAt = x.clock, x.clockAt
		f.touch()
	}
}

// applyTotals takes what is known of these queues beyond SQS.
func (f *Fleet) applyTotals(es []*entry, totals map[string]backend.QueueMetrics) {
	for _, e := range es {
		m, ok := totals[e.q.URL]
		if !ok {
			continue
		}
		e.history.count(m.AsOf, m.Sent, m.Deleted)
		q := *e.q
		q.Measured, q.Oldest = true, m.Oldest
		q.Rates.In, q.Rates.Out, q.Rates.InKnown = e.history.flow()
		q.Rates.OutKnown = q.Rates.InKnown
		e.q = &q
		f.touch()
	}
}
