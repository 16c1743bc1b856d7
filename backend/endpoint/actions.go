package endpoint

import (
	"context"
	"net/http"
	"strings"
	"time"

	"sqscope/backend"
)

// action is a row of the table of what SQS can do: its name, and how each
// protocol serves it. A protocol's column decodes the request, calls the action
// and encodes the answer; it returns what went wrong.
type action struct {
	name string
	json func(c *call, r *jsonReader, w *jsonWriter) error
}

// row makes a row of typed parts: how to call the action, and how each protocol
// reads its input and writes its output. A nil encode answers {}.
func row[In, Out any](name string, do func(*call, In) (Out, error),
	decode func(*jsonReader) In, encode func(*jsonWriter, Out),
) action {
	return action{name: name, json: func(c *call, r *jsonReader, w *jsonWriter) error {
		in := decode(r)
		if e := r.end(); e != nil {
			return e
		}
		out, err := do(c, in)
		if err != nil {
			return err
		}
		w.begin('{')
		if encode != nil {
			encode(w, out)
		}
		w.end('}')
		return nil
	}}
}

// actions is the table.
func actions() []action {
	return []action{
		row("AddPermission", void(backend.SQS.AddPermission), readAddPermission, nil),
		row("CancelMessageMoveTask", plain(backend.SQS.CancelMessageMoveTask), readCancelMoveTask, writeCancelMoveTask),
		row("ChangeMessageVisibility", void(backend.SQS.ChangeMessageVisibility), readVisibility, nil),
		row("ChangeMessageVisibilityBatch", plain(backend.SQS.ChangeMessageVisibilityBatch),
			readVisibilityBatch, writeBatch),
		row("CreateQueue", createQueue, readCreateQueue, writeCreateQueue),
		row("DeleteMessage", void(backend.SQS.DeleteMessage), readDelete, nil),
		row("DeleteMessageBatch", plain(backend.SQS.DeleteMessageBatch), readDeleteBatch, writeBatch),
		row("DeleteQueue", void(backend.SQS.DeleteQueue), readDeleteQueue, nil),
		row("GetQueueAttributes", plain(backend.SQS.GetQueueAttributes), readGetAttributes, writeGetAttributes),
		row("GetQueueUrl", getQueueURL, readGetQueueURL, writeGetQueueURL),
		row("ListDeadLetterSourceQueues", listSources, readListSources, writeListSources),
		row("ListMessageMoveTasks", plain(backend.SQS.ListMessageMoveTasks), readListMoveTasks, writeListMoveTasks),
		row("ListQueueTags", plain(backend.SQS.ListQueueTags), readListTags, writeListTags),
		row("ListQueues", listQueues, readListQueues, writeListQueues),
		row("PurgeQueue", void(backend.SQS.PurgeQueue), readPurgeQueue, nil),
		row("ReceiveMessage", receiveMessage, readReceive, writeReceive),
		row("RemovePermission", void(backend.SQS.RemovePermission), readRemovePermission, nil),
		row("SendMessage", sendMessage, readSend, writeSend),
		row("SendMessageBatch", sendMessageBatch, readSendBatch, writeSendBatch),
		row("SetQueueAttributes", void(backend.SQS.SetQueueAttributes), readSetAttributes, nil),
		row("StartMessageMoveTask", plain(backend.SQS.StartMessageMoveTask), readStartMoveTask, writeStartMoveTask),
		row("TagQueue", void(backend.SQS.TagQueue), readTagQueue, nil),
		row("UntagQueue", void(backend.SQS.UntagQueue), readUntagQueue, nil),
	}
}

// plain calls an action as it is.
func plain[In, Out any](do func(backend.SQS, context.Context, In) (Out, error)) func(*call, In) (Out, error) {
	return func(c *call, in In) (Out, error) { return do(c.server.sqs, c.ctx, in) }
}

// void calls an action that answers nothing.
func void[In any](do func(backend.SQS, context.Context, In) error) func(*call, In) (struct{}, error) {
	return func(c *call, in In) (struct{}, error) { return struct{}{}, do(c.server.sqs, c.ctx, in) }
}

// call is one request on its way to the backend, in whatever protocol it came.
type call struct {
	server *Server
	ctx    context.Context
	w      http.ResponseWriter
	r      *http.Request
}

