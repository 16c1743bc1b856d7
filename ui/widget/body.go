package widget

import (
	"slices"
	"strings"

	"sqscope/themes"
	"sqscope/ui/text"
)

// Body shows a message body of any size: wrapped, coloured if it is JSON,
// searchable. It draws what is visible and nothing else. The zero value is
// empty; [Prepare] makes what it shows, off the UI's goroutine.
type Body struct {
	doc    *Document
	top    int // the first row shown
	rows   int // how many, when last drawn
	search search
}

const (
	bodyRight = 2 // a blank, the scrollbar
	bodyTab   = text.TabWidth
)

// SetDocument shows a document. The same text keeps its place; a search is made
// anew in another one.
func (b *Body) SetDocument(d *Document) {
	if b.doc == nil || d == nil || b.doc.text != d.text || b.doc.width == 0 {
		b.doc, b.top = d, 0
		b.Search(b.search.query)
		return
	}
	if d.width > 0 {
		b.top = d.row(int(b.doc.starts[b.top]))
		b.doc = d
	}
}

// Document is what is shown, or nil.
func (b *Body) Document() *Document { return b.doc }

// Scroll moves by so many rows, up if negative, to the first or last ones at
// most.
func (b *Body) Scroll(by int) {
	if b.doc != nil {
		b.top += min(max(by, -len(b.doc.starts)), len(b.doc.starts))
		b.clamp()
	}
}

func (b *Body) clamp() { b.top = max(min(b.top, len(b.doc.starts)-max(b.rows, 1)), 0) }

// Page is how many rows a page has, at least one.
func (b *Body) Page() int { return max(b.rows, 1) }

// Position is where the first row shown is: its line of how many, counted from
// one, and its byte of how many, counted from zero, in the text as it is shown.
func (b *Body) Position() (line, lines, offset, bytes int) {
	if b.doc == nil || len(b.doc.starts) == 0 {
		return 0, 0, 0, 0
	}
	offset = int(b.doc.starts[b.top])
	line = strings.Count(b.doc.text[:offset], "\n") + 1
	return line, line + strings.Count(b.doc.text[offset:], "\n"), offset, len(b.doc.text)
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
	b.rows = h
	if old := b.doc; old.width != bodyRoom(w) {
		b.doc = old.At(w)
		if len(old.starts) > 0 {
			b.top = b.doc.row(int(old.starts[b.top]))
		}
	}
	b.clamp()

	var out strings.Builder
	out.Grow(h * (w + 80))
	bar := scrollbar(h, len(b.doc.starts), b.top)
	hang := b.doc.hang(b.top)
	for y := range h {
		if y > 0 {
			out.WriteByte('\n')
		}
		used := 0
		if row := b.top + y; row < len(b.doc.starts) {
			if b.doc.beginsLine(row) {
				hang = b.doc.hang(row)
			}
			used = b.row(&out, t, row, hang)
		}
		out.WriteString(themes.Reset)
		out.WriteString(blanks(b.doc.width - used))
		if w > bodyRight {
			out.WriteByte(' ')
			bar.paint(&out, t, y)
		}
	}
	return out.String()
}

// row draws a row and says how many cells it took.
func (b *Body) row(out *strings.Builder, t *themes.Theme, row, hang int) (used int) {
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
	matches := b.search.in(d.text, at, end)
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
			used += b.piece(out, t, ground, t.SGR(role)+weight, d.text[at:to], used-left, d.width-used)
			at = to
		}
	}
	return used
}

// piece draws a piece of a row from a column on in at most room cells.
func (b *Body) piece(out *strings.Builder, t *themes.Theme, ground, foreground, s string, col, room int) (used int) {
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

// show scrolls so that a byte of the text is visible, a third from the top if
// it was not.
func (b *Body) show(offset int) {
	row := b.doc.row(offset)
	if row < b.top || row >= b.top+max(b.rows, 1) {
		b.top = row - b.rows/3
	}
	b.clamp()
}

// row is the row that a byte stands in.
func (d *Document) row(offset int) int {
	row, found := slices.BinarySearch(d.starts, int32(offset))
	if !found {
		row--
	}
	return max(row, 0)
}
