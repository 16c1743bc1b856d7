package memory_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"sqscope/backend"
)

func TestAMessageIsDeliveredMaxReceiveCountTimesAndThenMoved(t *testing.T) { // 6.1, 6.2, 14.4.2
	d := open(t)
	dlq := d.create("dlq")
	q := d.create("q", backend.AttrRedrivePolicy, redrive("dlq", 1))
	sent := d.sendInput(backend.SendMessageInput{
		QueueUrl: q, MessageBody: "m",
		MessageAttributes:       map[string]backend.MessageAttribute{"a": {DataType: "Number.int", StringValue: backend.Some("7")}},
		MessageSystemAttributes: map[string]backend.MessageAttribute{backend.SysAWSTraceHeader: {DataType: "String", StringValue: backend.Some("Root=1")}},
	})
	first := d.one(q)
	if first.Attributes[backend.SysApproximateReceiveCount] != "1" {
		t.Errorf("count %s at the first receive", first.Attributes[backend.SysApproximateReceiveCount])
	}
	d.pass(time.Hour)
	d.wantDepth(q, depth{1, 0, 0}) // nothing moves until somebody receives
	d.want(d.receive(q, 1))
	d.wantDepth(q, depth{0, 0, 0})
	d.wantDepth(dlq, depth{1, 0, 0})

	moved := d.one(dlq)
	if moved.MessageId != sent.MessageId {
		t.Errorf("id %s became %s", sent.MessageId, moved.MessageId)
	}
	want := first
	want.ReceiptHandle = moved.ReceiptHandle
	want.Attributes[backend.SysApproximateReceiveCount] = "2"
	want.Attributes[backend.SysDeadLetterQueueSourceArn] = arn("q")
	d.same(moved, want) // first receive and time of sending too
	d.delete(q, first)  // an old handle has no effect, and succeeds
	d.wantDepth(dlq, depth{0, 1, 0})
}

func TestAFIFOMessageIsMovedWithItsGroup(t *testing.T) { // 6.2, dlq_scenarios
	d := open(t)
	dlq := d.create("dlq.fifo")
	q := d.create("q.fifo", backend.AttrRedrivePolicy, redrive("dlq.fifo", 2))
	sent := d.fifo(q, "g", "poison", "")
	d.fifo(q, "g", "next", "")
	for range 2 {
		d.want(d.receiveFor(q, 1, 0), "poison")
	}
	d.pass(time.Minute)
	d.want(d.receiveFor(q, 1, 0), "next") // the group is unlocked by the move
	got := d.one(dlq)
	for name, want := range map[string]string{
		backend.SysMessageGroupId:           "g",
		backend.SysMessageDeduplicationId:   sent.MessageId,
		backend.SysApproximateReceiveCount:  "3",
		backend.SysDeadLetterQueueSourceArn: arn("q.fifo"),
		backend.SysSentTimestamp:            strconv.FormatInt(start.Add(time.Minute).UnixMilli(), 10),
	} {
		if got.Attributes[name] != want {
			t.Errorf("%s is %q, want %q", name, got.Attributes[name], want)
		}
	}
	if got.MessageId != sent.MessageId {
		t.Error("the message has another id")
	}
}

func TestAMoveIsNoSendToADeduplicatingQueue(t *testing.T) { // 6.2: nothing may be swallowed
	d := open(t)
	dlq := d.create("dlq.fifo")
	q := d.create("q.fifo", backend.AttrRedrivePolicy, redrive("dlq.fifo", 1))
	d.fifo(dlq, "g", "m", "same")
	d.fifo(q, "g", "m", "same")
	d.receiveFor(q, 1, 0)
	d.receive(q, 1)
	d.wantDepth(dlq, depth{2, 0, 0})
}

func TestRetentionGoesOnInAStandardDeadLetterQueueAndBeginsAnewInAFIFOOne(t *testing.T) { // 6.2
	for _, suffix := range []string{"", ".fifo"} {
		t.Run("queue"+suffix, func(t *testing.T) {
			d := open(t)
			dlq := d.create("dlq"+suffix, backend.AttrMessageRetentionPeriod, "100")
			q := d.create("q"+suffix, backend.AttrRedrivePolicy, redrive("dlq"+suffix, 1))
			if suffix == "" {
				d.send(q, "m")
			} else {
				d.fifo(q, "g", "m", "")
			}
			d.receive(q, 1)
			d.pass(60 * time.Second)
			d.receive(q, 1)
			d.pass(39 * time.Second)
			d.wantDepth(dlq, depth{1, 0, 0})
			d.pass(time.Second)
			if suffix == "" {
				d.wantDepth(dlq, depth{0, 0, 0})
				return
			}
			d.wantDepth(dlq, depth{1, 0, 0})
			d.pass(60 * time.Second)
			d.wantDepth(dlq, depth{0, 0, 0})
		})
	}
}

