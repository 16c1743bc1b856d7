package memory_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

// dead makes a queue with a dead-letter queue and puts messages through to it.
func (d *desk) dead(source, dlq string, bodies ...string) (sourceURL, dlqURL string) {
	d.t.Helper()
	dlqURL = d.create(dlq)
	sourceURL = d.create(source, backend.AttrRedrivePolicy, redrive(dlq, 1))
	for _, body := range bodies {
		if backend.ARNOf(source, "").FIFO() {
			d.fifo(sourceURL, body[:1], body, "")
		} else {
			d.send(sourceURL, body)
		}
		for range 2 {
			d.receiveFor(sourceURL, 1, 0)
		}
	}
	return sourceURL, dlqURL
}

func (d *desk) start(in backend.StartMessageMoveTaskInput) string {
	d.t.Helper()
	return must[backend.StartMessageMoveTaskOutput](d)(d.StartMessageMoveTask(d.ctx, in)).TaskHandle
}

func (d *desk) tasks(dlq string, most int) []backend.MoveTask {
	d.t.Helper()
	in := backend.ListMessageMoveTasksInput{SourceArn: arn(dlq)}
	if most > 0 {
		in.MaxResults = backend.Some(most)
	}
	return must[backend.ListMessageMoveTasksOutput](d)(d.ListMessageMoveTasks(d.ctx, in)).Results
}

func numbers(n int) []string {
	var list []string
	for i := range n {
		list = append(list, "m"+strconv.Itoa(i))
	}
	return list
}

func TestT8ASharedDeadLetterQueueGivesEachMessageBackToItsOwnSource(t *testing.T) { // 7.1
	for _, suffix := range []string{"", ".fifo"} {
		t.Run("queue"+suffix, func(t *testing.T) {
			d := open(t)
			dlq := "dlq" + suffix
			one, url := d.dead("one"+suffix, dlq, "a1", "a2")
			two, _ := d.dead("two"+suffix, dlq, "b1")
			for _, body := range []string{"a3"} {
				if suffix == "" {
					d.send(one, body)
				} else {
					d.fifo(one, "a", body, "")
				}
				d.receiveFor(one, 1, 0)
				d.receiveFor(one, 1, 0)
			}
			d.wantDepth(url, depth{4, 0, 0})
			d.start(backend.StartMessageMoveTaskInput{SourceArn: arn(dlq)})
			d.pass(time.Second)
			d.wantDepth(url, depth{0, 0, 0})
			back := d.receive(one, 10)
			d.want(back, "a1", "a2", "a3")
			if from, has := back[0].Attributes[backend.SysDeadLetterQueueSourceArn]; has {
				t.Errorf("it still says that it came from %s", from)
			}
			d.want(d.receive(two, 10), "b1")
		})
	}
}

func TestT9TheTotalIsFixedAndTheHandleIsThereOnlyWhileRunning(t *testing.T) { // 7.3, 7.4
	d := open(t)
	source, dlq := d.dead("q", "dlq", numbers(10)...)
	handle := d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq"), MaxNumberOfMessagesPerSecond: backend.Some(1)})
	started := d.clock.Now()
	d.pass(2 * time.Second)
	d.send(dlq, "late")
	task := backend.MoveTask{
		TaskHandle: handle, Status: backend.TaskRunning, SourceArn: arn("dlq"), MaxNumberOfMessagesPerSecond: backend.Some(1),
		ApproximateNumberOfMessagesMoved: 2, ApproximateNumberOfMessagesToMove: 10, Started: started,
	}
	d.same(d.tasks("dlq", 0), []backend.MoveTask{task})

	out := must[backend.CancelMessageMoveTaskOutput](d)(d.CancelMessageMoveTask(d.ctx, backend.CancelMessageMoveTaskInput{TaskHandle: handle}))
	if out.ApproximateNumberOfMessagesMoved != 2 {
		t.Errorf("%d moved at the time of the cancel", out.ApproximateNumberOfMessagesMoved)
	}
	task.Status, task.TaskHandle = backend.TaskCancelling, ""
	d.same(d.tasks("dlq", 0), []backend.MoveTask{task})
	if task.Status.Done() {
		t.Error("CANCELLING is not done")
	}
	_, err := d.StartMessageMoveTask(d.ctx, backend.StartMessageMoveTaskInput{SourceArn: arn("dlq")})
	d.wantError(err, backend.ErrInvalidParameterValue,
		"There is already a task running. Only one active task is allowed for a source queue arn at a given time.")

	d.pass(time.Second)
	task.Status = backend.TaskCancelled
	d.same(d.tasks("dlq", 0), []backend.MoveTask{task})
	d.wantDepth(source, depth{2, 0, 0}) // nothing is moved back
	d.wantDepth(dlq, depth{9, 0, 0})
	if _, pending := d.clock.Next(); pending {
		t.Error("a task that is done is still on the clock")
	}
}

