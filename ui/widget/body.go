package widget

import (
	"slices"
	"strings"

	"sqscope/themes"
	"sqscope/ui/text"
)

// Body shows a message body of any size: wrapped, coloured if it is JSON,
// searchable, and if it was laid out foldable. It draws what is visible and
// nothing else. The zero value is empty; [Prepare] makes what it shows, off the
// UI's goroutine.
type Body struct {
	// Pointed bodies have a cursor, in a gutter of [BodyGutter] cells. It stands on
	// a row, and is drawn while Active.
	Pointed bool
	Active  bool

	doc    *Document
	rows   []int32 // those that are not folded away, in order; nil: all
	folded []bool  // by fold; nil: none
	level  int     // to which all was folded last; 0: all is open
	top    int     // the first row shown, among rows
	at     int     // the cursor, among rows
	height int     // rows shown when last drawn
	found  found
}

// How much wider a body is than the text that it has room for.
const (
	BodyGutter = 2 // at the left of a pointed one
	BodyRight  = 2 // a blank, the scrollbar
)

const bodyTab = text.TabWidth

// SetDocument shows a document. The same text keeps its place, its folds and
// what was found in it.
func (b *Body) SetDocument(d *Document) {
	if b.doc == nil || d == nil || b.doc.text != d.text || b.doc.width == 0 {
		b.doc, b.top, b.at, b.rows, b.folded, b.level, b.found = d, 0, 0, nil, nil, 0, found{}
		return
	}
	if d.width > 0 {
		b.relaid(d)
	}
}

// relaid takes the same text in another layout, and keeps the place in it.
func (b *Body) relaid(d *Document) {
	old := b.doc
	if len(old.starts) == 0 {
		b.doc = d
		return
	}
	top, at := old.starts[b.row(b.top)], old.starts[b.row(b.at)]
	b.doc = d
	b.fold()
	b.top, b.at = b.place(int(top)), b.place(int(at))
}

// Document is what is shown, or nil.
func (b *Body) Document() *Document { return b.doc }

// shown is how many rows there are to see.
func (b *Body) shown() int {
	switch {
	case b.doc == nil:
		return 0
	case b.rows != nil:
		return len(b.rows)
	}
	return len(b.doc.starts)
}

// row is the document's row that is shown as the i-th.
func (b *Body) row(i int) int {
	if b.rows != nil {
		return int(b.rows[i])
	}
	return i
}

// place is where the row of a byte is among those shown, or what it is folded
// into.
func (b *Body) place(offset int) int {
	row := b.doc.row(offset)
	if b.rows == nil {
		return row
	}
	i, found := slices.BinarySearch(b.rows, int32(row))
	if !found {
		i--
	}
	return max(i, 0)
}

// Scroll moves what is seen by so many rows, up if negative, to the first or
// last ones at most. The cursor stays in sight.
func (b *Body) Scroll(by int) {
	n := b.shown()
	b.top += min(max(by, -n), n)
	b.clamp()
	b.at = min(max(b.at, b.top), b.top+max(b.height, 1)-1)
	b.clamp()
}

// Move moves the cursor by so many rows, up if negative. A body without one is
// scrolled.
func (b *Body) Move(by int) {
	if !b.Pointed {
		b.Scroll(by)
		return
	}
	n := b.shown()
	b.at += min(max(by, -n), n)
	b.clamp()
	b.follow()
}

// Point puts the cursor on row y of the last View.
func (b *Body) Point(y int) { b.Move(b.top + y - b.at) }

// follow scrolls as little as brings the cursor in sight.
func (b *Body) follow() {
	b.top = min(max(b.top, b.at-max(b.height, 1)+1), b.at)
	b.clamp()
}

func (b *Body) clamp() {
	n := b.shown()
	b.top = max(min(b.top, n-max(b.height, 1)), 0)
	b.at = max(min(b.at, n-1), 0)
}

// Page is how many rows a page has, at least one.
func (b *Body) Page() int { return max(b.height, 1) }

// Position is where the cursor is, or the first row shown where there is none:
// its line of how many, counted from one, and its byte of how many, counted from
// zero, in the text as it is shown.
func (b *Body) Position() (line, lines, offset, bytes int) {
	if b.shown() == 0 {
		return 0, 0, 0, 0
	}
	offset = b.offset()
	line = strings.Count(b.doc.text[:offset], "\n") + 1
	return line, line + strings.Count(b.doc.text[offset:], "\n"), offset, len(b.doc.text)
}

// offset is the byte where the row of the cursor begins, or the first one shown.
func (b *Body) offset() int {
	at := b.top
	if b.Pointed {
		at = b.at
	}
	return int(b.doc.starts[b.row(at)])
}

// Path is the jq path of the value at the cursor, or "" where the body is no
// JSON that was laid out.
func (b *Body) Path() string {
	if b.shown() == 0 || b.doc.pretty == nil {
		return ""
	}
	return b.doc.pretty.PathAt(b.offset())
}

