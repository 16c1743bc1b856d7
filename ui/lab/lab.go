// Package lab is the lessons on the screen: the list of them with what came of
// each, the page of the lesson that somebody is at, and the panel with which the
// lesson stands beside the ordinary screens.
//
// Promises: nothing is passed by pressing a key that says so; what is shown of a
// lesson is what its engine has shown. The page does what a consumer does only
// when it is told to. A lesson's texts are a file's and so foreign: they reach the
// screen as text.Safe.
package lab

import (
	"context"
	"fmt"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	lessons "sqscope/backend/lab"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Model is the list of lessons.
type Model struct {
	screen.Base
	screen.Quiet
	table *widget.Table[string]
	split widget.Split

	all     []*lessons.Lesson
	results map[string]lessons.Result // by the lessons' ids
	read    bool
	trouble error
	at      bool // the cursor was put where the learner is
}

// New makes the list.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), table: widget.NewTable[string]([]widget.Column{
		{Title: "", Min: 2, Max: 3, Right: true},
		{Title: "LESSON", Min: 20, Max: 44},
		{Title: "ABOUT", Min: 40, Max: 80, Flex: 1, Priority: 1},
		{Title: "STATE", Min: 8, Max: 12},
	})}
	m.split.Key = env.Keys.Action(keymap.LabWhole).Key()
	return m
}

// Settled tells whether the lessons have been read, or cannot be.
func (m *Model) Settled() bool { return m.read }

// listed are the lessons and what came of them.
type listed struct {
	all     []*lessons.Lesson
	results map[string]lessons.Result
	err     error
}

// Init does nothing: Show reads.
func (m *Model) Init() tea.Cmd { return nil }

// Show reads the lessons and the progress.
func (m *Model) Show() tea.Cmd {
	lab := m.Env.Lab
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		if lab.Lessons == nil {
			return listed{}
		}
		all, err := lab.Lessons()
		if err != nil {
			return listed{err: err}
		}
		results, err := lab.Progress.Load()
		return listed{all, results, err}
	})
}

// Update takes the list, and the mouse.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case listed:
		return m.listed(msg)
	case screen.Click:
		if i, ok := m.table.RowAt(msg.Y); ok && m.split.OverList(msg.X, msg.Y) {
			m.table.SelectRow(i)
			if msg.Double {
				return m.begin()
			}
		}
	case screen.Wheel:
		return m.move(int(msg))
	}
	return nil
}

func (m *Model) listed(l listed) tea.Cmd {
	m.read, m.trouble = true, l.err
	if l.all != nil {
		m.all, m.results = l.all, l.results
		m.table.SetRows(len(m.all), func(i int) string { return m.all[i].ID }, m.cell)
	}
	if !m.at {
		m.at = true
		m.table.Select(m.next())
	}
	if l.err != nil {
		return m.Env.Host.Fail(l.err)
	}
	return nil
}

// next is where the learner goes on: at the lesson that he is at, else at the
// first that was not passed.
func (m *Model) next() string {
	if l := m.Env.Conns[0].Lesson; l != nil {
		return l.Session.Lesson().ID
	}
	for _, l := range m.all {
		if m.results[l.ID].Passed.IsZero() {
			return l.ID
		}
	}
	return ""
}

// here is the lesson under the cursor, or nil.
func (m *Model) here() *lessons.Lesson {
	id, _ := m.table.Key()
	for _, l := range m.all {
		if l.ID == id {
			return l
		}
	}
	return nil
}

func (m *Model) noLesson() string {
	if m.here() == nil {
		return "there is no lesson"
	}
	return ""
}

// begin opens the lesson under the cursor.
func (m *Model) begin() tea.Cmd {
	l := m.here()
	if l == nil {
		return nil
	}
	return enter(m.Env, l)
}

// enter goes to a lesson.
func enter(env *screen.Env, l *lessons.Lesson) tea.Cmd {
	name := env.Lab.Context(l)
	if name == env.Name {
		return env.Host.Open(screen.Spec{Kind: screen.LessonPage, Conn: env.Conns[0].Name})
	}
	return env.Host.Connect(name)
}

// Bindings are the keys of the list.
func (m *Model) Bindings() []screen.Binding {
	return append([]screen.Binding{
		{Action: keymap.LabOpen, Run: m.begin, Off: m.noLesson},
		{Action: keymap.LabWhole, Run: func() tea.Cmd { m.split.Show(!m.split.Alone); return nil }, Off: m.noLesson},
		{Action: keymap.Refresh, Run: m.Show},
	}, screen.Moves(m.move, m.page)...)
}

