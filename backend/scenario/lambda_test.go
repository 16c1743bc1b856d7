package scenario

import (
	"testing"
	"time"
)

// function is a mapping on the queue of the jobs.
func function(t *testing.T, queue, keys string) (*stage, *Run) {
	t.Helper()
	s := parse(t, jobs+queue+"\n[[lambdas]]\nname = \"f\"\nqueue = \"q\"\ntakes = \"100ms\"\nspread = 0\ntimeout = \"5s\"\neffect = \"order\"\n"+keys)
	g := newStage(t, s)
	return g, g.start(s, 1)
}

// What a function returns decides what is deleted: all, nothing, or what did not
// fail.
func TestWhatAFunctionReturns(t *testing.T) {
	const bad = "[[lambdas.fail]]\nbody = '\"O-3\"'"
	for name, tt := range map[string]struct {
		keys                 string
		after                time.Duration
		done, failed, effect uint64
		dead                 int
	}{
		"success":                        {"", time.Second, 10, 0, 10, 0},
		"not done yet":                   {"", 900 * time.Millisecond, 0, 0, 9, 0},
		"one fails, nothing is reported": {bad, 2 * time.Second, 0, 10, 2, 0},
		"one fails and is reported":      {"report = true\n" + bad, 2 * time.Second, 9, 1, 9, 0},
		"it dies":                        {"report = true\n" + bad + "\nhow = \"crash\"", 2 * time.Second, 0, 10, 2, 0},
		"it takes too long":              {"report = true\n" + bad + "\ntakes = \"10m\"", 6 * time.Second, 0, 10, 2, 0},
		"in the end":                     {"report = true\n" + bad, 3 * time.Minute, 9, 5, 9, 1},
		"in the end, without a report":   {bad, 3 * time.Minute, 0, 50, 2, 10},
	} {
		t.Run(name, func(t *testing.T) {
			g, r := function(t, "", tt.keys)
			g.clock.Advance(tt.after)
			c := g.counts(r, "f")
			if c.Done != tt.done || c.Failed != tt.failed || c.Effects != tt.effect || len(g.browse("d")) != tt.dead {
				t.Errorf("%d dead letters, and %+v", len(g.browse("d")), c)
			}
		})
	}
}

// Without a free function a batch is held until the visibility timeout ends, so
// messages die that no function has seen. With a maximum concurrency none does.
func TestThrottledBatches(t *testing.T) {
	const slow = "\nbatch = 1\nconcurrency = 1\n"
	load := "[[messages]]\nqueue = \"q\"\ntemplate = \"t\"\ncount = 90"
	g, r := function(t, load, slow+"pollers = 50")
	if err := r.Set(t.Context(), "f", "takes", "4s"); err != nil {
		t.Fatal(err)
	}
	g.clock.Advance(10 * time.Minute)
	c := g.counts(r, "f")
	if c.Unseen == 0 || len(g.browse("d")) == 0 || c.Throttled == 0 {
		t.Errorf("nobody died unseen: %+v", c)
	}
	if f := r.Picture(0).Actors[0]; f.Gauge.Peak != 1 || f.Gauge.Limit != 1 {
		t.Errorf("the gauge: %+v", f.Gauge)
	}
	g, r = function(t, load, slow+"pollers = 50\nmaximum = 2")
	g.clock.Advance(10 * time.Minute)
	if c := g.counts(r, "f"); c.Unseen != 0 || c.Done != 100 || len(g.browse("d")) != 0 {
		t.Errorf("with a maximum concurrency: %+v", c)
	}
}

// A batch above 10 is gathered until it is full or its window is over.
func TestTheBatchingWindow(t *testing.T) {
	g, r := function(t, "[[messages]]\nqueue = \"q\"\ntemplate = \"t\"\ncount = 25", "batch = 20\nwindow = \"8s\"")
	g.clock.Advance(time.Second)
	f := r.Picture(0).Actors[0]
	if c := f.Counts; c.Invocations != 1 || c.Received != 35 {
		t.Fatalf("at first: %+v", c)
	}
	if len(f.Hands) != 2 || len(f.Hands[0].Messages) != 20 || f.Hands[1].State != HandHolding || len(f.Hands[1].Messages) != 15 {
		t.Errorf("the picture: %+v", f.Hands)
	}
	g.clock.Advance(8 * time.Second)
	if c := g.counts(r, "f"); c.Invocations != 2 {
		t.Errorf("after the window: %+v", c)
	}
}

// On a FIFO queue a function stops at the first failure and reports it with all
// behind it, so that the order holds.
func TestAFunctionKeepsTheOrder(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "q.fifo"`, `[counters]`, `n = 1`,
		`[templates.t]`, `body = '{"n":{{seq n}}}'`, `group = "g"`, `dedup = "{{uuid}}"`,
		`[[messages]]`, `queue = "q.fifo"`, `template = "t"`, `count = 40`,
		`[[lambdas]]`, `name = "f"`, `queue = "q.fifo"`, `report = true`, `takes = "10ms"`, `order = { number = "n" }`,
		`[[lambdas.fail]]`, `chance = 0.1`)
	g := newStage(t, s)
	r := g.start(s, 1)
	g.clock.Advance(20 * time.Minute)
	if c := g.counts(r, "f"); c.Done != 40 || c.OutOfOrder != 0 || c.Failed == 0 {
		t.Errorf("%+v", c)
	}
}
