package policy_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/policy"
)

// FuzzParse reads anything: it never panics, what it accepts can be written and
// read again, evaluated and said.
func FuzzParse(f *testing.F) {
	for _, doc := range []string{
		``, `{`, `null`, `{"Statement":[]}`, `{"Version":"2012-10-17","Id":"i","Statement":{"Effect":"Allow","Principal":"*","Action":"*"}}`,
		statement(`"Sid":"s","Effect":"Deny","NotPrincipal":{"AWS":["111111111111","*"],"Service":"a.b"},"NotAction":["sqs:*"],"NotResource":"arn:aws:sqs"`),
		statement(`"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::1:assumed-role/a/b"},"Action":"sqs:Get?","Resource":"arn:${a}:${b, 'c}':d'}",` +
			`"Condition":{"ForAnyValue:StringLikeIfExists":{"aws:username":["${*}${?}${$}${","a*b"]},"Null":{"k":true},"ArnLike":{"k":"arn:*:*:*:${x:y}:*"}}`),
		statement(`"Effect":"Allow","Principal":"*","Action":"*","Condition":{"NumericLessThan":{"a":1e999},"DateEquals":{"a":"2026-01"},` +
			`"IpAddress":{"a":"::/0"},"BinaryEquals":{"a":"=="},"Bool":{"a":false}}`),
	} {
		f.Add(doc)
	}
	context := map[string][]string{"a": {"1"}, "k": {"arn:aws:sns:r:1:x"}, "aws:username": {"a*b", "c"}}
	f.Fuzz(func(t *testing.T, doc string) {
		p, err := policy.Parse(doc)
		if err != nil {
			if backend.KindOf(err) != backend.KindInvalid || backend.AsError(err).Subject == "" || backend.AsError(err).Next == "" {
				t.Fatalf("the error says too little: %#v", err)
			}
			return
		}
		again, err := policy.Parse(p.JSON())
		if err != nil {
			t.Fatalf("%v in %s", err, p.JSON())
		}
		if diff := cmp.Diff(p, again); diff != "" {
			t.Fatal(diff)
		}
		for _, c := range []policy.Caller{anonymous, sns, session, owned} {
			d := p.Evaluate(policy.Request{Principal: c, Action: "SendMessage", Resource: queue, Context: context})
			if d.Statement >= len(p.Statements) {
				t.Fatalf("%+v", d)
			}
		}
		for _, r := range p.Words(orders) {
			if !utf8.ValidString(r.Text) || !strings.HasSuffix(r.Text, ".") {
				t.Fatalf("%q", r.Text)
			}
		}
	})
}
