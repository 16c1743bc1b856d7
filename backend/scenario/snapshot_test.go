package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/memory"
)

var playing = flag.Duration("playing", 2*time.Minute, "how long the shop plays before and after a snapshot; the long run is 1h")

func (g *stage) snapshot() string {
	g.Helper()
	var file bytes.Buffer
	if err := g.engine.Snapshot(g.Context(), &file); err != nil {
		g.Fatal(err)
	}
	return file.String()
}

// restored is a stage of another seed and time on which a snapshot is restored.
func restored(t *testing.T, file string) (*stage, *Run) {
	t.Helper()
	clock := memory.NewClock(memory.ClockOptions{Start: time.Unix(1_000_000_000, 0), Paused: true})
	engine := memory.New(memory.Options{Clock: clock, Seed: 999, NoCooldown: true})
	g := &stage{t, engine, clock, engine.Stack().SQS}
	r, err := Restore(t.Context(), engine, strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.Stop()
		if err := engine.Check(); err != nil {
			t.Errorf("engine: %v", err)
		}
		engine.Close()
		clock.Close()
	})
	return g, r
}

// log delivers what has happened since the last call, without the numbers that
// an engine gives.
func (g *stage) log() func() []backend.Event {
	g.Helper()
	// The subscription outlives the check of the stage; closing ends it.
	events, err := g.engine.Stack().Events.Subscribe(context.WithoutCancel(g.Context()), 1<<17)
	if err != nil {
		g.Fatal(err)
	}
	return func() []backend.Event {
		log := make([]backend.Event, len(events))
		for i := range log {
			log[i] = <-events
			if log[i].Dropped > 0 {
				g.Fatal("the log has holes")
			}
			log[i].Seq = 0
		}
		return log
	}
}

// sameFuture lets two stages go on side by side.
func sameFuture(t *testing.T, a, b *stage, steps int, step time.Duration) {
	t.Helper()
	logA, logB := a.log(), b.log()
	n := 0
	for i := range steps {
		a.clock.Advance(step)
		b.clock.Advance(step)
		la, lb := logA(), logB()
		n += len(la)
		for k := range min(len(la), len(lb)) {
			if la[k] != lb[k] {
				t.Fatalf("step %d, event %d: %s", i, k, cmp.Diff(la[k], lb[k]))
			}
		}
		if len(la) != len(lb) {
			t.Fatalf("step %d: %d events, and %d", i, len(la), len(lb))
		}
	}
	if n == 0 {
		t.Error("nothing happened")
	}
	if fa, fb := a.snapshot(), b.snapshot(); fa != fb {
		t.Errorf("the ends differ: %s", firstDifference(fa, fb))
	}
}

func firstDifference(a, b string) string {
	la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(la), len(lb)) {
		if la[i] != lb[i] {
			return cmp.Diff(la[i], lb[i])
		}
	}
	return "one has more lines"
}

// After a restore the same happens as would have happened without it.
func TestARestoredRunHasTheSameFuture(t *testing.T) {
	t.Parallel()
	busyOne := parseBusy(t)
	for _, tt := range []struct {
		s        *Scenario
		play     time.Duration
		minutes  int
		restores int
	}{
		{load(t, "shop"), *playing, int(*playing / time.Minute), 1},
		{busyOne, 3*time.Minute + 137*time.Millisecond, 10, 1},
		{busyOne, 10 * time.Second, 10, 2},
	} {
		t.Run(tt.s.Name+" after "+tt.play.String(), func(t *testing.T) {
			a := newStage(t, tt.s)
			a.start(tt.s, 5)
			a.clock.Advance(tt.play)
			file := a.snapshot()
			var b *stage
			for range tt.restores {
				b, _ = restored(t, file)
				if again := b.snapshot(); again != file {
					t.Fatalf("the restored engine differs: %s", firstDifference(file, again))
				}
			}
			sameFuture(t, a, b, tt.minutes, time.Minute)
		})
	}
}

// Wherever a run is cut, it goes on the same.
func TestARunMayBeCutAnywhere(t *testing.T) {
	t.Parallel()
	a, _ := busyStage(t)
	for i := range 25 {
		a.clock.Advance(time.Duration(i*i) * 7654321 * time.Nanosecond)
		b, _ := restored(t, a.snapshot())
		sameFuture(t, a, b, 3, time.Second)
	}
}

