package memory_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

func TestAReceiveHidesUntilTheTimeoutIsOver(t *testing.T) { // 5.3
	d := open(t)
	q := d.create("q")
	d.send(q, "m")
	first := d.one(q)
	d.wantDepth(q, depth{0, 1, 0})
	d.pass(30*time.Second - time.Nanosecond)
	d.want(d.receive(q, 1))
	d.pass(time.Nanosecond)
	again := d.one(q)
	if again.MessageId != first.MessageId || again.ReceiptHandle == first.ReceiptHandle {
		t.Error("the second receive must give the same message with another handle")
	}
	if n := again.Attributes[backend.SysApproximateReceiveCount]; n != "2" {
		t.Errorf("count %s", n)
	}
	if at := again.Attributes[backend.SysApproximateFirstReceiveTimestamp]; at != strconv.FormatInt(start.UnixMilli(), 10) {
		t.Errorf("first received at %s", at)
	}
}

func TestAReceiveWithTimeoutZeroHidesNothingAndCounts(t *testing.T) { // 5.3
	d := open(t)
	q := d.create("q")
	d.send(q, "1")
	d.send(q, "2")
	d.want(d.receiveFor(q, 10, 0), "1", "2") // each once in one answer
	d.want(d.receiveFor(q, 10, 0), "1", "2")
	got := d.receive(q, 1)
	if n := got[0].Attributes[backend.SysApproximateReceiveCount]; n != "3" {
		t.Errorf("count %s", n)
	}
}

func TestChangingTheQueuesTimeoutLeavesMessagesInFlightAlone(t *testing.T) { // 5.3
	d := open(t)
	q := d.create("q")
	d.send(q, "m")
	d.receive(q, 1)
	d.set(q, backend.AttrVisibilityTimeout, "5")
	d.pass(29 * time.Second)
	d.wantDepth(q, depth{0, 1, 0})
	d.pass(time.Second)
	d.receive(q, 1)
	d.pass(5 * time.Second)
	d.wantDepth(q, depth{1, 0, 0})
}

func TestDelays(t *testing.T) { // 3.2, 5.7
	d := open(t)
	q := d.create("q", backend.AttrDelaySeconds, "10")
	d.send(q, "queue's")
	for _, seconds := range []int{0, 20} {
		d.sendInput(backend.SendMessageInput{QueueUrl: q, MessageBody: strconv.Itoa(seconds), DelaySeconds: backend.Some(seconds)})
	}
	d.wantDepth(q, depth{1, 0, 2})
	d.set(q, backend.AttrDelaySeconds, "0") // not retroactive on a standard queue
	d.wantDepth(q, depth{1, 0, 2})
	d.pass(10 * time.Second)
	d.want(d.receive(q, 10), "queue's", "0")
	d.pass(10 * time.Second)
	got := d.receive(q, 10)
	d.want(got, "20")
	if at := got[0].Attributes[backend.SysSentTimestamp]; at != strconv.FormatInt(start.UnixMilli(), 10) {
		t.Errorf("sent at %s; it must be when it was sent, not when it became visible", at)
	}
}

func TestRetentionTakesMessagesInEveryState(t *testing.T) { // 5.9, 14.4.1
	d := open(t)
	q := d.create("q", backend.AttrMessageRetentionPeriod, "60")
	d.send(q, "in flight")
	m := d.receiveFor(q, 1, 1000)[0]
	d.send(q, "visible")
	d.sendInput(backend.SendMessageInput{QueueUrl: q, MessageBody: "delayed", DelaySeconds: backend.Some(900)})
	d.pass(time.Minute - time.Nanosecond)
	d.wantDepth(q, depth{1, 1, 1})
	d.pass(time.Nanosecond)
	d.wantDepth(q, depth{0, 0, 0})
	d.delete(q, m) // succeeds
}

