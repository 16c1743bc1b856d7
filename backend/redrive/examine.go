package redrive

import (
	"context"
	"errors"
	"os"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/move"
	"sqscope/backend/redrive/tasks"
	"sqscope/backend/rules"
	"sqscope/backend/triage/harm"
)

// Examine is the preflight of a plan. It reads attributes and wiring and receives
// nothing. What stands against the redrive is in the card, also where a queue
// cannot be read; an error means that the dead-letter queue itself cannot be, or
// that ctx ended.
func Examine(ctx context.Context, p Plan) (*Card, error) {
	e, err := examine(ctx, &p)
	return e.c, err
}

// examine also loads the plan's history, where it has none. The examination is
// there also with an error.
func examine(ctx context.Context, p *Plan) (*examination, error) {
	c := &Card{Native: p.Native, Count: -1, Takes: -1}
	e := &examination{p: p, c: c}
	from, err := move.Find(ctx, p.From.Stack.SQS, p.From.Context, p.From.URL)
	if err != nil {
		unread := *backend.AsError(err)
		unread.Next = "nothing was leased; see whether the queue is there and may be read"
		return e, &unread
	}
	c.From, e.chosen = from, p.chosen()
	e.destinations(ctx)
	for i := range c.To {
		e.destination(ctx, &c.To[i])
	}
	e.source(ctx)
	e.folders()
	e.history()
	e.messages()
	e.effort()
	if err := ctx.Err(); err != nil {
		return e, backend.AsError(err)
	}
	return e, nil
}

// Rehearsal is a dry run: the card, and what would become of each message that is
// known. Nothing was done.
type Rehearsal struct {
	*Card
	Messages []move.Message // Moved is what would be moved
}

// Rehearse is the dry run of a plan: the preflight and the choice, and no act. It
// is about the messages in Plan.Known.
func Rehearse(ctx context.Context, p Plan) (Rehearsal, error) {
	e, err := examine(ctx, &p)
	if err != nil {
		return Rehearsal{Card: e.c}, err
	}
	return Rehearsal{Card: e.c, Messages: e.tried}, nil
}

// examination is a preflight under way.
type examination struct {
	p      *Plan
	c      *Card
	chosen []backend.Message // the known messages that the plan is about
	tried  []move.Message    // what would become of them; nil: none are known, or there is no destination
}

// destinations finds them.
func (e *examination) destinations(ctx context.Context) {
	c, p := e.c, e.p
	if p.To == nil {
		all, err := move.Sources(ctx, c.From)
		if err != nil {
			c.say(Blocker, c.From.ARN, "1.5", "choose a destination, or get the right to list its sources", "cannot tell which queues it serves: %s", backend.AsError(err).Message)
			return
		}
		if len(all) == 0 {
			c.say(Blocker, c.From.ARN, "7.1", "choose a destination", "is the dead-letter queue of no queue, so there is nowhere to go back to")
		}
		for _, q := range all {
			c.To = append(c.To, Destination{Queue: q})
		}
		return
	}
	q, err := move.Find(ctx, p.To.Stack.SQS, p.To.Context, p.To.URL)
	switch k := backend.KindOf(err); {
	case err == nil:
	case k == backend.KindDenied:
		q.ARN = backend.ARNOf(p.To.URL, c.From.ARN.Region)
		c.say(Warning, q.ARN, "10.1", "ask for sqs:GetQueueAttributes on it", "may not be looked at: its kind, its limits and its consumers are not known")
	case k == backend.KindNotFound:
		_, q.ARN.Name = backend.URLParts(p.To.URL)
		c.say(Blocker, q.ARN, "1.0", "choose another destination, or make a quarantine queue", "does not exist, or may not be seen")
		return
	default:
		_, q.ARN.Name = backend.URLParts(p.To.URL)
		c.say(Blocker, q.ARN, "", "try again", "cannot be read: %s", backend.AsError(err).Message)
		return
	}
	c.To = append(c.To, Destination{Queue: q})
}

