package lab

import (
	"context"
	"slices"
	"sync"
	"time"

	"sqscope/backend"
)

// Requests is what the learner has asked of SQS, on the screens or with a program
// of his own. It stands nearest to the engine, so that whatever way a request
// comes, it is in the list once; the actors' requests are not in it.
type Requests struct {
	now func() time.Time

	mu   sync.Mutex
	list []request
	lost int // forgotten ones

	deliveries map[string]int // seen here, by message id
	receipts   map[string]receipt
	bodies     map[string]string // of what was sent, by message id
}

// receipt is what a receipt handle stands for.
type receipt struct {
	message  string
	delivery int // of the message, from 1 on, among those that were seen here
}

// requestRoom is how many requests are remembered, and keptBody the bytes of a
// body that is.
const (
	requestRoom = 5000
	keptBody    = 64 << 10
)

// request is one of them.
type request struct {
	at       time.Time
	action   string
	queue    string
	messages []string // that were received, sent, deleted or changed; ids
	receipts []int    // of deletes and changes: of which delivery of its message each handle is; 0: not known
	latest   []bool   // and whether that is the latest one
	entries  int      // of a batch, else 1
	asked    int      // MaxNumberOfMessages
	failed   int      // entries that failed, or 1 for a request that was refused
	wait     int      // WaitTimeSeconds as asked for, -1: the queue's
	seconds  int      // of a visibility timeout as asked for, -1: the queue's, or none
	rate     int      // of a move task, 0: none
	attrs    map[string]string
	code     string // of the error; "": it succeeded
}

// NewRequests makes an empty list. now tells the engine's time.
func NewRequests(now func() time.Time) *Requests {
	r := &Requests{now: now}
	r.Clear()
	return r
}

// Clear forgets all requests.
func (r *Requests) Clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list, r.lost, r.deliveries, r.receipts = nil, 0, map[string]int{}, map[string]receipt{}
	r.bodies = map[string]string{}
}

// Wrap puts the list in front of an engine. Actions that no lesson asks about
// pass as they are.
func (r *Requests) Wrap(sqs backend.SQS) backend.SQS { return recorder{sqs, r} }

// enter adds a request and its outcome.
func (r *Requests) enter(q request, queue string, err error) {
	q.at, q.queue = r.now(), backend.QueueNamed(queue)
	if err != nil {
		q.failed, q.code = max(q.entries, 1), backend.CodeOf(err)
		if q.code == "" {
			q.code = backend.KindOf(err).String()
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, q)
	if over := len(r.list) - requestRoom; over > 0 {
		r.list, r.lost = r.list[over:], r.lost+over
	}
}

// keep remembers the body of a message that was sent: a consumer may have taken
// it before anybody looks.
func (r *Requests) keep(id, body string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.bodies) < requestRoom && len(body) <= keptBody {
		r.bodies[id] = body
	}
}

// body is what was remembered of a message, "" for nothing.
func (r *Requests) body(id string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bodies[id]
}

// handed notes the handles of a receive.
func (r *Requests) handed(messages []backend.Message) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := make([]string, len(messages))
	for i, m := range messages {
		ids[i] = m.MessageId
		r.deliveries[m.MessageId]++
		r.receipts[m.ReceiptHandle] = receipt{m.MessageId, r.deliveries[m.MessageId]}
	}
	return ids
}

// name puts what a handle stands for into a request.
func (r *Requests) name(q *request, handle string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.receipts[handle]
	q.messages = append(q.messages, got.message)
	q.receipts = append(q.receipts, got.delivery)
	q.latest = append(q.latest, got.delivery > 0 && got.delivery == r.deliveries[got.message])
}

// recorder enters the requests that lessons ask about.
type recorder struct {
	backend.SQS
	r *Requests
}

func (c recorder) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	out, err := c.SQS.ReceiveMessage(ctx, in)
	q := request{
		action: "ReceiveMessage", asked: in.MaxNumberOfMessages.Or(1), entries: 1,
		wait: in.WaitTimeSeconds.Or(-1), seconds: in.VisibilityTimeout.Or(-1), messages: c.r.handed(out.Messages),
	}
	c.r.enter(q, in.QueueUrl, err)
	return out, err
}

func (c recorder) SendMessage(ctx context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	out, err := c.SQS.SendMessage(ctx, in)
	q := request{action: "SendMessage", entries: 1, wait: -1, seconds: in.DelaySeconds.Or(-1)}
	if err == nil {
		q.messages = []string{out.MessageId}
		c.r.keep(out.MessageId, in.MessageBody)
	}
	c.r.enter(q, in.QueueUrl, err)
	return out, err
}

func (c recorder) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	out, err := c.SQS.SendMessageBatch(ctx, in)
	q := request{action: "SendMessageBatch", entries: len(in.Entries), failed: len(out.Failed), wait: -1, seconds: -1}
	for _, s := range out.Successful {
		q.messages = append(q.messages, s.MessageId)
		if i := slices.IndexFunc(in.Entries, func(e backend.SendMessageBatchEntry) bool { return e.Id == s.Id }); i >= 0 {
			c.r.keep(s.MessageId, in.Entries[i].MessageBody)
		}
	}
	c.r.enter(q, in.QueueUrl, err)
	return out, err
}

