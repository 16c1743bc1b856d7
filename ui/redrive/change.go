package redrive

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/redrive/rewrite"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/external"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// opened is a message as it goes into the editor.
type opened struct {
	id    string
	sheet []byte
	err   error
}

// edited is what the editor left of it.
type edited struct {
	id            string
	before, after []byte
	err           error
}

// askChange asks what is to be changed in the messages.
func (m *Model) askChange() tea.Cmd {
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Change the messages on their way?"), []dialog.Choice{
		{Label: "no", Note: "they go as they are"},
		{Label: "with jq", Note: "one expression for all; the differences are shown before"},
		{Label: "by hand", Note: "one message, in your editor", Off: m.noHand()},
	}, func(i int) tea.Cmd {
		switch i {
		case 1:
			return m.askJq()
		case 2:
			return m.open()
		}
		m.choice.jq, m.choice.hand, m.pane = nil, nil, preflight
		return m.chose()
	}))
	return nil
}

// single is the one message that was chosen and read, or nil.
func (m *Model) single() *backend.Message {
	if len(m.selection.IDs) != 1 {
		return nil
	}
	i := slices.IndexFunc(m.known, func(msg backend.Message) bool { return msg.MessageId == m.selection.IDs[0] })
	if i < 0 {
		return nil
	}
	return &m.known[i]
}

func (m *Model) noHand() string {
	msg := m.single()
	switch {
	case len(m.selection.IDs) != 1:
		return "mark one message in the list, and press m there"
	case msg == nil:
		return "this message has not been read"
	case len(m.Env.MasksFor(m.queue, *msg)) > 0:
		return "masks hide a part of it, which an editor would show"
	}
	return ""
}

func (m *Model) open() tea.Cmd {
	msg := m.single()
	if msg == nil {
		return nil // it went while the key was on its way
	}
	r := archive.RecordOf(m.queue, *msg, backend.StateInFlight)
	before := m.choice.hand
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		sheet, err := rewrite.Sheet(ctx, r)
		if before != nil && before.id == r.MessageId {
			return opened{r.MessageId, before.after, err} // it goes on from what was written
		}
		return opened{r.MessageId, sheet, err}
	})
}

func (m *Model) edit(o opened) tea.Cmd {
	if o.err != nil {
		return m.Env.Host.Fail(o.err)
	}
	return external.Edit(m.queue.Name+"-"+o.id+".json", o.sheet, func(after []byte, err error) tea.Msg {
		return screen.Answer{To: m.ID(), Msg: edited{o.id, o.sheet, after, err}}
	})
}

// edited takes what was written by hand, if it is still a message.
func (m *Model) edited(e edited) tea.Cmd {
	msg := m.single()
	if e.err != nil {
		return m.Env.Host.Fail(e.err)
	}
	if msg == nil || msg.MessageId != e.id {
		return m.Env.Host.Say(themes.Warn, text.Const("the message that was edited is not chosen any more"))
	}
	if m.choice.hand != nil && m.choice.hand.id == e.id {
		e.before = m.choice.hand.before
	}
	if _, err := rewrite.OfSheet(e.before, e.after, archive.RecordOf(m.queue, *msg, backend.StateInFlight)); err != nil {
		return m.Env.Host.Fail(&backend.Error{Kind: backend.KindInvalid, Subject: e.id, Message: "what was written is not taken: " + err.Error(), Next: "edit it again", Err: err})
	}
	m.choice.hand, m.choice.jq, m.choice.native, m.pane = &sheet{e.id, e.before, e.after}, nil, false, changes
	return m.chose()
}
