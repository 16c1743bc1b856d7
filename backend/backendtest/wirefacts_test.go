package backendtest

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/endpoint"
)

// What was recorded of bytes that no client shows: requests are written by hand
// and answers are looked at as they are, with the engine behind the endpoint.

// wireDesk is a desk with the endpoint before its engine.
type wireDesk struct {
	*desk
	handler http.Handler
}

func onTheWire(t *testing.T, test func(d wireDesk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e := engine(t)
		d := &desk{T: t, h: Harness{Stack: e.Stack(), Advance: time.Sleep}, sqs: e}
		test(wireDesk{d, endpoint.New(e, endpoint.Options{})})
	})
}

// json asks in AWS JSON 1.0; headers are name, value, name, value.
func (d wireDesk) json(action, body string, headers ...string) *httptest.ResponseRecorder {
	return d.jsonAt("/", action, body, headers...)
}

func (d wireDesk) jsonAt(path, action, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://localhost:9324"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "AmazonSQS."+action)
	return d.do(r, headers)
}

// query asks in the Query protocol, with a POST to a path.
func (d wireDesk) query(path, parameters string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://localhost:9324"+path, strings.NewReader(parameters))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return d.do(r, headers)
}

func (d wireDesk) do(r *http.Request, headers []string) *httptest.ResponseRecorder {
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w
}

var xmlSuccess = regexp.MustCompile(`^<\?xml version="1\.0"\?><(\w+)Response xmlns="http://queue\.amazonaws\.com/doc/2012-11-05/">` +
	`(.*)<ResponseMetadata><RequestId>[0-9a-f-]{36}</RequestId></ResponseMetadata></\w+Response>$`)

// What is empty is not there, in both protocols, and an action that has nothing
// to say answers an empty object, or no result at all.
func TestEmptyAnswersOnTheWire(t *testing.T) { // 1.0, 11.4
	for _, c := range []struct {
		action, input, form string
		void                bool
	}{
		{"ListQueues", `{"QueueNamePrefix":"none"}`, "QueueNamePrefix=none", false},
		{"ListDeadLetterSourceQueues", `{"QueueUrl":"orders"}`, "QueueUrl=orders", false},
		{"ListQueueTags", `{"QueueUrl":"orders"}`, "QueueUrl=orders", false},
		{"ListMessageMoveTasks", `{"SourceArn":"<arn>"}`, "SourceArn=<arn>", false},
		{"GetQueueAttributes", `{"QueueUrl":"orders"}`, "QueueUrl=orders", false},
		{"GetQueueAttributes", `{"QueueUrl":"orders","AttributeNames":["Policy"]}`, "QueueUrl=orders&AttributeName.1=Policy", false},
		{"ReceiveMessage", `{"QueueUrl":"orders"}`, "QueueUrl=orders", false},
		{
			"AddPermission", `{"QueueUrl":"orders","Label":"l","AWSAccountIds":["111111111111"],"Actions":["SendMessage"]}`,
			"QueueUrl=orders&Label=l&AWSAccountId.1=111111111111&ActionName.1=SendMessage", true,
		},
		{"RemovePermission", `{"QueueUrl":"orders","Label":"l"}`, "QueueUrl=orders&Label=l", true},
		{"SetQueueAttributes", `{"QueueUrl":"orders","Attributes":{"DelaySeconds":"0"}}`, "QueueUrl=orders&Attribute.1.Name=DelaySeconds&Attribute.1.Value=0", true},
		{"TagQueue", `{"QueueUrl":"orders","Tags":{"a":"b"}}`, "QueueUrl=orders&Tag.1.Key=a&Tag.1.Value=b", true},
		{"UntagQueue", `{"QueueUrl":"orders","TagKeys":["a"]}`, "QueueUrl=orders&TagKey.1=a", true},
		{
			"ChangeMessageVisibility", `{"QueueUrl":"orders","ReceiptHandle":"<handle>","VisibilityTimeout":5}`,
			"QueueUrl=orders&ReceiptHandle=<handle>&VisibilityTimeout=5", true,
		},
		{"DeleteMessage", `{"QueueUrl":"orders","ReceiptHandle":"<handle>"}`, "QueueUrl=orders&ReceiptHandle=<handle>", true},
		{"PurgeQueue", `{"QueueUrl":"orders"}`, "QueueUrl=orders", true},
		{"DeleteQueue", `{"QueueUrl":"orders"}`, "QueueUrl=orders", true},
	} {
		t.Run(c.action, func(t *testing.T) {
			for _, protocol := range []string{"json", "query"} {
				onTheWire(t, func(d wireDesk) {
					q := d.queue("orders")
					d.send(q, "x")
					handle := d.one(q).ReceiptHandle
					if c.action == "RemovePermission" {
						d.must(d.sqs.AddPermission(d.Context(), backend.AddPermissionInput{
							QueueUrl: q, Label: "l", AWSAccountIds: []string{"111111111111"}, Actions: []string{"SendMessage"},
						}))
					}
					if protocol == "json" {
						w := d.json(c.action, strings.NewReplacer("<arn>", d.arn(q), "<handle>", handle).Replace(c.input))
						d.equal("answer", []any{w.Code, w.Body.String()}, []any{200, "{}"})
						return
					}
					form := strings.NewReplacer("<arn>", d.arn(q), "<handle>", url.QueryEscape(handle)).Replace(c.form)
					w := d.query("/", "Action="+c.action+"&"+form)
					result := "<" + c.action + "Result/>"
					if c.void {
						result = ""
					}
					got := xmlSuccess.FindStringSubmatch(w.Body.String())
					if w.Code != 200 || got == nil || got[1] != c.action || got[2] != result {
						d.Errorf("%d %s", w.Code, w.Body)
					}
				})
			}
		})
	}
}

