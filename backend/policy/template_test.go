package policy_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/policy"
	"sqscope/backend/rules"
)

var fifo = backend.ARN{Partition: "aws", Region: "us-east-1", Account: owner, Name: "orders.fifo"}

type params = map[string]string

func template(t *testing.T, name string) policy.Template {
	t.Helper()
	for _, one := range policy.Templates() {
		if one.Name == name {
			return one
		}
	}
	t.Fatalf("there is no template %s", name)
	return policy.Template{}
}

func TestFilledTemplates(t *testing.T) { // 10.3
	const china = "arn:aws-cn:sqs:cn-north-1:123456789012:orders"
	for _, c := range []struct {
		name   string
		queue  string
		values params
		want   string // the statement in JSON
		words  string
	}{
		{
			"sns-topic", queue,
			params{"topic": topic},
			`{"Sid":"sns-placed","Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"` + queue +
				`","Condition":{"ArnEquals":{"aws:SourceArn":"` + topic + `"}}}`,
			"SNS may send, if it comes from the SNS topic placed.",
		},
		{
			"sns-topic", fifo.String(),
			params{"topic": topic + ".fifo"},
			`{"Sid":"sns-placed-fifo","Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"` + queue +
				`.fifo","Condition":{"ArnEquals":{"aws:SourceArn":"` + topic + `.fifo"}}}`,
			"SNS may send, if it comes from the SNS topic placed.fifo.",
		},
		{
			"s3-bucket", china,
			params{"bucket": "up.loads", "account": other},
			`{"Sid":"s3-up-loads","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"` + china +
				`","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws-cn:s3:*:*:up.loads"},"StringEquals":{"aws:SourceAccount":"111111111111"}}}`,
			"S3 may send, if it comes from the S3 bucket up.loads and it comes on behalf of account 111111111111.",
		},
		{
			"eventbridge-rule", queue,
			params{"rule": "arn:aws:events:us-east-1:123456789012:rule/bus/nightly"},
			`{"Sid":"eventbridge-nightly","Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"` + queue +
				`","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:events:us-east-1:123456789012:rule/bus/nightly"}}}`,
			"EventBridge may send, if it comes from the EventBridge rule bus/nightly.",
		},
		{
			"tls-only", queue, nil,
			`{"Sid":"tls-only","Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"` + queue +
				`","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`,
			"Nobody may do anything without TLS.",
		},
		{
			"vpc-endpoint", queue,
			params{"endpoint": "vpce-1a2b3c4d"},
			`{"Sid":"vpce-1a2b3c4d-only","Effect":"Deny","Principal":"*","Action":["sqs:SendMessage","sqs:ReceiveMessage","sqs:DeleteMessage",` +
				`"sqs:ChangeMessageVisibility","sqs:PurgeQueue"],"Resource":"` + queue +
				`","Condition":{"StringNotEquals":{"aws:sourceVpce":"vpce-1a2b3c4d"},"BoolIfExists":{"aws:ViaAWSService":"false"}}}`,
			"Nobody may send, receive, delete messages, change visibility timeouts or purge the queue, unless it comes through " +
				"the VPC endpoint vpce-1a2b3c4d or an AWS service makes the call for its caller.",
		},
		{
			"account", queue,
			params{"account": other},
			`{"Sid":"account-111111111111","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"sqs:SendMessage","Resource":"` + queue + `"}`,
			"Account 111111111111 may send.",
		},
		{
			"account", china,
			params{"account": other, "actions": "ReceiveMessage, DeleteMessage,GetQueueUrl"},
			`{"Sid":"account-111111111111","Effect":"Allow","Principal":{"AWS":"arn:aws-cn:iam::111111111111:root"},` +
				`"Action":["sqs:ReceiveMessage","sqs:DeleteMessage","sqs:GetQueueUrl"],"Resource":"` + china + `"}`,
			"Account 111111111111 may receive, delete messages and look up the URL.",
		},
	} {
		at, _ := backend.ParseARN(c.queue)
		s, err := template(t, c.name).Fill(at, c.values)
		if err != nil {
			t.Error(err)
			continue
		}
		p := policy.Policy{}.With(s)
		if diff := cmp.Diff(`{"Version":"2012-10-17","Statement":[`+c.want+`]}`, p.JSON()); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		reading := p.Words(at)[0]
		if reading.Text != c.words || len(reading.Warnings) > 0 {
			t.Errorf("%s: %s %+v", c.name, reading.Text, reading.Warnings)
		}
		attributes := map[string]string{backend.AttrPolicy: p.JSON()}
		if at.FIFO() {
			attributes[backend.AttrFifoQueue] = "true"
		}
		if _, err := rules.NewSettings(at, attributes, nil); err != nil {
			t.Errorf("SQS would not take %s: %v", c.name, err)
		}
		if !regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`).MatchString(s.Sid) {
			t.Errorf("RemovePermission would not take %s", s.Sid) // 1.10
		}
	}
}

func TestATemplateRefusesWhatWouldNotWork(t *testing.T) {
	for _, c := range []struct {
		name   string
		queue  backend.ARN
		values params
		want   string
	}{
		{"sns-topic", orders, nil, "topic: is missing (give the ARN of the topic, such as arn:aws:sns:us-east-1:111111111111:orders)"},
		{"sns-topic", orders, params{"topic": "placed"}, "topic: is not such an ARN: placed (give the ARN of the topic, such as arn:aws:sns:us-east-1:111111111111:orders)"},
		{"sns-topic", orders, params{"topic": queue}, "topic: is not such an ARN: " + queue + " (give the ARN of the topic, such as arn:aws:sns:us-east-1:111111111111:orders)"},
		{"sns-topic", orders, params{"topic": "arn:aws:sns:us-east-1:*:placed"}, "topic: is not the full ARN of one: arn:aws:sns:us-east-1:*:placed (give the ARN of the topic, such as arn:aws:sns:us-east-1:111111111111:orders)"},
		{"sns-topic", orders, params{"topic": topic + ":1234"}, "topic: is the ARN of a subscription: " + topic + ":1234 (leave out what is behind the topic's name)"},
		{"sns-topic", orders, params{"topic": "arn:aws-cn:sns:cn-north-1:123456789012:placed"}, "topic: is in the partition aws-cn, the queue is in aws (give the ARN of the topic, such as arn:aws:sns:us-east-1:111111111111:orders)"},
		{"sns-topic", fifo, params{"topic": topic}, "topic: is a standard topic, which cannot send to a FIFO queue (use a FIFO topic)"},
		{"s3-bucket", fifo, params{"bucket": "uploads", "account": owner}, "bucket: cannot send to a FIFO queue (let S3 notify EventBridge, and use a rule)"},
		{"s3-bucket", orders, params{"bucket": "Up*", "account": owner}, "bucket: is no name of a bucket: Up* (give the name of the bucket, such as uploads)"},
		{"s3-bucket", orders, params{"bucket": "uploads", "account": "1"}, "account: is not twelve digits: 1 (give the account that owns the bucket, such as 111111111111)"},
		{"eventbridge-rule", orders, params{"rule": "arn:aws:events:us-east-1:123456789012:event-bus/x"}, "rule: is not such an ARN: arn:aws:events:us-east-1:123456789012:event-bus/x (give the ARN of the rule, such as arn:aws:events:us-east-1:111111111111:rule/nightly)"},
		{"vpc-endpoint", orders, params{"endpoint": "vpc-1"}, "endpoint: is no id of a VPC endpoint: vpc-1 (give the id of the endpoint, such as vpce-1a2b3c4d)"},
		{"tls-only", orders, params{"topic": topic}, "topic: is no parameter of tls-only (see which the template tls-only has)"},
		{"account", orders, params{"account": other, "actions": "SendMessages"}, "actions: has SendMessages, which is no action of SQS (give the actions, such as SendMessage, GetQueueUrl)"},
		{"account", orders, params{"account": other, "actions": "SendMessageBatch"}, "actions: has SendMessageBatch, which has no right of its own (name SendMessage, which covers the batch)"},
		{"account", orders, params{"account": other, "actions": "DeleteQueue"}, "actions: has DeleteQueue, which works for the owner's account alone (leave it out)"},
		{"account", orders, params{"account": other, "actions": strings.Repeat("SendMessage ", 8)}, "actions: has 8 actions (name at most seven, or * for all)"},
		{"account", orders, params{"account": other, "actions": " , "}, "actions: names none (give the actions, such as SendMessage, GetQueueUrl)"},
	} {
		_, err := template(t, c.name).Fill(c.queue, c.values)
		var e *backend.Error
		if !errors.As(err, &e) || e.Kind != backend.KindInvalid || err.Error() != c.want {
			t.Errorf("%s with %v\ngot  %v\nwant %s", c.name, c.values, err, c.want)
		}
	}
}

func TestExamplesOfParametersAreAccepted(t *testing.T) {
	for _, one := range policy.Templates() {
		for _, p := range one.Parameters {
			if err := p.Check(orders, p.Example); err != nil {
				t.Errorf("%s: %v", one.Name, err)
			}
		}
	}
}
