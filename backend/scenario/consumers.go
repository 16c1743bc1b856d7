package scenario

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend/tomlfile"
)

// How workers and functions are read, and what both do with a message.

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
	if w.batch, err = c.within(path+".batch", table.Batch, 1, 1, maxBatch); err != nil {
		return w, err
	}
	if w.wait, err = c.duration(path+".wait", table.Wait, longPoll, 0, longPoll); err != nil {
		return w, err
	}
	if w.wait%time.Second != 0 {
		return w, c.doc.Errorf(path+".wait", "whole seconds", "SQS does not wait for a part of a second")
	}
	if w.every, err = c.duration(path+".every", table.Every, time.Second, 10*time.Millisecond, time.Hour); err != nil {
		return w, err
	}
	w.visibility = -1
	if table.Visibility != "" {
		s, err := c.timeout(path+".visibility", table.Visibility, "a worker cannot hide messages for %q")
		if err != nil {
			return w, err
		}
		w.visibility = time.Duration(s) * time.Second
	}
	if err := c.heartbeat(path+".heartbeat", table.Heartbeat, &w.heartbeat); err != nil {
		return w, err
	}
	switch table.Deletes {
	case "", "each":
		if table.Partial {
			return w, c.doc.Errorf(path+".partial", `deletes = "batch" too`, "each message is deleted by itself already")
		}
	case "batch":
		w.together, w.partial = true, table.Partial
	default:
		return w, c.doc.Errorf(path+".deletes", tomlfile.OneOf(table.Deletes, []string{"each", "batch"}), "a worker cannot delete by %q", table.Deletes)
	}
	w.handlingSpec, err = c.handling(path, table.handlingTable, giveBack)
	return w, err
}

// timeout reads a visibility timeout above 0 (docs/SQS.md 1.13).
func (c *compiler) timeout(path, s, bad string) (seconds int, err error) {
	if seconds, err = c.seconds(path, s); err != nil {
		return 0, err
	}
	if seconds < 1 || time.Duration(seconds)*time.Second > longest {
		return 0, c.doc.Errorf(path, "1s to 12h", bad, s)
	}
	return seconds, nil
}

func (c *compiler) heartbeat(path string, table *heartbeatTable, h *heartbeat) (err error) {
	if table == nil {
		return nil
	}
	if table.Every == "" || table.For == "" {
		return c.doc.Errorf(path, `{ every = "10s", for = "30s" }`, "the heartbeat is incomplete")
	}
	if h.every, err = c.duration(path+".every", table.Every, 0, time.Second, longest); err != nil {
		return err
	}
	h.lasts, err = c.timeout(path+".for", table.For, "a heartbeat cannot hide messages for %q")
	return err
}

// handling reads what a consumer does with a message. Its failures are of the
// kind usual where they do not say another; a function cannot give back.
func (c *compiler) handling(path string, t handlingTable, usual outcome) (h handlingSpec, err error) {
	if h.takes, err = c.duration(path+".takes", t.Takes, 100*time.Millisecond, time.Millisecond, longest); err != nil {
		return h, err
	}
	most := 0.9
	switch h.shape = shape(t.Distribution); h.shape {
	case "":
		h.shape = uniform
	case uniform, exponential:
	case lognormal:
		most = 3
	default:
		return h, c.doc.Errorf(path+".distribution", tomlfile.OneOf(t.Distribution, []string{string(uniform), string(exponential), string(lognormal)}),
			"times cannot be distributed as %q", t.Distribution)
	}
	if h.spread, err = c.fraction(path+".spread", t.Spread, 0.3, 0, most); err != nil {
		return h, err
	}
	if h.faults, err = c.faults(path, t.Fail, usual); err != nil {
		return h, err
	}
	if err := c.calls(path, t, usual, &h); err != nil {
		return h, err
	}
	if err := c.effect(path, t, &h); err != nil {
		return h, err
	}
	if t.Answers != "" {
		if h.answers, err = c.bodyPath(path+".answers", t.Answers); err != nil {
			return h, err
		}
	}
	h.forwards, err = c.forwards(path, t.Forward)
	return h, err
}

// calls reads which downstream is called, and what becomes of a message whose
// call was refused.
func (c *compiler) calls(path string, t handlingTable, usual outcome, h *handlingSpec) error {
	h.calls = -1
	if t.Calls == "" {
		if t.Refused != nil {
			return c.doc.Errorf(path+".refused", `calls = "NAME" too`, "nothing is called that could refuse")
		}
		return nil
	}
	i, ok := c.downstreams[t.Calls]
	if !ok {
		return c.doc.Errorf(path+".calls", oneOf("a downstream", t.Calls, sortedKeys(c.downstreams)), "downstream %q is not declared", t.Calls)
	}
	h.calls = i
	h.refused = fault{chance: 1, how: usual, takes: -1}
	if r := t.Refused; r != nil {
		var err error
		h.refused, err = c.fault(path+".refused", failTable{How: r.How, After: r.After, Takes: r.Takes}, usual)
		return err
	}
	return nil
}

// effect reads the side effect, and what is counted of it and of the order.
func (c *compiler) effect(path string, t handlingTable, h *handlingSpec) (err error) {
	switch h.idempotency = idempotency(t.Idempotency); h.idempotency {
	case noKey:
	case messageKey, effectKey:
		if t.Effect == "" {
			return c.doc.Errorf(path+".idempotency", "an effect too", "there is no side effect to have only once")
		}
	default:
		return c.doc.Errorf(path+".idempotency", tomlfile.OneOf(t.Idempotency, []string{string(messageKey), string(effectKey)}),
			"%q cannot be an idempotency key", t.Idempotency)
	}
	if t.Effect != "" {
		h.effective = true
		if t.Effect != string(messageKey) {
			if h.effect, err = c.bodyPath(path+".effect", t.Effect); err != nil {
				return err
			}
		}
	}
	if t.Order == nil {
		return nil
	}
	h.order = &orderSpec{}
	if h.order.number, err = c.bodyPath(path+".order.number", t.Order.Number); err != nil || t.Order.By == "" {
		return err
	}
	h.order.by, err = c.bodyPath(path+".order.by", t.Order.By)
	return err
}

