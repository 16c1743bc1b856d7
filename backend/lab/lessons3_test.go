package lab_test

import (
	"testing"
	"time"

	"sqscope/backend"
)

func (c *class) trySend(in backend.SendMessageInput) error {
	c.t.Helper()
	_, err := c.sqs.SendMessage(c.t.Context(), in)
	c.look()
	return err
}

// redrive lets SQS move all messages of a dead-letter queue back.
func (c *class) redrive(dlq string, rate int) string {
	c.t.Helper()
	in := backend.StartMessageMoveTaskInput{SourceArn: "arn:aws:sqs:us-east-1:000000000000:" + dlq}
	if rate > 0 {
		in.MaxNumberOfMessagesPerSecond = backend.Some(rate)
	}
	out, err := c.sqs.StartMessageMoveTask(c.t.Context(), in)
	c.must(err)
	c.look()
	return out.TaskHandle
}

// x sends X to the desk with a timer, lets it become visible and be received.
func (c *class) x(timer int, receiveAfter time.Duration) {
	c.t.Helper()
	c.send(backend.SendMessageInput{QueueUrl: "desk", MessageBody: `{"note":"X"}`, DelaySeconds: backend.Some(timer)})
	c.step(receiveAfter)
	c.receive("desk", 10)
	c.step(30 * time.Second)
}

func (c *class) desks() {
	c.t.Helper()
	c.choose("retroactive", "fifo")
	c.set("desk", map[string]string{"DelaySeconds": "0"})
	c.set("desk.fifo", map[string]string{"DelaySeconds": "0"})
	err := c.trySend(backend.SendMessageInput{
		QueueUrl: "desk.fifo", MessageBody: "X", DelaySeconds: backend.Some(5), MessageGroupId: backend.Some("g"),
	})
	if kindOf(err) != backend.KindInvalid {
		c.t.Fatalf("a FIFO queue took a timer: %v", err)
	}
	c.choose("first-bar", "timer")
	c.choose("second-bar", "visibility")
	c.answer("third-bar", "15m")
	c.choose("which", "ChangeMessageVisibility")
}

func TestHiddenOnArrival(t *testing.T) {
	c := attend(t, "5")
	c.x(45, 45*time.Second)
	c.desks()
	c.passed()
}

func TestTheWrongTimer(t *testing.T) {
	c := attend(t, "5")
	c.x(75, 75*time.Second)
	c.choose("second-bar", "timer")
	c.hinted("another timer")
	c.stuck("at-45", "at-75")
}

func TestXReceivedLate(t *testing.T) {
	c := attend(t, "5")
	c.x(45, 50*time.Second)
	c.desks()
	c.only("at-75")
}

func (c *class) charge(key string) {
	c.t.Helper()
	if key != "" {
		c.turn("cashier", "idempotency", key)
	}
	c.step(3 * time.Minute)
	c.turn("cashier", "fail 1", "0")
	c.redrive("charges-dlq", 0)
	c.step(time.Minute)
}

func TestAtLeastOnce(t *testing.T) {
	c := attend(t, "6")
	c.choose("charges", "more than")
	c.charge("")
	c.stuck("exactly")
	c.reset()
	c.choose("charges", "exactly")
	c.charge("effect")
	c.choose("where", "transaction")
	c.passed()
}

func TestTheMessageIdIsNoKey(t *testing.T) {
	c := attend(t, "6")
	c.choose("charges", "exactly")
	c.charge("message-id")
	c.hinted("its MessageId is another one now")
	c.stuck("exactly", "key")
}

func TestAChargeTooMany(t *testing.T) {
	c := attend(t, "6")
	c.choose("charges", "more than")
	c.charge("message-id")
	c.only("exactly", "key")
}

func TestAKeyWithoutARedrive(t *testing.T) {
	c := attend(t, "6")
	c.choose("charges", "exactly")
	c.turn("cashier", "idempotency", "effect")
	c.step(5 * time.Minute)
	c.choose("where", "transaction")
	c.stuck("redriven", "key")
}

const noLimit = `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:invoices-dlq","maxReceiveCount":100}`

func TestThreeStrikes(t *testing.T) {
	c := attend(t, "7")
	c.answer("moves", "a b")
	c.answer("counts", "3 2 1")
	c.receive("invoices", 10)
	c.redrive("invoices-dlq", 0)
	c.step(31 * time.Second)
	c.set("invoices", map[string]string{"RedrivePolicy": noLimit})
	c.receive("invoices", 10)
	c.choose("advice", "5 or more")
	c.passed()
}

func TestLookingAgainAtThreeStrikes(t *testing.T) {
	c := attend(t, "7")
	c.answer("moves", "a")
	c.answer("counts", "3 2 1")
	c.receive("invoices", 10)
	c.step(31 * time.Second)
	c.receive("invoices", 10)
	c.hinted("dead-lettered another healthy invoice")
	c.stuck("healthy")
}

func TestAnUnsafeLookIsNotEnough(t *testing.T) {
	c := attend(t, "7")
	c.answer("moves", "b,a")
	c.answer("counts", "3 2 1")
	c.receive("invoices", 10)
	c.redrive("invoices-dlq", 0)
	c.step(2 * time.Second)
	c.only("safe")
}

const day = 24 * time.Hour

func TestClockInTheDLQ(t *testing.T) {
	c := attend(t, "8")
	c.answer("standard", "24h")
	c.answer("fifo", "4d")
	c.receive("bills", 1)
	c.receive("bills.fifo", 1)
	for _, q := range []string{"bills-dlq", "bills-dlq.fifo"} {
		c.set(q, map[string]string{"MessageRetentionPeriod": "1209600"})
	}
	c.step(10*day + time.Hour)
	c.choose("redriven", "new message")
	c.passed()
}

func TestTenDaysWithElevenDaysOfRetention(t *testing.T) {
	c := attend(t, "8")
	c.answer("standard", "4d")
	c.answer("fifo", "4d")
	c.receive("bills", 1)
	c.receive("bills.fifo", 1)
	for _, q := range []string{"bills-dlq", "bills-dlq.fifo"} {
		c.set(q, map[string]string{"MessageRetentionPeriod": "950400"})
	}
	c.step(10 * day)
	c.hinted("A bill is lost")
	c.stuck("there")
}

func TestTheClockHasToRun(t *testing.T) {
	c := attend(t, "8")
	c.answer("standard", "1d")
	c.answer("fifo", "4d")
	c.receive("bills", 1)
	c.receive("bills.fifo", 1)
	for _, q := range []string{"bills-dlq", "bills-dlq.fifo"} {
		c.set(q, map[string]string{"MessageRetentionPeriod": "1209600"})
	}
	c.step(9 * day)
	c.only("away")
}