func TestAMoveTaskMovesAtItsRateOldestFirst(t *testing.T) { // 7.1, 7.3
	for _, tc := range []struct {
		rate  backend.Opt[int]
		after time.Duration
		moved int64
	}{
		{backend.Some(1), 7 * time.Second, 7},
		{backend.Some(7), time.Second, 7},
		{backend.Some(50), 500 * time.Millisecond, 25},
		{backend.Some(500), 200 * time.Millisecond, 100},
		{backend.Opt[int]{}, 200 * time.Millisecond, 100},
	} {
		t.Run(fmt.Sprint(tc.rate), func(t *testing.T) {
			d := open(t)
			all := numbers(120)
			source, _ := d.dead("q", "dlq", all...)
			d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq"), MaxNumberOfMessagesPerSecond: tc.rate})
			d.pass(tc.after)
			if got := d.tasks("dlq", 1)[0].ApproximateNumberOfMessagesMoved; got != tc.moved {
				t.Errorf("%d moved after %v, want %d", got, tc.after, tc.moved)
			}
			var got []string
			for range (tc.moved + 9) / 10 {
				got = append(got, bodies(d.receive(source, 10))...)
			}
			d.same(got, all[:tc.moved])
		})
	}
}

func TestAMovedMessageIsANewOne(t *testing.T) { // 7.3
	d := open(t)
	d.create("elsewhere")
	_, dlq := d.dead("q", "dlq")
	old := d.sendInput(backend.SendMessageInput{
		QueueUrl: dlq, MessageBody: "m", MessageGroupId: backend.Some("tenant"),
		MessageAttributes: map[string]backend.MessageAttribute{"a": {DataType: "Binary", BinaryValue: []byte{0, 1}}},
	})
	d.receiveFor(dlq, 1, 0)
	d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq"), DestinationArn: arn("elsewhere")})
	d.pass(time.Minute)
	m := d.one("elsewhere")
	if m.MessageId == old.MessageId {
		t.Error("it has its old id")
	}
	want := map[string]string{
		backend.SysApproximateReceiveCount:          "1",
		backend.SysApproximateFirstReceiveTimestamp: strconv.FormatInt(start.Add(time.Minute).UnixMilli(), 10),
		backend.SysSentTimestamp:                    strconv.FormatInt(start.Add(100*time.Millisecond).UnixMilli(), 10),
		backend.SysSenderId:                         m.Attributes[backend.SysSenderId],
		backend.SysMessageGroupId:                   "tenant",
	}
	d.same(m.Attributes, want)
	d.same(m.MessageAttributes["a"].BinaryValue, []byte{0, 1})
	if d.tasks("dlq", 1)[0].Status != backend.TaskCompleted {
		t.Error("the task is not completed")
	}
}

func TestAMoveTaskWaitsForMessagesInFlightAndKeepsItsRate(t *testing.T) { // 7.3
	d := open(t)
	source, dlq := d.dead("q", "dlq", numbers(5)...)
	d.receiveFor(dlq, 2, 60)
	d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq"), MaxNumberOfMessagesPerSecond: backend.Some(1)})
	d.pass(30 * time.Second)
	d.wantDepth(source, depth{3, 0, 0})
	if task := d.tasks("dlq", 1)[0]; task.Status != backend.TaskRunning || task.ApproximateNumberOfMessagesToMove != 5 {
		t.Errorf("%+v", task)
	}
	d.pass(30 * time.Second)
	d.wantDepth(source, depth{4, 0, 0})
	d.pass(time.Second)
	d.wantDepth(source, depth{5, 0, 0})
	if status := d.tasks("dlq", 1)[0].Status; status != backend.TaskCompleted {
		t.Errorf("%s with nothing left", status)
	}
}

func TestAMoveTaskDoesNotChaseWhatComesBack(t *testing.T) { // 7.3
	d := open(t)
	source, dlq := d.dead("q", "dlq", numbers(3)...)
	d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq"), MaxNumberOfMessagesPerSecond: backend.Some(1)})
	for range 10 {
		d.pass(time.Second)
		d.receiveFor(source, 10, 0)
		d.receiveFor(source, 10, 0)
	}
	d.wantDepth(dlq, depth{3, 0, 0})
	if task := d.tasks("dlq", 1)[0]; task.Status != backend.TaskCompleted || task.ApproximateNumberOfMessagesMoved != 3 {
		t.Errorf("%+v", task)
	}
}

