package ui

import (
	"os"
	"testing"
	"time"
)

func TestSceneShots(t *testing.T) {
	if os.Getenv("SHOTS") == "" {
		t.Skip()
	}
	for _, n := range []string{"shop", "bank", "fan-out", "images", "night", "saga-night", "poison", "neighbour"} {
		for _, s := range []setup{{w: 80, h: 24, scenario: n}, {w: 140, h: 40, scenario: n}} {
			onScreen(t, s, func(t *testing.T, d *desk) {
				d.Press("Z", "S")
				d.Wait(8100 * time.Millisecond)
				name := n + "-80"
				if s.w > 100 {
					name = n + "-140"
				}
				d.PNG(name)
			})
		}
	}
}
