package memory

import (
	"context"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// SendMessage stores a message (docs/SQS.md 1.11). The body is kept as it is
// passed, not copied, so it should be a string of its own and not a piece of a
// larger one.
func (e *Engine) SendMessage(ctx context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	const action = "SendMessage"
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return backend.SendMessageOutput{}, err
	}
	if err := rules.Send(q.settings.Load().queue, in); err != nil {
		return backend.SendMessageOutput{}, about(action, q.name, err)
	}
	l := q.letter(&in, senderOf(ctx))
	now, err := q.lock()
	if err != nil {
		return backend.SendMessageOutput{}, about(action, q.name, err)
	}
	q.accept(&l, now)
	q.unlock()
	return l.output(q), nil
}

// SendMessageBatch stores up to ten messages, in the order of the entries and
// with nothing between them (1.12).
func (e *Engine) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (
	backend.SendMessageBatchOutput, error,
) {
	const action = "SendMessageBatch"
	var out backend.SendMessageBatchOutput
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return out, err
	}
	if err := rules.SendBatchEnvelope(in); err != nil {
		return out, about(action, q.name, err)
	}
	out.Failed, err = rules.SendBatch(q.settings.Load().queue, in)
	if err != nil {
		return out, about(action, q.name, err)
	}
	refused := make(map[string]bool, len(out.Failed))
	for _, f := range out.Failed {
		refused[f.Id] = true
	}
	letters, sender := make([]letter, 0, len(in.Entries)), senderOf(ctx)
	for i := range in.Entries {
		if entry := &in.Entries[i]; !refused[entry.Id] {
			l := q.letter(&entry.SendMessageInput, sender)
			l.entry = entry.Id
			letters = append(letters, l)
		}
	}
	now, err := q.lock()
	if err != nil {
		return backend.SendMessageBatchOutput{}, about(action, q.name, err)
	}
	for i := range letters {
		q.accept(&letters[i], now)
	}
	q.unlock()
	for i := range letters {
		out.Successful = append(out.Successful,
			backend.SendMessageBatchResult{Id: letters[i].entry, SendMessageOutput: letters[i].output(q)})
	}
	return out, nil
}

// letter is a message on its way into a queue, and the answer for it.
type letter struct {
	m      *message
	group  string
	delay  backend.Opt[int]
	id     uuid   // answered: of the message, or of the one it repeats
	number uint64 // likewise
	md5Of  string // attributes
	md5Sys string // system attributes
	entry  string // id in a batch
}

// letter makes everything of a message that needs no lock, its digests above
// all.
func (q *queue) letter(in *backend.SendMessageInput, sender string) letter {
	l := letter{
		m:      &message{body: in.MessageBody, digest: rules.DigestOfBody(in.MessageBody), extras: q.extrasOf(in, sender)},
		group:  in.MessageGroupId.Value,
		delay:  in.DelaySeconds,
		md5Of:  rules.MD5OfAttributes(in.MessageAttributes),
		md5Sys: rules.MD5OfAttributes(in.MessageSystemAttributes),
	}
	if q.fifo {
		l.m.dedup = in.MessageDeduplicationId.Value
		if !in.MessageDeduplicationId.Set {
			l.m.dedup = rules.ContentDeduplicationId(in.MessageBody)
		}
	}
	return l
}

// accept stores a letter, unless it is a duplicate. With mu held.
func (q *queue) accept(l *letter, now int64) {
	m := l.m
	m.sent = now
	if !q.fifo {
		q.store(m, "", q.delayOf(l.delay), now)
		l.id = m.id
		return
	}
	key := q.dedupKey(m, l.group, now)
	if first, ok := q.dedup.get(key); ok {
		l.id, l.number = first.id, first.number
		m.id = first.id
		q.emit(backend.EventDuplicate, m, now, "", 0)
		return
	}
	q.store(m, l.group, q.settings.Load().delay, now)
	q.dedup.put(key, original{m.id, m.number}, now)
	l.id, l.number = m.id, m.number
}

// delayOf is the delay of a message: its own, or that of its standard queue.
func (q *queue) delayOf(seconds backend.Opt[int]) int64 {
	if seconds.Set {
		return nanoseconds(seconds.Value)
	}
	return q.settings.Load().delay
}

// store gives a new message its id and its place.
func (q *queue) store(m *message, group string, delay, now int64) {
	m.id = newUUID(q.chance)
	q.add(m, group, now+delay, now)
	q.emit(backend.EventSent, m, now, "", 0)
}

func (l *letter) output(q *queue) backend.SendMessageOutput {
	out := backend.SendMessageOutput{
		MessageId:                    l.id.String(),
		MD5OfMessageBody:             l.m.md5(),
		MD5OfMessageAttributes:       l.md5Of,
		MD5OfMessageSystemAttributes: l.md5Sys,
	}
	if q.fifo {
		out.SequenceNumber = sequenceNumber(l.number)
	}
	return out
}
