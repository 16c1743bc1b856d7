package reader

import (
	"strings"

	"sqscope/backend"
	"sqscope/backend/decode/document"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

const (
	sideBySide = 100 // cells from which the lines stand beside each other
	mostRows   = 8   // that a line is wrapped into
)

// row is a row of a comparison: of one text, or of two beside each other.
type row struct {
	a, b         string // raw
	signA, signB string
	roleA, roleB themes.Role
	two          bool // they stand beside each other
}

// View is the box. It takes all the room there is.
func (d *comparison) View(w, h int) string {
	t, inner := d.env.Theme, w-4
	lines := d.about(inner)
	d.height, d.w = max(1, h-2-len(lines)-1), inner
	if d.with == nil {
		lines = append(lines, t.Paint(themes.Dim, "comparing …"))
	} else {
		d.settle()
		for _, r := range d.seen(d.height) {
			lines = append(lines, d.draw(r, inner))
		}
	}
	d.most = max(d.most, len(lines)) // so that the box does not shrink under the eye
	for len(lines) < min(d.most, h-3) {
		lines = append(lines, "")
	}
	return widget.Box(text.Const("Two messages compared"), append(lines, d.where()), w, t)
}

// about says which messages they are, and how much differs.
func (d *comparison) about(w int) []string {
	t := d.env.Theme
	name := func(sign string, m Message) string {
		role := themes.Bad
		if sign == "+" {
			role = themes.Good
		}
		sent := m.Time(backend.SysSentTimestamp)
		words := text.Sprintf("%s  %s  %s", m.MessageId, m.Queue.Name, format.Stamp(sent, d.env.UTC))
		return t.Paint(role, sign+" ") + t.Paint(themes.Strong, words.Truncate(w-2).String())
	}
	lines := []string{name("-", d.a), name("+", d.b)}
	if d.with == nil {
		return append(lines, "")
	}
	changed, added, removed := d.with.counts()
	words := format.Count(changed) + " changed, " + format.Count(added) + " added, " + format.Count(removed) + " removed"
	switch {
	case !d.with.whole:
		words = "more than " + words
	case len(d.with.changes) == 0 && d.with.sameLines():
		words = "bodies and attributes say the same"
	case len(d.with.changes) == 0:
		words = "attributes are the same; bodies differ line by line"
	}
	if d.with.masked {
		words += " · masked: what masks hide was not compared"
	}
	lines = append(lines, t.Paint(themes.Text, text.Clean(words).Truncate(w).String()))
	if !d.paths {
		lines = append(lines, d.pathsIn(w, 2)...)
	}
	return append(lines, t.Paint(themes.Faint, strings.Repeat("─", w)))
}

// Hints are its keys.
func (d *comparison) Hints() []widget.Hint {
	hint := func(id keymap.ID, word string) widget.Hint {
		return widget.Hint{Key: d.env.Keys.Action(id).Key(), Word: word}
	}
	other, lines := "by path", "all lines"
	if d.paths {
		other = "by line"
	}
	if d.all {
		lines = "differences"
	}
	hints := []widget.Hint{hint(keymap.CompareNext, "next"), hint(keymap.ComparePrev, "previous"), hint(keymap.ComparePaths, other)}
	if !d.paths {
		hints = append(hints, hint(keymap.CompareWhole, lines))
	}
	return append(hints, hint(keymap.Back, "close"))
}

// where says where in all of it this is, if not all is seen.
func (d *comparison) where() string {
	if d.with == nil || d.top == (at{}) && len(d.seen(d.height+1)) <= d.height {
		return ""
	}
	return d.env.Theme.Paint(themes.Dim, text.Sprintf("from %s of %s", format.Count(d.top.item+1), format.Count(len(d.items))).String())
}

// pathsIn are the paths that differ, as far as they have room in so many lines.
func (d *comparison) pathsIn(w, room int) []string {
	t := d.env.Theme
	var lines []string
	line, used := "", 0
	for i, c := range d.with.changes {
		more := text.Sprintf("… %d more", len(d.with.changes)-i)
		words := text.Clean(sign(c.Op) + " " + c.Path).TruncateMiddle(w - more.Width() - 2)
		if used > 0 && used+words.Width()+2+more.Width()+2 > w {
			if len(lines) == room-1 {
				return append(lines, line+t.Paint(themes.Dim, more.String()))
			}
			lines, line, used = append(lines, line), "", 0
		}
		line += t.Paint(opRole(c.Op), words.String()) + "  "
		used += words.Width() + 2
	}
	if used > 0 {
		lines = append(lines, line)
	}
	return lines
}

func opRole(op document.Op) themes.Role {
	switch op {
	case document.Added:
		return themes.Good
	case document.Removed:
		return themes.Bad
	}
	return themes.Strong
}

// lay makes the rows of an item.
func (d *comparison) lay(i item) []row {
	switch {
	case d.paths && len(d.with.changes) == 0:
		return []row{{a: "no path differs", signA: " ", roleA: themes.Dim}}
	case d.paths:
		return layPath(d.with.changes[i.at], d.w)
	case i.alike > 0:
		return []row{{a: "⋯ " + format.Plural(i.alike, "line") + " the same", roleA: themes.Faint, signA: " "}}
	case d.w >= sideBySide:
		return beside(d.with.pairs[i.at], (d.w-3)/2-2)
	}
	return under(d.with.pairs[i.at], d.w-2)
}

// seen are so many rows, from the top on.
func (d *comparison) seen(n int) []row {
	var rows []row
	for i := d.top.item; i < len(d.items) && len(rows) < n; i++ {
		more := d.lay(d.items[i])
		if i == d.top.item {
			more = more[min(d.top.row, len(more)-1):]
		}
		rows = append(rows, more...)
	}
	return rows[:min(len(rows), n)]
}

// beside are the rows of a pair in two columns of w cells each.
func beside(p pair, w int) []row {
	a, b := alike(p)
	left, right := pieces(a, w), pieces(b, w)
	rows := make([]row, max(len(left), len(right)))
	for i := range rows {
		r := row{two: true, roleA: themes.Dim, roleB: themes.Dim, signA: " ", signB: " "}
		if i < len(left) {
			r.a = left[i]
		}
		if i < len(right) {
			r.b = right[i]
		}
		if p.op == document.Removed || p.op == document.Changed {
			r.roleA, r.signA = themes.Bad, "-"
		}
		if p.op == document.Added || p.op == document.Changed {
			r.roleB, r.signB = themes.Good, "+"
		}
		rows[i] = r
	}
	return rows
}

// under are the rows of a pair below each other.
func under(p pair, w int) []row {
	var rows []row
	add := func(s, sign string, role themes.Role) {
		for _, piece := range pieces(s, w) {
			rows = append(rows, row{a: piece, signA: sign, roleA: role})
		}
	}
	a, b := alike(p)
	if p.op == document.Same {
		add(a, " ", themes.Dim)
	}
	if p.op == document.Removed || p.op == document.Changed {
		add(a, "-", themes.Bad)
	}
	if p.op == document.Added || p.op == document.Changed {
		add(b, "+", themes.Good)
	}
	return rows
}

// alike are both lines of a pair, without most of what a long pair begins with
// alike.
func alike(p pair) (a, b string) {
	const long, keep = 400, 60
	if p.op != document.Changed {
		return p.a, p.b
	}
	n := 0
	for n < len(p.a) && n < len(p.b) && p.a[n] == p.b[n] {
		n++
	}
	if n < long {
		return p.a, p.b
	}
	n -= keep
	for n > 0 && p.a[n]&0xc0 == 0x80 {
		n--
	}
	cut := "… " + format.Count(n) + " bytes alike … "
	return cut + p.a[n:], cut + p.b[n:]
}

// pieces are a line in rows of w cells. One that is very long says how much of it
// is left out.
func pieces(s string, w int) []string {
	w = max(w, 1)
	if len(s) <= w && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return []string{s} // as most lines
	}
	var out []string
	start, col := 0, 0
	for at := 0; at < len(s); {
		n, _, cells := text.Measure(s[at:])
		if col > 0 && col+cells > w {
			if len(out) == mostRows-1 {
				return append(out, "… "+format.Count(len(s)-start)+" bytes more in this line")
			}
			out = append(out, s[start:at])
			start, col = at, 0
		}
		col += cells
		at += n
	}
	return append(out, s[start:])
}

// layPath is a difference by its path, with both values.
func layPath(c document.Change, w int) []row {
	var rows []row
	for _, piece := range pieces(c.Path, w-2) {
		rows = append(rows, row{a: piece, signA: sign(c.Op), roleA: opRole(c.Op)})
	}
	for _, v := range []struct {
		s, sign string
		role    themes.Role
	}{{c.Old, "-", themes.Bad}, {c.New, "+", themes.Good}} {
		if v.s == "" {
			continue
		}
		for _, piece := range pieces(v.sign+" "+v.s, w-6) {
			rows = append(rows, row{a: "    " + piece, signA: " ", roleA: v.role})
		}
	}
	return rows
}

// draw is a row in w cells.
func (d *comparison) draw(r row, w int) string {
	t := d.env.Theme
	if !r.two {
		return t.Paint(r.roleA, r.signA+" "+text.Clean(r.a).Truncate(w-2).String())
	}
	half := (w - 3) / 2
	return t.Paint(r.roleA, r.signA+" "+text.Clean(r.a).Pad(half-2).String()) +
		t.Paint(themes.Faint, " │ ") + t.Paint(r.roleB, r.signB+" "+text.Clean(r.b).Truncate(half-2).String())
}
