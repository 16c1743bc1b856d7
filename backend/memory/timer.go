package memory

import "time"

// Timer is an event on the clock that can be set again and again, for whoever
// has one thing to wait for at a time, always the same. It costs nothing to set,
// where [Clock.At] makes an event of its own each time. Make it with
// [Clock.NewTimer].
type Timer struct {
	clock *Clock
	event event
}

// NewTimer makes a timer that is not set.
func (c *Clock) NewTimer(run func(now time.Time)) *Timer {
	return &Timer{clock: c, event: event{run: run}}
}

// Set has the timer run at a time, as [Clock.At] would, in place of the time that
// it was set to. It may be set from its own event.
func (t *Timer) Set(at time.Time) { t.clock.plan(&t.event, stamp(at), ordinary) }

// Stop takes the timer back if its event has not begun.
func (t *Timer) Stop() { t.clock.cancel(&t.event) }
