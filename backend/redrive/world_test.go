package redrive

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
	"sqscope/backend/redrive/proof"
)

// world is an engine in a bubble, where time is virtual: a source queue with a
// consumer, its dead-letter queue, and folders for journals and reports.
type world struct {
	*testing.T
	m       *memory.Engine
	stack   backend.Stack
	orders  string
	dlq     string
	dlqARN  backend.ARN
	moves   string
	reports string
	leases  *peek.Leases
	ctx     context.Context

	workers  sync.WaitGroup
	mu       sync.Mutex
	broken   func(body string) bool // what the consumer fails at
	done     map[string]int         // processed, by body
	attempts int
	calls    map[string]int // by action and queue
}

func inWorld(t *testing.T, test func(w *world)) {
	t.Helper()
	moves, reports := t.TempDir(), t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		m := memory.New(memory.Options{Seed: 1})
		defer m.Close()
		w := &world{T: t, m: m, stack: m.Stack(), moves: moves, reports: reports, done: map[string]int{}, calls: map[string]int{}}
		ctx, cancel := context.WithCancel(t.Context())
		w.ctx = ctx
		group := owner.New(ctx, nil)
		w.leases = peek.NewLeases(group)
		w.dlq = w.create("orders-dlq")
		w.dlqARN = backend.ARNOf(w.dlq, "us-east-1")
		w.orders = w.create("orders", backend.AttrVisibilityTimeout, "5", backend.AttrRedrivePolicy, w.policy(3))
		test(w)
		cancel()
		w.workers.Wait()
		group.Close()
		if err := m.Check(); err != nil {
			t.Error(err)
		}
	})
}

func (w *world) policy(receives int) string {
	return fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, w.dlqARN, receives)
}

func (w *world) create(name string, attributes ...string) string {
	w.Helper()
	in := backend.CreateQueueInput{QueueName: name, Attributes: map[string]string{}}
	if strings.HasSuffix(name, ".fifo") {
		in.Attributes[backend.AttrFifoQueue] = "true"
	}
	for i := 0; i < len(attributes); i += 2 {
		in.Attributes[attributes[i]] = attributes[i+1]
	}
	out, err := w.m.CreateQueue(context.Background(), in)
	if err != nil {
		w.Fatal(err)
	}
	return out.QueueUrl
}

func (w *world) send(url, body string) {
	w.Helper()
	if _, err := w.m.SendMessage(context.Background(), backend.SendMessageInput{QueueUrl: url, MessageBody: body}); err != nil {
		w.Fatal(err)
	}
}

// dead has n messages dead-lettered from the source.
func (w *world) dead(n int) {
	w.Helper()
	for i := range n {
		w.send(w.orders, fmt.Sprintf("order %d", i))
	}
	for w.stored(w.orders) > 0 {
		_, err := w.m.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{
			QueueUrl: w.orders, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(0),
		})
		if err != nil {
			w.Fatal(err)
		}
	}
}

func (w *world) stored(url string) int {
	w.Helper()
	return len(w.browse(url))
}

func (w *world) browse(url string) []backend.StoredMessage {
	w.Helper()
	out, err := w.m.Browse(context.Background(), backend.BrowseInput{QueueUrl: url, Limit: 10_000})
	if err != nil {
		w.Fatal(err)
	}
	return out.Messages
}

// consume has somebody receive from the source, and delete what is not broken.
func (w *world) consume(broken func(body string) bool) {
	w.broken = broken
	w.workers.Go(func() {
		for w.ctx.Err() == nil {
			out, err := w.m.ReceiveMessage(w.ctx, backend.ReceiveMessageInput{
				QueueUrl: w.orders, MaxNumberOfMessages: backend.Some(10), WaitTimeSeconds: backend.Some(20),
			})
			if err != nil {
				return
			}
			for _, m := range out.Messages {
				w.handle(m)
			}
		}
	})
}

func (w *world) handle(m backend.Message) {
	w.mu.Lock()
	w.attempts++
	broken := w.broken(m.Body)
	w.mu.Unlock()
	time.Sleep(50 * time.Millisecond)
	if broken {
		return
	}
	if err := w.m.DeleteMessage(context.Background(), backend.DeleteMessageInput{QueueUrl: w.orders, ReceiptHandle: m.ReceiptHandle}); err != nil {
		w.Error(err)
	}
	w.mu.Lock()
	w.done[m.Body]++
	w.mu.Unlock()
}

// far is the engine as if it were AWS: nothing but SQS, with requests counted and
// counts that are late.
func (w *world) far() backend.Stack { return backend.Stack{SQS: &wire{SQS: w.m, w: w}} }

// wire counts requests by action and queue.
type wire struct {
	backend.SQS
	w    *world
	fail func(action, queue string) error
}

func (l *wire) count(action, url string) error {
	_, name := backend.URLParts(url)
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	l.w.calls[action+" "+name]++
	if l.fail != nil {
		return l.fail(action, name)
	}
	return nil
}

func (l *wire) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	if err := l.count("ReceiveMessage", in.QueueUrl); err != nil {
		return backend.ReceiveMessageOutput{}, err
	}
	return l.SQS.ReceiveMessage(ctx, in)
}

func (l *wire) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	if err := l.count("SendMessageBatch", in.QueueUrl); err != nil {
		return backend.SendMessageBatchOutput{}, err
	}
	return l.SQS.SendMessageBatch(ctx, in)
}

func (l *wire) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	if err := l.count("GetQueueAttributes", in.QueueUrl); err != nil {
		return backend.GetQueueAttributesOutput{}, err
	}
	return l.SQS.GetQueueAttributes(ctx, in)
}

func (w *world) plan() Plan {
	return Plan{
		From: End{Stack: w.stack, Context: "test", URL: w.dlq}, Moves: w.moves, Reports: w.reports, Leases: w.leases,
		Label: func(string) string { return "bad schema" },
	}
}

func (w *world) run(p Plan) Result {
	w.Helper()
	r, err := Run(w.ctx, p, nil)
	if err != nil {
		w.Fatalf("%v\n%s", err, strings.Join(r.Card.Lines(), "\n"))
	}
	if r.Problem != nil {
		w.Errorf("problem: %v", r.Problem)
	}
	w.settle(r)
	return r
}

// settle checks what holds after every redrive: each message is somewhere once, or
// was processed, and nothing is on lease of ours.
func (w *world) settle(r Result) {
	w.Helper()
	if n := len(r.Report.Items); r.Moved() < n {
		w.Errorf("%d moved, %d followed", r.Moved(), n)
	}
	for _, m := range w.browse(w.dlq) {
		if m.State == backend.StateInFlight {
			w.Errorf("%s is still on lease", m.Body)
		}
	}
	sum := 0
	for _, n := range r.Picture.Fates {
		sum += n
	}
	if sum != len(r.Report.Items) {
		w.Errorf("fates of %d of %d messages: %v", sum, len(r.Report.Items), r.Picture.Fates)
	}
}

func all(string) bool  { return true }
func none(string) bool { return false }

func (w *world) want(what string, got, want any) {
	w.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		w.Errorf("%s: %v, want %v", what, got, want)
	}
}

func fate(r Result, f proof.Fate) int { return r.Picture.Fates[f] }
