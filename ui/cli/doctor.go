package cli

import (
	"slices"
	"time"

	"sqscope/backend"
	"sqscope/backend/doctor"
	"sqscope/backend/tomlfile"
	"sqscope/ui/format"
)

// doctorCmd says what is wrong with queues.
type doctorCmd struct {
	place
	Pattern glob   `arg:"" optional:"" help:"Only queues whose name fits." complete:"queue"`
	Least   string `help:"Only what does at least this: informs, style, costs, blocks, exposes or loses." placeholder:"HARM" complete:"harm"`
	Check   bool   `help:"Exit 1 if anything is found."`
}

// harms are the names of what findings do, the least first.
var harms = map[string]doctor.Harm{
	"informs": doctor.Informs, "style": doctor.Style, "costs": doctor.Costs, "blocks": doctor.Blocks, "exposes": doctor.Exposes, "loses": doctor.Loses,
}

func harmNames() []string {
	names := make([]string, len(harms))
	for name, h := range harms {
		names[h] = name
	}
	return names
}

// Validate refuses what is no harm.
func (c *doctorCmd) Validate() error {
	if _, ok := harms[c.Least]; c.Least != "" && !ok {
		return Usagef("--least is %q and must be %s", c.Least, tomlfile.OneOf(c.Least, harmNames()))
	}
	return nil
}

// findingObject is a finding as programs see it.
type findingObject struct {
	QueueArn string            `json:"queueArn"`
	ID       string            `json:"id"`
	About    string            `json:"about"`
	Harm     string            `json:"harm"`
	Title    string            `json:"title"`
	Why      string            `json:"why"`
	Section  string            `json:"section"` // of docs/SQS.md
	Fix      map[string]string `json:"fix"`     // attributes to set on FixArn; null: none
	FixArn   *string           `json:"fixArn"`
	Note     string            `json:"note"`
}

func findingOf(f doctor.Finding) findingObject {
	o := findingObject{
		QueueArn: f.Queue.String(), ID: string(f.ID), About: f.About, Harm: harmNames()[f.Harm], Title: f.Title, Why: f.Why, Section: f.Section, Note: f.Fix.Note,
	}
	if len(f.Fix.Attributes) > 0 {
		arn := f.Fix.Queue.String()
		o.Fix, o.FixArn = f.Fix.Attributes, &arn
	}
	return o
}

// Run examines them. All queues of the place are read, whatever the pattern: what
// is wrong with one may lie in another.
func (c *doctorCmd) Run(r *runner) error {
	return r.in(c.place, false, func(s *session) error {
		all := s.surveys()
		rows, err := s.read(all, glob("").match)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(rows, func(r row) bool { return c.Pattern.match(r.ARN.Name) }) {
			return none(c.Pattern, s)
		}
		unread := 0
		for _, r := range rows {
			if r.Err != nil {
				unread++
				s.say("%s cannot be read: %s", r.ARN.Name, r.Err.Message)
			}
		}
		found := c.examine(all)
		objects := make([]findingObject, len(found))
		for i, f := range found {
			objects[i] = findingOf(f)
		}
		s.progress.clear()
		if len(objects) > 0 || s.JSON {
			err = list(s.Out, []string{"QUEUE", "HARM", "FINDING", "WHY"}, objects, func(o findingObject) []string {
				arn, _ := backend.ParseARN(o.QueueArn)
				return []string{arn.Name, o.Harm, o.Title, o.Why}
			})
		}
		s.say("%s in %s", format.Plural(len(found), "finding"), format.Plural(len(rows), "queue"))
		switch {
		case err != nil:
			return err
		case unread > 0:
			return &backend.Error{Kind: backend.KindInternal, Message: format.Plural(unread, "queue") + " could not be read"}
		case c.Check && len(found) > 0:
			return &backend.Error{Kind: backend.KindInternal, Message: "something is wrong", Next: "without --check findings are no failure"}
		}
		return nil
	})
}

// examine gathers the findings of all places, the worst first.
func (c *doctorCmd) examine(all []*survey) (found []doctor.Finding) {
	for _, v := range all {
		snap := v.Snapshot()
		for _, f := range doctor.Fleet(doctor.Observe(snap, time.Now(), v.conn.Place.Embedded)) {
			if c.Pattern.match(f.Queue.Name) && f.Harm >= harms[c.Least] {
				found = append(found, f)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b doctor.Finding) int { return int(b.Harm) - int(a.Harm) })
	return found
}
