package scenario

import (
	"fmt"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
	"sqscope/backend/tomlfile"
)

// queue is a queue to make. Its redrive is set once all queues are there, so
// that the order in the file does not matter.
type queue struct {
	name       string
	attributes map[string]string
	tags       map[string]string
	redriveTo  int // index of the dead-letter queue, -1 for none
	maxReceive int
	rules      rules.Queue
	retention  time.Duration
	delay      time.Duration
	visibility time.Duration
}

func (c *compiler) compileQueues() error {
	for i, table := range c.file.Queues {
		q, err := c.compileQueue(tomlfile.Path("queues", i), table)
		if err != nil {
			return err
		}
		if _, ok := c.queues[q.name]; ok {
			return c.doc.Errorf(tomlfile.Path("queues", i, "name"), "another name", "queue %q is declared twice", q.name)
		}
		c.queues[q.name] = i
		c.s.queues = append(c.s.queues, q)
	}
	for i, table := range c.file.Queues {
		if table.Redrive == nil {
			continue
		}
		if err := c.compileRedrive(tomlfile.Path("queues", i, "redrive"), &c.s.queues[i], table.Redrive); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) compileQueue(path string, table queueTable) (queue, error) {
	q := queue{name: table.Name, attributes: map[string]string{}, tags: table.Tags, redriveTo: -1}
	if err := rules.QueueName(table.Name, isFIFO(table.Name)); err != nil {
		return q, c.doc.Errorf(path+".name", "1 to 80 letters, digits, hyphens and underscores, with .fifo for a FIFO queue",
			"%q cannot be the name of a queue", table.Name)
	}
	if isFIFO(table.Name) {
		q.attributes[backend.AttrFifoQueue] = "true"
	}
	for _, name := range sortedKeys(table.Attributes) {
		at := tomlfile.Join(path+".attributes", name)
		if name == backend.AttrRedrivePolicy {
			return q, c.doc.Errorf(at, `redrive = { to = "QUEUE", max = 5 } instead`, "the redrive policy is no attribute here")
		}
		v, err := c.queueAttribute(at, name, table.Attributes[name])
		if err != nil {
			return q, err
		}
		q.attributes[name] = v
	}
	// The account and region are the engine's to know; no rule depends on them.
	self := backend.ARN{Partition: "aws", Region: "us-east-1", Account: "000000000000", Name: q.name}
	settings, err := rules.NewSettings(self, q.attributes, func(string) (rules.Target, bool) { return rules.Target{}, false })
	if err != nil {
		at, expected := wrongAttribute(self, q.attributes)
		return q, c.doc.Errorf(tomlfile.Join(path+".attributes", at), expected, "queue %q: %s", q.name, backend.AsError(err).Message)
	}
	q.rules = settings.Queue(q.name)
	q.retention = time.Duration(settings.MessageRetentionPeriod) * time.Second
	q.delay = time.Duration(settings.DelaySeconds) * time.Second
	q.visibility = time.Duration(settings.VisibilityTimeout) * time.Second
	if len(q.tags) > 0 {
		if err := rules.Tags(q.name, nil, q.tags); err != nil {
			return q, c.doc.Errorf(path+".tags", "what SQS accepts", "queue %q: %s", q.name, backend.AsError(err).Message)
		}
	}
	return q, nil
}

// wrongAttribute finds the one that SQS refuses by trying each by itself, and says
// what would be right; "" if only all together are wrong.
func wrongAttribute(self backend.ARN, all map[string]string) (name, expected string) {
	for _, name := range sortedKeys(all) {
		one := map[string]string{name: all[name]}
		if fifo, ok := all[backend.AttrFifoQueue]; ok {
			one[backend.AttrFifoQueue] = fifo
		}
		_, err := rules.NewSettings(self, one, func(string) (rules.Target, bool) { return rules.Target{}, false })
		if err == nil {
			continue
		}
		if rules.AttributeName(name) != nil {
			return name, tomlfile.OneOf(name, settable())
		}
		if lo, hi, ok := secondsOf(name); ok {
			return name, fmt.Sprintf("%d to %d seconds", lo, hi)
		}
		return name, "what SQS accepts"
	}
	return "", "what SQS accepts"
}

// settable are the attributes that a file may set.
func settable() []string {
	return []string{
		backend.AttrContentBasedDeduplication, backend.AttrDeduplicationScope, backend.AttrDelaySeconds, backend.AttrFifoQueue,
		backend.AttrFifoThroughputLimit, backend.AttrKmsDataKeyReusePeriodSeconds, backend.AttrKmsMasterKeyId,
		backend.AttrMaximumMessageSize, backend.AttrMessageRetentionPeriod, backend.AttrPolicy,
		backend.AttrReceiveMessageWaitTimeSeconds, backend.AttrRedriveAllowPolicy, backend.AttrSqsManagedSseEnabled,
		backend.AttrVisibilityTimeout,
	}
}

// queueAttribute gives an attribute the form that SQS takes: a text. Those in
// seconds may be durations.
func (c *compiler) queueAttribute(path, name string, value any) (string, error) {
	switch v := value.(type) {
	case int64:
		return strconv.FormatInt(v, 10), nil
	case bool:
		return strconv.FormatBool(v), nil
	case string:
		if _, err := strconv.Atoi(v); err == nil || !inSeconds(name) {
			return v, nil
		}
		n, err := c.seconds(path, v)
		return strconv.Itoa(n), err
	}
	return "", c.doc.Errorf(path, `a text, a whole number, true or false; for seconds also a duration such as "30s"`,
		"attribute %q has a wrong value", name)
}

func inSeconds(attribute string) bool {
	_, _, ok := secondsOf(attribute)
	return ok
}

// secondsOf is from how many to how many seconds an attribute takes, if it takes
// seconds (docs/SQS.md 2.1).
func secondsOf(attribute string) (lo, hi int, ok bool) {
	switch attribute {
	case backend.AttrDelaySeconds:
		return 0, rules.MaxDelay, true
	case backend.AttrKmsDataKeyReusePeriodSeconds:
		return rules.MinKmsReuse, rules.MaxKmsReuse, true
	case backend.AttrMessageRetentionPeriod:
		return rules.MinRetention, rules.MaxRetention, true
	case backend.AttrReceiveMessageWaitTimeSeconds:
		return 0, rules.MaxWait, true
	case backend.AttrVisibilityTimeout:
		return 0, rules.MaxVisibility, true
	}
	return 0, 0, false
}

func (c *compiler) compileRedrive(path string, q *queue, table *redriveTable) error {
	to, err := c.queue(path+".to", table.To)
	if err != nil {
		return err
	}
	target := c.s.queues[to]
	switch {
	case target.name == q.name:
		return c.doc.Errorf(path+".to", "another queue", "queue %q cannot redrive to itself", q.name)
	case isFIFO(target.name) != isFIFO(q.name):
		return c.doc.Errorf(path+".to", "a queue of the same type, standard or FIFO", "%q cannot redrive to %q", q.name, target.name)
	case table.Max < 1 || table.Max > rules.MaxReceiveCount:
		return c.doc.Errorf(path+".max", fmt.Sprintf("1 to %d receives", rules.MaxReceiveCount), "max cannot be %d", table.Max)
	}
	q.redriveTo, q.maxReceive = to, table.Max
	return nil
}
