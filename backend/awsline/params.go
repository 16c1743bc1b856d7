package awsline

import (
	"maps"
	"slices"

	"sqscope/backend"
)

// param is a parameter of a request under SQS's name for it. The value is a
// string, an int, a []string, a map[string]string, an object or a []object.
type param struct {
	name  string
	value any
}

// list is a request's parameters in the order in which they are said.
type list []param

func (l *list) add(name string, value any) { *l = append(*l, param{name, value}) }

// given adds a string that is left out if it is empty.
func (l *list) given(name, value string) {
	if value != "" {
		l.add(name, value)
	}
}

func (l *list) number(name string, v backend.Opt[int]) {
	if v.Set {
		l.add(name, v.Value)
	}
}

func (l *list) text(name string, v backend.Opt[string]) {
	if v.Set {
		l.add(name, v.Value)
	}
}

func (l *list) strings(name string, v []string) {
	if v != nil {
		l.add(name, v)
	}
}

func (l *list) pairs(name string, v map[string]string) {
	if v != nil {
		l.add(name, v)
	}
}

func (l *list) attributes(name string, v map[string]backend.MessageAttribute) {
	if v == nil {
		return
	}
	var doc object
	for _, key := range slices.Sorted(maps.Keys(v)) {
		a := list{{"DataType", v[key].DataType}}
		a.text("StringValue", v[key].StringValue)
		if v[key].BinaryValue != nil {
			a.add("BinaryValue", v[key].BinaryValue)
		}
		doc = append(doc, member{key, a.object()})
	}
	l.add(name, doc)
}

func (l list) object() object {
	doc := make(object, len(l))
	for i, p := range l {
		doc[i] = member(p)
	}
	return doc
}

// message adds what a message to send has, alone or in a batch.
func (l *list) message(in backend.SendMessageInput) {
	l.add("MessageBody", in.MessageBody)
	l.number("DelaySeconds", in.DelaySeconds)
	l.attributes("MessageAttributes", in.MessageAttributes)
	l.attributes("MessageSystemAttributes", in.MessageSystemAttributes)
	l.text("MessageDeduplicationId", in.MessageDeduplicationId)
	l.text("MessageGroupId", in.MessageGroupId)
}

// entries adds a batch; nil is left out.
func entries[E any](l *list, batch []E, of func(E) list) {
	if batch == nil {
		return
	}
	docs := make([]object, len(batch))
	for i, e := range batch {
		docs[i] = of(e).object()
	}
	l.add("Entries", docs)
}

// paramsOf are the action that an input is for and its parameters; no action if
// it is no input of SQS (docs/SQS.md 1).
func paramsOf(in any) (string, list) {
	var l list
	switch in := in.(type) {
	case backend.AddPermissionInput:
		l = list{{"QueueUrl", in.QueueUrl}, {"Label", in.Label}}
		l.strings("AWSAccountIds", in.AWSAccountIds)
		l.strings("Actions", in.Actions)
		return "AddPermission", l
	case backend.CreateQueueInput:
		l = list{{"QueueName", in.QueueName}}
		l.pairs("Attributes", in.Attributes)
		l.pairs("tags", in.Tags) // SQS's own name begins so
		return "CreateQueue", l
	case backend.DeleteQueueInput:
		return "DeleteQueue", list{{"QueueUrl", in.QueueUrl}}
	case backend.GetQueueAttributesInput:
		l = list{{"QueueUrl", in.QueueUrl}}
		l.strings("AttributeNames", in.AttributeNames)
		return "GetQueueAttributes", l
	case backend.GetQueueUrlInput:
		l = list{{"QueueName", in.QueueName}}
		l.given("QueueOwnerAWSAccountId", in.QueueOwnerAWSAccountId)
		return "GetQueueUrl", l
	case backend.ListDeadLetterSourceQueuesInput:
		l = list{{"QueueUrl", in.QueueUrl}}
		l.given("NextToken", in.NextToken)
		l.number("MaxResults", in.MaxResults)
		return "ListDeadLetterSourceQueues", l
	case backend.ListQueueTagsInput:
		return "ListQueueTags", list{{"QueueUrl", in.QueueUrl}}
	case backend.ListQueuesInput:
		l.given("QueueNamePrefix", in.QueueNamePrefix)
		l.given("NextToken", in.NextToken)
		l.number("MaxResults", in.MaxResults)
		return "ListQueues", l
	case backend.PurgeQueueInput:
		return "PurgeQueue", list{{"QueueUrl", in.QueueUrl}}
	case backend.RemovePermissionInput:
		return "RemovePermission", list{{"QueueUrl", in.QueueUrl}, {"Label", in.Label}}
	case backend.SetQueueAttributesInput:
		l = list{{"QueueUrl", in.QueueUrl}}
		l.pairs("Attributes", in.Attributes)
		return "SetQueueAttributes", l
	case backend.TagQueueInput:
		l = list{{"QueueUrl", in.QueueUrl}}
		l.pairs("Tags", in.Tags)
		return "TagQueue", l
	case backend.UntagQueueInput:
		l = list{{"QueueUrl", in.QueueUrl}}
		l.strings("TagKeys", in.TagKeys)
		return "UntagQueue", l
	case backend.StartMessageMoveTaskInput:
		l = list{{"SourceArn", in.SourceArn}}
		l.given("DestinationArn", in.DestinationArn)
		l.number("MaxNumberOfMessagesPerSecond", in.MaxNumberOfMessagesPerSecond)
		return "StartMessageMoveTask", l
	case backend.CancelMessageMoveTaskInput:
		return "CancelMessageMoveTask", list{{"TaskHandle", in.TaskHandle}}
	case backend.ListMessageMoveTasksInput:
		l = list{{"SourceArn", in.SourceArn}}
		l.number("MaxResults", in.MaxResults)
		return "ListMessageMoveTasks", l
	}
	return messageParamsOf(in)
}

