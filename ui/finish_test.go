package ui

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/decode/query"
	"sqscope/backend/move"
	"sqscope/backend/redrive/rewrite"
)

// A redrive that goes on elsewhere says in the tasks where it goes to and how far it is.
func TestTheTasksShowHowFarARedriveIs(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, fill: grave(60)}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		goAhead(d, "dead")
		d.Press("Esc")
		workUntil(t, d, "redrive   moving", func() { consume(t, d, "orders", none) })
		moved := func() int {
			m := regexp.MustCompile(`redrive   moving +(\d+) of 60  dead +orders `).FindStringSubmatch(d.Text())
			if m == nil {
				t.Fatalf("the row does not say it:\n%s", d.Text())
			}
			n, _ := strconv.Atoi(m[1])
			return n
		}
		before := moved()
		d.Wait(3 * time.Second)
		if after := moved(); before < 10 || after <= before {
			t.Errorf("%d were moved, and then %d", before, after)
		}
	})
}

// deaf takes nothing of what is sent, and does not answer.
type deaf struct{ backend.SQS }

func (deaf) SendMessageBatch(context.Context, backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	return backend.SendMessageBatchOutput{}, backend.Errorf(backend.KindNetwork, "nobody answers")
}

// unanswered leaves a move of two messages between FIFO queues open, as a crash
// before the answer to a send does: a jq expression changed them.
func unanswered(t *testing.T, sqs backend.SQS, dir, expr string) {
	t.Helper()
	queue(t, sqs, "orders.fifo", map[string]string{backend.AttrFifoQueue: "true"})
	queue(t, sqs, "dead.fifo", map[string]string{backend.AttrFifoQueue: "true"})
	for _, g := range []string{"a", "b"} {
		put(t, sqs, backend.SendMessageInput{QueueUrl: url(t, sqs, "dead.fifo"), MessageBody: `{"kind":"tea"}`, MessageGroupId: backend.Some(g), MessageDeduplicationId: backend.Some(g)})
	}
	find := func(name string) move.Queue {
		q, err := move.Find(context.Background(), deaf{sqs}, "demo", url(t, sqs, name))
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	change, err := query.Compile(expr)
	if err != nil {
		t.Fatal(err)
	}
	from := find("dead.fifo")
	res, err := move.Run(context.Background(), move.Options{
		Dir: dir, From: from, To: []move.Queue{find("orders.fifo")}, Lease: 2 * time.Second, Budget: 5 * time.Second, Map: expr,
		Transform: func(r archive.Record) (archive.Record, error) {
			return rewrite.By(context.Background(), from.ARN, change, r)
		},
	})
	if res.Count(move.PossibleDuplicate) != 2 {
		t.Fatalf("the move did %s, %v", res.Words(), err)
	}
	path := filepath.Join(dir, "move-"+res.ID+".jsonl")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var kept [][]byte // up to what was about to be sent
	for line := range bytes.Lines(text) {
		if bytes.Contains(line, []byte(`"move":`)) || bytes.Contains(line, []byte(`"send":`)) {
			kept = append(kept, line)
		}
	}
	if err := os.WriteFile(path, bytes.Join(kept, nil), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAMoveThatAnExpressionChangedIsFinishedWithIt(t *testing.T) {
	const expr = `.json.kind = "coffee"`
	state := t.TempDir()
	onScreen(t, setup{w: 80, h: 24, state: state, fill: func(t *testing.T, sqs backend.SQS) {
		unanswered(t, sqs, filepath.Join(state, "moves"), expr)
	}}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("dead.fifo")
		d.Press("Enter", "t")
		d.Wait(time.Second)
		d.Shows("✗ unfinished", "by a jq expression")
		d.Press("F")
		d.PNG("finish-jq-80")
		d.Shows("Finish the move from dead.fifo?", "A jq expression changed them", "quote bodies")
		d.Hides("coffee")
		d.Type(".json.kind = ")
		d.Press("Enter")
		d.Shows("✗ ") // it is no expression yet
		d.Press("C-u")
		d.Type(`.json.kind = "water"`)
		d.Press("Enter")
		d.Shows("made with another expression")
		d.Press("C-u")
		d.Type(expr)
		d.Press("Enter")
		d.Type("dead.fifo")
		d.Press("Enter")
		workUntil(t, d, "is finished", func() {})
		d.Hides("possible duplicate")
		got := kept(t, d, "orders.fifo")
		if len(got) != 2 || strings.TrimSpace(got[0].Body) != `{"kind":"coffee"}` || sumOf(t, d, "dead.fifo") != 0 {
			t.Errorf("orders.fifo has %+v, and dead.fifo %d", got, sumOf(t, d, "dead.fifo"))
		}
	})
}

func TestAMoveIsFinishedWithoutItsExpressionToo(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	onScreen(t, setup{w: 120, h: 40, state: state, fill: func(t *testing.T, sqs backend.SQS) {
		unanswered(t, sqs, filepath.Join(state, "moves"), ".json.kind = 1")
	}}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("dead.fifo")
		d.Press("Enter", "t")
		d.Wait(time.Second)
		d.Press("F", "Enter", "Enter")
		d.Type("dead.fifo")
		d.Press("Enter")
		workUntil(t, d, "possibleDuplicate", func() {})
		if n := sumOf(t, d, "dead.fifo"); n != 2 {
			t.Errorf("dead.fifo has %d", n)
		}
	})
	state = t.TempDir()
	onScreen(t, setup{w: 120, h: 40, state: state, fill: func(t *testing.T, sqs backend.SQS) {
		unanswered(t, sqs, filepath.Join(state, "moves"), ".")
	}}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("dead.fifo")
		d.Press("Enter", "t")
		d.Wait(5 * time.Minute) // SQS has forgotten their ids
		d.Press("F")
		d.Shows("would not know them again", "Type dead.fifo to go on")
		d.Hides("jq  ")
	})
}
