package memory

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"

	"sqscope/backend"
)

// Restore replaces everything that the engine holds by what a snapshot holds,
// the time and pace of its clock and the seed included, or changes nothing (see
// [backend.Snapshots]). Account and region must be the same. Long polls end
// empty; other calls that are under way may be refused as ServiceUnavailable,
// which clients repeat. It costs O(n log n) in messages. An event on the clock
// must not call it.
func (e *Engine) Restore(ctx context.Context, in io.Reader) error {
	const action = "Restore"
	if err := e.ready(ctx); err != nil {
		return about(action, "", err)
	}
	w, err := e.readWorld(ctx, in)
	if err != nil {
		return about(action, "", err)
	}
	applies, err := e.load(w.sections)
	if err != nil {
		return about(action, "", err)
	}
	return about(action, "", e.enact(w, applies))
}

// load has the keepers look into their sections.
func (e *Engine) load(sections map[string]json.RawMessage) (applies []func(), err error) {
	e.sections.Lock()
	keepers := maps.Clone(e.keepers)
	e.sections.Unlock()
	for _, name := range slices.Sorted(maps.Keys(keepers)) {
		apply, err := keepers[name].Load(sections[name])
		if err != nil {
			bad := *backend.AsError(err)
			bad.Kind, bad.Message = backend.KindInvalid, "section "+name+": "+bad.Message
			return nil, &bad
		}
		if apply != nil {
			applies = append(applies, apply)
		}
	}
	return applies, nil
}

// enact puts a world in force while nothing else happens.
func (e *Engine) enact(w *world, applies []func()) error {
	e.clock.turn.Lock()
	defer e.clock.turn.Unlock()
	if err := e.replaceBy(w); err != nil {
		return err
	}
	e.sections.Lock()
	e.restored = w.sections
	e.sections.Unlock()
	for _, apply := range applies {
		apply()
	}
	for _, q := range w.queues { // each sets its alarm, if anybody listens
		q.mu.Lock()
		q.settle()
		q.mu.Unlock()
	}
	if e.events.listened() {
		e.events.publish(backend.Event{At: timeOf(w.head.Now), Kind: backend.EventRestored})
	}
	return nil
}

func (e *Engine) replaceBy(w *world) error {
	old, unlock := e.lockAll()
	defer unlock()
	if e.closed.Load() {
		return errClosed()
	}
	for _, q := range old {
		q.retire()
	}
	e.clock.reset(w.head.Now, w.head.Paused, w.head.Speed)
	e.seed, e.secret, e.created = uint64(w.head.Seed), uint64(w.head.Secret), w.head.Created
	e.deleted.clear()
	for _, name := range slices.SortedFunc(maps.Keys(w.head.Deleted), func(a, b string) int {
		return cmp.Compare(w.head.Deleted[a], w.head.Deleted[b])
	}) {
		at := w.head.Deleted[name]
		e.deleted.put(name, at, at)
	}
	e.names, e.sorted = make(map[string]*queue, len(w.queues)), slices.Clone(w.queues)
	slices.SortFunc(e.sorted, func(a, b *queue) int { return cmp.Compare(a.name, b.name) })
	for _, q := range w.queues {
		e.names[q.name] = q
	}
	e.faults.replace(w.faults, w.head.Faults)
	e.running.Store(int32(len(w.tasks)))
	slices.SortFunc(w.tasks, func(a, b *moveTask) int { return cmp.Or(cmp.Compare(a.wake, b.wake), cmp.Compare(a.order, b.order)) })
	e.steps.Store(0)
	for _, t := range w.tasks {
		e.steps.Store(max(e.steps.Load(), t.order))
		t.wake, t.stop = e.clock.at(t.wake, t.step)
	}
	return nil
}

// retire takes a queue out of use whose engine goes on with other ones. With mu
// held.
func (q *queue) retire() {
	q.gone, q.replaced = true, true
	if len(q.tasks) > 0 && !q.tasks[0].status.Done() {
		q.tasks[0].stop()
	}
	q.callAll()
	q.settle()
}

func (f *faults) replace(list []*fault, given uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list, f.given = list, given
	f.rearm()
}
