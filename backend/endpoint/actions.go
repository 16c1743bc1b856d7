package endpoint

import (
	"context"
	"strings"

	"sqscope/backend"
)

// action is a row of the table of what SQS can do: its name, and how each
// protocol serves it. A protocol's column decodes the request, calls the action
// and encodes the answer; it returns what went wrong.
type action struct {
	name  string
	json  func(x *exchange) error
	query func(x *exchange) error
}

// row makes a row of typed parts: how to call the action, and how each protocol
// reads its input and writes its output. Without writers it answers nothing.
func row[In, Out any](name string, do func(*exchange, In) (Out, error),
	fromJSON func(*jsonReader) In, toJSON func(*jsonWriter, Out),
	fromForm func(part) In, toXML func(*xmlWriter, Out),
) action {
	return action{
		name: name,
		json: func(x *exchange) error {
			in := fromJSON(&x.reader)
			if e := x.reader.end(); e != nil {
				return e
			}
			out, err := do(x, in)
			if err != nil {
				return err
			}
			x.json.begin('{')
			if toJSON != nil {
				toJSON(&x.json, out)
			}
			x.json.end('}')
			return nil
		},
		query: func(x *exchange) error {
			in := fromForm(x.form.all())
			if e := x.form.end(); e != nil {
				return e
			}
			out, err := do(x, in)
			switch {
			case err != nil:
				return err
			case x.protocol == renderedProtocol:
				render(x, name, toJSON, out)
			default:
				respond(x, name, toXML, out)
			}
			return nil
		},
	}
}

// actions is the table.
func actions() []action {
	return []action{
		row("AddPermission", void(backend.SQS.AddPermission), readAddPermission, nil, formAddPermission, nil),
		row("CancelMessageMoveTask", plain(backend.SQS.CancelMessageMoveTask),
			readCancelMoveTask, writeCancelMoveTask, formCancelMoveTask, xmlCancelMoveTask),
		row("ChangeMessageVisibility", void(backend.SQS.ChangeMessageVisibility), readVisibility, nil, formVisibility, nil),
		row("ChangeMessageVisibilityBatch", plain(backend.SQS.ChangeMessageVisibilityBatch),
			readVisibilityBatch, writeBatch, formVisibilityBatch, xmlBatch("ChangeMessageVisibilityBatchResultEntry")),
		row("CreateQueue", createQueue, readCreateQueue, writeCreateQueue, formCreateQueue, xmlCreateQueue),
		row("DeleteMessage", void(backend.SQS.DeleteMessage), readDelete, nil, formDelete, nil),
		row("DeleteMessageBatch", plain(backend.SQS.DeleteMessageBatch),
			readDeleteBatch, writeBatch, formDeleteBatch, xmlBatch("DeleteMessageBatchResultEntry")),
		row("DeleteQueue", void(backend.SQS.DeleteQueue), readDeleteQueue, nil, formDeleteQueue, nil),
		row("GetQueueAttributes", plain(backend.SQS.GetQueueAttributes),
			readGetAttributes, writeGetAttributes, formGetAttributes, xmlGetAttributes),
		row("GetQueueUrl", getQueueURL, readGetQueueURL, writeGetQueueURL, formGetQueueURL, xmlGetQueueURL),
		row("ListDeadLetterSourceQueues", listSources, readListSources, writeListSources, formListSources, xmlListQueues),
		row("ListMessageMoveTasks", plain(backend.SQS.ListMessageMoveTasks),
			readListMoveTasks, writeListMoveTasks, formListMoveTasks, xmlListMoveTasks),
		row("ListQueueTags", plain(backend.SQS.ListQueueTags), readListTags, writeListTags, formListTags, xmlListTags),
		row("ListQueues", listQueues, readListQueues, writeListQueues, formListQueues, xmlListQueues),
		row("PurgeQueue", void(backend.SQS.PurgeQueue), readPurgeQueue, nil, formPurgeQueue, nil),
		row("ReceiveMessage", receiveMessage, readReceive, writeReceive, formReceive, xmlReceive),
		row("RemovePermission", void(backend.SQS.RemovePermission), readRemovePermission, nil, formRemovePermission, nil),
		row("SendMessage", sendMessage, readSend, writeSend, formSend, xmlSend),
		row("SendMessageBatch", sendMessageBatch, readSendBatch, writeSendBatch, formSendBatch, xmlSendBatch),
		row("SetQueueAttributes", void(backend.SQS.SetQueueAttributes), readSetAttributes, nil, formSetAttributes, nil),
		row("StartMessageMoveTask", plain(backend.SQS.StartMessageMoveTask),
			readStartMoveTask, writeStartMoveTask, formStartMoveTask, xmlStartMoveTask),
		row("TagQueue", void(backend.SQS.TagQueue), readTagQueue, nil, formTagQueue, nil),
		row("UntagQueue", void(backend.SQS.UntagQueue), readUntagQueue, nil, formUntagQueue, nil),
	}
}

