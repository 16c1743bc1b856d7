package ui

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sqscope/backend"
)

// choosy refuses messages in whose body the word refuse or a number that ends in 7
// stands, the first time each.
func choosy(s backend.SQS) backend.SQS { return &picky{SQS: s, seen: map[string]bool{}} }

type picky struct {
	backend.SQS
	mu   sync.Mutex
	seen map[string]bool
}

func (p *picky) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	var failed []backend.BatchError
	p.mu.Lock()
	in.Entries = slices.DeleteFunc(slices.Clone(in.Entries), func(e backend.SendMessageBatchEntry) bool {
		again := p.seen[e.MessageBody]
		p.seen[e.MessageBody] = true
		if again || !strings.Contains(e.MessageBody, `7"`) {
			return false
		}
		failed = append(failed, backend.BatchError{Id: e.Id, Code: "InvalidParameterValue", Message: "not at the first time", SenderFault: true})
		return true
	})
	p.mu.Unlock()
	if len(in.Entries) == 0 {
		return backend.SendMessageBatchOutput{Failed: failed}, nil
	}
	out, err := p.SQS.SendMessageBatch(ctx, in)
	out.Failed = append(out.Failed, failed...)
	return out, err
}

func one(t *testing.T, sqs backend.SQS) {
	t.Helper()
	queue(t, sqs, "orders", nil)
}

// bodiesIn are the bodies in a queue.
func bodiesIn(t *testing.T, d *desk, name string) (out []string) {
	t.Helper()
	for {
		r, err := d.sqs.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{
			QueueUrl: url(t, d.sqs, name), MaxNumberOfMessages: backend.Some(10), MessageSystemAttributeNames: []string{"All"}, MessageAttributeNames: []string{"All"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Messages) == 0 {
			slices.Sort(out)
			return out
		}
		for _, m := range r.Messages {
			out = append(out, m.Body)
		}
	}
}

func TestCopiesWithVariablesAreSentAndThoseThatFailedTriedAgain(t *testing.T) {
	onScreen(t, setup{w: 120, h: 34, fill: one, wrap: choosy}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type(`{"n":"{{seq}}"}`)
		d.Press("C-n")
		d.Wait(time.Second)
		d.Shows("copies of the message", `{"n":"1"}`, `{"n":"3"}`, "{{uuid}}")
		d.Press("Tab", "C-u")
		d.Type("30")
		d.Wait(time.Second)
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("Send 30 messages to orders?", "3 requests")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("done, not all were sent", "✓ 27", "✗ 3", "not at the first time", "message 7", "message 17", "30 of 30")
		d.Press("t")
		d.Wait(2 * time.Second)
		d.Shows("✓ all sent", "✓ 30")
		d.Hides("not at the first time", "✗")
		if got := bodiesIn(t, d, "orders"); len(got) != 30 || !slices.Contains(got, `{"n":"17"}`) {
			t.Errorf("in the queue are %q", got)
		}
		d.Press("Esc")
		d.Shows(`{"n":"{{seq}}"}`) // the composer has its text still
	})
}

func TestSendingManyIsStoppedAndGoesOn(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: one}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type("n {{seq}}")
		d.Press("C-n", "Tab", "C-u")
		d.Type("100")
		d.Press("Tab", "Tab", "Tab")
		d.Type("10")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("takes about 10s")
		d.Press("Enter")
		d.Wait(3500 * time.Millisecond)
		d.Shows("40 of 100", "a second", "left")
		d.Press("Esc")
		d.Shows("Stop sending?")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("! stopped", "✓ 40", "· 60")
		if n := attr(t, d, "orders", backend.AttrMessages); n != "40" {
			t.Errorf("%s messages are in the queue", n)
		}
		d.Press("o")
		d.Wait(7 * time.Second)
		d.Shows("✓ all sent", "✓ 100")
		got := bodiesIn(t, d, "orders")
		if len(got) != 100 || len(slices.Compact(got)) != 100 {
			t.Errorf("%d messages are in the queue", len(got))
		}
	})
}

func TestAMessageForEachRowOfATable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.csv")
	if err := os.WriteFile(path, []byte("id,total\nA-1,12\nA-2\nA-3,x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	onScreen(t, setup{w: 140, h: 34, fill: one}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type(`{"id":"{{from id}}"}`)
		d.Press("Tab", "Tab", "Tab", "Tab")
		d.Type("total")
		d.Press("Tab")
		d.Type("Number")
		d.Press("Tab")
		d.Type("{{from total}}")
		d.Press("C-n", "Right", "Tab")
		d.Paste(path)
		d.Wait(time.Second)
		d.Shows(`{"id":"A-1"}`, "total 12", "line 3: wrong number of fields", "line 4: Can't cast the value")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("Send 1 message to orders?", "2 of 3 entries cannot be sent")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("✓ 1", "✗ 2", "wrong")
		if got := bodiesIn(t, d, "orders"); len(got) != 1 || got[0] != `{"id":"A-1"}` {
			t.Errorf("in the queue are %q", got)
		}
	})
}

func TestWhatWasNotSentIsWrittenToAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "left.jsonl")
	onScreen(t, setup{w: 120, h: 30, fill: one, wrap: choosy}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type(`{"n":"{{seq}}"}`)
		d.Press("C-n", "Tab", "C-u")
		d.Type("8")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Press("Enter")
		d.Wait(time.Second)
		d.Press("w", "C-u")
		d.Paste(path)
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("1 message in " + path)
		data, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(data), `{\"n\":\"7\"}`) {
			t.Errorf("the file has %s, %v", data, err)
		}
	})
}

func TestAFieldThatIsNoneAndCopiesThatWouldBeSwallowedAreTold(t *testing.T) {
	onScreen(t, setup{w: 120, h: 34, fill: posted}, func(t *testing.T, d *desk) {
		d.Press("j", "s")
		d.Type("x{{uid}}")
		d.Press("Tab")
		d.Type("g")
		d.Press("C-n")
		d.Wait(time.Second)
		d.Shows("body: 1:2: {{uid}} is no field")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("not sent: body")
		d.Press("Tab", "Tab", "Right") // as it stands
		d.Wait(time.Second)
		d.Shows("  x{{uid}}", "all have the same deduplication id, or body")
	})
}

func TestSendingManyNeedsALevelThatAllowsIt(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: one}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type("x")
		d.Press("C-n")
		d.conn.Guard.SetLevel(1)
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("send: raise the access level")
		if n := attr(t, d, "orders", backend.AttrMessages); n != "0" {
			t.Errorf("%s messages were sent", n)
		}
	})
}

func TestLeavingTheProgramsScreenStopsWhatIsSent(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: one}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type("n {{seq}}")
		d.Press("C-n", "Tab", "Tab", "Tab", "Tab")
		d.Type("10")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Press("Enter")
		d.Wait(2500 * time.Millisecond)
		d.Press("q") // asks, as esc does
		d.Shows("Stop sending?")
		d.Press("Esc")
		d.Wait(10 * time.Second)
		n, _ := strconv.Atoi(attr(t, d, "orders", backend.AttrMessages))
		if n != 100 {
			t.Errorf("%d messages were sent", n)
		}
	})
}
