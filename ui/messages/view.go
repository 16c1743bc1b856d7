package messages

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// sideBySide is the width from which list and reader stand next to each other.
const sideBySide = 110

// View draws the list and the reader, or one of them where there is no room for
// both.
func (m *Model) View(w, h int) string {
	m.wide, m.listWidth = w >= sideBySide, w*11/20
	field := m.fieldLine(w)
	if field != "" {
		h--
	}
	body := ""
	switch {
	case len(m.rows) == 0:
		body = m.nothing(w, h)
	case m.wide:
		left := m.listWidth
		body = widget.Beside(m.table.View(left, h, m.Env.Theme), m.readerView(w-left-3, h), left, w-left-3, m.Env.Theme)
	case m.reading:
		body = " " + strings.ReplaceAll(m.readerView(w-1, h), "\n", "\n ")
	default:
		body = m.table.View(w, h, m.Env.Theme)
	}
	if field != "" {
		return field + "\n" + body
	}
	return body
}

func (m *Model) fieldLine(w int) string {
	t := m.Env.Theme
	switch m.typing {
	case inFilter:
		return widget.Fit(" "+t.Paint(themes.Accent, "filter ")+m.filter.View(w-9, t), w)
	case inSearch:
		return widget.Fit(" "+t.Paint(themes.Accent, "search ")+m.search.View(w-9, t), w)
	}
	return ""
}

// Cursor is in the field that is typed in. In low motion it stands on the row
// that keys are about, for those who follow the terminal's own cursor.
func (m *Model) Cursor() (x, y int, ok bool) {
	switch m.typing {
	case inFilter:
		return 8 + m.filter.CursorX(), 0, true
	case inSearch:
		return 8 + m.search.CursorX(), 0, true
	}
	if m.Env.LowMotion && !m.reading && len(m.rows) > 0 {
		return 1, m.table.CursorY(), true
	}
	return 0, 0, false
}

// readable is how wide a paragraph is at most.
const readable = 90

// nothing says why no message is shown. A queue is called empty only where that
// is known.
func (m *Model) nothing(w, h int) string {
	t := m.Env.Theme
	role, lines := themes.Dim, []string{}
	q := m.Conn.Queue(m.queue)
	switch {
	case m.err != nil:
		e := backend.AsError(m.err)
		role = themes.Bad
		lines = append(lines, e.Kind.String()+": "+e.Error(), "", "r tries again, E shows the error in full")
	case len(m.all) > 0:
		lines = append(lines, "none of "+format.Plural(len(m.all), "message")+" matches "+m.words, "esc in the filter shows all")
	case m.looking:
		lines = append(lines, "looking …")
	case q == nil:
		lines = append(lines, m.queue.Name+" is not in the list of queues yet")
	case m.denied() != "":
		lines = append(lines, "messages may not be looked at here", m.denied(), m.countsWords())
	case m.free:
		lines = append(lines, "the queue is empty", "s sends a message")
	case m.state.Receives > 0:
		lines = append(lines, m.state.Words()+": that is not to say that the queue is empty", m.countsWords(), "l looks again")
	case !m.open():
		lines = append(lines, "reading the settings of "+m.queue.Name+" …")
	default:
		lines = append(lines, "nothing has been received", m.countsWords(), "", "l looks at up to ten messages: "+m.session.Cost().Words(), "they are given back when you leave")
	}
	var out []string
	for _, l := range lines {
		for _, part := range widget.Wrap(text.Clean(l), min(w-2, readable)) {
			out = append(out, t.Paint(role, part.String()))
		}
	}
	return widget.Center(strings.Join(out, "\n"), w, h)
}

func (m *Model) countsWords() string {
	q := m.Conn.Queue(m.queue)
	if q == nil || q.AsOf.IsZero() {
		return "its counts are not read yet"
	}
	return "about " + format.Count(q.Visible) + " visible, " + format.Count(q.InFlight) + " in flight, " + format.Count(q.Delayed) + " delayed"
}

// Status says how much of the queue was seen, honestly.
func (m *Model) Status() text.Safe {
	var parts []string
	if m.looking && !m.free {
		parts = append(parts, "looking …")
	}
	if m.words != "" {
		parts = append(parts, text.Sprintf("filter: %s (%d of %d)", m.words, len(m.rows), len(m.all)).String())
	}
	if n := len(m.table.Marked()); n > 0 {
		parts = append(parts, text.Sprintf("%d marked", n).String())
	}
	if m.session != nil && (m.state.Seen > 0 || m.state.Receives > 0) {
		parts = append(parts, m.state.Words())
	}
	return text.Clean(strings.Join(parts, " · "))
}

// Hint says what looking did, and what our leases hold back.
func (m *Model) Hint(w int) string {
	t := m.Env.Theme
	if m.session == nil || m.free {
		if m.free {
			return t.Paint(themes.Dim, text.Const("browsing the embedded engine: free, nothing is received").Truncate(w).String())
		}
		return ""
	}
	s, role := m.session.Cost().Words(), themes.Dim
	if why := m.state.Stop.Words(); why != "" {
		s += " · stopped: " + why
	}
	if left, n := m.leaseLeft(); n > 0 {
		s = format.Plural(n, "message") + " leased for " + format.Span(left) + " · " + s
		role = themes.Warn
	}
	return t.Paint(role, text.Clean(s).Truncate(w).String())
}

// Typing tells whether a field has the keys.
func (m *Model) Typing() bool { return m.typing != nowhere }

// find opens the filter of the list, or the search in the body where the reader
// has the keys.
func (m *Model) find() tea.Cmd {
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

func (m *Model) clear() tea.Cmd {
	m.field().SetValue("")
	cmd := m.sought()
	m.typing = nowhere
	return cmd
}

func (m *Model) typed(msg tea.KeyPressMsg) tea.Cmd {
	stroke := msg.String()
	field := m.field()
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
	if field.Key(stroke, msg.Text) {
		return m.sought()
	}
	return nil
}

func (m *Model) pasted(s string) tea.Cmd {
	m.field().Paste(s)
	return m.sought()
}

// sought applies what is in the field.
func (m *Model) sought() tea.Cmd {
	if m.typing == inSearch {
		m.reader.body.Search(m.search.Value())
		return nil
	}
	m.words = strings.TrimSpace(m.filter.Value())
	m.narrow()
	return m.follow()
}

func (m *Model) noSearch() string {
	if m.reader.body.MatchWords() == "" {
		return "nothing has been searched for; / searches while the reader has the keys"
	}
	return ""
}
