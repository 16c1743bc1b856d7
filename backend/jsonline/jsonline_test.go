package jsonline

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func TestATerminalObeysNothingInALine(t *testing.T) {
	for in, want := range map[string]string{
		"\x7f \u009b31m": `"\u007f \u009b31m"`, "a\u202eb\u2066c\u061cd\u200ee\u200f": `"a\u202eb\u2066c\u061cd\u200ee\u200f"`,
		"Grüße, 王芳 🎉": `"Grüße, 王芳 🎉"`,
	} {
		if got := string(Escape([]byte(`"` + in + `"`))); got != want {
			t.Errorf("%q became %s, want %s", in, got, want)
		}
	}
}

func FuzzEscape(f *testing.F) {
	f.Add("a\x7fb\u2029")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip("encoding/json would change it")
		}
		doc, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		line := Escape(doc)
		for _, r := range string(line) {
			if Obeyed(r) {
				t.Errorf("%q has %U", line, r)
			}
		}
		var back string
		if err := json.Unmarshal(line, &back); err != nil || back != s {
			t.Errorf("%q came back as %q, %v", s, back, err)
		}
	})
}
