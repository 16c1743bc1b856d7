package backend

import (
	"context"
	"time"
)

// Wiring tells who sends to a queue and who receives from it, as far as the
// services beside SQS know (docs/SQS.md 10.7, 10.8). A queue's policy says who
// may send; this says who was set up to, and under which key. Each part is asked for by itself and
// fails by itself: KindDenied names the right that is missing, KindUnsupported
// says that the endpoint has no such service.
type Wiring interface {
	// Subscriptions are the SNS subscriptions with this queue as their endpoint,
	// by topic, those of topics in the queue's own region and visible to the
	// account that asks. They come from one listing of the whole region, which
	// is remembered for a few minutes.
	Subscriptions(ctx context.Context, queue ARN) (Subscriptions, error)
	// SubscriptionDetails are what the listing leaves out.
	SubscriptionDetails(ctx context.Context, subscriptionArn string) (SubscriptionDetails, error)
	// Mappings are the Lambda event source mappings that read this queue, by
	// function. They are asked for anew each time.
	Mappings(ctx context.Context, queue ARN) ([]Mapping, error)
	// FunctionTimeout is how long the function may run, 1 s to 900 s: the queue's
	// visibility timeout should be six times that (10.7).
	FunctionTimeout(ctx context.Context, functionArn string) (time.Duration, error)
	// SendKey asks KMS whether messages for a queue can be encrypted by us under its
	// key, an id, ARN or alias, and makes nothing by asking (10.5). nil: they can.
	// KindDenied is not the last word: a key may be ours through SQS alone.
	SendKey(ctx context.Context, key string, queue ARN) error
	// Forget drops what is remembered, so that the next answer is a new one.
	Forget()
}

// Subscriptions are what was known of a queue's subscriptions at a time.
type Subscriptions struct {
	List []Subscription
	AsOf time.Time
}

// Subscription is an SNS topic that sends to a queue. One that nobody has
// confirmed yet sends nothing and has the word PendingConfirmation for an ARN.
type Subscription struct {
	Arn      string
	TopicArn string
	Owner    string // account
}

// SubscriptionPending is in place of the ARN of a subscription that is not
// confirmed.
const SubscriptionPending = "PendingConfirmation"

// Pending tells whether the subscription still waits to be confirmed.
func (s Subscription) Pending() bool { return s.Arn == SubscriptionPending }

// SubscriptionDetails say what a subscription makes of what is published.
type SubscriptionDetails struct {
	Raw           bool   // the text alone, without SNS's envelope (10.8)
	FilterPolicy  string // JSON; "": everything passes
	FilterBody    bool   // the filter looks at the body, not at the message attributes
	DeadLetterArn string // of the queue that takes what could not be delivered; "": none
}

// Mapping is a Lambda event source mapping: the poller that receives from a
// queue and calls a function (10.7). While it is enabled, everyone else who
// receives sees what it left over.
type Mapping struct {
	UUID        string
	FunctionArn string // with version or alias, where it names one
	State       string // Lambda's: Creating, Enabling, Enabled, Disabling, Disabled, Updating, Deleting
	StateReason string
	LastResult  string // of its last round, in Lambda's words

	BatchSize               int           // 1..10,000; FIFO 1..10
	Window                  time.Duration // it waits that long to fill a batch, 0 s to 300 s
	MaximumConcurrency      Opt[int]      // 2..1,000
	MinimumPollers          Opt[int]      // of provisioned mode
	MaximumPollers          Opt[int]
	ReportBatchItemFailures bool     // a batch may fail in part; else it fails as a whole
	Filters                 []string // JSON patterns; what matches none is deleted
	FilterError             string   // why the filters cannot be shown
	LastModified            time.Time
}

// Polls tells whether the mapping receives messages now.
func (m Mapping) Polls() bool {
	return m.State == "Enabled" || m.State == "Updating" || m.State == "Disabling"
}
