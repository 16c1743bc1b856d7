package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/policy"
)

func TestWarnings(t *testing.T) {
	const (
		everyone = `"Effect":"Allow","Principal":"*",`
		nobody   = `"Effect":"Deny","Principal":"*",`
		one      = `"Effect":"Allow","Principal":{"AWS":"111111111111"},`
		service  = `"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},`
		sends    = `"Action":"sqs:SendMessage"`
		all      = `"Action":"sqs:*"`
	)
	when := func(condition string) string { return `,"Condition":` + condition }
	for _, c := range []struct {
		elements string
		want     []string // trap: about
	}{
		{one + sends, nil},
		{nobody + all + when(`{"Bool":{"aws:SecureTransport":"false"}}`), nil},
		{service + sends + when(`{"ArnEquals":{"aws:SourceArn":"`+topic+`"}}`), nil},

		// open to everyone
		{everyone + sends, []string{"open to everyone:"}},
		{`"Effect":"Allow","Principal":{"AWS":["111111111111","*"]},` + sends, []string{"open to everyone:"}},
		{nobody + sends, nil},
		{everyone + sends + when(`{"Bool":{"aws:SecureTransport":"true"}}`), []string{"open to everyone:"}},
		{everyone + sends + when(`{"DateLessThan":{"aws:CurrentTime":"2026-01-01"}}`), []string{"open to everyone:"}},
		{everyone + sends + when(`{"StringEquals":{"aws:PrincipalTag/team":"x"}}`), []string{"open to everyone:"}},
		{everyone + sends + when(`{"StringNotEquals":{"aws:PrincipalAccount":"111111111111"}}`), []string{"open to everyone:"}},
		{everyone + sends + when(`{"StringLike":{"aws:PrincipalArn":"*"}}`), []string{"open to everyone:"}},
		{everyone + sends + when(`{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:orders"}}`), []string{"open to everyone:"}},
		{everyone + sends + when(`{"IpAddress":{"aws:SourceIp":["192.0.2.0/24","0.0.0.0/0"]}}`), []string{"open to everyone:"}},
		{everyone + sends + when(`{"StringEqualsIfExists":{"aws:SourceVpc":"vpc-1"}}`), []string{"open to everyone:", "missing key passes:aws:SourceVpc"}},
		{everyone + sends + when(`{"ForAllValues:StringEquals":{"aws:PrincipalOrgPaths":"o-1/*"}}`), []string{"open to everyone:", "missing key passes:aws:PrincipalOrgPaths", "wildcard that is none:o-1/*"}},
		{everyone + sends + when(`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:uploads"}}`), nil},
		{everyone + sends + when(`{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-1/*"}}`), nil},
		{everyone + sends + when(`{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`), nil},
		{everyone + sends + when(`{"StringLike":{"aws:PrincipalOrgID":"o-*"}}`), []string{"open to everyone:"}},
		{everyone + sends + when(`{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`), nil},
		{service + sends, []string{"open through a service:sns.amazonaws.com"}},
		{service + sends + when(`{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:*"}}`), []string{"open through a service:sns.amazonaws.com"}},

		// NotPrincipal
		{`"Effect":"Allow","NotPrincipal":{"AWS":"111111111111"},` + sends, []string{"Allow with NotPrincipal:"}},
		{`"Effect":"Deny","NotPrincipal":{"AWS":"111111111111"},` + sends, []string{"Deny with NotPrincipal:"}},

		// locks out
		{nobody + all, []string{"locks out the owner:"}},
		{nobody + all + when(`{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}`), []string{"locks out the owner:"}},
		{nobody + sends + when(`{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}`), nil},

		// principals
		{`"Effect":"Allow","Principal":{"AWS":["AIDAEXAMPLE","arn:aws:iam::111111111111:role/*"],"CanonicalUser":"79a5"},` + sends, []string{"principal that matches nobody:AIDAEXAMPLE", "principal that matches nobody:arn:aws:iam::111111111111:role/*", "principal that matches nobody:79a5"}},

		// actions
		{one + all, []string{"wildcard action:sqs:*"}},
		{one + `"Action":["*","sqs:Get*"]`, []string{"wildcard action:*", "wildcard action:sqs:Get*"}},
		{one + `"NotAction":"sqs:SendMessage"`, []string{"wildcard action:"}},
		{one + `"Action":["sqs:SendMessages","SendMessage","sqs:SendMessageBatch","sns:Publish","sqs:Foo*"]`, []string{"unknown action:sqs:SendMessages", "unknown action:SendMessage", "unknown action:sqs:SendMessageBatch", "unknown action:sns:Publish", "unknown action:sqs:Foo*"}},
		{nobody + `"Action":"sqs:SendMessageBatch"`, []string{"unknown action:sqs:SendMessageBatch"}},
		{one + `"Action":["sqs:DeleteQueue","sqs:PurgeQueue"]`, []string{"action of the owner alone:sqs:DeleteQueue"}},
		{`"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/olga"},"Action":"sqs:DeleteQueue"`, nil},
		{`"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/olga"},"Action":"sqs:DeleteQueue"`, []string{"action of the owner alone:sqs:DeleteQueue"}},

		// the queue
		{one + sends + `,"Resource":"arn:aws:sqs:us-east-1:123456789012:billing"`, []string{"another queue:arn:aws:sqs:us-east-1:123456789012:billing"}},
		{one + sends + `,"Resource":["arn:aws:sqs:us-east-1:123456789012:billing","` + queue + `"]`, nil},
		{one + sends + `,"Resource":"arn:aws:sqs:us-east-1:123456789012:${aws:PrincipalTag/queue}"`, nil},
		{one + sends + `,"NotResource":"` + queue + `"`, []string{"another queue:" + queue}},

		// conditions
		{one + sends + when(`{"StringEquals":{"s3:prefix":"a","aws:SourceAcount":"1","aws:ResourceTag/team":"x"}}`), []string{"key that SQS never sends:s3:prefix", "key that SQS never sends:aws:SourceAcount", "key that SQS never sends:aws:ResourceTag/team"}},
		{one + sends + when(`{"StringEquals":{"AWS:PRINCIPALORGID":"o-1","aws:PrincipalTag/x":"y","cognito-identity.amazonaws.com:sub":"z","saml:aud":"w"}}`), nil},
		{one + sends + when(`{"Bool":{"aws:SecureTransport":"yes"},"IpAddress":{"aws:SourceIp":"10.0.0.0/33"},"DateLessThan":{"aws:CurrentTime":"soon"},"ArnNotLike":{"aws:SourceArn":"*"}}`), []string{"value that matches nothing:yes", "value that matches nothing:10.0.0.0/33", "value that matches nothing:soon", "value that matches nothing:*"}},
		{one + sends + when(`{"StringEquals":{"aws:SourceArn":"arn:aws:s3:*:*:uploads"}}`), []string{"wildcard that is none:arn:aws:s3:*:*:uploads"}},
		{one + sends + when(`{"StringEquals":{"aws:UserAgent":"${*}"},"StringLike":{"aws:UserAgent":"a*"}}`), nil},
	} {
		p := parse(t, statement(c.elements))
		var got []string
		for _, w := range p.Words(orders)[0].Warnings {
			got = append(got, string(w.Trap)+":"+w.About)
			if w.Text == "" || strings.HasSuffix(w.Text, ".") {
				t.Errorf("%s: the text is %q", w.Trap, w.Text)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.elements, diff)
		}
	}
}

