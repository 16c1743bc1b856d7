package backendtest

import (
	"sqscope/backend"
)

// Section 6.
var deadLetterTests = section{
	"a message goes at the receive after the last it may have": func(d *desk) { // 6.1, 14.4
		url, dlq := d.queue("orders"), d.queue("dlq")
		d.redrive(url, dlq, 3)
		d.send(url, "a")
		for range 3 {
			d.gets(url, hidden(0), "a")
		}
		d.counts(url, 1, 0, 0)
		d.counts(dlq, 0, 0, 0)
		d.later(100)
		d.counts(url, 1, 0, 0)
		d.gets(url, wait(0))
		d.counts(url, 0, 0, 0)
		d.counts(dlq, 1, 0, 0)
	},
	"it is the same message there, and goes on counting": func(d *desk) { // 6.2, 5.2
		url, dlq := d.queue("orders"), d.queue("dlq", "DelaySeconds", "100")
		d.redrive(url, dlq, 1)
		attributes := map[string]backend.MessageAttribute{"n": {DataType: "Number.int", StringValue: backend.Some("7")}}
		d.send(url, "a", with(attributes), group("tenant"))
		before := d.one(url, hidden(1))
		d.later(10)
		d.gets(url, wait(0))
		after := d.one(dlq)
		d.equal("what stays", [4]string{after.MessageId, after.Body, after.MD5OfMessageAttributes, after.Attributes["SentTimestamp"]},
			[4]string{before.MessageId, before.Body, before.MD5OfMessageAttributes, before.Attributes["SentTimestamp"]})
		d.equal("attributes", after.MessageAttributes, attributes)
		for name, want := range map[string]string{
			"ApproximateReceiveCount":          "2",
			"DeadLetterQueueSourceArn":         d.arn(url),
			"MessageGroupId":                   "tenant",
			"ApproximateFirstReceiveTimestamp": before.Attributes["ApproximateFirstReceiveTimestamp"],
		} {
			d.equal(name, after.Attributes[name], want)
		}
		d.must(d.sqs.DeleteMessage(d.Context(), backend.DeleteMessageInput{QueueUrl: url, ReceiptHandle: before.ReceiptHandle}))
		d.counts(dlq, 0, 1, 0)
	},
	"the time in the source counts against retention": func(d *desk) { // 6.2
		url, dlq := d.queue("orders"), d.queue("dlq", "MessageRetentionPeriod", "600")
		d.redrive(url, dlq, 1)
		d.send(url, "a")
		d.one(url, hidden(0))
		d.later(500)
		d.gets(url, wait(0))
		d.later(99)
		d.counts(dlq, 1, 0, 0)
		d.later(2)
		d.counts(dlq, 0, 0, 0)
	},
	"FIFO: the next of the group follows": func(d *desk) { // 6.2, 8.3
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		dlq := d.queue("dlq.fifo")
		d.redrive(url, dlq, 2)
		d.send(url, "poison", group("g"))
		d.send(url, "next", group("g"))
		id := d.one(url, hidden(0), upTo(1)).MessageId
		d.one(url, hidden(0), upTo(1))
		d.gets(url, upTo(1), "next")
		m := d.one(dlq)
		d.equal("MessageId and group", [2]string{m.MessageId, m.Attributes["MessageGroupId"]}, [2]string{id, "g"})
		d.equal("MessageDeduplicationId", m.Attributes["MessageDeduplicationId"], id)
	},
	"a lower limit is for messages that are there already": func(d *desk) { // 6.1
		url, dlq := d.queue("orders"), d.queue("dlq")
		d.redrive(url, dlq, 5)
		d.send(url, "a")
		d.one(url, hidden(0))
		d.one(url, hidden(0))
		d.redrive(url, dlq, 2)
		d.gets(url, wait(0))
		d.counts(dlq, 1, 0, 0)
	},
	"a target that allows nobody is none": func(d *desk) { // 2.4
		url, dlq := d.queue("orders"), d.queue("dlq")
		d.set(dlq, "RedriveAllowPolicy", `{"redrivePermission":"denyAll"}`)
		err := d.sqs.SetQueueAttributes(d.Context(), backend.SetQueueAttributesInput{
			QueueUrl: url, Attributes: map[string]string{"RedrivePolicy": redrivePolicy(d.arn(dlq), 1)},
		})
		if backend.KindOf(err) != backend.KindInvalid {
			d.Errorf("%v", err)
		}
	},
}
