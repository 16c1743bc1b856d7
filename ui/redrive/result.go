package redrive

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/move"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// outcome is how the screen says what became of a message.
func outcome(msg move.Message) dialog.Outcome {
	o := dialog.Outcome{What: text.Sprintf("%s  %s", msg.ID, msg.Outcome)}
	if msg.To.Name != "" {
		o.What = text.Sprintf("%s  %s to %s", msg.ID, msg.Outcome, msg.To.Name)
	}
	switch msg.Outcome {
	case move.Moved:
		o.Role, o.Sign = themes.Good, "✓"
		if msg.NewID != "" {
			o.Why = text.Sprintf("now %s", msg.NewID)
		}
	case move.PossibleDuplicate, move.Both:
		o.Role, o.Sign = themes.Warn, "?"
	case move.Failed, move.Left, move.Swallowed:
		o.Role, o.Sign = themes.Bad, "✗"
	}
	if msg.Why != nil {
		o.Why = text.Clean(msg.Why.Bare())
	}
	return o
}

// leftFirst sorts messages so that those that are not moved come first.
func leftFirst(all []move.Message) {
	rank := func(msg move.Message) int {
		if msg.Outcome == move.Moved {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(all, func(a, b move.Message) int { return rank(a) - rank(b) })
}

// missing are the ids that were named and are missing at last.
func missing(results []move.Result) []string {
	if len(results) == 0 {
		return nil
	}
	return results[len(results)-1].Missing
}

// failed are the ids of what was chosen and not moved. What may be in the
// destination too is not among them: finishing the move decides that.
func (r *run) failed() (ids []string) {
	_, res, _ := r.look()
	if res == nil {
		return nil
	}
	for _, mv := range res.Moves {
		for _, msg := range mv.Messages {
			if msg.Outcome == move.Failed || msg.Outcome == move.Left {
				ids = append(ids, msg.ID)
			}
		}
	}
	return append(ids, missing(res.Moves)...)
}

func (m *Model) noFailed() string {
	if len(m.run.failed()) == 0 {
		return "nothing of what was chosen was left"
	}
	return ""
}

// again plans a redrive of just those that were not moved.
func (m *Model) again() tea.Cmd {
	ids := m.run.failed()
	before, group := m.run.choice, m.selection.Group
	m.plan(screen.Selection{Label: "not moved before: " + format.Plural(len(ids), "message"), IDs: ids, Known: m.known, Group: group})
	m.choice = before
	m.choice.native = false
	return m.examine()
}

// anew plans another redrive.
func (m *Model) anew() tea.Cmd {
	m.plan(screen.Selection{})
	return m.examine()
}

// showResults tells what became of each message.
func (m *Model) showResults() tea.Cmd {
	_, res, err := m.run.look()
	out := dialog.Results{Title: text.Sprintf("The redrive of %s, message by message", m.run.from), Copy: res.Path, CopyWhat: text.Const("the report's path")}
	var all []move.Message
	for _, r := range res.Moves {
		all = append(all, r.Messages...)
		out.Notes = append(out.Notes, dialog.Line{Role: themes.Text, Text: text.Clean(r.Words())})
	}
	if res.Task != nil {
		out.Notes = append(out.Notes, dialog.Line{Role: themes.Text, Text: text.Sprintf("move task: %s", res.Task.Task.Words())})
	}
	if err != nil {
		out.Notes = append(out.Notes, dialog.Line{Role: themes.Bad, Text: text.Clean(err.Error())})
	}
	leftFirst(all)
	for _, msg := range all {
		out.Rows = append(out.Rows, outcome(msg))
	}
	for _, id := range missing(res.Moves) {
		last := res.Moves[len(res.Moves)-1]
		o := dialog.Outcome{Role: themes.Warn, Sign: "·", What: text.Sprintf("%s  %s", id, last.Absence())}
		if last.Through() {
			o.Sign, o.Why = "?", text.Const("it may be in flight with somebody, or gone")
		}
		out.Rows = append(out.Rows, o)
	}
	if len(m.run.failed()) > 0 {
		out.Word, out.Again = "plan just the failed again", m.again
	}
	m.Env.Host.Ask(dialog.NewResults(m.Env, out))
	return nil
}

func (m *Model) noReport() string {
	if _, res, _ := m.run.look(); res.Report.ID == "" {
		return "nothing was begun, so that there is no report"
	}
	return ""
}

// showReport shows the report, as it is on the disk.
func (m *Model) showReport() tea.Cmd {
	_, res, _ := m.run.look()
	r := dialog.Review{Title: text.Const("The report"), Confirm: "copy it", Run: func() tea.Cmd {
		return m.Env.Host.Clipboard(text.Const("the report"), res.Report.Markdown())
	}}
	for _, l := range text.Lines(res.Report.Markdown()) {
		r.Lines = append(r.Lines, dialog.Line{Role: themes.Text, Text: l})
	}
	m.Env.Host.Ask(dialog.NewReview(m.Env, r))
	return nil
}

// copyPath copies where the report is.
func (m *Model) copyPath() tea.Cmd {
	_, res, _ := m.run.look()
	return m.Env.Host.Clipboard(text.Const("the report's path"), res.Path)
}

func (m *Model) noPath() string {
	if _, res, _ := m.run.look(); res.Path == "" {
		return "there is no report on the disk"
	}
	return ""
}
