package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/guard"
)

func TestAFIFOQueueIsMadeWithItsDeadLetterQueueInOneGo(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: orders}, func(t *testing.T, d *desk) {
		d.Press("n")
		d.Type("in voices")
		d.Shows("✗ Can only include alphanumeric characters")
		d.Press("C-u")
		d.Type("invoices")
		d.Press("Down", "Right") // FIFO
		d.Shows("invoices.fifo", "invoices-dlq.fifo", "throughput")
		d.Press("Down", "Down", "Down", "Down", "Down") // visibility
		d.Type("13h")
		d.Shows("Invalid value for the parameter VisibilityTimeout.")
		d.Press("C-s")
		d.Shows("not created")
		d.Press("C-u")
		d.Type("2m")
		d.Shows(`"VisibilityTimeout":"120"`)
		d.Press("C-s")
		d.Wait(2 * time.Second)
		d.Shows("created invoices.fifo with invoices-dlq.fifo", "invoices.fifo settings")
		if v := attr(t, d, "invoices.fifo", backend.AttrRedrivePolicy); !strings.Contains(v, "invoices-dlq.fifo") || !strings.Contains(v, `"maxReceiveCount":5`) {
			t.Errorf("the RedrivePolicy is %s", v)
		}
		if v := attr(t, d, "invoices-dlq.fifo", backend.AttrMessageRetentionPeriod); v != "1209600" {
			t.Errorf("the dead-letter queue keeps messages for %s s", v)
		}
		if v := attr(t, d, "invoices.fifo", backend.AttrVisibilityTimeout); v != "120" {
			t.Errorf("the visibility timeout is %s", v)
		}
	})
}

// moody refuses to make one queue, once.
type moody struct {
	backend.SQS
	queue string
	done  bool
}

func (m *moody) CreateQueue(ctx context.Context, in backend.CreateQueueInput) (backend.CreateQueueOutput, error) {
	if in.QueueName == m.queue && !m.done {
		m.done = true
		return backend.CreateQueueOutput{}, backend.ErrorOf(backend.ErrRequestThrottled, "Rate exceeded")
	}
	return m.SQS.CreateQueue(ctx, in)
}

func TestHalfAFailureIsSaidAndTriedAgain(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: orders, wrap: func(s backend.SQS) backend.SQS { return &moody{SQS: s, queue: "bills"} }}, func(t *testing.T, d *desk) {
		d.Press("n")
		d.Type("bills")
		d.Press("C-s")
		d.Wait(2 * time.Second)
		d.Shows("created bills-dlq, but not bills", "Rate exceeded", "it exists now; trying again takes it as it is")
		d.Press("C-s")
		d.Wait(2 * time.Second)
		d.Shows("bills settings", "bills-dlq after 5 receives")
	})
}

func TestADeadLetterQueueIsMadeForAQueueThatHasNone(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: orders}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "4")
		d.Shows("There is no dead-letter queue")
		d.Press("Enter")
		d.Shows("a dead-letter queue for orders", "orders-dlq", "14 d", "set-queue-attributes")
		d.Press("C-s")
		d.Wait(2 * time.Second)
		d.Shows("orders doctor", "orders uses it")
		d.Hides("There is no dead-letter queue")
		if v := attr(t, d, "orders", backend.AttrRedrivePolicy); !strings.Contains(v, "orders-dlq") {
			t.Errorf("the RedrivePolicy is %s", v)
		}
	})
}

func TestAnExistingDeadLetterQueueIsChosenFromAList(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: twoSources}, func(t *testing.T, d *desk) {
		d.Press("n")
		d.Type("carts")
		d.Press("Down", "Down", "Right", "Down") // dead letters: a queue that exists
		d.Press("C-o")
		d.Type("shared")
		d.Press("Enter")
		d.Shows("shared-dead")
		d.Press("C-u")
		d.Type("nowhere")
		d.Shows("Dead letter target")
		d.Press("C-u")
		d.Type("shared-dead")
		d.Press("C-s")
		d.Wait(2 * time.Second)
		d.Shows("carts settings", "shared-dead after 5 receives")
	})
}

func TestAFormThatWasFilledInIsNotDroppedBySlip(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, fill: orders}, func(t *testing.T, d *desk) {
		d.Press("n", "Esc")
		d.Hides("new queue /", "what will be sent")
		d.Press("n")
		d.Type("bills")
		d.Press("Esc")
		d.Shows("Leave without creating it?")
		d.Press("Esc")
		d.Shows("bills-dlq")
		d.Press("Esc", "Enter")
		d.Hides("what will be sent")
	})
}

func TestTheFormFitsEveryTerminalAndShowsTheFieldThatHasTheKeys(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, fill: orders}, func(t *testing.T, d *desk) {
		d.Press("n")
		d.Type("bills.fifo")
		for _, size := range [][2]int{{60, 15}, {80, 24}, {119, 20}, {120, 15}, {200, 50}} {
			d.Resize(size[0], size[1])
			for range 18 {
				d.Press("Tab")
				if !strings.Contains(d.Text(), "▸") {
					t.Fatalf("%v: no field has the keys\n%s", size, d.Text())
				}
				if lines := strings.Split(d.Text(), "\n"); !strings.Contains(lines[size[1]-1], "create") {
					t.Fatalf("%v: the last line is %q", size, lines[size[1]-1])
				}
			}
		}
	})
}

// A key of a screen whose fields have the keys says why it is off, as one does
// everywhere else, and does nothing.
func TestAKeyThatIsOffSaysWhyWhileFieldsHaveTheKeys(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: shelf}, func(t *testing.T, d *desk) {
		d.Press("n")
		d.Wait(time.Second)
		d.Press("ctrl+o")
		d.Shows("there is a list only for a dead-letter queue that exists")
	})
	onScreen(t, setup{w: 120, h: 40, fill: shelf}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Wait(time.Second)
		d.Type("hello")
		d.conn.Guard.SetLevel(guard.Peek) // it has lapsed meanwhile
		d.Press("ctrl+s")
		d.Shows("send: ", "raise")
	})
}
