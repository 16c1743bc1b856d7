package scenario

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/enforce"
	"sqscope/backend/policy"
)

// A caller gets the names that AWS would give it, in its own account or that of
// the engine.
func TestCallersHaveNames(t *testing.T) {
	s := parse(t,
		`[[callers]]`, `access_key = "K1"`, `user = "team/ada"`,
		`[[callers]]`, `access_key = "K2"`, `account = "111122223333"`, `role = "shipping"`, `session = "night"`, `id = "AROAX"`,
		`[[callers]]`, `access_key = "K3"`, `role = "shipping"`, `context = { "aws:SourceVpce" = ["vpce-1"] }`,
		`[[callers]]`, `access_key = "K4"`, `service = "sns.amazonaws.com"`,
		`[[callers]]`, `access_key = "K5"`, `root = true`,
	)
	want := []backend.Caller{
		{AccessKey: "K1", Account: "123456789012", ARN: "arn:aws-cn:iam::123456789012:user/team/ada"},
		{AccessKey: "K2", Account: "111122223333", ARN: "arn:aws-cn:sts::111122223333:assumed-role/shipping/night", UserID: "AROAX:night"},
		{
			AccessKey: "K3", Account: "123456789012", ARN: "arn:aws-cn:sts::123456789012:assumed-role/shipping/session",
			Context: map[string][]string{"aws:SourceVpce": {"vpce-1"}},
		},
		{AccessKey: "K4", Service: "sns.amazonaws.com"},
		{AccessKey: "K5", Account: "123456789012", ARN: "arn:aws-cn:iam::123456789012:root", UserID: "123456789012"},
	}
	first, again := s.Callers("123456789012", "cn-north-1"), s.Callers("123456789012", "cn-north-1")
	for i, c := range first {
		got := c.Caller
		if want[i].UserID == "" { // made from the name
			prefix, suffix := "AIDA", ""
			if strings.Contains(got.ARN, "assumed-role") {
				prefix, suffix = "AROA", ":session"
			}
			id, ok := strings.CutSuffix(strings.TrimPrefix(got.UserID, prefix), suffix)
			if !ok || len(id) != 17 || got.UserID != again[i].UserID {
				t.Errorf("the user id of %s is %q, then %q", got.AccessKey, got.UserID, again[i].UserID)
			}
			got.UserID = ""
		}
		if d := cmp.Diff(want[i], got); d != "" {
			t.Error(d)
		}
	}
	if len(first) != len(want) {
		t.Errorf("%d callers", len(first))
	}
	if id := s.Callers("999999999999", "us-east-1")[0].UserID; id == first[0].UserID {
		t.Error("users of two accounts have the same id")
	}
}

// What a caller may do is what its policies and those of the queue say.
func TestCallersHavePolicies(t *testing.T) {
	s := parse(t,
		`[[callers]]`, `access_key = "K1"`, `user = "reader"`,
		`policies = ['{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"*"}}',`,
		`  '{"Statement":{"Effect":"Allow","Action":"sqs:GetQueue*","Resource":"*"}}']`,
		`[[callers]]`, `access_key = "K2"`, `user = "boss"`, `full_access = true`,
		`[[callers]]`, `access_key = "K3"`, `user = "nobody"`,
	)
	may := func(c enforce.Caller, action string) bool {
		r := policy.Request{
			Principal: policy.Caller{ARN: c.ARN, Account: c.Account}, Action: action,
			Resource: "arn:aws:sqs:us-east-1:000000000000:q",
		}
		return policy.Access("000000000000", r, policy.Policy{}, c.Policies...).Effect == policy.Allow
	}
	got := map[string]bool{}
	for _, c := range s.Callers("000000000000", "us-east-1") {
		for _, action := range []string{"ReceiveMessage", "GetQueueUrl", "SendMessage"} {
			got[c.AccessKey+" "+action] = may(c, action)
		}
	}
	want := map[string]bool{
		"K1 ReceiveMessage": true, "K1 GetQueueUrl": true, "K1 SendMessage": false,
		"K2 ReceiveMessage": true, "K2 GetQueueUrl": true, "K2 SendMessage": true,
		"K3 ReceiveMessage": false, "K3 GetQueueUrl": false, "K3 SendMessage": false,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// A queue's policy is an attribute like others.
func TestAQueueHasAPolicy(t *testing.T) {
	const doc = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]}`
	s := parse(t, `[[queues]]`, `name = "q"`, `attributes = { Policy = '`+doc+`' }`)
	g := newStage(t, s)
	g.start(s, 1)
	out, err := g.sqs.GetQueueAttributes(t.Context(), backend.GetQueueAttributesInput{QueueUrl: "q", AttributeNames: []string{backend.AttrPolicy}})
	if err != nil || out.Attributes[backend.AttrPolicy] != doc {
		t.Errorf("got %q, %v", out.Attributes[backend.AttrPolicy], err)
	}
}
