package backendtest

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

var load = flag.Duration("load", 1500*time.Millisecond, "how long TestLoad runs; the long run is 60s")

// Sixty-four clients, half in each protocol, do everything at once on standard
// and FIFO queues. Nothing is lost, nothing comes twice without a cause, groups
// keep their order, and the memory is given back.
func TestLoad(t *testing.T) {
	cleanEnvironment(t)
	e := memory.New(memory.Options{Seed: 1, NoCooldown: true})
	defer e.Close()
	url := loopback(t, e)
	before := heap()
	l := &loadRun{t: t, ledger: newLedger(t)}
	first := sdk(t, url)
	for i := range 3 {
		l.standard = append(l.standard, l.create(first, fmt.Sprint("standard-", i), nil))
		l.fifo = append(l.fifo, l.create(first, fmt.Sprintf("fifo-%d.fifo", i), map[string]string{"FifoQueue": "true"}))
	}
	start := time.Now()
	var clients sync.WaitGroup
	for i := range 64 {
		sqs := first
		if i > 0 {
			sqs = []func(*testing.T, string) backend.SQS{sdk, oldSDK}[i%2](t, url)
		}
		clients.Go(func() {
			w := &loadClient{loadRun: l, sqs: sqs, id: i, random: rand.New(rand.NewPCG(1, uint64(i))), numbers: map[string]int{}}
			for time.Since(start) < *load && !t.Failed() {
				w.act()
			}
		})
	}
	clients.Wait()
	took := time.Since(start)
	(&loadClient{loadRun: l, sqs: first, id: 64}).drain()
	l.ledger.closed()
	if err := e.Check(); err != nil {
		t.Error(err)
	}
	t.Logf("%.0f requests and %d messages in %v: %.0f requests/s", float64(l.requests.Load()), len(l.ledger.sent), took.Round(time.Millisecond),
		float64(l.requests.Load())/took.Seconds())
	for _, q := range append(l.standard, l.fifo...) {
		l.must(first.DeleteQueue(t.Context(), backend.DeleteQueueInput{QueueUrl: q}))
	}
	l.ledger = nil
	if after := heap(); after > before+16<<20 {
		t.Errorf("%d KiB are in use, before it were %d", after>>10, before>>10)
	}
}

// heap is how many bytes are in use.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// loadRun is what the clients share.
type loadRun struct {
	t              *testing.T
	ledger         *ledger
	standard, fifo []string
	requests       atomic.Int64
}

func (l *loadRun) must(err error) {
	l.t.Helper()
	l.requests.Add(1)
	if err != nil {
		l.t.Error(err)
	}
}

func (l *loadRun) create(sqs backend.SQS, name string, attributes map[string]string) string {
	if attributes == nil {
		attributes = map[string]string{}
	}
	attributes["VisibilityTimeout"] = "3600" // no message comes back by itself
	out, err := sqs.CreateQueue(l.t.Context(), backend.CreateQueueInput{QueueName: name, Attributes: attributes})
	l.must(err)
	return out.QueueUrl
}

// loadClient is one of the clients. It alone sends to its groups, so that their
// order is known.
type loadClient struct {
	*loadRun
	sqs     backend.SQS
	id      int
	random  *rand.Rand
	numbers map[string]int // the last message by line
	rounds  int
}

func (c *loadClient) act() {
	fifo := c.random.IntN(2) == 0
	queues := c.standard
	if fifo {
		queues = c.fifo
	}
	queue := queues[c.random.IntN(len(queues))]
	switch n := c.random.IntN(100); {
	case n < 30:
		c.send(queue, fifo)
	case n < 45:
		c.sendBatch(queue, fifo)
	case n < 90:
		c.consume(queue, fifo)
	case n < 98:
		c.look(queue)
	default:
		c.keepHouse()
	}
}

// message makes the next message of a line of this client's.
func (c *loadClient) message(queue string, fifo bool) backend.SendMessageInput {
	line := fmt.Sprintf("%s %d %d", queue[strings.LastIndexByte(queue, '/')+1:], c.id, c.random.IntN(2))
	c.numbers[line]++
	in := backend.SendMessageInput{QueueUrl: queue, MessageBody: c.ledger.send(line, c.numbers[line])}
	if fifo {
		in.MessageGroupId = backend.Some(strings.ReplaceAll(line, " ", "/"))
		in.MessageDeduplicationId = backend.Some(fmt.Sprintf("%s/%d", in.MessageGroupId.Value, c.numbers[line]))
	}
	return in
}

