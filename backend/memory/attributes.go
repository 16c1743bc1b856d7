package memory

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// GetQueueAttributes tells attributes of a queue: those asked for that it has
// (docs/SQS.md 1.6, 2.2). The counts are exact.
func (e *Engine) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (
	backend.GetQueueAttributesOutput, error,
) {
	const action = "GetQueueAttributes"
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return backend.GetQueueAttributesOutput{}, err
	}
	for _, name := range in.AttributeNames {
		if err := rules.AttributeName(name); err != nil {
			return backend.GetQueueAttributesOutput{}, about(action, q.name, err)
		}
	}
	if len(in.AttributeNames) == 0 {
		return backend.GetQueueAttributesOutput{}, nil
	}
	attrs, err := q.attributes()
	if err != nil {
		return backend.GetQueueAttributesOutput{}, about(action, q.name, err)
	}
	if !slices.Contains(in.AttributeNames, backend.AttrAll) {
		attrs = only(attrs, in.AttributeNames)
	}
	return backend.GetQueueAttributesOutput{Attributes: attrs}, nil
}

// attributes are all that the queue has.
func (q *queue) attributes() (map[string]string, error) {
	if _, err := q.lock(); err != nil {
		return nil, err
	}
	s := q.settings.Load()
	visible, inFlight, delayed := q.visible(), q.inFlight, q.delayed
	q.unlock()
	attrs := make(map[string]string, len(s.shown)+3)
	maps.Copy(attrs, s.shown)
	attrs[backend.AttrMessages] = strconv.Itoa(visible)
	attrs[backend.AttrMessagesNotVisible] = strconv.Itoa(inFlight)
	attrs[backend.AttrMessagesDelayed] = strconv.Itoa(delayed)
	return attrs, nil
}

func only(attrs map[string]string, names []string) map[string]string {
	var some map[string]string
	for _, name := range names {
		if value, ok := attrs[name]; ok {
			if some == nil {
				some = make(map[string]string, len(names))
			}
			some[name] = value
		}
	}
	return some
}

// SetQueueAttributes changes the named attributes, all or none of them, at once
// (1.7, 2). A new retention holds for what is stored, a new delay only on a FIFO
// queue, where it costs O(n); a new visibility timeout for what is received from
// then on (2.7, 3.2, 5.3).
func (e *Engine) SetQueueAttributes(ctx context.Context, in backend.SetQueueAttributesInput) error {
	const action = "SetQueueAttributes"
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return err
	}
	now, err := q.lock()
	if err != nil {
		return about(action, q.name, err)
	}
	defer q.unlock()
	old := q.settings.Load()
	s, err := old.Set(q.arn, in.Attributes, e.target)
	if err != nil {
		return about(action, q.name, err)
	}
	q.change(s, now)
	return nil
}

// change puts new settings in force. With mu held.
func (q *queue) change(s rules.Settings, now int64) {
	q.modified = now
	old := q.settings.Swap(q.newSettings(s))
	if q.fifo && s.DelaySeconds != old.DelaySeconds {
		q.redelay(now)
	}
	if s.DeduplicationScope != old.DeduplicationScope {
		q.scope.change(s.DeduplicationScope, now)
	}
	q.advance(now)
}

// redelay applies a new delay to the messages of a FIFO queue that have not been
// received yet (8.4).
func (q *queue) redelay(now int64) {
	delay := q.settings.Load().delay
	for m := q.messages.after(0); m != nil; m = q.messages.after(m.seq) {
		if m.receipts > 0 || m.state == inFlight || m.source() != "" {
			continue
		}
		until := m.sent + delay
		switch {
		case m.state == delayed && until <= now:
			q.surface(m, now)
		case m.state == delayed:
			m.until = until
			q.hidden.rekey(m, until)
		case until > now:
			q.hide(m, delayed, until)
		}
	}
}
