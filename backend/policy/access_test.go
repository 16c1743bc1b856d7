package policy_test

import (
	"strings"
	"testing"

	"sqscope/backend/policy"
)

// TestAccess walks through AWS's own table of an identity's and a queue's
// policy, in the owner's account and from another.
func TestAccess(t *testing.T) { // 1.0, 10.2
	const everything = `"Action":"sqs:*","Resource":"*"`
	identity := map[string][]policy.Policy{none: nil, allow: {policy.FullAccess()}}
	denied, err := policy.ParseIdentity(statement(`"Effect":"Deny",` + everything))
	if err != nil {
		t.Fatal(err)
	}
	identity[deny] = []policy.Policy{policy.FullAccess(), denied}

	of := func(effect, principal string) policy.Policy {
		return parse(t, statement(`"Effect":"`+effect+`","Principal":`+principal+`,`+everything))
	}
	theOwner, theOther := `{"AWS":"`+owner+`"}`, `{"AWS":"`+other+`"}`
	for _, c := range []struct {
		caller   policy.Caller
		identity string
		queue    policy.Policy
		want     string // the effect and whose policy decided or is missing
	}{
		{owned, none, policy.Policy{}, "none identity-based"},
		{owned, allow, policy.Policy{}, "allow identity-based"},
		{owned, deny, policy.Policy{}, "deny identity-based"},
		{owned, none, of("Allow", `"*"`), "allow resource-based"},
		{owned, none, of("Allow", `{"AWS":"`+owned.ARN+`"}`), "allow resource-based"},
		{owned, none, of("Allow", theOwner), "none identity-based"}, // the account has to pass it on
		{owned, allow, of("Allow", theOwner), "allow identity-based"},
		{owned, allow, of("Deny", theOwner), "deny resource-based"},
		{owned, deny, of("Allow", `"*"`), "deny identity-based"},
		{owned, deny, of("Deny", `"*"`), "deny resource-based"},
		{owned, allow, of("Allow", theOther), "allow identity-based"},

		{alice, none, policy.Policy{}, "none identity-based"},
		{alice, allow, policy.Policy{}, "none resource-based"},
		{alice, none, of("Allow", `"*"`), "none identity-based"},
		{alice, allow, of("Allow", `"*"`), "allow resource-based"},
		{alice, allow, of("Allow", theOther), "allow resource-based"},
		{alice, none, of("Allow", theOther), "none identity-based"},
		{alice, allow, of("Allow", theOwner), "none resource-based"},
		{alice, allow, of("Deny", theOther), "deny resource-based"},
		{alice, deny, of("Allow", theOther), "deny identity-based"},

		{policy.Caller{Account: owner}, none, policy.Policy{}, "allow identity-based"}, // root
		{policy.Caller{Account: owner}, none, of("Deny", `"*"`), "deny resource-based"},
		{root, none, of("Allow", theOther), "allow resource-based"},
		{root, none, policy.Policy{}, "none resource-based"},

		{sns, none, policy.Policy{}, "none resource-based"},
		{sns, none, of("Allow", `{"Service":"sns.amazonaws.com"}`), "allow resource-based"},
		{anonymous, none, policy.Policy{}, "none resource-based"},
		{anonymous, none, of("Allow", `"*"`), "allow resource-based"},
		{anonymous, none, of("Allow", theOther), "none resource-based"},
	} {
		d := policy.Access(owner, send(c.caller), c.queue, identity[c.identity]...)
		if got := strings.TrimSuffix(effect(d), " for the account") + " " + string(d.Source); got != c.want {
			t.Errorf("%s with identity %s and %s: %s, want %s", c.caller, c.identity, c.queue.JSON(), got, c.want)
		}
	}
}

