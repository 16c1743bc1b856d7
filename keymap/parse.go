package keymap

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// modifiers are in the order in which a key press names them.
func modifiers() []string { return []string{"ctrl", "alt", "shift", "meta", "hyper", "super"} }

// named are the keys that have a name instead of a character, but for f1 to f63.
func named() []string {
	return []string{
		"enter", "tab", "backspace", "esc", "space", "up", "down", "left", "right", "home", "end", "pgup", "pgdown",
		"insert", "delete", "begin", "find", "select", "menu", "pause", "printscreen",
	}
}

// otherNames are what people call keys that have another name here.
func otherNames() map[string]string {
	return map[string]string{
		"escape": "esc", "return": "enter", "cr": "enter", "pageup": "pgup", "page_up": "pgup", "pagedown": "pgdown",
		"page_down": "pgdown", "pgdn": "pgdown", "del": "delete", "ins": "insert", "bs": "backspace", "spacebar": "space",
		"control": "ctrl", "ctl": "ctrl", "c": "ctrl", "option": "alt", "opt": "alt", "m": "alt", "a": "alt", "s": "shift",
		"cmd": "super", "command": "super", "win": "super", "plus": "+",
	}
}

// Parse reads the name of a key: a character, as "s", "G" or "?", or a name, as
// "enter", "pgdown" or "f5", with "ctrl+", "alt+", "shift+" and so on before it
// in any order. It returns the name as a key press has it in Bubble Tea. Else
// the error says what is wrong and what would be right; names that no terminal
// sends, and those that another key sends too, are wrong.
func Parse(name string) (string, error) {
	mods, key := split(name)
	given := map[string]bool{}
	for _, m := range mods {
		if !slices.Contains(modifiers(), m) {
			return "", fmt.Errorf("%q is no modifier: %s", m, hint(m, otherNames(), "it is one of "+strings.Join(modifiers(), ", ")))
		}
		if given[m] {
			return "", fmt.Errorf("%q has %s twice", name, m)
		}
		given[m] = true
	}
	switch {
	case key == "":
		return "", fmt.Errorf("%q names no key: write a character, or a name such as enter, esc, pgdown or f5", name)
	case key == " ":
		return "", fmt.Errorf("%q: write space", name)
	case utf8.RuneCountInString(key) == 1:
		if err := character(name, key, given); err != nil {
			return "", err
		}
	case !slices.Contains(named(), key) && !function(key):
		return "", fmt.Errorf("%q is no key: %s", key, hint(key, otherNames(), "write a character, or one of "+strings.Join(named(), ", ")+", f1 to f63"))
	}
	out := ""
	for _, m := range modifiers() {
		if given[m] {
			out += m + "+"
		}
	}
	return out + key, nil
}

// split parts the modifiers from the key, which may itself be a plus.
func split(name string) (mods []string, key string) {
	rest, plus := name, ""
	if name == "+" || strings.HasSuffix(name, "++") {
		rest, plus = strings.TrimSuffix(name, "+"), "+"
	}
	mods = strings.Split(rest, "+")
	key = mods[len(mods)-1] + plus
	return mods[:len(mods)-1], key
}

// character refuses characters that arrive under another name.
func character(name, key string, mods map[string]bool) error {
	r, _ := utf8.DecodeRuneInString(key)
	switch {
	case r == utf8.RuneError || !unicode.IsPrint(r):
		return fmt.Errorf("%q: this character cannot be typed", name)
	case len(mods) == 1 && mods["shift"]:
		return fmt.Errorf("%q: write the character that shift makes of it, such as %q", name, strings.ToUpper(key))
	case len(mods) > 0 && unicode.IsUpper(r):
		return fmt.Errorf("%q: with a modifier write the small letter, and shift+ where shift is held: %q", name, strings.TrimSuffix(name, key)+strings.ToLower(key))
	}
	if same := map[string]string{"i": "tab", "m": "enter", "[": "esc"}[key]; same != "" && len(mods) == 1 && mods["ctrl"] {
		return fmt.Errorf("%q is the same as %s on most terminals: use another key", name, same)
	}
	return nil
}

func function(key string) bool {
	n, err := strconv.Atoi(strings.TrimPrefix(key, "f"))
	return err == nil && n >= 1 && n <= 63 && key == "f"+strconv.Itoa(n)
}

// hint is the right name for one that is known by another, else what there is.
func hint(name string, others map[string]string, all string) string {
	lower := strings.ToLower(name)
	if right, ok := others[lower]; ok {
		return fmt.Sprintf("write %q", right)
	}
	if lower != name && (slices.Contains(named(), lower) || slices.Contains(modifiers(), lower) || function(lower)) {
		return fmt.Sprintf("write %q", lower)
	}
	return all
}
