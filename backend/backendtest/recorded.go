package backendtest

import (
	"maps"

	"sqscope/backend"
)

// The scenarios of dead letters that were recorded in words: each step is what
// the words say. One that is worded in another way fails until it is played.
var recordedTests = section{
	"a dead letter of a standard queue": func(d *desk) { // 6.1, 6.2, 5.2
		url, dlq := d.queue("orders"), d.queue("dlq")
		d.redrive(url, dlq, 1)
		d.send(url, "a", with(messageAttributes(readVectors(d.T).MD5Attributes[0].Attributes)))
		var first backend.Message
		d.play("maxReceiveCount 1", map[string]func(){
			"receive -> message, count 1": func() {
				first = d.one(url, hidden(1))
				d.equal("count", first.Attributes["ApproximateReceiveCount"], "1")
				d.later(1.1)
			},
			"receive -> empty, message moved": func() {
				d.counts(url, 1, 0, 0) // and yet
				d.gets(url, wait(0))
				d.counts(url, 0, 0, 0)
				d.counts(dlq, 1, 0, 0)
			},
			"receive on DLQ -> same MessageId, body, attributes, SentTimestamp (standard), count 2, " +
				"DeadLetterQueueSourceArn = source ARN": func() {
				want := first
				m := d.one(dlq)
				want.ReceiptHandle = m.ReceiptHandle
				want.Attributes = map[string]string{}
				maps.Copy(want.Attributes, first.Attributes)
				want.Attributes["ApproximateReceiveCount"] = "2"
				want.Attributes["DeadLetterQueueSourceArn"] = d.arn(url)
				d.equal("dead letter", m, want)
			},
		})
	},
	"a dead letter of a FIFO queue": func(d *desk) { // 6.1, 6.2
		url, dlq := d.queue("orders.fifo"), d.queue("dlq.fifo")
		d.redrive(url, dlq, 2)
		id := d.send(url, "a", group("g"), dedup("1")).MessageId
		counted := func(n string) func() {
			return func() { d.equal("count", d.one(url, hidden(0)).Attributes["ApproximateReceiveCount"], n) }
		}
		d.play("fifo maxReceiveCount 2", map[string]func(){
			"receive (timeout 0) count 1": counted("1"),
			"receive (timeout 0) count 2": counted("2"),
			"receive -> empty, moved": func() {
				d.gets(url, wait(0))
				d.counts(url, 0, 0, 0)
			},
			"DLQ has the same MessageId": func() { d.equal("MessageId", d.one(dlq).MessageId, id) },
		})
	},
	"no other was recorded": func(d *desk) { // 6
		d.equal("scenarios", len(readVectors(d.T).DeadLetters), 2)
	},
	"the list of move tasks": func(d *desk) { // 7.2, 7.4
		v := readVectors(d.T).TaskList
		url, dlq := d.deadLetters(10)
		handle := d.start(backend.StartMessageMoveTaskInput{
			SourceArn: d.arn(dlq), DestinationArn: d.arn(url), MaxNumberOfMessagesPerSecond: backend.Some(1),
		})
		members, ok := parse(d, decode(d, handle)).(map[string]any)
		if !ok || len(members) != len(v.Handle) {
			d.Errorf("the handle says %v, recorded is %v", members, v.Handle)
		}
		for name := range v.Handle {
			if s, _ := members[name].(string); s == "" {
				d.Errorf("the handle says %v, recorded is %v", members, v.Handle)
			}
		}
		d.must(d.sqs.DeleteQueue(d.Context(), backend.DeleteQueueInput{QueueUrl: url}))
		d.later(2)
		d.equal("reason", d.task(dlq).FailureReason, v.Destination)
	},
}

// play plays a recorded scenario in the order of its steps.
func (d *desk) play(name string, steps map[string]func()) {
	d.Helper()
	for _, s := range readVectors(d.T).DeadLetters {
		if s.Name != name {
			continue
		}
		if len(s.Steps) != len(steps) {
			d.Errorf("recorded are %d steps, %d are played", len(s.Steps), len(steps))
		}
		for _, words := range s.Steps {
			step := steps[words]
			if step == nil {
				d.Fatalf("nobody plays %q", words)
			}
			step()
		}
		return
	}
	d.Fatalf("the scenario %q was not recorded", name)
}
