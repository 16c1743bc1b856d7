package messages

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/ui/screen"
)

// clicked chooses the message under the mouse; the second time it is read.
func (m *Model) clicked(c screen.Click) tea.Cmd {
	if m.typing != nowhere {
		c.Y-- // under the field
	}
	if !m.wide && m.reading || m.wide && c.X >= m.listWidth {
		m.reading = true // the reader has the keys
		return nil
	}
	i, ok := m.table.RowAt(c.Y)
	if !ok || i >= len(m.rows) {
		return nil
	}
	m.table.SelectRow(i)
	m.reading = c.Double
	return m.follow()
}

// wheeled moves the cursor of the list, or what is read.
func (m *Model) wheeled(by int) tea.Cmd {
	if m.reading {
		m.reader.body.Scroll(by)
		return nil
	}
	m.table.Move(by)
	return m.follow()
}
