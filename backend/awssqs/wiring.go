package awssqs

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"sqscope/backend"
)

var _ backend.Wiring = (*Client)(nil)

// topics is what is asked of SNS, and functions of Lambda. They are functions
// and not the SDK's clients, because the type of a client that can be reached
// from here takes all of its actions into the program, some megabytes of them.
type (
	topics struct {
		endpoint string // "": AWS's own
		list     func(context.Context, *sns.ListSubscriptionsInput) (*sns.ListSubscriptionsOutput, error)
		describe func(context.Context, *sns.GetSubscriptionAttributesInput) (*sns.GetSubscriptionAttributesOutput, error)
	}
	functions struct {
		endpoint string
		mappings func(context.Context, *lambda.ListEventSourceMappingsInput) (*lambda.ListEventSourceMappingsOutput, error)
		describe func(context.Context, *lambda.GetFunctionConfigurationInput) (*lambda.GetFunctionConfigurationOutput, error)
	}
)

func newTopics(cfg aws.Config, beside func(configured *string) *string) topics {
	client := sns.NewFromConfig(cfg, func(o *sns.Options) { o.BaseEndpoint = beside(o.BaseEndpoint) })
	return topics{
		endpoint: aws.ToString(client.Options().BaseEndpoint),
		list: func(ctx context.Context, in *sns.ListSubscriptionsInput) (*sns.ListSubscriptionsOutput, error) {
			return client.ListSubscriptions(ctx, in)
		},
		describe: func(ctx context.Context, in *sns.GetSubscriptionAttributesInput) (*sns.GetSubscriptionAttributesOutput, error) {
			return client.GetSubscriptionAttributes(ctx, in)
		},
	}
}

func newFunctions(cfg aws.Config, beside func(configured *string) *string) functions {
	client := lambda.NewFromConfig(cfg, func(o *lambda.Options) { o.BaseEndpoint = beside(o.BaseEndpoint) })
	return functions{
		endpoint: aws.ToString(client.Options().BaseEndpoint),
		mappings: func(ctx context.Context, in *lambda.ListEventSourceMappingsInput) (*lambda.ListEventSourceMappingsOutput, error) {
			return client.ListEventSourceMappings(ctx, in)
		},
		describe: func(ctx context.Context, in *lambda.GetFunctionConfigurationInput) (*lambda.GetFunctionConfigurationOutput, error) {
			return client.GetFunctionConfiguration(ctx, in)
		},
	}
}

// listingLasts is how long the listing of a region's subscriptions is good for.
const listingLasts = 5 * time.Minute

// subscriptions are those of the whole region that send to queues: SNS lists
// them by no endpoint. A listing that broke off goes on where it was.
type subscriptions struct {
	turn     turn
	byQueue  map[string][]backend.Subscription
	next     *string
	complete time.Time // zero: not yet
}

// Forget drops the subscriptions; a listing that is under way goes on for those
// who wait for it.
func (c *Client) Forget() { c.listed.Store(&subscriptions{turn: make(turn, 1)}) }

// Subscriptions are the SNS subscriptions that send to a queue (docs/SQS.md
// 10.8), from a listing that is up to five minutes old.
func (c *Client) Subscriptions(ctx context.Context, queue backend.ARN) (backend.Subscriptions, error) {
	l := c.listed.Load()
	err := l.turn.take(ctx)
	if err == nil {
		defer l.turn.give()
		err = c.listSubscriptions(ctx, l)
	}
	if err != nil {
		return backend.Subscriptions{}, c.snsFailed("ListSubscriptions", queue.Name, err)
	}
	found := slices.Clone(l.byQueue[queue.String()])
	slices.SortFunc(found, func(a, b backend.Subscription) int { return cmp.Compare(a.TopicArn, b.TopicArn) })
	return backend.Subscriptions{List: found, AsOf: l.complete}, nil
}

// listSubscriptions completes a listing whose turn the caller has.
func (c *Client) listSubscriptions(ctx context.Context, l *subscriptions) error {
	if !l.complete.IsZero() && time.Since(l.complete) < listingLasts {
		return nil
	}
	l.complete = time.Time{}
	if l.next == nil {
		l.byQueue = map[string][]backend.Subscription{}
	}
	for {
		out, err := c.sns().list(ctx, &sns.ListSubscriptionsInput{NextToken: l.next})
		if err != nil {
			if inBrief(err).Kind == backend.KindInvalid {
				l.next = nil // the token is too old: from the start, next time
			}
			return err
		}
		for _, s := range out.Subscriptions {
			if aws.ToString(s.Protocol) != "sqs" {
				continue
			}
			queue := aws.ToString(s.Endpoint)
			l.byQueue[queue] = append(l.byQueue[queue], backend.Subscription{
				Arn: aws.ToString(s.SubscriptionArn), TopicArn: aws.ToString(s.TopicArn), Owner: aws.ToString(s.Owner),
			})
		}
		l.next = given(aws.ToString(out.NextToken))
		if l.next == nil {
			l.complete = time.Now()
			return nil
		}
	}
}

