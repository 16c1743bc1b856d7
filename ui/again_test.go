package ui

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/guard"
)

// mailed is a queue with a message of which a mask hides a part.
func mailed(t *testing.T, sqs backend.SQS) {
	t.Helper()
	both(t, sqs)
	_, err := sqs.SendMessage(context.Background(), backend.SendMessageInput{
		QueueUrl: url(t, sqs, "orders"), MessageBody: `{"mail":"a@b.c","n":1}`,
		MessageAttributes: map[string]backend.MessageAttribute{"n": {DataType: "Number", StringValue: backend.Some("1")}, "raw": {DataType: "Binary", BinaryValue: []byte{0, 255}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = sqs.SendMessage(context.Background(), backend.SendMessageInput{
		QueueUrl: url(t, sqs, "payments.fifo"), MessageBody: "pay", MessageGroupId: backend.Some("g"), MessageDeduplicationId: backend.Some("once"),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAMessageIsSentAgainAfterADifferenceWasShown(t *testing.T) {
	onScreen(t, setup{w: 120, h: 34, fill: mailed}, func(t *testing.T, d *desk) {
		d.Press("Enter")
		d.Wait(time.Second)
		d.Press("S")
		d.Wait(time.Second)
		d.Shows("send again to orders", `{"mail":"a@b.c","n":1}`, "hex:00ff")
		d.Press("Backspace", "Backspace")
		d.Type("2}")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("Send again to orders?", "~ .n: 1 → 2")
		d.Hides("attribute raw", "attribute n")
		d.Press("Esc", "C-s")
		d.Wait(time.Second)
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("sent to orders", "Queues / orders")
		all := got(t, d, "orders")
		if len(all) != 2 || all[0].Body == all[1].Body {
			t.Fatalf("in the queue are %+v", all)
		}
		if diff := cmp.Diff(all[0].MessageAttributes, all[1].MessageAttributes); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAFIFOMessageThatIsSentAgainGetsANewDeduplicationId(t *testing.T) {
	onScreen(t, setup{w: 120, h: 34, fill: mailed}, func(t *testing.T, d *desk) {
		d.Press("j", "Enter")
		d.Wait(time.Second)
		d.Press("S")
		d.Wait(time.Second)
		d.Press("Tab", "Tab")
		d.Shows("a new id: the one it had may be swallowed within 5 minutes in the queue", "again-")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("the body is the same, byte for byte", "~ dedup id: once → again-")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("sent to payments.fifo")
		if n := attr(t, d, "payments.fifo", backend.AttrMessages); n != "2" {
			t.Errorf("%s messages are in the queue", n)
		}
	})
}

func TestADeadLetterIsSentAgainToWhereItCameFrom(t *testing.T) {
	onScreen(t, setup{w: 120, h: 34, fill: twoSources}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("dead")
		d.Press("Enter", "Enter")
		d.Wait(time.Second)
		d.Shows("of orders")
		d.Press("S")
		d.Shows("Send it again to which queue?", "where it came from", "where it is now")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("send again to orders", "of orders")
	})
}

func TestWhatIsBeingWrittenIsNotDroppedUnasked(t *testing.T) {
	onScreen(t, setup{w: 120, h: 34, fill: mailed}, func(t *testing.T, d *desk) {
		d.Press("Enter")
		d.Wait(time.Second)
		d.Press("s")
		d.Type("precious")
		d.Press("Esc", "S")
		d.Wait(time.Second)
		d.Shows("Drop the message that you were writing to orders?", "precious")
		d.Press("Esc", "s")
		d.Wait(time.Second)
		d.Shows("send to orders", "precious")
	})
}

func TestWhatMasksHideIsNotSentAgainUnasked(t *testing.T) {
	masks := []config.Mask{{Mode: "deny", Paths: []string{".mail"}}}
	for _, reveal := range []bool{false, true} {
		onScreen(t, setup{w: 120, h: 34, fill: mailed, masks: masks}, func(t *testing.T, d *desk) {
			d.Press("Enter")
			d.Wait(time.Second)
			d.Press("S")
			d.Hides("a@b.c")
			d.Wait(time.Second)
			d.Shows("Masks hide parts of this message", "as masks leave it")
			d.Hides("a@b.c")
			want := `{"mail":"•••","n":1}`
			if reveal {
				want = `{"mail":"a@b.c","n":1}`
				d.Press("Enter")
			} else {
				d.Press("Down", "Enter")
			}
			d.Wait(time.Second)
			d.Shows(want)
			d.Press("C-s")
			d.Wait(time.Second)
			if !reveal {
				d.Hides("a@b.c") // the difference does not tell it either
			}
			d.Press("Enter")
			d.Wait(time.Second)
			d.Shows("sent to orders")
			n := 0
			for _, m := range got(t, d, "orders") {
				if m.Body == want {
					n++
				}
			}
			if reveal && n != 2 || !reveal && n != 1 {
				t.Errorf("%d of the messages are %s", n, want)
			}
		})
	}
}

func TestSendingAgainNeedsALevelThatAllowsIt(t *testing.T) {
	onScreen(t, setup{w: 120, h: 34, fill: mailed, level: guard.Peek}, func(t *testing.T, d *desk) {
		d.Press("Enter")
		d.Wait(time.Second)
		d.Press("S")
		d.Wait(time.Second)
		d.Press("C-s")
		d.Wait(time.Second)
		d.Hides("Send again to orders?")
		if n := attr(t, d, "orders", backend.AttrMessages); n != "1" {
			t.Errorf("%s messages are in the queue", n)
		}
	})
}
