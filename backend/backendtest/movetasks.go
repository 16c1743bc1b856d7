package backendtest

import (
	"encoding/base64"
	"fmt"
	"time"

	"sqscope/backend"
)

// Section 7.
var moveTaskTests = section{
	"T8 each message goes back to its own source": func(d *desk) { // 7.1
		a, b, dlq := d.queue("a"), d.queue("b"), d.queue("dlq")
		d.redrive(a, dlq, 1)
		d.redrive(b, dlq, 1)
		for _, url := range []string{a, b} {
			for i := range 3 {
				d.send(url, fmt.Sprint(url, " ", i))
			}
			d.receive(url, hidden(0))
			d.gets(url, wait(0))
		}
		d.counts(dlq, 6, 0, 0)
		d.start(backend.StartMessageMoveTaskInput{SourceArn: d.arn(dlq)})
		d.later(10)
		for _, url := range []string{a, b} {
			d.getsAnyOrder(url, wait(0), url+" 0", url+" 1", url+" 2")
		}
		d.counts(dlq, 0, 0, 0)
		task := d.task(dlq)
		d.equal("status", task.Status, backend.TaskCompleted)
		d.equal("moved", task.ApproximateNumberOfMessagesMoved, int64(6))
	},
	"T9 the total is fixed at the start, the handle there while it runs": func(d *desk) { // 7.2, 7.3, 7.4
		url, dlq := d.deadLetters(10)
		started := time.Now()
		handle := d.start(backend.StartMessageMoveTaskInput{
			SourceArn: d.arn(dlq), DestinationArn: d.arn(url), MaxNumberOfMessagesPerSecond: backend.Some(1),
		})
		d.later(2.5)
		task := d.task(dlq)
		want := backend.MoveTask{
			TaskHandle: handle, Status: backend.TaskRunning, SourceArn: d.arn(dlq), DestinationArn: d.arn(url),
			MaxNumberOfMessagesPerSecond: backend.Some(1), ApproximateNumberOfMessagesMoved: task.ApproximateNumberOfMessagesMoved,
			ApproximateNumberOfMessagesToMove: 10, Started: task.Started,
		}
		d.equal("task", task, want)
		d.equal("started", task.Started.UnixMilli(), started.UnixMilli())
		if n := task.ApproximateNumberOfMessagesMoved; n < 2 || n > 3 {
			d.Errorf("%d moved in 2.5 s at 1/s", n)
		}
		d.equal("handle", parse(d, decode(d, handle)).(map[string]any)["sourceArn"], any(d.arn(dlq)))
		d.send(dlq, "late")
		d.later(20)
		done := d.task(dlq)
		d.equal("status", done.Status, backend.TaskCompleted)
		d.equal("handle", done.TaskHandle, "")
		d.equal("to move", done.ApproximateNumberOfMessagesToMove, int64(10))
	},
	"a moved message is a new one": func(d *desk) { // 7.3
		url, dlq := d.queue("orders"), d.queue("dlq")
		d.redrive(url, dlq, 1)
		d.send(url, "a", with(map[string]backend.MessageAttribute{"b": {DataType: "Binary.x", BinaryValue: []byte{0, 255}}}))
		before := d.one(url, hidden(0))
		d.gets(url, wait(0))
		d.later(60)
		d.start(backend.StartMessageMoveTaskInput{SourceArn: d.arn(dlq)})
		d.later(2)
		after := d.one(url)
		if after.MessageId == before.MessageId || after.Attributes["SentTimestamp"] <= before.Attributes["SentTimestamp"] {
			d.Errorf("%v became %v", before, after)
		}
		d.equal("receives", after.Attributes["ApproximateReceiveCount"], "1")
		d.equal("source", after.Attributes["DeadLetterQueueSourceArn"], "")
		d.equal("attributes", after.MessageAttributes, before.MessageAttributes)
	},
	"FIFO: the group stays": func(d *desk) { // 7.3
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		dlq := d.queue("dlq.fifo")
		d.redrive(url, dlq, 1)
		for _, body := range []string{"a", "b"} {
			d.send(url, body, group("g"))
		}
		d.receive(url, hidden(0))
		d.gets(url, wait(0))
		d.counts(dlq, 2, 0, 0)
		d.start(backend.StartMessageMoveTaskInput{SourceArn: d.arn(dlq)})
		d.later(5)
		got := d.gets(url, wait(0), "a", "b")
		d.equal("group", got[0].Attributes["MessageGroupId"], "g")
	},
	"cancelling leaves the rest where it is": func(d *desk) { // 7.3
		url, dlq := d.deadLetters(10)
		handle := d.start(backend.StartMessageMoveTaskInput{
			SourceArn: d.arn(dlq), DestinationArn: d.arn(url), MaxNumberOfMessagesPerSecond: backend.Some(1),
		})
		d.later(3.5)
		out, err := d.sqs.CancelMessageMoveTask(d.Context(), backend.CancelMessageMoveTaskInput{TaskHandle: handle})
		d.must(err)
		if n := out.ApproximateNumberOfMessagesMoved; n < 3 || n > 4 {
			d.Errorf("%d moved at the cancel", n)
		}
		if s := d.task(dlq).Status; s != backend.TaskCancelling && s != backend.TaskCancelled {
			d.Errorf("status %s", s)
		}
		d.later(60)
		task := d.task(dlq)
		d.equal("status and handle", [2]string{string(task.Status), task.TaskHandle}, [2]string{"CANCELLED", ""})
		moved := int(task.ApproximateNumberOfMessagesMoved)
		if moved >= 10 || moved < int(out.ApproximateNumberOfMessagesMoved) {
			d.Errorf("%d moved in the end", moved)
		}
		d.counts(url, moved, 0, 0)
		d.counts(dlq, 10-moved, 0, 0)
	},
	"a destination that goes away fails the task": func(d *desk) { // 7.3, 1.2
		_, dlq := d.deadLetters(10)
		other := d.queue("other")
		d.start(backend.StartMessageMoveTaskInput{
			SourceArn: d.arn(dlq), DestinationArn: d.arn(other), MaxNumberOfMessagesPerSecond: backend.Some(1),
		})
		d.later(2.5)
		d.must(d.sqs.DeleteQueue(d.Context(), backend.DeleteQueueInput{QueueUrl: other}))
		d.later(5)
		task := d.task(dlq)
		d.equal("status and reason", [2]string{string(task.Status), task.FailureReason}, [2]string{"FAILED", "AWS.SimpleQueueService.NonExistentQueue"})
		d.counts(dlq, 10-int(task.ApproximateNumberOfMessagesMoved), 0, 0)
	},
	"tasks are listed newest first, one unless more are asked for": func(d *desk) { // 7.4
		url, dlq := d.deadLetters(1)
		for i := range 3 {
			d.start(backend.StartMessageMoveTaskInput{SourceArn: d.arn(dlq), DestinationArn: d.arn(url), MaxNumberOfMessagesPerSecond: backend.Some(i + 1)})
			d.later(10)
		}
		out, err := d.sqs.ListMessageMoveTasks(d.Context(), backend.ListMessageMoveTasksInput{SourceArn: d.arn(dlq)})
		d.must(err)
		d.equal("tasks", len(out.Results), 1)
		out, err = d.sqs.ListMessageMoveTasks(d.Context(), backend.ListMessageMoveTasksInput{SourceArn: d.arn(dlq), MaxResults: backend.Some(10)})
		d.must(err)
		var rates []int
		for _, t := range out.Results {
			rates = append(rates, t.MaxNumberOfMessagesPerSecond.Value)
		}
		d.equal("rates", rates, []int{3, 2, 1})
		none, err := d.sqs.ListMessageMoveTasks(d.Context(), backend.ListMessageMoveTasksInput{SourceArn: d.arn(url)})
		d.must(err)
		d.equal("of a queue that is no dead-letter queue", none, backend.ListMessageMoveTasksOutput{})
	},
}

