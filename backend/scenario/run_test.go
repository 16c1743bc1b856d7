package scenario

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// The same seed gives the same log of events, another seed another.
func TestSameSeedSameEvents(t *testing.T) {
	t.Parallel()
	record := func(seed uint64) []backend.Event {
		t.Helper()
		s := load(t, "shop")
		g := newStage(t, s)
		// The subscription outlives the check of the stage; closing ends it.
		events, err := g.engine.Stack().Events.Subscribe(context.WithoutCancel(t.Context()), 1<<17)
		if err != nil {
			t.Fatal(err)
		}
		r := g.start(s, seed)
		g.clock.Advance(10 * time.Minute)
		r.Stop()
		log := make([]backend.Event, len(events))
		for i := range log {
			log[i] = <-events
			if log[i].Dropped > 0 {
				t.Fatal("the log has holes")
			}
		}
		return log
	}
	first := record(7)
	if len(first) < 50_000 {
		t.Fatalf("only %d events", len(first))
	}
	again := record(7)
	for i := range min(len(first), len(again)) {
		if first[i] != again[i] {
			t.Fatalf("event %d differs: %s", i, cmp.Diff(first[i], again[i]))
		}
	}
	if len(again) != len(first) {
		t.Fatalf("%d events, then %d", len(first), len(again))
	}
	if slices.Equal(first, record(8)) {
		t.Error("another seed gave the same events")
	}
}

// Start moves the clock forward by the history and leaves it as it was.
func TestStartEndsAtThePresent(t *testing.T) {
	s := load(t, "shop")
	g := newStage(t, s)
	g.start(s, 1)
	if now := g.clock.Now(); now.Format(time.TimeOnly) != "12:00:00" || !g.clock.Paused() {
		t.Errorf("the clock shows %v, paused %v", now, g.clock.Paused())
	}
}

func TestStartLeavesARunningClockRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := parse(t, `[[queues]]`, `name = "q"`, `[[messages]]`, `queue = "q"`, `message = { body = "x" }`, `ago = "1h"`,
			`[templates.t]`, `body = "y"`, `[[producers]]`, `queue = "q"`, `template = "t"`, `every = "10s"`)
		clock := memory.NewClock(memory.ClockOptions{Start: time.Now().Add(-s.History())})
		engine := memory.New(memory.Options{Clock: clock})
		defer clock.Close()
		defer engine.Close()
		r, err := s.Start(t.Context(), engine, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Stop()
		if clock.Paused() {
			t.Fatal("the clock stands")
		}
		if d := time.Until(clock.Now()).Abs(); d > time.Second {
			t.Errorf("the engine's time is off by %v", d)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := r.Ledger().Actors[0].Done; n < 4 || n > 9 {
			t.Errorf("%d messages in a minute, want about 6", n)
		}
	})
}

