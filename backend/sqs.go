// Package backend is Amazon SQS in Go: its 23 actions under their own names,
// the shapes that go in and come out, its errors with a kind, and the optional
// abilities that some places have beyond SQS.
//
// It is the ground floor. Everything that offers a queue (the embedded engine,
// AWS, a decorator) implements [SQS]; everything that uses one depends on this
// package and on nothing below it. The spelling of actions, fields, codes and
// texts follows SQS, so that what is read in docs/SQS.md can be found here.
//
// Promises that every implementation keeps:
//   - A method may be called from any goroutine.
//   - A method returns when its context ends, at the latest.
//   - Every error is an [*Error]; its [Kind] says what may be done about it.
//   - Inputs are not kept or changed; maps and slices in outputs belong to the
//     caller.
//   - Bodies and attribute values come back byte for byte as they were sent.
package backend

import "context"

// SQS is the service: the 23 actions of docs/SQS.md section 1.
type SQS interface {
	AddPermission(ctx context.Context, in AddPermissionInput) error
	CancelMessageMoveTask(ctx context.Context, in CancelMessageMoveTaskInput) (CancelMessageMoveTaskOutput, error)
	ChangeMessageVisibility(ctx context.Context, in ChangeMessageVisibilityInput) error
	ChangeMessageVisibilityBatch(ctx context.Context, in ChangeMessageVisibilityBatchInput) (BatchOutput, error)
	CreateQueue(ctx context.Context, in CreateQueueInput) (CreateQueueOutput, error)
	DeleteMessage(ctx context.Context, in DeleteMessageInput) error
	DeleteMessageBatch(ctx context.Context, in DeleteMessageBatchInput) (BatchOutput, error)
	DeleteQueue(ctx context.Context, in DeleteQueueInput) error
	GetQueueAttributes(ctx context.Context, in GetQueueAttributesInput) (GetQueueAttributesOutput, error)
	GetQueueUrl(ctx context.Context, in GetQueueUrlInput) (GetQueueUrlOutput, error)
	ListDeadLetterSourceQueues(ctx context.Context, in ListDeadLetterSourceQueuesInput) (ListQueuesOutput, error)
	ListMessageMoveTasks(ctx context.Context, in ListMessageMoveTasksInput) (ListMessageMoveTasksOutput, error)
	ListQueueTags(ctx context.Context, in ListQueueTagsInput) (ListQueueTagsOutput, error)
	ListQueues(ctx context.Context, in ListQueuesInput) (ListQueuesOutput, error)
	PurgeQueue(ctx context.Context, in PurgeQueueInput) error
	ReceiveMessage(ctx context.Context, in ReceiveMessageInput) (ReceiveMessageOutput, error)
	RemovePermission(ctx context.Context, in RemovePermissionInput) error
	SendMessage(ctx context.Context, in SendMessageInput) (SendMessageOutput, error)
	SendMessageBatch(ctx context.Context, in SendMessageBatchInput) (SendMessageBatchOutput, error)
	SetQueueAttributes(ctx context.Context, in SetQueueAttributesInput) error
	StartMessageMoveTask(ctx context.Context, in StartMessageMoveTaskInput) (StartMessageMoveTaskOutput, error)
	TagQueue(ctx context.Context, in TagQueueInput) error
	UntagQueue(ctx context.Context, in UntagQueueInput) error
}

// Actions are the names of the 23 actions, in alphabetical order.
func Actions() []string {
	return []string{
		"AddPermission", "CancelMessageMoveTask", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch",
		"CreateQueue", "DeleteMessage", "DeleteMessageBatch", "DeleteQueue", "GetQueueAttributes", "GetQueueUrl",
		"ListDeadLetterSourceQueues", "ListMessageMoveTasks", "ListQueueTags", "ListQueues", "PurgeQueue",
		"ReceiveMessage", "RemovePermission", "SendMessage", "SendMessageBatch", "SetQueueAttributes",
		"StartMessageMoveTask", "TagQueue", "UntagQueue",
	}
}

// Opt is a value that a request may leave out, where SQS tells "left out" from
// zero: a receive without a VisibilityTimeout takes the queue's, one with 0
// hides nothing. The zero Opt is "left out".
type Opt[T any] struct {
	Value T
	Set   bool
}

// Some is a value that is there.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Set: true} }

// Or is the value, or def if it was left out.
func (o Opt[T]) Or(def T) T {
	if o.Set {
		return o.Value
	}
	return def
}
