package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/outbox"
)

// TestFramesOfSending keeps the look of the composer and of sending many.
func TestFramesOfSending(t *testing.T) {
	t.Parallel()
	inEveryLook(t, setup{fill: posted, wrap: choosy, templates: []outbox.Template{
		{Name: "an order", Draft: outbox.Draft{Body: `{"orderId":"{{seq}}","total":12.5}`, Attributes: []outbox.Attribute{{Name: "source", Value: "test"}}}},
		{Name: "a payment", Queues: "pay*", Draft: outbox.Draft{Body: "p"}},
	}}, sendingFrames)
}

// posted is two queues, one with a message.
func posted(t *testing.T, sqs backend.SQS) {
	t.Helper()
	queue(t, sqs, "orders", map[string]string{backend.AttrMaximumMessageSize: "65536", backend.AttrDelaySeconds: "5"})
	queue(t, sqs, "payments.fifo", map[string]string{backend.AttrFifoQueue: "true", backend.AttrContentBasedDeduplication: "true"})
	_, err := sqs.SendMessage(t.Context(), backend.SendMessageInput{
		QueueUrl: url(t, sqs, "orders"), MessageBody: `{"orderId":"A-1","total":12.5}`, DelaySeconds: backend.Some(0),
		MessageAttributes: map[string]backend.MessageAttribute{"source": {DataType: "String", StringValue: backend.Some("web")}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func sendingFrames(t *testing.T, name string, s setup) string {
	var all strings.Builder
	onScreen(t, s, func(t *testing.T, d *desk) {
		take := func(what string) {
			d.PNG(name + "-" + what)
			fmt.Fprintf(&all, "── %s\n%s\n", what, d.Text())
		}
		d.Press("Z")
		d.Press("s")
		take("empty")
		d.Paste("{\n  \"orderId\": \"A-2\",\n  \"items\": [\n    {\"sku\": \"tea\", \"n\": 2,}\n  ]\n}")
		d.Press("Tab")
		d.Type("customer 7")
		d.Press("Tab")
		d.Type("901")
		d.Press("Tab", "Tab")
		d.Type("source")
		d.Press("Tab", "Tab")
		d.Type("web")
		d.Press("Tab")
		d.Type("tries")
		d.Press("Tab")
		d.Type("Number")
		d.Press("Tab")
		d.Type("three")
		take("wrong")
		d.Press("Up", "Tab", "Tab", "C-o")
		take("types")
		d.Press("Esc", "Esc", "Enter")
		d.Wait(time.Second)
		d.Press("S")
		d.Wait(time.Second)
		take("dropping")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Press("C-u")
		d.Paste(`{"total":13,"orderId":"A-1"}`)
		d.Press("Tab", "Tab", "Tab", "Tab", "Tab", "Tab")
		d.Type("s")
		take("again")
		d.Press("C-s")
		d.Wait(time.Second)
		take("difference")
		d.Press("Esc", "Esc", "Esc", "j", "s")
		d.Type(`{"payment":1}`)
		d.Press("Tab")
		d.Type("customer-7")
		d.Press("Tab")
		d.Type("pay-1")
		take("fifo")
		d.Press("C-t")
		d.Wait(time.Second)
		take("templates")
		d.Press("Esc", "Esc", "k", "s")
		d.Press("C-t")
		d.Wait(time.Second)
		d.Press("Enter", "Enter") // the difference was of this queue, and is still written
		d.Wait(time.Second)
		d.Press("C-n", "Tab", "C-u")
		d.Type("200")
		d.Press("Tab", "Tab", "C-u")
		d.Type("25")
		d.Press("Tab")
		d.Type("20")
		d.Wait(time.Second)
		take("many")
		d.Press("C-s")
		d.Wait(time.Second)
		take("many-asked")
		d.Press("Enter")
		d.Wait(3500 * time.Millisecond)
		take("sending")
		d.Wait(10 * time.Second)
		take("sent")
	})
	return all.String()
}
