package decode

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/decode/document"
)

func deny(paths ...string) config.Mask  { return config.Mask{Mode: "deny", Paths: paths} }
func allow(paths ...string) config.Mask { return config.Mask{Mode: "allow", Paths: paths} }

func TestMasksHideWhatTheirPathsLeadTo(t *testing.T) {
	const customer = `{"customer":{"email":"bob@example.com","n":1},"items":[{"card":"4111","x":2},{"card":"4222"}]}`
	for name, test := range map[string]struct {
		masks []config.Mask
		body  string
		want  []string // the bytes of each stage
	}{
		"a path":                       {[]config.Mask{deny(".customer.email")}, customer, []string{strings.Replace(customer, `"bob@example.com"`, `"•••"`, 1)}},
		"without a leading dot":        {[]config.Mask{deny("customer.email")}, customer, []string{strings.Replace(customer, `"bob@example.com"`, `"•••"`, 1)}},
		"an array":                     {[]config.Mask{deny(".items[].card")}, customer, []string{strings.NewReplacer(`"4111"`, `"•••"`, `"4222"`, `"•••"`).Replace(customer)}},
		"an array that is not named":   {[]config.Mask{deny(".items.card")}, customer, []string{strings.NewReplacer(`"4111"`, `"•••"`, `"4222"`, `"•••"`).Replace(customer)}},
		"an array that is none":        {[]config.Mask{deny(".items[].card")}, `{"items":{"card":1}}`, []string{`{"items":{"card":"•••"}}`}},
		"each value of an object":      {[]config.Mask{deny(".by[].x")}, `{"by":{"a":{"x":1},"b":{"x":2}}}`, []string{`{"by":{"a":{"x":"•••"},"b":{"x":"•••"}}}`}},
		"a container":                  {[]config.Mask{deny(".customer", ".items")}, customer, []string{`{"customer":"•••","items":"•••"}`}},
		"a name with escapes":          {[]config.Mask{deny(".card")}, `{"c\u0061rd":1}`, []string{`{"c\u0061rd":"•••"}`}},
		"a name given twice":           {[]config.Mask{deny(".card")}, `{"card":1,"card":2}`, []string{`{"card":"•••","card":"•••"}`}},
		"a name in quotes":             {[]config.Mask{deny(`."unit price"`)}, `{"unit price":1}`, []string{`{"unit price":"•••"}`}},
		"a body that has not the path": {[]config.Mask{deny(".card")}, `{"a":{"card":1}}`, []string{`{"a":{"card":1}}`}},
		"text":                         {[]config.Mask{deny(".card")}, "card 4111", []string{"card 4111"}},
		"the message in SNS":           {[]config.Mask{deny(".card")}, snsed(`{"card":1,"x":2}`), []string{snsed(`{"card":"•••","x":2}`), `{"card":"•••","x":2}`}},
		"a path from outside SNS":      {[]config.Mask{deny(".Message.card")}, snsed(`{"card":1}`), []string{snsed(`{"card":"•••"}`), `{"card":"•••"}`}},
		"the message itself":           {[]config.Mask{deny(".Message")}, snsed(`{"card":1}`), []string{snsed(`•••`), "•••"}},
		"EventBridge":                  {[]config.Mask{deny(".card")}, eventBridged(`{"card":1}`), []string{eventBridged(`{"card":"•••"}`), `{"card":"•••"}`}},
		"base64":                       {[]config.Mask{deny(".card")}, base64ed(`{"card":1,"x":2}`), []string{"•••", `{"card":"•••","x":2}`}},
		"SNS with gzip":                {[]config.Mask{deny(".card")}, snsed(base64ed(gzipped(`{"card":1}`))), []string{snsed("•••"), "•••", "•••", `{"card":"•••"}`}},
		"a field that holds JSON":      {[]config.Mask{deny(".card")}, `{"log":"{\"card\":1}","x":2}`, []string{`{"log":"{\"card\":\"•••\"}","x":2}`}},
		"a field that holds base64":    {[]config.Mask{deny(".card")}, `{"log":` + document.Quote(base64ed(`{"card":1,"x":1}`)) + `}`, []string{`{"log":"•••"}`}},
		"a form":                       {[]config.Mask{deny(".card")}, "card=4111&x=2", []string{"•••"}},
		"what was not opened":          {[]config.Mask{deny(".card")}, gzipped(strings.Repeat("0", 9<<20)), []string{"•••"}},
		"what cannot be opened":        {[]config.Mask{deny(".card")}, zstdMagic + "x", []string{"•••"}},
		"allowed paths":                {[]config.Mask{allow(".customer.n", ".items[].x")}, customer, []string{`{"customer":{"•••":"•••","n":1},"items":[{"•••":"•••","x":2},"•••"]}`}},
		"an allowed container":         {[]config.Mask{allow(".customer")}, customer, []string{`{"customer":{"email":"bob@example.com","n":1},"•••":"•••"}`}},
		"several hidden members":       {[]config.Mask{allow(".c")}, `{"a":1, "b":2, "c":3, "d":4}`, []string{`{"•••":"•••", "c":3}`}},
		"nothing allowed":              {[]config.Mask{allow()}, customer, []string{"•••"}},
		"nothing allowed, SNS":         {[]config.Mask{allow()}, snsed("hi"), []string{"•••", "•••"}},
		"allowed in SNS":               {[]config.Mask{allow(".id")}, snsed(`{"id":1,"x":2}`), []string{`{"•••":"•••","Message":"{\"id\":1,\"•••\":\"•••\"}"}`, `{"id":1,"•••":"•••"}`}},
		"allowed text in SNS":          {[]config.Mask{allow(".Message")}, snsed("hi"), []string{`{"•••":"•••","Message":"hi"}`, "hi"}},
		"allowed, but text":            {[]config.Mask{allow(".id")}, "id 7", []string{"•••"}},
		"allowed in base64":            {[]config.Mask{allow(".id")}, base64ed(`{"id":1,"x":2}`), []string{"•••", `{"id":1,"•••":"•••"}`}},
		"two that allow":               {[]config.Mask{allow(".a", ".b"), allow(".b", ".c")}, `{"a":1,"b":2,"c":3}`, []string{`{"•••":"•••","b":2}`}},
		"one that allows and one not":  {[]config.Mask{allow(".a"), deny(".a.b")}, `{"a":{"b":1,"c":2},"d":3}`, []string{`{"a":{"b":"•••","c":2},"•••":"•••"}`}},
		"a path that cannot be read":   {[]config.Mask{deny("..")}, customer, []string{"•••"}},
		"a mode that is none":          {[]config.Mask{{Mode: "hide", Paths: []string{".a"}}}, customer, []string{"•••"}},
		"no mode":                      {[]config.Mask{{Paths: []string{".a"}}}, `{"a":1,"b":2}`, []string{`{"a":"•••","b":2}`}},
		"no masks":                     {nil, customer, []string{customer}},
	} {
		t.Run(name, func(t *testing.T) {
			r := Decode(t.Context(), test.body, nil)
			m := Masked(t.Context(), r, test.masks)
			var got []string
			for _, s := range m.Stages {
				got = append(got, s.Bytes)
			}
			// Members of SNS that are not allowed come before and behind.
			if strings.HasPrefix(name, "allowed") && len(got) > 0 {
				got[0] = strings.ReplaceAll(got[0], `,"Timestamp"`, "")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if m.Chain() != r.Chain() || m.Masked != (m.Body() != r.Body()) {
				t.Errorf("%s, masked %v", m.Chain(), m.Masked)
			}
		})
	}
}

func TestAFormShowsWhatIsLeftOfItsFields(t *testing.T) {
	r := Masked(t.Context(), Decode(t.Context(), "card=4111&x=2", nil), []config.Mask{deny(".card")})
	if got := r.Last().Doc.Source(); got != `{"card":"•••","x":"2"}` {
		t.Errorf("got %s", got)
	}
}

func TestNothingIsUnmaskedWithoutTime(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := Decode(ctx, `{"log":"{\"card\":4111}"}`, nil)
	cancel()
	if m := Masked(ctx, r, []config.Mask{deny(".card")}); strings.Contains(m.Body(), "4111") {
		t.Error(m.Body())
	}
}

// wrap draws what a body is wrapped in.
func wrap(t *rapid.T, s string) string {
	isJSON := json.Valid([]byte(s))
	switch rapid.IntRange(0, 13).Draw(t, "wrap") {
	case 0:
		return snsed(s)
	case 1:
		if isJSON {
			return eventBridged(s)
		}
		return eventBridged(document.Quote(s))
	case 2:
		return document.Quote(s)
	case 3:
		return base64ed(s)
	case 4:
		return base64ed(gzipped(s))
	case 5:
		return base64ed(zlibbed(s))
	case 6:
		return "token=x&payload=" + url.QueryEscape(s)
	case 7:
		return `{"Records":[{"eventSource":"aws:sqs","messageId":"m","body":` + document.Quote(s) + `}]}`
	case 8:
		return `{"requestContext":{},"requestPayload":` + document.Quote(s) + `}`
	case 9:
		return `{"Records":[{"eventSource":"aws:sqs","body":"x"},{"eventSource":"aws:sqs","body":` + document.Quote(s) + `}]}`
	case 10:
		return `{"log":{"lines":["x",` + document.Quote(s) + `]}}`
	case 11:
		return " " + s + "\n"
	case 12:
		return `{"MessageId":"m","MD5OfBody":"x","Body":` + document.Quote(s) + "}"
	}
	if isJSON {
		return url.PathEscape(s) // of other text it is not recognised
	}
	return gzipped(s)
}

// guarded draws a document with a secret at a path, among others.
func guarded(t *rapid.T, secret string) (doc, path string) {
	doc = rapid.SampledFrom([]string{document.Quote(secret), `{"n":` + document.Quote(secret) + `}`, `["x",` + document.Quote(secret) + `]`}).Draw(t, "value")
	for range rapid.IntRange(1, 4).Draw(t, "depth") {
		switch name := rapid.SampledFrom([]string{"a", "b", "unit price", "é"}).Draw(t, "name"); rapid.IntRange(0, 2).Draw(t, "in") {
		case 0:
			doc, path = fmt.Sprintf(`{"x":1,%q:%s,"y":[]}`, name, doc), fmt.Sprintf(`.%q%s`, name, path)
		case 1:
			doc, path = fmt.Sprintf(`{%q:[%s,{"x":2}]}`, name, doc), fmt.Sprintf(`.%q[]%s`, name, path)
		default:
			doc, path = fmt.Sprintf(`{%q:%s}`, name, doc), fmt.Sprintf(`.%q%s`, name, path)
		}
	}
	return doc, path
}

// outputs are all that can be seen of a result.
func outputs(r Result) string {
	var b strings.Builder
	for i := range r.Stages {
		s := &r.Stages[i]
		fmt.Fprintln(&b, s.Bytes, s.Text(), r.Facts(i))
		if s.Doc != nil {
			fmt.Fprintln(&b, s.Doc.Source(), s.Doc.Value())
		}
	}
	fmt.Fprintln(&b, r.Body(), r.Value(), Object(backend.ARN{}, backend.Message{}, backend.StateUnknown, r))
	return b.String()
}

func TestAMaskedSecretIsInNoOutput(t *testing.T) {
	const secret = "hunter2-4111-secret"
	rapid.Check(t, func(t *rapid.T) {
		body, path := guarded(t, secret)
		for range rapid.IntRange(0, 4).Draw(t, "wraps") {
			body = wrap(t, body)
		}
		masks := []config.Mask{rapid.SampledFrom([]config.Mask{
			deny(path), deny(".x", path), deny(strings.ReplaceAll(path, "[]", "")), allow(".x", ".y"), allow(".other"), allow(),
		}).Draw(t, "mask")}
		r := Decode(context.Background(), body, nil)
		m := Masked(context.Background(), r, masks)
		if out := outputs(m); strings.Contains(out, secret) {
			t.Fatalf("%v of %s in %s: %s", masks, r.Chain(), body, out)
		}
		// Nor can it be got from what is shown.
		for _, s := range m.Stages {
			again := Limits{Stages: 100}.Decode(context.Background(), s.Bytes, nil)
			if out := outputs(again); strings.Contains(out, secret) {
				t.Fatalf("%v of %s in %s: it is in %s", masks, r.Chain(), body, s.Bytes)
			}
		}
		// Masking is done with: a second time changes nothing that is seen.
		if twice := Masked(context.Background(), Decode(context.Background(), m.Body(), nil), masks); masks[0].Mode == "deny" && twice.Body() != m.Body() {
			t.Fatalf("%s becomes %s", m.Body(), twice.Body())
		}
	})
}

func TestADeniedPathLeavesAllElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body, path := guarded(t, "secret")
		m := Masked(context.Background(), Decode(context.Background(), body, nil), []config.Mask{deny(path)})
		if !m.Masked || strings.Count(m.Body(), Hidden) != strings.Count(m.Body(), `"•••"`) {
			t.Fatalf("%s of %s: %s", path, body, m.Body())
		}
		if want := strings.Count(body, `"x":1`); strings.Count(m.Body(), `"x":1`) < min(want, 1) {
			t.Fatalf("%s of %s: %s", path, body, m.Body())
		}
	})
}

func FuzzMasked(f *testing.F) {
	f.Add(snsed(`{"card":"4111"}`), ".card", true)
	f.Add(`{"a":[{"card":1}]}`, ".a[].card", false)
	f.Fuzz(func(t *testing.T, body, path string, denies bool) {
		mask := allow(path)
		if denies {
			mask = deny(path)
		}
		r := Limits{Unpacked: 1 << 20}.Decode(t.Context(), body, nil)
		m := Masked(t.Context(), r, []config.Mask{mask})
		outputs(m)
		if len(m.Stages) != len(r.Stages) {
			t.Fatalf("%d stages became %d", len(r.Stages), len(m.Stages))
		}
		if !denies && path == "" && m.Body() != Hidden {
			t.Fatalf("an unreadable mask shows %s", m.Body())
		}
	})
}
