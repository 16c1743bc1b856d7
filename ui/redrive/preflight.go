package redrive

import (
	"context"
	"encoding/json"
	"errors"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/config"
	"sqscope/backend/decode"
	"sqscope/backend/decode/document"
	"sqscope/backend/memo"
	"sqscope/backend/redrive"
	"sqscope/backend/redrive/proof"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// What is read and shown before.
const (
	mostKnown   = 20_000 // messages that are read where that is free
	mostChanges = 5      // messages whose changes are shown
)

// examined is what is known before anything is leased.
type examined struct {
	turn    int
	card    redrive.Rehearsal
	known   []backend.Message
	changes []difference
	err     error
	markers []proof.Marker // of the queue, for the report
	memo    error          // why these are not known; nil: they are
}

// difference is how a message is changed.
type difference struct {
	id      string
	changes []document.Change
	wrong   string // why it would not be moved; "": it would
	masked  bool
}

// examine finds out what stands against the plan. Nothing is received.
func (m *Model) examine() tea.Cmd {
	m.turn++
	m.examining = true
	turn, conn, queue, c := m.turn, m.Conn, m.queue, m.choice
	url := ""
	if q := conn.Queue(queue); q != nil {
		url = q.URL
	}
	given, plan, store := m.selection.Known, m.planWith(nil), m.Env.Memo
	masks := func(msg backend.Message) []config.Mask { return m.Env.MasksFor(queue, msg) }
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		e := examined{turn: turn, known: given}
		e.markers, e.memo = markersOf(store, queue)
		if conn.Stack.Browse != nil {
			// Where it may not be read, what somebody read before has to do.
			if all, err := browse(ctx, conn.Stack.Browse, url); err == nil {
				e.known = all
			}
		}
		p := plan(ctx)
		p.Known = e.known
		e.card, e.err = redrive.Rehearse(ctx, p)
		if e.err == nil && c.changed() {
			e.changes = differences(ctx, p, queue, e.card, masks)
		}
		leftFirst(e.card.Messages)
		return e
	})
}

// markersOf are what somebody noted of a queue: a deploy, an alarm.
func markersOf(store *memo.Store, queue backend.ARN) ([]proof.Marker, error) {
	all, err := store.Load()
	var out []proof.Marker
	for _, x := range all.Markers[queue.String()] {
		out = append(out, proof.Marker{At: x.At, Text: x.Text})
	}
	return out, err
}

// browse reads what a queue holds, where that is free.
func browse(ctx context.Context, b backend.Browser, url string) (all []backend.Message, err error) {
	in := backend.BrowseInput{QueueUrl: url, Limit: 1000}
	for len(all) < mostKnown {
		out, err := b.Browse(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, s := range out.Messages {
			all = append(all, s.Message)
		}
		if in.After = out.Next; in.After == 0 {
			break
		}
	}
	return all, nil
}

// differences are how the first messages are changed, as masks let it be seen.
func differences(ctx context.Context, p redrive.Plan, queue backend.ARN, r redrive.Rehearsal, masks func(backend.Message) []config.Mask) (all []difference) {
	byID := make(map[string]backend.Message, len(p.Known))
	for _, m := range p.Known {
		byID[m.MessageId] = m
	}
	for _, planned := range r.Messages {
		if len(all) == mostChanges || ctx.Err() != nil {
			break
		}
		msg := byID[planned.ID]
		d := difference{id: planned.ID}
		if planned.Why != nil {
			d.wrong = planned.Why.Message
		}
		before := archive.RecordOf(queue, msg, backend.StateInFlight)
		after, err := p.Transform(before)
		if err == nil {
			hide := masks(msg)
			d.masked = len(hide) > 0
			d.changes, err = compare(ctx, before, after, hide)
		}
		if err != nil && d.wrong == "" {
			d.wrong = err.Error()
		}
		if len(d.changes) > 0 || d.wrong != "" {
			all = append(all, d)
		}
	}
	return all
}

// compare tells how two records differ in what may be changed.
func compare(ctx context.Context, before, after archive.Record, masks []config.Mask) ([]document.Change, error) {
	a, err1 := seen(ctx, before, masks)
	b, err2 := seen(ctx, after, masks)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	changes, _ := document.Compare(ctx, a, b)
	return changes, nil
}

// seen is what may be changed of a record, as a document.
func seen(ctx context.Context, r archive.Record, masks []config.Mask) (*document.Doc, error) {
	msg, err := r.Message()
	if err != nil {
		return nil, err
	}
	opened := decode.Masked(ctx, decode.Decode(ctx, msg.Body, msg.MessageAttributes), masks)
	object := map[string]any{}
	if v := opened.Value(); v != nil {
		object["json"] = v
	} else {
		object["body"] = opened.Body()
	}
	if len(r.MessageAttributes) > 0 {
		object["messageAttributes"] = r.MessageAttributes
	}
	for name, key := range map[string]string{backend.SysMessageGroupId: "group", backend.SysMessageDeduplicationId: "dedup"} {
		if v := r.Attributes[name]; v != "" {
			object[key] = v
		}
	}
	src, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	return document.Parse(string(src))
}

// examined takes the card, unless it is about a plan that was changed since.
func (m *Model) examined(e examined) tea.Cmd {
	if e.turn != m.turn {
		return nil
	}
	m.examining, m.card, m.known, m.changes, m.err, m.markers = false, e.card, e.known, e.changes, e.err, e.markers
	if e.memo != nil {
		return m.Env.Host.Fail(e.memo) // the report does without them
	}
	return nil
}

// verdict is the card in a word or two.
func (m *Model) verdict() text.Safe {
	blockers, warnings := len(m.card.Of(redrive.Blocker)), len(m.card.Of(redrive.Warning))
	switch {
	case blockers > 0:
		return text.Sprintf("✗ %s", format.Plural(blockers, "blocker"))
	case warnings > 0:
		return text.Sprintf("! %s", format.Plural(warnings, "warning"))
	}
	return text.Const("✓ nothing stands against it")
}
