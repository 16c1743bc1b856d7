package memory

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Speeds that a clock can run at, in its seconds for each second of the world.
const (
	MinSpeed = 0.001
	MaxSpeed = 100_000
)

// ClockOptions say how a clock starts.
type ClockOptions struct {
	Start  time.Time // its time at the start; zero: now
	Paused bool      // a paused clock moves only by Advance
	// OnPanic gets the value of a panic in an event, on the goroutine that ran
	// it; the clock then goes on. Without it the panic ends the program.
	OnPanic func(any)
}

// Clock is the engine's time and the one heap of its events (DESIGN.md 4.7).
//
// Time never runs backwards and never passes an event that is due and has not
// run: an event sees exactly the time it was set for. While the clock runs, a
// goroutine of its own runs the events; while it is paused none runs but through
// [Clock.Advance], in the caller's goroutine. Both take turns, so there is never
// more than one at work.
//
// It uses package time only, so in a bubble of testing/synctest its time is the
// bubble's. Close it when done.
type Clock struct {
	pace    atomic.Pointer[pace] // nil for the moment in which it is replaced
	turn    sync.Mutex           // held by whoever runs events
	onPanic func(any)
	poke    chan struct{} // to the goroutine: the first event, or the pace, is another
	quit    chan struct{}
	ended   chan struct{}

	mu      sync.Mutex // for the rest
	events  heap[*event]
	created uint64
	running bool // an event is; its time is the limit
	closed  bool
}

type event struct {
	at  int32
	run func(now time.Time)
}

func (e *event) place(int) *int32 { return &e.at }

// NewClock starts a clock.
func NewClock(o ClockOptions) *Clock {
	wall := time.Now()
	if o.Start.IsZero() {
		o.Start = wall
	}
	c := &Clock{
		onPanic: o.OnPanic,
		poke:    make(chan struct{}, 1),
		quit:    make(chan struct{}),
		ended:   make(chan struct{}),
	}
	c.pace.Store(&pace{base: stamp(o.Start), wall: wall, speed: 1, paused: o.Paused, limit: never})
	go c.loop()
	return c
}

// Now is the time, in UTC. It takes no lock but in the moment in which the pace
// is replaced.
func (c *Clock) Now() time.Time { return timeOf(c.now()) }

// now reads the pace again after the wall clock: had it been replaced between
// the two, the time might be later than what another reader gets next. A pace that
// is paused needs no wall clock.
func (c *Clock) now() int64 {
	for {
		p := c.pace.Load()
		if p == nil {
			c.mu.Lock() // until it has been replaced
			p = c.pace.Load()
			c.mu.Unlock()
		}
		if p.paused {
			return min(p.base, p.end())
		}
		now := p.now(time.Now())
		if c.pace.Load() == p {
			return now
		}
	}
}

// replace changes the pace. With mu held. Nobody reads the time meanwhile, so a
// change may build on now without anybody having seen a later time.
func (c *Clock) replace(change func(p *pace, now int64)) {
	p := *c.pace.Swap(nil)
	wall := time.Now()
	now, raw := p.now(wall), p.raw(wall)
	p.base, p.wall = raw, wall
	change(&p, now)
	c.pace.Store(&p)
}

// hold sets the limit to the first event. With mu held.
func (c *Clock) hold() {
	limit := int64(never)
	if c.events.len() > 0 {
		_, limit = c.events.top()
	}
	switch p := c.pace.Load(); {
	case c.running || p.limit == limit:
	case p.limit < limit:
		// Whoever reads the time meanwhile may have the one before or the one after.
		atomic.StoreInt64(&p.limit, limit)
	default:
		c.replace(func(p *pace, _ int64) { p.limit = limit })
	}
}

// At runs an event when the time has come; a time that is over counts as now.
// Cancel takes it back if it has not begun. On a closed clock nothing runs.
func (c *Clock) At(t time.Time, run func(now time.Time)) (cancel func()) {
	_, cancel = c.at(stamp(t), run)
	return cancel
}

// After is At for a wait from now on.
func (c *Clock) After(d time.Duration, run func(now time.Time)) (cancel func()) {
	return c.At(c.Now().Add(d), run)
}

// ordinary is the tie of an event that comes by its creation among those of its
// time. With a lower tie it comes before all of these, whenever they were set, and
// so it does not matter when it was set either.
const ordinary = 1 << 63

// at is At, and tells for when the event has been planned.
func (c *Clock) at(due int64, run func(now time.Time)) (planned int64, cancel func()) {
	e := &event{run: run}
	planned = c.plan(e, due, ordinary)
	return planned, func() { c.cancel(e) }
}

// put puts an event that is not there into the heap, and tells when it is due: not
// before now. With mu held.
func (c *Clock) put(e *event, due int64, tie uint64) int64 {
	if p := c.pace.Load(); due < p.limit {
		if c.running {
			due = p.limit // where time stands meanwhile
		} else {
			c.replace(func(p *pace, now int64) {
				due = max(due, now)
				p.limit = due
			})
		}
		if !p.paused {
			c.wakeLoop()
		}
	}
	if tie == ordinary {
		c.created++
		tie += c.created
	}
	c.events.push(due, tie, e)
	return due
}

// plan sets an event that there is, in place of the time that it was set to, and
// tells when it is due.
func (c *Clock) plan(e *event, due int64, tie uint64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return due
	}
	if c.events.has(e) {
		c.events.remove(e)
		c.hold()
	}
	return c.put(e, due, tie)
}

func (c *Clock) cancel(e *event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.events.has(e) {
		c.events.remove(e)
		c.hold()
	}
}