func (c *loadClient) send(queue string, fifo bool) {
	in := c.message(queue, fifo)
	_, err := c.sqs.SendMessage(c.t.Context(), in)
	c.must(err)
	if fifo && c.random.IntN(10) == 0 { // the same again is swallowed
		_, err := c.sqs.SendMessage(c.t.Context(), in)
		c.must(err)
	}
}

func (c *loadClient) sendBatch(queue string, fifo bool) {
	in := backend.SendMessageBatchInput{QueueUrl: queue}
	for i := range 1 + c.random.IntN(10) {
		in.Entries = append(in.Entries, backend.SendMessageBatchEntry{Id: fmt.Sprint(i), SendMessageInput: c.message(queue, fifo)})
	}
	if !fifo && len(in.Entries) > 1 { // one that fails beside those that do not
		bad := &in.Entries[0]
		bad.MessageDeduplicationId = backend.Some("not here")
		c.ledger.notSent(bad.MessageBody)
	}
	out, err := c.sqs.SendMessageBatch(c.t.Context(), in)
	c.must(err)
	if failed := len(out.Failed); failed+len(out.Successful) != len(in.Entries) || failed > 1 {
		c.t.Errorf("%d entries, answered %+v", len(in.Entries), out)
	}
}

// consume receives, deletes the first of what came and gives the rest back.
func (c *loadClient) consume(queue string, fifo bool) {
	in := backend.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: backend.Some(1 + c.random.IntN(10)), MessageSystemAttributeNames: []string{"All"}}
	if c.random.IntN(4) == 0 {
		in.WaitTimeSeconds = backend.Some(1)
	}
	out, err := c.sqs.ReceiveMessage(c.t.Context(), in)
	c.must(err)
	bodies := make([]string, len(out.Messages))
	for i, m := range out.Messages {
		bodies[i] = m.Body
	}
	c.ledger.received(bodies, fifo)
	keep := 0
	if c.random.IntN(4) == 0 {
		keep = c.random.IntN(len(bodies) + 1)
	}
	c.delete(queue, out.Messages[:len(bodies)-keep])
	c.giveBack(queue, out.Messages[len(bodies)-keep:])
}

func (c *loadClient) delete(queue string, messages []backend.Message) {
	if len(messages) == 1 {
		c.ledger.deleted(messages[0].Body)
		c.must(c.sqs.DeleteMessage(c.t.Context(), backend.DeleteMessageInput{QueueUrl: queue, ReceiptHandle: messages[0].ReceiptHandle}))
	}
	if len(messages) <= 1 {
		return
	}
	in := backend.DeleteMessageBatchInput{QueueUrl: queue}
	for i, m := range messages {
		c.ledger.deleted(m.Body)
		in.Entries = append(in.Entries, backend.DeleteMessageBatchEntry{Id: fmt.Sprint(i), ReceiptHandle: m.ReceiptHandle})
	}
	out, err := c.sqs.DeleteMessageBatch(c.t.Context(), in)
	c.must(err)
	if len(out.Successful) != len(messages) {
		c.t.Errorf("%d deleted: %+v", len(messages), out)
	}
}

func (c *loadClient) giveBack(queue string, messages []backend.Message) {
	if len(messages) == 1 {
		c.ledger.givenBack(messages[0].Body)
		c.must(c.sqs.ChangeMessageVisibility(c.t.Context(), backend.ChangeMessageVisibilityInput{
			QueueUrl: queue, ReceiptHandle: messages[0].ReceiptHandle, VisibilityTimeout: backend.Some(0),
		}))
	}
	if len(messages) <= 1 {
		return
	}
	in := backend.ChangeMessageVisibilityBatchInput{QueueUrl: queue}
	for i, m := range messages {
		c.ledger.givenBack(m.Body)
		in.Entries = append(in.Entries, backend.ChangeMessageVisibilityBatchEntry{
			Id: fmt.Sprint(i), ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: backend.Some(0),
		})
	}
	out, err := c.sqs.ChangeMessageVisibilityBatch(c.t.Context(), in)
	c.must(err)
	if len(out.Successful) != len(messages) {
		c.t.Errorf("%d given back: %+v", len(messages), out)
	}
}

