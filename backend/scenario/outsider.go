package scenario

import (
	"context"
	"slices"
	"sync"

	"sqscope/backend"
)

// outsider is who uses the engine beside the actors: the screens and commands of
// this program, or other programs. A picture has it from its first message on,
// once as a sender and once as a receiver. Ledgers and snapshots do not know it.
type outsider struct {
	backend.SQS
	r    *Run
	name string

	mu       sync.Mutex // guards what follows; nothing else is locked while it is held
	sender   Figure
	receiver Figure
}

// outsideQueues is of how many queues a picture shows that an outsider uses them.
const outsideQueues = 16

// Outside is the engine as somebody who is no actor has it, who is seen under that
// name in pictures from now on. It is for all who use the same name; to be called
// before the first picture is taken.
func (r *Run) Outside(name string, sqs backend.SQS) backend.SQS {
	o := &outsider{SQS: sqs, r: r, name: name}
	o.forget()
	r.outside = append(r.outside, o)
	return o
}

// forget begins anew, after time was turned back.
func (o *outsider) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sender = Figure{Actor: Actor{Name: o.name, Kind: OutsideSender}}
	o.receiver = Figure{Actor: Actor{Name: o.name, Kind: OutsideReceiver}}
}

// figures are what it has done, if it has done anything.
func (o *outsider) figures() (seen []Figure) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.sender.Writes) > 0 {
		f := o.sender
		f.Writes = slices.Clone(f.Writes)
		seen = append(seen, f)
	}
	if len(o.receiver.Reads) > 0 {
		f := o.receiver
		f.Reads = slices.Clone(f.Reads)
		seen = append(seen, f)
	}
	return seen
}

// note enters what has been done to a queue, and has it fly.
func (o *outsider) note(said string, kind FlightKind, ids ...string) {
	if len(ids) == 0 {
		return
	}
	queue, n := backend.QueueNamed(said), uint64(len(ids))
	o.mu.Lock()
	switch kind {
	case FlightSent:
		o.sender.Done += n
		o.sender.Sent += n
		o.sender.Queue, o.sender.Writes = queue, used(o.sender.Writes, queue)
	case FlightReceived:
		o.receiver.Received += n
		o.receiver.Queue, o.receiver.Reads = queue, used(o.receiver.Reads, queue)
	case FlightDeleted:
		o.receiver.Deleted += n
		o.receiver.Done += n
	}
	o.mu.Unlock()
	flight := Flight{At: o.r.clock.Now(), Kind: kind, From: o.name, To: queue}
	if kind == FlightReceived {
		flight.From, flight.To = queue, o.name
	}
	for _, id := range ids {
		flight.MessageId = id
		o.r.sky.fly(flight)
	}
}

// used has a queue among those that are used.
func used(queues []string, queue string) []string {
	if slices.Contains(queues, queue) || len(queues) >= outsideQueues {
		return queues
	}
	return append(queues, queue)
}

func (o *outsider) SendMessage(ctx context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	out, err := o.SQS.SendMessage(ctx, in)
	if err == nil {
		o.note(in.QueueUrl, FlightSent, out.MessageId)
	}
	return out, err
}

func (o *outsider) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	out, err := o.SQS.SendMessageBatch(ctx, in)
	ids := make([]string, len(out.Successful))
	for i, s := range out.Successful {
		ids[i] = s.MessageId
	}
	o.note(in.QueueUrl, FlightSent, ids...)
	return out, err
}

func (o *outsider) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	out, err := o.SQS.ReceiveMessage(ctx, in)
	o.note(in.QueueUrl, FlightReceived, idsOf(out.Messages)...)
	return out, err
}

// Handles do not say of which message they are.

func (o *outsider) DeleteMessage(ctx context.Context, in backend.DeleteMessageInput) error {
	err := o.SQS.DeleteMessage(ctx, in)
	if err == nil {
		o.note(in.QueueUrl, FlightDeleted, "")
	}
	return err
}

func (o *outsider) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	out, err := o.SQS.DeleteMessageBatch(ctx, in)
	o.note(in.QueueUrl, FlightDeleted, make([]string, len(out.Successful))...)
	return out, err
}

func (o *outsider) ChangeMessageVisibility(ctx context.Context, in backend.ChangeMessageVisibilityInput) error {
	err := o.SQS.ChangeMessageVisibility(ctx, in)
	if err == nil && in.VisibilityTimeout.Or(-1) == 0 {
		o.note(in.QueueUrl, FlightGivenBack, "")
	}
	return err
}

func (o *outsider) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	out, err := o.SQS.ChangeMessageVisibilityBatch(ctx, in)
	given := 0
	for _, e := range in.Entries {
		if e.VisibilityTimeout.Or(-1) == 0 && slices.Contains(out.Successful, e.Id) {
			given++
		}
	}
	o.note(in.QueueUrl, FlightGivenBack, make([]string, given)...)
	return out, err
}
