package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestFramesOfDeadLetters keeps the look of all dead-letter queues and of one whose
// messages are told apart.
func TestFramesOfDeadLetters(t *testing.T) {
	t.Parallel()
	inEveryLook(t, setup{scenario: "night", named: true}, deadLetterFrames)
}

func deadLetterFrames(t *testing.T, name string, s setup) string {
	var all strings.Builder
	onScreen(t, s, func(t *testing.T, d *desk) {
		take := func(what string) {
			d.PNG(name + "-" + what)
			fmt.Fprintf(&all, "── %s\n%s\n", what, d.Text())
		}
		d.Press("Z", "p") // the same times everywhere, and nothing moves
		d.Wait(15 * time.Second)
		d.Press("H")
		d.Wait(3 * time.Second)
		take("all")
		d.Press("Enter")
		d.Wait(3 * time.Second)
		take("groups")
		d.Press("Tab") // to the details, where they do not fit
		if s.w == 80 {
			take("details")
			d.Press("Tab")
		}
		take("sample")
		d.Press("Esc", "j", "j", "i")
		d.Type("deploy 20m ago")
		take("marker")
		d.Press("Enter")
		d.Wait(time.Second)
		take("marked")
		d.Press("S")
		take("split")
		d.Press("Esc", "x")
		take("delete")
		d.Press("Esc", "K")
		take("keep")
		d.Press("Esc", "Enter")
		d.Wait(time.Second)
		take("messages")
		d.Press("?")
		take("keys")
	})
	return all.String()
}
