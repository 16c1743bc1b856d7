package ui

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/config"
	"sqscope/backend/guard"
	"sqscope/backend/move"
)

// typed is a message with an attribute of every type.
func typed(url, body string) backend.SendMessageInput {
	return backend.SendMessageInput{
		QueueUrl: url, MessageBody: body,
		MessageAttributes: map[string]backend.MessageAttribute{
			"source": {DataType: "String", StringValue: backend.Some("web \"x\" é\u00a0")}, "tries": {DataType: "Number", StringValue: backend.Some("-3.50")},
			"raw": {DataType: "Binary", BinaryValue: []byte{0xff, 0x00, 0x10}}, "price": {DataType: "Number.eur", StringValue: backend.Some("12.50")},
			"icon": {DataType: "Binary.png", BinaryValue: []byte("\x89PNG")}, "kind": {DataType: "String.v2", StringValue: backend.Some("order")},
		},
		MessageSystemAttributes: map[string]backend.MessageAttribute{
			backend.SysAWSTraceHeader: {DataType: "String", StringValue: backend.Some("Root=1-5759e988-bd862e3fe1be46a994272793")},
		},
	}
}

// kept are all messages of a queue, oldest first.
func kept(t *testing.T, d *desk, name string) []backend.StoredMessage {
	t.Helper()
	out, err := d.engine.Stack().Browse.Browse(context.Background(), backend.BrowseInput{QueueUrl: url(t, d.sqs, name), Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return out.Messages
}

// essence is what of a message is to survive: not its id nor its times.
func essence(messages []backend.StoredMessage) (out []backend.SendMessageInput) {
	for _, m := range messages {
		out = append(out, m.Again("", true))
	}
	return out
}

func put(t *testing.T, sqs backend.SQS, in backend.SendMessageInput) {
	t.Helper()
	if _, err := sqs.SendMessage(context.Background(), in); err != nil {
		t.Fatal(err)
	}
}

// exportAll exports everything that the messages screen has read as the format at
// that place in the list.
func exportAll(t *testing.T, d *desk, down int, name string) string {
	t.Helper()
	d.Press("w")
	d.Shows("Export messages of")
	d.Type("all that")
	d.Press("Enter")
	for range down {
		d.Press("Down")
	}
	d.Press("Enter")
	d.Press("C-u")
	d.Type(name)
	d.Press("Enter")
	d.Wait(time.Second)
	d.Shows("Exported", "the path")
	d.Press("Esc")
	return filepath.Join(d.opts.Exports, name)
}

func TestExportDeleteImportGivesTheSameMessagesInOrder(t *testing.T) {
	t.Parallel()
	for _, fifo := range []bool{false, true} {
		name, attrs := "orders", map[string]string{}
		if fifo {
			name, attrs = "orders.fifo", map[string]string{backend.AttrFifoQueue: "true"}
		}
		t.Run(name, func(t *testing.T) {
			onScreen(t, setup{w: 120, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
				queue(t, sqs, name, attrs)
				for i, body := range []string{"{\"a\": 1}\n", " \u00e9 王芳 🎉 \u202e\u0085", "line\r\nend\t", "{\"a\":1}", strings.Repeat("x", 5000)} {
					in := typed(url(t, sqs, name), body)
					if fifo {
						in.MessageGroupId, in.MessageDeduplicationId = backend.Some(fmt.Sprintf("g%d", i%2)), backend.Some(fmt.Sprintf("once-%d", i))
					}
					put(t, sqs, in)
				}
			}}, func(t *testing.T, d *desk) {
				before := essence(kept(t, d, name))
				d.Press("Enter")
				d.Wait(2 * time.Second)
				exportAll(t, d, 0, "all.jsonl")
				d.Press("A", "x")
				d.Shows("Delete 5 messages")
				d.Type(name)
				d.Press("Enter")
				d.Wait(time.Second)
				d.Shows("deleted 5 messages")
				if n := len(kept(t, d, name)); n != 0 {
					t.Fatalf("%d messages are left", n)
				}
				d.Wait(6 * time.Minute) // a FIFO queue has forgotten the deduplication ids
				d.Press("i")
				d.Wait(time.Second)
				d.Shows("all.jsonl")
				d.Type("all")
				d.Press("Enter")
				d.Wait(time.Second)
				d.Shows("5 messages")
				d.Press("Enter")
				d.Shows("Send 5 messages to " + name + "?")
				d.Press("Enter")
				d.Wait(2 * time.Second)
				d.Shows("5 sent")
				if diff := cmp.Diff(before, essence(kept(t, d, name))); diff != "" {
					t.Errorf("what came back is not what was there (-before +after):\n%s", diff)
				}
			})
		})
	}
}

func TestT7DeletedIsSaidOnlyOfWhatIsGoneAndAStaleHandleIsLeasedAnew(t *testing.T) {
	t.Parallel()
	for _, fifo := range []bool{false, true} {
		name, attrs := "orders", map[string]string{}
		if fifo {
			name, attrs = "orders.fifo", map[string]string{backend.AttrFifoQueue: "true", backend.AttrContentBasedDeduplication: "true"}
		}
		t.Run(name, func(t *testing.T) {
			s := &spy{}
			onScreen(t, setup{w: 120, h: 30, remote: true, wrap: watched(s), fill: func(t *testing.T, sqs backend.SQS) {
				queue(t, sqs, name, attrs)
				for _, body := range []string{"stays", "taken"} {
					in := backend.SendMessageInput{QueueUrl: url(t, sqs, name), MessageBody: body}
					if fifo {
						in.MessageGroupId = backend.Some(body[:1] + "-group")
					}
					put(t, sqs, in)
				}
			}}, func(t *testing.T, d *desk) {
				d.Press("Enter", "l")
				d.Wait(5 * time.Second)
				d.Shows("stays", "taken")
				d.Wait(5 * time.Minute) // the leases are over
				gone := ""
				for range 4 { // a consumer takes one of the two and deletes it
					out, err := d.sqs.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{QueueUrl: url(t, d.sqs, name), MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(3600)})
					if err != nil {
						t.Fatal(err)
					}
					for _, m := range out.Messages {
						if m.Body == "taken" {
							gone = m.MessageId
						} else if err := d.sqs.ChangeMessageVisibility(context.Background(), backend.ChangeMessageVisibilityInput{QueueUrl: url(t, d.sqs, name), ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: backend.Some(0)}); err != nil {
							t.Fatal(err)
						}
					}
				}
				if gone == "" {
					t.Fatal("the consumer got nothing")
				}
				received := s.receives.Load()
				d.Press("A", "x")
				d.Shows("Delete 2 messages", "The lease of 2 messages is over")
				d.Type(name)
				d.Press("Enter")
				d.Wait(20 * time.Second)
				if s.receives.Load() == received {
					t.Error("no lease was taken anew")
				}
				d.Shows("1 of 2 messages deleted", "not deleted: ", gone, "did not come again", "try just these again")
				d.Hides("deleted 2 messages")
				if left := kept(t, d, name); len(left) != 1 || left[0].MessageId != gone {
					t.Errorf("the queue has %v", left)
				}
				d.Press("Esc")
				d.Shows("taken")
				d.Hides("stays")
			})
		})
	}
}

