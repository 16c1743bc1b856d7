package awsline

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

const ordersURL = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"

var aws = backend.Place{Region: "eu-west-1", Profile: "prod"}

// requests has one or more of each of the 23 inputs, with all of their parameters.
func requests() []any {
	attributes := map[string]backend.MessageAttribute{
		"kind":  {DataType: "String", StringValue: backend.Some("a \"b\" 'c' \\d")},
		"price": {DataType: "Number.int", StringValue: backend.Some("12")},
	}
	trace := map[string]backend.MessageAttribute{"AWSTraceHeader": {DataType: "String", StringValue: backend.Some("Root=1-5759e988-bd862e3fe1be46a994272793")}}
	return []any{
		backend.AddPermissionInput{QueueUrl: ordersURL, Label: "read", AWSAccountIds: []string{"111111111111", "222222222222"}, Actions: []string{"SendMessage", "ReceiveMessage"}},
		backend.CreateQueueInput{QueueName: "orders.fifo", Attributes: map[string]string{"FifoQueue": "true", "Policy": `{"Version":"2012-10-17"}`}, Tags: map[string]string{"team": "check out", "[odd": "-x"}},
		backend.DeleteQueueInput{QueueUrl: ordersURL},
		backend.GetQueueAttributesInput{QueueUrl: ordersURL, AttributeNames: []string{"All"}},
		backend.GetQueueUrlInput{QueueName: "orders", QueueOwnerAWSAccountId: "123456789012"},
		backend.ListDeadLetterSourceQueuesInput{QueueUrl: ordersURL, NextToken: "a+b/c==", MaxResults: backend.Some(10)},
		backend.ListQueueTagsInput{QueueUrl: ordersURL},
		backend.ListQueuesInput{},
		backend.ListQueuesInput{QueueNamePrefix: "or", NextToken: "-t", MaxResults: backend.Some(1000)},
		backend.PurgeQueueInput{QueueUrl: "orders"},
		backend.RemovePermissionInput{QueueUrl: ordersURL, Label: "read"},
		backend.SetQueueAttributesInput{QueueUrl: ordersURL, Attributes: map[string]string{"VisibilityTimeout": "0", "RedrivePolicy": `{"maxReceiveCount":5}`, "Policy": ""}},
		backend.TagQueueInput{QueueUrl: ordersURL, Tags: map[string]string{"a": "file://x", "b": ""}},
		backend.UntagQueueInput{QueueUrl: ordersURL, TagKeys: []string{"a", "b c"}},
		backend.UntagQueueInput{QueueUrl: ordersURL, TagKeys: []string{"[x]", "-y", "file:///etc/hosts"}},
		backend.StartMessageMoveTaskInput{SourceArn: "arn:aws:sqs:eu-west-1:123456789012:orders-dlq", DestinationArn: "arn:aws:sqs:eu-west-1:123456789012:orders", MaxNumberOfMessagesPerSecond: backend.Some(5)},
		backend.CancelMessageMoveTaskInput{TaskHandle: "eyJ0YXNrSWQ="},
		backend.ListMessageMoveTasksInput{SourceArn: "arn:aws:sqs:eu-west-1:123456789012:orders-dlq", MaxResults: backend.Some(10)},
		backend.SendMessageInput{QueueUrl: ordersURL, MessageBody: "it's {\"a\": 1}\nand $HOME `x` !y \\", DelaySeconds: backend.Some(0), MessageAttributes: attributes, MessageSystemAttributes: trace},
		backend.SendMessageInput{QueueUrl: ordersURL + ".fifo", MessageBody: "-1", MessageGroupId: backend.Some("g"), MessageDeduplicationId: backend.Some("--d")},
		backend.SendMessageInput{QueueUrl: ordersURL, MessageBody: "file:///etc/hosts"},
		backend.SendMessageInput{QueueUrl: ordersURL, MessageBody: "https://example.com/\u202e\U000e0041\u0085 \x1b[31m"},
		backend.SendMessageInput{QueueUrl: ordersURL, MessageBody: "b", MessageAttributes: map[string]backend.MessageAttribute{"raw": {DataType: "Binary", BinaryValue: []byte{0, 1, 0xfe}}}},
		backend.SendMessageBatchInput{QueueUrl: ordersURL, Entries: []backend.SendMessageBatchEntry{
			{Id: "1", SendMessageInput: backend.SendMessageInput{MessageBody: "é — \x7f", DelaySeconds: backend.Some(900), MessageAttributes: attributes}},
			{Id: "2", SendMessageInput: backend.SendMessageInput{MessageBody: "b", MessageGroupId: backend.Some("g")}},
		}},
		backend.ReceiveMessageInput{
			QueueUrl: ordersURL, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(0), WaitTimeSeconds: backend.Some(20),
			MessageSystemAttributeNames: []string{"All"}, MessageAttributeNames: []string{"a", "b.*"}, ReceiveRequestAttemptId: backend.Some("try"),
		},
		backend.DeleteMessageInput{QueueUrl: ordersURL, ReceiptHandle: "AQEB/+=="},
		backend.DeleteMessageBatchInput{QueueUrl: ordersURL, Entries: []backend.DeleteMessageBatchEntry{{Id: "1", ReceiptHandle: "AQEB/+=="}, {Id: "2", ReceiptHandle: "x"}}},
		backend.ChangeMessageVisibilityInput{QueueUrl: ordersURL, ReceiptHandle: "AQEB/+==", VisibilityTimeout: backend.Some(0)},
		backend.ChangeMessageVisibilityBatchInput{QueueUrl: ordersURL, Entries: []backend.ChangeMessageVisibilityBatchEntry{{Id: "1", ReceiptHandle: "x", VisibilityTimeout: backend.Some(0)}}},
	}
}

