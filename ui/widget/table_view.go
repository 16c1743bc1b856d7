package widget

import (
	"strings"

	"sqscope/themes"
	"sqscope/ui/text"
)

const (
	tableLeft  = 3 // a mark, the cursor, a blank
	tableRight = 2 // a blank, the scrollbar
	columnGap  = 2
)

// View draws the table as h lines of w cells: a header, then rows.
func (t *Table[K]) View(w, h int, th *themes.Theme) string {
	if h <= 0 {
		return ""
	}
	inner := max(w-tableLeft-tableRight, 1)
	t.rows = h - 1
	if w != t.width {
		t.width = w
		clear(t.natural)
	}
	if t.n > 0 {
		t.scroll()
	}
	first, last := t.Visible()
	shown := t.chosen(inner)
	t.measure(first, last, shown)
	widths := t.widths(inner, shown)

	var b strings.Builder
	b.Grow(h * (w + 16*len(shown) + 40))
	t.header(&b, th, inner, shown, widths)
	bar := scrollbar(t.rows, t.n, first)
	for y := range t.rows {
		b.WriteByte('\n')
		if i := first + y; i < last {
			t.row(&b, th, i, t.cells[y*len(shown):(y+1)*len(shown)], inner, shown, widths)
		} else {
			b.WriteString(blanks(tableLeft + inner))
		}
		b.WriteString(themes.Reset)
		b.WriteByte(' ')
		bar.paint(&b, th, y)
	}
	if w < tableLeft+tableRight+1 {
		return narrowed(b.String(), w)
	}
	return b.String()
}

// narrowed cuts lines that were drawn for the least width to one below it.
func narrowed(block string, w int) string {
	lines := strings.Split(block, "\n")
	for i := range lines {
		lines[i] = Fit(lines[i], w)
	}
	return strings.Join(lines, "\n")
}

// chosen are the columns that have room, each for what is not to be cut of it. It depends on
// nothing but the width, so that no column comes and goes while scrolling.
func (t *Table[K]) chosen(inner int) []int {
	var shown []int
	need := -columnGap
	for c, col := range t.columns {
		if col.Max > 0 {
			shown = append(shown, c)
			need += max(col.Min, col.Whole) + columnGap
		}
	}
	for need > inner && len(shown) > 1 {
		out := 1
		for i := 1; i < len(shown); i++ {
			if t.columns[shown[i]].Priority >= t.columns[shown[out]].Priority {
				out = i
			}
		}
		if t.columns[shown[0]].Priority > t.columns[shown[out]].Priority {
			out = 0
		}
		need -= max(t.columns[shown[out]].Min, t.columns[shown[out]].Whole) + columnGap
		shown = append(shown[:out], shown[out+1:]...)
	}
	return shown
}

// measure asks for the visible cells and notes what room they want.
func (t *Table[K]) measure(first, last int, shown []int) {
	t.cells = t.cells[:0]
	for i := first; i < last; i++ {
		for _, c := range shown {
			cell := t.cell(i, c)
			t.natural[c] = max(t.natural[c], cell.Text.Width())
			t.cells = append(t.cells, cell)
		}
	}
	for _, c := range shown {
		t.natural[c] = max(t.natural[c], Width(t.columns[c].Title))
	}
}

// widths shares the room out: to each column its least, then what is not to be cut,
// then what texts want, the fixed columns before the flexible ones, then the rest to the
// flexible ones.
func (t *Table[K]) widths(inner int, shown []int) []int {
	widths := make([]int, len(shown))
	left := inner - columnGap*(len(shown)-1)
	flex := 0
	for i, c := range shown {
		widths[i] = min(t.columns[c].Min, max(left, 0))
		left -= widths[i]
		flex += t.columns[c].Flex
	}
	grow := func(i, to int) {
		if more := min(to-widths[i], left); more > 0 {
			widths[i] += more
			left -= more
		}
	}
	for i, c := range shown { // chosen has seen to the room for it
		grow(i, min(t.natural[c], t.columns[c].Whole))
	}
	for _, flexible := range []bool{false, true} {
		for i, c := range shown {
			if col := t.columns[c]; (col.Flex > 0) == flexible {
				grow(i, min(t.natural[c], col.Max))
			}
		}
	}
	rest := left
	for i, c := range shown {
		if col := t.columns[c]; col.Flex > 0 {
			grow(i, min(widths[i]+rest*col.Flex/flex, col.Max))
		}
	}
	return widths
}

