package awssqs

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"sqscope/backend"
)

// SendMessage sends a message (docs/SQS.md 1.11).
func (c *Client) SendMessage(ctx context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	request := &sqs.SendMessageInput{
		QueueUrl: &in.QueueUrl, MessageBody: &in.MessageBody, DelaySeconds: int32Of(in.DelaySeconds.Value),
		MessageAttributes: attributes(in.MessageAttributes), MessageSystemAttributes: systemAttributes(in.MessageSystemAttributes),
		MessageGroupId: stringPointer(in.MessageGroupId), MessageDeduplicationId: stringPointer(in.MessageDeduplicationId),
	}
	var options []func(*sqs.Options)
	if zero(in.DelaySeconds) {
		options = append(options, serializedAs(sendInput{request, in.DelaySeconds}))
	}
	out, err := c.api.SendMessage(ctx, request, options...)
	if err != nil {
		return backend.SendMessageOutput{}, c.failed("SendMessage", queueName(in.QueueUrl), err)
	}
	return backend.SendMessageOutput{
		MessageId:                    aws.ToString(out.MessageId),
		MD5OfMessageBody:             aws.ToString(out.MD5OfMessageBody),
		MD5OfMessageAttributes:       aws.ToString(out.MD5OfMessageAttributes),
		MD5OfMessageSystemAttributes: aws.ToString(out.MD5OfMessageSystemAttributes),
		SequenceNumber:               aws.ToString(out.SequenceNumber),
	}, nil
}

// SendMessageBatch sends up to ten messages (1.12).
func (c *Client) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	request := &sqs.SendMessageBatchInput{QueueUrl: &in.QueueUrl}
	if in.Entries != nil {
		request.Entries = make([]types.SendMessageBatchRequestEntry, 0, len(in.Entries))
	}
	zeros := false
	for _, e := range in.Entries {
		zeros = zeros || zero(e.DelaySeconds)
		request.Entries = append(request.Entries, types.SendMessageBatchRequestEntry{
			Id: &e.Id, MessageBody: &e.MessageBody, DelaySeconds: int32Of(e.DelaySeconds.Value),
			MessageAttributes: attributes(e.MessageAttributes), MessageSystemAttributes: systemAttributes(e.MessageSystemAttributes),
			MessageGroupId: stringPointer(e.MessageGroupId), MessageDeduplicationId: stringPointer(e.MessageDeduplicationId),
		})
	}
	var options []func(*sqs.Options)
	if zeros {
		options = append(options, serializedAs(sendBatchInput{request, in.Entries}))
	}
	out, err := c.api.SendMessageBatch(ctx, request, options...)
	if err != nil {
		return backend.SendMessageBatchOutput{}, c.failed("SendMessageBatch", queueName(in.QueueUrl), err)
	}
	answer := backend.SendMessageBatchOutput{Failed: batchErrors(out.Failed)}
	for _, s := range out.Successful {
		answer.Successful = append(answer.Successful, backend.SendMessageBatchResult{
			Id: aws.ToString(s.Id), SendMessageOutput: backend.SendMessageOutput{
				MessageId:                    aws.ToString(s.MessageId),
				MD5OfMessageBody:             aws.ToString(s.MD5OfMessageBody),
				MD5OfMessageAttributes:       aws.ToString(s.MD5OfMessageAttributes),
				MD5OfMessageSystemAttributes: aws.ToString(s.MD5OfMessageSystemAttributes),
				SequenceNumber:               aws.ToString(s.SequenceNumber),
			},
		})
	}
	return answer, nil
}

// ReceiveMessage receives up to ten messages (1.13). The names of system
// attributes are sent under both of their members, since an older endpoint
// knows only AttributeNames (5.1).
func (c *Client) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	request := &sqs.ReceiveMessageInput{
		QueueUrl:            &in.QueueUrl,
		MaxNumberOfMessages: int32Of(in.MaxNumberOfMessages.Value),
		VisibilityTimeout:   int32Of(in.VisibilityTimeout.Value),
		WaitTimeSeconds:     int32Of(in.WaitTimeSeconds.Value),

		//lint:ignore SA1019 an older endpoint knows only this name.
		AttributeNames:          attributeNames(in.MessageSystemAttributeNames),
		MessageAttributeNames:   in.MessageAttributeNames,
		ReceiveRequestAttemptId: stringPointer(in.ReceiveRequestAttemptId),
	}
	for _, n := range in.MessageSystemAttributeNames {
		request.MessageSystemAttributeNames = append(request.MessageSystemAttributeNames, types.MessageSystemAttributeName(n))
	}
	var options []func(*sqs.Options)
	if zero(in.MaxNumberOfMessages) || zero(in.VisibilityTimeout) || zero(in.WaitTimeSeconds) {
		options = append(options, serializedAs(receiveInput{request, in}))
	}
	out, err := c.api.ReceiveMessage(ctx, request, options...)
	if err != nil {
		return backend.ReceiveMessageOutput{}, c.failed("ReceiveMessage", queueName(in.QueueUrl), err)
	}
	var answer backend.ReceiveMessageOutput
	for _, m := range out.Messages {
		answer.Messages = append(answer.Messages, message(m))
	}
	return answer, nil
}

