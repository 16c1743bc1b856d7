package policy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/policy"
)

const (
	owner = "123456789012"
	other = "111111111111"
	queue = "arn:aws:sqs:us-east-1:123456789012:orders"
	topic = "arn:aws:sns:us-east-1:123456789012:placed"
)

var orders = backend.ARN{Partition: "aws", Region: "us-east-1", Account: owner, Name: "orders"}

// statement is a document with one statement, of which the elements are given.
func statement(elements string) string {
	return `{"Version":"2012-10-17","Statement":[{` + elements + `}]}`
}

func parse(t *testing.T, doc string) policy.Policy {
	t.Helper()
	p, err := policy.Parse(doc)
	if err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	return p
}

func values(all ...string) policy.Element[string] { return policy.Element[string]{Values: all} }

func TestAllThatADocumentSaysIsReadInItsOrder(t *testing.T) {
	got := parse(t, `{
		"Id": "the id", "Version": "2012-10-17",
		"Statement": [{
			"Condition": {
				"Bool": {"aws:SecureTransport": true},
				"ArnLike": {"aws:SourceArn": ["arn:b", "arn:a"], "aws:PrincipalArn": "arn:c"},
				"NumericLessThan": {"aws:MultiFactorAuthAge": [3600, 1e3, "5"]},
				"StringEquals": {"aws:PrincipalTag/none": []}
			},
			"Resource": ["`+queue+`", "*"], "NotAction": "sqs:SendMessage", "Effect": "Deny", "Sid": "z",
			"NotPrincipal": {"Service": "sns.amazonaws.com", "AWS": ["222222222222", "111111111111"], "Federated": "a", "CanonicalUser": "b"}
		}, {"Effect": "Allow", "Principal": "*", "Action": ["sqs:ReceiveMessage", "SQS:sendmessage"], "NotResource": "arn:aws:sqs:*"}]
	}`)
	want := policy.Policy{Version: policy.Version2012, Id: "the id", Statements: []policy.Statement{{
		Sid: "z", Effect: policy.Deny,
		Principal: policy.Element[policy.Principal]{Not: true, Values: []policy.Principal{
			{Type: policy.Service, ID: "sns.amazonaws.com"},
			{Type: policy.AWS, ID: "222222222222"},
			{Type: policy.AWS, ID: "111111111111"},
			{Type: policy.Federated, ID: "a"},
			{Type: policy.CanonicalUser, ID: "b"},
		}},
		Action:   policy.Element[string]{Not: true, Values: []string{"sqs:SendMessage"}},
		Resource: values(queue, "*"),
		Conditions: []policy.Condition{
			{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"true"}},
			{Operator: "ArnLike", Key: "aws:SourceArn", Values: []string{"arn:b", "arn:a"}},
			{Operator: "ArnLike", Key: "aws:PrincipalArn", Values: []string{"arn:c"}},
			{Operator: "NumericLessThan", Key: "aws:MultiFactorAuthAge", Values: []string{"3600", "1e3", "5"}},
			{Operator: "StringEquals", Key: "aws:PrincipalTag/none"},
		},
	}, {
		Effect:    policy.Allow,
		Principal: policy.Element[policy.Principal]{Values: []policy.Principal{{Type: policy.Everyone, ID: "*"}}},
		Action:    values("sqs:ReceiveMessage", "SQS:sendmessage"),
		Resource:  policy.Element[string]{Not: true, Values: []string{"arn:aws:sqs:*"}},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestASingleStatementNeedsNoList(t *testing.T) {
	one := `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*"}`
	got, list := parse(t, `{"Version":"2008-10-17","Statement":`+one+`}`), parse(t, `{"Version":"2008-10-17","Statement":[`+one+`]}`)
	if diff := cmp.Diff(list, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatAddPermissionWritesComesOutByteForByte(t *testing.T) { // 10.2
	for _, doc := range []string{
		`{"Version":"2008-10-17","Id":"` + queue + `/SQSDefaultPolicy","Statement":[{"Sid":"a","Effect":"Allow",` +
			`"Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"SQS:ReceiveMessage","Resource":"` + queue + `"}]}`,
		`{"Version":"2008-10-17","Id":"` + queue + `/SQSDefaultPolicy","Statement":[{"Sid":"a","Effect":"Allow",` +
			`"Principal":{"AWS":["arn:aws:iam::111111111111:root","arn:aws:iam::222222222222:root"]},` +
			`"Action":["SQS:SendMessage","SQS:*"],"Resource":"` + queue + `"},` +
			`{"Sid":"b","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::333333333333:root"},"Action":"SQS:*","Resource":"` + queue + `"}]}`,
	} {
		if got := parse(t, doc).JSON(); got != doc {
			t.Errorf("got  %s\nwant %s", got, doc)
		}
	}
}

func TestJSONHasTheStyleOfSQS(t *testing.T) { // 10.2
	got := parse(t, `{ "Statement" : {"Condition":{"StringEquals":{"b":["1"],"a":[2,true]},"Null":{"c":[]}}, "Action":["<&>"],
		"Principal":{"Service":["s"],"AWS":["*"]}, "Resource":"*", "Effect":"Allow"} }`).JSON()
	want := `{"Statement":[{"Effect":"Allow","Principal":{"Service":"s","AWS":"*"},"Action":"<&>","Resource":"*",` +
		`"Condition":{"StringEquals":{"b":"1","a":["2","true"]},"Null":{"c":[]}}}]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestErrorsSayWhereAndWhatToDo(t *testing.T) {
	const head, tail = `"Effect":"Allow","Principal":"*"`, `,"Action":"sqs:*"`
	second := func(elements string) string {
		return `{"Statement":[{` + head + tail + `},{"Sid":"mine",` + elements + `}]}`
	}
	for _, c := range []struct{ doc, want string }{
		{``, `policy, line 1, column 1: is no JSON: unexpected end of JSON input (correct the JSON)`},
		{"{\n \"Statement\": [],,\n}", `policy, line 2, column 18: is no JSON: invalid character ',' looking for beginning of object key string (correct the JSON)`},
		{`{} {}`, `policy, line 1, column 4: is no JSON: invalid character '{' after top-level value (correct the JSON)`},
		{"{\"Id\":\"\xff\"}", `policy: is not UTF-8 (save it as UTF-8)`},
		{`[]`, `policy: is a list, not an object (write it as {…})`},
		{`"{}"`, `policy: is a string, not an object (write it as {…})`},
		{`{"statement":[]}`, `policy: has an unknown field "statement" (write it as Statement)`},
		{`{"Statements":[]}`, `policy: has an unknown field "Statements" (use Version, Id, Statement)`},
		{`{"Id":"a","Id":"b"}`, `policy: has "Id" twice (write it once, with a list for several values)`},
		{`{"Version":"2020-01-01"}`, `policy, Version: is "2020-01-01", which is no version of the policy language (use 2012-10-17)`},
		{`{"Version":2012}`, `policy, Version: is a number, not a string (write it in quotes)`},
		{`{}`, `policy, Statement: is missing or empty (add one, or remove the policy)`},
		{`{"Statement":[]}`, `policy, Statement: is missing or empty (add one, or remove the policy)`},
		{`{"Statement":null}`, `statement 1: is null, not an object (write it as {…})`},
		{second(`"Effect":"allow"`), `statement 2 (mine), Effect: is "allow" (use Allow or Deny)`},
		{second(`"Principal":"*"` + tail), `statement 2 (mine): has no Effect (add Allow or Deny)`},
		{second(head), `statement 2 (mine): has neither Action nor NotAction (add the actions, or sqs:* for all)`},
		{second(`"Effect":"Deny"` + tail), `statement 2 (mine): has neither Principal nor NotPrincipal (add the accounts or services, or "*" for everyone)`},
		{second(head + `,"Action":[]`), `statement 2 (mine), Action: is an empty list (name at least one)`},
		{second(head + `,"Action":[""]`), `statement 2 (mine), Action: has an empty string (name something)`},
		{second(head + `,"Action":{}`), `statement 2 (mine), Action: is an object, not a string (write it in quotes)`},
		{second(head + tail + `,"NotAction":"sqs:*"`), `statement 2 (mine), NotAction: stands beside Action (keep one of them)`},
		{second(head + tail + `,"NotPrincipal":"*"`), `statement 2 (mine), NotPrincipal: stands beside Principal (keep one of them)`},
		{second(head + tail + `,"NotResource":"*","Resource":"*"`), `statement 2 (mine), Resource: stands beside NotResource (keep one of them)`},
		{second(head + tail + `,"Resources":"*"`), `statement 2 (mine): has an unknown field "Resources" (use Sid, Effect, Action, NotAction, Resource, NotResource, Condition, Principal, NotPrincipal)`},
		{second(`"Principal":"111111111111"`), `statement 2 (mine), Principal: is the string "111111111111"; only "*" may stand alone (write {"AWS": "111111111111"})`},
		{second(`"Principal":{}`), `statement 2 (mine), Principal: names nobody (name someone, or use "*" for everyone)`},
		{second(`"Principal":{"AWS":[]}`), `statement 2 (mine), Principal AWS: is an empty list (name at least one)`},
		{second(`"Principal":{"aws":"*"}`), `statement 2 (mine), Principal: has an unknown field "aws" (write it as AWS)`},
		{second(`"Principal":["*"]`), `statement 2 (mine), Principal: is a list, not an object (write it as {…})`},
		{second(`"Condition":[]`), `statement 2 (mine), Condition: is a list, not an object (write it as {…})`},
		{second(`"Condition":{"StringIs":{"a":"b"}}`), `statement 2 (mine), Condition StringIs: is no condition operator (use one of IAM's, such as StringEquals, ArnLike, Bool or IpAddress)`},
		{second(`"Condition":{"NullIfExists":{"a":"true"}}`), `statement 2 (mine), Condition NullIfExists: is no condition operator (use one of IAM's, such as StringEquals, ArnLike, Bool or IpAddress)`},
		{second(`"Condition":{"Bool":{}}`), `statement 2 (mine), Condition Bool: compares no key (add a key, or remove the operator)`},
		{second(`"Condition":{"Bool":{"a":{}}}`), `statement 2 (mine), Condition Bool a: is compared with an object (use strings, numbers or booleans)`},
		{second(`"Condition":{"Bool":{"a":[null]}}`), `statement 2 (mine), Condition Bool a: is compared with null (use strings, numbers or booleans)`},
		{second(`"Condition":{"Bool":{"a":"true","a":"false"}}`), `statement 2 (mine), Condition Bool: has "a" twice (write it once, with a list for several values)`},
	} {
		_, err := policy.Parse(c.doc)
		var e *backend.Error
		if !errors.As(err, &e) || e.Kind != backend.KindInvalid || err.Error() != c.want {
			t.Errorf("%s\ngot  %v\nwant %s", c.doc, err, c.want)
		}
	}
}

func TestThereAreNoOtherOperators(t *testing.T) {
	for _, o := range []string{
		"", "String", "StringLessThan", "StringNot", "NumericNotLessThan", "NumericLike", "DateNotGreaterThan", "DateLike",
		"ArnEqualsIgnoreCase", "ArnLessThan", "NotBool", "BoolIfExistsIfExists", "NotIpAddressLike", "ForAnyValue:Null",
		"ForAllValues:ForAnyValue:StringEquals", "ForSomeValues:StringEquals", "BinaryNotEquals",
	} {
		if _, err := policy.Parse(statement(`"Effect":"Allow","Principal":"*","Action":"*","Condition":{"` + o + `":{"k":"v"}}`)); err == nil {
			t.Errorf("%q is accepted", o)
		}
	}
}

func TestAnIdentitysPolicyNamesNoPrincipal(t *testing.T) {
	const doc = `{"Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"*"}}`
	if _, err := policy.ParseIdentity(doc); err != nil {
		t.Error(err)
	}
	if _, err := policy.ParseIdentity(strings.Replace(doc, `"Effect"`, `"Principal":"*","Effect"`, 1)); err == nil {
		t.Error("a Principal is accepted")
	}
	if _, err := policy.ParseIdentity(strings.Replace(doc, `,"Resource":"*"`, ``, 1)); err == nil {
		t.Error("no Resource is accepted")
	}
}

func TestDeepNestingIsRefusedAndNotFollowed(t *testing.T) {
	if _, err := policy.Parse(strings.Repeat(`[`, 1e6)); backend.KindOf(err) != backend.KindInvalid {
		t.Error(err)
	}
}

func TestWithAddsAStatementOnceAndKeepsSidsApart(t *testing.T) {
	allow := func(sid, action string) policy.Statement {
		return policy.Statement{
			Sid: sid, Effect: policy.Allow, Action: values(action),
			Principal: policy.Element[policy.Principal]{Values: []policy.Principal{{Type: policy.AWS, ID: other}}},
		}
	}
	sids := func(p policy.Policy) (all []string) {
		for _, s := range p.Statements {
			all = append(all, s.Sid)
		}
		return all
	}
	long := strings.Repeat("x", 80)
	one := policy.Policy{}.With(allow("a", "sqs:SendMessage"))
	more := one.With(allow("a", "sqs:ReceiveMessage")).With(allow("a", "sqs:*")).With(allow("", "sqs:SendMessage")).
		With(allow(long, "sqs:SendMessage")).With(allow(long, "sqs:*"))
	again := more.With(allow("a", "sqs:ReceiveMessage")).With(allow("", "sqs:SendMessage")).With(allow(long, "sqs:*"))
	if diff := cmp.Diff([]string{"a", "a-2", "a-3", "", long, long[:78] + "-2"}, sids(again)); diff != "" {
		t.Error(diff)
	}
	if one.Version != policy.Version2012 || len(one.Statements) != 1 {
		t.Errorf("the first policy is %s", one.JSON())
	}
	if old := (policy.Policy{Version: policy.Version2008}).With(allow("a", "sqs:*")); old.Version != policy.Version2008 {
		t.Errorf("the version became %s", old.Version)
	}
}
