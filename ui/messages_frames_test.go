package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/config"
)

// TestMessageListFrames keeps the look of the list of messages where looking is
// free: what is found, columns, sorting, marks, groups.
func TestMessageListFrames(t *testing.T) {
	t.Parallel()
	inEveryLook(t, setup{
		queue: "orders", messages: config.Messages{Columns: []string{"age", "state", "receives", "attribute:team", ".json.order.total", "size", "body"}},
		fill: func(t *testing.T, sqs backend.SQS) {
			parcels(t, sqs)
			lanes(t, sqs)
		},
	}, messageListFrames)
}

// taker takes frames of a desk one after another.
func taker(d *desk, name string, all *strings.Builder) func(what string) {
	return func(what string) {
		d.PNG(name + "-" + what)
		fmt.Fprintf(all, "── %s\n%s\n", what, d.Text())
	}
}

func messageListFrames(t *testing.T, name string, s setup) string {
	var all strings.Builder
	onScreen(t, s, func(t *testing.T, d *desk) {
		take := taker(d, name, &all)
		d.Press("Z", "p") // the same times in every time zone, and nothing moves
		d.Wait(5 * time.Second)
		take("list")
		d.Press("/")
		take("find-empty")
		d.Type("4111")
		d.Wait(time.Second)
		take("find")
		d.Press("C-u")
		d.Type(".json.order.total > > 5")
		d.Wait(time.Second)
		take("find-wrong")
		d.Press("C-u")
		d.Type("nowhere")
		d.Wait(time.Second)
		take("find-nothing")
		d.Press("C-u")
		d.Type("coffee")
		d.Press("Enter", "F")
		d.Wait(time.Second)
		take("found-among-all")
		d.Press("f")
		take("read-until")
		d.Press("Esc", "/", "Esc", "o", "o", "o", "o", "o", "Space", "j", "j", "V")
		d.Wait(5 * time.Second)
		take("sorted-and-marked")
		d.Press("C")
		take("columns")
		d.Press("Esc", "Esc", "/")
		d.Type("payments")
		d.Press("Enter", "Enter")
		d.Wait(5 * time.Second)
		take("fifo")
		d.Press("b")
		d.Wait(time.Second)
		take("groups")
		d.Press("j", "Enter")
		d.Wait(time.Second)
		take("group")
	})
	return all.String()
}

// TestLookFrames keeps the look of messages where looking is a receive.
func TestLookFrames(t *testing.T) {
	t.Parallel()
	inEveryLook(t, setup{
		queue: "orders", remote: true, wiring: polled{}, fill: strikes(3), messages: config.Messages{Columns: []string{"age", "lease", "receives", "lost", "id", "body"}},
		wrap: func(s backend.SQS) backend.SQS { return trickle{s} },
	}, lookFrames)
}

func lookFrames(t *testing.T, name string, s setup) string {
	var all strings.Builder
	onScreen(t, s, func(t *testing.T, d *desk) {
		take := taker(d, name, &all)
		d.Press("Z")
		d.Wait(time.Second)
		take("before")
		d.Press("l")
		take("asked")
		d.Press("Enter")
		d.Wait(500 * time.Millisecond)
		take("looking")
		d.Wait(3 * time.Second)
		take("asked-again")
		d.Press("Esc")
		d.Wait(time.Second)
		take("looked")
		d.Press("M")
		take("number")
		d.Press("Esc", "Enter")
		d.Wait(4 * time.Second)
		take("kept")
		d.Press("Esc", "Esc")
		d.Wait(time.Second)
		take("left")
	})
	return all.String()
}
