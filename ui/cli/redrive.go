package cli

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/journal"
	"sqscope/backend/memo"
	"sqscope/backend/move"
	"sqscope/backend/redrive"
	"sqscope/backend/redrive/proof"
	"sqscope/backend/rules"
	"sqscope/ui/format"
)

// redriveCmd brings dead letters back.
type redriveCmd struct {
	change
	DLQ      string  `arg:"" name:"dlq" help:"The dead-letter queue: its name, URL or ARN." complete:"queue"`
	To       string  `help:"Where they go; else each back to the queue that it came from." placeholder:"QUEUE" complete:"queue"`
	Where    expr    `help:"Only messages for which this jq expression yields neither false nor null; see sqscope help jq." placeholder:"EXPR"`
	Map      expr    `help:"Change each message with this jq expression; see sqscope help jq." placeholder:"JQ"`
	Most     int     `help:"How many messages are tried at most, those that cannot be moved among them; 0 is all." placeholder:"N"`
	Rate     float64 `help:"Messages a second, which it comes to within two minutes from one; 0 is as fast as it goes." default:"20" placeholder:"N"`
	Native   bool    `help:"By SQS's own move task, which moves all, and cannot choose or change."`
	Canary   int     `help:"How many are moved first and watched; 0 is none." default:"10" placeholder:"N"`
	Tolerate int     `help:"How many of those may come back." placeholder:"N"`
	Window   span    `help:"How long they are watched; else until those that fail would have come back, at most 30 min." placeholder:"DURATION"`
	Prove    span    `help:"How long all of them are watched at the end; else as long as the first ones." placeholder:"DURATION"`
	NoProof  bool    `help:"End with the last message that was moved."`
	Read     bool    `help:"Receive from the dead-letter queue to see what comes back, where looking is not free; each look counts as a receive."`
	Group    string  `help:"The group of messages that have none, for a FIFO queue." placeholder:"ID"`
	Dedup    string  `help:"Deduplication ids for a FIFO queue: new, keep or content." default:"new" enum:"new,keep,content" complete:"dedup"`
}

// Validate refuses what cannot be meant.
func (c *redriveCmd) Validate() error {
	switch {
	case c.Native && (c.Where.Query != nil || c.Map.Query != nil || c.Most > 0):
		return Usagef("--native moves all messages as they are: it goes with none of --where, --map and --most")
	case c.Native && (c.Rate != math.Trunc(c.Rate) || c.Rate > rules.MaxMoveRate):
		return Usagef("--rate is %v and must be a whole number with --native, 1 to %d messages a second, or 0 for as SQS decides", c.Rate, rules.MaxMoveRate)
	case c.NoProof && c.Prove > 0:
		return Usagef("--prove says how long to watch at the end, and --no-proof not to: leave one of them out")
	case c.Canary >= 0 && c.Tolerate > c.Canary:
		return Usagef("--tolerate is %d, and --canary moves only %d first: it must be %d or less", c.Tolerate, c.Canary, c.Canary)
	}
	return cmp.Or(paced(c.Rate), atLeast("--most", c.Most, 0), atLeast("--canary", c.Canary, 0), atLeast("--tolerate", c.Tolerate, 0))
}

// reportsDir is where reports of redrives are.
func reportsDir(state string) string { return filepath.Join(state, "redrives") }

// redrivenObject is what a redrive did.
type redrivenObject struct {
	ID       string             `json:"id"`
	From     string             `json:"from"`
	Moved    int                `json:"moved"`
	CameBack int                `json:"cameBack"`
	Fates    map[proof.Fate]int `json:"fates"`
	Left     map[string]int     `json:"left"`
	Stopped  *string            `json:"stopped"`
	Line     string             `json:"line"`
	Report   *string            `json:"report"`
}

