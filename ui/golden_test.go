package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

// TestFrames keeps the look of every screen, at both sizes. With SHOTS naming a
// folder it writes them as pictures, in both themes, to be looked at.
func TestFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 40}} {
		for _, light := range []bool{false, true} {
			name := fmt.Sprintf("%dx%d-%s", size[0], size[1], map[bool]string{false: "dark", true: "light"}[light])
			t.Run(name, func(t *testing.T) { frames(t, name, setup{w: size[0], h: size[1], light: light, fill: shelf}) })
		}
	}
}

// shelf is a small fleet at rest, the same each time.
func shelf(t *testing.T, sqs backend.SQS) {
	t.Helper()
	twoSources(t, sqs)
	queue(t, sqs, "payments.fifo", map[string]string{backend.AttrFifoQueue: "true", backend.AttrContentBasedDeduplication: "true"})
	for i := range 3 {
		_, err := sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: url(t, sqs, "payments.fifo"), MessageBody: fmt.Sprintf(`{"payment":%d}`, i), MessageGroupId: backend.Some("customer-7")})
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := sqs.SendMessage(t.Context(), backend.SendMessageInput{
		QueueUrl: url(t, sqs, "orders"), MessageBody: `{"orderId":"A-1","total":12.5,"paid":true,"note":"a\u202eb","items":[{"sku":"tea","n":2}]}`,
		MessageAttributes: map[string]backend.MessageAttribute{
			"source": {DataType: "String", StringValue: backend.Some("web")}, "tries": {DataType: "Number", StringValue: backend.Some("3")},
			"raw": {DataType: "Binary", BinaryValue: []byte{0xff, 0x00, 0x10}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	send(t, sqs, "orders", "not JSON at all", "\u009b31mred? \u202efdp.exe")
}

// frames walks through the screens and keeps what each shows.
func frames(t *testing.T, name string, s setup) {
	var all strings.Builder
	onScreen(t, s, func(t *testing.T, d *desk) {
		take := func(what string) {
			d.PNG(name + "-" + what)
			fmt.Fprintf(&all, "── %s\n%s\n", what, d.Text())
		}
		d.Press("Z") // the same times in every time zone
		d.Press("p") // nothing moves while it is looked at
		d.Wait(15 * time.Second)
		take("queues")
		d.Press("?")
		take("keys")
		d.Press("Esc", "/")
		d.Type("order")
		take("filter")
		d.Press("Enter", "Enter")
		d.Wait(time.Second)
		take("messages")
		d.Press("Enter")
		take("reader")
		d.Press("Esc", "j", "x")
		take("delete")
		d.Press("Esc", "Esc", "a")
		d.Wait(time.Second)
		take("attributes")
		d.Press("Esc", "d")
		d.Wait(time.Second)
		take("dead-letters")
		d.Press("m")
		take("redrive")
		d.Press("Esc", "Esc", "s")
		d.Type("hello")
		take("compose")
		d.Press("Esc", "c")
		take("contexts")
		d.Press("Esc", "!")
		take("access")
		if !s.light {
			d.goldenText(t, all.String())
		}
	})
}
