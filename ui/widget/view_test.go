package widget

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"sqscope/themes"
	"sqscope/ui/text"
)

var dark = themes.Default(true)

// reporter is a test of testing or of rapid.
type reporter interface {
	Helper()
	Fatalf(format string, args ...any)
}

// exact holds a view against its promise: h lines of w cells, and no escape
// sequence that is not a style.
func exact(t reporter, view string, w, h int) {
	t.Helper()
	lines := strings.Split(view, "\n")
	if len(lines) != h {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), h, view)
	}
	for i, l := range lines {
		if got := ansi.StringWidth(l); got != w {
			t.Fatalf("line %d is %d cells wide, want %d: %q", i, got, w, l)
		}
	}
	state := byte(0)
	for rest := view; rest != ""; {
		seq, _, n, next := ansi.DecodeSequence(rest, state, nil)
		if seq[0] == 0x1b && (len(seq) < 3 || seq[1] != '[' || seq[len(seq)-1] != 'm') || seq[0] < ' ' && seq[0] != '\n' && seq[0] != 0x1b {
			t.Fatalf("the view has %q", seq)
		}
		state, rest = next, rest[n:]
	}
}

// foreign draws text as it may come from anywhere.
var foreign = rapid.Custom(func(t *rapid.T) string {
	parts := rapid.SliceOfN(rapid.SampledFrom([]string{
		"orders-dlq", " ", "\x1b[31m", "\x1b]52;c;eA==\a", "\n", "\r\n", "\t", "日本語", "👩\u200d💻", "e\u0301", "\u202e", "\xff", "\x00", "क्ष", "का",
		`{"a":[1,true,"x"]}`, `"`, `\`, "{", "}", "arn:aws:sqs:us-east-1:000000000000:a-long-name", "\u0301", "🇩", "﷽",
	}), 0, 12).Draw(t, "foreign")
	return strings.Join(parts, "")
})

func sizes(t *rapid.T) (w, h int) {
	return rapid.IntRange(1, 250).Draw(t, "w"), rapid.IntRange(1, 80).Draw(t, "h")
}

func TestEveryTableHasItsSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := sizes(t)
		columns := make([]Column, rapid.IntRange(1, 8).Draw(t, "columns"))
		for i := range columns {
			least := rapid.IntRange(0, 20).Draw(t, "min")
			columns[i] = Column{
				Title: rapid.SampledFrom([]string{"", "NAME", "IN FLIGHT", "日本"}).Draw(t, "title"), Right: rapid.Bool().Draw(t, "right"),
				Min: least, Max: rapid.IntRange(least, 60).Draw(t, "max"), Flex: rapid.IntRange(0, 2).Draw(t, "flex"), Priority: rapid.IntRange(0, 5).Draw(t, "priority"),
			}
		}
		table := NewTable[int](columns)
		words := rapid.SliceOfN(foreign, 1, 6).Draw(t, "words")
		fill := func() {
			n := rapid.SampledFrom([]int{0, 1, 7, 30, 1000}).Draw(t, "n")
			table.SetRows(n, func(i int) int { return i }, func(i, col int) Cell {
				return Cell{Text: text.Clean(words[(i+col)%len(words)]), Role: themes.Role((i + col) % 20)}
			})
			table.SetSort(rapid.IntRange(-1, len(columns)).Draw(t, "sorted"), rapid.Bool().Draw(t, "ascending"))
		}
		fill()
		exact(t, table.View(w, h, dark), w, h)
		for range 3 {
			table.Move(rapid.IntRange(-2000, 2000).Draw(t, "move"))
			table.ToggleMark()
			exact(t, table.View(w, h, dark), w, h)
		}
		fill()
		w, h = sizes(t)
		exact(t, table.View(w, h, dark), w, h)
	})
}

func TestEveryBodyHasItsSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := sizes(t)
		var b Body
		exact(t, b.View(w, h, dark), w, h)
		raw := rapid.OneOf(foreign, rapid.SampledFrom([]string{`{"key":"` + strings.Repeat(`\\\"x日`, 90) + `","n":[-1.5e3,null,{}],"o":{"p":[]}}`, strings.Repeat("[", 50) + strings.Repeat("]", 50)})).Draw(t, "raw")
		b.SetDocument(Prepare(raw, rapid.Bool().Draw(t, "pretty")))
		b.Pointed, b.Active = rapid.Bool().Draw(t, "pointed"), rapid.Bool().Draw(t, "active")
		find(&b, rapid.SampledFrom([]string{"", "x", "x日", "\xff", "a", "\u0301", "{"}).Draw(t, "query"))
		exact(t, b.View(w, h, dark), w, h)
		for range 3 {
			b.Scroll(rapid.IntRange(-300, 300).Draw(t, "scroll"))
			exact(t, b.View(w, h, dark), w, h)
			b.Move(rapid.IntRange(-300, 300).Draw(t, "move"))
			rapid.SampledFrom([]func(){
				func() { b.FoldHere() }, func() { b.UnfoldHere() }, func() { b.FoldTo(1) }, b.Deeper, b.UnfoldAll, func() {},
			}).Draw(t, "fold")()
			exact(t, b.View(w, h, dark), w, h)
			b.Next()
			exact(t, b.View(w, h, dark), w, h)
		}
		w, h = sizes(t)
		exact(t, b.View(w, h, dark), w, h)
	})
}

func TestEveryFieldHasItsSize(t *testing.T) {
	keys := []string{"left", "right", "up", "down", "home", "end", "enter", "backspace", "delete", "ctrl+w", "ctrl+k", "ctrl+u", "alt+b", "alt+f", "pgup", "pgdown", "ctrl+end", "ctrl+home", "alt+d"}
	rapid.Check(t, func(t *rapid.T) {
		w, h := sizes(t)
		in, area := NewInput(), NewArea()
		in.Placeholder, area.Placeholder = text.Const("type here"), text.Const("type here")
		in.SetValue(foreign.Draw(t, "value"))
		area.SetValue(foreign.Draw(t, "value"))
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			exact(t, in.View(w, dark), w, 1)
			if x := in.CursorX(); x < 0 || x >= w {
				t.Fatalf("cursor at %d of %d", x, w)
			}
			exact(t, area.View(w, h, dark), w, h)
			if x, y := area.Cursor(); x < 0 || x >= max(w, 2) || y < 0 || y >= h {
				t.Fatalf("cursor at %d,%d of %dx%d", x, y, w, h)
			}
			if rapid.Bool().Draw(t, "paste") {
				s := foreign.Draw(t, "pasted")
				in.Paste(s)
				area.Paste(s)
			}
			key := rapid.SampledFrom(keys).Draw(t, "key")
			in.Key(key, "")
			area.Key(key, "")
			typed := rapid.SampledFrom([]string{"q", "日", "\u0301"}).Draw(t, "typed")
			in.Key(typed, typed)
			area.Key(typed, typed)
		}
	})
}

func TestEveryPartHasItsSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := sizes(t)
		styled := dark.Paint(themes.Bad, text.Clean(foreign.Draw(t, "a")).String()) + text.Clean(foreign.Draw(t, "b")).String()
		exact(t, Fit(styled, w), w, 1)
		exact(t, Center(styled, w, h), w, h)
		left, right := Center(styled, w, h), Center(styled, 7, 3)
		exact(t, Beside(left, right, w, 7, dark), w+10, max(h, 3))
		box := Box(text.Clean(foreign.Draw(t, "title")), []string{styled, ""}, w, dark)
		exact(t, box, max(w, 6), 4)
		x, y := rapid.IntRange(-9, 260).Draw(t, "x"), rapid.IntRange(-9, 90).Draw(t, "y")
		exact(t, strings.Join(Splice(strings.Split(left, "\n"), box, x, y), "\n"), w, h)
		if got := Width(Hints(dark, []Hint{{"enter", "messages"}, {"s", "send"}, {"日", styled}}, []Hint{{"?", "keys"}}, w)); got > w {
			t.Fatalf("hints of %d cells, at most %d", got, w)
		}
	})
}

func TestHintsAreCutAsAWhole(t *testing.T) {
	hints := []Hint{{"enter", "messages"}, {"s", "send"}, {"d", "dead letters"}}
	tail := []Hint{{"?", "keys"}}
	for w, want := range map[int]string{
		80: "enter messages  s send  d dead letters  ? keys",
		46: "enter messages  s send  d dead letters  ? keys",
		45: "enter messages  s send  …  ? keys",
		33: "enter messages  s send  …  ? keys",
		32: "enter messages  …  ? keys",
		10: "…  ? keys",
		6:  "? keys",
		5:  "…",
	} {
		if got := ansi.Strip(Hints(dark, hints, tail, w)); got != want {
			t.Errorf("in %d cells: %q, want %q", w, got, want)
		}
	}
}

func TestSpark(t *testing.T) {
	for _, tt := range []struct {
		in   []int
		w    int
		want string
	}{
		{[]int{0, 1, 2, 3, 4, 5, 6, 7}, 8, "▁▂▃▄▅▆▇█"},
		{[]int{0, 0, 0}, 3, "▁▁▁"},
		{[]int{88, 88, 88}, 3, "▃▃▃"},
		{[]int{7}, 4, "   ▃"},
		{nil, 4, "    "},
		{[]int{0, 9, 0, 0, 0, 0}, 3, "█▁▁"},
		{[]int{-1, 0, 4}, 3, "·▁█"},
		{[]int{1000, 1001, 1000}, 3, "▃▃▃"},
		{[]int{1}, 0, ""},
	} {
		if got := Spark(tt.in, tt.w); got != tt.want {
			t.Errorf("%v in %d cells: %q, want %q", tt.in, tt.w, got, tt.want)
		}
	}
}

func TestBar(t *testing.T) {
	for _, tt := range []struct {
		done, total int
		want        string
	}{{0, 10, "░░░░"}, {5, 10, "██░░"}, {10, 10, "████"}, {12, 10, "████"}, {9, 10, "███░"}, {3, 0, "░░░░"}, {-1, 5, "░░░░"}} {
		if got := Bar(tt.done, tt.total, 4); got != tt.want {
			t.Errorf("%d of %d: %q, want %q", tt.done, tt.total, got, tt.want)
		}
	}
}

func TestSpliceKeepsWhatStandsBeside(t *testing.T) {
	lines := []string{dark.Paint(themes.Good, "日本語日本語"), "abcdefghijkl"}
	got := Splice(lines, "XX\nYY", 3, 0)
	if a, b := ansi.Strip(got[0]), ansi.Strip(got[1]); a != "日 XX 日本語"[:len("日 XX")]+" 本語" && a != "日 XX 日本語" || b != "abcYYfghijkl" {
		t.Errorf("got %q and %q", a, b)
	}
	if lines[1] != "abcdefghijkl" {
		t.Error("the given lines are changed")
	}
}

func BenchmarkSplice(b *testing.B) {
	table := benchTable(1000)
	lines := strings.Split(table.View(200, 50, dark), "\n")
	box := Box(text.Const("Purge orders?"), make([]string, 12), 76, dark)
	for b.Loop() {
		Splice(lines, box, 60, 15)
	}
}

func benchTable(n int) *Table[string] {
	table := NewTable[string]([]Column{
		{Title: "NAME", Min: 18, Max: 80, Flex: 1},
		{Title: "", Min: 3, Max: 3},
		{Title: "TYPE", Min: 4, Max: 4, Priority: 6},
		{Title: "VISIBLE", Min: 8, Max: 11, Right: true},
		{Title: "IN FLIGHT", Min: 9, Max: 9, Right: true},
		{Title: "DELAYED", Min: 7, Max: 9, Right: true},
		{Title: "OLDEST", Min: 7, Max: 8, Right: true},
		{Title: "IN/s", Min: 6, Max: 6, Right: true},
		{Title: "OUT/s", Min: 6, Max: 6, Right: true},
		{Title: "TREND 5m", Min: 10, Max: 10},
	})
	names, numbers := make([]string, n), text.Const("1,204")
	for i := range names {
		names[i] = fmt.Sprintf("orders-%06d-dlq.fifo", i)
	}
	spark := text.Const(Spark([]int{1, 5, 2, 7, 3, 9, 4, 2, 6, 8}, 10))
	table.SetRows(n, func(i int) string { return names[i] }, func(i, col int) Cell {
		switch col {
		case 0:
			return Cell{Text: text.Clean(names[i]), Role: themes.Strong}
		case 1:
			return Cell{Text: text.Const("DLQ"), Role: themes.DLQ}
		case 2:
			return Cell{Text: text.Const("fifo"), Role: themes.Fifo}
		case 9:
			return Cell{Text: spark, Role: themes.Spark}
		}
		return Cell{Text: numbers, Role: themes.Number}
	})
	return table
}

func BenchmarkTable(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			table := benchTable(n)
			table.View(200, 50, dark)
			by := 1
			b.ReportAllocs()
			for b.Loop() {
				if _, last := table.Visible(); last == table.Len() {
					table.Top()
				}
				table.Move(by)
				table.View(200, 50, dark)
			}
		})
	}
}
