// Package peek looks at the messages of a queue and does the queue as little
// harm as can be. Where a place can be browsed, looking is free. Elsewhere SQS
// has no peek (docs/SQS.md 13): a look receives, which counts, and takes a
// lease, which hides the message from its consumers. A [Session] therefore says
// what a look costs, stops where it would do harm, and gives everything back.
//
// Promises:
//   - Nothing is received but by [Session.Look] and [Session.LookFor], and by
//     [Session.Delete] for a message whose lease is over.
//   - A receive that was sent is never given up: what it brings is held, or
//     given back if the session was released meanwhile.
//   - A handle is used only while its lease is ours. "Deleted" is said only of
//     what SQS confirmed.
//   - A lease lasts no longer than its look and a little, unless
//     [Session.KeepAlive] or [Session.ChangeVisibility] says otherwise: what a lost
//     connection or a killed process leaves hidden comes back that soon.
//   - Everything may be called from any goroutine. [Leases.ReleaseAll] may be
//     called at any time, after a panic too.
//
// Lock order: the registry's mutex before a session's, and neither over a call
// to the backend.
package peek

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"sqscope/backend"
)

// Options are the facts of a queue that a look depends on.
type Options struct {
	Stack           backend.Stack // guarded and metered
	Leases          *Leases       // keeps account of what we hold
	URL             string
	ARN             backend.ARN
	FIFO            bool
	MaxReceiveCount int // of its RedrivePolicy; 0: none
	Visible         int // about how many it has; -1: not known

	Budget   time.Duration // of one look; 0: 10 s
	Wait     time.Duration // of one long poll, 1..20 s; 0: 1 s
	Parallel int           // receives at the same time on a standard queue; 0: 8
	Hold     int           // messages that LookFor has on lease at most; 0: 10,000

	// AskFirst has a look refused with [StopAsk] where [Cost.Confirm] says that a
	// person is to be asked, until [Session.AcceptDeadLettering].
	AskFirst bool
	// HighestCount is the highest receive count of one of its messages that is known
	// from elsewhere; 0: none is.
	HighestCount int
	// DLQDepth tells about how many messages its dead-letter queue holds. Where it is
	// set and there is a redrive policy, it is asked before, between and after the
	// receives of a look, which stops when the number has grown. nil: not watched.
	DLQDepth func(context.Context) (int, error)
}

const (
	batch    = 10               // the most that a receive or a batch holds (1.13, 1.16)
	grace    = 20 * time.Second // for an answer, beyond the wait of a long poll
	minLease = 15 * time.Second // 13.2
	overScan = 5 * time.Second  // a lease outlives its look by this
	margin   = time.Second      // a lease that ends sooner is not relied on
)

// Session is looking at one queue. Make it with [Open].
type Session struct {
	o Options

	acts chan struct{} // held by Delete and Release: one of them at a time

	mu        sync.Mutex
	messages  map[string]*held
	order     []*held            // as first seen
	cancel    context.CancelFunc // ends the scan that is under way; nil: none
	look      uint               // number of the last scan
	turns     int                // deliveries to us
	pending   int                // receives out
	landed    chan struct{}      // closed when pending falls to 0
	abandoned uint               // scans up to this one: what comes late is given back at once
	accepted  bool               // the next look may dead-letter messages
	cost      Cost
	retention time.Duration
	ended     uint               // the last scan that is over
	keeping   context.CancelFunc // ends KeepAlive; nil: it does not run
	last      State              // of the last look
}

// Open starts looking at a queue, without a request: nothing is received
// before [Session.Look].
func Open(o Options) *Session {
	if o.Budget <= 0 {
		o.Budget = 10 * time.Second
	}
	if o.Wait <= 0 {
		o.Wait = time.Second
	}
	if o.Parallel <= 0 {
		o.Parallel = 8
	}
	if o.FIFO {
		o.Parallel = 1
	}
	if o.Hold <= 0 {
		o.Hold = 10_000
	}
	return &Session{
		o:        o,
		acts:     make(chan struct{}, 1),
		messages: map[string]*held{},
		cost: Cost{
			Free:            o.Stack.Browse != nil,
			MaxReceiveCount: o.MaxReceiveCount,
			FIFO:            o.FIFO,
			Lease:           max(o.Budget+overScan, minLease),
		},
	}
}

// Cost is what looking costs: before the first look what it would, after it
// what all looks of the session did.
func (s *Session) Cost() Cost {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.cost
	c.Highest = s.o.HighestCount
	groups, now := map[string]bool{}, time.Now()
	for _, h := range s.messages {
		c.Highest = max(c.Highest, h.ReceiveCount)
		if s.atLimit(h) {
			c.AtLimit++
		}
		if c.FIFO && h.Leased(now) {
			groups[h.GroupId()] = true
		}
	}
	c.Groups = len(groups)
	return c
}

// atLimit tells whether the next receive of a message dead-letters it: it has
// had all the receives that its queue's policy allows (6.1).
func (s *Session) atLimit(h *held) bool {
	return s.cost.MaxReceiveCount > 0 && h.ReceiveCount >= s.cost.MaxReceiveCount
}

// Messages are those seen so far and not deleted by us: as the queue has them
// where it was browsed, in sequence on a FIFO queue, else in the order in which
// they came.
func (s *Session) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	out := make([]Message, 0, len(s.order))
	for _, h := range s.order {
		m := h.Message
		if s.o.Stack.Browse == nil {
			m.State, m.Until = backend.StateUnknown, time.Time{}
			if m.Leased(now) {
				m.State, m.Until = backend.StateInFlight, m.LeaseEnds
			}
		}
		out = append(out, m)
	}
	if s.o.FIFO && s.o.Stack.Browse == nil {
		slices.SortStableFunc(out, func(a, b Message) int {
			return inSequence(a.Attributes[backend.SysSequenceNumber], b.Attributes[backend.SysSequenceNumber])
		})
	}
	return out
}

// AcceptDeadLettering lets the next look receive although [Cost.Confirm] says
// that a person is to be asked: messages may have no receive left, and be moved to
// the dead-letter queue by it. Only a person who was told so may decide that.
func (s *Session) AcceptDeadLettering() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accepted = true
}

// leases is how many messages are on our lease. The mutex must be held.
func (s *Session) leases(now time.Time) int {
	n := 0
	for _, h := range s.messages {
		if h.Leased(now) {
			n++
		}
	}
	return n
}

// onLease are the messages on our lease, the last delivered first. The mutex
// must be held.
func (s *Session) onLease(now time.Time) []*held {
	var out []*held
	for _, h := range s.messages {
		if h.Leased(now) {
			out = append(out, h)
		}
	}
	slices.SortFunc(out, func(a, b *held) int { return cmp.Compare(b.turn, a.turn) })
	return out
}

// busy tells whether the session has anything on lease or may get it.
func (s *Session) busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cancel != nil || s.pending > 0 || s.leases(time.Now()) > 0
}

// forget takes a message out of the session. The mutex must be held.
func (s *Session) forget(h *held) {
	delete(s.messages, h.MessageId)
	if i := slices.Index(s.order, h); i >= 0 {
		s.order = slices.Delete(s.order, i, i+1)
	}
}
