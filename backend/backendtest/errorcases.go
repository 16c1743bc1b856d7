package backendtest

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sqscope/backend"
)

// errorCase is a recorded error: what was asked, and what SQS said.
type errorCase struct {
	ID        int
	Action    string
	QueueType string `json:"queue_type"`
	Case      string
	Input     map[string]any
	Scope     string
	JSONType  string `json:"json_type"`
	Code      string
	Status    int
	Message   string
	Protocol  string
	InQuery   string `json:"query_message"` // if it is another there
	Fault     *bool  `json:"sender_fault"`  // of an entry
	Source    string
}

// failed is the failure that the case is, of the first entry of its batch.
func (c *errorCase) failed() backend.BatchError {
	entries, _ := c.Input["Entries"].([]any)
	first, _ := entries[0].(map[string]any)
	id, _ := first["Id"].(string)
	return backend.BatchError{Id: id, Code: c.Code, Message: c.Message, SenderFault: *c.Fault}
}

// notHere are the cases that a [backend.SQS] cannot have.
var notHere = map[int]string{
	4:   "left out and empty are the same here",
	92:  "there are no lists here",
	104: "left out and empty are the same here",
	120: "120,000 messages in flight",
	127: "no backend throttles by itself",
	128: "no backend throttles by itself",
	143: "there are no wrong types here",
	144: "there are no wrong types here",
}

// errorTests are the recorded errors, each with its code, status and text.
func errorTests(t *testing.T) section {
	tests := section{}
	for _, c := range readVectors(t).Errors {
		if notHere[c.ID] != "" || c.Protocol == "query" {
			continue
		}
		tests[fmt.Sprintf("%03d %s %s", c.ID, c.Action, strings.ReplaceAll(c.Case, "/", " "))] = func(d *desk) { d.errorCase(c) }
	}
	return tests
}

// entriesMissing is the case of a batch without a list of entries.
const entriesMissing = 103

func (d *desk) errorCase(c errorCase) {
	if d.h.Query && c.ID == entriesMissing {
		d.Skip("left out and empty are the same in the Query protocol")
	}
	url := d.prepare(&c)
	d.complete(&c, url)
	method := reflect.ValueOf(d.sqs).MethodByName(c.Action)
	in := reflect.New(method.Type().In(1)).Elem()
	fill(in, c.Input)
	out := method.Call([]reflect.Value{reflect.ValueOf(d.Context()), in})
	err, _ := out[len(out)-1].Interface().(error)
	if c.Scope == "entry" {
		d.must(err)
		failed, _ := out[0].FieldByName("Failed").Interface().([]backend.BatchError)
		d.equal("failed", failed, []backend.BatchError{c.failed()})
		return
	}
	if err == nil {
		d.Fatalf("no error: %+v", in)
	}
	c.Message = d.h.words(c.Message)
	e := backend.AsError(err)
	if e.Shape != c.JSONType || e.Code != c.Code || e.Status != c.Status || e.Message != c.Message {
		d.Errorf("got %s %s %d: %s\nwant %s %s %d: %s", e.Shape, e.Code, e.Status, e.Message, c.JSONType, c.Code, c.Status, c.Message)
	}
}

// complete puts in what the case takes for granted.
func (d *desk) complete(c *errorCase, url string) {
	missing := func(name string, value any) {
		if _, ok := c.Input[name]; !ok {
			c.Input[name] = value
		}
	}
	switch c.Action {
	case "CreateQueue", "GetQueueUrl", "ListQueues", "CancelMessageMoveTask", "StartMessageMoveTask":
		return
	}
	if c.ID != 3 {
		missing("QueueUrl", url)
	}
	if c.Input["QueueUrl"] == "<url of my-queue>" {
		c.Input["QueueUrl"] = url
	}
	switch c.Action {
	case "AddPermission":
		missing("Label", "label")
		missing("AWSAccountIds", []any{"111111111111"})
		missing("Actions", []any{"SendMessage"})
	case "SendMessage":
		missing("MessageBody", "x")
		if c.QueueType == "fifo" && c.ID != 75 {
			missing("MessageGroupId", "g")
		}
		if c.QueueType == "fifo" && c.ID != 76 {
			missing("MessageDeduplicationId", "d")
		}
	case "ChangeMessageVisibility":
		if h, ok := c.Input["ReceiptHandle"]; !ok || h == "<handle>" {
			c.Input["ReceiptHandle"] = d.held(c, url).ReceiptHandle
			d.later(1)
		}
	}
}

