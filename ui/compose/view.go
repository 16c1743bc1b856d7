package compose

import (
	"slices"
	"strings"

	"sqscope/backend/outbox"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Cells of the form.
const (
	labelCells = 14
	fieldCells = 52 // of a field, where a note stands beside it
	noteFrom   = 110
	nameCells  = 22
	typeCells  = 12
	leastBody  = 4 // rows
)

func label(p outbox.Part) string {
	return [...]string{"body", "group id", "dedup id", "delay", "trace", "attributes"}[p]
}

// form is the screen being drawn: its lines, and those of the field that has the keys.
type form struct {
	m        *Model
	w        int
	lines    []string
	from, to int
}

// View draws the form: the body has the room that the other fields leave.
func (m *Model) View(w, h int) string {
	m.cursor.ok = false
	rest := form{m: m, w: w}
	for _, p := range m.parts() {
		if p != outbox.PartBody {
			rest.part(p)
		}
	}
	f := form{m: m, w: w}
	f.drawBody(max(leastBody, h-len(rest.lines)-3))
	shift := len(f.lines)
	f.lines = append(f.lines, rest.lines...)
	if m.at.part != outbox.PartBody {
		f.from, f.to = rest.from+shift, rest.to+shift
		m.cursor.y += shift
	}
	top := max(0, min(f.from-h/2, len(f.lines)-h), f.to-h)
	m.cursor.y -= top
	lines := f.lines[top:]
	for len(lines) < h {
		lines = append(lines, "")
	}
	lines = slices.Clone(lines[:h])
	for i := range lines {
		lines[i] = widget.Fit(lines[i], w)
	}
	return strings.Join(lines, "\n")
}

func (f *form) add(line string) { f.lines = append(f.lines, line) }

// head is what stands before a field: its name, and whether the keys go there or it
// is wrong.
func (f *form) head(p outbox.Part, here, wrong bool) string {
	role, mark := themes.Dim, "  "
	if here {
		role, mark = themes.Accent, "▸ "
	}
	if wrong {
		role, mark = themes.Bad, "✗ "
	}
	return " " + f.m.Env.Theme.Paint(role, mark+text.Const(label(p)).Pad(labelCells-3).String())
}

// under writes lines below a field.
func (f *form) under(role themes.Role, s text.Safe) {
	for _, l := range widget.Wrap(s, max(1, f.w-labelCells-2)) {
		f.add(strings.Repeat(" ", labelCells) + f.m.Env.Theme.Paint(role, l.String()))
	}
}

// after writes what is to be said of a field below it.
func (f *form) after(p outbox.Part, row int) {
	if e := f.m.fault(p, row); e != nil {
		f.under(themes.Bad, text.Clean("✗ "+reason(e)))
		return
	}
	if n := f.m.notice(p); !n.Empty() {
		f.under(themes.Warn, text.Join(text.Const("! "), n))
	}
}

func (f *form) drawBody(rows int) {
	m := f.m
	here := m.at.part == outbox.PartBody
	if m.veiled {
		f.add(f.head(outbox.PartBody, here, false) + m.Env.Theme.Paint(themes.Dim, "not shown before it is settled what masks hide of it; esc leaves"))
		for range rows {
			f.add("")
		}
		return
	}
	drawn := strings.Split(m.body.View(f.w-labelCells-1, rows, m.Env.Theme), "\n")
	if here {
		x, y := m.body.Cursor()
		m.cursor.x, m.cursor.y, m.cursor.ok = labelCells+x, y, true
	}
	for i, l := range drawn {
		head := strings.Repeat(" ", labelCells)
		if i == 0 {
			head = f.head(outbox.PartBody, here, m.fault(outbox.PartBody, 0) != nil)
		}
		f.add(head + l)
	}
	if e := m.fault(outbox.PartBody, 0); e != nil {
		f.under(themes.Bad, text.Clean("✗ "+reason(e)))
	}
	role, words := m.bodyWords()
	if words.Empty() {
		f.add("")
	} else {
		f.under(role, words)
	}
	f.add("")
	f.to = len(f.lines)
}

// part draws one of the other parts.
func (f *form) part(p outbox.Part) {
	m, t := f.m, f.m.Env.Theme
	if p == outbox.PartAttribute {
		f.attributes()
		return
	}
	if !m.has(p) {
		f.add(f.head(p, false, false) + t.Paint(themes.Faint, "— "+m.placeholder(p)))
		return
	}
	here := m.at == place{part: p}
	room, note := f.w-labelCells-1, ""
	if f.w >= noteFrom {
		room = fieldCells
		note = "  " + t.Paint(themes.Dim, text.Const(m.beside(p)).Truncate(f.w-labelCells-room-3).String())
	}
	if here {
		f.from = len(f.lines)
	}
	drawn := m.lines[p].View(room, t)
	if here {
		m.cursor.x, m.cursor.y, m.cursor.ok = labelCells+m.lines[p].CursorX(), len(f.lines), true
	}
	f.add(f.head(p, here, m.fault(p, 0) != nil) + drawn + note)
	f.after(p, 0)
	if here {
		f.to = len(f.lines)
	}
}

// beside is the note at the right of a field, where there is room.
func (m *Model) beside(p outbox.Part) string {
	if m.lines[p].Value() == "" {
		return "" // the placeholder says it
	}
	return m.placeholder(p)
}

func (f *form) attributes() {
	m, t := f.m, f.m.Env.Theme
	room := max(1, f.w-labelCells-nameCells-typeCells-3)
	f.add("")
	written := 0
	for _, r := range m.rows {
		if !r.attribute().Empty() {
			written++
		}
	}
	title := text.Const("NAME").Pad(nameCells+1).String() + text.Const("TYPE").Pad(typeCells+1).String() + "VALUE"
	f.add(f.head(outbox.PartAttribute, m.at.part == outbox.PartAttribute, false) + t.Paint(themes.Header, title) +
		t.Paint(themes.Dim, text.Sprintf("  (%d of 10)", written).String()))
	for i, r := range m.rows {
		here := m.at.part == outbox.PartAttribute && m.at.row == i
		if here {
			f.from = len(f.lines)
		}
		x, line := labelCells, ""
		for c, width := range []int{nameCells, typeCells, room} {
			line += r[c].View(width, t) + " "
			if here && m.at.column == c {
				m.cursor.x, m.cursor.y, m.cursor.ok = x+r[c].CursorX(), len(f.lines), true
			}
			x += width + 1
		}
		role, mark := themes.Dim, "  "
		switch {
		case m.fault(outbox.PartAttribute, i) != nil:
			role, mark = themes.Bad, "✗ "
		case here:
			role, mark = themes.Accent, "▸ "
		case r.empty():
			mark = "+ "
		}
		f.add(strings.Repeat(" ", labelCells-2) + t.Paint(role, mark) + line)
		f.after(outbox.PartAttribute, i)
		if here {
			f.to = len(f.lines)
		}
	}
}

// Cursor is in the field that has the keys.
func (m *Model) Cursor() (x, y int, ok bool) { return m.cursor.x, m.cursor.y, m.cursor.ok }

// Status is the size, counted as SQS counts it.
func (m *Model) Status() text.Safe {
	size := text.Const("…")
	if m.verdict.made {
		size = text.Const(format.Count(m.verdict.size))
	}
	s := text.Sprintf("%s of %s bytes", size, format.Count(m.rule.MaximumMessageSize))
	if slices.ContainsFunc(m.rows, func(r *row) bool { return r.attribute().FromFile() != "" }) {
		s = text.Join(s, text.Const(" and what is in files"))
	}
	if m.stay {
		s = text.Join(s, text.Sprintf(" · stays open, %d sent", m.sent))
	}
	return s
}

// Hint says what is wrong, or what will happen.
func (m *Model) Hint(w int) string {
	t := m.Env.Theme
	switch {
	case m.sending:
		return t.Paint(themes.Accent, "sending …")
	case m.refused != nil:
		return t.Paint(themes.Bad, text.Clean("✗ not sent: "+reason(m.refused.Err)).Truncate(w).String())
	}
	return t.Paint(themes.Dim, m.explain().Truncate(w).String())
}
