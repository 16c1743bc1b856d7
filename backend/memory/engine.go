package memory

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// Options say what the engine is. The zero Options are good.
type Options struct {
	Account string // twelve digits; default 000000000000
	Region  string // default us-east-1
	BaseURL string // of queue URLs, without a slash at the end; default http://localhost:9324
	Clock   *Clock // default: one of its own, running, that is closed with it
	Seed    uint64 // of all ids
	// NoCooldown drops the waits of 60 s after DeleteQueue and PurgeQueue
	// (docs/SQS.md 1.1, 1.9).
	NoCooldown bool
	// MaxInFlight is how many messages of a queue can be in flight; default
	// 120,000 (3.3).
	MaxInFlight int
	// LookAhead is how many messages of a FIFO queue, from the oldest on, a
	// receive looks at for groups that it can deliver from; default 120,000 (3.3).
	LookAhead int
	// Authorize is asked for each request to [Engine.Stack]'s SQS before it is
	// known whether its queue exists (1.0), with SQS's name of the action and
	// the queue's policy, "" if it has none or is not there. A request that
	// concerns no queue has the name *. An error refuses the request. Nil allows
	// everything. It runs without locks.
	Authorize func(ctx context.Context, action string, queue backend.ARN, policy string) error
}

// Engine is SQS in memory: the 23 actions of [backend.SQS] and the abilities of
// a [backend.Stack]. Make it with [New] and close it when done.
type Engine struct {
	account     string
	region      string
	baseURL     string
	clock       *Clock
	ownClock    bool
	noCooldown  bool
	maxInFlight int
	lookAhead   int

	closed     atomic.Bool
	quit       chan struct{} // closed with it
	authorize  func(ctx context.Context, action string, queue backend.ARN, policy string) error
	lastSender atomic.Pointer[extras]

	events  events
	spare   spares
	faults  faults
	running atomic.Int32  // move tasks
	steps   atomic.Uint64 // of move tasks so far

	sections sync.Mutex // of snapshots; never with another lock
	keepers  map[string]Keeper
	restored map[string]json.RawMessage // what came with the last snapshot

	mu      sync.RWMutex // the table of names, and all below
	seed    uint64
	secret  uint64 // of receipt handles
	names   map[string]*queue
	sorted  []*queue // by name
	created uint64
	deleted recent[string, int64] // when
}

var (
	_ backend.SQS     = (*Engine)(nil)
	_ backend.Browser = (*Engine)(nil)
	_ backend.Metrics = (*Engine)(nil)
	_ backend.Events  = (*Engine)(nil)
	_ backend.Clock   = clockAbility{}
	_ backend.Faults  = (*Engine)(nil)
)

// New makes an engine without queues.
func New(o Options) *Engine {
	e := &Engine{
		account:     or(o.Account, "000000000000"),
		region:      or(o.Region, "us-east-1"),
		baseURL:     strings.TrimRight(or(o.BaseURL, "http://localhost:9324"), "/"),
		clock:       o.Clock,
		ownClock:    o.Clock == nil,
		seed:        o.Seed,
		noCooldown:  o.NoCooldown,
		maxInFlight: or(o.MaxInFlight, rules.MaxInFlight),
		names:       make(map[string]*queue),
		lookAhead:   or(o.LookAhead, lookAhead),
		authorize:   o.Authorize,
		quit:        make(chan struct{}),
		deleted:     newRecent[string, int64](rules.DeleteCooldown),
	}
	if e.ownClock {
		e.clock = NewClock(ClockOptions{})
	}
	e.secret = mix(o.Seed, uint64(e.clock.now()))
	return e
}

func or[T comparable](value, def T) T {
	var zero T
	if value == zero {
		return def
	}
	return value
}

// Stack is everything that the engine offers. Its SQS is the boundary of the
// service, where faults happen and callers are authorised; the engine's own
// methods are behind it.
func (e *Engine) Stack() backend.Stack {
	return backend.Stack{
		SQS: boundary{e, true}, Browse: e, Clock: clockAbility{e.clock, e}, Metrics: e, Events: e, Faults: e,
		Snapshots: snapshots{e},
	}
}

// Clock is the engine's clock.
func (e *Engine) Clock() *Clock { return e.clock }

// Close ends all waits with an error, which every later call gets too, and all
// subscriptions. The clock is closed with it unless it was passed in.
func (e *Engine) Close() {
	if e.closed.Swap(true) {
		return
	}
	close(e.quit)
	e.events.endAll()
	for _, q := range e.all() {
		q.mu.Lock()
		q.callAll()
		q.settle()
		q.mu.Unlock()
	}
	if e.ownClock {
		e.clock.Close()
	}
}

func (e *Engine) url(name string) string { return e.baseURL + "/" + e.account + "/" + name }

func (e *Engine) arn(name string) backend.ARN {
	return backend.ARN{Partition: backend.PartitionOf(e.region), Region: e.region, Account: e.account, Name: name}
}

// find is the queue of a URL, whatever its host, or of a bare name (1.0).
func (e *Engine) find(ctx context.Context, action, queueURL string) (*queue, error) {
	if err := e.ready(ctx); err != nil {
		return nil, about(action, "", err)
	}
	if queueURL == "" {
		return nil, about(action, "", rules.Missing("QueueUrl"))
	}
	q, name := e.byURL(queueURL)
	if q == nil {
		return nil, about(action, or(name, queueURL), noQueue())
	}
	return q, nil
}

// byURL is the queue of a URL, or nil, and the name in it. Most URLs end in our
// account and the name of a queue, or are no more than that, and need no parsing.
func (e *Engine) byURL(queueURL string) (q *queue, name string) {
	i := strings.LastIndexByte(queueURL, '/')
	if i < 0 {
		return e.byName(queueURL), queueURL
	}
	if !strings.ContainsAny(queueURL, "?#%") {
		rest, ours := strings.CutSuffix(queueURL[:i], e.account)
		if ours && strings.HasSuffix(rest, "/") {
			if q := e.byName(queueURL[i+1:]); q != nil {
				return q, q.name
			}
		}
	}
	account, name := backend.URLParts(queueURL)
	if account != "" && account != e.account {
		return nil, name
	}
	return e.byName(name), name
}

// ready tells why a call cannot begin.
func (e *Engine) ready(ctx context.Context) error {
	if e.closed.Load() {
		return errClosed()
	}
	return ended(ctx)
}

// byName is the queue with that name, or nil.
func (e *Engine) byName(name string) *queue {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.names[name]
}

// byARN is the queue with that ARN, or nil.
func (e *Engine) byARN(arn string) *queue {
	a, ok := backend.ParseARN(arn)
	if !ok || a != e.arn(a.Name) {
		return nil
	}
	return e.byName(a.Name)
}

// seedNow is the seed, which a snapshot may have brought.
func (e *Engine) seedNow() uint64 {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.seed
}

// all is every queue, sorted by name, at this moment.
func (e *Engine) all() []*queue {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return slices.Clone(e.sorted)
}

// target answers what the check of a RedrivePolicy asks of its target.
func (e *Engine) target(arn string) (rules.Target, bool) {
	q := e.byARN(arn)
	if q == nil {
		return rules.Target{}, false
	}
	return rules.Target{FIFO: q.fifo, Allow: q.settings.Load().RedriveAllowPolicy}, true
}
