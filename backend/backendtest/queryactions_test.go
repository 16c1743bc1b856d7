package backendtest

import (
	"context"
	"fmt"

	"sqscope/backend"
)

// The 23 actions of the Query client.

func (c queryClient) AddPermission(ctx context.Context, in backend.AddPermissionInput) error {
	var p parameters
	p.text("Label", in.Label)
	p.list("AWSAccountId", in.AWSAccountIds)
	p.list("ActionName", in.Actions)
	_, err := c.call(ctx, "AddPermission", in.QueueUrl, p)
	return err
}

func (c queryClient) CancelMessageMoveTask(ctx context.Context, in backend.CancelMessageMoveTaskInput) (backend.CancelMessageMoveTaskOutput, error) {
	var p parameters
	p.text("TaskHandle", in.TaskHandle)
	out, err := c.call(ctx, "CancelMessageMoveTask", "", p)
	return backend.CancelMessageMoveTaskOutput{ApproximateNumberOfMessagesMoved: out.ApproximateNumberOfMessagesMoved}, err
}

func (c queryClient) ChangeMessageVisibility(ctx context.Context, in backend.ChangeMessageVisibilityInput) error {
	var p parameters
	p.text("ReceiptHandle", in.ReceiptHandle)
	p.number("VisibilityTimeout", in.VisibilityTimeout)
	_, err := c.call(ctx, "ChangeMessageVisibility", in.QueueUrl, p)
	return err
}

func (c queryClient) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	var p parameters
	for i, e := range in.Entries {
		prefix := fmt.Sprintf("ChangeMessageVisibilityBatchRequestEntry.%d.", i+1)
		p.add(prefix+"Id", e.Id)
		p.text(prefix+"ReceiptHandle", e.ReceiptHandle)
		p.number(prefix+"VisibilityTimeout", e.VisibilityTimeout)
	}
	out, err := c.call(ctx, "ChangeMessageVisibilityBatch", in.QueueUrl, p)
	return batchOutput(out.ChangeMessageVisibilityBatchResultEntry, out.BatchResultErrorEntry), err
}

func batchOutput(done []xmlSent, failed []backend.BatchError) backend.BatchOutput {
	out := backend.BatchOutput{Failed: failed}
	for _, d := range done {
		out.Successful = append(out.Successful, d.Id)
	}
	return out
}

func (c queryClient) CreateQueue(ctx context.Context, in backend.CreateQueueInput) (backend.CreateQueueOutput, error) {
	var p parameters
	p.add("QueueName", in.QueueName)
	p.pairs("Attribute", "Name", "Value", in.Attributes)
	p.pairs("Tag", "Key", "Value", in.Tags)
	out, err := c.call(ctx, "CreateQueue", "", p)
	return backend.CreateQueueOutput{QueueUrl: first(out.QueueUrl)}, err
}

func (c queryClient) DeleteMessage(ctx context.Context, in backend.DeleteMessageInput) error {
	var p parameters
	p.text("ReceiptHandle", in.ReceiptHandle)
	_, err := c.call(ctx, "DeleteMessage", in.QueueUrl, p)
	return err
}

func (c queryClient) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	var p parameters
	for i, e := range in.Entries {
		prefix := fmt.Sprintf("DeleteMessageBatchRequestEntry.%d.", i+1)
		p.add(prefix+"Id", e.Id)
		p.text(prefix+"ReceiptHandle", e.ReceiptHandle)
	}
	out, err := c.call(ctx, "DeleteMessageBatch", in.QueueUrl, p)
	return batchOutput(out.DeleteMessageBatchResultEntry, out.BatchResultErrorEntry), err
}

func (c queryClient) DeleteQueue(ctx context.Context, in backend.DeleteQueueInput) error {
	_, err := c.call(ctx, "DeleteQueue", in.QueueUrl, nil)
	return err
}

func (c queryClient) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	var p parameters
	p.list("AttributeName", in.AttributeNames)
	out, err := c.call(ctx, "GetQueueAttributes", in.QueueUrl, p)
	return backend.GetQueueAttributesOutput{Attributes: mapOf(out.Attribute)}, err
}

func (c queryClient) GetQueueUrl(ctx context.Context, in backend.GetQueueUrlInput) (backend.GetQueueUrlOutput, error) {
	var p parameters
	p.text("QueueName", in.QueueName)
	p.text("QueueOwnerAWSAccountId", in.QueueOwnerAWSAccountId)
	out, err := c.call(ctx, "GetQueueUrl", "", p)
	return backend.GetQueueUrlOutput{QueueUrl: first(out.QueueUrl)}, err
}

func (c queryClient) ListDeadLetterSourceQueues(ctx context.Context, in backend.ListDeadLetterSourceQueuesInput) (backend.ListQueuesOutput, error) {
	var p parameters
	p.text("NextToken", in.NextToken)
	p.number("MaxResults", in.MaxResults)
	out, err := c.call(ctx, "ListDeadLetterSourceQueues", in.QueueUrl, p)
	return backend.ListQueuesOutput{QueueUrls: out.QueueUrl, NextToken: out.NextToken}, err
}

