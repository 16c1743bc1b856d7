package query

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/decode"
	"sqscope/backend/decode/document"
)

func find(t testing.TB, s string) *Find {
	t.Helper()
	f, err := ParseFind(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return f
}

func TestWhatIsTypedIsTextARegexpOrJQ(t *testing.T) {
	body := `{"path":"/orders/1","total":100,"name":"M\u00fcller","q":"a \"b\"","note":"jq .a"}`
	for typed, want := range map[string]bool{
		"":                      true,
		"  ":                    true,
		"total":                 true,
		"Total":                 false, // a capital letter asks for one
		"müller":                true,  // without the escape
		"MÜLLER":                false,
		`a "b"`:                 true,
		`"total": 100`:          true, // as it is laid out
		`"total":100`:           true, // as it stands
		"/orders":               true, // no regular expression without a second slash
		"/orders/1":             true, // nor with something else behind it
		"/o[a-r]+ers/":          true,
		"/TOTAL/":               false,
		"/TOTAL/i":              true,
		"/^.total/":             false,
		".json.total > 99":      true,
		"(.json.total) > 100":   false,
		"jq .json | has(\"q\")": true,
		"text jq .a":            true,
		"text .a":               true,
		"nothing":               false,
	} {
		r := decode.Decode(t.Context(), body, nil)
		got, err := find(t, typed).Match(t.Context(), r, func() map[string]any { return object(t, body) })
		if got != want || err != nil {
			t.Errorf("%q: %v, %v", typed, got, err)
		}
	}
}

func TestAllLayersAreSearched(t *testing.T) {
	body := `{"Type":"Notification","MessageId":"m","TopicArn":"topic","Message":"eyJpbm5lciI6Im5lZWRsZSJ9"}`
	r := decode.Decode(t.Context(), body, nil)
	for _, typed := range []string{"topic", "eyJpbm5lci", "needle", "/nee.le/"} {
		if got, _ := find(t, typed).Match(t.Context(), r, nil); !got {
			t.Errorf("%s is not found in %s", typed, r.Chain())
		}
	}
	masked := decode.Masked(t.Context(), r, []config.Mask{{Mode: "deny", Paths: []string{".inner"}}})
	for _, typed := range []string{"eyJpbm5lci", "needle", "/nee.le/"} {
		if got, _ := find(t, typed).Match(t.Context(), masked, nil); got {
			t.Errorf("%s is found behind a mask", typed)
		}
	}
}

func TestAWrongFindSaysWhere(t *testing.T) {
	for typed, want := range map[string]Error{
		"  .json &":   {Offset: 8, Problem: `"&" does not fit`, Expected: "and"},
		"/a(b/":       {Offset: 1, Problem: "missing closing )", Expected: "a regular expression of Go's syntax"},
		"/ab[z-a]c/i": {Offset: 4, Problem: "invalid character class range", Expected: "a regular expression of Go's syntax"},
		".env file":   {Offset: 5, Problem: `"file" does not fit`, Expected: "something else; a jq expression is such as .json.order.total > 100; for plain text write text .env file"},
	} {
		_, err := ParseFind(typed)
		var got *Error
		if !errors.As(err, &got) {
			t.Errorf("%s: %v", typed, err)
			continue
		}
		want.text = typed
		if diff := cmp.Diff(want, *got, cmp.AllowUnexported(Error{})); diff != "" {
			t.Errorf("%s: %s", typed, diff)
		}
		if backend.KindOf(err) != backend.KindInvalid {
			t.Errorf("%s: %v", typed, err)
		}
	}
}

// TestSpansAreWhereTheTextStands: what lies in a span is what was looked for, and
// nothing between them is.
func TestSpansAreWhereTheTextStands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.StringOfN(rapid.SampledFrom([]rune("abABéÉ(.")), 1, 3, -1)
		needle, text := some.Draw(t, "needle"), rapid.StringOfN(rapid.SampledFrom([]rune("abABéÉ(. ")), 0, 40, -1).Draw(t, "text")
		f := FindText(needle)
		same := func(s string) bool {
			return s == needle || needle == strings.ToLower(needle) && strings.ToLower(s) == needle
		}
		last := 0
		between := func(from, to int) {
			for i := from; i+len(needle) <= to; i++ {
				if same(text[i : i+len(needle)]) {
					t.Fatalf("%q in %q at %d is left out", needle, text, i)
				}
			}
		}
		for _, s := range f.Spans(text, 100) {
			if !same(text[s.Start:s.End]) || s.Start < last {
				t.Fatalf("%q in %q: %v", needle, text, s)
			}
			between(last, s.Start)
			last = s.End
		}
		between(last, len(text))
		if f.In(text) != (len(f.Spans(text, 1)) == 1) {
			t.Fatalf("%q in %q", needle, text)
		}
	})
}

func TestSpansAreAsManyAsAskedFor(t *testing.T) {
	for typed, want := range map[string][]Span{"a": {{0, 1}, {1, 2}}, "/a/": {{0, 1}, {1, 2}}, "/b*/": nil, "": nil, ".a": nil} {
		if diff := cmp.Diff(want, find(t, typed).Spans("aaa", 2)); diff != "" {
			t.Errorf("%s: %s", typed, diff)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("/a+/i", "aab")
	f.Add("text x", `{"a":"\u0078"}`)
	f.Fuzz(func(t *testing.T, typed, text string) {
		found, err := ParseFind(typed)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(typed) {
				t.Fatalf("%+v", err)
			}
			return
		}
		for _, s := range found.Spans(text, 100) {
			if s.Start < 0 || s.End > len(text) || s.Start >= s.End {
				t.Fatalf("%v", s)
			}
		}
		if found.Query == nil {
			if _, err := found.Match(t.Context(), decode.Limits{Unpacked: 1 << 20}.Decode(t.Context(), text, nil), nil); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	body := `{"a":` + document.Quote(strings.Repeat("an order was placed é ", 1<<20/23)) + `}`
	r := decode.Decode(b.Context(), body, nil)
	for _, typed := range []string{"nothing of it", "Nothing", "nöthing", "/no[a-z]+g/", "/no.*g/i"} {
		b.Run(typed, func(b *testing.B) {
			f := find(b, typed)
			for b.Loop() {
				if got, _ := f.Match(b.Context(), r, nil); got {
					b.Fatal("found")
				}
			}
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	q, err := Compile(`.json.order.total > 100`)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if got, _ := q.Match(b.Context(), object(b, order)); !got {
			b.Fatal("not found")
		}
	}
}
