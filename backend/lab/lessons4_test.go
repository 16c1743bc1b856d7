package lab_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/archive"
)

// letters are the messages of a queue.
func (c *class) letters(queue string) []backend.StoredMessage {
	c.t.Helper()
	out, err := c.engine.Browse(c.t.Context(), backend.BrowseInput{QueueUrl: queue, Limit: 10_000})
	c.must(err)
	return out.Messages
}

// export writes the messages of a queue to a file, as the program does.
func (c *class) export(queue string, leave int) string {
	c.t.Helper()
	arn, _ := backend.ParseARN("arn:aws:sqs:us-east-1:000000000000:" + queue)
	var records []archive.Record
	for _, m := range c.letters(queue)[leave:] {
		records = append(records, archive.RecordOf(arn, m.Message, m.State))
	}
	path := filepath.Join(c.t.TempDir(), "evidence.jsonl")
	f, err := os.Create(path)
	c.must(err)
	c.must(archive.Write(f, records))
	c.must(f.Close())
	return path
}

// settle does with every dead letter of the night what decide says: another
// queue's name to send it there, "" to delete it, "-" to leave it.
func (c *class) settle(decide func(body string) string) {
	c.t.Helper()
	for _, m := range c.letters("orders-dlq") {
		to := decide(m.Body)
		if to == "-" {
			continue
		}
		if to != "" {
			in := m.Again(to, false)
			c.must(func() error { _, err := c.sqs.SendMessage(c.t.Context(), in); return err }())
		}
		out, err := c.engine.RemoveMessages(c.t.Context(), backend.RemoveMessagesInput{QueueUrl: "orders-dlq", MessageIds: []string{m.MessageId}})
		c.must(err)
		if len(out.Failed) > 0 {
			c.t.Fatalf("%+v", out.Failed)
		}
	}
	c.look()
}

func careful(body string) string {
	switch {
	case strings.Contains(body, `"retry":`):
		return "orders"
	case strings.Contains(body, `"version":"5.12.0"`):
		return "orders-quarantine"
	case strings.Contains(body, `"decision":"reject"`):
		return ""
	}
	return "orders"
}

func (c *class) triage() {
	c.t.Helper()
	c.answer("groups", "61 74 19 46")
	c.choose("hostile", "clipboard")
	c.choose("do-503", "Redrive")
	c.choose("do-schema", "Set aside")
	c.choose("do-reject", "Delete")
	c.choose("do-throttled", "Redrive")
}

func (c *class) create(queue string) {
	c.t.Helper()
	_, err := c.sqs.CreateQueue(c.t.Context(), backend.CreateQueueInput{QueueName: queue})
	c.must(err)
}

func TestTriage(t *testing.T) {
	c := attend(t, "9")
	c.triage()
	c.answer("export", c.export("orders-dlq", 0))
	c.create("orders-quarantine")
	c.settle(careful)
	c.step(time.Minute)
	c.choose("tomorrow", "writes why")
	c.passed()
}

func TestTriageOfEverythingByRedrive(t *testing.T) {
	c := attend(t, "9")
	c.answer("groups", "60 75 19 46")
	c.answer("export", c.export("orders-dlq", 0))
	c.settle(func(string) string { return "orders" })
	c.step(time.Minute)
	c.hinted("still cannot process")
	c.stuck("aside", "out", "ended")
}

func TestTriageWithoutEvidence(t *testing.T) {
	c := attend(t, "9")
	c.triage()
	c.create("orders-quarantine")
	c.answer("export", c.export("orders-dlq", 1)) // one is missing
	c.settle(careful)
	c.choose("tomorrow", "writes why")
	c.stuck("evidence")
}

func TestRefusedOrdersLeftLying(t *testing.T) {
	c := attend(t, "9")
	c.triage()
	c.answer("export", c.export("orders-dlq", 0))
	c.create("orders-quarantine")
	c.settle(func(body string) string {
		if to := careful(body); to != "" {
			return to
		}
		return "-"
	})
	c.step(time.Minute)
	c.only("ended")
}

