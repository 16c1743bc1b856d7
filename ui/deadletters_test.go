package ui

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/guard"
	"sqscope/backend/redrive/proof"
)

// letters opens the dead letters of a queue and waits until they are told apart.
func letters(d *desk, name string) {
	d.Press("/")
	d.Type(name)
	d.Press("Enter", "d")
	d.Wait(3 * time.Second)
}

// The causes of a night stand there at the first look, how many died of each and
// what is suggested: nothing has to be pressed.
func TestTheFirstLookTellsTheCausesApart(t *testing.T) {
	for _, scenario := range []string{"night", "fanout-night", "xml-night", "saga-night"} {
		t.Run(scenario, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("..", "backend", "triage", "testdata", "truth", scenario+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var truth struct {
				Queue  string
				Causes []struct{ Count int }
			}
			if err := json.Unmarshal(data, &truth); err != nil {
				t.Fatal(err)
			}
			onScreen(t, setup{w: 140, h: 40, scenario: scenario}, func(t *testing.T, d *desk) {
				d.Press("p")
				letters(d, truth.Queue)
				all, rows := 0, 0
				for _, c := range truth.Causes {
					all += c.Count
					d.Shows(fmt.Sprintf(" %3d  ", c.Count))
				}
				d.Shows(fmt.Sprintf("grouped %d of about %d", all, all), "lost in")
				for _, line := range strings.Split(d.Text(), "\n")[5:] {
					if strings.HasPrefix(line, "── details") {
						break
					}
					rows++
				}
				if rows != len(truth.Causes) {
					t.Errorf("%d groups, want %d:\n%s", rows, len(truth.Causes), d.Text())
				}
			})
		})
	}
}

// A name that somebody gave a group, what was merged and the markers are there
// again in the next run.
func TestWhatWasArrangedIsThereInTheNextRun(t *testing.T) {
	memo := filepath.Join(t.TempDir(), "memo.json")
	s := setup{w: 140, h: 40, scenario: "night", remember: memo}
	onScreen(t, s, func(t *testing.T, d *desk) {
		d.Press("p")
		letters(d, "orders-dlq")
		d.Press("b")
		d.Type("android 5.12")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("74  android 5.12", "died of   one release")
		d.Press("j", "Space", "Space")
		d.Shows("2 marked")
		d.Press("J")
		d.Wait(time.Second)
		d.Shows("▸ 107  ", "you merged these groups", "made one group of 2")
		d.Press("i")
		d.Type("deploy 20m ago")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("▲ deploy")
	})
	onScreen(t, s, func(t *testing.T, d *desk) {
		d.Press("p")
		letters(d, "orders-dlq")
		d.Shows("74  android 5.12", "107  ", "deploy")
		d.Press("U")
		d.Shows("the merge of 2 groups")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("61  UpstreamError", "46  ")
		d.Press("i")
		d.Shows("take away: deploy")
	})
}

// The configuration groups where nothing else was arranged on the screen, which
// says so.
func TestTheConfigurationSaysWhatMakesTheGroups(t *testing.T) {
	s := setup{w: 140, h: 40, scenario: "night", groupings: []config.Grouping{{Queues: "other*", By: []string{".type"}}, {Queues: "orders*", By: []string{".source.app"}}}}
	onScreen(t, s, func(t *testing.T, d *desk) {
		d.Press("p")
		letters(d, "orders-dlq")
		d.Shows("90  .source.app is android", "grouped by your rule")
		d.Hides("UpstreamError: POST")
		d.Press("o")
		d.Shows("empty: as configured, .source.app")
		d.Type(".type")
		d.Press("Enter", "Enter", "Enter")
		d.Wait(time.Second)
		d.Hides(".source.app is android")
	})
}

// What somebody noted of a queue stands in the report of its redrive.
func TestMarkersStandInTheReportOfARedrive(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(5), remember: filepath.Join(t.TempDir(), "memo.json")}, func(t *testing.T, d *desk) {
		letters(d, "dead")
		d.Press("i")
		d.Type("deploy 20m ago")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Press("m")
		d.Wait(2 * time.Second)
		goAhead(d, "dead")
		workUntil(t, d, "✓ done", func() { consume(t, d, "orders", none) })
		reports, _, err := proof.Reports(d.opts.Reports)
		if err != nil || len(reports) != 1 || len(reports[0].Markers) != 1 || reports[0].Markers[0].Text != "deploy" {
			t.Fatalf("the reports are %+v, %v", reports, err)
		}
	})
}

// A group is taken apart by a field of its messages, and put together again.
func TestAGroupIsTakenApartByAField(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, scenario: "night"}, func(t *testing.T, d *desk) {
		d.Press("p")
		letters(d, "orders-dlq")
		d.Press("j", "S", "Enter")
		d.Type(".source.app")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Hides("61  UpstreamError")
		d.Shows("74  one release", ".source.app is")
		d.Press("U", "Enter")
		d.Wait(time.Second)
		d.Shows("61  UpstreamError")
	})
}

