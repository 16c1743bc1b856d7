package ui

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/ui/widget"
)

// Wandering: whatever is pressed, clicked, pasted and resized, no frame is wrong,
// nothing fails, and no message goes without a typed name.

// keysOfAll are keys that mean something somewhere, and some that do not.
func keysOfAll(level guard.Level) []string {
	keys := []string{
		"Up", "Down", "PgUp", "PgDn", "Home", "End", "Left", "Right", "Enter", "Enter", "Enter", "Esc", "Esc", "Esc", "Tab", "S-Tab", "Space", "BSpace", "F1", "F5",
		"ctrl+a", "ctrl+e", "ctrl+k", "ctrl+u", "ctrl+w", "ctrl+p", "ctrl+n", "ctrl+o", "ctrl+s", "ctrl+r", "ctrl+b", "ctrl+f", "DC",
	}
	for r := '!'; r <= '~'; r++ {
		keys = append(keys, string(r))
	}
	if level == guard.Change {
		keys = append(keys, "x Enter", "l Enter x Enter", "l Enter x Enter", "l Enter Down x Enter", "s h i ctrl+s Esc", "s h i ctrl+s Esc", "m", "X", "P", "orders", "change", "yes")
	}
	return append(keys, "ä", "漢", "👩‍👩‍👧")
}

func TestWanderingBreaksNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		level guard.Level
		seed  uint64
	}{{"view", guard.View, 1}, {"change", guard.Change, 2}} {
		t.Run(c.name, func(t *testing.T) {
			acts := &ledger{}
			onScreen(t, setup{w: 100, h: 30, fill: shelf, mouse: true, remote: c.level == guard.Change, wrap: acts.of}, func(t *testing.T, d *desk) {
				d.conn.Guard.SetLevel(c.level)
				d.conn.Level = c.level
				before, were := stored(t, d.sqs)
				wander(t, d, c.level, rand.New(rand.NewPCG(c.seed, 0)))
				after, are := stored(t, d.sqs)
				if c.level == guard.View && after != before {
					t.Errorf("at level view the queues have changed\nfrom\n%s\nto\n%s", before, after)
				}
				t.Logf("%d messages, %d sent, %d deleted, %d queues emptied; now %d", were, acts.sent.Load(), acts.deleted.Load(), acts.emptied.Load(), are)
				if want := were + int(acts.sent.Load()-acts.deleted.Load()); acts.emptied.Load() == 0 && are != want {
					t.Errorf("there are %d messages, and should be %d", are, want)
				}
			})
		})
	}
}

// ledger counts what is sent and deleted.
type ledger struct {
	backend.SQS
	sent, deleted, emptied atomic.Int64
}

func (l *ledger) of(sqs backend.SQS) backend.SQS { l.SQS = sqs; return l }

func (l *ledger) SendMessage(ctx context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	out, err := l.SQS.SendMessage(ctx, in)
	if err == nil {
		l.sent.Add(1)
	}
	return out, err
}

func (l *ledger) DeleteMessage(ctx context.Context, in backend.DeleteMessageInput) error {
	err := l.SQS.DeleteMessage(ctx, in)
	if err == nil {
		l.deleted.Add(1)
	}
	return err
}

func (l *ledger) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	out, err := l.SQS.DeleteMessageBatch(ctx, in)
	l.deleted.Add(int64(len(out.Successful)))
	return out, err
}

func (l *ledger) PurgeQueue(ctx context.Context, in backend.PurgeQueueInput) error {
	l.emptied.Add(1)
	return l.SQS.PurgeQueue(ctx, in)
}

func (l *ledger) DeleteQueue(ctx context.Context, in backend.DeleteQueueInput) error {
	l.emptied.Add(1)
	return l.SQS.DeleteQueue(ctx, in)
}

