package scenario

import (
	"fmt"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
	"sqscope/backend/tomlfile"
)

// Limits of a scenario. They are far above what a picture of traffic needs, and
// keep a slip of the pen from eating the machine.
const (
	maxWarmup  = 15 * time.Minute
	maxAge     = 14 * 24 * time.Hour // the longest retention (docs/SQS.md 2.1)
	maxCount   = 100_000             // messages of one entry
	maxRate    = 1_000               // messages a second of one producer
	maxWorkers = 1_000               // of one entry
	maxWeight  = 1e9
	maxPeriod  = 24 * time.Hour
	maxBatch   = 10 // messages of a receive (docs/SQS.md 1.13)
	maxHours   = 14 * 24
	mostHour   = 100
	leastHour  = 0.001 // so that planning the next message ends soon
)

// duration reads a duration that may be left out.
func (c *compiler) duration(path, s string, def, lo, hi time.Duration) (time.Duration, error) {
	if s == "" {
		return def, nil
	}
	const expected = `a duration such as "250ms", "30s", "1h30m" or "4d"`
	d, ok := backend.ParseSpan(s)
	if !ok {
		return 0, c.doc.Errorf(path, expected, "%q is no duration", s)
	}
	if d < lo || d > hi {
		return 0, c.doc.Errorf(path, spanText(lo)+" to "+spanText(hi), "%s cannot be %q", tomlfile.Name(path), s)
	}
	return d, nil
}