func TestVariablesOfAnOldPolicyAreWarnedOf(t *testing.T) {
	doc := statement(`"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sqs:SendMessage","Condition":{"StringLike":{"aws:UserAgent":"${aws:username}"}}`)
	if w := parse(t, doc).Words(orders)[0].Warnings; len(w) != 0 {
		t.Errorf("in the new version: %+v", w)
	}
	w := parse(t, strings.Replace(doc, policy.Version2012, policy.Version2008, 1)).Words(orders)[0].Warnings
	if len(w) != 1 || w[0].Trap != policy.LiteralVariable || w[0].About != "${aws:username}" {
		t.Errorf("in the old version: %+v", w)
	}
}

func TestAnUnknownQueueIsNoOtherQueue(t *testing.T) {
	p := parse(t, statement(`"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":["sqs:SendMessage","sqs:DeleteQueue"],"Resource":"`+queue+`"`))
	if w := p.Words(backend.ARN{})[0].Warnings; len(w) != 0 {
		t.Errorf("%+v", w)
	}
}

func TestALockoutIsToldByItsCondition(t *testing.T) {
	const deny = `"Effect":"Deny","Principal":"*","Action":"sqs:*"`
	for elements, want := range map[string]string{
		deny: "this keeps out the owner too: nobody but the account's root user can change the policy again",
		deny + `,"Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}`: "under this condition nobody can manage the queue " +
			"or change this policy, the owner included: deny only the actions that need it, such as sqs:SendMessage and sqs:ReceiveMessage",
	} {
		if w := parse(t, statement(elements)).Words(orders)[0].Warnings; len(w) != 1 || w[0].Text != want {
			t.Errorf("%s: %+v", elements, w)
		}
	}
}

func TestWarningsSayWhatToDo(t *testing.T) {
	p := parse(t, statement(`"Effect":"Allow","Principal":"*","Action":["sqs:SendMessageBatch","SendMessage","sqs:*","sqs:*Queue"],"Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"a*"}}`))
	want := []string{
		"anybody in the world can use this, signed in or not: name the principals, or add a condition such as aws:SourceArn or aws:PrincipalOrgID",
		"sqs:SendMessageBatch has no right of its own: name sqs:SendMessage, which covers the batch",
		"without its service SendMessage means nothing: name sqs:SendMessage",
		"sqs:* allows everything, and what SQS will have one day: name the actions",
		"sqs:*Queue allows CreateQueue, DeleteQueue, PurgeQueue and others, and what SQS will have one day: name the actions",
		"ForAllValues:StringEquals also lets requests through that have no aws:TagKeys at all",
		`ForAllValues:StringEquals takes "a*" as it stands, wildcards too: use StringLike or ArnLike`,
	}
	var got []string
	for _, w := range p.Words(orders)[0].Warnings {
		got = append(got, w.Text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
