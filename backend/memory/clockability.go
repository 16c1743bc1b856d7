package memory

import (
	"context"
	"time"

	"sqscope/backend"
)

// clockAbility is the clock as a [backend.Stack] offers it.
type clockAbility struct{ clock *Clock }

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
