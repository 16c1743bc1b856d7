package memory

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// boundary is the service as those who are not part of the engine see it: here
// faults happen to requests, and callers are authorised (docs/SQS.md 1.0, order
// of checks). Without faults and without an Options.Authorize it costs the load
// of an atomic and the look at a pointer.
type boundary struct {
	e *Engine
	// waits is whether latency is waited for. An event on the clock cannot wait:
	// time stands still for it.
	waits bool
}

var _ backend.SQS = boundary{}

// Inside is the boundary for those who call from an event on the clock: faults
// happen to them as to anybody, but for latency, which they do not feel.
func (e *Engine) Inside() backend.SQS { return boundary{e, false} }

// noneInParticular is what a request names that concerns no queue of its own
// (10.1).
const noneInParticular = "*"

// enter lets a request in that names a queue by URL, ARN or name, or refuses it.
func (b boundary) enter(ctx context.Context, action, queue string) error {
	if b.e.authorize == nil && !b.e.faults.armed.Load() {
		return nil
	}
	return b.e.admit(ctx, action, queue, b.waits)
}

// also checks the rights that an action needs beside its own (1.1, 7.5).
func (b boundary) also(ctx context.Context, action string, queue backend.ARN, rights ...string) error {
	for _, right := range rights {
		if err := b.e.permit(ctx, right, queue); err != nil {
			return about(action, queue.Name, err)
		}
	}
	return nil
}

// permit asks whoever authorises, if there is somebody.
func (e *Engine) permit(ctx context.Context, right string, arn backend.ARN) error {
	if e.authorize == nil {
		return nil
	}
	policy := ""
	if q := e.byName(arn.Name); q != nil && arn == q.arn {
		policy = q.settings.Load().Policy
	}
	return e.authorize(ctx, right, arn, policy)
}

// admit checks in the order of 1.0: authentication, authorisation, throttling.
func (e *Engine) admit(ctx context.Context, action, queue string, waits bool) error {
	if err := e.ready(ctx); err != nil {
		return about(action, "", err)
	}
	arn := e.arnOf(queue)
	subject := arn.Name
	if subject == noneInParticular {
		subject = ""
	}
	if err := e.refuse(ctx, action, arn, waits, early); err != nil {
		return about(action, subject, err)
	}
	if err := e.permit(ctx, action, arn); err != nil {
		return about(action, subject, err)
	}
	return about(action, subject, e.refuse(ctx, action, arn, waits, late))
}

// arnOf is the ARN of what a request names, whether it exists or not.
func (e *Engine) arnOf(queue string) backend.ARN {
	if arn, ok := backend.ParseARN(queue); ok {
		return arn
	}
	account, name := backend.URLParts(queue)
	arn := e.arn(or(name, noneInParticular))
	arn.Account = or(account, e.account)
	return arn
}

// ofTask is the ARN of the source in the handle of a move task.
func ofTask(handle string) string {
	var h taskHandle
	text, err := base64.StdEncoding.DecodeString(handle)
	if err != nil || json.Unmarshal(text, &h) != nil {
		return noneInParticular
	}
	return h.SourceArn
}

func (b boundary) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (
	backend.SendMessageBatchOutput, error,
) {
	const action = "SendMessageBatch"
	var out backend.SendMessageBatchOutput
	if err := b.enter(ctx, action, in.QueueUrl); err != nil {
		return out, err
	}
	failed := spoil(b.e, action, in.QueueUrl, rules.SendBatchEnvelope(in), in.Entries,
		func(entry backend.SendMessageBatchEntry) string { return entry.Id })
	in.Entries = without(in.Entries, failed)
	if failed == nil || len(in.Entries) > 0 {
		var err error
		if out, err = b.e.SendMessageBatch(ctx, in); err != nil {
			return out, err
		}
	}
	out.Failed = append(out.Failed, reasons(failed)...)
	return out, nil
}

func (b boundary) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	const action = "DeleteMessageBatch"
	var out backend.BatchOutput
	if err := b.enter(ctx, action, in.QueueUrl); err != nil {
		return out, err
	}
	failed := spoil(b.e, action, in.QueueUrl, rules.DeleteBatchEnvelope(in), in.Entries,
		func(entry backend.DeleteMessageBatchEntry) string { return entry.Id })
	in.Entries = without(in.Entries, failed)
	if failed == nil || len(in.Entries) > 0 {
		var err error
		if out, err = b.e.DeleteMessageBatch(ctx, in); err != nil {
			return out, err
		}
	}
	out.Failed = append(out.Failed, reasons(failed)...)
	return out, nil
}

