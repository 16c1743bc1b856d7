package messages

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/ui/screen"
)

// clicked chooses the message under the mouse; the second time it is read. A
// column's title sorts by it, and the second time turns the order round.
func (m *Model) clicked(c screen.Click) tea.Cmd {
	if m.typing != nowhere {
		c.Y -= len(m.fieldLines(1 << 10))
	}
	if m.grouped {
		if i, ok := m.groupTable.RowAt(c.Y); ok {
			m.groupTable.SelectRow(i)
			if c.Double {
				return m.openGroup()
			}
		}
		return nil
	}
	if !m.wide && m.reading || m.wide && c.X >= m.listWidth {
		m.reading = len(m.rows) > 0 // the reader has the keys
		m.reader.Click(c.Y)
		return nil
	}
	if col, ok := m.table.ColumnAt(c.X, c.Y); ok && col != signColumn {
		if id := m.listed[col-1].id; m.order.by == id {
			m.order.reverse = !m.order.reverse
		} else {
			m.order = order{by: id}
		}
		return m.sorted()
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
	switch {
	case m.grouped:
		m.groupTable.Move(by)
		return nil
	case m.reading:
		m.reader.Scroll(by)
		return nil
	}
	m.table.Move(by)
	return m.follow()
}
