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
	if err := b.enter(ctx, "CancelMessageMoveTask", ofTask(in.TaskHandle)); err != nil {
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
	if err := b.enter(ctx, "CreateQueue", in.QueueName); err != nil {
		return backend.CreateQueueOutput{}, err
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
	if err := b.enter(ctx, "StartMessageMoveTask", in.SourceArn); err != nil {
		return backend.StartMessageMoveTaskOutput{}, err
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
