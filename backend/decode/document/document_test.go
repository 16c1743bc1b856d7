package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/itchyny/gojq"
	"pgregory.net/rapid"

	"sqscope/backend"
)

// test is what is asked of a test, of testing or of rapid.
type test interface {
	Helper()
	Fatalf(format string, args ...any)
}

func parsed(t test, src string) *Doc {
	t.Helper()
	d, err := Parse(src)
	if err != nil {
		t.Fatalf("%.80s: %v", src, err)
	}
	return d
}

// drawJSON draws a document, written as programs and people write them.
func drawJSON(t *rapid.T, depth int) string {
	blank := func() string { return rapid.SampledFrom([]string{"", "", " ", "\n  ", "\t"}).Draw(t, "blank") }
	text := func() string {
		return rapid.SampledFrom([]string{
			`""`, `"a"`, `"b c"`, `"a-b"`, `"é\u00e9"`, `"\ud83d\ude00"`, `"\ud800"`, `"\"\\\/\b\f\n\r\t"`, `"[1]"`, `"1a"`, `"\\(x)"`,
		}).Draw(t, "text")
	}
	kind := rapid.IntRange(0, 7).Draw(t, "kind")
	if depth == 0 {
		kind %= 5
	}
	switch kind {
	case 0:
		return text()
	case 1, 2:
		return rapid.SampledFrom([]string{"0", "-1", "1.50", "1E+2", "12345678901234567890123", "-0.0e-7"}).Draw(t, "number")
	case 3:
		return rapid.SampledFrom([]string{"true", "false"}).Draw(t, "bool")
	case 4:
		return "null"
	}
	var parts []string
	for range rapid.IntRange(0, 3).Draw(t, "values") {
		part := blank() + drawJSON(t, depth-1) + blank()
		if kind == 5 {
			part = blank() + text() + blank() + ":" + part
		}
		parts = append(parts, part)
	}
	inside := strings.Join(parts, ",")
	if inside == "" {
		inside = blank()
	}
	if kind == 5 {
		return "{" + inside + "}"
	}
	return "[" + inside + "]"
}

// standard is what encoding/json makes of a document.
func standard(src string) (any, error) {
	dec := json.NewDecoder(strings.NewReader(src))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	if err == nil && dec.More() {
		err = errors.New("more follows")
	}
	return v, err
}

func TestValuesAreThoseOfTheDocument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := drawJSON(t, 4)
		want, err := standard(src)
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		d, err := Parse(src)
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		if diff := cmp.Diff(want, d.Value()); diff != "" {
			t.Fatalf("%s: %s", src, diff)
		}
	})
}

func TestLayoutIsTheSameDocumentOnItsOwnLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := drawJSON(t, 4)
		d, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if err := json.Indent(&want, []byte(strings.TrimSpace(src)), "", "  "); err != nil {
			t.Fatal(err)
		}
		p := d.Pretty()
		if diff := cmp.Diff(want.String(), p.Text); diff != "" || p.Lines != strings.Count(p.Text, "\n")+1 {
			t.Fatalf("%s on %d lines: %s", src, p.Lines, diff)
		}
	})
}

// TestEveryPathLeadsToItsValue asks jq itself, for each line of a layout.
func TestEveryPathLeadsToItsValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := Parse(drawJSON(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		value, p := d.Value(), d.Pretty()
		for offset := range len(p.Text) {
			n := p.NodeAt(offset)
			if n.Kind() != None && twice(n) {
				continue // jq sees the last of several members with one name
			}
			q, err := gojq.Parse(n.Path())
			if err != nil {
				t.Fatalf("%s: %v", n.Path(), err)
			}
			got, _ := q.Run(value).Next()
			if diff := cmp.Diff(parsed(t, n.Raw()).Value(), got); diff != "" {
				t.Fatalf("%s in %s: %s", n.Path(), d.Source(), diff)
			}
		}
	})
}

func twice(n Node) bool {
	for i := n.at; i > 0; i = n.doc.nodes[i].parent {
		parent := Node{n.doc, n.doc.nodes[i].parent}
		if parent.Kind() == Object && parent.Get(Node{n.doc, i}.Name()).at != i {
			return true
		}
	}
	return false
}

