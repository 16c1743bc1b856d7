package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/guard"
)

func TestTheDoctorListsTheMostHarmfulFirstAndOpensTheQueue(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: shelf}, func(t *testing.T, d *desk) {
		d.Press("D")
		d.Wait(time.Second)
		lines := strings.Split(d.Text(), "\n")
		loses, blocks, costs := row(lines, "✗ loses  "), row(lines, "! blocks  "), row(lines, "$ costs  ")
		if loses < 0 || blocks < loses || costs >= 0 && costs < blocks {
			t.Errorf("not in the order of harm: loses in line %d, blocks %d, costs %d\n%s", loses, blocks, costs, d.Text())
		}
		d.Shows("fix", "MessageRetentionPeriod: from 4 d to 14 d, on", "shared-dead", "docs/SQS.md 6.2", "4 queues")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("orders")
		d.Hides("WHAT IS WRONG")
		d.Press("Esc")
		d.Shows("WHAT IS WRONG")
	})
}

func TestTheDoctorSaysHowMuchHasBeenRead(t *testing.T) {
	s := &spy{deny: "refunds"}
	onScreen(t, setup{w: 80, h: 24, remote: true, fill: twoSources, wrap: watched(s)}, func(t *testing.T, d *desk) {
		d.Press("D")
		d.Wait(6 * time.Second)
		d.Shows("2 of 3 queues read", "of 1 queue that could not be read nothing is known")
	})
}

func TestTheDoctorClaimsNoHealthWhileQueuesAreBeingRead(t *testing.T) {
	s := &mute{}
	onScreen(t, setup{w: 80, h: 24, remote: true, fill: func(t *testing.T, sqs backend.SQS) {
		for i := range 5 {
			queue(t, sqs, fmt.Sprintf("healthy-%d", i), map[string]string{backend.AttrReceiveMessageWaitTimeSeconds: "20"})
		}
	}, wrap: s.wrap}, func(t *testing.T, d *desk) {
		d.Press("D")
		d.Wait(time.Second)
		d.Shows("0 of 5 queues read", "so far")
		d.Hides("✓")
		close(s.until)
		d.Wait(10 * time.Second)
		d.Hides("so far")
		d.Shows("5 queues")
	})
}

// mute answers for no queue until it is told to.
type mute struct {
	backend.SQS
	until chan struct{}
}

func (s *mute) wrap(next backend.SQS) backend.SQS {
	s.SQS, s.until = next, make(chan struct{}) // of the test's own clock
	return s
}

func (s *mute) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	select {
	case <-s.until:
		return s.SQS.GetQueueAttributes(ctx, in)
	case <-ctx.Done():
		return backend.GetQueueAttributesOutput{}, backend.AsError(ctx.Err())
	}
}

func TestTheDoctorsCursorStaysOnItsFindingWhenAWorseOneComes(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, fill: shelf}, func(t *testing.T, d *desk) {
		d.Press("D")
		d.Wait(time.Second)
		d.Press("j", "j", "j", "j")
		before := cursorLine(d)
		queue(t, d.sqs, "another", map[string]string{backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:shared-dead","maxReceiveCount":1}`})
		d.Wait(10 * time.Second)
		d.Shows("another")
		if now := cursorLine(d); now != before {
			t.Errorf("the cursor was on %q and is on %q", before, now)
		}
	})
}

func cursorLine(d *desk) string {
	for line := range strings.SplitSeq(d.Text(), "\n") {
		if rest, ok := strings.CutPrefix(line, " ▸ "); ok {
			return strings.TrimRight(rest, " ┃│")
		}
	}
	return ""
}

func TestFindingsCanBeGroupedAndFiltered(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: shelf}, func(t *testing.T, d *desk) {
		d.Press("D")
		d.Wait(time.Second)
		d.Press("v")
		d.Shows("by rule", "▸ 2 queues", "dlq-retention")
		d.Press("Enter")
		d.Shows("▾ 2 queues", "  refunds")
		d.Press("v")
		d.Shows("by queue", "▸ orders")
		d.Press("v", "/")
		d.Type("refunds loses")
		d.Press("Enter")
		d.Shows("filter: refunds loses", "refunds")
		d.Hides("orders  ", "payments.fifo")
		d.Press("/", "Esc")
		d.Shows("payments.fifo")
	})
}

func TestTheDoctorLooksAtAllPlaces(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: shelf, contexts: somewhere()}, func(t *testing.T, d *desk) {
		west, end := elsewhere(t, d, guard.Peek)
		defer end()
		east, end := elsewhere(t, d, guard.Peek)
		defer end()
		west.Name, east.Name = "west", "east"
		d.there, d.beside = west, east
		d.Press("c", "j", "Enter")
		d.Wait(2 * time.Second)
		d.Press("D")
		d.Wait(2 * time.Second)
		d.Shows("PLACE", "over-there", "west", "east", "2 queues")
	})
}