// half fails some entries of batches, by their bodies or handles, until it is told
// to let them through.
type half struct {
	backend.SQS
	mu     sync.Mutex
	bad    []string          // bodies
	bodies map[string]string // by receipt handle
	let    bool
}

func (h *half) fails(body string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.let && slices.Contains(h.bad, body)
}

func (h *half) letThrough() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.let = true
}

func (h *half) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	out, err := h.SQS.ReceiveMessage(ctx, in)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range out.Messages {
		h.bodies[m.ReceiptHandle] = m.Body
	}
	return out, err
}

func (h *half) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	var failed []backend.BatchError
	kept := in
	kept.Entries = nil
	for _, e := range in.Entries {
		if h.mu.Lock(); h.bodies[e.ReceiptHandle] != "" && slices.Contains(h.bad, h.bodies[e.ReceiptHandle]) && !h.let {
			failed = append(failed, backend.BatchError{Id: e.Id, Code: "InternalError", Message: "a disk was full"})
		} else {
			kept.Entries = append(kept.Entries, e)
		}
		h.mu.Unlock()
	}
	out := backend.BatchOutput{}
	var err error
	if len(kept.Entries) > 0 {
		out, err = h.SQS.DeleteMessageBatch(ctx, kept)
	}
	out.Failed = append(out.Failed, failed...)
	return out, err
}

