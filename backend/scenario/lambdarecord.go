package scenario

import (
	"sqscope/backend"
)

// How functions become records and records functions.

type lambdaRecord struct {
	Gathered []backend.Message  `json:"gathered,omitempty"`
	Since    int64              `json:"since,omitempty"`
	Gather   *waitRecord        `json:"gather,omitempty"`
	Held     []throttledRecord  `json:"held,omitempty"`
	Calls    []invocationRecord `json:"calls,omitempty"`
	Peak     int                `json:"peak,omitempty"`
	pollRecord
	handlingRecord
}

type throttledRecord struct {
	Batch []backend.Message `json:"batch"`
	Since int64             `json:"since"`
	End   *waitRecord       `json:"end"`
}

type invocationRecord struct {
	Batch  []backend.Message `json:"batch"`
	Failed []bool            `json:"failed,omitempty"` // of those that are behind it
	Fault  int               `json:"fault,omitempty"`
	Since  int64             `json:"since"`
	Next   *waitRecord       `json:"next"`
}

func (l *lambda) save() actorRecord {
	r := l.record()
	s := &lambdaRecord{
		Gathered: l.gathered, Since: stampOf(l.since), Gather: l.gather.record(), Peak: l.peak,
		pollRecord: l.poller.save(), handlingRecord: l.handling.save(),
	}
	for _, h := range l.held {
		s.Held = append(s.Held, throttledRecord{h.batch, stampOf(h.since), h.end.record()})
	}
	for _, i := range l.running {
		s.Calls = append(s.Calls, invocationRecord{i.batch, i.failed, l.handling.faultNumber(i.fault), stampOf(i.since), i.next.record()})
	}
	r.Lambda = s
	return r
}

func (l *lambda) load(a actorRecord) error {
	r := a.Lambda
	if r == nil {
		return wrong("a function was expected")
	}
	if len(r.Gathered) > 0 && len(r.Gathered) >= l.batch || len(r.Held) > maxWorkers || len(r.Calls) > maxWorkers {
		return wrong("less than a batch, and at most %d batches were expected", maxWorkers)
	}
	if (r.Gather != nil) != (len(r.Gathered) > 0) {
		return wrong("a time when the batch is complete was expected with messages of one, and without them none")
	}
	l.gathered, l.since = r.Gathered, timeOrNone(r.Since)
	l.ask()
	if err := l.gather.load(r.Gather); err != nil {
		return err
	}
	for _, h := range r.Held {
		if len(h.Batch) == 0 || h.End == nil {
			return wrong("a batch and the time when it is given up were expected")
		}
		if err := l.hold(h.Batch, timeOrNone(h.Since)).end.load(h.End); err != nil {
			return err
		}
	}
	for _, i := range r.Calls {
		if err := l.loadCall(i); err != nil {
			return err
		}
	}
	l.peak = max(r.Peak, len(l.running))
	if err := l.handling.load(r.handlingRecord); err != nil {
		return err
	}
	return l.poller.load(r.pollRecord)
}

func (l *lambda) loadCall(r invocationRecord) (err error) {
	if len(r.Failed) >= len(r.Batch) || r.Next == nil {
		return wrong("a batch with a message at work and the time when it is done were expected")
	}
	i := l.call(r.Batch, timeOrNone(r.Since))
	i.failed, i.at = append(i.failed, r.Failed...), len(r.Failed)
	if i.fault, err = l.handling.faultOf(r.Fault); err != nil {
		return err
	}
	return i.next.load(r.Next)
}

func (l *lambda) waiting() []resumption {
	all := append(l.poller.waiting(), resumed(l.gather)...)
	for _, h := range l.held {
		all = append(all, resumed(h.end)...)
	}
	for _, i := range l.running {
		all = append(all, resumed(i.next)...)
	}
	return all
}
