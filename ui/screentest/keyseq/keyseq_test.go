package keyseq

import "testing"

func TestKeyBytes(t *testing.T) {
	for _, tt := range []struct {
		key        string
		kitty, app bool
		want       string
	}{
		{"Enter", false, false, "\r"},
		{"Tab", false, false, "\t"},
		{"S-Tab", false, false, "\x1b[Z"},
		{"BTab", false, false, "\x1b[Z"},
		{"Esc", false, false, "\x1b"},
		{"Esc", true, false, "\x1b[27u"},
		{"Space", true, false, " "},
		{"Up", false, false, "\x1b[A"},
		{"Up", false, true, "\x1bOA"},
		{"C-Up", false, true, "\x1b[1;5A"},
		{"C-c", false, false, "\x03"},
		{"C-c", true, false, "\x1b[99;5u"},
		{"ctrl+i", false, false, "\t"},
		{"ctrl+i", true, false, "\x1b[105;5u"},
		{"alt+b", false, false, "\x1bb"},
		{"S-Enter", true, false, "\x1b[13;2u"},
		{"shift+enter", false, false, "\r"},
		{"PgDn", false, false, "\x1b[6~"},
		{"F1", false, false, "\x1bOP"},
		{"f12", false, false, "\x1b[24~"},
		{"Home", false, false, "\x1b[H"},
		{"alt+Enter", false, false, "\x1b\r"},
		{"C-Space", false, false, "\x00"},
		{"Delete", false, false, "\x1b[3~"},
	} {
		k, ok := Parse(tt.key)
		if !ok {
			t.Errorf("%s is not read as a key", tt.key)
			continue
		}
		if got := k.Bytes(tt.kitty, tt.app); got != tt.want {
			t.Errorf("%s (kitty %v, app %v) = %q, want %q", tt.key, tt.kitty, tt.app, got, tt.want)
		}
	}
	for _, word := range []string{"j", "/foo", "down", "enter", "-", "C-", "f1x"} {
		if _, ok := Parse(word); ok {
			t.Errorf("%q is read as a key", word)
		}
	}
}
