package find

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

func parse(t testing.TB, text string) Query {
	t.Helper()
	q, err := Parse(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return q
}

// TestNames: what a filter says of names, by which of them are meant.
func TestNames(t *testing.T) {
	names := []string{"orders", "orders-dlq", "Orders-EU", "billing", "billing.fifo", "o-r-d", "dlq"}
	for _, c := range []struct{ filter, want string }{
		{"", "orders orders-dlq Orders-EU billing billing.fifo o-r-d dlq"},
		{"  \t", "orders orders-dlq Orders-EU billing billing.fifo o-r-d dlq"},
		{"ord", "orders orders-dlq Orders-EU o-r-d"},
		{"Ord", "Orders-EU"},
		{"odq", "orders-dlq"},
		{"sro", ""},
		{`"ord"`, "orders orders-dlq Orders-EU"},
		{`"dlq"`, "orders-dlq dlq"},
		{`"Ord"`, "Orders-EU"},
		{"orders*", "orders orders-dlq Orders-EU"},
		{"*", "orders orders-dlq Orders-EU billing billing.fifo o-r-d dlq"},
		{"*ing", "billing"},
		{"?rders", "orders"},
		{"o?r?d", "o-r-d"},
		{"*-*q", "orders-dlq"},
		{"*l*l*g*", "billing billing.fifo"},
		{"Orders*", "Orders-EU"},
		{"ord eu", "Orders-EU"},
		{"eu|bill", "Orders-EU billing billing.fifo"},
		{"eu | bill", "Orders-EU billing billing.fifo"},
		{"!ord", "billing billing.fifo dlq"},
		{"!ord|bill", "dlq"},
		{"!ord !bill", "dlq"},
		{"bill|!ord", "billing billing.fifo dlq"},
		{"!!bill", "billing billing.fifo"},
		{`!"dlq" ord`, "orders Orders-EU o-r-d"},
		{"bill fifo", "billing.fifo"},
		{"bill STD", "billing"},
	} {
		q := parse(t, c.filter)
		var got []string
		for _, n := range names {
			if v, _ := q.Match(&Row{Name: n, FIFO: strings.HasSuffix(n, ".fifo")}); v == Yes {
				got = append(got, n)
			}
		}
		if d := cmp.Diff(c.want, strings.Join(got, " ")); d != "" {
			t.Errorf("%q (-want +got):\n%s", c.filter, d)
		}
	}
}

// full is a queue of which everything is known.
func full() Row {
	return Row{
		Name: "orders", Region: "eu-west-1", Context: "prod", Pinned: true, DLQ: No, Trouble: Yes,
		Counts: true, Visible: 1500, InFlight: 5, Delayed: 0,
		AgeKnown: true, Age: 90 * time.Minute,
		InKnown: true, In: 2.5, OutKnown: true, Out: 0.05, NetKnown: true, Net: -2,
		TagsKnown: true, Tags: map[string]string{"team": "checkout", "Env": "prod", "empty": "", "cost center": "a b"},
	}
}

// TestFacts: what a filter says of one queue, and that it cannot say it of a
// queue of which nothing is known.
func TestFacts(t *testing.T) {
	for _, c := range []struct {
		filter         string
		known, unknown Verdict
	}{
		{">1000", Yes, Unknown},
		{">1k", Yes, Unknown},
		{">1.5k", No, Unknown},
		{">=1.5k", Yes, Unknown},
		{"<10", No, Unknown},
		{"<1m", Yes, Unknown},
		{"<=1500", Yes, Unknown},
		{"=1500", Yes, Unknown},
		{"visible=1500", Yes, Unknown},
		{"inflight>5", No, Unknown},
		{"inflight>=5", Yes, Unknown},
		{"delayed>0", No, Unknown},
		{"stored>1504", Yes, Unknown},
		{"age>1h", Yes, Unknown},
		{"AGE>1h30m", No, Unknown},
		{"age>=1h30m", Yes, Unknown},
		{"age<0.5d", Yes, Unknown},
		{"age=5400s", Yes, Unknown},
		{"in>1", Yes, Unknown},
		{"out<0.1", Yes, Unknown},
		{"net<0", Yes, Unknown},
		{"net>-1", No, Unknown},
		{"dlq", No, Unknown},
		{"!dlq", Yes, Unknown},
		{"trouble", Yes, Unknown},
		{"pinned", Yes, No},
		{"std", Yes, Yes},
		{"fifo", No, No},
		{"tag:team", Yes, Unknown},
		{"tag:tea", No, Unknown},
		{"tag:te*", Yes, Unknown},
		{"tag:team=check", Yes, Unknown},
		{"tag:team=", Yes, Unknown},
		{"tag:team=*out", Yes, Unknown},
		{"tag:team=*eck", No, Unknown},
		{`tag:team="check"`, No, Unknown},
		{`tag:team="checkout"`, Yes, Unknown},
		{`tag:team=""`, No, Unknown},
		{`tag:empty=""`, Yes, Unknown},
		{`tag:"cost center"`, Yes, Unknown},
		{`tag:"cost center"="a b"`, Yes, Unknown},
		{`tag:"cost center"=a`, Yes, Unknown},
		{"tag:env", Yes, Unknown},
		{"tag:ENV", No, Unknown},
		{"!tag:env=dev", Yes, Unknown},
		{"region:eu-west-1", Yes, No},
		{"region:eu", Yes, No},
		{"region:us", No, No},
		{"region:*-1", Yes, No},
		{`region:"eu"`, No, No},
		{"context:prod", Yes, No},
		{"Context:PROD", No, No},
		{"tag:team region:us", No, No}, // what is known decides
		{"tag:team|std", Yes, Yes},
		{"std|tag:team", Yes, Yes},
		{"tag:team|fifo", Yes, Unknown},
		{"!tag:team|fifo", No, Unknown},
		{"!tag:team|std", No, No},
	} {
		q := parse(t, c.filter)
		row := full()
		if v, _ := q.Match(&row); v != c.known {
			t.Errorf("%q: %v of the known queue, want %v", c.filter, v, c.known)
		}
		if v, _ := q.Match(&Row{Name: "x"}); v != c.unknown {
			t.Errorf("%q: %v of the unknown queue, want %v", c.filter, v, c.unknown)
		}
	}
}

// TestBetterNamesScoreHigher: each list is from the best name to the worst.
func TestBetterNamesScoreHigher(t *testing.T) {
	for _, c := range []struct {
		filter string
		names  []string
	}{
		{"ord", []string{"ord", "orders", "shop-orders", "border", "o-r-d", "o-rxd", "oxxrxxd"}},
		{"od", []string{"od", "order-dlq", "xoxdx"}},
		{"xy", []string{"xay", "xaay"}},
		{"op", []string{"op-x", "orders-payments", "group-p"}},
		{"dlq eu", []string{"eu-dlq", "eu-dlqx", "xeu-dlqx"}},
		{`"dlq"`, []string{"dlq", "x-dlq", "xdlqx"}},
	} {
		q := parse(t, strings.Replace(c.filter, "dlq eu", `"dlq" eu`, 1))
		var scores []int
		for _, n := range c.names {
			v, s := q.Match(&Row{Name: n})
			if v != Yes || s <= 0 {
				t.Errorf("%q: %s is %v with %d", c.filter, n, v, s)
			}
			scores = append(scores, s)
		}
		down := slices.Clone(scores)
		slices.SortFunc(down, func(a, b int) int { return b - a })
		if !slices.Equal(scores, down) || len(slices.Compact(down)) != len(scores) && c.filter != "op" {
			t.Errorf("%q: %v of %v", c.filter, scores, c.names)
		}
	}
}

// TestHighlight: the found characters are in brackets.
func TestHighlight(t *testing.T) {
	for _, c := range []struct{ filter, name, want string }{
		{"ord", "shop-orders", "shop-[ord]ers"},
		{"od", "order-dlq", "[o]r[d]er-dlq"},
		{"oq", "order-dlq", "[o]rder-dl[q]"},
		{"ab", "a-aab", "a-a[ab]"},
		{"abc", "ab-a-b-xc", "ab-[a]-[b]-x[c]"},
		{`"dlq"`, "dlqx-dlq", "dlqx-[dlq]"},
		{"ord dlq", "orders-dlq", "[ord]ers-dlq"}, // dlq is no part of the name here
		{`ord "rd" ers`, "orders", "[orders]"},
		{"bill|ord", "orders", "[ord]ers"},
		{"!ord", "orders", "orders"},
		{"bill|!ord", "ord-bill", "ord-[bill]"},
		{"or*", "orders", "orders"},
		{"zzz", "orders", "orders"},
		{"aé", "xa-é", "x[a]-[é]"},
	} {
		places := parse(t, c.filter).Highlight(c.name, nil)
		got := ""
		for i, r := range c.name {
			if slices.Contains(places, i) {
				got += "[" + string(r) + "]"
			} else {
				got += string(r)
			}
		}
		if got = strings.ReplaceAll(got, "][", ""); got != c.want {
			t.Errorf("%q in %q: %s, want %s", c.filter, c.name, got, c.want)
		}
	}
	if got := parse(t, `ab "b"`).Highlight("xab", []int{7}); !slices.Equal(got, []int{7, 1, 2}) {
		t.Errorf("appended to what was there, each once: %v", got)
	}
	if got := parse(t, "aé").Highlight("xa-é", nil); !slices.Equal(got, []int{1, 3}) {
		t.Errorf("characters of two bytes: %v", got)
	}
}

// TestErrors: where it goes wrong is marked with ^, what was expected follows.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ filter, expected string }{
		{"^|a", "a part of a name"},
		{"a|^", "a part of a name"},
		{"a | ^", "a part of a name"},
		{"a|^|b", "a part of a name"},
		{"!^", "a part of a name"},
		{"a !^ b", "a part of a name"},
		{`"abc^`, `a "`},
		{`^""`, "a part of a name"},
		{`"a"^b`, "a blank or |"},
		{`a^"b"`, "a blank or |"},
		{">^", "a number such as 1000"},
		{">^abc", "a number such as 1000"},
		{">^-1", "a number such as 1000"},
		{">^1e3", "a number such as 1000"},
		{">^0x10", "a number such as 1000"},
		{">^NaN", "a number such as 1000"},
		{">^1.2.3", "a number such as 1000"},
		{">^.", "a number such as 1000"},
		{"=^>5", "a number such as 1000"},
		{"age>^", "a length of time such as 90s"},
		{"age>^90", "a length of time such as 90s"},
		{"age>^1w", "a length of time such as 90s"},
		{"age>^99999999999d", "a length of time such as 90s"},
		{"a ^vsible>5", "one of visible, inflight"},
		{"^colour:red", "tag:, region: or context:"},
		{"tag:^", "the key of a tag"},
		{"tag:^=x", "the key of a tag"},
		{`tag:"team^`, `a "`},
		{`tag:team=a^"b"`, "a blank or |"},
		{"region:^", "the beginning of a name"},
		{"^arn:aws:sqs:us-east-1:000000000000:q", "tag:, region: or context:"},
	} {
		text := strings.Replace(c.filter, "^", "", 1)
		_, err := Parse(text)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := text[:e.Offset] + "^" + text[e.Offset:]; got != c.filter || !strings.HasPrefix(e.Expected, c.expected) {
			t.Errorf("%s expects %q, want %s expects %q", got, e.Expected, c.filter, c.expected)
		}
		if backend.KindOf(err) != backend.KindInvalid || backend.AsError(err).Error() != err.Error() {
			t.Errorf("%q: %v as %v", text, err, backend.AsError(err))
		}
		if e.Unfinished() != strings.HasSuffix(c.filter, "^") {
			t.Errorf("%q: unfinished %v", text, e.Unfinished())
		}
	}
}

