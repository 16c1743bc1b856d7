// Package queues is the list of all queues of a context: depths, ages, rates and
// trends, with dead-letter queues under their sources.
//
// What is not known is shown as —, never as zero. The list is filtered and
// sorted in a command; the cursor stays on its queue whatever the order becomes,
// and every act takes the queue under the cursor by its place and ARN.
package queues

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/find"
	"sqscope/backend/fleet"
	"sqscope/backend/memo"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// calm is how long the order rests after a key, so that rows do not jump while
// somebody is choosing one.
const calm = 2 * time.Second

// settle is how long it rests while the background is still reading.
const settle = 15 * time.Second

// examineEvery is how old findings may be by which the list is filtered: ten
// thousand queues with policies take a second.
const examineEvery = 10 * time.Second

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	table  *widget.Table[key]
	shownC []string // ids of the columns
	at     []int    // their places in columns

	filter widget.Input
	typing bool
	wrong  *find.Error // why what is typed is no filter, once it cannot become one
	order  order

	tagged  int // of so many queues tags are wanted
	memo    memo.Memo
	pins    map[key]bool
	snaps   []*fleet.Snapshot // of the places, in their order
	reading bool              // some queues of them have not been read yet

	rows     []row
	unknown  int         // queues of which the filter cannot tell
	health   map[key]int // harmful findings, once somebody asked
	examined time.Time
	asked    int // number of the last arrangement asked for
	shown    int // and of the one on the screen
	sought   int // of the one that has what the filter says now
	waiting  func() tea.Cmd
	settled  time.Time // when the rows were last put in order
	pending  bool
	lastKey  time.Time
	width    int   // as drawn last
	found    []int // room for what the filter found in a name
	recent   struct {
		i int
		q *fleet.Queue // the present state of row i; nil: look it up
	}
}

type remembered struct {
	memo memo.Memo
	err  error
}

// New makes the screen.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), filter: widget.NewInput(), order: order{by: columnOf("visible")}}
	m.table = widget.NewTable[key](nil)
	m.filter.Placeholder = text.Const("a part of a name, >1000, age>1h, dlq, trouble, tag:team, !not")
	m.choose(m.usual())
	m.see(m.pictures())
	return m
}

// Forms is the language of the filter.
func (m *Model) Forms() []find.Form { return find.Help() }

// Init arranges what is known already and remembers pins and views.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(m.arrange(), m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		memo, err := m.Env.Memo.Load()
		return remembered{memo, err}
	}))
}

// Show catches up with what happened while the screen was covered.
func (m *Model) Show() tea.Cmd { return m.changed() }

// Crumb is "Queues".
func (m *Model) Crumb() text.Safe { return text.Const("Queues") }

// choose takes columns.
func (m *Model) choose(ids []string) {
	m.shownC = known(ids)
	m.at = m.at[:0]
	heads := make([]widget.Column, len(m.shownC))
	for i, id := range m.shownC {
		m.at = append(m.at, columnOf(id))
		heads[i] = columns[m.at[i]].head
	}
	m.table.SetColumns(heads)
	m.marks()
}

// marks shows what the list is sorted by.
func (m *Model) marks() {
	descends := columns[m.order.by].value != nil
	m.table.SetSort(slices.Index(m.at, m.order.by), m.order.reverse == descends)
}

// usual are the columns of the configuration, or those that everybody has. Of
// several places the place is always shown: names are not enough there.
func (m *Model) usual() []string {
	several := len(m.Env.Conns) > 1
	if len(m.Env.Columns) == 0 {
		return usualColumns(several)
	}
	if several && !slices.Contains(m.Env.Columns, placeColumn) {
		return slices.Insert(slices.DeleteFunc(slices.Clone(m.Env.Columns), func(id string) bool { return id == columns[0].id }), 0, placeColumn)
	}
	return m.Env.Columns
}

func (m *Model) pictures() []*fleet.Snapshot {
	snaps := make([]*fleet.Snapshot, len(m.Env.Conns))
	for i, c := range m.Env.Conns {
		snaps[i] = c.Fleet.Snapshot()
	}
	return snaps
}

// Update takes keys for the filter and news of the fleets.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return m.typed(msg)
	case tea.PasteMsg:
		m.filter.Paste(msg.Content)
		return m.filtered()
	case screen.Click:
		return m.clicked(msg)
	case screen.Wheel:
		m.move(int(msg))
	case screen.FleetMsg:
		return m.changed()
	case screen.TickMsg:
		m.look()
		return m.rearrange()
	case arrangement:
		return m.arranged(msg)
	case remembered:
		return m.remember(msg)
	case opened:
		return m.opened(msg)
	}
	return nil
}

func (m *Model) remember(r remembered) tea.Cmd {
	m.memo, m.pins = r.memo, map[key]bool{}
	for _, c := range m.Env.Conns {
		var arns []backend.ARN
		for _, s := range r.memo.Pins[c.Name] {
			if arn, ok := backend.ParseARN(s); ok {
				m.pins[key{c.Name, arn}] = true
				arns = append(arns, arn)
			}
		}
		c.Fleet.Pin(arns)
	}
	if r.err != nil {
		return tea.Batch(m.arrange(), m.Env.Host.Fail(r.err))
	}
	return m.arrange()
}

