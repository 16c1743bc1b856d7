package memory_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

// fifoScenario is one of those that were recorded from AWS: messages named
// group-message, and what receives gave.
type fifoScenario struct {
	Name   string
	Send   []string
	Steps  []fifoStep
	Expect []string
	// Receive is {"max": n} here and a number in a step.
	Receive struct{ Max int }
	// Extended is which of three messages gets a longer timeout, and what can be
	// received after the old one.
	Extended map[string][]string `json:"extended_then_after_1s_receivable"`
}

type fifoStep struct {
	Receive    int
	Visibility *int
	Expect     []string
	AnyOrder   []string `json:"expect_any_group_order"`
	After      bool     `json:"after_visibility_timeout"`
	Change     []any    `json:"change_visibility"`
	Delete     []string
}

func fifoScenarios(t *testing.T) []fifoScenario {
	t.Helper()
	b, err := os.ReadFile("../rules/testdata/sqs-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Scenarios []fifoScenario `json:"fifo_scenarios"`
	}
	if err := json.Unmarshal(b, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors.Scenarios) != 7 {
		t.Fatalf("%d scenarios instead of 7", len(vectors.Scenarios))
	}
	return vectors.Scenarios
}

// TestFIFOGroupsAreDeliveredAsRecorded is 8.3, cases 1 to 8.
func TestFIFOGroupsAreDeliveredAsRecorded(t *testing.T) {
	for _, s := range fifoScenarios(t) {
		if s.Extended == nil {
			t.Run(s.Name, func(t *testing.T) { playFIFO(t, s) })
			continue
		}
		for which, want := range s.Extended {
			t.Run(s.Name+"/"+which, func(t *testing.T) {
				d := open(t)
				q := d.create("q.fifo")
				for _, body := range s.Send {
					d.fifo(q, "g", body, "")
				}
				got := d.receiveFor(q, 10, 1)
				d.want(got, s.Send...)
				d.must(d.hide(q, got[which[0]-'0'], 60))
				d.pass(time.Second)
				d.want(d.receive(q, 10), want...)
			})
		}
	}
}

func playFIFO(t *testing.T, s fifoScenario) {
	d := open(t)
	q := d.create("q.fifo")
	for _, body := range s.Send {
		group, _, _ := strings.Cut(body, "-")
		d.fifo(q, group, body, "")
	}
	if s.Steps == nil {
		s.Steps = []fifoStep{{Receive: s.Receive.Max, Expect: s.Expect}}
	}
	received := map[string]backend.Message{}
	for _, step := range s.Steps {
		switch {
		case step.After:
			d.pass(30 * time.Second)
		case step.Change != nil:
			d.must(d.hide(q, received[step.Change[0].(string)], int(step.Change[1].(float64))))
		case step.Delete != nil:
			for _, body := range step.Delete {
				d.delete(q, received[body])
			}
		default:
			visibility := 30
			if step.Visibility != nil {
				visibility = *step.Visibility
			}
			got := d.receiveFor(q, step.Receive, visibility)
			for _, m := range got {
				received[m.Body] = m
			}
			if step.AnyOrder != nil {
				d.same(slices.Sorted(slices.Values(bodies(got))), slices.Sorted(slices.Values(step.AnyOrder)))
				continue
			}
			d.want(got, step.Expect...)
		}
	}
}

func TestFIFOSequenceNumbersGrowAndHaveTwentyDigits(t *testing.T) { // 8.2
	d := open(t)
	q := d.create("q.fifo")
	last := ""
	for _, body := range []string{"a", "b", "c"} {
		n := d.fifo(q, "g", body, "").SequenceNumber
		if len(n) != 20 || n <= last {
			t.Errorf("sequence number %q after %q", n, last)
		}
		last = n
	}
	for _, m := range d.receive(q, 10) {
		if m.Body == "c" && m.Attributes[backend.SysSequenceNumber] != last {
			t.Errorf("received with %q, sent with %q", m.Attributes[backend.SysSequenceNumber], last)
		}
	}
}

func TestFIFOHiddenByTheirGroupStillCountAsVisible(t *testing.T) { // 2.7
	d := open(t)
	q := d.create("q.fifo")
	for _, body := range []string{"1", "2", "3"} {
		d.fifo(q, "g", body, "")
	}
	d.receive(q, 1)
	d.want(d.receive(q, 10))
	d.wantDepth(q, depth{2, 1, 0})
}

func TestFIFODelayHoldsTheGroupAndIsRetroactive(t *testing.T) { // 8.4
	d := open(t)
	q := d.create("q.fifo", backend.AttrDelaySeconds, "10")
	d.fifo(q, "g", "1", "")
	d.pass(5 * time.Second)
	d.fifo(q, "g", "2", "")
	d.wantDepth(q, depth{0, 0, 2})
	d.pass(5 * time.Second)
	d.wantDepth(q, depth{1, 0, 1})
	d.set(q, backend.AttrDelaySeconds, "20")
	d.wantDepth(q, depth{0, 0, 2})
	d.want(d.receive(q, 10))
	d.set(q, backend.AttrDelaySeconds, "5")
	d.want(d.receive(q, 10), "1", "2")
	d.set(q, backend.AttrDelaySeconds, "900")
	d.wantDepth(q, depth{0, 2, 0})
}

func TestFIFOZeroDelayOfAMessageIsIgnored(t *testing.T) { // 1.11
	d := open(t)
	q := d.create("q.fifo", backend.AttrDelaySeconds, "10", backend.AttrContentBasedDeduplication, "true")
	d.sendInput(backend.SendMessageInput{
		QueueUrl: q, MessageBody: "m", MessageGroupId: backend.Some("g"), DelaySeconds: backend.Some(0),
	})
	d.wantDepth(q, depth{0, 0, 1})
}

func TestFIFOExpiryOfTheFirstMessageUnlocksItsGroup(t *testing.T) { // 5.9, 8.3
	d := open(t)
	q := d.create("q.fifo", backend.AttrMessageRetentionPeriod, "60")
	d.fifo(q, "g", "1", "")
	d.pass(30 * time.Second)
	d.fifo(q, "g", "2", "")
	d.want(d.receiveFor(q, 1, 1000), "1")
	d.pass(29 * time.Second)
	d.want(d.receive(q, 10))
	d.pass(time.Second)
	d.want(d.receive(q, 10), "2")
}
