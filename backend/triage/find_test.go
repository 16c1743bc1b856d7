package triage

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/decode"
	"sqscope/backend/triage/arrange"
)

// letters are messages of these bodies.
func letters(bodies ...string) []Message {
	var out []Message
	for i, b := range bodies {
		var m Message
		m.MessageId, m.Message.Body = fmt.Sprintf("%04d", i), b
		m.Attributes = map[string]string{
			backend.SysSentTimestamp: fmt.Sprint(1_790_000_000_000 + i*1000), backend.SysApproximateReceiveCount: fmt.Sprint(1 + i%5),
		}
		out = append(out, m)
	}
	return out
}

// many are n bodies made by a function of chance.
func many(n int, body func(r *rand.Rand) string) []string {
	r := rand.New(rand.NewPCG(uint64(n), 5))
	var out []string
	for range n {
		out = append(out, body(r))
	}
	return out
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

// What is only variety of one kind of message stays one group.
func TestVarietyIsNoCause(t *testing.T) {
	bodies := map[string]func(*rand.Rand) string{
		"optional members": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"id":%d,"name":"n%d"%s%s,"tags":[%s]}`, r.Int(), r.Int(), pick(r, "", `,"note":"x"`), pick(r, "", "", `,"phone":"1"`), pick(r, "", `"a"`, `"a","b"`))
		},
		"variants of an object": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"id":%d,"customer":{"name":"n%d","mail":"m%d","city":"c%d"},"payment":%s}`, r.Int(), r.Int(), r.Int(), r.Int(),
				pick(r, `{"method":"card","card":{"scheme":"visa","last4":"1"}}`, `{"method":"invoice","address":"a"}`, `{"method":"sepa","iban":"b"}`))
		},
		"null in a field that is mostly null": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"id":%d,"coupon":%s}`, r.Int(), pick(r, "null", "null", "null", `"A"`))
		},
		"few customers": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"id":%d,"tenant":%s}`, r.Int(), pick(r, `{"id":"t1","plan":"gold"}`, `{"id":"t2","plan":"free"}`))
		},
		"whole and broken numbers": func(r *rand.Rand) string { return fmt.Sprintf(`{"id":%d,"sum":%s}`, r.Int(), pick(r, "1", "2.50")) },
		"an error that is none": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"id":%d,"error":null,"errors":[],"errorCount":%d,"failed":false,"lastError":""}`, r.Int(), r.IntN(3))
		},
		"a map by ids": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"stock":{"%d":%d,"%d":1}}`, r.IntN(1e9), r.IntN(9), r.IntN(1e9))
		},
		"reasons": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"id":%d,"reason":"%s"}`, r.Int(), pick(r, "timeout", "customer", "out of stock"))
		},
		"sentences": func(r *rand.Rand) string { return fmt.Sprintf("order %d was placed by customer %d", r.Int(), r.Int()) },
		"releases": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"id":%d,"v":"%s"}`, r.Int(), pick(r, "1.2.3", "1.2.4", "2.0.0"))
		},
		"a type that often has a member": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"id":%d,%s}`, r.Int(), pick(r, `"type":"a","more":1`, `"type":"a","more":2`, `"type":"a"`, `"type":"b"`, `"type":"b"`))
		},
		"half a schema": func(r *rand.Rand) string { return fmt.Sprintf(`{"id":%d,"schema":"1.%d"}`, r.Int(), r.IntN(3)) },
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			if g := grouped(t, letters(many(120, body)...), arrange.Rules{}); len(g.Groups) != 1 {
				t.Errorf("%d groups, want 1", len(g.Groups))
				dump(t, g)
			}
		})
	}
}

// Messages that have a form of their own and say so elsewhere are a kind, also
// where a body is flat; and one release that made everything tells nothing.
func TestKindsAreToldApart(t *testing.T) {
	for name, body := range map[string]func(*rand.Rand) string{
		"flat": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"id":%d,%s}`, r.Int(), pick(r, `"type":"a","more":1`, `"type":"b"`))
		},
		"in a wrapper": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"event":{"id":%d,%s}}`, r.Int(), pick(r, `"type":"a","more":1`, `"type":"b"`))
		},
		"without a type": func(r *rand.Rand) string { return pick(r, `{"id":1,"sku":2,"n":3}`, `{"id":1,"user":2}`) },
		"of one release": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"v":"1.2.3",%s}`, pick(r, `"type":"a","more":1`, `"type":"b","other":2`))
		},
		"of different sources": func(r *rand.Rand) string {
			return pick(r, `<order><id>1</id></order>`, `<invoice><id>1</id></invoice>`)
		},
		"in lines": func(r *rand.Rand) string { return pick(r, "1;2;3", "1;2;3;4") },
		"by an empty member": func(r *rand.Rand) string {
			return fmt.Sprintf(`{"a":"%s","b":%d}`, pick(r, "", "t", "u", "v", "w", "x", "y", "z"), r.Int())
		},
	} {
		t.Run(name, func(t *testing.T) {
			if g := grouped(t, letters(many(120, body)...), arrange.Rules{}); len(g.Groups) != 2 {
				t.Errorf("%d groups, want 2", len(g.Groups))
				dump(t, g)
			}
		})
	}
}

