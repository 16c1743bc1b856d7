package find

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func row(t *rapid.T) Row {
	r := Row{
		Name:    rapid.StringMatching(`[a-cA-C_.é-]{0,12}`).Draw(t, "name"),
		Region:  rapid.SampledFrom([]string{"", "eu-west-1", "us-east-1"}).Draw(t, "region"),
		Context: rapid.SampledFrom([]string{"", "prod", "dev"}).Draw(t, "context"),
		FIFO:    rapid.Bool().Draw(t, "fifo"),
		DLQ:     Verdict(rapid.IntRange(0, 2).Draw(t, "dlq")),
		Trouble: Verdict(rapid.IntRange(0, 2).Draw(t, "trouble")),
		Counts:  rapid.Bool().Draw(t, "counts"), Visible: rapid.IntRange(0, 5).Draw(t, "visible"),
		AgeKnown: rapid.Bool().Draw(t, "aged"), Age: time.Duration(rapid.IntRange(0, 3).Draw(t, "age")) * time.Hour,
		NetKnown: rapid.Bool().Draw(t, "rated"), Net: float64(rapid.IntRange(-2, 2).Draw(t, "net")),
		TagsKnown: rapid.Bool().Draw(t, "tagged"),
	}
	if rapid.Bool().Draw(t, "tag") {
		r.Tags = map[string]string{"a": rapid.SampledFrom([]string{"", "a", "ab"}).Draw(t, "value")}
	}
	return r
}

// typed draws one word as it may be typed.
func typed(t *rapid.T, label string) string {
	one := rapid.OneOf(
		rapid.StringMatching(`[a-cA-C_.é-]{1,4}`),
		rapid.StringMatching(`[a-c*?]{1,5}`),
		rapid.StringMatching(`"[a-c]{1,3}"`),
		rapid.SampledFrom([]string{
			"dlq", "fifo", "std", "trouble", "pinned", ">2", "<=1", "=0", "age>1h", "net<0", "tag:a", "tag:a=a", `tag:a=""`,
			"tag:a=*b", "region:eu", "context:prod",
		}),
	)
	terms := rapid.SliceOfN(one, 1, 3).Draw(t, label)
	for i := range terms {
		terms[i] = strings.Repeat("!", rapid.IntRange(0, 2).Draw(t, "not")) + terms[i]
	}
	return strings.Join(terms, "|")
}

func read(t *rapid.T, text string) Query {
	q, err := Parse(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return q
}

// TestNotIsTheNegation: !x says the opposite of x, and nothing where x says
// nothing; saying it twice takes it back.
func TestNotIsTheNegation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, w := row(t), typed(t, "word")
		v, score := read(t, w).Match(&r)
		not, _ := read(t, "!"+w).Match(&r)
		again, _ := read(t, "!!"+w).Match(&r)
		if not != v.Not() || again != v || score < 0 {
			t.Fatalf("%q: %v, negated %v, twice %v, score %d", w, v, not, again, score)
		}
	})
}

// TestMoreWordsNeverFindMore, and with | never less. The verdicts are in order:
// No is less than Unknown, which is less than Yes.
func TestMoreWordsNeverFindMore(t *testing.T) {
	rank := func(v Verdict) int { return slices.Index([]Verdict{No, Unknown, Yes}, v) }
	rapid.Check(t, func(t *rapid.T) {
		r, a, b := row(t), typed(t, "a"), typed(t, "b")
		va, _ := read(t, a).Match(&r)
		vb, _ := read(t, b).Match(&r)
		both, _ := read(t, a+" "+b).Match(&r)
		if rank(both) != min(rank(va), rank(vb)) {
			t.Fatalf("%q is %v, %q is %v, both are %v", a, va, b, vb, both)
		}
		if strings.HasPrefix(a, "!") || strings.HasPrefix(b, "!") {
			return // ! in front is about the whole word
		}
		either, _ := read(t, a+"|"+b).Match(&r)
		if rank(either) != max(rank(va), rank(vb)) {
			t.Fatalf("%q is %v, %q is %v, either is %v", a, va, b, vb, either)
		}
	})
}

// TestOnePieceIsBest: a name with the word in one piece is better than any other.
func TestOnePieceIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.StringMatching(`[a-c]{1,6}`).Draw(t, "word")
		name := rapid.StringMatching(`[a-cA-C_.-]{0,20}`)
		piece := name.Draw(t, "before") + w + name.Draw(t, "after")
		apart := name.Filter(func(s string) bool { return !strings.Contains(strings.ToLower(s), w) }).Draw(t, "apart")
		_, better := read(t, w).Match(&Row{Name: piece})
		if _, worse := read(t, w).Match(&Row{Name: apart}); worse >= better {
			t.Fatalf("%q: %d for %q, %d for %q", w, worse, apart, better, piece)
		}
	})
}

// TestKnowingEverythingLeavesNoDoubt: where Needs are met there is no Unknown.
func TestKnowingEverythingLeavesNoDoubt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, q := row(t), read(t, typed(t, "a")+" "+typed(t, "b"))
		n := q.Needs()
		r.Counts, r.AgeKnown, r.NetKnown, r.TagsKnown = n.Counts, n.Ages, n.Rates, n.Tags
		r.DLQ, r.Trouble = Unknown, Unknown
		if n.Wiring {
			r.DLQ = No
		}
		if n.Trouble {
			r.Trouble = Yes
		}
		if v, _ := q.Match(&r); v == Unknown {
			t.Fatalf("%q needs %+v and does not know of %+v", q, n, r)
		}
	})
}

// FuzzFind: any text is a filter or an error that says where; a filter answers
// for any name, and highlights characters that are there.
func FuzzFind(f *testing.F) {
	for _, h := range Help() {
		f.Add(h.Example, "orders-dlq")
	}
	f.Add(`a|!"b" tag:"x y"=z*?`, "aé\xff")
	f.Add(`>1k|age<1h30m !`, "")
	f.Fuzz(func(t *testing.T, text, name string) {
		q, err := Parse(text)
		if err != nil {
			e, ok := err.(*Error)
			if !ok || e.Offset < 0 || e.Offset > len(text) || e.Error() == "" {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		r := full()
		r.Name = name
		v, score := q.Match(&r)
		if score < 0 || v == No && score != 0 {
			t.Fatalf("%q of %q: %v with %d", text, name, v, score)
		}
		last := -1
		for _, i := range q.Highlight(name, nil) {
			if i <= last || i >= len(name) || !utf8.RuneStart(name[i]) {
				t.Fatalf("%q in %q: place %d after %d", text, name, i, last)
			}
			last = i
		}
	})
}
