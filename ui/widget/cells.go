package widget

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"sqscope/themes"
)

// Most lines of a frame are ASCII, rules and styles, whose cells are counted a
// few times over for each frame. That needs no tables of Unicode; all other text
// goes the long way.

// plain tells the characters outside of ASCII that take one cell whatever stands
// beside them: rules, blocks, the marks of lists, and a few signs.
func plain(r rune) bool {
	switch {
	case r >= 0x2500 && r <= 0x259f, r == '·', r == '…', r == '—', r == '▸', r == '▾', r == '›', r == '‹', r == '↓', r == '↑', r == '✓', r == '✗', r == '≠':
		return true
	}
	return false
}

// next is the end of what stands at i, and how many cells it takes: a style, none;
// a plain character, one. It is not ok for anything else.
func next(s string, i int) (end, cells int, ok bool) {
	switch c := s[i]; {
	case c >= 0x20 && c < 0x7f:
		return i + 1, 1, true
	case c == 0x1b:
		if i+1 >= len(s) || s[i+1] != '[' {
			return 0, 0, false
		}
		for j := i + 2; j < len(s); j++ {
			switch c := s[j]; {
			case c == 'm':
				return j + 1, 0, true
			case c != ';' && c != ':' && (c < '0' || c > '9'):
				return 0, 0, false
			}
		}
		return 0, 0, false
	case c < utf8.RuneSelf:
		return 0, 0, false
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	return i + n, 1, plain(r)
}

// Width is the number of cells that a line takes, escape sequences aside.
func Width(s string) int {
	w := 0
	for i := 0; i < len(s); {
		if c := s[i]; c >= 0x20 && c < 0x7f {
			i, w = i+1, w+1
			continue
		}
		end, cells, ok := next(s, i)
		if !ok {
			return ansi.StringWidth(s)
		}
		i, w = end, w+cells
	}
	return w
}

// around is what stands before cell x of a line of plain characters and what
// stands n cells further, which begins with the styles that go on there. It is
// not ok for other lines.
func around(line string, x, n int) (left, right string, ok bool) {
	from, to, w := len(line), len(line), 0 // where the left part ends, and the right one begins
	styles := 0                            // from where styles may hold
	for i := 0; i < len(line); {
		if c := line[i]; c >= 0x20 && c < 0x7f && w != x && w != x+n {
			i, w = i+1, w+1
			continue
		}
		end, cells, ok := next(line, i)
		if !ok {
			return "", "", false
		}
		if cells > 0 && w == x {
			from = min(from, i)
		}
		if cells > 0 && w == x+n {
			to = min(to, i)
		}
		if to == len(line) && line[i:end] == themes.Reset {
			styles = end
		}
		i, w = end, w+cells
	}
	var b strings.Builder
	b.Grow(len(line) - styles)
	for i := styles; i < to; {
		end, cells, _ := next(line, i)
		if cells == 0 {
			b.WriteString(line[i:end])
		}
		i = end
	}
	b.WriteString(line[to:])
	return line[:from], b.String(), true
}
