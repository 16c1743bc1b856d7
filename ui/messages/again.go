package messages

import (
	"crypto/rand"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/outbox"
	"sqscope/keymap"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// againBindings are about sending: anew, or a message once more.
func (m *Model) againBindings() []screen.Binding {
	return []screen.Binding{
		{Action: keymap.MessagesSend, Needs: "SendMessage", Run: func() tea.Cmd { return m.Open(screen.Compose, m.queue) }},
		{Action: keymap.MessagesAgain, Run: m.again, Off: m.noMessage},
	}
}

// again opens the composer with the message under the cursor. A dead letter belongs
// where it came from rather than where it lies, so that is asked.
func (m *Model) again() tea.Cmd {
	msg := m.message().Message
	source, ok := backend.ParseARN(msg.Attributes[backend.SysDeadLetterQueueSourceArn])
	if !ok || source == m.queue || m.Conn.Queue(source) == nil {
		return m.againTo(m.queue, msg)
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Send it again to which queue?"), []dialog.Choice{
		{Label: source.Name, Note: "where it came from"}, {Label: m.queue.Name, Note: "where it is now"},
	}, func(i int) tea.Cmd {
		return m.againTo([]backend.ARN{source, m.queue}[i], msg)
	}))
	return nil
}

// againTo opens the composer. What was being written for that queue is dropped only
// if somebody says so.
func (m *Model) againTo(queue backend.ARN, msg backend.Message) tea.Cmd {
	begin := func() tea.Cmd {
		d := screen.Draft{Draft: outbox.DraftOf(msg), Again: &screen.Again{Queue: m.queue, Message: msg}}
		if d.Dedup = ""; queue.FIFO() {
			d.Dedup = "again-" + rand.Text() // the same id would be swallowed for five minutes
		}
		m.KeepDraft(queue, d)
		return m.Open(screen.Compose, queue)
	}
	kept := m.Draft(queue)
	switch {
	case kept.Empty():
		return begin()
	case kept.Again != nil && kept.Again.Message.MessageId == msg.MessageId:
		return m.Open(screen.Compose, queue) // it goes on
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title:   text.Sprintf("Drop the message that you were writing to %s?", queue.Name),
		Notes:   []text.Safe{text.Sprintf("It begins: %s", preview(kept.Body)), text.Const("This message takes its place.")},
		Confirm: "drop it", Run: func([]string) tea.Cmd { return begin() },
	}))
	return nil
}
