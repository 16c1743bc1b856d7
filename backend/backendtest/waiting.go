package backendtest

import (
	"context"
	"testing/synctest"
	"time"

	"sqscope/backend"
)

// Section 5.5: long polls, and what ends them.
var waitingTests = section{
	"an empty poll ends when its time is over": func(d *desk) { // 5.5
		url := d.queue("orders")
		answer := d.poll(url, wait(7))
		d.later(7)
		got, took := answer()
		d.equal("received", bodies(got), []string(nil))
		d.equal("took", took, 7*time.Second)
	},
	"the queue's waiting time is the default, and zero overrides it": func(d *desk) { // 5.5
		url := d.queue("orders", "ReceiveMessageWaitTimeSeconds", "5")
		start := time.Now()
		d.gets(url, wait(0))
		d.equal("an explicit zero took", time.Since(start), time.Duration(0))
		answer := d.poll(url, func(in *backend.ReceiveMessageInput) { in.WaitTimeSeconds = backend.Opt[int]{} })
		d.later(5)
		_, took := answer()
		d.equal("the default took", took, 5*time.Second)
	},
	"what is there does not wait for more": func(d *desk) { // 5.5
		url := d.queue("orders")
		d.send(url, "a")
		start := time.Now()
		d.gets(url, wait(20), "a")
		d.equal("took", time.Since(start), time.Duration(0))
	},
	"a send wakes it": func(d *desk) { // 5.5, 14.4
		url := d.queue("orders")
		d.wakes(url, 3, "a", func() { d.send(url, "a") })
	},
	"the end of a delay wakes it": func(d *desk) { // 5.5, 14.4
		url := d.queue("orders")
		d.send(url, "a", delay(4))
		d.wakesAfter(url, 4, "a")
	},
	"the end of a visibility timeout wakes it": func(d *desk) { // 5.5, 14.4
		url := d.queue("orders")
		d.send(url, "a")
		d.one(url, hidden(6))
		d.wakesAfter(url, 6, "a")
	},
	"giving a message back wakes it": func(d *desk) { // 5.5, 14.4
		url := d.queue("orders")
		d.send(url, "a")
		m := d.one(url)
		d.wakes(url, 2, "a", func() { d.visibility(url, m, 0) })
	},
	"the end of a group's lock wakes it": func(d *desk) { // 5.5, 14.4
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		d.send(url, "a", group("g"))
		d.send(url, "b", group("g"))
		m := d.one(url, upTo(1))
		d.wakes(url, 2, "b", func() { d.delete(url, m) })
	},
	"a dead-lettered message wakes a poll on the dead-letter queue": func(d *desk) { // 5.5, 14.4
		url, dlq := d.queue("orders"), d.queue("dlq")
		d.redrive(url, dlq, 1)
		d.send(url, "a")
		d.one(url, hidden(0))
		d.wakes(dlq, 1, "a", func() { d.gets(url, wait(0)) })
	},
	"a moved message wakes a poll on the destination": func(d *desk) { // 5.5, 14.4
		url, dlq := d.queue("orders"), d.queue("dlq")
		d.redrive(url, dlq, 1)
		d.send(dlq, "a")
		answer := d.poll(url)
		_, err := d.sqs.StartMessageMoveTask(d.Context(), backend.StartMessageMoveTaskInput{SourceArn: d.arn(dlq), DestinationArn: d.arn(url)})
		d.must(err)
		d.later(2)
		got, took := answer()
		d.equal("received", bodies(got), []string{"a"})
		if took > 2*time.Second {
			d.Errorf("took %v", took)
		}
	},
	"one message wakes one of two": func(d *desk) {
		url := d.queue("orders")
		first, second := d.poll(url), d.poll(url)
		d.later(1)
		d.send(url, "a")
		d.later(19)
		a, _ := first()
		b, _ := second()
		d.equal("received by both", bodies(append(a, b...)), []string{"a"})
	},
	"it ends with its context": func(d *desk) {
		url := d.queue("orders")
		ctx, cancel := context.WithCancel(d.Context())
		done := make(chan error, 1)
		go func() {
			_, err := d.sqs.ReceiveMessage(ctx, receiveInput(url, []receiving{wait(20)}))
			done <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-done; backend.KindOf(err) != backend.KindCancelled {
			d.Errorf("%v", err)
		}
		d.send(url, "a")
		d.counts(url, 1, 0, 0)
	},
}

// wakes wants an open poll to get the message at the moment of an act.
func (d *desk) wakes(url string, after float64, body string, act func()) {
	d.Helper()
	answer := d.poll(url)
	d.later(after)
	act()
	got, took := answer()
	d.equal("received", bodies(got), []string{body})
	d.equal("took", took, time.Duration(after*float64(time.Second)))
}

// wakesAfter wants an open poll to get the message so long after it began.
func (d *desk) wakesAfter(url string, seconds int, body string) {
	d.Helper()
	answer := d.poll(url)
	d.later(float64(seconds) + 1)
	got, took := answer()
	d.equal("received", bodies(got), []string{body})
	if want := time.Duration(seconds) * time.Second; took < want || took > want+10*time.Millisecond {
		d.Errorf("took %v, want %v", took, want)
	}
}
