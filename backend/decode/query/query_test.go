package query

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/decode"
)

func object(t testing.TB, body string) map[string]any {
	t.Helper()
	m := backend.Message{MessageId: "m-1", Body: body, Attributes: map[string]string{backend.SysApproximateReceiveCount: "3"}}
	queue := backend.ARN{Partition: "aws", Region: "eu-west-1", Account: "123456789012", Name: "orders"}
	return decode.Object(queue, m, backend.StateVisible, decode.Decode(t.Context(), body, nil))
}

const order = `{"order":{"total":100.50,"id":12345678901234567890123,"lines":[{"sku":"a"},{"sku":"b"}],"none":null,"no":false}}`

func TestAMessageMatchesWhereTheExpressionYieldsNeitherFalseNorNull(t *testing.T) {
	for expr, want := range map[string]bool{
		`.json.order.total > 100`:                    true,
		`.json.order.total > 101`:                    false,
		`.json.order.total == 100.5`:                 true,
		`.json.order.none`:                           false,
		`.json.order.no`:                             false,
		`.json.order.lines[].sku | select(. == "b")`: true,
		`.json.order.lines[].sku == "b"`:             true,
		`.json.order.lines[] | select(.sku == "c")`:  false,
		`empty`:                 false,
		`0`:                     true,
		`.body | test("total")`: true,
		`.attributes.ApproximateReceiveCount | tonumber >= 3`:               true,
		`.json.order.id == 12345678901234567890123`:                         true,
		`.json.order.id == 12345678901234567890124`:                         false,
		`.json.nothing.there`:                                               false,
		`.queueArn | endswith(":orders")`:                                   true,
		`$ENV.HOME // env.HOME // env.PATH`:                                 false,
		`halt`:                                                              false,
		`now > 0 and .state == "visible"`:                                   true,
		`. as {json: {order: {$total}}} | def big(f): f > 100; big($total)`: true,
	} {
		q, err := Compile(expr)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if got, err := q.Match(t.Context(), object(t, order)); got != want || err != nil {
			t.Errorf("%s: %v, %v", expr, got, err)
		}
	}
}

func TestABodyThatIsNoJSONHasNoJSON(t *testing.T) {
	q, err := Compile(`.json == null and .body == "text"`)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := q.Match(t.Context(), object(t, "text")); !got || err != nil {
		t.Error(got, err)
	}
}

