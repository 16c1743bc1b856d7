package scenario

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"sqscope/backend"
)

// What is there before the actors start. It is made behind the engine's
// boundary, where faults that others have set do not happen.

// makeQueues makes all queues and then wires their redrives.
func (r *Run) makeQueues(ctx context.Context, queues []queue) error {
	arns := make([]string, len(queues))
	for i, q := range queues {
		_, err := r.engine.CreateQueue(ctx, backend.CreateQueueInput{QueueName: q.name, Attributes: q.attributes, Tags: q.tags})
		if err != nil {
			return r.setUpError(q.name, err)
		}
		attrs, err := r.engine.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{
			QueueUrl: q.name, AttributeNames: []string{backend.AttrQueueArn},
		})
		if err != nil {
			return r.setUpError(q.name, err)
		}
		arns[i] = attrs.Attributes[backend.AttrQueueArn]
	}
	for _, q := range queues {
		if q.redriveTo < 0 {
			continue
		}
		policy, err := json.Marshal(map[string]any{"deadLetterTargetArn": arns[q.redriveTo], "maxReceiveCount": q.maxReceive})
		if err != nil {
			return r.setUpError(q.name, err)
		}
		err = r.engine.SetQueueAttributes(ctx, backend.SetQueueAttributesInput{
			QueueUrl: q.name, Attributes: map[string]string{backend.AttrRedrivePolicy: string(policy)},
		})
		if err != nil {
			return r.setUpError(q.name, err)
		}
	}
	return nil
}

func (r *Run) setUpError(queue string, err error) error {
	e := *backend.AsError(err)
	e.Message = "the scenario cannot be set up: " + e.Message
	e.Subject, e.Err = queue, err
	return &e
}

// moment is one message of the history.
type moment struct {
	before   time.Duration // the start of the actors
	messages *messages
}

// sendHistory sends the messages that are there when the actors start, each at
// its time, the oldest first.
func (r *Run) sendHistory(ctx context.Context, s *Scenario, seed uint64) error {
	p := newPen(seed, "history", r.counters)
	var moments []moment
	for i := range s.messages {
		m := &s.messages[i]
		for k := range m.count {
			part := (float64(k) + p.rng.Float64()) / float64(m.count)
			moments = append(moments, moment{m.ago - time.Duration(part*float64(m.ago-m.until)), m})
		}
	}
	slices.SortStableFunc(moments, func(a, b moment) int { return cmp.Compare(b.before, a.before) })
	end := r.clock.Now().Add(s.oldest())
	for _, m := range moments {
		if err := ctx.Err(); err != nil {
			return backend.AsError(err)
		}
		r.advanceTo(end.Add(-m.before))
		p.now = r.clock.Now()
		q := s.queues[m.messages.queue]
		if err := r.sendMoment(ctx, m.messages, q, p); err != nil {
			return r.setUpError(q.name, err)
		}
	}
	r.advanceTo(end)
	return nil
}

func (r *Run) advanceTo(t time.Time) {
	if d := t.Sub(r.clock.Now()); d > 0 {
		r.clock.Advance(d)
	}
}

func (r *Run) sendMoment(ctx context.Context, m *messages, q queue, p *pen) error {
	in := m.template.message(p)
	in.QueueUrl = q.name
	if m.dead && !isFIFO(q.name) {
		in.DelaySeconds = backend.Some(0) // It has to be received now.
	}
	out, err := r.engine.SendMessage(ctx, in)
	if err != nil {
		return err
	}
	r.tallies[m.queue].Sent++
	if !m.dead {
		return nil
	}
	r.tallies[m.queue].Received += uint64(q.maxReceive)
	return r.kill(ctx, q, out.MessageId)
}

// kill makes a dead letter the way consumers make them: it receives the message
// as often as the queue allows, and once more, which moves it.
func (r *Run) kill(ctx context.Context, q queue, id string) error {
	for n := range q.maxReceive + 1 {
		out, err := r.engine.ReceiveMessage(ctx, backend.ReceiveMessageInput{
			QueueUrl: q.name, VisibilityTimeout: backend.Some(0), WaitTimeSeconds: backend.Some(0),
		})
		last := n == q.maxReceive
		switch got := out.Messages; {
		case err != nil:
			return err
		case last && len(got) == 0:
			return nil
		case last || len(got) != 1 || got[0].MessageId != id:
			return backend.Errorf(backend.KindConflict, "there are other messages where dead letters are to be made")
		}
	}
	return nil
}
