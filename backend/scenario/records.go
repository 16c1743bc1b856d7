package scenario

import (
	"slices"
	"time"

	"sqscope/backend"
)

// How actors become records and records actors. What was written by hand is
// refused where an actor could not live with it.

func (p *producer) save() actorRecord {
	r := p.ledger.record(p.name, p.pen)
	r.Producer = &producerRecord{Began: p.began.UnixNano(), Next: *p.next.record()}
	return r
}

func (p *producer) load(r actorRecord) error {
	if err := p.ledger.load(r, p.name, p.pen); err != nil {
		return err
	}
	if r.Producer == nil || r.Worker != nil {
		return wrong("a producer was expected")
	}
	var err error
	if p.next, err = r.Producer.Next.wait(); err != nil {
		return err
	}
	if r.Producer.Began < 0 || r.Producer.Began > r.Producer.Next.At {
		return wrong("a beginning before the next request was expected")
	}
	p.began = timeOf(r.Producer.Began)
	return nil
}

func (p *producer) waiting() []resumption { return []resumption{p.run.again(&p.next, p.send)} }

func (w *worker) save() actorRecord {
	r := w.ledger.record(w.name, w.pen)
	r.Worker = &workerRecord{Pause: w.pause.record(), InLine: w.inLine.number}
	for _, h := range w.hands {
		saved := handRecord{Batch: h.batch, Next: h.next.record()}
		for i := range w.faults {
			if len(h.batch) > 0 && h.fault == &w.faults[i] {
				saved.Fault = i + 1
			}
		}
		r.Worker.Hands = append(r.Worker.Hands, saved)
	}
	for _, h := range w.idle {
		r.Worker.Idle = append(r.Worker.Idle, slices.Index(w.hands, h))
	}
	return r
}

func (w *worker) load(r actorRecord) error {
	if err := w.ledger.load(r, w.name, w.pen); err != nil {
		return err
	}
	if r.Worker == nil || r.Producer != nil {
		return wrong("a worker was expected")
	}
	if len(r.Worker.Hands) != len(w.hands) {
		return wrong("%d hands were expected, not %d", len(w.hands), len(r.Worker.Hands))
	}
	for i, saved := range r.Worker.Hands {
		if err := w.loadHand(w.hands[i], saved); err != nil {
			return err
		}
	}
	if err := w.loadIdle(r.Worker.Idle); err != nil {
		return err
	}
	if (r.Worker.Pause != nil) != (len(w.idle) > 0) || r.Worker.InLine > 0 && (r.Worker.Pause == nil || w.wait == 0) {
		return wrong("a worker that waits was expected to have a free hand, and one that does not to have none")
	}
	var err error
	if r.Worker.Pause != nil {
		w.pause, err = r.Worker.Pause.wait()
	}
	w.inLine.number = r.Worker.InLine
	return err
}

func (w *worker) loadHand(h *hand, saved handRecord) (err error) {
	if len(saved.Batch) > w.batch || saved.Fault < 0 || saved.Fault > len(w.faults) {
		return wrong("at most %d messages and %d rules of failing were expected", w.batch, len(w.faults))
	}
	if len(saved.Batch) > 0 && saved.Next == nil {
		return wrong("a hand with messages was expected to have a time when it is done")
	}
	h.batch = saved.Batch
	if saved.Fault > 0 {
		h.fault = &w.faults[saved.Fault-1]
	}
	if saved.Next != nil {
		h.next, err = saved.Next.wait()
	}
	return err
}

// loadIdle makes those hands free that have nothing to wait for.
func (w *worker) loadIdle(idle []int) error {
	w.idle = nil
	free := 0
	for _, h := range w.hands {
		if !h.next.on() {
			free++
		}
	}
	for _, i := range idle {
		if i < 0 || i >= len(w.hands) || w.hands[i].next.on() || slices.Contains(w.idle, w.hands[i]) {
			return wrong("a free hand was expected, each once")
		}
		w.idle = append(w.idle, w.hands[i])
	}
	if len(idle) != free {
		return wrong("%d free hands were expected, not %d", free, len(idle))
	}
	return nil
}

func (w *worker) waiting() []resumption {
	var all []resumption
	for _, h := range w.hands {
		switch {
		case len(h.batch) > 0:
			all = append(all, w.run.again(&h.next, func(now time.Time) { w.finish(h, now) }))
		case h.next.on():
			all = append(all, w.run.again(&h.next, func(now time.Time) { w.free(h, now) }))
		}
	}
	if w.pause.on() {
		all = append(all, w.run.again(&w.pause, w.again))
	}
	if w.inLine.on() {
		all = append(all, resumption{w.inLine.number, w.queueUp})
	}
	return all
}

// queueUp takes a worker's place in line again. Where that is not to be had, the
// pause is there still, and the poll after it gets the reason.
func (w *worker) queueUp() {
	cancel, err := w.run.engine.Await(w.from, w.run.locked(w.again))
	w.note(err)
	w.inLine.cancel = cancel
}

func (l *ledger) record(name string, p *pen) actorRecord {
	dice, err := p.dice.MarshalBinary()
	if err != nil {
		panic("scenario: a PCG has no state: " + err.Error())
	}
	return actorRecord{Name: name, Dice: dice, Done: l.done, Failed: l.failed, Err: recordError(l.err)}
}

func (l *ledger) load(r actorRecord, name string, p *pen) (err error) {
	if r.Name != name {
		return wrong("%s was expected", name)
	}
	if err := p.dice.UnmarshalBinary(r.Dice); err != nil {
		return wrong("its dice: %v", err)
	}
	l.done, l.failed = r.Done, r.Failed
	l.err, err = r.Err.error()
	return err
}

func (w *wait) record() *waitRecord {
	if !w.on() {
		return nil
	}
	return &waitRecord{w.at.UnixNano(), w.number}
}

func (r waitRecord) wait() (wait, error) {
	if r.At < 0 || r.Number == 0 {
		return wait{}, wrong("a time and a number from 1 on were expected")
	}
	return wait{at: timeOf(r.At), number: r.Number}, nil
}

func timeOf(at int64) time.Time { return time.Unix(0, at).UTC() }

func recordError(err error) *errorRecord {
	if err == nil {
		return nil
	}
	e := backend.AsError(err)
	return &errorRecord{e.Kind.String(), e.Code, e.Shape, e.Status, e.Message, e.Action, e.Subject, e.Next}
}

// error is the error of a record, nil if there was none.
func (r *errorRecord) error() (error, error) {
	if r == nil {
		return nil, nil
	}
	for k := backend.KindInternal; k <= backend.KindUnsupported; k++ {
		if k.String() == r.Kind {
			return &backend.Error{
				Kind: k, Code: r.Code, Shape: r.Shape, Status: r.Status, Message: r.Message, Action: r.Action,
				Subject: r.Subject, Next: r.Next,
			}, nil
		}
	}
	return nil, wrong("%q is no kind of error", r.Kind)
}