func TestAnExpressionThatFailsDoesNotMatchAndSaysWhy(t *testing.T) {
	q, err := Compile(`.json.order.total.cents`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := q.Match(t.Context(), object(t, order))
	if e := backend.AsError(err); got || err == nil || e.Kind != backend.KindInvalid || !strings.Contains(e.Message, "100.5") {
		t.Errorf("%v, %v", got, err)
	}
}

func TestAnExpressionWithoutEndIsEnded(t *testing.T) {
	q, err := Compile(`[repeat(1)] | length`)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := q.Match(ctx, object(t, order)); backend.KindOf(err) != backend.KindCancelled {
		t.Errorf("cancelled: %v", err)
	}
	q, err = Compile(`def f: f; f`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Match(t.Context(), object(t, order)); backend.KindOf(err) != backend.KindTimeout {
		t.Errorf("left alone: %v", err)
	}
}

func TestWhatIsWrongIsSaidWithItsPlace(t *testing.T) {
	for text, want := range map[string]Error{
		`.json.order.total >`:                    {Offset: 19, Problem: "it ends too soon", Expected: "the rest of the expression"},
		`.json | select(.a = `:                   {Offset: 20, Problem: "it ends too soon", Expected: "the rest of the expression"},
		`.a && .b`:                               {Offset: 3, Problem: `"&" does not fit`, Expected: "and"},
		`.a || .b`:                               {Offset: 4, Problem: `"|" does not fit`, Expected: "or"},
		`.a == 'x'`:                              {Offset: 6, Problem: `"'" does not fit`, Expected: "a text in double quotes"},
		`.a == "x`:                               {Offset: 8, Problem: "it ends too soon", Expected: "the rest of the expression"},
		`.a)`:                                    {Offset: 2, Problem: `")" does not fit`, Expected: "something else; a jq expression is such as .json.order.total > 100"},
		`.json.a | lenght > 3`:                   {Offset: 10, Problem: "lenght is no function", Expected: "a function of jq, or .lenght for the member of that name; did you mean length?"},
		`total > 3`:                              {Offset: 0, Problem: "total is no function", Expected: "a function of jq, or .total for the member of that name"},
		`"total" | .a | $total > 3`:              {Offset: 15, Problem: "$total is not defined", Expected: "a variable that … as $total | has set"},
		`[inputs]`:                               {Offset: 1, Problem: "inputs has nothing to read here", Expected: "the message object, which is ."},
		`{total: .a, b: nothing}`:                {Offset: 15, Problem: "nothing is no function", Expected: "a function of jq, or .nothing for the member of that name"},
		`. as $a | def f(g): g; f($a) + missing`: {Offset: 31, Problem: "missing is no function", Expected: "a function of jq, or .missing for the member of that name"},
	} {
		_, err := Compile(text)
		var got *Error
		if !errors.As(err, &got) {
			t.Errorf("%s: %v", text, err)
			continue
		}
		want.text = text
		if diff := cmp.Diff(want, *got, cmp.AllowUnexported(Error{})); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
		if e := backend.AsError(err); e.Kind != backend.KindInvalid || e.Next == "" || got.Unfinished() != (got.Offset == len(text)) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestModulesAndTheEnvironmentCannotBeReached(t *testing.T) {
	t.Setenv("SQSCOPE_TEST_SECRET", "hunter2")
	if os.Getenv("SQSCOPE_TEST_SECRET") == "" {
		t.Fatal("not set")
	}
	for _, expr := range []string{`$ENV`, `env`, `$ENV.SQSCOPE_TEST_SECRET`, `env | tojson`} {
		q, err := Compile(expr)
		if err != nil {
			continue
		}
		values, _ := q.Values(t.Context(), object(t, order), 10)
		for _, v := range values {
			if strings.Contains(Cell(v), "hunter2") {
				t.Errorf("%s: %v", expr, v)
			}
		}
	}
	for _, expr := range []string{`import "a" as a; .`, `include "a"; .`, `input`, `inputs`, `import "a" as $a; .`, `"a" | modulemeta`} {
		q, err := Compile(expr)
		if err == nil {
			_, err = q.Match(t.Context(), object(t, order))
		}
		if err == nil {
			t.Errorf("%s was read", expr)
		}
	}
}

func TestColumnsShowValuesAsTheyAre(t *testing.T) {
	for expr, want := range map[string]string{
		`.json.order.total`:        "100.50",
		`.json.order.id`:           "12345678901234567890123",
		`.json.order.lines[0]`:     `{"sku":"a"}`,
		`.json.order.lines[1].sku`: "b",
		`.json.order.none`:         "",
		`.messageId`:               "m-1",
	} {
		q, err := Compile(expr)
		if err != nil {
			t.Fatal(err)
		}
		values, err := q.Values(t.Context(), object(t, order), 1)
		if err != nil || len(values) != 1 || Cell(values[0]) != want {
			t.Errorf("%s: %v, %v", expr, values, err)
		}
	}
	q, err := Compile(`.json.order.lines[].sku`)
	if err != nil {
		t.Fatal(err)
	}
	if values, _ := q.Values(t.Context(), object(t, order), 1); len(values) != 1 {
		t.Errorf("more than asked for: %v", values)
	}
	if got := Cell([]any{1, 2.5, big.NewInt(7), json.Number("1.50")}); got != "[1,2.5,7,1.50]" {
		t.Error(got)
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{`.json.order.total > 100`, `.a | test("x")`, `reduce .[] as $x (0; . + $x)`, `@base64`, `.a as [$b] | $b`, `"\(`, `def f: 1; f`, `lenght`} {
		f.Add(s)
	}
	message := object(f, order)
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Compile(text)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(text) || e.Expected == "" || e.Problem == "" {
				t.Fatalf("%+v", err)
			}
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), longest/10)
		defer cancel()
		values, err := q.Values(ctx, message, 100)
		if err != nil && backend.KindOf(err) == backend.KindInternal {
			t.Fatalf("%v", err)
		}
		for _, v := range values {
			Cell(v)
		}
	})
}
