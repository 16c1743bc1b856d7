package meter

import (
	"context"

	"sqscope/backend"
)

// metered is [backend.SQS] behind the meter. Each action says what a second
// request could do.
type metered struct {
	m    *Meter
	next backend.SQS
}

// nothing makes an action without output look like one with.
func nothing[In any](call func(context.Context, In) error) func(context.Context, In) (struct{}, error) {
	return func(ctx context.Context, in In) (struct{}, error) { return struct{}{}, call(ctx, in) }
}

func (s *metered) AddPermission(ctx context.Context, in backend.AddPermissionInput) error {
	_, err := do(ctx, s.m, "AddPermission", harmful, in, nothing(s.next.AddPermission))
	return err
}

func (s *metered) CancelMessageMoveTask(ctx context.Context, in backend.CancelMessageMoveTaskInput) (backend.CancelMessageMoveTaskOutput, error) {
	return do(ctx, s.m, "CancelMessageMoveTask", harmful, in, s.next.CancelMessageMoveTask)
}

func (s *metered) ChangeMessageVisibility(ctx context.Context, in backend.ChangeMessageVisibilityInput) error {
	_, err := do(ctx, s.m, "ChangeMessageVisibility", harmless, in, nothing(s.next.ChangeMessageVisibility))
	return err
}

func (s *metered) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	return do(ctx, s.m, "ChangeMessageVisibilityBatch", harmless, in, s.next.ChangeMessageVisibilityBatch)
}

func (s *metered) CreateQueue(ctx context.Context, in backend.CreateQueueInput) (backend.CreateQueueOutput, error) {
	return do(ctx, s.m, "CreateQueue", harmless, in, s.next.CreateQueue)
}

func (s *metered) DeleteMessage(ctx context.Context, in backend.DeleteMessageInput) error {
	_, err := do(ctx, s.m, "DeleteMessage", harmless, in, nothing(s.next.DeleteMessage))
	return err
}

func (s *metered) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	return do(ctx, s.m, "DeleteMessageBatch", harmless, in, s.next.DeleteMessageBatch)
}

// DeleteQueue a second time says that there is no such queue.
func (s *metered) DeleteQueue(ctx context.Context, in backend.DeleteQueueInput) error {
	_, err := do(ctx, s.m, "DeleteQueue", harmful, in, nothing(s.next.DeleteQueue))
	return err
}

func (s *metered) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	return do(ctx, s.m, "GetQueueAttributes", harmless, in, s.next.GetQueueAttributes)
}

func (s *metered) GetQueueUrl(ctx context.Context, in backend.GetQueueUrlInput) (backend.GetQueueUrlOutput, error) {
	return do(ctx, s.m, "GetQueueUrl", harmless, in, s.next.GetQueueUrl)
}

func (s *metered) ListDeadLetterSourceQueues(ctx context.Context, in backend.ListDeadLetterSourceQueuesInput) (backend.ListQueuesOutput, error) {
	return do(ctx, s.m, "ListDeadLetterSourceQueues", harmless, in, s.next.ListDeadLetterSourceQueues)
}

func (s *metered) ListMessageMoveTasks(ctx context.Context, in backend.ListMessageMoveTasksInput) (backend.ListMessageMoveTasksOutput, error) {
	return do(ctx, s.m, "ListMessageMoveTasks", harmless, in, s.next.ListMessageMoveTasks)
}

func (s *metered) ListQueueTags(ctx context.Context, in backend.ListQueueTagsInput) (backend.ListQueueTagsOutput, error) {
	return do(ctx, s.m, "ListQueueTags", harmless, in, s.next.ListQueueTags)
}

func (s *metered) ListQueues(ctx context.Context, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	return do(ctx, s.m, "ListQueues", harmless, in, s.next.ListQueues)
}

// PurgeQueue a second time is refused for a minute, or takes what was sent in
// between.
func (s *metered) PurgeQueue(ctx context.Context, in backend.PurgeQueueInput) error {
	_, err := do(ctx, s.m, "PurgeQueue", harmful, in, nothing(s.next.PurgeQueue))
	return err
}

// ReceiveMessage a second time hides more messages and counts once more.
func (s *metered) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	return do(ctx, s.m, "ReceiveMessage", harmful, in, s.next.ReceiveMessage)
}

func (s *metered) RemovePermission(ctx context.Context, in backend.RemovePermissionInput) error {
	_, err := do(ctx, s.m, "RemovePermission", harmful, in, nothing(s.next.RemovePermission))
	return err
}

func (s *metered) SendMessage(ctx context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	return do(ctx, s.m, "SendMessage", ofSend(in), in, s.next.SendMessage)
}

func (s *metered) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	h := harmless
	for _, e := range in.Entries {
		if ofSend(e.SendMessageInput) == harmful {
			h = harmful
		}
	}
	return do(ctx, s.m, "SendMessageBatch", h, in, s.next.SendMessageBatch)
}

// ofSend tells whether SQS would see that a message is sent a second time: a
// FIFO queue does so for five minutes by the deduplication id (docs/SQS.md 8.1).
// The queue's content-based deduplication is not known here.
func ofSend(in backend.SendMessageInput) harm {
	if in.MessageDeduplicationId.Set {
		return harmless
	}
	return harmful
}

func (s *metered) SetQueueAttributes(ctx context.Context, in backend.SetQueueAttributesInput) error {
	_, err := do(ctx, s.m, "SetQueueAttributes", harmless, in, nothing(s.next.SetQueueAttributes))
	return err
}

// StartMessageMoveTask a second time is refused because of the first.
func (s *metered) StartMessageMoveTask(ctx context.Context, in backend.StartMessageMoveTaskInput) (backend.StartMessageMoveTaskOutput, error) {
	return do(ctx, s.m, "StartMessageMoveTask", harmful, in, s.next.StartMessageMoveTask)
}

func (s *metered) TagQueue(ctx context.Context, in backend.TagQueueInput) error {
	_, err := do(ctx, s.m, "TagQueue", harmless, in, nothing(s.next.TagQueue))
	return err
}

func (s *metered) UntagQueue(ctx context.Context, in backend.UntagQueueInput) error {
	_, err := do(ctx, s.m, "UntagQueue", harmless, in, nothing(s.next.UntagQueue))
	return err
}
