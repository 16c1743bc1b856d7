package widget

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"sqscope/themes"
)

// shown is a body at 40 cells of text and 6 lines, without styles.
func shown(b *Body) []string {
	lines := strings.Split(ansi.Strip(b.View(42, 6, dark)), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(lines[i], "┃"), "│"), " ")
	}
	return lines
}

func bodyOf(raw string, pretty bool) *Body {
	var b Body
	b.SetDocument(Prepare(raw, pretty))
	return &b
}

func TestJSONIsIndentedAndNothingElseOfItChanges(t *testing.T) {
	raw := `{"id":12345678901234567890,"n":1.0,"dup":1,"dup":2,"esc":"\u00e9\"}","e":{},"l":[ ],"list":[1,[true]]}`
	want := "{\n  \"id\": 12345678901234567890,\n  \"n\": 1.0,\n  \"dup\": 1,\n  \"dup\": 2,\n  \"esc\": \"\\u00e9\\\"}\",\n  \"e\": {},\n  \"l\": [],\n  \"list\": [\n    1,\n    [\n      true\n    ]\n  ]\n}"
	if got := Prepare(raw, true).Text(); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := Prepare(raw, false).Text(); got != raw {
		t.Errorf("raw is %s", got)
	}
	for _, raw := range []string{"", "plain", "{", `{"a":}`, `"text"`, "12", "{} x"} {
		if got := Prepare(raw, true); got.Text() != raw || got.JSON() {
			t.Errorf("%q is shown as %q", raw, got.Text())
		}
	}
}

// find marks what is found as a screen does.
func find(b *Body, query string) {
	if query == "" {
		b.EndFound()
		return
	}
	var at []Span
	in := b.Document().Text()
	if query == strings.ToLower(query) {
		in = strings.ToLower(in)
	}
	for from := 0; ; {
		i := strings.Index(in[from:], query)
		if i < 0 {
			break
		}
		at = append(at, Span{from + i, from + i + len(query)})
		from += i + len(query)
	}
	b.Found(at)
}

func TestLongLinesAreWrappedWithASign(t *testing.T) {
	b := bodyOf("  "+strings.Repeat("x", 60)+"\r\nnext\ttab\n", false)
	want := []string{"  " + strings.Repeat("x", 38), "  ↪ " + strings.Repeat("x", 22), "next    tab", "", "", ""}
	if got := shown(b); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestEveryByteIsShownOnce puts rows together again: nothing is lost where
// lines are wrapped.
func TestEveryByteIsShownOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := foreign.Draw(t, "raw")
		w := rapid.IntRange(1, 60).Draw(t, "w")
		d := Prepare(raw, rapid.Bool().Draw(t, "pretty")).At(w)
		joined := ""
		for row := range d.starts {
			at, end := d.span(row)
			next := len(d.text)
			if row+1 < len(d.starts) {
				next = int(d.starts[row+1])
			}
			if gap := d.text[end:next]; gap != "" && gap != "\n" && gap != "\r\n" {
				t.Fatalf("row %d leaves %q out", row, gap)
			}
			joined += d.text[at:next]
		}
		if joined != d.text {
			t.Fatalf("%q became %q", d.text, joined)
		}
	})
}

func TestColoursGoOnWhereAStringIsWrapped(t *testing.T) {
	raw := `{"` + strings.Repeat("k", 60) + `":"` + strings.Repeat(`\\`, 50) + `\"end","n":12,"t":true}`
	b := bodyOf(raw, false)
	styles := map[string]themes.Role{}
	for _, line := range strings.Split(b.View(42, 10, dark), "\n") {
		for _, run := range strings.Split(line, themes.Reset) {
			text := ansi.Strip(run)
			for role := themes.JSONKey; role <= themes.JSONWord; role++ {
				if strings.HasPrefix(run, dark.SGR(role)) {
					styles[text] = role
				}
			}
		}
	}
	for text, want := range map[string]themes.Role{
		strings.Repeat("k", 22) + `"`: themes.JSONKey, `\"end"`: themes.JSONString, `"n"`: themes.JSONKey, "12": themes.JSONNumber, "true": themes.JSONWord,
	} {
		found := false
		for s, role := range styles {
			found = found || strings.HasSuffix(s, text) && role == want
		}
		if !found {
			t.Errorf("%q is not drawn as %d; drawn are %v", text, want, styles)
		}
	}
}

