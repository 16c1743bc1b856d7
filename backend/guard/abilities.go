package guard

import (
	"context"
	"io"
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

func (c clock) JumpClock(ctx context.Context, to time.Time) error {
	return do(ctx, c.g, JumpClock, "", to, c.next.JumpClock)
}

func (c clock) NextEvent(ctx context.Context) (time.Time, error) {
	if err := c.g.check("NextEvent", ""); err != nil {
		return time.Time{}, err
	}
	return c.next.NextEvent(ctx)
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

// faults is [backend.Faults] behind the guard.
type faults struct {
	g    *Guard
	next backend.Faults
}

func (f faults) ListFaults(ctx context.Context) ([]backend.Fault, error) {
	if err := f.g.check("ListFaults", ""); err != nil {
		return nil, err
	}
	return f.next.ListFaults(ctx)
}

func (f faults) SetFault(ctx context.Context, fault backend.Fault) (backend.Fault, error) {
	return ask(ctx, f.g, SetFault, fault.Queue, fault, f.next.SetFault)
}

func (f faults) ClearFaults(ctx context.Context, ids []string) error {
	return do(ctx, f.g, ClearFaults, "", ids, f.next.ClearFaults)
}

// snapshots is [backend.Snapshots] behind the guard. A snapshot shows all
// messages; to restore one loses all that is there.
type snapshots struct {
	g    *Guard
	next backend.Snapshots
}

func (s snapshots) Snapshot(ctx context.Context, w io.Writer) error {
	return do(ctx, s.g, Snapshot, "", w, s.next.Snapshot)
}

func (s snapshots) Restore(ctx context.Context, r io.Reader) error {
	if err := s.g.check(Restore, ""); err != nil {
		return err
	}
	if _, err := s.g.use(ctx, Restore, ActRestore, "", 1); err != nil {
		return err
	}
	return s.next.Restore(ctx, r)
}
