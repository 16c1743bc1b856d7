package lab

import (
	"context"
	"slices"
	"sync"
	"time"

	"sqscope/backend"
)

// Hand is the learner's own consumer: it receives when it is told to, and keeps
// every receipt handle it ever got, so that old ones can be tried. It asks as any
// client does, in the learner's name. It may be used from any goroutine.
type Hand struct {
	s *Session

	mu   sync.Mutex
	list []Receipt
}

// Receipt is one delivery of a message into the hand.
type Receipt struct {
	Number    int // of the delivery, from 1 on, in the order in which they came
	Queue     string
	MessageId string
	Name      string // by which the lesson calls the message
	Body      string
	Handle    string
	Count     int       // ApproximateReceiveCount, as SQS said it
	At        time.Time // of the engine
	Latest    bool      // no later delivery of the message is in the hand
	Deleted   bool      // a delete with this handle was confirmed
}

// Receive is one ReceiveMessage on a queue of the lesson. most is 1..10, wait
// WaitTimeSeconds; a visibility timeout that is left out is the queue's. A long
// poll waits on the engine's clock: with a clock that stands it ends with ctx.
func (h *Hand) Receive(ctx context.Context, queue string, most int, wait, visibility backend.Opt[int]) ([]Receipt, error) {
	out, err := h.s.world.Learner.ReceiveMessage(ctx, backend.ReceiveMessageInput{
		QueueUrl: queue, MaxNumberOfMessages: backend.Some(most), WaitTimeSeconds: wait, VisibilityTimeout: visibility,
		MessageSystemAttributeNames: []string{backend.AttrAll}, MessageAttributeNames: []string{backend.AttrAll},
	})
	if err != nil {
		return nil, err
	}
	clock, err := h.s.world.Stack.Clock.Clock(ctx)
	if err != nil {
		return nil, err
	}
	names := h.s.names(out.Messages, queue)
	h.mu.Lock()
	defer h.mu.Unlock()
	first := len(h.list)
	for i, m := range out.Messages {
		h.list = append(h.list, Receipt{
			Number: len(h.list) + 1, Queue: queue, MessageId: m.MessageId, Name: names[i], Body: m.Body, Handle: m.ReceiptHandle,
			Count: m.Receives(), At: clock.Now, Latest: true,
		})
		for k := range h.list[:len(h.list)-1] {
			h.list[k].Latest = h.list[k].Latest && h.list[k].MessageId != m.MessageId
		}
	}
	return slices.Clone(h.list[first:]), nil
}

// Receipts are all that were received in this run, in order.
func (h *Hand) Receipts() []Receipt {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.list)
}

// Delete is one DeleteMessage with the handle of a delivery.
func (h *Hand) Delete(ctx context.Context, number int) error {
	r, err := h.receipt(number)
	if err != nil {
		return err
	}
	if err := h.s.world.Learner.DeleteMessage(ctx, backend.DeleteMessageInput{QueueUrl: r.Queue, ReceiptHandle: r.Handle}); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if number <= len(h.list) && h.list[number-1].Handle == r.Handle {
		h.list[number-1].Deleted = true
	}
	return nil
}

// Hide is one ChangeMessageVisibility with the handle of a delivery: the message
// is hidden for so many seconds from now on, 0 gives it back.
func (h *Hand) Hide(ctx context.Context, number, seconds int) error {
	r, err := h.receipt(number)
	if err != nil {
		return err
	}
	return h.s.world.Learner.ChangeMessageVisibility(ctx, backend.ChangeMessageVisibilityInput{
		QueueUrl: r.Queue, ReceiptHandle: r.Handle, VisibilityTimeout: backend.Some(seconds),
	})
}

func (h *Hand) receipt(number int) (Receipt, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if number < 1 || number > len(h.list) {
		return Receipt{}, backend.Errorf(backend.KindNotFound, "there is no delivery %d in the hand", number)
	}
	return h.list[number-1], nil
}

func (h *Hand) clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = nil
}

// names are what the lesson calls messages that were received.
func (s *Session) names(messages []backend.Message, queue string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drain()
	names := make([]string, len(messages))
	for i, m := range messages {
		l := s.history.of(m.MessageId, queue)
		if l.text == "" {
			s.history.read(l, &backend.StoredMessage{Message: m})
		}
		names[i] = l.name
	}
	return names
}
