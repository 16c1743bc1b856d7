package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"sqscope/backend"
	"sqscope/backend/outbox"
	"sqscope/backend/rules"
	"sqscope/ui/format"
)

// sendCmd sends one message.
type sendCmd struct {
	change
	Queue string   `arg:"" help:"The queue: its name, URL or ARN." complete:"queue"`
	Body  *string  `arg:"" optional:"" help:"The body; - or nothing reads it from standard input, as it is."`
	Attr  []string `help:"A message attribute: name=value, name:Number=1, name:Binary=TEXT or =base64:… =hex:… =@FILE. May repeat." placeholder:"NAME[:TYPE]=VALUE" sep:"none"`
	Group string   `help:"The message group id." placeholder:"ID"`
	Dedup string   `help:"The deduplication id, for a FIFO queue." placeholder:"ID"`
	Delay string   `help:"How long it is hidden first, up to 15 min, for a standard queue." placeholder:"SECONDS"`
	Trace string   `help:"The AWSTraceHeader." placeholder:"HEADER"`
}

// sentObject is what SQS says of a message that it took.
type sentObject struct {
	QueueArn       string  `json:"queueArn"`
	MessageId      string  `json:"messageId"`
	MD5OfBody      string  `json:"md5OfBody"`
	SequenceNumber *string `json:"sequenceNumber"`
}

// Run sends it, if SQS's own rules have nothing against it.
func (c *sendCmd) Run(r *runner) error {
	return r.in(c.place, c.Yes, func(s *session) error {
		q, err := s.queue(c.Queue)
		if err != nil {
			return err
		}
		if err := s.may(c.DryRun, q.checked("SendMessage")); err != nil {
			return err
		}
		in, err := c.message(s, q)
		if err != nil {
			return err
		}
		in.QueueUrl = q.url
		size := format.Size(rules.Size(in.MessageBody, in.MessageAttributes))
		if c.DryRun {
			s.say("would send a message of %s with %s to %s; nothing was sent", size, format.Plural(len(in.MessageAttributes), "attribute"), q.arn.Name)
			return nil
		}
		if err := s.confirm(question{}); err != nil {
			return err
		}
		ctx, cancel := s.whole()
		defer cancel()
		out, err := q.conn.Stack.SQS.SendMessage(ctx, in)
		if err != nil {
			return err
		}
		o := sentObject{QueueArn: q.arn.String(), MessageId: out.MessageId, MD5OfBody: out.MD5OfMessageBody}
		if out.SequenceNumber != "" {
			o.SequenceNumber = &out.SequenceNumber
		}
		return list(s.Out, []string{"MESSAGE ID", "QUEUE", "SEQUENCE NUMBER"}, []sentObject{o}, func(o sentObject) []string {
			return []string{o.MessageId, q.arn.Name, out.SequenceNumber}
		})
	})
}

// message is what the flags make, checked by SQS's rules. What is wrong with it is
// wrong usage.
func (c *sendCmd) message(s *session, q queue) (backend.SendMessageInput, error) {
	d := outbox.Draft{Group: c.Group, Dedup: c.Dedup, Delay: format.WholeSeconds(c.Delay), Trace: c.Trace}
	var err error
	if d.Body, err = c.body(s); err != nil {
		return backend.SendMessageInput{}, err
	}
	if d.Body == "" {
		return backend.SendMessageInput{}, Usagef("the body is empty, and SQS takes no message without one")
	}
	for _, a := range c.Attr {
		head, value, found := strings.Cut(a, "=")
		name, kind, _ := strings.Cut(head, ":")
		if !found || name == "" {
			return backend.SendMessageInput{}, Usagef("--attr is %q and must be name=value, name:Number=1 or name:Binary=base64:…", a)
		}
		d.Attributes = append(d.Attributes, outbox.Attribute{Name: name, Type: kind, Value: value})
	}
	in, err := d.Message(q.rule(), outbox.ReadFile)
	var fault *outbox.Fault
	if errors.As(err, &fault) {
		return in, Usagef("%s: %s", c.flag(fault), reason(fault.Err))
	}
	return in, err
}

func (c *sendCmd) body(s *session) (string, error) {
	if c.Body != nil && *c.Body != stdin {
		return *c.Body, nil
	}
	if c.Body == nil && terminal(s.stdin) {
		return "", Usagef("there is no body: give it after the queue, or - to read it from standard input")
	}
	// One byte more than SQS takes is enough to be refused by its rules.
	b, err := io.ReadAll(io.LimitReader(&input{s: s, what: "the body"}, rules.MaxBody+1))
	if s.ctx.Err() != nil {
		return "", &backend.Error{Kind: backend.KindCancelled, Message: "nothing was sent", Err: s.ctx.Err()}
	} else if err != nil {
		return "", &backend.Error{Kind: backend.KindInternal, Subject: "standard input", Message: err.Error(), Err: err}
	}
	return string(b), nil
}

// flag is the part of the command line that a fault is in.
func (c *sendCmd) flag(f *outbox.Fault) string {
	switch f.Part {
	case outbox.PartGroup:
		return "--group"
	case outbox.PartDedup:
		return "--dedup"
	case outbox.PartDelay:
		return "--delay"
	case outbox.PartTrace:
		return "--trace"
	case outbox.PartAttribute:
		if f.Row < len(c.Attr) {
			return fmt.Sprintf("--attr %q", c.Attr[f.Row])
		}
		return "--attr"
	}
	return "the body"
}

// reason is an error in words, without its subject.
func reason(e *backend.Error) string { return words(e.Message, e.Next) }