// Run redrives: what is known before is said, a few are moved first, and what
// became of all of them is told at the end.
func (c *redriveCmd) Run(r *runner) error {
	return r.in(c.place, c.Yes, func(s *session) error {
		q, err := s.queue(c.DLQ)
		if err != nil {
			return err
		}
		plan, v, err := c.plan(s, q)
		if err != nil {
			return err
		}
		if c.DryRun {
			return c.rehearse(s, plan, v)
		}
		card, err := redrive.Examine(s.ctx, plan)
		if err != nil {
			return err
		}
		q0 := question{notes: card.Lines(), ask: "Redrive " + q.arn.Name + " in " + q.conn.Place.Context, typed: q.arn.Name}
		if card.Blocked() {
			for _, l := range q0.notes {
				s.say("%s", l)
			}
			return card.Err()
		}
		if err := s.confirm(q0); err != nil {
			return err
		}
		result, err := redrive.Run(s.ctx, plan, s.redriving())
		return s.redriven(q, result, err, v)
	})
}

// plan is what was asked for.
func (c *redriveCmd) plan(s *session, q queue) (redrive.Plan, *view, error) {
	rights := []error{q.checked("ReceiveMessage"), q.checked("DeleteMessageBatch")}
	if c.Native {
		rights = append(rights, q.checked("StartMessageMoveTask"))
	}
	if err := s.may(c.DryRun, rights...); err != nil {
		return redrive.Plan{}, nil, err
	}
	v, err := s.view(q, looking{Where: c.Where})
	if err != nil {
		return redrive.Plan{}, nil, err
	}
	who := journal.WhoOf(q.conn.Place, "")
	p := redrive.Plan{
		From: s.redriveEnd(q), Native: c.Native, Most: c.Most, Group: c.Group, Dedup: move.Dedup(c.Dedup),
		Guards: redrive.Guards{Canary: c.Canary, Window: time.Duration(c.Window), Tolerate: c.Tolerate, Fast: c.Rate, Slow: min(1, c.Rate)},
		Prove:  time.Duration(c.Prove), Read: c.Read, Leases: s.leases, Moves: s.movesDir(), Reports: reportsDir(s.state), Who: who, Allow: q.conn.Guard.Allow,
	}
	if c.Canary == 0 {
		p.Guards.Canary = -1
	}
	if c.NoProof {
		p.Prove = -1
	}
	if c.Native && c.Rate > 0 {
		p.PerSecond = backend.Some(int(c.Rate))
	}
	if !q.conn.Place.Embedded {
		p.Recorder = s.journal.For(who)
	}
	p.Markers = s.markers(q)
	if c.Where.Query != nil {
		p.Select = func(m backend.Message) bool { return v.matches(archive.RecordOf(q.arn, m, backend.StateInFlight)) }
	}
	p.Transform, p.Map = c.Map.by(s.ctx, q.arn), c.Map.text()
	if c.To == "" {
		return p, v, nil
	}
	to, err := s.queue(c.To)
	if err != nil {
		return p, v, err
	}
	if err := s.may(c.DryRun, to.checked("SendMessageBatch")); err != nil {
		return p, v, err
	}
	end := s.redriveEnd(to)
	p.To = &end
	return p, v, nil
}

// markers are what somebody noted of the queue on the screen, as a deploy, for the
// report. It does without them where they cannot be read.
func (s *session) markers(q queue) (out []proof.Marker) {
	all, err := memo.Open(filepath.Join(s.state, "memo.json")).Load()
	if err != nil {
		s.say("the report has no markers: %s", err.Error())
	}
	for _, m := range all.Markers[q.arn.String()] {
		out = append(out, proof.Marker{At: m.At, Text: m.Text})
	}
	return out
}

func (s *session) redriveEnd(q queue) redrive.End {
	return redrive.End{Stack: q.conn.Stack, Context: q.conn.Place.Context, URL: q.url}
}