// In a window that is too small for a question its answer does nothing.
func TestWhatCannotBeSeenIsNotAnswered(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: shelf, mouse: true}, func(t *testing.T, d *desk) {
		d.Press("Enter")
		d.Wait(time.Second)
		d.Press("x")
		d.Shows("Delete 1 message")
		d.Resize(50, 10)
		d.Shows("sqscope needs 60x15")
		d.Press("Enter", "Esc")
		d.Paste("orders")
		d.Resize(100, 30)
		d.Shows("Delete 1 message")
	})
}

var steps = flag.Int("wander", 400, "how many random keys, clicks and resizes at each access level")

func wander(t *testing.T, d *desk, level guard.Level, chance *rand.Rand) {
	t.Helper()
	keys := keysOfAll(level)
	w, h := 100, 30
	var did []string
	for range *steps {
		step := ""
		switch n := chance.IntN(100); {
		case n < 80:
			step = keys[chance.IntN(len(keys))]
			if step == "q" && first(d) || level == guard.View && step == "!" {
				continue // which ends the program, or raises the level
			}
			for _, key := range strings.Fields(step) {
				if !d.Ended() {
					d.Press(key)
				}
			}
		case n < 88:
			step = "resize"
			w, h = minWidth+chance.IntN(200-minWidth+1), minHeight+chance.IntN(60-minHeight+1)
			if chance.IntN(4) == 0 {
				w, h = 20+chance.IntN(181), 5+chance.IntN(56)
			}
			d.Resize(w, h)
		case n < 94:
			step = "click"
			d.Send(tea.MouseClickMsg{X: chance.IntN(w), Y: chance.IntN(h), Button: tea.MouseLeft})
		case n < 97:
			step = "paste"
			d.Paste([]string{"orders", "\x1b[31m\u202e\x00\n\tred", strings.Repeat("漢", 300), `{"a":[1,2]}`, "view"}[chance.IntN(5)])
		default:
			step = "wait"
			d.Send(tea.MouseWheelMsg{Button: []tea.MouseButton{tea.MouseWheelUp, tea.MouseWheelDown}[chance.IntN(2)]})
			d.Wait(time.Duration(chance.IntN(3000)) * time.Millisecond)
		}
		did = append(did, step)
		if d.Ended() {
			t.Fatalf("the program has ended after %q", did[max(0, len(did)-10):])
		}
		d.Settle()
		if frame, _ := d.camera.last(); badFrame(frame, w, h) != "" {
			wrong := badFrame(frame, w, h)
			t.Fatalf("%dx%d after %q: %s\n%s", w, h, did[max(0, len(did)-10):], wrong, d.Text())
		}
	}
}

func first(d *desk) bool { _, first := d.camera.last(); return first }

// badFrame is what is wrong with a frame: it has a line for each of the terminal,
// each as wide as that.
func badFrame(frame string, w, h int) string {
	lines := strings.Split(frame, "\n")
	if w < minWidth || h < minHeight {
		if len(lines) != 1 || widget.Width(frame) > w {
			return "the line that says how much room is needed has none"
		}
		return ""
	}
	if len(lines) != h {
		return fmt.Sprintf("it has %d lines", len(lines))
	}
	for y, l := range lines {
		if n := widget.Width(l); n != w {
			return fmt.Sprintf("line %d has %d cells", y, n)
		}
	}
	return ""
}

// stored is all queues with their settings and counts, as text, and how many
// messages they hold.
func stored(t *testing.T, sqs backend.SQS) (queues string, messages int) {
	t.Helper()
	list, err := sqs.ListQueues(context.Background(), backend.ListQueuesInput{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, u := range list.QueueUrls {
		out, err := sqs.GetQueueAttributes(context.Background(), backend.GetQueueAttributesInput{QueueUrl: u, AttributeNames: []string{"All"}})
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(fmt.Sprintf("%s %v\n", u, out.Attributes))
		for _, name := range []string{backend.AttrMessages, backend.AttrMessagesNotVisible, backend.AttrMessagesDelayed} {
			n, err := strconv.Atoi(out.Attributes[name])
			if err != nil {
				t.Fatal(err)
			}
			messages += n
		}
	}
	return b.String(), messages
}
