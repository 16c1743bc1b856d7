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

// setting is what SetClock sets.
type setting struct {
	paused bool
	speed  float64
}

func (c clock) SetClock(ctx context.Context, paused bool, speed float64) error {
	return do(ctx, c.g, SetClock, "", setting{paused, speed}, func(ctx context.Context, s setting) error {
		return c.next.SetClock(ctx, s.paused, s.speed)
	})
}

func (c clock) StepClock(ctx context.Context, by time.Duration) error {
	return do(ctx, c.g, StepClock, "", by, c.next.StepClock)
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
	_, _, err := granted(ctx, s.g, Restore, ActRestore, "", 1, r, nothing(s.next.Restore))
	return err
}

// stage is [backend.Stage] behind the guard.
type stage struct {
	g    *Guard
	next backend.Stage
}

func (s stage) Picture(ctx context.Context, after uint64) (backend.Picture, error) {
	if err := s.g.check("Picture", ""); err != nil {
		return backend.Picture{}, err
	}
	return s.next.Picture(ctx, after)
}

func (s stage) Ledger(ctx context.Context) (backend.Ledger, error) {
	if err := s.g.check("Ledger", ""); err != nil {
		return backend.Ledger{}, err
	}
	return s.next.Ledger(ctx)
}

func (s stage) Knobs(ctx context.Context) ([]backend.Knob, error) {
	if err := s.g.check("Knobs", ""); err != nil {
		return nil, err
	}
	return s.next.Knobs(ctx)
}

func (s stage) SetKnob(ctx context.Context, subject, name, value string) error {
	return do(ctx, s.g, SetKnob, subject, backend.Knob{Subject: subject, Name: name, Value: value}, func(ctx context.Context, k backend.Knob) error {
		return s.next.SetKnob(ctx, k.Subject, k.Name, k.Value)
	})
}

// wiring is [backend.Wiring] behind the guard.
type wiring struct {
	g    *Guard
	next backend.Wiring
}

func (w wiring) Subscriptions(ctx context.Context, queue backend.ARN) (backend.Subscriptions, error) {
	return ask(ctx, w.g, "Subscriptions", queue.Name, queue, w.next.Subscriptions)
}

func (w wiring) SubscriptionDetails(ctx context.Context, subscriptionArn string) (backend.SubscriptionDetails, error) {
	return ask(ctx, w.g, "SubscriptionDetails", subscriptionArn, subscriptionArn, w.next.SubscriptionDetails)
}

func (w wiring) Mappings(ctx context.Context, queue backend.ARN) ([]backend.Mapping, error) {
	return ask(ctx, w.g, "Mappings", queue.Name, queue, w.next.Mappings)
}

func (w wiring) FunctionTimeout(ctx context.Context, functionArn string) (time.Duration, error) {
	return ask(ctx, w.g, "FunctionTimeout", functionArn, functionArn, w.next.FunctionTimeout)
}

func (w wiring) SendKey(ctx context.Context, key string, queue backend.ARN) error {
	if err := w.g.check("SendKey", queue.Name); err != nil {
		return err
	}
	return w.next.SendKey(ctx, key, queue)
}

func (w wiring) Forget() { w.next.Forget() }

// credentials is [backend.Credentials] behind the guard.
type credentials struct {
	g    *Guard
	next backend.Credentials
}

func (c credentials) Identity(ctx context.Context) (backend.Identity, error) {
	if err := c.g.check("Identity", ""); err != nil {
		return backend.Identity{}, err
	}
	return c.next.Identity(ctx)
}

func (c credentials) Login() backend.Login { return c.next.Login() }

func (c credentials) Expiry() backend.Expiry { return c.next.Expiry() }

func (c credentials) Refresh(ctx context.Context) error {
	if err := c.g.check("Refresh", ""); err != nil {
		return err
	}
	return c.next.Refresh(ctx)
}
