package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

func TestAnInvalidMessageIsRefusedBeforeItIsSentAndTheTextStays(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "payments.fifo", map[string]string{backend.AttrFifoQueue: "true"})
		queue(t, sqs, "small", map[string]string{backend.AttrMaximumMessageSize: "1024"})
	}}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("payments")
		d.Press("Enter", "s")
		d.Type("pay")
		d.Press("C-s")
		d.Shows("not sent", "MessageGroupId", "✗ group id", "pay") // why, and the text
		d.Type("group with blanks")
		d.Press("C-s")
		d.Shows("not sent", "alphanumeric and punctuation", "group with blanks")
		d.Press("C-u")
		d.Type("customer-7")
		d.Press("C-s")
		d.Shows("not sent", "MessageDeduplicationId")
		d.Type("once") // the cursor stands where it is wrong
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("sent to payments.fifo")
		if n := attr(t, d, "payments.fifo", backend.AttrMessages); n != "1" {
			t.Errorf("%s messages were sent", n)
		}
	})
}

func TestAMessageThatIsTooBigOrHasAForbiddenCharacterIsRefused(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "small", map[string]string{backend.AttrMaximumMessageSize: "1024"})
	}}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Paste(strings.Repeat("x", 1025))
		d.Shows("1,025 of 1,024 bytes")
		d.Press("C-s")
		d.Shows("not sent", "shorter than 1024 bytes")
		d.Press("Backspace", "C-s")
		d.Wait(time.Second)
		d.Shows("sent to small")
		d.Press("s")
		d.Paste("a\x01b")
		d.Press("C-s")
		d.Shows("not sent", "'#x1'")
		d.Press("Esc", "s")
		d.Shows("a") // the text was kept
		d.Press("C-u")
		d.Type("late")
		d.Press("Tab", "Tab")
		d.Type("901")
		d.Press("C-s")
		d.Shows("not sent", "DelaySeconds must be >= 0 and <= 900")
		if n := attr(t, d, "small", backend.AttrMessages); n != "1" {
			t.Errorf("%s messages were sent", n)
		}
	})
}

func TestASendThatFailsKeepsTheText(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, remote: true, wrap: func(s backend.SQS) backend.SQS { return unreachable{s} }, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
	}}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type("precious")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("network", "nobody answered", "precious")
	})
}

// unreachable takes no message.
type unreachable struct{ backend.SQS }

func (unreachable) SendMessage(context.Context, backend.SendMessageInput) (backend.SendMessageOutput, error) {
	return backend.SendMessageOutput{}, backend.Errorf(backend.KindNetwork, "nobody answered")
}
