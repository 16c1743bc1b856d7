package admin

import (
	"context"
	"net/http"
	"time"

	"sqscope/backend"
)

// Clock is the engine's time and how it runs.
type Clock struct {
	Now       Time    `json:"now"`
	Paused    bool    `json:"paused"`
	Speed     float64 `json:"speed"`     // engine seconds for each second of the world
	NextEvent *Time   `json:"nextEvent"` // when the next thing happens by itself; null if nothing will
}

// ClockChange says how the clock is to run, and then where it is to go. What is
// left out stays as it is. Of Step and Jump there may be one.
type ClockChange struct {
	Paused *bool     `json:"paused,omitempty"`
	Speed  *float64  `json:"speed,omitempty"`
	Step   *Duration `json:"step,omitempty"` // forward by this
	Jump   string    `json:"jump,omitempty"` // forward to an instant, or to the "next" event
}

const clockExpected = `an object with paused (true or false), speed (a number), and step ("30s") or jump ` +
	`("next" or a time in RFC 3339) was expected`

func (h *handler) getClock(c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	if h.Stack.Clock == nil {
		return absent("clock")
	}
	return h.answerClock(c)
}

func (h *handler) answerClock(c *call) error {
	state, err := h.Stack.Clock.Clock(c.r.Context())
	if err != nil {
		return err
	}
	next, err := h.Stack.Clock.NextEvent(c.r.Context())
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, Clock{Now: Time(state.Now), Paused: state.Paused, Speed: state.Speed, NextEvent: orNull(next)})
}

// changeClock answers with the clock as it is then.
func (h *handler) changeClock(c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	if h.Stack.Clock == nil {
		return absent("clock")
	}
	var change ClockChange
	if err := c.document(&change, clockExpected); err != nil {
		return err
	}
	switch {
	case change == ClockChange{}:
		return wrong("the body", "changes nothing", clockExpected)
	case change.Step != nil && change.Jump != "":
		return wrong("the body", "has both step and jump", clockExpected)
	}
	move, err := change.move(h.Stack.Clock)
	if err != nil {
		return err
	}
	if err := change.pace(c.r.Context(), h.Stack.Clock); err != nil {
		return err
	}
	if err := move(c.r.Context()); err != nil {
		return err
	}
	return h.answerClock(c)
}

// pace sets how the clock runs.
func (change ClockChange) pace(ctx context.Context, clock backend.Clock) error {
	if change.Paused == nil && change.Speed == nil {
		return nil
	}
	state, err := clock.Clock(ctx)
	if err != nil {
		return err
	}
	if change.Paused != nil {
		state.Paused = *change.Paused
	}
	if change.Speed != nil {
		state.Speed = *change.Speed
	}
	return clock.SetClock(ctx, state.Paused, state.Speed)
}

// move is what takes the clock where the change says, once that was understood.
func (change ClockChange) move(clock backend.Clock) (func(context.Context) error, error) {
	switch {
	case change.Step != nil:
		return func(ctx context.Context) error { return clock.StepClock(ctx, time.Duration(*change.Step)) }, nil
	case change.Jump == "next":
		return func(ctx context.Context) error { return jumpToNext(ctx, clock) }, nil
	case change.Jump != "":
		var to Time
		if err := to.UnmarshalText([]byte(change.Jump)); err != nil {
			return nil, wrong("jump", err.Error(), clockExpected)
		}
		return func(ctx context.Context) error { return clock.JumpClock(ctx, to.Std()) }, nil
	}
	return func(context.Context) error { return nil }, nil
}

// jumpToNext moves the clock to the next event. One that a running clock has
// come to meanwhile has happened.
func jumpToNext(ctx context.Context, clock backend.Clock) error {
	next, err := clock.NextEvent(ctx)
	if err != nil {
		return err
	}
	if next.IsZero() {
		return &backend.Error{
			Kind: backend.KindConflict, Action: "JumpClock", Message: "nothing will happen by itself, so there is no next event",
			Next: "send a message, or jump to an instant",
		}
	}
	err = clock.JumpClock(ctx, next)
	if err != nil && backend.KindOf(err) == backend.KindInvalid {
		if state, failed := clock.Clock(ctx); failed == nil && !state.Now.Before(next) {
			return nil
		}
	}
	return err
}
