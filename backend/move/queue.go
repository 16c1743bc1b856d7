package move

import (
	"context"
	"strconv"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// Queue is one end of a move. Make it with [Find].
type Queue struct {
	SQS     backend.SQS // guarded and metered
	Context string      // the name of the context that it is in
	URL     string
	ARN     backend.ARN

	Visible            int    // about how many messages it has; -1: not known
	MaximumMessageSize int    // bytes; 0: as much as SQS takes
	MaxReceiveCount    int    // of its own RedrivePolicy; 0: none
	KMSKey             string // KmsMasterKeyId; "": none

	Attributes map[string]string // all that GetQueueAttributes gave; nil: it was not allowed
}

// Find reads what a move needs to know of a queue (docs/SQS.md 1.6).
func Find(ctx context.Context, sqs backend.SQS, inContext, queueURL string) (Queue, error) {
	q := Queue{SQS: sqs, Context: inContext, URL: queueURL, Visible: -1}
	out, err := sqs.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{
		QueueUrl: queueURL, AttributeNames: []string{backend.AttrAll},
	})
	if err != nil {
		return q, err
	}
	arn, ok := backend.ParseARN(out.Attributes[backend.AttrQueueArn])
	if !ok {
		e := backend.Errorf(backend.KindInternal, "has no ARN that can be read: %q", out.Attributes[backend.AttrQueueArn])
		e.Action, e.Subject, e.Next = "GetQueueAttributes", queueURL, "nothing was moved"
		return q, e
	}
	q.ARN, q.Attributes, q.KMSKey = arn, out.Attributes, out.Attributes[backend.AttrKmsMasterKeyId]
	if n, err := strconv.Atoi(out.Attributes[backend.AttrMessages]); err == nil {
		q.Visible = n
	}
	if n, err := strconv.Atoi(out.Attributes[backend.AttrMaximumMessageSize]); err == nil {
		q.MaximumMessageSize = n
	}
	// A policy that cannot be read is the doctor's matter; what can be read counts.
	policy, _ := rules.ParseRedrivePolicy(out.Attributes[backend.AttrRedrivePolicy])
	q.MaxReceiveCount = policy.MaxReceiveCount
	return q, nil
}

// Sources are the queues that dead-letter into this one (1.5). A queue that is
// gone meanwhile is left out.
func Sources(ctx context.Context, dlq Queue) ([]Queue, error) {
	var all []Queue
	in := backend.ListDeadLetterSourceQueuesInput{QueueUrl: dlq.URL, MaxResults: backend.Some(rules.MaxListResults)}
	for {
		out, err := dlq.SQS.ListDeadLetterSourceQueues(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, u := range out.QueueUrls {
			q, err := Find(ctx, dlq.SQS, dlq.Context, u)
			if err != nil && backend.KindOf(err) == backend.KindNotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			all = append(all, q)
		}
		if out.NextToken == "" {
			return all, nil
		}
		in.NextToken = out.NextToken
	}
}

// Check finds out what would keep a move from working, before anything is
// leased: it looks at every queue once more, notes what it sees, and checks how
// they go together. What only a send can tell, such as a KMS key that may not be used, shows with the
// first batch, which is sent alone.
func (o *Options) Check(ctx context.Context) error {
	switch {
	case len(o.To) == 0:
		return refuse(o.From.ARN.Name, "has nowhere to be moved to", "choose a destination")
	case len(o.To) > 1 && !o.Home:
		return refuse(o.From.ARN.Name, "cannot be moved to several queues", "choose one, or give each message back to its own source")
	case o.Dedup != "" && o.Dedup != DedupNew && o.Dedup != DedupKeep && o.Dedup != DedupContent:
		return refuse(string(o.Dedup), "is no way to choose deduplication ids", "choose new, keep or content")
	}
	if err := o.From.again(ctx); err != nil {
		return err
	}
	for i := range o.To {
		to := &o.To[i]
		if to.ARN == o.From.ARN && to.Context == o.From.Context {
			return refuse(to.ARN.Name, "is the source and the destination", "choose another destination")
		}
		if err := to.again(ctx); err != nil {
			return err
		}
		if to.ARN.FIFO() && !o.From.ARN.FIFO() && o.Group == "" && o.Transform == nil {
			return refuse(to.ARN.Name, "is a FIFO queue and takes no message without a message group", "choose a group for the messages")
		}
	}
	return nil
}

// again looks whether a queue is still there. Whoever may use it but not read its
// attributes goes by what is known.
func (q *Queue) again(ctx context.Context) error {
	now, err := Find(ctx, q.SQS, q.Context, q.URL)
	switch {
	case err != nil && backend.KindOf(err) == backend.KindDenied && q.ARN != (backend.ARN{}):
		return nil
	case err != nil:
		e := *backend.AsError(err)
		e.Next = "nothing was leased; see whether the queue is still there, then try again"
		return &e
	case q.ARN != (backend.ARN{}) && now.ARN != q.ARN:
		return refuse(q.ARN.String(), "is not at that URL, "+now.ARN.String()+" is", "look again")
	}
	*q = now
	return nil
}

func refuse(subject, message, next string) *backend.Error {
	return &backend.Error{Kind: backend.KindInvalid, Subject: subject, Message: message, Next: next}
}

func (q Queue) rules() rules.Queue {
	return rules.Queue{Name: q.ARN.Name, FIFO: q.ARN.FIFO(), MaximumMessageSize: q.MaximumMessageSize}
}