// rehearse says what would be done. Where looking is free, it is known of each
// message.
func (c *redriveCmd) rehearse(s *session, p redrive.Plan, v *view) error {
	free := v.q.conn.Stack.Browse != nil
	if free {
		_, err := archive.Export(s.ctx, v.q.look(s), archive.Selection{}, func(r archive.Record) error {
			m, err := r.Message()
			p.Known = append(p.Known, m)
			return err
		})
		if err != nil {
			return err
		}
	}
	would, err := redrive.Rehearse(s.ctx, p)
	if err != nil {
		return err
	}
	for _, l := range would.Lines() {
		s.say("%s", l)
	}
	if err := would.Err(); err != nil {
		return err
	}
	if !free {
		s.say("%snothing was moved", c.Where.unseen())
		return nil
	}
	objects := make([]movedObject, len(would.Messages))
	for i, m := range would.Messages {
		objects[i] = movedOf(m)
	}
	if len(objects) == 0 {
		return nothing("nothing would be moved")
	}
	return list(s.Out, []string{"MESSAGE ID", "WOULD BE", "WHY"}, objects, movedObject.cells)
}

// redriving shows how far a redrive has come, and each phase as it begins.
func (s *session) redriving() func(redrive.State) {
	var phase redrive.Phase
	return func(st redrive.State) {
		if st.Phase != phase {
			phase = st.Phase
			s.progress.turn()
		}
		left := ""
		if !st.Until.IsZero() {
			left = ", until " + format.Clock(st.Until, true) + " at the latest"
		}
		s.progress.show("%s: moved %s, %s came back%s", st.Phase, format.Count(st.Moved), format.Count(st.Picture.Returned()), left)
	}
}

// redriven says what was done, and what became of it. Messages that were not
// moved, or that came back, are a failure in part.
func (s *session) redriven(q queue, r redrive.Result, err error, v *view) error {
	s.progress.clear()
	if r.ID == "" {
		return err
	}
	o := redrivenObject{
		ID: r.ID, From: q.arn.String(), Moved: r.Moved(), CameBack: r.Picture.Returned(), Fates: r.Picture.Fates, Left: r.Report.Left, Line: r.Picture.Line(),
	}
	if r.Stopped != "" {
		o.Stopped = &r.Stopped
		s.say("stopped: %s", r.Stopped)
	}
	if r.Path != "" {
		o.Report = &r.Path
		s.say("the report is in %s; sqscope report prints it", r.Path)
	}
	if r.Problem != nil {
		s.say("%s", r.Problem.Error())
	}
	if v.misfits > 0 {
		s.say("--where fails for %s, which stay; the first: %v", format.Plural(v.misfits, "message"), v.why)
	}
	printed := s.printRedriven(o)
	left := 0
	for _, n := range o.Left {
		left += n
	}
	switch {
	case err != nil:
		return err
	case s.ctx.Err() != nil:
		return nil // what was done has been said
	case r.Stopped != "":
		return &backend.Error{Kind: backend.KindConflict, Subject: q.arn.Name, Message: "the redrive was stopped: " + r.Stopped, Next: "mend what makes them fail, then redrive again"}
	case left > 0, o.CameBack > 0:
		return &backend.Error{Kind: backend.KindConflict, Subject: q.arn.Name, Message: fmt.Sprintf("%s not moved, %s came back", format.Count(left), format.Count(o.CameBack))}
	case o.Moved == 0:
		return nothing("nothing was moved")
	}
	return errors.Join(printed, r.Problem)
}

func (s *session) printRedriven(o redrivenObject) error {
	if s.JSON {
		return list(s.Out, nil, []redrivenObject{o}, nil)
	}
	_, err := fmt.Fprintln(s.Out, printable(o.Line))
	return err
}

// reportCmd prints the report of the last redrive.
type reportCmd struct {
	JSON bool `name:"json" help:"The report as one JSON object; see sqscope help json."`
}

// Run prints it as Markdown. It reads a file, so no place is needed.
func (c *reportCmd) Run(r *runner) error {
	report, err := proof.Last(reportsDir(r.State))
	if backend.KindOf(err) == backend.KindNotFound {
		return nothing("there is no report: nothing was redriven yet")
	} else if err != nil {
		return err
	}
	if c.JSON {
		return list(r.print(true), nil, []proof.Report{report}, nil)
	}
	_, err = fmt.Fprintln(r.Stdout, printable(strings.TrimRight(report.Markdown(), "\n")))
	return err
}
