package messages

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/peek"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/reader"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// read brings a message into the reader.
func (m *Model) read(msg peek.Message) tea.Cmd {
	return m.reader.Show(reader.Message{Queue: m.queue, Message: msg})
}

// stands says how a message stands: its state, how often it was received, and
// whether the next time is the last.
func (m *Model) stands(msg peek.Message) (text.Safe, themes.Role) {
	state, receives := m.stateCell(msg), format.Plural(msg.ReceiveCount, "receive")
	if limit := m.maxReceives(); limit > 0 {
		receives += " of " + strconv.Itoa(limit)
		if msg.ReceiveCount >= limit {
			receives += ", the next one dead-letters it"
		}
	}
	return text.Join(state.Text, text.Const(" · "+receives)), state.Role
}

// readerBindings are about what is read.
func (m *Model) readerBindings() []screen.Binding {
	return append(m.reader.Bindings(m.reading), screen.Binding{Action: keymap.ReaderCompare, Run: m.compare, Off: func() string {
		if _, _, why := m.toCompare(); why != "" {
			return why
		}
		return ""
	}})
}

// toCompare are the two messages that are marked, or the one under the cursor and
// the next in the list.
func (m *Model) toCompare() (a, b *peek.Message, why string) {
	if marked := m.table.Marked(); len(marked) > 0 {
		if len(marked) != 2 {
			return nil, nil, "two messages are compared, and " + strconv.Itoa(len(marked)) + " are marked"
		}
		a, b = m.byID(marked[0]), m.byID(marked[1])
		if a == nil || b == nil {
			return nil, nil, "one of the marked messages is gone"
		}
		return a, b, ""
	}
	a = m.message()
	for i, msg := range m.rows {
		if a != nil && msg.MessageId == a.MessageId && i+1 < len(m.rows) {
			return a, m.rows[i+1], ""
		}
	}
	return nil, nil, "there is no next message to compare with; mark two"
}

func (m *Model) compare() tea.Cmd {
	a, b, why := m.toCompare()
	if why != "" {
		return nil // one went while the key was on its way
	}
	return m.reader.Compare(reader.Message{Queue: m.queue, Message: *a}, reader.Message{Queue: m.queue, Message: *b})
}
