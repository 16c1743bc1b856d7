package memory_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

func TestCreatingAQueueAgain(t *testing.T) { // 1.1, 14.4.6
	d := open(t)
	d.create("dlq")
	q := d.create("q", backend.AttrDelaySeconds, "5")
	d.set(q, backend.AttrVisibilityTimeout, "60")
	for _, tc := range []struct {
		attrs  []string
		differ string
	}{
		{nil, ""},
		{[]string{backend.AttrDelaySeconds, "5"}, ""},
		{[]string{backend.AttrVisibilityTimeout, "60"}, ""}, // as it is now
		{[]string{backend.AttrVisibilityTimeout, "30"}, backend.AttrVisibilityTimeout},
		{[]string{backend.AttrDelaySeconds, "0", backend.AttrVisibilityTimeout, "60"}, backend.AttrDelaySeconds},
		{[]string{backend.AttrRedrivePolicy, redrive("dlq", 5)}, backend.AttrRedrivePolicy},
	} {
		out, err := d.CreateQueue(d.ctx, backend.CreateQueueInput{QueueName: "q", Attributes: pairs(tc.attrs), Tags: map[string]string{"new": ""}})
		if tc.differ == "" {
			d.must(err)
			d.same(out.QueueUrl, q)
			continue
		}
		d.wantError(err, backend.ErrQueueNameExists,
			"A queue already exists with the same name and a different value for attribute "+tc.differ)
	}
	d.same(must[backend.ListQueueTagsOutput](d)(d.ListQueueTags(d.ctx, backend.ListQueueTagsInput{QueueUrl: q})).Tags, map[string]string(nil))
}

