package document

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWhatDiffersIsToldWithItsPath(t *testing.T) {
	for name, test := range map[string]struct {
		a, b string
		want []Change
	}{
		"nothing":               {`{"a":1,"b":[1,{"c":"é"}]}`, ` {"b":[1,{"c":"\u00e9"}], "a":1}`, nil},
		"a value":               {`{"a":{"b":1}}`, `{"a":{"b":2}}`, []Change{{Changed, ".a.b", "1", "2"}}},
		"the way of a number":   {`[1]`, `[1.0]`, []Change{{Changed, ".[0]", "1", "1.0"}}},
		"members":               {`{"a":1,"b":2}`, `{"b":2,"c":3}`, []Change{{Removed, ".a", "1", ""}, {Added, ".c", "", "3"}}},
		"an element in between": {`[1,2,3,{"x":1}]`, `[1,3,{"x":2},4]`, []Change{{Removed, ".[1]", "2", ""}, {Changed, ".[3].x", "1", "2"}, {Added, ".[3]", "", "4"}}},
		"kinds":                 {`{"a":[]}`, `{"a":{}}`, []Change{{Changed, ".a", "[]", "{}"}}},
		"names given twice":     {`{"a":1,"a":2}`, `{"a":2}`, nil},
		"roots":                 {`1`, `"1"`, []Change{{Changed, ".", "1", `"1"`}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, whole := Compare(t.Context(), parsed(t, test.a), parsed(t, test.b))
			if diff := cmp.Diff(test.want, got); diff != "" || !whole {
				t.Errorf("whole %v, %s", whole, diff)
			}
		})
	}
}

func TestTooManyDifferencesAreNotAllTold(t *testing.T) {
	list := func(s string) string { return "[" + strings.Repeat(s+",", MaxChanges) + s + "]" }
	got, whole := Compare(t.Context(), parsed(t, list("1")), parsed(t, list("2")))
	if whole || len(got) != MaxChanges {
		t.Errorf("%d, whole %v", len(got), whole)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, whole := Compare(ctx, parsed(t, "1"), parsed(t, "2")); whole {
		t.Error("whole without any time")
	}
}

// TestLinesLeadFromOneTextToTheOther, and with as few differences as there can
// be: no text of few lines needs more than a table of all ways says.
func TestLinesLeadFromOneTextToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 1, 12)
		a, b := some.Draw(t, "a"), some.Draw(t, "b")
		var fromA, fromB []string
		different := 0
		for _, l := range CompareLines(context.Background(), strings.Join(a, "\n"), strings.Join(b, "\n")) {
			if l.Op != Added {
				fromA = append(fromA, l.Text)
				if l.A != len(fromA) {
					t.Fatalf("line %d is called %d", len(fromA), l.A)
				}
			}
			if l.Op != Removed {
				fromB = append(fromB, l.Text)
				if l.B != len(fromB) {
					t.Fatalf("line %d is called %d", len(fromB), l.B)
				}
			}
			if l.Op != Same {
				different++
			}
		}
		if diff := cmp.Diff(a, fromA) + cmp.Diff(b, fromB); diff != "" {
			t.Fatal(diff)
		}
		if least := len(a) + len(b) - 2*common(a, b); different != least {
			t.Fatalf("%d differences, %d would do", different, least)
		}
	})
}

// common is how many lines the longest common subsequence has.
func common(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		before := 0
		for j, y := range b {
			here := row[j+1]
			if x == y {
				row[j+1] = before + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			before = here
		}
	}
	return row[len(b)]
}

func TestTextsWithNothingInCommonAreComparedSoon(t *testing.T) {
	var a, b strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&a, "a%d\n", i)
		fmt.Fprintf(&b, "b%d\n", i)
	}
	lines := CompareLines(t.Context(), "first\n"+a.String()+"last", "first\n"+b.String()+"last")
	if len(lines) != 200_002 || lines[0].Op != Same || lines[1].Op != Removed || lines[100_001].Op != Added || lines[200_001].Op != Same {
		t.Errorf("%d lines", len(lines))
	}
}

func BenchmarkCompare(b *testing.B) {
	x, y := mebibyte(), strings.ReplaceAll(mebibyte(), `"A-77"`, `"B-77"`)
	for b.Loop() {
		if got, _ := Compare(b.Context(), parsed(b, x), parsed(b, y)); len(got) != 1 {
			b.Fatal(len(got))
		}
	}
}

func BenchmarkCompareLines(b *testing.B) {
	x := parsed(b, mebibyte()).Pretty().Text
	y := strings.ReplaceAll(x, `7"`, `8"`)
	for b.Loop() {
		CompareLines(b.Context(), x, y)
	}
}
