package cli

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"path/filepath"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/guard"
	"sqscope/backend/move"
	"sqscope/backend/redrive/rewrite"
	"sqscope/ui/format"
)

// moveCmd moves messages.
type moveCmd struct {
	change
	From  string  `arg:"" help:"The queue that they are in: its name, URL or ARN." complete:"queue"`
	To    string  `arg:"" help:"The queue that they go to." complete:"queue"`
	Where expr    `help:"Only messages for which this jq expression yields neither false nor null; see sqscope help jq." placeholder:"EXPR"`
	Map   expr    `help:"Change each message with this jq expression: it gets the message object and yields it; see sqscope help jq." placeholder:"JQ"`
	Most  int     `help:"How many messages are tried at most: those that cannot be moved count too." default:"10000" placeholder:"N"`
	Rate  float64 `help:"Messages a second at most; 0 is as fast as it goes." placeholder:"N"`
	Group string  `help:"The group of messages that have none, for a FIFO queue." placeholder:"ID"`
	Dedup string  `help:"Deduplication ids for a FIFO queue: new, keep or content." default:"new" enum:"new,keep,content" complete:"dedup"`
}

// Validate refuses what cannot be meant.
func (c *moveCmd) Validate() error {
	return cmp.Or(paced(c.Rate), atLeast("--most", c.Most, 1))
}

// paced refuses what is no number of messages a second.
func paced(n float64) error {
	if !(n >= 0) || math.IsInf(n, 1) { // NaN is not 0 or more
		return Usagef("--rate is %v and must be 0 or more messages a second", n)
	}
	return nil
}

// movesDir is where the journals of moves are.
func (s *session) movesDir() string { return movesDir(s.state) }

func movesDir(state string) string { return filepath.Join(state, "moves") }

// movedObject is what became of a message that was chosen.
type movedObject struct {
	MessageId    string  `json:"messageId"`
	Outcome      string  `json:"outcome"`
	To           *string `json:"to"`
	NewMessageId *string `json:"newMessageId"`
	Error        *string `json:"error"`
}

// Run moves them: each is sent, confirmed and journaled before it is deleted.
func (c *moveCmd) Run(r *runner) error {
	return r.in(c.place, c.Yes, func(s *session) error {
		from, err := s.queue(c.From)
		if err != nil {
			return err
		}
		to, err := s.queue(c.To)
		if err != nil {
			return err
		}
		o, v, err := c.options(s, from, to)
		if err != nil {
			return err
		}
		notes := c.notes(from, to)
		if c.DryRun {
			for _, n := range notes {
				s.say("%s", n)
			}
			return c.preview(s, v)
		}
		if err := s.confirm(question{notes: notes, ask: "Move messages from " + from.arn.Name + " to " + to.arn.Name + " in " + from.conn.Place.Context, typed: from.arn.Name}); err != nil {
			return err
		}
		ctx := from.conn.Guard.Allow(s.ctx, guard.Grant{Act: guard.ActDeleteMessages, ARN: from.arn.String(), Count: c.Most, Evidence: "moved to " + to.arn.String()})
		result, err := move.Run(ctx, *o)
		return s.moved(result, err, v)
	})
}

// options are what is moved where and how, checked before anything is leased.
func (c *moveCmd) options(s *session, from, to queue) (*move.Options, *view, error) {
	if err := s.may(c.DryRun, from.checked("ReceiveMessage"), from.checked("DeleteMessageBatch"), to.checked("SendMessageBatch")); err != nil {
		return nil, nil, err
	}
	v, err := s.view(from, looking{Where: c.Where})
	if err != nil {
		return nil, nil, err
	}
	o := &move.Options{
		Dir: s.movesDir(), Owner: s.group, Tries: c.Most, Group: c.Group, Dedup: move.Dedup(c.Dedup), Progress: s.moving,
	}
	if o.From, err = s.end(from); err != nil {
		return nil, nil, err
	}
	target, err := s.end(to)
	if err != nil {
		return nil, nil, err
	}
	o.To = []move.Queue{target}
	if c.Where.Query != nil {
		o.Select = func(m backend.Message) bool { return v.matches(archive.RecordOf(from.arn, m, backend.StateInFlight)) }
	}
	o.Transform, o.Map = c.Map.by(s.ctx, from.arn), c.Map.text()
	if c.Rate > 0 {
		o.Rate = move.Steady(c.Rate)
	}
	ctx, cancel := s.limited()
	defer cancel()
	return o, v, OpenError(o.Check(ctx))
}

// end is one end of a move.
func (s *session) end(q queue) (move.Queue, error) {
	ctx, cancel := s.limited()
	defer cancel()
	return move.Find(ctx, q.conn.Stack.SQS, q.conn.Place.Context, q.url)
}

