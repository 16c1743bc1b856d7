package tasks

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Bindings are the keys of the screen.
func (m *Model) Bindings() []screen.Binding {
	return append([]screen.Binding{
		{Action: keymap.TasksOpen, Run: m.open, Off: m.noEntry},
		{Action: keymap.TasksFinish, Run: m.askFinish, Off: m.noFinish},
		{Action: keymap.TasksCancel, Run: m.askCancel, Off: m.noCancel, Needs: m.cancelNeeds()},
		{Action: keymap.TasksRedrive, Run: m.redrive, Off: m.noRedrive},
		{Action: keymap.TasksStart, Run: m.askStart, Off: m.noStart, Needs: "StartMessageMoveTask"},
		{Action: keymap.TasksDrain, Run: m.askDrain, Off: m.noDrain, Needs: "DeleteMessageBatch"},
		{Action: keymap.TasksRestore, Run: m.listEvidence, Off: m.noRestore, Needs: "SendMessageBatch"},
		{Action: keymap.Refresh, Run: func() tea.Cmd { return tea.Batch(m.list(), m.look()) }},
		{Action: keymap.Copy, Run: m.copy, Off: m.noEntry},
	}, screen.Moves(func(by int) tea.Cmd { m.table.Move(by); return nil }, m.table.Page)...)
}

func (m *Model) noEntry() string {
	if m.here() == nil {
		return "nothing has been moved yet"
	}
	return ""
}

func (m *Model) noRedrive() string {
	if e := m.here(); m.queue.Name == "" && (e == nil || e.work == nil || e.work.Spec.Kind != screen.Redrive) {
		return noQueue
	}
	return ""
}

// redrive opens the redrive of this queue, or the one under the cursor.
func (m *Model) redrive() tea.Cmd {
	if m.queue.Name == "" {
		return m.Env.Host.Open(m.here().work.Spec)
	}
	if m.redriving(m.queue.String()) == nil {
		m.Select(m.queue, screen.Selection{})
	}
	return m.Open(screen.Redrive, m.queue)
}

// open shows all that is known of what is under the cursor.
func (m *Model) open() tea.Cmd {
	e := m.here()
	if e.work != nil && e.work.Spec.Kind == screen.Redrive {
		return m.Env.Host.Open(e.work.Spec)
	}
	r := dialog.Review{Title: text.Const(e.what), Confirm: "copy it"}
	content := ""
	switch {
	case e.report != nil:
		r.Title, content = text.Sprintf("The report of the redrive of %s", e.from), e.report.Markdown()
	case e.move != nil:
		r.Title, content = text.Sprintf("The move from %s", e.from), m.moveText(e)
	default:
		for _, l := range m.facts(e) {
			content += fmt.Sprintf("%-11s%s\n", l.label, l.value)
		}
	}
	for _, l := range text.Lines(strings.TrimSuffix(content, "\n")) {
		r.Lines = append(r.Lines, dialog.Line{Role: themes.Text, Text: l})
	}
	r.Run = func() tea.Cmd { return m.Env.Host.Clipboard(r.Title, content) }
	m.Env.Host.Ask(dialog.NewReview(m.Env, r))
	return nil
}

// moveText is a move as its journal has it, message by message.
func (m *Model) moveText(e *entry) string {
	var b strings.Builder
	for _, f := range m.facts(e) {
		fmt.Fprintf(&b, "%-11s%s\n", f.label, f.value)
	}
	for _, msg := range e.move.Messages {
		fmt.Fprintf(&b, "%s  %s → %s\n", msg.ID, msg.Outcome, msg.To.Name)
	}
	return b.String()
}

func (m *Model) copy() tea.Cmd {
	e := m.here()
	switch {
	case e.move != nil:
		return m.Env.Host.Clipboard(text.Const("the path of the journal"), e.move.Path)
	case e.report != nil:
		return m.Env.Host.Clipboard(text.Const("the id of the redrive"), e.report.ID)
	case e.task != nil && e.task.TaskHandle != "":
		return m.Env.Host.Clipboard(text.Const("the handle of the task"), e.task.TaskHandle)
	}
	return m.Env.Host.Say(themes.Warn, text.Const("there is nothing to copy: SQS gives the handle of a task only while it runs"))
}

