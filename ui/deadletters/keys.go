package deadletters

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/keymap"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// Bindings are the keys of the screen. What is done, is done with the group or the
// messages that are marked, or with what is under the cursor.
func (m *Model) Bindings() []screen.Binding {
	moves := screen.Moves(func(by int) tea.Cmd { return m.moveIn(m.pane, by) }, m.page)
	reads := m.reader.Bindings(m.pane == inReader)
	if m.pane == inReader {
		return slices.Concat(m.backBindings(), reads, m.actBindings(), m.lookBindings(), m.queueBindings(), moves)
	}
	acts, looks := m.actBindings(), m.lookBindings()
	if m.look.Free {
		return slices.Concat(m.backBindings(), acts, m.arrangeBindings(), looks, m.queueBindings(), reads, moves)
	}
	return slices.Concat(m.backBindings(), acts[:1], looks[:1], acts[1:], m.arrangeBindings(), looks[1:], m.queueBindings(), reads, moves)
}

// backBindings are what esc leaves before it leaves the screen.
func (m *Model) backBindings() []screen.Binding {
	back := func(run func() tea.Cmd) []screen.Binding { return []screen.Binding{{Action: keymap.Back, Run: run}} }
	switch {
	case m.look.Looking():
		return back(m.look.Stop)
	case m.pane != inList:
		return back(func() tea.Cmd { m.pane = inList; return nil })
	case m.inside != "":
		return back(func() tea.Cmd { m.inside = ""; return m.follow() })
	}
	return nil
}

func (m *Model) actBindings() []screen.Binding {
	return []screen.Binding{
		{Action: keymap.DeadLettersOpen, Run: m.open, Off: m.noOpen},
		{Action: keymap.DeadLettersRedrive, Run: m.redrive},
		{Action: keymap.DeadLettersPane, Run: m.nextPane, Off: m.noGroup},
		{Action: keymap.DeadLettersExport, Run: m.askExport, Off: m.noGroup},
		{Action: keymap.DeadLettersDelete, Run: m.askDelete, Off: m.noGroup, Needs: "DeleteMessage"},
		{Action: keymap.DeadLettersKeep, Run: m.askKeep, Off: m.noLoss},
		{Action: keymap.DeadLettersTicket, Run: m.ticket, Off: m.noGroup},
	}
}

func (m *Model) arrangeBindings() []screen.Binding {
	groupsOnly := func() string {
		if m.inside != "" {
			return "esc goes back to the groups, where that can be done"
		}
		return m.noGroup()
	}
	return []screen.Binding{
		{Action: keymap.DeadLettersMark, Run: m.mark, Off: m.noGroup},
		{Action: keymap.DeadLettersMarker, Run: m.askMarker},
		{Action: keymap.DeadLettersLabel, Run: m.askLabel, Off: m.noGroup},
		{Action: keymap.DeadLettersSplit, Run: m.askSplit, Off: func() string {
			if g := m.here(); g != nil && m.merged(g) {
				return "it was merged; undo takes that back first"
			}
			return m.noGroup()
		}},
		{Action: keymap.DeadLettersMerge, Run: m.merge, Off: func() string {
			if why := groupsOnly(); why != "" {
				return why
			}
			if len(m.markedGroups()) < 2 {
				return "mark the groups first that are to be one"
			}
			return ""
		}},
		{Action: keymap.DeadLettersUndo, Run: m.askUndo, Off: m.noUndo},
		{Action: keymap.DeadLettersRules, Run: m.askRules},
	}
}

func (m *Model) lookBindings() []screen.Binding {
	busy := func() string {
		if m.look.Looking() {
			return "a look is under way; esc stops it"
		}
		return ""
	}
	return []screen.Binding{
		{Action: keymap.DeadLettersLook, Run: m.look.Ask, Needs: m.look.Needs(), Off: busy},
		{Action: keymap.DeadLettersLookMore, Run: m.look.AskMore, Needs: m.look.Needs(), Off: func() string {
			if m.look.Free {
				return "browsing is free and reads up to 10,000"
			}
			return busy()
		}},
	}
}