// queueURL puts the scheme and the host that the client used into a queue URL,
// so that what it gets back is what it can reach (docs/SQS.md 11.5).
func (c *call) queueURL(from string) string {
	account, name := backend.URLParts(from)
	if account == "" || name == "" {
		return from
	}
	scheme := "http://"
	if c.r.TLS != nil {
		scheme = "https://"
	}
	return scheme + c.r.Host + "/" + account + "/" + name
}

func (c *call) queueURLs(out backend.ListQueuesOutput) backend.ListQueuesOutput {
	for i, u := range out.QueueUrls {
		out.QueueUrls[i] = c.queueURL(u)
	}
	return out
}

func createQueue(c *call, in backend.CreateQueueInput) (backend.CreateQueueOutput, error) {
	out, err := c.server.sqs.CreateQueue(c.ctx, in)
	out.QueueUrl = c.queueURL(out.QueueUrl)
	return out, err
}

func getQueueURL(c *call, in backend.GetQueueUrlInput) (backend.GetQueueUrlOutput, error) {
	out, err := c.server.sqs.GetQueueUrl(c.ctx, in)
	out.QueueUrl = c.queueURL(out.QueueUrl)
	return out, err
}

func listQueues(c *call, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	out, err := c.server.sqs.ListQueues(c.ctx, in)
	return c.queueURLs(out), err
}

func listSources(c *call, in backend.ListDeadLetterSourceQueuesInput) (backend.ListQueuesOutput, error) {
	out, err := c.server.sqs.ListDeadLetterSourceQueues(c.ctx, in)
	return c.queueURLs(out), err
}

func sendMessage(c *call, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	traced := c.trace(&in)
	out, err := c.server.sqs.SendMessage(c.ctx, in)
	if traced {
		out.MD5OfMessageSystemAttributes = ""
	}
	return out, err
}

func sendMessageBatch(c *call, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	var traced []string
	for i := range in.Entries {
		if c.trace(&in.Entries[i].SendMessageInput) {
			traced = append(traced, in.Entries[i].Id)
		}
	}
	out, err := c.server.sqs.SendMessageBatch(c.ctx, in)
	for i := range out.Successful {
		for _, id := range traced {
			if out.Successful[i].Id == id {
				out.Successful[i].MD5OfMessageSystemAttributes = ""
			}
		}
	}
	return out, err
}

// trace makes the X-Amzn-Trace-Id header the message's AWSTraceHeader if the
// request gives none (1.11) and tells whether it did. The answer has no digest
// of it, because the sender sent no system attribute. A header that could not
// be a message attribute is no trace header and is ignored.
func (c *call) trace(in *backend.SendMessageInput) bool {
	h := c.r.Header["X-Amzn-Trace-Id"]
	if len(h) == 0 || h[0] == "" || strings.ContainsFunc(h[0], func(r rune) bool { return r < ' ' || r > '~' }) {
		return false
	}
	if _, given := in.MessageSystemAttributes[backend.SysAWSTraceHeader]; given {
		return false
	}
	if in.MessageSystemAttributes == nil {
		in.MessageSystemAttributes = make(map[string]backend.MessageAttribute, 1)
	}
	in.MessageSystemAttributes[backend.SysAWSTraceHeader] = backend.MessageAttribute{
		DataType: "String", StringValue: backend.Some(h[0]),
	}
	return true
}

// receiveMessage waits for as long as the request says, but no longer than the
// client is there and the server goes on: a server that stops answers its open
// polls as if their time were over.
func receiveMessage(c *call, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	if in.WaitTimeSeconds.Set && in.WaitTimeSeconds.Value <= 0 {
		return c.server.sqs.ReceiveMessage(c.ctx, in)
	}
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	defer context.AfterFunc(c.server.stopping, cancel)()
	defer c.patience()()
	out, err := c.server.sqs.ReceiveMessage(ctx, in)
	if err != nil && c.ctx.Err() == nil && ctx.Err() != nil {
		return backend.ReceiveMessageOutput{}, nil
	}
	return out, err
}

// patience lifts the connection's deadlines while a poll waits, which may be
// longer than any of them: the engine's clock can stand still. What it returns
// sets the one for writing anew. A handler without a connection has none.
func (c *call) patience() (over func()) {
	rc := http.NewResponseController(c.w)
	if rc.SetReadDeadline(time.Time{}) != nil {
		return func() {}
	}
	return func() { _ = rc.SetWriteDeadline(time.Now().Add(writeTimeout)) }
}
