package awssqs

import (
	"context"
	"math"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"sqscope/backend"
)

var _ backend.SQS = (*Client)(nil)

// AddPermission appends a statement to the queue's policy (docs/SQS.md 1.10).
func (c *Client) AddPermission(ctx context.Context, in backend.AddPermissionInput) error {
	_, err := c.api.AddPermission(ctx, &sqs.AddPermissionInput{
		QueueUrl: &in.QueueUrl, Label: &in.Label, AWSAccountIds: in.AWSAccountIds, Actions: in.Actions,
	})
	return c.failed("AddPermission", queueName(in.QueueUrl), err)
}

// CreateQueue makes a queue, or finds an equal one (1.1).
func (c *Client) CreateQueue(ctx context.Context, in backend.CreateQueueInput) (backend.CreateQueueOutput, error) {
	out, err := c.api.CreateQueue(ctx, &sqs.CreateQueueInput{
		QueueName: &in.QueueName, Attributes: in.Attributes, Tags: in.Tags,
	})
	if err != nil {
		return backend.CreateQueueOutput{}, c.failed("CreateQueue", in.QueueName, err)
	}
	return backend.CreateQueueOutput{QueueUrl: aws.ToString(out.QueueUrl)}, nil
}

// DeleteQueue deletes a queue and all that is in it (1.2).
func (c *Client) DeleteQueue(ctx context.Context, in backend.DeleteQueueInput) error {
	_, err := c.api.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: &in.QueueUrl})
	return c.failed("DeleteQueue", queueName(in.QueueUrl), err)
}

// GetQueueAttributes reads attributes by name (1.6).
func (c *Client) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	out, err := c.api.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &in.QueueUrl, AttributeNames: attributeNames(in.AttributeNames),
	})
	if err != nil {
		return backend.GetQueueAttributesOutput{}, c.failed("GetQueueAttributes", queueName(in.QueueUrl), err)
	}
	return backend.GetQueueAttributesOutput{Attributes: out.Attributes}, nil
}

func attributeNames(names []string) []types.QueueAttributeName {
	var list []types.QueueAttributeName
	for _, n := range names {
		list = append(list, types.QueueAttributeName(n))
	}
	return list
}

// GetQueueUrl finds a queue by its name (1.3).
func (c *Client) GetQueueUrl(ctx context.Context, in backend.GetQueueUrlInput) (backend.GetQueueUrlOutput, error) {
	out, err := c.api.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{
		QueueName: &in.QueueName, QueueOwnerAWSAccountId: given(in.QueueOwnerAWSAccountId),
	})
	if err != nil {
		return backend.GetQueueUrlOutput{}, c.failed("GetQueueUrl", in.QueueName, err)
	}
	return backend.GetQueueUrlOutput{QueueUrl: aws.ToString(out.QueueUrl)}, nil
}

// ListDeadLetterSourceQueues lists the queues that name this one in their
// RedrivePolicy (1.5).
func (c *Client) ListDeadLetterSourceQueues(ctx context.Context, in backend.ListDeadLetterSourceQueuesInput) (backend.ListQueuesOutput, error) {
	out, err := c.api.ListDeadLetterSourceQueues(ctx, &sqs.ListDeadLetterSourceQueuesInput{
		QueueUrl: &in.QueueUrl, NextToken: given(in.NextToken), MaxResults: int32Pointer(in.MaxResults),
	})
	if err != nil {
		return backend.ListQueuesOutput{}, c.failed("ListDeadLetterSourceQueues", queueName(in.QueueUrl), err)
	}
	return backend.ListQueuesOutput{QueueUrls: out.QueueUrls, NextToken: aws.ToString(out.NextToken)}, nil
}

// ListQueueTags reads a queue's tags (1.8).
func (c *Client) ListQueueTags(ctx context.Context, in backend.ListQueueTagsInput) (backend.ListQueueTagsOutput, error) {
	out, err := c.api.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: &in.QueueUrl})
	if err != nil {
		return backend.ListQueueTagsOutput{}, c.failed("ListQueueTags", queueName(in.QueueUrl), err)
	}
	return backend.ListQueueTagsOutput{Tags: out.Tags}, nil
}

// ListQueues lists a page of queues (1.4).
func (c *Client) ListQueues(ctx context.Context, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	out, err := c.api.ListQueues(ctx, &sqs.ListQueuesInput{
		QueueNamePrefix: given(in.QueueNamePrefix), NextToken: given(in.NextToken), MaxResults: int32Pointer(in.MaxResults),
	})
	if err != nil {
		return backend.ListQueuesOutput{}, c.failed("ListQueues", "", err)
	}
	return backend.ListQueuesOutput{QueueUrls: out.QueueUrls, NextToken: aws.ToString(out.NextToken)}, nil
}

// PurgeQueue empties a queue (1.9).
func (c *Client) PurgeQueue(ctx context.Context, in backend.PurgeQueueInput) error {
	_, err := c.api.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: &in.QueueUrl})
	return c.failed("PurgeQueue", queueName(in.QueueUrl), err)
}

// RemovePermission removes a statement from the queue's policy (1.10).
func (c *Client) RemovePermission(ctx context.Context, in backend.RemovePermissionInput) error {
	_, err := c.api.RemovePermission(ctx, &sqs.RemovePermissionInput{QueueUrl: &in.QueueUrl, Label: &in.Label})
	return c.failed("RemovePermission", queueName(in.QueueUrl), err)
}

// SetQueueAttributes changes the named attributes (1.7).
func (c *Client) SetQueueAttributes(ctx context.Context, in backend.SetQueueAttributesInput) error {
	_, err := c.api.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &in.QueueUrl, Attributes: in.Attributes})
	return c.failed("SetQueueAttributes", queueName(in.QueueUrl), err)
}

// TagQueue adds or overwrites tags (1.8).
func (c *Client) TagQueue(ctx context.Context, in backend.TagQueueInput) error {
	_, err := c.api.TagQueue(ctx, &sqs.TagQueueInput{QueueUrl: &in.QueueUrl, Tags: in.Tags})
	return c.failed("TagQueue", queueName(in.QueueUrl), err)
}

// UntagQueue removes tags (1.8).
func (c *Client) UntagQueue(ctx context.Context, in backend.UntagQueueInput) error {
	_, err := c.api.UntagQueue(ctx, &sqs.UntagQueueInput{QueueUrl: &in.QueueUrl, TagKeys: in.TagKeys})
	return c.failed("UntagQueue", queueName(in.QueueUrl), err)
}

func queueName(queueURL string) string {
	_, name := backend.URLParts(queueURL)
	return name
}

// given is a string that is left out if it is empty.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// int32Of is a number as the SDK takes it. One that does not fit is out of
// SQS's range by far and stays so.
func int32Of(n int) int32 { return int32(max(math.MinInt32, min(n, math.MaxInt32))) }

func int32Pointer(o backend.Opt[int]) *int32 {
	if !o.Set {
		return nil
	}
	return aws.Int32(int32Of(o.Value))
}
