package archive_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/memory"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
)

// gathering runs f with an engine that has one queue.
func gathering(t *testing.T, attrs map[string]string, f func(t *testing.T, stack backend.Stack, o peek.Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		engine := memory.New(memory.Options{Seed: 1, Account: "000000000000"})
		ctx, cancel := context.WithCancel(t.Context())
		group := owner.New(ctx, func(name string, v any, stack []byte) { t.Errorf("%s: %v\n%s", name, v, stack) })
		defer func() {
			cancel()
			group.Close()
			engine.Close()
			engine.Clock().Close()
		}()
		stack := engine.Stack()
		name := "orders"
		if attrs[backend.AttrFifoQueue] != "" {
			name = "orders.fifo"
		}
		q, err := stack.SQS.CreateQueue(ctx, backend.CreateQueueInput{QueueName: name, Attributes: attrs})
		if err != nil {
			t.Fatal(err)
		}
		arn := backend.ARNOf(q.QueueUrl, "us-east-1")
		f(t, stack, peek.Options{Stack: stack, Leases: peek.NewLeases(group), URL: q.QueueUrl, ARN: arn, FIFO: arn.FIFO()})
	})
}

func send(t *testing.T, stack backend.Stack, url string, n int, change func(*backend.SendMessageInput)) {
	t.Helper()
	for i := range n {
		in := backend.SendMessageInput{QueueUrl: url, MessageBody: fmt.Sprint("message ", i)}
		if change != nil {
			change(&in)
		}
		if _, err := stack.SQS.SendMessage(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhereAQueueCanBeBrowsedEveryMessageIsGathered(t *testing.T) {
	gathering(t, nil, func(t *testing.T, stack backend.Stack, o peek.Options) {
		send(t, stack, o.URL, 450, nil)
		send(t, stack, o.URL, 3, func(in *backend.SendMessageInput) { in.DelaySeconds = backend.Some(900) })
		read := 0
		got, err := archive.Gather(t.Context(), o, archive.UsualLimits(), func(n int) { read = n })
		if err != nil || !got.Whole() || len(got.Records) != 453 || read != 453 {
			t.Errorf("%d records, progress %d, missing %d because %q, error %v", len(got.Records), read, got.Missing, got.Why, err)
		}
		if got.Records[452].State != backend.StateDelayed {
			t.Errorf("the last is %s", got.Records[452].State)
		}
	})
}

func TestWhatCannotBeReceivedIsSaidAndWhatWasReceivedIsGivenBack(t *testing.T) {
	for _, attrs := range []map[string]string{nil, {backend.AttrFifoQueue: "true", backend.AttrContentBasedDeduplication: "true"}} {
		gathering(t, attrs, func(t *testing.T, stack backend.Stack, o peek.Options) {
			group := 0
			send(t, stack, o.URL, 45, func(in *backend.SendMessageInput) {
				if o.FIFO {
					group++
					in.MessageGroupId = backend.Some(fmt.Sprint(group % 7))
				}
			})
			if _, err := stack.SQS.ReceiveMessage(t.Context(), backend.ReceiveMessageInput{QueueUrl: o.URL, VisibilityTimeout: backend.Some(600)}); err != nil {
				t.Fatal(err) // somebody else has one
			}
			o.Stack = backend.Stack{SQS: stack.SQS}
			o.Visible = 44
			got, err := archive.Gather(t.Context(), o, archive.UsualLimits(), nil)
			if err != nil || got.Held != nil {
				t.Fatal(err, got.Held)
			}
			if got.Whole() || len(got.Records)+got.Missing != 45 || got.Missing < 1 || got.Why == "" {
				t.Errorf("fifo %v: %d records, %d missing because %q", o.FIFO, len(got.Records), got.Missing, got.Why)
			}
			if !o.FIFO && len(got.Records) != 44 {
				t.Errorf("only %d of 44 were received", len(got.Records))
			}
			out, err := stack.SQS.GetQueueAttributes(t.Context(), backend.GetQueueAttributesInput{QueueUrl: o.URL, AttributeNames: []string{backend.AttrMessagesNotVisible}})
			if err != nil || out.Attributes[backend.AttrMessagesNotVisible] != "1" {
				t.Errorf("fifo %v: %s are in flight afterwards, error %v", o.FIFO, out.Attributes[backend.AttrMessagesNotVisible], err)
			}
		})
	}
}

// many is a browser of more messages than are written.
type many struct {
	backend.Browser
	body string
}

func (m many) Browse(_ context.Context, in backend.BrowseInput) (backend.BrowseOutput, error) {
	out := backend.BrowseOutput{Next: in.After + uint64(in.Limit)}
	for i := range in.Limit {
		out.Messages = append(out.Messages, backend.StoredMessage{Message: backend.Message{MessageId: fmt.Sprint(in.After, i), Body: m.body}})
	}
	return out, nil
}

func TestGatheringEndsAtItsLimitsAndSaysSo(t *testing.T) {
	gathering(t, nil, func(t *testing.T, stack backend.Stack, o peek.Options) {
		o.Stack.Browse = many{}
		got, err := archive.Gather(t.Context(), o, archive.UsualLimits(), nil)
		if err != nil || len(got.Records) != archive.UsualLimits().Messages || got.Whole() || !strings.Contains(got.Why, "10000 messages") {
			t.Errorf("%d records because %q, error %v", len(got.Records), got.Why, err)
		}
		o.Stack.Browse = many{body: strings.Repeat("x", 1<<20)}
		got, err = archive.Gather(t.Context(), o, archive.UsualLimits(), nil)
		if err != nil || len(got.Records) != 256 || got.Whole() || !strings.Contains(got.Why, "256 MiB") {
			t.Errorf("%d records because %q, error %v", len(got.Records), got.Why, err)
		}
	})
}