func TestSearch(t *testing.T) {
	var raw strings.Builder
	for i := range 100 {
		fmt.Fprintf(&raw, "line %d Order\n", i)
	}
	b := bodyOf(raw.String(), false)
	shown(b)
	b.Scroll(50)
	find(b, "line 7")
	if got := b.MatchWords(); got != "2/11" {
		t.Errorf("got %s", got)
	}
	if got := shown(b); !slices.Contains(got, "line 70 Order") {
		t.Errorf("the match is not on the screen: %q", got)
	}
	if view := b.View(42, 6, dark); !strings.Contains(view, dark.SGR(themes.Match)+dark.SGR(themes.Text)+bold+reverse+"line 7") {
		t.Errorf("the match is not marked: %q", view)
	}
	b.Prev()
	b.Prev()
	if got := b.MatchWords(); got != "11/11" {
		t.Errorf("before the first match: %s", got)
	}
	b.Next()
	if got := b.MatchWords(); got != "1/11" {
		t.Errorf("after the last match: %s", got)
	}
	for query, want := range map[string]string{"order": "/100", "Order": "/100", "ORDER": "no match", "": ""} {
		find(b, query)
		if got := b.MatchWords(); !strings.HasSuffix(got, want) || want == "" && got != "" {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
}

func TestWhatWasFoundIsOfItsTextAlone(t *testing.T) {
	b := bodyOf(`{"a":"b","c":"b"}`, true)
	find(b, "b")
	shown(b)
	b.SetDocument(b.Document().At(30))
	if got := b.MatchWords(); got != "1/2" {
		t.Errorf("in another width %s", got)
	}
	b.SetDocument(Prepare(`{"a":"b","c":"b"}`, false))
	if got := b.MatchWords(); got != "" {
		t.Errorf("in another text %s", got)
	}
}

func TestAnotherWidthKeepsThePlace(t *testing.T) {
	var raw strings.Builder
	for i := range 200 {
		fmt.Fprintf(&raw, "line %d %s\n", i, strings.Repeat("x", i))
	}
	b := bodyOf(raw.String(), false)
	b.View(100, 10, dark)
	b.Scroll(120)
	before, _, _, _ := b.Position()
	b.View(50, 10, dark)
	if after, lines, _, size := b.Position(); after != before || lines != 201 || size != raw.Len() {
		t.Errorf("line %d of %d, was %d", after, lines, before)
	}
	b.SetDocument(b.Document().At(90))
	if after, _, _, _ := b.Position(); after != before {
		t.Errorf("line %d, was %d", after, before)
	}
}

func TestScrollingStopsAtTheEnds(t *testing.T) {
	b := bodyOf("1\n2\n3\n4\n5\n6\n7\n8", false)
	shown(b)
	b.Scroll(1 << 30)
	if got := shown(b); got[0] != "3" || got[5] != "8" {
		t.Errorf("got %q", got)
	}
	b.Scroll(-1 << 30)
	if got := shown(b); got[0] != "1" {
		t.Errorf("got %q", got)
	}
	new(Body).Scroll(1)
}

func TestHostileBodiesAreColouredAsSuch(t *testing.T) {
	b := bodyOf("a\x1b[31m\u202eb", false)
	view := b.View(42, 2, dark)
	if strings.Contains(view, "\x1b[31m") || !strings.Contains(view, dark.SGR(themes.Foreign)+"‹U+202E›") {
		t.Errorf("got %q", view)
	}
}

// bodies of 1 MiB.
func bigBodies() map[string]string {
	const size = 1 << 20
	var orders strings.Builder
	orders.WriteString(`{"orders":[`)
	for i := 0; orders.Len() < size-200; i++ {
		fmt.Fprintf(&orders, `{"id":%d,"customer":"Müller %d","total":%d.50,"paid":%v,"items":["a","b"],"note":null},`, i, i, i, i%2 == 0)
	}
	orders.WriteString(`{}]}`)
	noise := make([]byte, size)
	rand.New(rand.NewSource(1)).Read(noise)
	return map[string]string{
		"json":    orders.String(),
		"string":  `{"k":"` + strings.Repeat("x", size-9) + `"}`,
		"line":    strings.Repeat("x", size),
		"chinese": strings.Repeat("订单已付款", size/15),
		"noise":   string(noise),
		"escapes": strings.Repeat("\x1b[31m\u202e\xff\u0301", size/11),
		"slashes": `{"k":"` + strings.Repeat(`\\`, size/2-5) + `"}`,
	}
}

func BenchmarkBodyOpen(b *testing.B) {
	for name, raw := range bigBodies() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				var body Body
				body.SetDocument(Prepare(raw, true).At(100))
				body.View(100, 50, dark)
			}
		})
	}
}

func BenchmarkBodyScroll(b *testing.B) {
	for name, raw := range bigBodies() {
		b.Run(name, func(b *testing.B) {
			var body Body
			body.SetDocument(Prepare(raw, true).At(100))
			body.View(100, 50, dark)
			body.Scroll(500)
			for b.Loop() {
				body.Scroll(1)
				body.View(100, 50, dark)
			}
		})
	}
}

func BenchmarkBodyNextMatch(b *testing.B) {
	for name, raw := range bigBodies() {
		b.Run(name, func(b *testing.B) {
			var body Body
			body.SetDocument(Prepare(raw, true).At(100))
			body.View(100, 50, dark)
			for b.Loop() {
				body.Found([]Span{{1000, 1001}, {len(raw) - 2, len(raw) - 1}})
				body.Next()
				body.View(100, 50, dark)
			}
		})
	}
}