func (e *examination) destination(ctx context.Context, d *Destination) {
	stack := e.p.stackTo()
	d.Count = -1
	d.Visible, d.InFlight, d.Delayed = number(d.Attributes, backend.AttrMessages), number(d.Attributes, backend.AttrMessagesNotVisible), number(d.Attributes, backend.AttrMessagesDelayed)
	d.Visibility = seconds(d.Attributes, backend.AttrVisibilityTimeout)
	d.Retention = seconds(d.Attributes, backend.AttrMessageRetentionPeriod)
	policy, _ := rules.ParseRedrivePolicy(d.Attributes[backend.AttrRedrivePolicy]) // what can be read counts
	d.DLQ, _ = backend.ParseARN(policy.DeadLetterTargetArn)
	e.kinds(d)
	e.consumers(ctx, stack, d)
	e.rights(ctx, stack, d.ARN, d.Attributes, "SendMessage")
	e.key(ctx, stack, d)
	e.setting(d)
}

// kinds checks how the two queues go together.
func (e *examination) kinds(d *Destination) {
	c, from, to := e.c, e.c.From.ARN, d.ARN
	switch {
	case to == from && d.Context == c.From.Context:
		c.say(Blocker, to, "7.1", "choose another destination", "is the dead-letter queue itself")
	case e.p.Native && to.FIFO() != from.FIFO():
		c.say(Blocker, to, "7.1", "use a selective move, or a queue of the same kind", "is of the other kind: SQS's own task wants both FIFO or both standard")
	case e.p.Native && (to.Region != from.Region || to.Account != from.Account):
		c.say(Blocker, to, "1.0", "use a selective move", "is in another region or account, where SQS's own task does not go")
	case to.FIFO() && !from.FIFO() && e.p.Group == "" && e.p.Transform == nil:
		c.say(Blocker, to, "3.1", "choose a message group", "is a FIFO queue and takes no message without a message group")
	case from.FIFO() && !to.FIFO():
		c.say(Warning, to, "8.7", "", "is a standard queue: messages lose their order and their deduplication")
	case from.FIFO():
		c.say(Note, to, "6.2", "", "has gone on without these messages: they come behind what its groups have done since")
	}
}

// setting says what a destination's settings mean for what is redriven.
func (e *examination) setting(d *Destination) {
	c := e.c
	if d.Attributes == nil {
		return
	}
	switch {
	case d.MaxReceiveCount == 0:
		c.say(Warning, d.ARN, "6.1", "watch its depth, or give it a dead-letter queue", "has no dead-letter queue: what fails again stays there and is received again and again, until it is %s old", harm.Span(d.Retention))
	case d.DLQ != c.From.ARN:
		c.say(Note, d.ARN, "6.1", "", "dead-letters into %s: what fails again goes there", d.DLQ.Name)
	case d.MaxReceiveCount == 1:
		c.say(Note, d.ARN, "6.1", "", "gives a message one receive: any hiccup brings it back here")
	}
	if d.Visibility == 0 {
		c.say(Warning, d.ARN, "5.3", "give it a visibility timeout", "has a visibility timeout of 0 s: messages are processed more than once")
	}
	if delay := seconds(d.Attributes, backend.AttrDelaySeconds); delay > 0 {
		c.say(Note, d.ARN, "5.7", "", "delays messages by %s", harm.Span(delay))
	}
	if most := e.p.Guards.Depth; most > 0 && d.Visible >= 0 && d.Visible+d.InFlight+d.Delayed >= most {
		c.say(Blocker, d.ARN, "", "wait until it is drained, or allow more", "holds %d messages already; the redrive is to stop at %d", d.Visible+d.InFlight+d.Delayed, most)
	}
}

// key tells whether messages can be encrypted in a destination. Only what KMS says
// of the key itself is final: the right to it may hold through SQS alone.
func (e *examination) key(ctx context.Context, s backend.Stack, d *Destination) {
	if d.KMSKey == "" {
		return
	}
	const (
		rights = "sending takes kms:GenerateDataKey and kms:Decrypt on its key"
		shows  = "; whether you may use it shows with the first batch, which is sent alone"
	)
	if s.Wiring == nil {
		e.c.say(Warning, d.ARN, "7.5", rights, "is encrypted with the KMS key %s"+shows, d.KMSKey)
		return
	}
	err := s.Wiring.SendKey(ctx, d.KMSKey, d.ARN)
	if err == nil {
		return
	}
	switch backend.KindOf(err) {
	case backend.KindInvalid, backend.KindNotFound, backend.KindConflict:
		e.c.say(Blocker, d.ARN, "10.5", rights, "is encrypted with the KMS key %s, which cannot be used: %s", d.KMSKey, backend.AsError(err).Message)
	default:
		e.c.say(Warning, d.ARN, "10.5", rights, "is encrypted with the KMS key %s, and KMS did not say that you may use it: %s"+shows, d.KMSKey, backend.AsError(err).Message)
	}
}

