package messages

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/decode/query"
	"sqscope/backend/peek"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// typing says which field has the keys.
type typing int

const (
	nowhere typing = iota
	inFilter
	inSearch
)

// find is what is looked for among the messages that were read.
type find struct {
	n       int         // counts what was looked for
	find    *query.Find // nil: nothing
	words   string      // as it was typed
	wrong   *query.Error
	all     bool // all are shown, with a sign at those that were found
	pending int  // messages of which it is not known yet
	failed  int  // those for which the expression fails
	found   int
}

// finding tells whether something is looked for.
func (m *Model) finding() bool { return m.find.find != nil }

// matches tells whether a message is found, as far as that is known.
func (m *Model) matches(msg *peek.Message) bool {
	f := m.fact(msg)
	return f != nil && f.found
}

// Typing tells whether a field has the keys.
func (m *Model) Typing() bool { return m.typing != nowhere }

// askFind opens the field of the list, or the search in the body where the reader
// has the keys.
func (m *Model) askFind() tea.Cmd {
	m.typing = inFilter
	if m.reading {
		m.typing = inSearch
	}
	return nil
}

// field is the one that has the keys.
func (m *Model) field() *widget.Input {
	if m.typing == inSearch {
		return &m.search
	}
	return &m.filter
}

// keep leaves the field, unless what is in it cannot be looked for.
func (m *Model) keep() tea.Cmd {
	if m.typing == inFilter && m.find.wrong != nil {
		return nil
	}
	m.typing = nowhere
	return nil
}

func (m *Model) clear() tea.Cmd {
	m.field().SetValue("")
	cmd := m.sought()
	m.typing = nowhere
	return cmd
}

func (m *Model) typed(msg tea.KeyPressMsg) tea.Cmd {
	stroke := msg.String()
	if cmd, done := screen.Dispatch(m.Env, m.Bindings(), stroke); done {
		return cmd
	}
	switch stroke {
	case "up", "down":
		if m.typing == inFilter {
			m.table.Move(map[string]int{"up": -1, "down": 1}[stroke])
			return m.follow()
		}
	}
	if m.field().Key(stroke, msg.Text) {
		return m.sought()
	}
	return nil
}

func (m *Model) pasted(s string) tea.Cmd {
	m.field().Paste(s)
	return m.sought()
}

// sought applies what is in the field. While it cannot be looked for, the list
// stays as it is.
func (m *Model) sought() tea.Cmd {
	if m.typing == inSearch {
		return m.reader.Search(m.search.Value())
	}
	words := strings.TrimSpace(m.filter.Value())
	f, err := query.ParseFind(m.filter.Value())
	m.find.wrong = nil
	if errors.As(err, &m.find.wrong) || words == m.find.words {
		return nil
	}
	m.find.words, m.find.find = words, f
	if f.Everything() {
		m.find.find, m.find.words = nil, ""
	}
	m.find.n++
	m.waiting = nil
	m.sign()
	if !m.finding() {
		m.arrange()
		if again, sought := m.look.Forget(); sought {
			return tea.Batch(again, m.follow())
		}
		return m.follow()
	}
	m.find.pending = len(m.all) // the list stays as it is until something is known
	return m.restudy()
}

// when has an act wait until it is known what it is about.
func (m *Model) when(b screen.Binding) screen.Binding {
	run, off := b.Run, b.Off
	b.Run = func() tea.Cmd {
		if m.settled() {
			return run()
		}
		m.waiting = append(m.waiting, func() tea.Cmd {
			if off != nil && off() != "" {
				return m.Env.Host.Say(themes.Warn, text.Sprintf("%s: %s", m.Env.Keys.Action(b.Action).Word, off()))
			}
			return run()
		})
		return m.study()
	}
	if off != nil {
		b.Off = func() string {
			if !m.settled() {
				return "" // it is asked again when it is known
			}
			return off()
		}
	}
	return b
}

// noFind is why nothing can be done with what was found.
func (m *Model) noFind() string {
	if !m.finding() {
		return "nothing is looked for; " + m.Env.Keys.Action(keymap.Filter).Key() + " says what"
	}
	return ""
}

// toggleMatches shows only what was found, or all.
func (m *Model) toggleMatches() tea.Cmd {
	m.find.all = !m.find.all
	m.sign()
	m.arrange()
	return m.follow()
}

// jump goes to the next message that was found, or the one before, round the end.
func (m *Model) jump(by int) func() tea.Cmd {
	return func() tea.Cmd {
		here, n := m.table.At(), len(m.rows)
		for step := 1; step <= n; step++ {
			if i := ((here+by*step)%n + n) % n; m.matches(m.rows[i]) {
				m.table.SelectRow(i)
				return m.follow()
			}
		}
		return m.Env.Host.Say(themes.Warn, text.Const("nothing was found"))
	}
}

// findWords are what is looked for and how far it has come.
func (m *Model) findWords() string {
	of := " of " + format.Count(len(m.all))
	if m.find.pending > 0 {
		return "searched " + format.Count(len(m.all)-m.find.pending) + of + ": " + m.find.words
	}
	s := "found " + format.Count(m.find.found) + of
	if m.find.failed > 0 {
		s += ", fails for " + format.Count(m.find.failed)
	}
	return s + ": " + m.find.words
}

// the labels before fields.
const (
	findLabel   = " find "
	searchLabel = " search "
)

// fieldLines are the field that is typed in, and under it what is wrong with what
// is in it and where.
func (m *Model) fieldLines(w int) []string {
	t := m.Env.Theme
	if m.typing == inSearch {
		return []string{widget.Fit(t.Paint(themes.Accent, searchLabel)+m.search.View(w-len(searchLabel)-1, t), w)}
	}
	if m.typing != inFilter {
		return nil
	}
	lines := []string{widget.Fit(t.Paint(themes.Accent, findLabel)+m.filter.View(w-len(findLabel)-1, t), w)}
	if e := m.find.wrong; e != nil {
		return append(lines, m.wrongLines(e, w)...)
	}
	return lines
}

// wrongLines point at the place from where on the field makes no sense, as far as
// it is in sight, and say why, in at most two lines.
func (m *Model) wrongLines(e *query.Error, w int) (lines []string) {
	role, mark := themes.Bad, "✗ "
	if e.Unfinished() {
		role, mark = themes.Dim, "… "
	}
	why := e.Problem
	if e.Expected != "" {
		why += "; expected " + e.Expected
	}
	typed := m.filter.Value()
	at := len(findLabel) + text.Clean(typed[:min(e.Offset, len(typed))]).Width()
	said := []text.Safe{text.Sprintf("%*s^ %s%s", at, "", mark, why)}
	if said[0].Width() > w-1 {
		said = widget.Wrap(text.Sprintf("%sat %d: %s", mark, e.Offset+1, why), w-2)
		if len(said) > 2 {
			said = []text.Safe{said[0], text.Join(said[1], text.Const(" …")).Truncate(w - 2)}
		}
		for i := range said {
			said[i] = text.Join(text.Const(" "), said[i])
		}
	}
	for _, l := range said {
		lines = append(lines, widget.Fit(m.Env.Theme.Paint(role, l.String()), w))
	}
	return lines
}
