// Package queues is the list of all queues: depths, ages, rates and trends, with
// dead-letter queues under their sources.
//
// What is not known is shown as —, never as zero. The list is filtered and
// sorted in a command; the cursor stays on its queue whatever the order becomes,
// and every act takes the queue under the cursor by its ARN.
package queues

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// calm is how long the order rests after a key, so that rows do not jump while
// somebody is choosing one.
const calm = 2 * time.Second

// settle is how long it rests while the background is still reading.
const settle = 15 * time.Second

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	table   *widget.Table[backend.ARN]
	filter  widget.Input
	typing  bool
	order   order
	rows    []row
	asked   int            // number of the last arrangement asked for
	shown   int            // and of the one on the screen
	sought  int            // of the one that has what the filter says now
	waiting func() tea.Cmd // an act that was called before that one was there
	settled time.Time      // when the rows were last put in order
	pending bool
	lastKey time.Time
	snap    *fleet.Snapshot
	trend   int // cells of the trend column
	recent  struct {
		i int
		q *fleet.Queue // the present state of row i; nil: look it up
	}
}

type arranged struct {
	n    int
	rows []row
}

// New makes the screen.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), table: newTable(), order: order{by: byBacklog, tree: true}}
	m.filter = widget.NewInput()
	m.snap = m.Conn.Fleet.Snapshot()
	return m
}

// Init arranges what is known already.
func (m *Model) Init() tea.Cmd { return m.arrange() }

// Show catches up with what happened while the screen was covered.
func (m *Model) Show() tea.Cmd { return m.changed() }

// Crumb is "Queues".
func (m *Model) Crumb() text.Safe { return text.Const("Queues") }

// Update takes keys for the filter and news of the fleet.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return m.typed(msg)
	case tea.PasteMsg:
		m.filter.Paste(msg.Content)
		return m.filtered()
	case screen.FleetMsg:
		return m.changed()
	case screen.TickMsg:
		m.look()
		return m.rearrange()
	case arranged:
		return m.arranged(msg)
	}
	return nil
}

// changed takes the new picture of the fleet. Rows that are shown take their new
// numbers at once; the order follows when it may.
func (m *Model) changed() tea.Cmd {
	old := m.snap
	m.snap = m.Conn.Fleet.Snapshot()
	m.recent.q = nil
	if old == nil || len(old.Queues) != len(m.snap.Queues) || len(m.rows) == 0 {
		return m.arrange()
	}
	return nil
}

// rearrange sorts anew, but not under the hands of somebody who is choosing and
// not while the background is still reading.
func (m *Model) rearrange() tea.Cmd {
	if time.Since(m.lastKey) < calm || screen.Reading(m.snap) && time.Since(m.settled) < settle {
		return nil
	}
	return m.arrange()
}

// arranged takes rows in their new order. An act that was waiting for what the
// filter says is done now, on the queue that it was meant for.
func (m *Model) arranged(a arranged) tea.Cmd {
	m.pending = false
	if a.n > m.shown {
		key, chosen := m.table.Key()
		found := m.shown < m.sought && a.n >= m.sought
		m.shown, m.rows, m.settled = a.n, a.rows, time.Now()
		m.fill()
		if m.lastKey.IsZero() || found && !(chosen && has(m.rows, key)) {
			m.table.Top() // nobody has chosen one of these yet
		}
		m.look()
	}
	var next tea.Cmd
	if m.asked > a.n {
		next = m.arrange()
	}
	if m.waiting != nil && m.shown >= m.sought {
		act := m.waiting
		m.waiting = nil
		return tea.Batch(next, act())
	}
	return next
}

func has(rows []row, arn backend.ARN) bool {
	return slices.ContainsFunc(rows, func(r row) bool { return r.q.ARN == arn })
}

// when does an act now, or once the rows are those that the filter asks for.
func (m *Model) when(off func() string, act func() tea.Cmd) func() tea.Cmd {
	return func() tea.Cmd {
		if m.shown >= m.sought {
			return act()
		}
		m.waiting = func() tea.Cmd {
			if why := off(); why != "" {
				return m.Env.Host.Say(themes.Warn, text.Clean(why))
			}
			return act()
		}
		return nil
	}
}

func (m *Model) arrange() tea.Cmd {
	m.asked++
	if m.pending {
		return nil // the one under way asks again when it is back
	}
	m.pending = true
	n, all, o := m.asked, m.snap.Queues, m.order
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg { return arranged{n, arrange(all, o)} })
}

func (m *Model) typed(msg tea.KeyPressMsg) tea.Cmd {
	if cmd, done := screen.Dispatch(m.Env, m.Bindings(), msg.String()); done {
		return cmd
	}
	switch stroke := msg.String(); stroke {
	case "up", "down":
		m.move(map[string]int{"up": -1, "down": 1}[stroke])
	default:
		if m.filter.Key(stroke, msg.Text) {
			return m.filtered()
		}
	}
	return nil
}

func (m *Model) filtered() tea.Cmd {
	m.order.words = m.filter.Value()
	cmd := m.arrange()
	m.sought, m.waiting = m.asked, nil
	return cmd
}

func (m *Model) move(by int) {
	m.lastKey = time.Now()
	m.table.Move(by)
	m.look()
}

