package widget

import (
	"slices"
	"strings"

	"sqscope/backend/decode/document"
	"sqscope/ui/text"
)

// Document is a body made ready for a [Body]: as text, and laid out for a
// width. It does not change, so it can be made in one goroutine and shown in
// another.
type Document struct {
	text   string
	json   bool
	pretty *document.Pretty // of JSON that was laid out, else nil
	width  int              // of a row; 0 before it is laid out
	starts []int32          // the byte where each row begins
	states []place          // what each row begins in, if it is JSON
	lines  []int32          // the row that each line begins with, if lines can be folded
}

// Prepare makes a body ready. With pretty set, JSON objects and arrays are
// indented; everything else is shown as it is, and so is raw. A body is at most
// 2 GiB.
func Prepare(raw string, pretty bool) *Document {
	doc, err := document.Parse(raw)
	switch {
	case err != nil, doc.Root().Kind() != document.Object && doc.Root().Kind() != document.Array:
		return Plain(raw, false) // an error says that it is no JSON, and nothing is wrong with that
	case pretty:
		return Formatted(doc)
	}
	return Plain(raw, true)
}

// Formatted makes a document ready with each value on a line of its own.
// Containers can be folded.
func Formatted(doc *document.Doc) *Document {
	p := doc.Pretty()
	return &Document{text: p.Text, json: true, pretty: p}
}

// Plain makes a text ready to be shown as it is, coloured as JSON if it is some.
func Plain(raw string, json bool) *Document { return &Document{text: raw, json: json} }

// JSON tells whether the body is JSON.
func (d *Document) JSON() bool { return d.json }

// Text is the text as it is shown: every byte of it is one of the body's but
// for the blanks and line ends of indented JSON.
func (d *Document) Text() string { return d.text }

// At is the document laid out for a [Body] that is w cells wide.
func (d *Document) At(w int) *Document {
	if d.width == bodyRoom(w) {
		return d
	}
	laid := *d
	laid.lay(bodyRoom(w))
	return &laid
}

func bodyRoom(w int) int {
	if w > BodyRight {
		return w - BodyRight
	}
	return max(w, 1)
}

// lay finds where rows begin.
func (d *Document) lay(width int) {
	s := d.text
	d.width, d.states, d.lines = width, nil, nil
	d.starts = make([]int32, 0, len(s)/width+16)
	if d.pretty != nil {
		d.lines = make([]int32, 0, d.pretty.Lines)
	}
	d.beginLine(0)
	room, hang, col := width, hangOf(s, width), 0
	tokenFrom, tokenEnd, inside, behind := 0, 0, outside, false
	for at := 0; at < len(s); {
		if col == 0 && d.beginsLine(len(d.starts)-1) {
			at += shortLine(s[at:], width)
		}
		if n := lineEnd(s, at); n > 0 {
			at += n
			d.beginLine(at)
			room, hang, col = width, hangOf(s[at:], width), 0
			continue
		}
		if d.json && at >= tokenEnd {
			tokenFrom = at
			tokenEnd, _, inside = token(s, at, len(s), outside)
			behind = false
		}
		n, cells := bodyMeasure(s, at, col)
		if col > 0 && col+cells > room {
			switch {
			case at == tokenFrom || inside == outside:
				d.begin(at, outside)
			case behind:
				d.begin(at, inside|escaped)
			default:
				d.begin(at, inside)
			}
			room, col = width-hang, 0
			n, cells = bodyMeasure(s, at, col)
		}
		behind = s[at] == '\\' && !behind
		col += cells
		at += n
	}
}

func (d *Document) begin(at int, in place) {
	d.starts = append(d.starts, int32(at))
	if d.json {
		d.states = append(d.states, in)
	}
}

// shortLine is the length of the line at the beginning of s where it has room in a
// row and is of ASCII that is seen, as most lines are that were laid out; else 0.
func shortLine(s string, width int) int {
	end := strings.IndexByte(s[:min(len(s), width+1)], '\n')
	for i := range max(end, 0) {
		if s[i] < ' ' || s[i] > '~' {
			return 0
		}
	}
	return max(end, 0)
}

func (d *Document) beginLine(at int) {
	if d.pretty != nil {
		d.lines = append(d.lines, int32(len(d.starts)))
	}
	d.begin(at, outside)
}

// lineEnd is the length of the line end that stands at a byte, or 0.
func lineEnd(s string, at int) int {
	switch {
	case s[at] == '\n':
		return 1
	case s[at] == '\r' && at+1 < len(s) && s[at+1] == '\n':
		return 2
	}
	return 0
}

// bodyMeasure is the length and the cells of the character at a byte, if it
// stands in a column. A terminal may need more cells than are drawn; a row has
// room for those.
func bodyMeasure(s string, at, col int) (n, cells int) {
	c := s[at]
	if c >= ' ' && c < 0x7f && (at+1 == len(s) || s[at+1] < 0x80) {
		return 1, 1
	}
	if c == '\t' {
		return 1, bodyTab - col%bodyTab
	}
	n, _, cells = text.Measure(s[at:])
	return n, cells
}

// hangOf is how far in the rows hang that go on the line at the beginning of s:
// a little further than the line, with room for the sign that says so.
func hangOf(s string, width int) int {
	if width < 12 {
		return 0
	}
	n := 0
	for n < len(s) && n < width/2 && s[n] == ' ' {
		n++
	}
	return min(n+2, width/2)
}

// hang is the same for the line that a row belongs to.
func (d *Document) hang(row int) int {
	if row >= len(d.starts) {
		return 0
	}
	line := strings.LastIndexByte(d.text[:d.starts[row]], '\n') + 1
	return hangOf(d.text[line:], d.width)
}

func (d *Document) beginsLine(row int) bool {
	at := d.starts[row]
	return at == 0 || d.text[at-1] == '\n'
}

// span is the bytes of a row, without its line end.
func (d *Document) span(row int) (at, end int) {
	at, end = int(d.starts[row]), len(d.text)
	if row+1 < len(d.starts) {
		end = int(d.starts[row+1])
		if line := strings.TrimSuffix(d.text[at:end], "\n"); at+len(line) < end {
			end = at + len(strings.TrimSuffix(line, "\r"))
		}
	}
	return at, end
}

func (d *Document) state(row int) place {
	if d.states == nil {
		return outside
	}
	return d.states[row]
}

// row is the row that a byte stands in.
func (d *Document) row(offset int) int {
	row, found := slices.BinarySearch(d.starts, int32(offset))
	if !found {
		row--
	}
	return max(row, 0)
}

// line is the line of a row, of a document whose lines can be folded.
func (d *Document) line(row int) int {
	line, found := slices.BinarySearch(d.lines, int32(row))
	if !found {
		line--
	}
	return max(line, 0)
}

// rowOf is the row that a line begins with, or behind the last line how many rows
// there are.
func (d *Document) rowOf(line int) int32 {
	if line >= len(d.lines) {
		return int32(len(d.starts))
	}
	return d.lines[line]
}