// fact is a label and what it says.
type fact struct {
	label string
	value string
	role  themes.Role
}

// where is a place in words: queues of several places may have the same ARN, as
// those of engines do.
func where(context, endpoint string) string {
	if context != "" && endpoint != "" && context != endpoint {
		return context + ", " + endpoint
	}
	return cmp.Or(context, endpoint)
}

// facts are all that is known of an entry.
func (m *Model) facts(e *entry) (all []fact) {
	add := func(label, value string, role themes.Role) {
		if value != "" {
			all = append(all, fact{label, value, role})
		}
	}
	stamp := func(t time.Time) string { return format.Stamp(t, m.Env.UTC) }
	switch {
	case e.report != nil:
		r := e.report
		add("proof", r.Line, themes.Strong)
		add("how", r.How, themes.Text)
		add("ended", r.Stop, themes.Text)
		add("failed", r.Failure, themes.Bad)
		for _, why := range slices.Sorted(maps.Keys(r.Left)) {
			add("not moved", format.Count(r.Left[why])+" "+why, themes.Warn)
		}
		add("when", stamp(r.Began)+" to "+stamp(r.Ended), themes.Dim)
		add("where", where(r.Who.Context, r.Who.Endpoint), themes.Dim)
	case e.move != nil:
		x := e.move
		switch {
		case x.Running:
			add("runs", fmt.Sprintf("process %d has it in hand; nobody else touches it", x.PID), themes.Accent)
		case !x.Ended:
			add("open", format.Plural(len(x.Both), "message")+" in both queues, "+format.Count(len(x.Doubtful))+" perhaps; F finishes it", themes.Bad)
		}
		add("stopped", x.Stop.Words(), themes.Text)
		switch {
		case x.Mapped:
			add("changed", "by a jq expression, whose digest is in the journal", themes.Text)
		case x.Edits:
			add("changed", "by hand or by a jq expression: the journal does not tell", themes.Text)
		}
		add("when", stamp(x.At)+", last written "+stamp(x.Last), themes.Dim)
		add("where", x.From.Context, themes.Dim)
		add("journal", x.Path, themes.Dim)
		for _, p := range x.Problems {
			add("damaged", p.Error(), themes.Warn)
		}
	case e.task != nil:
		t := e.task
		add("task", t.Words(), e.role)
		add("rate", m.pace(e), themes.Text)
		if t.Status == backend.TaskCancelling {
			add("note", "cancelling is not done yet; a few more messages may move", themes.Warn)
		}
		add("to", t.DestinationArn, themes.Dim)
		add("when", stamp(t.Started), themes.Dim)
	case e.work != nil:
		add("runs", e.work.Name.String(), themes.Accent)
		add("so far", e.work.Words().String(), themes.Text)
		if j, ok := e.work.State.(*job); ok && !e.going {
			_, line := finished{j}.Late()
			all[0] = fact{"ended", line.String(), e.role}
		}
	}
	return all
}

// pace is how fast a task moves, and how long the rest takes at that.
func (m *Model) pace(e *entry) string {
	t := e.task
	var parts []string
	if t.MaxNumberOfMessagesPerSecond.Set {
		parts = append(parts, fmt.Sprintf("%d/s at most", t.MaxNumberOfMessagesPerSecond.Value))
	}
	moved, total := t.ApproximateNumberOfMessagesMoved, t.ApproximateNumberOfMessagesToMove
	age := m.Conn.Now().Sub(t.Started)
	if e.going && moved > 0 && age > 0 {
		parts = append(parts, format.Rate(float64(moved)/age.Seconds())+"/s so far")
		if total > moved {
			parts = append(parts, format.Span(time.Duration(float64(age)/float64(moved)*float64(total-moved)))+" left")
		}
	}
	return strings.Join(parts, " · ")
}

