package tasks

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/move"
	"sqscope/backend/redrive/proof"
	"sqscope/backend/redrive/tasks"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// entry is a row: one of these that moves messages, or did.
type entry struct {
	key   string
	what  string
	state text.Safe
	role  themes.Role
	going bool
	open  bool // somebody has to finish it
	from  string
	to    []string
	moved text.Safe
	at    time.Time

	task   *tasks.Task
	move   *move.Move
	report *proof.Report
	work   *screen.Work
}

// fill puts together what there is: what runs first, then what is unfinished, then
// the newest.
func (m *Model) fill() {
	m.entries = m.entries[:0]
	m.workEntries()
	m.taskEntries()
	told := m.reportEntries()
	m.moveEntries(told)
	rank := func(e entry) int {
		switch {
		case e.going:
			return 0
		case e.open:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(m.entries, func(a, b entry) int { return cmp.Or(rank(a)-rank(b), b.at.Compare(a.at)) })
	m.table.SetRows(len(m.entries), func(i int) string { return m.entries[i].key }, m.cell)
}

// redriving is the redrive of a queue that runs in this program, or nil.
func (m *Model) redriving(queue string) *screen.Work {
	for _, w := range m.Env.Works.Going() {
		if w.Spec.Kind == screen.Redrive && w.Spec.Queue.String() == queue {
			return w
		}
	}
	return nil
}

func (m *Model) workEntries() {
	all := m.Env.Works.Of(m.spec)
	for _, w := range m.Env.Works.Going() {
		if w.Spec != m.spec {
			all = append(all, w)
		}
	}
	for i, w := range all {
		e := entry{key: fmt.Sprintf("work %d %s", i, w.Name), what: "redrive", from: w.Spec.Queue.Name, work: w, at: w.Began, going: w.Going(), state: w.Words(), role: themes.Accent}
		if s := w.Step(); s.Doing != "" {
			e.state, e.moved, e.to = text.Const(s.Doing), text.Sprintf("%s of %s", format.Count(s.Moved), ofTotal(s.Total)), s.To
		}
		if j, ok := w.State.(*job); ok {
			e.what, e.to = j.what, []string{j.to}
			e.state, e.role = j.stands()
		}
		m.entries = append(m.entries, e)
	}
}

func (m *Model) taskEntries() {
	for i := range m.tasks {
		t := &m.tasks[i]
		e := entry{
			key: "task " + t.Started.String(), what: "task", state: text.Clean(string(t.Status)), role: roleOf(t.Status), going: !t.Status.Done(),
			from: m.queue.Name, to: []string{"back to the sources"}, at: t.Started, task: t,
			moved: text.Sprintf("%s of %s", format.Count(int(t.ApproximateNumberOfMessagesMoved)), ofTotal(int(t.ApproximateNumberOfMessagesToMove))),
		}
		if t.DestinationArn != "" {
			e.to = []string{nameOf(t.DestinationArn)}
		}
		m.entries = append(m.entries, e)
	}
}

func ofTotal(n int) string {
	if n < 0 {
		return format.Unknown
	}
	return format.Count(n)
}

// nameOf is the name of a queue whose ARN it is.
func nameOf(s string) string {
	if a, ok := backend.ParseARN(s); ok {
		return a.Name
	}
	return s
}

// reportEntries returns the moves that reports tell of.
func (m *Model) reportEntries() map[string]bool {
	told := map[string]bool{}
	for i := range m.reports {
		r := &m.reports[i]
		for _, id := range r.Moves {
			told[id] = true
		}
		if !r.Settled && m.redriving(r.From) != nil {
			continue // it is under way, and stands above
		}
		e := entry{key: "redrive " + r.ID, what: "redrive", from: nameOf(r.From), at: r.Began, report: r, moved: text.Const(format.Count(r.Moved))}
		for _, to := range r.To {
			e.to = append(e.to, nameOf(to))
		}
		back := r.Picture.Returned()
		switch {
		case !r.Settled:
			e.state, e.role = text.Const("? not watched to the end"), themes.Warn
		case r.Failure != "":
			e.state, e.role = text.Const("✗ failed"), themes.Bad
		case back > 0:
			e.state, e.role = text.Sprintf("! %d came back", back), themes.Warn
		case len(r.Left) > 0:
			e.state, e.role = text.Const("! some were left"), themes.Warn
		default:
			e.state, e.role = text.Const("✓ done"), themes.Good
		}
		m.entries = append(m.entries, e)
	}
	return told
}

func (m *Model) moveEntries(told map[string]bool) {
	for i := range m.moves {
		x := &m.moves[i]
		ours := x.PID == os.Getpid()
		here := x.Running && ours
		if told[x.ID] && x.Ended {
			continue
		}
		if w := m.redriving(x.From.ARN.String()); w != nil && ours && !x.At.Before(w.Began.Add(-time.Second)) {
			continue // a part of what stands above
		}
		e := entry{key: "move " + x.ID, what: "move", from: x.From.ARN.Name, at: x.At, move: x, moved: text.Const(format.Count(x.Moved))}
		for _, to := range x.To {
			e.to = append(e.to, to.ARN.Name)
		}
		switch {
		case here:
			e.state, e.role, e.going = text.Const("running"), themes.Accent, true
		case x.Running:
			e.state, e.role, e.going = text.Sprintf("runs in process %d", x.PID), themes.Accent, true
		case !x.Ended:
			e.state, e.role, e.open = text.Const("✗ unfinished"), themes.Bad, true
		default:
			e.state, e.role = text.Const("✓ ended"), themes.Good
		}
		m.entries = append(m.entries, e)
	}
}

func (m *Model) cell(i, col int) widget.Cell {
	e := m.entries[i]
	switch col {
	case 0:
		return widget.Cell{Text: text.Const(e.what), Role: themes.Strong}
	case 1:
		return widget.Cell{Text: e.state, Role: e.role}
	case 2:
		return widget.Cell{Text: e.moved, Role: themes.Number}
	case 3:
		return widget.Cell{Text: text.Clean(e.from), Role: themes.Text}
	case 4:
		return widget.Cell{
			Text: text.Clean(strings.Join(e.to, ", ")), Role: themes.Text,
			Fill: func(w int) text.Safe { return text.List(e.to, w) },
		}
	}
	if e.at.IsZero() {
		return widget.Cell{Text: text.Const(format.Unknown), Role: themes.Faint}
	}
	now := time.Now()
	if e.task != nil {
		now = m.Conn.Now()
	}
	return widget.Cell{Text: text.Const(format.Span(max(0, now.Sub(e.at))) + " ago"), Role: themes.Dim}
}

// here is the entry under the cursor, or nil.
func (m *Model) here() *entry {
	key, ok := m.table.Key()
	if !ok {
		return nil
	}
	for i := range m.entries {
		if m.entries[i].key == key {
			return &m.entries[i]
		}
	}
	return nil
}

func roleOf(s backend.TaskStatus) themes.Role {
	switch s {
	case backend.TaskCompleted:
		return themes.Good
	case backend.TaskFailed:
		return themes.Bad
	case backend.TaskCancelled, backend.TaskCancelling:
		return themes.Warn
	case backend.TaskRunning:
	}
	return themes.Accent
}