func (m *Model) move(by int) tea.Cmd {
	if m.split.Alone {
		m.split.Scroll(by)
	} else {
		m.table.Move(by)
	}
	return nil
}

func (m *Model) page() int {
	if m.split.Alone {
		return m.split.Page()
	}
	return m.table.Page()
}

// Crumb is "Lab".
func (m *Model) Crumb() text.Safe { return text.Const("Lab") }

// Status is how many lessons were passed.
func (m *Model) Status() text.Safe {
	passed := 0
	for _, l := range m.all {
		if !m.results[l.ID].Passed.IsZero() {
			passed++
		}
	}
	return text.Sprintf("%d of %s passed", passed, format.Plural(len(m.all), "lesson"))
}

// Hint says what the lab is.
func (m *Model) Hint(w int) string {
	return m.Env.Theme.Paint(themes.Dim, text.Const("each lesson has an engine of its own: nothing that you do there can harm anything").Truncate(w).String())
}

// Trouble is why the list is not whole.
func (m *Model) Trouble() error { return m.trouble }

// Leave ends the screen.
func (m *Model) Leave() tea.Cmd {
	m.End()
	return nil
}

// View draws the list and what the lesson under the cursor is about.
func (m *Model) View(w, h int) string {
	t := m.Env.Theme
	switch {
	case !m.read:
		return widget.Center(t.Paint(themes.Dim, "reading the lessons …"), w, h)
	case len(m.all) == 0:
		return widget.Center(t.Paint(themes.Dim, "there are no lessons"), w, h)
	}
	return m.split.View(w, h, func(w, h int) string { return m.table.View(w, h, t) }, m.details, t)
}

// Cursor stands in low motion on the row that keys are about.
func (m *Model) Cursor() (x, y int, ok bool) {
	return 1, m.table.CursorY(), m.Env.LowMotion && len(m.all) > 0 && !m.split.Alone
}

func (m *Model) cell(i, col int) widget.Cell {
	l := m.all[i]
	switch col {
	case 0:
		if l.Number == 0 {
			return widget.Cell{}
		}
		return widget.Cell{Text: text.Const(strconv.Itoa(l.Number)), Role: themes.Dim}
	case 1:
		return widget.Cell{Text: text.Clean(l.Title), Role: themes.Strong}
	case 2:
		return widget.Cell{Text: text.Clean(l.Concept), Role: themes.Dim}
	}
	return m.state(l)
}

// state is what came of a lesson, in a word.
func (m *Model) state(l *lessons.Lesson) widget.Cell {
	r := m.results[l.ID]
	switch open := m.Env.Host.Opened(m.Env.Lab.Context(l)) != nil; {
	case !r.Passed.IsZero():
		return widget.Cell{Text: text.Const("✓ passed"), Role: themes.Good}
	case open:
		return widget.Cell{Text: text.Const("▸ open"), Role: themes.Accent}
	case r.Runs > 0:
		return widget.Cell{Text: text.Const("· begun"), Role: themes.Text}
	}
	return widget.Cell{Text: text.Const("new"), Role: themes.Dim}
}

// details are what the lesson under the cursor is about.
func (m *Model) details(w int) []string {
	l, t := m.here(), m.Env.Theme
	if l == nil {
		return nil
	}
	lines := widget.Paragraph(heading(l), themes.Title, w, t)
	lines = append(lines, widget.Paragraph(text.Clean(l.Concept), themes.Dim, w, t)...)
	if came := m.came(l); came != "" {
		lines = append(lines, widget.Paragraph(text.Const(came), themes.Good, w, t)...)
	}
	lines = append(lines, "")
	lines = append(lines, paragraphs(l.Story, w, t)...)
	if l.Program != nil {
		lines = append(lines, "", t.Paint(themes.Dim, "A program of your own can take part as "+string(l.Program.Role)+"."))
	}
	return lines
}

// came says what came of a lesson so far.
func (m *Model) came(l *lessons.Lesson) string {
	r := m.results[l.ID]
	if r.Runs == 0 {
		return ""
	}
	s := fmt.Sprintf("%s, %s", format.Plural(r.Runs, "run"), misses(r.Misses))
	if r.Passed.IsZero() {
		return "begun: " + s
	}
	passed := r.Passed.In(time.Local)
	if m.Env.UTC {
		passed = r.Passed.UTC()
	}
	return "✓ passed on " + passed.Format(time.DateOnly) + ": " + s
}

func misses(n int) string {
	switch n {
	case 0:
		return "no miss"
	case 1:
		return "1 miss"
	}
	return format.Count(n) + " misses"
}
