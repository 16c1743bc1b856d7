package ui

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/memory"
	"sqscope/backend/scenario"
)

// theatre is a setup with a scenario in which little happens, slowly.
func theatre() setup { return setup{w: 140, h: 40, scenario: "throttled"} }

// onStage opens the scene of a scenario and stops its clock.
func onStage(t *testing.T, s setup, f func(t *testing.T, d *desk)) {
	t.Helper()
	onScreen(t, s, func(t *testing.T, d *desk) {
		d.Press("Z", "S")
		d.Wait(time.Second)
		d.Press("p")
		d.Wait(2 * time.Second)
		f(t, d)
	})
}

func (d *desk) picture(t *testing.T) backend.Picture {
	t.Helper()
	p, err := d.conn.Stack.Stage.Picture(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	p.Flights = nil
	return p
}

// world is all that the engine holds, as a snapshot.
func (d *desk) world(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := d.engine.Stack().Snapshots.Snapshot(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheSceneShowsWhatTheEngineHolds(t *testing.T) {
	onStage(t, theatre(), func(t *testing.T, d *desk) {
		for range 5 {
			p := d.picture(t)
			for _, q := range p.Queues {
				attrs, err := d.sqs.GetQueueAttributes(t.Context(), backend.GetQueueAttributesInput{QueueUrl: url(t, d.sqs, q.ARN.Name), AttributeNames: []string{backend.AttrAll}})
				if err != nil {
					t.Fatal(err)
				}
				counts := fmt.Sprint(q.Visible, q.InFlight, q.Delayed)
				if want := attrs.Attributes[backend.AttrMessages] + " " + attrs.Attributes[backend.AttrMessagesNotVisible] + " " + attrs.Attributes[backend.AttrMessagesDelayed]; counts != want {
					t.Errorf("%s: %s is drawn, and the engine holds %s", q.ARN.Name, counts, want)
				}
				for glyph, n := range map[string]int{"●": q.Visible, "◐": q.InFlight, "○": q.Delayed} {
					if n > 0 {
						d.Shows(fmt.Sprintf("%s%d", glyph, n))
					}
				}
			}
			l, err := d.conn.Stack.Stage.Ledger(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			d.Shows(fmt.Sprintf("duplicate effects %d", l.Total.Duplicates), fmt.Sprintf("throttled %d", l.Total.Throttled))
			d.Press(".")
			d.Wait(2 * time.Second)
		}
	})
}

func TestTimeIsSteppedFromTheScene(t *testing.T) {
	onStage(t, theatre(), func(t *testing.T, d *desk) {
		d.Shows("‖ stopped x1")
		before := d.engine.Clock().Now()
		d.Press(".", ".")
		if got := d.engine.Clock().Now().Sub(before); got != 2*time.Second {
			t.Errorf("two steps took %v", got)
		}
		next, _ := d.engine.Stack().Clock.NextEvent(t.Context())
		d.Press("n")
		if got := d.engine.Clock().Now(); !got.Equal(next) {
			t.Errorf("the next event was at %v, and it is %v", next, got)
		}
		d.Press("+", "+")
		d.Shows("x5")
		d.Press("-")
		d.Shows("x2")
		d.Press("p")
		d.Wait(time.Second)
		d.Shows("▶ x2")
		d.Press(".") // also stops
		if !d.engine.Clock().Paused() {
			t.Error("the clock runs after a step")
		}
	})
}

// Whoever goes back in time finds the world as it was, and from there the same
// future; what was meanwhile can be gone back to as well.
func TestARewindBringsBackTheSameWorldAndTheSameFuture(t *testing.T) {
	onStage(t, theatre(), func(t *testing.T, d *desk) {
		d.Press("m")
		d.Wait(2 * time.Second)
		was := d.picture(t)
		d.Press(".", ".", ".")
		d.Wait(2 * time.Second)
		future := d.picture(t)
		if future.Total == was.Total {
			t.Fatal("nothing has happened in three seconds")
		}
		d.Press("b")
		d.Shows("kept by you")
		d.Type("by you")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		ignore := func(p backend.Picture) backend.Picture { p.Flown, p.Missed = 0, 0; return p }
		if diff := cmp.Diff(ignore(was), ignore(d.picture(t))); diff != "" {
			t.Errorf("the world is another one (-was +is):\n%s", diff)
		}
		d.Press(".", ".", ".")
		d.Wait(2 * time.Second)
		if diff := cmp.Diff(ignore(future), ignore(d.picture(t))); diff != "" {
			t.Errorf("the future is another one (-was +is):\n%s", diff)
		}
		d.Press("b")
		d.Shows("before a rewind")
	})
}

func TestMomentsAreKeptByThemselvesWhileTimeRuns(t *testing.T) {
	t.Parallel()
	onScreen(t, theatre(), func(t *testing.T, d *desk) {
		d.Press("S")
		d.Wait(35 * time.Second)
		d.Press("p")
		d.Wait(20 * time.Second) // and where it stopped
		d.Shows("5 moments")
		d.Wait(time.Minute)
		d.Shows("5 moments")
	})
}

func TestAKnobIsTurnedAndSQSSaysWhyNot(t *testing.T) {
	onStage(t, theatre(), func(t *testing.T, d *desk) {
		turn := func(value string) {
			d.Press("Enter")
			d.Wait(time.Second)
			d.Type("visibility")
			d.Press("Enter", "ctrl+u")
			d.Type(value)
			d.Press("Enter")
			d.Wait(time.Second)
		}
		turn("45s")
		d.Shows("reports VisibilityTimeout is now 45s", "45 s visibility")
		turn("50000")
		d.Shows("whole seconds, 0 to 43200", "✗ Invalid value for the parameter VisibilityTimeout.", "value  50000") // and may be mended
		d.Type("0")
		d.Hides("✗ Invalid value")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("value  500000")
		d.Press("Esc")
		for _, q := range d.picture(t).Queues {
			if q.ARN.Name == "reports" && q.VisibilityTimeout != 45 {
				t.Errorf("the timeout is %d s", q.VisibilityTimeout)
			}
		}
	})
}

func TestFaultsAreSwitchedOnAndOff(t *testing.T) {
	onStage(t, theatre(), func(t *testing.T, d *desk) {
		d.Press("F")
		d.Wait(time.Second)
		d.Type("duplicate")
		d.Press("Enter", "Enter")
		d.Wait(2 * time.Second)
		d.Shows("! duplicateDelivery here, chance 0.25")
		set, err := d.conn.Stack.Faults.ListFaults(t.Context())
		if err != nil || len(set) != 1 || set[0].Kind != backend.FaultDuplicateDelivery || set[0].Queue != "reports" {
			t.Errorf("the faults are %v, %v", set, err)
		}
		d.Press("F")
		d.Wait(time.Second)
		d.Type("duplicate")
		d.Shows("ON, probability 0.25")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Hides("! duplicateDelivery here")
	})
}

func TestAMessageIsFollowedThroughItsLife(t *testing.T) {
	s := setup{w: 140, h: 40, scenario: "empty"}
	onScreen(t, s, func(t *testing.T, d *desk) {
		queue(t, d.sqs, "jobs-dlq", nil)
		queue(t, d.sqs, "jobs", map[string]string{backend.AttrVisibilityTimeout: "5", backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:jobs-dlq","maxReceiveCount":"1"}`})
		d.Press("Z", "S")
		d.Wait(time.Second)
		d.Press("p")
		d.Wait(time.Second)
		send(t, d.sqs, "jobs", "one")
		d.Wait(2 * time.Second)
		d.Press("f")
		d.Wait(time.Second)
		d.Press("Enter")
		receive := func() {
			if _, err := d.sqs.ReceiveMessage(t.Context(), backend.ReceiveMessageInput{QueueUrl: url(t, d.sqs, "jobs")}); err != nil {
				t.Fatal(err)
			}
		}
		receive()
		d.Wait(2 * time.Second)
		d.Shows("★ message", "● sent to jobs", "◐ received once from jobs", "in flight in jobs", "jobs★")
		d.Press("n")
		d.Wait(2 * time.Second)
		d.Shows("◁ visible in jobs")
		receive()
		d.Wait(2 * time.Second)
		d.Shows("▼ to jobs-dlq from jobs", "in jobs-dlq", "jobs-dlq★")
		d.Press("f")
		d.Hides("★")
	})
}

// The file is a snapshot with actors, clock and chance: who opens it has the same
// world.
func TestTheWorldIsSavedToAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "world.json")
	var was backend.Picture
	onStage(t, theatre(), func(t *testing.T, d *desk) {
		d.Press("w", "ctrl+u")
		d.Type(file)
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("sqscope --restore " + file[:20])
		was = d.picture(t)
		d.Press("w", "ctrl+u")
		d.Type(file)
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("conflict") // what is there stays
	})
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file is %v, %v", info, err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	clock := memory.NewClock(memory.ClockOptions{Paused: true})
	defer clock.Close()
	engine := memory.New(memory.Options{Clock: clock, Seed: 9})
	defer engine.Close()
	run, err := scenario.Restore(t.Context(), engine, f)
	if err != nil {
		t.Fatal(err)
	}
	defer run.Stop()
	if got := run.Picture(0); got.Total != was.Total || !got.At.Equal(was.At) {
		t.Errorf("%+v at %v was restored of %+v at %v", got.Total, got.At, was.Total, was.At)
	}
}

// counted is a stage that counts the pictures that are taken of it.
type counted struct {
	backend.Stage
	n atomic.Int64
}

func (c *counted) Picture(ctx context.Context, after uint64) (backend.Picture, error) {
	c.n.Add(1)
	return c.Stage.Picture(ctx, after)
}

func TestPicturesAreTakenOnlyWhileSomethingMovesAndIsSeen(t *testing.T) {
	t.Parallel()
	onScreen(t, theatre(), func(t *testing.T, d *desk) {
		c := &counted{Stage: d.conn.Stack.Stage}
		d.conn.Stack.Stage = c
		in := func(what string, least, most int64) {
			t.Helper()
			before := c.n.Load()
			d.Wait(10 * time.Second)
			if n := c.n.Load() - before; n < least || n > most {
				t.Errorf("%s: %d pictures in ten seconds, %d to %d expected", what, n, least, most)
			}
		}
		d.Press("S")
		d.Wait(time.Second)
		in("running", 200, 360)
		d.Press("o")
		d.Wait(time.Second)
		in("covered", 0, 0)
		d.Press("Esc")
		d.Wait(time.Second)
		in("seen again", 200, 360)
		d.Press("p")
		d.Wait(3 * time.Second)
		in("stopped", 0, 70)
	})
}

func TestAStoppedSceneWritesNothing(t *testing.T) {
	t.Parallel()
	onStage(t, theatre(), func(t *testing.T, d *desk) {
		d.Wait(20 * time.Second)
		before := d.Written()
		d.Wait(time.Minute)
		if n := d.Written() - before; n != 0 {
			t.Errorf("%d bytes were written while nothing happened", n)
		}
	})
}

func TestInLowMotionNothingTravels(t *testing.T) {
	s := theatre()
	s.calm = true
	onScreen(t, s, func(t *testing.T, d *desk) {
		d.Press("S")
		d.Wait(10 * time.Second)
		changes := 0
		for range 120 {
			was := d.Written()
			d.Wait(250 * time.Millisecond)
			if d.Written() != was {
				changes++
			}
			if i := strings.Index(d.Text(), "─◆"); i >= 0 {
				t.Fatalf("something travels:\n%s", d.Text())
			}
		}
		if changes == 0 || changes > 14 {
			t.Errorf("the scene changed %d times in half a minute", changes)
		}
		if s := d.Snapshot(); !s.CursorVisible {
			t.Error("the terminal's cursor does not stand on what keys are about")
		}
	})
}

func TestTheLevelHoldsInTheScene(t *testing.T) {
	t.Parallel()
	onStage(t, theatre(), func(t *testing.T, d *desk) {
		d.conn.Guard.SetLevel(guard.View)
		before := d.world(t)
		for _, key := range []string{"Enter", "F", ".", "n", "+", "b", "m", "w", "f"} {
			d.Wait(10 * time.Second)
			d.Hides("raise the access level")
			d.Press(key)
			d.Shows("raise the access level")
		}
		if d.world(t) != before {
			t.Error("the world has changed at the level view")
		}
	})
}

func TestOnlyAnEngineHasAScene(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, remote: true, fill: shelf}, func(t *testing.T, d *desk) {
		d.Press("S")
		d.Shows("only the embedded engine can be watched at work")
	})
}

// A program of one's own is part of the scene as soon as it sends or receives,
// and so is who does it by hand.
func TestAProgramFromOutsideIsInTheScene(t *testing.T) {
	onStage(t, setup{w: 140, h: 40, scenario: "night"}, func(t *testing.T, d *desk) {
		d.Hides("programs")
		for range 3 {
			if _, err := d.sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: "reservations", MessageBody: "one more"}); err != nil {
				t.Fatal(err)
			}
		}
		d.Wait(300 * time.Millisecond)
		d.Shows("» programs", "sent 3")
		got, err := d.sqs.ReceiveMessage(t.Context(), backend.ReceiveMessageInput{QueueUrl: "reservations", MaxNumberOfMessages: backend.Some(2)})
		if err != nil || len(got.Messages) == 0 {
			t.Fatal(got, err)
		}
		if err := d.sqs.DeleteMessage(t.Context(), backend.DeleteMessageInput{QueueUrl: "reservations", ReceiptHandle: got.Messages[0].ReceiptHandle}); err != nil {
			t.Fatal(err)
		}
		d.Wait(5 * time.Second)
		d.Shows(fmt.Sprintf("received %d · deleted 1", len(got.Messages)))
		d.PNG("scene-outside")
	})
}
