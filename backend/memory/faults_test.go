package memory_test

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

func (d *desk) fault(f backend.Fault) backend.Fault {
	d.t.Helper()
	return must[backend.Fault](d)(d.SetFault(d.ctx, f))
}

// ask calls each of the 23 actions at the boundary with nothing but names.
func (d *desk) ask(visit func(action string, err error)) {
	sqs := reflect.ValueOf(d.Stack().SQS)
	for _, action := range backend.Actions() {
		method := sqs.MethodByName(action)
		in := reflect.New(method.Type().In(1)).Elem()
		for name, value := range map[string]string{"QueueUrl": "q", "QueueName": "q", "SourceArn": arn("q")} {
			if f := in.FieldByName(name); f.IsValid() {
				f.SetString(value)
			}
		}
		out := method.Call([]reflect.Value{reflect.ValueOf(d.ctx), in})
		err, _ := out[len(out)-1].Interface().(error)
		visit(action, err)
	}
}

func TestFaultsThatRefuseHappenToEveryActionAsSQSHasThem(t *testing.T) { // 10.4, 12.1, 14.1
	for _, tc := range []struct {
		fault  backend.Fault
		code   string
		status int
		text   string
	}{
		{backend.Fault{Kind: backend.FaultThrottle}, "RequestThrottled", 403, "Request is throttled."},
		{
			backend.Fault{Kind: backend.FaultServerError},
			"InternalFailure", 500,
			"The request processing has failed because of an unknown error, exception or failure.",
		},
		{
			backend.Fault{Kind: backend.FaultServerError, Status: 503},
			"ServiceUnavailable", 503,
			"The request has failed due to a temporary failure of the server.",
		},
		{
			backend.Fault{Kind: backend.FaultExpiredToken},
			"ExpiredToken", 403,
			"The security token included in the request is expired",
		},
	} {
		d := open(t)
		d.fault(tc.fault)
		d.ask(func(action string, err error) {
			e := backend.AsError(orNone(err))
			if e.Code != tc.code || e.Status != tc.status || e.Message != tc.text || e.Action != action {
				t.Errorf("%s: %+v", action, e)
			}
		})
	}
}

func TestADeniedCallerIsToldWhatWasDenied(t *testing.T) { // 10.4
	d := open(t)
	d.fault(backend.Fault{Kind: backend.FaultAccessDenied})
	sqs := d.Stack().SQS
	_, err := sqs.SendMessage(d.ctx, backend.SendMessageInput{QueueUrl: "q"})
	const because = " because no identity-based policy allows the sqs:sendmessage action"
	d.wantError(err, backend.ErrAccessDenied, "User: arn:aws:iam::000000000000:user/sqscope is not authorized to perform: "+
		"sqs:sendmessage on resource: "+arn("q")+because)
	ctx := backend.WithCaller(d.ctx, backend.Caller{ARN: "arn:aws:iam::1:user/x"})
	_, err = sqs.SendMessage(ctx, backend.SendMessageInput{QueueUrl: "q"})
	d.wantError(err, backend.ErrAccessDenied, "User: arn:aws:iam::1:user/x is not authorized to perform: "+
		"sqs:sendmessage on resource: "+arn("q")+because)
}

func TestAFaultHappensWhereAndAsOftenAsItWasSet(t *testing.T) {
	d := open(t)
	d.create("a")
	d.create("b")
	sqs := d.Stack().SQS
	send := func(q string) string {
		_, err := sqs.SendMessage(d.ctx, backend.SendMessageInput{QueueUrl: q, MessageBody: "m"})
		return backend.CodeOf(err)
	}
	d.fault(backend.Fault{ID: "x", Kind: backend.FaultThrottle, Queue: "a", Action: "SendMessage", Count: 2, After: start.Add(time.Second), Until: start.Add(time.Minute)})
	d.same(send("a"), "") // not yet
	d.pass(time.Second)
	_, err := sqs.ReceiveMessage(d.ctx, backend.ReceiveMessageInput{QueueUrl: "a"})
	d.must(err)
	d.same([]string{send("b"), send("a"), send("a"), send("a")}, []string{"", "RequestThrottled", "RequestThrottled", ""})
	list, err := d.ListFaults(d.ctx)
	d.must(err)
	d.same(list[0].Happened, 2)
	d.fault(backend.Fault{ID: "x", Kind: backend.FaultThrottle, Until: start.Add(time.Minute)})
	d.same(send("b"), "RequestThrottled")
	d.pass(time.Minute)
	d.same(send("b"), "") // not any more
	d.fault(backend.Fault{Kind: backend.FaultThrottle})
	d.same(send("b"), "RequestThrottled")
	d.must(d.ClearFaults(d.ctx, nil))
	d.same(send("b"), "")
	if err := d.ClearFaults(d.ctx, []string{"x"}); backend.KindOf(err) != backend.KindNotFound {
		t.Errorf("got %v", err)
	}
}

