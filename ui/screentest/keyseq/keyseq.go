// Package keyseq turns names of keys into what a terminal sends for them.
package keyseq

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Key is a key with what is held down.
type Key struct {
	name             string // of a special key, or ""
	r                rune
	ctrl, alt, shift bool
}

type special struct {
	legacy string // as xterm sends it
	code   int    // of the Kitty protocol
	final  byte   // the letter that ends a sequence with modifiers
}

var specials = map[string]special{
	"enter": {"\r", 13, 'u'}, "tab": {"\t", 9, 'u'}, "esc": {"\x1b", 27, 'u'}, "space": {" ", 32, 'u'},
	"backspace": {"\x7f", 127, 'u'},
	"up":        {"\x1b[A", 1, 'A'}, "down": {"\x1b[B", 1, 'B'}, "right": {"\x1b[C", 1, 'C'}, "left": {"\x1b[D", 1, 'D'},
	"home": {"\x1b[H", 1, 'H'}, "end": {"\x1b[F", 1, 'F'},
	"insert": {"\x1b[2~", 2, '~'}, "delete": {"\x1b[3~", 3, '~'}, "pgup": {"\x1b[5~", 5, '~'}, "pgdown": {"\x1b[6~", 6, '~'},
	"f1": {"\x1bOP", 1, 'P'}, "f2": {"\x1bOQ", 1, 'Q'}, "f3": {"\x1bOR", 13, '~'}, "f4": {"\x1bOS", 1, 'S'},
	"f5": {"\x1b[15~", 15, '~'}, "f6": {"\x1b[17~", 17, '~'}, "f7": {"\x1b[18~", 18, '~'}, "f8": {"\x1b[19~", 19, '~'},
	"f9": {"\x1b[20~", 20, '~'}, "f10": {"\x1b[21~", 21, '~'}, "f11": {"\x1b[23~", 23, '~'}, "f12": {"\x1b[24~", 24, '~'},
}

var aliases = map[string]string{
	"return": "enter", "escape": "esc", "bs": "backspace", "bspace": "backspace", "del": "delete", "dc": "delete",
	"ins": "insert", "ic": "insert", "pageup": "pgup", "ppage": "pgup", "pagedown": "pgdown", "pgdn": "pgdown", "npage": "pgdown",
}

// Parse reads Enter, C-x, ctrl+x, M-Enter, shift+tab and the like. A bare
// character is no key: it is typed.
func Parse(word string) (Key, bool) {
	var k Key
	// A lower-case name without a modifier is a word to type: «down» is not Down.
	named := word != strings.ToLower(word) || len(word) > 1 && word[0] == 'f' && strings.Trim(word[1:], "0123456789") == ""
	for cut := true; cut; {
		cut = false
		for prefix, mod := range map[string]*bool{"C-": &k.ctrl, "M-": &k.alt, "S-": &k.shift, "ctrl+": &k.ctrl, "alt+": &k.alt, "shift+": &k.shift} {
			if after, ok := strings.CutPrefix(word, prefix); ok && after != "" {
				word, *mod, cut, named = after, true, true, true
			}
		}
	}
	name := strings.ToLower(word)
	if name == "btab" {
		name, k.shift = "tab", true
	}
	if a, ok := aliases[name]; ok {
		name = a
	}
	if _, ok := specials[name]; ok && named {
		k.name = name
		return k, true
	}
	if r, n := utf8.DecodeRuneInString(word); (k.ctrl || k.alt || k.shift) && n == len(word) {
		k.r = r
		return k, true
	}
	return k, false
}

// Bytes encodes a key as a terminal sends it: one with the Kitty protocol's
// disambiguation on, one whose cursor keys are in application mode.
func (k Key) Bytes(kitty, appCursor bool) string {
	mods := 1
	if k.shift {
		mods++
	}
	if k.alt {
		mods += 2
	}
	if k.ctrl {
		mods += 4
	}
	if k.name != "" {
		s := specials[k.name]
		plain := mods == 1
		if kitty && (k.name == "esc" || !plain) && s.final == 'u' && k.name != "space" {
			if plain {
				return "\x1b[27u"
			}
			return fmt.Sprintf("\x1b[%d;%du", s.code, mods)
		}
		switch {
		case plain && appCursor && s.code == 1 && strings.HasPrefix(s.legacy, "\x1b["):
			return "\x1bO" + string(s.final)
		case plain:
			return s.legacy
		case s.final == 'u':
			switch {
			case k.name == "tab" && mods == 2:
				return "\x1b[Z"
			case k.name == "space" && k.ctrl:
				return "\x00"
			case k.alt:
				return "\x1b" + s.legacy
			}
			return s.legacy
		}
		return fmt.Sprintf("\x1b[%d;%d%c", s.code, mods, s.final)
	}
	if kitty && (k.ctrl || k.alt) {
		return fmt.Sprintf("\x1b[%d;%du", k.r, mods)
	}
	out := string(k.r)
	if k.shift {
		out = strings.ToUpper(out)
	}
	if k.ctrl {
		switch {
		case k.r == '?':
			out = "\x7f"
		case k.r >= '@' && k.r < 0x80:
			out = string(k.r & 0x1f)
		}
	}
	if k.alt {
		out = "\x1b" + out
	}
	return out
}
