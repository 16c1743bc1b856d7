package endpoint

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sqscope/backend"
)

// stub is a backend that notes what it was asked and answers what it was told.
type stub struct {
	action string
	in     any
	err    error

	out     any
	waiting chan struct{} // told when a receive begins to wait
}

func note[Out any](s *stub, action string, in any) (Out, error) {
	s.action, s.in = action, in
	out, _ := s.out.(Out)
	return out, s.err
}

func (s *stub) AddPermission(_ context.Context, in backend.AddPermissionInput) error {
	_, err := note[any](s, "AddPermission", in)
	return err
}

func (s *stub) CancelMessageMoveTask(_ context.Context, in backend.CancelMessageMoveTaskInput) (backend.CancelMessageMoveTaskOutput, error) {
	return note[backend.CancelMessageMoveTaskOutput](s, "CancelMessageMoveTask", in)
}

func (s *stub) ChangeMessageVisibility(_ context.Context, in backend.ChangeMessageVisibilityInput) error {
	_, err := note[any](s, "ChangeMessageVisibility", in)
	return err
}

func (s *stub) ChangeMessageVisibilityBatch(_ context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	return note[backend.BatchOutput](s, "ChangeMessageVisibilityBatch", in)
}

func (s *stub) CreateQueue(_ context.Context, in backend.CreateQueueInput) (backend.CreateQueueOutput, error) {
	return note[backend.CreateQueueOutput](s, "CreateQueue", in)
}

func (s *stub) DeleteMessage(_ context.Context, in backend.DeleteMessageInput) error {
	_, err := note[any](s, "DeleteMessage", in)
	return err
}

func (s *stub) DeleteMessageBatch(_ context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	return note[backend.BatchOutput](s, "DeleteMessageBatch", in)
}

func (s *stub) DeleteQueue(_ context.Context, in backend.DeleteQueueInput) error {
	_, err := note[any](s, "DeleteQueue", in)
	return err
}

func (s *stub) GetQueueAttributes(_ context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	return note[backend.GetQueueAttributesOutput](s, "GetQueueAttributes", in)
}

func (s *stub) GetQueueUrl(_ context.Context, in backend.GetQueueUrlInput) (backend.GetQueueUrlOutput, error) {
	return note[backend.GetQueueUrlOutput](s, "GetQueueUrl", in)
}

func (s *stub) ListDeadLetterSourceQueues(_ context.Context, in backend.ListDeadLetterSourceQueuesInput) (backend.ListQueuesOutput, error) {
	return note[backend.ListQueuesOutput](s, "ListDeadLetterSourceQueues", in)
}

func (s *stub) ListMessageMoveTasks(_ context.Context, in backend.ListMessageMoveTasksInput) (backend.ListMessageMoveTasksOutput, error) {
	return note[backend.ListMessageMoveTasksOutput](s, "ListMessageMoveTasks", in)
}

func (s *stub) ListQueueTags(_ context.Context, in backend.ListQueueTagsInput) (backend.ListQueueTagsOutput, error) {
	return note[backend.ListQueueTagsOutput](s, "ListQueueTags", in)
}

func (s *stub) ListQueues(_ context.Context, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	return note[backend.ListQueuesOutput](s, "ListQueues", in)
}

func (s *stub) PurgeQueue(_ context.Context, in backend.PurgeQueueInput) error {
	_, err := note[any](s, "PurgeQueue", in)
	return err
}

func (s *stub) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	out, err := note[backend.ReceiveMessageOutput](s, "ReceiveMessage", in)
	if s.waiting != nil {
		close(s.waiting)
		<-ctx.Done()
		err = ctx.Err()
	}
	return out, err
}

func (s *stub) RemovePermission(_ context.Context, in backend.RemovePermissionInput) error {
	_, err := note[any](s, "RemovePermission", in)
	return err
}

func (s *stub) SendMessage(_ context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	return note[backend.SendMessageOutput](s, "SendMessage", in)
}

func (s *stub) SendMessageBatch(_ context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	return note[backend.SendMessageBatchOutput](s, "SendMessageBatch", in)
}

func (s *stub) SetQueueAttributes(_ context.Context, in backend.SetQueueAttributesInput) error {
	_, err := note[any](s, "SetQueueAttributes", in)
	return err
}

func (s *stub) StartMessageMoveTask(_ context.Context, in backend.StartMessageMoveTaskInput) (backend.StartMessageMoveTaskOutput, error) {
	return note[backend.StartMessageMoveTaskOutput](s, "StartMessageMoveTask", in)
}

func (s *stub) TagQueue(_ context.Context, in backend.TagQueueInput) error {
	_, err := note[any](s, "TagQueue", in)
	return err
}

func (s *stub) UntagQueue(_ context.Context, in backend.UntagQueueInput) error {
	_, err := note[any](s, "UntagQueue", in)
	return err
}

// jsonRequest is a JSON request as an SDK sends it, to localhost:9324.
func jsonRequest(action, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://localhost:9324/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "AmazonSQS."+action)
	return r
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// wantError checks all that an error carries over the wire (docs/SQS.md 11.3).
func wantError(t *testing.T, w *httptest.ResponseRecorder, status int, shape, code, message string) {
	t.Helper()
	var got struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("the answer is no JSON: %v: %q", err, w.Body)
	}
	if w.Code != status || got.Type != shape || w.Header().Get("x-amzn-query-error") != code ||
		got.Message != message || w.Header().Get("Content-Type") != "application/x-amz-json-1.0" {
		t.Errorf("got %d %s %q, query error %q, content type %q\nwant %d %s %q, query error %q", w.Code, got.Type, got.Message,
			w.Header().Get("x-amzn-query-error"), w.Header().Get("Content-Type"), status, shape, message, code)
	}
	if len(w.Header().Get("x-amzn-RequestId")) != 36 {
		t.Errorf("request id %q", w.Header().Get("x-amzn-RequestId"))
	}
	if bytes.Contains(w.Body.Bytes(), []byte("<html")) {
		t.Error("an error must never be a page")
	}
}
