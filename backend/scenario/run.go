package scenario

import (
	"context"
	"sync"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// Run is a scenario at work on an engine. Its methods may be called from any
// goroutine, but not from within the engine or an event of its clock.
type Run struct {
	engine *memory.Engine
	clock  *memory.Clock
	sqs    backend.SQS     // for the actors, who call queues by their names (docs/SQS.md 1.0)
	ctx    context.Context // of the actors' calls, which never wait
	cancel context.CancelFunc
	sky    sky

	outside []*outsider // all there before the first picture

	mu      sync.Mutex // guards what follows, and all of the actors
	stopped bool
	*play
}

// play is a scenario with its actors at work: all that a snapshot brings back.
type play struct {
	scenario *Scenario // nil: there are no actors
	counters []int64
	tallies  []Tally // of the queues
	actors   []actor
	waits    uint64 // begun so far by the actors, see wait

	// Those of the actors that others turn to.
	workers     []*worker
	topics      []*topic
	machines    []*machine
	downstreams []*downstream
}

// actor is one of the kinds of actors. All have a [client].
type actor interface {
	self() *client
	start(now time.Time)
	stop()
	state() Actor
	figure(now time.Time) Figure
	knobbed() []knob
	save() actorRecord
	// load comes after the knobs of the record were turned.
	load(actorRecord) error
	// waiting are the waits that load has brought, which have no effect yet.
	waiting() []resumption
}

// Start makes the scenario's queues, puts its messages in and starts its
// actors and faults, and returns once they have worked for the warm-up time. It
// moves the engine's clock forward by [Scenario.History] to do so; the clock
// stands between the steps and is left running or paused as it was found. The
// same seed gives the same messages, sent at the same times after the start.
// From the start of the actors on, the engine's snapshots hold the run.
//
// The context bounds the setting up and not the run, which goes on until
// [Run.Stop]. An error means that the engine may hold a part of the scenario:
// KindConflict if a queue is there with other attributes or messages in the way
// of dead letters, KindCancelled if the context ended.
func (s *Scenario) Start(ctx context.Context, engine *memory.Engine, seed uint64) (*Run, error) {
	r := newRun(ctx, engine)
	if !r.clock.Paused() {
		r.clock.Pause()
		defer r.clock.Resume()
	}
	r.play = newPlay(s)
	err := r.makeQueues(ctx, s.queues)
	if err == nil {
		err = r.sendHistory(ctx, s, seed)
	}
	if err == nil {
		err = r.begin(ctx, s, seed)
	}
	if err != nil {
		r.Stop()
		return nil, err
	}
	return r, nil
}

func newRun(ctx context.Context, engine *memory.Engine) *Run {
	r := &Run{engine: engine, clock: engine.Clock(), sqs: engine.Inside(), play: &play{}}
	r.ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return r
}

// newPlay is a scenario before its actors are cast.
func newPlay(s *Scenario) *play {
	p := &play{scenario: s}
	for _, c := range s.counters {
		p.counters = append(p.counters, c.start)
	}
	for _, q := range s.queues {
		p.tallies = append(p.tallies, Tally{Queue: q.name})
	}
	return p
}

// cast makes the actors of a play.
func (r *Run) cast(p *play, seed uint64) {
	s := p.scenario
	as := func(name string) client {
		return client{run: r, play: p, actor: name, pen: newPen(seed, name, p.counters)}
	}
	for _, spec := range s.producers {
		p.actors = append(p.actors, newProducer(as(spec.name), spec))
	}
	for _, spec := range s.workers {
		w := newWorker(as(spec.name), spec)
		p.workers, p.actors = append(p.workers, w), append(p.actors, w)
	}
	for _, spec := range s.lambdas {
		p.actors = append(p.actors, newLambda(as(spec.name), spec))
	}
	for _, spec := range s.topics {
		t := newTopic(as(spec.name), spec)
		p.topics, p.actors = append(p.topics, t), append(p.actors, t)
	}
	for _, spec := range s.machines {
		m := newMachine(as(spec.name), spec)
		p.machines, p.actors = append(p.machines, m), append(p.actors, m)
	}
	for _, spec := range s.scalers {
		p.actors = append(p.actors, newScaler(as(spec.name), spec))
	}
	for _, spec := range s.downstreams {
		d := newDownstream(as(spec.name), spec)
		p.downstreams, p.actors = append(p.downstreams, d), append(p.actors, d)
	}
}

// begin sets the faults, starts the actors and lets them work for the warm-up
// time. From here on snapshots hold the run.
func (r *Run) begin(ctx context.Context, s *Scenario, seed uint64) error {
	if err := r.setFaults(ctx, s); err != nil {
		return err
	}
	r.mu.Lock()
	r.cast(r.play, seed)
	now := r.clock.Now()
	for _, a := range r.actors {
		a.start(now)
	}
	r.mu.Unlock()
	r.engine.Keep(sectionName, r)
	const step = time.Second
	for left := s.warmup; left > 0; left -= step {
		if err := ctx.Err(); err != nil {
			return backend.AsError(err)
		}
		r.clock.Advance(min(step, left))
	}
	return nil
}

// Stop ends the actors: once it returns, none of them does anything more.
// Messages that workers hold stay in flight until their visibility timeouts
// end. Queues and messages stay. Stopping again does nothing.
func (r *Run) Stop() {
	r.cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return
	}
	r.stopped = true
	for _, a := range r.actors {
		a.stop()
	}
}

// Scenario is what is played, nil if a snapshot was restored that held none.
func (r *Run) Scenario() *Scenario {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.scenario
}