func (c *class) cancel(handle string) {
	c.t.Helper()
	_, err := c.sqs.CancelMessageMoveTask(c.t.Context(), backend.CancelMessageMoveTaskInput{TaskHandle: handle})
	c.must(err)
	c.look()
}

func (c *class) canary() {
	c.t.Helper()
	handle := c.redrive("orders-dlq", 1)
	c.step(9 * time.Second)
	c.cancel(handle)
	c.step(30 * time.Second)
}

func TestRedriveWithoutAStorm(t *testing.T) {
	c := attend(t, "10")
	c.choose("canary", "Back in orders-dlq")
	c.canary()
	c.turn("order-worker", "fail 1", "0")
	c.canary()
	c.redrive("orders-dlq", 4)
	c.step(2 * time.Minute)
	c.answer("ids", "2")
	c.choose("task", "stay where they are")
	c.passed()
}

func TestRedriveWithTheBug(t *testing.T) {
	c := attend(t, "10")
	c.choose("canary", "Processed")
	c.redrive("orders-dlq", 50)
	c.step(time.Minute)
	c.hinted("The cause was not mended")
	c.stuck("few", "done")
}

func TestRedriveAsAStorm(t *testing.T) {
	c := attend(t, "10")
	c.choose("canary", "Back in orders-dlq")
	c.canary()
	c.turn("order-worker", "fail 1", "0")
	c.redrive("orders-dlq", 100)
	c.step(3 * time.Minute)
	c.answer("ids", "2")
	c.only("calm", "few", "done")
}

func TestOneBadApple(t *testing.T) {
	c := attend(t, "11")
	c.step(time.Minute)
	c.choose("blocked", "B")
	c.answer("overtakes", "b2 b3 b4 b5")
	c.turn("moves.fifo", "maxReceiveCount", "3")
	c.step(time.Minute)
	c.choose("redrive", "end of group B")
	c.passed()
}

func TestTheAppleThrownAway(t *testing.T) {
	c := attend(t, "11")
	c.step(time.Minute)
	c.choose("blocked", "A")
	id := c.letters("moves.fifo")[0].MessageId
	_, err := c.engine.RemoveMessages(t.Context(), backend.RemoveMessagesInput{QueueUrl: "moves.fifo", MessageIds: []string{id}})
	c.must(err)
	c.step(time.Minute)
	c.hinted("b1 was deleted")
	c.stuck("kept")
}

func TestTheAppleThrownAwayInTheEnd(t *testing.T) {
	c := attend(t, "11")
	c.choose("blocked", "B")
	c.answer("overtakes", "b2 b3 b4 b5")
	c.turn("moves.fifo", "maxReceiveCount", "3")
	c.step(2 * time.Minute)
	c.purge("moves-dlq.fifo")
	c.only("kept")
}

func TestWaitingForTheApple(t *testing.T) {
	c := attend(t, "11")
	c.choose("blocked", "B")
	c.answer("overtakes", "b2 b3 b4 b5")
	c.step(10 * time.Minute)
	c.stuck("kept", "flows")
}

func (c *class) knock(dedup string) {
	c.t.Helper()
	c.send(backend.SendMessageInput{
		QueueUrl: "door.fifo", MessageBody: `{"order":1}`, MessageGroupId: backend.Some("g"), MessageDeduplicationId: backend.Some(dedup),
	})
}

func (c *class) lapse() {
	c.t.Helper()
	c.receive("door.fifo", 1)
	c.step(31 * time.Second)
	c.receive("door.fifo", 1)
	c.choose("exactly-once", "Nothing")
}

func TestFiveMinutesAtTheDoor(t *testing.T) {
	c := attend(t, "12")
	c.answer("swallowed", "2,4")
	c.knock("one")
	c.remove(c.receive("door.fifo", 1)...)
	c.step(10 * time.Second)
	c.knock("one")
	c.step(4*time.Minute + 50*time.Second)
	c.knock("one")
	c.knock("one")
	c.lapse()
	c.choose("retry", "Two messages")
	c.passed()
}

