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

// BenchmarkDay is a day of the default scenario, from its busiest hour through
// the night to the next.
func BenchmarkDay(b *testing.B) {
	s := load(b, Default)
	for b.Loop() {
		engine, closeAll := shopEngine(b, s)
		r, err := s.Start(b.Context(), engine, 1)
		if err != nil {
			b.Fatal(err)
		}
		engine.Clock().Advance(24 * time.Hour)
		r.Stop()
		closeAll()
	}
}

// BenchmarkPicture is what a scene asks for with every frame, of the default
// scenario and with a flight for each message since the last.
func BenchmarkPicture(b *testing.B) {
	s := load(b, Default)
	engine, closeAll := shopEngine(b, s)
	defer closeAll()
	r, err := s.Start(b.Context(), engine, 1)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Stop()
	flown := r.Picture(0).Flown
	for b.Loop() {
		b.StopTimer()
		engine.Clock().Advance(time.Second / 30)
		b.StartTimer()
		flown = r.Picture(flown).Flown
	}
}
