package rules

import (
	"strconv"

	"sqscope/backend"
)

// Send checks a message for a queue: everything that SQS would refuse but the
// existence of the queue (docs/SQS.md 1.11, 3.2, 3.4). It does not allocate for
// a valid message.
func Send(q Queue, in backend.SendMessageInput) error {
	return plain(message(q, &in, 0))
}

// message checks a message sent alone (entry 0) or as the n-th entry of a
// batch, where SQS says some things in other words (1.12).
func message(q Queue, in *backend.SendMessageInput, entry int) *backend.Error {
	if in.MessageBody == "" {
		if entry == 0 {
			return Missing("MessageBody")
		}
		return Missing(entryParameter(sendEntry, entry, "MessageBody"))
	}
	if e := delay(q, in.DelaySeconds); e != nil {
		return e
	}
	if e := groupAndDeduplication(q, in, entry); e != nil {
		return e
	}
	if e := userAttributes(in.MessageAttributes); e != nil {
		return e
	}
	if e := systemAttributes(in.MessageSystemAttributes); e != nil {
		return e
	}
	if Size(in.MessageBody, in.MessageAttributes) > q.maximum() {
		said := "are invalid"
		if entry > 0 {
			said = "cannot be validated"
		}
		return invalid("One or more parameters %s. Reason: Message must be shorter than %d bytes.", said, q.maximum())
	}
	return bodyCharacters(in.MessageBody)
}

// Size is what a message counts against MaximumMessageSize, in bytes: its body
// and of each message attribute the name, the type and the raw value. System
// attributes are free (3.2).
func Size(body string, attrs map[string]backend.MessageAttribute) int {
	n := len(body)
	for name, a := range attrs {
		n += attributeSize(name, a)
	}
	return n
}

func attributeSize(name string, a backend.MessageAttribute) int {
	return len(name) + len(a.DataType) + len(a.StringValue.Value) + len(a.BinaryValue)
}

// delay checks the delay of a message. A FIFO queue takes none but 0, which it
// ignores (1.11, 8.4).
func delay(q Queue, seconds backend.Opt[int]) *backend.Error {
	if q.FIFO && seconds.Value > 0 {
		return Invalid(strconv.Itoa(seconds.Value), "DelaySeconds",
			"The request include parameter that is not valid for this queue type.")
	}
	return between(seconds, "DelaySeconds", 0, MaxDelay, "DelaySeconds must be >= 0 and <= 900.")
}

// groupAndDeduplication checks both ids: a FIFO queue wants them, a standard
// queue takes a group (fair queues) and no deduplication (1.11, 1.12).
func groupAndDeduplication(q Queue, in *backend.SendMessageInput, entry int) *backend.Error {
	group, dedup := in.MessageGroupId, in.MessageDeduplicationId
	switch {
	case q.FIFO && !group.Set && entry == 0:
		return Missing("MessageGroupId")
	case q.FIFO && !group.Set:
		return invalid("The request must contain the parameter MessageGroupId.")
	case q.FIFO && !dedup.Set && !q.ContentBasedDeduplication:
		return invalid("The queue should either have ContentBasedDeduplication enabled or " +
			"MessageDeduplicationId provided explicitly")
	case !q.FIFO && dedup.Set && entry == 0:
		return invalid("The request include parameter MessageDeduplicationId which is not valid for this queue type")
	case !q.FIFO && dedup.Set:
		return invalid("The request include parameter that is not valid for this queue type")
	}
	if group.Set {
		if e := id("MessageGroupId", group.Value); e != nil {
			return e
		}
	}
	if dedup.Set {
		return id("MessageDeduplicationId", dedup.Value)
	}
	return nil
}
