package redrive

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/keymap"
	"sqscope/ui/screen"
)

// Bindings are the keys of the plan, of what runs, or of what has ended.
func (m *Model) Bindings() []screen.Binding {
	tasks := func() tea.Cmd { return m.Open(screen.Tasks, m.queue) }
	if m.run == nil {
		return append([]screen.Binding{
			{Action: keymap.RedriveStart, Run: m.askStart, Needs: m.needs(), Off: m.noStart},
			{Action: keymap.RedriveChange, Run: m.change, Off: m.noChange},
			{Action: keymap.RedriveTry, Run: func() tea.Cmd { return m.show(rehearsal) }, Off: m.noRehearsal},
			{Action: keymap.RedrivePane, Run: func() tea.Cmd { return m.show(m.pane.next()) }},
			{Action: keymap.RedriveTasks, Run: tasks},
			{Action: keymap.Refresh, Run: m.refresh},
		}, screen.Moves(m.move, func() int { return max(1, m.page) })...)
	}
	scrolls := screen.Moves(func(by int) tea.Cmd { m.scroll(by); return nil }, func() int { return max(1, m.page) })
	if _, res, _ := m.run.look(); res == nil {
		return append([]screen.Binding{
			{Action: keymap.RedrivingCancel, Run: m.askCancel},
			{Action: keymap.RedrivingTasks, Run: tasks},
		}, scrolls...)
	}
	return append([]screen.Binding{
		{Action: keymap.RedrivenResults, Run: m.showResults},
		{Action: keymap.RedrivenReport, Run: m.showReport, Off: m.noReport},
		{Action: keymap.RedrivenAgain, Run: m.again, Off: m.noFailed},
		{Action: keymap.RedrivenNew, Run: m.anew},
		{Action: keymap.RedrivenTasks, Run: tasks},
		{Action: keymap.Copy, Run: m.copyPath, Off: m.noPath},
	}, scrolls...)
}

// move goes from one row of the plan to another; by pages it scrolls the pane.
func (m *Model) move(by int) tea.Cmd {
	if by < -1 || by > 1 {
		m.scroll(by)
		return nil
	}
	m.at = max(0, min(m.at+by, len(m.rows())-1))
	return nil
}

func (m *Model) scroll(by int) { m.top = max(0, m.top+by) }

func (m *Model) show(p pane) tea.Cmd {
	m.pane, m.top = p, 0
	return nil
}

func (m *Model) refresh() tea.Cmd {
	m.Conn.Fleet.Refresh(m.queue)
	return m.examine()
}

func (m *Model) noRehearsal() string {
	if m.card.Card != nil && len(m.known) == 0 {
		return "no message has been read; look at some in the list of messages first"
	}
	return ""
}

// clicked puts the cursor on a row, and a double click changes it.
func (m *Model) clicked(c screen.Click) tea.Cmd {
	rows := m.rows()
	if m.run != nil || c.Y >= m.rowTop(len(rows)) || m.wide && c.X >= planCells {
		return nil
	}
	for m.at = 0; m.rowTop(m.at+1) <= c.Y; m.at++ {
	}
	if c.Double && rows[m.at].off == "" {
		return m.change()
	}
	return nil
}