// Next is the time of the next event.
func (c *Clock) Next() (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.events.len() == 0 {
		return time.Time{}, false
	}
	_, at := c.events.top()
	return timeOf(at), true
}

// Pause stops time. An event that is running ends; the next one does not begin.
func (c *Clock) Pause() {
	c.set(func(p *pace, now int64) { p.base, p.paused = now, true })
}

// Resume lets it run on.
func (c *Clock) Resume() {
	c.set(func(p *pace, _ int64) { p.paused = false })
}

// SetSpeed sets how many seconds of the clock make one of the world. What is
// beyond [MinSpeed] and [MaxSpeed] is cut to them.
func (c *Clock) SetSpeed(f float64) {
	if !(f >= MinSpeed) { // also where it is no number
		f = MinSpeed
	}
	c.set(func(p *pace, _ int64) { p.speed = min(f, MaxSpeed) })
}

func (c *Clock) set(change func(p *pace, now int64)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.replace(change)
	c.wakeLoop()
}

// Paused tells whether time stands still.
func (c *Clock) Paused() bool { return c.current().paused }

// Speed is the seconds of the clock for each second of the world, also of a
// paused one.
func (c *Clock) Speed() float64 { return c.current().speed }

func (c *Clock) current() pace {
	c.mu.Lock()
	defer c.mu.Unlock()
	return *c.pace.Load()
}

// Advance moves time forward, of a paused clock and of a running one, and
// returns when everything that was due on the way has run, in order, each at its
// own time. Advance(0) runs what is due now. An event must not call it.
func (c *Clock) Advance(d time.Duration) { _ = c.advance(context.Background(), d) }

// AdvanceTo is Advance up to an instant. One that is over counts as now.
func (c *Clock) AdvanceTo(t time.Time) { _ = c.advanceTo(context.Background(), stamp(t)) }

// advance stops when the context ends, before the next event, and says so.
func (c *Clock) advance(ctx context.Context, d time.Duration) error {
	return c.move(ctx, func(base int64) int64 { return base + min(max(int64(d), 0), farthest-base) })
}

func (c *Clock) advanceTo(ctx context.Context, to int64) error {
	return c.move(ctx, func(base int64) int64 { return max(base, to) })
}

// move takes the clock from where it would be, if no event held it back, to
// where it is wanted.
func (c *Clock) move(ctx context.Context, to func(base int64) int64) error {
	c.turn.Lock()
	defer c.turn.Unlock()
	var target int64
	c.set(func(p *pace, _ int64) {
		p.base = to(p.base)
		target = p.base
	})
	for c.step(target) {
		if err := ctx.Err(); err != nil {
			c.set(func(p *pace, now int64) { p.base = now })
			return err
		}
	}
	return nil
}

// reset sets the clock to another time, back as well as forward, and to another
// pace. Events whose time would be over are due then. With turn held.
func (c *Clock) reset(now int64, paused bool, speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.events.slots
	c.events.slots = nil
	for _, s := range old {
		c.events.push(max(s.key, now), s.tie, s.item)
	}
	limit := int64(never)
	if c.events.len() > 0 {
		_, limit = c.events.top()
	}
	c.replace(func(p *pace, _ int64) { p.base, p.paused, p.speed, p.limit = now, paused, speed, limit })
	c.wakeLoop()
}

// step runs the next event if it is due, and not after until, and tells whether
// there was one. With turn held.
func (c *Clock) step(until int64) bool {
	c.mu.Lock()
	if c.events.len() == 0 {
		c.mu.Unlock()
		return false
	}
	e, at := c.events.top()
	// The time is looked at only where it may not have come that far by itself.
	if p := c.pace.Load(); at > until || at > p.base && at > p.raw(time.Now()) {
		c.mu.Unlock()
		return false
	}
	c.events.remove(e)
	c.running = true
	c.mu.Unlock()

	defer func() {
		c.mu.Lock()
		c.running = false
		c.hold()
		c.mu.Unlock()
	}()
	c.call(e, timeOf(at))
	return true
}

func (c *Clock) call(e *event, now time.Time) {
	if c.onPanic != nil {
		defer func() {
			if v := recover(); v != nil {
				c.onPanic(v)
			}
		}()
	}
	e.run(now)
}

// Close ends the clock's goroutine and waits for the event it may be running.
// The time can still be read. An event must not call it.
func (c *Clock) Close() {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		for c.events.len() > 0 {
			c.events.pop()
		}
		c.hold()
		close(c.quit)
	}
	c.mu.Unlock()
	<-c.ended
}

// loop runs events as they fall due while the clock is not paused. It has a
// timer only while there is an event.
func (c *Clock) loop() {
	defer close(c.ended)
	for {
		wait, ok := c.untilNext()
		if ok && wait == 0 {
			c.turn.Lock()
			c.step(never)
			c.turn.Unlock()
			continue
		}
		var due <-chan time.Time
		var timer *time.Timer
		if ok {
			timer = time.NewTimer(wait)
			due = timer.C
		}
		select {
		case <-due:
		case <-c.poke:
		case <-c.quit:
		}
		if timer != nil {
			timer.Stop()
		}
		select {
		case <-c.quit:
			return
		default:
		}
	}
}

// untilNext is how long the wall takes to the next event, if time runs and
// there is one.
func (c *Clock) untilNext() (wait time.Duration, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pace.Load()
	if p.paused || c.events.len() == 0 {
		return 0, false
	}
	_, at := c.events.top()
	return p.until(at, time.Now()), true
}

// wakeLoop makes the goroutine look again. Once is enough, however often.
func (c *Clock) wakeLoop() {
	select {
	case c.poke <- struct{}{}:
	default:
	}
}
