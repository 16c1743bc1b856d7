package rules

import "time"

// Limits of names and ids, in characters, all of them ASCII (docs/SQS.md 3.1).
const (
	MaxQueueName    = 80 // the suffix .fifo counts
	MaxBatchEntryId = 80 // permission labels too
	MaxId           = 128
)

// Limits of a message (3.2, 3.4), sizes in bytes.
const (
	MaxBody              = 1 << 20
	MaxMessageAttributes = 10
	MaxAttributeName     = 256
	MaxAttributeType     = 256
	MaxNumberDigits      = 38
	MaxDelay             = 900 // seconds
)

// Limits of a batch (1.12, 1.16).
const (
	MaxBatchEntries = 10
	MaxBatchBytes   = 1 << 20 // of all entries, whatever the queue's MaximumMessageSize
)

// Limits of a receive (1.13) and of a visibility timeout (1.15), in messages
// and seconds.
const (
	MaxReceive    = 10
	MaxWait       = 20
	MaxVisibility = 43200
)

// Ranges and defaults of queue attributes (2.1), in seconds and bytes. Those
// that begin at 0 have no constant for it.
const (
	DefaultDelay      = 0
	MinMessageSize    = 1024
	MaxMessageSize    = 1 << 20
	MinRetention      = 60
	MaxRetention      = 1209600
	DefaultRetention  = 345600
	DefaultWait       = 0
	DefaultVisibility = 30
	MinKmsReuse       = 60
	MaxKmsReuse       = 86400
	DefaultKmsReuse   = 300
)

// Limits of redrive (2.4, 2.5, 7.1).
const (
	MinReceiveCount    = 1
	MaxReceiveCount    = 1000
	MaxSourceQueueArns = 10
	MaxMoveRate        = 500 // messages a second
	MaxMoveTasks       = 100 // running, in an account
	MaxMoveTaskResults = 10
	MaxMoveTaskTime    = 36 * time.Hour
)

// Limits of a queue policy (3.3) and of AddPermission (1.10).
const (
	MaxPolicyBytes      = 8192
	MaxPolicyStatements = 20
	MaxPolicyPrincipals = 50
	MaxPolicyConditions = 10
	MaxPolicyActions    = 7 // in a statement
)

// Limits of tags (1.8), in characters.
const (
	MaxTags     = 50
	MaxTagKey   = 128
	MaxTagValue = 256
)

// Limits that only an engine can meet (1.1, 1.4, 1.9, 3.3, 5.8).
const (
	MaxInFlight         = 120000 // messages of a queue, standard and FIFO
	MaxListResults      = 1000   // queues on a page
	DeduplicationWindow = 5 * time.Minute
	AttemptWindow       = 5 * time.Minute
	DeleteCooldown      = 60 * time.Second // before the name may be used again
	PurgeCooldown       = 60 * time.Second
)
