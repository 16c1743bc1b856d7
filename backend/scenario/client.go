package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"sqscope/backend"
)

// client is how an actor uses SQS: as anybody does, and with a ledger in which
// every request is entered, and every message that is on its way is seen.
type client struct {
	run   *Run
	play  *play
	actor string // its name
	pen   *pen
	Counts
	err   error
	knobs map[string]string // that were turned, by name
}

func (c *client) note(err error) {
	if err != nil {
		c.err = err
	}
}

// target is where messages are sent to: a queue or a topic.
type target struct {
	queue   int
	topic   int
	topical bool // it is the topic
}

func (s *Scenario) nameOf(to target) string {
	if to.topical {
		return s.topics[to.topic].name
	}
	return s.queues[to.queue].name
}

// send sends one message. Its QueueUrl is not read.
func (c *client) send(to target, in backend.SendMessageInput, now time.Time) error {
	if to.topical {
		c.publish(to, in, now)
		return nil
	}
	in.QueueUrl = c.queueName(to.queue)
	c.Requests++
	out, err := c.run.sqs.SendMessage(c.run.ctx, in)
	if err != nil {
		c.Refused++
		c.note(err)
		return err
	}
	c.sent(to.queue, out.MessageId, now)
	return nil
}

func (c *client) publish(to target, in backend.SendMessageInput, now time.Time) {
	c.Sent++
	t := c.play.topics[to.topic]
	c.run.sky.fly(Flight{At: now, Kind: FlightSent, From: c.actor, To: t.name})
	t.publish(in, now)
}

// queueName is the name of a queue of the scenario; actors call queues by it
// (docs/SQS.md 1.0).
func (c *client) queueName(i int) string { return c.play.scenario.queues[i].name }

func (c *client) sent(queue int, id string, now time.Time) {
	c.Sent++
	c.play.tallies[queue].Sent++
	c.run.sky.fly(Flight{At: now, Kind: FlightSent, From: c.actor, To: c.queueName(queue), MessageId: id})
}

// sendBatch sends up to ten messages in one request, to a topic one by one.
func (c *client) sendBatch(to target, messages []backend.SendMessageInput, now time.Time) (sent int) {
	if to.topical {
		for _, in := range messages {
			c.publish(to, in, now)
		}
		return len(messages)
	}
	in := backend.SendMessageBatchInput{QueueUrl: c.queueName(to.queue)}
	for i, m := range messages {
		in.Entries = append(in.Entries, backend.SendMessageBatchEntry{Id: strconv.Itoa(i + 1), SendMessageInput: m})
	}
	c.Requests++
	out, err := c.run.sqs.SendMessageBatch(c.run.ctx, in)
	if err != nil {
		c.Refused += uint64(len(messages))
		c.note(err)
		return 0
	}
	for _, s := range out.Successful {
		c.sent(to.queue, s.MessageId, now)
	}
	for _, f := range out.Failed {
		c.Refused++
		c.note(entryError(f))
	}
	return len(out.Successful)
}

// poll receives without waiting, and gets in line if there is nothing and wake
// is not nil.
func (c *client) poll(queue int, in backend.ReceiveMessageInput, wake func(now time.Time), now time.Time) (
	[]backend.Message, func(), error,
) {
	out, cancel, err := c.run.engine.Poll(in, wake)
	if err != nil {
		c.Requests++
		c.note(err)
		return nil, cancel, err
	}
	c.Received += uint64(len(out.Messages))
	c.play.tallies[queue].Received += uint64(len(out.Messages))
	for _, m := range out.Messages {
		c.run.sky.fly(Flight{At: now, Kind: FlightReceived, From: in.QueueUrl, To: c.actor, MessageId: m.MessageId})
	}
	return out.Messages, cancel, nil
}

// delete deletes a message, and tells whether that was confirmed.
func (c *client) delete(queue int, m *backend.Message, now time.Time) bool {
	c.Requests++
	err := c.run.sqs.DeleteMessage(c.run.ctx, backend.DeleteMessageInput{
		QueueUrl: c.queueName(queue), ReceiptHandle: m.ReceiptHandle,
	})
	c.note(err)
	if err == nil {
		c.deleted(queue, m.MessageId, now)
	}
	return err == nil
}

