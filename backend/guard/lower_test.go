package guard

import (
	"context"
	"encoding/base64"
	"testing"

	"sqscope/backend"
)

// A pattern that lowers the level holds for every way to a queue: its URL, its
// ARN, the handle of a move task, and as a destination.
func TestAQueueMayBeLoweredBelowItsContext(t *testing.T) {
	g := New(Change)
	g.Lower(func(queue string) Level {
		if queue == "billing" {
			return View
		}
		return Change
	})
	const arn = "arn:aws:sqs:eu-west-1:000000000000:"
	s := g.Wrap(backend.Stack{SQS: nobody{}}).SQS
	ctx := t.Context()
	handle := base64.StdEncoding.EncodeToString([]byte(`{"taskId":"t","sourceArn":"` + arn + `billing"}`))
	_, received := s.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: "https://sqs/000000000000/billing"})
	_, sent := s.SendMessage(ctx, backend.SendMessageInput{QueueUrl: "billing"})
	_, cancelled := s.CancelMessageMoveTask(ctx, backend.CancelMessageMoveTaskInput{TaskHandle: handle})
	_, moved := s.StartMessageMoveTask(ctx, backend.StartMessageMoveTaskInput{SourceArn: arn + "dlq", DestinationArn: arn + "billing"})
	for what, err := range map[string]error{"receive": received, "send": sent, "cancel": cancelled, "move to": moved} {
		if backend.KindOf(err) != backend.KindDenied {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := s.SendMessage(ctx, backend.SendMessageInput{QueueUrl: "orders"}); err != nil {
		t.Errorf("another queue: %v", err)
	}
	if err := g.CheckQueue("SendMessage", "billing"); backend.AsError(err).Next == "" {
		t.Errorf("%v says no next step", err)
	}
	if got := g.LevelOf("billing"); got != View {
		t.Errorf("level of billing: %v", got)
	}
}

// nobody is a backend that does whatever it is asked.
type nobody struct{ backend.SQS }

func (nobody) SendMessage(context.Context, backend.SendMessageInput) (backend.SendMessageOutput, error) {
	return backend.SendMessageOutput{}, nil
}