func TestSomeActionsWorkForTheOwnerAlone(t *testing.T) { // 1.0
	open := parse(t, statement(`"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"`))
	for _, right := range policy.Rights() {
		for _, c := range []policy.Caller{alice, root, anonymous, sns} {
			r := policy.Request{Principal: c, Action: right, Resource: queue}
			d := policy.Access(owner, r, open, policy.FullAccess())
			if got := d.Effect == policy.Allow; got == policy.OwnerOnly(right) {
				t.Errorf("%s by %s: %+v", right, c, d)
			}
		}
		r := policy.Request{Principal: owned, Action: right, Resource: queue}
		if d := policy.Access(owner, r, open); d.Effect != policy.Allow {
			t.Errorf("%s by the owner's own user: %+v", right, d)
		}
	}
}

func TestTheFirstIdentityPolicyThatDecidesIsNamed(t *testing.T) {
	only, err := policy.ParseIdentity(statement(`"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"*"`))
	if err != nil {
		t.Fatal(err)
	}
	d := policy.Access(owner, send(owned), policy.Policy{}, only, policy.FullAccess())
	if d.Effect != policy.Allow || d.Policy != 1 || d.Statement != 0 {
		t.Errorf("%+v", d)
	}
}

func TestDeniedMessagesAreThoseOfAWS(t *testing.T) { // 10.4
	const user = "arn:aws:iam::111111111111:user/x"
	for _, c := range []struct {
		caller policy.Caller
		action string
		queue  string
		allow  bool // by the identity
		want   string
	}{
		{
			policy.Caller{ARN: user},
			"SendMessage", "", true,
			"User: arn:aws:iam::111111111111:user/x is not authorized to perform: sqs:sendmessage on resource: " + queue +
				" because no resource-based policy allows the sqs:sendmessage action",
		},
		{
			policy.Caller{ARN: "arn:aws:iam::123456789012:user/x"},
			"SendMessageBatch", "", false,
			"User: arn:aws:iam::123456789012:user/x is not authorized to perform: sqs:sendmessage on resource: " + queue +
				" because no identity-based policy allows the sqs:sendmessage action",
		},
		{
			session, "ReceiveMessage", `"Effect":"Deny","Principal":"*","Action":"sqs:*"`, true,
			"User: arn:aws:sts::111111111111:assumed-role/deploy/run-1 is not authorized to perform: sqs:receivemessage on resource: " +
				queue + " with an explicit deny in a resource-based policy",
		},
		{
			anonymous, "SetQueueAttributes", `"Effect":"Allow","Principal":"*","Action":"sqs:*"`, false,
			"User: anonymous is not authorized to perform: sqs:setqueueattributes on resource: " + queue +
				" because no resource-based policy allows the sqs:setqueueattributes action",
		},
		{policy.Caller{ARN: user}, "SendMessage", `"Effect":"Allow","Principal":"*","Action":"sqs:*"`, true, ""},
	} {
		var p policy.Policy
		if c.queue != "" {
			p = parse(t, statement(c.queue))
		}
		var identity []policy.Policy
		if c.allow {
			identity = []policy.Policy{policy.FullAccess()}
		}
		r := policy.Request{Principal: c.caller, Action: c.action, Resource: queue}
		if got := policy.DeniedMessage(r, policy.Access(owner, r, p, identity...)); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	d := policy.Decision{Effect: policy.Deny, Source: policy.IdentityBased}
	if got := policy.DeniedMessage(send(owned), d); !strings.HasSuffix(got, " with an explicit deny in an identity-based policy") {
		t.Error(got)
	}
}

// TestPoliciesOfTheDeveloperGuide tries the examples of SQS's own guide on
// those whom they are about.
func TestPoliciesOfTheDeveloperGuide(t *testing.T) { // 10.3
	at := func(pairs ...string) map[string][]string {
		context := map[string][]string{"aws:SecureTransport": {"true"}}
		for i := 0; i < len(pairs); i += 2 {
			context[pairs[i]] = []string{pairs[i+1]}
		}
		return context
	}
	const toAll = `"Effect":"Allow","Principal":"*",`
	guide := map[string]string{
		"time limit":       toAll + `"Action":"sqs:ReceiveMessage","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2009-01-31T12:00Z"},"DateLessThan":{"aws:CurrentTime":"2009-01-31T15:00Z"}}`,
		"addresses":        toAll + `"Action":"sqs:SendMessage","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"},"NotIpAddress":{"aws:SourceIp":"192.0.2.188/32"}}`,
		"old key":          `"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sqs:SendMessage","Condition":{"DateLessThan":{"AWS:CurrentTime":"2009-06-30T12:00Z"}}`,
		"SNS":              `"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Condition":{"ArnEquals":{"aws:SourceArn":"` + topic + `"}}`,
		"S3":               `"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sqs:SendMessage","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:uploads"},"StringEquals":{"aws:SourceAccount":"` + owner + `"}}`,
		"TLS":              `"Effect":"Deny","Principal":"*","Action":"sqs:*","Condition":{"Bool":{"aws:SecureTransport":"false"}}`,
		"endpoint":         `"Effect":"Deny","Principal":"*","Action":["sqs:SendMessage","sqs:ReceiveMessage"],"Condition":{"StringNotEquals":{"aws:sourceVpce":"vpce-1a2b3c4d"}}`,
		"organization":     toAll + `"Action":"sqs:SendMessage","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`,
		"one role":         toAll + `"Action":"sqs:*","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/deploy"}}`,
		"all but one role": `"Effect":"Deny","Principal":"*","Action":"sqs:*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/deploy"}}`,
	}
	for _, c := range []struct {
		what    string // of the guide
		caller  policy.Caller
		action  string
		context map[string][]string
		want    string
	}{
		{"time limit", anonymous, "ReceiveMessage", at("aws:CurrentTime", "2009-01-31T13:30:00Z"), allow},
		{"time limit", anonymous, "ReceiveMessage", at("aws:CurrentTime", "2009-01-31T15:00:00Z"), none},
		{"addresses", anonymous, "SendMessage", at("aws:SourceIp", "192.0.2.1"), allow},
		{"addresses", anonymous, "SendMessage", at("aws:SourceIp", "192.0.2.188"), none},
		{"old key", root, "SendMessageBatch", at("aws:CurrentTime", "2009-06-30T11:00:00Z"), allow},
		{"SNS", sns, "SendMessage", at("aws:SourceArn", topic), allow},
		{"SNS", sns, "SendMessage", at("aws:SourceArn", topic+"2"), none},
		{"SNS", root, "SendMessage", at("aws:SourceArn", topic), none},
		{"S3", policy.Caller{Service: "s3.amazonaws.com"}, "SendMessage", at("aws:SourceArn", "arn:aws:s3:::uploads", "aws:SourceAccount", owner), allow},
		{"S3", policy.Caller{Service: "s3.amazonaws.com"}, "SendMessage", at("aws:SourceArn", "arn:aws:s3:::uploads", "aws:SourceAccount", other), none},
		{"TLS", owned, "SendMessage", at("aws:SecureTransport", "false"), deny},
		{"TLS", owned, "SendMessage", at(), none},
		{"endpoint", owned, "ReceiveMessage", at("aws:SourceVpce", "vpce-1a2b3c4d"), none},
		{"endpoint", owned, "ReceiveMessage", at(), deny},
		{"endpoint", owned, "SetQueueAttributes", at(), none},
		{"organization", alice, "SendMessage", at("aws:PrincipalOrgID", "o-1"), allow},
		{"organization", alice, "SendMessage", at(), none},
		{"one role", session, "SendMessage", at(), allow},
		{"all but one role", session, "SendMessage", at(), none},
		{"all but one role", alice, "SendMessage", at(), deny},
		{"all but one role", anonymous, "SendMessage", at(), deny},
	} {
		p := parse(t, statement(guide[c.what]+`,"Resource":"arn:aws:sqs:*:123456789012:orders"`))
		r := policy.Request{Principal: c.caller, Action: c.action, Resource: queue, Context: c.context}
		if got := effect(p.Evaluate(r)); got != c.want {
			t.Errorf("%s: %s of %s with %v: %s, want %s", c.what, c.action, c.caller, c.context, got, c.want)
		}
	}
}