func (c recorder) DeleteMessage(ctx context.Context, in backend.DeleteMessageInput) error {
	err := c.SQS.DeleteMessage(ctx, in)
	q := request{action: "DeleteMessage", entries: 1, wait: -1, seconds: -1}
	c.r.name(&q, in.ReceiptHandle)
	c.r.enter(q, in.QueueUrl, err)
	return err
}

func (c recorder) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	out, err := c.SQS.DeleteMessageBatch(ctx, in)
	q := request{action: "DeleteMessageBatch", entries: len(in.Entries), failed: len(out.Failed), wait: -1, seconds: -1}
	for _, e := range in.Entries {
		c.r.name(&q, e.ReceiptHandle)
	}
	c.r.enter(q, in.QueueUrl, err)
	return out, err
}

func (c recorder) ChangeMessageVisibility(ctx context.Context, in backend.ChangeMessageVisibilityInput) error {
	err := c.SQS.ChangeMessageVisibility(ctx, in)
	q := request{action: "ChangeMessageVisibility", entries: 1, wait: -1, seconds: in.VisibilityTimeout.Or(-1)}
	c.r.name(&q, in.ReceiptHandle)
	c.r.enter(q, in.QueueUrl, err)
	return err
}

func (c recorder) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	out, err := c.SQS.ChangeMessageVisibilityBatch(ctx, in)
	q := request{action: "ChangeMessageVisibilityBatch", entries: len(in.Entries), failed: len(out.Failed), wait: -1, seconds: -1}
	for _, e := range in.Entries {
		c.r.name(&q, e.ReceiptHandle)
		q.seconds = e.VisibilityTimeout.Or(-1)
	}
	c.r.enter(q, in.QueueUrl, err)
	return out, err
}

func (c recorder) SetQueueAttributes(ctx context.Context, in backend.SetQueueAttributesInput) error {
	err := c.SQS.SetQueueAttributes(ctx, in)
	q := request{action: "SetQueueAttributes", entries: 1, wait: -1, seconds: -1, attrs: map[string]string{}}
	for name, value := range in.Attributes {
		q.attrs[name] = value
	}
	c.r.enter(q, in.QueueUrl, err)
	return err
}

func (c recorder) PurgeQueue(ctx context.Context, in backend.PurgeQueueInput) error {
	err := c.SQS.PurgeQueue(ctx, in)
	c.r.enter(request{action: "PurgeQueue", entries: 1, wait: -1, seconds: -1}, in.QueueUrl, err)
	return err
}

func (c recorder) StartMessageMoveTask(ctx context.Context, in backend.StartMessageMoveTaskInput) (backend.StartMessageMoveTaskOutput, error) {
	out, err := c.SQS.StartMessageMoveTask(ctx, in)
	q := request{action: "StartMessageMoveTask", entries: 1, wait: -1, seconds: -1, rate: in.MaxNumberOfMessagesPerSecond.Or(0)}
	c.r.enter(q, in.SourceArn, err)
	return out, err
}

func (c recorder) CancelMessageMoveTask(ctx context.Context, in backend.CancelMessageMoveTaskInput) (backend.CancelMessageMoveTaskOutput, error) {
	out, err := c.SQS.CancelMessageMoveTask(ctx, in)
	c.r.enter(request{action: "CancelMessageMoveTask", entries: 1, wait: -1, seconds: -1}, "", err)
	return out, err
}

// recorded are the actions that are in the list.
func recorded() []string {
	return []string{
		"CancelMessageMoveTask", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "DeleteMessage", "DeleteMessageBatch",
		"PurgeQueue", "ReceiveMessage", "SendMessage", "SendMessageBatch", "SetQueueAttributes", "StartMessageMoveTask",
	}
}

// state puts the list into a state, with times from the beginning.
func (r *Requests) state(begin time.Time, state map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all, byAction := make([]any, len(r.list)), map[string][]any{}
	for i, q := range r.list {
		one := map[string]any{
			"at": q.at.Sub(begin).Seconds(), "action": q.action, "queue": q.queue, "entries": q.entries, "failed": q.failed,
			"messages": anys(q.messages), "code": orNull(q.code), "wait": q.wait, "seconds": q.seconds, "asked": q.asked,
		}
		if q.receipts != nil {
			one["receipts"], one["latest"] = anys(q.receipts), anys(q.latest)
		}
		if q.rate > 0 {
			one["rate"] = q.rate
		}
		if q.attrs != nil {
			attrs := map[string]any{}
			for name, value := range q.attrs {
				attrs[name] = value
			}
			one["attributes"] = attrs
		}
		all[i] = one
		byAction[q.action] = append(byAction[q.action], one)
	}
	actions := map[string]any{}
	for _, action := range recorded() {
		actions[action] = byAction[action]
	}
	state["requests"], state["byAction"] = all, actions
}

func anys[T any](list []T) []any {
	all := make([]any, len(list))
	for i, v := range list {
		all[i] = v
	}
	return all
}

// orNull has checks see a text that is not there as null.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
