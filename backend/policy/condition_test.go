package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"sqscope/backend/policy"
)

// holds tells whether a condition is satisfied: whether a policy allows a
// request under that condition alone.
func holds(t *testing.T, version, condition string, context map[string][]string) bool {
	t.Helper()
	p := parse(t, `{"Version":"`+version+`","Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:*","Condition":`+condition+`}}`)
	d := p.Evaluate(policy.Request{
		Principal: policy.Caller{ARN: "arn:aws:iam::" + other + ":user/team/alice"},
		Action:    "SendMessage", Resource: queue, Context: context,
	})
	return d.Effect == policy.Allow
}

func TestConditionOperators(t *testing.T) {
	for _, c := range []struct {
		operator, want, have string // of the key k; the values of the policy as JSON
		holds                bool
	}{
		{"StringEquals", `"a"`, "a", true},
		{"StringEquals", `"a"`, "A", false},
		{"StringEquals", `["b","a"]`, "a", true},
		{"StringEquals", `[]`, "a", false},
		{"StringEquals", `"a*"`, "ab", false},
		{"StringEquals", `"a*"`, "a*", true},
		{"stringequals", `"a"`, "a", true},
		{"StringNotEquals", `"a"`, "b", true},
		{"StringNotEquals", `["b","a"]`, "b", false},
		{"StringNotEquals", `["b","a"]`, "c", true},
		{"StringNotEquals", `[]`, "a", true},
		{"StringEqualsIgnoreCase", `"Straße"`, "sTRAßE", true},
		{"StringEqualsIgnoreCase", `"a*"`, "ab", false},
		{"StringNotEqualsIgnoreCase", `"a"`, "A", false},
		{"StringLike", `"or*"`, "orders", true},
		{"StringLike", `"or*"`, "Orders", false},
		{"StringLike", `"*r?er*"`, "orders", true},
		{"StringLike", `"*r?er"`, "orders", false},
		{"StringLike", `"*abac"`, "aababac", true},
		{"StringLike", `"*ab"`, "aaba", false},
		{"StringLike", `"*"`, "", true},
		{"StringLike", `"?"`, "é", true},
		{"StringLike", `"a*b*c"`, "a-b-b-c", true},
		{"StringLike", `"a*b*c"`, "a-c-b", false},
		{"StringNotLike", `"or*"`, "orders", false},
		{"StringNotLike", `"or*"`, "billing", true},

		{"NumericEquals", `5`, "5.0", true},
		{"NumericEquals", `"0x5"`, "5", false},
		{"NumericNotEquals", `5`, "6", true},
		{"NumericNotEquals", `"five"`, "5", true},
		{"NumericLessThan", `10`, "9", true},
		{"NumericLessThan", `10`, "10", false},
		{"NumericLessThan", `10`, "nan", false},
		{"NumericLessThanEquals", `10`, "10", true},
		{"NumericGreaterThan", `10`, "10", false},
		{"NumericGreaterThan", `-1.5`, "-1", true},
		{"NumericGreaterThanEquals", `10`, "10", true},
		{"NumericGreaterThanEquals", `10`, "9.99", false},

		{"DateEquals", `"2026-11-22T12:00:00Z"`, "2026-11-22T13:00:00+01:00", true},
		{"DateEquals", `"2026-11-22"`, "2026-11-22T00:00:00.000Z", true},
		{"DateEquals", `1795305600`, "2026-11-22T00:00Z", true},
		{"DateNotEquals", `"2026-11-22"`, "2026-11-23", true},
		{"DateLessThan", `"2009-06-30T12:00Z"`, "2009-06-30T11:59:59Z", true},
		{"DateLessThan", `"2009-06-30T12:00Z"`, "2009-06-30T12:00:00Z", false},
		{"DateLessThan", `"tomorrow"`, "2009-06-30T12:00:00Z", false},
		{"DateLessThanEquals", `"2009-06-30T12:00Z"`, "2009-06-30T12:00:00Z", true},
		{"DateGreaterThan", `"2009-06"`, "2009-06-02", true},
		{"DateGreaterThanEquals", `"2009-06-30"`, "2009-06-29T23:59:59Z", false},

		{"Bool", `"false"`, "false", true},
		{"Bool", `false`, "False", true},
		{"Bool", `"true"`, "false", false},
		{"Bool", `"maybe"`, "maybe", false},

		{"BinaryEquals", `"QmluYXJ5"`, "Binary", true},
		{"BinaryEquals", `"QmluYXJ5"`, "QmluYXJ5", false},

		{"IpAddress", `"203.0.113.0/24"`, "203.0.113.255", true},
		{"IpAddress", `"203.0.113.0/24"`, "203.0.114.0", false},
		{"IpAddress", `"203.0.113.7/24"`, "203.0.113.1", true},
		{"IpAddress", `"203.0.113.7"`, "203.0.113.7", true},
		{"IpAddress", `"203.0.113.7"`, "203.0.113.8", false},
		{"IpAddress", `["203.0.113.0/24","2001:DB8:1234:5678::/64"]`, "2001:db8:1234:5678::1", true},
		{"IpAddress", `"2001:db8::1"`, "2001:db8::2", false},
		{"IpAddress", `"203.0.113.0/24"`, "::ffff:203.0.113.9", true},
		{"IpAddress", `"0.0.0.0/0"`, "2001:db8::2", false},
		{"IpAddress", `"localhost"`, "127.0.0.1", false},
		{"NotIpAddress", `"192.0.2.188/32"`, "192.0.2.188", false},
		{"NotIpAddress", `"192.0.2.188/32"`, "192.0.2.187", true},

		{"ArnEquals", `"arn:aws:sns:*:1:placed"`, "arn:aws:sns:us-east-1:1:placed", true},
		{"ArnLike", `"arn:aws:sns:us-east-1:1:pl?ced"`, "arn:aws:sns:us-east-1:1:placed", true},
		{"ArnLike", `"arn:aws:sns:us-east-1:1:placed"`, "arn:aws:sns:us-east-1:1:Placed", false},
		{"ArnLike", `"arn:aws:s3:*:*:uploads"`, "arn:aws:s3:::uploads", true},
		{"ArnLike", `"arn:aws:x:*:111122223333:finance/*"`, "arn:aws:x:us-east-2:999999999999:store/abc:111122223333:finance/d", false},
		{"StringLike", `"arn:aws:x:*:111122223333:finance/*"`, "arn:aws:x:us-east-2:999999999999:store/abc:111122223333:finance/d", true},
		{"ArnLike", `"arn:aws:sns:us-east-1:1:a:*"`, "arn:aws:sns:us-east-1:1:a:b:c", true},
		{"ArnLike", `"arn:aws:sns:*"`, "arn:aws:sns:us-east-1:1:placed", false},
		{"ArnLike", `"*"`, "arn:aws:sns:us-east-1:1:placed", false},
		{"ArnLike", `"arn:aws:sns:*:*:*"`, "placed", false},
		{"ArnNotEquals", `"arn:aws:sns:*:1:placed"`, "arn:aws:sns:us-east-1:1:placed", false},
		{"ArnNotLike", `"arn:aws:sns:*:1:placed"`, "arn:aws:sns:us-east-1:2:placed", true},

		{"Null", `"true"`, "a", false},
		{"Null", `"false"`, "a", true},
		{"Null", `["true","false"]`, "a", true},
	} {
		condition := fmt.Sprintf(`{%q:{"k":%s}}`, c.operator, c.want)
		// IfExists changes nothing for a key that is there, nor do quantifiers for one value.
		for _, name := range []string{"%s", "%sIfExists", "ForAllValues:%s", "ForAnyValue:%sIfExists"} {
			if c.operator == "Null" && name != "%s" {
				continue
			}
			said := strings.Replace(condition, c.operator, fmt.Sprintf(name, c.operator), 1)
			if got := holds(t, policy.Version2012, said, map[string][]string{"K": {c.have}}); got != c.holds {
				t.Errorf("%s with k = %q: %v", said, c.have, got)
			}
		}
	}
}

