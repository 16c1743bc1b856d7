package create

import (
	"slices"
	"strings"

	"sqscope/themes"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

const (
	sideBySide = 120 // from this width the commands stand beside the form
	labelCells = 18
	fieldCells = 30
)

// View draws the form, and beside or under it what will be sent.
func (m *Model) View(w, h int) string {
	t := m.Env.Theme
	const title = "what will be sent (pgup, pgdn)"
	if w >= sideBySide {
		left := max(78, w/2)
		head := widget.Fit(t.Paint(themes.Header, title), w-left-3)
		return widget.Beside(m.form(left, h), head+"\n"+m.panel.View(w-left-3, h-1, t), left, w-left-3, t)
	}
	below := min(6, h/3)
	rule := t.Paint(themes.Faint, "── ") + t.Paint(themes.Dim, title) + t.Paint(themes.Faint, " "+strings.Repeat("─", max(0, w-len(title)-4)))
	return m.form(w, h-below) + "\n" + widget.Fit(rule, w) + "\n" + m.panel.View(w, below-1, t)
}

// form draws the fields around the one that has the keys, with what is wrong
// under each.
func (m *Model) form(w, h int) string {
	t := m.Env.Theme
	var lines []string
	m.cursor.ok = false
	from, to := 0, 0 // the lines of the field that has the keys
	if m.failed != "" {
		for _, l := range widget.Wrap(text.Clean("✗ "+m.failed), w-4) {
			lines = append(lines, "  "+t.Paint(themes.Bad, l.String()))
		}
		if m.half != "" {
			lines = append(lines, "  "+t.Paint(themes.Warn, "! "+text.Clean(m.half).String()))
		}
	}
	for _, f := range m.shown() {
		here := f == m.here()
		if here {
			from = len(lines)
		}
		lines = append(lines, m.line(f, here, w, len(lines)))
		role, sign, said := themes.Bad, "✗ ", ""
		if f.touched || m.value(f.id) != "" {
			said = m.wrong(f)
		}
		if said == "" {
			role, sign, said = themes.Warn, "! ", m.notice(f)
		}
		if said != "" {
			for _, l := range widget.Wrap(text.Clean(sign+said), w-labelCells-4) {
				lines = append(lines, strings.Repeat(" ", labelCells)+t.Paint(role, l.String()))
			}
		}
		if here {
			to = len(lines)
		}
	}
	top := max(0, min(from-h/2, len(lines)-h), to-h)
	m.cursor.y -= top
	lines = lines[top:]
	for len(lines) < h {
		lines = append(lines, "")
	}
	lines = slices.Clone(lines[:h])
	for i := range lines {
		lines[i] = widget.Fit(lines[i], w)
	}
	return strings.Join(lines, "\n")
}

// line draws a field at line y of the form.
func (m *Model) line(f *field, here bool, w, y int) string {
	t := m.Env.Theme
	role, mark := themes.Dim, "  "
	if here {
		role, mark = themes.Accent, "▸ "
		m.cursor.x, m.cursor.y, m.cursor.ok = labelCells, y, true
	}
	room := min(fieldCells, w-labelCells-1)
	body := ""
	if len(f.choices) > 0 {
		body = t.SGR(themes.Field) + t.Paint(themes.Text, text.Sprintf("‹ %s ›", f.choices[f.chosen]).Pad(room).String())
		if here {
			m.cursor.x += 2
		}
	} else {
		body = f.input.View(room, t)
		if here {
			m.cursor.x += f.input.CursorX()
		}
	}
	note := text.Const(f.note).Truncate(max(0, w-labelCells-room-3))
	return " " + t.Paint(role, mark+text.Const(f.label).Pad(labelCells-3).String()) + body + "  " + t.Paint(themes.Dim, note.String())
}

// Cursor is in the field that has the keys.
func (m *Model) Cursor() (x, y int, ok bool) { return m.cursor.x, m.cursor.y, m.cursor.ok }
