package endpoint

import (
	"encoding/base64"
	"fmt"

	"sqscope/backend"
)

// The decoders and encoders of the message actions in AWS JSON 1.0
// (docs/SQS.md 1.11 to 1.16, 11.2).

// maxEntries is how many entries of a batch are read. SQS takes ten and says
// how many were sent if it is more, so the rest is counted and not kept.
const maxEntries = 1000

func readSend(r *jsonReader) (in backend.SendMessageInput) {
	if r.object() {
		for r.member() {
			if string(r.name) == "QueueUrl" {
				in.QueueUrl = r.queueURL()
			} else {
				readSendMember(r, &in)
			}
		}
	}
	return in
}

// readSendMember reads a member that a single send and an entry of a batch have
// in common.
func readSendMember(r *jsonReader, in *backend.SendMessageInput) {
	switch string(r.name) {
	case "MessageBody":
		in.MessageBody = r.text()
	case "DelaySeconds":
		in.DelaySeconds = r.optInt()
	case "MessageAttributes":
		in.MessageAttributes = readMap(r, readAttribute)
	case "MessageSystemAttributes":
		in.MessageSystemAttributes = readMap(r, readAttribute)
	case "MessageGroupId":
		in.MessageGroupId = r.optText()
	case "MessageDeduplicationId":
		in.MessageDeduplicationId = r.optText()
	default:
		r.skip()
	}
}

// readAttribute reads a message attribute (3.4).
func readAttribute(r *jsonReader) (a backend.Opt[backend.MessageAttribute]) {
	if !r.object() {
		return a
	}
	a.Set = true
	for r.member() {
		switch string(r.name) {
		case "DataType":
			a.Value.DataType = r.text()
		case "StringValue":
			a.Value.StringValue = r.optText()
		case "BinaryValue":
			a.Value.BinaryValue = readBinary(r)
		case "StringListValues", "BinaryListValues":
			if len(readTexts(r)) > 0 {
				r.refuse(listValues())
			}
		default:
			r.skip()
		}
	}
	return a
}

func listValues() *backend.Error {
	return backend.ErrorOf(backend.ErrInvalidParameterValue,
		"Message attribute list values in SendMessage operation are not supported.")
}

// readBinary reads base64. An empty value is not nil, a missing one is.
func readBinary(r *jsonReader) []byte {
	s := r.optText()
	if !s.Set {
		return nil
	}
	b, err := base64.StdEncoding.DecodeString(s.Value)
	if err != nil {
		r.fail("STRING_VALUE can not be converted to a Blob")
		return nil
	}
	return b
}

func writeSend(w *jsonWriter, out backend.SendMessageOutput) {
	w.text("MD5OfMessageBody", out.MD5OfMessageBody)
	w.text("MD5OfMessageAttributes", out.MD5OfMessageAttributes)
	w.text("MD5OfMessageSystemAttributes", out.MD5OfMessageSystemAttributes)
	w.text("MessageId", out.MessageId)
	w.text("SequenceNumber", out.SequenceNumber)
}

func readSendBatch(r *jsonReader) (in backend.SendMessageBatchInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "Entries":
				in.Entries = readEntries(r, "SendMessageBatchRequestEntry", readSendEntry)
			default:
				r.skip()
			}
		}
	}
	return in
}

func readSendEntry(r *jsonReader) (e backend.SendMessageBatchEntry, id backend.Opt[string]) {
	if r.object() {
		for r.member() {
			if string(r.name) == "Id" {
				id = r.optText()
			} else {
				readSendMember(r, &e.SendMessageInput)
			}
		}
	}
	e.Id = id.Value
	return e, id
}

// readEntries reads the entries of a batch. An entry without an Id is refused
// here, because further on it cannot be told from one with an empty Id, of
// which SQS says something else; too many entries come before it (1.0, 1.16).
func readEntries[E any](r *jsonReader, shape string, entry func(*jsonReader) (E, backend.Opt[string])) []E {
	if !r.array() {
		return nil
	}
	r.refused = nil // of another list under the same name, which this one replaces
	list := []E{}
	n, nameless := 0, 0
	for r.element() {
		if n++; n > maxEntries {
			r.skip()
			continue
		}
		e, id := entry(r)
		if !id.Set && nameless == 0 {
			nameless = n
		}
		if n == 1 {
			list = make([]E, 0, 10)
		}
		list = append(list, e)
	}
	if e := envelopeFault(shape, n, nameless); e != nil {
		r.refuse(e)
	}
	return list
}

// envelopeFault is what is wrong with a batch of n entries, of which the one
// with the number nameless has no Id, as far as only a decoder can see it.
func envelopeFault(shape string, n, nameless int) *backend.Error {
	switch {
	case n > maxEntries:
		return backend.ErrorOf(backend.ErrTooManyEntriesInBatchRequest,
			"Maximum number of entries per request are 10. You have sent %d.", n)
	case nameless > 0 && n <= 10:
		return missing(fmt.Sprintf("%s.%d.Id", shape, nameless))
	}
	return nil
}

