package messages

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/decode"
	"sqscope/ui/export"
	"sqscope/ui/external"
	"sqscope/ui/screen"
)

// asShown is the body as the reader shows it, and what that is; while the reader
// still opens it, as it will.
func (m *Model) asShown() func(ctx context.Context, o export.Original) (string, decode.Kind) {
	shown, kind := m.reader.Text()
	return func(ctx context.Context, o export.Original) (string, decode.Kind) {
		if shown == "" {
			r := o.Open(ctx)
			return r.Last().Text(), r.Last().Kind
		}
		return shown, kind
	}
}

// toOpen is a body on its way to the user's own program.
type toOpen struct {
	name, body string
	pager      bool
}

// closed is the end of that program.
type closed struct{ err error }

// openOutside opens the body under the cursor, as it is shown, in the editor or in
// the pager.
func (m *Model) openOutside(pager bool) tea.Cmd {
	msg := m.message()
	if msg == nil {
		return nil // it went while the key was on its way
	}
	o, shown := m.original(*msg), m.asShown()
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		body, kind := shown(ctx, o)
		name := o.Queue.Name + "-" + o.MessageId
		switch kind {
		case decode.XML:
			name += ".xml"
		case decode.Text, decode.Binary, decode.Protobuf:
			name += ".txt"
		default:
			name += ".json"
		}
		return toOpen{name, body, pager}
	})
}

func (m *Model) outside(t toOpen) tea.Cmd {
	done := func(err error) tea.Msg { return screen.Answer{To: m.ID(), Msg: closed{err}} }
	if t.pager {
		return external.Page(t.name, t.body, done)
	}
	return external.View(t.name, []byte(t.body), done)
}

func (m *Model) closed(c closed) tea.Cmd {
	if c.err != nil {
		return m.Env.Host.Fail(c.err)
	}
	return nil
}
