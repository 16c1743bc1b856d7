package deadletters

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/triage/harm"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
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
		{Title: "SOURCES", Min: 8, Max: 30, Middle: true, Priority: 4},
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

var harms = map[harm.Urgency]struct {
	word string
	role themes.Role
}{
	harm.LossNear: {"✗ loss <1h", themes.Bad},
	harm.LossSoon: {"! loss <1d", themes.Warn},
	harm.Growing:  {"▲ grows", themes.Warn},
	harm.Holding:  {"· holds", themes.Text},
	harm.Unread:   {"? unread", themes.Dim},
}

func (m *All) cell(i, col int) widget.Cell {
	r := &m.ranks[i]
	q, conn := r.Queue, m.conns[r.Queue.ARN]
	unread := q.AsOf.IsZero()
	switch col {
	case 0:
		h := harms[r.Urgency]
		return widget.Cell{Text: text.Const(h.word), Role: h.role}
	case 1:
		return widget.Cell{Text: text.Clean(q.ARN.Name), Role: themes.DLQ}
	case 2:
		return widget.Cell{Text: text.Clean(conn.Name), Role: themes.Dim}
	case 3:
		if unread {
			return unknown
		}
		return widget.Cell{Text: text.Const(format.Count(r.Stored)), Role: themes.Number}
	case 4:
		switch {
		case unread || r.Over == 0:
			return unknown
		case r.Grew > 0:
			return widget.Cell{Text: text.Const("+" + format.Count(r.Grew)), Role: themes.Warn}
		}
		return widget.Cell{Text: text.Const(format.Count(r.Grew)), Role: themes.Dim}
	case 5:
		return lossCell(r.Loss, conn.Now())
	case 6:
		age, of := m.age(q)
		return widget.Cell{Text: text.Join(text.Const(age), text.Const(of)), Role: themes.Text}
	}
	return widget.Cell{Text: sourceNames(q), Role: themes.Dim}
}

var unknown = widget.Cell{Text: text.Const(format.Unknown), Role: themes.Faint}

// age is that of the oldest message, and how it is known: what CloudWatch or an
// engine says of all, or what was read of some.
func (m *All) age(q *fleet.Queue) (age, of string) {
	now := m.conns[q.ARN].Now()
	switch r, read := m.readings[q.ARN]; {
	case q.Measured && !q.Oldest.IsZero() && q.OldestSource == fleet.SourceEngine:
		return format.Span(now.Sub(q.Oldest)), ""
	case q.Measured && !q.Oldest.IsZero():
		return format.Span(now.Sub(q.Oldest)), " metric"
	case read && !r.Oldest.IsZero():
		return format.Span(now.Sub(r.Oldest)), " sample"
	}
	return format.Unknown, ""
}

func sourceNames(q *fleet.Queue) text.Safe {
	names := make([]string, len(q.Sources))
	for i, arn := range q.Sources {
		names[i] = arn.Name
	}
	return text.Clean(strings.Join(names, ", "))
}

// View draws the queues and the one under the cursor in full.
func (m *All) View(w, h int) string {
	t := m.Env.Theme
	if len(m.ranks) == 0 {
		role, line := m.emptiness()
		return widget.Center(t.Paint(role, line.Truncate(w).String()), w, h)
	}
	return m.split.View(w, h, func(w, h int) string { return m.table.View(w, h, t) }, m.details, t)
}

// emptiness says why no queue is shown. None is said to hold dead letters only
// where all have been read.
func (m *All) emptiness() (themes.Role, text.Safe) {
	read, of, complete := 0, 0, true
	for _, c := range m.Env.Conns {
		s := c.Fleet.Snapshot()
		read, of = read+s.Known, of+len(s.Queues)
		complete = complete && s.ListComplete && !screen.Reading(s)
	}
	switch {
	case m.ranked.IsZero():
		return themes.Dim, text.Const("looking …")
	case !complete || read < of:
		return themes.Dim, text.Sprintf("no dead letters found so far: %s of %s queues read", format.Count(read), format.Count(of))
	}
	return themes.Good, text.Sprintf("✓ no dead letters: %s and none holds a message", are(m.empty))
}

func are(n int) string {
	if n == 1 {
		return "there is 1 dead-letter queue"
	}
	return fmt.Sprintf("there are %s dead-letter queues", format.Count(n))
}

// details are why a queue stands where it does.
func (m *All) details(w int) []string {
	t, r := m.Env.Theme, m.here()
	if r == nil {
		return nil
	}
	q, conn := r.Queue, m.conns[r.Queue.ARN]
	lines := widget.Paragraph(text.Clean(q.ARN.Name), themes.Strong, w, t)
	add := func(label, said string, role themes.Role) {
		lines = append(lines, widget.Fact(label, text.Clean(said), role, w, t)...)
	}
	add("harm", r.Reason, harms[r.Urgency].role)
	if r.Urgency != harm.Unread {
		add("holds", fmt.Sprintf("%s: %s visible, %s in flight, %s delayed", format.Count(r.Stored), format.Count(q.Visible), format.Count(q.InFlight), format.Count(q.Delayed)), themes.Text)
		add("keeps", format.Setting(q.Setting(backend.AttrMessageRetentionPeriod)), themes.Text)
		add("loss", lossWords(r.Loss, conn.Now()), lossRole(r.Loss, conn.Now()))
	}
	if r, read := m.readings[q.ARN]; read {
		add("read", fmt.Sprintf("%s, %s ago", format.Plural(r.Messages, "message"), format.Span(time.Since(r.At))), themes.Text)
	}
	if age, of := m.age(q); age != format.Unknown {
		add("oldest", strings.TrimSpace(age+" ago "+of), themes.Text)
	}
	if len(q.Trend) > 1 {
		lines = append(lines, widget.Fact("trend", text.Const(widget.Spark(q.Trend, min(40, w-labelW))), themes.Spark, w, t)...)
	}
	for i, arn := range q.Sources {
		label := ""
		if i == 0 {
			label = "sources"
		}
		said := arn.Name
		if s := conn.Queue(arn); s != nil && !s.AsOf.IsZero() {
			said += fmt.Sprintf(": %s visible, dead-letters after %s", format.Count(s.Visible), format.Plural(s.Redrive.MaxReceiveCount, "receive"))
		}
		add(label, said, themes.Text)
	}
	if q.Err != nil {
		add("error", q.Err.Error(), themes.Bad)
	}
	add("place", conn.Name+" · "+q.ARN.Region+" · "+q.ARN.Account, themes.Dim)
	return lines
}

// Status says how many there are, and how many hold nothing.
func (m *All) Status() text.Safe {
	if m.ranked.IsZero() {
		return text.Safe{}
	}
	s := text.Sprintf("by harm · %s", format.Plural(len(m.ranks), "queue"))
	if m.empty > 0 {
		s = text.Join(s, text.Sprintf(" · %s without dead letters", format.Count(m.empty)))
	}
	return s
}

// Hint says what the order rests on.
func (m *All) Hint(w int) string {
	return m.Env.Theme.Paint(themes.Dim, text.Const("what is lost first stands first, then what grows, then what holds most; nothing was received for it").Truncate(w).String())
}

// Cursor stands on the row under the cursor in low motion.
func (m *All) Cursor() (x, y int, ok bool) {
	return 1, m.table.CursorY(), m.Env.LowMotion && len(m.ranks) > 0 && !m.split.Alone
}