func TestALineReadsAsOneWouldWriteIt(t *testing.T) {
	for _, c := range []struct {
		place backend.Place
		in    any
		want  string
	}{
		{
			aws,
			backend.GetQueueAttributesInput{QueueUrl: ordersURL, AttributeNames: []string{"All"}},
			"aws sqs get-queue-attributes --profile prod --region eu-west-1 --queue-url " + ordersURL + " --attribute-names All",
		},
		{
			backend.Place{Region: "us-east-1", Endpoint: "http://localhost:4566"},
			backend.ListQueuesInput{MaxResults: backend.Some(1000)},
			"aws sqs list-queues --region us-east-1 --endpoint-url http://localhost:4566 --max-results 1000",
		},
		{
			backend.Place{Region: "us-east-1", Embedded: true, Listen: "http://127.0.0.1:9324"},
			backend.PurgeQueueInput{QueueUrl: "orders"},
			"aws sqs purge-queue --no-sign-request --region us-east-1 --endpoint-url http://127.0.0.1:9324 --queue-url orders",
		},
		{
			aws,
			backend.SendMessageInput{QueueUrl: "orders", MessageBody: `{"it's": 1}`, DelaySeconds: backend.Some(5)},
			`aws sqs send-message --profile prod --region eu-west-1 --queue-url orders --message-body '{"it'\''s": 1}' --delay-seconds 5`,
		},
		{
			aws,
			backend.SendMessageInput{QueueUrl: "orders", MessageBody: "one\ntwo\x1b[0m\u202e", DelaySeconds: backend.Some(-5)},
			`aws sqs send-message --profile prod --region eu-west-1 --queue-url orders --message-body $'one\ntwo\033[0m\342\200\256' --delay-seconds=-5`,
		},
		{
			aws,
			backend.SendMessageInput{QueueUrl: "orders", MessageBody: "file:///etc/hosts\x00"},
			`aws sqs send-message --profile prod --region eu-west-1 --cli-input-json '{"QueueUrl":"orders","MessageBody":"file:///etc/hosts\u0000"}'`,
		},
		{
			backend.Place{},
			backend.SetQueueAttributesInput{QueueUrl: "q", Attributes: map[string]string{"VisibilityTimeout": "30", "DelaySeconds": "0"}},
			`aws sqs set-queue-attributes --queue-url q --attributes '{"DelaySeconds":"0","VisibilityTimeout":"30"}'`,
		},
		{
			backend.Place{},
			backend.SendMessageInput{QueueUrl: "q", MessageAttributes: map[string]backend.MessageAttribute{"raw": {DataType: "Binary", BinaryValue: []byte{1, 2}}}},
			`aws sqs send-message --cli-binary-format base64 --queue-url q --message-body '' --message-attributes '{"raw":{"DataType":"Binary","BinaryValue":"AQI="}}'`,
		},
		{
			backend.Place{},
			backend.GetQueueUrlInput{QueueName: "q", QueueOwnerAWSAccountId: "123456789012"},
			`aws sqs get-queue-url --queue-name q --queue-owner-aws-account-id 123456789012`,
		},
		{
			backend.Place{},
			backend.AddPermissionInput{QueueUrl: "q", Label: "l", AWSAccountIds: []string{"1"}, Actions: []string{"*"}},
			`aws sqs add-permission --queue-url q --label l --aws-account-ids 1 --actions '*'`,
		},
	} {
		got, err := Line(c.place, c.in)
		if err != nil || got != c.want {
			t.Errorf("%T (%v)\n got %s\nwant %s", c.in, err, got, c.want)
		}
	}
}

