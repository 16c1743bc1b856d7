package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
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
	sqs    backend.SQS
	ctx    context.Context // of the actors' calls, which never wait
	cancel context.CancelFunc
	queues []queue // called by their names, which SQS takes for URLs (docs/SQS.md 1.0)

	mu       sync.Mutex // guards what follows, and all of the actors
	stopped  bool
	counters []int64
	actors   []actor
}

// actor is a producer or a group of workers.
type actor interface {
	start(now time.Time)
	stop()
	state() Actor
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
// actors, and returns once they have worked for the warm-up time. It moves the
// engine's clock forward by [Scenario.History] to do so; the clock stands
// between the steps and is left running or paused as it was found. The same
// seed gives the same messages, sent at the same times after the start.
//
// The context bounds the setting up and not the run, which goes on until
// [Run.Stop]. An error means that the engine may hold a part of the scenario:
// KindConflict if a queue is there with other attributes or messages in the way
// of dead letters, KindCancelled if the context ended.
func (s *Scenario) Start(ctx context.Context, engine *memory.Engine, seed uint64) (*Run, error) {
	r := &Run{engine: engine, clock: engine.Clock(), sqs: engine.Stack().SQS, queues: s.queues}
	r.ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if !r.clock.Paused() {
		r.clock.Pause()
		defer r.clock.Resume()
	}
	for _, c := range s.counters {
		r.counters = append(r.counters, c.start)
	}
	err := r.makeQueues(ctx)
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

// begin starts the actors and lets them work for the warm-up time.
func (r *Run) begin(ctx context.Context, s *Scenario, seed uint64) error {
	r.mu.Lock()
	for _, p := range s.producers {
		r.actors = append(r.actors, newProducer(r, p, seed))
	}
	for _, w := range s.workers {
		r.actors = append(r.actors, newWorker(r, w, seed))
	}
	now := r.clock.Now()
	for _, a := range r.actors {
		a.start(now)
	}
	r.mu.Unlock()
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

// at has the engine's clock call f with the run's lock held, unless the run has
// stopped by then.
func (r *Run) at(t time.Time, f func(now time.Time)) (cancel func()) {
	return r.clock.At(t, r.locked(f))
}

func (r *Run) locked(f func(now time.Time)) func(now time.Time) {
	return func(now time.Time) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.stopped {
			f(now)
		}
	}
}

// pen gives an actor its own randomness, so that a change of one actor leaves
// the others as they were.
func (r *Run) pen(seed uint64, name string) *pen {
	h := fnv.New64a()
	h.Write([]byte(name))
	return &pen{rng: rand.New(rand.NewPCG(seed, h.Sum64())), counters: r.counters}
}

// makeQueues makes all queues and then wires their redrives.
func (r *Run) makeQueues(ctx context.Context) error {
	arns := make([]string, len(r.queues))
	for i, q := range r.queues {
		_, err := r.sqs.CreateQueue(ctx, backend.CreateQueueInput{QueueName: q.name, Attributes: q.attributes, Tags: q.tags})
		if err != nil {
			return r.setUpError(q.name, err)
		}
		attrs, err := r.sqs.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{
			QueueUrl: q.name, AttributeNames: []string{backend.AttrQueueArn},
		})
		if err != nil {
			return r.setUpError(q.name, err)
		}
		arns[i] = attrs.Attributes[backend.AttrQueueArn]
	}
	for _, q := range r.queues {
		if q.redriveTo < 0 {
			continue
		}
		policy, err := json.Marshal(map[string]any{"deadLetterTargetArn": arns[q.redriveTo], "maxReceiveCount": q.maxReceive})
		if err != nil {
			return r.setUpError(q.name, err)
		}
		err = r.sqs.SetQueueAttributes(ctx, backend.SetQueueAttributesInput{
			QueueUrl: q.name, Attributes: map[string]string{backend.AttrRedrivePolicy: string(policy)},
		})
		if err != nil {
			return r.setUpError(q.name, err)
		}
	}
	return nil
}

func (r *Run) setUpError(queue string, err error) error {
	e := *backend.AsError(err)
	e.Message = "the scenario cannot be set up: " + e.Message
	e.Subject, e.Err = queue, err
	return &e
}

// moment is one message of the history.
type moment struct {
	before   time.Duration // the start of the actors
	messages *messages
}

// sendHistory sends the messages that are there when the actors start, each at
// its time, the oldest first.
func (r *Run) sendHistory(ctx context.Context, s *Scenario, seed uint64) error {
	p := r.pen(seed, "history")
	var moments []moment
	for i := range s.messages {
		m := &s.messages[i]
		for k := range m.count {
			part := (float64(k) + p.rng.Float64()) / float64(m.count)
			moments = append(moments, moment{m.ago - time.Duration(part*float64(m.ago-m.until)), m})
		}
	}
	slices.SortStableFunc(moments, func(a, b moment) int { return int(max(-1, min(1, b.before-a.before))) })
	end := r.clock.Now().Add(s.oldest())
	for _, m := range moments {
		if err := ctx.Err(); err != nil {
			return backend.AsError(err)
		}
		r.advanceTo(end.Add(-m.before))
		p.now = r.clock.Now()
		if err := r.sendMoment(ctx, m.messages, p); err != nil {
			return r.setUpError(s.queues[m.messages.queue].name, err)
		}
	}
	r.advanceTo(end)
	return nil
}

func (r *Run) advanceTo(t time.Time) {
	if d := t.Sub(r.clock.Now()); d > 0 {
		r.clock.Advance(d)
	}
}

func (r *Run) sendMoment(ctx context.Context, m *messages, p *pen) error {
	in := m.template.message(r.queues[m.queue].name, p)
	if m.dead && !isFIFO(r.queues[m.queue].name) {
		in.DelaySeconds = backend.Some(0) // It has to be received now.
	}
	out, err := r.sqs.SendMessage(ctx, in)
	if err != nil || !m.dead {
		return err
	}
	return r.kill(ctx, m.queue, out.MessageId)
}

// kill makes a dead letter the way consumers make them: it receives the message
// as often as the queue allows, and once more, which moves it.
func (r *Run) kill(ctx context.Context, queue int, id string) error {
	for n := range r.queues[queue].maxReceive + 1 {
		out, err := r.sqs.ReceiveMessage(ctx, backend.ReceiveMessageInput{
			QueueUrl: r.queues[queue].name, VisibilityTimeout: backend.Some(0), WaitTimeSeconds: backend.Some(0),
		})
		last := n == r.queues[queue].maxReceive
		switch got := out.Messages; {
		case err != nil:
			return err
		case last && len(got) == 0:
			return nil
		case last || len(got) != 1 || got[0].MessageId != id:
			return backend.Errorf(backend.KindConflict, "there are other messages where dead letters are to be made")
		}
	}
	return nil
}

// problem keeps the last error that an actor met.
type problem struct{ err error }

func (p *problem) note(err error) {
	if err != nil {
		p.err = err
	}
}

// entryError is the error of a batch entry that was refused.
func entryError(e backend.BatchError) error {
	return backend.ErrorByCode(e.Code, 400, fmt.Sprintf("%s: %s", strconv.Quote(e.Id), e.Message))
}