func TestANameRestsSixtySecondsAfterItsQueueWasDeleted(t *testing.T) { // 1.1
	d := open(t)
	q := d.create("q")
	d.send(q, "m")
	d.must(d.DeleteQueue(d.ctx, backend.DeleteQueueInput{QueueUrl: q}))
	d.wantError(d.DeleteQueue(d.ctx, backend.DeleteQueueInput{QueueUrl: q}), backend.ErrQueueDoesNotExist, "The specified queue does not exist.")
	d.pass(time.Minute - time.Nanosecond)
	_, err := d.CreateQueue(d.ctx, backend.CreateQueueInput{QueueName: "q"})
	d.wantError(err, backend.ErrQueueDeletedRecently, "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
	if next := backend.AsError(err).Next; next != "try again in 1s" {
		t.Errorf("says %q", next)
	}
	d.pass(time.Nanosecond)
	d.wantDepth(d.create("q"), depth{0, 0, 0})
}

func TestPurgingTakesEverythingOnceAMinute(t *testing.T) { // 1.9, 14.4.1
	d := open(t)
	q := d.create("my-queue")
	for range 3 {
		d.send(q, "m")
	}
	m := d.one(q)
	d.sendInput(backend.SendMessageInput{QueueUrl: q, MessageBody: "m", DelaySeconds: backend.Some(10)})
	d.wantDepth(q, depth{2, 1, 1})
	purge := func() error { return d.PurgeQueue(d.ctx, backend.PurgeQueueInput{QueueUrl: q}) }
	d.must(purge())
	d.wantDepth(q, depth{0, 0, 0})
	d.delete(q, m) // a handle of what was purged succeeds
	d.send(q, "after")
	d.pass(time.Minute - time.Nanosecond)
	d.wantError(purge(), backend.ErrPurgeQueueInProgress, "Only one PurgeQueue operation on my-queue is allowed every 60 seconds.")
	d.wantDepth(q, depth{1, 0, 0})
	d.pass(time.Nanosecond)
	d.must(purge())
	d.wantDepth(q, depth{0, 0, 0})
}

func TestWithoutCooldownNothingRests(t *testing.T) {
	d := openWith(t, optionsWithoutCooldown())
	for range 3 {
		q := d.create("q")
		d.must(d.PurgeQueue(d.ctx, backend.PurgeQueueInput{QueueUrl: q}))
		d.must(d.PurgeQueue(d.ctx, backend.PurgeQueueInput{QueueUrl: q}))
		d.must(d.DeleteQueue(d.ctx, backend.DeleteQueueInput{QueueUrl: q}))
	}
}

func TestAHandleOfAnOlderQueueOfTheSameNameIsForeign(t *testing.T) { // 5.4
	d := openWith(t, optionsWithoutCooldown())
	q := d.create("q")
	d.send(q, "m")
	m := d.one(q)
	d.must(d.DeleteQueue(d.ctx, backend.DeleteQueueInput{QueueUrl: q}))
	d.create("q")
	d.send(q, "other")
	if err := d.DeleteMessage(d.ctx, backend.DeleteMessageInput{QueueUrl: q, ReceiptHandle: m.ReceiptHandle}); backend.CodeOf(err) != "ReceiptHandleIsInvalid" {
		t.Errorf("got %v", err)
	}
}

func TestAQueueIsFoundByTheLastTwoSegmentsOfItsURL(t *testing.T) { // 1.0
	d := openWith(t, memory.Options{Account: "111111111111", BaseURL: "http://127.0.0.1:9324/"})
	q := d.create("q")
	d.same(q, "http://127.0.0.1:9324/111111111111/q")
	for url, found := range map[string]bool{
		q: true, "q": true, "https://queue.amazonaws.com/111111111111/q": true, "http://other/x/111111111111/q": true,
		"https://queue.amazonaws.com/222222222222/q": false, "http://whatever-incorrect.example": false, "Q": false, "://": false,
	} {
		_, err := d.SendMessage(d.ctx, backend.SendMessageInput{QueueUrl: url, MessageBody: "m"})
		if found {
			d.must(err)
			continue
		}
		d.wantError(err, backend.ErrQueueDoesNotExist, "The specified queue does not exist.")
	}
	_, err := d.SendMessage(d.ctx, backend.SendMessageInput{MessageBody: "m"})
	d.wantError(err, backend.ErrMissingParameter, "The request must contain the parameter QueueUrl.")
	_, err = d.GetQueueUrl(d.ctx, backend.GetQueueUrlInput{QueueName: "q", QueueOwnerAWSAccountId: "222222222222"})
	d.wantError(err, backend.ErrQueueDoesNotExist, "The specified queue does not exist or you do not have access to it.")
	d.same(must[backend.GetQueueUrlOutput](d)(d.GetQueueUrl(d.ctx, backend.GetQueueUrlInput{QueueName: "q"})).QueueUrl, q)
}

func TestListingQueues(t *testing.T) { // 1.4
	d := open(t)
	var urls []string
	for i := range 1001 {
		urls = append(urls, d.create(fmt.Sprintf("q%04d", i)))
	}
	d.create("other")
	list := func(in backend.ListQueuesInput) backend.ListQueuesOutput {
		t.Helper()
		return must[backend.ListQueuesOutput](d)(d.ListQueues(d.ctx, in))
	}
	if out := list(backend.ListQueuesInput{}); len(out.QueueUrls) != 1000 || out.NextToken != "" {
		t.Errorf("%d queues and token %q; without MaxResults there are 1,000 and none", len(out.QueueUrls), out.NextToken)
	}
	var got []string
	in := backend.ListQueuesInput{QueueNamePrefix: "q", MaxResults: backend.Some(400)}
	for pages := 1; ; pages++ {
		out := list(in)
		got = append(got, out.QueueUrls...)
		if in.NextToken = out.NextToken; in.NextToken == "" {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	d.same(got, urls)
	d.same(list(backend.ListQueuesInput{QueueNamePrefix: "q1"}).QueueUrls, urls[1000:])
	d.same(list(backend.ListQueuesInput{QueueNamePrefix: "Q"}), backend.ListQueuesOutput{})
	d.same(list(backend.ListQueuesInput{QueueNamePrefix: "q000", MaxResults: backend.Some(10)}).NextToken, "")
	for in, text := range map[*backend.ListQueuesInput]string{
		{MaxResults: backend.Some(1001)}:                     "Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.",
		{MaxResults: backend.Some(10), NextToken: "garbage"}: "Invalid or expired next token.",
	} {
		_, err := d.ListQueues(d.ctx, *in)
		d.wantError(err, backend.ErrInvalidParameterValue, text)
	}
}

func TestTheSourcesOfADeadLetterQueueAreThoseThatNameIt(t *testing.T) { // 1.5
	d := open(t)
	dlq := d.create("dlq", backend.AttrRedriveAllowPolicy, `{"redrivePermission":"byQueue","sourceQueueArns":["`+arn("a")+`","`+arn("b")+`","`+arn("never")+`"]}`)
	b := d.create("b", backend.AttrRedrivePolicy, redrive("dlq", 3))
	a := d.create("a", backend.AttrRedrivePolicy, redrive("dlq", 3))
	in := backend.ListDeadLetterSourceQueuesInput{QueueUrl: dlq, MaxResults: backend.Some(1)}
	first := must[backend.ListQueuesOutput](d)(d.ListDeadLetterSourceQueues(d.ctx, in))
	d.same(first.QueueUrls, []string{a})
	in.NextToken = first.NextToken
	d.same(must[backend.ListQueuesOutput](d)(d.ListDeadLetterSourceQueues(d.ctx, in)), backend.ListQueuesOutput{QueueUrls: []string{b}})
	in.QueueUrl, in.NextToken = a, ""
	d.same(must[backend.ListQueuesOutput](d)(d.ListDeadLetterSourceQueues(d.ctx, in)), backend.ListQueuesOutput{})
	_, err := d.CreateQueue(d.ctx, backend.CreateQueueInput{QueueName: "c", Attributes: map[string]string{backend.AttrRedrivePolicy: redrive("dlq", 3)}})
	if backend.CodeOf(err) != "InvalidParameterValue" {
		t.Errorf("a source that is not allowed: %v", err)
	}
}

func TestAttributesOfAQueue(t *testing.T) { // 1.6, 2.2
	d := open(t)
	q := d.create("q")
	d.pass(90 * time.Second)
	want := map[string]string{
		"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesDelayed": "0", "ApproximateNumberOfMessagesNotVisible": "0",
		"CreatedTimestamp": strconv.FormatInt(start.Unix(), 10), "DelaySeconds": "0",
		"LastModifiedTimestamp": strconv.FormatInt(start.Unix(), 10), "MaximumMessageSize": "1048576",
		"MessageRetentionPeriod": "345600", "QueueArn": arn("q"), "ReceiveMessageWaitTimeSeconds": "0",
		"SqsManagedSseEnabled": "true", "VisibilityTimeout": "30",
	}
	d.same(d.attributes(q, "All"), want)
	d.set(q, "VisibilityTimeout", "31")
	want["VisibilityTimeout"], want["LastModifiedTimestamp"] = "31", strconv.FormatInt(start.Unix()+90, 10)
	d.same(d.attributes(q, "VisibilityTimeout", "All"), want)
	d.same(d.attributes(q, "DelaySeconds", "Policy", "FifoQueue"), map[string]string{"DelaySeconds": "0"})
	d.same(d.attributes(q, "Policy"), map[string]string(nil))
	d.same(d.attributes(q), map[string]string(nil))
	if n := len(d.attributes(d.create("f.fifo"), "All")); n != 16 {
		t.Errorf("a FIFO queue has %d attributes instead of 16", n)
	}
	_, err := d.GetQueueAttributes(d.ctx, backend.GetQueueAttributesInput{QueueUrl: q, AttributeNames: []string{"Foobar"}})
	d.wantError(err, backend.ErrInvalidAttributeName, "Unknown Attribute Foobar.")
	err = d.SetQueueAttributes(d.ctx, backend.SetQueueAttributesInput{QueueUrl: q, Attributes: map[string]string{"DelaySeconds": "1", "VisibilityTimeout": "x"}})
	d.wantError(err, backend.ErrInvalidAttributeValue, "Invalid value for the parameter VisibilityTimeout.")
	d.same(d.attribute(q, "DelaySeconds"), "0") // all or none
}

func TestTags(t *testing.T) { // 1.8
	d := open(t)
	q := must[backend.CreateQueueOutput](d)(d.CreateQueue(d.ctx, backend.CreateQueueInput{QueueName: "q", Tags: map[string]string{"a": "1"}})).QueueUrl
	d.must(d.TagQueue(d.ctx, backend.TagQueueInput{QueueUrl: q, Tags: map[string]string{"a": "2", "b": ""}}))
	list := func() map[string]string {
		return must[backend.ListQueueTagsOutput](d)(d.ListQueueTags(d.ctx, backend.ListQueueTagsInput{QueueUrl: q})).Tags
	}
	d.same(list(), map[string]string{"a": "2", "b": ""})
	list()["a"] = "the caller's"
	d.must(d.UntagQueue(d.ctx, backend.UntagQueueInput{QueueUrl: q, TagKeys: []string{"b", "none"}}))
	d.same(list(), map[string]string{"a": "2"})
	d.wantError(d.TagQueue(d.ctx, backend.TagQueueInput{QueueUrl: q}), backend.ErrMissingParameter, "The request must contain the parameter Tags.")
}
