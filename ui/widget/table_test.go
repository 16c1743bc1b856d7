package widget

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sqscope/themes"
	"sqscope/ui/text"
)

// listed is a table of names, drawn once at 40x6: a header and five rows.
func listed(names ...string) *Table[string] {
	t := NewTable[string]([]Column{{Title: "NAME", Min: 10, Max: 30, Flex: 1}, {Title: "N", Min: 3, Max: 5, Right: true}})
	relist(t, names...)
	t.View(40, 6, dark)
	return t
}

func relist(t *Table[string], names ...string) {
	t.SetRows(len(names), func(i int) string { return names[i] }, func(i, col int) Cell {
		if col == 0 {
			return Cell{Text: text.Clean(names[i]), Role: themes.Strong}
		}
		return Cell{Text: text.Sprintf("%d", len(names[i])), Role: themes.Number}
	})
}

// screenLine is the line of the view on which a row stands.
func screenLine(t *testing.T, table *Table[string], name string) int {
	t.Helper()
	for y, l := range strings.Split(ansi.Strip(table.View(40, 6, dark)), "\n") {
		if strings.Contains(l, name) {
			return y
		}
	}
	t.Fatalf("%s is not on the screen", name)
	return 0
}

func under(t *testing.T, table *Table[string]) string {
	t.Helper()
	k, ok := table.Key()
	if !ok {
		t.Fatal("there is no row under the cursor")
	}
	return k
}

func letters(s string) []string { return strings.Split(s, "") }

func TestT1MarksAndCursorSurviveFilterSortAndRefresh(t *testing.T) {
	table := listed(letters("abcdefgh")...)
	table.Move(2)
	table.ToggleMark() // c
	table.Move(3)
	table.ToggleMark() // f
	for name, rows := range map[string]string{"sorted the other way": "hgfedcba", "refreshed with new rows": "xyzabcdefghz"[:11], "shuffled": "fahbgced"} {
		relist(table, letters(rows)...)
		if got := under(t, table); got != "f" {
			t.Errorf("%s: the cursor is on %s, not on f", name, got)
		}
		if got := table.Marked(); !slices.Equal(got, []string{"c", "f"}) {
			t.Errorf("%s: marked %v", name, got)
		}
	}
	relist(table, letters("abde")...) // a filter hides both
	if got := table.Marked(); !slices.Equal(got, []string{"c", "f"}) {
		t.Errorf("filtered: marked %v", got)
	}
	relist(table, letters("abcdefgh")...)
	table.Select("c")
	table.ToggleMark()
	if got := table.Marked(); !slices.Equal(got, []string{"f"}) {
		t.Errorf("marked %v after c was unmarked", got)
	}
	table.Unmark("f")
	if got := table.Marked(); len(got) != 0 {
		t.Errorf("marked %v", got)
	}
}

func TestT1TheCursorWaitsForItsRowToComeBack(t *testing.T) {
	table := listed(letters("abcdef")...)
	table.Move(4)
	relist(table)
	if _, ok := table.Key(); ok {
		t.Error("a key without rows")
	}
	relist(table, letters("fedcba")...)
	if got := under(t, table); got != "e" {
		t.Errorf("the cursor is on %s, not on e", got)
	}
}

func TestTheCursorStaysWhereARowThatIsGoneStood(t *testing.T) {
	table := listed(letters("abcdef")...)
	table.Move(2)
	relist(table, letters("abdef")...)
	if got := under(t, table); got != "d" {
		t.Errorf("the cursor is on %s, not on d", got)
	}
	relist(table, letters("ab")...)
	if got := under(t, table); got != "b" {
		t.Errorf("the cursor is on %s, not on b", got)
	}
}

