package backendtest

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// desk is what a test works at: short words for what SQS says at length. What a
// test takes for granted ends it when it does not hold.
type desk struct {
	*testing.T
	h   Harness
	sqs backend.SQS
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// fails wants an error with all that SQS says with it.
func (d *desk) fails(err error, shape, message string) {
	d.Helper()
	if err == nil {
		d.Fatalf("no error, want %s: %s", shape, message)
	}
	message = d.h.words(message)
	want := backend.ErrorOf(shape, "%s", message)
	got := backend.AsError(err)
	if got.Shape != want.Shape || got.Code != want.Code || got.Status != want.Status || got.Kind != want.Kind || got.Message != message {
		d.Errorf("got %s %s %d %v: %s\nwant %s %s %d %v: %s", got.Shape, got.Code, got.Status, got.Kind, got.Message,
			want.Shape, want.Code, want.Status, want.Kind, message)
	}
}

func (d *desk) equal(what string, got, want any) {
	d.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		d.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

// later lets time pass.
func (d *desk) later(seconds float64) {
	d.h.Advance(time.Duration(seconds * float64(time.Second)))
}

// queue makes a queue with attributes given as name, value, name, value, and
// returns its URL.
func (d *desk) queue(name string, attributes ...string) string {
	d.Helper()
	in := backend.CreateQueueInput{QueueName: name, Attributes: pairs(attributes)}
	if strings.HasSuffix(name, ".fifo") {
		in.Attributes["FifoQueue"] = "true"
	}
	out, err := d.sqs.CreateQueue(d.Context(), in)
	d.must(err)
	return out.QueueUrl
}

func pairs(s []string) map[string]string {
	m := map[string]string{}
	for i := 0; i < len(s); i += 2 {
		m[s[i]] = s[i+1]
	}
	return m
}

func (d *desk) set(url string, attributes ...string) {
	d.Helper()
	d.must(d.sqs.SetQueueAttributes(d.Context(), backend.SetQueueAttributesInput{QueueUrl: url, Attributes: pairs(attributes)}))
}

// attributes reads attributes of a queue, all if none is named.
func (d *desk) attributes(url string, names ...string) map[string]string {
	d.Helper()
	if len(names) == 0 {
		names = []string{"All"}
	}
	out, err := d.sqs.GetQueueAttributes(d.Context(), backend.GetQueueAttributesInput{QueueUrl: url, AttributeNames: names})
	d.must(err)
	return out.Attributes
}

func (d *desk) arn(url string) string {
	d.Helper()
	return d.attributes(url, "QueueArn")["QueueArn"]
}

// redrive makes one queue the dead-letter queue of another.
func (d *desk) redrive(url, dlq string, maxReceiveCount int) {
	d.Helper()
	d.set(url, "RedrivePolicy", redrivePolicy(d.arn(dlq), maxReceiveCount))
}

func redrivePolicy(arn string, maxReceiveCount int) string {
	return `{"deadLetterTargetArn":"` + arn + `","maxReceiveCount":` + strconv.Itoa(maxReceiveCount) + `}`
}

// counts wants so many messages visible, in flight and delayed (14.4 no. 1).
func (d *desk) counts(url string, visible, inFlight, delayed int) {
	d.Helper()
	d.equal("visible, in flight, delayed", d.attributes(url, backend.AttrMessages, backend.AttrMessagesNotVisible, backend.AttrMessagesDelayed),
		map[string]string{
			backend.AttrMessages:           strconv.Itoa(visible),
			backend.AttrMessagesNotVisible: strconv.Itoa(inFlight),
			backend.AttrMessagesDelayed:    strconv.Itoa(delayed),
		})
}

// Ways to change a send or a receive from the usual.
type (
	sending   func(*backend.SendMessageInput)
	receiving func(*backend.ReceiveMessageInput)
)

func group(g string) sending {
	return func(in *backend.SendMessageInput) { in.MessageGroupId = backend.Some(g) }
}

func dedup(id string) sending {
	return func(in *backend.SendMessageInput) { in.MessageDeduplicationId = backend.Some(id) }
}

func delay(seconds int) sending {
	return func(in *backend.SendMessageInput) { in.DelaySeconds = backend.Some(seconds) }
}

func with(attributes map[string]backend.MessageAttribute) sending {
	return func(in *backend.SendMessageInput) { in.MessageAttributes = attributes }
}

// traced gives the message an X-Ray header.
func traced(header string) sending {
	return func(in *backend.SendMessageInput) {
		in.MessageSystemAttributes = map[string]backend.MessageAttribute{
			backend.SysAWSTraceHeader: {DataType: "String", StringValue: backend.Some(header)},
		}
	}
}

// upTo asks for that many messages instead of ten.
func upTo(n int) receiving {
	return func(in *backend.ReceiveMessageInput) { in.MaxNumberOfMessages = backend.Some(n) }
}

func hidden(seconds int) receiving {
	return func(in *backend.ReceiveMessageInput) { in.VisibilityTimeout = backend.Some(seconds) }
}

func wait(seconds int) receiving {
	return func(in *backend.ReceiveMessageInput) { in.WaitTimeSeconds = backend.Some(seconds) }
}

func filter(names ...string) receiving {
	return func(in *backend.ReceiveMessageInput) { in.MessageAttributeNames = names }
}

func system(names ...string) receiving {
	return func(in *backend.ReceiveMessageInput) { in.MessageSystemAttributeNames = names }
}

func (d *desk) send(url, body string, how ...sending) backend.SendMessageOutput {
	d.Helper()
	in := backend.SendMessageInput{QueueUrl: url, MessageBody: body}
	for _, h := range how {
		h(&in)
	}
	out, err := d.sqs.SendMessage(d.Context(), in)
	d.must(err)
	return out
}

// receive receives up to ten messages with all of their attributes.
func (d *desk) receive(url string, how ...receiving) []backend.Message {
	d.Helper()
	out, err := d.sqs.ReceiveMessage(d.Context(), receiveInput(url, how))
	d.must(err)
	return out.Messages
}

func receiveInput(url string, how []receiving) backend.ReceiveMessageInput {
	in := backend.ReceiveMessageInput{
		QueueUrl: url, MaxNumberOfMessages: backend.Some(10),
		MessageSystemAttributeNames: []string{"All"}, MessageAttributeNames: []string{"All"},
	}
	for _, h := range how {
		h(&in)
	}
	return in
}

// one receives and wants one message.
func (d *desk) one(url string, how ...receiving) backend.Message {
	d.Helper()
	got := d.receive(url, how...)
	if len(got) != 1 {
		d.Fatalf("received %d messages %v, want one", len(got), bodies(got))
	}
	return got[0]
}

// gets receives and wants these bodies in this order.
func (d *desk) gets(url string, how receiving, want ...string) []backend.Message {
	d.Helper()
	got := d.receive(url, how)
	if diff := cmp.Diff(want, bodies(got)); diff != "" {
		d.Fatalf("received (-want +got)\n%s", diff)
	}
	return got
}

// getsAnyOrder is like gets for a standard queue, which promises no order.
func (d *desk) getsAnyOrder(url string, how receiving, want ...string) []backend.Message {
	d.Helper()
	got := d.receive(url, how)
	sorted := bodies(got)
	slices.Sort(sorted)
	slices.Sort(want)
	if diff := cmp.Diff(want, sorted); diff != "" {
		d.Fatalf("received in any order (-want +got)\n%s", diff)
	}
	return got
}

func bodies(messages []backend.Message) []string {
	var list []string
	for _, m := range messages {
		list = append(list, m.Body)
	}
	return list
}

func (d *desk) delete(url string, m backend.Message) {
	d.Helper()
	d.must(d.sqs.DeleteMessage(d.Context(), backend.DeleteMessageInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle}))
}

func (d *desk) visibility(url string, m backend.Message, seconds int) {
	d.Helper()
	d.must(d.changeVisibility(url, m.ReceiptHandle, seconds))
}

func (d *desk) changeVisibility(url, handle string, seconds int) error {
	return d.sqs.ChangeMessageVisibility(d.Context(), backend.ChangeMessageVisibilityInput{
		QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: backend.Some(seconds),
	})
}

// poll begins a long poll and returns when it waits. What it returns waits for
// the answer, and for how long the poll took.
func (d *desk) poll(url string, how ...receiving) (answer func() ([]backend.Message, time.Duration)) {
	type result struct {
		out  backend.ReceiveMessageOutput
		err  error
		took time.Duration
	}
	done := make(chan result, 1)
	start := time.Now()
	go func() {
		out, err := d.sqs.ReceiveMessage(d.Context(), receiveInput(url, append([]receiving{wait(20)}, how...)))
		done <- result{out, err, time.Since(start)}
	}()
	synctest.Wait()
	return func() ([]backend.Message, time.Duration) {
		d.Helper()
		r := <-done
		d.must(r.err)
		return r.out.Messages, r.took
	}
}