// spanText is a duration as people write it: 12h and not 12h0m0s.
func spanText(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// seconds reads a duration that SQS takes in whole seconds.
func (c *compiler) seconds(path, s string) (int, error) {
	d, err := c.duration(path, s, 0, 0, maxAge)
	if err != nil {
		return 0, err
	}
	if d%time.Second != 0 {
		return 0, c.doc.Errorf(path, "whole seconds", "SQS does not take a part of a second, as in %q", s)
	}
	return int(d / time.Second), nil
}

// whole checks that a template needs nothing but itself.
func (c *compiler) whole(path string, t *template) error {
	if t.quotes {
		return c.doc.Errorf(path, "a template without {{from …}}", "there is no message to take {{from …}} from")
	}
	return c.untasked(path, t)
}

// untasked checks that a template needs no task.
func (c *compiler) untasked(path string, t *template) error {
	if t.tasked {
		return c.doc.Errorf(path, "a template without {{token}}", "there is no task to take {{token}} from")
	}
	return nil
}

// sampleKey is a template that is sent somewhere, which is checked once.
type sampleKey struct {
	template *template
	to       target
}

// samples is how many messages of each template are tried on each queue.
const samples = 3

// sample writes a few messages and asks the rules whether the queue would take
// them, or all the queues of a topic, so that a bad template is found when the
// file is read and not an hour later. where is the use, at is the template's own
// path.
func (c *compiler) sample(where, at string, t *template, to target) error {
	key := sampleKey{t, to}
	if c.sampled[key] {
		return nil
	}
	c.sampled[key] = true
	p := newPen(uint64(len(c.sampled)), "sample", make([]int64, len(c.s.counters)))
	p.now, p.token = time.Unix(1_800_000_000, 0), "00000000-0000-4000-8000-000000000000"
	for i, n := range c.s.counters {
		p.counters[i] = n.start
	}
	for range samples {
		in := t.message(p)
		if p.full {
			return c.doc.Errorf(at+".body", "at most 1 MiB and 100,000 fields", "a message of this template grows too large")
		}
		if err := c.try(where, at, t, to, in); err != nil {
			return err
		}
	}
	return nil
}

// try asks the rules about one message.
func (c *compiler) try(where, at string, t *template, to target, in backend.SendMessageInput) error {
	if !to.topical {
		q := c.s.queues[to.queue]
		in.QueueUrl = q.name
		if err := rules.Send(q.rules, in); err != nil {
			return c.refused(where, at, t, q.name, in, err)
		}
		return nil
	}
	topic := c.s.topics[to.topic]
	if isFIFO(topic.name) && t.group == nil {
		return c.doc.Errorf(where, "a template with a group", "a message for the FIFO topic %q needs a group", topic.name)
	}
	if in.DelaySeconds.Set {
		return c.doc.Errorf(at+".delay", "no delay: SNS has none", "template %q cannot be published", t.name)
	}
	for i := range topic.subscriptions {
		s := &topic.subscriptions[i]
		q := c.s.queues[s.queue]
		out := s.of(in, q.name)
		out.QueueUrl = q.name
		if err := rules.Send(q.rules, out); err != nil {
			return c.refused(where, at, t, q.name, out, err)
		}
	}
	return nil
}

// target finds the queue or the topic that messages are sent to.
func (c *compiler) target(path, queueKey, queue, topic string) (t target, err error) {
	if topic == "" {
		t.queue, err = c.queue(tomlfile.Join(path, queueKey), queue)
		return t, err
	}
	if queue != "" {
		return t, c.doc.Errorf(path+".topic", "a queue or a topic", "say where it is sent, one way")
	}
	i, ok := c.topics[topic]
	if !ok {
		return t, c.doc.Errorf(path+".topic", oneOf("a topic", topic, sortedKeys(c.topics)), "topic %q is not declared", topic)
	}
	return target{topic: i, topical: true}, nil
}

// refused points at the part of a template that a queue does not take; a missing
// group belongs to the use of the template, which may be right elsewhere.
func (c *compiler) refused(where, at string, t *template, queue string, in backend.SendMessageInput, err error) error {
	if isFIFO(queue) && t.group == nil {
		return c.doc.Errorf(where, "a template with a group", "a message for the FIFO queue %q needs a group", queue)
	}
	name := "the message"
	if t.name != "" {
		name = fmt.Sprintf("template %q", t.name)
	}
	return c.doc.Errorf(at+guilty(t, queue, in), "what SQS accepts", "%s is refused by queue %q: %s", name, queue,
		backend.AsError(err).Message)
}

// guilty finds the key of the part that is refused, by adding one part after the
// other to a message that a standard queue would take.
func guilty(t *template, queue string, in backend.SendMessageInput) string {
	probe := backend.SendMessageInput{MessageBody: in.MessageBody}
	bad := func() bool { return rules.Send(rules.Queue{Name: queue}, probe) != nil }
	if bad() {
		return ".body"
	}
	if probe.MessageAttributes = in.MessageAttributes; bad() {
		return ".attributes"
	}
	if probe.MessageSystemAttributes = in.MessageSystemAttributes; bad() {
		return ".trace_header"
	}
	if probe.MessageGroupId = in.MessageGroupId; bad() {
		return ".group"
	}
	if probe.DelaySeconds = in.DelaySeconds; bad() || isFIFO(queue) && in.DelaySeconds.Value > 0 {
		return ".delay"
	}
	if t.dedup != nil {
		return ".dedup"
	}
	return ""
}

// checkCircles refuses forwards that come back to where they began: each round
// could make more messages than the last.
func (c *compiler) checkCircles() error {
	type edge struct {
		to   int
		path string
	}
	edges := make([][]edge, len(c.s.queues))
	add := func(from int, f forward, path string) {
		if !f.to.topical {
			edges[from] = append(edges[from], edge{f.to.queue, path + ".to"})
			return
		}
		for _, s := range c.s.topics[f.to.topic].subscriptions {
			edges[from] = append(edges[from], edge{s.queue, path + ".topic"})
		}
	}
	for i, w := range c.s.workers {
		for k, f := range w.forwards {
			add(w.queue, f, tomlfile.Path("workers", i, "forward", k))
		}
	}
	for i, l := range c.s.lambdas {
		for k, f := range l.forwards {
			add(l.queue, f, tomlfile.Path("lambdas", i, "forward", k))
		}
	}
	const (
		unseen = iota
		open
		done
	)
	state := make([]int, len(c.s.queues))
	var trail []string
	var visit func(q int) error
	visit = func(q int) error {
		state[q] = open
		trail = append(trail, c.s.queues[q].name)
		for _, e := range edges[q] {
			if state[e.to] == open {
				return c.doc.Errorf(e.path, "forwards that lead away from where they began", "forwards go in a circle: %s → %s",
					strings.Join(trail, " → "), c.s.queues[e.to].name)
			}
			if state[e.to] == unseen {
				if err := visit(e.to); err != nil {
					return err
				}
			}
		}
		trail = trail[:len(trail)-1]
		state[q] = done
		return nil
	}
	for q := range c.s.queues {
		if state[q] == unseen {
			if err := visit(q); err != nil {
				return err
			}
		}
	}
	return nil
}
