package backend

import (
	"strconv"
	"time"
)

// MessageAttribute is one of the up to ten attributes that a sender puts on a
// message (docs/SQS.md 3.4). DataType is String, Number or Binary, each with an
// optional label behind a period. String and Number travel in StringValue,
// Binary in BinaryValue.
type MessageAttribute struct {
	DataType    string
	StringValue Opt[string]
	BinaryValue []byte // nil: none
}

// SendMessageInput is one message to send (1.11). MessageGroupId and
// MessageDeduplicationId tell "left out" from empty, which is refused.
type SendMessageInput struct {
	QueueUrl                string
	MessageBody             string
	DelaySeconds            Opt[int] // 0..900 s, standard queues only
	MessageAttributes       map[string]MessageAttribute
	MessageSystemAttributes map[string]MessageAttribute // AWSTraceHeader only
	MessageGroupId          Opt[string]
	MessageDeduplicationId  Opt[string]
}

// SendMessageOutput is what SQS says of a message it took. The digests are
// lower-case hex; those of attributes are empty where none were sent.
// SequenceNumber is empty on a standard queue.
type SendMessageOutput struct {
	MessageId                    string
	MD5OfMessageBody             string
	MD5OfMessageAttributes       string
	MD5OfMessageSystemAttributes string
	SequenceNumber               string
}

// SendMessageBatchInput sends 1 to 10 messages to one queue (1.12). The
// QueueUrl of the entries is not read. Nil entries are "left out".
type SendMessageBatchInput struct {
	QueueUrl string
	Entries  []SendMessageBatchEntry
}

// SendMessageBatchEntry is one message of a batch, under an Id of the caller's.
type SendMessageBatchEntry struct {
	Id string
	SendMessageInput
}

// SendMessageBatchOutput has an entry for each message: taken or not.
type SendMessageBatchOutput struct {
	Successful []SendMessageBatchResult
	Failed     []BatchError
}

// SendMessageBatchResult is a message of the batch that was taken.
type SendMessageBatchResult struct {
	Id string
	SendMessageOutput
}

// BatchError is an entry of a batch that failed while the request as a whole
// did not. Code is the legacy code (14.1).
type BatchError struct {
	Id          string
	Code        string
	Message     string
	SenderFault bool
}

// BatchOutput is the answer of a delete or visibility batch: the ids that
// succeeded, and those that did not. An id in neither is not known to be done.
type BatchOutput struct {
	Successful []string
	Failed     []BatchError
}

// ReceiveMessageInput asks for messages (1.13). Receiving is an act: it raises
// the receive count and hides what it returns for the visibility timeout.
type ReceiveMessageInput struct {
	QueueUrl                    string
	MaxNumberOfMessages         Opt[int] // 1..10, default 1
	VisibilityTimeout           Opt[int] // 0..43200 s, default the queue's
	WaitTimeSeconds             Opt[int] // 0..20 s, default the queue's
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
	ReceiveRequestAttemptId     Opt[string]
}

// ReceiveMessageOutput has up to ten messages, or none.
type ReceiveMessageOutput struct{ Messages []Message }

// Message is a message as it was received (11.2). Attributes are SQS's own,
// those that were asked for, all strings (5.1).
type Message struct {
	MessageId              string
	ReceiptHandle          string
	MD5OfBody              string
	Body                   string
	Attributes             map[string]string
	MessageAttributes      map[string]MessageAttribute
	MD5OfMessageAttributes string
}

// DeleteMessageInput deletes what a receipt handle stands for (1.14).
type DeleteMessageInput struct {
	QueueUrl      string
	ReceiptHandle string
}

// DeleteMessageBatchInput deletes up to ten.
type DeleteMessageBatchInput struct {
	QueueUrl string
	Entries  []DeleteMessageBatchEntry
}

// DeleteMessageBatchEntry is one receipt handle under an Id of the caller's.
type DeleteMessageBatchEntry struct {
	Id            string
	ReceiptHandle string
}

// ChangeMessageVisibilityInput makes a message visible that many seconds from
// now, 0 for at once (1.15). It must be set.
type ChangeMessageVisibilityInput struct {
	QueueUrl          string
	ReceiptHandle     string
	VisibilityTimeout Opt[int] // 0..43200 s
}

// ChangeMessageVisibilityBatchInput does so for up to ten.
type ChangeMessageVisibilityBatchInput struct {
	QueueUrl string
	Entries  []ChangeMessageVisibilityBatchEntry
}

// ChangeMessageVisibilityBatchEntry is one of them.
type ChangeMessageVisibilityBatchEntry struct {
	Id                string
	ReceiptHandle     string
	VisibilityTimeout Opt[int] // 0..43200 s
}

// Names of SQS's own message attributes (5.1).
const (
	SysSenderId                         = "SenderId"
	SysSentTimestamp                    = "SentTimestamp"
	SysApproximateReceiveCount          = "ApproximateReceiveCount"
	SysApproximateFirstReceiveTimestamp = "ApproximateFirstReceiveTimestamp"
	SysSequenceNumber                   = "SequenceNumber"
	SysMessageDeduplicationId           = "MessageDeduplicationId"
	SysMessageGroupId                   = "MessageGroupId"
	SysAWSTraceHeader                   = "AWSTraceHeader"
	SysDeadLetterQueueSourceArn         = "DeadLetterQueueSourceArn"
)

// Time is one of SQS's own attributes that are times, in milliseconds since 1970
// (5.1); zero: the message does not have it.
func (m Message) Time(name string) time.Time {
	ms, err := strconv.ParseInt(m.Attributes[name], 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// Receives is how often it has been received, this time included (5.2); 0: the
// message does not say.
func (m Message) Receives() int {
	n, err := strconv.Atoi(m.Attributes[SysApproximateReceiveCount])
	if err != nil {
		return 0
	}
	return n
}

// Again is what sends a message once more, to a queue of its own kind: the body,
// all attributes, the trace header, the group and the deduplication id that it
// had. A FIFO queue takes it for a duplicate within five minutes of the first (8.1);
// a standard queue knows no deduplication id (9).
func (m Message) Again(queueUrl string, fifo bool) SendMessageInput {
	in := SendMessageInput{QueueUrl: queueUrl, MessageBody: m.Body, MessageAttributes: m.MessageAttributes}
	if trace := m.Attributes[SysAWSTraceHeader]; trace != "" {
		in.MessageSystemAttributes = map[string]MessageAttribute{SysAWSTraceHeader: {DataType: "String", StringValue: Some(trace)}}
	}
	if group := m.Attributes[SysMessageGroupId]; group != "" {
		in.MessageGroupId = Some(group)
	}
	if dedup := m.Attributes[SysMessageDeduplicationId]; fifo && dedup != "" {
		in.MessageDeduplicationId = Some(dedup)
	}
	return in
}
