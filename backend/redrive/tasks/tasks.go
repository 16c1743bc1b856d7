// Package tasks runs and watches SQS's own redrive: the move tasks of one
// dead-letter queue (docs/SQS.md 7), those too that somebody else started.
//
// What SQS tells of a task may be a minute old, and is shown with its age. The
// number to move is taken once, at the start, and never changes. CANCELLING is
// not done: a few more messages may move until it is. What was moved stays moved.
//
// Promises:
//   - One request at a time, and none more often than every second; less often
//     while nothing changes.
//   - The handle that a start gave is kept, as SQS lists it only while a task
//     runs. A task of somebody else can be cancelled as long as it is listed.
//   - [Desk.Follow] has no goroutine, and its callbacks come from its caller's.
package tasks

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// Desk is the move tasks of one dead-letter queue. It has no state and may be used
// from any goroutine.
type Desk struct {
	SQS    backend.SQS // guarded and metered
	Source backend.ARN // the dead-letter queue
}

// Task is a move task, and what is known of it beyond what SQS lists.
type Task struct {
	backend.MoveTask
	Mine bool // it was started here, so that its handle is known

	after time.Time // when the one before it was started; zero: there was none, or nobody knows
}

// Start starts a task: to one queue, or with the zero ARN each message back to its
// own source; with so many messages a second, 1 to 500, or as SQS decides (7.1).
// The context must carry a grant for it (package guard). The task may not be
// listed yet.
func (d Desk) Start(ctx context.Context, to backend.ARN, perSecond backend.Opt[int]) (Task, error) {
	in := backend.StartMessageMoveTaskInput{SourceArn: d.Source.String(), MaxNumberOfMessagesPerSecond: perSecond}
	if to != (backend.ARN{}) {
		in.DestinationArn = to.String()
	}
	if err := rules.StartMoveTask(in); err != nil {
		return Task{}, err
	}
	// A task that is done before it is seen has no handle any more: it is then the one
	// that was not there before. Who may not list tasks may start one all the same.
	var after time.Time
	if all, err := d.History(ctx); err == nil && len(all) > 0 {
		after = all[0].Started
	}
	out, err := d.SQS.StartMessageMoveTask(ctx, in)
	if err != nil {
		return Task{}, err
	}
	return Task{Mine: true, after: after, MoveTask: backend.MoveTask{
		TaskHandle: out.TaskHandle, Status: backend.TaskRunning, SourceArn: in.SourceArn, DestinationArn: in.DestinationArn,
		MaxNumberOfMessagesPerSecond: perSecond, ApproximateNumberOfMessagesToMove: -1,
	}}, nil
}

// History are the last tasks of the queue, at most ten, the newest first (7.4).
func (d Desk) History(ctx context.Context) ([]Task, error) {
	out, err := d.SQS.ListMessageMoveTasks(ctx, backend.ListMessageMoveTasksInput{
		SourceArn: d.Source.String(), MaxResults: backend.Some(rules.MaxMoveTaskResults),
	})
	if err != nil {
		return nil, err
	}
	all := make([]Task, len(out.Results))
	for i, t := range out.Results {
		all[i] = Task{MoveTask: t}
	}
	return all, nil
}

// Current is the task that is under way, whoever started it; one that is being
// cancelled still is. Ok is false if there is none.
func (d Desk) Current(ctx context.Context) (t Task, ok bool, err error) {
	all, err := d.History(ctx)
	if err != nil || len(all) == 0 || all[0].Status.Done() {
		return Task{}, false, err
	}
	return all[0], true, nil
}

// Cancel asks SQS to stop a task, and tells about how many messages it had moved.
// It goes on for a moment: follow it until it is CANCELLED (7.3). Kind conflict:
// it does not run any more, or its handle is not known.
func (d Desk) Cancel(ctx context.Context, t Task) (moved int, err error) {
	handle := t.TaskHandle
	if handle == "" {
		now, ok, err := d.Current(ctx)
		if err != nil {
			return 0, err
		}
		if !ok || !now.Started.Equal(t.Started) || now.TaskHandle == "" {
			e := backend.Errorf(backend.KindConflict, "the task does not run any more")
			e.Action, e.Subject, e.Next = "CancelMessageMoveTask", d.Source.Name, "list the tasks to see how it ended"
			return 0, e
		}
		handle = now.TaskHandle
	}
	out, err := d.SQS.CancelMessageMoveTask(ctx, backend.CancelMessageMoveTaskInput{TaskHandle: handle})
	return int(out.ApproximateNumberOfMessagesMoved), err
}

// ID is the task's id, as its handle has it (7.2); "" where that cannot be read.
func (t Task) ID() string {
	doc, err := base64.StdEncoding.DecodeString(t.TaskHandle)
	if err != nil {
		return ""
	}
	var h struct {
		TaskID string `json:"taskId"`
	}
	if json.Unmarshal(doc, &h) != nil {
		return ""
	}
	return h.TaskID
}

// Words say where a task stands: "RUNNING, 32 of 100 moved".
func (t Task) Words() string {
	s := fmt.Sprintf("%s, %d", t.Status, t.ApproximateNumberOfMessagesMoved)
	if t.ApproximateNumberOfMessagesToMove >= 0 {
		s += fmt.Sprintf(" of %d", t.ApproximateNumberOfMessagesToMove)
	}
	s += " moved"
	if t.FailureReason != "" {
		s += ": " + t.FailureReason
	}
	return s
}

// Progress is how far a task has come, as of the last answer.
type Progress struct {
	Task
	Listed  bool           // SQS lists it; not at once after a start
	AsOf    time.Time      // of the answer
	Changed time.Time      // when the number moved was last seen to change; zero: not yet
	Rate    float64        // messages a second since following began; 0: not known
	Left    time.Duration  // at that rate; -1: not known
	Err     *backend.Error // of the last request, if it failed; the rest is then older
}

// Moved is about how many messages were moved.
func (p Progress) Moved() int { return int(p.ApproximateNumberOfMessagesMoved) }

// Total is how many messages were to be moved when the task began; -1: not known.
func (p Progress) Total() int { return int(p.ApproximateNumberOfMessagesToMove) }

// Stale is how long the number has not changed while the task runs; counts may be
// a minute late (docs/SQS.md 12.2), and a longer time means that it moves nothing.
func (p Progress) Stale(now time.Time) time.Duration {
	if p.Status.Done() || p.Changed.IsZero() {
		return 0
	}
	return max(0, now.Sub(p.Changed))
}

// Words say the progress honestly.
func (p Progress) Words(now time.Time) string {
	if !p.Listed {
		return "started; SQS does not list it yet"
	}
	s := p.Task.Words()
	switch stale := p.Stale(now).Round(time.Second); {
	case p.Status == backend.TaskCancelling:
		s += "; a few more may move until it is CANCELLED"
	case stale > countsLag:
		s += fmt.Sprintf("; nothing has moved for %s", stale)
	case stale >= 5*time.Second:
		s += fmt.Sprintf("; as of up to %s ago", stale)
	}
	if p.Err != nil {
		s += "; " + p.Err.Error()
	}
	return s
}
