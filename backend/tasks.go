package backend

import "time"

// StartMessageMoveTaskInput starts SQS's own redrive of a dead-letter queue
// (docs/SQS.md 7.1). Without a DestinationArn each message goes back to the
// queue it came from.
type StartMessageMoveTaskInput struct {
	SourceArn                    string
	DestinationArn               string
	MaxNumberOfMessagesPerSecond Opt[int] // 1..500
}

// StartMessageMoveTaskOutput has the handle that can cancel the task.
type StartMessageMoveTaskOutput struct{ TaskHandle string }

// CancelMessageMoveTaskInput cancels a running task (7.3).
type CancelMessageMoveTaskInput struct{ TaskHandle string }

// CancelMessageMoveTaskOutput says how many had been moved by then; a few more
// may follow until the task is CANCELLED.
type CancelMessageMoveTaskOutput struct{ ApproximateNumberOfMessagesMoved int64 }

// ListMessageMoveTasksInput asks for the tasks of a dead-letter queue, the
// newest first (7.4). MaxResults is 1..10 and defaults to 1.
type ListMessageMoveTasksInput struct {
	SourceArn  string
	MaxResults Opt[int]
}

// ListMessageMoveTasksOutput has up to ten tasks.
type ListMessageMoveTasksOutput struct{ Results []MoveTask }

// TaskStatus is where a move task stands.
type TaskStatus string

// The statuses of a move task (7.3). CANCELLING is not done yet.
const (
	TaskRunning    TaskStatus = "RUNNING"
	TaskCompleted  TaskStatus = "COMPLETED"
	TaskCancelling TaskStatus = "CANCELLING"
	TaskCancelled  TaskStatus = "CANCELLED"
	TaskFailed     TaskStatus = "FAILED"
)

// Done tells whether the task will move nothing more.
func (s TaskStatus) Done() bool {
	return s == TaskCompleted || s == TaskCancelled || s == TaskFailed
}

// MoveTask is a move task as SQS lists it. TaskHandle is there only while the
// task runs; the number to move is taken once, at the start.
type MoveTask struct {
	TaskHandle                        string
	Status                            TaskStatus
	SourceArn                         string
	DestinationArn                    string   // as given at the start, or empty
	MaxNumberOfMessagesPerSecond      Opt[int] // as given at the start
	ApproximateNumberOfMessagesMoved  int64
	ApproximateNumberOfMessagesToMove int64
	FailureReason                     string // of a FAILED task
	Started                           time.Time
}
