package meter

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// What is kept of a request, in bytes, so that the log stays small whatever is
// sent.
const (
	keptBody  = 256     // of a body, or of a message attribute
	keptValue = 4 << 10 // of any other value
	keptCall  = 8 << 10 // of all values of a call
)

// keeper copies the values of one request, cut where they are too long: neither
// the caller's maps and slices nor the memory of a large body may be held.
type keeper struct {
	room int // bytes
	cut  bool
}

// text is a value of which at most so many bytes are kept.
func (k *keeper) text(s string, most int) string {
	most = min(most, k.room)
	k.room -= min(len(s), most)
	if len(s) <= most {
		return s
	}
	k.cut = true
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "… (cut, " + strconv.Itoa(len(s)) + " bytes in all)"
}

func (k *keeper) attributes(m map[string]backend.MessageAttribute) map[string]backend.MessageAttribute {
	if len(m) == 0 {
		return nil
	}
	kept := make(map[string]backend.MessageAttribute, len(m))
	for name, a := range m {
		if a.StringValue.Set {
			a.StringValue.Value = k.text(a.StringValue.Value, keptBody)
		}
		if a.BinaryValue != nil {
			n := min(len(a.BinaryValue), keptBody, k.room)
			k.room -= n
			k.cut = k.cut || n < len(a.BinaryValue)
			a.BinaryValue = append([]byte{}, a.BinaryValue[:n]...)
		}
		kept[name] = a
	}
	return kept
}

func (k *keeper) message(in backend.SendMessageInput) backend.SendMessageInput {
	in.MessageBody = k.text(in.MessageBody, keptBody)
	in.MessageAttributes = k.attributes(in.MessageAttributes)
	in.MessageSystemAttributes = k.attributes(in.MessageSystemAttributes)
	return in
}

func (k *keeper) pairs(m map[string]string) map[string]string {
	kept := maps.Clone(m)
	for name, value := range kept {
		kept[name] = k.text(value, keptValue)
	}
	return kept
}

// describe notes what a request is about, what is kept of it, and what the answer
// brought.
func (c *Call) describe(in, out any) {
	k := keeper{room: keptCall}
	c.input = in
	switch in := in.(type) {
	case backend.SendMessageInput:
		c.Queue, c.Items, c.Bytes = in.QueueUrl, 1, rules.Size(in.MessageBody, in.MessageAttributes)
		if len(in.MessageBody) > keptBody || in.MessageAttributes != nil || in.MessageSystemAttributes != nil {
			c.input = k.message(in)
		}
	case backend.SendMessageBatchInput:
		c.Queue, c.Items = in.QueueUrl, len(in.Entries)
		in.Entries = slices.Clone(in.Entries)
		for i, e := range in.Entries {
			c.Bytes += rules.Size(e.MessageBody, e.MessageAttributes)
			in.Entries[i].SendMessageInput = k.message(e.SendMessageInput)
		}
		c.input = in
	case backend.ReceiveMessageInput:
		c.Queue = in.QueueUrl
		in.MessageSystemAttributeNames, in.MessageAttributeNames = slices.Clone(in.MessageSystemAttributeNames), slices.Clone(in.MessageAttributeNames)
		c.input = in
	case backend.DeleteMessageInput:
		c.Queue, c.Items = in.QueueUrl, 1
	case backend.DeleteMessageBatchInput:
		c.Queue, c.Items = in.QueueUrl, len(in.Entries)
		in.Entries = slices.Clone(in.Entries)
		c.input = in
	case backend.ChangeMessageVisibilityInput:
		c.Queue, c.Items = in.QueueUrl, 1
	case backend.ChangeMessageVisibilityBatchInput:
		c.Queue, c.Items = in.QueueUrl, len(in.Entries)
		in.Entries = slices.Clone(in.Entries)
		c.input = in
	default:
		c.describeQueue(&k, in)
	}
	c.cut = k.cut
	switch out := out.(type) {
	case backend.ReceiveMessageOutput:
		c.Items = len(out.Messages)
		for _, m := range out.Messages {
			c.Bytes += rules.Size(m.Body, m.MessageAttributes)
		}
	case backend.SendMessageBatchOutput:
		c.Failed = len(out.Failed)
	case backend.BatchOutput:
		c.Failed = len(out.Failed)
	}
}

// describeQueue is describe for the actions on queues and tasks. What has only
// strings and numbers in it is kept as it is.
func (c *Call) describeQueue(k *keeper, in any) {
	switch in := in.(type) {
	case backend.AddPermissionInput:
		c.Queue = in.QueueUrl
		in.AWSAccountIds, in.Actions = slices.Clone(in.AWSAccountIds), slices.Clone(in.Actions)
		c.input = in
	case backend.CreateQueueInput:
		c.Queue = in.QueueName
		in.Attributes, in.Tags = k.pairs(in.Attributes), k.pairs(in.Tags)
		c.input = in
	case backend.DeleteQueueInput:
		c.Queue = in.QueueUrl
	case backend.GetQueueAttributesInput:
		c.Queue = in.QueueUrl
		in.AttributeNames = slices.Clone(in.AttributeNames)
		c.input = in
	case backend.GetQueueUrlInput:
		c.Queue = in.QueueName
	case backend.ListDeadLetterSourceQueuesInput:
		c.Queue = in.QueueUrl
	case backend.ListMessageMoveTasksInput:
		c.Queue = in.SourceArn
	case backend.ListQueueTagsInput:
		c.Queue = in.QueueUrl
	case backend.PurgeQueueInput:
		c.Queue = in.QueueUrl
	case backend.RemovePermissionInput:
		c.Queue = in.QueueUrl
	case backend.SetQueueAttributesInput:
		c.Queue = in.QueueUrl
		in.Attributes = k.pairs(in.Attributes)
		c.input = in
	case backend.StartMessageMoveTaskInput:
		c.Queue = in.SourceArn
	case backend.TagQueueInput:
		c.Queue = in.QueueUrl
		in.Tags = k.pairs(in.Tags)
		c.input = in
	case backend.UntagQueueInput:
		c.Queue = in.QueueUrl
		in.TagKeys = slices.Clone(in.TagKeys)
		c.input = in
	}
}

// fifo tells whether a queue is a FIFO queue, by its URL, ARN or name.
func fifo(queue string) bool { return strings.HasSuffix(queue, ".fifo") }
