package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/move"
	"sqscope/ui/format"
)

// resumeCmd finishes moves that were interrupted.
type resumeCmd struct {
	change
	ID  string `arg:"" optional:"" help:"Only the move with this id; --dry-run lists them." complete:"move"`
	Map expr   `help:"The expression that the move changed its messages with." placeholder:"JQ"`
}

// unfinishedObject is a move that has not ended.
type unfinishedObject struct {
	ID       string   `json:"id"`
	At       string   `json:"at"`
	Context  string   `json:"context"`
	From     string   `json:"from"`
	To       []string `json:"to"`
	Moved    int      `json:"moved"`
	Both     int      `json:"both"`     // sent, and perhaps not deleted yet
	Doubtful int      `json:"doubtful"` // perhaps sent
	Running  bool     `json:"running"`  // a process has it in hand
}

func unfinishedOf(m move.Move) unfinishedObject {
	o := unfinishedObject{
		ID: m.ID, At: m.At.UTC().Format(time.RFC3339), Context: m.From.Context, From: m.From.ARN.String(), To: []string{},
		Moved: m.Moved, Both: len(m.Both), Doubtful: len(m.Doubtful), Running: m.Running,
	}
	for _, to := range m.To {
		o.To = append(o.To, to.ARN.String())
	}
	return o
}

// Run finishes those whose source queue is in the context. With --dry-run it lists
// them.
func (c *resumeCmd) Run(r *runner) error {
	return r.in(c.place, c.Yes, func(s *session) error {
		all, err := move.Unfinished(s.movesDir())
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(m move.Move) bool {
			return c.ID != "" && m.ID != c.ID || m.From.Context != s.conns[0].Place.Context && !s.has(m.From.ARN)
		})
		if len(all) == 0 && c.ID != "" {
			return nothing("no unfinished move in " + s.conns[0].Place.Context + " has the id " + c.ID + "; --dry-run without an id lists them")
		}
		if len(all) == 0 {
			return nothing("no move is unfinished in " + s.conns[0].Place.Context)
		}
		if c.DryRun {
			return s.unfinished(all)
		}
		failed := 0
		for _, m := range all {
			if m.Running {
				s.say("%s is under way in process %d, which finishes it", m.ID, m.PID)
				continue
			}
			if err := c.finish(s, m); err != nil {
				if s.ctx.Err() != nil || len(all) == 1 {
					return err
				}
				s.say("%s", backend.AsError(err).Error())
				failed++
			}
		}
		if failed > 0 {
			return &backend.Error{Kind: backend.KindConflict, Message: fmt.Sprintf("%d of %d moves could not be finished", failed, len(all)), Next: "what is wrong with each was said"}
		}
		return nil
	})
}

// has tells whether a queue is in a place that is open.
func (s *session) has(arn backend.ARN) bool {
	return slices.ContainsFunc(s.conns, func(c *Connection) bool {
		return c.Place.Account == arn.Account && c.Place.Region == arn.Region
	})
}

func (s *session) unfinished(all []move.Move) error {
	objects := make([]unfinishedObject, len(all))
	for i, m := range all {
		objects[i] = unfinishedOf(m)
	}
	return list(s.Out, []string{"MOVE", "BEGAN", "FROM", "MOVED", "IN BOTH", "PERHAPS SENT", "RUNNING"}, objects, func(o unfinishedObject) []string {
		from, _ := backend.ParseARN(o.From)
		running := ""
		if o.Running {
			running = "yes"
		}
		return []string{o.ID, o.At, from.Name, strconv.Itoa(o.Moved), strconv.Itoa(o.Both), strconv.Itoa(o.Doubtful), running}
	})
}

// finish finishes one.
func (c *resumeCmd) finish(s *session, m move.Move) error {
	from, err := s.queue(m.From.ARN.String())
	if err != nil {
		return err
	}
	if err := from.checked("DeleteMessageBatch"); err != nil {
		return err
	}
	o := move.Options{Dir: s.movesDir(), Owner: s.group, Dedup: m.Dedup, Progress: s.moving}
	if o.From, err = s.end(from); err != nil {
		return err
	}
	for _, to := range m.To {
		q, err := s.queue(to.ARN.String())
		if err != nil {
			s.say("%s cannot be reached, so less can be finished: %s", to.ARN.Name, backend.AsError(err).Message)
			o.To = nil
			break
		}
		end, err := s.end(q)
		if err != nil {
			return err
		}
		o.To = append(o.To, end)
	}
	o.Transform = c.Map.by(s.ctx, from.arn)
	open := len(m.Both) + len(m.Doubtful)
	notes := []string{m.ID + ": " + format.Are(len(m.Both), "message") + " of " + from.arn.Name + " in both queues, and " + format.Count(len(m.Doubtful)) + " perhaps"}
	if err := s.confirm(question{notes: notes, ask: "Finish it", typed: from.arn.Name}); err != nil {
		return err
	}
	ctx := from.conn.Guard.Allow(s.ctx, guard.Grant{Act: guard.ActDeleteMessages, ARN: from.arn.String(), Count: open, Evidence: m.Path})
	result, err := move.Resume(ctx, m.ID, o)
	err = s.moved(result, err, nil)
	if none := nothing(""); errors.As(err, &none) {
		return nil // nothing was left to do
	}
	return err
}
