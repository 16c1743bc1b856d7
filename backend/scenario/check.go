package scenario

import (
	"fmt"
	"math/rand/v2"
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
)

// duration reads a duration that may be left out.
func (c *compiler) duration(path, s string, def, lo, hi time.Duration) (time.Duration, error) {
	if s == "" {
		return def, nil
	}
	const expected = `a duration such as "250ms", "30s", "1h30m" or "4d"`
	d, ok := parseDuration(s)
	if !ok {
		return 0, c.doc.Errorf(path, expected, "%q is no duration", s)
	}
	if d < lo || d > hi {
		return 0, c.doc.Errorf(path, fmt.Sprintf("%v to %v", lo, hi), "%s cannot be %q", tomlfile.Name(path), s)
	}
	return d, nil
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

// sampleKey is a template on a kind of queue, which is checked once.
type sampleKey struct {
	template *template
	queue    int
}

// samples is how many messages of each template are tried on each queue.
const samples = 3

// sample writes a few messages and asks the rules whether the queue would take
// them, so that a bad template is found when the file is read and not an hour
// later. where is the use, at is the template's own path.
func (c *compiler) sample(where, at string, t *template, queue int) error {
	key := sampleKey{t, queue}
	if c.sampled[key] {
		return nil
	}
	c.sampled[key] = true
	p := &pen{
		rng: rand.New(rand.NewPCG(uint64(len(c.sampled)), 1)), now: time.Unix(1_800_000_000, 0),
		counters: make([]int64, len(c.s.counters)),
	}
	for i, n := range c.s.counters {
		p.counters[i] = n.start
	}
	q := c.s.queues[queue]
	for range samples {
		in := t.message(q.name, p)
		if p.full {
			return c.doc.Errorf(at+".body", "at most 1 MiB and 100,000 fields", "a message of this template grows too large")
		}
		if err := rules.Send(q.rules, in); err != nil {
			return c.refused(where, at, t, q.name, in, err)
		}
	}
	return nil
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
	for i, w := range c.s.workers {
		for k, f := range w.forwards {
			edges[w.queue] = append(edges[w.queue], edge{f.to, tomlfile.Path("workers", i, "forward", k, "to")})
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