func TestNoRowMovesUnderTheCursor(t *testing.T) {
	many := make([]string, 100)
	for i := range many {
		many[i] = "row-" + string(rune('A'+i/26)) + string(rune('a'+i%26))
	}
	table := listed(many...)
	table.Move(40)
	table.Move(-2)
	name := under(t, table)
	before := screenLine(t, table, name)
	relist(table, append([]string{"new-1", "new-2", "new-3"}, many...)...)
	if got := under(t, table); got != name {
		t.Fatalf("the cursor went from %s to %s", name, got)
	}
	if after := screenLine(t, table, name); after != before {
		t.Errorf("the row went from line %d to %d", before, after)
	}
	reversed := slices.Clone(many)
	slices.Reverse(reversed)
	relist(table, reversed...)
	if after := screenLine(t, table, name); after != before {
		t.Errorf("the row went from line %d to %d", before, after)
	}
}

func TestMoving(t *testing.T) {
	table := listed(letters("abcdefghij")...)
	for _, step := range []struct {
		name     string
		do       func()
		key      string
		position string
	}{
		{"at first", func() {}, "a", "1-5 of 10"},
		{"down", func() { table.Move(1) }, "b", "1-5 of 10"},
		{"a page", func() { table.Move(table.Page()) }, "g", "3-7 of 10"},
		{"to the bottom", table.Bottom, "j", "6-10 of 10"},
		{"below it", func() { table.Move(1 << 62) }, "j", "6-10 of 10"},
		{"up", func() { table.Move(-1) }, "i", "6-10 of 10"},
		{"to the top", table.Top, "a", "1-5 of 10"},
		{"above it", func() { table.Move(-1 << 62) }, "a", "1-5 of 10"},
	} {
		step.do()
		table.View(40, 6, dark)
		if got := under(t, table); got != step.key {
			t.Errorf("%s: on %s, want %s", step.name, got, step.key)
		}
		if got := table.Position().String(); got != step.position {
			t.Errorf("%s: %s, want %s", step.name, got, step.position)
		}
	}
}

func TestAClickFindsItsRow(t *testing.T) {
	table := listed(letters("abcdefghij")...)
	table.Bottom()
	y := screenLine(t, table, "h")
	i, ok := table.RowAt(y)
	if !ok {
		t.Fatal("no row there")
	}
	table.SelectRow(i)
	if got := under(t, table); got != "h" {
		t.Errorf("the click chose %s", got)
	}
	for _, y := range []int{-1, 0, 6} {
		if _, ok := table.RowAt(y); ok {
			t.Errorf("there is no row on line %d", y)
		}
	}
}

func TestOnlyVisibleRowsAreAskedFor(t *testing.T) {
	asked := map[int]bool{}
	table := NewTable[int]([]Column{{Title: "N", Min: 5, Max: 9}})
	table.SetRows(100_000, func(i int) int { return i }, func(i, _ int) Cell { asked[i] = true; return Cell{} })
	table.View(80, 24, dark)
	table.Bottom()
	table.View(80, 24, dark)
	if len(asked) > 2*24 {
		t.Errorf("%d rows were asked for", len(asked))
	}
}

func TestNarrowTablesLeaveColumnsOut(t *testing.T) {
	table := NewTable[int]([]Column{
		{Title: "NAME", Min: 10, Max: 40, Flex: 1},
		{Title: "COUNT", Min: 6, Max: 8, Right: true},
		{Title: "AGE", Min: 5, Max: 5, Priority: 1},
		{Title: "TREND", Min: 8, Max: 8, Priority: 2},
		{Title: "NEVER", Max: 0},
	})
	table.SetRows(1, func(int) int { return 0 }, func(_, col int) Cell {
		return Cell{Text: text.Const([]string{"orders", "1,204", "4m", "▁▂▃", "x"}[col])}
	})
	for w, want := range map[int]string{60: "NAME COUNT AGE TREND", 40: "NAME COUNT AGE TREND", 39: "NAME COUNT AGE", 30: "NAME COUNT AGE", 29: "NAME COUNT", 22: "NAME", 7: "N…"} {
		header, _, _ := strings.Cut(ansi.Strip(table.View(w, 3, dark)), "\n")
		if got := strings.Join(strings.Fields(header), " "); got != want {
			t.Errorf("%d cells wide: %q, want %q", w, got, want)
		}
	}
}

