package tasks

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/decode/query"
	"sqscope/backend/guard"
	"sqscope/backend/move"
	"sqscope/backend/redrive/rewrite"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// place is the open place that a queue of a journal is in, or nil.
func (m *Model) place(p move.Place) *screen.Connection {
	var fits *screen.Connection
	for _, c := range m.Env.Conns {
		if c.Queue(p.ARN) == nil && (c.Place.Region != p.ARN.Region || c.Place.Account != p.ARN.Account) {
			continue
		}
		if c.Place.Context == p.Context {
			return c
		}
		fits = c
	}
	return fits
}

func (m *Model) noFinish() string {
	e := m.here()
	switch {
	case e == nil || e.move == nil:
		return "there is no unfinished move under the cursor"
	case e.move.Running:
		return fmt.Sprintf("process %d has it in hand, and finishes it", e.move.PID)
	case e.move.Ended:
		return "this move has ended; nothing is left to finish"
	}
	c := m.place(e.move.From)
	if c == nil {
		return "its queue is in the context " + e.move.From.Context + "; connect there first"
	}
	if err := c.Guard.CheckQueue("DeleteMessageBatch", e.move.From.ARN.Name); err != nil {
		return backend.AsError(err).Next
	}
	return m.busy()
}

// askFinish asks for the queue's name before a move is finished, and for the change
// that its messages went through where that is needed to send some once more.
func (m *Model) askFinish() tea.Cmd {
	x := *m.here().move
	again := time.Now().Before(x.Again)
	asks := x.Edits && again
	var notes []text.Safe
	note := func(when bool, s text.Safe) {
		if when {
			notes = append(notes, s)
		}
	}
	both, doubtful := len(x.Both), len(x.Doubtful)
	note(both > 0, text.Sprintf("In both queues: %s of %s. What of it is seen here again is deleted.", format.Plural(both, "message"), x.From.ARN.Name))
	note(both+doubtful == 0, text.Const("No message is in both queues or in doubt: only its journal is ended."))
	note(doubtful > 0 && again, text.Sprintf("Of %s nobody knows whether they arrived. Where the destination would know them again they are sent once more; the others stay here and are named as possible duplicates.", format.Plural(doubtful, "message")))
	note(doubtful > 0 && !again, text.Sprintf("Of %s nobody knows whether they arrived, and the destination would not know them again: they stay here and are named as possible duplicates.", format.Plural(doubtful, "message")))
	note(asks && x.Mapped, text.Sprintf("A jq expression changed them on their way. Its digest alone is in the journal, as it may quote bodies: type it as it was, and until %s they can be sent once more. Left empty, they stay here.", format.Clock(x.Again, m.Env.UTC)))
	note(asks && !x.Mapped, text.Sprintf("They were changed on their way, by hand or by a jq expression: the journal does not tell. Of an expression, type it, and until %s they can be sent once more. Left empty, they stay here.", format.Clock(x.Again, m.Env.UTC)))
	for _, to := range x.To {
		note(m.place(to) == nil, text.Sprintf("%s is not in a place that is open, so that less can be finished.", to.ARN.Name))
	}
	note(true, text.Const("Nothing else is moved: what the move had not come to is still where it was."))
	form := dialog.Form{
		Title: text.Sprintf("Finish the move from %s?", x.From.ARN.Name), Notes: notes, Danger: true,
		Fields: []dialog.Field{dialog.TypeName(x.From.ARN.Name)}, Confirm: "finish it",
		Run: func([]string) tea.Cmd { return m.finish(x, nil) },
	}
	if asks {
		form.Fields = append([]dialog.Field{{Label: "jq", Hint: "as it was, or empty", Check: func(v string) string { return wrongMap(x, v) }}}, form.Fields...)
		form.Run = func(v []string) tea.Cmd {
			if strings.TrimSpace(v[0]) == "" {
				return m.finish(x, nil)
			}
			change, err := query.Compile(v[0])
			if err != nil {
				return m.Env.Host.Fail(err)
			}
			return m.finish(x, change)
		}
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, form))
	return nil
}

