package messages

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// chosen are the marked messages, or the one under the cursor, by their ids.
func (m *Model) chosen() []string {
	if marked := m.table.Marked(); len(marked) > 0 {
		return marked
	}
	if id, ok := m.table.Key(); ok {
		return []string{id}
	}
	return nil
}

// noChoice is why there is nothing to act on, or "".
func (m *Model) noChoice() string {
	if len(m.chosen()) == 0 {
		return m.noMessage()
	}
	return ""
}

// askDelete asks for one message, and for several by the queue's name.
func (m *Model) askDelete() tea.Cmd {
	ids, gone := m.present(m.chosen())
	for _, id := range gone {
		m.table.Unmark(id)
	}
	if len(ids) == 0 {
		return m.Env.Host.Say(themes.Warn, text.Const("what was marked is gone already"))
	}
	var notes []text.Safe
	if n := len(gone); n > 0 {
		notes = append(notes, text.Sprintf("%s that were marked are gone already.", format.Plural(n, "message")))
	}
	if n := m.unseen(ids); n > 0 {
		notes = append(notes, text.Sprintf("%d of them are not shown by the filter.", n))
	}
	m.deletion.Ask(ids, notes...)
	return nil
}

// present splits ids into those of messages that are there and those that have
// gone since they were marked.
func (m *Model) present(ids []string) (there, gone []string) {
	for _, id := range ids {
		if m.byID(id) != nil {
			there = append(there, id)
		} else {
			gone = append(gone, id)
		}
	}
	return there, gone
}

// unseen counts those that the filter hides.
func (m *Model) unseen(ids []string) (n int) {
	shown := make(map[string]bool, len(m.rows))
	for i := range m.rows {
		shown[m.rows[i].MessageId] = true
	}
	for _, id := range ids {
		if !shown[id] {
			n++
		}
	}
	return n
}
