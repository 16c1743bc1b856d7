package awsline

import (
	"context"
	"sync"

	"sqscope/backend"
)

// spy is a backend that takes every request and remembers it.
type spy struct {
	mu   sync.Mutex
	last any
}

func (s *spy) saw(in any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = in
}

// take is the request since the last take, nil if there was none.
func (s *spy) take() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.last
	s.last = nil
	return in
}

func (s *spy) AddPermission(_ context.Context, in backend.AddPermissionInput) error {
	s.saw(in)
	return nil
}

func (s *spy) CancelMessageMoveTask(_ context.Context, in backend.CancelMessageMoveTaskInput) (backend.CancelMessageMoveTaskOutput, error) {
	s.saw(in)
	return backend.CancelMessageMoveTaskOutput{}, nil
}

func (s *spy) ChangeMessageVisibility(_ context.Context, in backend.ChangeMessageVisibilityInput) error {
	s.saw(in)
	return nil
}

func (s *spy) ChangeMessageVisibilityBatch(_ context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	s.saw(in)
	return backend.BatchOutput{}, nil
}

func (s *spy) CreateQueue(_ context.Context, in backend.CreateQueueInput) (backend.CreateQueueOutput, error) {
	s.saw(in)
	return backend.CreateQueueOutput{}, nil
}

func (s *spy) DeleteMessage(_ context.Context, in backend.DeleteMessageInput) error {
	s.saw(in)
	return nil
}

func (s *spy) DeleteMessageBatch(_ context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	s.saw(in)
	return backend.BatchOutput{}, nil
}

func (s *spy) DeleteQueue(_ context.Context, in backend.DeleteQueueInput) error {
	s.saw(in)
	return nil
}

func (s *spy) GetQueueAttributes(_ context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	s.saw(in)
	return backend.GetQueueAttributesOutput{}, nil
}

func (s *spy) GetQueueUrl(_ context.Context, in backend.GetQueueUrlInput) (backend.GetQueueUrlOutput, error) {
	s.saw(in)
	return backend.GetQueueUrlOutput{}, nil
}

func (s *spy) ListDeadLetterSourceQueues(_ context.Context, in backend.ListDeadLetterSourceQueuesInput) (backend.ListQueuesOutput, error) {
	s.saw(in)
	return backend.ListQueuesOutput{}, nil
}

func (s *spy) ListMessageMoveTasks(_ context.Context, in backend.ListMessageMoveTasksInput) (backend.ListMessageMoveTasksOutput, error) {
	s.saw(in)
	return backend.ListMessageMoveTasksOutput{}, nil
}

func (s *spy) ListQueueTags(_ context.Context, in backend.ListQueueTagsInput) (backend.ListQueueTagsOutput, error) {
	s.saw(in)
	return backend.ListQueueTagsOutput{}, nil
}

func (s *spy) ListQueues(_ context.Context, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	s.saw(in)
	return backend.ListQueuesOutput{}, nil
}

func (s *spy) PurgeQueue(_ context.Context, in backend.PurgeQueueInput) error {
	s.saw(in)
	return nil
}

func (s *spy) ReceiveMessage(_ context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	s.saw(in)
	return backend.ReceiveMessageOutput{}, nil
}

func (s *spy) RemovePermission(_ context.Context, in backend.RemovePermissionInput) error {
	s.saw(in)
	return nil
}

func (s *spy) SendMessage(_ context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	s.saw(in)
	return backend.SendMessageOutput{}, nil
}

func (s *spy) SendMessageBatch(_ context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	s.saw(in)
	return backend.SendMessageBatchOutput{}, nil
}

func (s *spy) SetQueueAttributes(_ context.Context, in backend.SetQueueAttributesInput) error {
	s.saw(in)
	return nil
}

func (s *spy) StartMessageMoveTask(_ context.Context, in backend.StartMessageMoveTaskInput) (backend.StartMessageMoveTaskOutput, error) {
	s.saw(in)
	return backend.StartMessageMoveTaskOutput{}, nil
}

func (s *spy) TagQueue(_ context.Context, in backend.TagQueueInput) error {
	s.saw(in)
	return nil
}

func (s *spy) UntagQueue(_ context.Context, in backend.UntagQueueInput) error {
	s.saw(in)
	return nil
}
