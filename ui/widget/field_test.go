package widget

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"sqscope/themes"
	"sqscope/ui/text"
)

// keyed is a field of either kind.
type keyed interface {
	Key(stroke, typed string) bool
	Value() string
}

// press presses keys by name; anything else is typed.
func press(f keyed, keys ...string) {
	for _, k := range keys {
		switch {
		case len(k) == 1 || k[0] >= 0x80:
			f.Key(k, k)
		case k == "space":
			f.Key(k, " ")
		default:
			f.Key(k, "")
		}
	}
}

func TestInputKeys(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		keys        string
		want        string
	}{
		{"typing", "", "q ? / : d space x", "q?/:d x"},
		{"in the middle", "ac", "left b", "abc"},
		{"at the beginning", "bc", "home a", "abc"},
		{"at the beginning and the end", "b", "ctrl+a a ctrl+e c", "abc"},
		{"backspace", "abc", "backspace left backspace", "b"},
		{"backspace at the beginning", "abc", "home backspace", "abc"},
		{"delete", "abc", "home delete", "bc"},
		{"delete at the end", "abc", "delete", "abc"},
		{"a whole character", "ne\u0301", "backspace", "n"},
		{"a joined emoji", "x👩\u200d💻", "backspace", "x"},
		{"over a joined emoji", "x👩\u200d💻", "left y", "xy👩\u200d💻"},
		{"a word back", "delete from orders", "ctrl+w", "delete from "},
		{"two words back", "delete from orders-", "ctrl+w ctrl+w", "delete "},
		{"a word ahead", "delete from orders", "home alt+d", " from orders"},
		{"by words", "one two three", "alt+b alt+b x", "one xtwo three"},
		{"by words ahead", "one two three", "home alt+f x", "onex two three"},
		{"to the beginning", "one two", "left ctrl+u", "o"},
		{"to the end", "one two", "home right ctrl+k", "o"},
		{"no key of ours", "one", "f5 tab ctrl+x", "one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := NewInput()
			in.SetValue(tt.value)
			press(&in, strings.Fields(tt.keys)...)
			if got := in.Value(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestInputTellsWhetherItsValueChanged(t *testing.T) {
	in := NewInput()
	for _, step := range []struct {
		stroke, typed string
		want          bool
	}{{"a", "a", true}, {"left", "", false}, {"backspace", "", false}, {"delete", "", true}, {"f5", "", false}, {"space", " ", true}} {
		if got := in.Key(step.stroke, step.typed); got != step.want {
			t.Errorf("%s: %v", step.stroke, got)
		}
	}
}

func TestAPasteIntoALineIsOneLine(t *testing.T) {
	in := NewInput()
	in.SetValue("<>")
	press(&in, "left")
	in.Paste("a\r\nb\tc\n")
	if got := in.Value(); got != "<a b c>" {
		t.Errorf("got %q", got)
	}
}

func TestInputScrollsSidewaysWithASign(t *testing.T) {
	in := NewInput()
	in.SetValue("0123456789")
	for _, step := range []struct {
		key, view string
		cursor    int
	}{
		{"end", "…456789 ", 7},
		{"left", "…456789 ", 6},
		{"home", "0123456…", 0},
		{"right", "0123456…", 1},
		{"end", "…456789 ", 7},
		{"ctrl+u", "name    ", 0},
	} {
		press(&in, step.key)
		in.Placeholder = text.Const("name")
		if got := ansi.Strip(in.View(8, dark)); got != step.view || in.CursorX() != step.cursor {
			t.Errorf("%s: %q with the cursor at %d, want %q and %d", step.key, got, in.CursorX(), step.view, step.cursor)
		}
	}
}

func TestAFieldShowsHostileTextSafelyAndKeepsItsBytes(t *testing.T) {
	const hostile = "a\x1b]52;c;eA==\ab\xff\u202e"
	in, area := NewInput(), NewArea()
	in.SetValue(hostile)
	area.SetValue(hostile + "\r\n\x9b")
	if in.Value() != hostile || area.Value() != hostile+"\r\n\x9b" {
		t.Errorf("the values are %q and %q", in.Value(), area.Value())
	}
	for _, view := range []string{in.View(60, dark), area.View(60, 3, dark)} {
		if strings.Contains(view, "\x1b]") || !strings.Contains(view, dark.SGR(themes.Foreign)+"␛") || strings.Contains(view, "\a") || !utf8.ValidString(view) {
			t.Errorf("got %q", view)
		}
	}
}

func TestAreaKeys(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		keys        string
		want        string
	}{
		{"lines", "", "a enter b enter", "a\nb\n"},
		{"a line split", "ab", "left enter", "a\nb"},
		{"lines joined from below", "a\nb", "home backspace", "ab"},
		{"lines joined from above", "a\nb", "ctrl+home end delete", "ab"},
		{"left over a line's beginning", "a\nb", "home left x", "ax\nb"},
		{"right over a line's end", "a\nb", "up end right x", "a\nxb"},
		{"up keeps the cell", "abcdef\nx\nabcdef", "left left up up X", "abcdXef\nx\nabcdef"},
		{"left forgets the cell", "abcdef\nabcdef", "left left up left up down X", "abcdef\nabcXdef"},
		{"down from the last line", "ab", "home down X", "Xab"},
		{"to the beginning and the end", "a\nb\nc", "ctrl+home x ctrl+end y", "xa\nb\ncy"},
		{"the rest of a line", "ab\ncd", "ctrl+home right ctrl+k ctrl+k", "acd"},
		{"the beginning of a line", "ab\ncd", "ctrl+u ctrl+u", "ab"},
		{"a word", "one two", "ctrl+w", "one "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			area := NewArea()
			area.SetValue(tt.value)
			area.View(40, 10, dark)
			press(&area, strings.Fields(tt.keys)...)
			if got := area.Value(); got != tt.want || area.Bytes() != len(tt.want) {
				t.Errorf("got %q of %d bytes, want %q", got, area.Bytes(), tt.want)
			}
		})
	}
}

func TestAreaMovesByTheRowsThatAreSeen(t *testing.T) {
	area := NewArea()
	area.SetValue("0123456789abcdefghij")
	if got := strings.Fields(ansi.Strip(area.View(11, 3, dark))); strings.Join(got, "|") != "0123456789|abcdefghij" {
		t.Fatalf("shown as %q", got)
	}
	press(&area, "home", "right", "down", "right")
	area.View(11, 3, dark)
	if x, y := area.Cursor(); x != 2 || y != 1 {
		t.Errorf("the cursor is at %d,%d", x, y)
	}
	press(&area, "X")
	if got := area.Value(); got != "0123456789abXcdefghij" {
		t.Errorf("got %q", got)
	}
}

func TestAreaScrollsToTheCursor(t *testing.T) {
	area := NewArea()
	area.SetValue("a\nb\nc\nd\ne\nf\ng\nh")
	view := func() string { return strings.Join(strings.Fields(ansi.Strip(area.View(20, 3, dark))), "") }
	if got := view(); got != "f│g│h┃" {
		t.Errorf("at the end: %q", got)
	}
	press(&area, "pgup", "pgup")
	if got := view(); got != "b┃c│d│" {
		t.Errorf("two pages up: %q", got)
	}
	press(&area, "ctrl+home")
	if got := view(); got != "a┃b│c│" {
		t.Errorf("at the top: %q", got)
	}
}

func TestAPasteIntoAnAreaIsKeptByteForByte(t *testing.T) {
	for pasted, want := range map[string]string{
		"a\r\n\tb\rc\n": "<a\r\n\tb\rc\n>",
		"a\rb\r":        "<a\nb\n>", // what a terminal makes of line ends
		"\xff\x00":      "<\xff\x00>",
	} {
		area := NewArea()
		area.SetValue("<>")
		press(&area, "left")
		area.Paste(pasted)
		if got := area.Value(); got != want {
			t.Errorf("%q became %q", pasted, got)
		}
	}
}

func TestUndoTakesBackOneChangeAfterTheOther(t *testing.T) {
	area := NewArea()
	area.SetValue("first")
	press(&area, "ctrl+u", "a", "b", "left", "c", "enter")
	area.Paste("x\ny")
	area.Replace("{}")
	for _, want := range []string{"ac\nx\nyb", "ac\nb", "acb", "ab", "", "first"} {
		if !area.Undo() || area.Value() != want {
			t.Errorf("got %q, not %q", area.Value(), want)
		}
	}
	if area.Undo() {
		t.Error("something was before the first value")
	}
	press(&area, "!")
	if got := area.Value(); got != "first!" {
		t.Errorf("the cursor was not brought back: %q", got)
	}
}

// TestAreaAgainstAModel presses random keys on an area and on a plain string
// with a cursor, for the keys that do not depend on how lines are wrapped.
func TestAreaAgainstAModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		area := NewArea()
		value, at := "", 0
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch key := rapid.SampledFrom([]string{"left", "right", "backspace", "delete", "enter", "home", "end", "a", "b"}).Draw(t, "key"); key {
			case "left":
				at = max(at-1, 0)
				press(&area, key)
			case "right":
				at = min(at+1, len(value))
				press(&area, key)
			case "backspace":
				if at > 0 {
					value, at = value[:at-1]+value[at:], at-1
				}
				press(&area, key)
			case "delete":
				if at < len(value) {
					value = value[:at] + value[at+1:]
				}
				press(&area, key)
			case "home":
				at = strings.LastIndex(value[:at], "\n") + 1
				press(&area, key)
			case "end":
				if i := strings.Index(value[at:], "\n"); i >= 0 {
					at += i
				} else {
					at = len(value)
				}
				press(&area, key)
			case "enter":
				value, at = value[:at]+"\n"+value[at:], at+1
				press(&area, key)
			default:
				value, at = value[:at]+key+value[at:], at+1
				press(&area, key)
			}
			if got := area.Value(); got != value {
				t.Fatalf("got %q, want %q", got, value)
			}
		}
	})
}

func BenchmarkAreaKey(b *testing.B) {
	for name, value := range map[string]string{"8KiB": strings.Repeat("a line of text 日本\n", 8<<10/22), "8KiB line": strings.Repeat("x", 8<<10), "1MiB line": strings.Repeat("x", 1<<20)} {
		b.Run(name, func(b *testing.B) {
			area := NewArea()
			area.SetValue(value)
			area.View(100, 30, dark)
			for b.Loop() {
				area.Key("x", "x")
				area.View(100, 30, dark)
				area.Cursor()
			}
		})
	}
}