// look reads about a queue that others use.
func (c *loadClient) look(queue string) {
	ctx := c.t.Context()
	_, err := c.sqs.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{QueueUrl: queue, AttributeNames: []string{"All"}})
	c.must(err)
	_, err = c.sqs.ListQueues(ctx, backend.ListQueuesInput{MaxResults: backend.Some(100)})
	c.must(err)
	_, err = c.sqs.GetQueueUrl(ctx, backend.GetQueueUrlInput{QueueName: queue[strings.LastIndexByte(queue, '/')+1:]})
	c.must(err)
	_, err = c.sqs.ListDeadLetterSourceQueues(ctx, backend.ListDeadLetterSourceQueuesInput{QueueUrl: queue})
	c.must(err)
	c.must(c.sqs.SetQueueAttributes(ctx, backend.SetQueueAttributesInput{QueueUrl: queue, Attributes: map[string]string{"DelaySeconds": "0"}}))
	tag := fmt.Sprint("tag-", c.id%20)
	c.must(c.sqs.TagQueue(ctx, backend.TagQueueInput{QueueUrl: queue, Tags: map[string]string{tag: "x"}}))
	_, err = c.sqs.ListQueueTags(ctx, backend.ListQueueTagsInput{QueueUrl: queue})
	c.must(err)
	c.must(c.sqs.UntagQueue(ctx, backend.UntagQueueInput{QueueUrl: queue, TagKeys: []string{tag}}))
}

// keepHouse makes a queue and a dead-letter queue of its own, moves a message
// from the one to the other and back, and deletes both.
func (c *loadClient) keepHouse() {
	ctx := c.t.Context()
	c.rounds++
	name := fmt.Sprintf("own-%d-%d", c.id, c.rounds)
	own, dlq := c.create(c.sqs, name, nil), c.create(c.sqs, name+"-dlq", nil)
	arn := "arn:aws:sqs:us-east-1:000000000000:" + name + "-dlq"
	c.must(c.sqs.SetQueueAttributes(ctx, backend.SetQueueAttributesInput{QueueUrl: own, Attributes: map[string]string{"RedrivePolicy": redrivePolicy(arn, 1)}}))
	_, err := c.sqs.SendMessage(ctx, backend.SendMessageInput{QueueUrl: own, MessageBody: "poison"})
	c.must(err)
	for range 2 {
		_, err = c.sqs.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: own, VisibilityTimeout: backend.Some(0), WaitTimeSeconds: backend.Some(0)})
		c.must(err)
	}
	task, err := c.sqs.StartMessageMoveTask(ctx, backend.StartMessageMoveTaskInput{SourceArn: arn})
	c.must(err)
	tasks, err := c.sqs.ListMessageMoveTasks(ctx, backend.ListMessageMoveTasksInput{SourceArn: arn})
	c.must(err)
	if len(tasks.Results) != 1 || tasks.Results[0].ApproximateNumberOfMessagesToMove != 1 {
		c.t.Errorf("move tasks: %+v", tasks)
	}
	_, err = c.sqs.CancelMessageMoveTask(ctx, backend.CancelMessageMoveTaskInput(task))
	c.requests.Add(1)
	if kind := backend.KindOf(err); err != nil && kind != backend.KindNotFound && kind != backend.KindInvalid && kind != backend.KindConflict {
		c.t.Error(err) // it may be over already
	}
	c.must(c.sqs.AddPermission(ctx, backend.AddPermissionInput{QueueUrl: own, Label: "l", AWSAccountIds: []string{"111111111111"}, Actions: []string{"SendMessage"}}))
	c.must(c.sqs.RemovePermission(ctx, backend.RemovePermissionInput{QueueUrl: own, Label: "l"}))
	c.must(c.sqs.PurgeQueue(ctx, backend.PurgeQueueInput{QueueUrl: own}))
	c.must(c.sqs.DeleteQueue(ctx, backend.DeleteQueueInput{QueueUrl: own}))
	c.must(c.sqs.DeleteQueue(ctx, backend.DeleteQueueInput{QueueUrl: dlq}))
}

// drain takes out what is left when all others have ended.
func (c *loadClient) drain() {
	for fifo, queues := range map[bool][]string{false: c.standard, true: c.fifo} {
		for _, queue := range queues {
			for {
				out, err := c.sqs.ReceiveMessage(context.WithoutCancel(c.t.Context()), backend.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: backend.Some(10), WaitTimeSeconds: backend.Some(0)})
				c.must(err)
				if err != nil || len(out.Messages) == 0 {
					break
				}
				bodies := make([]string, len(out.Messages))
				for i, m := range out.Messages {
					bodies[i] = m.Body
				}
				c.ledger.received(bodies, fifo)
				c.delete(queue, out.Messages)
			}
		}
	}
}