// The queue is looked for before it is seen that the body is missing.
func TestTheQueueOfThePathIsLookedForFirst(t *testing.T) { // 1.0
	onTheWire(t, func(d wireDesk) {
		d.queue("orders")
		for path, code := range map[string]string{
			"/" + Account + "/orders": "MissingParameter", "/" + Account + "/none": "AWS.SimpleQueueService.NonExistentQueue",
		} {
			if w := d.query(path, "Action=SendMessage"); w.Code != 400 || !strings.Contains(w.Body.String(), "<Code>"+code+"</Code>") {
				d.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
	})
}

func TestAQueueIsDeletedByAGET(t *testing.T) { // 1.2
	onTheWire(t, func(d wireDesk) {
		d.queue("orders")
		w := d.do(httptest.NewRequest(http.MethodGet, "http://localhost:9324/"+Account+"/orders?Action=DeleteQueue", http.NoBody), nil)
		_, err := d.sqs.GetQueueUrl(d.Context(), backend.GetQueueUrlInput{QueueName: "orders"})
		if w.Code != 200 || backend.KindOf(err) != backend.KindNotFound {
			d.Errorf("%d %s, and then %v", w.Code, w.Body, err)
		}
	})
}

func TestAQueuesPathTellsTheURLOfAnother(t *testing.T) { // 1.3
	onTheWire(t, func(d wireDesk) {
		d.queue("orders")
		d.queue("others")
		for _, path := range []string{"/", "/" + Account + "/orders", "/" + Account + "/none"} {
			w := d.query(path, "Action=GetQueueUrl&QueueName=others")
			if want := "<QueueUrl>http://localhost:9324/" + Account + "/others</QueueUrl>"; !strings.Contains(w.Body.String(), want) {
				d.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
	})
}

// JSON may be posted to any path; which queue is meant stands in the body.
func TestTheQueueInTheBodyWins(t *testing.T) { // 11.2
	onTheWire(t, func(d wireDesk) {
		orders, others := d.queue("orders"), d.queue("others")
		w := d.jsonAt("/"+Account+"/orders", "SendMessage", `{"QueueUrl":"`+others+`","MessageBody":"x"}`)
		d.equal("status", w.Code, 200)
		d.counts(orders, 0, 0, 0)
		d.counts(others, 1, 0, 0)
	})
}

// The request's X-Amzn-Trace-Id goes with the message, unless it has a header
// of its own.
func TestTheTraceHeaderOfTheRequestGoesWithTheMessage(t *testing.T) { // 1.11
	const own = `"MessageSystemAttributes":{"AWSTraceHeader":{"DataType":"String","StringValue":"Root=own"}}`
	const ownForm = "MessageSystemAttribute.1.Name=AWSTraceHeader&MessageSystemAttribute.1.Value.DataType=String" +
		"&MessageSystemAttribute.1.Value.StringValue=Root%3Down"
	onTheWire(t, func(d wireDesk) {
		q := d.queue("orders")
		for _, c := range []struct {
			send func() *httptest.ResponseRecorder
			want string
		}{
			{func() *httptest.ResponseRecorder {
				return d.json("SendMessage", `{"QueueUrl":"orders","MessageBody":"x"}`, "X-Amzn-Trace-Id", "Root=1")
			}, "Root=1"},
			{func() *httptest.ResponseRecorder {
				return d.json("SendMessage", `{"QueueUrl":"orders","MessageBody":"x",`+own+`}`, "X-Amzn-Trace-Id", "Root=1")
			}, "Root=own"},
			{func() *httptest.ResponseRecorder {
				return d.query("/", "Action=SendMessage&QueueUrl=orders&MessageBody=x", "X-Amzn-Trace-Id", "Root=1")
			}, "Root=1"},
			{func() *httptest.ResponseRecorder {
				return d.query("/", "Action=SendMessage&QueueUrl=orders&MessageBody=x&"+ownForm, "X-Amzn-Trace-Id", "Root=1")
			}, "Root=own"},
		} {
			if w := c.send(); w.Code != 200 || strings.Contains(w.Body.String(), "MD5OfMessageSystemAttributes") != (c.want == "Root=own") {
				d.Errorf("%d %s", w.Code, w.Body)
			}
			d.equal("trace header", d.one(q).Attributes["AWSTraceHeader"], c.want)
		}
	})
}

// Both lists of names of system attributes are one, and old clients know only
// one of them.
func TestBothListsOfAttributeNamesAreUnited(t *testing.T) { // 5.1
	onTheWire(t, func(d wireDesk) {
		d.send(d.queue("orders"), "x")
		for input, want := range map[string][]string{
			`"AttributeNames":["SenderId"]`: {"SenderId"},
			`"AttributeNames":["SenderId"],"MessageSystemAttributeNames":["SentTimestamp"]`: {"SenderId", "SentTimestamp"},
			`"AttributeNames":["SenderId"],"MessageSystemAttributeNames":["All"]`:           readVectors(d.T).AllSystem.Standard,
			`"AttributeNames":["Nope"]`: nil,
		} {
			w := d.json("ReceiveMessage", `{"QueueUrl":"orders","VisibilityTimeout":0,`+input+`}`)
			var got struct {
				Messages []struct{ Attributes map[string]string }
			}
			d.must(json.Unmarshal(w.Body.Bytes(), &got))
			if len(got.Messages) != 1 {
				d.Fatalf("%s: %s", input, w.Body)
			}
			d.equal(input, slices.Sorted(maps.Keys(got.Messages[0].Attributes)), want)
		}
		w := d.query("/", "Action=ReceiveMessage&QueueUrl=orders&AttributeName.1=SenderId")
		if names := regexp.MustCompile(`<Attribute><Name>(\w+)`).FindAllStringSubmatch(w.Body.String(), -1); len(names) != 1 || names[0][1] != "SenderId" {
			d.Errorf("%s", w.Body)
		}
	})
}

// Numbers, booleans and times among attributes travel as strings; a move task's
// time is the one that is a number. Queues count seconds, the rest milliseconds.
func TestAttributesAreStringsOnTheWire(t *testing.T) { // 0.3, 5.1, 14.4
	units := map[string]time.Duration{
		"CreatedTimestamp": time.Second, "LastModifiedTimestamp": time.Second,
		"SentTimestamp": time.Millisecond, "ApproximateFirstReceiveTimestamp": time.Millisecond,
	}
	onTheWire(t, func(d wireDesk) {
		q := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		d.send(q, "x", group("g"))
		for action, input := range map[string]string{
			"GetQueueAttributes": `{"QueueUrl":"orders.fifo","AttributeNames":["All"]}`,
			"ReceiveMessage":     `{"QueueUrl":"orders.fifo","AttributeNames":["All"]}`,
		} {
			w := d.json(action, input)
			var got struct {
				Attributes map[string]any
				Messages   []struct{ Attributes map[string]any }
			}
			d.must(json.Unmarshal(w.Body.Bytes(), &got))
			attributes := got.Attributes
			if len(got.Messages) > 0 {
				attributes = got.Messages[0].Attributes
			}
			for name, value := range attributes {
				s, ok := value.(string)
				if !ok {
					d.Errorf("%s: %s is %v", action, name, value)
				}
				unit, isTime := units[name]
				if n, err := strconv.ParseInt(s, 10, 64); isTime && (err != nil || n != time.Now().UnixNano()/int64(unit)) {
					d.Errorf("%s: %s is %s", action, name, s)
				}
			}
			if len(attributes) < 7 {
				d.Errorf("%s: %s", action, w.Body)
			}
		}
	})
}

// The members of a task, running and failed.
func TestMoveTasksOnTheWire(t *testing.T) { // 7.3, 7.4
	list := func(d wireDesk, dlq string) map[string]any {
		d.Helper()
		w := d.json("ListMessageMoveTasks", `{"SourceArn":"`+d.arn(dlq)+`"}`)
		var got struct{ Results []map[string]any }
		d.must(json.Unmarshal(w.Body.Bytes(), &got))
		if len(got.Results) != 1 {
			d.Fatalf("%s", w.Body)
		}
		started, ok := got.Results[0]["StartedTimestamp"].(float64)
		if now := float64(time.Now().UnixMilli()); !ok || started > now || started < now-60_000 {
			d.Errorf("started at %v", got.Results[0]["StartedTimestamp"])
		}
		return got.Results[0]
	}
	for _, given := range []bool{true, false} {
		onTheWire(t, func(d wireDesk) {
			v := readVectors(d.T).TaskList
			d.equal("what is recorded of others", v.Finished, []string{"same without TaskHandle", "FailureReason if FAILED"})
			var want []string
			for _, name := range v.Running {
				if name, optional := strings.CutSuffix(name, "?"); given || !optional {
					want = append(want, name)
				}
			}
			source, dlq := d.deadLetters(10)
			in := backend.StartMessageMoveTaskInput{SourceArn: d.arn(dlq)}
			if given {
				in.DestinationArn, in.MaxNumberOfMessagesPerSecond = d.arn(source), backend.Some(1)
			}
			d.start(in)
			d.equal("running", slices.Sorted(maps.Keys(list(d, dlq))), want)
			d.must(d.sqs.DeleteQueue(d.Context(), backend.DeleteQueueInput{QueueUrl: source}))
			d.later(5)
			want = slices.Sorted(slices.Values(append(slices.DeleteFunc(want, func(name string) bool { return name == "TaskHandle" }), "FailureReason")))
			failed := list(d, dlq)
			d.equal("failed", slices.Sorted(maps.Keys(failed)), want)
			d.equal("reason", failed["FailureReason"], any(v.Destination))
		})
	}
}

// refusingAll is a backend that answers one action with an error.
type refusingAll struct {
	backend.SQS
	err error
}

func (r refusingAll) ListQueues(context.Context, backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	return backend.ListQueuesOutput{}, r.err
}

// Every row of the table of errors: its name, its old code and its status.
func TestEveryShapeOnTheWire(t *testing.T) { // 14.1, 11.3, 11.4, 12.1
	for _, s := range readVectors(t).Shapes {
		d := wireDesk{&desk{T: t}, endpoint.New(refusingAll{err: backend.ErrorOf(s.Shape, "text")}, endpoint.Options{})}
		prefix := map[bool]string{true: "com.amazonaws.sqs#", false: "com.amazon.coral.service#"}[s.Modelled]
		w := d.json("ListQueues", "{}")
		d.equal(s.Shape, []any{w.Code, w.Header().Get("x-amzn-query-error"), w.Body.String()},
			[]any{s.Status, s.Code + ";Sender", `{"__type":"` + prefix + s.Shape + `","message":"text"}`})
		w = d.query("/", "Action=ListQueues")
		if want := "<Error><Type>Sender</Type><Code>" + s.Code + "</Code><Message>text</Message><Detail/></Error>"; w.Code != s.Status ||
			!strings.Contains(w.Body.String(), want) {
			d.Errorf("%s: %d %s", s.Shape, w.Code, w.Body)
		}
	}
}

func TestTheRecordedErrorOnTheWire(t *testing.T) { // 11.3
	onTheWire(t, func(d wireDesk) {
		want := readVectors(d.T).ErrorExample
		w := d.json("GetQueueUrl", `{"QueueName":"none"}`)
		var body map[string]string
		d.must(json.Unmarshal(w.Body.Bytes(), &body))
		d.equal("status and body", []any{w.Code, body}, []any{want.Status, want.Body})
		for name, value := range want.Headers {
			d.equal(name, w.Header().Get(name), value)
		}
		if len(w.Header().Get("x-amzn-RequestId")) != 36 {
			d.Errorf("headers %v", w.Header())
		}
	})
}