func (m *Model) queueBindings() []screen.Binding {
	return []screen.Binding{
		{Action: keymap.DeadLettersTasks, Run: func() tea.Cmd { return m.Open(screen.Tasks, m.queue) }},
		{Action: keymap.DeadLettersAll, Run: func() tea.Cmd { return m.Env.Host.Open(screen.Spec{Kind: screen.DeadLetters}) }},
		{Action: keymap.DeadLettersSource, Run: m.askQueue},
		{Action: keymap.Refresh, Run: m.look.Refresh},
		{Action: keymap.Copy, Run: func() tea.Cmd {
			return m.Env.Host.Clipboard(text.Sprintf("the ARN of %s", m.queue.Name), m.queue.String())
		}},
	}
}

func (m *Model) noGroup() string {
	if m.here() == nil {
		return "no group is there; l looks at messages"
	}
	return ""
}

func (m *Model) noOpen() string {
	switch {
	case m.pane == inReader:
		return "it is being read; esc goes back"
	case m.inside != "" && m.message() == nil:
		return "there is no message under the cursor"
	}
	return m.noGroup()
}

// open shows the messages of the group under the cursor, or reads the message.
func (m *Model) open() tea.Cmd {
	if m.inside != "" {
		m.pane = inReader
		return nil
	}
	g := m.here()
	if g == nil {
		return nil // it went while the key was on its way
	}
	m.inside, m.pane = g.ID, inList
	m.list.UnmarkAll()
	m.fillMembers()
	m.list.Top()
	return m.follow()
}

// nextPane gives the keys to the next part of the screen.
func (m *Model) nextPane() tea.Cmd {
	m.pane++
	if m.pane == inDetails && (m.inside != "" || m.wide && m.lines <= m.room) {
		m.pane = inReader // there is nothing to scroll
	}
	if m.pane > inReader {
		m.pane = inList
	}
	m.scroll = 0
	return nil
}

func (m *Model) paneKey() string { return m.Env.Keys.Action(keymap.DeadLettersPane).Key() }
func (m *Model) keepKey() string { return m.Env.Keys.Action(keymap.DeadLettersKeep).Key() }

func (m *Model) moveIn(p pane, by int) tea.Cmd {
	switch {
	case p == inReader:
		m.reader.Move(by)
		return nil
	case p == inDetails:
		m.scroll = max(0, min(m.scroll+by, m.lines-m.room))
		return nil
	case m.inside != "":
		m.list.Move(by)
	default:
		m.groups.Move(by)
	}
	return m.follow()
}

func (m *Model) page() int {
	switch {
	case m.pane == inReader:
		return m.reader.Page()
	case m.pane == inDetails:
		return max(1, m.room-1)
	case m.inside != "":
		return m.list.Page()
	}
	return m.groups.Page()
}

func (m *Model) mark() tea.Cmd {
	table := m.groups
	if m.inside != "" {
		table = m.list
	}
	table.ToggleMark()
	table.Move(1)
	return m.follow()
}

// clicked chooses what is under the mouse; the second time it is opened.
func (m *Model) clicked(c screen.Click) tea.Cmd {
	y := c.Y - headLines
	if len(m.found.Groups) == 0 {
		return nil
	}
	if m.wide && c.X >= m.left || !m.wide && m.pane == inReader {
		m.pane = inReader
		m.reader.Click(y)
		return nil
	}
	if !m.wide && m.pane == inDetails {
		return nil
	}
	table, n := m.groups, len(m.found.Groups)
	if m.inside != "" {
		table, n = m.list, len(m.members)
	}
	i, ok := table.RowAt(y)
	if !ok || i >= n {
		m.pane = inDetails
		return nil
	}
	m.pane = inList
	table.SelectRow(i)
	if c.Double {
		return m.open()
	}
	return m.follow()
}

// askQueue opens the settings of this queue, or of one that it serves.
func (m *Model) askQueue() tea.Cmd {
	arns := []backend.ARN{m.queue}
	if q := m.Conn.Queue(m.queue); q != nil {
		arns = append(arns, q.Sources...)
	}
	choices := make([]dialog.Choice, len(arns))
	for i, arn := range arns {
		choices[i] = dialog.Choice{Label: arn.Name, Note: "sends its dead letters here"}
	}
	choices[0].Note = "this queue"
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Settings of which queue?"), choices, func(i int) tea.Cmd {
		return m.Open(screen.Attributes, arns[i])
	}))
	return nil
}
