// Package fleet keeps the live picture of all queues of one connection: their
// names, depths, trends and wiring, each as of when it was read. It decides
// which queue is most worth the next request and never receives a message.
//
// Promises:
//   - A [Snapshot] never changes, and there is always one. What was known stays
//     when a reading fails; the error stands beside it.
//   - [Fleet.Changed] is coalesced: one signal means at least one new picture,
//     of which the newest is the one to read. At most about 13 are made a second.
//   - Over a network no more than Budget.Burst requests at once, and Budget's
//     rate in the long run. An engine in this process is polled instead.
//
// One mutex guards everything; no call to the backend is made under it.
package fleet

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"sqscope/backend"
	"sqscope/backend/owner"
)

// Options say what to watch and how hard.
type Options struct {
	Stack  backend.Stack // guarded and metered
	Region string        // of the queues, whose URLs do not always say it
	Group  *owner.Group  // owns the fleet's goroutines and ends them

	// Poll is how often queues on screen are read where that costs nothing: in
	// the engine in this process. 0 means a network, with requests by the budget.
	Poll    time.Duration
	Budget  Budget        // zero fields take DefaultBudget's
	Relist  time.Duration // between listings of all names; 0: 30 s, or 1 s with Poll
	Timeout time.Duration // of one request; 0: 30 s
}

// Budget bounds the requests over a network.
type Budget struct {
	Burst      int        // at once, for rows coming on screen and explicit acts
	Parallel   int        // at the same time
	Background rate.Limit // a second, all together, in the long run
	Idle       rate.Limit // the same while nobody is looking
}

// DefaultBudget is a burst of 100, 32 in parallel, 10 requests a second, and 1
// when idle (DESIGN.md 5).
func DefaultBudget() Budget { return Budget{Burst: 100, Parallel: 32, Background: 10, Idle: 1} }

const (
	idleAfter     = 10 * time.Minute // without a key press
	backgroundAge = time.Minute      // a queue off screen is not read more often
	publishLag    = 5 * time.Millisecond
	publishGap    = 75 * time.Millisecond
)

// Fleet is the picture and what renews it. Make it with [New].
type Fleet struct {
	o       Options
	wake    chan struct{}
	changed chan struct{}
	snap    atomic.Pointer[Snapshot]

	mu     sync.Mutex
	queues map[backend.ARN]*entry
	byURL  map[string]*entry      // the same, as listings name them
	alias  map[backend.ARN]*entry // by the QueueArn that the queue itself gives, where that differs
	sorted []*entry               // by name; renewed when members is set

	members                bool // sorted is out of date
	wiring                 bool // and so is which queue is whose dead-letter queue
	dirty                  bool // there is something new to publish
	publishAt, publishedAt time.Time

	look    []backend.ARN // on screen
	lookSet map[backend.ARN]bool
	maxAge  time.Duration
	asked   []*entry // by explicit acts, in order

	limiter     *rate.Limiter
	reading     int // requests out
	steadyAt    time.Time
	screenLast  bool // the last steady request was for a row on screen
	staleBefore time.Time
	activeAt    time.Time
	unfocused   bool

	listing, complete bool
	listAt, listedAt  time.Time
	listErr           *backend.Error
	listFails         int
	generation        uint64 // of the listing that is under way

	readErr   *backend.Error // of the connection, found while reading a queue
	readFails int
	pausedTil time.Time

	polling bool // a round in the engine is under way
	pollAt  time.Time
	cursor  int // where the round through the queues off screen is

	metering bool // totals are being read over a network
	meterAt  time.Time

	clock   backend.ClockState
	clockAt time.Time
}

// entry is a queue and how it stands in the schedule.
type entry struct {
	q       *Queue
	target  backend.ARN // of its RedrivePolicy; zero: none
	history history

	looked   bool // on screen
	urgent   bool // it came on screen and is not fresh enough
	explicit bool // it is in asked
	again    bool // asked for while a reading was under way, which may be too old
	reading  bool
	gone     bool // it does not exist, though listings may still name it

	triedAt   time.Time
	fails     int
	heldTil   time.Time // after errors of its own
	listed    uint64    // the generation of the last listing that named it
	keptUntil time.Time // made lately: listings may not name it yet
}