// prepare makes the queue of the case and brings about what it describes.
func (d *desk) prepare(c *errorCase) (url string) {
	d.Helper()
	if c.Action == "CreateQueue" {
		d.prepareCreate(c)
		return ""
	}
	name := "my-queue"
	if c.QueueType == "fifo" {
		name += ".fifo"
	}
	var attributes []string
	if c.ID == 72 || c.ID == 108 {
		attributes = []string{"MaximumMessageSize", "1024"}
	}
	url = d.queue(name, attributes...)
	switch c.Action {
	case "SetQueueAttributes":
		d.queue("dlq")
		d.queue("dlq.fifo")
		if c.ID == 54 {
			c.Input["Attributes"] = map[string]any{"Policy": policyOf(22)}
		}
	case "PurgeQueue":
		d.must(d.sqs.PurgeQueue(d.Context(), backend.PurgeQueueInput{QueueUrl: url}))
	case "AddPermission", "RemovePermission":
		d.preparePermission(c, url)
	case "TagQueue":
		if c.ID == 65 {
			c.Input["Tags"] = many(51, func(i int) (string, any) { return fmt.Sprint("tag", i), "v" })
		}
	case "SendMessage":
		if c.ID == 85 {
			c.Input["MessageAttributes"] = many(11, func(i int) (string, any) {
				return fmt.Sprint("a", i), map[string]any{"DataType": "String", "StringValue": "x"}
			})
		}
	case "SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch":
		prepareBatch(c)
	case "DeleteMessage", "ChangeMessageVisibility":
		d.prepareHandle(c, url)
	case "StartMessageMoveTask", "CancelMessageMoveTask":
		d.prepareTask(c, url)
	}
	return url
}

func (d *desk) prepareCreate(c *errorCase) {
	d.Helper()
	if existing, ok := c.Input["_existing"].(map[string]any); ok {
		in := backend.CreateQueueInput{QueueName: c.Input["QueueName"].(string), Attributes: map[string]string{}}
		for name, value := range existing {
			in.Attributes[name] = value.(string)
		}
		_, err := d.sqs.CreateQueue(d.Context(), in)
		d.must(err)
	}
	if c.ID == 16 {
		d.must(d.sqs.DeleteQueue(d.Context(), backend.DeleteQueueInput{QueueUrl: d.queue("q")}))
	}
}

func (d *desk) preparePermission(c *errorCase, url string) {
	d.Helper()
	add := func(label string) {
		d.must(d.sqs.AddPermission(d.Context(), backend.AddPermissionInput{
			QueueUrl: url, Label: label, AWSAccountIds: []string{"111111111111"}, Actions: []string{"SendMessage"},
		}))
	}
	switch c.ID {
	case 55:
		add("crossaccountpermission")
	case 56:
		c.Input["Actions"] = []any{
			"SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueUrl", "GetQueueAttributes",
			"ListDeadLetterSourceQueues", "PurgeQueue",
		}
	case 57:
		for i := range 20 {
			add(fmt.Sprint("l", i))
		}
	case 63:
		add("another")
	}
}

func prepareBatch(c *errorCase) {
	switch c.Input["Entries"] {
	case "<20>":
		var entries []any
		for i := range 20 {
			entries = append(entries, map[string]any{"Id": fmt.Sprint(i), "MessageBody": "x", "ReceiptHandle": "h", "VisibilityTimeout": 0.0})
		}
		c.Input["Entries"] = entries
	case "<two entries>":
		c.Input["Entries"] = []any{
			map[string]any{"Id": "1", "MessageBody": strings.Repeat("a", 1<<19)},
			map[string]any{"Id": "2", "MessageBody": strings.Repeat("b", 1<<19+1)},
		}
	}
}

