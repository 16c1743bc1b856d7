package scenario

import (
	"testing"
	"time"
)

// The default scenario shows everything at once: depths, messages in flight and
// delayed, and two dead-letter queues with some dozens of messages.
func TestTheShopIsAliveAtTheFirstFrame(t *testing.T) {
	s := load(t, "shop")
	if n := len(s.Queues()); n < 12 || n > 14 {
		t.Errorf("%d queues, want 12 to 14", n)
	}
	g := newStage(t, s)
	g.start(s, 1)
	visible, inFlight, _ := g.depth("orders")
	if visible < 50 || inFlight < 5 {
		t.Errorf("orders: %d visible, %d in flight", visible, inFlight)
	}
	if _, inFlight, _ := g.depth("payments.fifo"); inFlight == 0 {
		t.Error("no payment in flight")
	}
	for _, q := range []string{"emails", "abandoned-carts"} {
		if _, _, delayed := g.depth(q); delayed < 5 {
			t.Errorf("%s: %d delayed", q, delayed)
		}
	}
	holding := 0
	for _, q := range []string{"orders-dlq", "emails-dlq", "payments-dlq.fifo"} {
		if n, _, _ := g.depth(q); n > 0 {
			holding++
			if n < 20 || n > 60 {
				t.Errorf("%s holds %d, want some dozens", q, n)
			}
		}
	}
	if holding != 2 {
		t.Errorf("%d DLQs hold messages, want 2", holding)
	}
}

// The default scenario runs for an hour without an error: backlogs rise and
// fall and stay bounded, and the dead-letter queues grow slowly.
func TestTheShopRunsForAnHour(t *testing.T) {
	t.Parallel()
	s := load(t, "shop")
	g := newStage(t, s)
	r := g.start(s, 1)
	highest, lowest := 0, 1<<30
	begin := time.Now()
	for range 360 {
		g.clock.Advance(10 * time.Second)
		visible, _, _ := g.depth("orders")
		highest, lowest = max(highest, visible), min(lowest, visible)
	}
	t.Logf("an hour took %v; orders between %d and %d", time.Since(begin), lowest, highest)
	if highest < 300 || highest > 1500 || lowest > 100 {
		t.Errorf("the backlog of orders went from %d to %d", lowest, highest)
	}
	for _, q := range s.Queues() {
		visible, inFlight, delayed := g.depth(q)
		m := g.metrics(q)
		t.Logf("%-20s %5d visible %3d in flight %3d delayed   in %5.2f/s out %5.2f/s", q, visible, inFlight, delayed,
			float64(m.Sent)/3600, float64(m.Deleted)/3600)
		bound := 200
		switch q {
		case "orders":
			bound = 1500
		case "orders-dlq":
			bound = 38 + 120
		case "emails-dlq":
			bound = 23 + 60
		}
		if visible > bound {
			t.Errorf("%s: %d visible after an hour, want at most %d", q, visible, bound)
		}
	}
	for q, start := range map[string]int{"orders-dlq": 38, "emails-dlq": 23} {
		if n, _, _ := g.depth(q); n < start+15 {
			t.Errorf("%s: %d after an hour, %d at the start", q, n, start)
		}
	}
	for _, a := range r.Ledger().Actors {
		if a.Err != nil {
			t.Errorf("%s: %v", a.Name, a.Err)
		}
		if a.Done == 0 {
			t.Errorf("%s did nothing", a.Name)
		}
	}
}
