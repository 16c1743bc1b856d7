package scenario

import (
	"context"
	"sync"

	"sqscope/backend"
)

// What a scene sees of a run has its types on the ground floor, since screens may
// not know the engine.
type (
	// Picture is a scenario at work, at one moment.
	Picture = backend.Picture
	// Figure is an actor in a picture.
	Figure = backend.Figure
	// ActorKind is what an actor does.
	ActorKind = backend.ActorKind
	// Actor is where an actor stands.
	Actor = backend.Actor
	// HandState is what a worker, a function or a task is at.
	HandState = backend.HandState
	// Hand is one worker of a group, one invocation, or one task.
	Hand = backend.Hand
	// Gauge is a level against a limit.
	Gauge = backend.Gauge
	// FlightKind is what a message is on its way for.
	FlightKind = backend.FlightKind
	// Flight is a message on its way, or a call.
	Flight = backend.Flight
	// Counts are what an actor has counted of its own doings since the start.
	Counts = backend.Counts
	// Tally is what the scenario has done to one of its queues since it was made.
	Tally = backend.Tally
	// Ledger is what everybody has counted, at one moment.
	Ledger = backend.Ledger
	// Knob is something that can be changed while a scenario is at work.
	Knob = backend.Knob
)

// The kinds of actors, the states of hands and the kinds of flights, see package
// backend.
const (
	Producer     = backend.ActorProducer
	Worker       = backend.ActorWorker
	Lambda       = backend.ActorLambda
	Topic        = backend.ActorTopic
	StateMachine = backend.ActorStateMachine
	Scaler       = backend.ActorScaler
	Downstream   = backend.ActorDownstream

	OutsideSender   = backend.OutsideSender
	OutsideReceiver = backend.OutsideReceiver

	HandFree    = backend.HandFree
	HandWorking = backend.HandWorking
	HandHolding = backend.HandHolding
	HandAway    = backend.HandAway
	HandWaiting = backend.HandWaiting

	FlightSent      = backend.FlightSent
	FlightReceived  = backend.FlightReceived
	FlightDeleted   = backend.FlightDeleted
	FlightGivenBack = backend.FlightGivenBack
	FlightCalled    = backend.FlightCalled
	FlightRefused   = backend.FlightRefused
	FlightAnswered  = backend.FlightAnswered

	AllQueues = backend.AllQueues
)

// flightRoom is how many flights are remembered: those of some frames at a speed
// at which anybody could follow them.
const flightRoom = 512

// sky are the last flights. It is no part of snapshots, since nothing follows
// from it.
type sky struct {
	mu    sync.Mutex // guards what follows; nothing else is locked while it is held
	ring  [flightRoom]Flight
	flown uint64
	gone  uint64 // the last one that a restore has undone
}

func (s *sky) fly(f Flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Number = s.flown + 1
	s.ring[s.flown%flightRoom] = f
	s.flown++
}

// clear forgets all flights; their numbers go on.
func (s *sky) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = s.flown
}

// after are the flights with numbers above n that are remembered, and the number
// of the last.
func (s *sky) after(n uint64) (flights []Flight, missed, flown uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n >= s.flown {
		return nil, 0, s.flown
	}
	first := max(n, s.gone, s.flown-min(s.flown, flightRoom))
	flights = make([]Flight, 0, s.flown-first)
	for i := first; i < s.flown; i++ {
		flights = append(flights, s.ring[i%flightRoom])
	}
	return flights, first - n, s.flown
}

// Picture is the run at this moment, with the flights after a number, 0 for all
// that are remembered. It is cheap enough for every frame.
func (r *Run) Picture(after uint64) Picture {
	now := r.clock.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	p := Picture{At: now, Actors: make([]Figure, len(r.actors)), Queues: r.engine.Heaps()}
	for i, a := range r.actors {
		p.Actors[i] = a.figure(now)
		p.Total.Add(&p.Actors[i].Counts)
	}
	for _, o := range r.outside {
		p.Actors = append(p.Actors, o.figures()...)
	}
	p.Flights, p.Missed, p.Flown = r.sky.after(after)
	return p
}

// Stage is the run as an open place offers it.
func (r *Run) Stage() backend.Stage { return onStage{r} }

// onStage is a run as a [backend.Stage].
type onStage struct{ r *Run }

func (s onStage) Picture(ctx context.Context, after uint64) (Picture, error) {
	if err := ctx.Err(); err != nil {
		return Picture{}, backend.AsError(err)
	}
	return s.r.Picture(after), nil
}

func (s onStage) Ledger(ctx context.Context) (Ledger, error) {
	if err := ctx.Err(); err != nil {
		return Ledger{}, backend.AsError(err)
	}
	return s.r.Ledger(), nil
}

func (s onStage) Knobs(ctx context.Context) ([]Knob, error) { return s.r.Knobs(ctx) }

func (s onStage) SetKnob(ctx context.Context, subject, name, value string) error {
	return s.r.Set(ctx, subject, name, value)
}
