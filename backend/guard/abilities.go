package guard

import (
	"context"
	"time"

	"sqscope/backend"
)

// browser is [backend.Browser] behind the guard.
type browser struct {
	g    *Guard
	next backend.Browser
}

func (b browser) Browse(ctx context.Context, in backend.BrowseInput) (backend.BrowseOutput, error) {
	return ask(ctx, b.g, Browse, queueName(in.QueueUrl), in, b.next.Browse)
}

func (b browser) RemoveMessages(ctx context.Context, in backend.RemoveMessagesInput) (backend.BatchOutput, error) {
	return deleteMany(ctx, b.g, RemoveMessages, in.QueueUrl, len(in.MessageIds), in, b.next.RemoveMessages)
}

// clock is [backend.Clock] behind the guard.
type clock struct {
	g    *Guard
	next backend.Clock
}

func (c clock) Clock(ctx context.Context) (backend.ClockState, error) {
	if err := c.g.check("Clock", ""); err != nil {
		return backend.ClockState{}, err
	}
	return c.next.Clock(ctx)
}

func (c clock) SetClock(ctx context.Context, paused bool, speed float64) error {
	if err := c.g.check(SetClock, ""); err != nil {
		return err
	}
	return c.next.SetClock(ctx, paused, speed)
}

func (c clock) StepClock(ctx context.Context, by time.Duration) error {
	if err := c.g.check(StepClock, ""); err != nil {
		return err
	}
	return c.next.StepClock(ctx, by)
}

// metrics is [backend.Metrics] behind the guard.
type metrics struct {
	g    *Guard
	next backend.Metrics
}

func (m metrics) QueueMetrics(ctx context.Context, queueURLs []string) (map[string]backend.QueueMetrics, error) {
	return ask(ctx, m.g, "QueueMetrics", "", queueURLs, m.next.QueueMetrics)
}

// events is [backend.Events] behind the guard.
type events struct {
	g    *Guard
	next backend.Events
}

func (e events) Subscribe(ctx context.Context, room int) (<-chan backend.Event, error) {
	return ask(ctx, e.g, "Subscribe", "", room, e.next.Subscribe)
}
