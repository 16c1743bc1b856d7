package scenario

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sqscope/backend"
)

// Who is no actor is seen from the first message on, with what flies to and fro,
// and is in no ledger.
func TestSomebodyFromOutsideIsSeen(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "q"`, `[[queues]]`, `name = "r"`)
	g := newStage(t, s)
	r := g.start(s, 1)
	you, programs := r.Outside("you", g.engine.Stack().SQS), r.Outside("programs", g.engine.Stack().SQS)
	if p := r.Picture(0); len(p.Actors) != 0 {
		t.Fatalf("nobody has done anything, and there is %+v", p.Actors)
	}

	q, err := g.engine.GetQueueUrl(t.Context(), backend.GetQueueUrlInput{QueueName: "q"})
	if err != nil {
		t.Fatal(err)
	}
	file := g.snapshot()
	sent, err := you.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: q.QueueUrl, MessageBody: "a"})
	if err != nil {
		t.Fatal(err)
	}
	entry := func(id, body string) backend.SendMessageBatchEntry {
		return backend.SendMessageBatchEntry{Id: id, SendMessageInput: backend.SendMessageInput{MessageBody: body}}
	}
	batch, err := you.SendMessageBatch(t.Context(), backend.SendMessageBatchInput{QueueUrl: "q", Entries: []backend.SendMessageBatchEntry{
		entry("1", "b"), entry("2", "not \x01 allowed"),
	}})
	if err != nil || len(batch.Successful) != 1 {
		t.Fatal(batch, err)
	}
	if _, err := you.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: "none", MessageBody: "a"}); err == nil {
		t.Fatal("there is a queue called none")
	}
	got, err := programs.ReceiveMessage(t.Context(), backend.ReceiveMessageInput{QueueUrl: q.QueueUrl, MaxNumberOfMessages: backend.Some(10)})
	if err != nil || len(got.Messages) != 2 {
		t.Fatal(got, err)
	}
	if _, err := programs.DeleteMessageBatch(t.Context(), backend.DeleteMessageBatchInput{QueueUrl: "q", Entries: []backend.DeleteMessageBatchEntry{
		{Id: "1", ReceiptHandle: got.Messages[0].ReceiptHandle}, {Id: "2", ReceiptHandle: "no handle"},
	}}); err != nil {
		t.Fatal(err)
	}
	if err := programs.ChangeMessageVisibility(t.Context(), backend.ChangeMessageVisibilityInput{
		QueueUrl: "q", ReceiptHandle: got.Messages[1].ReceiptHandle, VisibilityTimeout: backend.Some(0),
	}); err != nil {
		t.Fatal(err)
	}
	p := r.Picture(0)
	want := []Figure{
		{Actor: Actor{Name: "you", Kind: OutsideSender, Queue: "q", Counts: Counts{Done: 2, Sent: 2}}, Writes: []string{"q"}},
		{Actor: Actor{Name: "programs", Kind: OutsideReceiver, Queue: "q", Counts: Counts{Done: 1, Received: 2, Deleted: 1}}, Reads: []string{"q"}},
	}
	if diff := cmp.Diff(want, p.Actors); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
	flights := []Flight{
		{Kind: FlightSent, From: "you", To: "q", MessageId: sent.MessageId},
		{Kind: FlightSent, From: "you", To: "q", MessageId: batch.Successful[0].MessageId},
		{Kind: FlightReceived, From: "q", To: "programs", MessageId: got.Messages[0].MessageId},
		{Kind: FlightReceived, From: "q", To: "programs", MessageId: got.Messages[1].MessageId},
		{Kind: FlightDeleted, From: "programs", To: "q"},
		{Kind: FlightGivenBack, From: "programs", To: "q"},
	}
	if diff := cmp.Diff(flights, p.Flights, cmpopts.IgnoreFields(Flight{}, "Number", "At")); diff != "" {
		t.Errorf("flights (-want +got):\n%s", diff)
	}
	if l := r.Ledger(); p.Total != (Counts{}) || l.Total != (Counts{}) || l.Queues[0].Sent != 0 {
		t.Errorf("the actors have done nothing, and %+v, %+v", p.Total, l)
	}
	g.rewind(file)
	if p := r.Picture(0); len(p.Actors) != 0 || len(p.Flights) != 0 {
		t.Errorf("after time was turned back, there is %+v, %v", p.Actors, p.Flights)
	}
}