func (h *half) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	var failed []backend.BatchError
	kept := in
	kept.Entries = nil
	for _, e := range in.Entries {
		h.mu.Lock()
		body := h.bodies[e.ReceiptHandle]
		h.mu.Unlock()
		if e.VisibilityTimeout.Value > 0 && h.fails(body) {
			failed = append(failed, backend.BatchError{Id: e.Id, Code: "InternalError", Message: "a disk was full"})
			continue
		}
		kept.Entries = append(kept.Entries, e)
	}
	out := backend.BatchOutput{}
	var err error
	if len(kept.Entries) > 0 {
		out, err = h.SQS.ChangeMessageVisibilityBatch(ctx, kept)
	}
	out.Failed = append(out.Failed, failed...)
	return out, err
}

func (h *half) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	var failed []backend.BatchError
	kept := in
	kept.Entries = nil
	for _, e := range in.Entries {
		if h.fails(e.MessageBody) {
			failed = append(failed, backend.BatchError{Id: e.Id, Code: "AccessDenied", Message: "not this one", SenderFault: true})
			continue
		}
		kept.Entries = append(kept.Entries, e)
	}
	out := backend.SendMessageBatchOutput{}
	var err error
	if len(kept.Entries) > 0 {
		out, err = h.SQS.SendMessageBatch(ctx, kept)
	}
	out.Failed = append(out.Failed, failed...)
	return out, err
}

func halfFailing(h *half) func(backend.SQS) backend.SQS {
	return func(s backend.SQS) backend.SQS {
		h.SQS, h.bodies = s, map[string]string{}
		return h
	}
}

func TestAHalfFailedDeleteSaysWhyAndTriesJustTheFailedAgain(t *testing.T) {
	h := &half{bad: []string{"body-2"}}
	onScreen(t, setup{w: 100, h: 30, remote: true, wrap: halfFailing(h), fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		send(t, sqs, "orders", "body-1", "body-2", "body-3")
	}}, func(t *testing.T, d *desk) {
		d.Press("Enter", "l")
		d.Wait(5 * time.Second)
		d.Press("A", "x")
		d.Type("orders")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("2 of 3 messages deleted", "✗", "body-2", "a disk was full", "a try just these again", "evidence in")
		h.letThrough()
		d.Press("a")
		d.Wait(2 * time.Second)
		d.Shows("deleted 1 message")
		d.Hides("body-2", "of 3 messages deleted")
		if n := len(kept(t, d, "orders")); n != 0 {
			t.Errorf("%d messages are left", n)
		}
		files, err := filepath.Glob(filepath.Join(d.opts.Evidence, "*-delete-*.jsonl"))
		if err != nil || len(files) != 1 {
			t.Errorf("evidence was written twice: %v, %v", files, err)
		}
		journal, err := os.ReadFile(journalFile(t, d))
		if err != nil || strings.Count(string(journal), "DeleteMessageBatch") < 2 || !strings.Contains(string(journal), `"messages":[{"id":"`) {
			t.Errorf("the journal does not name what was deleted: %v\n%s", err, journal)
		}
	})
}

// journalFile is the journal of the desk's one day.
func journalFile(t *testing.T, d *desk) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(d.kept, "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no journal: %v, %v", files, err)
	}
	return files[0]
}

