package memory

import (
	"context"

	"sqscope/backend"
)

// The actions that do no more at the boundary than to be let in; boundary.go has
// the others.

func (b boundary) AddPermission(ctx context.Context, in backend.AddPermissionInput) error {
	if err := b.enter(ctx, "AddPermission", in.QueueUrl); err != nil {
		return err
	}
	return b.e.AddPermission(ctx, in)
}

func (b boundary) CancelMessageMoveTask(ctx context.Context, in backend.CancelMessageMoveTaskInput) (backend.CancelMessageMoveTaskOutput, error) {
	const action = "CancelMessageMoveTask"
	source := ofTask(in.TaskHandle)
	if err := b.enter(ctx, action, source); err != nil {
		return backend.CancelMessageMoveTaskOutput{}, err
	}
	if err := b.also(ctx, action, b.e.arnOf(source), "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"); err != nil {
		return backend.CancelMessageMoveTaskOutput{}, err
	}
	return b.e.CancelMessageMoveTask(ctx, in)
}

func (b boundary) ChangeMessageVisibility(ctx context.Context, in backend.ChangeMessageVisibilityInput) error {
	if err := b.enter(ctx, "ChangeMessageVisibility", in.QueueUrl); err != nil {
		return err
	}
	return b.e.ChangeMessageVisibility(ctx, in)
}

func (b boundary) CreateQueue(ctx context.Context, in backend.CreateQueueInput) (backend.CreateQueueOutput, error) {
	const action = "CreateQueue"
	if err := b.enter(ctx, action, in.QueueName); err != nil {
		return backend.CreateQueueOutput{}, err
	}
	if len(in.Tags) > 0 {
		if err := b.also(ctx, action, b.e.arnOf(in.QueueName), "TagQueue"); err != nil {
			return backend.CreateQueueOutput{}, err
		}
	}
	return b.e.CreateQueue(ctx, in)
}

func (b boundary) DeleteMessage(ctx context.Context, in backend.DeleteMessageInput) error {
	if err := b.enter(ctx, "DeleteMessage", in.QueueUrl); err != nil {
		return err
	}
	return b.e.DeleteMessage(ctx, in)
}

func (b boundary) DeleteQueue(ctx context.Context, in backend.DeleteQueueInput) error {
	if err := b.enter(ctx, "DeleteQueue", in.QueueUrl); err != nil {
		return err
	}
	return b.e.DeleteQueue(ctx, in)
}

func (b boundary) GetQueueUrl(ctx context.Context, in backend.GetQueueUrlInput) (backend.GetQueueUrlOutput, error) {
	if err := b.enter(ctx, "GetQueueUrl", in.QueueName); err != nil {
		return backend.GetQueueUrlOutput{}, err
	}
	return b.e.GetQueueUrl(ctx, in)
}

func (b boundary) ListDeadLetterSourceQueues(ctx context.Context, in backend.ListDeadLetterSourceQueuesInput) (backend.ListQueuesOutput, error) {
	if err := b.enter(ctx, "ListDeadLetterSourceQueues", in.QueueUrl); err != nil {
		return backend.ListQueuesOutput{}, err
	}
	return b.e.ListDeadLetterSourceQueues(ctx, in)
}

func (b boundary) ListMessageMoveTasks(ctx context.Context, in backend.ListMessageMoveTasksInput) (backend.ListMessageMoveTasksOutput, error) {
	if err := b.enter(ctx, "ListMessageMoveTasks", in.SourceArn); err != nil {
		return backend.ListMessageMoveTasksOutput{}, err
	}
	if err := b.also(ctx, "ListMessageMoveTasks", b.e.arnOf(in.SourceArn), "GetQueueAttributes"); err != nil {
		return backend.ListMessageMoveTasksOutput{}, err
	}
	return b.e.ListMessageMoveTasks(ctx, in)
}

func (b boundary) ListQueueTags(ctx context.Context, in backend.ListQueueTagsInput) (backend.ListQueueTagsOutput, error) {
	if err := b.enter(ctx, "ListQueueTags", in.QueueUrl); err != nil {
		return backend.ListQueueTagsOutput{}, err
	}
	return b.e.ListQueueTags(ctx, in)
}

func (b boundary) ListQueues(ctx context.Context, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	if err := b.enter(ctx, "ListQueues", noneInParticular); err != nil {
		return backend.ListQueuesOutput{}, err
	}
	return b.e.ListQueues(ctx, in)
}

func (b boundary) PurgeQueue(ctx context.Context, in backend.PurgeQueueInput) error {
	if err := b.enter(ctx, "PurgeQueue", in.QueueUrl); err != nil {
		return err
	}
	return b.e.PurgeQueue(ctx, in)
}

func (b boundary) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	if err := b.enter(ctx, "ReceiveMessage", in.QueueUrl); err != nil {
		return backend.ReceiveMessageOutput{}, err
	}
	return b.e.ReceiveMessage(ctx, in)
}

func (b boundary) RemovePermission(ctx context.Context, in backend.RemovePermissionInput) error {
	if err := b.enter(ctx, "RemovePermission", in.QueueUrl); err != nil {
		return err
	}
	return b.e.RemovePermission(ctx, in)
}

func (b boundary) SendMessage(ctx context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	if err := b.enter(ctx, "SendMessage", in.QueueUrl); err != nil {
		return backend.SendMessageOutput{}, err
	}
	return b.e.SendMessage(ctx, in)
}

func (b boundary) SetQueueAttributes(ctx context.Context, in backend.SetQueueAttributesInput) error {
	if err := b.enter(ctx, "SetQueueAttributes", in.QueueUrl); err != nil {
		return err
	}
	return b.e.SetQueueAttributes(ctx, in)
}

func (b boundary) StartMessageMoveTask(ctx context.Context, in backend.StartMessageMoveTaskInput) (backend.StartMessageMoveTaskOutput, error) {
	const action = "StartMessageMoveTask"
	if err := b.enter(ctx, action, in.SourceArn); err != nil {
		return backend.StartMessageMoveTaskOutput{}, err
	}
	if err := b.also(ctx, action, b.e.arnOf(in.SourceArn), "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"); err != nil {
		return backend.StartMessageMoveTaskOutput{}, err
	}
	for _, to := range b.e.destinations(in) {
		if err := b.also(ctx, action, to, "SendMessage"); err != nil {
			return backend.StartMessageMoveTaskOutput{}, err
		}
	}
	return b.e.StartMessageMoveTask(ctx, in)
}

func (b boundary) TagQueue(ctx context.Context, in backend.TagQueueInput) error {
	if err := b.enter(ctx, "TagQueue", in.QueueUrl); err != nil {
		return err
	}
	return b.e.TagQueue(ctx, in)
}

func (b boundary) UntagQueue(ctx context.Context, in backend.UntagQueueInput) error {
	if err := b.enter(ctx, "UntagQueue", in.QueueUrl); err != nil {
		return err
	}
	return b.e.UntagQueue(ctx, in)
}

// destinations are the queues that a move task would send to.
func (e *Engine) destinations(in backend.StartMessageMoveTaskInput) []backend.ARN {
	if in.DestinationArn != "" {
		return []backend.ARN{e.arnOf(in.DestinationArn)}
	}
	var arns []backend.ARN
	if q := e.byARN(in.SourceArn); q != nil {
		for _, source := range q.sources() {
			arns = append(arns, source.arn)
		}
	}
	return arns
}
