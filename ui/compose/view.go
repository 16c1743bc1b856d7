package compose

import (
	"strings"

	"sqscope/backend/rules"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

const labelCells = 14

// View draws the form: the body has the room that the other fields leave.
func (m *Model) View(w, h int) string {
	attrRows := max(2, min(4, h/5))
	bodyRows := max(3, h-(len(m.order)-2)-attrRows-5)
	m.cursor.ok = false
	var lines []string
	for i, f := range m.order {
		here := i == m.at
		switch f {
		case bodyField:
			lines = append(lines, m.area(f, &m.body, here, w, bodyRows, len(lines))...)
			lines = append(lines, "")
		case attrsField:
			lines = append(lines, "")
			lines = append(lines, m.area(f, &m.attrs, here, w, attrRows, len(lines))...)
		default:
			if here {
				m.cursor.x, m.cursor.y, m.cursor.ok = labelCells+m.lines[f].CursorX(), len(lines), true
			}
			lines = append(lines, m.label(f, here)+m.lines[f].View(w-labelCells-1, m.Env.Theme))
		}
	}
	if m.wrong != "" { // in full, where the line below cuts it
		for _, l := range widget.Wrap(text.Clean(m.wrong), w-labelCells-2) {
			lines = append(lines, strings.Repeat(" ", labelCells)+m.Env.Theme.Paint(themes.Bad, l.String()))
		}
	}
	for i := range lines {
		lines[i] = widget.Fit(lines[i], w)
	}
	for len(lines) < h {
		lines = append(lines, widget.Fit("", w))
	}
	return strings.Join(lines[:h], "\n")
}

func (m *Model) label(f field, here bool) string {
	role, mark := themes.Dim, "  "
	if here {
		role, mark = themes.Accent, "▸ "
	}
	if m.wrong != "" && m.wrongAt == f {
		role, mark = themes.Bad, "✗ "
	}
	return " " + m.Env.Theme.Paint(role, mark+text.Const(labels[f]).Pad(labelCells-3).String())
}

func (m *Model) area(f field, a *widget.Area, here bool, w, rows, y int) []string {
	out := strings.Split(a.View(w-labelCells-1, rows, m.Env.Theme), "\n")
	if here {
		x, dy := a.Cursor()
		m.cursor.x, m.cursor.y, m.cursor.ok = labelCells+x, y+dy, true
	}
	for i := range out {
		head := strings.Repeat(" ", labelCells)
		if i == 0 {
			head = m.label(f, here)
		}
		out[i] = head + out[i]
	}
	return out
}

// Cursor is in the field that has the keys.
func (m *Model) Cursor() (x, y int, ok bool) { return m.cursor.x, m.cursor.y, m.cursor.ok }

// Status is the size, counted as SQS counts it.
func (m *Model) Status() text.Safe {
	attrs, err := parseAttributes(m.attrs.Value())
	if err != nil {
		attrs = nil
	}
	s := text.Sprintf("%s of %s bytes", format.Count(rules.Size(m.body.Value(), attrs)), format.Count(m.rule.MaximumMessageSize))
	if m.stay {
		s = text.Join(s, text.Sprintf(" · stays open, %d sent", m.sent))
	}
	return s
}

// Hint says what is wrong, or what goes on.
func (m *Model) Hint(w int) string {
	t := m.Env.Theme
	switch {
	case m.sending:
		return t.Paint(themes.Accent, "sending …")
	case m.wrong != "":
		return t.Paint(themes.Bad, text.Clean("✗ not sent: "+m.wrong).Truncate(w).String())
	case m.rule.FIFO:
		return t.Paint(themes.Dim, text.Const("FIFO: the group keeps its order; a dedup id used within five minutes is accepted and swallowed").Truncate(w).String())
	}
	return t.Paint(themes.Dim, text.Const("checked by SQS's own rules before it is sent; esc keeps the text for the next time").Truncate(w).String())
}
