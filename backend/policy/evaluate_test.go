package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/policy"
	"sqscope/backend/rules"
)

// The callers of the tests, as their credentials say who they are.
var (
	anonymous = policy.Caller{}
	sns       = policy.Caller{Service: "sns.amazonaws.com"}
	root      = policy.Caller{ARN: "arn:aws:iam::" + other + ":root"}
	account   = policy.Caller{Account: other}
	alice     = policy.Caller{ARN: "arn:aws:iam::" + other + ":user/team/alice"}
	session   = policy.Caller{ARN: "arn:aws:sts::" + other + ":assumed-role/deploy/run-1"}
	federated = policy.Caller{ARN: "arn:aws:sts::" + other + ":federated-user/alice"}
	web       = policy.Caller{ARN: "arn:aws:sts::" + other + ":assumed-role/web/x", Federated: "accounts.google.com"}
	// A service is in no account, whatever it came with.
	scheduler = policy.Caller{Service: "scheduler.amazonaws.com", Account: other}
	owned     = policy.Caller{ARN: "arn:aws:iam::" + owner + ":user/olga"}
)

const (
	none      = "none"
	allow     = "allow"
	delegated = "allow for the account"
	deny      = "deny"
)

func effect(d policy.Decision) string {
	switch {
	case d.Effect == policy.Deny:
		return deny
	case d.Effect == policy.Allow && d.Delegated:
		return delegated
	case d.Effect == policy.Allow:
		return allow
	}
	return none
}

func send(c policy.Caller) policy.Request {
	return policy.Request{Principal: c, Action: "SendMessage", Resource: queue}
}

