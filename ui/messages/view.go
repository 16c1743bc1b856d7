package messages

import (
	"strings"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// sideBySide is the width from which list and reader stand next to each other.
const sideBySide = 110

// View draws the list and the reader, or one of them where there is no room for
// both.
func (m *Model) View(w, h int) string {
	m.wide, m.listWidth = w >= sideBySide, w*11/20
	field := m.fieldLines(w)
	h -= len(field)
	body := ""
	switch {
	case m.grouped && len(m.groups) > 0:
		body = m.groupsView(w, h)
	case len(m.rows) == 0:
		body = m.nothing(w, h)
	case m.wide:
		left := m.listWidth
		body = widget.Beside(m.table.View(left, h, m.Env.Theme), m.reader.View(w-left-3, h, m.reading), left, w-left-3, m.Env.Theme)
	case m.reading:
		body = " " + strings.ReplaceAll(m.reader.View(w-1, h, m.reading), "\n", "\n ")
	default:
		body = m.table.View(w, h, m.Env.Theme)
	}
	return strings.Join(append(field, body), "\n")
}

// Cursor is in the field that is typed in. In low motion it stands on the row
// that keys are about, for those who follow the terminal's own cursor.
func (m *Model) Cursor() (x, y int, ok bool) {
	switch {
	case m.typing == inFilter:
		return len(findLabel) + m.filter.CursorX(), 0, true
	case m.typing == inSearch:
		return len(searchLabel) + m.search.CursorX(), 0, true
	case !m.Env.LowMotion || m.reading:
	case m.grouped && len(m.groups) > 0:
		return 1, m.groupTable.CursorY(), true
	case len(m.rows) > 0:
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
	role, lines := m.nothingLines()
	var parts []text.Safe
	most, list := 0, false
	for _, l := range lines {
		list = list || strings.HasPrefix(l, widget.Bullet)
		for _, part := range widget.WrapPoint(text.Clean(l), min(w, readable)-2) {
			parts = append(parts, part)
			most = max(most, part.Width())
		}
	}
	out := make([]string, len(parts))
	for i, part := range parts {
		if list { // what has points begins at one edge
			part = part.Pad(most)
		}
		out[i] = t.Paint(role, part.String())
	}
	return widget.Center(strings.Join(out, "\n"), w, h)
}

func (m *Model) nothingLines() (role themes.Role, lines []string) {
	q := m.Conn.Queue(m.queue)
	switch {
	case m.look.Err() != nil:
		e := backend.AsError(m.look.Err())
		next := "l tries again, E shows the error in full"
		if m.look.Free {
			next = "r tries again, E shows the error in full"
		}
		return themes.Bad, []string{e.Kind.String() + ": " + e.Error(), "", next}
	case len(m.all) > 0 && m.find.pending > 0:
		return themes.Dim, []string{"searching …"}
	case len(m.all) > 0 && m.finding():
		lines = []string{"none of " + format.Plural(len(m.all), "message") + " matches " + m.find.words, "esc in the field shows all"}
		if m.look.More() {
			lines = append(lines, "f reads on until some match")
		}
		return themes.Dim, lines
	case len(m.all) > 0:
		return themes.Dim, []string{"no message of this group is left", "esc goes back to the groups"}
	case m.look.Looking():
		return themes.Dim, []string{m.look.ProgressWords(), "esc stops"}
	case m.look.Busy():
		return themes.Dim, []string{"looking …"}
	case q == nil:
		return themes.Dim, []string{m.queue.Name + " is not in the list of queues yet"}
	case m.look.Denied() != "":
		return themes.Dim, []string{"messages may not be looked at here", m.look.Denied(), m.look.CountsWords()}
	case m.look.Sought():
		return themes.Dim, []string{m.look.Found().Words(), "esc in the field shows what the queue holds"}
	case m.look.Free:
		return themes.Dim, []string{"the queue is empty", "s sends a message"}
	case m.look.Found().Scanned > 0:
		return themes.Dim, []string{m.look.Found().Words() + m.look.StopWords(), "f reads again, l looks at any"}
	case m.look.State().Receives > 0:
		return themes.Dim, []string{m.look.State().Words() + ": that is not to say that the queue is empty", m.look.CountsWords(), "l looks again"}
	case m.look.Session() == nil:
		return themes.Dim, []string{"reading the settings of " + m.queue.Name + " …"}
	}
	return themes.Dim, m.look.Before()
}

// Status says how much of the queue was seen, honestly.
func (m *Model) Status() text.Safe {
	var parts []string
	if m.look.Looking() {
		return text.Clean("esc stops · " + m.look.ProgressWords())
	}
	if m.finding() {
		parts = append(parts, m.findWords())
	}
	if n := len(m.table.Marked()); n > 0 {
		parts = append(parts, format.Count(n)+" marked")
	}
	if at := m.sortedBy(); at >= 0 {
		c := m.listed[at]
		parts = append(parts, "sort: "+c.word+map[bool]string{true: " ↑", false: " ↓"}[m.ascends(c)])
	}
	if m.look.Session() != nil && (m.look.State().Seen > 0 || m.look.State().Receives > 0) {
		if m.look.Found().Scanned > 0 {
			parts = append(parts, m.look.Found().Words())
		} else {
			parts = append(parts, m.look.State().Words())
		}
	}
	return text.Clean(strings.Join(parts, " · "))
}

// Hint says what looking did, and what our leases hold back.
func (m *Model) Hint(w int) string { return m.look.Hint(w) }