// changed takes the new pictures. Rows that are shown take their new numbers at
// once; the order follows when it may.
func (m *Model) changed() tea.Cmd {
	before, reading := total(m.snaps), m.reading
	m.see(m.pictures())
	m.recent.q = nil
	if before != total(m.snaps) || len(m.rows) == 0 || reading && !m.reading && time.Since(m.lastKey) >= calm {
		return m.arrange()
	}
	return nil
}

func total(snaps []*fleet.Snapshot) int {
	n := 0
	for _, s := range snaps {
		n += len(s.Queues)
	}
	return n
}

// see has the list show these pictures.
func (m *Model) see(snaps []*fleet.Snapshot) {
	m.snaps, m.reading = snaps, slices.ContainsFunc(snaps, screen.Reading)
}

// rearrange sorts anew, but not under the hands of somebody who is choosing and
// not while the background is still reading.
func (m *Model) rearrange() tea.Cmd {
	if time.Since(m.lastKey) < calm || m.reading && time.Since(m.settled) < settle {
		return nil
	}
	return m.arrange()
}

func (m *Model) arrange() tea.Cmd {
	m.asked++
	if m.pending {
		return nil // the one under way asks again when it is back
	}
	m.pending = true
	n, s, o := m.asked, sight{conns: m.Env.Conns, snaps: m.snaps, pins: m.pins, names: m.Env.Pins}, m.order
	if time.Since(m.examined) < examineEvery {
		s.known = m.health
	}
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		a := arrange(s, o)
		a.n = n
		return a
	})
}

// arranged takes rows in their new order. An act that was waiting for what the
// filter says is done now, on the queue that it was meant for.
func (m *Model) arranged(a arrangement) tea.Cmd {
	m.pending = false
	if a.n > m.shown {
		k, chosen := m.table.Key()
		found := m.shown < m.sought && a.n >= m.sought
		m.shown, m.rows, m.unknown, m.settled = a.n, a.rows, a.unknown, time.Now()
		if a.examined {
			m.health, m.examined = a.health, time.Now()
		}
		m.fill()
		if m.lastKey.IsZero() || found && !(chosen && has(m.rows, k)) {
			m.table.Top() // nobody has chosen one of these yet
		}
		m.look()
		m.wantTags()
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

func has(rows []row, k key) bool {
	return slices.ContainsFunc(rows, func(r row) bool { return r.key() == k })
}

// wantTags has all tags read while the filter asks for tags, and no longer. The
// fleet does so within its budget.
func (m *Model) wantTags() {
	n := 0
	if m.order.query.Needs().Tags {
		n = total(m.snaps)
	}
	if n == m.tagged {
		return
	}
	m.tagged = n
	for i, c := range m.Env.Conns {
		var arns []backend.ARN
		for _, q := range m.snaps[i].Queues {
			if n > 0 {
				arns = append(arns, q.ARN)
			}
		}
		c.Fleet.WantTags(arns)
	}
}

// fill gives the rows to the table, which asks only for those it draws.
func (m *Model) fill() {
	m.recent.q = nil
	m.marks()
	m.table.SetRows(len(m.rows), func(i int) key { return m.rows[i].key() }, m.cell)
}

func (m *Model) move(by int) {
	m.lastKey = time.Now()
	m.table.Move(by)
	m.look()
}

// look tells the fleets which rows are on the screen: they are read first.
func (m *Model) look() {
	first, last := m.table.Visible()
	for _, c := range m.Env.Conns {
		var arns []backend.ARN
		for i := first; i < last && i < len(m.rows); i++ {
			if m.rows[i].conn == c {
				arns = append(arns, m.rows[i].q.ARN)
			}
		}
		c.Fleet.Look(arns, screen.Fresh)
	}
}

// now is the present state of the queue in a row. One that has just vanished is
// shown as it was until the rows are arranged anew.
func (m *Model) now(i int) *fleet.Queue {
	if m.recent.q == nil || m.recent.i != i {
		m.recent.i, m.recent.q = i, m.rows[i].q
		if q := m.picture(m.rows[i].conn).Queue(m.rows[i].q.ARN); q != nil {
			m.recent.q = q
		}
	}
	return m.recent.q
}

func (m *Model) picture(c *screen.Connection) *fleet.Snapshot {
	for i, conn := range m.Env.Conns {
		if conn == c && i < len(m.snaps) {
			return m.snaps[i]
		}
	}
	return &fleet.Snapshot{}
}

// here is the queue under the cursor and its place; nil if there is none.
func (m *Model) here() (*screen.Connection, *fleet.Queue) {
	k, ok := m.table.Key()
	if !ok {
		return m.Conn, nil
	}
	for _, c := range m.Env.Conns {
		if c.Name == k.place {
			return c, m.picture(c).Queue(k.arn)
		}
	}
	return m.Conn, nil
}

// Leave ends the screen.
func (m *Model) Leave() tea.Cmd { m.End(); return nil }