// A line for the engine in this process must never be one for AWS.
func TestALineForAnEngineThatIsNotServedNamesAnEndpointAllTheSame(t *testing.T) {
	line, err := Line(backend.Place{Embedded: true, Region: "us-east-1"}, backend.CreateQueueInput{QueueName: "q"})
	if err != nil || !strings.Contains(line, "--endpoint-url http://localhost:9324") {
		t.Errorf("%s, %v", line, err)
	}
}

func TestThereIsALineForEachAction(t *testing.T) {
	there := map[string]bool{}
	for _, in := range requests() {
		action, _ := paramsOf(in)
		if want := strings.TrimSuffix(reflect.TypeOf(in).Name(), "Input"); action != want {
			t.Errorf("%T is for %q, want %q", in, action, want)
		}
		there[action] = true
	}
	for _, action := range backend.Actions() {
		if !there[action] {
			t.Errorf("%s has no example here", action)
		}
	}
	if _, err := Line(aws, "ListQueues"); backend.KindOf(err) != backend.KindInternal {
		t.Errorf("a line for no input: %v", err)
	}
}

// The JSON in a line says the same as the standard library's.
func TestStringsInJSONKeepTheirCharacters(t *testing.T) {
	for _, s := range []string{"", "a\"b\\c/d", "\x00\x1f\x7f\u0085\u2028\ufeff", "é😀\U000e0041", "<&>"} {
		var got string
		if err := json.Unmarshal([]byte(encode(s)), &got); err != nil || got != s {
			t.Errorf("%q became %s (%v)", s, encode(s), err)
		}
	}
	if diff := cmp.Diff("\"a\xffb\"", encode("a\xffb")); diff != "" {
		t.Errorf("a byte that is no UTF-8 was replaced (-want +got)\n%s", diff)
	}
}

func TestTheConsolesAddressOfAQueue(t *testing.T) {
	for _, c := range []struct {
		place backend.Place
		arn   string
		want  string
	}{
		{aws, "arn:aws:sqs:eu-west-1:123456789012:orders.fifo", "https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues/https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F123456789012%2Forders.fifo"},
		{aws, "arn:aws-cn:sqs:cn-north-1:123456789012:orders", "https://cn-north-1.console.amazonaws.cn/sqs/v3/home?region=cn-north-1#/queues/https%3A%2F%2Fsqs.cn-north-1.amazonaws.com.cn%2F123456789012%2Forders"},
		{aws, "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:orders", "https://us-gov-west-1.console.amazonaws-us-gov.com/sqs/v3/home?region=us-gov-west-1#/queues/https%3A%2F%2Fsqs.us-gov-west-1.amazonaws.com%2F123456789012%2Forders"},
		{aws, "arn:aws-iso:sqs:us-iso-east-1:123456789012:orders", ""},
		{backend.Place{Embedded: true}, "arn:aws:sqs:us-east-1:000000000000:orders", ""},
		{backend.Place{Endpoint: "http://localhost:4566"}, "arn:aws:sqs:us-east-1:000000000000:orders", ""},
	} {
		arn, _ := backend.ParseARN(c.arn)
		if got, ok := ConsoleURL(c.place, arn); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %s, %v", c.arn, got, ok)
		}
	}
}
