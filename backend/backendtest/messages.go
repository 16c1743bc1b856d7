package backendtest

import (
	"regexp"
	"strconv"
	"time"

	"sqscope/backend"
)

const noHandle = `The input receipt handle "garbage" is not a valid receipt handle.`

// Sections 1.11, 1.13, 1.14, 5.2, 5.4 to 5.9: the life of a message.
var messageTests = section{
	"sent, received, deleted": func(d *desk) { // 1.11, 1.13, 1.14
		url := d.queue("orders")
		out := d.send(url, "hello")
		if !regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(out.MessageId) || out.SequenceNumber != "" {
			d.Errorf("%+v", out)
		}
		d.counts(url, 1, 0, 0)
		m := d.one(url)
		d.equal("message", [2]string{m.MessageId, m.Body}, [2]string{out.MessageId, "hello"})
		d.counts(url, 0, 1, 0)
		d.delete(url, m)
		d.counts(url, 0, 0, 0)
		d.delete(url, m)
	},
	"at most as many as asked for, one if nothing is said": func(d *desk) { // 1.13, 5.1
		url := d.queue("orders")
		for _, body := range []string{"a", "b", "c"} {
			d.send(url, body)
		}
		out, err := d.sqs.ReceiveMessage(d.Context(), backend.ReceiveMessageInput{QueueUrl: url})
		d.must(err)
		if len(out.Messages) != 1 || out.Messages[0].Attributes != nil || out.Messages[0].MessageAttributes != nil {
			d.Errorf("%+v", out)
		}
		d.equal("number of messages", len(d.receive(url, upTo(1))), 1)
		d.equal("number of messages", len(d.receive(url)), 1)
	},
	"T15 an empty receive is not an empty queue": func(d *desk) { // 1.13, 5.7
		url := d.queue("orders")
		d.send(url, "in flight")
		d.one(url)
		d.send(url, "delayed", delay(60))
		d.gets(url, wait(0))
		d.counts(url, 0, 1, 1)
	},
	"each receive counts, and times are milliseconds": func(d *desk) { // 5.2, 0.3
		url := d.queue("orders")
		sent := time.Now()
		d.send(url, "a")
		d.later(2.5)
		first := time.Now()
		for n := 1; n <= 3; n++ {
			m := d.one(url, hidden(10))
			d.equal("receives", m.Attributes["ApproximateReceiveCount"], strconv.Itoa(n))
			d.equal("sent", m.Attributes["SentTimestamp"], strconv.FormatInt(sent.UnixMilli(), 10))
			d.equal("first received", m.Attributes["ApproximateFirstReceiveTimestamp"], strconv.FormatInt(first.UnixMilli(), 10))
			d.visibility(url, m, 0)
		}
	},
	"a standard queue takes any handle of a message": func(d *desk) { // 1.14, 5.4
		url := d.queue("orders")
		d.send(url, "a")
		old := d.one(url, hidden(1))
		d.later(1.1)
		d.one(url, hidden(30))
		d.delete(url, old)
		d.counts(url, 0, 0, 0)
	},
	"a handle whose visibility is over still deletes": func(d *desk) { // 1.14
		url := d.queue("orders")
		d.send(url, "a")
		m := d.one(url, hidden(1))
		d.later(2)
		d.counts(url, 1, 0, 0)
		d.delete(url, m)
		d.counts(url, 0, 0, 0)
	},
	"a handle is good for its queue only": func(d *desk) { // 1.14, 5.4
		url, other := d.queue("orders"), d.queue("others")
		d.send(url, "a")
		m := d.one(url)
		err := d.sqs.DeleteMessage(d.Context(), backend.DeleteMessageInput{QueueUrl: other, ReceiptHandle: m.ReceiptHandle})
		d.fails(err, backend.ErrReceiptHandleIsInvalid, `The input receipt handle "`+m.ReceiptHandle+`" is not a valid receipt handle.`)
		d.fails(d.sqs.DeleteMessage(d.Context(), backend.DeleteMessageInput{QueueUrl: url, ReceiptHandle: "garbage"}),
			backend.ErrReceiptHandleIsInvalid, noHandle)
	},
	"a delay of its own hides a message at first": func(d *desk) { // 5.7, 3.2
		url := d.queue("orders")
		d.send(url, "a", delay(10))
		d.counts(url, 0, 0, 1)
		d.later(9.9)
		d.gets(url, wait(0))
		d.later(0.2)
		d.counts(url, 1, 0, 0)
		d.gets(url, wait(0), "a")
	},
	"the queue's delay is the default, and zero overrides it": func(d *desk) { // 3.2
		url := d.queue("orders", "DelaySeconds", "10")
		d.send(url, "by default")
		d.send(url, "at once", delay(0))
		d.gets(url, wait(0), "at once")
		d.later(10.1)
		d.gets(url, wait(0), "by default")
	},
	"a change of the queue's delay is for messages to come": func(d *desk) { // 3.2
		url := d.queue("orders", "DelaySeconds", "10")
		d.send(url, "before")
		d.set(url, "DelaySeconds", "0")
		d.send(url, "after")
		d.gets(url, wait(0), "after")
		d.later(10.1)
		d.gets(url, wait(0), "before")
	},
	"retention ends a message, in flight or not": func(d *desk) { // 5.9, 1.14
		url := d.queue("orders", "MessageRetentionPeriod", "60")
		d.send(url, "in flight")
		m := d.one(url, hidden(600))
		d.send(url, "visible")
		d.send(url, "delayed", delay(900))
		d.later(59)
		d.counts(url, 1, 1, 1)
		d.later(1.1)
		d.counts(url, 0, 0, 0)
		d.gets(url, wait(0))
		d.delete(url, m)
	},
	"a peek counts, hides and can push into the dead-letter queue": func(d *desk) { // 13.1
		url, dlq := d.queue("orders.fifo", "ContentBasedDeduplication", "true"), d.queue("dlq.fifo")
		d.redrive(url, dlq, 1)
		d.send(url, "a", group("g"))
		d.send(url, "b", group("g"))
		m := d.one(url, upTo(1), hidden(10))
		d.gets(url, wait(0)) // the group is locked for everybody
		d.visibility(url, m, 0)
		d.gets(url, upTo(1), "b") // a is gone, and nobody has seen it go
		d.equal("receives", d.one(dlq).Attributes["ApproximateReceiveCount"], "2")
	},
	"a group on a standard queue is a tenant and no order": func(d *desk) { // 1.11, docs/SQS.md 9
		url := d.queue("orders")
		if out := d.send(url, "a", group("tenant")); out.SequenceNumber != "" {
			d.Errorf("%+v", out)
		}
		d.send(url, "b", group("tenant"))
		got := d.getsAnyOrder(url, wait(0), "a", "b")
		d.equal("group", got[0].Attributes["MessageGroupId"], "tenant")
	},
}
