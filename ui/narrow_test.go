package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

// cutNumber is a number that was cut off.
var cutNumber = regexp.MustCompile(`[0-9][dhms ]*…`)

// Beside the reader there is little room, and with one more column still less: the
// column that matters least goes, and no number is cut.
func TestNoNumberOfAMessageIsCutBesideTheReader(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(12)}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		goAhead(d, "dead")
		workUntil(t, d, "! stopped", func() { consume(t, d, "orders", all) })
		consume(t, d, "orders", all)
		if err := d.conn.Stack.Clock.StepClock(t.Context(), 23*time.Hour+47*time.Minute); err != nil {
			t.Fatal(err)
		}
		d.Press("Esc", "Esc", "Enter")
		d.Wait(2 * time.Second)
		for _, w := range []int{80, 110, 112, 115, 120, 126, 130, 140} {
			d.Resize(w, 40)
			d.Wait(time.Second)
			d.PNG(fmt.Sprintf("narrow-messages-%d", w))
			d.Shows("LOST IN", "23h 47m", "3d 00h", "visible")
			if w == 80 || w >= 120 {
				d.Shows("REDRIVEN", "1×")
			}
			for line := range strings.Lines(d.Text()) {
				list, _, _ := strings.Cut(line, " │ ")
				body, _, _ := strings.Cut(list, "{")
				if cutNumber.MatchString(body) {
					t.Errorf("at %d cells a number is cut: %s", w, line)
				}
			}
		}
	})
}

// Of sources that have no room the list says how many there are.
func TestTheListOfDeadLetterQueuesCountsTheSourcesThatHaveNoRoom(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "dead", nil)
		for _, name := range []string{"orders", "payments", "refunds"} {
			queue(t, sqs, name, map[string]string{backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":"2"}`})
		}
		send(t, sqs, "dead", "a")
	}}, func(t *testing.T, d *desk) {
		d.Press("H")
		d.Wait(3 * time.Second)
		d.PNG("narrow-sources-80")
		d.Shows("SOURCES", "orders +2")
		d.Resize(160, 40)
		d.Wait(time.Second)
		d.Shows("refunds")
	})
}

// How an import is to be sent is told whole, however much that is.
func TestAnImportSaysAllThatItDoes(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, mouse: true, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders.fifo", map[string]string{backend.AttrFifoQueue: "true", backend.AttrContentBasedDeduplication: "true"})
	}}, func(t *testing.T, d *desk) {
		var file strings.Builder
		for i := range 200 {
			fmt.Fprintf(&file, "{\"body\":\"body-%d\",\"attributes\":{\"MessageGroupId\":\"g%d\"}}\n", i, i%3)
		}
		importing := func() {
			d.Press("i")
			d.Wait(time.Second)
			d.Type("in.jsonl")
			d.Press("Enter")
			d.Wait(time.Second)
		}
		if err := os.WriteFile(filepath.Join(d.opts.Exports, "in.jsonl"), []byte(file.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		importing()
		d.Press("R")
		d.Type("10")
		d.Press("Enter", "Enter", "Enter")
		d.Wait(8 * time.Second)
		d.Press("Esc")
		d.Wait(2 * time.Second)
		importing()
		d.PNG("narrow-import-80")
		d.Shows("at full speed · skips wrong entries", "deduplication ids as they were", "goes on behind entry ")
		if s := d.Text(); cutNumber.MatchString(s) || strings.Contains(s, "behind…") || strings.Contains(s, "goes…") {
			t.Errorf("something is cut:\n%s", s)
		}
		d.Click("  3 ") // the line under the cursor is the one that was clicked
		d.Wait(time.Second)
		d.Shows("▸     3  ")
	})
}