func TestNeeds(t *testing.T) {
	for _, c := range []struct {
		filter string
		want   Needs
	}{
		{"orders region:eu fifo pinned !std *x", Needs{}},
		{">5 stored<3", Needs{Counts: true}},
		{"a|age>1h", Needs{Ages: true}},
		{"!in>1", Needs{Rates: true}},
		{"net>1 dlq", Needs{Rates: true, Wiring: true}},
		{"!tag:team trouble", Needs{Tags: true, Trouble: true}},
	} {
		if d := cmp.Diff(c.want, parse(t, c.filter).Needs()); d != "" {
			t.Errorf("%q (-want +got):\n%s", c.filter, d)
		}
	}
}

// TestHelpCanBeTyped: the examples are filters, and every number, flag and key
// of the language has its line.
func TestHelpCanBeTyped(t *testing.T) {
	var all strings.Builder
	for _, f := range Help() {
		parse(t, f.Example)
		if strings.HasSuffix(f.Meaning, ".") {
			t.Errorf("%s: ends in a full stop", f.Form)
		}
		fmt.Fprintln(&all, f.Form, f.Meaning)
	}
	for _, w := range append(fields(), "dlq", "fifo", "std", "trouble", "pinned", "tag:", "region:", "context:") {
		if !strings.Contains(all.String(), w) {
			t.Errorf("no help for %s", w)
		}
	}
}