// A dead letter of a seed file is a real one.
func TestSeededDeadLettersWereReceivedTooOften(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "q"`, `redrive = { to = "d", max = 4 }`, `attributes = { DelaySeconds = "30s" }`,
		`[[queues]]`, `name = "d"`,
		`[[messages]]`, `queue = "q"`, `message = { body = "poison {{hex 8}}" }`, `dead = true`, `count = 3`, `ago = "2h"`, `until = "1h"`,
		`[[messages]]`, `queue = "q"`, `message = { body = "fine" }`)
	g := newStage(t, s)
	g.start(s, 1)
	if v, f, d := g.depth("q"); v != 0 || f != 0 || d != 1 {
		t.Errorf("the source holds %d, %d, %d, want one delayed", v, f, d)
	}
	stored := g.browse("d")
	if len(stored) != 3 {
		t.Fatalf("%d dead letters, want 3", len(stored))
	}
	for _, m := range stored {
		if from := m.Attributes[backend.SysDeadLetterQueueSourceArn]; !strings.HasSuffix(from, ":q") {
			t.Errorf("comes from %q", from)
		}
		if n := m.Attributes[backend.SysApproximateReceiveCount]; n != "4" {
			t.Errorf("received %s times, want 4", n)
		}
		ms, err := strconv.ParseInt(m.Attributes[backend.SysSentTimestamp], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if age := g.clock.Now().Sub(time.UnixMilli(ms)); age < time.Hour || age > 2*time.Hour {
			t.Errorf("%v old, want 1h to 2h", age)
		}
	}
}

func TestStopEndsTheActors(t *testing.T) {
	s := load(t, "shop")
	g := newStage(t, s)
	r := g.start(s, 1)
	r.Stop()
	r.Stop()
	before := g.metrics("orders")
	g.clock.Advance(time.Minute)
	after := g.metrics("orders")
	if after.Sent != before.Sent || after.Received != before.Received || after.Deleted != before.Deleted {
		t.Errorf("after the stop: %+v, before: %+v", after, before)
	}
}

// What goes wrong while the run is set up ends it, with a kind.
func TestStartFails(t *testing.T) {
	t.Run("queue with other attributes", func(t *testing.T) {
		s := parse(t, `[[queues]]`, `name = "q"`, `attributes = { DelaySeconds = 5 }`)
		g := newStage(t, s)
		if _, err := g.sqs.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "q"}); err != nil {
			t.Fatal(err)
		}
		_, err := s.Start(t.Context(), g.engine, 1)
		if e := backend.AsError(err); err == nil || e.Subject != "q" || e.Kind != backend.KindConflict {
			t.Errorf("got %v (%v)", err, backend.KindOf(err))
		}
	})
	t.Run("messages in the way of dead letters", func(t *testing.T) {
		s := parse(t, `[[queues]]`, `name = "q"`, `redrive = { to = "d", max = 2 }`, `[[queues]]`, `name = "d"`,
			`[[messages]]`, `queue = "q"`, `message = { body = "x" }`, `dead = true`)
		g := newStage(t, s)
		out, err := g.sqs.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "q"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: out.QueueUrl, MessageBody: "mine"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Start(t.Context(), g.engine, 1); backend.KindOf(err) != backend.KindConflict {
			t.Errorf("got %v (%v)", err, backend.KindOf(err))
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		s := load(t, "shop")
		g := newStage(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Start(ctx, g.engine, 1); backend.KindOf(err) != backend.KindCancelled {
			t.Errorf("got %v (%v)", err, backend.KindOf(err))
		}
	})
}

// The context of Start bounds the setting up and not the run.
func TestARunOutlivesTheContextOfItsStart(t *testing.T) {
	s := load(t, "shop")
	g := newStage(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := s.Start(ctx, g.engine, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Stop()
	cancel()
	before := g.metrics("orders").Sent
	g.clock.Advance(10 * time.Second)
	if g.metrics("orders").Sent == before {
		t.Error("nothing was sent any more")
	}
}

// A run may be asked and stopped while the clock is at work.
func TestStopBesideTheClock(t *testing.T) {
	s := load(t, "shop")
	g := newStage(t, s)
	r := g.start(s, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		g.clock.Advance(time.Minute)
	}()
	for range 100 {
		r.Ledger()
	}
	r.Stop()
	stopped := r.Ledger().Actors
	<-done
	if d := cmp.Diff(stopped, r.Ledger().Actors, cmp.Comparer(func(a, b error) bool { return a == b })); d != "" {
		t.Errorf("something was done after the stop: %s", d)
	}
}

// The example of docs/SCENARIOS.md is complete and does what the page says.
func TestTheExampleOfTheGuideRuns(t *testing.T) {
	guide, err := os.ReadFile("../../docs/SCENARIOS.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(guide), "```toml\n")
	example, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatal("no example in the guide")
	}
	s, err := Parse("docs/SCENARIOS.md", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	g := newStage(t, s)
	r := g.start(s, 1)
	g.clock.Advance(10 * time.Minute)
	if v, _, _ := g.depth("jobs-dlq"); v < 3 {
		t.Errorf("%d dead letters after ten minutes, want more than the two of the start", v)
	}
	if a := g.actor(r, "counter"); a.Done < 1000 || a.Failed > 0 || a.Err != nil {
		t.Errorf("the last queue's worker: %+v", a)
	}
	for _, a := range r.Ledger().Actors {
		if a.Err != nil {
			t.Errorf("%s: %v", a.Name, a.Err)
		}
	}
}

// What else the guide shows can be added to its example.
func TestTheOtherExamplesOfTheGuideAreRight(t *testing.T) {
	guide, err := os.ReadFile("../../docs/SCENARIOS.md")
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	parts := strings.Split(string(guide), "```toml\n")[1:]
	for _, part := range parts {
		example, _, _ := strings.Cut(part, "```")
		file.WriteString(example)
	}
	s, err := Parse("docs/SCENARIOS.md", []byte(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	if len(parts) != 6 || len(s.troubles) != 2 || len(s.callers) != 3 || len(s.topics) != 1 || len(s.machines) != 1 || len(s.scalers) != 1 {
		t.Errorf("%d examples with %d faults and %d callers", len(parts), len(s.troubles), len(s.callers))
	}
}

// The guide names every key of the format, and no more.
func TestTheGuideNamesEveryKey(t *testing.T) {
	guide, err := os.ReadFile("../../docs/SCENARIOS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range everyKey() {
		named := false
		for _, form := range []string{"`" + key + "`", "[" + key + "]", "." + key + "]", "[" + key + ".", key + " = "} {
			named = named || strings.Contains(string(guide), form)
		}
		if !named {
			t.Errorf("the guide does not name %q", key)
		}
	}
	for _, f := range fieldNames() {
		if !strings.Contains(string(guide), "`{{"+f) {
			t.Errorf("the guide does not name the field %q", f)
		}
	}
}

// Bodies that claim to be JSON are JSON, with what they hold in the form that
// was meant; only the poison is broken.
func TestTheShopsBodiesAreReadable(t *testing.T) {
	s := load(t, "shop")
	g := newStage(t, s)
	g.start(s, 3)
	g.clock.Advance(3 * time.Minute)
	escapes, marks := 0, 0
	for _, q := range s.Queues() {
		for _, m := range g.browse(q) {
			readable := json.Valid([]byte(m.Body))
			switch {
			case strings.Contains(m.Body, `"schema":"order/1"`):
				if readable {
					t.Errorf("%s: this poison should be broken: %s", q, m.Body)
				}
			case q != "audit-log" && !readable:
				t.Errorf("%s: no JSON: %s", q, m.Body)
			}
			if strings.Contains(m.Body, `\u001b`) {
				escapes++
			}
			if strings.ContainsAny(m.Body, "\u009b\u202e\u200b") {
				marks++
			}
		}
	}
	if escapes == 0 || marks == 0 {
		t.Errorf("hostile bodies: %d with escapes, %d with C1 or bidi controls", escapes, marks)
	}
}
