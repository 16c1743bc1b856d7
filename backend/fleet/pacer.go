package fleet

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

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

// orDefault is the budget with DefaultBudget's fields where it has none.
func (b Budget) orDefault() Budget {
	d := DefaultBudget()
	if b.Burst <= 0 {
		b.Burst = d.Burst
	}
	if b.Parallel <= 0 {
		b.Parallel = d.Parallel
	}
	if b.Background <= 0 {
		b.Background = d.Background
	}
	if b.Idle <= 0 {
		b.Idle = d.Idle
	}
	return b
}

// How the rate goes down and up again. Where SQS begins to throttle is not
// published (docs/SQS.md 12.1), so it is found out.
const (
	lowestRate   = 0.5 // a second
	recoverEvery = 5 * time.Second
	recoverBy    = 0.1 // of the full rate
)

// Pace is how many requests a second may be sent now.
type Pace struct {
	Rate      float64   // in the long run, while somebody is looking
	Full      float64   // the same where nothing is throttled
	Throttled time.Time // when a request was last; zero: never
}

// Pacer shares out a budget among the fleets of one account in one region, which
// SQS throttles together. A throttled request halves the rate, to no less than
// 0.5 a second, and uses up what was saved for bursts; each five seconds without
// another give back a tenth of the full rate.
//
// Its mutex may be taken while a fleet's is held, never the other way round.
type Pacer struct {
	budget Budget

	mu      sync.Mutex
	limiter *rate.Limiter
	rate    rate.Limit
	active  map[*Fleet]bool // by those who use it: somebody is looking
	out     int             // requests
	refused bool            // somebody waits for a request to come back
	slot    time.Time       // when the next steady request may go

	stepAt      time.Time // when the rate goes up again
	cutAt       time.Time // when it was last halved
	throttledAt time.Time
}

// NewPacer makes a pacer. Zero fields of the budget are DefaultBudget's. It has
// no goroutine, so it need not be closed.
func NewPacer(b Budget) *Pacer {
	b = b.orDefault()
	return &Pacer{
		budget: b, rate: b.Background,
		limiter: rate.NewLimiter(b.Background, b.Burst),
		active:  map[*Fleet]bool{},
	}
}

// look says that a fleet uses the pacer, and whether somebody is looking at it.
func (p *Pacer) look(f *Fleet, active bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if active && !p.active[f] {
		p.slot = time.Time{} // it was given out at the slow pace
	}
	p.active[f] = active
}

// leave says that a fleet has ended.
func (p *Pacer) leave(f *Fleet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.active, f)
}

// adjust brings the rate up to date.
func (p *Pacer) adjust(now time.Time) rate.Limit {
	for p.rate < p.budget.Background && !now.Before(p.stepAt) {
		p.rate = min(p.budget.Background, p.rate+recoverBy*p.budget.Background)
		p.stepAt = p.stepAt.Add(recoverEvery)
	}
	limit := min(p.rate, p.budget.Idle)
	for _, active := range p.active {
		if active {
			limit = p.rate
		}
	}
	if p.limiter.Limit() != limit {
		p.limiter.SetLimitAt(now, limit)
	}
	return limit
}

// pace tells the pace, and when it will change by itself: zero if it will not.
func (p *Pacer) pace(now time.Time) (pace Pace, changes time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.adjust(now)
	if p.rate < p.budget.Background {
		changes = p.stepAt
	}
	return Pace{Rate: float64(p.rate), Full: float64(p.budget.Background), Throttled: p.throttledAt}, changes
}

// take lets a request go out, if there is a token and a place for it; the place
// is to be given back. Else it tells when there may be a token; zero means that
// the fleet is woken when there is a place.
func (p *Pacer) take(now time.Time) (ok bool, retry time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	limit := p.adjust(now)
	if p.out >= p.budget.Parallel {
		p.refused = true
		return false, time.Time{}
	}
	if !p.limiter.AllowN(now, 1) {
		return false, now.Add(every(limit))
	}
	p.out++
	return true, time.Time{}
}

// give says that a request has come back.
func (p *Pacer) give() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out--
	if p.refused {
		p.refused = false
		for f := range p.active {
			f.poke()
		}
	}
}

// charge takes n tokens for requests that do not wait for them; what comes after
// does.
func (p *Pacer) charge(now time.Time, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.adjust(now)
	p.limiter.ReserveN(now, n)
}

// rich tells whether there is more than half of a burst.
func (p *Pacer) rich(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.adjust(now)
	return p.limiter.TokensAt(now) > float64(p.budget.Burst)/2
}

// reserve is when the next steady request may go: one after the other at the
// pace that the rate allows, and at half of it until the reserve for the next
// burst is full again. Fleets that ask in turn are served in turn.
func (p *Pacer) reserve(now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	gap := every(p.adjust(now))
	if p.limiter.TokensAt(now) < float64(p.budget.Burst)-1.5 {
		gap *= 2
	}
	at := later(now, p.slot)
	p.slot = at.Add(gap)
	return at
}

// throttled says that a request was, which went out at a time. Those that were
// out together count once.
func (p *Pacer) throttled(sent, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.adjust(now)
	p.throttledAt, p.stepAt = now, now.Add(recoverEvery)
	if sent.Before(p.cutAt) {
		return
	}
	p.cutAt = now
	p.rate = max(min(lowestRate, p.budget.Background), p.rate/2)
	p.adjust(now)
	if n := int(p.limiter.TokensAt(now)); n > 0 {
		p.limiter.ReserveN(now, n)
	}
}

func every(limit rate.Limit) time.Duration {
	return time.Duration(float64(time.Second) / float64(limit))
}
