// Package meter counts the requests that go to SQS, remembers the last of them
// with what each was, how it ended and what it costs, and repeats those that
// failed where that can do no harm. It is a decorator of [backend.Stack]: it
// stands below the guard, which must be asked once for an act, and above a
// backend that does not retry by itself, so that every request is counted.
// Requests to other services are told to it by [Meter.Observe].
//
// Delivery promise: a request is repeated only if the failure says that it was
// not done, or if doing it twice is the same as doing it once. A send without a
// deduplication id and a receive are never repeated when their outcome is
// unknown: the caller gets the error and decides.
//
// It has no goroutine; waiting ends with the caller's context. Its one lock is
// held only to add a call to the log or to copy from it.
package meter

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"sqscope/backend"
)

// Options say how persistent the meter is, how much it remembers and what a
// request costs. The zero value is the usual.
type Options struct {
	Attempts int            // requests for one call at most; 0 means 4, 1 means no repeats
	Base     time.Duration  // the longest first wait; 0 means 200 ms
	Most     time.Duration  // the longest wait of all; 0 means 5 s
	Jitter   func() float64 // 0 up to 1, how much of a wait is waited; nil means random
	Calls    int            // that the log holds, the newest; 0 means 2,000
	Prices   Prices         // zero means [ListPrices]
}

// Meter counts and repeats requests. Make it with [New].
type Meter struct {
	options Options
	counts  map[string]*atomic.Uint64 // requests to SQS by action; the map itself never changes
	seq     atomic.Uint64             // of the newest call in the log; changed with mu held

	mu       sync.Mutex // guards what follows
	ring     []Call     // the newest calls, each at its number less 1, modulo options.Calls
	refusals map[subject]refusal
	totals   map[actionOf]*ActionTotal
	sums     sums
}

// New makes a meter at zero.
func New(o Options) *Meter {
	if o.Attempts == 0 {
		o.Attempts = 4
	}
	if o.Base == 0 {
		o.Base = 200 * time.Millisecond
	}
	if o.Most == 0 {
		o.Most = 5 * time.Second
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Calls == 0 {
		o.Calls = defaultCalls
	}
	if o.Prices == (Prices{}) {
		o.Prices = ListPrices()
	}
	m := &Meter{options: o, counts: make(map[string]*atomic.Uint64), totals: make(map[actionOf]*ActionTotal)}
	for _, a := range backend.Actions() {
		m.counts[a] = new(atomic.Uint64)
	}
	return m
}

// Wrap puts the meter in front of a stack. The abilities beyond SQS cost no
// request and pass as they are.
func (m *Meter) Wrap(s backend.Stack) backend.Stack {
	s.SQS = &metered{m: m, next: s.SQS}
	return s
}

// Counts is how many requests of each of SQS's actions were sent, repeats included.
// Actions that were never asked for are left out.
func (m *Meter) Counts() map[string]uint64 {
	counts := make(map[string]uint64)
	for a, n := range m.counts {
		if v := n.Load(); v > 0 {
			counts[a] = v
		}
	}
	return counts
}

// harm is what a second request could do if the first was done after all.
type harm int

const (
	harmless harm = iota // the second changes nothing more
	harmful              // a duplicate, a second batch of leases, an error for what succeeded
)

// do sends a request, and again while that is allowed and may help.
func do[In, Out any](ctx context.Context, m *Meter, action string, h harm, in In,
	call func(context.Context, In) (Out, error),
) (Out, error) {
	for attempt := 1; ; attempt++ {
		m.counts[action].Add(1)
		start := time.Now()
		out, err := call(ctx, in)
		m.record(action, attempt, start, in, out, err)
		if err == nil || attempt >= m.options.Attempts || backend.IsOnce(ctx) || !again(ctx, h, err) || !m.wait(ctx, attempt) {
			return out, err
		}
	}
}

// again tells whether to repeat a request that failed so (DESIGN.md 4.9). A
// throttled request was not done; after a broken connection, a timeout or a 5xx
// nobody knows.
func again(ctx context.Context, h harm, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	e := backend.AsError(err)
	switch {
	case e.Status >= 500 || e.Kind == backend.KindNetwork || e.Kind == backend.KindTimeout:
		return h == harmless
	case e.Kind == backend.KindThrottled:
		return true
	}
	return false
}

// wait pauses after the n-th attempt: exponential, with full jitter, so that
// many who were refused together do not come back together. It is false if the
// context ended meanwhile.
func (m *Meter) wait(ctx context.Context, n int) bool {
	longest := m.options.Most
	if d := m.options.Base << (n - 1); d > 0 && d < longest {
		longest = d
	}
	return backend.Pause(ctx, time.Duration(m.options.Jitter()*float64(longest)))
}
