package scenario

import (
	"slices"
	"testing"
	"time"
)

// A picture shows who is there, what they read and write, what each holds and
// since when.
func TestAPictureShowsWhatIsHeld(t *testing.T) {
	s := parse(t, jobs, `[[queues]]`, `name = "next"`, `[templates.n]`, `body = "x"`,
		`[[downstreams]]`, `name = "service"`,
		`[[producers]]`, `name = "p"`, `queue = "q"`, `template = "t"`, `every = "1h"`,
		`[[workers]]`, `name = "w"`, `queue = "q"`, `count = 5`, `batch = 3`, `takes = "2s"`, `spread = 0`, `calls = "service"`,
		`[[workers.fail]]`, `body = '"O-2"'`, `[[workers.forward]]`, `to = "next"`, `template = "n"`)
	g := newStage(t, s)
	r := g.start(s, 1)
	begin := g.clock.Now()
	g.clock.Advance(2500 * time.Millisecond)
	p := r.Picture(0)
	if !p.At.Equal(g.clock.Now()) || len(p.Actors) != 3 || p.Actors[0].Kind != Producer || !slices.Equal(p.Actors[0].Writes, []string{"q"}) {
		t.Fatalf("the picture: %+v", p)
	}
	w := p.Actors[1]
	if w.Kind != Worker || !slices.Equal(w.Reads, []string{"q"}) || !slices.Equal(w.Writes, []string{"next", "service"}) {
		t.Errorf("the workers: %+v", w)
	}
	held, working, free := 0, 0, 0
	for _, h := range w.Hands {
		held += len(h.Messages)
		switch h.State {
		case HandWorking:
			working++
			if !h.Since.Equal(begin) || !h.Until.Equal(begin.Add(4*time.Second)) {
				t.Errorf("a hand since %v until %v", h.Since, h.Until)
			}
		case HandFree:
			free++
			if len(h.Messages) > 0 || !h.Until.IsZero() {
				t.Errorf("a free hand: %+v", h)
			}
		}
	}
	if _, flying, _ := g.depth("q"); held != flying || working != 3 || free != 2 || w.Gauge != (Gauge{Level: 3, Limit: 5, Peak: 5}) {
		t.Errorf("%d held by %d of them, %d are free, %d in flight, gauge %+v", held, working, free, flying, w.Gauge)
	}
}

// Each message on its way is a flight, once, in order; the next picture has those
// that came after.
func TestFlights(t *testing.T) {
	s := parse(t, jobs, `[[workers]]`, `name = "w"`, `queue = "q"`, `takes = "1s"`, `spread = 0`,
		`[[workers.fail]]`, `body = '"O-2"'`)
	g := newStage(t, s)
	r := g.start(s, 1)
	kinds := map[FlightKind]int{}
	var last uint64
	for range 120 {
		g.clock.Advance(time.Second / 4)
		p := r.Picture(last)
		for _, f := range p.Flights {
			if f.Number != last+1 || f.MessageId == "" || f.At.After(g.clock.Now()) {
				t.Fatalf("after flight %d: %+v", last, f)
			}
			last = f.Number
			kinds[f.Kind]++
		}
		if p.Flown != last || p.Missed != 0 {
			t.Fatalf("%d have flown, %d were seen, %d missed", p.Flown, last, p.Missed)
		}
	}
	c := g.counts(r, "w")
	if kinds[FlightReceived] != int(c.Received) || kinds[FlightDeleted] != int(c.Deleted) || kinds[FlightGivenBack] != int(c.Failed) || c.Failed == 0 {
		t.Errorf("flights %v, the ledger %+v", kinds, c)
	}
	if p := r.Picture(last); len(p.Flights) != 0 {
		t.Errorf("flights from nowhere: %v", p.Flights)
	}
}

// Whoever looks too seldom is told how many flights are forgotten.
func TestForgottenFlights(t *testing.T) {
	var s sky
	for range flightRoom + 10 {
		s.fly(Flight{Kind: FlightSent})
	}
	flights, missed, _ := s.after(3)
	if len(flights) != flightRoom || missed != 7 || flights[0].Number != 11 || flights[flightRoom-1].Number != flightRoom+10 {
		t.Errorf("%d flights from %d on, %d missed", len(flights), flights[0].Number, missed)
	}
}

// After a restore in place flights go on with higher numbers, so that a scene
// that was watching sees them.
func TestFlightsAfterARestore(t *testing.T) {
	s := parseEveryone(t)
	g := newStage(t, s)
	r := g.start(s, 1)
	file := g.snapshot()
	g.clock.Advance(time.Minute)
	before := r.Picture(0)
	g.rewind(file)
	p := r.Picture(0)
	if len(p.Flights) != 0 || p.Flown != before.Flown {
		t.Errorf("right after it there are flights %v", p.Flights)
	}
	g.clock.Advance(10 * time.Second)
	if p := r.Picture(before.Flown); len(p.Flights) == 0 || p.Flights[0].Number != before.Flown+1 {
		t.Errorf("and then %+v", p.Flights)
	}
}
