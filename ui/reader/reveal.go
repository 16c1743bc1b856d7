package reader

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// journaled says that the journal has it, or why not, that a message was asked to
// be shown without masks.
type journaled struct {
	queue backend.ARN
	id    string
	err   error
}

func (r *Reader) noReveal() string {
	switch {
	case r.notOpen() != "":
		return r.notOpen()
	case !r.masked:
		return "no mask hides anything of this message"
	}
	return r.base.Conn.NoReveal()
}

// Revealed tells whether a message is the one that is shown, without masks: then
// what leaves the screen has none either.
func (r *Reader) Revealed(queue backend.ARN, id string) bool {
	return r.revealed && r.message.Queue == queue && r.message.MessageId == id
}

// askReveal asks before what masks hide is shown, or hides it again.
func (r *Reader) askReveal() tea.Cmd {
	if r.revealed {
		r.revealed = false
		return r.open()
	}
	kept := "The journal keeps who asked for which message, before it is shown. It keeps no body."
	if !r.base.Conn.Guard.Recording() {
		kept = "This is the embedded engine, of which no journal is kept."
	}
	m := *r.message
	to := journaled{queue: m.Queue, id: m.MessageId}
	r.base.Env.Host.Ask(dialog.NewForm(r.base.Env, dialog.Form{
		Title: text.Const("Show what the masks hide?"),
		Notes: []text.Safe{
			text.Sprintf("Message %s of %s is shown as it is, until another one is read.", to.id, to.queue.Name),
			text.Const(kept),
		},
		Confirm: "show it",
		Run: func([]string) tea.Cmd {
			conn := r.base.Conn
			return r.base.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
				to.err = conn.Reveal(ctx, m.Queue, m.Message.Message)
				return to
			})
		},
	}))
	return nil
}

// reveal shows the message without masks, if it is still the one that is read.
func (r *Reader) reveal(j journaled) tea.Cmd {
	switch {
	case j.err != nil:
		return r.base.Env.Host.Fail(j.err)
	case r.message == nil || r.message.MessageId != j.id || r.message.Queue != j.queue:
		return r.base.Env.Host.Say(themes.Warn, text.Const("another message is read now; nothing was unmasked"))
	}
	r.revealed = true
	return r.open()
}