// New starts watching. It ends with the group.
func New(o Options) *Fleet {
	d := DefaultBudget()
	if o.Budget.Burst <= 0 {
		o.Budget.Burst = d.Burst
	}
	if o.Budget.Parallel <= 0 {
		o.Budget.Parallel = d.Parallel
	}
	if o.Budget.Background <= 0 {
		o.Budget.Background = d.Background
	}
	if o.Budget.Idle <= 0 {
		o.Budget.Idle = d.Idle
	}
	if o.Relist <= 0 {
		o.Relist = 30 * time.Second
		if o.Poll > 0 {
			o.Relist = time.Second
		}
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	f := &Fleet{
		o:        o,
		wake:     make(chan struct{}, 1),
		changed:  make(chan struct{}, 1),
		queues:   map[backend.ARN]*entry{},
		byURL:    map[string]*entry{},
		alias:    map[backend.ARN]*entry{},
		limiter:  rate.NewLimiter(o.Budget.Background, o.Budget.Burst),
		activeAt: time.Now(),
	}
	f.snap.Store(&Snapshot{})
	o.Group.Go("fleet", f.run)
	return f
}

// Snapshot is the present picture. It costs nothing.
func (f *Fleet) Snapshot() *Snapshot { return f.snap.Load() }

// Changed gets a signal after each change of the picture; several changes may
// share one.
func (f *Fleet) Changed() <-chan struct{} { return f.changed }

// Queue is the present picture of one queue, or nil if it is not known.
func (f *Fleet) Queue(arn backend.ARN) *Queue { return f.Snapshot().Queue(arn) }

// Look says which queues are on screen, and how old their readings may be.
// Those that come on screen are read at once if they are older. A queue that is
// not known yet is read as soon as it is listed.
func (f *Fleet) Look(arns []backend.ARN, maxAge time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.Equal(f.look, arns) && f.maxAge == maxAge {
		return
	}
	now := time.Now()
	for _, arn := range f.look {
		if e := f.queues[arn]; e != nil {
			e.looked = false
		}
	}
	before := f.lookSet
	f.look, f.maxAge = slices.Clone(arns), maxAge
	f.lookSet = make(map[backend.ARN]bool, len(arns))
	for _, arn := range arns {
		f.lookSet[arn] = true
		if e := f.queues[arn]; e != nil {
			e.looked = true
			e.urgent = e.urgent && before[arn] || !before[arn] && !e.reading && f.stale(e, now)
		}
	}
	f.poke()
}

// stale tells whether a queue on screen is due for a reading.
func (f *Fleet) stale(e *entry, now time.Time) bool {
	return e.q.AsOf.IsZero() || now.Sub(e.q.AsOf) >= f.maxAge
}

// Refresh reads one queue now, after an act on it. One that is not known is
// looked for with a new listing.
func (f *Fleet) Refresh(arn backend.ARN) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.queues[arn]
	if e == nil {
		f.listAt = time.Now()
	} else {
		f.ask(e)
	}
	f.poke()
}

// RefreshAll lists the names now, reads the queues on screen now and all others
// as the budget allows.
func (f *Fleet) RefreshAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	f.listAt, f.staleBefore = now, now
	for _, arn := range f.look {
		if e := f.queues[arn]; e != nil {
			f.ask(e)
		}
	}
	f.poke()
}

// Add takes a queue into the picture that was made just now and that a listing
// may not name for a while (2.7).
func (f *Fleet) Add(queueURL string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.found(queueURL)
	e.keptUntil = time.Now().Add(time.Minute)
	if e.gone {
		e.gone, f.members = false, true
	}
	f.ask(e)
	f.touch()
	f.poke()
}

// Retry tries at once whatever failed and waits for its next try.
func (f *Fleet) Retry() {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if f.listErr != nil {
		f.listAt = now
	}
	f.pausedTil = time.Time{}
	for _, e := range f.queues {
		e.heldTil = time.Time{}
	}
	f.poke()
}

// Active says that somebody is there: a key was pressed, or the terminal has
// the focus again.
func (f *Fleet) Active() {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	was := f.idle(now)
	f.activeAt, f.unfocused = now, false
	if was {
		f.poke()
	}
}

// Idle says that nobody is looking: the terminal has lost the focus.
func (f *Fleet) Idle() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unfocused = true
	f.poke()
}

func (f *Fleet) idle(now time.Time) bool {
	return f.unfocused || now.Sub(f.activeAt) >= idleAfter
}

// ask queues a reading of one queue before all others, whatever failed before.
func (f *Fleet) ask(e *entry) {
	e.heldTil = time.Time{}
	if e.reading {
		e.again = true
		return
	}
	if !e.explicit {
		e.explicit = true
		f.asked = append(f.asked, e)
	}
}

// poke lets the loop look at the schedule anew.
func (f *Fleet) poke() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// limit is the context of one request.
func (f *Fleet) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, f.o.Timeout)
}
