package messages

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/keymap"
	"sqscope/ui/screen"
)

// actBindings are about the messages that are marked, or the one under the cursor.
func (m *Model) actBindings() []screen.Binding {
	redrive := screen.Binding{Action: keymap.MessagesRedrive, Run: m.redrive, Off: m.noRedrive}
	acts := []screen.Binding{
		{Action: keymap.MessagesDelete, Run: m.askDelete, Needs: "DeleteMessage", Off: m.noChoice},
		{Action: keymap.MessagesExport, Run: m.askExport, Off: m.noMessage},
		{Action: keymap.MessagesRelease, Run: m.giveBack, Off: m.noLease, Needs: "ChangeMessageVisibility"},
		{Action: keymap.MessagesHold, Run: m.askHold, Off: m.noHold, Needs: "ChangeMessageVisibility"},
		{Action: keymap.Copy, Run: m.copyBody, Off: m.noMessage},
		{Action: keymap.MessagesCopyAs, Run: m.askCopy, Off: m.noMessage},
		{Action: keymap.MessagesCopyID, Run: m.copyIDs, Off: m.noChoice},
		{Action: keymap.MessagesEditor, Run: func() tea.Cmd { return m.openOutside(false) }, Off: m.noMessage},
		{Action: keymap.MessagesPager, Run: func() tea.Cmd { return m.openOutside(true) }, Off: m.noMessage},
		{Action: keymap.MessagesImport, Run: func() tea.Cmd { return m.Open(screen.Imports, m.queue) }, Needs: "SendMessage"},
	}
	if q := m.Conn.Queue(m.queue); q != nil && q.IsDLQ() {
		return slices.Insert(acts, 1, redrive)
	}
	return append(acts, redrive)
}

// acted takes what acts have led to, and tells whether it was that.
func (m *Model) acted(msg tea.Msg) (tea.Cmd, bool) {
	if cmd, done := m.deletion.Update(msg); done {
		return tea.Batch(m.take(), cmd), true
	}
	if cmd, done := m.export.Update(msg); done {
		return cmd, true
	}
	switch msg := msg.(type) {
	case gaveBack:
		return m.gaveBack(msg), true
	case held:
		return m.held(msg), true
	case copied:
		return m.copied(msg), true
	case toOpen:
		return m.outside(msg), true
	case closed:
		return m.closed(msg), true
	}
	return nil, false
}