// A number that could be long keeps room free only where it is needed, and where
// there is none a column goes instead of the number's end.
func TestANumberIsWholeOrAnotherColumnGoes(t *testing.T) {
	table := NewTable[int]([]Column{
		{Title: "STATE", Min: 5, Max: 20},
		{Title: "AGE", Min: 4, Whole: 7, Max: 8, Right: true},
		{Title: "BODY", Min: 6, Max: 40, Flex: 1},
		{Title: "SIZE", Min: 4, Max: 8, Right: true, Priority: 1},
	})
	age := "23h 47m"
	table.SetRows(1, func(int) int { return 0 }, func(_, col int) Cell {
		return Cell{Text: text.Const([]string{"in flight 2h 13m", age, "a body that is long", "9 B"}[col])}
	})
	for w := 27; w < 70; w++ {
		view := ansi.Strip(table.View(w, 2, dark))
		if !strings.Contains(view, age) {
			t.Errorf("%d cells wide the number is cut:\n%s", w, view)
		}
		if has := strings.Contains(view, "SIZE"); has != (w >= 33) {
			t.Errorf("%d cells wide: %s", w, view)
		}
	}
	age = "4s"
	if got := ansi.Strip(table.View(33, 2, dark)); !strings.Contains(got, "in flig…    4s  a bod…") {
		t.Errorf("room is kept for nothing:\n%s", got)
	}
}

func TestTextsAreCutWithASignAndNumbersStandRight(t *testing.T) {
	table := NewTable[int]([]Column{{Title: "NAME", Min: 6, Max: 9}, {Title: "N", Min: 6, Max: 6, Right: true}})
	table.SetRows(2, func(i int) int { return i }, func(i, col int) Cell {
		return Cell{Text: text.Const([][]string{{"a-long-name", "7"}, {"b", "1,204"}}[i][col])}
	})
	table.SetSort(1, false)
	want := "   NAME           ▼N  \n ▸ a-long-n…       7  \n   b           1,204  "
	if got := ansi.Strip(table.View(22, 3, dark)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	table.SetSort(0, true)
	if got := ansi.Strip(table.View(22, 3, dark)); !strings.HasPrefix(got, "   NAME▲") {
		t.Errorf("got\n%s", got)
	}
}

func TestWidthsDoNotJumpWhileScrolling(t *testing.T) {
	names := append(letters("abcdefgh"), "a-much-longer-name", "i", "j", "k", "l", "m", "n", "o")
	table := NewTable[string]([]Column{{Title: "NAME", Min: 4, Max: 30}, {Title: "N", Min: 2, Max: 2}})
	relist(table, names...)
	column := func() int {
		header, _, _ := strings.Cut(ansi.Strip(table.View(60, 6, dark)), "\n")
		return strings.Index(header, "N ") // of the second title
	}
	widest := 0
	for range names {
		at := column()
		if at < widest {
			t.Fatalf("the second column went back from %d to %d", widest, at)
		}
		widest = at
		table.Move(1)
	}
	table.Top()
	if at := column(); at != widest {
		t.Errorf("the second column went back from %d to %d", widest, at)
	}
	table.View(70, 6, dark)
	if at := column(); at >= widest {
		t.Errorf("in a new size the second column still stands at %d", at)
	}
}

func TestTheSelectedRowIsSeenWithoutColours(t *testing.T) {
	table := listed(letters("abc")...)
	table.Move(1)
	table.ToggleMark()
	lines := strings.Split(table.View(40, 6, dark), "\n")
	if row := ansi.Strip(lines[2]); !strings.HasPrefix(row, "●▸ b") {
		t.Errorf("the row under the cursor is %q", row)
	}
	if !strings.Contains(lines[2], bold) || !strings.Contains(lines[2], dark.SGR(themes.Selected)) {
		t.Errorf("neither weight nor background in %q", lines[2])
	}
	if !strings.Contains(lines[2], dark.SGR(themes.Number)) {
		t.Errorf("the number has lost its colour: %q", lines[2])
	}
}

func TestHostileCharactersInACellAreColouredAsSuch(t *testing.T) {
	table := listed("pay\x1b[2Jments")
	if got := table.View(40, 3, dark); !strings.Contains(got, dark.SGR(themes.Foreign)+"␛") {
		t.Errorf("got %q", got)
	}
}
