package endpoint

import "sqscope/backend"

// The decoders and encoders of the message actions in the Query protocol
// (docs/SQS.md 1.11 to 1.16, 11.4). The elements of an answer come in the order
// in which SQS writes them.

// queueURL is the queue that is asked: the parameter's, or else the path's.
func (p part) queueURL() string {
	if v := p.bytes("QueueUrl"); len(v) > 0 {
		return string(v)
	}
	return p.form.url
}

func formSend(p part) backend.SendMessageInput {
	in := formSendMembers(p)
	in.QueueUrl = p.queueURL()
	return in
}

// formSendMembers reads what a single send and an entry of a batch have in
// common.
func formSendMembers(p part) backend.SendMessageInput {
	return backend.SendMessageInput{
		MessageBody:             p.text("MessageBody"),
		DelaySeconds:            p.integer("DelaySeconds"),
		MessageAttributes:       p.attributes("MessageAttribute"),
		MessageSystemAttributes: p.attributes("MessageSystemAttribute"),
		MessageGroupId:          p.optText("MessageGroupId"),
		MessageDeduplicationId:  p.optText("MessageDeduplicationId"),
	}
}

// attributes reads message attributes (3.4).
func (p part) attributes(list string) map[string]backend.MessageAttribute {
	var m map[string]backend.MessageAttribute
	for e := range p.elements(list) {
		for range e.elements("Value.StringListValue") {
			p.form.refuse(listValues())
		}
		for range e.elements("Value.BinaryListValue") {
			p.form.refuse(listValues())
		}
		if m == nil {
			m = make(map[string]backend.MessageAttribute)
		}
		m[e.text("Name")] = backend.MessageAttribute{
			DataType:    e.text("Value.DataType"),
			StringValue: e.optText("Value.StringValue"),
			BinaryValue: e.binary("Value.BinaryValue"),
		}
	}
	return m
}

func xmlSend(w *xmlWriter, out backend.SendMessageOutput) {
	w.text("MessageId", out.MessageId)
	w.text("MD5OfMessageBody", out.MD5OfMessageBody)
	w.text("MD5OfMessageAttributes", out.MD5OfMessageAttributes)
	w.text("MD5OfMessageSystemAttributes", out.MD5OfMessageSystemAttributes)
	w.text("SequenceNumber", out.SequenceNumber)
}

func formSendBatch(p part) backend.SendMessageBatchInput {
	return backend.SendMessageBatchInput{
		QueueUrl: p.queueURL(),
		Entries: formEntries(p, "SendMessageBatchRequestEntry", func(e part) backend.SendMessageBatchEntry {
			return backend.SendMessageBatchEntry{Id: e.text("Id"), SendMessageInput: formSendMembers(e)}
		}),
	}
}

// formEntries reads the entries of a batch. A list without entries cannot be
// told from one that was left out; it is empty (1.16).
func formEntries[E any](p part, list string, entry func(part) E) []E {
	entries := []E{}
	n, nameless := 0, 0
	for e := range p.elements(list) {
		if n++; n > maxEntries {
			continue
		}
		if e.bytes("Id") == nil && nameless == 0 {
			nameless = n
		}
		entries = append(entries, entry(e))
	}
	if e := envelopeFault(list, n, nameless); e != nil {
		p.form.refuse(e)
	}
	return entries
}

func xmlSendBatch(w *xmlWriter, out backend.SendMessageBatchOutput) {
	for i := range out.Successful {
		w.begin("SendMessageBatchResultEntry", "")
		w.textAlways("Id", out.Successful[i].Id)
		xmlSend(w, out.Successful[i].SendMessageOutput)
		w.end("SendMessageBatchResultEntry", "")
	}
	xmlFailed(w, out.Failed)
}

func xmlFailed(w *xmlWriter, failed []backend.BatchError) {
	for _, f := range failed {
		w.begin("BatchResultErrorEntry", "")
		w.textAlways("Id", f.Id)
		w.boolean("SenderFault", f.SenderFault)
		w.text("Code", f.Code)
		w.text("Message", f.Message)
		w.end("BatchResultErrorEntry", "")
	}
}

// xmlBatch writes the answer of a delete or visibility batch.
func xmlBatch(element string) func(*xmlWriter, backend.BatchOutput) {
	return func(w *xmlWriter, out backend.BatchOutput) {
		for _, id := range out.Successful {
			w.begin(element, "")
			w.textAlways("Id", id)
			w.end(element, "")
		}
		xmlFailed(w, out.Failed)
	}
}

// formReceive unites the two lists of system attribute names, of which
// AttributeName is the old one (5.1).
func formReceive(p part) backend.ReceiveMessageInput {
	return backend.ReceiveMessageInput{
		QueueUrl:                    p.queueURL(),
		MaxNumberOfMessages:         p.integer("MaxNumberOfMessages"),
		VisibilityTimeout:           p.integer("VisibilityTimeout"),
		WaitTimeSeconds:             p.integer("WaitTimeSeconds"),
		MessageSystemAttributeNames: append(p.texts("MessageSystemAttributeName"), p.texts("AttributeName")...),
		MessageAttributeNames:       p.texts("MessageAttributeName"),
		ReceiveRequestAttemptId:     p.optText("ReceiveRequestAttemptId"),
	}
}

func xmlReceive(w *xmlWriter, out backend.ReceiveMessageOutput) {
	for i := range out.Messages {
		m := &out.Messages[i]
		w.begin("Message", "")
		w.text("MessageId", m.MessageId)
		w.text("ReceiptHandle", m.ReceiptHandle)
		w.text("MD5OfBody", m.MD5OfBody)
		w.text("Body", m.Body)
		w.pairs("Attribute", "Name", "Value", m.Attributes)
		w.text("MD5OfMessageAttributes", m.MD5OfMessageAttributes)
		w.attributes(m.MessageAttributes)
		w.end("Message", "")
	}
}

func formDelete(p part) backend.DeleteMessageInput {
	return backend.DeleteMessageInput{QueueUrl: p.queueURL(), ReceiptHandle: p.text("ReceiptHandle")}
}

func formDeleteBatch(p part) backend.DeleteMessageBatchInput {
	return backend.DeleteMessageBatchInput{
		QueueUrl: p.queueURL(),
		Entries: formEntries(p, "DeleteMessageBatchRequestEntry", func(e part) backend.DeleteMessageBatchEntry {
			return backend.DeleteMessageBatchEntry{Id: e.text("Id"), ReceiptHandle: e.text("ReceiptHandle")}
		}),
	}
}

func formVisibility(p part) backend.ChangeMessageVisibilityInput {
	return backend.ChangeMessageVisibilityInput{
		QueueUrl: p.queueURL(), ReceiptHandle: p.text("ReceiptHandle"), VisibilityTimeout: p.integer("VisibilityTimeout"),
	}
}

func formVisibilityBatch(p part) backend.ChangeMessageVisibilityBatchInput {
	return backend.ChangeMessageVisibilityBatchInput{
		QueueUrl: p.queueURL(),
		Entries: formEntries(p, "ChangeMessageVisibilityBatchRequestEntry", func(e part) backend.ChangeMessageVisibilityBatchEntry {
			return backend.ChangeMessageVisibilityBatchEntry{
				Id: e.text("Id"), ReceiptHandle: e.text("ReceiptHandle"), VisibilityTimeout: e.integer("VisibilityTimeout"),
			}
		}),
	}
}