func TestQueryIsWhatWasTyped(t *testing.T) {
	if q := parse(t, " a  b"); q.String() != " a  b" || q.Empty() {
		t.Errorf("%q, empty %v", q, q.Empty())
	}
	if !parse(t, " ").Empty() || !(Query{}).Empty() {
		t.Error("no words are not empty")
	}
}

func names(n int) []Row {
	rows := make([]Row, n)
	for i := range rows {
		rows[i] = full()
		rows[i].Name = fmt.Sprintf("team%02d-orders-service-%05d-payment-events-dlq", i%37, i)
	}
	return rows
}

func TestMatchAllocatesNothing(t *testing.T) {
	rows := names(100)
	q := parse(t, `ordpay !xyz "events"|billing *dlq >10 tag:team=che* age>1h region:eu`)
	if n := testing.AllocsPerRun(10, func() {
		for i := range rows {
			q.Match(&rows[i])
		}
	}); n != 0 {
		t.Errorf("%v allocations for 100 rows", n)
	}
}

// BenchmarkMatch filters 10,000 queues.
func BenchmarkMatch(b *testing.B) {
	rows := names(10000)
	for _, filter := range []string{"ord", "tmsq", "ordpaydlq", "*payment*dlq", ">1000", "tag:team=checkout", `ord pay "dlq" >10 age>1h`} {
		q := parse(b, filter)
		b.Run(filter, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for i := range rows {
					q.Match(&rows[i])
				}
			}
		})
	}
}
