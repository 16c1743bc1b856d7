package memory

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// moveTask is SQS's own redrive: it takes messages out of a dead-letter queue,
// the oldest first, and sends them elsewhere as new ones (docs/SQS.md 7). It is
// driven by events on the clock, and under the lock of its source, with which it
// goes.
type moveTask struct {
	id       uuid
	source   *queue
	to       string // ARN; "": each message back to where it came from
	rate     backend.Opt[int]
	status   backend.TaskStatus
	reason   string
	started  int64
	total    int64 // fixed at the start
	moved    int64
	last     uint64 // sequence of the last message that was there at the start
	interval int64  // between two messages
	due      int64  // when the next may move
	wake     int64  // when the next step is
	order    uint64 // of steps at the same time
	stop     func() // takes the next step back
}

// taskHandle is what a TaskHandle is the Base64 of (7.2).
type taskHandle struct {
	TaskId    string `json:"taskId"`
	SourceArn string `json:"sourceArn"`
}

// StartMessageMoveTask starts a move task (7.1).
func (e *Engine) StartMessageMoveTask(ctx context.Context, in backend.StartMessageMoveTaskInput) (
	backend.StartMessageMoveTaskOutput, error,
) {
	t, err := e.startTask(ctx, in)
	if err != nil {
		return backend.StartMessageMoveTaskOutput{}, about("StartMessageMoveTask", in.SourceArn, err)
	}
	return backend.StartMessageMoveTaskOutput{TaskHandle: t.handle()}, nil
}

func (e *Engine) startTask(ctx context.Context, in backend.StartMessageMoveTaskInput) (*moveTask, error) {
	if err := e.ready(ctx); err != nil {
		return nil, err
	}
	if err := rules.StartMoveTask(in); err != nil {
		return nil, err
	}
	q := e.byARN(in.SourceArn)
	switch {
	case q == nil:
		return nil, noResource("SourceArn")
	case in.DestinationArn != "" && e.byARN(in.DestinationArn) == nil:
		return nil, noResource("DestinationArn")
	case len(q.sources()) == 0:
		return nil, backend.ErrorOf(backend.ErrInvalidParameterValue, "Source queue must be configured as a Dead Letter Queue.")
	}
	now, err := q.lock()
	if err != nil {
		return nil, err
	}
	defer q.unlock()
	if len(q.tasks) > 0 && !q.tasks[0].status.Done() {
		return nil, backend.ErrorOf(backend.ErrInvalidParameterValue, "There is already a task running. "+
			"Only one active task is allowed for a source queue arn at a given time.")
	}
	if e.running.Add(1) > rules.MaxMoveTasks {
		e.running.Add(-1)
		return nil, backend.ErrorOf(backend.ErrOverLimit, tooManyTasks, rules.MaxMoveTasks)
	}
	interval := int64(time.Second) / int64(in.MaxNumberOfMessagesPerSecond.Or(defaultMoveRate))
	t := &moveTask{
		id: newUUID(q.chance), source: q, to: in.DestinationArn, rate: in.MaxNumberOfMessagesPerSecond,
		status: backend.TaskRunning, started: now, total: int64(q.messages.n), last: q.seq,
		interval: interval, due: now + interval,
	}
	q.tasks = slices.Insert(q.tasks, 0, t)
	q.tasks = q.tasks[:min(len(q.tasks), keptTasks)]
	t.sleep(now)
	return t, nil
}

// CancelMessageMoveTask stops a running task: it is CANCELLING until its next
// step, and then CANCELLED (7.3).
func (e *Engine) CancelMessageMoveTask(ctx context.Context, in backend.CancelMessageMoveTaskInput) (
	backend.CancelMessageMoveTaskOutput, error,
) {
	moved, err := e.cancelTask(ctx, in.TaskHandle)
	if err != nil {
		return backend.CancelMessageMoveTaskOutput{}, about("CancelMessageMoveTask", "", err)
	}
	return backend.CancelMessageMoveTaskOutput{ApproximateNumberOfMessagesMoved: moved}, nil
}

func (e *Engine) cancelTask(ctx context.Context, handle string) (moved int64, err error) {
	if err := e.ready(ctx); err != nil {
		return 0, err
	}
	if handle == "" {
		return 0, rules.Missing("TaskHandle")
	}
	var h taskHandle
	text, err := base64.StdEncoding.DecodeString(handle)
	if err != nil || json.Unmarshal(text, &h) != nil {
		return 0, backend.ErrorOf(backend.ErrInvalidParameterValue, "Value for parameter TaskHandle is invalid.")
	}
	q := e.byARN(h.SourceArn)
	if q == nil {
		return 0, noResource("SourceArn")
	}
	if _, err := q.lock(); err != nil {
		return 0, err
	}
	defer q.unlock()
	for _, t := range q.tasks {
		if t.id.String() != h.TaskId {
			continue
		}
		if t.status != backend.TaskRunning {
			return 0, backend.ErrorOf(backend.ErrInvalidParameterValue, notRunning)
		}
		t.status = backend.TaskCancelling
		return t.moved, nil
	}
	return 0, backend.ErrorOf(backend.ErrResourceNotFound, "Task does not exist.")
}

// ListMessageMoveTasks lists the tasks of a dead-letter queue, the newest first,
// without a MaxResults only that one (7.4).
func (e *Engine) ListMessageMoveTasks(ctx context.Context, in backend.ListMessageMoveTasksInput) (
	backend.ListMessageMoveTasksOutput, error,
) {
	tasks, err := e.listTasks(ctx, in)
	if err != nil {
		return backend.ListMessageMoveTasksOutput{}, about("ListMessageMoveTasks", in.SourceArn, err)
	}
	return backend.ListMessageMoveTasksOutput{Results: tasks}, nil
}

