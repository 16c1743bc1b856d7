package widget

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// pointed is a body with a cursor, of which 40 cells of text and 8 lines are seen.
func pointed(raw string) (*Body, func() []string) {
	b := bodyOf(raw, true)
	b.Pointed, b.Active = true, true
	return b, func() []string {
		lines := strings.Split(ansi.Strip(b.View(44, 8, dark)), "\n")
		for i := range lines {
			lines[i] = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(lines[i], "┃"), "│"), " ")
		}
		return slices.DeleteFunc(lines, func(l string) bool { return l == "" })
	}
}

const order = `{"id":7,"items":[{"sku":"tea","n":2},{"sku":"milk"}],"paid":true,"tags":[],"to":{"city":"Ulm"}}`

func TestContainersAreFoldedIntoTheirFirstLine(t *testing.T) {
	b, view := pointed(order)
	view()
	b.FoldTo(1)
	want := []string{`▸ {`, `    "id": 7,`, `+   "items": [ … ],  2 elements`, `    "paid": true,`, `    "tags": [],`, `+   "to": { … }  1 member`, `  }`}
	if got := view(); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	b.Move(2)
	if b.Path() != ".items" || !b.UnfoldHere() || b.UnfoldHere() {
		t.Errorf("at %s", b.Path())
	}
	b.Move(1)
	if got := view(); b.Path() != ".items[0]" || got[3] != `+     { … },  2 members` && got[3] != "▸     { … },  2 members" {
		t.Errorf("at %s: %q", b.Path(), got)
	}
	b.UnfoldAll()
	b.Move(-100)
	b.Move(5)
	if b.Path() != `.items[0].n` {
		t.Fatalf("at %s", b.Path())
	}
	for _, path := range []string{".items[0]", ".items", ".", "."} {
		b.FoldHere()
		if b.Path() != path {
			t.Errorf("folding leads to %s, not to %s", b.Path(), path)
		}
	}
	if got := view(); !slices.Equal(got, []string{"▸ { … }  5 members"}) {
		t.Errorf("got %q", got)
	}
}

func TestLevelsAreUnfoldedOneAfterAnother(t *testing.T) {
	b, view := pointed(`{"a":{"b":{"c":1}}}`)
	view()
	var lines []int
	b.FoldTo(1)
	for range 4 {
		lines = append(lines, len(view()))
		b.Deeper()
	}
	if !slices.Equal(lines, []int{3, 5, 7, 7}) {
		t.Errorf("lines %v", lines)
	}
	b.UnfoldAll()
	b.Deeper()
	if b.Folded() {
		t.Error("something is folded")
	}
}

func TestAMatchThatIsFoldedAwayIsUnfolded(t *testing.T) {
	b, view := pointed(order)
	view()
	b.FoldTo(1)
	find(b, "milk")
	if b.Path() != ".items[1].sku" || !slices.ContainsFunc(view(), func(l string) bool { return strings.HasPrefix(l, "▸") && strings.Contains(l, "milk") }) {
		t.Errorf("at %s: %q", b.Path(), view())
	}
	b.FoldHere()
	b.Next()
	if b.Path() != ".items[1].sku" {
		t.Errorf("at %s", b.Path())
	}
}

func TestTheCursorStaysInSight(t *testing.T) {
	b, view := pointed("[" + strings.Repeat("1,", 99) + "1]")
	view()
	b.Move(50)
	b.Scroll(20)
	if got := view(); !strings.HasPrefix(got[0], "▸") || b.Path() != "[62]" && b.Path() != ".[62]" {
		t.Errorf("at %s: %q", b.Path(), got)
	}
	b.Move(1 << 30)
	if got := view(); got[len(got)-1] != "▸ ]" {
		t.Errorf("got %q", got)
	}
	b.Point(3)
	if got := view(); !strings.HasPrefix(got[3], "▸") {
		t.Errorf("got %q", got)
	}
}

// TestFoldingHidesNothingElse folds at random and compares with what a plain
// count of brackets says.
func TestFoldingHidesNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var value func(depth int) string
		value = func(depth int) string {
			n := rapid.IntRange(0, 3).Draw(t, "values")
			if depth == 4 || n == 0 {
				return fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "n"))
			}
			parts := make([]string, n)
			for i := range parts {
				parts[i] = value(depth + 1)
			}
			return "[" + strings.Join(parts, ",") + "]"
		}
		b := bodyOf("["+value(0)+"]", true)
		b.Pointed = true
		b.View(40, 5, dark)
		for range rapid.IntRange(0, 6).Draw(t, "steps") {
			b.Move(rapid.IntRange(-20, 20).Draw(t, "move"))
			switch rapid.IntRange(0, 2).Draw(t, "act") {
			case 0:
				b.FoldHere()
			case 1:
				b.UnfoldHere()
			case 2:
				b.FoldTo(rapid.IntRange(0, 4).Draw(t, "depth"))
			}
		}
		lines := strings.Split(b.Document().Text(), "\n")
		var want []int32
		for line := 0; line < len(lines); line++ {
			want = append(want, int32(line))
			if f := b.begins(line); f >= 0 && b.isFolded(f) {
				depth := 1
				for depth > 0 {
					line++
					switch strings.TrimRight(strings.TrimSpace(lines[line]), ",") {
					case "[":
						depth++
					case "]":
						depth--
					}
				}
			}
		}
		for i := range want {
			if b.shown() != len(want) || int32(b.row(i)) != want[i] {
				t.Fatalf("row %d of %d is %d, want %v", i, b.shown(), b.row(i), want)
			}
		}
	})
}
