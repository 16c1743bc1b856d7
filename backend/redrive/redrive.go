// Package redrive brings dead letters back without doing harm: what is to be known
// before, what stops it while it runs, and what became of it.
//
// [Examine] is the preflight: what stands against a redrive is found before
// anything is leased. [Run] moves: first a canary of a few messages, watched until
// those that fail would have come back; then the rest, from slow to fast, or by
// SQS's own task; and watches on until it is known what became of them. What it
// watches stops it: messages that come back, a dead-letter queue that fills again,
// a destination that grows too deep or too old. Package move carries messages,
// package tasks has SQS's own tasks, package proof follows what was moved.
//
// Promises:
//   - Nothing is leased, sent or deleted where the preflight has a blocker.
//   - With a canary, no more messages than that are moved before it has passed.
//   - When ctx ends nothing more is moved: what is under way is finished, SQS's own
//     task is cancelled, and the report is written all the same.
//   - The destination is never received from. The dead-letter queue is received
//     from by the move itself, and to watch it only where [Plan].Read says so.
//   - There is no goroutine but those of package move, and callbacks come from the
//     caller's.
package redrive

import (
	"context"
	"time"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/move"
	"sqscope/backend/peek"
	"sqscope/backend/redrive/proof"
)

// End is a queue at one end of a redrive.
type End struct {
	Stack   backend.Stack // guarded and metered
	Context string        // the name of the context that it is in
	URL     string
}

// Plan says what is to be redriven, where to and how.
type Plan struct {
	From End
	To   *End // nil: each message goes back to the queue that dead-lettered it

	// Native has SQS's own task move everything; nothing can be chosen or changed
	// then. A canary is a selective move all the same, as a task cannot stop at ten.
	Native    bool
	PerSecond backend.Opt[int] // of a task, 1 to 500; left out: as SQS decides

	IDs       []string                               // message ids; nil: any
	Select    func(backend.Message) bool             // nil: every one
	Most      int                                    // to be tried, those that cannot be moved among them; 0: as many as there are
	Transform func(move.Object) (move.Object, error) // as in move.Options
	Map       string                                 // likewise
	Group     string                                 // for a FIFO destination
	Dedup     move.Dedup
	TrustKept bool

	Guards Guards
	Prove  time.Duration // to watch after the last message was moved; 0: as long as a canary; below 0: not at all

	// Known are messages of the dead-letter queue that somebody has read: the better
	// the preflight knows what is to be moved, and the proof what was there before.
	Known []backend.Message
	// Read says that a person agreed to the dead-letter queue being received from to
	// see what comes back. It was part of what the card asked.
	Read   bool
	Leases *peek.Leases // of what is received to watch; needed with Read

	Moves   string         // folder of the journals of moves
	Reports string         // folder of reports
	History *proof.History // nil: it is loaded from these
	Who     journal.Who
	Markers []proof.Marker
	Label   func(id string) string // the group of failures that a message is in; nil: none

	// Allow gives a context the grants that the redrive takes: a dialog or --yes has
	// asked for them (package guard). nil: nothing is guarded.
	Allow    func(context.Context, guard.Grant) context.Context
	Recorder guard.Recorder // of the redrive as a whole; nil: nobody keeps one

	// Trend is what the picture of all queues knows of one; nil: there is none.
	Trend func(backend.ARN) *fleet.Queue
}

// chooses tells whether a plan is about some of the messages, or changes them.
func (p *Plan) chooses() bool {
	return p.IDs != nil || p.Select != nil || p.Most > 0 || p.Transform != nil
}

// stackTo is where the destinations are.
func (p *Plan) stackTo() backend.Stack {
	if p.To != nil {
		return p.To.Stack
	}
	return p.From.Stack
}

// chosen are the known messages that the plan is about.
func (p *Plan) chosen() []backend.Message {
	named := make(map[string]bool, len(p.IDs))
	for _, id := range p.IDs {
		named[id] = true
	}
	var out []backend.Message
	for _, m := range p.Known {
		if p.IDs != nil && !named[m.MessageId] || p.Select != nil && !p.Select(m) {
			continue
		}
		if p.Most > 0 && len(out) == p.Most {
			break
		}
		out = append(out, m)
	}
	return out
}

// options of a move, between the queues that the preflight found.
func (p *Plan) options(c *Card) move.Options {
	o := move.Options{
		Dir: p.Moves, From: c.From, Home: p.To == nil, IDs: p.IDs, Select: p.Select, Most: p.Most,
		Transform: p.Transform, Map: p.Map, Group: p.Group, Dedup: p.Dedup, TrustKept: p.TrustKept,
	}
	for _, d := range c.To {
		o.To = append(o.To, d.Queue)
	}
	return o
}