// plain calls an action as it is.
func plain[In, Out any](do func(backend.SQS, context.Context, In) (Out, error)) func(*exchange, In) (Out, error) {
	return func(x *exchange, in In) (Out, error) { return do(x.server.sqs, x.ctx, in) }
}

// void calls an action that answers nothing.
func void[In any](do func(backend.SQS, context.Context, In) error) func(*exchange, In) (struct{}, error) {
	return func(x *exchange, in In) (struct{}, error) { return struct{}{}, do(x.server.sqs, x.ctx, in) }
}

// queueURL puts the scheme and the host that the client used into a queue URL,
// so that what it gets back is what it can reach (docs/SQS.md 11.5).
func (x *exchange) queueURL(from string) string {
	account, name := backend.URLParts(from)
	if account == "" || name == "" {
		return from
	}
	return x.scheme() + x.host + "/" + account + "/" + name
}

func (x *exchange) queueURLs(out backend.ListQueuesOutput) backend.ListQueuesOutput {
	for i, u := range out.QueueUrls {
		out.QueueUrls[i] = x.queueURL(u)
	}
	return out
}

func createQueue(x *exchange, in backend.CreateQueueInput) (backend.CreateQueueOutput, error) {
	out, err := x.server.sqs.CreateQueue(x.ctx, in)
	out.QueueUrl = x.queueURL(out.QueueUrl)
	return out, err
}

func getQueueURL(x *exchange, in backend.GetQueueUrlInput) (backend.GetQueueUrlOutput, error) {
	out, err := x.server.sqs.GetQueueUrl(x.ctx, in)
	out.QueueUrl = x.queueURL(out.QueueUrl)
	return out, err
}

func listQueues(x *exchange, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	out, err := x.server.sqs.ListQueues(x.ctx, in)
	return x.queueURLs(out), err
}

func listSources(x *exchange, in backend.ListDeadLetterSourceQueuesInput) (backend.ListQueuesOutput, error) {
	out, err := x.server.sqs.ListDeadLetterSourceQueues(x.ctx, in)
	return x.queueURLs(out), err
}

func sendMessage(x *exchange, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	traced := x.traced(&in)
	out, err := x.server.sqs.SendMessage(x.ctx, in)
	if traced {
		out.MD5OfMessageSystemAttributes = ""
	}
	return out, err
}

func sendMessageBatch(x *exchange, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	var traced []string
	for i := range in.Entries {
		if x.traced(&in.Entries[i].SendMessageInput) {
			traced = append(traced, in.Entries[i].Id)
		}
	}
	out, err := x.server.sqs.SendMessageBatch(x.ctx, in)
	for i := range out.Successful {
		for _, id := range traced {
			if out.Successful[i].Id == id {
				out.Successful[i].MD5OfMessageSystemAttributes = ""
			}
		}
	}
	return out, err
}

// traced makes the X-Amzn-Trace-Id header the message's AWSTraceHeader if the
// request gives none (1.11) and tells whether it did. The answer has no digest
// of it, because the sender sent no system attribute. A header that could not
// be a message attribute is no trace header and is ignored.
func (x *exchange) traced(in *backend.SendMessageInput) bool {
	h := x.request.trace
	if h == "" || strings.ContainsFunc(h, func(r rune) bool { return r < ' ' || r > '~' }) {
		return false
	}
	if _, given := in.MessageSystemAttributes[backend.SysAWSTraceHeader]; given {
		return false
	}
	if in.MessageSystemAttributes == nil {
		in.MessageSystemAttributes = make(map[string]backend.MessageAttribute, 1)
	}
	in.MessageSystemAttributes[backend.SysAWSTraceHeader] = backend.MessageAttribute{
		DataType: "String", StringValue: backend.Some(h),
	}
	return true
}

// receiveMessage waits for as long as the request says, but no longer than the
// client is there and the server goes on: a server that stops answers its open
// polls as if their time were over.
func receiveMessage(x *exchange, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	if in.WaitTimeSeconds.Set && in.WaitTimeSeconds.Value <= 0 {
		return x.server.sqs.ReceiveMessage(x.ctx, in)
	}
	ctx := x.client.waits()
	defer x.client.waited()
	if c, ok := backend.CallerOf(x.ctx); ok {
		ctx = backend.WithCaller(ctx, c)
	}
	out, err := x.server.sqs.ReceiveMessage(ctx, in)
	if err != nil && x.ctx.Err() == nil && ctx.Err() != nil {
		return backend.ReceiveMessageOutput{}, nil
	}
	return out, err
}
