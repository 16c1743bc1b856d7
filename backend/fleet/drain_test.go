package fleet

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drained is the time to drain after these depths, one every so often.
func drained(every time.Duration, depths ...float64) (time.Duration, bool) {
	var h history
	at := time.Unix(1_000_000_000, 0)
	for _, d := range depths {
		h.add(at, int(d), 0, 0)
		at = at.Add(every)
	}
	return h.drain()
}

func TestTheTimeToDrain(t *testing.T) {
	for _, c := range []struct {
		what   string
		every  time.Duration
		depths []float64
		want   time.Duration // 0: not known
	}{
		{"nothing read", time.Second, nil, 0},
		{"two readings are no trend", 5 * time.Second, []float64{100, 50}, 0},
		{"steadily down by 10 a second", 5 * time.Second, []float64{1200, 1150, 1100, 1050, 1000}, 100 * time.Second},
		{"off screen, once a minute", time.Minute, []float64{1200, 1100, 1000, 900}, 9 * time.Minute},
		{"growing", 5 * time.Second, []float64{100, 110, 120, 130, 140}, 0},
		{"flat", 5 * time.Second, []float64{100, 100, 100, 100, 100}, 0},
		{"empty at last", 5 * time.Second, []float64{300, 200, 100, 0, 0}, 0},
		{"up and down", 5 * time.Second, []float64{100, 40, 110, 45, 105, 42, 101, 40}, 0},
		{"so slowly that messages expire first", 5 * time.Second, []float64{1e9, 1e9 - 1, 1e9 - 2, 1e9 - 3, 1e9 - 4}, 0},
		{"down, after it was up long ago", 5 * time.Second, append(make([]float64, 20), 650, 600, 550, 500, 450, 400, 350, 300, 250, 200, 150, 100, 50), 5 * time.Second},
	} {
		got, known := drained(c.every, c.depths...)
		if known != (c.want > 0) || math.Abs(float64(got-c.want)) > 0.2*float64(c.want) {
			t.Errorf("%s: %v, known: %v, want %v", c.what, got, known, c.want)
		}
	}
}

// Counts on AWS are approximate: a queue whose depth only trembles must not be
// said to drain.
func TestATremblingDepthHardlyEverDrains(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	wrong := 0
	for range 1000 {
		depths := make([]float64, 13)
		for i := range depths {
			depths[i] = 1000 + math.Round(r.NormFloat64()*50)
		}
		if _, known := drained(5*time.Second, depths...); known {
			wrong++
		}
	}
	if wrong > 15 {
		t.Errorf("said to drain %d times of 1,000", wrong)
	}
}

func TestADepthThatShrinksClearlyDrainsInAboutTheRightTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perSecond := rapid.Float64Range(1, 50).Draw(t, "shrinking by")
		noise := rapid.Float64Range(0, 1).Draw(t, "noise") * perSecond
		seed := rapid.Uint64().Draw(t, "seed")
		r := rand.New(rand.NewPCG(seed, 0))
		depths := make([]float64, 13)
		for i := range depths {
			depths[i] = 10_000 - perSecond*5*float64(i) + (r.Float64()-0.5)*noise
		}
		want := depths[12] / perSecond
		got, known := drained(5*time.Second, depths...)
		if !known || math.Abs(got.Seconds()-want) > 0.1*want {
			t.Errorf("%v, known: %v, want %.0f s", got, known, want)
		}
	})
}