// SubscriptionDetails reads the attributes of one subscription.
func (c *Client) SubscriptionDetails(ctx context.Context, subscriptionArn string) (backend.SubscriptionDetails, error) {
	out, err := c.sns().describe(ctx, &sns.GetSubscriptionAttributesInput{SubscriptionArn: &subscriptionArn})
	if err != nil {
		return backend.SubscriptionDetails{}, c.snsFailed("GetSubscriptionAttributes", subscriptionArn, err)
	}
	return backend.SubscriptionDetails{
		Raw:           out.Attributes["RawMessageDelivery"] == "true",
		FilterPolicy:  out.Attributes["FilterPolicy"],
		FilterBody:    out.Attributes["FilterPolicyScope"] == "MessageBody",
		DeadLetterArn: deadLetterOf(out.Attributes["RedrivePolicy"]),
	}, nil
}

// deadLetterOf is the queue in a subscription's RedrivePolicy, "" if there is
// none.
func deadLetterOf(policy string) string {
	var p struct {
		DeadLetterTargetArn string `json:"deadLetterTargetArn"`
	}
	if json.Unmarshal([]byte(policy), &p) != nil {
		return ""
	}
	return p.DeadLetterTargetArn
}

// Mappings are the Lambda event source mappings of a queue (10.7).
func (c *Client) Mappings(ctx context.Context, queue backend.ARN) ([]backend.Mapping, error) {
	var all []backend.Mapping
	in := &lambda.ListEventSourceMappingsInput{EventSourceArn: aws.String(queue.String())}
	for {
		out, err := c.lambda().mappings(ctx, in)
		if err != nil {
			return nil, c.lambdaFailed("ListEventSourceMappings", queue.Name, err)
		}
		for _, m := range out.EventSourceMappings {
			all = append(all, mappingOf(m))
		}
		if in.Marker = given(aws.ToString(out.NextMarker)); in.Marker == nil {
			break
		}
	}
	slices.SortFunc(all, func(a, b backend.Mapping) int {
		return cmp.Or(cmp.Compare(a.FunctionArn, b.FunctionArn), cmp.Compare(a.UUID, b.UUID))
	})
	return all, nil
}

func mappingOf(m lambdatypes.EventSourceMappingConfiguration) backend.Mapping {
	out := backend.Mapping{
		UUID:         aws.ToString(m.UUID),
		FunctionArn:  aws.ToString(m.FunctionArn),
		State:        aws.ToString(m.State),
		StateReason:  aws.ToString(m.StateTransitionReason),
		LastResult:   aws.ToString(m.LastProcessingResult),
		BatchSize:    int(aws.ToInt32(m.BatchSize)),
		Window:       time.Duration(aws.ToInt32(m.MaximumBatchingWindowInSeconds)) * time.Second,
		LastModified: aws.ToTime(m.LastModified),

		ReportBatchItemFailures: slices.Contains(m.FunctionResponseTypes, lambdatypes.FunctionResponseTypeReportBatchItemFailures),
	}
	if m.ScalingConfig != nil {
		out.MaximumConcurrency = optional(m.ScalingConfig.MaximumConcurrency)
	}
	if p := m.ProvisionedPollerConfig; p != nil {
		out.MinimumPollers, out.MaximumPollers = optional(p.MinimumPollers), optional(p.MaximumPollers)
	}
	if m.FilterCriteria != nil {
		for _, f := range m.FilterCriteria.Filters {
			out.Filters = append(out.Filters, aws.ToString(f.Pattern))
		}
	}
	if m.FilterCriteriaError != nil {
		out.FilterError = aws.ToString(m.FilterCriteriaError.Message)
	}
	return out
}

func optional(n *int32) backend.Opt[int] {
	if n == nil {
		return backend.Opt[int]{}
	}
	return backend.Some(int(*n))
}

// FunctionTimeout is how long a function may run.
func (c *Client) FunctionTimeout(ctx context.Context, functionArn string) (time.Duration, error) {
	out, err := c.lambda().describe(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &functionArn})
	if err != nil {
		return 0, c.lambdaFailed("GetFunctionConfiguration", functionArn, err)
	}
	return time.Duration(aws.ToInt32(out.Timeout)) * time.Second, nil
}

func (c *Client) snsFailed(action, subject string, err error) error {
	return c.failedBeside("SNS", c.sns().endpoint, "sns:"+action, subject, err)
}

func (c *Client) lambdaFailed(action, subject string, err error) error {
	return c.failedBeside("Lambda", c.lambda().endpoint, "lambda:"+action, subject, err)
}