func TestMessagesAreHeldLongerOrGivenBackEachWithItsResult(t *testing.T) {
	t.Parallel()
	h := &half{bad: []string{"body-2"}}
	onScreen(t, setup{w: 100, h: 30, remote: true, wrap: halfFailing(h), fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		send(t, sqs, "orders", "body-1", "body-2", "body-3")
	}}, func(t *testing.T, d *desk) {
		d.Press("Enter", "H")
		d.Shows("hold: ") // nothing is chosen yet
		d.Press("l")
		d.Wait(5 * time.Second)
		d.Press("A", "H")
		d.Shows("How long to hold 3 messages")
		d.Press("C-u")
		d.Type("13h")
		d.Shows("12 h are the most")
		d.Press("Enter")
		d.Shows("How long to hold")
		d.Press("C-u")
		d.Type("20m")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("2 of 3 messages held", "body-2", "a disk was full")
		h.letThrough()
		d.Press("a")
		d.Wait(2 * time.Second)
		d.Shows("holding 1 message for 20m")
		d.Wait(15 * time.Minute)
		if n := attr(t, d, "orders", backend.AttrMessagesNotVisible); n != "3" {
			t.Errorf("%s are hidden after 15 min", n)
		}
		d.Press("H", "C-u")
		d.Type("0")
		d.Shows("Given back")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("gave back 3 messages")
		if n := attr(t, d, "orders", backend.AttrMessagesNotVisible); n != "0" {
			t.Errorf("%s are still hidden", n)
		}
	})
}

func TestBrowsingHasNothingToGiveBack(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: shelf}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("orders")
		d.Press("Enter", "Enter")
		d.Wait(2 * time.Second)
		d.Press("H")
		d.Shows("hold: browsing leases nothing")
	})
}

func TestACopyIsWhatWasAskedFor(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		put(t, sqs, typed(url(t, sqs, "orders"), `{"orderId":"A-1"}`))
	}}, func(t *testing.T, d *desk) {
		d.Press("Enter")
		d.Wait(2 * time.Second)
		clip := func(what string) string {
			d.Press("Y")
			d.Shows("Copy the message as")
			d.Type(what)
			d.Press("Enter")
			d.Wait(time.Second)
			return d.Snapshot().Clipboard
		}
		id := kept(t, d, "orders")[0].MessageId
		if got := clip("message id"); got != id {
			t.Errorf("the id is %q", got)
		}
		if got := clip("raw"); got != `{"orderId":"A-1"}` {
			t.Errorf("the raw body is %q", got)
		}
		d.Press("y")
		d.Wait(time.Second)
		if got := d.Snapshot().Clipboard; got != "{\n  \"orderId\": \"A-1\"\n}" {
			t.Errorf("the body as shown is %q", got)
		}
		var all struct {
			MessageAttributes map[string]struct {
				DataType    string
				StringValue string
				BinaryValue []byte
			}
		}
		if err := json.Unmarshal([]byte(clip("attributes")), &all); err != nil || all.MessageAttributes["price"].DataType != "Number.eur" || string(all.MessageAttributes["raw"].BinaryValue) != "\xff\x00\x10" {
			t.Errorf("the attributes are %+v, %v", all, err)
		}
		e, err := archive.NewReader(strings.NewReader(clip("export"))).Next()
		if err != nil || e.Wrong != nil || e.Record.MessageId != id {
			t.Errorf("the message is %+v, %v", e, err)
		}
		for what, want := range map[string]string{"one line": "aws sqs send-message ", "curl": "curl -sS ", "program": "package main", "boto3": "import boto3", "v3": "new SendMessageCommand("} {
			if got := clip(what); !strings.Contains(got, want) || !strings.Contains(got, "Number.eur") || !strings.Contains(got, "1-5759e988") {
				t.Errorf("%s is %q", what, got)
			}
		}
	})
}

