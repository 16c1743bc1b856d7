package memory

import (
	"context"
	"time"

	"sqscope/backend"
)

// clockAbility is the clock as a [backend.Stack] offers it.
type clockAbility struct {
	clock *Clock
	e     *Engine
}

// Clock tells the time and how it runs.
func (a clockAbility) Clock(ctx context.Context) (backend.ClockState, error) {
	if err := ended(ctx); err != nil {
		return backend.ClockState{}, about("Clock", "", err)
	}
	p := a.clock.current()
	return backend.ClockState{Now: a.clock.Now(), Paused: p.paused, Speed: p.speed}, nil
}

// SetClock pauses or resumes the clock and sets its speed, [MinSpeed] to
// [MaxSpeed].
func (a clockAbility) SetClock(ctx context.Context, paused bool, speed float64) error {
	const action = "SetClock"
	if err := ended(ctx); err != nil {
		return about(action, "", err)
	}
	if !(speed >= MinSpeed && speed <= MaxSpeed) { // also where it is no number
		return about(action, "", backend.Errorf(backend.KindInvalid, "the speed must be between %g and %d", MinSpeed, MaxSpeed))
	}
	a.clock.SetSpeed(speed)
	if paused {
		a.clock.Pause()
	} else {
		a.clock.Resume()
	}
	return nil
}

// StepClock moves the clock forward. If the context ends meanwhile, time stays
// where it has come to.
func (a clockAbility) StepClock(ctx context.Context, by time.Duration) error {
	const action = "StepClock"
	if err := ended(ctx); err != nil {
		return about(action, "", err)
	}
	if by < 0 {
		return about(action, "", backend.Errorf(backend.KindInvalid, "time runs forward only"))
	}
	if a.clock.advance(ctx, by) != nil {
		return about(action, "", ended(ctx))
	}
	return nil
}

// JumpClock moves the clock forward to an instant. If the context ends
// meanwhile, time stays where it has come to.
func (a clockAbility) JumpClock(ctx context.Context, to time.Time) error {
	const action = "JumpClock"
	if err := ended(ctx); err != nil {
		return about(action, "", err)
	}
	if now := a.clock.Now(); to.Before(now) {
		return about(action, "", backend.Errorf(backend.KindInvalid, "time runs forward only, and it is %s already",
			now.Format(time.RFC3339)))
	}
	if a.clock.advanceTo(ctx, stamp(to)) != nil {
		return about(action, "", ended(ctx))
	}
	return nil
}

// NextEvent is when the next thing happens by itself. A queue sets an event on
// the clock only for somebody who waits or listens, so this looks into each.
func (a clockAbility) NextEvent(ctx context.Context) (time.Time, error) {
	const action = "NextEvent"
	if err := a.e.ready(ctx); err != nil {
		return time.Time{}, about(action, "", err)
	}
	next := int64(never)
	if at, some := a.clock.Next(); some {
		next = stamp(at)
	}
	for _, q := range a.e.all() {
		if _, err := q.lock(); err != nil {
			continue // gone meanwhile
		}
		at, _ := q.next()
		q.unlock()
		next = min(next, at)
	}
	if next == never {
		return time.Time{}, nil
	}
	return timeOf(next), nil
}
