package rules

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// errorVector is one of the error_cases of sqs-vectors.json.
type errorVector struct {
	Id        int
	Action    string
	QueueType string `json:"queue_type"`
	Case      string
	Input     json.RawMessage
	Scope     string
	Shape     string `json:"json_type"`
	Code      string
	Status    int
	Message   string
}

// notOurs are the error cases that no rule can decide by itself, by what it
// takes to decide them.
var notOurs = map[string][]int{
	"the wire, where a field that is absent, of the wrong type or unknown to our structs can be seen": {
		3, 4, 92, 104, 141, 142, 143, 144,
	},
	"the queues that exist":                  {1, 2, 130, 131, 139},
	"the clock: cool-downs and throttles":    {16, 17, 127, 128},
	"the policy that the queue has":          {55, 57, 62, 63},
	"receipt handles and messages in flight": {113, 120, 121, 122, 123, 126},
	"page tokens and move tasks that exist":  {67, 129, 132, 138, 140},
}

// inputs stand in where a vector describes its input or leaves it out.
var inputs = map[int]string{
	54:  `{"Attributes": {"Policy": ` + quoted(policyOf(22)) + `}}`,
	56:  `{"Actions": ["a", "b", "c", "d", "e", "f", "g", "h"]}`,
	65:  `{"Tags": ` + object(51, `"v"`) + `}`,
	71:  `{"MessageBody": ` + quoted(strings.Repeat("a", 1<<20+1)) + `}`,
	72:  `{"MessageBody": ` + quoted(strings.Repeat("a", 1025)) + `}`,
	75:  `{"MessageDeduplicationId": "d", "MessageGroupId": null}`,
	76:  `{"MessageDeduplicationId": null, "MessageGroupId": "g"}`,
	85:  `{"MessageAttributes": ` + object(11, `{"DataType": "String", "StringValue": "x"}`) + `}`,
	96:  `{"Entries": ` + entries(20) + `}`,
	97:  `{"Entries": ` + entries(20) + `}`,
	98:  `{"Entries": ` + entries(20) + `}`,
	105: `{"Entries": [{"Id": "1", "MessageBody": ` + quoted(strings.Repeat("a", 1<<20)) + `}, {"Id": "2", "MessageBody": "b"}]}`,
	108: `{"Entries": [{"Id": "1", "MessageBody": ` + quoted(strings.Repeat("a", 1025)) + `}]}`,
	135: `{"SourceArn": "` + dlqArn + `", "DestinationArn": "` + dlqArn + `"}`,
	136: `{"SourceArn": "` + dlqArn + `", "DestinationArn": "` + dlqArn + `.fifo"}`,
	137: `{"SourceArn": "` + dlqArn + `", "MaxNumberOfMessagesPerSecond": 501}`,
}

