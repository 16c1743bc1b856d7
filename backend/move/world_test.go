package move

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

const rtt = 20 * time.Millisecond

// world is an engine in a bubble, where time is virtual, far away or near, with a
// directory for journals.
type world struct {
	t   *testing.T
	m   *memory.Engine
	sqs *link
	dir string
}

// link is the way to the engine: every request takes a while and is counted, and
// may be troubled before it arrives or after it was done.
type link struct {
	backend.SQS
	latency time.Duration

	mu       sync.Mutex
	calls    map[string]int
	out      int
	together int // requests out at the same time, at most

	bodies        map[string]string // by receipt handle, of all that was received
	before, after func(action string, in any) error
	short         func(*backend.SendMessageBatchOutput) // changes an answer
}

func inWorld(t *testing.T, latency time.Duration, test func(w *world)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		m := memory.New(memory.Options{Seed: 1})
		defer m.Close()
		w := &world{t: t, m: m, dir: dir, sqs: &link{SQS: m, latency: latency, calls: map[string]int{}, bodies: map[string]string{}}}
		test(w)
		if err := m.Check(); err != nil {
			t.Error(err)
		}
	})
}

func through[I, O any](ctx context.Context, l *link, action string, in I, call func(context.Context, I) (O, error)) (out O, err error) {
	l.mu.Lock()
	l.calls[action]++
	l.out++
	l.together = max(l.together, l.out)
	before, after := l.before, l.after
	l.mu.Unlock()
	defer func() { l.mu.Lock(); l.out--; l.mu.Unlock() }()
	select {
	case <-time.After(l.latency):
	case <-ctx.Done():
		return out, backend.AsError(ctx.Err())
	}
	if before != nil {
		if err := before(action, in); err != nil {
			return out, err
		}
	}
	out, err = call(ctx, in)
	if after != nil && err == nil {
		if err := after(action, in); err != nil {
			var none O
			return none, err
		}
	}
	return out, err
}

func (l *link) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	out, err := through(ctx, l, "ReceiveMessage", in, l.SQS.ReceiveMessage)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range out.Messages {
		l.bodies[m.ReceiptHandle] = m.Body
	}
	return out, err
}

func (l *link) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	out, err := through(ctx, l, "SendMessageBatch", in, l.SQS.SendMessageBatch)
	if l.short != nil {
		l.short(&out)
	}
	return out, err
}

func (l *link) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	return through(ctx, l, "DeleteMessageBatch", in, l.SQS.DeleteMessageBatch)
}

func (l *link) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	return through(ctx, l, "ChangeMessageVisibilityBatch", in, l.SQS.ChangeMessageVisibilityBatch)
}

func (l *link) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	return through(ctx, l, "GetQueueAttributes", in, l.SQS.GetQueueAttributes)
}

func (l *link) requests() (n int) {
	for _, c := range l.calls {
		n += c
	}
	return n
}

func (w *world) create(name string, attributes ...string) string {
	w.t.Helper()
	in := backend.CreateQueueInput{QueueName: name, Attributes: map[string]string{}}
	if strings.HasSuffix(name, ".fifo") {
		in.Attributes[backend.AttrFifoQueue] = "true"
	}
	for i := 0; i < len(attributes); i += 2 {
		in.Attributes[attributes[i]] = attributes[i+1]
	}
	out, err := w.m.CreateQueue(context.Background(), in)
	if err != nil {
		w.t.Fatal(err)
	}
	return out.QueueUrl
}

func (w *world) find(url string) Queue {
	w.t.Helper()
	q, err := Find(context.Background(), w.sqs, "test", url)
	if err != nil {
		w.t.Fatal(err)
	}
	return q
}

// options of a move from one queue to another.
func (w *world) options(from, to string) Options {
	return Options{Dir: w.dir, From: w.find(from), To: []Queue{w.find(to)}}
}

func (w *world) run(o Options) Result {
	w.t.Helper()
	r, err := Run(w.t.Context(), o)
	if err != nil {
		w.t.Fatalf("Run: %v\n%s", err, r.Words())
	}
	return r
}