func (b boundary) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (
	backend.BatchOutput, error,
) {
	const action = "ChangeMessageVisibilityBatch"
	var out backend.BatchOutput
	if err := b.enter(ctx, action, in.QueueUrl); err != nil {
		return out, err
	}
	failed := spoil(b.e, action, in.QueueUrl, rules.VisibilityBatchEnvelope(in), in.Entries,
		func(entry backend.ChangeMessageVisibilityBatchEntry) string { return entry.Id })
	in.Entries = without(in.Entries, failed)
	if failed == nil || len(in.Entries) > 0 {
		var err error
		if out, err = b.e.ChangeMessageVisibilityBatch(ctx, in); err != nil {
			return out, err
		}
	}
	out.Failed = append(out.Failed, reasons(failed)...)
	return out, nil
}

// spoil tells which entries of a batch fail, by a fault, and why: nil for those
// that do not, and nil if none does. A request that is refused anyway has no
// entries that could fail.
func spoil[T any](e *Engine, action, queueURL string, envelope error, entries []T, id func(T) string) []*backend.BatchError {
	if !e.faults.armed.Load() || envelope != nil {
		return nil
	}
	q, _ := e.byURL(queueURL)
	if q == nil {
		return nil
	}
	var failed []*backend.BatchError
	for i, entry := range entries {
		if err := e.entryFault(action, q); err != nil {
			if failed == nil {
				failed = make([]*backend.BatchError, len(entries))
			}
			f := failedEntry(id(entry), err)
			f.SenderFault = err.Status < 500
			failed[i] = &f
		}
	}
	return failed
}

// without is the entries that do not fail.
func without[T any](entries []T, failed []*backend.BatchError) []T {
	if failed == nil {
		return entries
	}
	var rest []T
	for i, entry := range entries {
		if failed[i] == nil {
			rest = append(rest, entry)
		}
	}
	return rest
}

func reasons(failed []*backend.BatchError) []backend.BatchError {
	var list []backend.BatchError
	for _, f := range failed {
		if f != nil {
			list = append(list, *f)
		}
	}
	return list
}

// GetQueueAttributes tells counts of a while ago where a fault makes them lag
// (12.2).
func (b boundary) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (
	backend.GetQueueAttributesOutput, error,
) {
	const action = "GetQueueAttributes"
	if err := b.enter(ctx, action, in.QueueUrl); err != nil {
		return backend.GetQueueAttributesOutput{}, err
	}
	out, err := b.e.GetQueueAttributes(ctx, in)
	if err != nil || !b.e.faults.armed.Load() {
		return out, err
	}
	asked := slices.ContainsFunc([]string{backend.AttrMessages, backend.AttrMessagesNotVisible, backend.AttrMessagesDelayed},
		func(name string) bool { _, has := out.Attributes[name]; return has })
	if q, _ := b.e.byURL(in.QueueUrl); q != nil && asked {
		q.lag(out.Attributes)
	}
	return out, nil
}

// gauge is the counts of a queue at a time.
type gauge struct {
	at                         int64
	visible, inFlight, delayed int
}

// lag puts counts into attributes that have some which are as old as a fault
// lets them be.
func (q *queue) lag(attrs map[string]string) {
	now := q.e.clock.now()
	f, hit := q.e.faults.throw(now, backend.FaultLaggingCounts, "GetQueueAttributes", q.name)
	if !hit {
		return
	}
	if _, err := q.lock(); err != nil {
		return // gone meanwhile; the counts were right
	}
	if q.shown.at == 0 || now-q.shown.at >= int64(f.Duration) {
		q.shown = gauge{now, q.visible(), q.inFlight, q.delayed}
	}
	g := q.shown
	q.unlock()
	q.e.tell(f, "GetQueueAttributes", q.arnStr, "", now)
	for name, n := range map[string]int{
		backend.AttrMessages: g.visible, backend.AttrMessagesNotVisible: g.inFlight, backend.AttrMessagesDelayed: g.delayed,
	} {
		if _, has := attrs[name]; has {
			attrs[name] = strconv.Itoa(n)
		}
	}
}