func (c *client) deleted(queue int, id string, now time.Time) {
	c.Deleted++
	c.play.tallies[queue].Deleted++
	c.run.sky.fly(Flight{At: now, Kind: FlightDeleted, From: c.actor, To: c.queueName(queue), MessageId: id})
}

// deleteAll deletes messages in batches of ten and tells how many of them were
// confirmed.
func (c *client) deleteAll(queue int, messages []backend.Message, now time.Time) (done int) {
	for part := range slices.Chunk(messages, maxBatch) {
		in := backend.DeleteMessageBatchInput{QueueUrl: c.queueName(queue)}
		for i, m := range part {
			in.Entries = append(in.Entries, backend.DeleteMessageBatchEntry{Id: strconv.Itoa(i), ReceiptHandle: m.ReceiptHandle})
		}
		c.Requests++
		out, err := c.run.sqs.DeleteMessageBatch(c.run.ctx, in)
		c.note(err)
		done += c.confirmed(out, part, func(id string) { c.deleted(queue, id, now) })
	}
	return done
}

// hide makes messages visible after so many seconds, one by itself or several in
// one request.
func (c *client) hide(queue int, messages []backend.Message, seconds int, now time.Time) (done int) {
	for part := range slices.Chunk(messages, maxBatch) {
		c.Requests++
		if len(part) > 1 {
			done += c.hideBatch(queue, part, seconds, now)
			continue
		}
		err := c.run.sqs.ChangeMessageVisibility(c.run.ctx, backend.ChangeMessageVisibilityInput{
			QueueUrl: c.queueName(queue), ReceiptHandle: part[0].ReceiptHandle, VisibilityTimeout: backend.Some(seconds),
		})
		c.note(err)
		if err == nil {
			c.hidden(queue, part[0].MessageId, seconds, now)
			done++
		}
	}
	return done
}

func (c *client) hideBatch(queue int, messages []backend.Message, seconds int, now time.Time) (done int) {
	in := backend.ChangeMessageVisibilityBatchInput{QueueUrl: c.queueName(queue)}
	for i, m := range messages {
		in.Entries = append(in.Entries, backend.ChangeMessageVisibilityBatchEntry{
			Id: strconv.Itoa(i), ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: backend.Some(seconds),
		})
	}
	out, err := c.run.sqs.ChangeMessageVisibilityBatch(c.run.ctx, in)
	c.note(err)
	return c.confirmed(out, messages, func(id string) { c.hidden(queue, id, seconds, now) })
}

// confirmed goes through the answer to a batch whose entries have the messages'
// indices for ids, and tells how many were confirmed. Every entry that failed is
// looked at: such a message comes back.
func (c *client) confirmed(out backend.BatchOutput, messages []backend.Message, each func(id string)) (done int) {
	for _, id := range out.Successful {
		if i, err := strconv.Atoi(id); err == nil && i < len(messages) {
			each(messages[i].MessageId)
			done++
		}
	}
	for _, f := range out.Failed {
		c.note(entryError(f))
	}
	return done
}

func (c *client) hidden(queue int, id string, seconds int, now time.Time) {
	if seconds == 0 {
		c.run.sky.fly(Flight{At: now, Kind: FlightGivenBack, From: c.actor, To: c.queueName(queue), MessageId: id})
	}
}

// entryError is the error of a batch entry that was refused.
func entryError(e backend.BatchError) error {
	return backend.ErrorByCode(e.Code, 400, fmt.Sprintf("%s: %s", strconv.Quote(e.Id), e.Message))
}

// state is the actor as it stands. Queue is where it receives, or sends to.
func (c *client) state(kind ActorKind, queue string) Actor {
	return Actor{Name: c.actor, Kind: kind, Queue: queue, Counts: c.Counts, Err: c.err}
}

// writesOf are the names of all that a consumer sends to and calls.
func (c *client) writesOf(forwards []forward, calls int) []string {
	var names []string
	for _, f := range forwards {
		if name := c.play.scenario.nameOf(f.to); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if calls >= 0 {
		names = append(names, c.play.scenario.downstreams[calls].name)
	}
	return names
}