func (c queryClient) ListMessageMoveTasks(ctx context.Context, in backend.ListMessageMoveTasksInput) (backend.ListMessageMoveTasksOutput, error) {
	var p parameters
	p.text("SourceArn", in.SourceArn)
	p.number("MaxResults", in.MaxResults)
	out, err := c.call(ctx, "ListMessageMoveTasks", "", p)
	var tasks backend.ListMessageMoveTasksOutput
	for _, t := range out.ListMessageMoveTasksResultEntry {
		tasks.Results = append(tasks.Results, t.output())
	}
	return tasks, err
}

func (c queryClient) ListQueueTags(ctx context.Context, in backend.ListQueueTagsInput) (backend.ListQueueTagsOutput, error) {
	out, err := c.call(ctx, "ListQueueTags", in.QueueUrl, nil)
	return backend.ListQueueTagsOutput{Tags: mapOf(out.Tag)}, err
}

func (c queryClient) ListQueues(ctx context.Context, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	var p parameters
	p.text("QueueNamePrefix", in.QueueNamePrefix)
	p.text("NextToken", in.NextToken)
	p.number("MaxResults", in.MaxResults)
	out, err := c.call(ctx, "ListQueues", "", p)
	return backend.ListQueuesOutput{QueueUrls: out.QueueUrl, NextToken: out.NextToken}, err
}

func (c queryClient) PurgeQueue(ctx context.Context, in backend.PurgeQueueInput) error {
	_, err := c.call(ctx, "PurgeQueue", in.QueueUrl, nil)
	return err
}

func (c queryClient) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	var p parameters
	p.number("MaxNumberOfMessages", in.MaxNumberOfMessages)
	p.number("VisibilityTimeout", in.VisibilityTimeout)
	p.number("WaitTimeSeconds", in.WaitTimeSeconds)
	p.list("AttributeName", in.MessageSystemAttributeNames)
	p.list("MessageAttributeName", in.MessageAttributeNames)
	p.optText("ReceiveRequestAttemptId", in.ReceiveRequestAttemptId)
	out, err := c.call(ctx, "ReceiveMessage", in.QueueUrl, p)
	var received backend.ReceiveMessageOutput
	for _, m := range out.Message {
		received.Messages = append(received.Messages, m.output())
	}
	return received, err
}

func (c queryClient) RemovePermission(ctx context.Context, in backend.RemovePermissionInput) error {
	var p parameters
	p.text("Label", in.Label)
	_, err := c.call(ctx, "RemovePermission", in.QueueUrl, p)
	return err
}

func (c queryClient) SendMessage(ctx context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	var p parameters
	p.message("", in)
	out, err := c.call(ctx, "SendMessage", in.QueueUrl, p)
	return out.output(), err
}

func (c queryClient) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	var p parameters
	for i, e := range in.Entries {
		prefix := fmt.Sprintf("SendMessageBatchRequestEntry.%d.", i+1)
		p.add(prefix+"Id", e.Id)
		p.message(prefix, e.SendMessageInput)
	}
	out, err := c.call(ctx, "SendMessageBatch", in.QueueUrl, p)
	sent := backend.SendMessageBatchOutput{Failed: out.BatchResultErrorEntry}
	for _, s := range out.SendMessageBatchResultEntry {
		sent.Successful = append(sent.Successful, backend.SendMessageBatchResult{Id: s.Id, SendMessageOutput: s.output()})
	}
	return sent, err
}

func (c queryClient) SetQueueAttributes(ctx context.Context, in backend.SetQueueAttributesInput) error {
	var p parameters
	p.pairs("Attribute", "Name", "Value", in.Attributes)
	_, err := c.call(ctx, "SetQueueAttributes", in.QueueUrl, p)
	return err
}

func (c queryClient) StartMessageMoveTask(ctx context.Context, in backend.StartMessageMoveTaskInput) (backend.StartMessageMoveTaskOutput, error) {
	var p parameters
	p.text("SourceArn", in.SourceArn)
	p.text("DestinationArn", in.DestinationArn)
	p.number("MaxNumberOfMessagesPerSecond", in.MaxNumberOfMessagesPerSecond)
	out, err := c.call(ctx, "StartMessageMoveTask", "", p)
	return backend.StartMessageMoveTaskOutput{TaskHandle: out.TaskHandle}, err
}

func (c queryClient) TagQueue(ctx context.Context, in backend.TagQueueInput) error {
	var p parameters
	p.pairs("Tag", "Key", "Value", in.Tags)
	_, err := c.call(ctx, "TagQueue", in.QueueUrl, p)
	return err
}

func (c queryClient) UntagQueue(ctx context.Context, in backend.UntagQueueInput) error {
	var p parameters
	p.list("TagKey", in.TagKeys)
	_, err := c.call(ctx, "UntagQueue", in.QueueUrl, p)
	return err
}
