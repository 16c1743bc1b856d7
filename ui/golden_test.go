package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/exp/golden"
	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/guard"
)

// TestFrames keeps the look of every screen, at both sizes. With SHOTS naming a
// folder it writes them as pictures, in both themes, to be looked at.
func TestFrames(t *testing.T) {
	t.Parallel()
	inEveryLook(t, setup{fill: shelf}, frames)
}

// inEveryLook takes frames at both sizes on a dark and a light terminal, with all
// colours, with sixteen and with none. The text of the first is kept, and the
// others have to show the same: nothing is said by colour alone.
func inEveryLook(t *testing.T, s setup, frames func(t *testing.T, name string, s setup) string) {
	t.Helper()
	for _, size := range [][2]int{{80, 24}, {140, 40}} {
		kept := ""
		for _, look := range []struct {
			name   string
			light  bool
			colors colorprofile.Profile
		}{{name: "dark"}, {name: "light", light: true}, {"dark16", false, colorprofile.ANSI}, {"light16", true, colorprofile.ANSI}, {"none", false, colorprofile.Ascii}} {
			s := s
			s.w, s.h, s.light, s.colors = size[0], size[1], look.light, look.colors
			name := fmt.Sprintf("%dx%d-%s", s.w, s.h, look.name)
			if racing && look.name != "dark" {
				continue
			}
			t.Run(name, func(t *testing.T) {
				text := frames(t, name, s)
				if kept == "" {
					kept = text
					golden.RequireEqual(t, text)
				}
				if diff := cmp.Diff(kept, text); diff != "" {
					t.Errorf("it does not show what a dark terminal with all colours does (-dark +this):\n%s", diff)
				}
			})
		}
	}
}

// shelf is a small fleet at rest, the same each time.
func shelf(t *testing.T, sqs backend.SQS) {
	t.Helper()
	twoSources(t, sqs)
	queue(t, sqs, "payments.fifo", map[string]string{backend.AttrFifoQueue: "true", backend.AttrContentBasedDeduplication: "true"})
	for i := range 3 {
		_, err := sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: url(t, sqs, "payments.fifo"), MessageBody: fmt.Sprintf(`{"payment":%d}`, i), MessageGroupId: backend.Some("customer-7")})
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := sqs.SendMessage(t.Context(), backend.SendMessageInput{
		QueueUrl: url(t, sqs, "orders"), MessageBody: `{"orderId":"A-1","total":12.5,"paid":true,"note":"a\u202eb","items":[{"sku":"tea","n":2}]}`,
		MessageAttributes: map[string]backend.MessageAttribute{
			"source": {DataType: "String", StringValue: backend.Some("web")}, "tries": {DataType: "Number", StringValue: backend.Some("3")},
			"raw": {DataType: "Binary", BinaryValue: []byte{0xff, 0x00, 0x10}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	send(t, sqs, "orders", "not JSON at all", "\u009b31mred? \u202efdp.exe")
}

// frames walks through the screens and keeps what each shows.
func frames(t *testing.T, name string, s setup) string {
	var all strings.Builder
	onScreen(t, s, func(t *testing.T, d *desk) {
		take := func(what string) {
			d.PNG(name + "-" + what)
			fmt.Fprintf(&all, "── %s\n%s\n", what, d.Text())
		}
		d.Press("Z") // the same times in every time zone
		d.Press("p") // nothing moves while it is looked at
		d.Wait(15 * time.Second)
		take("queues")
		d.Press("?")
		take("keys")
		d.Press("Esc", ":")
		d.Wait(time.Second)
		take("commands")
		d.Type("dead")
		take("command-found")
		d.Press("Esc", "/")
		take("filter-empty")
		d.Press("F1")
		take("filter-language")
		d.Press("Esc")
		d.Type("order")
		take("filter")
		d.Press("Enter", "Enter")
		d.Wait(time.Second)
		take("messages")
		d.Press("Enter")
		take("reader")
		d.Press("Esc", "j", "x")
		take("delete")
		d.Press("Esc", "Esc", "a")
		d.Wait(time.Second)
		take("attributes")
		d.Press("Esc", "d")
		d.Wait(time.Second)
		take("dead-letters")
		d.Press("m")
		take("redrive")
		d.Press("Esc", "Esc", "s")
		d.Type("hello")
		take("compose")
		d.Press("Esc", "c")
		take("contexts")
		d.Press("Esc", "!")
		take("access")
	})
	return all.String()
}

// Without colours, and so with any, it is in words how far one may go, what a
// queue is, how a message stands, how bad a finding is, and how an act ended.
func TestWhatAColourSaysIsSaidInWords(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, remote: true, fill: shelf, colors: colorprofile.Ascii}, func(t *testing.T, d *desk) {
		d.Shows("· change", "shared-dead", "DLQ", "fifo", "▸")
		d.Press("Enter", "l", "Enter")
		d.Wait(2 * time.Second)
		d.Shows("leased")
		d.Press("R")
		d.Wait(time.Second)
		d.Shows("✓ gave back", "given back")
		d.Press("Esc", "D")
		d.Wait(time.Second)
		d.Shows("✗ loses", "! blocks", "$ costs")
		d.Press("Esc", "L")
		d.Wait(time.Second)
		d.Shows("▸ changes")
		d.Press("Tab")
		d.Wait(time.Second)
		d.Shows("✓ done")
		d.conn.Guard.SetLevel(guard.View)
		d.Press("Esc")
		d.Shows("· view")
		d.Press("s")
		d.Shows("! send:")
	})
}