// deadLetters makes a queue and its dead-letter queue with so many messages.
func (d *desk) deadLetters(n int) (url, dlq string) {
	d.Helper()
	url, dlq = d.queue("orders"), d.queue("orders-dlq")
	d.redrive(url, dlq, 1)
	for i := range n {
		d.send(url, fmt.Sprint("message ", i))
	}
	for len(d.receive(url, hidden(1))) > 0 {
	}
	d.later(1.1)
	d.gets(url, wait(0))
	d.counts(dlq, n, 0, 0)
	return url, dlq
}

func (d *desk) start(in backend.StartMessageMoveTaskInput) (handle string) {
	d.Helper()
	out, err := d.sqs.StartMessageMoveTask(d.Context(), in)
	d.must(err)
	return out.TaskHandle
}

// task is the newest task of a dead-letter queue.
func (d *desk) task(dlq string) backend.MoveTask {
	d.Helper()
	out, err := d.sqs.ListMessageMoveTasks(d.Context(), backend.ListMessageMoveTasksInput{SourceArn: d.arn(dlq)})
	d.must(err)
	if len(out.Results) != 1 {
		d.Fatalf("tasks %v", out.Results)
	}
	return out.Results[0]
}

func decode(d *desk, handle string) string {
	d.Helper()
	b, err := base64.StdEncoding.DecodeString(handle)
	d.must(err)
	return string(b)
}