// header draws the titles. The sort mark stands in the gap beside the column, so
// that it costs no room.
func (t *Table[K]) header(b *strings.Builder, th *themes.Theme, inner int, shown, widths []int) {
	b.WriteString(themes.Reset)
	b.WriteString(th.SGR(themes.Header))
	b.WriteString(blanks(tableLeft))
	t.drawn = t.drawn[:0]
	used, owed := 0, 0 // owed: cells of the coming gap that a mark has taken
	for i, c := range shown {
		col, room := t.columns[c], widths[i]
		title, before := text.Clean(col.Title), columnGap-owed
		owed = 0
		if i == 0 {
			before = 0
		}
		if c == t.sorted {
			arrow := "▼"
			if t.ascending {
				arrow = "▲"
			}
			switch {
			case !col.Right:
				title, room, owed = text.Join(title.Truncate(room), text.Const(arrow)), room+1, 1
			case before > 0:
				title, room, before = text.Join(text.Const(arrow), title.Truncate(room)), room+1, before-1
			default:
				title = text.Join(text.Const(arrow), title)
			}
		}
		if room = min(room, inner-used-before); room < 0 {
			break
		}
		title = title.Truncate(room)
		b.WriteString(blanks(before))
		align(b, title.String(), title.Width(), room, col.Right)
		t.drawn = append(t.drawn, span{c, tableLeft + used + before, tableLeft + used + before + room})
		used += before + room
	}
	b.WriteString(blanks(inner - used + tableRight))
	b.WriteString(themes.Reset)
}

func align(b *strings.Builder, s string, have, room int, right bool) {
	if right {
		b.WriteString(blanks(room - have))
	}
	b.WriteString(s)
	if !right {
		b.WriteString(blanks(room - have))
	}
}

// row draws a row. The one under the cursor has a sign, a background and weight,
// so that it is seen with few colours and with none.
func (t *Table[K]) row(b *strings.Builder, th *themes.Theme, i int, cells []Cell, inner int, shown, widths []int) {
	_, marked := t.marked[t.key(i)]
	ground, weight, mark, cursor := "", "", " ", " "
	if marked {
		ground, mark = th.SGR(themes.Marked), "●"
	}
	if i == t.at {
		ground, weight, cursor = th.SGR(themes.Selected), bold, "▸"
	}
	style := th.SGR
	if i == t.at && th.Swaps(themes.Selected) {
		style = func(themes.Role) string { return "" }
	}
	b.WriteString(themes.Reset)
	b.WriteString(ground)
	b.WriteString(style(themes.Accent))
	b.WriteString(mark)
	b.WriteString(cursor)
	b.WriteString(" ")
	used := 0
	for k, c := range shown {
		if k > 0 {
			b.WriteString(blanks(columnGap))
			used += columnGap
		}
		s, room := cells[k].Text, widths[k]
		if fill := cells[k].Fill; fill != nil {
			s = fill(room)
		}
		found := cells[k].Found
		if s.Width() > room {
			s, found = t.cut(s, c, room), nil
		}
		if t.columns[c].Right {
			b.WriteString(blanks(room - s.Width()))
		}
		if !s.Empty() {
			if len(found) > 0 {
				paintFound(b, th, ground, style(cells[k].Role)+weight, s.String(), found)
			} else {
				paint(b, th, ground, style(cells[k].Role)+weight, s)
			}
		}
		if !t.columns[c].Right {
			b.WriteString(blanks(room - s.Width()))
		}
		used += room
	}
	b.WriteString(blanks(inner - used))
}

// cut makes a text fit its column.
func (t *Table[K]) cut(s text.Safe, column, room int) text.Safe {
	if t.columns[column].Middle {
		return s.TruncateMiddle(room)
	}
	return s.Truncate(room)
}

// paintFound writes a text with the characters that were found on the ground of
// matches, in one piece where they stand together.
func paintFound(b *strings.Builder, th *themes.Theme, ground, foreground, s string, found []int) {
	done := 0
	piece := func(ground string, to int) {
		if to > done {
			b.WriteString(themes.Reset + ground + foreground + s[done:to])
			done = to
		}
	}
	for i := 0; i < len(found); {
		from := found[i]
		piece(ground, from)
		for ; i < len(found) && found[i] == from; i++ {
			from++
		}
		piece(th.SGR(themes.Match), from)
	}
	piece(ground, len(s))
	b.WriteString(themes.Reset + ground)
}

// thumb is the part of a scrollbar that stands for what is visible.
type thumb struct{ from, to int }

// scrollbar is where the thumb of h lines stands, if n lines are shown from the
// first on. All of them fit: no thumb.
func scrollbar(h, n, first int) thumb {
	if n <= h || h <= 0 {
		return thumb{}
	}
	size := max(1, h*h/n)
	from := first * (h - size) / (n - h)
	return thumb{from, from + size}
}

func (s thumb) paint(b *strings.Builder, th *themes.Theme, y int) {
	switch {
	case s.to == 0:
		b.WriteByte(' ')
		return
	case y >= s.from && y < s.to:
		b.WriteString(th.SGR(themes.Dim))
		b.WriteString("┃")
	default:
		b.WriteString(th.SGR(themes.Faint))
		b.WriteString("│")
	}
	b.WriteString(themes.Reset)
}
