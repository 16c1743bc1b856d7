package tasks

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/move"
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

// askFinish asks for the queue's name before a move is finished.
func (m *Model) askFinish() tea.Cmd {
	x := *m.here().move
	var notes []text.Safe
	if n := len(x.Both); n > 0 {
		notes = append(notes, text.Sprintf("In both queues: %s of %s. What of it is seen here again is deleted.", format.Plural(n, "message"), x.From.ARN.Name))
	} else if len(x.Doubtful) == 0 {
		notes = append(notes, text.Const("No message is in both queues or in doubt: only its journal is ended."))
	}
	if n := len(x.Doubtful); n > 0 {
		notes = append(notes, text.Sprintf("Of %s nobody knows whether they arrived. Where the destination would know them again they are sent once more; the others stay here and are named as possible duplicates.", format.Plural(n, "message")))
	}
	if x.Edits && len(x.Doubtful) > 0 {
		notes = append(notes, text.Const("They were changed on their way. What would have to be sent again is kept instead, as the change is not known here; sqscope resume --map takes the expression."))
	}
	for _, to := range x.To {
		if m.place(to) == nil {
			notes = append(notes, text.Sprintf("%s is not in a place that is open, so that less can be finished.", to.ARN.Name))
		}
	}
	notes = append(notes, text.Const("Nothing else is moved: what the move had not come to is still where it was."))
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("Finish the move from %s?", x.From.ARN.Name), Notes: notes, Danger: true,
		Fields: []dialog.Field{dialog.TypeName(x.From.ARN.Name)}, Confirm: "finish it",
		Run: func([]string) tea.Cmd { return m.finish(x) },
	}))
	return nil
}

// finish finishes a move that an earlier run left open.
func (m *Model) finish(x move.Move) tea.Cmd {
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
			w.Say(text.Sprintf("%s settled", format.Count(p.Deleted+p.Doubtful)))
		}}
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
