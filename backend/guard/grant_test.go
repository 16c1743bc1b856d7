package guard

import (
	"context"
	"fmt"
	"io"
	"testing"

	"sqscope/backend"
)

const (
	ordersURL = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
	ordersARN = "arn:aws:sqs:eu-west-1:123456789012:orders"
)

// counter is a backend that counts dangerous calls and answers with what it
// was told to.
type counter struct {
	backend.SQS
	backend.Browser
	backend.Snapshots
	calls map[string]int
	out   backend.BatchOutput
	err   error
}

func (c *counter) PurgeQueue(context.Context, backend.PurgeQueueInput) error {
	c.calls["PurgeQueue"]++
	return c.err
}

func (c *counter) DeleteQueue(context.Context, backend.DeleteQueueInput) error {
	c.calls["DeleteQueue"]++
	return c.err
}

func (c *counter) StartMessageMoveTask(context.Context, backend.StartMessageMoveTaskInput) (backend.StartMessageMoveTaskOutput, error) {
	c.calls["StartMessageMoveTask"]++
	return backend.StartMessageMoveTaskOutput{}, c.err
}

func (c *counter) DeleteMessageBatch(_ context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	c.calls["deleted"] += len(in.Entries)
	return c.out, c.err
}

func (c *counter) RemoveMessages(_ context.Context, in backend.RemoveMessagesInput) (backend.BatchOutput, error) {
	c.calls["deleted"] += len(in.MessageIds)
	return c.out, c.err
}

func (c *counter) Restore(context.Context, io.Reader) error {
	c.calls["Restore"]++
	return c.err
}

func guarded(level Level) (*Guard, *counter, backend.Stack) {
	g, c := New(level), &counter{calls: map[string]int{}}
	return g, c, g.Wrap(backend.Stack{SQS: c, Browse: c, Snapshots: c})
}

// attempts are the dangerous acts on the queue orders, but deletes, and a restore.
func attempts(s backend.Stack) map[Act]func(context.Context) error {
	return map[Act]func(context.Context) error{
		ActPurge: func(ctx context.Context) error {
			return s.SQS.PurgeQueue(ctx, backend.PurgeQueueInput{QueueUrl: ordersURL})
		},
		ActDeleteQueue: func(ctx context.Context) error {
			return s.SQS.DeleteQueue(ctx, backend.DeleteQueueInput{QueueUrl: ordersURL})
		},
		ActRedrive: func(ctx context.Context) error {
			_, err := s.SQS.StartMessageMoveTask(ctx, backend.StartMessageMoveTaskInput{SourceArn: ordersARN})
			return err
		},
		ActRestore: func(ctx context.Context) error { return s.Snapshots.Restore(ctx, nil) },
	}
}

func TestAGrantIsGoodForOneCallOfItsActOnItsQueue(t *testing.T) {
	g, c, s := guarded(Change)
	for act, try := range attempts(s) {
		ctx := g.Allow(t.Context(), Grant{Act: act, ARN: ordersARN})
		for other, tryOther := range attempts(s) {
			if other != act && backend.KindOf(tryOther(ctx)) != backend.KindDenied {
				t.Errorf("a grant for %s let %s through", act, other)
			}
		}
		if err := try(ctx); err != nil {
			t.Errorf("%s with its grant: %v", act, err)
		}
		if err := try(ctx); backend.KindOf(err) != backend.KindDenied {
			t.Errorf("%s a second time under one grant: %v", act, err)
		}
		if n := c.calls[string(act)]; n != 1 {
			t.Errorf("%s reached the backend %d times", act, n)
		}
	}
}

func TestAGrantForAnotherQueueIsNone(t *testing.T) {
	g, c, s := guarded(Change)
	for _, arn := range []string{
		"arn:aws:sqs:eu-west-1:123456789012:orders-dlq",
		"arn:aws:sqs:eu-west-1:999999999999:orders",
		"orders", "",
	} {
		for act, try := range attempts(s) {
			if act == ActRestore {
				continue // it concerns no queue
			}
			if err := try(g.Allow(t.Context(), Grant{Act: act, ARN: arn})); backend.KindOf(err) != backend.KindDenied {
				t.Errorf("%s on orders with a grant for %q: %v", act, arn, err)
			}
		}
	}
	ctx := g.Allow(t.Context(), Grant{Act: ActPurge, ARN: ordersARN})
	if err := s.SQS.PurgeQueue(ctx, backend.PurgeQueueInput{QueueUrl: "orders"}); err == nil {
		t.Error("a bare name, whose account is a guess, was let through")
	}
	if len(c.calls) != 0 {
		t.Errorf("reached the backend: %v", c.calls)
	}
}

func TestAGrantIsGoodForTheConnectionItWasGivenFor(t *testing.T) {
	_, c, s := guarded(Change)
	other := New(Change)
	for act, try := range attempts(s) {
		if err := try(other.Allow(t.Context(), Grant{Act: act, ARN: ordersARN})); backend.KindOf(err) != backend.KindDenied {
			t.Errorf("%s with the grant of another connection: %v", act, err)
		}
	}
	if len(c.calls) != 0 {
		t.Errorf("reached the backend: %v", c.calls)
	}
}

