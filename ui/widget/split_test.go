package widget

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sqscope/themes"
)

func numbered(n int) func(int) []string {
	return func(int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = fmt.Sprintf("line %d", i+1)
		}
		return out
	}
}

func filled(w, h int) string {
	return strings.TrimSuffix(strings.Repeat(strings.Repeat("#", w)+"\n", h), "\n")
}

func TestASplitUsesEveryCellAndNoOther(t *testing.T) {
	for w := range 150 {
		for h := 1; h < 40; h += 3 {
			for _, alone := range []bool{false, true} {
				s := Split{Alone: alone, Key: "space"}
				lines := strings.Split(s.View(w, h, filled, numbered(12), themes.Default(true)), "\n")
				if len(lines) != h {
					t.Fatalf("%dx%d alone=%t: %d lines", w, h, alone, len(lines))
				}
				for i, l := range lines {
					if Width(l) != w {
						t.Fatalf("%dx%d alone=%t: line %d is %d wide: %q", w, h, alone, i, Width(l), l)
					}
				}
			}
		}
	}
}

func TestDetailsWithoutRoomAreCountedAndCanBeScrolled(t *testing.T) {
	s := Split{Key: "space"}
	th := themes.Default(true)
	view := func() string { return ansi.Strip(s.View(60, 20, filled, numbered(30), th)) }
	if got := view(); !strings.Contains(got, "… 23 more lines: space") || strings.Contains(got, "line 8\n") {
		t.Errorf("of 30 lines 8 have room, one of them for the count:\n%s", got)
	}
	s.Show(true)
	view()
	s.Scroll(100)
	if got := view(); !strings.Contains(got, "line 30") || strings.Contains(got, "more") {
		t.Errorf("the end is not reached:\n%s", got)
	}
	s.Scroll(-100)
	if got := view(); !strings.Contains(got, "line 1 ") || !strings.Contains(got, "… 11 more lines") {
		t.Errorf("the start is not reached:\n%s", got)
	}
	s.Show(false)
	view()
	if !s.OverList(5, 2) || s.OverList(5, 15) {
		t.Error("the list is the upper part")
	}
}
