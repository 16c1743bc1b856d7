package scenario

import (
	"slices"

	"sqscope/backend"
)

// How workers become records and records workers. What was written by hand is
// refused where a worker could not live with it.

type workerRecord struct {
	Hands []handRecord `json:"hands"`
	Idle  []int        `json:"idle"` // hands, the next to work at the end
	Most  int          `json:"most,omitempty"`
	pollRecord
	handlingRecord
}

type handRecord struct {
	Batch   []backend.Message `json:"batch,omitempty"`
	Done    []backend.Message `json:"done,omitempty"`
	Fault   int               `json:"fault,omitempty"` // number of the rule from 1
	Since   int64             `json:"since,omitempty"`
	Next    *waitRecord       `json:"next,omitempty"`
	Beat    *waitRecord       `json:"beat,omitempty"`
	Leaving bool              `json:"leaving,omitempty"`
}

func (w *worker) save() actorRecord {
	r := w.record()
	r.Worker = &workerRecord{Most: w.most, pollRecord: w.poller.save(), handlingRecord: w.handling.save()}
	for _, h := range w.hands {
		saved := handRecord{
			Batch: h.batch, Done: h.done, Since: stampOf(h.since), Next: h.next.record(), Beat: h.beat.record(), Leaving: h.leaving,
		}
		if len(h.batch) > 0 {
			saved.Fault = w.handling.faultNumber(h.fault)
		}
		r.Worker.Hands = append(r.Worker.Hands, saved)
	}
	for _, h := range w.idle {
		r.Worker.Idle = append(r.Worker.Idle, slices.Index(w.hands, h))
	}
	return r
}

func (w *worker) load(a actorRecord) error {
	r := a.Worker
	if r == nil {
		return wrong("a worker was expected")
	}
	w.ask()
	staying := 0
	for _, h := range r.Hands {
		if !h.Leaving {
			staying++
		}
	}
	if least := w.leastHands(); staying < least || len(r.Hands) > mostHands {
		return wrong("%d to %d hands were expected, not %d", least, mostHands, len(r.Hands))
	}
	w.hands, w.idle = nil, nil
	for _, saved := range r.Hands {
		if err := w.loadHand(w.hire(), saved); err != nil {
			return err
		}
	}
	w.most = max(len(w.hands), r.Most)
	if err := w.loadIdle(r.Idle); err != nil {
		return err
	}
	if err := w.handling.load(r.handlingRecord); err != nil {
		return err
	}
	return w.poller.load(r.pollRecord)
}

// mostHands is how many hands a group has at most, those that are leaving too.
const mostHands = 2 * maxWorkers

// leastHands is how many workers there are at least: those that the file or a
// knob says, or those that a scaler may have left of them.
func (w *worker) leastHands() int {
	if s := w.play.scenario.scalerOf(w.name); s != nil {
		return min(s.least, w.count)
	}
	return w.count
}

func (w *worker) loadHand(h *hand, saved handRecord) (err error) {
	if len(saved.Batch)+len(saved.Done) > maxBatch {
		return wrong("at most %d messages were expected", maxBatch)
	}
	if len(saved.Batch) > 0 && saved.Next == nil || len(saved.Done) > 0 && len(saved.Batch) == 0 {
		return wrong("a hand with messages was expected to have a time when it is done")
	}
	if saved.Beat != nil && len(saved.Batch) == 0 {
		return wrong("a heartbeat was expected only of a hand with messages")
	}
	if h.fault, err = w.handling.faultOf(saved.Fault); err != nil {
		return err
	}
	h.batch, h.done, h.leaving, h.since = saved.Batch, saved.Done, saved.Leaving, timeOrNone(saved.Since)
	if err := h.next.load(saved.Next); err != nil {
		return err
	}
	return h.beat.load(saved.Beat)
}

// loadIdle makes those hands free that have nothing to wait for.
func (w *worker) loadIdle(idle []int) error {
	free := 0
	for _, h := range w.hands {
		if !h.next.on() {
			free++
		}
	}
	for _, i := range idle {
		if i < 0 || i >= len(w.hands) || w.hands[i].next.on() || w.hands[i].leaving || slices.Contains(w.idle, w.hands[i]) {
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
	all := w.poller.waiting()
	for _, h := range w.hands {
		all = append(all, resumed(h.next, h.beat)...)
	}
	return all
}
