package scenario

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
)

// handlingSpec is what a consumer, a worker or a function, does with one message.
type handlingSpec struct {
	takes       time.Duration
	spread      float64
	shape       shape
	faults      []fault
	forwards    []forward
	calls       int   // index of the downstream it calls; -1: none
	refused     fault // what becomes of a message whose call was refused
	effect      []string
	effective   bool // it has a side effect; without a path the message id is what it is done for
	idempotency idempotency
	order       *orderSpec
	answers     []string // path of the task token that it answers with; nil: none
}

// shape is how processing times are distributed.
type shape string

const (
	uniform     shape = "uniform"     // around takes, by up to spread
	exponential shape = "exponential" // takes is the mean
	lognormal   shape = "lognormal"   // takes is the median, spread is sigma: a long tail
)

// idempotency is what a consumer asks before a side effect, and for how long.
type idempotency string

const (
	noKey      idempotency = ""
	messageKey idempotency = "message-id" // was this message processed? A redriven one is another
	effectKey  idempotency = "effect"     // was this effect had?
)

// orderSpec says what is out of order: a number that is below one that was
// processed for the same key. By is nil for one order of all.
type orderSpec struct {
	by, number []string
}

// fault is a rule for messages that are not processed. The first rule that
// matches counts. What it looks at is the message itself, so a message that
// always fails still does so after a redrive, and no longer once it was mended.
type fault struct {
	body      string // contains this
	attribute string // has this attribute
	value     string // of this value, if valued
	valued    bool
	chance    float64
	how       outcome
	after     time.Duration // until it is visible again, or the worker is back
	takes     time.Duration // -1: as long as others
}

// outcome is what becomes of a message that failed.
type outcome string

const (
	giveBack  outcome = "give-back"  // visible again after a while, or at once
	leave     outcome = "leave"      // until its visibility timeout ends
	crash     outcome = "crash"      // the worker dies with all that it holds
	crashLate outcome = "crash-late" // likewise, between the side effect and the delete
)

func (o outcome) fatal() bool { return o == crash || o == crashLate }

// forward is a message that a consumer sends for one that it processed.
type forward struct {
	to       target
	template *template
	chance   float64
}

// handling is a consumer at its messages, and what it remembers of them.
type handling struct {
	*handlingSpec
	c       *client
	effects book           // side effects that were had
	keys    book           // message ids that were processed, for messageKey
	highest map[string]int // number by key, for order
}

// judge finds the rule by which a message fails, if it does. One that would not
// fail by itself calls the downstream, and fails if that refuses.
func (h *handling) judge(m *backend.Message, now time.Time) *fault {
	for i := range h.faults {
		f := &h.faults[i]
		if f.matches(m) && (f.chance == 1 || h.c.pen.rng.Float64() < f.chance) {
			return f
		}
	}
	if h.calls >= 0 && !h.c.play.downstreams[h.calls].call(h.c, m.MessageId, now) {
		h.c.Throttled++
		return &h.refused
	}
	return nil
}

// attributes are the message attributes that the rules look at.
func (h *handling) attributes() []string {
	var names []string
	for _, f := range h.faults {
		if f.attribute != "" && !slices.Contains(names, f.attribute) {
			names = append(names, f.attribute)
		}
	}
	return names
}

// faultNumber is the number of a rule from 1 on, 0 for none; that of a refused
// call comes behind all others.
func (h *handling) faultNumber(f *fault) int {
	for i := range h.faults {
		if f == &h.faults[i] {
			return i + 1
		}
	}
	if f == &h.refused {
		return len(h.faults) + 1
	}
	return 0
}

// faultOf is the rule of a number that was saved.
func (h *handling) faultOf(number int) (*fault, error) {
	switch {
	case number == 0:
		return nil, nil
	case number > 0 && number <= len(h.faults):
		return &h.faults[number-1], nil
	case number == len(h.faults)+1 && h.calls >= 0:
		return &h.refused, nil
	}
	return nil, wrong("at most %d rules of failing were expected", len(h.faults))
}

func (f *fault) matches(m *backend.Message) bool {
	if f.attribute != "" {
		a, ok := m.MessageAttributes[f.attribute]
		if !ok || f.valued && a.StringValue.Value != f.value {
			return false
		}
	}
	return strings.Contains(m.Body, f.body)
}

// longest is the longest that a message takes, where chance would have it longer.
const longest = 12 * time.Hour

