package ui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/journal"
)

func TestASendIsInTheJournalWithWhoWhatAndHowItEnded(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, remote: true, fill: twoSources}, func(t *testing.T, d *desk) {
		d.Press("L")
		d.Shows("nothing has been changed yet")
		d.Press("Esc", "s")
		d.Type("hello")
		d.Press("ctrl+s")
		d.Wait(time.Second)
		d.Press("Esc", "L")
		d.Wait(time.Second)
		d.Shows("✓ done", "SendMessage", "demo · 000000000000 · us-east-1", "arn:aws:sqs:us-east-1:000000000000:", "1 act")
		d.Hides("hello")
		d.Press("y")
		if got := d.Snapshot().Clipboard; !strings.Contains(got, "result: ✓ done") {
			t.Errorf("what was copied does not say the result: %q", got)
		}
	})
}

func TestWhatIsDoneWhileTheJournalIsSeenAppearsInIt(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, remote: true, fill: twoSources}, func(t *testing.T, d *desk) {
		d.Press("L")
		d.Shows("nothing has been changed yet")
		err := d.conn.Stack.SQS.TagQueue(context.Background(), backend.TagQueueInput{QueueUrl: url(t, d.sqs, "orders"), Tags: map[string]string{"team": "checkout"}})
		if err != nil {
			t.Fatal(err)
		}
		d.Wait(1100 * time.Millisecond)
		d.Shows("TagQueue", "✓ done")
	})
}

func TestActsOfWhichNobodyKnowsHowTheyEndedStandFirstWithWhatToDo(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, remote: true, fill: twoSources}, func(t *testing.T, d *desk) {
		dir := d.kept
		crashed := journal.New(dir, journal.Options{})
		_, err := crashed.For(journal.Who{Context: "demo"}).Begin(context.Background(), journal.Act{Name: "SendMessage", Queue: "arn:aws:sqs:us-east-1:000000000000:refunds", Count: 1})
		if err != nil {
			t.Fatal(err)
		}
		if err := crashed.Close(); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) == 0 {
			t.Fatal("the journal has no file", err)
		}
		f, err := os.OpenFile(files[len(files)-1], os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(f, `{"v":1,"id":"half a li`)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		d.Wait(time.Minute)
		err = d.conn.Stack.SQS.TagQueue(context.Background(), backend.TagQueueInput{QueueUrl: url(t, d.sqs, "orders"), Tags: map[string]string{"a": "b"}})
		if err != nil {
			t.Fatal(err)
		}
		d.Press("L")
		d.Wait(time.Second)
		d.Shows("unfinished", "before sending", "1 place of the journal cannot be read")
		lines := strings.Split(d.Text(), "\n")
		if first, second := row(lines, "SendMessage"), row(lines, "TagQueue"); first < 0 || second < first {
			t.Errorf("the unfinished act is not first:\n%s", d.Text())
		}
	})
}

// row is the first line that has a text, or -1.
func row(lines []string, want string) int {
	for i, l := range lines {
		if strings.Contains(l, want) {
			return i
		}
	}
	return -1
}

// counter counts the requests that the list of queues makes.
type counter struct {
	backend.SQS
	made atomic.Int64
}

func (c *counter) wrap(next backend.SQS) backend.SQS { c.SQS = next; return c }

func (c *counter) ListQueues(ctx context.Context, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	c.made.Add(1)
	return c.SQS.ListQueues(ctx, in)
}

func (c *counter) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	c.made.Add(1)
	return c.SQS.GetQueueAttributes(ctx, in)
}

func TestRequestsShownAreRequestsMade(t *testing.T) {
	s := &counter{}
	onScreen(t, setup{w: 140, h: 40, remote: true, fill: shelf, wrap: s.wrap}, func(t *testing.T, d *desk) {
		d.Wait(20 * time.Second)
		d.Press("L", "Tab")
		d.Wait(5 * time.Second)
		if made := s.made.Load(); made < 10 {
			t.Fatalf("only %d requests were made", made)
		}
		d.Shows(fmt.Sprintf(" %d requests · at most $0.0001 · list price us-east-1, free tier ignored", s.made.Load()))
		d.conn.Meter.Observe(backend.ForeignCall{At: time.Now(), Service: "CloudWatch", Action: "GetMetricData", Items: 20, Duration: 30 * time.Millisecond})
		d.Wait(2 * time.Second)
		d.Press("r") // what comes between two looks is counted a second later
		d.Shows(fmt.Sprintf(" %d requests", s.made.Load()+1), "CloudWatch GetMetricData", "20 metrics of CloudWatch", "$0.0003")
	})
}