const dlqArn = "arn:aws:sqs:us-east-1:123456789012:dlq"

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func object(n int, value string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"k%d": %s`, i, value)
	}
	return "{" + b.String()[1:] + "}"
}

func entries(n int) string {
	return "[" + strings.Repeat(`,{"Id": "1"}`, n)[1:] + "]"
}

func policyOf(statements int) string {
	const one = `,{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}`
	return `{"Version":"2012-10-17","Statement":[` + strings.Repeat(one, statements)[1:] + `]}`
}

// wireInput has the fields of every action that the vectors give.
type wireInput struct {
	QueueName                    string
	Attributes                   map[string]string
	Existing                     map[string]string `json:"_existing"`
	AttributeNames               []string
	Tags                         map[string]string
	MaxResults                   *int
	MaxNumberOfMessages          *int
	WaitTimeSeconds              *int
	VisibilityTimeout            *int
	SourceArn                    string
	DestinationArn               string
	MaxNumberOfMessagesPerSecond *int
	AWSAccountIds                []string
	Actions                      []string
	Entries                      []wireEntry
	wireMessage
	set map[string]json.RawMessage
}

type wireEntry struct {
	Id                string
	ReceiptHandle     string
	VisibilityTimeout *int
	wireMessage
}

type wireMessage struct {
	MessageBody             string
	DelaySeconds            *int
	MessageAttributes       map[string]wireAttribute
	MessageSystemAttributes map[string]wireAttribute
	MessageGroupId          *string
	MessageDeduplicationId  *string
}

func (m wireMessage) input() backend.SendMessageInput {
	return backend.SendMessageInput{
		MessageBody: m.MessageBody, DelaySeconds: optional(m.DelaySeconds),
		MessageAttributes:       attributesOf(m.MessageAttributes),
		MessageSystemAttributes: attributesOf(m.MessageSystemAttributes),
		MessageGroupId:          optional(m.MessageGroupId), MessageDeduplicationId: optional(m.MessageDeduplicationId),
	}
}

// TestVectorsOfErrors runs every error case that rules can decide, against each
// type of queue that the case is for.
func TestVectorsOfErrors(t *testing.T) {
	cases := readVectors(t).ErrorCases
	others := map[int]string{}
	for why, ids := range notOurs {
		for _, id := range ids {
			others[id] = why
		}
	}
	ran := map[int]bool{}
	for _, c := range cases {
		if others[c.Id] != "" {
			continue
		}
		if input, ok := inputs[c.Id]; ok {
			c.Input = json.RawMessage(input)
		}
		for _, fifo := range []bool{false, true} {
			if fifo && c.QueueType == "standard" || !fifo && c.QueueType == "fifo" {
				continue
			}
			t.Run(fmt.Sprintf("%d %s %s fifo=%v", c.Id, c.Action, c.Case, fifo), func(t *testing.T) { runErrorCase(t, c, fifo) })
			ran[c.Id] = true
		}
	}
	if got := len(ran) + len(others); got != len(cases) {
		t.Errorf("%d error cases are run here and %d are others', which makes %d of %d",
			len(ran), len(others), got, len(cases))
	}
}

func runErrorCase(t *testing.T, c errorVector, fifo bool) {
	var in wireInput
	for _, into := range []any{&in, &in.set} {
		if err := json.Unmarshal(c.Input, into); err != nil {
			t.Fatalf("input %s: %v", c.Input, err)
		}
	}
	bad, err := decide(c, in, fifo)
	if c.Scope == "entry" {
		want := []backend.BatchError{{Id: in.Entries[0].Id, Code: c.Code, Message: c.Message, SenderFault: true}}
		if diff := cmp.Diff(want, bad); diff != "" || err != nil {
			t.Errorf("failed entries (-want +got):\n%s\nerror: %v", diff, err)
		}
		return
	}
	got, ok := err.(*backend.Error)
	if !ok || got == nil {
		t.Fatalf("error is %v, want %s", err, c.Message)
	}
	want := backend.Error{Shape: c.Shape, Code: c.Code, Status: c.Status, Message: c.Message}
	if diff := cmp.Diff(want, backend.Error{Shape: got.Shape, Code: got.Code, Status: got.Status, Message: got.Message}); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

// decide asks the rules in the order in which an engine does.
func decide(c errorVector, in wireInput, fifo bool) ([]backend.BatchError, error) {
	self := backend.ARN{Partition: "aws", Region: "us-east-1", Account: "123456789012", Name: "my-queue"}
	queue := Queue{Name: self.Name, FIFO: fifo}
	attrs := map[string]string{}
	if fifo {
		self.Name += ".fifo"
		attrs[backend.AttrFifoQueue] = "true"
	}
	if strings.Contains(c.Case, "MaximumMessageSize=1024") {
		queue.MaximumMessageSize = 1024
	}
	switch c.Action {
	case "CreateQueue":
		self.Name = in.QueueName
		if _, err := NewSettings(self, in.Attributes, lookup); err != nil {
			return nil, err
		}
		existing, err := NewSettings(self, in.Existing, lookup)
		if err != nil {
			return nil, fmt.Errorf("the queue that exists is bad: %v", err.Error())
		}
		if name, differs := existing.Difference(in.Attributes); differs {
			return nil, ExistsError(name)
		}
	case "SetQueueAttributes":
		s, err := NewSettings(self, attrs, lookup)
		if err != nil {
			return nil, fmt.Errorf("the queue that exists is bad: %v", err.Error())
		}
		value := in.Attributes[backend.AttrRedrivePolicy]
		if c.Id == 49 && fifo {
			// Of the other type for this queue is the one that is not FIFO.
			in.Attributes[backend.AttrRedrivePolicy] = strings.Replace(value, "dlq.fifo", "dlq", 1)
		}
		_, err = s.Set(self, in.Attributes, lookup)
		if e, ok := err.(*backend.Error); ok && c.Id == 49 && fifo {
			e.Message = strings.Replace(e.Message, "dlq", "dlq.fifo", 1)
		}
		return nil, err
	case "GetQueueAttributes":
		return nil, AttributeName(in.AttributeNames[0])
	case "TagQueue":
		return nil, Tags("my-queue", nil, in.Tags)
	case "ListQueues":
		return nil, MaxResults(optional(in.MaxResults), MaxListResults)
	case "AddPermission":
		p := backend.AddPermissionInput{Label: "l", AWSAccountIds: []string{"111111111111"}, Actions: []string{"SendMessage"}}
		if in.set["Actions"] != nil {
			p.Actions = in.Actions
		}
		if in.set["AWSAccountIds"] != nil {
			p.AWSAccountIds = in.AWSAccountIds
		}
		return nil, AddPermission(p)
	case "StartMessageMoveTask":
		return nil, StartMoveTask(backend.StartMessageMoveTaskInput{
			SourceArn: in.SourceArn, DestinationArn: in.DestinationArn,
			MaxNumberOfMessagesPerSecond: optional(in.MaxNumberOfMessagesPerSecond),
		})
	case "SendMessage":
		m := in.wireMessage
		if in.set["MessageBody"] == nil {
			m.MessageBody = "x"
		}
		id := "default"
		if fifo && in.set["MessageGroupId"] == nil {
			m.MessageGroupId = &id
		}
		if fifo && in.set["MessageDeduplicationId"] == nil {
			m.MessageDeduplicationId = &id
		}
		return nil, Send(queue, m.input())
	}
	return decideMore(c, in, queue)
}

func decideMore(c errorVector, in wireInput, queue Queue) (bad []backend.BatchError, err error) {
	switch c.Action {
	case "SendMessageBatch":
		var batch backend.SendMessageBatchInput
		if in.Entries != nil {
			batch.Entries = []backend.SendMessageBatchEntry{}
		}
		for _, e := range in.Entries {
			batch.Entries = append(batch.Entries, backend.SendMessageBatchEntry{Id: e.Id, SendMessageInput: e.input()})
		}
		if err := SendBatchEnvelope(batch); err != nil {
			return nil, err
		}
		return SendBatch(queue, batch)
	case "DeleteMessageBatch":
		batch := backend.DeleteMessageBatchInput{Entries: []backend.DeleteMessageBatchEntry{}}
		for _, e := range in.Entries {
			batch.Entries = append(batch.Entries, backend.DeleteMessageBatchEntry{Id: e.Id, ReceiptHandle: e.ReceiptHandle})
		}
		if err := DeleteBatchEnvelope(batch); err != nil {
			return nil, err
		}
		for _, e := range batch.Entries {
			if fault := DeleteEntry(e); fault != nil {
				bad = append(bad, *fault)
			}
		}
	case "ChangeMessageVisibilityBatch":
		batch := backend.ChangeMessageVisibilityBatchInput{Entries: []backend.ChangeMessageVisibilityBatchEntry{}}
		for _, e := range in.Entries {
			batch.Entries = append(batch.Entries, backend.ChangeMessageVisibilityBatchEntry{
				Id: e.Id, ReceiptHandle: e.ReceiptHandle, VisibilityTimeout: optional(e.VisibilityTimeout),
			})
		}
		if err := VisibilityBatchEnvelope(batch); err != nil {
			return nil, err
		}
		for i, e := range batch.Entries {
			if fault := VisibilityEntry(i+1, e); fault != nil {
				bad = append(bad, *fault)
			}
		}
	case "ReceiveMessage":
		return nil, Receive(queue, backend.ReceiveMessageInput{
			MaxNumberOfMessages: optional(in.MaxNumberOfMessages), WaitTimeSeconds: optional(in.WaitTimeSeconds),
			VisibilityTimeout: optional(in.VisibilityTimeout),
		})
	case "ChangeMessageVisibility":
		return nil, Visibility(optional(in.VisibilityTimeout))
	}
	return bad, nil
}

// lookup knows one dead-letter queue of each type.
func lookup(arn string) (Target, bool) {
	switch arn {
	case dlqArn:
		return Target{}, true
	case dlqArn + ".fifo":
		return Target{FIFO: true}, true
	}
	return Target{}, false
}