func (s *session) moving(p move.Progress) {
	s.progress.show("moved %s, failed %s, %s left to look at, %s/s", format.Count(p.Deleted), format.Count(p.Failed), ofAbout(max(p.Remain, 0), -1), format.Rate(p.Rate))
}

func (c *moveCmd) notes(from, to queue) []string {
	notes := []string{fmt.Sprintf("from %s, which has about %s that can be received, to %s", from.arn.Name, format.Plural(max(0, from.number(backend.AttrMessages)), "message"), to.arn.Name)}
	if from.number(backend.AttrMessages) > c.Most {
		notes = append(notes, "no more than "+format.Count(c.Most)+" are tried, whatever becomes of them; --most says how many")
	}
	if c.Where.Query != nil {
		notes = append(notes, "those that do not match are received too, which counts, and given back")
	}
	if n := from.redrive().MaxReceiveCount; n > 0 {
		notes = append(notes, fmt.Sprintf("%s dead-letters after %s, and moving is one", from.arn.Name, format.Plural(n, "receive")))
	}
	return append(notes, "a message in the other queue has a new id; each is sent, confirmed and journaled before it is deleted here")
}

// preview tells how many messages would be moved, where looking is free; else that
// it would have to receive them to know.
func (c *moveCmd) preview(s *session, v *view) error {
	if v.q.conn.Stack.Browse == nil {
		s.say("%snothing was moved", c.Where.unseen())
		return nil
	}
	n := 0
	x, err := archive.Export(s.ctx, v.q.look(s), archive.Selection{Most: c.Most, Where: v.selects()}, func(archive.Record) error { n++; return nil })
	if err != nil {
		return err
	}
	s.say("would move %s; read %s; nothing was moved", format.Plural(n, "message"), ofAbout(x.Read, x.About))
	if n == 0 {
		return nothing("")
	}
	return nil
}

// unseen says, where an expression chooses, that it has to see messages to do so.
func (e expr) unseen() string {
	if e.Query == nil {
		return ""
	}
	return "which messages match is known only by receiving them; "
}

// by changes messages of a queue with an expression; without one it is nil.
func (e expr) by(ctx context.Context, queue backend.ARN) func(move.Object) (move.Object, error) {
	if e.Query == nil {
		return nil
	}
	return func(r move.Object) (move.Object, error) { return rewrite.By(ctx, queue, e.Query, r) }
}

// text is the expression as it was written; without one it is empty.
func (e expr) text() string {
	if e.Query == nil {
		return ""
	}
	return e.String()
}

// finishes is what to do about a move that waits to be finished.
const finishes = "sqscope resume finishes the move"

// moved says what became of each message that was chosen.
func (s *session) moved(result move.Result, err error, v *view) error {
	s.progress.clear()
	var objects []movedObject
	for _, m := range result.Messages {
		if !s.JSON && m.Outcome == move.Moved {
			continue
		}
		objects = append(objects, movedOf(m))
	}
	var printed error
	if len(objects) > 0 {
		printed = list(s.Out, []string{"MESSAGE ID", "OUTCOME", "WHY"}, objects, movedObject.cells)
	}
	for _, p := range result.Problems {
		s.say("%s", p.Error())
	}
	if result.ID != "" {
		s.say("%s", words(result.Words(), result.Stop.Words()))
	}
	if v != nil && v.misfits > 0 {
		s.say("--where fails for %s, which stay; the first: %v", format.Plural(v.misfits, "message"), v.why)
	}
	left := len(result.Messages) - result.Count(move.Moved)
	switch {
	case result.Open && err != nil:
		e := *backend.AsError(err)
		e.Next = finishes
		return &e
	case err != nil:
		return err
	case result.Open:
		return &backend.Error{Kind: backend.KindConflict, Subject: result.ID, Message: "messages are, or may be, in both queues", Next: finishes}
	case left > 0:
		return &backend.Error{Kind: backend.KindConflict, Message: plural(left, "message was", "messages were") + " not moved", Next: "what is wrong with each was said"}
	case printed != nil:
		return printed
	case len(result.Messages) == 0 && s.ctx.Err() == nil:
		return nothing("")
	}
	return nil
}

func (o movedObject) cells() []string {
	why := ""
	if o.Error != nil {
		why = *o.Error
	}
	return []string{o.MessageId, o.Outcome, why}
}

func movedOf(m move.Message) movedObject {
	o := movedObject{MessageId: m.ID, Outcome: string(m.Outcome)}
	if m.To != (backend.ARN{}) {
		to := m.To.String()
		o.To = &to
	}
	if m.NewID != "" {
		o.NewMessageId = &m.NewID
	}
	if m.Why != nil {
		why := m.Why.Error()
		o.Error = &why
	}
	return o
}