func TestTheLineOfARequestCanBeCopied(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, remote: true, fill: twoSources}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type("hello")
		d.Press("ctrl+s")
		d.Wait(time.Second)
		d.Press("Esc", "L", "Tab", "/")
		d.Type("sendmessage")
		d.Press("Enter")
		d.Shows("SendMessage")
		d.Hides("GetQueueAttributes")
		d.Press("y")
		if got := d.Snapshot().Clipboard; !strings.HasPrefix(got, "aws sqs send-message ") || !strings.Contains(got, "hello") {
			t.Errorf("the clipboard has %q", got)
		}
	})
}

func TestARequestThatFailedSaysHow(t *testing.T) {
	s := &spy{deny: "refunds"}
	onScreen(t, setup{w: 140, h: 40, remote: true, fill: twoSources, wrap: watched(s)}, func(t *testing.T, d *desk) {
		d.Wait(5 * time.Second)
		d.Press("L", "Tab", "/")
		d.Type("failed refunds")
		d.Press("Enter")
		d.Shows("✗ denied", "not authorized to perform")
	})
}

func TestTheCursorStaysOnItsRequestWhenNewOnesCome(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, remote: true, fill: shelf}, func(t *testing.T, d *desk) {
		d.Wait(20 * time.Second)
		d.Press("L", "Tab")
		top := cursorRow(d)
		d.Wait(20 * time.Second)
		if now := cursorRow(d); now == top {
			t.Errorf("at the top the cursor does not follow the newest: %q", now)
		}
		d.Press("j", "j", "j")
		chosen := cursorRow(d)
		d.Wait(time.Minute)
		if now := cursorRow(d); now != chosen {
			t.Errorf("the cursor was on %q and is on %q", chosen, now)
		}
	})
}

// cursorRow is the row under the cursor.
func cursorRow(d *desk) string {
	for line := range strings.SplitSeq(d.Text(), "\n") {
		if rest, ok := strings.CutPrefix(line, " ▸ "); ok && strings.Contains(rest, ":") {
			return strings.TrimRight(rest, " ┃│")
		}
	}
	return ""
}

func TestWithoutAMeterNothingIsClaimed(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, fill: twoSources, contexts: somewhere()}, func(t *testing.T, d *desk) {
		there, end := elsewhere(t, d, 0)
		defer end()
		d.there = there
		d.Press("c", "j", "Enter")
		d.Wait(time.Second)
		d.Press("L", "Tab")
		d.Shows("requests are not counted here")
	})
}

// another writes acts into the journal as another program would.
func another(t *testing.T, d *desk, n int) {
	t.Helper()
	other := journal.New(d.kept, journal.Options{})
	for i := range n {
		act := journal.Act{Name: "SendMessage", Queue: fmt.Sprintf("arn:aws:sqs:eu-west-1:123456789012:other-%03d", i)}
		if err := other.For(journal.Who{Context: "another"}).Note(context.Background(), act, journal.Result{Outcome: journal.Done}); err != nil {
			t.Fatal(err)
		}
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatAnotherProgramDidAppearsInAWhile(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, remote: true, fill: twoSources}, func(t *testing.T, d *desk) {
		d.Press("L")
		another(t, d, 1)
		d.Wait(12 * time.Second)
		d.Shows("other-000", "another")
	})
}

func TestTheJournalIsReadBackToItsStart(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, remote: true, fill: twoSources}, func(t *testing.T, d *desk) {
		another(t, d, 450)
		d.Press("L")
		d.Wait(time.Second)
		d.Shows("other-449", "200 acts and older ones")
		d.Press("G", "G", "G")
		d.Shows("other-000", "450 acts")
		d.Hides("older ones")
		d.Press("k")
		chosen := cursorRow(d)
		another(t, d, 300) // more than one page: what was read before does not fit to it
		d.Wait(12 * time.Second)
		d.Press("g")
		d.Shows("other-299")
		d.Press("G", "G", "G", "G")
		d.Press("k")
		if now := cursorRow(d); now != chosen {
			t.Errorf("the act before the last is %q, and was %q", now, chosen)
		}
		d.Shows("750 acts")
	})
}
