package rules

import (
	"strings"
	"testing"

	"sqscope/backend"
)

func TestReceiveTakesWhatIsInRange(t *testing.T) {
	n := backend.Some[int]
	fifo := Queue{FIFO: true}
	for what, c := range map[string]struct {
		q    Queue
		in   backend.ReceiveMessageInput
		want string
	}{
		"nothing said":        {Queue{}, backend.ReceiveMessageInput{}, ""},
		"the least":           {Queue{}, backend.ReceiveMessageInput{MaxNumberOfMessages: n(1), WaitTimeSeconds: n(0), VisibilityTimeout: n(0)}, ""},
		"the most":            {fifo, backend.ReceiveMessageInput{MaxNumberOfMessages: n(10), WaitTimeSeconds: n(20), VisibilityTimeout: n(43200), ReceiveRequestAttemptId: backend.Some("a")}, ""},
		"no messages":         {Queue{}, backend.ReceiveMessageInput{MaxNumberOfMessages: n(0)}, "Value 0 for parameter MaxNumberOfMessages"},
		"negative visibility": {Queue{}, backend.ReceiveMessageInput{VisibilityTimeout: n(-1)}, "Value -1 for parameter VisibilityTimeout"},
		"attempt on standard": {Queue{}, backend.ReceiveMessageInput{ReceiveRequestAttemptId: backend.Some("a")}, attemptOnStandard},
		"odd names":           {Queue{}, backend.ReceiveMessageInput{MessageSystemAttributeNames: []string{"Nope"}, MessageAttributeNames: []string{"!"}}, ""},
	} {
		if got := textOf(Receive(c.q, c.in)); c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}

func TestVisibilityIsOfTwelveHoursAtMost(t *testing.T) {
	for seconds, ok := range map[int]bool{-1: false, 0: true, 43200: true, 43201: false} {
		if err := Visibility(backend.Some(seconds)); (err == nil) != ok {
			t.Errorf("%d s: %v", seconds, err)
		}
		e := backend.ChangeMessageVisibilityBatchEntry{Id: "1", ReceiptHandle: "h", VisibilityTimeout: backend.Some(seconds)}
		if fault := VisibilityEntry(1, e); (fault == nil) != ok {
			t.Errorf("%d s in a batch: %+v", seconds, fault)
		}
	}
}

func TestEntriesAreNamedByTheirPlace(t *testing.T) {
	fault := VisibilityEntry(7, backend.ChangeMessageVisibilityBatchEntry{Id: "x", ReceiptHandle: "h"})
	if fault == nil || fault.Id != "x" || !strings.Contains(fault.Message, "BatchRequestEntry.7.VisibilityTimeout") {
		t.Errorf("fault is %+v", fault)
	}
	fault = VisibilityEntry(3, backend.ChangeMessageVisibilityBatchEntry{Id: "y"})
	if fault == nil || !strings.Contains(fault.Message, "BatchRequestEntry.3.ReceiptHandle") {
		t.Errorf("fault is %+v", fault)
	}
	if fault := DeleteEntry(backend.DeleteMessageBatchEntry{Id: "z", ReceiptHandle: "h"}); fault != nil {
		t.Errorf("fault is %+v", fault)
	}
}

// TestBatchOfTenIsTaken: the limit itself passes, and the first id that repeats
// is the one that is named.
func TestBatchOfTenIsTaken(t *testing.T) {
	var in backend.DeleteMessageBatchInput
	for _, id := range strings.Split("a b c d e f g h i j", " ") {
		in.Entries = append(in.Entries, backend.DeleteMessageBatchEntry{Id: id})
	}
	if err := DeleteBatchEnvelope(in); err != nil {
		t.Errorf("ten entries: %v", err)
	}
	in.Entries[3].Id, in.Entries[9].Id = "b", "a"
	if got := textOf(DeleteBatchEnvelope(in)); got != "Id b repeated." {
		t.Errorf("said %q", got)
	}
	in.Entries = append(in.Entries, backend.DeleteMessageBatchEntry{Id: "!"})
	if got := backend.CodeOf(DeleteBatchEnvelope(in)); got != "AWS.SimpleQueueService.TooManyEntriesInBatchRequest" {
		t.Errorf("said %s", got)
	}
}