func TestAShorterRetentionHoldsForWhatIsStored(t *testing.T) { // 1.7
	d := open(t)
	q := d.create("q")
	d.send(q, "old")
	d.pass(time.Hour)
	d.send(q, "new")
	d.set(q, backend.AttrMessageRetentionPeriod, "3600")
	d.wantDepth(q, depth{1, 0, 0})
	d.set(q, backend.AttrMessageRetentionPeriod, "7200")
	d.want(d.receive(q, 10), "new")
}

func TestTooManyInFlight(t *testing.T) { // 1.13, 8.5
	d := openWith(t, memory.Options{MaxInFlight: 3})
	q, f := d.create("q"), d.create("f.fifo")
	for i := range 5 {
		d.send(q, strconv.Itoa(i))
		d.fifo(f, "g"+strconv.Itoa(i), strconv.Itoa(i), "")
	}
	d.want(d.receive(q, 10), "0", "1", "2")
	d.want(d.receive(f, 10), "0", "1", "2")
	_, err := d.ReceiveMessage(d.ctx, backend.ReceiveMessageInput{QueueUrl: q})
	d.wantError(err, backend.ErrOverLimit, "Too many messages have been received without being deleted.\n"+
		"Please delete your received messages or let them timeout before receiving more.")
	d.want(d.receive(f, 10)) // FIFO: never an error
	d.pass(30 * time.Second)
	d.want(d.receive(q, 10), "0", "1", "2")
}

func TestAttributesOfAMessage(t *testing.T) { // 5.1
	d := open(t)
	q, f := d.create("q"), d.create("f.fifo")
	d.send(q, "m")
	d.fifo(f, "g", "m", "id")
	stamp := strconv.FormatInt(start.UnixMilli(), 10)
	want := map[string]string{
		backend.SysSenderId: "AIDASQSCOPEENGINE2345", backend.SysSentTimestamp: stamp,
		backend.SysApproximateReceiveCount: "1", backend.SysApproximateFirstReceiveTimestamp: stamp,
	}
	d.same(d.one(q).Attributes, want)
	want[backend.SysMessageGroupId], want[backend.SysMessageDeduplicationId] = "g", "id"
	want[backend.SysSequenceNumber] = "18849496460467696384"
	d.same(d.one(f).Attributes, want)

	d.send(q, "asks for nothing")
	out := must[backend.ReceiveMessageOutput](d)(d.ReceiveMessage(d.ctx, backend.ReceiveMessageInput{QueueUrl: q}))
	if m := out.Messages[0]; m.Attributes != nil || m.MessageAttributes != nil || m.MD5OfMessageAttributes != "" {
		t.Errorf("got %+v", m)
	}
}

func TestWhatWasSentBelongsToTheSenderAndWhatWasReceivedToTheReceiver(t *testing.T) {
	d := open(t)
	q := d.create("q")
	in := backend.SendMessageInput{QueueUrl: q, MessageBody: "m", MessageAttributes: map[string]backend.MessageAttribute{
		"b": {DataType: "Binary", BinaryValue: []byte{1}},
	}}
	d.sendInput(in)
	in.MessageAttributes["b"].BinaryValue[0] = 9
	in.MessageAttributes["c"] = backend.MessageAttribute{}
	for range 2 {
		m := d.receiveFor(q, 1, 0)[0]
		d.same(m.MessageAttributes, map[string]backend.MessageAttribute{"b": {DataType: "Binary", BinaryValue: []byte{1}}})
		m.MessageAttributes["b"].BinaryValue[0] = 9
	}
}