func TestWhoAPrincipalIs(t *testing.T) {
	callers := []policy.Caller{anonymous, sns, root, account, alice, session, federated, web, owned, scheduler}
	names := []string{"anonymous", "sns", "root", "account", "alice", "session", "federated", "web", "owned", "scheduler"}
	for element, want := range map[string][]string{
		// The callers whom the statement reaches, in the order of the names; "+" marks those whom it names, not only their account.
		`"Principal":"*"`:                                                                  {"anonymous+", "sns+", "root+", "account+", "alice+", "session+", "federated+", "web+", "owned+", "scheduler+"},
		`"Principal":{"AWS":"*"}`:                                                          {"anonymous+", "sns+", "root+", "account+", "alice+", "session+", "federated+", "web+", "owned+", "scheduler+"},
		`"Principal":{"AWS":"111111111111"}`:                                               {"root+", "account+", "alice", "session", "federated", "web"},
		`"Principal":{"AWS":"arn:aws:iam::111111111111:root"}`:                             {"root+", "account+", "alice", "session", "federated", "web"},
		`"Principal":{"AWS":["arn:aws:iam::111111111111:user/team/alice"]}`:                {"alice+", "federated+"},
		`"Principal":{"AWS":["111111111111","arn:aws:iam::111111111111:user/team/alice"]}`: {"root+", "account+", "alice+", "session", "federated+", "web"},
		`"Principal":{"AWS":"arn:aws:iam::111111111111:user/team/Alice"}`:                  nil,
		`"Principal":{"AWS":"arn:aws:iam::111111111111:user/*"}`:                           nil,
		`"Principal":{"AWS":"arn:aws:iam::111111111111:role/path/deploy"}`:                 {"session+"},
		`"Principal":{"AWS":"arn:aws-cn:iam::111111111111:role/deploy"}`:                   nil,
		`"Principal":{"AWS":"arn:aws:iam::222222222222:role/deploy"}`:                      nil,
		`"Principal":{"AWS":"arn:aws:sts::111111111111:assumed-role/deploy/run-1"}`:        {"session+"},
		`"Principal":{"AWS":"arn:aws:sts::111111111111:assumed-role/deploy/run-2"}`:        nil,
		`"Principal":{"AWS":"arn:aws:sts::111111111111:federated-user/alice"}`:             {"federated+"},
		`"Principal":{"AWS":"AIDAEXAMPLE"}`:                                                nil,
		`"Principal":{"Service":"sns.amazonaws.com"}`:                                      {"sns+"},
		`"Principal":{"Service":["s3.amazonaws.com","events.amazonaws.com"]}`:              nil,
		`"Principal":{"Federated":"accounts.google.com"}`:                                  {"web+"},
		`"Principal":{"CanonicalUser":"79a59df900b949e5"}`:                                 nil,
		`"Principal":{"AWS":"123456789012","Service":"sns.amazonaws.com"}`:                 {"sns+", "owned"},
		`"NotPrincipal":"*"`:                             nil,
		`"NotPrincipal":{"AWS":"111111111111"}`:          {"anonymous+", "sns+", "owned+", "scheduler+"},
		`"NotPrincipal":{"Service":"sns.amazonaws.com"}`: {"anonymous+", "root+", "account+", "alice+", "session+", "federated+", "web+", "owned+", "scheduler+"},
	} {
		p := parse(t, statement(`"Effect":"Allow",`+element+`,"Action":"sqs:*","Resource":"*"`))
		var got []string
		for i, c := range callers {
			switch effect(p.Evaluate(send(c))) {
			case allow:
				got = append(got, names[i]+"+")
			case delegated:
				got = append(got, names[i])
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", element, diff)
		}
	}
}

func TestDenyWithNotPrincipalSparesWhoIsNamedAtEveryLevel(t *testing.T) {
	const (
		theAccount = "arn:aws:iam::111111111111:root"
		theUser    = "arn:aws:iam::111111111111:user/team/alice"
		theRole    = "arn:aws:iam::111111111111:role/deploy"
		theSession = "arn:aws:sts::111111111111:assumed-role/deploy/run-1"
	)
	for _, c := range []struct {
		caller policy.Caller
		names  string
		spared bool
	}{
		{alice, theUser + " " + theAccount, true},
		{alice, theUser + " " + other, true},
		{alice, theUser, false},
		{alice, theAccount, false},
		{root, theAccount, true},
		{account, other, true},
		{root, theUser, false},
		{session, theSession + " " + theRole + " " + theAccount, true},
		{session, theRole + " " + theAccount, false},
		{session, theSession + " " + theAccount, false},
		{anonymous, theAccount + " " + theUser, false},
		{anonymous, "*", true},
		{sns, theAccount, false},
	} {
		doc := statement(`"Effect":"Deny","NotPrincipal":{"AWS":["` + strings.ReplaceAll(c.names, " ", `","`) + `"]},"Action":"sqs:*"`)
		want := map[bool]string{true: none, false: deny}[c.spared]
		if got := effect(parse(t, doc).Evaluate(send(c.caller))); got != want {
			t.Errorf("%s and NotPrincipal %s: %s", c.caller, c.names, got)
		}
	}
	services := parse(t, statement(`"Effect":"Deny","NotPrincipal":{"Service":"sns.amazonaws.com"},"Action":"sqs:*"`))
	if effect(services.Evaluate(send(sns))) != none || effect(services.Evaluate(send(root))) != deny {
		t.Error("a service is not spared by its name, or somebody else is")
	}
}

func TestWhatAnActionCovers(t *testing.T) { // 10.1
	for _, c := range []struct{ element, covered, not string }{
		{`"Action":"*"`, "SendMessage PurgeQueue", ""},
		{`"Action":"sqs:*"`, "SendMessage PurgeQueue", ""},
		{`"Action":"SQS:*"`, "SendMessage", ""},
		{`"Action":"*:*"`, "SendMessage", ""},
		{`"Action":"SQS:SendMessage"`, "SendMessage SendMessageBatch sqs:SendMessage SQS:sendmessagebatch", "ReceiveMessage"},
		{`"Action":"sqs:sendmessage"`, "SendMessage", ""},
		{`"Action":["sqs:DeleteMessage","sqs:ChangeMessageVisibility"]`, "DeleteMessage DeleteMessageBatch ChangeMessageVisibilityBatch", "DeleteQueue"},
		{`"Action":"sqs:*Message"`, "SendMessage ReceiveMessage DeleteMessage DeleteMessageBatch", "ChangeMessageVisibility"},
		{`"Action":"sqs:Get*"`, "GetQueueUrl GetQueueAttributes", "ListQueues"},
		{`"Action":"sqs:?etQueueAttributes"`, "GetQueueAttributes SetQueueAttributes", "GetQueueUrl"},
		{`"Action":"sqs:SendMessageBatch"`, "", "SendMessage SendMessageBatch"},
		{`"Action":"SendMessage"`, "", "SendMessage"},
		{`"Action":"sns:*"`, "", "SendMessage"},
		{`"NotAction":"sqs:SendMessage"`, "ReceiveMessage", "SendMessage SendMessageBatch"},
		{`"NotAction":["sqs:Send*","sqs:Receive*"]`, "DeleteMessage", "SendMessage ReceiveMessage"},
		{`"NotAction":"*"`, "", "SendMessage"},
	} {
		s := parse(t, statement(`"Effect":"Allow","Principal":"*",`+c.element)).Statements[0]
		for _, a := range strings.Fields(c.covered) {
			if !s.Covers(a) {
				t.Errorf("%s does not cover %s", c.element, a)
			}
		}
		for _, a := range strings.Fields(c.not) {
			if s.Covers(a) {
				t.Errorf("%s covers %s", c.element, a)
			}
		}
	}
}

func TestWhichQueueAStatementIsAbout(t *testing.T) {
	for element, want := range map[string]bool{
		`"Sid":"no resource"`:                                                                true,
		`"Resource":"*"`:                                                                     true,
		`"Resource":"` + queue + `"`:                                                         true,
		`"Resource":["x","` + queue + `"]`:                                                   true,
		`"Resource":"arn:aws:sqs:*:*:ord*"`:                                                  true,
		`"Resource":"arn:aws:sqs:*:*:orders?"`:                                               false,
		`"Resource":"arn:aws:sqs:us-east-1:123456789012:Orders"`:                             false,
		`"Resource":"arn:aws:sqs:us-east-1:111111111111:orders"`:                             false,
		`"Resource":"arn:aws:sqs:eu-west-1:123456789012:orders"`:                             false,
		`"Resource":"arn:aws:*:orders"`:                                                      false, // no wildcard reaches over a colon
		`"Resource":"arn:aws:sqs"`:                                                           true,  // what is missing is completed by wildcards
		`"Resource":"arn:aws:sqs:us-east-1:*"`:                                               true,
		`"Resource":"arn:aws:sqs:eu-west-1"`:                                                 false,
		`"Resource":"orders"`:                                                                false,
		`"Resource":"arn:aws:sqs:us-east-1:123456789012:${aws:PrincipalTag/queue}"`:          true,
		`"Resource":"arn:aws:sqs:us-east-1:123456789012:${aws:PrincipalTag/none}"`:           false,
		`"Resource":"arn:aws:sqs:us-east-1:123456789012:${aws:PrincipalTag/none, 'orders'}"`: true,
		`"NotResource":"arn:aws:sqs:us-east-1:123456789012:${aws:PrincipalTag/none}"`:        true,
		`"NotResource":"` + queue + `"`:                                                      false,
		`"NotResource":"arn:aws:sqs:us-east-1:123456789012:billing"`:                         true,
	} {
		p := parse(t, statement(`"Effect":"Allow","Principal":"*","Action":"*",`+element))
		r := send(alice)
		r.Context = map[string][]string{"aws:PrincipalTag/queue": {"orders"}}
		if got := effect(p.Evaluate(r)) == allow; got != want {
			t.Errorf("%s: %v", element, got)
		}
	}
}

func TestADecisionNamesTheStatementThatDecided(t *testing.T) {
	const allowAccount = `{"Sid":"account","Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sqs:*"}`
	const allowAll = `{"Sid":"all","Effect":"Allow","Principal":"*","Action":"sqs:*"}`
	const denyTLS = `{"Sid":"tls","Effect":"Deny","Principal":"*","Action":"sqs:*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
	decided := func(statement int, sid string, e policy.Effect, delegated bool) policy.Decision {
		return policy.Decision{Effect: e, Source: policy.ResourceBased, Statement: statement, Sid: sid, Delegated: delegated}
	}
	for _, c := range []struct {
		statements []string
		tls        string
		want       policy.Decision
	}{
		{[]string{allowAccount}, "true", decided(0, "account", policy.Allow, true)},
		{[]string{allowAccount, allowAll}, "true", decided(1, "all", policy.Allow, false)},
		{[]string{allowAll, allowAccount}, "true", decided(0, "all", policy.Allow, false)},
		{[]string{allowAll, denyTLS}, "false", decided(1, "tls", policy.Deny, false)},
		{[]string{denyTLS, allowAll}, "true", decided(1, "all", policy.Allow, false)},
		{[]string{denyTLS}, "true", decided(-1, "", "", false)},
	} {
		p := parse(t, `{"Statement":[`+strings.Join(c.statements, ",")+`]}`)
		r := send(alice)
		r.Context = map[string][]string{"aws:SecureTransport": {c.tls}}
		if diff := cmp.Diff(c.want, p.Evaluate(r)); diff != "" {
			t.Errorf("%s: %s", p.JSON(), diff)
		}
	}
	if d := (policy.Policy{}).Evaluate(send(alice)); effect(d) != none || d.Statement != -1 {
		t.Errorf("without a policy: %+v", d)
	}
}

func TestKeysThatFollowFromTheRequest(t *testing.T) {
	role := policy.Caller{ARN: "arn:aws:sts::" + other + ":assumed-role/deploy/run-1"}
	for _, c := range []struct {
		caller policy.Caller
		key    string
		want   string // "" if it has none
	}{
		{alice, "aws:PrincipalArn", alice.ARN},
		{role, "aws:PrincipalArn", "arn:aws:iam::" + other + ":role/deploy"},
		{account, "aws:PrincipalArn", root.ARN},
		{anonymous, "aws:PrincipalArn", ""},
		{sns, "aws:PrincipalArn", ""},
		{role, "aws:PrincipalAccount", other},
		{sns, "aws:PrincipalAccount", ""},
		{alice, "aws:username", "alice"},
		{role, "aws:username", ""},
		{alice, "aws:PrincipalType", "User"},
		{role, "aws:PrincipalType", "AssumedRole"},
		{federated, "aws:PrincipalType", "FederatedUser"},
		{root, "aws:PrincipalType", "Account"},
		{anonymous, "aws:PrincipalType", "Anonymous"},
		{sns, "aws:PrincipalIsAWSService", "true"},
		{alice, "aws:PrincipalIsAWSService", "false"},
		{anonymous, "aws:PrincipalIsAWSService", ""},
		{sns, "aws:PrincipalServiceName", "sns.amazonaws.com"},
		{web, "aws:FederatedProvider", "accounts.google.com"},
		{alice, "aws:ViaAWSService", "false"},
		{alice, "aws:ResourceAccount", owner},
		{alice, "aws:RequestedRegion", "us-east-1"},
	} {
		ask := func(condition string) bool {
			p := parse(t, statement(`"Effect":"Allow","Principal":"*","Action":"*","Condition":`+condition))
			return p.Evaluate(send(c.caller)).Effect == policy.Allow
		}
		missing := ask(fmt.Sprintf(`{"Null":{%q:"true"}}`, c.key))
		equal := ask(fmt.Sprintf(`{"StringEquals":{%q:%q}}`, c.key, c.want))
		if missing != (c.want == "") || equal != (c.want != "") {
			t.Errorf("%s of %s is not %q", c.key, c.caller, c.want)
		}
	}
	given := send(alice)
	given.Context = map[string][]string{"AWS:principalarn": {"arn:aws:iam::1:role/x"}}
	p := parse(t, statement(`"Effect":"Allow","Principal":"*","Action":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::1:role/x"}}`))
	if effect(p.Evaluate(given)) != allow {
		t.Error("what the request came with does not count")
	}
}

func TestRightsAreThoseThatTheRulesKnow(t *testing.T) { // 1.0, 1.10, 10.1
	if n := len(policy.Rights()); n != 20 {
		t.Errorf("%d rights, want the 23 actions without the three batches", n)
	}
	for _, action := range backend.Actions() {
		err := rules.AddPermission(backend.AddPermissionInput{Label: "l", AWSAccountIds: []string{other}, Actions: []string{action}})
		switch right := policy.Right(action); {
		case right != action:
			if right+"Batch" != action || err == nil {
				t.Errorf("%s takes the right %s; AddPermission says %v", action, right, err)
			}
		case policy.OwnerOnly(action) != (err != nil):
			t.Errorf("%s for the owner only: %v; AddPermission says %v", action, policy.OwnerOnly(action), err)
		}
	}
}
