package memory_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// start is when the clocks of the tests start.
var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// desk is an engine with a clock that stands still, and short words for what
// tests do with it. Whatever a test did, the engine must be consistent after it.
type desk struct {
	*memory.Engine
	t     testing.TB
	ctx   context.Context
	clock *memory.Clock
}

func open(t testing.TB) *desk { return openWith(t, memory.Options{Seed: 1}) }

func openWith(t testing.TB, o memory.Options) *desk {
	t.Helper()
	if o.Clock == nil {
		o.Clock = memory.NewClock(memory.ClockOptions{Start: start, Paused: true})
		t.Cleanup(o.Clock.Close)
	}
	d := &desk{Engine: memory.New(o), t: t, ctx: t.Context(), clock: o.Clock}
	t.Cleanup(d.Close)
	t.Cleanup(d.consistent)
	return d
}

func (d *desk) consistent() {
	d.t.Helper()
	if err := d.Check(); err != nil {
		d.t.Errorf("the engine is inconsistent: %v", err)
	}
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func must[T any](d *desk) func(T, error) T {
	return func(v T, err error) T {
		d.t.Helper()
		d.must(err)
		return v
	}
}

// create makes a queue with attributes given as name, value, name, value. A name
// that ends in .fifo makes it FIFO.
func (d *desk) create(name string, attrs ...string) string {
	d.t.Helper()
	in := backend.CreateQueueInput{QueueName: name, Attributes: pairs(attrs)}
	if backend.ARNOf(name, "").FIFO() {
		in.Attributes[backend.AttrFifoQueue] = "true"
	}
	return must[backend.CreateQueueOutput](d)(d.CreateQueue(d.ctx, in)).QueueUrl
}

func pairs(list []string) map[string]string {
	m := make(map[string]string)
	for i := 0; i < len(list); i += 2 {
		m[list[i]] = list[i+1]
	}
	return m
}

func (d *desk) set(url string, attrs ...string) {
	d.t.Helper()
	d.must(d.SetQueueAttributes(d.ctx, backend.SetQueueAttributesInput{QueueUrl: url, Attributes: pairs(attrs)}))
}

// redrive is a RedrivePolicy to a queue by its name.
func redrive(dlq string, count int) string {
	return `{"deadLetterTargetArn":"` + arn(dlq) + `","maxReceiveCount":` + strconv.Itoa(count) + `}`
}

func arn(name string) string { return "arn:aws:sqs:us-east-1:000000000000:" + name }

func (d *desk) send(url, body string) backend.SendMessageOutput {
	d.t.Helper()
	return d.sendInput(backend.SendMessageInput{QueueUrl: url, MessageBody: body})
}

func (d *desk) sendInput(in backend.SendMessageInput) backend.SendMessageOutput {
	d.t.Helper()
	return must[backend.SendMessageOutput](d)(d.SendMessage(d.ctx, in))
}

// fifo sends to a group, with a deduplication id, which "" makes of the body.
func (d *desk) fifo(url, group, body, dedup string) backend.SendMessageOutput {
	d.t.Helper()
	if dedup == "" {
		dedup = body
	}
	return d.sendInput(backend.SendMessageInput{
		QueueUrl: url, MessageBody: body, MessageGroupId: backend.Some(group), MessageDeduplicationId: backend.Some(dedup),
	})
}

// receive takes up to n messages, all of their attributes with them.
func (d *desk) receive(url string, n int) []backend.Message {
	d.t.Helper()
	return d.receiveInput(backend.ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: backend.Some(n)})
}

// receiveFor does so with a visibility timeout in seconds.
func (d *desk) receiveFor(url string, n, visibility int) []backend.Message {
	d.t.Helper()
	return d.receiveInput(backend.ReceiveMessageInput{
		QueueUrl: url, MaxNumberOfMessages: backend.Some(n), VisibilityTimeout: backend.Some(visibility),
	})
}

func (d *desk) receiveInput(in backend.ReceiveMessageInput) []backend.Message {
	d.t.Helper()
	in.MessageSystemAttributeNames = []string{backend.AttrAll}
	in.MessageAttributeNames = []string{backend.AttrAll}
	return must[backend.ReceiveMessageOutput](d)(d.ReceiveMessage(d.ctx, in)).Messages
}

// one takes one message that must be there.
func (d *desk) one(url string) backend.Message {
	d.t.Helper()
	got := d.receive(url, 1)
	if len(got) != 1 {
		d.t.Fatalf("received %d messages instead of one", len(got))
	}
	return got[0]
}

func (d *desk) delete(url string, m backend.Message) {
	d.t.Helper()
	d.must(d.DeleteMessage(d.ctx, backend.DeleteMessageInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle}))
}

func (d *desk) hide(url string, m backend.Message, seconds int) error {
	return d.ChangeMessageVisibility(d.ctx, backend.ChangeMessageVisibilityInput{
		QueueUrl: url, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: backend.Some(seconds),
	})
}

func (d *desk) attribute(url, name string) string {
	d.t.Helper()
	return d.attributes(url, name)[name]
}

func (d *desk) attributes(url string, names ...string) map[string]string {
	d.t.Helper()
	in := backend.GetQueueAttributesInput{QueueUrl: url, AttributeNames: names}
	return must[backend.GetQueueAttributesOutput](d)(d.GetQueueAttributes(d.ctx, in)).Attributes
}

// depth is what a queue holds: visible, in flight, delayed.
type depth [3]int

func (d *desk) depth(url string) depth {
	d.t.Helper()
	attrs := d.attributes(url, backend.AttrAll)
	var out depth
	for i, name := range []string{backend.AttrMessages, backend.AttrMessagesNotVisible, backend.AttrMessagesDelayed} {
		n, err := strconv.Atoi(attrs[name])
		d.must(err)
		out[i] = n
	}
	return out
}

func (d *desk) wantDepth(url string, want depth) {
	d.t.Helper()
	if got := d.depth(url); got != want {
		d.t.Errorf("%v visible, in flight, delayed; want %v", got, want)
	}
}

func (d *desk) pass(t time.Duration) { d.clock.Advance(t) }

func bodies(ms []backend.Message) []string {
	out := []string{}
	for _, m := range ms {
		out = append(out, m.Body)
	}
	return out
}

func (d *desk) want(got []backend.Message, want ...string) {
	d.t.Helper()
	d.same(bodies(got), append([]string{}, want...))
}

func (d *desk) same(got, want any) {
	d.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		d.t.Errorf("-want +got:\n%s", diff)
	}
}

// wantError checks the shape and the text of an error.
func (d *desk) wantError(err error, shape, text string) {
	d.t.Helper()
	e := backend.AsError(orNone(err))
	if e.Shape != shape || e.Message != text {
		d.t.Errorf("got %s %q\nwant %s %q", e.Shape, e.Message, shape, text)
	}
}

func orNone(err error) error {
	if err == nil {
		return backend.Errorf(backend.KindInternal, "no error")
	}
	return err
}

func optionsWithoutCooldown() memory.Options { return memory.Options{Seed: 1, NoCooldown: true} }
