package rules

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

func manyAttributes(n int) map[string]backend.MessageAttribute {
	attrs := map[string]backend.MessageAttribute{}
	for i := range n {
		attrs[fmt.Sprintf("name%d", i)] = backend.MessageAttribute{DataType: "String", StringValue: backend.Some("value")}
	}
	return attrs
}

func TestValidMessageIsCheckedWithoutAllocating(t *testing.T) {
	body := strings.Repeat("abcdefgh", 128)
	fifo := Queue{FIFO: true, MaximumMessageSize: MaxMessageSize}
	for name, c := range map[string]struct {
		q  Queue
		in backend.SendMessageInput
	}{
		"1 KiB": {Queue{}, backend.SendMessageInput{MessageBody: body, DelaySeconds: backend.Some(5)}},
		"FIFO": {fifo, backend.SendMessageInput{
			MessageBody: body, MessageGroupId: backend.Some("g"), MessageDeduplicationId: backend.Some("d"),
		}},
		"ten attributes": {Queue{}, backend.SendMessageInput{MessageBody: body, MessageAttributes: manyAttributes(10)}},
	} {
		if n := testing.AllocsPerRun(100, func() {
			if err := Send(c.q, c.in); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// TestFIFODelay: 0 is taken and more is not; what is no delay at all is told so.
func TestFIFODelay(t *testing.T) {
	for seconds, want := range map[int]string{
		0:    "",
		1:    "Value 1 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.",
		1000: "Value 1000 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.",
		-1:   "Value -1 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
	} {
		in := backend.SendMessageInput{MessageBody: "x", MessageGroupId: backend.Some("g"), DelaySeconds: backend.Some(seconds)}
		if got := textOf(Send(Queue{FIFO: true, ContentBasedDeduplication: true}, in)); got != want {
			t.Errorf("delay %d: %q, want %q", seconds, got, want)
		}
	}
}

// TestSizeCountsRawBytes: name, type and value of each attribute, and binary as
// it is, not as base64 (3.2).
func TestSizeCountsRawBytes(t *testing.T) {
	attrs := map[string]backend.MessageAttribute{
		"pic":   {DataType: "Binary.gif", BinaryValue: make([]byte, 100)},
		"größe": {DataType: "Number", StringValue: backend.Some("12")},
	}
	if got, want := Size("é", attrs), 2+(3+10+100)+(7+6+2); got != want {
		t.Errorf("size is %d, want %d", got, want)
	}
}

func TestIdsArePrintableASCII(t *testing.T) {
	for c := range 256 {
		ok := c > ' ' && c < 0x7F
		in := backend.SendMessageInput{MessageBody: "x", MessageGroupId: backend.Some("a" + string([]byte{byte(c)}))}
		if err := Send(Queue{}, in); (err == nil) != ok {
			t.Errorf("group id with byte %#x: %v", c, err)
		}
	}
}

func TestStandardQueueTakesAGroupAndItsDelays(t *testing.T) {
	for _, seconds := range []int{0, 900} {
		in := backend.SendMessageInput{MessageBody: " ", MessageGroupId: backend.Some("tenant"), DelaySeconds: backend.Some(seconds)}
		if err := Send(Queue{}, in); err != nil {
			t.Errorf("delay %d: %v", seconds, err)
		}
	}
	in := backend.SendMessageInput{MessageBody: "x", DelaySeconds: backend.Some(901)}
	if Send(Queue{}, in) == nil {
		t.Error("a delay of 901 s was taken")
	}
}

// TestWhatIsSaidFirst fixes the order of the checks of one message.
func TestWhatIsSaidFirst(t *testing.T) {
	in := backend.SendMessageInput{
		DelaySeconds: backend.Some(901), MessageGroupId: backend.Some(""), MessageAttributes: manyAttributes(11),
		MessageSystemAttributes: manyAttributes(1),
	}
	q := Queue{MaximumMessageSize: 1024}
	for _, step := range []struct {
		want string
		mend func()
	}{
		{"MessageBody", func() { in.MessageBody = strings.Repeat("\x01", 2000) }},
		{"DelaySeconds", func() { in.DelaySeconds = backend.Some(1) }},
		{"MessageGroupId", func() { in.MessageGroupId = backend.Some("g") }},
		{"Number of message attributes", func() { in.MessageAttributes = nil }},
		{"Message system attribute name", func() { in.MessageSystemAttributes = nil }},
		{"must be shorter than 1024", func() { q.MaximumMessageSize = 2000 }},
		{"Invalid binary character '#x1'", func() { in.MessageBody = "x" }},
	} {
		if got := textOf(Send(q, in)); !strings.Contains(got, step.want) {
			t.Errorf("said %q, want %q first", got, step.want)
		}
		step.mend()
	}
	if err := Send(q, in); err != nil {
		t.Errorf("mended, and still %v", err)
	}
}

func TestGroupIsMissedBeforeDeduplicationId(t *testing.T) {
	got := textOf(Send(Queue{FIFO: true}, backend.SendMessageInput{MessageBody: "x"}))
	if got != "The request must contain the parameter MessageGroupId." {
		t.Errorf("said %q", got)
	}
}

// faulty has an entry for each fault that a batch of a standard queue keeps to
// its entry.
func faulty() backend.SendMessageBatchInput {
	in := func(body string) backend.SendMessageInput { return backend.SendMessageInput{MessageBody: body} }
	late, labelled := in("x"), in("x")
	late.DelaySeconds = backend.Some(901)
	labelled.MessageAttributes = map[string]backend.MessageAttribute{"k": {DataType: "String"}}
	return backend.SendMessageBatchInput{Entries: []backend.SendMessageBatchEntry{
		{Id: "good", SendMessageInput: in("x")},
		{Id: "empty", SendMessageInput: in("")},
		{Id: "long", SendMessageInput: in(strings.Repeat("a", 1025))},
		{Id: "control", SendMessageInput: in("\x1b")},
		{Id: "late", SendMessageInput: late},
		{Id: "labelled", SendMessageInput: labelled},
	}}
}

func TestFaultsOfAStandardBatchStayWithTheirEntries(t *testing.T) {
	bad, err := SendBatch(Queue{MaximumMessageSize: 1024}, faulty())
	if err != nil {
		t.Fatal(err)
	}
	want := []backend.BatchError{
		{Id: "empty", Code: "MissingParameter", SenderFault: true, Message: "The request must contain the parameter SendMessageBatchRequestEntry.2.MessageBody."},
		{Id: "long", Code: "InvalidParameterValue", SenderFault: true, Message: "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes."},
		{Id: "control", Code: "InvalidMessageContents", SenderFault: true, Message: textOf(Body("\x1b"))},
		{Id: "late", Code: "InvalidParameterValue", SenderFault: true, Message: "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."},
		{Id: "labelled", Code: "InvalidParameterValue", SenderFault: true, Message: "The message (user) attribute 'k' must contain a non-empty message attribute value."},
	}
	if diff := cmp.Diff(want, bad); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnyFaultFailsAFIFOBatchAsAWhole(t *testing.T) {
	all := faulty().Entries
	for i := range all {
		all[i].MessageGroupId = backend.Some("g")
	}
	q := Queue{FIFO: true, ContentBasedDeduplication: true, MaximumMessageSize: 1024}
	for _, e := range all[1:] {
		bad, err := SendBatch(q, backend.SendMessageBatchInput{Entries: []backend.SendMessageBatchEntry{all[0], e}})
		if err == nil || bad != nil {
			t.Errorf("%s: failed %v, error %v", e.Id, bad, err)
		}
	}
	if bad, err := SendBatch(q, backend.SendMessageBatchInput{Entries: all[:1]}); err != nil || bad != nil {
		t.Errorf("good: failed %v, error %v", bad, err)
	}
}

func textOf(err error) string {
	if e, ok := err.(*backend.Error); ok {
		return e.Message
	}
	return ""
}

func BenchmarkSend1KiB(b *testing.B) {
	in := backend.SendMessageInput{MessageBody: strings.Repeat("abcdefgh", 128)}
	b.ReportAllocs()
	b.SetBytes(1024)
	for b.Loop() {
		if err := Send(Queue{}, in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSendTenAttributes(b *testing.B) {
	in := backend.SendMessageInput{MessageBody: "x", MessageAttributes: manyAttributes(10)}
	b.ReportAllocs()
	for b.Loop() {
		if err := Send(Queue{}, in); err != nil {
			b.Fatal(err)
		}
	}
}
