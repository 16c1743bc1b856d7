package widget

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"sqscope/themes"
)

func TestTheCursorOfAListStaysOnItsItemAndPassesOverHeadings(t *testing.T) {
	var l List
	l.SetKeys([]string{"", "a", "b", "", "c"})
	if l.Key() != "a" {
		t.Errorf("it begins at %q", l.Key())
	}
	l.Move(2)
	if l.Key() != "c" {
		t.Errorf("two items down it is at %q", l.Key())
	}
	l.SetKeys([]string{"", "new", "a", "b", "", "c"})
	if l.Key() != "c" {
		t.Errorf("with another item it is at %q", l.Key())
	}
	l.SetKeys([]string{"", "a"})
	if l.Key() != "a" {
		t.Errorf("without its item it is at %q", l.Key())
	}
	l.Move(-5)
	if l.Key() != "a" {
		t.Errorf("at the top it is at %q", l.Key())
	}
	l.SetKeys(nil)
	l.Move(1)
	if l.Key() != "" {
		t.Errorf("an empty list has an item %q", l.Key())
	}
}

func TestAListUsesItsCellsAndShowsTheItemUnderTheCursor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l List
		n := rapid.IntRange(0, 30).Draw(t, "items")
		keys := make([]string, n)
		heights := make([]int, n)
		for i := range keys {
			heights[i] = rapid.IntRange(1, 3).Draw(t, "rows")
			if rapid.IntRange(0, 4).Draw(t, "heading") > 0 {
				keys[i] = fmt.Sprint("k", i)
			}
		}
		l.SetKeys(keys)
		w, h := rapid.IntRange(1, 40).Draw(t, "w"), rapid.IntRange(3, 20).Draw(t, "h")
		draw := func() string {
			return l.View(w, h, themes.Mono(), func(i, _ int) []string {
				rows := make([]string, heights[i])
				for j := range rows {
					rows[j] = fmt.Sprintf("item %d row %d", i, j)
				}
				return rows
			})
		}
		for range 10 {
			l.Move(rapid.IntRange(-8, 8).Draw(t, "by"))
			view := draw()
			lines := strings.Split(view, "\n")
			if len(lines) != h {
				t.Fatalf("%d lines instead of %d", len(lines), h)
			}
			for _, line := range lines {
				if w > listLeft+listRight && Width(line) != w {
					t.Fatalf("a line of %d cells instead of %d: %q", Width(line), w, line)
				}
			}
			if want := fmt.Sprintf("item %d row 0", l.At()); l.Key() != "" && w > 25 && !strings.Contains(ansi.Strip(view), want) {
				t.Fatalf("%s is not shown:\n%s", want, ansi.Strip(view))
			}
		}
	})
}