func TestDeletingWithHandles(t *testing.T) { // 1.14, 5.4
	d := open(t)
	q, other, f := d.create("q"), d.create("other"), d.create("f.fifo")
	d.send(q, "m")
	old := d.receiveFor(q, 1, 1)[0]
	d.pass(time.Second)
	d.receive(q, 1)
	for _, handle := range []string{"garbage", old.ReceiptHandle + "A", "AQEB" + strings.Repeat("A", 40), old.ReceiptHandle[:40]} {
		err := d.DeleteMessage(d.ctx, backend.DeleteMessageInput{QueueUrl: q, ReceiptHandle: handle})
		d.wantError(err, backend.ErrReceiptHandleIsInvalid, `The input receipt handle "`+handle+`" is not a valid receipt handle.`)
	}
	err := d.DeleteMessage(d.ctx, backend.DeleteMessageInput{QueueUrl: other, ReceiptHandle: old.ReceiptHandle})
	d.wantError(err, backend.ErrReceiptHandleIsInvalid, `The input receipt handle "`+old.ReceiptHandle+`" is not a valid receipt handle.`)
	if next := backend.AsError(err).Next; next != "it belongs to another queue" {
		t.Errorf("says %q", next)
	}
	d.delete(q, old) // standard: an older handle deletes
	d.delete(q, old) // and again
	d.wantDepth(q, depth{0, 0, 0})

	d.fifo(f, "g", "m", "")
	expired := d.receiveFor(f, 1, 1)[0]
	d.must(d.hide(f, expired, 10))
	d.pass(9 * time.Second) // the original handle works until the new end
	d.must(d.hide(f, expired, 1))
	d.pass(time.Second)
	text := "Value " + expired.ReceiptHandle + " for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
	err = d.DeleteMessage(d.ctx, backend.DeleteMessageInput{QueueUrl: f, ReceiptHandle: expired.ReceiptHandle})
	d.wantError(err, backend.ErrInvalidParameterValue, text)
	fresh := d.one(f)
	err = d.DeleteMessage(d.ctx, backend.DeleteMessageInput{QueueUrl: f, ReceiptHandle: expired.ReceiptHandle})
	d.wantError(err, backend.ErrInvalidParameterValue, text)
	d.delete(f, fresh)
	d.delete(f, fresh)
	for _, m := range []backend.Message{old, fresh} {
		if h := m.ReceiptHandle; !strings.HasPrefix(h, "AQEB") || len(h) > 1024 {
			t.Errorf("handle %s", h)
		}
	}
}

func TestABatchOfDeletesSucceedsAndFailsEntryByEntry(t *testing.T) { // 1.14
	d := open(t)
	q := d.create("q")
	d.send(q, "m")
	m := d.one(q)
	out := must[backend.BatchOutput](d)(d.DeleteMessageBatch(d.ctx, backend.DeleteMessageBatchInput{QueueUrl: q, Entries: []backend.DeleteMessageBatchEntry{
		{Id: "a", ReceiptHandle: "garbage"}, {Id: "b", ReceiptHandle: m.ReceiptHandle}, {Id: "c"},
	}}))
	d.same(out, backend.BatchOutput{Successful: []string{"b"}, Failed: []backend.BatchError{
		{Id: "a", Code: "ReceiptHandleIsInvalid", Message: `The input receipt handle "garbage" is not a valid receipt handle.`, SenderFault: true},
		{Id: "c", Code: "MissingParameter", Message: "The request must contain the parameter ReceiptHandle.", SenderFault: true},
	}})
}

func TestChangingVisibility(t *testing.T) { // 1.15
	d := open(t)
	q := d.create("q")
	d.send(q, "m")
	m := d.one(q)
	d.pass(20 * time.Second)
	d.must(d.hide(q, m, 30)) // from now on
	d.pass(29 * time.Second)
	d.wantDepth(q, depth{0, 1, 0})
	d.must(d.hide(q, m, 0)) // given back, and the count stays
	again := d.one(q)
	if n := again.Attributes[backend.SysApproximateReceiveCount]; n != "2" {
		t.Errorf("count %s", n)
	}
	d.pass(30 * time.Second) // over, and nobody received it: standard, so it succeeds (14.2)
	d.must(d.hide(q, again, 10))
	d.wantDepth(q, depth{0, 1, 0})
	d.delete(q, again)
	d.wantError(d.hide(q, again, 10), backend.ErrInvalidParameterValue, "Value "+again.ReceiptHandle+
		" for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.")
}