func TestAMissingKeySatisfiesNegationIfExistsAndForAllValuesOnly(t *testing.T) {
	negated := []string{
		"StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "NumericNotEquals", "DateNotEquals",
		"NotIpAddress", "ArnNotEquals", "ArnNotLike",
	}
	plain := []string{
		"StringEquals", "StringEqualsIgnoreCase", "StringLike", "NumericEquals", "NumericLessThan", "NumericLessThanEquals",
		"NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
		"DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress", "ArnEquals", "ArnLike",
	}
	want := map[string]bool{}
	for _, o := range append(negated, plain...) {
		want[o+"IfExists"], want["ForAllValues:"+o], want["ForAllValues:"+o+"IfExists"] = true, true, true
		want["ForAnyValue:"+o], want["ForAnyValue:"+o+"IfExists"] = false, false
	}
	for _, o := range negated {
		want[o] = true
	}
	for _, o := range plain {
		want[o] = false
	}
	for o, want := range want {
		for what, context := range map[string]map[string][]string{"no context": nil, "no values": {"k": {}}} {
			if got := holds(t, policy.Version2012, fmt.Sprintf(`{%q:{"k":"1"}}`, o), context); got != want {
				t.Errorf("%s with %s: %v", o, what, got)
			}
		}
	}
	if !holds(t, policy.Version2012, `{"Null":{"k":"TRUE"}}`, nil) || holds(t, policy.Version2012, `{"Null":{"k":false}}`, nil) {
		t.Error("Null does not see that the key is missing")
	}
}

