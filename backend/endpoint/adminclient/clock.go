package adminclient

import (
	"context"
	"net/http"
	"time"

	"sqscope/backend"
	"sqscope/backend/endpoint/admin"
)

// Clock tells the time and how it runs.
func (c *Client) Clock(ctx context.Context) (backend.ClockState, error) {
	doc, err := c.clock(ctx, "Clock")
	return backend.ClockState{Now: doc.Now.Std(), Paused: doc.Paused, Speed: doc.Speed}, err
}

// NextEvent is when the next thing happens by itself.
func (c *Client) NextEvent(ctx context.Context) (time.Time, error) {
	doc, err := c.clock(ctx, "NextEvent")
	return doc.NextEvent.OrZero(), err
}

func (c *Client) clock(ctx context.Context, action string) (doc admin.Clock, err error) {
	err = c.call(ctx, action, http.MethodGet, "clock", nil, nil, &doc)
	return doc, err
}

// SetClock pauses or resumes the clock and sets its speed.
func (c *Client) SetClock(ctx context.Context, paused bool, speed float64) error {
	return c.changeClock(ctx, "SetClock", admin.ClockChange{Paused: &paused, Speed: &speed})
}

// StepClock moves the clock forward.
func (c *Client) StepClock(ctx context.Context, by time.Duration) error {
	return c.changeClock(ctx, "StepClock", admin.ClockChange{Step: (*admin.Duration)(&by)})
}

// JumpClock moves the clock forward to an instant.
func (c *Client) JumpClock(ctx context.Context, to time.Time) error {
	const action = "JumpClock"
	text, err := admin.Time(to).MarshalText()
	if err != nil {
		return &backend.Error{Kind: backend.KindInvalid, Action: action, Message: err.Error(), Err: err}
	}
	return c.changeClock(ctx, action, admin.ClockChange{Jump: string(text)})
}

func (c *Client) changeClock(ctx context.Context, action string, change admin.ClockChange) error {
	return c.call(ctx, action, http.MethodPost, "clock", nil, change, nil)
}