func (d *desk) prepareHandle(c *errorCase, url string) {
	d.Helper()
	switch c.ID {
	case 122:
		m := d.held(c, url, hidden(1))
		d.later(2)
		c.Input["ReceiptHandle"] = m.ReceiptHandle
	case 123:
		m := d.held(c, url)
		d.delete(url, m)
		c.Input["ReceiptHandle"] = m.ReceiptHandle
	}
	if h, ok := c.Input["ReceiptHandle"].(string); ok {
		c.Message = strings.ReplaceAll(c.Message, "<handle>", h)
	}
}

// held is a message that the case has received.
func (d *desk) held(c *errorCase, url string, how ...receiving) backend.Message {
	d.Helper()
	if c.QueueType == "fifo" {
		d.send(url, "x", group("g"), dedup("d"))
	} else {
		d.send(url, "x")
	}
	return d.one(url, how...)
}

func (d *desk) prepareTask(c *errorCase, url string) {
	d.Helper()
	missing := "arn:aws:sqs:us-east-1:123456789012:missing"
	source, dlq := d.queue("source"), d.queue("failed")
	d.redrive(source, dlq, 1)
	handle := func(arn string) string {
		return base64.StdEncoding.EncodeToString([]byte(`{"taskId":"5a2a2b6e-6f4e-4f0e-8a39-1d1f0b6c7d10","sourceArn":"` + arn + `"}`))
	}
	switch c.ID {
	case 129:
		c.Input["SourceArn"] = d.arn(url)
	case 130:
		c.Input["SourceArn"] = missing
	case 131:
		c.Input["SourceArn"], c.Input["DestinationArn"] = d.arn(dlq), missing
	case 132:
		for range 5 {
			d.send(dlq, "x")
		}
		d.start(backend.StartMessageMoveTaskInput{
			SourceArn: d.arn(dlq), DestinationArn: d.arn(source), MaxNumberOfMessagesPerSecond: backend.Some(1),
		})
		c.Input["SourceArn"] = d.arn(dlq)
	case 135:
		c.Input["SourceArn"], c.Input["DestinationArn"] = d.arn(dlq), d.arn(dlq)
	case 136:
		c.Input["SourceArn"], c.Input["DestinationArn"] = d.arn(dlq), d.arn(d.queue("other.fifo"))
	case 137:
		c.Input["SourceArn"] = d.arn(dlq)
	case 139:
		c.Input["TaskHandle"] = handle(missing)
	case 140:
		c.Input["TaskHandle"] = handle(d.arn(dlq))
	}
}

func many(n int, member func(i int) (string, any)) map[string]any {
	m := map[string]any{}
	for i := range n {
		name, value := member(i)
		m[name] = value
	}
	return m
}

func policyOf(statements int) string {
	var list []string
	for i := range statements {
		list = append(list, fmt.Sprintf(`{"Sid":"s%d","Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}`, i))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
}

var repeated = regexp.MustCompile(`^<(\d+) x a>$`)

// fill puts a JSON value into a Go one: the names of members are those of
// fields, and what is there is set in an [backend.Opt].
func fill(v reflect.Value, x any) {
	switch v.Kind() {
	case reflect.Struct:
		if set := v.FieldByName("Set"); set.IsValid() && v.NumField() == 2 {
			set.SetBool(true)
			fill(v.Field(0), x)
			return
		}
		members := x.(map[string]any)
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if v.Type().Field(i).Anonymous {
				fill(v.Field(i), x)
			} else if value, ok := members[name]; ok {
				fill(v.Field(i), value)
			}
		}
	case reflect.Slice:
		list := x.([]any)
		v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
		for i, e := range list {
			fill(v.Index(i), e)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for name, e := range x.(map[string]any) {
			value := reflect.New(v.Type().Elem()).Elem()
			fill(value, e)
			v.SetMapIndex(reflect.ValueOf(name), value)
		}
	case reflect.Int:
		v.SetInt(int64(x.(float64)))
	default:
		s := x.(string)
		if m := repeated.FindStringSubmatch(s); m != nil {
			n, _ := strconv.Atoi(m[1]) // digits, by the pattern
			s = strings.Repeat("a", n)
		}
		v.SetString(s)
	}
}
