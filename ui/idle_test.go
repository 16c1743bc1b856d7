package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

// waysAround are the keys to the screens that are seen without messages
// being received.
func waysAround() map[string][]string {
	return map[string][]string{
		"queues": nil, "messages": {"Enter"}, "attributes": {"a"}, "dead letters": {"d"}, "contexts": {"c"}, "activity": {"L"}, "doctor": {"D"}, "help": {"?"},
	}
}

// While the engine's clock stands and nothing happens, no byte is written.
func TestAnIdleScreenWritesNothing(t *testing.T) {
	t.Parallel()
	for name, keys := range waysAround() {
		t.Run(name, func(t *testing.T) {
			onScreen(t, setup{w: 120, h: 40, fill: shelf}, func(t *testing.T, d *desk) {
				d.Press("p")
				d.Press(keys...)
				d.Wait(20 * time.Second) // what is said of the pause is gone
				before, rest := d.Written(), time.Minute
				if keys == nil {
					rest = 10 * time.Minute
				}
				d.Wait(rest)
				if n := d.Written() - before; n != 0 {
					t.Errorf("%d bytes were written in %s in which nothing happened:\n%s", n, rest, d.Text())
				}
			})
		})
	}
}

// On AWS the ages go on; only what has changed is written.
func TestAQuietScreenOnAWSWritesOnlyWhatHasChanged(t *testing.T) {
	t.Parallel()
	onScreen(t, setup{w: 120, h: 40, remote: true, fill: shelf}, func(t *testing.T, d *desk) {
		d.Wait(20 * time.Second)
		before := d.Written()
		cells, frames := 0, 0
		for range 300 {
			was := d.Text()
			d.Wait(time.Second)
			if n := differing(was, d.Text()); n > 0 {
				cells, frames = cells+n, frames+1
			}
		}
		wrote := d.Written() - before
		t.Logf("%d bytes for %d changed cells in %d frames", wrote, cells, frames)
		if cells == 0 || wrote > int64(cells*bytesACell+frames*bytesAFrame) {
			t.Errorf("%d bytes for %d changed cells in %d frames", wrote, cells, frames)
		}
	})
}

// A refresh that changes three numbers writes these, not their rows.
func TestARefreshWritesOnlyTheCellsThatChanged(t *testing.T) {
	onScreen(t, setup{w: 90, h: 50, remote: true, fill: func(t *testing.T, sqs backend.SQS) {
		for i := range 40 {
			queue(t, sqs, fmt.Sprintf("service-%02d-requests", i), nil)
		}
	}}, func(t *testing.T, d *desk) {
		for !strings.Contains(d.Text(), "sort: name") { // an order that new messages do not change
			d.Press("o")
		}
		d.Wait(30 * time.Second)
		for _, name := range []string{"service-03-requests", "service-17-requests", "service-31-requests"} {
			send(t, d.sqs, name, "one")
		}
		was, before := d.Text(), d.Written()
		d.Wait(10 * time.Second) // they are on the screen, and so read every few seconds
		cells, wrote := differing(was, d.Text()), d.Written()-before
		t.Logf("%d bytes for %d changed cells of %d", wrote, cells, 90*50)
		if cells != 3 || wrote > int64(cells*bytesACell+cells*bytesAFrame) {
			t.Errorf("%d bytes for %d changed cells:\n%s", wrote, cells, d.Text())
		}
	})
}

// What a changed cell may take with the way to it and its colours, and a frame
// with what tells the terminal where it begins and ends.
const (
	bytesACell  = 40
	bytesAFrame = 60
)

// differing is how many cells of two screens differ.
func differing(a, b string) int {
	before, after := strings.Split(a, "\n"), strings.Split(b, "\n")
	n := 0
	for y := range max(len(before), len(after)) {
		var x, z []rune
		if y < len(before) {
			x = []rune(before[y])
		}
		if y < len(after) {
			z = []rune(after[y])
		}
		for i := range max(len(x), len(z)) {
			if i >= len(x) || i >= len(z) || x[i] != z[i] {
				n++
			}
		}
	}
	return n
}

// In low motion the frame changes every few seconds, all at once, and at once
// when a key is pressed; the terminal's cursor stands on the row.
func TestInLowMotionLittleMovesByItself(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, scenario: "shop", calm: true}, func(t *testing.T, d *desk) {
		d.Wait(10 * time.Second)
		changes := 0
		for range 240 {
			before := d.Written()
			d.Wait(250 * time.Millisecond)
			if d.Written() != before {
				changes++
			}
		}
		if changes == 0 || changes > 26 {
			t.Errorf("the screen changed %d times in a minute in which no key was pressed", changes)
		}
		was := d.Text()
		d.Press("Down")
		if d.Text() == was {
			t.Error("the screen rests although a key was pressed")
		}
	})
}

func TestInLowMotionTheCursorStandsOnTheRow(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: shelf, calm: true}, func(t *testing.T, d *desk) {
		for name, keys := range waysAround() {
			if name == "help" || name == "attributes" {
				continue
			}
			d.Press(keys...)
			d.Wait(time.Second)
			if name == "activity" {
				d.Press("Tab")
			}
			s := d.Snapshot()
			if line := strings.Split(d.Text(), "\n")[s.CursorY]; name != "contexts" && (!s.CursorVisible || !strings.Contains(line, "▸")) {
				t.Errorf("on %s the cursor is at line %d, visible: %v:\n%s", name, s.CursorY, s.CursorVisible, d.Text())
			}
			if keys != nil {
				d.Press("Esc")
			}
		}
	})
}