func TestTheSameSeedThrowsTheSameDice(t *testing.T) {
	run := func(seed uint64) (hits string) {
		d := openWith(t, memory.Options{Seed: seed})
		d.fault(backend.Fault{Kind: backend.FaultThrottle, Probability: 0.3})
		for range 200 {
			if _, err := d.Stack().SQS.ListQueues(d.ctx, backend.ListQueuesInput{}); err != nil {
				hits += "x"
			} else {
				hits += "."
			}
		}
		return hits
	}
	a := run(1)
	n := 0
	for _, c := range a {
		if c == 'x' {
			n++
		}
	}
	if a != run(1) || a == run(2) || n < 30 || n > 90 {
		t.Errorf("%d of 200: %s", n, a)
	}
}

func TestFaultsThatMakeNoSenseAreRefused(t *testing.T) {
	d := open(t)
	for _, f := range []backend.Fault{
		{},
		{Kind: "flood"},
		{Kind: backend.FaultThrottle, Action: "Send"},
		{Kind: backend.FaultLaggingCounts, Duration: time.Second, Action: "SendMessage"},
		{Kind: backend.FaultThrottle, Queue: "no name"},
		{Kind: backend.FaultThrottle, Status: 500},
		{Kind: backend.FaultServerError, Status: 404},
		{Kind: backend.FaultLatency},
		{Kind: backend.FaultLatency, Duration: 2 * time.Hour},
		{Kind: backend.FaultThrottle, Duration: time.Second},
		{Kind: backend.FaultThrottle, Probability: 1.1},
		{Kind: backend.FaultThrottle, Probability: -0.1},
		{Kind: backend.FaultThrottle, Count: -1},
		{Kind: backend.FaultThrottle, After: start, Until: start},
	} {
		if _, err := d.SetFault(d.ctx, f); backend.KindOf(orNone(err)) != backend.KindInvalid {
			t.Errorf("%+v: %v", f, err)
		}
	}
	list, err := d.ListFaults(d.ctx)
	d.must(err)
	d.same(len(list), 0)
}

func TestLatencyPassesOnTheEnginesClock(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.create("q")
		d.fault(backend.Fault{Kind: backend.FaultLatency, Duration: 10 * time.Second, Action: "SendMessage"})
		d.clock.SetSpeed(2)
		sqs := d.Stack().SQS
		began := time.Now()
		_, err := sqs.SendMessage(d.ctx, backend.SendMessageInput{QueueUrl: "q", MessageBody: "m"})
		d.must(err)
		d.same(time.Since(began), 5*time.Second)
		ctx, cancel := context.WithTimeout(d.ctx, time.Second)
		defer cancel()
		_, err = sqs.SendMessage(ctx, backend.SendMessageInput{QueueUrl: "q", MessageBody: "m"})
		d.same(backend.KindOf(err), backend.KindTimeout)
		_, err = d.Inside().SendMessage(d.ctx, backend.SendMessageInput{QueueUrl: "q", MessageBody: "m"})
		d.must(err)
		d.same(time.Since(began), 6*time.Second) // an actor has not waited
		var late error
		go func() { _, late = sqs.SendMessage(d.ctx, backend.SendMessageInput{QueueUrl: "q", MessageBody: "m"}) }()
		synctest.Wait()
		d.Close()
		synctest.Wait()
		d.same(backend.KindOf(late), backend.KindCancelled)
	})
}

func TestWhatIsDeliveredTwiceOutlivesItsDeletion(t *testing.T) { // 5.6
	d := open(t)
	for _, name := range []string{"q", "q.fifo"} {
		d.create(name)
		one(d, name, "m", backend.Opt[int]{})
	}
	d.fault(backend.Fault{Kind: backend.FaultDuplicateDelivery, Count: 1})
	log := d.listen(10)
	d.delete("q.fifo", d.one("q.fifo"))
	d.wantDepth("q.fifo", depth{0, 0, 0})
	first := d.one("q")
	d.wantDepth("q", depth{1, 1, 0})
	d.delete("q", first)
	again := d.one("q")
	d.same([]string{again.MessageId, again.Body, again.Attributes[backend.SysApproximateReceiveCount]}, []string{first.MessageId, "m", "2"})
	if again.ReceiptHandle == first.ReceiptHandle {
		t.Error("the second delivery has the handle of the first")
	}
	d.delete("q", again)
	d.wantDepth("q", depth{0, 0, 0})
	d.same(log()[2:4], []string{"0 received q m2 1", "0 fault q m2"})
}

func TestBothDeliveriesCanBeRemovedByTheirID(t *testing.T) {
	d := open(t)
	q := d.create("q")
	id := d.send(q, "m").MessageId
	d.fault(backend.Fault{Kind: backend.FaultDuplicateDelivery})
	d.receive(q, 1)
	d.receive(q, 1)
	out, err := d.RemoveMessages(d.ctx, backend.RemoveMessagesInput{QueueUrl: q, MessageIds: []string{id, id, id, id}})
	d.must(err)
	d.same([]int{len(out.Successful), len(out.Failed)}, []int{3, 1})
	d.wantDepth(q, depth{0, 0, 0})
}