func TestAMoveTaskEndsWhenItHasMovedItsTotal(t *testing.T) { // 7.3
	d := open(t)
	source, dlq := d.dead("q", "dlq", "hidden", "other")
	d.receiveFor(dlq, 1, 43200)
	d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq"), DestinationArn: arn("q")})
	d.send(dlq, "late")
	d.send(dlq, "later")
	d.pass(time.Second)
	if task := d.tasks("dlq", 1)[0]; task.Status != backend.TaskCompleted || task.ApproximateNumberOfMessagesMoved != 2 {
		t.Errorf("%+v", task)
	}
	d.want(d.receive(source, 10), "other", "late")
}

func TestAMoveTaskFails(t *testing.T) { // 7.1, 7.3
	for name, tc := range map[string]struct {
		spoil  func(d *desk, source, dlq string)
		reason string
		moved  int64
	}{
		"when its destination is deleted": {func(d *desk, source, _ string) {
			d.must(d.DeleteQueue(d.ctx, backend.DeleteQueueInput{QueueUrl: source}))
		}, "AWS.SimpleQueueService.NonExistentQueue", 1},
		"at a message that came from nowhere": {func(d *desk, _, dlq string) {
			d.must(d.PurgeQueue(d.ctx, backend.PurgeQueueInput{QueueUrl: dlq}))
			d.send(dlq, "sent here")
		}, "", 1},
		"after 36 hours": {func(d *desk, _, dlq string) {
			d.pass(500 * time.Millisecond) // the task looks at whole seconds
			for range 4 {
				d.receiveFor(dlq, 1, 43200)
				d.pass(12 * time.Hour)
			}
		}, "TaskExceededMaximumRunTime", 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t)
			source, dlq := d.dead("q", "dlq", "1", "2")
			d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq"), MaxNumberOfMessagesPerSecond: backend.Some(1)})
			d.pass(time.Second)
			tc.spoil(d, source, dlq)
			d.pass(time.Second)
			task := d.tasks("dlq", 1)[0]
			if tc.reason == "" { // the purge took what was to be moved
				if task.Status != backend.TaskCompleted {
					t.Errorf("%+v", task)
				}
				return
			}
			if task.Status != backend.TaskFailed || task.FailureReason != tc.reason || task.ApproximateNumberOfMessagesMoved != tc.moved {
				t.Errorf("%+v", task)
			}
		})
	}
}

func TestAMoveTaskGoesWithItsQueue(t *testing.T) { // 1.2, 7.3, 7.4
	d := openWith(t, optionsWithoutCooldown())
	source, dlq := d.dead("q", "dlq", numbers(5)...)
	handle := d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq"), MaxNumberOfMessagesPerSecond: backend.Some(1)})
	d.pass(2 * time.Second)
	d.must(d.DeleteQueue(d.ctx, backend.DeleteQueueInput{QueueUrl: dlq}))
	const gone = "The resource that you specified for the SourceArn parameter doesn't exist."
	_, err := d.ListMessageMoveTasks(d.ctx, backend.ListMessageMoveTasksInput{SourceArn: arn("dlq")})
	d.wantError(err, backend.ErrResourceNotFound, gone)
	_, err = d.CancelMessageMoveTask(d.ctx, backend.CancelMessageMoveTaskInput{TaskHandle: handle})
	d.wantError(err, backend.ErrResourceNotFound, gone)
	d.pass(10 * time.Second)
	d.wantDepth(source, depth{2, 0, 0})
	if at, pending := d.clock.Next(); pending {
		t.Errorf("something is on the clock at %v", at)
	}
	d.create("dlq")
	if list := d.tasks("dlq", 10); list != nil {
		t.Errorf("a new queue has the tasks of an old one: %v", list)
	}
}

func TestAMoveTaskKeepsTheOrderOfGroups(t *testing.T) { // 7.3
	d := open(t)
	to := d.create("to.fifo")
	_, dlq := d.dead("q.fifo", "dlq.fifo", "a1", "b1", "a2", "c1", "b2")
	d.start(backend.StartMessageMoveTaskInput{
		SourceArn: arn("dlq.fifo"), DestinationArn: arn("to.fifo"), MaxNumberOfMessagesPerSecond: backend.Some(1),
	})
	d.pass(3 * time.Second)
	d.wantDepth(dlq, depth{2, 0, 0})
	d.want(d.receive(to, 10), "a1", "a2", "b1")
	d.pass(2 * time.Second)
	d.want(d.receive(to, 10), "c1") // b2 is behind b1
	d.wantDepth(to, depth{1, 4, 0})
}