// messageParamsOf is [paramsOf] for the actions on messages.
func messageParamsOf(in any) (string, list) {
	var l list
	switch in := in.(type) {
	case backend.SendMessageInput:
		l = list{{"QueueUrl", in.QueueUrl}}
		l.message(in)
		return "SendMessage", l
	case backend.SendMessageBatchInput:
		l = list{{"QueueUrl", in.QueueUrl}}
		entries(&l, in.Entries, func(e backend.SendMessageBatchEntry) list {
			entry := list{{"Id", e.Id}}
			entry.message(e.SendMessageInput)
			return entry
		})
		return "SendMessageBatch", l
	case backend.ReceiveMessageInput:
		l = list{{"QueueUrl", in.QueueUrl}}
		l.number("MaxNumberOfMessages", in.MaxNumberOfMessages)
		l.number("VisibilityTimeout", in.VisibilityTimeout)
		l.number("WaitTimeSeconds", in.WaitTimeSeconds)
		l.strings("MessageSystemAttributeNames", in.MessageSystemAttributeNames)
		l.strings("MessageAttributeNames", in.MessageAttributeNames)
		l.text("ReceiveRequestAttemptId", in.ReceiveRequestAttemptId)
		return "ReceiveMessage", l
	case backend.DeleteMessageInput:
		return "DeleteMessage", list{{"QueueUrl", in.QueueUrl}, {"ReceiptHandle", in.ReceiptHandle}}
	case backend.DeleteMessageBatchInput:
		l = list{{"QueueUrl", in.QueueUrl}}
		entries(&l, in.Entries, func(e backend.DeleteMessageBatchEntry) list {
			return list{{"Id", e.Id}, {"ReceiptHandle", e.ReceiptHandle}}
		})
		return "DeleteMessageBatch", l
	case backend.ChangeMessageVisibilityInput:
		l = list{{"QueueUrl", in.QueueUrl}, {"ReceiptHandle", in.ReceiptHandle}}
		l.number("VisibilityTimeout", in.VisibilityTimeout)
		return "ChangeMessageVisibility", l
	case backend.ChangeMessageVisibilityBatchInput:
		l = list{{"QueueUrl", in.QueueUrl}}
		entries(&l, in.Entries, func(e backend.ChangeMessageVisibilityBatchEntry) list {
			entry := list{{"Id", e.Id}, {"ReceiptHandle", e.ReceiptHandle}}
			entry.number("VisibilityTimeout", e.VisibilityTimeout)
			return entry
		})
		return "ChangeMessageVisibilityBatch", l
	}
	return "", nil
}