// time is how long a message takes.
func (h *handling) time(f *fault) time.Duration {
	takes := h.takes
	if f != nil && f.takes >= 0 {
		takes = f.takes
	}
	factor := 1.0
	switch rng := h.c.pen.rng; h.shape {
	case exponential:
		factor = rng.ExpFloat64()
	case lognormal:
		factor = math.Exp(h.spread * rng.NormFloat64())
	default:
		factor += h.spread * (2*rng.Float64() - 1)
	}
	return time.Duration(min(max(float64(takes)*factor, float64(time.Millisecond)), float64(longest)))
}

// process does what a message is there for, but for its delete, and tells whether
// all of it was taken.
func (h *handling) process(m *backend.Message, now time.Time) bool {
	if h.skips(m) {
		h.c.Skipped++
		return true
	}
	p := h.c.pen
	p.now, p.source = now, m.Body
	for i := range h.forwards {
		f := &h.forwards[i]
		if f.chance < 1 && p.rng.Float64() >= f.chance {
			continue
		}
		if h.c.send(f.to, f.template.message(p), now) != nil {
			return false
		}
	}
	h.have(m)
	if h.answers != nil {
		if token, ok := lookup(m.Body, h.answers); ok {
			h.c.run.answer(h.c, token, now)
		}
	}
	return true
}

// skips tells whether the idempotency key says that a message was processed
// before.
func (h *handling) skips(m *backend.Message) bool {
	switch h.idempotency {
	case messageKey:
		return h.keys.has(m.MessageId)
	case effectKey:
		return h.effects.has(h.key(m))
	}
	return false
}

// have has the side effect.
func (h *handling) have(m *backend.Message) {
	if h.idempotency == messageKey {
		h.keys.enter(m.MessageId)
	}
	if h.effective {
		if h.effects.enter(h.key(m)) {
			h.c.Effects++
		} else {
			h.c.Duplicates++
		}
	}
	if h.order != nil {
		h.inOrder(m)
	}
}

// key is what a side effect is done for. A message that does not say it is one of
// its own.
func (h *handling) key(m *backend.Message) string {
	if h.effect != nil {
		if v, ok := lookup(m.Body, h.effect); ok {
			return v
		}
	}
	return m.MessageId
}

// maxOrders is how many keys an order is watched of. Beyond that it begins anew,
// so that keys without end do not eat the memory.
const maxOrders = 10_000

func (h *handling) inOrder(m *backend.Message) {
	text, _ := lookup(m.Body, h.order.number)
	n, err := strconv.Atoi(text)
	if err != nil {
		return // It has no number.
	}
	by := ""
	if h.order.by != nil {
		by, _ = lookup(m.Body, h.order.by)
	}
	switch last, known := h.highest[by]; {
	case known && n < last:
		h.c.OutOfOrder++
		return
	case !known && len(h.highest) >= maxOrders:
		clear(h.highest)
	}
	h.highest[by] = n
}

// book remembers keys, in the order in which they were entered.
type book struct {
	entered map[string]bool
	order   []string // a ring once it is full
	next    int      // of the ring: the oldest
}

// bookRoom is how many keys a book remembers.
const bookRoom = 100_000

func (b *book) has(key string) bool { return b.entered[key] }

// enter tells whether a key is new.
func (b *book) enter(key string) bool {
	if b.entered[key] {
		return false
	}
	if b.entered == nil {
		b.entered = map[string]bool{}
	}
	b.entered[key] = true
	if len(b.order) < bookRoom {
		b.order = append(b.order, key)
		return true
	}
	delete(b.entered, b.order[b.next])
	b.order[b.next] = key
	b.next = (b.next + 1) % bookRoom
	return true
}

// keys are those that are remembered, the oldest first.
func (b *book) keys() []string {
	return append(append([]string(nil), b.order[b.next:]...), b.order[:b.next]...)
}

// handlingRecord is what a consumer remembers, in a snapshot.
type handlingRecord struct {
	Effects []string       `json:"effects,omitempty"` // the oldest first
	Keys    []string       `json:"keys,omitempty"`
	Highest map[string]int `json:"highest,omitempty"`
}

func (h *handling) save() handlingRecord {
	return handlingRecord{h.effects.keys(), h.keys.keys(), h.highest}
}

func (h *handling) load(r handlingRecord) error {
	for _, b := range []struct {
		book *book
		keys []string
	}{{&h.effects, r.Effects}, {&h.keys, r.Keys}} {
		if len(b.keys) > bookRoom {
			return wrong("at most %d keys were expected", bookRoom)
		}
		for _, key := range b.keys {
			if !b.book.enter(key) {
				return wrong("keys were expected that differ")
			}
		}
	}
	if len(r.Highest) > maxOrders {
		return wrong("at most %d orders were expected", maxOrders)
	}
	for key, n := range r.Highest {
		h.highest[key] = n
	}
	return nil
}