func TestTwelveHoursInAllSinceTheReceive(t *testing.T) { // 1.15
	d := open(t)
	q := d.create("q")
	d.send(q, "m")
	m := d.one(q)
	d.must(d.hide(q, m, 43200))
	d.pass(time.Second)
	d.wantError(d.hide(q, m, 43200), backend.ErrInvalidParameterValue, "Value 43200 for parameter VisibilityTimeout is "+
		"invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]")
	d.must(d.hide(q, m, 43199))
	d.must(d.hide(q, m, 0))
	m = d.one(q) // 12 new hours
	d.must(d.hide(q, m, 43200))
}

func TestFIFOHandlesExpireForVisibilityToo(t *testing.T) { // 5.4
	d := open(t)
	q := d.create("q.fifo")
	d.fifo(q, "g", "m", "")
	m := d.receiveFor(q, 1, 1)[0]
	d.pass(time.Second)
	d.wantError(d.hide(q, m, 10), backend.ErrInvalidParameterValue, "Value "+m.ReceiptHandle+
		" for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.")
}

func TestABatchOfVisibilityChanges(t *testing.T) { // 1.15
	d := open(t)
	q := d.create("q")
	d.send(q, "m")
	m := d.one(q)
	out := must[backend.BatchOutput](d)(d.ChangeMessageVisibilityBatch(d.ctx, backend.ChangeMessageVisibilityBatchInput{
		QueueUrl: q, Entries: []backend.ChangeMessageVisibilityBatchEntry{
			{Id: "a", ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: backend.Some(0)},
			{Id: "b", ReceiptHandle: m.ReceiptHandle},
		},
	}))
	d.same(out, backend.BatchOutput{Successful: []string{"a"}, Failed: []backend.BatchError{{
		Id: "b", Code: "MissingParameter", SenderFault: true,
		Message: "The request must contain the parameter ChangeMessageVisibilityBatchRequestEntry.2.VisibilityTimeout.",
	}}})
	d.wantDepth(q, depth{1, 0, 0})
}

func TestAReceiveWhoseContextHasEndedTakesNothing(t *testing.T) {
	d := open(t)
	q := d.create("q")
	d.send(q, "m")
	ctx, cancel := context.WithCancel(d.ctx)
	cancel()
	_, err := d.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: backend.Some(20)})
	if backend.KindOf(err) != backend.KindCancelled || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	d.want(d.receive(q, 1), "m")
}

func TestABatchIsStoredInOrderButForWhatFails(t *testing.T) { // 1.12
	d := open(t)
	q := d.create("q", backend.AttrMaximumMessageSize, "1024")
	entry := func(id, body string) backend.SendMessageBatchEntry {
		return backend.SendMessageBatchEntry{Id: id, SendMessageInput: backend.SendMessageInput{MessageBody: body}}
	}
	out := must[backend.SendMessageBatchOutput](d)(d.SendMessageBatch(d.ctx, backend.SendMessageBatchInput{QueueUrl: q, Entries: []backend.SendMessageBatchEntry{
		entry("1", "a"), entry("2", strings.Repeat("x", 1025)), entry("3", "b"),
	}}))
	d.same(out.Failed, []backend.BatchError{{
		Id: "2", Code: "InvalidParameterValue", SenderFault: true,
		Message: "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.",
	}})
	got := d.receive(q, 10)
	d.want(got, "a", "b")
	if len(out.Successful) != 2 || out.Successful[0].Id != "1" || out.Successful[1].MessageId != got[1].MessageId ||
		out.Successful[1].MD5OfMessageBody != got[1].MD5OfBody {
		t.Errorf("%+v", out.Successful)
	}

	f := d.create("f.fifo")
	good := entry("1", "a")
	good.MessageGroupId, good.MessageDeduplicationId = backend.Some("g"), backend.Some("d")
	_, err := d.SendMessageBatch(d.ctx, backend.SendMessageBatchInput{QueueUrl: f, Entries: []backend.SendMessageBatchEntry{good, entry("2", "b")}})
	d.wantError(err, backend.ErrInvalidParameterValue, "The request must contain the parameter MessageGroupId.")
	d.wantDepth(f, depth{0, 0, 0})
}