func (w *world) send(url, body string, change ...func(*backend.SendMessageInput)) string {
	w.t.Helper()
	in := backend.SendMessageInput{QueueUrl: url, MessageBody: body}
	for _, f := range change {
		f(&in)
	}
	out, err := w.m.SendMessage(context.Background(), in)
	if err != nil {
		w.t.Fatal(err)
	}
	return out.MessageId
}

func group(g, dedup string) func(*backend.SendMessageInput) {
	return func(in *backend.SendMessageInput) {
		in.MessageGroupId, in.MessageDeduplicationId = backend.Some(g), backend.Some(dedup)
	}
}

func dressed(in *backend.SendMessageInput) {
	in.MessageAttributes = map[string]backend.MessageAttribute{
		"n": {DataType: "Number", StringValue: backend.Some("1")}, "b": {DataType: "Binary.x", BinaryValue: []byte{0, 1, 255}},
	}
	in.MessageSystemAttributes = map[string]backend.MessageAttribute{
		backend.SysAWSTraceHeader: {DataType: "String", StringValue: backend.Some("Root=1-5759e988-bd862e3fe1be46a994272793")},
	}
}

// stored are the messages of a queue, in its order.
func (w *world) stored(url string) []backend.StoredMessage {
	w.t.Helper()
	var all []backend.StoredMessage
	var after uint64
	for {
		out, err := w.m.Browse(context.Background(), backend.BrowseInput{QueueUrl: url, Limit: 10000, After: after})
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, out.Messages...)
		if after = out.Next; after == 0 {
			return all
		}
	}
}

func (w *world) bodies(url string) []string {
	w.t.Helper()
	var all []string
	for _, m := range w.stored(url) {
		all = append(all, m.Body)
	}
	return all
}

func (w *world) want(what string, got, want any) {
	w.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		w.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// free checks that nothing is on lease in a queue.
func (w *world) free(url string) {
	w.t.Helper()
	for _, m := range w.stored(url) {
		if m.State != backend.StateVisible {
			w.t.Errorf("%s is %s until %v", m.Body, m.State, m.Until)
		}
	}
}

// deadLetter sends messages to the source and has them dead-lettered.
func (w *world) deadLetter(source string, bodies ...string) {
	w.t.Helper()
	for _, b := range bodies {
		in := []func(*backend.SendMessageInput){dressed}
		if strings.HasSuffix(source, ".fifo") {
			in = append(in, group(b[:1], b))
		}
		w.send(source, b, in...)
	}
	for range 2 * (len(bodies) + 1) {
		_, err := w.m.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{
			QueueUrl: source, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(0),
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) policy(dlq string) string {
	return fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":1}`, w.find(dlq).ARN)
}

func sorted(all []string) []string { return slices.Sorted(slices.Values(all)) }

func outcomes(r Result) map[Outcome]int {
	n := map[Outcome]int{}
	for _, m := range r.Messages {
		n[m.Outcome]++
	}
	return n
}

type ctx = context.Context

func withCancel(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

func newEngine(t *testing.T) *memory.Engine {
	m := memory.New(memory.Options{Seed: 2})
	t.Cleanup(m.Close)
	return m
}

// refusing fails entries by their bodies.
type refusing struct {
	backend.SQS
	refuse func(body string) bool
}

func (r refusing) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	var failed []backend.BatchError
	in.Entries = slices.DeleteFunc(slices.Clone(in.Entries), func(e backend.SendMessageBatchEntry) bool {
		if !r.refuse(e.MessageBody) {
			return false
		}
		failed = append(failed, backend.BatchError{Id: e.Id, Code: backend.ErrInvalidMessageContents, Message: "no", SenderFault: true})
		return true
	})
	if len(in.Entries) == 0 {
		return backend.SendMessageBatchOutput{Failed: failed}, nil
	}
	out, err := r.SQS.SendMessageBatch(ctx, in)
	out.Failed = append(out.Failed, failed...)
	return out, err
}
