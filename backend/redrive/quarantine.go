package redrive

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/move"
	"sqscope/backend/rules"
)

const fifoSuffix = ".fifo"

// QuarantineName is the name of a quarantine queue for a dead-letter queue, unless
// somebody wants another: its own with -quarantine, as long as names may be.
func QuarantineName(dlq backend.ARN) string {
	suffix := "-quarantine"
	if dlq.FIFO() {
		suffix += fifoSuffix
	}
	stem := strings.TrimSuffix(dlq.Name, fifoSuffix)
	return stem[:min(len(stem), rules.MaxQueueName-len(suffix))] + suffix
}

// quarantineAttributes are those of a quarantine queue for a dead-letter queue: of
// the same kind, encrypted in the same way, taking what that has, and keeping it as
// long as SQS does. Nobody is to receive from it by accident, so that it has no
// policy and no redrive policy.
func quarantineAttributes(dlq move.Queue) map[string]string {
	a := map[string]string{
		backend.AttrMessageRetentionPeriod: strconv.Itoa(rules.MaxRetention),
		backend.AttrMaximumMessageSize:     strconv.Itoa(rules.MaxMessageSize),
	}
	if dlq.ARN.FIFO() {
		a[backend.AttrFifoQueue] = "true"
	}
	if dlq.KMSKey != "" {
		a[backend.AttrKmsMasterKeyId] = dlq.KMSKey
	}
	return a
}

const (
	usableAfter = time.Second // a queue that was made (docs/SQS.md 1.1)
	usableTries = 5
)

// Quarantine makes a quarantine queue beside a dead-letter queue, or finds the one
// that is there if it has these attributes. An empty name is the usual one. It
// returns when the queue can be used, and changes nothing else. Kind conflict: a
// queue of that name is there and differs, or was deleted a moment ago.
func Quarantine(ctx context.Context, dlq End, name string) (End, error) {
	from, err := move.Find(ctx, dlq.Stack.SQS, dlq.Context, dlq.URL)
	if err != nil {
		return End{}, err
	}
	name = cmp.Or(name, QuarantineName(from.ARN))
	if err := rules.QueueName(name, from.ARN.FIFO()); err != nil {
		e := *backend.AsError(err)
		e.Subject = name
		return End{}, &e
	}
	out, err := dlq.Stack.SQS.CreateQueue(ctx, backend.CreateQueueInput{
		QueueName: name, Attributes: quarantineAttributes(from),
		Tags: map[string]string{"sqscope": "quarantine", "quarantine-of": from.ARN.Name},
	})
	if err != nil {
		e := *backend.AsError(err)
		e.Subject = name
		if e.Next == "" && e.Kind == backend.KindConflict {
			e.Next = "choose another name"
		}
		return End{}, &e
	}
	end := End{Stack: dlq.Stack, Context: dlq.Context, URL: out.QueueUrl}
	for try := 1; ; try++ {
		if _, err = move.Find(ctx, end.Stack.SQS, end.Context, end.URL); err == nil {
			return end, nil
		}
		if backend.KindOf(err) != backend.KindNotFound || try == usableTries || !backend.Pause(ctx, usableAfter) {
			return end, err
		}
	}
}
