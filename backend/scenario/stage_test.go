package scenario

import (
	"strconv"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// stage is an engine on a clock that stands until a test moves it.
type stage struct {
	*testing.T
	engine *memory.Engine
	clock  *memory.Clock
	sqs    backend.SQS
}

// newStage makes an engine whose clock starts so that a scenario opens at noon.
func newStage(t *testing.T, s *Scenario) *stage {
	t.Helper()
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	clock := memory.NewClock(memory.ClockOptions{Start: noon.Add(-s.History()), Paused: true})
	engine := memory.New(memory.Options{Clock: clock, Seed: 1, NoCooldown: true})
	t.Cleanup(func() {
		if err := engine.Check(); err != nil {
			t.Errorf("engine: %v", err)
		}
		engine.Close()
		clock.Close()
	})
	return &stage{t, engine, clock, engine.Stack().SQS}
}

func (g *stage) start(s *Scenario, seed uint64) *Run {
	g.Helper()
	r, err := s.Start(g.Context(), g.engine, seed)
	if err != nil {
		g.Fatal(err)
	}
	g.Cleanup(r.Stop)
	return r
}

func (g *stage) url(queue string) string {
	g.Helper()
	out, err := g.sqs.GetQueueUrl(g.Context(), backend.GetQueueUrlInput{QueueName: queue})
	if err != nil {
		g.Fatal(err)
	}
	return out.QueueUrl
}

// depth is what a queue holds: visible, in flight, delayed.
func (g *stage) depth(queue string) (visible, inFlight, delayed int) {
	g.Helper()
	out, err := g.sqs.GetQueueAttributes(g.Context(), backend.GetQueueAttributesInput{
		QueueUrl: g.url(queue), AttributeNames: []string{backend.AttrAll},
	})
	if err != nil {
		g.Fatal(err)
	}
	n := func(name string) int {
		v, err := strconv.Atoi(out.Attributes[name])
		if err != nil {
			g.Fatal(err)
		}
		return v
	}
	return n(backend.AttrMessages), n(backend.AttrMessagesNotVisible), n(backend.AttrMessagesDelayed)
}

func (g *stage) browse(queue string) []backend.StoredMessage {
	g.Helper()
	var all []backend.StoredMessage
	in := backend.BrowseInput{QueueUrl: g.url(queue), Limit: 10_000}
	for {
		out, err := g.engine.Stack().Browse.Browse(g.Context(), in)
		if err != nil {
			g.Fatal(err)
		}
		all = append(all, out.Messages...)
		if in.After = out.Next; in.After == 0 {
			return all
		}
	}
}

func (g *stage) metrics(queue string) backend.QueueMetrics {
	g.Helper()
	url := g.url(queue)
	m, err := g.engine.Stack().Metrics.QueueMetrics(g.Context(), []string{url})
	if err != nil {
		g.Fatal(err)
	}
	return m[url]
}

func (g *stage) actor(r *Run, name string) Actor {
	g.Helper()
	for _, a := range r.Ledger().Actors {
		if a.Name == name {
			return a
		}
	}
	g.Fatalf("no actor %s", name)
	return Actor{}
}

func parse(t *testing.T, lines ...string) *Scenario {
	t.Helper()
	s, err := Parse("test.toml", []byte(seedOf(lines...)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func load(t testing.TB, name string) *Scenario {
	t.Helper()
	s, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
