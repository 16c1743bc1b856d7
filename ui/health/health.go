// Package health is the doctor's screen: what is misconfigured in all queues of
// all places, the most harmful first, with the reason and what mends it. The
// mending itself is done on the queue's own screen.
//
// Findings rest only on what has been read, so while queues are being read their
// number is "so far". They are looked for in a command, at most every few
// seconds, and arranged in one; the cursor stays on its finding, and an act waits
// for the rows that were asked for last.
package health

import (
	"context"
	"maps"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/doctor"
	"sqscope/backend/fleet"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// rest is how long findings are kept before they are looked for again.
const rest = 5 * time.Second

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	table  *widget.Table[key]
	split  widget.Split
	filter widget.Input
	typing bool
	order  order

	all      diagnosis
	version  uint64    // of the pictures that were looked at last
	looked   time.Time // when that began; zero: never
	looking  bool
	rows     []row
	at       map[key]int // of the rows
	chosen   bool        // somebody has moved the cursor since the rows were asked for anew
	asked    int         // number of the last arrangement asked for
	shown    int         // and of the one on the screen
	pending  bool
	waiting  func() tea.Cmd // an act for the rows that are asked for
	unfolded map[string]bool
}

// New makes the screen.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), filter: widget.NewInput(), unfolded: map[string]bool{}}
	place := 0
	if len(env.Conns) > 1 {
		place = 24
	}
	m.table = widget.NewTable[key]([]widget.Column{
		{Title: "HARM", Min: 9, Max: 9},
		{Title: "QUEUE", Min: 16, Max: 80, Middle: true},
		{Title: "PLACE", Min: 8, Max: place, Priority: 1},
		{Title: "WHAT IS WRONG", Min: 24, Max: 100, Flex: 1},
	})
	m.filter.Placeholder = text.Const("words of the queue, the rule, what is wrong")
	m.split.Key = env.Keys.Action(keymap.DoctorWhole).Key()
	return m
}

// Init examines what is known already.
func (m *Model) Init() tea.Cmd { return m.examine() }

// Crumb is "Doctor".
func (m *Model) Crumb() text.Safe { return text.Const("Doctor") }

// Leave ends the screen.
func (m *Model) Leave() tea.Cmd { m.End(); return nil }

// Typing tells whether the filter has the keys.
func (m *Model) Typing() bool { return m.typing }

// Update takes keys for the filter, news of the fleets, and findings.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case diagnosis:
		m.looking, m.all = false, msg
		return m.arrange()
	case arrangement:
		return m.arranged(msg)
	case screen.FleetMsg, screen.TickMsg:
		if m.version != version(m.Env.Conns) && time.Since(m.looked) >= rest {
			return m.examine()
		}
	case tea.KeyPressMsg:
		return m.typed(msg)
	case tea.PasteMsg:
		m.filter.Paste(msg.Content)
		return m.filtered()
	case screen.Click:
		return m.clicked(msg)
	case screen.Wheel:
		m.move(int(msg))
	}
	return nil
}

// version grows whenever a picture of a place changes.
func version(conns []*screen.Connection) uint64 {
	n := uint64(0)
	for _, c := range conns {
		n += c.Fleet.Snapshot().Version
	}
	return n
}

// examine looks for findings in the present pictures.
func (m *Model) examine() tea.Cmd {
	if m.looking {
		return nil
	}
	conns := m.Env.Conns
	m.looking, m.looked, m.version = true, time.Now(), version(conns)
	snaps := make([]*fleet.Snapshot, len(conns))
	for i, c := range conns {
		snaps[i] = c.Fleet.Snapshot()
	}
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg { return diagnose(conns, snaps, time.Now()) })
}

// arrange filters and groups the findings.
func (m *Model) arrange() tea.Cmd {
	m.asked++
	if m.pending {
		return nil // the one under way asks again when it is back
	}
	m.pending = true
	o := m.order
	o.unfolded = maps.Clone(m.unfolded)
	n, all := m.asked, m.all
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg { return arrange(n, all.findings, o) })
}

func (m *Model) arranged(a arrangement) tea.Cmd {
	m.pending = false
	m.rows, m.at, m.shown = a.rows, a.at, a.n
	m.table.SetRows(len(m.rows), func(i int) key { return m.rows[i].key() }, m.cell)
	if !m.chosen {
		m.table.Top()
	}
	if m.asked > a.n {
		return m.arrange()
	}
	if act := m.waiting; act != nil {
		m.waiting = nil
		return act()
	}
	return nil
}

// when does an act now, or once the rows are those that were asked for.
func (m *Model) when(act func() tea.Cmd) func() tea.Cmd {
	return func() tea.Cmd {
		if m.shown < m.asked {
			m.waiting = act
			return nil
		}
		return act()
	}
}

// here is the row under the cursor.
func (m *Model) here() (r row, ok bool) {
	k, _ := m.table.Key()
	i, ok := m.at[k]
	if !ok {
		return row{}, false
	}
	return m.rows[i], true
}

