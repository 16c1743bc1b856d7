package messages

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// mark marks the message under the cursor, or takes its mark away, and goes on to
// the next. From there a range can be marked.
func (m *Model) mark() tea.Cmd {
	if id, ok := m.table.Key(); ok {
		m.anchor = id
	}
	m.table.ToggleMark()
	m.table.Move(1)
	return m.follow()
}

// markAll marks what the list shows, or if all of it is marked takes those marks
// away. Marks on what is not shown stay.
func (m *Model) markAll() tea.Cmd {
	if slices.ContainsFunc(m.rows, func(msg *peek.Message) bool { return !m.table.IsMarked(msg.MessageId) }) {
		m.table.MarkAll()
		return nil
	}
	for _, msg := range m.rows {
		m.table.Unmark(msg.MessageId)
	}
	return nil
}

// invert marks what the list shows and is not marked, and unmarks what is.
func (m *Model) invert() tea.Cmd {
	for _, msg := range m.rows {
		if m.table.IsMarked(msg.MessageId) {
			m.table.Unmark(msg.MessageId)
		} else {
			m.table.Mark(msg.MessageId)
		}
	}
	return nil
}

// noAnchor is why there is no range to mark.
func (m *Model) noAnchor() string {
	if m.anchor == "" || !m.shows(m.anchor) {
		return "space marks where the range begins"
	}
	return ""
}

func (m *Model) shows(id string) bool {
	return slices.ContainsFunc(m.rows, func(msg *peek.Message) bool { return msg.MessageId == id })
}

// markRange marks what stands between the message that was marked last and the
// one under the cursor, both with them.
func (m *Model) markRange() tea.Cmd {
	from := slices.IndexFunc(m.rows, func(msg *peek.Message) bool { return msg.MessageId == m.anchor })
	if from < 0 {
		return nil // it went while the key was on its way
	}
	to := m.table.At()
	for _, msg := range m.rows[min(from, to) : max(from, to)+1] {
		m.table.Mark(msg.MessageId)
	}
	return m.Env.Host.Say(themes.Good, text.Sprintf("%s marked", format.Plural(len(m.table.Marked()), "message")))
}
