package scenario

import (
	"fmt"
	"strconv"
	"time"

	"sqscope/backend/tomlfile"
)

// How producers are read.

// actorName checks the name of an actor; it is the source of its randomness and
// so must be its own.
func (c *compiler) actorName(path, name, def string) (string, error) {
	if name == "" {
		name = def
	}
	if c.actors[name] {
		return "", c.doc.Errorf(path+".name", "a name of its own", "there are two actors called %q", name)
	}
	c.actors[name] = true
	return name, nil
}

func (c *compiler) compileProducers() error {
	for i, table := range c.file.Producers {
		p, err := c.compileProducer(tomlfile.Path("producers", i), table, false)
		if err != nil {
			return err
		}
		c.s.producers = append(c.s.producers, p)
	}
	return nil
}

func (c *compiler) compileProducer(path string, table producerTable, tasks bool) (p producerSpec, err error) {
	if p.to, err = c.target(path, "queue", table.Queue, table.Topic); err != nil {
		return p, err
	}
	def := table.Queue + table.Topic + "-producer"
	if tasks {
		def = table.Queue + "-machine"
	}
	if p.name, err = c.actorName(path, table.Name, def); err != nil {
		return p, err
	}
	if err = c.weigh(path, table, tasks, &p); err != nil {
		return p, err
	}
	if p.batch, err = c.within(path+".batch", table.Batch, 1, 1, maxBatch); err != nil {
		return p, err
	}
	p.pace, err = c.pace(path, table)
	return p, err
}

// weigh reads which templates a producer sends, and how often each.
func (c *compiler) weigh(path string, table producerTable, tasks bool, p *producerSpec) error {
	weights := table.Templates
	if (table.Template == "") == (len(weights) == 0) {
		return c.doc.Errorf(path, `template = "NAME", or templates = { NAME = 9, OTHER = 1 }`, "say what is sent, one way")
	}
	at := func(string) string { return path + ".template" }
	if len(weights) == 0 {
		weights = map[string]float64{table.Template: 1}
	} else {
		at = func(name string) string { return tomlfile.Join(path+".templates", name) }
	}
	for _, name := range sortedKeys(weights) {
		t, err := c.named(at(name), name)
		if err != nil {
			return err
		}
		if w := weights[name]; !(w > 0 && w <= maxWeight) {
			return c.doc.Errorf(at(name), "a weight above 0", "template %q cannot have the weight %v", name, w)
		}
		switch {
		case !tasks:
			err = c.whole(at(name), t)
		case !t.tasked:
			err = c.doc.Errorf(at(name), "a template with {{token}}", "nobody could answer a message without the task's token")
		case t.quotes:
			err = c.doc.Errorf(at(name), "a template without {{from …}}", "there is no message to take {{from …}} from")
		}
		if err != nil {
			return err
		}
		if err := c.sample(at(name), tomlfile.Path("templates", name), t, p.to); err != nil {
			return err
		}
		p.choice.add(t, weights[name])
	}
	return nil
}

// pace reads how fast a producer sends.
func (c *compiler) pace(path string, table producerTable) (p pace, err error) {
	if p.jitter, err = c.fraction(path+".jitter", table.Jitter, 0.5, 0, 1); err != nil {
		return p, err
	}
	if (table.Rate == nil) == (table.Every == "") {
		return p, c.doc.Errorf(path, `rate = 12 (messages a second), or every = "5s"`, "say how often it sends, one way")
	}
	if table.Every != "" {
		d, err := c.duration(path+".every", table.Every, 0, time.Millisecond, maxPeriod)
		if err != nil {
			return p, err
		}
		p.rate = float64(time.Second) / float64(d)
	} else {
		p.rate = *table.Rate
	}
	slowest := slowestRate
	if table.Burst != nil {
		if err := c.burst(path+".burst", table.Burst, &p.burst); err != nil {
			return p, err
		}
		slowest = 0
	}
	if !(p.rate >= slowest && p.rate <= maxRate) {
		return p, c.doc.Errorf(path+".rate", "1 a day to 1000 a second, or 0 with a burst", "the rate cannot be %v", p.rate)
	}
	if p.hours = table.Hours; p.hours == nil {
		p.hours = c.file.Hours
	}
	return p, c.hours(path+".hours", table.Hours)
}

// hours checks by what rates are multiplied.
func (c *compiler) hours(path string, hours []float64) error {
	if len(hours) > maxHours {
		return c.doc.Errorf(path, fmt.Sprintf("at most %d hours", maxHours), "%d hours are too many", len(hours))
	}
	for i, factor := range hours {
		if !(factor >= leastHour && factor <= mostHour) {
			return c.doc.Errorf(tomlfile.Join(path, strconv.Itoa(i)), fmt.Sprintf("%v to %d times the rate", leastHour, mostHour),
				"an hour cannot have the factor %v", factor)
		}
	}
	return nil
}

// slowestRate is one message a day.
const slowestRate = 1 / (24 * 60 * 60.0)

// burst reads a burst. Its average over the day is at least one message, so
// that planning the next one ends soon.
func (c *compiler) burst(path string, table *burstTable, b *burst) (err error) {
	if table.Every == "" || table.For == "" {
		return c.doc.Errorf(path, `{ every = "3m", for = "40s", rate = 20 }`, "the burst is incomplete")
	}
	if b.every, err = c.duration(path+".every", table.Every, 0, time.Second, maxPeriod); err != nil {
		return err
	}
	if b.lasts, err = c.duration(path+".for", table.For, 0, time.Millisecond, b.every); err != nil {
		return err
	}
	if b.after, err = c.duration(path+".after", table.After, 0, 0, maxPeriod); err != nil {
		return err
	}
	b.rate = table.Rate
	if average := b.rate * b.lasts.Seconds() / b.every.Seconds(); !(average*maxPeriod.Seconds() >= 1 && b.rate <= maxRate) {
		return c.doc.Errorf(path+".rate", "1 a day to 1000 a second", "a burst cannot have the rate %v", b.rate)
	}
	return nil
}
