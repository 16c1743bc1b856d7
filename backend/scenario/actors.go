package scenario

import (
	"strconv"
	"time"

	"sqscope/backend/tomlfile"
)

// producerSpec is a producer as the file declares it.
type producerSpec struct {
	name   string
	queue  int
	choice choice[*template]
	rate   float64 // messages a second outside bursts, may be 0 with one
	jitter float64 // 0: like a clock; 1: from nothing to twice the interval
	batch  int     // messages a request
	burst  burst
}

// burst is a time of another rate that comes back; none if every is 0.
type burst struct {
	every, lasts time.Duration
	after        time.Duration // the first one, since the actors' start
	rate         float64
}

// workerSpec is a group of like workers as the file declares them.
type workerSpec struct {
	name       string
	queue      int
	count      int
	batch      int
	wait       time.Duration
	every      time.Duration // pause after an empty short poll
	takes      time.Duration
	spread     float64
	visibility time.Duration // -1: the queue's
	faults     []fault
	forwards   []forward
}

// fault is a rule for messages that are not processed. The first rule that
// matches counts. What it looks at is the message itself, so a message that
// always fails still does so after a redrive, and no longer once it was mended.
type fault struct {
	body      string // contains this
	attribute string // has this attribute
	value     string // of this value, if valued
	valued    bool
	chance    float64
	how       outcome
	after     time.Duration // until it is visible again, or the worker is back
	takes     time.Duration // -1: as long as others
}

// outcome is what becomes of a message that failed.
type outcome string

const (
	giveBack outcome = "give-back" // visible again after a while, or at once
	leave    outcome = "leave"     // until its visibility timeout ends
	crash    outcome = "crash"     // the worker dies with all that it holds
)

// forward is a message that a worker sends for one that it processed.
type forward struct {
	to       int
	template *template
	chance   float64
}

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
		p, err := c.compileProducer(tomlfile.Path("producers", i), table)
		if err != nil {
			return err
		}
		c.s.producers = append(c.s.producers, p)
	}
	return nil
}

func (c *compiler) compileProducer(path string, table producerTable) (p producerSpec, err error) {
	if p.queue, err = c.queue(path+".queue", table.Queue); err != nil {
		return p, err
	}
	if p.name, err = c.actorName(path, table.Name, table.Queue+"-producer"); err != nil {
		return p, err
	}
	if err = c.weigh(path, table, &p); err != nil {
		return p, err
	}
	if p.jitter, err = c.fraction(path+".jitter", table.Jitter, 0.5, 0, 1); err != nil {
		return p, err
	}
	if p.batch, err = c.within(path+".batch", table.Batch, 1, 1, 10); err != nil {
		return p, err
	}
	return p, c.pace(path, table, &p)
}

// weigh reads which templates a producer sends, and how often each.
func (c *compiler) weigh(path string, table producerTable, p *producerSpec) error {
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
		if t.quotes {
			return c.doc.Errorf(at(name), "a template without {{from …}}", "there is no message to take {{from …}} from")
		}
		if err := c.sample(at(name), tomlfile.Path("templates", name), t, p.queue); err != nil {
			return err
		}
		p.choice.add(t, weights[name])
	}
	return nil
}

// pace reads how fast a producer sends.
func (c *compiler) pace(path string, table producerTable, p *producerSpec) error {
	if (table.Rate == nil) == (table.Every == "") {
		return c.doc.Errorf(path, `rate = 12 (messages a second), or every = "5s"`, "say how often it sends, one way")
	}
	if table.Every != "" {
		d, err := c.duration(path+".every", table.Every, 0, time.Millisecond, maxPeriod)
		if err != nil {
			return err
		}
		p.rate = float64(time.Second) / float64(d)
	} else {
		p.rate = *table.Rate
	}
	slowest := 1 / maxPeriod.Seconds()
	if table.Burst != nil {
		if err := c.burst(path+".burst", table.Burst, &p.burst); err != nil {
			return err
		}
		slowest = 0
	}
	if !(p.rate >= slowest && p.rate <= maxRate) {
		return c.doc.Errorf(path+".rate", "1 a day to 1000 a second, or 0 with a burst", "the rate cannot be %v", p.rate)
	}
	return nil
}

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

