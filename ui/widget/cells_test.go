package widget

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"sqscope/themes"
)

// pieces are what lines are made of: the short way counts the first of them, and
// has to leave lines with the others to the long one.
func pieces() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{
		"a", "orders", " ", "─", "│", "█", "▁", "·", "…", "—", "▸", "✓", "\x1b[1m", "\x1b[38;2;10;20;30m", themes.Reset,
		"ä", "漢", "e\u0301", "👩‍👩‍👧", "\u200d", "\ufe0f", "\u0301", "\x1b]0;x\a", "\x1b[2K", "\x7f", "\xff",
	})
}

func line(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(pieces(), 0, 12).Draw(t, "line"), "")
}

func TestWidthIsThatOfTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if s := line(t); Width(s) != ansi.StringWidth(s) {
			t.Fatalf("%q takes %d cells, not %d", s, ansi.StringWidth(s), Width(s))
		}
	})
}

// What stands around a part of a line has its text, and what is right of it
// keeps its styles.
func TestWhatStandsAroundKeepsTextAndStyles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := line(t)
		x, n := rapid.IntRange(0, 8).Draw(t, "x"), rapid.IntRange(0, 8).Draw(t, "n")
		left, right, ok := around(s, x, n)
		if !ok {
			return
		}
		text := []rune(ansi.Strip(s))
		before, behind := string(text[:min(x, len(text))]), string(text[min(x+n, len(text)):])
		if ansi.Strip(left) != before || ansi.Strip(right) != behind {
			t.Fatalf("around %d cells from %d of %q are %q and %q", n, x, s, left, right)
		}
		if want := styles(s, x+n); behind != "" && styles(right, 0) != want {
			t.Fatalf("behind %d cells from %d of %q it goes on in %q, not %q", n, x, s, styles(right, 0), want)
		}
	})
}

// styles are those that hold at the cell.
func styles(s string, cell int) string {
	held, w := "", 0
	for i := 0; i < len(s); {
		end, cells, _ := next(s, i)
		switch {
		case cells > 0 && w == cell:
			return held
		case s[i:end] == themes.Reset:
			held = ""
		case cells == 0:
			held += s[i:end]
		}
		i, w = end, w+cells
	}
	return held
}