func TestMasksBindWhatIsCopiedAndExported(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		put(t, sqs, typed(url(t, sqs, "orders"), `{"orderId":"A-1","card":"4111-secret"}`))
	}}, func(t *testing.T, d *desk) {
		d.model.env.Masks = []config.Mask{{Queues: "*", Mode: "deny", Paths: []string{"card"}}}
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("A-1")
		d.Hides("4111")
		for _, what := range []string{"raw", "as the reader", "export", "one line", "curl", "program", "boto3", "v3"} {
			d.Press("Y")
			d.Shows("without what masks hide")
			d.Type(what)
			d.Press("Enter")
			d.Wait(time.Second)
			if got := d.Snapshot().Clipboard; strings.Contains(got, "4111") || !strings.Contains(got, "A-1") {
				t.Errorf("%s: copied %q", what, got)
			}
		}
		for i, name := range []string{"masked.jsonl", "masked.csv"} {
			data, err := os.ReadFile(exportAll(t, d, i, name))
			if err != nil || strings.Contains(string(data), "4111") || !strings.Contains(string(data), "A-1") {
				t.Errorf("%s: %v\n%s", name, err, data)
			}
		}
		d.Press("u", "Enter") // what is shown without masks is copied without them
		d.Wait(time.Second)
		d.Shows("4111-secret")
		d.Press("Y")
		d.Hides("without what masks hide")
		d.Type("raw")
		d.Press("Enter")
		d.Wait(time.Second)
		if got := d.Snapshot().Clipboard; got != `{"orderId":"A-1","card":"4111-secret"}` {
			t.Errorf("revealed, the raw body is %q", got)
		}
		d.Press("i")
		d.Wait(time.Second)
		d.Type("masked.jsonl")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("1 wrong entry", "masks")
		d.Press("Enter")
		d.Shows("there is nothing to send")
	})
}

func TestNothingIsOverwrittenByAnExport(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		put(t, sqs, typed(url(t, sqs, "orders"), "=HYPERLINK(1)"))
	}}, func(t *testing.T, d *desk) {
		d.Press("Enter")
		d.Wait(2 * time.Second)
		path := exportAll(t, d, 1, "table.csv")
		if data, err := os.ReadFile(path); err != nil || !strings.Contains(string(data), "'=HYPERLINK(1)") || !strings.Contains(string(data), "attribute:price") {
			t.Errorf("the table is %s, %v", data, err)
		}
		folder := exportAll(t, d, 2, "each")
		if entries := entries(t, folder); len(entries) != 2 {
			t.Errorf("the folder has %v", entries)
		}
		d.Press("w", "Enter", "Enter", "C-u")
		d.Type("table.csv")
		d.Shows("writes " + d.opts.Exports[:20])
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("is there already", "Export 1 message as JSONL") // asked once more
		d.Press("Esc")
		if data, err := os.ReadFile(path); err != nil || strings.Contains(string(data), "messageAttributes") {
			t.Errorf("it was overwritten: %s, %v", data, err)
		}
	})
}

