package backend_test

import (
	"context"
	"testing"

	"sqscope/backend"
)

// counted answers with these attributes, whatever is asked for.
type counted struct {
	backend.SQS
	attributes map[string]string
}

func (c counted) GetQueueAttributes(context.Context, backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	return backend.GetQueueAttributesOutput{Attributes: c.attributes}, nil
}

func TestTheDepthsAreKnownAllOrNotAtAll(t *testing.T) {
	const url = "http://localhost:9324/000000000000/orders"
	whole := map[string]string{backend.AttrMessages: "7", backend.AttrMessagesNotVisible: "2", backend.AttrMessagesDelayed: "1"}
	visible, inFlight, delayed, err := backend.Depths(t.Context(), counted{attributes: whole}, url)
	if visible != 7 || inFlight != 2 || delayed != 1 || err != nil {
		t.Errorf("%d visible, %d in flight, %d delayed, %v", visible, inFlight, delayed, err)
	}
	part := map[string]string{backend.AttrMessages: "7", backend.AttrMessagesNotVisible: "2"}
	visible, inFlight, delayed, err = backend.Depths(t.Context(), counted{attributes: part}, url)
	if visible+inFlight+delayed != 0 || backend.KindOf(err) != backend.KindInternal || backend.AsError(err).Subject != "orders" {
		t.Errorf("%d visible, %d in flight, %d delayed, %v", visible, inFlight, delayed, err)
	}
}