func TestAShortPollAsksOnlySomeOfTheServers(t *testing.T) { // 5.5
	d := open(t)
	q, f := d.create("q", backend.AttrVisibilityTimeout, "0"), d.create("q.fifo", backend.AttrVisibilityTimeout, "0")
	for i := range 5 {
		one(d, q, strconv.Itoa(i), backend.Opt[int]{})
		one(d, f, strconv.Itoa(i), backend.Opt[int]{})
	}
	d.fault(backend.Fault{Kind: backend.FaultShortBatch})
	sizes := map[int]int{}
	seen := map[string]bool{}
	for range 200 {
		got := d.receive(q, 10)
		sizes[len(got)]++
		for _, m := range got {
			seen[m.Body] = true
		}
	}
	if sizes[0] < 10 || sizes[5] > 10 || len(seen) != 5 {
		t.Errorf("messages by receive: %v, seen: %v", sizes, seen)
	}
	d.same(len(d.receive(f, 10)), 5)
	long := d.receiveInput(backend.ReceiveMessageInput{QueueUrl: q, MaxNumberOfMessages: backend.Some(10), WaitTimeSeconds: backend.Some(1)})
	d.same(len(long), 5)
	for i := range 1000 {
		d.send(q, strconv.Itoa(i))
	}
	d.same(len(d.receive(q, 10)), 10)
}

func TestEntriesOfABatchFailByThemselves(t *testing.T) {
	d := open(t)
	d.create("q")
	sqs := d.Stack().SQS
	f := d.fault(backend.Fault{Kind: backend.FaultPartialBatchFailure, Count: 1})
	batch := backend.SendMessageBatchInput{QueueUrl: "q"}
	for _, id := range []string{"a", "b"} {
		batch.Entries = append(batch.Entries, backend.SendMessageBatchEntry{Id: id, SendMessageInput: backend.SendMessageInput{MessageBody: id}})
	}
	bad := batch
	bad.Entries = slices.Concat(batch.Entries, batch.Entries)
	_, err := sqs.SendMessageBatch(d.ctx, bad) // refused for what it is, not for the fault
	d.same(backend.AsError(orNone(err)).Shape, backend.ErrBatchEntryIdsNotDistinct)
	out, err := sqs.SendMessageBatch(d.ctx, batch)
	d.must(err)
	d.same([]any{len(out.Successful), out.Successful[0].Id}, []any{1, "b"})
	d.same([]any{out.Failed[0].Id, out.Failed[0].Code, out.Failed[0].SenderFault}, []any{"a", "InternalFailure", false})
	d.want(d.receive("q", 10), "b")
	f.Count = 0
	d.fault(f)
	out, err = sqs.SendMessageBatch(d.ctx, batch)
	d.must(err)
	d.same([]int{len(out.Successful), len(out.Failed)}, []int{0, 2})
	deleted, err := sqs.DeleteMessageBatch(d.ctx, backend.DeleteMessageBatchInput{QueueUrl: "q", Entries: []backend.DeleteMessageBatchEntry{{Id: "x", ReceiptHandle: "y"}}})
	d.must(err)
	d.same(deleted.Failed[0].Code, "InternalFailure")
	d.wantDepth("q", depth{0, 1, 0})
}

func TestVisibilityThatIsChangedTooOftenIsThrottled(t *testing.T) { // 1.15
	d := open(t)
	q := d.create("q")
	d.send(q, "m")
	m := d.one(q)
	d.fault(backend.Fault{Kind: backend.FaultVisibilityThrottle})
	const text = "Request throttled because message visibility configuration was updated too recently. " +
		"Wait a short while and then retry the operation."
	in := backend.ChangeMessageVisibilityInput{QueueUrl: q, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: backend.Some(0)}
	d.wantError(d.Stack().SQS.ChangeMessageVisibility(d.ctx, in), backend.ErrRequestThrottled, text)
	out, err := d.Stack().SQS.ChangeMessageVisibilityBatch(d.ctx, backend.ChangeMessageVisibilityBatchInput{
		QueueUrl: q, Entries: []backend.ChangeMessageVisibilityBatchEntry{{Id: "a", ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: backend.Some(0)}},
	})
	d.must(err)
	d.same(out, backend.BatchOutput{Failed: []backend.BatchError{{Id: "a", Code: "RequestThrottled", Message: text, SenderFault: true}}})
	d.wantDepth(q, depth{0, 1, 0})
}

func TestCountsThatLagAreRightAgainInTime(t *testing.T) { // 12.2
	d := open(t)
	q := d.create("q")
	d.fault(backend.Fault{Kind: backend.FaultLaggingCounts, Duration: 10 * time.Second})
	count := func() string {
		in := backend.GetQueueAttributesInput{QueueUrl: q, AttributeNames: []string{backend.AttrMessages}}
		out, err := d.Stack().SQS.GetQueueAttributes(d.ctx, in)
		d.must(err)
		d.same(len(out.Attributes), 1)
		return out.Attributes[backend.AttrMessages]
	}
	d.send(q, "m")
	d.same(count(), "1")
	d.send(q, "m")
	d.pass(9 * time.Second)
	d.same(count(), "1")
	d.pass(time.Second)
	d.same(count(), "2")
	d.wantDepth(q, depth{2, 0, 0}) // the engine itself is not deceived
}
