package widget

import (
	"slices"
	"strings"

	"sqscope/themes"
)

// List shows items of one or several rows each, of which one is under the
// cursor. Items are known by a key, so that the cursor stays on its item when
// others come and go; an item without a key is a heading, which the cursor
// passes over. The zero List is empty.
type List struct {
	// Single says that each item has one row. Only those that are seen are then
	// asked for.
	Single bool

	keys      []string
	at        int // the item under the cursor
	top, rows int // the first row shown, and how many when last drawn
	drawn     []int
}

// SetKeys replaces the items. The cursor stays on the item with its key; if that
// is gone, near where it was.
func (l *List) SetKeys(keys []string) {
	was := l.Key()
	l.keys = keys
	if i := slices.Index(keys, was); was != "" && i >= 0 {
		l.at = i
	}
	l.Move(0)
}

// At is the item under the cursor; it is out of range while there is none.
func (l *List) At() int { return l.at }

// Key is the key of the item under the cursor, or "".
func (l *List) Key() string {
	if l.at < len(l.keys) {
		return l.keys[l.at]
	}
	return ""
}

// Select puts the cursor on the item with the key, if there is one.
func (l *List) Select(key string) {
	if i := slices.Index(l.keys, key); key != "" && i >= 0 {
		l.at = i
	}
}

// Move moves the cursor by so many items, up if negative, over headings and to
// the first or last item at most.
func (l *List) Move(by int) {
	at := min(max(0, l.at+by), max(0, len(l.keys)-1))
	step := 1
	if by < 0 {
		step = -1
	}
	for _, way := range []int{step, -step} {
		for i := at; i >= 0 && i < len(l.keys); i += way {
			if l.keys[i] != "" {
				l.at = i
				return
			}
		}
	}
	l.at = at
}

// Page is how many rows a page has, at least one.
func (l *List) Page() int { return max(l.rows, 1) }

// ItemAt is the item that was drawn last in row y.
func (l *List) ItemAt(y int) (i int, ok bool) {
	if y < 0 || l.top+y >= len(l.drawn) {
		return 0, false
	}
	i = l.drawn[l.top+y]
	return i, l.keys[i] != ""
}

const (
	listLeft  = 3 // a blank, the cursor, a blank
	listRight = 2 // a blank, the scrollbar
)

// View draws the items as h lines of w cells. Rows gives an item's lines,
// painted, each of which may take the cells that it is told.
func (l *List) View(w, h int, t *themes.Theme, rows func(i, w int) []string) string {
	if h <= 0 {
		return ""
	}
	inner := max(1, w-listLeft-listRight)
	var lines []string // of items of several rows
	l.drawn, l.rows = l.drawn[:0], h
	first, last := l.at, l.at
	for i := range l.keys {
		if l.Single {
			l.drawn = append(l.drawn, i)
			continue
		}
		if i == l.at {
			first = len(lines)
		}
		for j, line := range rows(i, inner) {
			lines = append(lines, l.line(line, i, j, w, t))
			l.drawn = append(l.drawn, i)
		}
		if i == l.at {
			last = len(lines) - 1
		}
	}
	if l.at > 0 && l.at < len(l.keys) && l.keys[l.at-1] == "" {
		first-- // with the heading over it
	}
	l.top = max(0, min(max(min(l.top, first), last-h+1), len(l.drawn)-h))
	bar := scrollbar(h, len(l.drawn), l.top)
	var b strings.Builder
	for y := range h {
		if y > 0 {
			b.WriteByte('\n')
		}
		line := blanks(w - listRight)
		switch i := l.top + y; {
		case l.Single && i < len(l.keys):
			line = l.line(rows(i, inner)[0], i, 0, w, t)
		case i < len(lines):
			line = lines[i]
		}
		b.WriteString(line + themes.Reset + " ")
		bar.paint(&b, t, y)
	}
	return b.String()
}

// line is a row of an item: the cursor stands before its first.
func (l *List) line(line string, item, row, w int, t *themes.Theme) string {
	if l.keys[item] == "" {
		return Fit(" "+line, w-listRight)
	}
	mark, chosen := "   ", item == l.at && line != "" // the blank between two items is of neither
	if chosen && row == 0 {
		mark = " ▸ "
	}
	line = t.Paint(themes.Accent, mark) + line
	if chosen {
		return Chosen(line, w-listRight, t)
	}
	return Fit(line, w-listRight)
}
