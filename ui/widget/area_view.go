package widget

import (
	"slices"
	"strings"

	"sqscope/themes"
	"sqscope/ui/text"
)

// areaTab is how many cells a tab takes in a text field.
const areaTab = text.TabWidth

// View draws the field as h lines of w cells; the last cell of a line is for a
// scrollbar.
func (a *Area) View(w, h int, t *themes.Theme) string {
	if h <= 0 || w <= 0 {
		return strings.Repeat("\n", max(h-1, 0))
	}
	if inner := max(w-1, 1); inner != a.width {
		a.width = inner
		for i := range a.lines {
			a.lines[i].starts = nil
		}
	}
	a.rows = h
	total := 0
	for i := range a.lines {
		total += len(a.starts(i))
	}
	here := a.rowOf(a.row, a.at)
	a.top = min(a.top, here, max(0, total-h))
	a.top = max(a.top, here-h+1, 0)

	var b strings.Builder
	bar := scrollbar(h, total, a.top)
	line, row := a.locate(a.top)
	for y := range h {
		if y > 0 {
			b.WriteByte('\n')
		}
		shown := text.Safe{}
		switch {
		case a.empty() && y == 0:
			paint(&b, t, t.SGR(themes.Field), t.SGR(themes.Dim), a.Placeholder.Pad(a.width))
		default:
			if line < len(a.lines) {
				shown = a.shown(line, row)
			}
			paint(&b, t, t.SGR(themes.Field), t.SGR(themes.Text), shown.Pad(a.width))
		}
		if w > 1 {
			bar.paint(&b, t, y)
		}
		b.WriteString(themes.Reset)
		if row++; line < len(a.lines) && row >= len(a.starts(line)) {
			line, row = line+1, 0
		}
	}
	return b.String()
}

func (a *Area) empty() bool { return len(a.lines) == 1 && a.lines[0].s == "" }

// Cursor is the cell of the cursor, counted from the top left as it was last
// drawn. Behind a full row it stands in the cell of the scrollbar.
func (a *Area) Cursor() (x, y int) {
	row, start := a.place(a.row, a.at)
	x = areaWidth(a.lines[a.row].s[start:a.at])
	return min(x, max(a.width, 1)), a.rowOf(a.row, 0) + row - a.top
}

// starts are the bytes where the rows of a line begin.
func (a *Area) starts(i int) []int {
	l := &a.lines[i]
	if l.starts != nil {
		return l.starts
	}
	room := max(a.width, 1)
	l.starts = []int{0}
	col := 0
	for at := 0; at < len(l.s); {
		n, cells := areaMeasure(l.s[at:])
		if col+cells > room && col > 0 {
			l.starts = append(l.starts, at)
			col = 0
		}
		col += cells
		at += n
	}
	return l.starts
}

func areaMeasure(s string) (n, cells int) {
	if s[0] == '\t' {
		return 1, areaTab
	}
	n, _, most := text.Measure(s)
	return n, most
}

func areaWidth(s string) int {
	width := 0
	for s != "" {
		if s[0] == '\t' {
			width += areaTab
			s = s[1:]
			continue
		}
		n, cells, _ := text.Measure(s)
		width += cells
		s = s[n:]
	}
	return width
}

// shown is a row of a line, safe.
func (a *Area) shown(line, row int) text.Safe {
	starts, s := a.starts(line), a.lines[line].s
	end := len(s)
	if row+1 < len(starts) {
		end = starts[row+1]
	}
	s = s[starts[row]:end]
	if !strings.Contains(s, "\t") {
		return text.Clean(s)
	}
	var parts []text.Safe
	for i, p := range strings.Split(s, "\t") {
		if i > 0 {
			parts = append(parts, text.Clean(blanks(areaTab)))
		}
		parts = append(parts, text.Clean(p))
	}
	return text.Join(parts...)
}

// place is the row of a line that a byte stands in, and where that row begins.
func (a *Area) place(line, at int) (row, start int) {
	starts := a.starts(line)
	row, found := slices.BinarySearch(starts, at)
	if !found {
		row--
	}
	return row, starts[row]
}

// rowOf counts the rows above the one that a byte stands in.
func (a *Area) rowOf(line, at int) int {
	rows, _ := a.place(line, at)
	for i := range line {
		rows += len(a.starts(i))
	}
	return rows
}

// locate finds the line and the row in it of a row counted from the top.
func (a *Area) locate(n int) (line, row int) {
	for line = range a.lines {
		if k := len(a.starts(line)); n >= k {
			n -= k
			continue
		}
		return line, n
	}
	return len(a.lines), 0
}

// vertical moves the cursor by rows and keeps to its cell.
func (a *Area) vertical(by int) {
	_, start := a.place(a.row, a.at)
	if a.goal < 0 {
		a.goal = areaWidth(a.lines[a.row].s[start:a.at])
	}
	total := 0
	for i := range a.lines {
		total += len(a.starts(i))
	}
	to := min(max(a.rowOf(a.row, a.at)+by, 0), total-1)
	line, row := a.locate(to)
	starts, s := a.starts(line), a.lines[line].s
	at, end := starts[row], len(s)
	if row+1 < len(starts) {
		end = before(s, starts[row+1]) // behind the last character is the next row
	}
	for col := 0; at < end; {
		n, cells := areaMeasure(s[at:])
		if col += cells; col > a.goal {
			break
		}
		at += n
	}
	a.row, a.at = line, at
}
