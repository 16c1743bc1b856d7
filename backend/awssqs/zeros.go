package awssqs

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/schemas"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"sqscope/backend"
)

// The SDK leaves a number out if it is zero, which to SQS means "as the queue
// has it" (docs/SQS.md 11.7): a receive that should hide nothing would hide for
// the queue's timeout. So where a caller says zero, a serializer of our own
// writes the members that the SDK's leaves out. And the other way round: where
// no visibility timeout is given the SDK would send 0 and so give the message
// back, while SQS should say that it is missing (1.15).

// serializedAs makes a call with another serializer than the input's own.
func serializedAs(in smithy.Serializable) func(*sqs.Options) {
	swap := middleware.SerializeMiddlewareFunc("sqscopeZeros", func(
		ctx context.Context, s middleware.SerializeInput, next middleware.SerializeHandler,
	) (middleware.SerializeOutput, middleware.Metadata, error) {
		s.Parameters = in
		return next.HandleSerialize(ctx, s)
	})
	return sqs.WithAPIOptions(func(stack *middleware.Stack) error {
		return stack.Serialize.Insert(swap, "OperationSerializer", middleware.Before)
	})
}

func zero(o backend.Opt[int]) bool { return o.Set && o.Value == 0 }

func writeZero(s smithy.ShapeSerializer, member *smithy.Schema, o backend.Opt[int]) {
	if zero(o) {
		s.WriteInt32(member, 0)
	}
}

type receiveInput struct {
	*sqs.ReceiveMessageInput
	asked backend.ReceiveMessageInput
}

func (v receiveInput) Serialize(s smithy.ShapeSerializer) {
	s.WriteStruct(schemas.ReceiveMessageRequest)
	v.SerializeMembers(s)
	writeZero(s, schemas.ReceiveMessageRequest_MaxNumberOfMessages, v.asked.MaxNumberOfMessages)
	writeZero(s, schemas.ReceiveMessageRequest_VisibilityTimeout, v.asked.VisibilityTimeout)
	writeZero(s, schemas.ReceiveMessageRequest_WaitTimeSeconds, v.asked.WaitTimeSeconds)
	s.CloseStruct()
}

type sendInput struct {
	*sqs.SendMessageInput
	delay backend.Opt[int]
}

func (v sendInput) Serialize(s smithy.ShapeSerializer) {
	s.WriteStruct(schemas.SendMessageRequest)
	v.SerializeMembers(s)
	writeZero(s, schemas.SendMessageRequest_DelaySeconds, v.delay)
	s.CloseStruct()
}

type sendBatchInput struct {
	*sqs.SendMessageBatchInput
	asked []backend.SendMessageBatchEntry
}

func (v sendBatchInput) Serialize(s smithy.ShapeSerializer) {
	s.WriteStruct(schemas.SendMessageBatchRequest)
	s.WriteList(schemas.SendMessageBatchRequest_Entries)
	for i := range v.Entries {
		s.WriteStruct(schemas.SendMessageBatchRequest_Entries.ListMember())
		v.Entries[i].SerializeMembers(s)
		writeZero(s, schemas.SendMessageBatchRequestEntry_DelaySeconds, v.asked[i].DelaySeconds)
		s.CloseStruct()
	}
	s.CloseList()
	s.WriteString(schemas.SendMessageBatchRequest_QueueUrl, *v.QueueUrl)
	s.CloseStruct()
}

// visibilityInput has no timeout.
type visibilityInput struct {
	*sqs.ChangeMessageVisibilityInput
}

func (v visibilityInput) Serialize(s smithy.ShapeSerializer) {
	s.WriteStruct(schemas.ChangeMessageVisibilityRequest)
	s.WriteString(schemas.ChangeMessageVisibilityRequest_QueueUrl, *v.QueueUrl)
	s.WriteString(schemas.ChangeMessageVisibilityRequest_ReceiptHandle, *v.ReceiptHandle)
	s.CloseStruct()
}

type visibilityBatchInput struct {
	*sqs.ChangeMessageVisibilityBatchInput
	asked []backend.ChangeMessageVisibilityBatchEntry
}

func (v visibilityBatchInput) Serialize(s smithy.ShapeSerializer) {
	s.WriteStruct(schemas.ChangeMessageVisibilityBatchRequest)
	s.WriteList(schemas.ChangeMessageVisibilityBatchRequest_Entries)
	for i, e := range v.asked {
		s.WriteStruct(schemas.ChangeMessageVisibilityBatchRequest_Entries.ListMember())
		s.WriteString(schemas.ChangeMessageVisibilityBatchRequestEntry_Id, e.Id)
		s.WriteString(schemas.ChangeMessageVisibilityBatchRequestEntry_ReceiptHandle, e.ReceiptHandle)
		if e.VisibilityTimeout.Set {
			s.WriteInt32(schemas.ChangeMessageVisibilityBatchRequestEntry_VisibilityTimeout, v.Entries[i].VisibilityTimeout)
		}
		s.CloseStruct()
	}
	s.CloseList()
	s.WriteString(schemas.ChangeMessageVisibilityBatchRequest_QueueUrl, *v.QueueUrl)
	s.CloseStruct()
}
