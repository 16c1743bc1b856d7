package scenario

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestLookup(t *testing.T) {
	const body = ` { "a" : "x\"y" , "n":-1.5e3,"in":{"deep":{"er":true},"s":"}"},"list":[1,{"a":2}],"e":"", "z":null}`
	tests := []struct {
		path, want string
		ok         bool
	}{
		{"a", `x\"y`, true},
		{"n", `-1.5e3`, true},
		{"in.deep.er", `true`, true},
		{"in.s", `}`, true},
		{"in.deep", `{"er":true}`, true},
		{"list", `[1,{"a":2}]`, true},
		{"e", ``, true},
		{"z", `null`, true},
		{"b", ``, false},
		{"a.b", ``, false},
		{"list.a", ``, false},
		{"in.a", ``, false},
	}
	for _, tt := range tests {
		if got, ok := lookup(body, strings.Split(tt.path, ".")); got != tt.want || ok != tt.ok {
			t.Errorf("%s is %q, %v, want %q, %v", tt.path, got, ok, tt.want, tt.ok)
		}
	}
}

// In an object that encoding/json takes, a value that it finds is found, and
// reads the same; and whatever is there, looking ends.
func FuzzLookup(f *testing.F) {
	f.Add(`{"a":"x","b":{"c":[1,2,{"d":null}]}}`, "a", "b")
	f.Add(`{"b":{"a`, "b", "a")
	f.Add(`{"a":]}`, "a", "")
	f.Fuzz(func(t *testing.T, body, first, second string) {
		lookup(body, []string{first, second})
		got, ok := lookup(body, []string{first})
		var all map[string]json.RawMessage
		if json.Unmarshal([]byte(body), &all) != nil || strings.Count(body, first) != 1 || strings.ContainsRune(body, '\\') {
			return
		}
		want, there := all[first]
		if !there {
			return // A key that differs by case or encoding.
		}
		if text := strings.TrimSpace(string(want)); !ok || got != text && `"`+got+`"` != text {
			t.Errorf("%q in %q is %q, %v, want %s", first, body, got, ok, text)
		}
	})
}

// What is quoted reads back as it was.
func FuzzQuote(f *testing.F) {
	f.Add("a \"b\" \\ \n\r\t\x01\x1f 日本 \u2028")
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "\ufffd") // as every text from a seed file is
		var back string
		if err := json.Unmarshal([]byte(`"`+string(appendQuoted(nil, []byte(s)))+`"`), &back); err != nil {
			t.Fatal(err)
		}
		if back != s {
			t.Errorf("%q came back as %q", s, back)
		}
	})
}
