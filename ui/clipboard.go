package ui

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/themes"
	"sqscope/ui/text"
)

// Ways to copy, as the configuration names them.
const (
	nativeClipboard = "native"
	osc52Clipboard  = "osc52"
	noClipboard     = "off"
)

// notNative is a text that this machine's own clipboard did not take.
type notNative struct {
	what    text.Safe
	content string
	err     error
}

// copied is a text that it took.
type copied struct{ what text.Safe }

// Clipboard copies natively where that is possible; where not, through the
// terminal (OSC 52, which also works over SSH), which does not answer, so that
// nobody can know whether it did.
func (h host) Clipboard(what text.Safe, content string) tea.Cmd {
	m := h.m
	switch {
	case m.opts.Clipboard == noClipboard:
		return m.say(themes.Warn, text.Const("the configuration switches copying off"))
	case m.opts.Clipboard == osc52Clipboard || m.opts.Copy == nil:
		return m.throughTerminal(what, content)
	}
	native := m.opts.Copy
	return func() tea.Msg {
		if err := native(content); err != nil {
			return notNative{what, content, err}
		}
		return copied{what}
	}
}

func (m *Model) notNative(n notNative) tea.Cmd {
	if m.opts.Clipboard == nativeClipboard {
		return m.say(themes.Bad, text.Sprintf("this machine's clipboard did not take %s: %s", n.what, n.err.Error()))
	}
	return m.throughTerminal(n.what, n.content)
}

func (m *Model) throughTerminal(what text.Safe, content string) tea.Cmd {
	said := m.say(themes.Good, text.Sprintf("copied %s through the terminal; if it does not arrive, the terminal forbids OSC 52", what))
	return tea.Batch(tea.SetClipboard(content), said)
}