func message(m types.Message) backend.Message {
	out := backend.Message{
		MessageId:              aws.ToString(m.MessageId),
		ReceiptHandle:          aws.ToString(m.ReceiptHandle),
		MD5OfBody:              aws.ToString(m.MD5OfBody),
		Body:                   aws.ToString(m.Body),
		Attributes:             m.Attributes,
		MD5OfMessageAttributes: aws.ToString(m.MD5OfMessageAttributes),
	}
	if len(m.MessageAttributes) > 0 {
		out.MessageAttributes = make(map[string]backend.MessageAttribute, len(m.MessageAttributes))
	}
	for name, a := range m.MessageAttributes {
		attribute := backend.MessageAttribute{DataType: aws.ToString(a.DataType), BinaryValue: a.BinaryValue}
		if a.StringValue != nil {
			attribute.StringValue = backend.Some(*a.StringValue)
		}
		out.MessageAttributes[name] = attribute
	}
	return out
}

// DeleteMessage deletes a message by its receipt handle (1.14).
func (c *Client) DeleteMessage(ctx context.Context, in backend.DeleteMessageInput) error {
	_, err := c.api.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &in.QueueUrl, ReceiptHandle: &in.ReceiptHandle})
	return c.failed("DeleteMessage", queueName(in.QueueUrl), err)
}

// DeleteMessageBatch deletes up to ten (1.14).
func (c *Client) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	request := &sqs.DeleteMessageBatchInput{QueueUrl: &in.QueueUrl}
	if in.Entries != nil {
		request.Entries = make([]types.DeleteMessageBatchRequestEntry, 0, len(in.Entries))
	}
	for _, e := range in.Entries {
		request.Entries = append(request.Entries, types.DeleteMessageBatchRequestEntry{Id: &e.Id, ReceiptHandle: &e.ReceiptHandle})
	}
	out, err := c.api.DeleteMessageBatch(ctx, request)
	if err != nil {
		return backend.BatchOutput{}, c.failed("DeleteMessageBatch", queueName(in.QueueUrl), err)
	}
	answer := backend.BatchOutput{Failed: batchErrors(out.Failed)}
	for _, s := range out.Successful {
		answer.Successful = append(answer.Successful, aws.ToString(s.Id))
	}
	return answer, nil
}

// ChangeMessageVisibility hides a message for so long from now (1.15).
func (c *Client) ChangeMessageVisibility(ctx context.Context, in backend.ChangeMessageVisibilityInput) error {
	request := &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &in.QueueUrl, ReceiptHandle: &in.ReceiptHandle, VisibilityTimeout: int32Of(in.VisibilityTimeout.Value),
	}
	var options []func(*sqs.Options)
	if !in.VisibilityTimeout.Set {
		options = append(options, serializedAs(visibilityInput{request}))
	}
	_, err := c.api.ChangeMessageVisibility(ctx, request, options...)
	return c.failed("ChangeMessageVisibility", queueName(in.QueueUrl), err)
}

// ChangeMessageVisibilityBatch does so for up to ten (1.15).
func (c *Client) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	request := &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &in.QueueUrl}
	if in.Entries != nil {
		request.Entries = make([]types.ChangeMessageVisibilityBatchRequestEntry, 0, len(in.Entries))
	}
	unset := false
	for _, e := range in.Entries {
		unset = unset || !e.VisibilityTimeout.Set
		request.Entries = append(request.Entries, types.ChangeMessageVisibilityBatchRequestEntry{
			Id: &e.Id, ReceiptHandle: &e.ReceiptHandle, VisibilityTimeout: int32Of(e.VisibilityTimeout.Value),
		})
	}
	var options []func(*sqs.Options)
	if unset {
		options = append(options, serializedAs(visibilityBatchInput{request, in.Entries}))
	}
	out, err := c.api.ChangeMessageVisibilityBatch(ctx, request, options...)
	if err != nil {
		return backend.BatchOutput{}, c.failed("ChangeMessageVisibilityBatch", queueName(in.QueueUrl), err)
	}
	answer := backend.BatchOutput{Failed: batchErrors(out.Failed)}
	for _, s := range out.Successful {
		answer.Successful = append(answer.Successful, aws.ToString(s.Id))
	}
	return answer, nil
}

func batchErrors(failed []types.BatchResultErrorEntry) []backend.BatchError {
	var list []backend.BatchError
	for _, f := range failed {
		list = append(list, backend.BatchError{
			Id: aws.ToString(f.Id), Code: aws.ToString(f.Code), Message: aws.ToString(f.Message), SenderFault: f.SenderFault,
		})
	}
	return list
}

func attributes(m map[string]backend.MessageAttribute) map[string]types.MessageAttributeValue {
	if m == nil {
		return nil
	}
	out := make(map[string]types.MessageAttributeValue, len(m))
	for name, a := range m {
		out[name] = types.MessageAttributeValue{
			DataType: &a.DataType, StringValue: stringPointer(a.StringValue), BinaryValue: a.BinaryValue,
		}
	}
	return out
}

func systemAttributes(m map[string]backend.MessageAttribute) map[string]types.MessageSystemAttributeValue {
	if m == nil {
		return nil
	}
	out := make(map[string]types.MessageSystemAttributeValue, len(m))
	for name, a := range m {
		out[name] = types.MessageSystemAttributeValue{
			DataType: &a.DataType, StringValue: stringPointer(a.StringValue), BinaryValue: a.BinaryValue,
		}
	}
	return out
}

func stringPointer(o backend.Opt[string]) *string {
	if !o.Set {
		return nil
	}
	return &o.Value
}
