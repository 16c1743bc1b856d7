package tomlfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

type level string

type sample struct {
	Title   string                       `toml:"title"`
	Level   level                        `toml:"level"`
	Count   *int                         `toml:"count"`
	Rate    float64                      `toml:"rate"`
	On      bool                         `toml:"on"`
	Pins    []string                     `toml:"pins"`
	Keys    map[string][]string          `toml:"keys"`
	Themes  map[string]map[string]string `toml:"themes"`
	Any     map[string]any               `toml:"any"`
	Inner   *inner                       `toml:"inner"`
	Entries []inner                      `toml:"entries"`
	hidden  string
}

type inner struct {
	Name  string `toml:"name"`
	Inner *inner `toml:"inner"`
}

func some[T any](v T) *T { return &v }

// What a file says comes into the struct, and what it does not say stays.
func TestReadFillsTheStruct(t *testing.T) {
	const text = `
title = "one"
level = "view"
count = 7
rate = 2
on = true
pins = ["a", # the first
  "b"]
any = { a = 1, b = [1.5, "x"] }
[keys]
"queues.send" = ["s", "ctrl+s"]
[themes.mine]
text = "#fff"
[[entries]]
name = "first"
[[entries]]
inner = { name = "deep" }
`
	got := sample{Inner: &inner{Name: "stays"}, Keys: map[string][]string{"old": {"o"}}, Pins: []string{"gone"}, hidden: "stays"}
	f, err := Read("x.toml", []byte(text), Options{}, &got)
	if err != nil {
		t.Fatal(err)
	}
	want := sample{
		Title: "one", Level: "view", Count: some(7), Rate: 2, On: true, Pins: []string{"a", "b"},
		Keys:   map[string][]string{"old": {"o"}, "queues.send": {"s", "ctrl+s"}},
		Themes: map[string]map[string]string{"mine": {"text": "#fff"}},
		Any:    map[string]any{"a": int64(1), "b": []any{1.5, "x"}},
		Inner:  &inner{Name: "stays"}, Entries: []inner{{Name: "first"}, {Inner: &inner{Name: "deep"}}}, hidden: "stays",
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(sample{})); d != "" {
		t.Error(d)
	}
	if !f.Has(Path("keys", "queues.send", 1)) || f.Has(Path("keys", "queues", "send")) {
		t.Error("a key with a dot is one key")
	}
	if f.Order()[0] != "title" {
		t.Errorf("begins with %q", f.Order()[0])
	}
}

// Whatever is wrong is said with its place and with what was expected.
func TestWhatIsWrongAndWhere(t *testing.T) {
	tests := []struct {
		name, file string
		at         string
		says, next string
	}{
		{"syntax", "title = ", "1:8", "not TOML", "TOML"},
		{"key twice", "title = \"a\"\ntitle = \"b\"", "2:1", "already", ""},
		{"key twice behind other letters", "any = { \"é\" = 1, b = 1, b = 2 }", "1:25", "already", ""},
		{"number too large", "count = 99999999999999999999", "1:9", "", ""},
		{"slip of the pen", "titel = \"x\"", "1:1", `unknown key "titel"`, "did you mean title?"},
		{"wrong case", "[Themes]", "1:2", `unknown key "Themes"`, "did you mean themes?"},
		{"nothing like it", "zzzzzzzz = 1", "1:1", `unknown key "zzzzzzzz"`, "expected one of title, level"},
		{"in a table", "[inner]\n\nnames = \"x\"", "3:1", `unknown key "names"`, "did you mean name?"},
		{"in an inline table", `inner = { inner = { nam = "é" } }`, "1:21", `unknown key "nam"`, "name"},
		{"untagged field", `hidden = "x"`, "1:1", `unknown key "hidden"`, ""},
		{"text", "title = 5", "1:1", `"title" cannot be a whole number`, "a text in quotes"},
		{"number", "rate = \"5\"", "1:1", `"rate" cannot be a text`, "a number"},
		{"whole number", "count = 1.5", "1:1", `"count" cannot be a number`, "a whole number"},
		{"truth", "on = 1", "1:1", `"on" cannot be a whole number`, "true or false"},
		{"date", "title = 2020-01-01", "1:1", "a date or time", "a text in quotes"},
		{"array", `pins = "a"`, "1:1", `"pins" cannot be a text`, "each element a text in quotes"},
		{"element", "pins = [\"a\",\n 5]", "2:2", `"pins" cannot be a whole number`, "a text in quotes"},
		{"tables for texts", "[[pins]]", "1:3", `"pins" cannot be an array of tables`, "an array in brackets"},
		{"table for tables", "[entries]", "1:2", `"entries" cannot be a table`, "double brackets"},
		{"element of a map", "[keys]\nx = [\"a\", true]", "2:11", `"x" cannot be true or false`, "a text"},
		{"too deep", strings.Repeat("a.", 200) + "a = 1", "1:129", "too deep", "at most 64"},
		{"too deep an array", "any.a = " + strings.Repeat("[", 200) + strings.Repeat("]", 200), "", "too deep", "at most 64"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read("x.toml", []byte(tt.file), Options{}, &sample{})
			e := backend.AsError(err)
			if err == nil || e.Kind != backend.KindInvalid || !strings.Contains(e.Message, tt.says) || !strings.Contains(e.Next, tt.next) {
				t.Errorf("got %v", err)
			}
			if tt.at != "" && e != nil && e.Subject != "x.toml:"+tt.at {
				t.Errorf("at %s, want %s: %v", e.Subject, tt.at, e)
			}
		})
	}
}