func TestKeysWithSeveralValues(t *testing.T) {
	both := map[string][]string{"aws:CalledVia": {"athena", "cloudformation"}}
	for condition, want := range map[string]bool{
		`{"ForAnyValue:StringEquals":{"aws:CalledVia":"athena"}}`:                           true,
		`{"ForAnyValue:StringEquals":{"aws:CalledVia":"kms"}}`:                              false,
		`{"ForAnyValue:StringNotEquals":{"aws:CalledVia":"athena"}}`:                        true,
		`{"ForAnyValue:StringNotEquals":{"aws:CalledVia":["athena","cloudformation"]}}`:     false,
		`{"ForAllValues:StringEquals":{"aws:CalledVia":"athena"}}`:                          false,
		`{"ForAllValues:StringEquals":{"aws:CalledVia":["kms","athena","cloudformation"]}}`: true,
		`{"ForAllValues:StringNotEquals":{"aws:CalledVia":"kms"}}`:                          true,
		`{"ForAllValues:StringNotEquals":{"aws:CalledVia":"athena"}}`:                       false,
		`{"ForAllValues:StringLike":{"aws:CalledVia":"*a*"}}`:                               true,
		// Without a quantifier several values satisfy nothing.
		`{"StringEquals":{"aws:CalledVia":"athena"}}`:  false,
		`{"StringNotEquals":{"aws:CalledVia":"kms"}}`:  false,
		`{"StringLikeIfExists":{"aws:CalledVia":"*"}}`: false,
		`{"Null":{"aws:CalledVia":"false"}}`:           true,
	} {
		if got := holds(t, policy.Version2012, condition, both); got != want {
			t.Errorf("%s: %v", condition, got)
		}
	}
}

func TestAllConditionsMustHold(t *testing.T) {
	context := map[string][]string{"aws:SourceIp": {"192.0.2.5"}, "AWS:securetransport": {"true"}}
	for condition, want := range map[string]bool{
		`{}`: true,
		`{"IpAddress":{"AWS:SourceIp":"192.0.2.0/24"},"Bool":{"aws:SecureTransport":"true"}}`:  true,
		`{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"},"Bool":{"aws:SecureTransport":"false"}}`: false,
		`{"StringEquals":{"aws:SourceIp":"192.0.2.5","aws:SecureTransport":"true"}}`:           true,
		`{"StringEquals":{"aws:SourceIp":"192.0.2.5","aws:SecureTransport":"false"}}`:          false,
	} {
		if got := holds(t, policy.Version2012, condition, context); got != want {
			t.Errorf("%s: %v", condition, got)
		}
	}
}

func TestPolicyVariables(t *testing.T) {
	context := map[string][]string{
		"k": {"alice"}, "star": {"*"}, "many": {"alice", "b"}, "brace": {"a}b"}, "account": {"111111111111"}, "dollar": {"${aws:username}"}, "arn": {"arn:aws:sns:r:111111111111:x"},
	}
	const old, now = policy.Version2008, policy.Version2012
	for _, c := range []struct {
		version, condition string
		want               bool
	}{
		{now, `{"StringEquals":{"k":"${aws:username}"}}`, true},
		{now, `{"StringEquals":{"k":"${AWS:UserName}"}}`, true},
		{old, `{"StringEquals":{"k":"${aws:username}"}}`, false},
		{old, `{"StringEquals":{"dollar":"${aws:username}"}}`, true},
		{now, `{"StringEquals":{"dollar":"${$}{aws:username}"}}`, true},
		{now, `{"StringLike":{"k":"a*${missing}"}}`, false},
		{now, `{"StringNotEquals":{"k":"${missing}"}}`, true}, // nothing equals a variable without a value
		{now, `{"StringEquals":{"k":"${missing, 'alice'}"}}`, true},
		{now, `{"StringEquals":{"brace":"${missing,'a}b'}"}}`, true},
		{now, `{"StringEquals":{"k":"${aws:username, 'bob'}"}}`, true},
		{now, `{"StringEquals":{"k":"${many}"}}`, false},
		{now, `{"StringEquals":{"k":"${missing, alice}"}}`, false},
		{now, `{"StringLike":{"k":"${star}"}}`, false}, // a variable's value has no wildcards
		{now, `{"StringLike":{"star":"${*}"}}`, true},
		{now, `{"StringLike":{"k":"${*}"}}`, false},
		{now, `{"StringLike":{"k":"al${?}ce"}}`, false},
		{now, `{"StringLike":{"k":"al*${aws:username"}}`, false}, // no variable: the brace never closes
		{now, `{"ArnLike":{"arn":"arn:aws:sns:*:${account}:x"}}`, true},
		{now, `{"ArnLike":{"arn":"arn:aws:sns:*:${aws:PrincipalAccount}:*"}}`, true},
		{now, `{"ArnLike":{"arn":"${aws:PrincipalArn}"}}`, false},
		{now, `{"NumericEquals":{"account":"${account}"}}`, false}, // numbers have no variables
	} {
		if got := holds(t, c.version, c.condition, context); got != c.want {
			t.Errorf("%s in %s: %v", c.condition, c.version, got)
		}
	}
}
