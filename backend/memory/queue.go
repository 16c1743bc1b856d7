package memory

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// queue is one queue: its settings, its messages and who waits for them.
type queue struct {
	e      *Engine
	number uint64 // in order of creation, and so of locking
	name   string
	url    string
	arn    backend.ARN
	arnStr string
	fifo   bool
	id     uint64 // in receipt handles: tells it from an older queue of the same name
	secret uint64 // of receipt handles, the same for all queues

	settings atomic.Pointer[settings] // replaced under mu

	mu       sync.Mutex // for all below
	gone     bool
	replaced bool  // gone, because a snapshot was restored
	seen     int64 // when it was brought up to date last
	created  int64
	modified int64
	purged   int64 // 0: never
	tags     map[string]string
	dice     *rand.PCG
	chance   *rand.Rand // of the dice
	shown    gauge      // what a fault has shown of the counts

	seq      uint64 // the last one given to a message, or as a rank
	messages index
	byID     map[uuid]*message // nil until RemoveMessages needs it
	age      heap[*message]    // all, by the time they were sent
	echoed   bool              // several may have the same id
	hidden   heap[*message]    // in flight and delayed, by the end of that
	inFlight int
	delayed  int

	order heap[*message] // standard: visible ones by rank, as is this
	fair  *fair          // nil: no message has had a group

	groups   map[string]*group // FIFO, as are these
	ready    heap[*group]      // those that can be delivered from, by turn
	beyond   heap[*group]      // those that could but for the horizon
	horizon  uint64            // the last sequence that receives look at; 0: all
	turns    uint64
	numbers  uint64 // sequence numbers given
	scope    scope
	dedup    recent[dedupKey, original]
	attempts recent[string, []replayed]

	line  line
	alarm alarm
	tasks []*moveTask // newest first

	counts counts
	picked []*message // room for what a receive takes
}

// counts are totals since the queue was made.
type counts struct{ sent, received, deleted, expired uint64 }

// settings are rules.Settings with what is needed at every message.
type settings struct {
	rules.Settings
	queue      rules.Queue
	delay      int64 // nanoseconds, as are these
	retention  int64
	visibility int64
	wait       int64
	shown      map[string]string // all attributes, but for the counts
}

func (q *queue) newSettings(s rules.Settings) *settings {
	shown := s.Attributes()
	shown[backend.AttrCreatedTimestamp] = seconds(q.created)
	shown[backend.AttrLastModifiedTimestamp] = seconds(q.modified)
	shown[backend.AttrQueueArn] = q.arnStr
	return &settings{
		Settings:   s,
		shown:      shown,
		queue:      s.Queue(q.name),
		delay:      nanoseconds(s.DelaySeconds),
		retention:  nanoseconds(s.MessageRetentionPeriod),
		visibility: nanoseconds(s.VisibilityTimeout),
		wait:       nanoseconds(s.ReceiveMessageWaitTimeSeconds),
	}
}

func newQueue(e *Engine, number uint64, arn backend.ARN, s rules.Settings, tags map[string]string, now int64) *queue {
	q := &queue{
		e:        e,
		number:   number,
		name:     arn.Name,
		url:      e.url(arn.Name),
		arn:      arn,
		arnStr:   arn.String(),
		fifo:     s.FIFO,
		created:  now,
		modified: now,
		tags:     tags,
	}
	q.messages.spare = &e.spare
	q.age.which = byAge
	q.beyond.which = farAway
	q.scope.now = s.DeduplicationScope
	q.dedup = newRecent[dedupKey, original](rules.DeduplicationWindow)
	q.attempts = newRecent[string, []replayed](rules.AttemptWindow)
	q.alarm = alarm{at: never, event: event{run: q.ring}}
	q.settings.Store(q.newSettings(s))
	return q
}

// roll gives a new queue its chance.
func (q *queue) roll(seed, secret uint64) {
	q.dice, q.secret = source(seed, q.name, q.number), secret
	q.chance = rand.New(q.dice)
	q.id = q.chance.Uint64()
}

// lock takes the queue and brings it up to date. With an error it is not taken.
func (q *queue) lock() (now int64, err error) {
	q.mu.Lock()
	if err := q.open(); err != nil {
		q.mu.Unlock()
		return 0, err
	}
	now = q.e.clock.now()
	q.advance(now)
	return now, nil
}

// unlock sees to those who wait for what has changed, and gives the queue back.
func (q *queue) unlock() {
	q.settle()
	q.mu.Unlock()
}

// open tells why the queue cannot be used any more. With mu held.
func (q *queue) open() error {
	switch {
	case q.e.closed.Load():
		return errClosed()
	case q.replaced:
		return errRestored()
	case q.gone:
		return noQueue()
	}
	return nil
}

// lockBoth takes two queues, or one if the other is nil, in the order of their
// creation, and brings neither up to date: either may be gone.
func lockBoth(a, b *queue) {
	if b != nil && b.number < a.number {
		a, b = b, a
	}
	a.mu.Lock()
	if b != nil {
		b.mu.Lock()
	}
}

// add stores a message that has everything but its place, as a new arrival, on a
// FIFO queue in that group. It is delayed until then, if that is not over. With
// mu held.
func (q *queue) add(m *message, group string, until, now int64) {
	m.receipts, m.received, m.changed = 0, 0, false
	q.counts.sent++
	if q.fifo {
		q.numbers++
		m.number = q.numbers
	}
	q.put(m)
	if q.fifo {
		q.join(m, group)
	}
	if until > now {
		q.hide(m, delayed, until)
		return
	}
	q.reveal(m)
}

// put stores a message under the next sequence, with no state yet.
func (q *queue) put(m *message) {
	q.seq++
	m.seq, m.rank = q.seq, q.seq
	q.keep(m)
}

// keep stores a message that has its sequence, the highest so far.
func (q *queue) keep(m *message) {
	q.messages.put(m)
	if q.byID != nil {
		q.byID[m.id] = m
	}
	q.age.push(m.sent, m.seq, m)
	if q.fifo {
		q.lookAhead(m)
	} else {
		q.settleIn(m)
	}
}

// remove takes a message out, in whatever state it is. With mu held.
func (q *queue) remove(m *message) {
	switch {
	case m.state != visible:
		q.hidden.remove(m)
		q.uncount(m, q.seen)
	case !q.fifo && q.order.has(m):
		q.dequeue(m)
	}
	q.age.remove(m)
	q.messages.remove(m.seq)
	if q.echoed {
		q.byID = nil // which may not know the other ones
	}
	delete(q.byID, m.id)
	if q.fifo {
		q.leave(m)
		q.lookFurther(m)
	} else {
		q.moveOut(m)
	}
	if q.messages.n == 0 {
		q.byID, q.echoed = nil, false
	}
}

// clear forgets all messages at once, and what deduplication knew (1.9). With
// mu held.
func (q *queue) clear() {
	q.messages = index{spare: &q.e.spare}
	q.byID = nil
	q.age.slots, q.hidden.slots, q.order.slots, q.ready.slots = nil, nil, nil, nil
	q.beyond.slots, q.horizon, q.fair = nil, 0, nil
	q.inFlight, q.delayed = 0, 0
	q.groups = nil
	q.dedup.clear()
	q.attempts.clear()
}

func (q *queue) visible() int { return q.messages.n - q.inFlight - q.delayed }