func (m *Model) typed(msg tea.KeyPressMsg) tea.Cmd {
	if cmd, done := screen.Dispatch(m.Env, m.Bindings(), msg.String()); done {
		return cmd
	}
	switch stroke := msg.String(); stroke {
	case "up":
		m.move(-1)
	case "down":
		m.move(1)
	default:
		if m.filter.Key(stroke, msg.Text) {
			return m.filtered()
		}
	}
	return nil
}

func (m *Model) filtered() tea.Cmd {
	m.order.words, m.chosen = strings.Fields(strings.ToLower(m.filter.Value())), false
	return m.arrange()
}

// Bindings are the keys of the filter while it is typed, else of the list.
func (m *Model) Bindings() []screen.Binding {
	if m.typing {
		return []screen.Binding{
			{Action: keymap.FilterKeep, Run: func() tea.Cmd { m.typing = false; return nil }},
			{Action: keymap.FilterClear, Run: func() tea.Cmd { m.typing = false; m.filter.SetValue(""); return m.filtered() }},
		}
	}
	bindings := []screen.Binding{
		{Action: keymap.DoctorOpen, Run: m.when(m.open), Off: m.nothing},
		{Action: keymap.DoctorWhole, Run: func() tea.Cmd { m.split.Show(!m.split.Alone); return nil }, Off: m.nothing},
		{Action: keymap.DoctorGroup, Run: m.group},
		{Action: keymap.Filter, Run: func() tea.Cmd { m.typing = true; m.split.Show(false); return nil }},
		{Action: keymap.Copy, Run: m.when(m.copy), Off: m.nothing},
		{Action: keymap.Refresh, Run: m.refresh},
	}
	bindings = append(bindings, screen.Moves(func(by int) tea.Cmd { m.move(by); return nil }, m.page)...)
	if m.split.Alone {
		bindings = append(bindings, screen.Binding{Action: keymap.Back, Run: func() tea.Cmd { m.split.Show(false); return nil }})
	}
	return bindings
}

func (m *Model) move(by int) {
	if m.split.Alone {
		m.split.Scroll(by)
		return
	}
	m.chosen = true
	m.table.Move(by)
}

func (m *Model) page() int {
	if m.split.Alone {
		return m.split.Page()
	}
	return m.table.Page()
}

func (m *Model) nothing() string {
	if _, ok := m.here(); !ok && m.shown >= m.asked {
		return "there is nothing under the cursor"
	}
	return ""
}

// open opens the queue of the finding under the cursor; a group is folded or
// unfolded.
func (m *Model) open() tea.Cmd {
	r, ok := m.here()
	switch {
	case !ok:
		return nil
	case r.conn == nil:
		m.split.Show(false)
		m.unfolded[r.group] = !m.unfolded[r.group]
		return m.arrange()
	}
	return m.Env.Host.Open(screen.Spec{Kind: screen.Attributes, Conn: r.conn.Name, Queue: r.Queue})
}

func (m *Model) group() tea.Cmd {
	m.order.by = (m.order.by + 1) % (byQueue + 1)
	m.chosen = false
	clear(m.unfolded)
	m.split.Show(false)
	return m.arrange()
}

func (m *Model) copy() tea.Cmd {
	r, ok := m.here()
	if !ok {
		return nil
	}
	if r.conn == nil {
		return m.Env.Host.Clipboard(text.Sprintf("the name %s", r.group), r.group)
	}
	return m.Env.Host.Clipboard(text.Sprintf("the finding on %s", r.Queue.Name), words(r.Finding))
}

// words is a finding as it is put into a ticket.
func words(f doctor.Finding) string {
	s := f.Queue.String() + ": " + f.Title + " (" + f.Harm.String() + ", " + string(f.ID) + ")\n" + f.Why
	for _, c := range f.Fix.Changes {
		s += "\n" + c.Name + ": from " + c.From + " to " + c.To
	}
	if f.Fix.Note != "" {
		s += "\n" + f.Fix.Note
	}
	return s
}

// refresh reads all queues again; what is found follows from it.
func (m *Model) refresh() tea.Cmd {
	for _, c := range m.Env.Conns {
		c.Fleet.Retry()
		c.Fleet.RefreshAll()
	}
	return tea.Batch(m.examine(), m.Env.Host.Say(themes.Dim, text.Const("reading again; nothing is received")))
}

// clicked chooses a row, and opens it the second time.
func (m *Model) clicked(c screen.Click) tea.Cmd {
	y := c.Y - m.above()
	i, ok := m.table.RowAt(y)
	if !ok || !m.split.OverList(c.X, y) {
		return nil
	}
	before, _ := m.table.Key()
	m.chosen = true
	m.table.SelectRow(i)
	if now, _ := m.table.Key(); c.Double && now == before {
		return m.when(m.open)()
	}
	return nil
}
