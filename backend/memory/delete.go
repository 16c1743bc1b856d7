package memory

import (
	"context"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// DeleteMessage deletes what a receipt handle stands for. A message that is gone
// already is a success (docs/SQS.md 1.14).
func (e *Engine) DeleteMessage(ctx context.Context, in backend.DeleteMessageInput) error {
	const action = "DeleteMessage"
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return err
	}
	now, err := q.lock()
	if err == nil {
		err = q.delete(in.ReceiptHandle, now)
		q.unlock()
	}
	return about(action, q.name, err)
}

// DeleteMessageBatch deletes up to ten; each succeeds or fails by itself.
func (e *Engine) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	const action = "DeleteMessageBatch"
	var out backend.BatchOutput
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return out, err
	}
	if err := rules.DeleteBatchEnvelope(in); err != nil {
		return out, about(action, q.name, err)
	}
	now, err := q.lock()
	if err != nil {
		return out, about(action, q.name, err)
	}
	defer q.unlock()
	for _, entry := range in.Entries {
		if bad := rules.DeleteEntry(entry); bad != nil {
			out.Failed = append(out.Failed, *bad)
		} else if err := q.delete(entry.ReceiptHandle, now); err != nil {
			out.Failed = append(out.Failed, failedEntry(entry.Id, err))
		} else {
			out.Successful = append(out.Successful, entry.Id)
		}
	}
	return out, nil
}

// delete deletes the message of a handle. On a standard queue any handle does as
// long as the message is there, on a FIFO queue only the latest, while its
// visibility lasts (5.4).
func (q *queue) delete(handle string, now int64) error {
	seq, receipt, err := q.openHandle(handle)
	if err != nil {
		return err
	}
	m := q.messages.get(seq)
	if m == nil {
		return nil
	}
	if q.fifo && (m.state != inFlight || m.receipts != receipt) {
		return rules.Invalid(handle, "ReceiptHandle", "The receipt handle has expired.")
	}
	q.remove(m)
	q.counts.deleted++
	q.emit(backend.EventDeleted, m, now, "", 0)
	return nil
}

// ChangeMessageVisibility hides a message for that long from now on, or gives it
// back with 0 (1.15).
func (e *Engine) ChangeMessageVisibility(ctx context.Context, in backend.ChangeMessageVisibilityInput) error {
	const action = "ChangeMessageVisibility"
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return err
	}
	if in.ReceiptHandle == "" {
		return about(action, q.name, rules.Missing("ReceiptHandle"))
	}
	if err := rules.Visibility(in.VisibilityTimeout); err != nil {
		return about(action, q.name, err)
	}
	now, err := q.lock()
	if err == nil {
		err = q.changeVisibility(in.ReceiptHandle, in.VisibilityTimeout.Value, now)
		q.unlock()
	}
	return about(action, q.name, err)
}

// ChangeMessageVisibilityBatch does so for up to ten; each succeeds or fails by
// itself.
func (e *Engine) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (
	backend.BatchOutput, error,
) {
	const action = "ChangeMessageVisibilityBatch"
	var out backend.BatchOutput
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return out, err
	}
	if err := rules.VisibilityBatchEnvelope(in); err != nil {
		return out, about(action, q.name, err)
	}
	now, err := q.lock()
	if err != nil {
		return out, about(action, q.name, err)
	}
	defer q.unlock()
	for i, entry := range in.Entries {
		if bad := rules.VisibilityEntry(i+1, entry); bad != nil {
			out.Failed = append(out.Failed, *bad)
		} else if err := q.changeVisibility(entry.ReceiptHandle, entry.VisibilityTimeout.Value, now); err != nil {
			out.Failed = append(out.Failed, failedEntry(entry.Id, err))
		} else {
			out.Successful = append(out.Successful, entry.Id)
		}
	}
	return out, nil
}

func (q *queue) changeVisibility(handle string, seconds int, now int64) error {
	seq, receipt, err := q.openHandle(handle)
	if err != nil {
		return err
	}
	m := q.messages.get(seq)
	if m == nil || q.fifo && (m.state != inFlight || m.receipts != receipt) {
		return rules.Invalid(handle, "ReceiptHandle", unavailable)
	}
	timeout := nanoseconds(seconds)
	if now+timeout > m.received+nanoseconds(rules.MaxVisibility) {
		return backend.ErrorOf(backend.ErrInvalidParameterValue, "Value %d for parameter VisibilityTimeout is invalid. "+
			"Reason: Total VisibilityTimeout for the message is beyond the limit [%d seconds]", seconds, rules.MaxVisibility)
	}
	q.setVisibility(m, timeout, now)
	m.changed = true
	return nil
}