// wrongMap is why an expression cannot be what changed the messages of a move, or
// "". Whether each comes out as it did is seen by its digest.
func wrongMap(x move.Move, expr string) string {
	if strings.TrimSpace(expr) == "" {
		return ""
	}
	if _, err := query.Compile(expr); err != nil {
		return err.Error()
	}
	if !x.MappedBy(expr) {
		return "the move was made with another expression, if only by a blank"
	}
	return ""
}

// finish finishes a move that an earlier run left open. Change, which may be nil,
// is what its messages went through.
func (m *Model) finish(x move.Move, change *query.Query) tea.Cmd {
	from := m.place(x.From)
	if from == nil {
		return nil // the context was left meanwhile
	}
	to := make([]*screen.Connection, len(x.To))
	for i, p := range x.To {
		to[i] = m.place(p)
	}
	dir := m.Env.MoveDir
	j := &job{what: "finish", name: text.Sprintf("finishing the move from %s", x.From.ARN.Name), to: x.From.ARN.Name}
	return m.run(j, func(ctx context.Context, w *screen.Work) finished {
		o := move.Options{Dir: dir, Dedup: x.Dedup, Progress: func(p move.Progress) {
			settled := p.Deleted + p.Doubtful
			j.tell(w, text.Sprintf("%s settled", format.Count(settled)), settled, len(x.Both)+len(x.Doubtful))
		}}
		if change != nil {
			o.Transform = func(r move.Object) (move.Object, error) { return rewrite.By(ctx, x.From.ARN, change, r) }
		}
		var err error
		if o.From, err = found(ctx, from, x.From.ARN); err != nil {
			return j.ended(err, themes.Bad, text.Safe{}, dialog.Results{})
		}
		for i, c := range to {
			var q move.Queue
			if c != nil {
				q, err = found(ctx, c, x.To[i].ARN)
			}
			if c == nil || err != nil { // less can be finished without
				o.To = nil
				break
			}
			o.To = append(o.To, q)
		}
		granted := from.Guard.Allow(ctx, guard.Grant{
			Act: guard.ActDeleteMessages, ARN: x.From.ARN.String(), Count: max(1, len(x.Both)+len(x.Doubtful)), Evidence: x.Path,
		})
		res, err := move.Resume(granted, x.ID, o)
		if err != nil {
			return j.ended(err, themes.Bad, text.Safe{}, dialog.Results{})
		}
		role, line := themes.Good, text.Sprintf("the move from %s is finished: %s", x.From.ARN.Name, res.Words())
		if res.Open {
			role, line = themes.Warn, text.Sprintf("the move from %s is still not finished: %s", x.From.ARN.Name, res.Words())
		}
		out := dialog.Results{Title: text.Const("What was finished"), Notes: []dialog.Line{{Role: role, Text: text.Clean(res.Words())}}}
		for _, msg := range res.Messages {
			if msg.Outcome != move.Moved {
				out.Rows = append(out.Rows, left(msg))
			}
		}
		return j.ended(nil, role, line, out)
	})
}

// found is a queue as a move needs to know it.
func found(ctx context.Context, c *screen.Connection, arn backend.ARN) (move.Queue, error) {
	at, err := url(ctx, c, arn)
	if err != nil {
		return move.Queue{}, err
	}
	return move.Find(ctx, c.Stack.SQS, c.Place.Context, at)
}

// left is a message that is still in its queue, and why.
func left(msg move.Message) dialog.Outcome {
	o := dialog.Outcome{Role: themes.Warn, Sign: "?", What: text.Sprintf("%s  %s", msg.ID, msg.Outcome)}
	if msg.Why != nil {
		o.Why = text.Clean(msg.Why.Bare())
	}
	return o
}
