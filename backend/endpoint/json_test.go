package endpoint

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

const q = "http://localhost:9324/000000000000/orders"

var some = backend.Some[string]

// Every action: what the wire says is what the backend is asked.
func TestRequestReachesTheBackend(t *testing.T) {
	for _, c := range []struct {
		action, body string
		want         any
	}{
		{
			"AddPermission", `{"QueueUrl":"` + q + `","Label":"l","AWSAccountIds":["111111111111"],"Actions":["SendMessage","*"]}`,
			backend.AddPermissionInput{QueueUrl: q, Label: "l", AWSAccountIds: []string{"111111111111"}, Actions: []string{"SendMessage", "*"}},
		},
		{"CancelMessageMoveTask", `{"TaskHandle":"h"}`, backend.CancelMessageMoveTaskInput{TaskHandle: "h"}},
		{
			"ChangeMessageVisibility", `{"QueueUrl":"` + q + `","ReceiptHandle":"h","VisibilityTimeout":0}`,
			backend.ChangeMessageVisibilityInput{QueueUrl: q, ReceiptHandle: "h", VisibilityTimeout: backend.Some(0)},
		},
		{
			"ChangeMessageVisibility", `{"QueueUrl":"` + q + `","ReceiptHandle":"h","VisibilityTimeout":null}`,
			backend.ChangeMessageVisibilityInput{QueueUrl: q, ReceiptHandle: "h"},
		},
		{
			"ChangeMessageVisibilityBatch", `{"QueueUrl":"` + q + `","Entries":[{"Id":"1","ReceiptHandle":"h","VisibilityTimeout":-85},{"Id":"2"}]}`,
			backend.ChangeMessageVisibilityBatchInput{QueueUrl: q, Entries: []backend.ChangeMessageVisibilityBatchEntry{
				{Id: "1", ReceiptHandle: "h", VisibilityTimeout: backend.Some(-85)}, {Id: "2"},
			}},
		},
		{
			"CreateQueue", `{"QueueName":"q","Attributes":{"DelaySeconds":"1","VisibilityTimeout":30,"Policy":null},"tags":{"a":""}}`,
			backend.CreateQueueInput{
				QueueName: "q", Attributes: map[string]string{"DelaySeconds": "1", "VisibilityTimeout": "30"},
				Tags: map[string]string{"a": ""},
			},
		},
		{"CreateQueue", `{"QueueName":"","Tags":{"not":"this one"}}`, backend.CreateQueueInput{}},
		{"DeleteMessage", `{"QueueUrl":"` + q + `","ReceiptHandle":"h+/="}`, backend.DeleteMessageInput{QueueUrl: q, ReceiptHandle: "h+/="}},
		{"DeleteMessageBatch", `{"QueueUrl":"` + q + `"}`, backend.DeleteMessageBatchInput{QueueUrl: q}},
		{
			"DeleteMessageBatch", `{"QueueUrl":"` + q + `","Entries":[]}`,
			backend.DeleteMessageBatchInput{QueueUrl: q, Entries: []backend.DeleteMessageBatchEntry{}},
		},
		{
			"DeleteMessageBatch", `{"Entries":[{"Id":"","ReceiptHandle":"h"}],"QueueUrl":"` + q + `"}`,
			backend.DeleteMessageBatchInput{QueueUrl: q, Entries: []backend.DeleteMessageBatchEntry{{ReceiptHandle: "h"}}},
		},
		{"DeleteQueue", `{"QueueUrl":"` + q + `"}`, backend.DeleteQueueInput{QueueUrl: q}},
		{
			"GetQueueAttributes", `{"QueueUrl":"` + q + `","AttributeNames":["All",null]}`,
			backend.GetQueueAttributesInput{QueueUrl: q, AttributeNames: []string{"All"}},
		},
		{
			"GetQueueUrl", `{"QueueName":"q","QueueOwnerAWSAccountId":"111111111111"}`,
			backend.GetQueueUrlInput{QueueName: "q", QueueOwnerAWSAccountId: "111111111111"},
		},
		{
			"ListDeadLetterSourceQueues", `{"QueueUrl":"` + q + `","MaxResults":5,"NextToken":"t"}`,
			backend.ListDeadLetterSourceQueuesInput{QueueUrl: q, MaxResults: backend.Some(5), NextToken: "t"},
		},
		{
			"ListMessageMoveTasks", `{"SourceArn":"arn","MaxResults":10}`,
			backend.ListMessageMoveTasksInput{SourceArn: "arn", MaxResults: backend.Some(10)},
		},
		{"ListQueueTags", `{"QueueUrl":"` + q + `"}`, backend.ListQueueTagsInput{QueueUrl: q}},
		{"ListQueues", ``, backend.ListQueuesInput{}},
		{"ListQueues", `{"QueueNamePrefix":"a","MaxResults":0}`, backend.ListQueuesInput{QueueNamePrefix: "a", MaxResults: backend.Some(0)}},
		{"PurgeQueue", `{"QueueUrl":"` + q + `"}`, backend.PurgeQueueInput{QueueUrl: q}},
		{
			"ReceiveMessage", `{"QueueUrl":"` + q + `","MaxNumberOfMessages":10,"VisibilityTimeout":0,"WaitTimeSeconds":0,
				"AttributeNames":["SenderId"],"MessageSystemAttributeNames":["All"],"MessageAttributeNames":["Hel.*"],"ReceiveRequestAttemptId":"a"}`,
			backend.ReceiveMessageInput{
				QueueUrl: q, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(0), WaitTimeSeconds: backend.Some(0),
				MessageSystemAttributeNames: []string{"All", "SenderId"}, MessageAttributeNames: []string{"Hel.*"}, ReceiveRequestAttemptId: some("a"),
			},
		},
		{"RemovePermission", `{"QueueUrl":"` + q + `","Label":"l"}`, backend.RemovePermissionInput{QueueUrl: q, Label: "l"}},
		{
			"SendMessage", `{"QueueUrl":"` + q + `","MessageBody":"hi \"you\" \u00e9\ud83d\ude00 é\t","DelaySeconds":0,"MessageGroupId":"",
				"MessageDeduplicationId":"d","MessageAttributes":{"s":{"DataType":"String.x","StringValue":""},"b":{"BinaryValue":"AP8=","DataType":"Binary"}},
				"MessageSystemAttributes":{"AWSTraceHeader":{"DataType":"String","StringValue":"Root=1"}},"Unknown":{"a":[1,2.5e3,{"b":null}],"c":true}}`,
			backend.SendMessageInput{
				QueueUrl: q, MessageBody: "hi \"you\" é😀 é\t", DelaySeconds: backend.Some(0), MessageGroupId: some(""), MessageDeduplicationId: some("d"),
				MessageAttributes: map[string]backend.MessageAttribute{
					"s": {DataType: "String.x", StringValue: some("")}, "b": {DataType: "Binary", BinaryValue: []byte{0, 255}},
				},
				MessageSystemAttributes: map[string]backend.MessageAttribute{"AWSTraceHeader": {DataType: "String", StringValue: some("Root=1")}},
			},
		},
		{
			"SendMessageBatch", `{"QueueUrl":"` + q + `","Entries":[{"Id":"1","MessageBody":"a","DelaySeconds":0},{"Id":"2","MessageGroupId":"g"}]}`,
			backend.SendMessageBatchInput{QueueUrl: q, Entries: []backend.SendMessageBatchEntry{
				{Id: "1", SendMessageInput: backend.SendMessageInput{MessageBody: "a", DelaySeconds: backend.Some(0)}},
				{Id: "2", SendMessageInput: backend.SendMessageInput{MessageGroupId: some("g")}},
			}},
		},
		{
			"SetQueueAttributes", `{"QueueUrl":"` + q + `","Attributes":{"DelaySeconds":1.5}}`,
			backend.SetQueueAttributesInput{QueueUrl: q, Attributes: map[string]string{"DelaySeconds": "1.5"}},
		},
		{
			"StartMessageMoveTask", `{"SourceArn":"s","DestinationArn":"d","MaxNumberOfMessagesPerSecond":500}`,
			backend.StartMessageMoveTaskInput{SourceArn: "s", DestinationArn: "d", MaxNumberOfMessagesPerSecond: backend.Some(500)},
		},
		{"TagQueue", `{"QueueUrl":"` + q + `","Tags":{"k":"v"}}`, backend.TagQueueInput{QueueUrl: q, Tags: map[string]string{"k": "v"}}},
		{"UntagQueue", `{"QueueUrl":"` + q + `","TagKeys":["k"]}`, backend.UntagQueueInput{QueueUrl: q, TagKeys: []string{"k"}}},
	} {
		t.Run(c.action, func(t *testing.T) {
			var b stub
			w := serve(New(&b, Options{}), jsonRequest(c.action, c.body))
			if w.Code != 200 {
				t.Fatalf("status %d: %s", w.Code, w.Body)
			}
			if b.action != c.action {
				t.Errorf("the backend was asked for %s", b.action)
			}
			if diff := cmp.Diff(c.want, b.in); diff != "" {
				t.Errorf("the backend was asked for (-want +got)\n%s", diff)
			}
		})
	}
}

