package widget

import (
	"strings"

	"sqscope/themes"
	"sqscope/ui/text"
)

// besides is the width from which a list and details stand next to each other.
const besides = 110

// Split is a list with the details of what is under its cursor: beside it where
// there is room, else below it, or the details alone, which can then be scrolled.
type Split struct {
	Alone bool
	Key   string // that switches to the details alone and back

	top, rows, lines int
	listW, listH     int // as drawn last; 0 while the details are alone
}

// Show switches to the details alone, from their first line on, or back.
func (s *Split) Show(alone bool) { s.Alone, s.top = alone, 0 }

// Scroll moves the details that are alone by so many lines, up if negative, to
// the first or last ones at most.
func (s *Split) Scroll(by int) { s.top = max(0, min(s.top+by, s.lines-s.rows)) }

// Page is how many lines of the details a page has, at least one.
func (s *Split) Page() int { return max(1, s.rows-1) }

// OverList tells whether a cell of the last View belongs to the list, whose top
// left corner is that of the View.
func (s *Split) OverList(x, y int) bool { return x < s.listW && y < s.listH }

// View draws both as h lines of w cells. The list draws itself; details are lines
// of any number for a width, of which those that have no room are counted.
func (s *Split) View(w, h int, list func(w, h int) string, details func(w int) []string, t *themes.Theme) string {
	switch {
	case s.Alone:
		s.listW, s.listH = 0, 0
		lines := details(w - 2)
		s.rows, s.lines = h, len(lines)
		s.Scroll(0)
		return block(lines[s.top:], w, h, s.more(h, len(lines)-s.top), t)
	case w >= besides:
		s.listW, s.listH = w*11/20, h
		wr := w - s.listW - 3
		lines := details(wr - 2)
		return Beside(list(s.listW, h), block(lines, wr, h, s.more(h, len(lines)), t), s.listW, wr, t)
	}
	s.listW, s.listH = w, h-h*9/20
	below := h - s.listH - 1
	if below < 1 {
		s.listH = h
		return list(w, h)
	}
	lines := details(w - 2)
	rule := t.Paint(themes.Faint, strings.Repeat("─", w))
	return list(w, s.listH) + "\n" + rule + "\n" + block(lines, w, below, s.more(below, len(lines)), t)
}

// more says how many lines have no room, and what shows them.
func (s *Split) more(h, lines int) text.Safe {
	n := lines - h + 1 // the line that says so takes the place of one
	switch {
	case lines <= h:
		return text.Safe{}
	case s.Alone:
		return text.Sprintf("… %d more lines", n)
	}
	return text.Sprintf("… %d more lines: %s", n, s.Key)
}

// block is lines indented by a cell in h lines of w cells, the last of which is
// for more, if there is any.
func block(lines []string, w, h int, more text.Safe, t *themes.Theme) string {
	out := make([]string, max(h, 0))
	for i := range out {
		switch {
		case i == h-1 && !more.Empty():
			out[i] = Fit(" "+t.Paint(themes.Dim, more.Truncate(w-2).String()), w)
		case i < len(lines):
			out[i] = Fit(" "+lines[i], w)
		default:
			out[i] = blanks(w)
		}
	}
	return strings.Join(out, "\n")
}