// A fault says what differs, from the side of the few.
func TestFaultsSayWhatDiffers(t *testing.T) {
	for few, want := range map[string]string{
		`{"box":{"id":7,"sum":"n/a","name":"x"}}`:     `.box.sum is a text, not a number`,
		`{"box":{"id":7,"sum":{"eur":1},"name":"x"}}`: `.box.sum is an object, not a number`,
		`{"box":{"id":7,"name":"x"}}`:                 `.box.sum is missing`,
		`{"box":{"id":7,"total":5,"name":"x"}}`:       `.box.sum is missing, total is there instead`,
		`{"box":{"id":7,"sum":5,"name":null}}`:        `.box.name is empty`,
		`{"box":{"id":7,"sum":5,"name":"x \ud83c"}}`:  `.box.name ends in half a character`,
	} {
		bodies := many(100, func(r *rand.Rand) string {
			return fmt.Sprintf(`{"box":{"id":%d,"sum":%d,"name":"n%d"}}`, r.Int(), r.Int(), r.Int())
		})
		g := grouped(t, letters(append(bodies, few, few, few)...), arrange.Rules{})
		if len(g.Groups) != 2 || len(g.Groups[1].Members) != 3 || g.Groups[1].Title != want || g.Groups[1].Cause != ByFault || g.Groups[0].Cause != Other {
			t.Errorf("%s: %s, want 3 %s", few, sizes(g), want)
		}
	}
}

// What is as usual among messages that died of something else is no fault: a
// missing name does not explain why some died, when those that an error explains
// lack it as often.
func TestWhatOthersLackTooIsNoFault(t *testing.T) {
	g := grouped(t, letters(many(300, func(r *rand.Rand) string {
		return fmt.Sprintf(`{"id":%d,"city":"c"%s%s}`, r.Int(), pick(r, "", `,"name":"n"`, `,"name":"n"`, `,"name":"n"`, `,"name":"n"`, `,"name":"n"`, `,"name":"n"`), pick(r, "", `,"error":"boom"`))
	})...), arrange.Rules{})
	if len(g.Groups) != 2 {
		t.Errorf("%d groups, want those with the error and the others", len(g.Groups))
		dump(t, g)
	}
}

// What is told in one message, by what tells it.
func TestWhatTellsAMessage(t *testing.T) {
	attribute := func(name, value string) map[string]backend.MessageAttribute {
		return map[string]backend.MessageAttribute{name: {DataType: "String", StringValue: backend.Some(value)}}
	}
	for _, c := range []struct {
		name, body string
		attributes map[string]backend.MessageAttribute
		cause      Cause
		title      string
		act        Act
	}{
		{"an error in a member", `{"a":1,"error":"boom"}`, nil, ByError, "boom", Fix},
		{"error type and message", `{"errorType":"IOError","errorMessage":"disk 7 is full"}`, nil, ByError, "IOError: disk … is full", Fix},
		{"an error deep down", `{"meta":{"retry":{"last_error":{"code":"E42","message":"no such tenant"}}}}`, nil, ByError, "E42: no such tenant", Fix},
		{"the last of several", `{"failures":[{"error":"AError"},{"error":"BError"}]}`, nil, ByError, "BError", Fix},
		{"the last of several attempts", `{"attempts":[{"error":"AError"},{"error":"BError"}]}`, nil, ByError, "BError", Fix},
		{"a status", `{"failure":{"status":503,"text":"try later"}}`, nil, ByError, "503: try later", Redrive},
		{"an error that passes", `{"exception":"java.net.SocketTimeoutException: connect timed out"}`, nil, ByError, "java.net.SocketTimeoutException: connect timed out", Redrive},
		{"in German", `{"fehler":{"art":"Zeit","text":"Zeitüberschreitung beim Lager 7"}}`, nil, ByError, "Zeit: Zeitüberschreitung beim Lager …", Redrive},
		{"in Japanese", `{"エラー":{"コード":"E7","メッセージ":"在庫 がありません"}}`, nil, ByError, "E7: 在庫 がありません", Fix},
		{"by its value alone", `{"x":{"k":"com.shop.PriceException","m":"too low by far"}}`, nil, ByError, "com.shop.PriceException: too low by far", Fix},
		{"in an attribute", `{"a":1}`, attribute("ERROR_CODE", "NO_PERMISSIONS"), ByError, "NO_PERMISSIONS", Fix},
		{"behind base64", "eyJlcnJvciI6ImJvb20ifQ==", nil, ByError, "boom", Fix},
		{"an empty object", `{}`, nil, ByBlank, "nothing in the body", Drop},
		{"blanks", " \n", nil, ByBlank, "nothing in the body", Drop},
		{"an error with an empty body", `{}`, attribute("ErrorMessage", "boom"), ByError, "boom", Fix},
		{"JSON that ends too soon", `{"order":{"id":`, nil, ByBroken, "JSON, beginning with order: it ends too soon", Drop},
		{"XML that ends too soon", `<a><b>c`, nil, ByBroken, "XML, <a>: it breaks off before its end", Drop},
		{"XML with the wrong tags", `<a><b>c</a>`, nil, ByBroken, "XML, <a>: tags do not match", Drop},
		{"a verdict", `{"status":"REJECTED"}`, nil, Other, "nothing tells them apart: JSON", Fix}, // of one value there is no telling
		{"fields", "a;b;c", nil, Other, "nothing tells them apart: text, 3 fields between ';'", Fix},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := letters(c.body)
			m[0].MessageAttributes = c.attributes
			g := grouped(t, m, arrange.Rules{}).Groups[0]
			if g.Cause != c.cause || g.Title != c.title || g.Advice.Act != c.act || g.Advice.Why == "" || len(g.Evidence) == 0 {
				t.Errorf("%s, %q, %s; want %s, %q, %s", g.Cause, g.Title, g.Advice.Act, c.cause, c.title, c.act)
			}
		})
	}
}