func (e *Engine) listTasks(ctx context.Context, in backend.ListMessageMoveTasksInput) ([]backend.MoveTask, error) {
	if err := e.ready(ctx); err != nil {
		return nil, err
	}
	if in.SourceArn == "" {
		return nil, rules.Missing("SourceArn")
	}
	if err := rules.MaxResults(in.MaxResults, rules.MaxMoveTaskResults); err != nil {
		return nil, err
	}
	q := e.byARN(in.SourceArn)
	if q == nil {
		return nil, noResource("SourceArn")
	}
	if _, err := q.lock(); err != nil {
		return nil, err
	}
	defer q.unlock()
	var list []backend.MoveTask
	for _, t := range q.tasks[:min(len(q.tasks), max(in.MaxResults.Value, 1))] {
		list = append(list, t.listed())
	}
	return list, nil
}

// noResource is the error for an ARN behind which there is nothing.
func noResource(parameter string) error {
	return backend.ErrorOf(backend.ErrResourceNotFound,
		"The resource that you specified for the %s parameter doesn't exist.", parameter)
}

func (t *moveTask) handle() string {
	b, err := compact(taskHandle{t.id.String(), t.source.arnStr})
	if err != nil {
		panic("memory: a task handle is two strings: " + err.Error())
	}
	return base64.StdEncoding.EncodeToString(b)
}

func (t *moveTask) listed() backend.MoveTask {
	out := backend.MoveTask{
		Status:                            t.status,
		SourceArn:                         t.source.arnStr,
		DestinationArn:                    t.to,
		MaxNumberOfMessagesPerSecond:      t.rate,
		ApproximateNumberOfMessagesMoved:  t.moved,
		ApproximateNumberOfMessagesToMove: t.total,
		FailureReason:                     t.reason,
		Started:                           timeOf(t.started),
	}
	if t.status == backend.TaskRunning {
		out.TaskHandle = t.handle()
	}
	return out
}

// sleep sets the next step: when a message may move, but not all too soon.
func (t *moveTask) sleep(now int64) {
	t.sleepUntil(max(t.due, now+int64(moveStep)))
}

func (t *moveTask) sleepUntil(at int64) {
	e := t.source.e
	t.order = e.steps.Add(1)
	t.wake, t.stop = e.clock.at(at, t.step)
}

// step moves what is due.
func (t *moveTask) step(time.Time) {
	for to := t.look(); to != nil; to = t.look() {
		t.carry(to)
	}
}

// look finds the queue that the next message goes to. It is nil where nothing
// is to be moved now, for which it has then seen to the next step, if there is
// one.
func (t *moveTask) look() *queue {
	q := t.source
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.open() != nil {
		t.end(backend.TaskFailed, reasonNoQueue)
		return nil
	}
	defer q.settle()
	now := q.e.clock.now()
	q.advance(now)
	switch {
	case t.status == backend.TaskCancelling:
		t.end(backend.TaskCancelled, "")
	case t.done():
		t.end(backend.TaskCompleted, "")
	case now-t.started > int64(rules.MaxMoveTaskTime):
		t.end(backend.TaskFailed, reasonTooLong)
	case t.due > now:
		t.sleep(now)
	default:
		return t.destination(now)
	}
	return nil
}

// destination is where the first message goes that can be taken.
func (t *moveTask) destination(now int64) *queue {
	m := t.source.head()
	if m == nil { // all that is left is hidden
		t.due = now + max(t.interval, int64(moveIdle))
		t.sleep(now)
		return nil
	}
	arn := or(t.to, m.source())
	if arn == "" {
		t.end(backend.TaskFailed, reasonNoSource)
		return nil
	}
	to := t.source.e.byARN(arn)
	if to == nil {
		t.end(backend.TaskFailed, reasonNoQueue)
	}
	return to
}

// carry moves messages to a queue as long as it is theirs and they are due.
// Whatever stops it, the next look finds out.
func (t *moveTask) carry(to *queue) {
	q := t.source
	lockBoth(q, to)
	defer q.mu.Unlock()
	defer to.mu.Unlock()
	if q.open() != nil || to.open() != nil || t.status != backend.TaskRunning {
		return
	}
	defer q.settle()
	defer to.settle()
	now := q.e.clock.now()
	q.advance(now)
	to.advance(now)
	for t.due <= now && !t.done() {
		m := q.head()
		if m == nil || or(t.to, m.source()) != to.arnStr {
			return
		}
		q.move(m, to, now)
		t.moved++
		t.due += t.interval
	}
}

func (t *moveTask) done() bool {
	first := t.source.messages.after(0)
	return t.moved >= t.total || first == nil || first.seq > t.last
}

func (t *moveTask) end(status backend.TaskStatus, reason string) {
	t.status, t.reason = status, reason
	t.source.e.running.Add(-1)
}

// head is the message that would be received next, or nil.
func (q *queue) head() *message {
	if !q.fifo {
		return q.first(0)
	}
	if q.ready.len() == 0 {
		return nil
	}
	g, _ := q.ready.top()
	return g.head
}

// move sends a message to another queue as a new one, which nothing has been
// received of and which comes from nowhere (7.3). Deduplication does not see it:
// it would swallow what is then lost.
func (q *queue) move(m *message, to *queue, now int64) {
	group := ""
	if q.fifo {
		group = m.group.id
	}
	q.remove(m)
	q.emit(backend.EventMoved, m, now, to.arnStr, 0)
	to.store(&message{
		body: m.body, digest: m.digest, extras: m.extras.withSource(""), dedup: m.dedup, sent: now,
	}, group, to.settings.Load().delay, now)
}