// show scrolls so that a byte of the text is visible, a third from the top if
// it was not, and puts the cursor there.
func (b *Body) show(offset int) {
	b.reveal(offset)
	b.at = b.place(offset)
	if b.at < b.top || b.at >= b.top+max(b.height, 1) {
		b.top = b.at - b.height/3
	}
	b.clamp()
}

// View draws the body as h lines of w cells. A width other than that of the
// document's [Document.At] is laid out here, once.
func (b *Body) View(w, h int, t *themes.Theme) string {
	if h <= 0 {
		return ""
	}
	if b.doc == nil {
		return Center("", w, h)
	}
	b.height = h
	gutter := 0
	if b.Pointed && w > 2*BodyGutter+BodyRight {
		gutter = BodyGutter
	}
	if d := b.doc.At(w - gutter); d != b.doc {
		b.relaid(d)
	}
	b.clamp()

	var out strings.Builder
	out.Grow(h * (w + 80))
	n := b.shown()
	bar := scrollbar(h, n, b.top)
	hang := 0 // of the rows that go on a line
	for y := range h {
		if y > 0 {
			out.WriteByte('\n')
		}
		if i := b.top + y; i < n && (y == 0 || b.doc.beginsLine(b.row(i))) {
			hang = b.doc.hang(b.row(i))
		}
		switch i := b.top + y; {
		case i >= n:
			out.WriteString(themes.Reset)
			out.WriteString(blanks(gutter + b.doc.width))
		case gutter > 0 && b.Active && i == b.at:
			var line strings.Builder
			line.WriteString(themes.Reset + t.SGR(themes.Accent) + "▸" + themes.Reset + blanks(gutter-1))
			b.draw(&line, t, b.row(i), hang)
			out.WriteString(Chosen(line.String(), gutter+b.doc.width, t))
		default:
			out.WriteString(themes.Reset)
			b.sign(&out, t, b.row(i), gutter)
			b.draw(&out, t, b.row(i), hang)
		}
		if w > BodyRight {
			out.WriteByte(' ')
			bar.paint(&out, t, y)
		}
	}
	return out.String()
}

// sign draws the gutter of a row.
func (b *Body) sign(out *strings.Builder, t *themes.Theme, row, gutter int) {
	if gutter > 0 && b.foldedRow(row) >= 0 {
		out.WriteString(t.Paint(themes.Dim, "+"))
		gutter--
	}
	out.WriteString(blanks(gutter))
}

// draw draws a row over the width of the document.
func (b *Body) draw(out *strings.Builder, t *themes.Theme, row, hang int) {
	used := b.text(out, t, row, hang)
	if f := b.foldedRow(row); f >= 0 {
		words := b.foldWords(f).Truncate(b.doc.width - used)
		out.WriteString(themes.Reset)
		out.WriteString(t.Paint(themes.Dim, words.String()))
		used += words.Width()
	}
	out.WriteString(themes.Reset)
	out.WriteString(blanks(b.doc.width - used))
}

// text draws the text of a row and says how many cells it took.
func (b *Body) text(out *strings.Builder, t *themes.Theme, row, hang int) (used int) {
	d := b.doc
	at, end := d.span(row)
	if hang > 0 && !d.beginsLine(row) {
		out.WriteString(themes.Reset)
		out.WriteString(t.SGR(themes.Faint))
		out.WriteString(blanks(hang - 2))
		out.WriteString("↪ ")
		used = hang
	}
	left := used // tab stops count from where the row begins
	matches := b.found.in(d.text, at, end)
	inside := d.state(row)
	for at < end {
		stop, role := end, themes.Text
		if d.json {
			stop, role, _ = token(d.text, at, end, inside)
			inside = outside
		}
		for at < stop {
			to, ground, weight := stop, "", ""
			if len(matches) > 0 {
				switch m := matches[0]; {
				case at < m.start:
					to = min(to, m.start)
				default:
					to = min(to, m.end)
					ground, weight = t.SGR(themes.Match), underline
					if m.current {
						weight = bold + reverse
					}
					if to == m.end {
						matches = matches[1:]
					}
				}
			}
			used += piece(out, t, ground, t.SGR(role)+weight, d.text[at:to], used-left, d.width-used)
			at = to
		}
	}
	return used
}

// piece draws a piece of a row from a column on in at most room cells.
func piece(out *strings.Builder, t *themes.Theme, ground, foreground, s string, col, room int) (used int) {
	for s != "" {
		field, rest, tab := strings.Cut(s, "\t")
		safe := text.Clean(field).Truncate(room - used)
		if !safe.Empty() {
			paint(out, t, ground, foreground, safe)
			used += safe.Width()
		}
		if tab {
			gap := min(bodyTab-(col+used)%bodyTab, room-used)
			out.WriteString(themes.Reset + ground)
			out.WriteString(blanks(gap))
			used += gap
		}
		s = rest
	}
	return used
}
