package deadletters

import (
	"context"
	"maps"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/triage/harm"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// All is the screen of all dead-letter queues of all places of the context.
type All struct {
	screen.Base
	screen.Quiet
	table *widget.Table[backend.ARN]
	split widget.Split

	ranks    []harm.Rank
	at       map[backend.ARN]int
	conns    map[backend.ARN]*screen.Connection
	readings map[backend.ARN]screen.Letters
	ranking  bool
	ranked   time.Time // when that was done last; zero: never
	version  uint64    // of the pictures that it was done by
	empty    int       // dead-letter queues that hold nothing
}

// rest is how long an order stands before it is made anew.
const rest = 2 * time.Second

func newAll(env *screen.Env, spec screen.Spec) *All {
	m := &All{Base: screen.NewBase(env, spec)}
	place := 0
	if len(env.Conns) > 1 {
		place = 24
	}
	m.table = widget.NewTable[backend.ARN]([]widget.Column{
		{Title: "HARM", Min: 9, Max: 9},
		{Title: "DEAD-LETTER QUEUE", Min: 17, Max: 80, Middle: true, Flex: 1},
		{Title: "PLACE", Min: 8, Max: place, Priority: 3},
		{Title: "HOLDS", Min: 6, Max: 9, Right: true},
		{Title: "GREW", Min: 5, Max: 8, Right: true, Priority: 1},
		{Title: "LOST IN", Min: 8, Max: 10, Right: true},
		{Title: "AGE", Min: 7, Max: 17, Right: true, Priority: 2},
		{Title: "SOURCES", Min: 8, Max: 30, Priority: 4},
	})
	m.split.Key = env.Keys.Action(keymap.DeadLettersPane).Key()
	return m
}

// Init ranks what is known already.
func (m *All) Init() tea.Cmd { return m.rank() }

// Show asks for fresh counts.
func (m *All) Show() tea.Cmd {
	m.version = 0
	m.ranked = time.Time{}
	return m.rank()
}

// Crumb is "Dead letters".
func (m *All) Crumb() text.Safe { return text.Const("Dead letters") }

// Leave ends the screen.
func (m *All) Leave() tea.Cmd { m.End(); return nil }

// Update takes an order, and has it made anew when a picture has changed.
func (m *All) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case order:
		m.taken(msg)
	case screen.FleetMsg, screen.TickMsg:
		return m.rank()
	case screen.Click:
		if i, ok := m.table.RowAt(msg.Y); ok && i < len(m.ranks) && m.split.OverList(msg.X, msg.Y) {
			m.table.SelectRow(i)
			if msg.Double {
				return m.open()
			}
		}
	case screen.Wheel:
		m.move(int(msg))
	}
	return nil
}

// order is what was ranked.
type order struct {
	ranks    []harm.Rank
	conns    map[backend.ARN]*screen.Connection
	readings map[backend.ARN]screen.Letters
	version  uint64
	empty    int
}

// rank orders the queues of all places by the present pictures, in a command.
func (m *All) rank() tea.Cmd {
	version := uint64(1)
	for _, c := range m.Env.Conns {
		version += c.Fleet.Snapshot().Version
	}
	if m.ranking || version == m.version || time.Since(m.ranked) < rest {
		return nil
	}
	m.ranking = true
	conns := m.Env.Conns
	snaps := make([]*fleet.Snapshot, len(conns))
	readings := map[backend.ARN]screen.Letters{}
	for i, c := range conns {
		snaps[i] = c.Fleet.Snapshot()
		maps.Copy(readings, m.Env.LettersOf(c))
		m.watch(c, snaps[i])
	}
	now := m.Conn.Now()
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		o := order{conns: map[backend.ARN]*screen.Connection{}, readings: readings, version: version}
		var all fleet.Snapshot
		for i, s := range snaps {
			for _, q := range s.DLQs {
				o.conns[q.ARN] = conns[i]
			}
			all.DLQs = append(all.DLQs, s.DLQs...)
		}
		read := make(map[backend.ARN]harm.Read, len(readings))
		for arn, r := range readings {
			read[arn] = r.Read
		}
		o.ranks = harm.Order(&all, read, now)
		o.empty = len(all.DLQs) - len(o.ranks)
		return o
	})
}

