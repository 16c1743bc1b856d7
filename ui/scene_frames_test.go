package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestSceneFrames keeps the look of the scene.
func TestSceneFrames(t *testing.T) {
	t.Parallel()
	inEveryLook(t, setup{scenario: "throttled", named: true}, sceneFrames)
}

func sceneFrames(t *testing.T, name string, s setup) string {
	var all strings.Builder
	onScreen(t, s, func(t *testing.T, d *desk) {
		take := func(what string) {
			d.PNG("scene-" + name + "-" + what)
			fmt.Fprintf(&all, "── %s\n%s\n", what, d.Text())
		}
		d.Press("Z", "S")
		d.Wait(2 * time.Second)
		d.Press("p")
		d.Wait(5 * time.Second)
		take("stopped")
		d.Press(".")
		d.Wait(200 * time.Millisecond)
		take("step")
		d.Wait(5 * time.Second)
		d.Press("Right")
		d.Wait(time.Second)
		take("worker")
		d.Press("Space")
		take("details")
		d.Press("Space", "Enter")
		d.Wait(time.Second)
		take("knobs")
		d.Press("Esc", "F")
		d.Wait(time.Second)
		take("faults")
		d.Press("Esc", "Left", "f")
		d.Wait(time.Second)
		take("follow-which")
		d.Press("Enter", "n", "n", "n", "n")
		d.Wait(5 * time.Second)
		take("follow")
		d.Press("b")
		take("rewind")
		d.Press("Esc", "w")
		take("save")
	})
	return all.String()
}