func writeSendBatch(w *jsonWriter, out backend.SendMessageBatchOutput) {
	if len(out.Successful) > 0 {
		w.name("Successful")
		w.begin('[')
		for i := range out.Successful {
			w.begin('{')
			w.textAlways("Id", out.Successful[i].Id)
			writeSend(w, out.Successful[i].SendMessageOutput)
			w.end('}')
		}
		w.end(']')
	}
	writeFailed(w, out.Failed)
}

func writeFailed(w *jsonWriter, failed []backend.BatchError) {
	if len(failed) == 0 {
		return
	}
	w.name("Failed")
	w.begin('[')
	for _, f := range failed {
		w.begin('{')
		w.textAlways("Id", f.Id)
		w.text("Code", f.Code)
		w.text("Message", f.Message)
		w.boolean("SenderFault", f.SenderFault)
		w.end('}')
	}
	w.end(']')
}

func writeBatch(w *jsonWriter, out backend.BatchOutput) {
	if len(out.Successful) > 0 {
		w.name("Successful")
		w.begin('[')
		for _, id := range out.Successful {
			w.begin('{')
			w.textAlways("Id", id)
			w.end('}')
		}
		w.end(']')
	}
	writeFailed(w, out.Failed)
}

// readReceive unites the two lists of system attribute names, of which
// AttributeNames is the old one (5.1).
func readReceive(r *jsonReader) (in backend.ReceiveMessageInput) {
	var old []string
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "MaxNumberOfMessages":
				in.MaxNumberOfMessages = r.optInt()
			case "VisibilityTimeout":
				in.VisibilityTimeout = r.optInt()
			case "WaitTimeSeconds":
				in.WaitTimeSeconds = r.optInt()
			case "MessageSystemAttributeNames":
				in.MessageSystemAttributeNames = readTexts(r)
			case "AttributeNames":
				old = readTexts(r)
			case "MessageAttributeNames":
				in.MessageAttributeNames = readTexts(r)
			case "ReceiveRequestAttemptId":
				in.ReceiveRequestAttemptId = r.optText()
			default:
				r.skip()
			}
		}
	}
	in.MessageSystemAttributeNames = append(in.MessageSystemAttributeNames, old...)
	return in
}

func writeReceive(w *jsonWriter, out backend.ReceiveMessageOutput) {
	if len(out.Messages) == 0 {
		return
	}
	if w.rendering {
		w.name("messages")
	} else {
		w.name("Messages")
	}
	w.begin('[')
	for i := range out.Messages {
		m := &out.Messages[i]
		w.begin('{')
		w.text("MessageId", m.MessageId)
		w.text("ReceiptHandle", m.ReceiptHandle)
		w.text("MD5OfBody", m.MD5OfBody)
		w.text("Body", m.Body)
		w.textMap("Attributes", m.Attributes)
		w.text("MD5OfMessageAttributes", m.MD5OfMessageAttributes)
		w.attributes("MessageAttributes", m.MessageAttributes)
		w.end('}')
	}
	w.end(']')
}

func readDelete(r *jsonReader) (in backend.DeleteMessageInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "ReceiptHandle":
				in.ReceiptHandle = r.text()
			default:
				r.skip()
			}
		}
	}
	return in
}

func readDeleteBatch(r *jsonReader) (in backend.DeleteMessageBatchInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "Entries":
				in.Entries = readEntries(r, "DeleteMessageBatchRequestEntry", readDeleteEntry)
			default:
				r.skip()
			}
		}
	}
	return in
}

func readDeleteEntry(r *jsonReader) (e backend.DeleteMessageBatchEntry, id backend.Opt[string]) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "Id":
				id = r.optText()
			case "ReceiptHandle":
				e.ReceiptHandle = r.text()
			default:
				r.skip()
			}
		}
	}
	e.Id = id.Value
	return e, id
}

func readVisibility(r *jsonReader) (in backend.ChangeMessageVisibilityInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "ReceiptHandle":
				in.ReceiptHandle = r.text()
			case "VisibilityTimeout":
				in.VisibilityTimeout = r.optInt()
			default:
				r.skip()
			}
		}
	}
	return in
}

func readVisibilityBatch(r *jsonReader) (in backend.ChangeMessageVisibilityBatchInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "Entries":
				in.Entries = readEntries(r, "ChangeMessageVisibilityBatchRequestEntry", readVisibilityEntry)
			default:
				r.skip()
			}
		}
	}
	return in
}

func readVisibilityEntry(r *jsonReader) (e backend.ChangeMessageVisibilityBatchEntry, id backend.Opt[string]) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "Id":
				id = r.optText()
			case "ReceiptHandle":
				e.ReceiptHandle = r.text()
			case "VisibilityTimeout":
				e.VisibilityTimeout = r.optInt()
			default:
				r.skip()
			}
		}
	}
	e.Id = id.Value
	return e, id
}
