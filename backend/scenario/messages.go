package scenario

import (
	"time"

	"sqscope/backend/tomlfile"
)

// messages are messages that are there when the actors start.
type messages struct {
	queue    int
	template *template
	count    int
	ago      time.Duration // before the actors start, the first
	until    time.Duration // and the last
	dead     bool          // received too often, so now in the dead-letter queue
}

// Bounds of what is done before the actors start: messages sent, and receives
// to make dead letters.
const (
	maxMessages = 1_000_000
	maxReceives = 100_000
)

func (c *compiler) compileMessages() error {
	sent, receives := 0, 0
	for i, table := range c.file.Messages {
		m, err := c.compileEntry(tomlfile.Path("messages", i), table)
		if err != nil {
			return err
		}
		sent += m.count
		if m.dead {
			receives += m.count * (c.s.queues[m.queue].maxReceive + 1)
		}
		if sent > maxMessages || receives > maxReceives {
			return c.doc.Errorf(tomlfile.Path("messages", i), "at most 1,000,000 messages, and 100,000 receives for dead letters",
				"this is too much to begin with: %d messages, %d receives", sent, receives)
		}
		c.s.messages = append(c.s.messages, m)
	}
	return c.checkOrder()
}

func (c *compiler) compileEntry(path string, table messagesTable) (m messages, err error) {
	if m.queue, err = c.queue(path+".queue", table.Queue); err != nil {
		return m, err
	}
	at := tomlfile.Path("templates", table.Template)
	switch {
	case (table.Template == "") == (table.Inline == nil):
		return m, c.doc.Errorf(path, `template = "NAME", or message = { body = "…" }`, "say what the messages are, one way")
	case table.Inline != nil:
		at = path + ".message"
		m.template, err = c.template("", at, table.Inline)
	default:
		m.template, err = c.named(path+".template", table.Template)
	}
	if err != nil {
		return m, err
	}
	if err := c.whole(path, m.template); err != nil {
		return m, err
	}
	if m.count, err = c.within(path+".count", table.Count, 1, 1, maxCount); err != nil {
		return m, err
	}
	if m.ago, err = c.duration(path+".ago", table.Ago, 0, 0, maxAge); err != nil {
		return m, err
	}
	if m.until, err = c.duration(path+".until", table.Until, m.ago, 0, m.ago); err != nil {
		return m, err
	}
	m.dead = table.Dead
	if err := c.checkAge(path, m); err != nil {
		return m, err
	}
	return m, c.sample(path+".template", at, m.template, target{queue: m.queue})
}

// checkAge refuses what would be gone before anybody saw it, and dead letters
// that cannot be made.
func (c *compiler) checkAge(path string, m messages) error {
	q := c.s.queues[m.queue]
	holder := q
	if m.dead {
		switch {
		case q.redriveTo < 0:
			return c.doc.Errorf(path+".dead", "a queue with redrive", "queue %q has no dead-letter queue", q.name)
		case isFIFO(q.name) && q.delay > 0:
			return c.doc.Errorf(path+".dead", "a FIFO queue without DelaySeconds", "a delayed FIFO message cannot be received at once")
		}
		holder = c.s.queues[q.redriveTo]
	}
	if m.ago+c.s.warmup >= min(q.retention, holder.retention) {
		return c.doc.Errorf(path+".ago", "less than the retention, "+min(q.retention, holder.retention).String(),
			"a message %v old would be gone from %q", m.ago+c.s.warmup, holder.name)
	}
	return nil
}

// checkOrder makes sure that a queue is empty while dead letters pass through
// it: the receives that kill them would count for the others too.
func (c *compiler) checkOrder() error {
	youngest := map[int]time.Duration{} // dead letter of each queue
	reached := map[int]bool{}           // dead-letter queues that get some
	for _, m := range c.s.messages {
		if m.dead {
			until, ok := youngest[m.queue]
			if !ok || m.until < until {
				youngest[m.queue] = m.until
			}
			reached[c.s.queues[m.queue].redriveTo] = true
		}
	}
	for i, m := range c.s.messages {
		name := c.s.queues[m.queue].name
		until, ok := youngest[m.queue]
		switch {
		case m.dead && reached[m.queue]:
			return c.doc.Errorf(tomlfile.Path("messages", i, "dead"), "dead letters of a queue that gets none itself",
				"dead letters would pass through %q while others lie there", name)
		case !m.dead && ok && m.ago >= until:
			return c.doc.Errorf(tomlfile.Path("messages", i, "ago"), "less than "+until.String(),
				"messages for queue %q must be younger than its dead letters", name)
		}
	}
	return nil
}
