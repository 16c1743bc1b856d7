package awssqs

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"sqscope/backend"
)

// StartMessageMoveTask starts SQS's own redrive (docs/SQS.md 7.1).
func (c *Client) StartMessageMoveTask(ctx context.Context, in backend.StartMessageMoveTaskInput) (backend.StartMessageMoveTaskOutput, error) {
	out, err := c.api.StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{
		SourceArn: &in.SourceArn, DestinationArn: given(in.DestinationArn),
		MaxNumberOfMessagesPerSecond: int32Pointer(in.MaxNumberOfMessagesPerSecond),
	})
	if err != nil {
		return backend.StartMessageMoveTaskOutput{}, c.failed("StartMessageMoveTask", arnName(in.SourceArn), err)
	}
	return backend.StartMessageMoveTaskOutput{TaskHandle: aws.ToString(out.TaskHandle)}, nil
}

// CancelMessageMoveTask cancels a running task (7.3).
func (c *Client) CancelMessageMoveTask(ctx context.Context, in backend.CancelMessageMoveTaskInput) (backend.CancelMessageMoveTaskOutput, error) {
	out, err := c.api.CancelMessageMoveTask(ctx, &sqs.CancelMessageMoveTaskInput{TaskHandle: &in.TaskHandle})
	if err != nil {
		return backend.CancelMessageMoveTaskOutput{}, c.failed("CancelMessageMoveTask", "", err)
	}
	return backend.CancelMessageMoveTaskOutput{ApproximateNumberOfMessagesMoved: out.ApproximateNumberOfMessagesMoved}, nil
}

// ListMessageMoveTasks lists the tasks of a dead-letter queue (7.4).
func (c *Client) ListMessageMoveTasks(ctx context.Context, in backend.ListMessageMoveTasksInput) (backend.ListMessageMoveTasksOutput, error) {
	out, err := c.api.ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{
		SourceArn: &in.SourceArn, MaxResults: int32Pointer(in.MaxResults),
	})
	if err != nil {
		return backend.ListMessageMoveTasksOutput{}, c.failed("ListMessageMoveTasks", arnName(in.SourceArn), err)
	}
	var answer backend.ListMessageMoveTasksOutput
	for _, r := range out.Results {
		task := backend.MoveTask{
			TaskHandle:                        aws.ToString(r.TaskHandle),
			Status:                            backend.TaskStatus(aws.ToString(r.Status)),
			SourceArn:                         aws.ToString(r.SourceArn),
			DestinationArn:                    aws.ToString(r.DestinationArn),
			ApproximateNumberOfMessagesMoved:  r.ApproximateNumberOfMessagesMoved,
			ApproximateNumberOfMessagesToMove: aws.ToInt64(r.ApproximateNumberOfMessagesToMove),
			FailureReason:                     aws.ToString(r.FailureReason),
		}
		if r.StartedTimestamp != 0 {
			task.Started = time.UnixMilli(r.StartedTimestamp)
		}
		if r.MaxNumberOfMessagesPerSecond != nil {
			task.MaxNumberOfMessagesPerSecond = backend.Some(int(*r.MaxNumberOfMessagesPerSecond))
		}
		answer.Results = append(answer.Results, task)
	}
	return answer, nil
}

// arnName is the queue's name in an ARN, or the ARN if it is none.
func arnName(arn string) string {
	if a, ok := backend.ParseARN(arn); ok {
		return a.Name
	}
	return arn
}
