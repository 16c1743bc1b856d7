package scenario

import (
	"testing"
	"time"

	"sqscope/backend/memory"
)

func shopEngine(b *testing.B, s *Scenario) (*memory.Engine, func()) {
	clock := memory.NewClock(memory.ClockOptions{Start: time.Now().Add(-s.History()), Paused: true})
	engine := memory.New(memory.Options{Clock: clock})
	return engine, func() {
		engine.Close()
		clock.Close()
	}
}

// BenchmarkLoad is the reading of the default scenario, a part of every start.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b, Default)
	}
}

// BenchmarkStart is the rest of what the default scenario adds to a start:
// queues, history and warm-up.
func BenchmarkStart(b *testing.B) {
	s := load(b, Default)
	for b.Loop() {
		engine, closeAll := shopEngine(b, s)
		r, err := s.Start(b.Context(), engine, 1)
		if err != nil {
			b.Fatal(err)
		}
		r.Stop()
		closeAll()
	}
}

// BenchmarkSecond is what a second of the default scenario costs, the share of
// a core that it takes at speed 1.
func BenchmarkSecond(b *testing.B) {
	s := load(b, Default)
	engine, closeAll := shopEngine(b, s)
	defer closeAll()
	r, err := s.Start(b.Context(), engine, 1)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Stop()
	for b.Loop() {
		engine.Clock().Advance(time.Second)
	}
}
