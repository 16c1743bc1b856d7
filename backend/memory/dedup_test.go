package memory_test

import (
	"testing"
	"time"

	"sqscope/backend"
)

func TestADuplicateIsAnsweredWithTheOriginalAndNotStored(t *testing.T) { // 8.1, 14.4.4
	d := open(t)
	q := d.create("q.fifo")
	first := d.fifo(q, "g", "body", "id")
	again := d.fifo(q, "other", "other body", "id")
	if again.MessageId != first.MessageId || again.SequenceNumber != first.SequenceNumber {
		t.Errorf("answered with %s %s and then %s %s", first.MessageId, first.SequenceNumber, again.MessageId, again.SequenceNumber)
	}
	if again.MD5OfMessageBody == first.MD5OfMessageBody {
		t.Error("the digest must be that of the body just sent")
	}
	d.wantDepth(q, depth{1, 0, 0})
}

func TestTheWindowRunsFiveMinutesFromTheFirstSend(t *testing.T) { // 8.1
	d := open(t)
	q := d.create("q.fifo")
	first := d.fifo(q, "g", "m", "id")
	m := d.one(q)
	d.delete(q, m) // deleting does not reset it
	d.pass(5*time.Minute - time.Nanosecond)
	if again := d.fifo(q, "g", "m", "id"); again.MessageId != first.MessageId { // nor does a duplicate prolong it
		t.Error("swallowed nothing just before the window ends")
	}
	d.pass(time.Nanosecond)
	if again := d.fifo(q, "g", "m", "id"); again.MessageId == first.MessageId {
		t.Error("swallowed after the window")
	}
	d.wantDepth(q, depth{1, 0, 0})
}

func TestAPurgeForgetsDuplicates(t *testing.T) { // 1.9
	d := open(t)
	q := d.create("q.fifo")
	d.fifo(q, "g", "m", "id")
	d.must(d.PurgeQueue(d.ctx, backend.PurgeQueueInput{QueueUrl: q}))
	d.wantDepth(q, depth{0, 0, 0})
	d.fifo(q, "g", "m", "id")
	d.wantDepth(q, depth{1, 0, 0})
}

func TestContentBasedDeduplicationGoesByTheBodyAlone(t *testing.T) { // 8.1
	d := open(t)
	q := d.create("q.fifo", backend.AttrContentBasedDeduplication, "true")
	in := backend.SendMessageInput{QueueUrl: q, MessageBody: "m", MessageGroupId: backend.Some("g")}
	d.sendInput(in)
	in.MessageAttributes = map[string]backend.MessageAttribute{"a": {DataType: "String", StringValue: backend.Some("x")}}
	d.sendInput(in)
	in.MessageDeduplicationId = backend.Some("62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a") // of m
	d.sendInput(in)
	d.wantDepth(q, depth{1, 0, 0})
	in.MessageDeduplicationId = backend.Some("explicit")
	d.sendInput(in)
	d.wantDepth(q, depth{2, 0, 0})
}

func TestTheScopeOfDeduplicationIsTheQueueOrTheGroup(t *testing.T) { // 8.1
	d := open(t)
	q := d.create("q.fifo", backend.AttrDeduplicationScope, "messageGroup")
	d.fifo(q, "g1", "m", "id")
	d.fifo(q, "g2", "m", "id")
	d.fifo(q, "g2", "m", "id")
	d.wantDepth(q, depth{2, 0, 0})
}

func TestAChangedScopeIsFollowedAMinuteLater(t *testing.T) { // 2.6
	d := open(t)
	q := d.create("q.fifo")
	d.set(q, backend.AttrDeduplicationScope, "messageGroup")
	d.fifo(q, "g1", "m", "id")
	d.fifo(q, "g2", "m", "id")
	d.wantDepth(q, depth{1, 0, 0})
	d.pass(time.Minute)
	d.fifo(q, "g1", "m", "id2")
	d.fifo(q, "g2", "m", "id2")
	d.wantDepth(q, depth{3, 0, 0})
}

func (d *desk) attempt(q, id string, visibility int) []backend.Message {
	d.t.Helper()
	return d.receiveInput(backend.ReceiveMessageInput{
		QueueUrl: q, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(visibility),
		ReceiveRequestAttemptId: backend.Some(id),
	})
}

