// Package activity shows what was done and what it cost: the journal of changes,
// of this run and earlier ones, and the log of all requests of this run, each as
// its line for the AWS CLI.
//
// The journal is read in commands, page by page, backwards from its end. The log
// lies in memory; once a second its number is looked at, and only what is new is
// taken. Nothing here makes a request.
package activity

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/keymap"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// calm is how long after a key the cursor does not follow what is newest.
const calm = 2 * time.Second

// pane is one of the two lists.
type pane int

const (
	changes pane = iota
	requests
)

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	pane    pane
	split   widget.Split
	filter  widget.Input
	typing  bool
	words   []string // all of which a row must have, in lower case
	lastKey time.Time

	journal book
	log     ledger
}

// New makes the screen.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), filter: widget.NewInput()}
	m.filter.Placeholder = text.Const("words of the act, the queue, the result")
	m.split.Key = env.Keys.Action(keymap.ActivityWhole).Key()
	m.journal = newBook()
	m.log = newLedger(env.Conns)
	m.takeCalls()
	return m
}

// Init reads the end of the journal, and what in it is unfinished.
func (m *Model) Init() tea.Cmd { return m.readJournal(true) }

// Show catches up with what was done meanwhile.
func (m *Model) Show() tea.Cmd {
	m.takeCalls()
	return m.readJournal(false)
}

// Crumb is "Activity".
func (m *Model) Crumb() text.Safe { return text.Const("Activity") }

// Leave ends the screen.
func (m *Model) Leave() tea.Cmd { m.End(); return nil }

// Typing tells whether the filter has the keys.
func (m *Model) Typing() bool { return m.typing }

// Trouble is why the journal, or some of it, cannot be read.
func (m *Model) Trouble() error {
	switch b := &m.journal; {
	case b.err != nil:
		return b.err
	case len(b.problems) > 0:
		return b.problems[0]
	}
	return nil
}

// Update takes keys for the filter, parts of the journal, and the time.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case journalRead:
		return m.tookJournal(msg)
	case screen.TickMsg:
		if changed := m.takeCalls(); changed || time.Since(m.journal.at) >= rest {
			return m.readJournal(false)
		}
	case tea.KeyPressMsg:
		return m.typed(msg)
	case tea.PasteMsg:
		m.filter.Paste(msg.Content)
		m.narrow()
	case screen.Click:
		m.clicked(msg)
	case screen.Wheel:
		return m.move(int(msg))
	}
	return nil
}

func (m *Model) typed(msg tea.KeyPressMsg) tea.Cmd {
	if cmd, done := screen.Dispatch(m.Env, m.Bindings(), msg.String()); done {
		return cmd
	}
	switch stroke := msg.String(); stroke {
	case "up":
		return m.move(-1)
	case "down":
		return m.move(1)
	default:
		if m.filter.Key(stroke, msg.Text) {
			m.narrow()
		}
	}
	return nil
}

// narrow shows what has the words of the filter, in both lists.
func (m *Model) narrow() {
	m.words = strings.Fields(strings.ToLower(m.filter.Value()))
	m.fillJournal()
	m.fillCalls()
}

// has tells whether a row has all words of the filter.
func (m *Model) has(in string) bool {
	for _, w := range m.words {
		if !strings.Contains(in, w) {
			return false
		}
	}
	return true
}

// Bindings are the keys of the filter while it is typed, else of the lists.
func (m *Model) Bindings() []screen.Binding {
	if m.typing {
		return []screen.Binding{
			{Action: keymap.FilterKeep, Run: func() tea.Cmd { m.typing = false; return nil }},
			{Action: keymap.FilterClear, Run: func() tea.Cmd { m.typing = false; m.filter.SetValue(""); m.narrow(); return nil }},
		}
	}
	bindings := []screen.Binding{
		{Action: keymap.ActivityPane, Run: m.other},
		{Action: keymap.ActivityWhole, Run: func() tea.Cmd { m.touch(); m.split.Show(!m.split.Alone); return nil }, Off: m.nothing},
		{Action: keymap.Filter, Run: func() tea.Cmd { m.typing = true; m.split.Show(false); return nil }},
		{Action: keymap.Copy, Run: m.copy, Off: m.nothing},
		{Action: keymap.Refresh, Run: func() tea.Cmd { m.takeCalls(); return m.readJournal(true) }},
	}
	bindings = append(bindings, screen.Moves(m.move, m.page)...)
	if m.split.Alone {
		bindings = append(bindings, screen.Binding{Action: keymap.Back, Run: func() tea.Cmd { m.split.Show(false); return nil }})
	}
	return bindings
}

func (m *Model) touch() { m.lastKey = time.Now() }

// calm tells whether a cursor on the newest row may go on to a newer one: nobody
// is about to act on the row or reads it.
func (m *Model) calm() bool { return !m.split.Alone && time.Since(m.lastKey) >= calm }

// other switches between the lists.
func (m *Model) other() tea.Cmd {
	m.touch()
	m.split.Show(false)
	m.pane = requests - m.pane
	return nil
}

// move moves the cursor of the list that is seen, or the details that are alone.
// Near the end of what was read of the journal, older entries are read.
func (m *Model) move(by int) tea.Cmd {
	m.touch()
	switch {
	case m.split.Alone:
		m.split.Scroll(by)
	case m.pane == requests:
		m.log.table.Move(by)
		at, ok := m.log.table.Key()
		m.log.follow = ok && at == m.log.rows[0].key()
	default:
		m.journal.table.Move(by)
		at, ok := m.journal.table.Key()
		m.journal.follow = ok && at == m.journal.rows[0].ID
		return m.older()
	}
	return nil
}

func (m *Model) page() int {
	switch {
	case m.split.Alone:
		return m.split.Page()
	case m.pane == requests:
		return m.log.table.Page()
	}
	return m.journal.table.Page()
}

func (m *Model) nothing() string {
	if m.pane == requests && m.log.table.Len() > 0 || m.pane == changes && m.journal.table.Len() > 0 {
		return ""
	}
	return "there is nothing under the cursor"
}

func (m *Model) copy() tea.Cmd {
	if m.pane == requests {
		return m.copyCall()
	}
	return m.copyEntry()
}

// clicked chooses a row, and shows it in full the second time.
func (m *Model) clicked(c screen.Click) {
	y := c.Y - len(m.head(1))
	if !m.split.OverList(c.X, y) {
		return
	}
	m.touch()
	rowAt, choose, follow := m.journal.table.RowAt, m.journal.table.SelectRow, &m.journal.follow
	if m.pane == requests {
		rowAt, choose, follow = m.log.table.RowAt, m.log.table.SelectRow, &m.log.follow
	}
	if i, ok := rowAt(y); ok {
		choose(i)
		*follow = i == 0
		m.split.Show(c.Double)
	}
}