func (c *compiler) compileWorkers() error {
	for i, table := range c.file.Workers {
		w, err := c.compileWorker(tomlfile.Path("workers", i), table)
		if err != nil {
			return err
		}
		c.s.workers = append(c.s.workers, w)
	}
	return nil
}

func (c *compiler) compileWorker(path string, table workerTable) (w workerSpec, err error) {
	if w.queue, err = c.queue(path+".queue", table.Queue); err != nil {
		return w, err
	}
	if w.name, err = c.actorName(path, table.Name, table.Queue+"-worker"); err != nil {
		return w, err
	}
	if w.count, err = c.within(path+".count", table.Count, 1, 1, maxWorkers); err != nil {
		return w, err
	}
	if w.batch, err = c.within(path+".batch", table.Batch, 1, 1, 10); err != nil {
		return w, err
	}
	if w.wait, err = c.duration(path+".wait", table.Wait, 20*time.Second, 0, 20*time.Second); err != nil {
		return w, err
	}
	if w.wait%time.Second != 0 {
		return w, c.doc.Errorf(path+".wait", "whole seconds", "SQS does not wait for a part of a second")
	}
	if w.every, err = c.duration(path+".every", table.Every, time.Second, 10*time.Millisecond, time.Hour); err != nil {
		return w, err
	}
	if w.takes, err = c.duration(path+".takes", table.Takes, 100*time.Millisecond, time.Millisecond, 12*time.Hour); err != nil {
		return w, err
	}
	if w.spread, err = c.fraction(path+".spread", table.Spread, 0.3, 0, 0.9); err != nil {
		return w, err
	}
	w.visibility = -1
	if table.Visibility != "" {
		s, err := c.seconds(path+".visibility", table.Visibility)
		if err != nil {
			return w, err
		}
		if w.visibility = time.Duration(s) * time.Second; s < 1 || w.visibility > 12*time.Hour {
			return w, c.doc.Errorf(path+".visibility", "1s to 12h", "a worker cannot hide messages for %q", table.Visibility)
		}
	}
	if w.faults, err = c.faults(path, table.Fail); err != nil {
		return w, err
	}
	w.forwards, err = c.forwards(path, table.Forward)
	return w, err
}

func (c *compiler) faults(path string, tables []failTable) ([]fault, error) {
	var faults []fault
	for i, table := range tables {
		at := path + ".fail." + strconv.Itoa(i)
		f := fault{body: table.Body, attribute: table.Attribute, how: outcome(table.How)}
		if f.valued = table.Value != nil; f.valued {
			f.value = *table.Value
		}
		if f.valued && f.attribute == "" {
			return nil, c.doc.Errorf(at+".value", "an attribute too", "a value of which attribute?")
		}
		switch f.how {
		case "":
			f.how = giveBack
		case giveBack, leave, crash:
		default:
			return nil, c.doc.Errorf(at+".how", tomlfile.OneOf(table.How, []string{string(giveBack), string(leave), string(crash)}),
				"a message cannot fail by %q", f.how)
		}
		var err error
		if f.chance, err = c.fraction(at+".chance", table.Chance, 1, 0, 1); err != nil {
			return nil, err
		}
		if f.after, err = c.duration(at+".after", table.After, 0, 0, 12*time.Hour); err != nil {
			return nil, err
		}
		if f.after%time.Second != 0 && f.how == giveBack {
			return nil, c.doc.Errorf(at+".after", "whole seconds", "SQS does not take a part of a second")
		}
		if f.takes, err = c.duration(at+".takes", table.Takes, -1, time.Millisecond, 12*time.Hour); err != nil {
			return nil, err
		}
		faults = append(faults, f)
	}
	return faults, nil
}

func (c *compiler) forwards(path string, tables []forwardTable) ([]forward, error) {
	var forwards []forward
	for i, table := range tables {
		at := path + ".forward." + strconv.Itoa(i)
		var f forward
		var err error
		if f.to, err = c.queue(at+".to", table.To); err != nil {
			return nil, err
		}
		if f.template, err = c.named(at+".template", table.Template); err != nil {
			return nil, err
		}
		if f.chance, err = c.fraction(at+".chance", table.Chance, 1, 0, 1); err != nil {
			return nil, err
		}
		if err := c.sample(at+".template", tomlfile.Path("templates", table.Template), f.template, f.to); err != nil {
			return nil, err
		}
		forwards = append(forwards, f)
	}
	return forwards, nil
}