// source looks at the dead-letter queue.
func (e *examination) source(ctx context.Context) {
	c, p := e.c, e.p
	q := c.From
	inFlight := number(q.Attributes, backend.AttrMessagesNotVisible)
	c.Count = q.Visible
	if inFlight > 0 {
		c.say(Note, q.ARN, "7.3", "", "has %s in flight, which cannot be moved until they are visible", plural(inFlight, "message"))
	}
	if q.Visible == 0 && inFlight <= 0 {
		c.say(Warning, q.ARN, "12.2", "look again in a minute", "seems to hold no messages; counts may be a minute late")
	}
	if p.Native && p.chooses() {
		c.say(Blocker, q.ARN, "7.3", "use a selective move", "is emptied by SQS's own task as a whole: nothing can be chosen, limited or changed")
	}
	if q.MaxReceiveCount > 0 && !p.Native {
		c.say(Warning, q.ARN, "6.1", "", "has a redrive policy of its own: a message that was received %s is moved away instead of being leased", plural(q.MaxReceiveCount, "time"))
	}
	actions := []string{"ReceiveMessage", "DeleteMessage"}
	if p.Native {
		actions = append(actions, "StartMessageMoveTask")
	} else {
		actions = append(actions, "ChangeMessageVisibility")
	}
	e.rights(ctx, p.From.Stack, q.ARN, q.Attributes, actions...)
	e.underWay(ctx)
}

// underWay looks for others who move messages from here.
func (e *examination) underWay(ctx context.Context) {
	c := e.c
	t, ok, err := tasks.Desk{SQS: e.p.From.Stack.SQS, Source: c.From.ARN}.Current(ctx)
	switch {
	case ok:
		c.say(Blocker, c.From.ARN, "7.1", "wait for it, or cancel it", "is being redriven by a move task: %s", t.Words())
	case err != nil && e.p.Native:
		c.say(Warning, c.From.ARN, "7.4", "ask for sqs:ListMessageMoveTasks", "may have a move task that cannot be seen: %s", backend.AsError(err).Message)
	}
	open, err := move.Unfinished(e.p.Moves)
	if err != nil {
		c.say(Blocker, c.From.ARN, "", "see to the file, then try again", "has journals of moves that cannot be read: %s", backend.AsError(err).Error())
		return
	}
	for _, m := range open {
		for _, problem := range m.Problems {
			c.say(Note, c.From.ARN, "", "", "has a move whose journal is damaged: %s", problem.Error())
		}
		if m.From.ARN != c.From.ARN {
			continue
		}
		if m.Running {
			c.say(Warning, c.From.ARN, "", "wait for it", "is being moved from by another sqscope (move %s)", m.ID)
		} else {
			c.say(Warning, c.From.ARN, "", "finish it first", "has the unfinished move %s: its %d messages that were perhaps sent are left", m.ID, len(m.Both)+len(m.Doubtful))
		}
	}
}

// folders finds out whether the journal and the report can be written: without
// the first nothing is moved.
func (e *examination) folders() {
	try := func(dir string) error {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		f, err := os.CreateTemp(dir, ".preflight-*")
		if err != nil {
			return err
		}
		_, err = f.Write(make([]byte, 4096))
		return errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	if !e.p.Native || e.p.Guards.canary() > 0 {
		if err := try(e.p.Moves); err != nil {
			e.c.say(Blocker, e.c.From.ARN, "", "make room or rights there", "cannot be moved from: the journal of the move cannot be written: %v", err)
		}
	}
	if e.p.Reports != "" {
		if err := try(e.p.Reports); err != nil {
			e.c.say(Warning, e.c.From.ARN, "", "make room or rights there", "will have no report on disk: %v", err)
		}
	}
}

// number is an attribute that is a whole number; -1: not known.
func number(attributes map[string]string, name string) int {
	n, err := strconv.Atoi(attributes[name])
	if err != nil {
		return -1
	}
	return n
}

// seconds is an attribute in seconds; 0: not known.
func seconds(attributes map[string]string, name string) time.Duration {
	return time.Duration(max(0, number(attributes, name))) * time.Second
}
