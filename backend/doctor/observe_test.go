package doctor

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/fleet"
)

// TestObserve: the picture's wiring and ages become facts, and sources are known
// only when every queue has been read.
func TestObserve(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	source, target := arnOf(t, orders), arnOf(t, ordersDLQ)
	attrs := attributes(t, orders, map[string]string{backend.AttrRedrivePolicy: redrive(ordersDLQ, 5)})
	s := &fleet.Snapshot{ListComplete: true, Queues: []*fleet.Queue{
		{ARN: source, Attributes: attrs, DLQ: &target, AsOf: at, Measured: true, Oldest: at.Add(-time.Hour)},
		{ARN: target, Sources: []backend.ARN{source}, AsOf: at, Measured: true, Attributes: attributes(t, ordersDLQ, nil)},
	}}
	want := []Facts{
		{
			Queue: source, Attributes: attrs, DLQ: s.Queues[1].Attributes, SourcesKnown: true, Embedded: true,
			Oldest: backend.Some(time.Hour + time.Minute),
		},
		{Queue: target, Attributes: s.Queues[1].Attributes, Sources: []backend.ARN{source}, SourcesKnown: true, Embedded: true},
	}
	if d := cmp.Diff(want, Observe(s, at.Add(time.Minute), true)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	for name, change := range map[string]func(){
		"a queue that was not read": func() { s.Queues = append(s.Queues, &fleet.Queue{ARN: arnOf(t, ledger)}) },
		"a listing under way":       func() { s.Queues, s.ListComplete = s.Queues[:2], false },
	} {
		change()
		for _, f := range Observe(s, at, false) {
			if f.SourcesKnown {
				t.Errorf("with %s the sources of %s are taken to be all", name, f.Queue.Name)
			}
		}
		s.Queues, s.ListComplete = s.Queues[:2], true
	}
	s.Queues[0].DLQ, s.Queues[0].DLQMissing = &backend.ARN{Name: "gone"}, true
	if f := Observe(s, at, false)[0]; f.DLQ != nil || !f.DLQMissing {
		t.Errorf("a missing dead-letter queue: %+v", f)
	}
}
