package scenario

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/memory"
)

func (g *stage) rewind(file string) {
	g.Helper()
	if err := g.engine.Restore(g.Context(), strings.NewReader(file)); err != nil {
		g.Fatal(err)
	}
}

// Every count is in the sum.
func TestCountsAddUp(t *testing.T) {
	var one Counts
	v := reflect.ValueOf(&one).Elem()
	for i := range v.NumField() {
		v.Field(i).SetUint(uint64(i + 1))
	}
	sum := one
	sum.Add(&one)
	got := reflect.ValueOf(sum)
	for i := range got.NumField() {
		if n := got.Field(i).Uint(); n != uint64(2*(i+1)) {
			t.Errorf("%s is %d", got.Type().Field(i).Name, n)
		}
	}
}

// randomScenario is a few queues, everything that can be at work on them, and now
// and then a fault.
func randomScenario(t *rapid.T) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	num := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
	yes := func(name string) bool { return rapid.Bool().Draw(t, name) }
	line("format = 1\n[counters]\nn = 1\n[lists]\ng = [\"a\", \"b\", \"c\"]")
	line("[templates.t]\nbody = '{\"n\":{{seq n}},\"g\":\"{{pick g}}\",\"bad\":{{int 0 9}}}'\ngroup = \"{{pick g}}\"\ndedup = \"{{int 1 %d}}\"", num("dedups", 1, 10_000))
	line("[templates.k]\nbody = '{\"token\":\"{{token}}\"}'\n[templates.f]\nbody = '{\"n\":{{from n 0}}}'")
	line("[[queues]]\nname = \"dead.fifo\"\n[[queues]]\nname = \"dead\"\n[[queues]]\nname = \"out\"\n[[queues]]\nname = \"tasks\"")
	for _, q := range []string{"line.fifo", "std"} {
		line("[[queues]]\nname = %q\nattributes = { VisibilityTimeout = \"%ds\" }", q, num("visibility", 2, 20))
		if yes("redrive") {
			line("redrive = { to = %q, max = %d }", strings.Replace("dead"+strings.TrimPrefix(q, "line"), "deadstd", "dead", 1), num("max", 1, 4))
		}
	}
	line("[[topics]]\nname = \"t.fifo\"\n  [[topics.subscriptions]]\n  queue = \"line.fifo\"\n  raw = true\n  [[topics.subscriptions]]\n  queue = \"std\"\n  raw = true")
	line("[[downstreams]]\nname = \"service\"\nlimit = %d", num("limit", 1, 9))
	line("[[producers]]\ntopic = \"t.fifo\"\ntemplate = \"t\"\nrate = %d\nbatch = %d", num("rate", 1, 6), num("batch", 1, 10))
	for _, q := range []string{"line.fifo", "std"} {
		line("[[workers]]\nqueue = %q\ncount = %d\nbatch = %d\ntakes = \"%dms\"\nwait = \"%ds\"", q, num("count", 1, 4), num("receive", 1, 10), num("takes", 10, 4000), num("wait", 0, 2)*10)
		if yes("heartbeat") {
			line("heartbeat = { every = \"%ds\", for = \"%ds\" }", num("every", 1, 9), num("for", 1, 20))
		}
		if yes("together") {
			line("deletes = \"batch\"\npartial = %v", yes("partial"))
		}
		if yes("calls") {
			line("calls = \"service\"")
		}
		line("  [[workers.fail]]\n  body = '\"bad\":1'\n  how = %q", rapid.SampledFrom([]string{"give-back", "leave", "crash", "crash-late"}).Draw(t, "how"))
		if yes("forward") {
			line("  [[workers.forward]]\n  to = \"out\"\n  template = \"f\"")
		}
	}
	line("[[lambdas]]\nqueue = \"out\"\nconcurrency = %d\nreport = %v\ntakes = \"%dms\"\n  [[lambdas.fail]]\n  chance = 0.1", num("concurrency", 1, 3), yes("report"), num("function", 10, 900))
	line("[[state_machines]]\nqueue = \"tasks\"\ntemplate = \"k\"\nrate = 1\ntimeout = \"%ds\"\n[[workers]]\nqueue = \"tasks\"\ntakes = \"%ds\"\nanswers = \"token\"", num("timeout", 1, 9), num("task", 1, 5))
	if yes("scaled") {
		line("[[scalers]]\nworker = \"std-worker\"\nmin = 0\nmax = 5\nbacklog = 3\nevery = \"5s\"\ncooldown = \"5s\"")
	}
	if kind := rapid.SampledFrom([]string{"", "throttle", "serverError", "partialBatchFailure", "visibilityThrottle", "shortBatch"}).Draw(t, "fault"); kind != "" {
		line("[[faults]]\nkind = %q\nprobability = 0.1", kind)
	}
	return b.String()
}