func TestLoweringMaxReceiveCountMovesAtTheNextReceive(t *testing.T) { // 6.1
	d := open(t)
	dlq := d.create("dlq")
	q := d.create("q", backend.AttrRedrivePolicy, redrive("dlq", 10))
	for i := range 300 { // more than one attempt moves
		d.send(q, strconv.Itoa(i))
	}
	for range 2 {
		for range 30 {
			d.receive(q, 10)
		}
		d.pass(30 * time.Second)
	}
	d.send(q, "fresh")
	d.set(q, backend.AttrRedrivePolicy, redrive("dlq", 2))
	d.wantDepth(dlq, depth{0, 0, 0})
	d.want(d.receive(q, 10), "fresh")
	d.wantDepth(dlq, depth{300, 0, 0})
}

func TestABatchGoesOnBehindADeadLetter(t *testing.T) { // 6.1
	d := open(t)
	dlq := d.create("dlq")
	q := d.create("q", backend.AttrRedrivePolicy, redrive("dlq", 1))
	d.send(q, "1")
	d.pass(time.Second)
	d.want(d.receiveFor(q, 1, 0), "1")
	d.send(q, "2")
	d.want(d.receive(q, 10), "2")
	d.want(d.receive(dlq, 10), "1")
}

func TestADeadLetterBehindOthersIsMovedAndTheyAreReceived(t *testing.T) { // 6.1
	d := open(t)
	dlq := d.create("dlq")
	q := d.create("q", backend.AttrRedrivePolicy, redrive("dlq", 1))
	d.sendInput(backend.SendMessageInput{QueueUrl: q, MessageBody: "older", DelaySeconds: backend.Some(10)})
	d.send(q, "dead")
	d.receiveFor(q, 1, 0)
	d.pass(10 * time.Second)
	d.want(d.receive(q, 10), "older")
	d.want(d.receive(dlq, 10), "dead")
}

func TestWithoutItsDeadLetterQueueAMessageStays(t *testing.T) { // 1.2
	d := openWith(t, optionsWithoutCooldown())
	dlq := d.create("dlq")
	q := d.create("q", backend.AttrRedrivePolicy, redrive("dlq", 1))
	d.send(q, "m")
	d.receiveFor(q, 1, 0)
	d.must(d.DeleteQueue(d.ctx, backend.DeleteQueueInput{QueueUrl: dlq}))
	d.want(d.receiveFor(q, 1, 0), "m")
	d.create("dlq")
	d.want(d.receive(q, 1))
	d.wantDepth(dlq, depth{1, 0, 0})
}

func TestDeadLetterQueuesMakeChains(t *testing.T) { // 2.4: each counts for itself, the receive count goes on
	d := open(t)
	last := d.create("c")
	middle := d.create("b", backend.AttrRedrivePolicy, redrive("c", 2))
	q := d.create("a", backend.AttrRedrivePolicy, redrive("b", 3))
	d.send(q, "m")
	for range 3 {
		d.want(d.receiveFor(q, 1, 0), "m")
	}
	d.want(d.receive(q, 1))
	for range 2 {
		d.want(d.receiveFor(middle, 1, 0), "m")
	}
	d.want(d.receive(middle, 1))
	m := d.one(last)
	if m.Attributes[backend.SysApproximateReceiveCount] != "6" || m.Attributes[backend.SysDeadLetterQueueSourceArn] != arn("b") {
		t.Errorf("arrived with %v", m.Attributes)
	}
}

// TestTwoDeadLetterQueuesOfEachOtherDoNotDeadlock has receivers on both, so that
// each lock is wanted in both orders all the time.
func TestTwoDeadLetterQueuesOfEachOtherDoNotDeadlock(t *testing.T) {
	d := open(t)
	a := d.create("a")
	b := d.create("b", backend.AttrRedrivePolicy, redrive("a", 1))
	d.set(a, backend.AttrRedrivePolicy, redrive("b", 1))
	for i := range 50 {
		d.send(a, strconv.Itoa(i))
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			in := backend.ReceiveMessageInput{
				QueueUrl: []string{a, b}[i%2], MaxNumberOfMessages: backend.Some(2), VisibilityTimeout: backend.Some(0),
			}
			for range 5000 {
				if _, err := d.ReceiveMessage(d.ctx, in); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	x, y := d.depth(a), d.depth(b)
	if x[0]+y[0] != 50 {
		t.Errorf("%v and %v hold 50 messages", x, y)
	}
}

func TestAPoisonMessageGoesToTheBack(t *testing.T) { // 5.6
	for _, tc := range []struct {
		name   string
		policy []string
		third  []string
	}{
		{"without a RedrivePolicy", nil, []string{"poison", "other"}},
		{"with maxReceiveCount 4", []string{backend.AttrRedrivePolicy, redrive("dlq", 4)}, []string{"other", "poison"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := open(t)
			d.create("dlq")
			q := d.create("q", tc.policy...)
			d.send(q, "poison")
			d.send(q, "other")
			for range 3 {
				d.want(d.receiveFor(q, 1, 1), "poison")
				d.pass(time.Second)
			}
			d.want(d.receiveFor(q, 10, 0), tc.third...)
		})
	}
}

func TestARedeliveredMessageComesBeforeYoungerOnes(t *testing.T) { // 5.6
	d := open(t)
	q := d.create("q")
	d.send(q, "old")
	d.receiveFor(q, 1, 10)
	d.send(q, "young")
	d.pass(10 * time.Second)
	d.want(d.receive(q, 10), "old", "young")
}
