package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

// Whoever makes a queue may turn its knobs as well.
func TestAQueueFromOutsideHasKnobs(t *testing.T) {
	onStage(t, setup{w: 100, h: 30, scenario: "empty", fill: func(t *testing.T, sqs backend.SQS) { queue(t, sqs, "guest", nil) }}, func(t *testing.T, d *desk) {
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("Knobs of guest", "DelaySeconds")
	})
}

// The messages in the details are those that the queue holds, also between two
// ticks.
func TestTheDetailsForgetWhatIsGone(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, scenario: "empty"}, func(t *testing.T, d *desk) {
		queue(t, d.sqs, "jobs.fifo", map[string]string{backend.AttrFifoQueue: "true", backend.AttrContentBasedDeduplication: "true"})
		d.Press("Z", "S")
		d.Wait(2 * time.Second)
		const soon = 600 * time.Millisecond // less than a tick of the root
		if _, err := d.sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: url(t, d.sqs, "jobs.fifo"), MessageBody: "one", MessageGroupId: backend.Some("ada")}); err != nil {
			t.Fatal(err)
		}
		d.Wait(soon)
		d.Shows(" ada visible")
		got, err := d.sqs.ReceiveMessage(t.Context(), backend.ReceiveMessageInput{QueueUrl: url(t, d.sqs, "jobs.fifo")})
		if err != nil || len(got.Messages) != 1 {
			t.Fatal(got, err)
		}
		d.Wait(soon)
		d.Shows(" ada in flight 29s · 1 receive", " ada received once from jobs.fifo")
		if err := d.sqs.DeleteMessage(t.Context(), backend.DeleteMessageInput{QueueUrl: url(t, d.sqs, "jobs.fifo"), ReceiptHandle: got.Messages[0].ReceiptHandle}); err != nil {
			t.Fatal(err)
		}
		d.Wait(soon)
		d.Shows("holds     nothing")
		d.Hides(" ada in flight")
	})
}

// Somebody else may bring a snapshot back: what has not happened by then is gone.
func TestTheEventsAreThoseOfTheWorldThatWasBroughtBack(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, scenario: "empty", calm: true}, func(t *testing.T, d *desk) {
		queue(t, d.sqs, "jobs", nil)
		d.Press("Z", "S")
		d.Wait(10 * time.Second)
		send(t, d.sqs, "jobs", "early")
		d.Wait(10 * time.Second)
		was := d.world(t)
		d.Wait(time.Second)
		send(t, d.sqs, "jobs", "late")
		queue(t, d.sqs, "more", nil)
		d.Wait(10 * time.Second)
		if n := strings.Count(d.Text(), "sent to jobs"); n != 2 {
			t.Fatalf("%d messages are said to be sent", n)
		}
		d.Shows("+ queue made · more")
		if err := d.engine.Stack().Snapshots.Restore(t.Context(), strings.NewReader(was)); err != nil {
			t.Fatal(err)
		}
		d.Wait(10 * time.Second)
		d.Shows("everything is as a snapshot says", "holds     1 visible")
		if n := strings.Count(d.Text(), "sent to jobs"); n != 1 {
			t.Errorf("%d messages are said to be sent", n)
		}
		d.Hides("queue made")
	})
}

func TestATopicShowsItsFilters(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, scenario: "fan-out", calm: true}, func(t *testing.T, d *desk) {
		d.Press("S")
		d.Wait(2 * time.Second)
		d.Press("Left", "Down")
		d.Shows("SNS topic", "analytics, raw: everything", "warehouse, raw:", `{"eventType":[{"prefix":"order.cancel"}]}`)
	})
}

// Who has gone back and goes on from there has moments of that future as well.
func TestMomentsAreKeptAfterARewind(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, scenario: "throttled", calm: true}, func(t *testing.T, d *desk) {
		d.Press("S")
		d.Wait(25 * time.Second)
		d.Press("p")
		d.Wait(12 * time.Second)
		d.Shows("4 moments")
		d.Press("b", "Down", "Down", "Down", "Enter") // the first one
		d.Wait(2 * time.Second)
		d.Shows("5 moments") // with the present
		d.Press("p")
		d.Wait(20 * time.Second)
		d.Shows("7 moments")
	})
}

// Who leaves the scene finds what was kept when he comes back.
func TestMomentsOutliveTheScene(t *testing.T) {
	onStage(t, theatre(), func(t *testing.T, d *desk) {
		d.Press(".", "m")
		d.Wait(2 * time.Second)
		d.Shows("2 moments")
		d.Press("Esc", "S")
		d.Wait(2 * time.Second)
		d.Shows("2 moments")
		was := d.picture(t).At
		d.Press(".")
		d.Wait(2 * time.Second)
		d.Press("b")
		d.Shows("kept by you")
		d.Type("by you")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		if at := d.picture(t).At; !at.Equal(was) {
			t.Errorf("it is %v again, and not %v", at, was)
		}
	})
}

// A send that is refused is trouble that no queue and no consumer shows.
func TestRefusedSendsAreCounted(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, scenario: "throttled", calm: true}, func(t *testing.T, d *desk) {
		d.Press("S")
		d.Wait(2 * time.Second)
		d.Hides("refused sends")
		if _, err := d.conn.Stack.Faults.SetFault(t.Context(), backend.Fault{Kind: backend.FaultThrottle, Action: "SendMessage", Probability: 1}); err != nil {
			t.Fatal(err)
		}
		d.Wait(30 * time.Second)
		l, err := d.conn.Stack.Stage.Ledger(t.Context())
		if err != nil || l.Total.Refused == 0 {
			t.Fatal(l.Total, err)
		}
		d.Press("p")
		d.Wait(6 * time.Second)
		d.Shows(fmt.Sprintf("! refused sends %d", l.Total.Refused))
	})
}

func TestTheMouseChoosesInTheSceneAndOffersKnobs(t *testing.T) {
	s := theatre()
	s.mouse, s.calm = true, true
	onScreen(t, s, func(t *testing.T, d *desk) {
		d.Press("S")
		d.Wait(2 * time.Second)
		d.Click("λ make-report")
		d.Wait(2 * time.Second)
		d.Shows("Lambda function, event source mapping", "Invocations")
		d.Click("└ reports-careful-dlq")
		d.Click("└ reports-careful-dlq")
		d.Wait(2 * time.Second)
		d.Shows("Knobs of reports-careful-dlq")
	})
}
