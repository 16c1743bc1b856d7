package policy_test

import (
	"testing"

	"sqscope/backend"
	"sqscope/backend/policy"
)

func TestAStatementInWords(t *testing.T) {
	const everyone, nobody = `"Effect":"Allow","Principal":"*",`, `"Effect":"Deny","Principal":"*",`
	const sends, all = `"Action":"sqs:SendMessage"`, `"Action":"sqs:*"`
	for _, c := range []struct{ elements, want string }{
		// who
		{everyone + sends, `Everyone may send.`},
		{nobody + all, `Nobody may do anything.`},
		{`"Effect":"Allow","Principal":{"AWS":"*"},` + sends, `Everyone may send.`},
		{`"Effect":"Allow","Principal":{"AWS":"111111111111"},` + sends, `Account 111111111111 may send.`},
		{`"Effect":"Deny","Principal":{"AWS":["arn:aws:iam::111111111111:root","222222222222"]},` + sends, `Account 111111111111 and account 222222222222 may not send.`},
		{`"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},` + sends, `The owner's account 123456789012 may send.`},
		{`"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111111111111:role/ci/deploy","arn:aws:iam::123456789012:user/olga","arn:aws:sts::111111111111:assumed-role/deploy/run-1"]},` + sends, `The role ci/deploy of account 111111111111, the user olga and the session run-1 of the role deploy of account 111111111111 may send.`},
		{`"Effect":"Allow","Principal":{"Service":["sns.amazonaws.com","events.amazonaws.com","ses.amazonaws.com"]},` + sends, `SNS, EventBridge and the service ses.amazonaws.com may send.`},
		{`"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},` + sends, `Whoever signed in through accounts.google.com may send.`},
		{`"Effect":"Allow","Principal":{"AWS":"AIDAEXAMPLE","CanonicalUser":"79a5"},` + sends, `The principal AIDAEXAMPLE and the canonical user 79a5 may send.`},
		{`"Effect":"Allow","NotPrincipal":{"AWS":"111111111111"},` + sends, `Everyone except account 111111111111 may send.`},
		{`"Effect":"Deny","NotPrincipal":{"AWS":"111111111111"},` + sends, `Nobody except account 111111111111 may send.`},
		// what
		{everyone + `"Action":["SQS:sendmessage","sqs:ReceiveMessage","sqs:DeleteMessage"]`, `Everyone may send, receive and delete messages.`},
		{nobody + `"Action":["sqs:SendMessage","sqs:PurgeQueue"]`, `Nobody may send or purge the queue.`},
		{everyone + `"Action":["sqs:AddPermission","sqs:Get*","SendMessage","sqs:SendMessageBatch"]`, `Everyone may use AddPermission, use whatever is like sqs:Get*, use SendMessage and use sqs:SendMessageBatch.`},
		{everyone + `"NotAction":["sqs:SendMessage","sqs:ReceiveMessage"]`, `Everyone may do anything but send or receive.`},
		{everyone + `"NotAction":"*"`, `Everyone may do nothing.`},
		// where
		{everyone + sends + `,"Resource":"*"`, `Everyone may send.`},
		{everyone + sends + `,"Resource":"` + queue + `"`, `Everyone may send.`},
		{everyone + sends + `,"Resource":"arn:aws:sqs:*:123456789012:ord*"`, `Everyone may send.`},
		{everyone + sends + `,"Resource":["arn:aws:sqs:us-east-1:123456789012:billing","arn:aws:sqs:us-east-1:111111111111:a"]`, `Everyone may send on the queue billing and the queue a of account 111111111111.`},
		{everyone + sends + `,"NotResource":"arn:aws:sqs:us-east-1:123456789012:billing"`, `Everyone may send on any queue except the queue billing.`},
		// from where, and under which condition
		{everyone + sends + `,"Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:123456789012:orders"}}`, `Everyone may send, if it comes from the SNS topic orders.`},
		{`"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},` + sends + `,"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:uploads"},"StringEquals":{"aws:SourceAccount":"123456789012"}}`, `S3 may send, if it comes from the S3 bucket uploads and it comes on behalf of account 123456789012.`},
		{everyone + sends + `,"Condition":{"ArnLike":{"aws:SourceArn":["arn:aws:events:us-east-1:111111111111:rule/nightly","arn:aws:sns:*:*:*","arn:aws:lambda:us-east-1:123456789012:function:f","x"]}}`, `Everyone may send, if it comes from the EventBridge rule nightly of account 111111111111, any SNS topic of any account, the Lambda function f or x.`},
		{nobody + all + `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`, `Nobody may do anything without TLS.`},
		{everyone + sends + `,"Condition":{"Bool":{"aws:SecureTransport":true}}`, `Everyone may send, if it uses TLS.`},
		{nobody + all + `,"Condition":{"StringNotEquals":{"aws:sourceVpce":"vpce-1a2b3c4d"}}`, `Nobody may do anything, unless it comes through the VPC endpoint vpce-1a2b3c4d.`},
		{nobody + all + `,"Condition":{"StringNotEquals":{"aws:sourceVpce":["vpce-1","vpce-2"]},"Bool":{"aws:SecureTransport":"false"}}`, `Nobody may do anything, unless it comes through the VPC endpoint vpce-1 or vpce-2 or it uses TLS.`},
		{nobody + all + `,"Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"},"Bool":{"aws:SecureTransport":"false"}}`, `Nobody may do anything, if it comes from the VPC vpc-1 and it does not use TLS.`},
		{nobody + all + `,"Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"},"BoolIfExists":{"aws:ViaAWSService":"false"}}`, `Nobody may do anything, if it comes from the VPC vpc-1 and no AWS service makes the call for its caller.`},
		{everyone + sends + `,"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"},"NotIpAddress":{"aws:SourceIp":"192.0.2.188/32"}}`, `Everyone may send, if it comes from the address 192.0.2.0/24 and it does not come from the address 192.0.2.188/32.`},
		{everyone + sends + `,"Condition":{"DateLessThan":{"aws:CurrentTime":"2026-01-01"},"DateGreaterThanEquals":{"AWS:CurrentTime":"2025-01-01"}}`, `Everyone may send, if the time is before 2026-01-01 and the time is at or after 2025-01-01.`},
		{everyone + sends + `,"Condition":{"NumericLessThanEquals":{"aws:MultiFactorAuthAge":3600}}`, `Everyone may send, if aws:MultiFactorAuthAge is at most 3600.`},
		{everyone + sends + `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/app-*"}}`, `Everyone may send, if the caller is of the organization o-1 and the caller is any role like app-* of any account.`},
		{everyone + sends + `,"Condition":{"StringLike":{"aws:UserAgent":["curl*",""]},"StringNotEquals":{"aws:PrincipalTag/team":"a b"}}`, `Everyone may send, if aws:UserAgent is like curl* or "" and aws:PrincipalTag/team is not "a b".`},
		{everyone + sends + `,"Condition":{"StringEqualsIfExists":{"aws:SourceVpc":"vpc-1"},"Null":{"aws:TokenIssueTime":"true","aws:userid":"false"}}`, `Everyone may send, if it comes from the VPC vpc-1 (or has no aws:SourceVpc), it has no aws:TokenIssueTime and it has aws:userid.`},
		{everyone + sends + `,"Condition":{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-1/*"},"ForAllValues:StringNotEquals":{"aws:TagKeys":["a","b"]}}`, `Everyone may send, if some aws:PrincipalOrgPaths is like o-1/* and every aws:TagKeys is not a or b (or it has none).`},
		{nobody + sends + `,"Condition":{"StringNotEqualsIfExists":{"aws:PrincipalAccount":"123456789012"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}`, `Nobody may send, unless the caller is of account 123456789012 or the caller is an AWS service.`},
		{nobody + sends + `,"Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`, `Nobody may send, if aws:MultiFactorAuthPresent is false (or has no aws:MultiFactorAuthPresent).`},
	} {
		if got := parse(t, statement(c.elements)).Words(orders)[0].Text; got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.elements, got, c.want)
		}
	}
}

func TestWordsOfAnUnknownQueueNameEverything(t *testing.T) {
	p := parse(t, statement(`"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sqs:SendMessage","Resource":"`+queue+
		`","Condition":{"ArnEquals":{"aws:SourceArn":"`+topic+`"}}`))
	const want = "Account 123456789012 may send on the queue orders of account 123456789012, " +
		"if it comes from the SNS topic placed of account 123456789012."
	if got := p.Words(backend.ARN{})[0].Text; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestReadingsFollowTheStatements(t *testing.T) {
	p := parse(t, `{"Statement":[{"Sid":"a","Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sqs:SendMessage"},`+
		`{"Effect":"Deny","Principal":"*","Action":"sqs:SendMessage"}]}`)
	got := p.Words(orders)
	if len(got) != 2 || got[0].Sid != "a" || got[0].Effect != policy.Allow || got[1].Statement != 1 || got[1].Effect != policy.Deny {
		t.Errorf("%+v", got)
	}
}

func TestAnIdentitysPolicyInWords(t *testing.T) {
	if got := policy.FullAccess().Words(backend.ARN{})[0].Text; got != "Whoever has this policy may do anything." {
		t.Error(got)
	}
}