func TestAnAttemptIdGivesTheSameMessagesAndHandlesAgain(t *testing.T) { // 5.8
	d := open(t)
	q := d.create("q.fifo")
	d.fifo(q, "g", "1", "")
	d.fifo(q, "g", "2", "")
	first := d.attempt(q, "try", 30)
	d.fifo(q, "other", "3", "") // other groups stay receivable
	d.pass(20 * time.Second)
	d.same(d.attempt(q, "try", 30), first) // handles and counts too
	d.want(d.receiveFor(q, 10, 100), "3")
	d.pass(29 * time.Second)
	d.wantDepth(q, depth{0, 3, 0}) // the timeout was restarted
	d.pass(time.Second)
	d.wantDepth(q, depth{2, 1, 0})
}

func TestAnAttemptIdMindsNothingElseOfTheRequest(t *testing.T) { // 5.8
	d := open(t)
	q := d.create("q.fifo")
	d.fifo(q, "g", "1", "")
	first := d.attempt(q, "try", 30)
	d.fifo(q, "other", "2", "")
	again := d.receiveInput(backend.ReceiveMessageInput{
		QueueUrl: q, MaxNumberOfMessages: backend.Some(5), VisibilityTimeout: backend.Some(100), WaitTimeSeconds: backend.Some(1),
		ReceiveRequestAttemptId: backend.Some("try"),
	})
	d.same(again, first)
	d.pass(99 * time.Second)
	d.wantDepth(q, depth{1, 1, 0})
	d.want(d.attempt(q, "another", 30), "2")
}

func TestWhatTheOldScopeKnewIsNotLookedUpInTheNewOne(t *testing.T) { // 2.6
	d := open(t)
	q := d.create("q.fifo", backend.AttrDeduplicationScope, "messageGroup")
	d.fifo(q, "g1", "m", "id")
	d.set(q, backend.AttrDeduplicationScope, "queue")
	d.fifo(q, "g1", "m", "id") // the old one still
	d.pass(time.Minute)
	d.fifo(q, "g1", "m", "id")
	d.fifo(q, "g2", "m", "id")
	d.wantDepth(q, depth{2, 0, 0})
}

func TestAnAttemptIdIsForgotten(t *testing.T) { // 5.8
	for name, forget := range map[string]func(d *desk, q string, got []backend.Message){
		"when a message was deleted":    func(d *desk, q string, got []backend.Message) { d.delete(q, got[0]) },
		"when a visibility was changed": func(d *desk, q string, got []backend.Message) { d.must(d.hide(q, got[1], 40)) },
		"when a message was given back": func(d *desk, q string, got []backend.Message) { d.must(d.hide(q, got[0], 0)) },
		"when others received it":       func(d *desk, q string, _ []backend.Message) { d.pass(30 * time.Second); d.receive(q, 1) },
		"after five minutes":            func(d *desk, _ string, _ []backend.Message) { d.pass(5 * time.Minute) },
		"when the queue was purged": func(d *desk, q string, _ []backend.Message) {
			d.must(d.PurgeQueue(d.ctx, backend.PurgeQueueInput{QueueUrl: q}))
		},
		"when a visibility was changed, then up": func(d *desk, q string, got []backend.Message) { d.must(d.hide(q, got[0], 0)); d.pass(time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t)
			q := d.create("q.fifo")
			d.fifo(q, "g", "1", "")
			d.fifo(q, "g", "2", "")
			first := d.attempt(q, "try", 30)
			forget(d, q, first)
			for _, m := range d.attempt(q, "try", 30) {
				if m.ReceiptHandle == first[0].ReceiptHandle || m.ReceiptHandle == first[1].ReceiptHandle {
					t.Error("a handle was given again")
				}
			}
		})
	}
}

func TestAReplayBeginsTwelveNewHours(t *testing.T) { // 1.15, 5.8
	d := open(t)
	q := d.create("q.fifo")
	d.fifo(q, "g", "m", "")
	d.attempt(q, "try", 100)
	d.pass(time.Minute)
	m := d.attempt(q, "try", 100)[0]
	d.must(d.hide(q, m, 43200))
}
