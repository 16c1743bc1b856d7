package cli

import (
	"cmp"
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/rules"
	"sqscope/ui/format"
)

// createCmd makes a queue.
type createCmd struct {
	change
	Name     string   `arg:"" help:"Its name; one that ends in .fifo makes a FIFO queue."`
	Set      []string `arg:"" optional:"" name:"name=value" help:"Attributes, as VisibilityTimeout=5m; @FILE reads the value." complete:"attribute"`
	Tag      []string `help:"A tag; may repeat." placeholder:"KEY=VALUE" sep:"none"`
	DLQ      string   `name:"dlq" help:"Its dead-letter queue, which must be there." placeholder:"QUEUE" complete:"queue"`
	Receives *int     `name:"max-receive-count" help:"With --dlq: how often a message is received before it goes there, 1 to 1000; 5 unless said." placeholder:"N"`
}

// createdObject is the queue that was made.
type createdObject struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	ARN  string `json:"arn"`
}

// usualReceives is how often a message is received before it is dead-lettered.
const usualReceives = 5

// Validate refuses what cannot be meant.
func (c *createCmd) Validate() error {
	switch {
	case c.Receives == nil:
		return nil
	case c.DLQ == "":
		return Usagef("--max-receive-count goes with --dlq, which names the dead-letter queue")
	case *c.Receives < 1 || *c.Receives > rules.MaxReceiveCount:
		return Usagef("--max-receive-count is %d and must be 1 to %d", *c.Receives, rules.MaxReceiveCount)
	}
	return nil
}

// Run makes it, if SQS's own rules have nothing against it.
func (c *createCmd) Run(r *runner) error {
	attributes, err := assignments(c.Set)
	if err != nil {
		return err
	}
	tags, err := c.tags()
	if err != nil {
		return err
	}
	return r.in(c.place, c.Yes, func(s *session) error {
		conn, err := s.one()
		if err != nil {
			return err
		}
		if err := s.may(c.DryRun, conn.Guard.CheckQueue("CreateQueue", c.Name)); err != nil {
			return err
		}
		in := backend.CreateQueueInput{QueueName: c.Name, Attributes: attributes, Tags: tags}
		if err := c.check(s, conn, &in); err != nil {
			return err
		}
		if c.DryRun {
			s.say("would make the queue %s with %s and %s; nothing was done", c.Name, format.Plural(len(in.Attributes), "attribute"), format.Plural(len(tags), "tag"))
			return nil
		}
		if err := s.confirm(question{}); err != nil {
			return err
		}
		ctx, cancel := s.whole()
		defer cancel()
		out, err := conn.Stack.SQS.CreateQueue(ctx, in)
		if err != nil {
			return err
		}
		o := createdObject{c.Name, out.QueueUrl, backend.ARNOf(out.QueueUrl, conn.Place.Region).String()}
		return list(s.Out, []string{"NAME", "URL"}, []createdObject{o}, func(o createdObject) []string { return []string{o.Name, o.URL} })
	})
}

func (c *createCmd) tags() (map[string]string, error) {
	tags := map[string]string{}
	for _, t := range c.Tag {
		key, value, found := strings.Cut(t, "=")
		if !found {
			return nil, Usagef("--tag is %q and must be KEY=VALUE", t)
		}
		if _, twice := tags[key]; twice {
			return nil, Usagef("--tag %s is given twice", key)
		}
		tags[key] = value
	}
	if len(tags) == 0 {
		return nil, nil
	}
	if err := rules.Tags(c.Name, nil, tags); err != nil {
		return nil, Usagef("--tag: %s", backend.AsError(err).Message)
	}
	return tags, nil
}

// check completes what was asked for, and has SQS's rules look at it.
func (c *createCmd) check(s *session, conn *Connection, in *backend.CreateQueueInput) error {
	in.Attributes = maps.Clone(in.Attributes)
	fifo := strings.HasSuffix(c.Name, ".fifo")
	if _, said := in.Attributes[backend.AttrFifoQueue]; fifo && !said {
		in.Attributes[backend.AttrFifoQueue] = "true"
	}
	account := conn.Place.Account
	if c.DLQ != "" {
		dlq, err := s.queue(c.DLQ)
		if err != nil {
			return err
		}
		if dlq.arn.FIFO() != fifo {
			return Usagef("--dlq: %s is not of the kind of %s: a FIFO queue has a FIFO dead-letter queue, and a standard queue a standard one", dlq.arn.Name, c.Name)
		}
		receives := usualReceives
		if c.Receives != nil {
			receives = *c.Receives
		}
		policy, err := json.Marshal(map[string]string{"deadLetterTargetArn": dlq.arn.String(), "maxReceiveCount": strconv.Itoa(receives)})
		if err != nil {
			return err
		}
		in.Attributes[backend.AttrRedrivePolicy] = string(policy)
		account = cmp.Or(account, dlq.arn.Account) // a queue of another account is refused by SQS itself
	}
	self := backend.ARN{Partition: backend.PartitionOf(conn.Place.Region), Region: conn.Place.Region, Account: account, Name: c.Name}
	if _, err := rules.NewSettings(self, in.Attributes, nil); err != nil {
		return Usagef("SQS would refuse that: %s", backend.AsError(err).Message)
	}
	return nil
}