// A mask hides from titles and evidence what it hides from the screen.
func TestNothingMaskedIsTold(t *testing.T) {
	bodies := many(40, func(r *rand.Rand) string {
		return fmt.Sprintf(`{"error":{"message":"secret-%s was refused"},"name":"secret-name","id":%d}`, pick(r, "one", "two"), r.Int())
	})
	m := letters(bodies...)
	for i := range m {
		m[i].Body = decode.Masked(t.Context(), decode.Decode(t.Context(), m[i].Message.Body, nil), []config.Mask{{Paths: []string{".error.message", ".name"}}})
	}
	for _, g := range grouped(t, m, arrange.Rules{}).Groups {
		if all := g.Title + strings.Join(g.Evidence, " "); strings.Contains(all, "secret") {
			t.Errorf("a masked text is told: %s", all)
		}
	}
}

func TestGroupsKnowTheirMessages(t *testing.T) {
	m := letters(`{"error":"boom at 1"}`, `{"error":"boom at 22"}`, `{"error":"boom at 333"}`, `{}`)
	g := grouped(t, m, arrange.Rules{})
	if len(g.Groups) != 2 || g.Read != 4 || g.Words(10) != "grouped 4 of about 10" || g.Words(-1) != "grouped the 4 that were read" {
		t.Fatalf("%d groups, %q", len(g.Groups), g.Words(10))
	}
	x := g.Groups[0]
	if x.Receives != (Receives{1, 2, 3}) || x.Smallest != 0 || !x.First.Equal(sentOf(&m[0])) || !x.Last.Equal(sentOf(&m[2])) {
		t.Errorf("receives %v, smallest %d, from %v to %v", x.Receives, x.Smallest, x.First, x.Last)
	}
	if diff := cmp.Diff([][]int{{0, 1, 2}, {3}}, [][]int{x.Members, g.Groups[1].Members}); diff != "" {
		t.Error(diff)
	}
}

func TestGroupingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Find(ctx, letters(`{}`), Facts{}, arrange.Rules{})
	var e *backend.Error
	if !errors.As(err, &e) || e.Kind != backend.KindCancelled {
		t.Errorf("error %v, want one of kind cancelled", err)
	}
	if g, err := Find(t.Context(), nil, Facts{}, arrange.Rules{}); err != nil || len(g.Groups) != 0 {
		t.Errorf("of no messages: %v, %v", g, err)
	}
}

// Whatever is in bodies, each message is in one group, and nothing panics.
func FuzzFind(f *testing.F) {
	for _, s := range []string{`{"a":[1,{"b":null}]}`, `{"error":{"x":"\ud83c"}}`, "<a b='c'><d/>", "<?xml <", "a,b,c\n1,2,3", "H4sIAAAA", `[[[[]]]]`, "\x00\x01", `{"":{"":""}}`, `"\u0000"`} {
		f.Add(s, s+"}", "x"+s)
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		m := letters(a, b, c, a+b, `{"a":1}`, a)
		g := grouped(t, m, arrange.Rules{Titles: []string{".a", "attribute:x"}, Ignore: []string{".b"}})
		seen := map[int]bool{}
		for _, x := range g.Groups {
			for _, i := range x.Members {
				if seen[i] {
					t.Fatalf("message %d is in two groups", i)
				}
				seen[i] = true
			}
		}
		if len(seen) != len(m) {
			t.Fatalf("%d of %d messages are in groups", len(seen), len(m))
		}
	})
}
