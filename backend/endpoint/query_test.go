package endpoint

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// form makes a Query request as the old SDKs send it, to localhost:9324. The
// parameters are escaped already.
func formRequest(parameters string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://localhost:9324/", strings.NewReader(parameters))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}

// Every action: what the parameters say is what the backend is asked.
func TestParametersReachTheBackend(t *testing.T) {
	u := url.QueryEscape(q)
	for _, c := range []struct {
		action, parameters string
		want               any
	}{
		{
			"AddPermission", "QueueUrl=" + u + "&Label=l&AWSAccountId.1=111111111111&ActionName.1=SendMessage&ActionName.2=*",
			backend.AddPermissionInput{QueueUrl: q, Label: "l", AWSAccountIds: []string{"111111111111"}, Actions: []string{"SendMessage", "*"}},
		},
		{"CancelMessageMoveTask", "TaskHandle=h", backend.CancelMessageMoveTaskInput{TaskHandle: "h"}},
		{
			"ChangeMessageVisibility", "QueueUrl=" + u + "&ReceiptHandle=h%2B%2F%3D&VisibilityTimeout=0",
			backend.ChangeMessageVisibilityInput{QueueUrl: q, ReceiptHandle: "h+/=", VisibilityTimeout: backend.Some(0)},
		},
		{
			"ChangeMessageVisibilityBatch",
			"QueueUrl=" + u + "&ChangeMessageVisibilityBatchRequestEntry.1.Id=1&ChangeMessageVisibilityBatchRequestEntry.1.ReceiptHandle=h" +
				"&ChangeMessageVisibilityBatchRequestEntry.1.VisibilityTimeout=-85&ChangeMessageVisibilityBatchRequestEntry.2.Id=2",
			backend.ChangeMessageVisibilityBatchInput{QueueUrl: q, Entries: []backend.ChangeMessageVisibilityBatchEntry{
				{Id: "1", ReceiptHandle: "h", VisibilityTimeout: backend.Some(-85)}, {Id: "2"},
			}},
		},
		{
			"CreateQueue",
			"QueueName=q&Attribute.1.Name=DelaySeconds&Attribute.1.Value=1&Attribute.2.Name=Policy&Attribute.2.Value=&Tag.1.Key=a+b&Tag.1.Value=",
			backend.CreateQueueInput{
				QueueName: "q", Attributes: map[string]string{"DelaySeconds": "1", "Policy": ""}, Tags: map[string]string{"a b": ""},
			},
		},
		{"CreateQueue", "QueueName=", backend.CreateQueueInput{}},
		{"DeleteMessage", "QueueUrl=" + u + "&ReceiptHandle=h", backend.DeleteMessageInput{QueueUrl: q, ReceiptHandle: "h"}},
		{
			"DeleteMessageBatch", "QueueUrl=" + u + "&DeleteMessageBatchRequestEntry.1.Id=&DeleteMessageBatchRequestEntry.1.ReceiptHandle=h",
			backend.DeleteMessageBatchInput{QueueUrl: q, Entries: []backend.DeleteMessageBatchEntry{{ReceiptHandle: "h"}}},
		},
		{
			"DeleteMessageBatch", "QueueUrl=" + u + "&Entries=",
			backend.DeleteMessageBatchInput{QueueUrl: q, Entries: []backend.DeleteMessageBatchEntry{}},
		},
		{"DeleteQueue", "QueueUrl=" + u, backend.DeleteQueueInput{QueueUrl: q}},
		{
			"GetQueueAttributes", "QueueUrl=" + u + "&AttributeName.1=All&AttributeName.2=Policy",
			backend.GetQueueAttributesInput{QueueUrl: q, AttributeNames: []string{"All", "Policy"}},
		},
		{"GetQueueAttributes", "QueueUrl=" + u + "&AttributeName=All", backend.GetQueueAttributesInput{QueueUrl: q, AttributeNames: []string{"All"}}},
		{"GetQueueAttributes", "QueueUrl=" + u + "&AttributeName=&AttributeNames=", backend.GetQueueAttributesInput{QueueUrl: q}},
		{
			"GetQueueUrl", "QueueName=q&QueueOwnerAWSAccountId=111111111111",
			backend.GetQueueUrlInput{QueueName: "q", QueueOwnerAWSAccountId: "111111111111"},
		},
		{
			"ListDeadLetterSourceQueues", "QueueUrl=" + u + "&MaxResults=5&NextToken=t",
			backend.ListDeadLetterSourceQueuesInput{QueueUrl: q, MaxResults: backend.Some(5), NextToken: "t"},
		},
		{"ListMessageMoveTasks", "SourceArn=arn&MaxResults=10", backend.ListMessageMoveTasksInput{SourceArn: "arn", MaxResults: backend.Some(10)}},
		{"ListQueueTags", "QueueUrl=" + u, backend.ListQueueTagsInput{QueueUrl: q}},
		{"ListQueues", "Version=2012-11-05&AWSAccessKeyId=AKID&Signature=x%3D", backend.ListQueuesInput{}},
		{"ListQueues", "QueueNamePrefix=a&MaxResults=0", backend.ListQueuesInput{QueueNamePrefix: "a", MaxResults: backend.Some(0)}},
		{"PurgeQueue", "QueueUrl=" + u, backend.PurgeQueueInput{QueueUrl: q}},
		{
			"ReceiveMessage",
			"QueueUrl=" + u + "&MaxNumberOfMessages=10&VisibilityTimeout=0&WaitTimeSeconds=0&AttributeName.1=SenderId" +
				"&MessageSystemAttributeName.1=All&MessageAttributeName.1=Hel.*&ReceiveRequestAttemptId=a",
			backend.ReceiveMessageInput{
				QueueUrl: q, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(0), WaitTimeSeconds: backend.Some(0),
				MessageSystemAttributeNames: []string{"All", "SenderId"}, MessageAttributeNames: []string{"Hel.*"}, ReceiveRequestAttemptId: some("a"),
			},
		},
		{"RemovePermission", "QueueUrl=" + u + "&Label=l", backend.RemovePermissionInput{QueueUrl: q, Label: "l"}},
		{
			"SendMessage",
			"QueueUrl=" + u + "&MessageBody=" + url.QueryEscape("hi \"you\" é😀\r\n&=+%") + "&DelaySeconds=0&MessageGroupId=&MessageDeduplicationId=d" +
				"&MessageAttribute.1.Name=s&MessageAttribute.1.Value.DataType=String.x&MessageAttribute.1.Value.StringValue=" +
				"&MessageAttribute.2.Name=b&MessageAttribute.2.Value.DataType=Binary&MessageAttribute.2.Value.BinaryValue=AP8%3D" +
				"&MessageSystemAttribute.1.Name=AWSTraceHeader&MessageSystemAttribute.1.Value.DataType=String" +
				"&MessageSystemAttribute.1.Value.StringValue=Root%3D1&Unknown=x",
			backend.SendMessageInput{
				QueueUrl: q, MessageBody: "hi \"you\" é😀\r\n&=+%", DelaySeconds: backend.Some(0), MessageGroupId: some(""), MessageDeduplicationId: some("d"),
				MessageAttributes: map[string]backend.MessageAttribute{
					"s": {DataType: "String.x", StringValue: some("")}, "b": {DataType: "Binary", BinaryValue: []byte{0, 255}},
				},
				MessageSystemAttributes: map[string]backend.MessageAttribute{"AWSTraceHeader": {DataType: "String", StringValue: some("Root=1")}},
			},
		},
		{
			"SendMessageBatch",
			"QueueUrl=" + u + "&SendMessageBatchRequestEntry.1.Id=1&SendMessageBatchRequestEntry.1.MessageBody=a&SendMessageBatchRequestEntry.1.DelaySeconds=0" +
				"&SendMessageBatchRequestEntry.2.Id=2&SendMessageBatchRequestEntry.2.MessageGroupId=g" +
				"&SendMessageBatchRequestEntry.2.MessageAttribute.1.Name=k&SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.DataType=Number" +
				"&SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.StringValue=1",
			backend.SendMessageBatchInput{QueueUrl: q, Entries: []backend.SendMessageBatchEntry{
				{Id: "1", SendMessageInput: backend.SendMessageInput{MessageBody: "a", DelaySeconds: backend.Some(0)}},
				{Id: "2", SendMessageInput: backend.SendMessageInput{MessageGroupId: some("g"), MessageAttributes: map[string]backend.MessageAttribute{
					"k": {DataType: "Number", StringValue: some("1")},
				}}},
			}},
		},
		{
			"SetQueueAttributes", "QueueUrl=" + u + "&Attribute.Name=DelaySeconds&Attribute.Value=1.5",
			backend.SetQueueAttributesInput{QueueUrl: q, Attributes: map[string]string{"DelaySeconds": "1.5"}},
		},
		{
			"StartMessageMoveTask", "SourceArn=s&DestinationArn=d&MaxNumberOfMessagesPerSecond=500",
			backend.StartMessageMoveTaskInput{SourceArn: "s", DestinationArn: "d", MaxNumberOfMessagesPerSecond: backend.Some(500)},
		},
		{"TagQueue", "QueueUrl=" + u + "&Tag.1.Key=k&Tag.1.Value=v", backend.TagQueueInput{QueueUrl: q, Tags: map[string]string{"k": "v"}}},
		{"UntagQueue", "QueueUrl=" + u + "&TagKey.1=k&TagKey.2=l", backend.UntagQueueInput{QueueUrl: q, TagKeys: []string{"k", "l"}}},
	} {
		all := "Action=" + c.action + "&" + c.parameters
		for way, r := range map[string]*http.Request{
			"form": formRequest(all),
			"URL":  httptest.NewRequest(http.MethodGet, "http://localhost:9324/?"+all, nil),
			"both": func() *http.Request {
				r := formRequest(c.parameters)
				r.URL.RawQuery = "Action=" + c.action
				return r
			}(),
		} {
			t.Run(c.action+"/"+way, func(t *testing.T) {
				var b stub
				w := serve(New(&b, Options{}), r)
				if w.Code != 200 || b.action != c.action {
					t.Fatalf("status %d, the backend was asked for %s: %s", w.Code, b.action, w.Body)
				}
				if diff := cmp.Diff(c.want, b.in); diff != "" {
					t.Errorf("the backend was asked for (-want +got)\n%s", diff)
				}
			})
		}
	}
}

// The numbers in names say the order and nothing else.
func TestNumbersInNames(t *testing.T) {
	const huge = "99999999999999999999999999999999999999"
	entry := func(number, id string) string { return "&DeleteMessageBatchRequestEntry." + number + ".Id=" + id }
	for _, c := range []struct {
		name, parameters string
		want             []string
	}{
		{"backwards", entry("3", "c") + entry("2", "b") + entry("1", "a"), []string{"a", "b", "c"}},
		{"by value, not by text", entry("10", "c") + entry("9", "b") + entry("1", "a"), []string{"a", "b", "c"}},
		{"with gaps", entry("7", "b") + entry("2", "a") + entry("2000000000", "c"), []string{"a", "b", "c"}},
		{"larger than any word", entry(huge, "b") + entry("1", "a"), []string{"a", "b"}},
		{"from zero", entry("0", "a") + entry("1", "b"), []string{"a", "b"}},
		{"torn apart", "&DeleteMessageBatchRequestEntry.1.ReceiptHandle=h" + entry("2", "b") + entry("1", "a"), []string{"a", "b"}},
		{"twice the same", entry("1", "x") + entry("1", "a"), []string{"a"}},
		{"none, for a list of one", "&DeleteMessageBatchRequestEntry.Id=a", []string{"a"}},
		{"of another list", entry("1", "a") + "&DeleteMessageBatchRequestEntryX.2.Id=b&XDeleteMessageBatchRequestEntry.2.Id=c", []string{"a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b stub
			serve(New(&b, Options{}), formRequest("Action=DeleteMessageBatch"+c.parameters))
			in, _ := b.in.(backend.DeleteMessageBatchInput)
			var ids []string
			for _, e := range in.Entries {
				ids = append(ids, e.Id)
			}
			if diff := cmp.Diff(c.want, ids); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLastOfEqualParametersWinsAndTheBodyBeatsTheURL(t *testing.T) {
	var b stub
	r := formRequest("QueueName=c&QueueName=d")
	r.URL.RawQuery = "Action=CreateQueue&QueueName=a&QueueName=b"
	serve(New(&b, Options{}), r)
	if diff := cmp.Diff(backend.CreateQueueInput{QueueName: "d"}, b.in); diff != "" {
		t.Error(diff)
	}
}

// A request to a queue's own path is about that queue, unless it names another
// (11.4).
func TestQueuePath(t *testing.T) {
	for _, c := range []struct{ path, parameters, want string }{
		{"/000000000000/orders", "", "http://localhost:9324/000000000000/orders"},
		{"/000000000000/orders/", "", "http://localhost:9324/000000000000/orders/"},
		{"/000000000000/orders", "&QueueUrl=http%3A%2F%2Fx%2F1%2Fother", "http://x/1/other"},
		{"/000000000000/orders", "&QueueUrl=", "http://localhost:9324/000000000000/orders"},
		{"/000000000000/pay.fifo", "", "http://localhost:9324/000000000000/pay.fifo"},
		{"/", "", ""},
		{"//", "", ""},
	} {
		var b stub
		r := formRequest("Action=PurgeQueue" + c.parameters)
		r.URL.Path = c.path
		serve(New(&b, Options{}), r)
		if diff := cmp.Diff(backend.PurgeQueueInput{QueueUrl: c.want}, b.in); diff != "" {
			t.Errorf("%s%s: %s", c.path, c.parameters, diff)
		}
	}
}

func TestActionsOfAQueuePath(t *testing.T) {
	for _, c := range []struct {
		path, action string
		valid        bool
	}{
		{"/000000000000/orders", "CreateQueue", false},
		{"/000000000000/orders", "ListQueues", false},
		{"/000000000000/orders", "FooBar", false},
		{"/000000000000/orders", "GetQueueUrl", true},
		{"/000000000000/orders", "SendMessage", true},
		{"/", "CreateQueue", true},
		{"/", "ListQueues", true},
		{"/", "FooBar", false},
		{"/", "sendmessage", false},
	} {
		r := formRequest("QueueName=q&Action=" + c.action)
		r.URL.Path = c.path
		w := serve(New(&stub{}, Options{}), r)
		if c.valid {
			if w.Code != 200 {
				t.Errorf("%s on %s: %d %s", c.action, c.path, w.Code, w.Body)
			}
			continue
		}
		wantXMLError(t, w, 400, "Sender", "InvalidAction", "The action "+c.action+" is not valid for this endpoint.")
	}
}

// wantXMLError checks all of an error's answer but its request id (11.4).
func wantXMLError(t *testing.T, w *httptest.ResponseRecorder, status int, fault, code, message string) {
	t.Helper()
	var escaped strings.Builder
	if err := xml.EscapeText(&escaped, []byte(message)); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>%s</Type>`+
		`<Code>%s</Code><Message>%s</Message><Detail/></Error><RequestId>%s</RequestId></ErrorResponse>`,
		fault, code, strings.ReplaceAll(strings.ReplaceAll(escaped.String(), "&#39;", "'"), "&#34;", "&quot;"), w.Header().Get("x-amzn-RequestId"))
	if diff := cmp.Diff(want, w.Body.String()); diff != "" || w.Code != status || w.Header().Get("Content-Type") != "text/xml" ||
		len(w.Header().Get("x-amzn-RequestId")) != 36 {
		t.Errorf("status %d, want %d; headers %v; answer (-want +got)\n%s", w.Code, status, w.Header(), diff)
	}
}

// Every answer, byte for byte: the order of the elements, what is left out, no
// Result where there is nothing to say (11.4).
func TestAnswerInXML(t *testing.T) {
	started := time.UnixMilli(1763794991123)
	for _, c := range []struct {
		action string
		out    any
		want   string // between the outermost tags
	}{
		{"DeleteQueue", nil, ""},
		{"CancelMessageMoveTask", backend.CancelMessageMoveTaskOutput{ApproximateNumberOfMessagesMoved: 2}, `<ApproximateNumberOfMessagesMoved>2</ApproximateNumberOfMessagesMoved>`},
		{"CreateQueue", backend.CreateQueueOutput{QueueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/a"}, `<QueueUrl>http://localhost:9324/123456789012/a</QueueUrl>`},
		{"GetQueueUrl", backend.GetQueueUrlOutput{QueueUrl: q}, `<QueueUrl>` + q + `</QueueUrl>`},
		{"ListQueues", backend.ListQueuesOutput{}, `/`},
		{
			"ListQueues",
			backend.ListQueuesOutput{QueueUrls: []string{"http://x/1/a", "http://x/1/b"}, NextToken: "t"},
			`<QueueUrl>http://localhost:9324/1/a</QueueUrl><QueueUrl>http://localhost:9324/1/b</QueueUrl><NextToken>t</NextToken>`,
		},
		{"ListDeadLetterSourceQueues", backend.ListQueuesOutput{QueueUrls: []string{"http://x/1/a"}}, `<QueueUrl>http://localhost:9324/1/a</QueueUrl>`},
		{"GetQueueAttributes", backend.GetQueueAttributesOutput{}, `/`},
		{
			"GetQueueAttributes",
			backend.GetQueueAttributesOutput{Attributes: map[string]string{"VisibilityTimeout": "30", "Policy": `{"a":1}`}},
			`<Attribute><Name>Policy</Name><Value>{&quot;a&quot;:1}</Value></Attribute><Attribute><Name>VisibilityTimeout</Name><Value>30</Value></Attribute>`,
		},
		{"ListQueueTags", backend.ListQueueTagsOutput{Tags: map[string]string{"k": ""}}, `<Tag><Key>k</Key><Value></Value></Tag>`},
		{
			"SendMessage",
			backend.SendMessageOutput{MessageId: "id", MD5OfMessageBody: "b", MD5OfMessageAttributes: "a", MD5OfMessageSystemAttributes: "s", SequenceNumber: "1"},
			`<MessageId>id</MessageId><MD5OfMessageBody>b</MD5OfMessageBody><MD5OfMessageAttributes>a</MD5OfMessageAttributes>` +
				`<MD5OfMessageSystemAttributes>s</MD5OfMessageSystemAttributes><SequenceNumber>1</SequenceNumber>`,
		},
		{
			"SendMessageBatch",
			backend.SendMessageBatchOutput{
				Successful: []backend.SendMessageBatchResult{{Id: "2", SendMessageOutput: backend.SendMessageOutput{MessageId: "id", MD5OfMessageBody: "b"}}},
				Failed:     []backend.BatchError{{Id: "1", Code: "InvalidParameterValue", Message: "no", SenderFault: true}},
			},
			`<SendMessageBatchResultEntry><Id>2</Id><MessageId>id</MessageId><MD5OfMessageBody>b</MD5OfMessageBody></SendMessageBatchResultEntry>` +
				`<BatchResultErrorEntry><Id>1</Id><SenderFault>true</SenderFault><Code>InvalidParameterValue</Code><Message>no</Message></BatchResultErrorEntry>`,
		},
		{
			"DeleteMessageBatch",
			backend.BatchOutput{Successful: []string{"1", "2"}},
			`<DeleteMessageBatchResultEntry><Id>1</Id></DeleteMessageBatchResultEntry><DeleteMessageBatchResultEntry><Id>2</Id></DeleteMessageBatchResultEntry>`,
		},
		{
			"ChangeMessageVisibilityBatch",
			backend.BatchOutput{Successful: []string{"1"}},
			`<ChangeMessageVisibilityBatchResultEntry><Id>1</Id></ChangeMessageVisibilityBatchResultEntry>`,
		},
		{"ReceiveMessage", backend.ReceiveMessageOutput{}, `/`},
		{
			"ReceiveMessage",
			backend.ReceiveMessageOutput{Messages: []backend.Message{{
				MessageId: "id", ReceiptHandle: "AQEB+/=", MD5OfBody: "b", Body: "a <b> & ]]> \"c\"\r\n\t\u0085😀\uffff\x01", MD5OfMessageAttributes: "m",
				Attributes: map[string]string{"SentTimestamp": "1763794991000", "ApproximateReceiveCount": "1"},
				MessageAttributes: map[string]backend.MessageAttribute{
					"k": {DataType: "Number.int", StringValue: some("1")}, "b": {DataType: "Binary", BinaryValue: []byte{0, 255}},
				},
			}}},
			`<Message><MessageId>id</MessageId><ReceiptHandle>AQEB+/=</ReceiptHandle><MD5OfBody>b</MD5OfBody>` +
				"<Body>a &lt;b&gt; &amp; ]]&gt; &quot;c&quot;&#xD;\n\t\u0085😀\ufffd\ufffd</Body>" +
				`<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute><Attribute><Name>SentTimestamp</Name><Value>1763794991000</Value></Attribute>` +
				`<MD5OfMessageAttributes>m</MD5OfMessageAttributes>` +
				`<MessageAttribute><Name>b</Name><Value><BinaryValue>AP8=</BinaryValue><DataType>Binary</DataType></Value></MessageAttribute>` +
				`<MessageAttribute><Name>k</Name><Value><StringValue>1</StringValue><DataType>Number.int</DataType></Value></MessageAttribute></Message>`,
		},
		{"StartMessageMoveTask", backend.StartMessageMoveTaskOutput{TaskHandle: "h"}, `<TaskHandle>h</TaskHandle>`},
		{
			"ListMessageMoveTasks",
			backend.ListMessageMoveTasksOutput{Results: []backend.MoveTask{
				{TaskHandle: "h", Status: backend.TaskRunning, SourceArn: "s", DestinationArn: "d", MaxNumberOfMessagesPerSecond: backend.Some(1), ApproximateNumberOfMessagesToMove: 10, Started: started},
				{Status: backend.TaskFailed, SourceArn: "s", ApproximateNumberOfMessagesMoved: 3, FailureReason: "r", Started: started},
			}},
			`<ListMessageMoveTasksResultEntry><TaskHandle>h</TaskHandle><Status>RUNNING</Status><SourceArn>s</SourceArn><DestinationArn>d</DestinationArn>` +
				`<MaxNumberOfMessagesPerSecond>1</MaxNumberOfMessagesPerSecond><ApproximateNumberOfMessagesMoved>0</ApproximateNumberOfMessagesMoved>` +
				`<ApproximateNumberOfMessagesToMove>10</ApproximateNumberOfMessagesToMove><StartedTimestamp>1763794991123</StartedTimestamp></ListMessageMoveTasksResultEntry>` +
				`<ListMessageMoveTasksResultEntry><Status>FAILED</Status><SourceArn>s</SourceArn><ApproximateNumberOfMessagesMoved>3</ApproximateNumberOfMessagesMoved>` +
				`<ApproximateNumberOfMessagesToMove>0</ApproximateNumberOfMessagesToMove><FailureReason>r</FailureReason><StartedTimestamp>1763794991123</StartedTimestamp></ListMessageMoveTasksResultEntry>`,
		},
	} {
		t.Run(c.action, func(t *testing.T) {
			w := serve(New(&stub{out: c.out}, Options{}), formRequest("QueueName=q&Action="+c.action))
			result := ""
			switch c.want {
			case "":
			case "/":
				result = "<" + c.action + "Result/>"
			default:
				result = "<" + c.action + "Result>" + c.want + "</" + c.action + "Result>"
			}
			want := `<?xml version="1.0"?><` + c.action + `Response xmlns="http://queue.amazonaws.com/doc/2012-11-05/">` + result +
				`<ResponseMetadata><RequestId>` + w.Header().Get("x-amzn-RequestId") + `</RequestId></ResponseMetadata></` + c.action + `Response>`
			if diff := cmp.Diff(want, w.Body.String()); w.Code != 200 || diff != "" {
				t.Errorf("status %d, answer (-want +got)\n%s", w.Code, diff)
			}
			if w.Header().Get("Content-Type") != "text/xml" || len(w.Header().Get("x-amzn-RequestId")) != 36 {
				t.Errorf("headers %v", w.Header())
			}
		})
	}
}

// A GET can ask for JSON (11.1); a POST gets XML whatever it accepts.
func TestJSONRendering(t *testing.T) {
	get := func(parameters string) *http.Request {
		r := httptest.NewRequest(http.MethodGet, "http://localhost:9324/?"+parameters, nil)
		r.Header.Set("Accept", "application/json")
		return r
	}
	for _, c := range []struct {
		name, parameters string
		b                stub
		want             string
	}{
		{
			"a list", "Action=ListQueues",
			stub{out: backend.ListQueuesOutput{QueueUrls: []string{"http://x/1/a"}}},
			`{"ListQueuesResponse":{"ListQueuesResult":{"queueUrls":["http://localhost:9324/1/a"]},"ResponseMetadata":{"RequestId":"ID"}}}`,
		},
		{
			"messages", "Action=ReceiveMessage",
			stub{out: backend.ReceiveMessageOutput{Messages: []backend.Message{{MessageId: "m"}}}},
			`{"ReceiveMessageResponse":{"ReceiveMessageResult":{"messages":[{"MessageId":"m"}]},"ResponseMetadata":{"RequestId":"ID"}}}`,
		},
		{"nothing", "Action=PurgeQueue", stub{}, `{"PurgeQueueResponse":{"ResponseMetadata":{"RequestId":"ID"}}}`},
		{
			"an error", "Action=PurgeQueue",
			stub{err: backend.ErrorOf(backend.ErrQueueDoesNotExist, "The specified queue does not exist.")},
			`{"Error":{"Type":"Sender","Code":"AWS.SimpleQueueService.NonExistentQueue","Message":"The specified queue does not exist for this wsdl version."},"RequestId":"ID"}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := serve(New(&c.b, Options{}), get(c.parameters))
			want := strings.ReplaceAll(c.want, "ID", w.Header().Get("x-amzn-RequestId"))
			if diff := cmp.Diff(want, w.Body.String()); diff != "" || w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("%v\n%s", w.Header(), diff)
			}
		})
	}
	s := New(&stub{}, Options{})
	serve(s, get("Action=ListQueues"))
	if w := serve(s, jsonRequest("ListQueues", "{}")); !json.Valid(w.Body.Bytes()) || w.Body.String() != "{}" {
		t.Errorf("the JSON protocol's own answer after it: %s", w.Body)
	}
	post := formRequest("Action=ListQueues")
	post.Header.Set("Accept", "application/json")
	if w := serve(s, post); w.Header().Get("Content-Type") != "text/xml" {
		t.Errorf("a POST is answered in %s", w.Header().Get("Content-Type"))
	}
}
