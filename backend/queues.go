package backend

// CreateQueueInput names a new queue (docs/SQS.md 1.1). Attributes and Tags
// may be nil. A queue that exists with equal attributes is no error.
type CreateQueueInput struct {
	QueueName  string
	Attributes map[string]string
	Tags       map[string]string
}

// CreateQueueOutput has the URL of the queue, new or not.
type CreateQueueOutput struct{ QueueUrl string }

// DeleteQueueInput names the queue that goes, with all that is in it (1.2).
type DeleteQueueInput struct{ QueueUrl string }

// PurgeQueueInput names the queue to be emptied: visible, delayed and in
// flight, without undo, once a minute (1.9).
type PurgeQueueInput struct{ QueueUrl string }

// GetQueueUrlInput looks a queue up by its name (1.3). The owner's account may
// be empty for the caller's own.
type GetQueueUrlInput struct {
	QueueName              string
	QueueOwnerAWSAccountId string
}

// GetQueueUrlOutput has the URL that was found.
type GetQueueUrlOutput struct{ QueueUrl string }

// ListQueuesInput asks for a page of queues (1.4). Without MaxResults there are
// at most 1,000 and never a NextToken, so whoever wants all sets it (1..1000).
type ListQueuesInput struct {
	QueueNamePrefix string
	NextToken       string
	MaxResults      Opt[int]
}

// ListDeadLetterSourceQueuesInput asks which queues name this one in their
// RedrivePolicy (1.5). It pages as ListQueues does.
type ListDeadLetterSourceQueuesInput struct {
	QueueUrl   string
	NextToken  string
	MaxResults Opt[int]
}

// ListQueuesOutput is a page of queue URLs. NextToken is empty on the last.
type ListQueuesOutput struct {
	QueueUrls []string
	NextToken string
}

// GetQueueAttributesInput asks for attributes by name, or "All" (1.6).
type GetQueueAttributesInput struct {
	QueueUrl       string
	AttributeNames []string
}

// GetQueueAttributesOutput has the attributes that exist among those asked for.
// Every value is a string (2.1).
type GetQueueAttributesOutput struct{ Attributes map[string]string }

// SetQueueAttributesInput changes the named attributes and no others (1.7).
type SetQueueAttributesInput struct {
	QueueUrl   string
	Attributes map[string]string
}

// TagQueueInput adds or overwrites tags (1.8).
type TagQueueInput struct {
	QueueUrl string
	Tags     map[string]string
}

// UntagQueueInput removes tags; unknown keys are ignored (1.8).
type UntagQueueInput struct {
	QueueUrl string
	TagKeys  []string
}

// ListQueueTagsInput asks for a queue's tags (1.8).
type ListQueueTagsInput struct{ QueueUrl string }

// ListQueueTagsOutput has them; nil when there are none.
type ListQueueTagsOutput struct{ Tags map[string]string }

// AddPermissionInput appends a statement to the queue's policy (1.10).
type AddPermissionInput struct {
	QueueUrl      string
	Label         string
	AWSAccountIds []string
	Actions       []string
}

// RemovePermissionInput removes the statement with the label (1.10).
type RemovePermissionInput struct {
	QueueUrl string
	Label    string
}

// Names of queue attributes (2.1), and the request word All.
const (
	AttrAll                           = "All"
	AttrMessages                      = "ApproximateNumberOfMessages"
	AttrMessagesNotVisible            = "ApproximateNumberOfMessagesNotVisible"
	AttrMessagesDelayed               = "ApproximateNumberOfMessagesDelayed"
	AttrCreatedTimestamp              = "CreatedTimestamp"
	AttrLastModifiedTimestamp         = "LastModifiedTimestamp"
	AttrQueueArn                      = "QueueArn"
	AttrDelaySeconds                  = "DelaySeconds"
	AttrMaximumMessageSize            = "MaximumMessageSize"
	AttrMessageRetentionPeriod        = "MessageRetentionPeriod"
	AttrReceiveMessageWaitTimeSeconds = "ReceiveMessageWaitTimeSeconds"
	AttrVisibilityTimeout             = "VisibilityTimeout"
	AttrPolicy                        = "Policy"
	AttrRedrivePolicy                 = "RedrivePolicy"
	AttrRedriveAllowPolicy            = "RedriveAllowPolicy"
	AttrKmsMasterKeyId                = "KmsMasterKeyId"
	AttrKmsDataKeyReusePeriodSeconds  = "KmsDataKeyReusePeriodSeconds"
	AttrSqsManagedSseEnabled          = "SqsManagedSseEnabled"
	AttrFifoQueue                     = "FifoQueue"
	AttrContentBasedDeduplication     = "ContentBasedDeduplication"
	AttrDeduplicationScope            = "DeduplicationScope"
	AttrFifoThroughputLimit           = "FifoThroughputLimit"
)
