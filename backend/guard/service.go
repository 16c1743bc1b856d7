package guard

import (
	"context"

	"sqscope/backend"
)

// service is [backend.SQS] behind the guard.
type service struct {
	g    *Guard
	next backend.SQS
}

func (s service) AddPermission(ctx context.Context, in backend.AddPermissionInput) error {
	return do(ctx, s.g, "AddPermission", queueName(in.QueueUrl), in, s.next.AddPermission)
}

func (s service) CancelMessageMoveTask(ctx context.Context, in backend.CancelMessageMoveTaskInput) (backend.CancelMessageMoveTaskOutput, error) {
	return ask(ctx, s.g, "CancelMessageMoveTask", sourceOf(in.TaskHandle), in, s.next.CancelMessageMoveTask)
}

func (s service) ChangeMessageVisibility(ctx context.Context, in backend.ChangeMessageVisibilityInput) error {
	return do(ctx, s.g, "ChangeMessageVisibility", queueName(in.QueueUrl), in, s.next.ChangeMessageVisibility)
}

func (s service) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	return ask(ctx, s.g, "ChangeMessageVisibilityBatch", queueName(in.QueueUrl), in, s.next.ChangeMessageVisibilityBatch)
}

func (s service) CreateQueue(ctx context.Context, in backend.CreateQueueInput) (backend.CreateQueueOutput, error) {
	return ask(ctx, s.g, "CreateQueue", in.QueueName, in, s.next.CreateQueue)
}

func (s service) DeleteMessage(ctx context.Context, in backend.DeleteMessageInput) error {
	return do(ctx, s.g, "DeleteMessage", queueName(in.QueueUrl), in, s.next.DeleteMessage)
}

func (s service) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	return deleteMany(ctx, s.g, "DeleteMessageBatch", in.QueueUrl, len(in.Entries), in, s.next.DeleteMessageBatch)
}

func (s service) DeleteQueue(ctx context.Context, in backend.DeleteQueueInput) error {
	_, _, err := granted(ctx, s.g, "DeleteQueue", ActDeleteQueue, in.QueueUrl, 1, in, nothing(s.next.DeleteQueue))
	return err
}

func (s service) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	return ask(ctx, s.g, "GetQueueAttributes", queueName(in.QueueUrl), in, s.next.GetQueueAttributes)
}

func (s service) GetQueueUrl(ctx context.Context, in backend.GetQueueUrlInput) (backend.GetQueueUrlOutput, error) {
	return ask(ctx, s.g, "GetQueueUrl", in.QueueName, in, s.next.GetQueueUrl)
}

func (s service) ListDeadLetterSourceQueues(ctx context.Context, in backend.ListDeadLetterSourceQueuesInput) (backend.ListQueuesOutput, error) {
	return ask(ctx, s.g, "ListDeadLetterSourceQueues", queueName(in.QueueUrl), in, s.next.ListDeadLetterSourceQueues)
}

func (s service) ListMessageMoveTasks(ctx context.Context, in backend.ListMessageMoveTasksInput) (backend.ListMessageMoveTasksOutput, error) {
	return ask(ctx, s.g, "ListMessageMoveTasks", in.SourceArn, in, s.next.ListMessageMoveTasks)
}

func (s service) ListQueueTags(ctx context.Context, in backend.ListQueueTagsInput) (backend.ListQueueTagsOutput, error) {
	return ask(ctx, s.g, "ListQueueTags", queueName(in.QueueUrl), in, s.next.ListQueueTags)
}

func (s service) ListQueues(ctx context.Context, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	return ask(ctx, s.g, "ListQueues", "", in, s.next.ListQueues)
}

func (s service) PurgeQueue(ctx context.Context, in backend.PurgeQueueInput) error {
	_, _, err := granted(ctx, s.g, "PurgeQueue", ActPurge, in.QueueUrl, 1, in, nothing(s.next.PurgeQueue))
	return err
}

func (s service) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	return ask(ctx, s.g, "ReceiveMessage", queueName(in.QueueUrl), in, s.next.ReceiveMessage)
}

func (s service) RemovePermission(ctx context.Context, in backend.RemovePermissionInput) error {
	return do(ctx, s.g, "RemovePermission", queueName(in.QueueUrl), in, s.next.RemovePermission)
}

func (s service) SendMessage(ctx context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	return ask(ctx, s.g, "SendMessage", queueName(in.QueueUrl), in, s.next.SendMessage)
}

func (s service) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	return ask(ctx, s.g, "SendMessageBatch", queueName(in.QueueUrl), in, s.next.SendMessageBatch)
}

func (s service) SetQueueAttributes(ctx context.Context, in backend.SetQueueAttributesInput) error {
	return do(ctx, s.g, "SetQueueAttributes", queueName(in.QueueUrl), in, s.next.SetQueueAttributes)
}

func (s service) StartMessageMoveTask(ctx context.Context, in backend.StartMessageMoveTaskInput) (backend.StartMessageMoveTaskOutput, error) {
	const action = "StartMessageMoveTask"
	if in.DestinationArn != "" { // messages must not come where nothing may be changed either
		if err := s.g.check(action, in.DestinationArn); err != nil {
			return backend.StartMessageMoveTaskOutput{}, err
		}
	}
	out, _, err := granted(ctx, s.g, action, ActRedrive, in.SourceArn, 1, in, s.next.StartMessageMoveTask)
	return out, err
}

func (s service) TagQueue(ctx context.Context, in backend.TagQueueInput) error {
	return do(ctx, s.g, "TagQueue", queueName(in.QueueUrl), in, s.next.TagQueue)
}

func (s service) UntagQueue(ctx context.Context, in backend.UntagQueueInput) error {
	return do(ctx, s.g, "UntagQueue", queueName(in.QueueUrl), in, s.next.UntagQueue)
}

// deleteMany makes a call that deletes n messages. More than one takes a
// grant, which gets back what the call did not delete.
func deleteMany[I any](
	ctx context.Context, g *Guard, action, queueURL string, n int, in I,
	call func(context.Context, I) (backend.BatchOutput, error),
) (backend.BatchOutput, error) {
	if n <= 1 {
		return ask(ctx, g, action, queueName(queueURL), in, call)
	}
	out, p, err := granted(ctx, g, action, ActDeleteMessages, queueURL, n, in, call)
	if p != nil {
		p.settle(n, out, err)
	}
	return out, err
}