// The format is looked at before the keys, which belong to it.
func TestFormat(t *testing.T) {
	for file, says := range map[string]string{
		"title = \"x\"":           "x.toml:1:1: the file does not say its format (expected format = 2 as the first line)",
		"format = 3\nnews = true": "x.toml:1:1: the file has format 3, which this sqscope does not know (expected format = 2, or a newer sqscope)",
		"format = 1":              "x.toml:1:1: there is no format 1 (expected format = 2)",
		"format = \"2\"":          "x.toml:1:1: the format is not a whole number (expected format = 2)",
		"format = 2\nnews = true": `x.toml:2:1: unknown key "news" (expected one of title, level, count, rate, on, pins, keys, themes, any, inner, entries)`,
		"format = 2":              "",
		"\ufeffformat = 2":        "", // as editors of Windows write it
	} {
		_, err := Read("x.toml", []byte(file), Options{Format: 2}, &sample{})
		if got := fmt.Sprint(err); err == nil && says != "" || err != nil && got != says {
			t.Errorf("%q: got %v, want %s", file, err, says)
		}
	}
}

func TestAFileThatIsTooLarge(t *testing.T) {
	_, err := Read("x.toml", make([]byte, 2<<20+1), Options{Max: 2 << 20}, &sample{})
	if err == nil || !strings.Contains(err.Error(), "larger than 2 MiB") {
		t.Errorf("got %v", err)
	}
}

