package keymap

import (
	"slices"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
)

// pressed is what a key press is called in Bubble Tea, whose key this is.
func pressed(code rune, mod uv.KeyMod, text string) string {
	return uv.Key{Code: code, Mod: mod, Text: text}.String()
}

func TestAKeyIsNamedAsAKeyPressIs(t *testing.T) {
	for name, want := range map[string]string{
		"s":             pressed('s', 0, "s"),
		"G":             pressed('g', uv.ModShift, "G"),
		"?":             pressed('/', uv.ModShift, "?"),
		"é":             pressed('é', 0, "é"),
		"+":             pressed('+', 0, "+"),
		"space":         pressed(uv.KeySpace, 0, " "),
		"ctrl+s":        pressed('s', uv.ModCtrl, ""),
		"ctrl++":        pressed('+', uv.ModCtrl, ""),
		"shift+tab":     pressed(uv.KeyTab, uv.ModShift, ""),
		"f5":            pressed(uv.KeyF5, 0, ""),
		"f63":           pressed(uv.KeyF63, 0, ""),
		"pgdown":        pressed(uv.KeyPgDown, 0, ""),
		"alt+x":         pressed('x', uv.ModAlt, ""),
		"shift+alt+x":   pressed('x', uv.ModAlt|uv.ModShift, ""),
		"super+shift+a": pressed('a', uv.ModSuper|uv.ModShift, ""),
		"alt+ctrl+down": pressed(uv.KeyDown, uv.ModCtrl|uv.ModAlt, ""),
	} {
		if got, err := Parse(name); err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v; a press is %q", name, got, err, want)
		}
	}
}

func TestEveryNameIsOfAKeyThatThereIs(t *testing.T) {
	var there []string
	for _, c := range []rune{uv.KeyEnter, uv.KeyTab, uv.KeyBackspace, uv.KeyEscape, uv.KeySpace} {
		there = append(there, pressed(c, 0, ""))
	}
	for c := uv.KeyUp; c < uv.KeyUp+400; c++ {
		there = append(there, pressed(c, 0, ""))
	}
	for _, n := range named() {
		if !slices.Contains(there, n) {
			t.Errorf("no key press is called %q", n)
		}
	}
}

func TestEveryDefaultKeyCanBeWritten(t *testing.T) {
	for _, s := range Scopes() {
		for _, a := range Default().In(s) {
			for _, k := range a.Keys {
				if got, err := Parse(k); err != nil || got != k {
					t.Errorf("%s: %q reads as %q, %v", a.ID, k, got, err)
				}
			}
		}
	}
}

func TestAKeyThatCannotBePressedSaysWhatToWrite(t *testing.T) {
	for name, hint := range map[string]string{
		"":              "names no key",
		" ":             "write space",
		"ctrl+":         "names no key",
		"escape":        `write "esc"`,
		"PageDown":      `write "pgdown"`,
		"Enter":         `write "enter"`,
		"F5":            `write "f5"`,
		"control+s":     `write "ctrl"`,
		"Ctrl+s":        `write "ctrl"`,
		"ctrl+S":        `"ctrl+s"`,
		"ctrl+ctrl+s":   "twice",
		"shift+g":       `"G"`,
		"f64":           "f1 to f63",
		"f05":           "f1 to f63",
		"ctrl+i":        "same as tab",
		"ctrl+m":        "same as enter",
		"ctrl+[":        "same as esc",
		"foot":          "one of enter",
		"strg+s":        "one of ctrl",
		"\x1b":          "cannot be typed",
		"\xff":          "cannot be typed",
		"ctrl+\u202e":   "cannot be typed",
		"ctrl+pagedown": `write "pgdown"`,
	} {
		if _, err := Parse(name); err == nil || !strings.Contains(err.Error(), hint) {
			t.Errorf("Parse(%q): %v, want %q in it", name, err, hint)
		}
	}
}

// FuzzParse: what is taken is a name that reads as itself.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"s", "ctrl+s", "++", "ctrl++", "alt+shift+f5", "shift+g", "", "+", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		key, err := Parse(name)
		if err != nil {
			return
		}
		if again, err := Parse(key); err != nil || again != key {
			t.Fatalf("%q reads as %q, which reads as %q, %v", name, key, again, err)
		}
	})
}