// Back in time on the same engine, the same happens again.
func TestARunGoesBack(t *testing.T) {
	g, r := busyStage(t)
	g.clock.Advance(time.Minute)
	file := g.snapshot()
	log := g.log()
	g.clock.Advance(5 * time.Minute)
	first, actors := log(), r.Ledger().Actors
	if err := g.engine.Restore(t.Context(), strings.NewReader(file)); err != nil {
		t.Fatal(err)
	}
	if e := log(); len(e) != 1 || e[0].Kind != backend.EventRestored {
		t.Errorf("a restore did %v", e)
	}
	g.clock.Advance(5 * time.Minute)
	if d := cmp.Diff(first, log()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(texts(actors), texts(r.Ledger().Actors)); d != "" {
		t.Error(d)
	}
	r.Stop()
	g.clock.Advance(time.Minute)
	if err := g.engine.Restore(t.Context(), strings.NewReader(file)); err != nil {
		t.Fatal(err)
	}
	log()
	g.clock.Advance(5 * time.Second)
	for _, e := range log() {
		if e.Kind == backend.EventSent || e.Kind == backend.EventReceived {
			t.Fatalf("a run that was stopped goes on: %v", e)
		}
	}
}

// texts are actors with their errors as texts.
func texts(actors []Actor) []string {
	var all []string
	for _, a := range actors {
		text := "fine"
		if a.Err != nil {
			text = a.Err.Error()
		}
		a.Err = nil
		b, err := json.Marshal(a)
		if err != nil {
			text = err.Error()
		}
		all = append(all, string(b)+" "+text)
	}
	return all
}

// Counts and errors of the actors come back with them.
func TestActorsKeepTheirLedgers(t *testing.T) {
	a, before := busyStage(t)
	a.clock.Advance(10 * time.Minute)
	_, after := restored(t, a.snapshot())
	if d := cmp.Diff(texts(before.Ledger().Actors), texts(after.Ledger().Actors)); d != "" {
		t.Error(d)
	}
	if before.Ledger().Actors[0].Err == nil {
		t.Error("nothing went wrong, so this has not shown that errors come back")
	}
	if got := after.Scenario(); got.Name != "busy.toml" || len(got.Queues()) != 3 {
		t.Errorf("the scenario is %v", got)
	}
}

// A message that comes while the clock stands has called a worker by the time
// of the snapshot.
func TestAWorkerThatWasCalledIsCalledAgain(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "q"`, `[[workers]]`, `queue = "q"`, `[[workers]]`, `name = "second"`, `queue = "q"`)
	a := newStage(t, s)
	before := a.start(s, 1)
	for range 3 {
		if _, err := a.sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: "q", MessageBody: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	b, r := restored(t, a.snapshot())
	if v, _, _ := b.depth("q"); v != 3 {
		t.Errorf("%d messages are visible right after the restore, want 3", v)
	}
	sameFuture(t, a, b, 1, time.Minute)
	if d := cmp.Diff(texts(before.Ledger().Actors), texts(r.Ledger().Actors)); d != "" {
		t.Errorf("the turns were not kept: %s", d)
	}
}

// Where the snapshot holds no scenario there are no actors, on a new engine and
// on one where a scenario runs.
func TestASnapshotWithoutAScenario(t *testing.T) {
	empty, err := Parse("none.toml", []byte("format = 1"))
	if err != nil {
		t.Fatal(err)
	}
	bare := newStage(t, empty)
	if _, err := bare.sqs.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "mine"}); err != nil {
		t.Fatal(err)
	}
	without := bare.snapshot()
	bare.start(empty, 1)
	for name, file := range map[string]string{"no section": without, "an empty scenario": bare.snapshot()} {
		t.Run(name, func(t *testing.T) {
			_, fresh := restored(t, file)
			if len(fresh.Ledger().Actors) > 0 {
				t.Error("there are actors from nowhere")
			}
			s := load(t, "shop")
			g := newStage(t, s)
			r := g.start(s, 1)
			shop := g.snapshot()
			if err := g.engine.Restore(t.Context(), strings.NewReader(file)); err != nil {
				t.Fatal(err)
			}
			if len(r.Ledger().Actors) > 0 {
				t.Error("the shop's actors are still there")
			}
			if again := g.snapshot(); name == "no section" && again != strings.Replace(file, `{"end"`, `{"section":{"name":"scenario","value":null}}`+"\n"+`{"end"`, 1) {
				t.Errorf("something was made of nothing: %s", firstDifference(file, again))
			}
			g.clock.Advance(time.Minute)
			// And back to what it was.
			if err := g.engine.Restore(t.Context(), strings.NewReader(shop)); err != nil {
				t.Fatal(err)
			}
			if len(r.Ledger().Actors) == 0 || r.Scenario().Title != s.Title {
				t.Error("the shop did not come back")
			}
		})
	}
}