// look tells the fleet which rows are on the screen: they are read first.
func (m *Model) look() {
	first, last := m.table.Visible()
	arns := make([]backend.ARN, 0, last-first)
	for i := first; i < last && i < len(m.rows); i++ {
		arns = append(arns, m.rows[i].q.ARN)
	}
	m.Conn.Fleet.Look(arns, screen.Fresh)
}

// at is the present state of the queue in a row. One that has just vanished is
// shown as it was until the rows are arranged anew.
func (m *Model) at(i int) *fleet.Queue {
	if m.recent.q == nil || m.recent.i != i {
		m.recent.i, m.recent.q = i, m.rows[i].q
		if q := m.snap.Queue(m.rows[i].q.ARN); q != nil {
			m.recent.q = q
		}
	}
	return m.recent.q
}

// queue is the one under the cursor, or nil.
func (m *Model) queue() *fleet.Queue {
	arn, ok := m.table.Key()
	if !ok {
		return nil
	}
	return m.snap.Queue(arn)
}

// Typing tells whether the filter has the keys.
func (m *Model) Typing() bool { return m.typing }

// Leave ends the screen.
func (m *Model) Leave() tea.Cmd { m.End(); return nil }

// Status says the filter, the order and how far the reading has come.
func (m *Model) Status() text.Safe {
	var parts []string
	if w := strings.TrimSpace(m.order.words); w != "" && !m.typing {
		parts = append(parts, "filter: "+w)
	}
	if screen.Reading(m.snap) {
		parts = append(parts, text.Sprintf("read %d of %d", m.snap.Known, len(m.snap.Queues)).String())
	}
	arrow := " ↓"
	if m.order.reverse != (m.order.by == byName) {
		arrow = " ↑"
	}
	parts = append(parts, "sort: "+columnWords[m.order.by]+arrow)
	return text.Clean(strings.Join(parts, " · "))
}

// Bindings are the keys of the filter while it is typed, else of the list.
func (m *Model) Bindings() []screen.Binding {
	if m.typing {
		return []screen.Binding{
			{Action: keymap.FilterKeep, Run: func() tea.Cmd { m.typing = false; return nil }},
			{Action: keymap.FilterClear, Run: func() tea.Cmd {
				m.typing = false
				m.filter.SetValue("")
				return m.filtered()
			}},
		}
	}
	need := func() string {
		if m.queue() == nil && m.shown >= m.sought {
			return "there is no queue under the cursor"
		}
		return ""
	}
	open := func(kind screen.Kind) func() tea.Cmd {
		return m.when(need, func() tea.Cmd { return m.Open(kind, m.queue().ARN) })
	}
	move := func(by int) func() tea.Cmd { return func() tea.Cmd { m.move(by); return nil } }
	letters := m.DeadLettersBinding(keymap.QueuesDeadLetters, func() backend.ARN { arn, _ := m.table.Key(); return arn })
	return []screen.Binding{
		{Action: keymap.QueuesOpen, Run: open(screen.Messages), Off: need},
		{Action: keymap.QueuesSend, Run: open(screen.Compose), Off: need, Needs: "SendMessage"},
		{Action: keymap.QueuesDeadLetters, Run: m.when(letters.Off, letters.Run), Off: func() string {
			if m.shown < m.sought {
				return "" // it is asked again when the rows are there
			}
			return letters.Off()
		}},
		{Action: keymap.QueuesAttributes, Run: open(screen.Attributes), Off: need},
		{Action: keymap.Filter, Run: func() tea.Cmd { m.typing = true; return nil }},
		{Action: keymap.QueuesSort, Run: func() tea.Cmd { m.order.by = (m.order.by + 1) % columns; return m.arrange() }},
		{Action: keymap.QueuesReverse, Run: func() tea.Cmd { m.order.reverse = !m.order.reverse; return m.arrange() }},
		{Action: keymap.QueuesTree, Run: func() tea.Cmd { m.order.tree = !m.order.tree; return m.arrange() }},
		{Action: keymap.Refresh, Run: m.refresh},
		{Action: keymap.Copy, Off: need, Run: m.when(need, m.copyURL)},
		{Action: keymap.Up, Run: move(-1)},
		{Action: keymap.Down, Run: move(1)},
		{Action: keymap.PageUp, Run: func() tea.Cmd { m.move(-m.table.Page()); return nil }},
		{Action: keymap.PageDown, Run: func() tea.Cmd { m.move(m.table.Page()); return nil }},
		{Action: keymap.Top, Run: func() tea.Cmd { m.table.Top(); m.look(); return nil }},
		{Action: keymap.Bottom, Run: func() tea.Cmd { m.table.Bottom(); m.look(); return nil }},
	}
}

func (m *Model) copyURL() tea.Cmd {
	q := m.queue()
	what := text.Sprintf("the URL of %s", q.ARN.Name)
	if p := m.Conn.Place; p.Embedded && p.Listen == "" {
		what = text.Sprintf("the URL of %s; nothing answers there without --listen", q.ARN.Name)
	}
	return m.Env.Host.Clipboard(what, q.URL)
}

func (m *Model) refresh() tea.Cmd {
	m.Conn.Fleet.Retry()
	m.Conn.Fleet.RefreshAll()
	return m.Env.Host.Say(themes.Dim, text.Const("reading again; nothing is received"))
}