// Whatever the scenario, at any time: the engine is consistent, its counts are
// those of the ledgers, and what workers and functions hold is no more than what
// is in flight or was given up.
func TestLedgersAgreeWithTheEngine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := randomScenario(t)
		s, err := Parse("random.toml", []byte(text))
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		clock := memory.NewClock(memory.ClockOptions{Start: time.Unix(1_700_000_000, 0), Paused: true})
		defer clock.Close()
		engine := memory.New(memory.Options{Clock: clock, Seed: 1})
		defer engine.Close()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		events, err := engine.Subscribe(ctx, 1<<16)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Start(ctx, engine, rapid.Uint64().Draw(t, "seed"))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Stop()
		var engineSays tallies
		for range rapid.IntRange(1, 6).Draw(t, "looks") {
			clock.Advance(time.Duration(rapid.IntRange(1, 20_000).Draw(t, "wait")) * time.Millisecond)
			engineSays.read(t, events)
			compareLedgers(t, engine, r.Ledger(), &engineSays)
		}
	})
}

// tallies are what the log of events says of each queue.
type tallies struct {
	sent, swallowed, buried, received, deleted map[string]uint64
}

func (s *tallies) read(t *rapid.T, events <-chan backend.Event) {
	if s.sent == nil {
		*s = tallies{map[string]uint64{}, map[string]uint64{}, map[string]uint64{}, map[string]uint64{}, map[string]uint64{}}
	}
	for len(events) > 0 {
		e := <-events
		if e.Dropped > 0 {
			t.Fatal("the log has holes")
		}
		arn, _ := backend.ParseARN(e.QueueArn)
		to, _ := backend.ParseARN(e.To)
		switch e.Kind {
		case backend.EventSent:
			s.sent[arn.Name]++
		case backend.EventDuplicate:
			s.swallowed[arn.Name]++
		case backend.EventDeadLettered:
			s.buried[to.Name]++
		case backend.EventReceived:
			s.received[arn.Name]++
		case backend.EventDeleted:
			s.deleted[arn.Name]++
		}
	}
}

func compareLedgers(t *rapid.T, engine *memory.Engine, l Ledger, log *tallies) {
	if err := engine.Check(); err != nil {
		t.Fatal(err)
	}
	var all Tally
	for _, q := range l.Queues {
		m, err := engine.QueueMetrics(context.Background(), []string{q.Queue})
		if err != nil {
			t.Fatal(err)
		}
		has := m[q.Queue]
		if q.Sent != log.sent[q.Queue]+log.swallowed[q.Queue] || has.Sent != log.sent[q.Queue]+log.buried[q.Queue] {
			t.Errorf("%s: the ledgers sent %d, the engine got %d, its log has %d, %d swallowed and %d buried", q.Queue, q.Sent, has.Sent,
				log.sent[q.Queue], log.swallowed[q.Queue], log.buried[q.Queue])
		}
		if q.Received != has.Received || has.Received != log.received[q.Queue] {
			t.Errorf("%s: the ledgers received %d, the engine delivered %d", q.Queue, q.Received, has.Received)
		}
		// A delete of what is gone is confirmed too (docs/SQS.md 1.14), so each
		// delivery after the first may have one more.
		if q.Deleted < has.Deleted || q.Deleted > q.Received {
			t.Errorf("%s: the ledgers deleted %d, the engine %d", q.Queue, q.Deleted, has.Deleted)
		}
		all.Sent, all.Received, all.Deleted = all.Sent+q.Sent, all.Received+q.Received, all.Deleted+q.Deleted
	}
	var topics, consumed uint64
	for _, a := range l.Actors {
		switch a.Kind {
		case Topic:
			topics += a.Received
		case Worker, Lambda:
			consumed += a.Received
			if a.Done > a.Received || a.Done+a.Failed > a.Received+a.Crashed {
				t.Errorf("%s received %d, and did %d and failed %d", a.Name, a.Received, a.Done, a.Failed)
			}
		}
	}
	if consumed != all.Received || l.Total.Deleted != all.Deleted || l.Total.Sent-topics != all.Sent {
		t.Errorf("the actors: %+v, the queues %+v, published %d", l.Total, all, topics)
	}
}
