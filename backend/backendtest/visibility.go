package backendtest

import (
	"sqscope/backend"
)

const tooLong = "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]"

// Sections 1.15, 5.3.
var visibilityTests = section{
	"a received message is hidden for the queue's timeout": func(d *desk) { // 5.3
		url := d.queue("orders", "VisibilityTimeout", "5")
		d.send(url, "a")
		d.one(url)
		d.later(4.9)
		d.gets(url, wait(0))
		d.later(0.2)
		d.gets(url, wait(0), "a")
	},
	"or for the receive's own": func(d *desk) { // 5.3
		url := d.queue("orders")
		d.send(url, "a")
		d.one(url, hidden(2))
		d.later(2.1)
		d.gets(url, wait(0), "a")
	},
	"zero hides nothing and still counts": func(d *desk) { // 5.3
		url := d.queue("orders")
		d.send(url, "a")
		for _, count := range []string{"1", "2", "3"} {
			d.equal("receives", d.one(url, hidden(0)).Attributes["ApproximateReceiveCount"], count)
			d.counts(url, 1, 0, 0)
		}
	},
	"once in one receive, even with zero": func(d *desk) { // 5.3
		url := d.queue("orders")
		d.send(url, "a")
		d.send(url, "b")
		d.getsAnyOrder(url, hidden(0), "a", "b")
	},
	"a change of the queue's timeout is for receives to come": func(d *desk) { // 5.3
		url := d.queue("orders", "VisibilityTimeout", "5")
		d.send(url, "a")
		d.one(url)
		d.set(url, "VisibilityTimeout", "100")
		d.later(5.1)
		d.gets(url, wait(0), "a")
		d.later(5.1)
		d.gets(url, wait(0))
	},
	"a change counts from the moment of the change": func(d *desk) { // 1.15
		url := d.queue("orders")
		d.send(url, "a")
		m := d.one(url, hidden(10))
		d.later(9)
		d.visibility(url, m, 10)
		d.later(9)
		d.gets(url, wait(0))
		d.later(1.1)
		d.gets(url, wait(0), "a")
	},
	"zero gives the message back at once": func(d *desk) { // 1.15
		url := d.queue("orders")
		d.send(url, "a")
		m := d.one(url)
		d.visibility(url, m, 0)
		d.counts(url, 1, 0, 0)
		d.equal("receives", d.one(url).Attributes["ApproximateReceiveCount"], "2")
	},
	"on a standard queue a change works after the timeout too": func(d *desk) { // 1.15, 14.2
		url := d.queue("orders")
		d.send(url, "a")
		m := d.one(url, hidden(1))
		d.later(2)
		d.visibility(url, m, 0)
		d.gets(url, wait(0), "a")
	},
	"twelve hours in all, from the receive": func(d *desk) { // 1.15
		url := d.queue("orders")
		d.send(url, "a")
		m := d.one(url)
		d.later(1)
		d.fails(d.changeVisibility(url, m.ReceiptHandle, 43200), backend.ErrInvalidParameterValue, tooLong)
		d.visibility(url, m, 43190)
		d.counts(url, 0, 1, 0)
	},
	"a deleted message has none": func(d *desk) { // 1.15
		url := d.queue("orders")
		d.send(url, "a")
		m := d.one(url)
		d.delete(url, m)
		d.fails(d.changeVisibility(url, m.ReceiptHandle, 10), backend.ErrInvalidParameterValue,
			"Value "+m.ReceiptHandle+" for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.")
	},
	"without a timeout it is refused and nothing changes": func(d *desk) { // 1.15
		url := d.queue("orders")
		d.send(url, "a")
		m := d.one(url)
		err := d.sqs.ChangeMessageVisibility(d.Context(), backend.ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle})
		d.fails(err, backend.ErrMissingParameter, "The request must contain the parameter VisibilityTimeout.")
		d.counts(url, 0, 1, 0)
	},
}