func (m *Model) headLines() int {
	if m.queue.Name == "" {
		return 0
	}
	return 2
}

// detailLines is how many lines the details have under the list.
const detailLines = 7

// View draws the list, and under it what is under the cursor.
func (m *Model) View(w, h int) string {
	t := m.Env.Theme
	var lines []string
	if m.queue.Name != "" {
		lines = append(lines, m.holds(w), "")
	}
	var notes []string
	if m.err != nil {
		e := backend.AsError(m.err)
		notes = append(notes, " "+t.Paint(themes.Bad, text.Sprintf("✗ SQS's tasks: %s: %s", e.Kind, e.Error()).Truncate(w-2).String()))
	}
	if n := len(m.problems); n > 0 {
		notes = append(notes, " "+t.Paint(themes.Warn, text.Sprintf("! %d of our records cannot be read: %s", n, m.problems[0].Error()).Truncate(w-2).String()))
	}
	room := h - len(lines) - len(notes)
	switch {
	case len(m.entries) == 0 && (m.looking && m.looked.IsZero() || m.listing && m.listed.IsZero()):
		lines = append(lines, " "+t.Paint(themes.Dim, "reading …"))
	case len(m.entries) == 0:
		words := "no move and no redrive is recorded on this machine"
		if m.queue.Name != "" {
			words = "nothing was moved from here yet: m plans a redrive, n starts SQS's own task"
		}
		lines = append(lines, " "+t.Paint(themes.Dim, text.Const(words).Truncate(w-2).String()))
	default:
		detail := m.detail(w)
		lines = append(lines, strings.Split(m.table.View(w, max(3, room-len(detail)), t), "\n")...)
		lines = append(lines, detail...)
	}
	lines = append(lines, notes...)
	for len(lines) < h {
		lines = append(lines, "")
	}
	for i := range lines {
		lines[i] = widget.Fit(lines[i], w)
	}
	return strings.Join(lines[:h], "\n")
}

// detail is what is known of the entry under the cursor.
func (m *Model) detail(w int) []string {
	t := m.Env.Theme
	lines := []string{t.Paint(themes.Faint, strings.Repeat("─", w))}
	if e := m.here(); e != nil {
		if t := e.task; t != nil && e.going {
			moved, total := int(t.ApproximateNumberOfMessagesMoved), int(t.ApproximateNumberOfMessagesToMove)
			lines = append(lines, " "+m.Env.Theme.Paint(themes.Spark, widget.Bar(moved, total, 30)))
		}
		for _, f := range m.facts(e) {
			for _, l := range widget.Fact(f.label, text.Clean(f.value), f.role, w-2, t) {
				lines = append(lines, " "+l)
			}
		}
	}
	for len(lines) < detailLines {
		lines = append(lines, "")
	}
	return lines[:detailLines]
}

// holds says in a sentence what the queue holds.
func (m *Model) holds(w int) string {
	t, q := m.Env.Theme, m.Conn.Queue(m.queue)
	if q == nil || q.AsOf.IsZero() {
		return " " + t.Paint(themes.Dim, "not read yet")
	}
	s, role := screen.Holds(q)
	return " " + t.Paint(role, s.Truncate(w-2).String())
}

// Hint says what the entry under the cursor can be used for.
func (m *Model) Hint(w int) string {
	words := "enter shows the report; y copies its id"
	switch e := m.here(); {
	case e == nil:
		words = "a redrive is checked before, goes in small steps, and leaves a report"
	case e.open:
		words = "F finishes this move; nothing is lost, and possible duplicates are named"
	case e.move != nil && e.move.Running:
		words = "another process has this move in hand; it is not touched"
	case e.task != nil:
		words = "SQS tells of its tasks about a minute late; the number to move was fixed at the start"
	case e.work != nil && e.going:
		words = "it goes on when this screen is left; X stops it"
	}
	return m.Env.Theme.Paint(themes.Dim, text.Const(words).Truncate(w).String())
}
