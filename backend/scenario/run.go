package scenario

import (
	"context"
	"fmt"
	"strconv"
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

	mu      sync.Mutex // guards what follows, and all of the actors
	stopped bool
	play
}

// play is a scenario with its actors at work: all that a snapshot brings back.
type play struct {
	scenario *Scenario // nil: there are no actors
	counters []int64
	actors   []actor
	waits    uint64 // begun so far by the actors, see wait
}

// actor is a producer or a group of workers.
type actor interface {
	start(now time.Time)
	stop()
	state() Actor
	save() actorRecord
	load(actorRecord) error
	// waiting are the waits that load has brought, which have no effect yet.
	waiting() []resumption
}

// ActorKind is what an actor does.
type ActorKind string

// The kinds of actors.
const (
	Producer ActorKind = "producer"
	Worker   ActorKind = "worker"
)

// Actor is where an actor stands. Done counts messages sent by a producer, or
// processed and deleted by a worker; Failed those that were refused, or not
// processed. Err is the last error that the engine gave the actor, nil if there
// was none: a deleted queue, for example. An actor goes on after an error.
type Actor struct {
	Name   string
	Kind   ActorKind
	Queue  string
	Done   uint64
	Failed uint64
	Err    error
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
	for _, c := range s.counters {
		r.counters = append(r.counters, c.start)
	}
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
	r := &Run{engine: engine, clock: engine.Clock(), sqs: engine.Inside()}
	r.ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return r
}

// cast makes the actors of a scenario.
func (r *Run) cast(s *Scenario, counters []int64, seed uint64) []actor {
	var actors []actor
	for _, p := range s.producers {
		actors = append(actors, newProducer(r, s, p, newPen(seed, p.name, counters)))
	}
	for _, w := range s.workers {
		actors = append(actors, newWorker(r, s, w, newPen(seed, w.name, counters)))
	}
	return actors
}

// begin sets the faults, starts the actors and lets them work for the warm-up
// time. From here on snapshots hold the run.
func (r *Run) begin(ctx context.Context, s *Scenario, seed uint64) error {
	if err := r.setFaults(ctx, s); err != nil {
		return err
	}
	r.mu.Lock()
	r.scenario, r.actors = s, r.cast(s, r.counters, seed)
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

// Actors tells where each actor stands, producers first, in file order.
func (r *Run) Actors() []Actor {
	r.mu.Lock()
	defer r.mu.Unlock()
	states := make([]Actor, len(r.actors))
	for i, a := range r.actors {
		states[i] = a.state()
	}
	return states
}

// Scenario is what is played, nil if a snapshot was restored that held none.
func (r *Run) Scenario() *Scenario {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.scenario
}

// ledger is what an actor has done, and the last error that it met.
type ledger struct {
	done   uint64
	failed uint64
	err    error
}

func (l *ledger) note(err error) {
	if err != nil {
		l.err = err
	}
}

// entryError is the error of a batch entry that was refused.
func entryError(e backend.BatchError) error {
	return backend.ErrorByCode(e.Code, 400, fmt.Sprintf("%s: %s", strconv.Quote(e.Id), e.Message))
}