func TestAMoveToASmallerQueueLosesNothing(t *testing.T) { // 6.1, 7.3
	d := open(t)
	d.create("small", backend.AttrMaximumMessageSize, "1024", backend.AttrDelaySeconds, "5")
	_, dlq := d.dead("q", "dlq", strings.Repeat("x", 2000))
	d.set(dlq, backend.AttrMaximumMessageSize, "1024")
	d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq"), DestinationArn: arn("small")})
	d.pass(time.Second)
	d.wantDepth("small", depth{0, 0, 1}) // a new message, for which the delay holds
	d.pass(5 * time.Second)
	d.same(len(d.one("small").Body), 2000)
}

func TestAMoveTaskBackToNowhereFailsAndLosesNothing(t *testing.T) { // 7.1
	d := open(t)
	_, dlq := d.dead("q", "dlq")
	d.send(dlq, "sent here")
	d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq")})
	d.pass(time.Second)
	if task := d.tasks("dlq", 1)[0]; task.Status != backend.TaskFailed || task.FailureReason != "CouldNotDetermineMessageSource" {
		t.Errorf("%+v", task)
	}
	d.wantDepth(dlq, depth{1, 0, 0})
}

func TestTasksAreListedNewestFirst(t *testing.T) { // 7.4
	d := open(t)
	d.dead("q", "dlq")
	var started []time.Time
	for range 12 {
		started = append(started, d.clock.Now())
		d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq")})
		d.pass(time.Second)
	}
	slices.Reverse(started)
	for most, want := range map[int]int{0: 1, 3: 3, 10: 10} {
		var got []time.Time
		for _, task := range d.tasks("dlq", most) {
			got = append(got, task.Started)
		}
		d.same(got, started[:want])
	}
	d.create("none")
	if list := d.tasks("none", 10); list != nil {
		t.Errorf("%v", list)
	}
}

func TestMoveTasksAreRefused(t *testing.T) { // 7.1, 7.2
	d := open(t)
	d.dead("q", "dlq")
	d.create("plain")
	for _, tc := range []struct {
		in          backend.StartMessageMoveTaskInput
		shape, text string
	}{
		{backend.StartMessageMoveTaskInput{SourceArn: arn("plain")}, backend.ErrInvalidParameterValue, "Source queue must be configured as a Dead Letter Queue."},
		{backend.StartMessageMoveTaskInput{SourceArn: arn("none")}, backend.ErrResourceNotFound, "The resource that you specified for the SourceArn parameter doesn't exist."},
		{backend.StartMessageMoveTaskInput{SourceArn: arn("dlq"), DestinationArn: arn("none")}, backend.ErrResourceNotFound, "The resource that you specified for the DestinationArn parameter doesn't exist."},
		{backend.StartMessageMoveTaskInput{SourceArn: "arn:aws:sqs:eu-west-1:000000000000:dlq"}, backend.ErrResourceNotFound, "The resource that you specified for the SourceArn parameter doesn't exist."},
	} {
		_, err := d.StartMessageMoveTask(d.ctx, tc.in)
		d.wantError(err, tc.shape, tc.text)
	}
	handle := func(task, source string) string {
		b, err := json.Marshal(map[string]string{"taskId": task, "sourceArn": source})
		d.must(err)
		return base64.StdEncoding.EncodeToString(b)
	}
	done := d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq")})
	d.pass(time.Second)
	for _, tc := range []struct{ handle, shape, text string }{
		{"foobared", backend.ErrInvalidParameterValue, "Value for parameter TaskHandle is invalid."},
		{handle("x", arn("none")), backend.ErrResourceNotFound, "The resource that you specified for the SourceArn parameter doesn't exist."},
		{handle("x", arn("dlq")), backend.ErrResourceNotFound, "Task does not exist."},
		{done, backend.ErrInvalidParameterValue, "Value for parameter TaskHandle is invalid. Reason: Only active tasks can be cancelled."},
	} {
		_, err := d.CancelMessageMoveTask(d.ctx, backend.CancelMessageMoveTaskInput{TaskHandle: tc.handle})
		d.wantError(err, tc.shape, tc.text)
	}
}

func TestAtMostAHundredTasksRun(t *testing.T) { // 7.1
	d := open(t)
	for i := range 101 {
		dlq := "dlq" + strconv.Itoa(i)
		d.dead("q"+strconv.Itoa(i), dlq, "m")
		_, err := d.StartMessageMoveTask(d.ctx, backend.StartMessageMoveTaskInput{SourceArn: arn(dlq)})
		if i < 100 {
			d.must(err)
		} else if backend.CodeOf(err) != "OverLimit" {
			t.Errorf("the 101st task: %v", err)
		}
	}
	d.pass(time.Second)
	d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq100")})
}