// The redrive gets the group's messages and no other, and knows the groups.
func TestAGroupIsRedrivenAlone(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, scenario: "night"}, func(t *testing.T, d *desk) {
		d.Press("p")
		letters(d, "orders-dlq")
		d.Press("j", "m")
		d.Shows("Redrive which messages", "61 messages", "every message of orders-dlq")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("UpstreamError", "61 messages")
	})
}

// A group is deleted by the queue's typed name, after its messages were written to
// a file; the others stay.
func TestAGroupIsDrainedIntoAFileByATypedName(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, scenario: "night"}, func(t *testing.T, d *desk) {
		d.Press("p")
		letters(d, "orders-dlq")
		d.Press("G", "x")
		d.Shows("Delete 19 messages from orders-dlq?", "Type orders-dlq to go on")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("Delete 19 messages") // not without the name
		d.Type("orders-dlq")
		d.Press("Enter")
		d.Wait(3 * time.Second)
		d.Shows("deleted 19 messages", "181 of about 181")
		d.Hides("19  .order.risk")
		files, err := filepath.Glob(filepath.Join(d.opts.Evidence, "*.jsonl"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%d evidence files, %v", len(files), err)
		}
		body, err := os.ReadFile(files[0])
		if err != nil || strings.Count(string(body), `decision`) != 19 {
			t.Errorf("%d messages in the evidence, %v", strings.Count(string(body), "decision"), err)
		}
	})
}

// The countdown of each group goes with the engine's clock, second by second.
func TestTheCountdownGoesWithTheEnginesClock(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: soonLost}, func(t *testing.T, d *desk) {
		letters(d, "dead")
		first := d.Text()
		d.Shows("the first is lost in 5")
		d.Wait(10 * time.Second)
		if d.Text() == first {
			t.Error("the countdown stands")
		}
		d.Wait(60 * time.Second)
		d.Hides("the first is lost in")
		d.Shows("there are no dead letters")
	})
}

// soonLost is a dead-letter queue that keeps messages a minute.
func soonLost(t *testing.T, sqs backend.SQS) {
	t.Helper()
	queue(t, sqs, "dead", map[string]string{backend.AttrMessageRetentionPeriod: "60"})
	queue(t, sqs, "orders", map[string]string{backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":"2"}`})
	send(t, sqs, "dead", `{"a":1}`)
}

// What stands in a message cannot reach the terminal from a title, from the
// evidence or from what is copied for the ticket.
func TestAGroupsTitleIsShownEscaped(t *testing.T) {
	var copied string
	onScreen(t, setup{w: 140, h: 40, fill: func(t *testing.T, sqs backend.SQS) {
		grave(0)(t, sqs)
		for range 3 {
			send(t, sqs, "dead", "{\"error\":{\"type\":\"Boom\",\"message\":\"a\\u001b]0;owned\\u0007 b `x`\"}}")
			send(t, sqs, "dead", `{"id":1}`, "{\"error\":{\"type\":\"Boom\",\"message\":\"a\\u001b]0;owned\\u0007 b `x`\"}}")
		}
	}}, func(t *testing.T, d *desk) {
		d.model.opts.Copy = func(content string) error { copied = content; return nil }
		letters(d, "dead")
		d.Shows("Boom", "␛")
		d.Press("Y")
		d.Wait(time.Second)
		if !strings.Contains(copied, "Boom") {
			t.Errorf("the ticket does not name the error: %q", copied)
		}
		if strings.ContainsAny(copied, "\x1b\x07") {
			t.Errorf("what was copied has escape sequences: %q", copied)
		}
	})
}

// On AWS nothing is received until somebody asks, and the list of all queues says
// what is known of each: a sample is a bound.
func TestUnreadDeadLettersAreNotGuessedAt(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, remote: true, level: guard.Peek, fill: func(t *testing.T, sqs backend.SQS) {
		grave(0)(t, sqs)
		for range 12 {
			send(t, sqs, "dead", `{"id":1}`)
		}
	}}, func(t *testing.T, d *desk) {
		d.Wait(10 * time.Second)
		d.Press("H")
		d.Wait(3 * time.Second)
		d.Shows("dead", "12", "?")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("nothing has been received", "l looks at")
		d.Press("l")
		d.Wait(5 * time.Second)
		d.Shows("grouped 12 of about 12")
		d.Press("Esc")
		d.Wait(5 * time.Second)
		d.Shows("sample")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Press("x")
		d.Shows("change")
	})
}

// The marked messages of a group are made a group of their own.
func TestTheMarkedMessagesBecomeAGroup(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, scenario: "night"}, func(t *testing.T, d *desk) {
		d.Press("p")
		letters(d, "orders-dlq")
		d.Press("Enter", "Space", "Space", "Space", "S", "Down", "Down", "Enter")
		d.Wait(time.Second)
		d.Shows("  3  one release", " 71  one release")
	})
}