func TestThePathUnderTheCursorIsThatOfItsLine(t *testing.T) {
	p := parsed(t, `{"order":{"items":[{"sku":"a"},{"sku":"b"}],"unit price":1},"x":[]}`).Pretty()
	want := []string{
		".", ".order", ".order.items", ".order.items[0]", ".order.items[0].sku", ".order.items[0]", ".order.items[1]",
		".order.items[1].sku", ".order.items[1]", ".order.items", `.order."unit price"`, ".order", ".x", ".",
	}
	var got []string
	offset := 0
	for line := range strings.SplitSeq(p.Text, "\n") {
		first, last := p.PathAt(offset), p.PathAt(offset+len(line))
		if first != last {
			t.Errorf("the line %q begins in %s and ends in %s", line, first, last)
		}
		got = append(got, first)
		offset += len(line) + 1
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	folds := []Fold{{0, 13, 2, Object}, {1, 11, 2, Object}, {2, 9, 2, Array}, {3, 5, 1, Object}, {6, 8, 1, Object}}
	if diff := cmp.Diff(folds, p.Folds); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoJSONSaysWhere(t *testing.T) {
	for src, want := range map[string]Error{
		``:                   {Offset: 0, Problem: "it ends too soon", Expected: "a value"},
		`{"a":1,}`:           {Offset: 7, Problem: "no name", Expected: "a name in double quotes"},
		`[1,]`:               {Offset: 3, Problem: "no value", Expected: "a value"},
		`{"a" 1}`:            {Offset: 5, Problem: "no colon", Expected: "a colon after the name"},
		`{"a":1 "b":2}`:      {Offset: 7, Problem: "no comma and no end of the object", Expected: "a comma or }"},
		`[1 2]`:              {Offset: 3, Problem: "no comma and no end of the array", Expected: "a comma or ]"},
		`[1`:                 {Offset: 2, Problem: "it ends too soon", Expected: "a comma or ]"},
		`{"a":"b`:            {Offset: 7, Problem: "it ends too soon", Expected: "a double quote that ends the text"},
		`"a\x"`:              {Offset: 2, Problem: "an escape that is none", Expected: `one of \" \\ \/ \b \f \n \r \t \u and four digits`},
		"\"a\nb\"":           {Offset: 2, Problem: "a control character in a text", Expected: `an escape such as \n or \t`},
		`01`:                 {Offset: 1, Problem: "something follows", Expected: "nothing after the value"},
		`[1.]`:               {Offset: 3, Problem: "a number without digits", Expected: "a digit"},
		`{} {}`:              {Offset: 3, Problem: "something follows", Expected: "nothing after the value"},
		`[nil]`:              {Offset: 1, Problem: "no value", Expected: "true, false, null, a number or a text in double quotes"},
		`{a:1}`:              {Offset: 1, Problem: "no name", Expected: "a name in double quotes"},
		deep(MaxDepth + 1):   {Offset: MaxDepth, Problem: "nested too deeply", Expected: "fewer containers in each other", TooDeep: true},
		`{"a":"\u12"}`:       {Offset: 6, Problem: "an escape that is none", Expected: `one of \" \\ \/ \b \f \n \r \t \u and four digits`},
		`[-]`:                {Offset: 2, Problem: "a number without digits", Expected: "a digit"},
		"\xef\xbb\xbf" + `1`: {Offset: 0, Problem: "no value", Expected: "a value"},
	} {
		_, err := Parse(src)
		var got *Error
		if !errors.As(err, &got) || *got != want {
			t.Errorf("%.40q: got %+v, want %+v", src, got, want)
			continue
		}
		if e := backend.AsError(err); e.Kind != backend.KindInvalid || e.Next == "" {
			t.Errorf("%.40q: %v", src, e)
		}
	}
}

func deep(n int) string { return strings.Repeat("[", n) + "1" + strings.Repeat("]", n) }

func TestTheDeepestDocumentIsReadAndStaysSmall(t *testing.T) {
	one := deep(MaxDepth)
	many := "[" + strings.Repeat(deep(MaxDepth-1)+",", 8) + "1]"
	for _, src := range []string{one, many} {
		d := parsed(t, src)
		p := d.Pretty()
		if len(p.Text) > 16<<20 {
			t.Errorf("%d bytes are laid out as %d", len(src), len(p.Text))
		}
		again := parsed(t, p.Text)
		if len(again.nodes) != len(d.nodes) || !reflect.DeepEqual(again.Value(), d.Value()) {
			t.Error("the layout is another document")
		}
	}
}

func TestOfMembersWithOneNameTheLastCounts(t *testing.T) {
	d := parsed(t, `{"a":1,"\u0061":2}`)
	if got := d.Root().Get("a").Raw(); got != "2" || !reflect.DeepEqual(d.Value(), map[string]any{"a": json.Number("2")}) {
		t.Errorf("got %s and %v", got, d.Value())
	}
}

func TestNumbersKeepTheirTextUnlessTheyAreEndless(t *testing.T) {
	long := "1" + strings.Repeat("0", 500_000)
	for src, want := range map[string]any{"1.10": json.Number("1.10"), "1e400": json.Number("1e400"), long: 1.7976931348623157e308, "-" + long: -1.7976931348623157e308} {
		if got := parsed(t, src).Value(); got != want {
			t.Errorf("%.20s: got %v, want %v", src, got, want)
		}
	}
}

func TestQuotingAndReadingGivesTheSameText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		if got := parsed(t, Quote(s)).Root().Text(); got != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,{"b":null}],"c":"\ud83d\ude00"}`, `[[],{},""]`, "1e5", `{"a":1,"a":2}`, deep(50), `"`, "\xff", `["\ud800\ud800"]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		d, err := Parse(src)
		want, wantErr := standard(src)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(src) || e.Expected == "" {
				t.Fatalf("%v", err)
			}
			if wantErr == nil && utf8.ValidString(src) && !e.TooDeep && json.Valid([]byte(src)) {
				t.Fatalf("refused: %v", err)
			}
			return
		}
		if !json.Valid([]byte(src)) {
			t.Fatalf("accepted %q", src)
		}
		if utf8.ValidString(src) && len(src) < longNumber {
			if got := d.Value(); !reflect.DeepEqual(want, got) { // cmp.Diff takes forever on deep values
				t.Fatalf("got %v, want %v", got, want)
			}
		}
		p := d.Pretty()
		if _, err := Parse(p.Text); err != nil {
			t.Fatalf("laid out as %q: %v", p.Text, err)
		}
		for at := 0; at < len(p.Text); at += 1 + len(p.Text)/50 {
			if !strings.HasPrefix(p.PathAt(at), ".") {
				t.Fatalf("no path at %d", at)
			}
		}
	})
}

// mebibyte is a document of 1 MiB on one line, as orders are.
func mebibyte() string {
	var b strings.Builder
	b.WriteString(`{"orders":[`)
	for i := 0; b.Len() < 1<<20-100; i++ {
		fmt.Fprintf(&b, `{"id":%d,"name":"an order \u00e9","lines":[{"sku":"A-%d","n":1.5}],"paid":true},`, i, i)
	}
	b.WriteString(`null]}`)
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	for name, src := range map[string]string{"orders": mebibyte(), "numbers": "[" + strings.Repeat("1,", 1<<19) + "1]", "text": `"` + strings.Repeat("a", 1<<20) + `"`} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				parsed(b, src)
			}
		})
	}
}

func BenchmarkPretty(b *testing.B) {
	for name, src := range map[string]string{"orders": mebibyte(), "numbers": "[" + strings.Repeat("1,", 1<<19) + "1]", "deep": deep(MaxDepth)} {
		b.Run(name, func(b *testing.B) {
			d := parsed(b, src)
			for b.Loop() {
				d.Pretty().PathAt(len(src) / 2)
			}
		})
	}
}

func BenchmarkValue(b *testing.B) {
	d := parsed(b, mebibyte())
	for b.Loop() {
		d.Value()
	}
}
