package cli

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/peek"
	"sqscope/backend/rules"
	"sqscope/backend/tomlfile"
)

// queue is one that was named on the command line, as it was when the command
// began.
type queue struct {
	conn       *Connection
	url        string
	arn        backend.ARN
	attributes map[string]string
}

// queue finds a queue by its name, its URL or its ARN in the places that are open.
func (s *session) queue(what string) (queue, error) {
	ctx, cancel := s.limited()
	defer cancel()
	conns, account, name, err := s.where(what)
	if err != nil {
		return queue{}, err
	}
	var found []queue
	for _, conn := range conns {
		q := queue{conn: conn, url: what}
		if !strings.Contains(what, "://") {
			out, err := conn.Stack.SQS.GetQueueUrl(ctx, backend.GetQueueUrlInput{QueueName: name, QueueOwnerAWSAccountId: account})
			if backend.KindOf(err) == backend.KindNotFound {
				continue
			} else if err != nil {
				return queue{}, err
			}
			q.url = out.QueueUrl
		}
		err := q.read(ctx)
		switch {
		case backend.KindOf(err) == backend.KindNotFound:
		case err != nil:
			return queue{}, err
		default:
			found = append(found, q)
		}
	}
	switch len(found) {
	case 0:
		return queue{}, s.missing(ctx, name, conns)
	case 1:
		return found[0], nil
	}
	var places []string
	for _, q := range found {
		places = append(places, q.arn.String())
	}
	return queue{}, Usagef("%s is in several places; give its ARN: %s", name, strings.Join(places, ", "))
}

// where takes what was typed apart, and tells which places can have such a queue.
func (s *session) where(what string) (conns []*Connection, account, name string, err error) {
	arn, isARN := backend.ParseARN(what)
	account, name = backend.URLParts(what)
	region := ""
	switch {
	case isARN:
		account, name, region = arn.Account, arn.Name, arn.Region
	case strings.Contains(what, "://"):
		if u, err := url.Parse(what); err == nil {
			region = regionOf(u.Hostname())
		}
	}
	if name == "" || strings.ContainsAny(name, ": ") {
		return nil, "", "", Usagef("%q names no queue: give a name, a URL or an ARN", what)
	}
	for _, c := range s.conns {
		if region == "" || region == c.Place.Region {
			conns = append(conns, c)
		}
	}
	if len(conns) == 0 {
		return nil, "", "", Usagef("%s is in %s, which is not open: say --region %s", name, region, region)
	}
	return conns, account, name, nil
}

// regionOf is the region in the host of one of AWS's queue URLs, or "" (docs/SQS.md
// 11.5).
func regionOf(host string) string {
	parts := strings.Split(host, ".")
	if len(parts) > 2 && parts[0] == "sqs" && strings.HasPrefix(parts[2], "amazonaws") {
		return parts[1]
	}
	return ""
}

// missing says that there is no such queue, and which may have been meant.
func (s *session) missing(ctx context.Context, name string, conns []*Connection) error {
	var names []string
	for _, c := range conns {
		out, err := c.Stack.SQS.ListQueues(ctx, backend.ListQueuesInput{MaxResults: backend.Some(1000)})
		if err != nil {
			continue // that there is no such queue is known all the same
		}
		for _, u := range out.QueueUrls {
			_, n := backend.URLParts(u)
			names = append(names, n)
		}
	}
	next := ""
	if near := tomlfile.Near(name, names); len(near) > 0 {
		next = "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return Usagef("there is no queue %s in %s%s", name, conns[0].Place.Context, next)
}

// read reads the attributes.
func (q *queue) read(ctx context.Context) error {
	out, err := q.conn.Stack.SQS.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{QueueUrl: q.url, AttributeNames: []string{backend.AttrAll}})
	if err != nil {
		return err
	}
	q.attributes = out.Attributes
	arn, ok := backend.ParseARN(out.Attributes[backend.AttrQueueArn])
	if !ok {
		arn = backend.ARNOf(q.url, q.conn.Place.Region)
	}
	q.arn = arn
	return nil
}

// number is an attribute that is a whole number; -1 where it is not known.
func (q *queue) number(name string) int {
	n, err := strconv.Atoi(q.attributes[name])
	if err != nil {
		return -1
	}
	return n
}

// stored is about how many messages it has in whatever state; -1: not known.
func (q *queue) stored() int {
	sum := 0
	for _, name := range []string{backend.AttrMessages, backend.AttrMessagesNotVisible, backend.AttrMessagesDelayed} {
		n := q.number(name)
		if n < 0 {
			return -1
		}
		sum += n
	}
	return sum
}

// redrive is its RedrivePolicy, as far as it can be read.
func (q *queue) redrive() rules.RedrivePolicy {
	p, _ := rules.ParseRedrivePolicy(q.attributes[backend.AttrRedrivePolicy])
	return p
}

// rule is what a message for it must keep to.
func (q *queue) rule() rules.Queue {
	r := rules.Queue{Name: q.arn.Name, FIFO: q.arn.FIFO(), ContentBasedDeduplication: q.attributes[backend.AttrContentBasedDeduplication] == "true"}
	if n := q.number(backend.AttrMaximumMessageSize); n > 0 {
		r.MaximumMessageSize = n
	}
	return r
}

// look is how to look at its messages. A look that should be confirmed ends with
// [peek.StopAsk].
func (q *queue) look(s *session) peek.Options {
	o := peek.Options{
		Stack: q.conn.Stack, Leases: s.leases, URL: q.url, ARN: q.arn, FIFO: q.arn.FIFO(),
		MaxReceiveCount: q.redrive().MaxReceiveCount, Visible: q.number(backend.AttrMessages), AskFirst: true,
	}
	if dlq, ok := backend.ParseARN(q.redrive().DeadLetterTargetArn); ok {
		o.DLQDepth = q.depthOf(dlq)
	}
	return o
}

// depthOf reads how many messages a dead-letter queue holds, whose URL is asked
// for once.
func (q *queue) depthOf(dlq backend.ARN) func(context.Context) (int, error) {
	at := queue{conn: q.conn}
	return func(ctx context.Context) (int, error) {
		if at.url == "" {
			out, err := q.conn.Stack.SQS.GetQueueUrl(ctx, backend.GetQueueUrlInput{QueueName: dlq.Name, QueueOwnerAWSAccountId: dlq.Account})
			if err != nil {
				return 0, err
			}
			at.url = out.QueueUrl
		}
		if err := at.read(ctx); err != nil {
			return 0, err
		}
		if n := at.stored(); n >= 0 {
			return n, nil
		}
		return 0, errors.New("its depth cannot be read")
	}
}

// checked makes sure that the level allows an action on it.
func (q *queue) checked(action string) error { return q.conn.Guard.CheckQueue(action, q.arn.Name) }

// may is the first of the errors of rights that a command needs. A command that only
// says what it would do needs none, and says what is missing.
func (s *session) may(dry bool, rights ...error) error {
	err := cmp.Or(rights...)
	if err != nil && dry {
		s.say("it would need more: %s", backend.AsError(err).Error())
		return nil
	}
	return err
}
