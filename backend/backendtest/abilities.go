package backendtest

import "sqscope/backend"

// Abilities beyond SQS, where the backend has them.
var abilityTests = section{
	"a browse changes nothing": func(d *desk) {
		if d.h.Stack.Browse == nil {
			d.Skip("no Browse")
		}
		url := d.queue("orders")
		d.send(url, "in flight")
		d.one(url)
		d.send(url, "visible")
		d.send(url, "delayed", delay(60))
		for range 2 {
			out, err := d.h.Stack.Browse.Browse(d.Context(), backend.BrowseInput{QueueUrl: url, Limit: 10})
			d.must(err)
			states := map[string]backend.State{}
			for _, m := range out.Messages {
				states[m.Body] = m.State
			}
			d.equal("states", states, map[string]backend.State{
				"in flight": backend.StateInFlight, "visible": backend.StateVisible, "delayed": backend.StateDelayed,
			})
		}
		d.counts(url, 1, 1, 1)
		d.equal("receives", d.one(url).Attributes["ApproximateReceiveCount"], "1")
	},
	"totals": func(d *desk) {
		if d.h.Stack.Metrics == nil {
			d.Skip("no Metrics")
		}
		url := d.queue("orders")
		d.send(url, "a")
		d.send(url, "b")
		d.delete(url, d.one(url, upTo(1)))
		out, err := d.h.Stack.Metrics.QueueMetrics(d.Context(), []string{url})
		d.must(err)
		m := out[url]
		d.equal("sent, received, deleted", [3]uint64{m.Sent, m.Received, m.Deleted}, [3]uint64{2, 1, 1})
	},
	"what happens to a message is told": func(d *desk) {
		if d.h.Stack.Events == nil {
			d.Skip("no Events")
		}
		url := d.queue("orders")
		events, err := d.h.Stack.Events.Subscribe(d.Context(), 100)
		d.must(err)
		d.send(url, "a")
		d.delete(url, d.one(url))
		var kinds []backend.EventKind
		for range 3 {
			kinds = append(kinds, (<-events).Kind)
		}
		d.equal("events", kinds, []backend.EventKind{backend.EventSent, backend.EventReceived, backend.EventDeleted})
	},
}