// watched is how many queues are kept fresh: those that are seen first.
const watched = 50

// watch has the fleet of a place keep its dead-letter queues fresh.
func (m *All) watch(c *screen.Connection, s *fleet.Snapshot) {
	var arns []backend.ARN
	for _, q := range s.DLQs[:min(len(s.DLQs), watched)] {
		arns = append(arns, q.ARN)
	}
	c.Fleet.Look(arns, screen.Fresh)
}

func (m *All) taken(o order) {
	m.ranking, m.ranked = false, time.Now()
	m.ranks, m.conns, m.readings, m.version, m.empty = o.ranks, o.conns, o.readings, o.version, o.empty
	m.at = make(map[backend.ARN]int, len(m.ranks))
	for i, r := range m.ranks {
		m.at[r.Queue.ARN] = i
	}
	m.table.SetRows(len(m.ranks), func(i int) backend.ARN { return m.ranks[i].Queue.ARN }, m.cell)
}

// here is the rank under the cursor; nil: there is none.
func (m *All) here() *harm.Rank {
	arn, ok := m.table.Key()
	if i, there := m.at[arn]; ok && there {
		return &m.ranks[i]
	}
	return nil
}

func (m *All) move(by int) {
	if m.split.Alone {
		m.split.Scroll(by)
		return
	}
	m.table.Move(by)
}

// Bindings are the keys of the list.
func (m *All) Bindings() []screen.Binding {
	none := func() string {
		if m.here() == nil {
			return "there is no queue under the cursor"
		}
		return ""
	}
	to := func(kind screen.Kind) func() tea.Cmd {
		return func() tea.Cmd {
			r := m.here()
			if r == nil {
				return nil // it went while the key was on its way
			}
			return m.Env.Host.Open(screen.Spec{Kind: kind, Conn: m.conns[r.Queue.ARN].Name, Queue: r.Queue.ARN})
		}
	}
	bindings := []screen.Binding{
		{Action: keymap.DeadLettersOpen, Run: m.open, Off: none},
		{Action: keymap.DeadLettersSource, Run: to(screen.Attributes), Off: none},
		{Action: keymap.DeadLettersTasks, Run: to(screen.Tasks), Off: none},
		{Action: keymap.DeadLettersPane, Run: func() tea.Cmd { m.split.Show(!m.split.Alone); return nil }, Off: none},
		{Action: keymap.Copy, Run: m.copy, Off: none},
		{Action: keymap.Refresh, Run: m.refresh},
	}
	if m.split.Alone {
		bindings = append(bindings, screen.Binding{Action: keymap.Back, Run: func() tea.Cmd { m.split.Show(false); return nil }})
	}
	return append(bindings, screen.Moves(func(by int) tea.Cmd { m.move(by); return nil }, func() int {
		if m.split.Alone {
			return m.split.Page()
		}
		return m.table.Page()
	})...)
}

func (m *All) open() tea.Cmd {
	r := m.here()
	if r == nil {
		return nil
	}
	return m.Env.Host.Open(screen.Spec{Kind: screen.DeadLetters, Conn: m.conns[r.Queue.ARN].Name, Queue: r.Queue.ARN})
}

func (m *All) copy() tea.Cmd {
	r := m.here()
	if r == nil {
		return nil
	}
	return m.Env.Host.Clipboard(text.Sprintf("the ARN of %s", r.Queue.ARN.Name), r.Queue.ARN.String())
}

// refresh reads all queues again.
func (m *All) refresh() tea.Cmd {
	for _, c := range m.Env.Conns {
		c.Fleet.Retry()
		c.Fleet.RefreshAll()
	}
	return m.Env.Host.Say(themes.Dim, text.Const("reading again; nothing is received"))
}