func TestFourSendsAtOnce(t *testing.T) {
	c := attend(t, "12")
	c.answer("swallowed", "3,4")
	for range 4 {
		c.knock("one")
	}
	c.hinted("Three of your sends were swallowed")
	c.stuck("four")
}

func TestTwoIdsAreNotOne(t *testing.T) {
	c := attend(t, "12")
	c.answer("swallowed", "2")
	c.knock("one")
	c.remove(c.receive("door.fifo", 1)...)
	c.knock("one")
	c.knock("two")
	c.knock("three")
	c.lapse()
	c.only("four")
}

// batch sends parts and says which entries were refused.
func (c *class) batch(parts ...int) (failed []int) {
	c.t.Helper()
	in := backend.SendMessageBatchInput{QueueUrl: "parts"}
	for _, n := range parts {
		in.Entries = append(in.Entries, backend.SendMessageBatchEntry{
			Id: fmt.Sprint(n), SendMessageInput: backend.SendMessageInput{MessageBody: fmt.Sprintf(`{"part":%d}`, n)},
		})
	}
	out, err := c.sqs.SendMessageBatch(c.t.Context(), in)
	c.must(err)
	for _, f := range out.Failed {
		for _, n := range parts {
			if f.Id == fmt.Sprint(n) {
				failed = append(failed, n)
			}
		}
	}
	c.look()
	return failed
}

var ten = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}

func TestABatchHalfFails(t *testing.T) {
	c := attend(t, "13")
	c.answer("status", "200")
	failed := c.batch(ten...)
	if len(failed) != 2 {
		t.Fatalf("%v failed", failed)
	}
	c.batch(failed...)
	c.answer("without", "10")
	c.turn("printer", "report", "true")
	c.step(4 * time.Minute)
	c.choose("fifo", "all after it")
	c.passed()
}

func TestTheWholeBatchAgain(t *testing.T) {
	c := attend(t, "13")
	c.answer("status", "400")
	c.batch(ten...)
	c.batch(ten...)
	c.hinted("Messages are in `parts` twice")
	c.stuck("whole")
}

func TestPagesWithoutReport(t *testing.T) {
	c := attend(t, "13")
	c.answer("status", "200")
	failed := c.batch(ten...)
	c.batch(failed...)
	c.answer("without", "10")
	c.step(4 * time.Minute)
	c.only("printed", "torn")
	if n := len(c.letters("pages-dlq")); n != 10 {
		t.Errorf("%d pages in the dead-letter queue", n)
	}
}

func TestNoisyNeighbour(t *testing.T) {
	c := attend(t, "14")
	c.choose("unseen", "without a function")
	c.turn("mails", "VisibilityTimeout", "60s")
	c.turn("mailer", "maximum", "2")
	c.step(time.Minute)
	c.turn("api-v2", "rate", "12")
	c.turn("api-v1", "rate", "0.0001")
	c.choose("fair", "MessageGroupId")
	c.step(2 * time.Minute)
	c.choose("reserve", "MaximumConcurrency")
	c.passed()
}

func TestMailsThatNobodyHasSeen(t *testing.T) {
	c := attend(t, "14")
	c.choose("unseen", "slowly")
	c.step(3 * time.Minute)
	c.hinted("Healthy mails are in the dead-letter queue")
	c.stuck("healthy", "mails")
}

func TestAQueueWithoutGroupsIsNotFair(t *testing.T) {
	c := attend(t, "14")
	c.choose("unseen", "without a function")
	c.turn("mails", "VisibilityTimeout", "60s")
	c.turn("mailer", "maximum", "2")
	c.choose("fair", "MessageGroupId")
	c.step(3 * time.Minute)
	c.only("backlog", "dwell")
}