// bodyPath reads the path of a value in a JSON body.
func (c *compiler) bodyPath(path, s string) ([]string, error) {
	keys := strings.Split(s, ".")
	if slices.Contains(keys, "") {
		return nil, c.doc.Errorf(path, "a path in the body, such as customer.id", "%q is no path", s)
	}
	return keys, nil
}

func (c *compiler) faults(path string, tables []failTable, usual outcome) ([]fault, error) {
	var faults []fault
	for i, table := range tables {
		f, err := c.fault(path+".fail."+strconv.Itoa(i), table, usual)
		if err != nil {
			return nil, err
		}
		faults = append(faults, f)
	}
	return faults, nil
}

func (c *compiler) fault(at string, table failTable, usual outcome) (fault, error) {
	f := fault{body: table.Body, attribute: table.Attribute, how: outcome(table.How)}
	if f.valued = table.Value != nil; f.valued {
		f.value = *table.Value
	}
	if f.valued && f.attribute == "" {
		return f, c.doc.Errorf(at+".value", "an attribute too", "a value of which attribute?")
	}
	known := []string{string(giveBack), string(leave), string(crash), string(crashLate)}
	if usual != giveBack {
		known = known[1:]
	}
	switch {
	case f.how == "":
		f.how = usual
	case !slices.Contains(known, table.How):
		return f, c.doc.Errorf(at+".how", tomlfile.OneOf(table.How, known), "a message cannot fail by %q", f.how)
	}
	var err error
	if f.chance, err = c.fraction(at+".chance", table.Chance, 1, 0, 1); err != nil {
		return f, err
	}
	if f.after, err = c.duration(at+".after", table.After, 0, 0, longest); err != nil {
		return f, err
	}
	if f.after%time.Second != 0 && f.how == giveBack {
		return f, c.doc.Errorf(at+".after", "whole seconds", "SQS does not take a part of a second")
	}
	f.takes, err = c.duration(at+".takes", table.Takes, -1, time.Millisecond, longest)
	return f, err
}

func (c *compiler) forwards(path string, tables []forwardTable) ([]forward, error) {
	var forwards []forward
	for i, table := range tables {
		at := path + ".forward." + strconv.Itoa(i)
		var f forward
		var err error
		if f.to, err = c.target(at, "to", table.To, table.Topic); err != nil {
			return nil, err
		}
		if f.template, err = c.named(at+".template", table.Template); err != nil {
			return nil, err
		}
		if err := c.untasked(at+".template", f.template); err != nil {
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

const maxLambdaBatch = 10_000

func (c *compiler) compileLambdas() error {
	for i, table := range c.file.Lambdas {
		l, err := c.compileLambda(tomlfile.Path("lambdas", i), table)
		if err != nil {
			return err
		}
		c.s.lambdas = append(c.s.lambdas, l)
	}
	return nil
}

func (c *compiler) compileLambda(path string, table lambdaTable) (l lambdaSpec, err error) {
	if l.queue, err = c.queue(path+".queue", table.Queue); err != nil {
		return l, err
	}
	if l.name, err = c.actorName(path, table.Name, table.Queue+"-function"); err != nil {
		return l, err
	}
	if err := c.mapping(path, table, &l); err != nil {
		return l, err
	}
	if l.concurrency, err = c.within(path+".concurrency", table.Concurrency, maxWorkers, 1, maxWorkers); err != nil {
		return l, err
	}
	if l.timeout, err = c.duration(path+".timeout", table.Timeout, 30*time.Second, time.Second, 15*time.Minute); err != nil {
		return l, err
	}
	q := c.s.queues[l.queue]
	if l.timeout > q.visibility {
		return l, c.doc.Errorf(path+".timeout", "at most the queue's visibility timeout, "+q.visibility.String(),
			"Queue visibility timeout: %d seconds is less than Function timeout: %d seconds", int(q.visibility.Seconds()), int(l.timeout.Seconds()))
	}
	l.report = table.Report
	l.handlingSpec, err = c.handling(path, table.handlingTable, leave)
	return l, err
}

// mapping reads the event source mapping, with Lambda's own limits (docs/SQS.md
// 10.7).
func (c *compiler) mapping(path string, table lambdaTable, l *lambdaSpec) (err error) {
	most := maxLambdaBatch
	if isFIFO(table.Queue) {
		most = maxBatch
	}
	if l.batch, err = c.within(path+".batch", table.Batch, 10, 1, most); err != nil {
		return err
	}
	if l.window, err = c.duration(path+".window", table.Window, 0, 0, 5*time.Minute); err != nil {
		return err
	}
	switch {
	case l.window%time.Second != 0:
		return c.doc.Errorf(path+".window", "whole seconds", "Lambda does not take a part of a second")
	case l.window > 0 && isFIFO(table.Queue):
		return c.doc.Errorf(path+".window", "no window on a FIFO queue", "Lambda has no batching window for FIFO queues")
	case l.window == 0 && l.batch > maxBatch:
		return c.doc.Errorf(path+".batch", "a window of at least 1s too",
			"Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
	}
	if l.pollers, err = c.within(path+".pollers", table.Pollers, 5, 1, maxWorkers); err != nil {
		return err
	}
	if table.Maximum != nil {
		l.maximum, err = c.within(path+".maximum", table.Maximum, 0, 2, maxWorkers)
	}
	return err
}
