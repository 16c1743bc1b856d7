package ui

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sqscope/backend"
	"sqscope/backend/scenario"
	"sqscope/ui/format"
)

// At every moment the engine, the actors' ledgers and the screen count the same,
// in every scenario.
func TestTheSceneCountsAsTheEngineAndTheLedgersDo(t *testing.T) {
	t.Parallel()
	for _, name := range scenario.Names() {
		s, err := scenario.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Queues()) == 0 {
			continue // there is nothing to be seen
		}
		t.Run(name, func(t *testing.T) {
			m, engine, stage := bareScene(t, s, 200, 90, true)
			for _, step := range []time.Duration{0, time.Second, 7 * time.Minute, 700 * time.Millisecond} {
				engine.Clock().Advance(step)
				settle(m, m.top().Show())
				if err := engine.Check(); err != nil {
					t.Fatal(err)
				}
				agree(t, ansi.Strip(m.View().Content), engine.Stack().SQS, stage)
			}
		})
	}
}

// agree compares what the screen shows with the ledgers and with SQS's own counts.
func agree(t *testing.T, shown string, sqs backend.SQS, stage backend.Stage) {
	t.Helper()
	l, err := stage.Ledger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, err := stage.Picture(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var sent, done, failed uint64
	var sum backend.Counts
	for i := range l.Actors {
		a := &l.Actors[i]
		sum.Add(&a.Counts)
		switch a.Kind {
		case backend.ActorProducer, backend.ActorStateMachine:
			sent += a.Sent
		case backend.ActorWorker, backend.ActorLambda:
			done, failed = done+a.Done, failed+a.Failed
		}
	}
	if sum != l.Total {
		t.Errorf("the ledgers add up to %+v, and not to %+v", sum, l.Total)
	}
	line := lineWith(shown, "  done ")
	lost := l.Total.Lost
	for _, q := range p.Queues {
		lost += q.Expired
	}
	for what, n := range map[string]uint64{
		"lost": lost,
		"sent": sent, "done": done, "failed": failed, "duplicate effects": l.Total.Duplicates, "out of order": l.Total.OutOfOrder,
		"throttled": l.Total.Throttled, "crashes": l.Total.Crashed, "empty receives": l.Total.Empty,
	} {
		if want := what + " " + format.Count(int(n)); !regexp.MustCompile(`(^|  |! )` + want + `( |$)`).MatchString(strings.TrimSpace(line)) {
			t.Errorf("%q is not in %q", want, line)
		}
	}
	for _, q := range p.Queues {
		attrs, err := sqs.GetQueueAttributes(t.Context(), backend.GetQueueAttributesInput{QueueUrl: q.ARN.Name, AttributeNames: []string{backend.AttrAll}})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := drawnOf(shown, q.ARN.Name), numbersOf(attrs.Attributes); got != want {
			t.Errorf("%s: %q is drawn, and SQS says %q", q.ARN.Name, got, want)
		}
	}
}

// lineWith is the first line with a text in it.
func lineWith(screen, s string) string {
	for line := range strings.Lines(screen) {
		if strings.Contains(line, s) {
			return line
		}
	}
	return ""
}

// drawnOf are the numbers that stand behind a queue's name.
func drawnOf(screen, queue string) string {
	found := regexp.MustCompile(`[ ▸]` + regexp.QuoteMeta(queue) + ` +((?:[○●◐][0-9,]+ )+|empty )`).FindStringSubmatch(screen)
	if found == nil {
		return ""
	}
	return strings.TrimSpace(found[1])
}

// numbersOf are SQS's counts as the scene writes them.
func numbersOf(attributes map[string]string) string {
	var all []string
	for _, part := range []struct{ glyph, name string }{
		{"○", backend.AttrMessagesDelayed}, {"●", backend.AttrMessages}, {"◐", backend.AttrMessagesNotVisible},
	} {
		n := 0
		if _, err := fmt.Sscan(attributes[part.name], &n); err == nil && n > 0 {
			all = append(all, part.glyph+format.Count(n))
		}
	}
	if len(all) == 0 {
		return "empty"
	}
	return strings.Join(all, " ")
}

// Messages whose retention ends are lost, whether somebody was looking or not.
func TestWhatExpiredIsCountedAlsoWhileNobodyLooks(t *testing.T) {
	t.Parallel()
	play, err := scenario.Parse("short.toml", []byte(`format = 1
title = "Short"
[templates.t]
body = "m"
[[queues]]
name = "brief"
attributes = { MessageRetentionPeriod = "1m" }
[[producers]]
name = "p"
queue = "brief"
template = "t"
every = "10s"
jitter = 0
`))
	if err != nil {
		t.Fatal(err)
	}
	onScreen(t, setup{w: 140, h: 40, play: play}, func(t *testing.T, d *desk) {
		d.Press("S")
		d.Wait(65 * time.Second)
		d.Press("Esc")
		d.Wait(5 * time.Minute)
		d.Press("S")
		d.Wait(2 * time.Second)
		n := d.picture(t).Queues[0].Expired
		if n < 25 {
			t.Fatalf("%d have expired", n)
		}
		d.Shows(fmt.Sprintf("! lost %d", n), fmt.Sprintf("%d at the end of their", n))
	})
}