// After an error the struct is as it was.
func TestReadIsAllOrNothing(t *testing.T) {
	got := sample{Title: "old"}
	if _, err := Read("x.toml", []byte("title = \"new\"\ncount = \"x\""), Options{}, &got); err == nil || got.Title != "old" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// ReadAll tells all that is wrong and takes the rest.
func TestReadAllGoesOnWithWhatIsRight(t *testing.T) {
	const text = `title = 5
level = "peek"
nope = { title = 1 }
pins = ["a", 2, true]
count = 3
[keys]
a = ["x"]
b = "y"
[inner]
name = 1
inner = { name = "kept", nam = "lost" }
[[entries]]
name = "kept"
[[entries]]
name = {}
[[entries]]
name = "kept too"
`
	got := sample{Title: "default", Pins: []string{"default"}, Inner: &inner{Name: "default"}}
	_, problems := ReadAll("x.toml", []byte(text), Options{}, &got)
	want := sample{
		Title: "default", Level: "peek", Pins: []string{"default"}, Count: some(3), Keys: map[string][]string{"a": {"x"}},
		Inner:   &inner{Name: "default", Inner: &inner{Name: "kept"}},
		Entries: []inner{{Name: "kept"}, {}, {Name: "kept too"}},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(sample{})); d != "" {
		t.Error(d)
	}
	var at []string
	for _, p := range problems {
		at = append(at, strings.TrimPrefix(p.Subject, "x.toml:"))
	}
	if d := cmp.Diff([]string{"1:1", "3:1", "4:14", "8:1", "10:1", "11:26", "15:1"}, at); d != "" {
		t.Errorf("places: %s", d)
	}
}

func TestReadAllOfWhatIsNoTOML(t *testing.T) {
	got := sample{Title: "default"}
	f, problems := ReadAll("x.toml", []byte("title = \"new\"\n]"), Options{}, &got)
	if len(problems) != 1 || problems[0].Subject != "x.toml:2:1" || got.Title != "default" {
		t.Errorf("got %+v, %v", got, problems)
	}
	if e := f.Errorf("title", "", "x"); e.Subject != "x.toml:1:1" {
		t.Errorf("a file that is no TOML knows a place: %v", e)
	}
}

// An error about a part of a text points at the part.
func TestErrorsLongAfterTheReading(t *testing.T) {
	var s sample
	f, err := Read("x.toml", []byte("[inner]\n  name = \"é one {two} three\"\n"), Options{}, &s)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		err *backend.Error
		at  string
	}{
		{f.Errorf("inner.name", "x", "y"), "2:3"},
		{f.Errorf("inner.inner", "x", "y"), "1:2"},
		{f.Errorf("nowhere", "x", "y"), "1:1"},
		{f.ErrorIn("inner.name", "{two}", "x", "y"), "2:17"},
		{f.ErrorIn("inner.name", "{four}", "x", "y"), "2:3"},
	} {
		if tt.err.Subject != "x.toml:"+tt.at {
			t.Errorf("at %s, want %s", tt.err.Subject, tt.at)
		}
	}
}

func TestNear(t *testing.T) {
	known := []string{"throttle", "latency", "accessDenied", "shortBatch", "rate", "to", "on"}
	for name, want := range map[string]string{
		"throtle": "throttle", "thorttle": "throttle", "THROTTLE": "throttle", "accesdenid": "accessDenied", "rat": "rate",
		"ot": "to on", "x": "", "banana": "", "": "", "shortbatches": "shortBatch",
		"access": "accessDenied", "ac": "", "THRO": "throttle",
	} {
		if got := strings.Join(Near(name, known), " "); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	if got, want := OneOf("ot", known[5:]), "one of to, on; did you mean to or on?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// However wrong a file is, the answer says where, and both readers agree.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"title = \"x\"\ncount = 5\n[keys]\na = [\"x\", \"y\"]", "[[entries]]\nname = 1\n[entries.inner]\nnam = {a = [{}]}",
		"any = {a = [[1, [2]], {}], \"b.c\" = 1979-05-27T07:32:00Z}", "a.b.c = 1\n[a]\nb = 2", "\xef\xbb\xbftitle = 1",
		"pins = []\n[[pins]]", "[inner.inner]\n[inner]\nname = 'x'", "[[any.x]]\n[[any.x.y]]\n[any.x.z]",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var one, all sample
		_, err := Read("x.toml", data, Options{Max: 64 << 10}, &one)
		_, problems := ReadAll("x.toml", data, Options{Max: 64 << 10}, &all)
		if (err == nil) != (len(problems) == 0) {
			t.Fatalf("Read says %v, ReadAll %v", err, problems)
		}
		if err == nil {
			if d := cmp.Diff(one, all, cmp.AllowUnexported(sample{})); d != "" && !strings.Contains(d, "NaN") {
				t.Error(d)
			}
			return
		}
		if e := backend.AsError(err); e.Error() != problems[0].Error() {
			t.Errorf("Read says %v first, ReadAll %v", err, problems[0])
		}
		for _, p := range problems {
			if p.Kind != backend.KindInvalid || !strings.HasPrefix(p.Subject, "x.toml:") || p.Message == "" {
				t.Errorf("error without a place: %#v", p)
			}
		}
	})
}
