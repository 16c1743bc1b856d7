package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// host is what the screens see of the root.
type host struct{ m *Model }

func (h host) Open(s screen.Spec) tea.Cmd { return h.m.open(s) }

func (h host) Back() tea.Cmd {
	if n := len(h.m.stack); n > 1 {
		return h.m.backTo(n - 2)
	}
	return nil
}

func (h host) Call(b screen.Binding) tea.Cmd { return h.m.run(b) }

func (h host) Ask(d screen.Dialog) { h.m.dialogs = append(h.m.dialogs, d) }

func (h host) Dismiss() {
	if n := len(h.m.dialogs); n > 0 {
		h.m.dialogs = h.m.dialogs[:n-1]
	}
}

func (h host) Say(role themes.Role, line text.Safe) tea.Cmd { return h.m.say(role, line) }

func (h host) Fail(err error) tea.Cmd { return h.m.fail(err) }

func (h host) Connect(name string) tea.Cmd { return h.m.connect(name) }

func (h host) Contexts(ctx context.Context) ([]screen.Context, error) { return h.m.opts.Contexts(ctx) }

func (h host) Opened(context string) []*screen.Connection { return h.m.opened[context] }

// fail shows what happened, to what, and what to do next, by the kind of error.
// A call that the user gave up needs no words.
func (m *Model) fail(err error) tea.Cmd {
	e := backend.AsError(err)
	if e.Kind == backend.KindCancelled {
		return nil
	}
	m.lastErr = e
	line := text.Sprintf("%s: %s", e.Kind, e.Error())
	return m.show(themes.Bad, line, toastOfError)
}