func TestAHalfFailedImportSaysWhyAndTriesJustTheFailedAgain(t *testing.T) {
	h := &half{bad: []string{"body-2"}}
	onScreen(t, setup{w: 120, h: 30, wrap: halfFailing(h), fill: func(t *testing.T, sqs backend.SQS) { queue(t, sqs, "orders", nil) }}, func(t *testing.T, d *desk) {
		file := `{"body":"body-1"}
not JSON
{"body":"body-2"}
{"body":""}
{"body":"body-3"}
`
		if err := os.WriteFile(filepath.Join(d.opts.Exports, "in.jsonl"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		d.Press("i")
		d.Wait(time.Second)
		d.Type("in.j")
		d.Press("Tab")
		d.Shows("in.jsonl")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("4 messages", "the queue would refuse 1", "1 wrong entry", "✗ wrong", "✗ refused", "is no JSON")
		d.Press("Enter")
		d.Shows("Send 3 messages to orders?", "Left out")
		d.Press("Enter")
		d.Wait(3 * time.Second)
		d.Shows("2 sent", "2 failed", "1 wrong", "not this one")
		h.letThrough()
		d.Press("a")
		d.Wait(3 * time.Second)
		d.Shows("3 sent", "1 failed", "1 wrong")
		var bodies []string
		for _, m := range kept(t, d, "orders") {
			bodies = append(bodies, m.Body)
		}
		if slices.Sort(bodies); !slices.Equal(bodies, []string{"body-1", "body-2", "body-3"}) {
			t.Errorf("the queue has %q", bodies)
		}
		d.Press("Tab")
		d.Shows("✓ sent")
		d.Press("Space")
		d.Shows("Line 2", "is no JSON: invalid character 'o' in literal null", "correct it, or")
	})
}

func TestAnImportThatWasStoppedIsTakenUpWhereItWas(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: func(t *testing.T, sqs backend.SQS) { queue(t, sqs, "orders", nil) }}, func(t *testing.T, d *desk) {
		var file strings.Builder
		for i := range 50 {
			fmt.Fprintf(&file, "{\"body\":\"body-%d\"}\n", i)
		}
		if err := os.WriteFile(filepath.Join(d.opts.Exports, "in.jsonl"), []byte(file.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		take := func() {
			d.Press("i")
			d.Wait(time.Second)
			d.Type("in.jsonl")
			d.Press("Enter")
			d.Wait(time.Second)
		}
		take()
		d.Press("R")
		d.Type("2")
		d.Press("Enter", "Enter")
		d.Shows("At 2.0/s it takes 25s")
		d.Press("Enter")
		d.Wait(10 * time.Second)
		d.Shows(" of 50 sent", " left")
		d.Press("X")
		d.Wait(3 * time.Second)
		d.Shows("not reached")
		d.Press("Esc")
		before := len(kept(t, d, "orders"))
		if before == 0 || before > 30 {
			t.Fatalf("%d were sent before", before)
		}
		take() // also by another run of the program
		d.Shows("goes on behind entry", "before")
		d.Press("Enter")
		d.Shows(fmt.Sprintf("Send %d messages", 50-before), "It goes on behind entry")
		d.Press("Enter")
		d.Wait(5 * time.Second)
		seen := map[string]int{}
		for _, m := range kept(t, d, "orders") {
			seen[m.Body]++
		}
		if len(seen) != 50 || len(kept(t, d, "orders")) != 50 {
			t.Errorf("%d messages with %d bodies are there", len(kept(t, d, "orders")), len(seen))
		}
		d.Press("Esc")
		take() // it came to its end, and nothing is left to take up
		d.Hides("goes on behind entry")
	})
}

func TestT12AttributesOfEveryTypeSurviveViewExportImportEditAndMove(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "dead", nil)
		queue(t, sqs, "moved", nil)
		queue(t, sqs, "orders", map[string]string{backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":"1"}`})
		put(t, sqs, typed(url(t, sqs, "orders"), "typed"))
		for range 2 {
			if _, err := sqs.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{QueueUrl: url(t, sqs, "orders"), VisibilityTimeout: backend.Some(0)}); err != nil {
				t.Fatal(err)
			}
		}
	}}, func(t *testing.T, d *desk) {
		want := []backend.SendMessageInput{typed("", "typed")}
		same := func(what, queue string) {
			t.Helper()
			if diff := cmp.Diff(want, essence(kept(t, d, queue))); diff != "" {
				t.Fatalf("after %s (-sent +there):\n%s", what, diff)
			}
		}
		open := func(queue string) {
			for range 4 {
				d.Press("Esc")
			}
			d.Press("/", "C-u")
			d.Type(queue)
			d.Press("Enter")
			d.Wait(time.Second)
		}
		same("dead-lettering", "dead")

		open("dead")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("-3.50", "(Number)", "12.50", "(Number.eur)", "ff 00 10", "(Binary, 3 B)", "(Binary.png", "order", "(String.v2)", "Root=1-5759e988-bd862e3fe1be46a994272793")

		exportAll(t, d, 0, "typed.jsonl")
		d.Press("x", "Enter")
		d.Wait(time.Second)
		d.Press("i")
		d.Wait(time.Second)
		d.Type("typed.jsonl")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Press("Enter", "Enter")
		d.Wait(2 * time.Second)
		same("export and import", "dead")

		d.Press("Esc")
		d.Wait(2 * time.Second)
		d.Press("S")
		d.Wait(time.Second)
		d.Press("C-s")
		d.Wait(time.Second)
		d.Press("Enter") // what differs is shown first
		d.Wait(2 * time.Second)
		want = append(want, want[0])
		same("sending it again", "dead")
		want = want[:1]

		from, err := move.Find(context.Background(), d.conn.Stack.SQS, "demo", url(t, d.sqs, "dead"))
		if err != nil {
			t.Fatal(err)
		}
		to, err := move.Find(context.Background(), d.conn.Stack.SQS, "demo", url(t, d.sqs, "moved"))
		if err != nil {
			t.Fatal(err)
		}
		ctx := d.conn.Guard.Allow(context.Background(), guard.Grant{Act: guard.ActDeleteMessages, ARN: from.ARN.String(), Count: 2, Evidence: "moved"})
		if _, err := move.Run(ctx, move.Options{Dir: t.TempDir(), From: from, To: []move.Queue{to}}); err != nil {
			t.Fatal(err)
		}
		want = append(want, want[0])
		same("moving", "moved")
	})
}