func TestTableHasEveryAction(t *testing.T) {
	var names []string
	for _, a := range actions() {
		names = append(names, a.name)
	}
	if diff := cmp.Diff(backend.Actions(), names); diff != "" {
		t.Error(diff)
	}
}

// Every answer, byte for byte; what is empty is left out (1.0, 11.2).
func TestAnswerOnTheWire(t *testing.T) {
	started := time.UnixMilli(1763794991123)
	for _, c := range []struct {
		action string
		out    any
		want   string
	}{
		{"DeleteQueue", nil, `{}`},
		{"ChangeMessageVisibility", nil, `{}`},
		{"CancelMessageMoveTask", backend.CancelMessageMoveTaskOutput{ApproximateNumberOfMessagesMoved: 2}, `{"ApproximateNumberOfMessagesMoved":2}`},
		{"CreateQueue", backend.CreateQueueOutput{QueueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/a"}, `{"QueueUrl":"http://localhost:9324/123456789012/a"}`},
		{"GetQueueUrl", backend.GetQueueUrlOutput{QueueUrl: q}, `{"QueueUrl":"` + q + `"}`},
		{"ListQueues", backend.ListQueuesOutput{}, `{}`},
		{
			"ListQueues",
			backend.ListQueuesOutput{QueueUrls: []string{"http://x/1/a", "http://x/1/b"}, NextToken: "t"},
			`{"QueueUrls":["http://localhost:9324/1/a","http://localhost:9324/1/b"],"NextToken":"t"}`,
		},
		{"ListDeadLetterSourceQueues", backend.ListQueuesOutput{QueueUrls: []string{"http://x/1/a"}}, `{"queueUrls":["http://localhost:9324/1/a"]}`},
		{"GetQueueAttributes", backend.GetQueueAttributesOutput{}, `{}`},
		{
			"GetQueueAttributes",
			backend.GetQueueAttributesOutput{Attributes: map[string]string{"VisibilityTimeout": "30", "DelaySeconds": "0"}},
			`{"Attributes":{"DelaySeconds":"0","VisibilityTimeout":"30"}}`,
		},
		{"ListQueueTags", backend.ListQueueTagsOutput{Tags: map[string]string{"k": ""}}, `{"Tags":{"k":""}}`},
		{"SendMessage", backend.SendMessageOutput{MessageId: "id", MD5OfMessageBody: "md5"}, `{"MD5OfMessageBody":"md5","MessageId":"id"}`},
		{
			"SendMessage",
			backend.SendMessageOutput{MessageId: "id", MD5OfMessageBody: "b", MD5OfMessageAttributes: "a", MD5OfMessageSystemAttributes: "s", SequenceNumber: "1"},
			`{"MD5OfMessageBody":"b","MD5OfMessageAttributes":"a","MD5OfMessageSystemAttributes":"s","MessageId":"id","SequenceNumber":"1"}`,
		},
		{
			"SendMessageBatch",
			backend.SendMessageBatchOutput{
				Successful: []backend.SendMessageBatchResult{{Id: "2", SendMessageOutput: backend.SendMessageOutput{MessageId: "id", MD5OfMessageBody: "b"}}},
				Failed:     []backend.BatchError{{Id: "1", Code: "InvalidParameterValue", Message: "no", SenderFault: true}},
			},
			`{"Successful":[{"Id":"2","MD5OfMessageBody":"b","MessageId":"id"}],"Failed":[{"Id":"1","Code":"InvalidParameterValue","Message":"no","SenderFault":true}]}`,
		},
		{"DeleteMessageBatch", backend.BatchOutput{Successful: []string{"1", "2"}}, `{"Successful":[{"Id":"1"},{"Id":"2"}]}`},
		{"ReceiveMessage", backend.ReceiveMessageOutput{}, `{}`},
		{
			"ReceiveMessage",
			backend.ReceiveMessageOutput{Messages: []backend.Message{{
				MessageId: "id", ReceiptHandle: "AQEB+/=", MD5OfBody: "b", Body: "a\u0085\"\\\r\n\x7f😀", MD5OfMessageAttributes: "m",
				Attributes: map[string]string{"SentTimestamp": "1763794991000", "ApproximateReceiveCount": "1"},
				MessageAttributes: map[string]backend.MessageAttribute{
					"k": {DataType: "Number.int", StringValue: some("1")}, "b": {DataType: "Binary", BinaryValue: []byte{0, 255}},
				},
			}}},
			`{"Messages":[{"MessageId":"id","ReceiptHandle":"AQEB+/=","MD5OfBody":"b","Body":"a` + "\u0085" + `\"\\\r\n` + "\x7f" + `😀",` +
				`"Attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1763794991000"},"MD5OfMessageAttributes":"m",` +
				`"MessageAttributes":{"b":{"DataType":"Binary","BinaryValue":"AP8="},"k":{"DataType":"Number.int","StringValue":"1"}}}]}`,
		},
		{"StartMessageMoveTask", backend.StartMessageMoveTaskOutput{TaskHandle: "h"}, `{"TaskHandle":"h"}`},
		{"ListMessageMoveTasks", backend.ListMessageMoveTasksOutput{}, `{}`},
		{
			"ListMessageMoveTasks",
			backend.ListMessageMoveTasksOutput{Results: []backend.MoveTask{
				{TaskHandle: "h", Status: backend.TaskRunning, SourceArn: "s", DestinationArn: "d", MaxNumberOfMessagesPerSecond: backend.Some(1), ApproximateNumberOfMessagesToMove: 10, Started: started},
				{Status: backend.TaskFailed, SourceArn: "s", ApproximateNumberOfMessagesMoved: 3, FailureReason: "r", Started: started},
			}},
			`{"Results":[{"TaskHandle":"h","Status":"RUNNING","SourceArn":"s","DestinationArn":"d","MaxNumberOfMessagesPerSecond":1,` +
				`"ApproximateNumberOfMessagesMoved":0,"ApproximateNumberOfMessagesToMove":10,"StartedTimestamp":1763794991123},` +
				`{"Status":"FAILED","SourceArn":"s","ApproximateNumberOfMessagesMoved":3,"ApproximateNumberOfMessagesToMove":0,"FailureReason":"r","StartedTimestamp":1763794991123}]}`,
		},
	} {
		t.Run(c.action, func(t *testing.T) {
			w := serve(New(&stub{out: c.out}, Options{}), jsonRequest(c.action, `{"QueueName":"q"}`))
			if diff := cmp.Diff(c.want, w.Body.String()); w.Code != 200 || diff != "" {
				t.Errorf("status %d, answer (-want +got)\n%s", w.Code, diff)
			}
			if w.Header().Get("Content-Type") != "application/x-amz-json-1.0" || len(w.Header().Get("x-amzn-RequestId")) != 36 {
				t.Errorf("headers %v", w.Header())
			}
		})
	}
}

func TestMoreThanTenEntriesAreTheBackendsToCount(t *testing.T) {
	var b stub
	serve(New(&b, Options{}), jsonRequest("SendMessageBatch", `{"Entries":[`+strings.Repeat("{},", 19)+`{}]}`))
	if in, ok := b.in.(backend.SendMessageBatchInput); !ok || len(in.Entries) != 20 {
		t.Errorf("the backend got %v", b.in)
	}
}

func TestLastOfEqualNamesWins(t *testing.T) {
	var b stub
	serve(New(&b, Options{}), jsonRequest("SendMessageBatch",
		`{"QueueUrl":"a","QueueUrl":"b","Entries":[{"MessageBody":"no id"}],"Entries":[{"Id":"1","MessageGroupId":"g","MessageGroupId":null}]}`))
	want := backend.SendMessageBatchInput{QueueUrl: "b", Entries: []backend.SendMessageBatchEntry{{Id: "1"}}}
	if diff := cmp.Diff(want, b.in); diff != "" {
		t.Error(diff)
	}
}

func TestTraceHeaderBecomesSystemAttribute(t *testing.T) {
	header := map[string]backend.MessageAttribute{"AWSTraceHeader": {DataType: "String", StringValue: some("Root=1")}}
	given := map[string]backend.MessageAttribute{"AWSTraceHeader": {DataType: "String", StringValue: some("Root=2")}}
	for _, c := range []struct {
		name, body, trace string
		want              map[string]backend.MessageAttribute
		digest            bool
	}{
		{"taken", `{}`, "Root=1", header, false},
		{"the request's own wins", `{"MessageSystemAttributes":{"AWSTraceHeader":{"DataType":"String","StringValue":"Root=2"}}}`, "Root=1", given, true},
		{"not text", `{}`, "Root=\x01", nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := stub{out: backend.SendMessageOutput{MessageId: "id", MD5OfMessageSystemAttributes: "md5"}}
			r := jsonRequest("SendMessage", c.body)
			r.Header.Set("X-Amzn-Trace-Id", c.trace)
			w := serve(New(&b, Options{}), r)
			if diff := cmp.Diff(c.want, b.in.(backend.SendMessageInput).MessageSystemAttributes); diff != "" {
				t.Error(diff)
			}
			if got := strings.Contains(w.Body.String(), "MD5OfMessageSystemAttributes"); got != c.digest {
				t.Errorf("digest of system attributes answered: %v", got)
			}
		})
	}
}

func TestTraceHeaderGoesToEachEntryOfABatch(t *testing.T) {
	b := stub{out: backend.SendMessageBatchOutput{Successful: []backend.SendMessageBatchResult{
		{Id: "1", SendMessageOutput: backend.SendMessageOutput{MD5OfMessageSystemAttributes: "md5"}},
	}}}
	r := jsonRequest("SendMessageBatch", `{"Entries":[{"Id":"1"},{"Id":"2"}]}`)
	r.Header.Set("X-Amzn-Trace-Id", "Root=1")
	w := serve(New(&b, Options{}), r)
	for _, e := range b.in.(backend.SendMessageBatchInput).Entries {
		if e.MessageSystemAttributes["AWSTraceHeader"].StringValue.Value != "Root=1" {
			t.Errorf("entry %s has %v", e.Id, e.MessageSystemAttributes)
		}
	}
	if w.Body.String() != `{"Successful":[{"Id":"1"}]}` {
		t.Errorf("answer %s", w.Body)
	}
}

// In neither protocol: 404 and one XML element (11.1). Query is only what names
// an action.
func TestNeitherProtocol(t *testing.T) {
	s := New(&stub{}, Options{})
	wrongType := jsonRequest("ListQueues", `{}`)
	wrongType.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	multipart := formRequest("--x\r\nContent-Disposition: form-data; name=\"Action\"\r\n\r\nListQueues\r\n--x--\r\n")
	multipart.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	get := jsonRequest("ListQueues", `{}`)
	get.Method = "GET"
	for name, r := range map[string]*http.Request{
		"GET /":                   httptest.NewRequest("GET", "http://localhost:9324/", nil),
		"POST without a target":   httptest.NewRequest("POST", "http://localhost:9324/", strings.NewReader("{}")),
		"another content type":    wrongType,
		"GET with a target":       get,
		"a browser asks for icon": httptest.NewRequest("GET", "http://localhost:9324/favicon.ico", nil),
		"parameters, no action":   httptest.NewRequest("GET", "http://localhost:9324/?QueueName=q", nil),
		"an empty action":         formRequest("Action=&QueueName=q"),
		"an empty form":           formRequest(""),
		"a form in another type":  multipart,
		"PUT":                     httptest.NewRequest("PUT", "http://localhost:9324/?Action=ListQueues", nil),
		"HEAD":                    httptest.NewRequest("HEAD", "http://localhost:9324/?Action=ListQueues", nil),
	} {
		w := serve(s, r)
		if w.Code != 404 || w.Body.String() != "<UnknownOperationException/>\n" || len(w.Header().Get("x-amzn-RequestId")) != 36 {
			t.Errorf("%s: %d %v %s", name, w.Code, w.Header(), w.Body)
		}
	}
}

func TestAnyPathAndContentTypeParametersAreTaken(t *testing.T) {
	var b stub
	r := jsonRequest("ListQueueTags", `{"QueueUrl":"`+q+`"}`)
	r.URL.Path = "/111111111111/another"
	r.Header.Set("Content-Type", "Application/X-Amz-Json-1.0; charset=utf-8")
	if w := serve(New(&b, Options{}), r); w.Code != 200 || b.in.(backend.ListQueueTagsInput).QueueUrl != q {
		t.Errorf("%d, the backend was asked for %v", w.Code, b.in)
	}
}

func TestRequestIDsAreUUIDsAndDiffer(t *testing.T) {
	var seen []string
	var x exchange
	for range 1000 {
		x.newID()
		id := string(x.id[:])
		if len(id) != 36 || id[14] != '4' || !strings.ContainsRune("89ab", rune(id[19])) {
			t.Fatalf("%q is no UUID of version 4", id)
		}
		seen = append(seen, id)
	}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 1000 {
		t.Error("request ids repeat")
	}
}

func TestEveryByteIsPlainOrNotWhereverItStands(t *testing.T) {
	for c := range 256 {
		for at := range 24 {
			b := []byte(strings.Repeat("x", 24))
			b[at] = byte(c)
			want := 24
			if c < ' ' || c == '"' || c == '\\' || c >= 0x80 {
				want = at
			}
			if plainEnd(b, 0) != want || plainEndOf(string(b), 0) != want {
				t.Fatalf("byte %#x at %d: %d and %d, want %d", c, at, plainEnd(b, 0), plainEndOf(string(b), 0), want)
			}
		}
	}
}
