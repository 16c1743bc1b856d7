package triage

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sqscope/backend"
	"sqscope/backend/triage/arrange"
)

// sizes are how many are in the groups, by their titles.
func sizes(g Grouping) string {
	var out []string
	for _, x := range g.Groups {
		out = append(out, fmt.Sprintf("%d %s", len(x.Members), x.Title))
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

func withTenants() []Message {
	m := letters(many(30, func(r *rand.Rand) string { return fmt.Sprintf(`{"id":%d,"error":"boom","where":{"a.b":"x"}}`, r.Int()) })...)
	for i := range m {
		m[i].MessageAttributes = map[string]backend.MessageAttribute{"tenant": {DataType: "String", StringValue: backend.Some([]string{"red", "blue", "red"}[i%3])}}
		if i < 10 {
			m[i].Message.Body = strings.Replace(m[i].Message.Body, `"x"`, `"y"`, 1)
		}
	}
	return append(m, letters(`{}`)...)
}

func TestGroupsByTheUsersFields(t *testing.T) {
	m := withTenants()
	for _, c := range []struct {
		rules arrange.Rules
		want  string
	}{
		{arrange.Rules{By: []string{"attribute:tenant"}}, "1 attribute:tenant is nothing; 10 attribute:tenant is blue; 20 attribute:tenant is red"},
		{arrange.Rules{By: []string{`.where."a.b"`}}, `1 .where."a.b" is nothing; 10 .where."a.b" is y; 20 .where."a.b" is x`},
		{arrange.Rules{Titles: []string{".error", `.where."a.b"`}}, "1 nothing in the body; 30 boom"},
	} {
		if got := sizes(grouped(t, m, c.rules)); got != c.want {
			t.Errorf("%+v gives %s, want %s", c.rules, got, c.want)
		}
	}
}

func TestSplitAndMerge(t *testing.T) {
	m := withTenants()
	before := grouped(t, m, arrange.Rules{})
	boom, blank := before.Groups[0].ID, before.Groups[1].ID
	var r arrange.Rules
	add := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	add(r.AddSplit(arrange.Split{Group: boom, By: "attribute:tenant"}))
	g := grouped(t, m, r)
	if got := sizes(g); got != "1 nothing in the body; 10 boom, attribute:tenant is blue; 20 boom, attribute:tenant is red" {
		t.Fatalf("split by a field: %s", got)
	}
	red := g.Groups[0].ID
	r.SetLabel(red, "for the red team")
	add(r.AddMerge(red, blank))
	g = grouped(t, m, r)
	if got := sizes(g); got != "10 boom, attribute:tenant is blue; 21 boom, attribute:tenant is red + nothing in the body" &&
		got != "10 boom, attribute:tenant is blue; 21 nothing in the body + boom, attribute:tenant is red" {
		t.Errorf("a part merged: %s", got)
	}
	if g.Groups[0].ID != r.Merges[0].ID() {
		t.Errorf("the merged group has ID %s, want %s", g.Groups[0].ID, r.Merges[0].ID())
	}
	r.Undo(r.Merges[0].ID())
	if g = grouped(t, m, r); g.Groups[0].Label != "for the red team" {
		t.Errorf("label %q after the merge was undone", g.Groups[0].Label)
	}
	add(r.AddSplit(arrange.Split{Group: boom, At: sentOf(&m[25])}))
	if got := sizes(grouped(t, m, r)); !strings.Contains(got, "25 boom, sent before") || !strings.Contains(got, "5 boom, sent from") {
		t.Errorf("split by a time: %s", got)
	}
	add(r.AddSplit(arrange.Split{Group: boom, Messages: []string{m[3].MessageId, m[4].MessageId}}))
	if got := sizes(grouped(t, m, r)); got != "1 nothing in the body; 2 boom, chosen by hand; 28 boom, the rest" {
		t.Errorf("split by hand: %s", got)
	}
}

// What is ignored tells nothing: two kinds that differ only there are one.
func TestIgnoredPlaces(t *testing.T) {
	m := letters(many(60, func(r *rand.Rand) string {
		return fmt.Sprintf(`{"id":%d,%s}`, r.Int(), pick(r, `"type":"a","debug":{"x":1},"more":1`, `"type":"b","trace":{"y":1}`))
	})...)
	if g := grouped(t, m, arrange.Rules{}); len(g.Groups) != 2 {
		t.Fatalf("%s, want two groups", sizes(g))
	}
	if g := grouped(t, m, arrange.Rules{Ignore: []string{".debug", ".trace", ".more"}}); len(g.Groups) != 1 {
		t.Errorf("%s, want one group", sizes(g))
	}
}

// Fields of lines and of XML can be grouped by too.
func TestPlacesInOtherFormats(t *testing.T) {
	m := letters("1;red;x", "2;blue;y", "3;red;z")
	if got := sizes(grouped(t, m, arrange.Rules{By: []string{".field2"}})); got != "1 .field2 is blue; 2 .field2 is red" {
		t.Error(got)
	}
	m = letters("<o><c>red</c></o>", "<o><c>blue</c></o>", "<o><c>red</c></o>")
	if got := sizes(grouped(t, m, arrange.Rules{By: []string{".o.c"}})); got != "1 .o.c is blue; 2 .o.c is red" {
		t.Error(got)
	}
}