func TestABodyIsOpenedInTheUsersOwnPrograms(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "look")
	if err := os.WriteFile(program, []byte("#!/bin/sh\ncp \"$1\" \"$OUT\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PAGER", "'"+program+"'")
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	for _, c := range []struct{ name, key, visual, want, shows string }{
		{"editor", "e", "'" + program + "'", "{\n  \"a\": \"\\u009b31m\"\n}", "Queues / orders"},
		{"pager", "P", "", "{\n  \"a\": \"\\u009b31m\"\n}", "Queues / orders"},
		{"none", "e", "no-such-program", "", "this editor cannot be run"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := filepath.Join(dir, c.name)
			t.Setenv("OUT", out)
			t.Setenv("VISUAL", c.visual)
			onScreen(t, setup{w: 120, h: 40, fill: func(t *testing.T, sqs backend.SQS) {
				queue(t, sqs, "orders", nil)
				put(t, sqs, typed(url(t, sqs, "orders"), `{"a":"\u009b31m"}`))
			}}, func(t *testing.T, d *desk) {
				d.Press("Enter")
				d.Wait(2 * time.Second)
				d.Press(c.key)
				d.Wait(time.Second)
				d.Shows(c.shows)
			})
			if got, err := os.ReadFile(out); string(got) != c.want || (err != nil) != (c.want == "") {
				t.Errorf("the program got %q, %v", got, err)
			}
		})
	}
}

func TestMoreThanTheEvidenceHoldsTakesASecondWord(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		send(t, sqs, "orders", "body-1", "body-2", "body-3")
	}}, func(t *testing.T, d *desk) {
		d.model.env.Evidence.Messages = 2
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Press("A", "x")
		d.Shows("Of 1 of them no copy is left", "Type without evidence to go on", "Type orders to go on")
		d.Press("Tab")
		d.Type("orders")
		d.Press("Enter") // the first word is missing
		d.Wait(time.Second)
		if n := len(kept(t, d, "orders")); n != 3 {
			t.Fatalf("%d messages are left without the second word", n)
		}
		d.Type("without evidence")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("deleted 3 messages")
		files, err := filepath.Glob(filepath.Join(d.opts.Evidence, "*-delete-*.jsonl"))
		if err != nil || len(files) != 1 {
			t.Fatalf("evidence: %v, %v", files, err)
		}
		if data, err := os.ReadFile(files[0]); err != nil || strings.Count(string(data), "\n") != 2 {
			t.Errorf("the evidence is %s, %v", data, err)
		}
	})
}