func TestAGrantDoesNotReplaceTheLevel(t *testing.T) {
	g, c, s := guarded(Peek)
	for act, try := range attempts(s) {
		if err := try(g.Allow(t.Context(), Grant{Act: act, ARN: ordersARN})); backend.KindOf(err) != backend.KindDenied {
			t.Errorf("%s at peek with a grant: %v", act, err)
		}
	}
	if len(c.calls) != 0 {
		t.Errorf("reached the backend: %v", c.calls)
	}
}

func entries(n int) []backend.DeleteMessageBatchEntry {
	out := make([]backend.DeleteMessageBatchEntry, n)
	for i := range out {
		out[i] = backend.DeleteMessageBatchEntry{Id: fmt.Sprint(i), ReceiptHandle: fmt.Sprint("handle ", i)}
	}
	return out
}

func TestDeletingOneMessageTakesNoGrant(t *testing.T) {
	_, c, s := guarded(Change)
	if _, err := s.SQS.DeleteMessageBatch(t.Context(), backend.DeleteMessageBatchInput{QueueUrl: ordersURL, Entries: entries(1)}); err != nil {
		t.Error(err)
	}
	if _, err := s.Browse.RemoveMessages(t.Context(), backend.RemoveMessagesInput{QueueUrl: ordersURL, MessageIds: []string{"a"}}); err != nil {
		t.Error(err)
	}
	if c.calls["deleted"] != 2 {
		t.Errorf("reached the backend: %v", c.calls)
	}
}

func TestDeletingManyIsBoundedByTheCountThatWasConfirmed(t *testing.T) {
	g, c, s := guarded(Change)
	remove := func(ctx context.Context, n int) error {
		_, err := s.SQS.DeleteMessageBatch(ctx, backend.DeleteMessageBatchInput{QueueUrl: ordersURL, Entries: entries(n)})
		return err
	}
	if err := remove(t.Context(), 2); backend.KindOf(err) != backend.KindDenied {
		t.Errorf("two without a grant: %v", err)
	}
	ctx := g.Allow(t.Context(), Grant{Act: ActDeleteMessages, ARN: ordersARN, Count: 45})
	for _, n := range []int{10, 10, 10, 10, 5} {
		if err := remove(ctx, n); err != nil {
			t.Fatalf("batch of %d of 45: %v", n, err)
		}
	}
	if err := remove(ctx, 2); backend.KindOf(err) != backend.KindDenied {
		t.Errorf("two more than confirmed: %v", err)
	}
	ctx = g.Allow(t.Context(), Grant{Act: ActDeleteMessages, ARN: ordersARN, Count: 3})
	ids := backend.RemoveMessagesInput{QueueUrl: ordersURL, MessageIds: []string{"a", "b", "c", "d"}}
	if _, err := s.Browse.RemoveMessages(ctx, ids); backend.KindOf(err) != backend.KindDenied {
		t.Errorf("four under a grant for three: %v", err)
	}
	ids.MessageIds = ids.MessageIds[:3]
	if _, err := s.Browse.RemoveMessages(ctx, ids); err != nil {
		t.Errorf("three under a grant for three: %v", err)
	}
	if c.calls["deleted"] != 48 {
		t.Errorf("%d messages reached the backend, want 48", c.calls["deleted"])
	}
}

func TestWhatAHalfFailedBatchLeftMayBeTriedAgain(t *testing.T) {
	g, c, s := guarded(Change)
	in := backend.DeleteMessageBatchInput{QueueUrl: ordersURL, Entries: entries(5)}
	for _, step := range []struct {
		what string
		out  backend.BatchOutput
		err  error
		next int // how many may be deleted after this
	}{
		{"two entries failed", backend.BatchOutput{Failed: make([]backend.BatchError, 2)}, nil, 2},
		{"the service refused the request", backend.BatchOutput{}, backend.ErrorOf(backend.ErrRequestThrottled, "slow down"), 5},
		{"no answer came", backend.BatchOutput{}, backend.Errorf(backend.KindTimeout, "no answer"), 0},
	} {
		ctx := g.Allow(t.Context(), Grant{Act: ActDeleteMessages, ARN: ordersARN, Count: 5})
		c.out, c.err = step.out, step.err
		_, _ = s.SQS.DeleteMessageBatch(ctx, in)
		c.out, c.err = backend.BatchOutput{}, nil
		for n := 5; n > 1; n-- {
			_, err := s.SQS.DeleteMessageBatch(ctx, backend.DeleteMessageBatchInput{QueueUrl: ordersURL, Entries: entries(n)})
			if got, want := err == nil, n <= step.next; got != want {
				t.Errorf("after %s: %d deleted again: %v, want %v", step.what, n, got, want)
			} else if got {
				break
			}
		}
	}
}
