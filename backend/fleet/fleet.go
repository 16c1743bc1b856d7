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
//     rate in the long run, whatever fails. An engine in this process is polled
//     instead.
//   - What was not asked for is not asked: tags only where they are wanted, and
//     CloudWatch, which has its price, only where it was switched on.
//
// One mutex guards everything; no call to the backend is made under it. The
// pacer's may be taken while it is held.
package fleet

import (
	"sync"
	"sync/atomic"
	"time"

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
	Pacer   *Pacer        // shared by fleets of one account and region; nil: one of its own
	Budget  Budget        // of its own pacer; zero fields take DefaultBudget's
	Relist  time.Duration // between listings of all names; 0: 30 s, or 1 s with Poll
	Timeout time.Duration // of one request; 0: 30 s
	Gap     time.Duration // between two pictures at least; 0: 75 ms
}

const (
	idleAfter  = 10 * time.Minute // without a key press
	publishLag = 5 * time.Millisecond
	publishGap = 75 * time.Millisecond
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

	plans      []plan   // of the same
	dlqs       []int    // places of dead-letter queues in sorted
	known      int      // of sorted, how many have been read
	unreadable int      // and how many were tried and never read
	news       []*entry // have another picture than the last published one

	members                bool // sorted is out of date
	rebuilt                bool // and all is new in the next picture
	wiring                 bool // and so is which queue is whose dead-letter queue
	dirty                  bool // there is something new to publish
	publishAt, publishedAt time.Time

	look    []backend.ARN // on screen
	lookSet map[backend.ARN]bool
	maxAge  time.Duration
	pins    map[backend.ARN]bool
	wants   map[backend.ARN]bool // whose tags are wanted
	asked   []*entry             // by explicit acts, in order

	pacer       *Pacer
	reading     int       // requests out
	slotAt      time.Time // when this fleet may send the next steady request; zero: none is reserved
	turn        int       // counts steady requests
	staleBefore time.Time
	activeAt    time.Time
	unfocused   bool
	shownPace   Pace

	listing, complete bool
	listAt, listedAt  time.Time
	listErr           *backend.Error
	listFails         int
	generation        uint64 // of the listing that is under way

	readErr    *backend.Error // of the connection, found while reading a queue
	readFails  int
	pausedTil  time.Time
	refused    int            // readings in a row that failed each for its queue
	refusedErr *backend.Error // the last of them
	probe      uint32         // where the next is tried while all are refused

	tagsRefused int       // the same of tags
	tagsHeldTil time.Time // after too many

	polling bool // a round in the engine is under way
	pollAt  time.Time
	cursor  int // where the round through the queues off screen is

	clocking bool // the clock is being read over a network
	clockDue time.Time
	clock    backend.ClockState
	clockAt  time.Time

	metered      bool          // metrics are wanted
	metering     bool          // they are being read over a network
	meteredAt    time.Time     // when they last were
	meterEvery   time.Duration // how often they are to be, by where they come from
	meterAt      time.Time     // when those of queues off screen are to be
	metricsErr   *backend.Error
	metricsFails int
}

// entry is a queue and how it stands in the schedule.
type entry struct {
	q       *Queue      // replaced by set alone
	i       int         // place in sorted; -1: none yet, or no more
	target  backend.ARN // of its RedrivePolicy; zero: none
	history history

	looked   bool // on screen
	pinned   bool
	wanted   bool // its tags are
	opened   bool // by URL, ARN or name
	urgent   bool // it came on screen and is not fresh enough
	explicit bool // it is in asked
	again    bool // asked for while a reading was under way, which may be too old
	reading  bool
	gone     bool // it does not exist, though listings may still name it

	triedAt   time.Time
	fails     int
	heldTil   time.Time // after errors of its own
	stirred   int       // readings for which it still counts as one that changes
	listed    uint64    // the generation of the last listing that named it; 0: none ever did
	keptUntil time.Time // made lately: listings may not name it yet

	tagging     bool // its tags are being read
	tagsStale   bool // they are to be read whatever their age
	tagsTriedAt time.Time
	tagsFails   int
	tagsHeldTil time.Time

	meteredAt time.Time // when its metrics were last read over a network
}

// guest tells whether the queue is one that listings do not name, as those of
// another account, and that was asked for by name. It stays.
func (e *entry) guest() bool { return e.opened && e.listed == 0 }

// New starts watching. It ends with the group.
func New(o Options) *Fleet {
	if o.Relist <= 0 {
		o.Relist = 30 * time.Second
		if o.Poll > 0 {
			o.Relist = time.Second
		}
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Gap <= 0 {
		o.Gap = publishGap
	}
	if o.Pacer == nil {
		o.Pacer = NewPacer(o.Budget)
	}
	f := &Fleet{
		o:        o,
		pacer:    o.Pacer,
		wake:     make(chan struct{}, 1),
		changed:  make(chan struct{}, 1),
		queues:   map[backend.ARN]*entry{},
		byURL:    map[string]*entry{},
		alias:    map[backend.ARN]*entry{},
		activeAt: time.Now(),
		metered:  o.Poll > 0, meterEvery: totalsEvery,
	}
	if o.Poll == 0 {
		f.shownPace, _ = f.pacer.pace(f.activeAt)
	}
	f.snap.Store(&Snapshot{Pace: f.shownPace})
	f.pacer.look(f, true)
	if !o.Group.Go("fleet", f.run) {
		f.pacer.leave(f)
	}
	return f
}

// Snapshot is the present picture. It costs nothing.
func (f *Fleet) Snapshot() *Snapshot { return f.snap.Load() }

// Changed gets a signal after each change of the picture; several changes may
// share one.
func (f *Fleet) Changed() <-chan struct{} { return f.changed }

// Queue is the present picture of one queue, or nil if it is not known.
func (f *Fleet) Queue(arn backend.ARN) *Queue { return f.Snapshot().Queue(arn) }
