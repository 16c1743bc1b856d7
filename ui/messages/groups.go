package messages

import (
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/peek"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// group is a message group as far as its messages were read.
type group struct {
	name     string
	head     *peek.Message // the earliest that was read
	read     int
	inFlight int // not on our lease
	ours     int // on our lease
}

// The columns of the groups.
const (
	groupName = iota
	groupRead
	groupHead
	groupBlocked
	groupInFlight
	groupOurs
	groupAge
	groupReceives
	groupID
)

func newGroupTable() *widget.Table[string] {
	return widget.NewTable[string]([]widget.Column{
		groupName:     {Title: "GROUP", Min: 10, Max: 40, Middle: true},
		groupRead:     {Title: "READ", Min: 5, Max: 7, Right: true},
		groupHead:     {Title: "ITS HEAD IS", Min: 12, Max: 20},
		groupBlocked:  {Title: "BLOCKED FOR", Min: 11, Max: 11, Right: true},
		groupInFlight: {Title: "IN FLIGHT", Min: 9, Max: 9, Right: true, Priority: 1},
		groupOurs:     {Title: "WE HOLD", Min: 7, Max: 7, Right: true, Priority: 3},
		groupAge:      {Title: "AGE", Min: 6, Max: 8, Right: true, Priority: 2},
		groupReceives: {Title: "RECV", Min: 4, Max: 7, Right: true, Priority: 2},
		groupID:       {Title: "HEAD", Min: 8, Max: 36, Middle: true, Priority: 9},
	})
}

// gather makes the groups of what was read, in the order of their heads. The
// messages of a FIFO queue come in sequence, so the first of a group is its head.
func (m *Model) gather() {
	if !m.grouped {
		return
	}
	m.groups = nil
	at := map[string]int{}
	now := time.Now()
	for i := range m.all {
		msg := &m.all[i]
		g, there := at[msg.GroupId()]
		if !there {
			g = len(m.groups)
			at[msg.GroupId()] = g
			m.groups = append(m.groups, group{name: msg.GroupId(), head: msg})
		}
		m.groups[g].read++
		switch {
		case msg.Leased(now):
			m.groups[g].ours++
		case msg.State == backend.StateInFlight:
			m.groups[g].inFlight++
		}
	}
	m.groupTable.SetRows(len(m.groups), func(i int) string { return m.groups[i].name }, m.groupCell)
}

func (m *Model) groupCell(i, col int) widget.Cell {
	g := m.groups[i]
	switch col {
	case groupName:
		if g.name == "" { // fair queues have messages without one
			return widget.Cell{Text: text.Const("no group"), Role: themes.Dim}
		}
		return widget.Cell{Text: text.Clean(g.name), Role: themes.Fifo}
	case groupRead:
		return widget.Cell{Text: text.Const(format.Count(g.read)), Role: themes.Number}
	case groupHead:
		return m.headCell(g)
	case groupBlocked:
		return m.blockedCell(g)
	case groupInFlight:
		return some(g.inFlight)
	case groupOurs:
		return some(g.ours)
	case groupAge:
		return widget.Cell{Text: text.Const(m.age(g.head.Time(backend.SysSentTimestamp))), Role: themes.Text}
	case groupReceives:
		return m.receivesCell(*g.head)
	}
	return widget.Cell{Text: text.Clean(g.head.MessageId), Role: themes.Dim}
}

func some(n int) widget.Cell {
	if n == 0 {
		return widget.Cell{Text: text.Const("0"), Role: themes.Dim}
	}
	return widget.Cell{Text: text.Const(strconv.Itoa(n)), Role: themes.Number}
}

// headCell is where the head stands. One that was received and is visible again
// failed: nobody deleted it.
func (m *Model) headCell(g group) widget.Cell {
	if g.head.State == backend.StateVisible && g.head.ReceiveCount > 0 {
		return widget.Cell{Text: text.Const("failed, visible"), Role: themes.Warn}
	}
	return m.stateCell(*g.head)
}

// blockedCell is how long the head has kept the rest of its group back: since it
// was first received, if it is in flight or has failed before. A lease of our own
// blocks the group too, which the column before says.
func (m *Model) blockedCell(g group) widget.Cell {
	ours, receives := !g.head.LeaseEnds.IsZero(), g.head.ReceiveCount
	if ours || !m.look.Free {
		receives-- // the look's own
	}
	first := g.head.Time(backend.SysApproximateFirstReceiveTimestamp)
	if receives <= 0 || first.IsZero() {
		if ours {
			return widget.Cell{Text: text.Const("by our look"), Role: themes.Accent}
		}
		return widget.Cell{Text: text.Const(format.Unknown), Role: themes.Faint}
	}
	return widget.Cell{Text: text.Const(m.age(first)), Role: themes.Bad}
}

// toggleGroups shows the groups, or the messages of all of them again.
func (m *Model) toggleGroups() tea.Cmd {
	m.grouped, m.group, m.reading = !m.grouped, nil, false
	m.arrange()
	return m.follow()
}

// openGroup shows the messages of the group under the cursor.
func (m *Model) openGroup() tea.Cmd {
	name, ok := m.groupTable.Key()
	if !ok {
		return nil
	}
	m.grouped, m.group = false, &name
	m.arrange()
	m.table.Top()
	return m.follow()
}

// backToGroups leaves the messages of a group.
func (m *Model) backToGroups() tea.Cmd {
	m.grouped, m.group = true, nil
	m.arrange()
	return m.follow()
}

// noGroups is why there are no groups to show.
func (m *Model) noGroups() string {
	for i := range m.all {
		if m.all[i].GroupId() != "" {
			return ""
		}
	}
	if m.queue.FIFO() {
		return "no message has been read"
	}
	return "no message that was read has a group"
}

// groupBindings are the keys of the groups.
func (m *Model) groupBindings() []screen.Binding {
	bindings := screen.Moves(func(by int) tea.Cmd { m.groupTable.Move(by); return nil }, m.groupTable.Page)
	return append(bindings,
		screen.Binding{Action: keymap.MessagesOpen, Run: m.openGroup},
		screen.Binding{Action: keymap.MessagesGroups, Run: m.toggleGroups},
		screen.Binding{Action: keymap.Back, Run: m.toggleGroups},
	)
}

// groupsView draws the groups, and says of how much.
func (m *Model) groupsView(w, h int) string {
	t := m.Env.Theme
	said := text.Sprintf(" %s in the %s that were read", format.Plural(len(m.groups), "group"), format.Plural(len(m.all), "message"))
	if !m.look.Free || m.look.State().About > len(m.all) {
		said = text.Join(said, text.Const("; there may be more, and earlier ones in flight elsewhere"))
	}
	return m.groupTable.View(w, h-1, t) + "\n" + widget.Fit(t.Paint(themes.Dim, said.Truncate(w-1).String()), w)
}
