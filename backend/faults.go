package backend

import (
	"context"
	"time"
)

// Faults are troubles that a place makes on request, to see how its clients
// take them. The embedded engine does; none is set at the start.
type Faults interface {
	// ListFaults tells the faults that are set, in the order in which they were.
	ListFaults(ctx context.Context) ([]Fault, error)
	// SetFault sets a fault, or replaces the one with its ID, and returns it as
	// it was set. Without an ID it gets one. A fault that makes no sense is
	// refused as KindInvalid.
	SetFault(ctx context.Context, f Fault) (Fault, error)
	// ClearFaults takes back the faults with these IDs, or all if there are none.
	// An ID that is not there is KindNotFound, and then nothing changes.
	ClearFaults(ctx context.Context, ids []string) error
}

// FaultKind is what goes wrong.
type FaultKind string

// The kinds of faults, with SQS's own errors (docs/SQS.md 1.15, 5.5, 5.6, 10.4,
// 12.1, 12.2, 14.1). Those that name actions happen in these only.
const (
	FaultThrottle            FaultKind = "throttle"            // RequestThrottled
	FaultServerError         FaultKind = "serverError"         // 5xx, see Status
	FaultLatency             FaultKind = "latency"             // the answer comes later, see Duration
	FaultAccessDenied        FaultKind = "accessDenied"        // AccessDenied
	FaultExpiredToken        FaultKind = "expiredToken"        // ExpiredToken
	FaultDuplicateDelivery   FaultKind = "duplicateDelivery"   // ReceiveMessage, standard: what was received comes once more
	FaultShortBatch          FaultKind = "shortBatch"          // ReceiveMessage, standard, short polls: not all servers are asked
	FaultPartialBatchFailure FaultKind = "partialBatchFailure" // the three batches: entries fail
	FaultLaggingCounts       FaultKind = "laggingCounts"       // GetQueueAttributes: counts of up to Duration ago
	FaultVisibilityThrottle  FaultKind = "visibilityThrottle"  // ChangeMessageVisibility and its batch
)

// FaultKinds are all kinds of faults.
func FaultKinds() []FaultKind {
	return []FaultKind{
		FaultThrottle, FaultServerError, FaultLatency, FaultAccessDenied, FaultExpiredToken, FaultDuplicateDelivery,
		FaultShortBatch, FaultPartialBatchFailure, FaultLaggingCounts, FaultVisibilityThrottle,
	}
}

// Actions are the actions that this kind of fault can happen in.
func (k FaultKind) Actions() []string {
	switch k {
	case FaultDuplicateDelivery, FaultShortBatch:
		return []string{"ReceiveMessage"}
	case FaultPartialBatchFailure:
		return []string{"ChangeMessageVisibilityBatch", "DeleteMessageBatch", "SendMessageBatch"}
	case FaultLaggingCounts:
		return []string{"GetQueueAttributes"}
	case FaultVisibilityThrottle:
		return []string{"ChangeMessageVisibility", "ChangeMessageVisibilityBatch"}
	}
	return Actions()
}

// Fault is one trouble. It is thrown for each request that it could happen to,
// for duplicateDelivery for each message and for partialBatchFailure for each
// entry.
type Fault struct {
	ID          string
	Kind        FaultKind
	Queue       string        // the name of a queue; "" is every one, and requests that concern none
	Action      string        // one of Actions; "" is every one that the kind can happen in
	Status      int           // of serverError: 500..599; 0 is 500
	Duration    time.Duration // of latency and laggingCounts: above 0 up to 1 h, on the place's clock
	Probability float64       // above 0 up to 1; 0 is 1
	Count       int           // how often it happens at most; 0 is for ever
	After       time.Time     // from when on; zero is from now on
	Until       time.Time     // not any more then; zero is for ever
	Happened    int           // how often it has; not read by SetFault
}
