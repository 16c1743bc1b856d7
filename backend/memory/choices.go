package memory

import "time"

// This file holds what docs/SQS.md marks [inf] or says nothing of, and that the
// engine has to decide all the same. Where AWS is seen to do otherwise, it is
// changed here.

// senderId is the SenderId of a message whose sender is nobody in particular:
// the engine's own user (5.1). A message keeps its sender as a dead letter and
// through a move task.
const senderId = "AIDASQSCOPEENGINE2345"

// userName is the name of that user, who is nobody else's caller.
const userName = "sqscope"

// scopeDelay is how long sends keep to the old DeduplicationScope after it was
// changed. Recorded is that the change does nothing in the following seconds,
// documented that it takes up to a minute (2.6, 14.2).
const scopeDelay = 60 * time.Second

// Faults (5.5, 5.6).
const (
	fewServers   = 0.3    // the part of the messages that a short poll sees of few
	manyMessages = 1000.0 // it sees all of as many
)

// Fair queues (9). The thresholds are documented as approximations; what they
// are approximations of is ours: what is in flight is exact and judged when a
// tenant's message is next in turn. Processing time is the time in flight,
// counted when it ends, of the last five minutes, where the part of the window
// before the present one is taken as even. It is held against a tenant only
// when there was enough of it in the queue for anybody to have had to wait.
const (
	noisyPercent  = 10               // more than that
	noisyInFlight = 30               // and at least as many
	noisyIdle     = 5 * time.Minute  // without a message in flight ends it
	fairWindow    = 5 * time.Minute  // what is recent
	fairTime      = 30 * time.Second // of processing in it, all tenants together
)

// lookAhead is how far a FIFO receive looks for groups (3.3). Whether messages in
// flight count is not said; here everything that is stored does, and messages
// beyond it are not received even if their group is found before.
const lookAhead = 120_000

// Rates of move tasks (7.1, 7.3).
const (
	defaultMoveRate = 500                    // messages a second where SQS would choose: the most it allows
	moveStep        = 100 * time.Millisecond // a fast task moves what is due in steps of this
	moveIdle        = time.Second            // how often it looks while all that is left is hidden
	keptTasks       = 10                     // of a queue: as many as can be listed
)

// Reasons of failed move tasks. That of a missing destination is recorded (7.3);
// that of a message that came from nowhere is remembered, unverified (7.1); that
// of a task that ran its 36 hours is ours.
const (
	reasonNoQueue  = "AWS.SimpleQueueService.NonExistentQueue"
	reasonNoSource = "CouldNotDetermineMessageSource"
	reasonTooLong  = "TaskExceededMaximumRunTime"
)

// Texts that are not recorded.
const (
	// 1.15: a FIFO handle whose visibility is over. The text is that of a message
	// that is not available, which is true of it.
	unavailable = "Message does not exist or is not available for visibility timeout change."

	// 7.3: only a RUNNING task can be cancelled; how others are refused is not
	// recorded. The first half is that of a handle that cannot be read.
	notRunning = "Value for parameter TaskHandle is invalid. Reason: Only active tasks can be cancelled."

	// 14.1: the reference's own words for these two common errors.
	internalFailure    = "The request processing has failed because of an unknown error, exception or failure."
	unavailableService = "The request has failed due to a temporary failure of the server."

	// 7.1: the limit is documented, its text is not.
	tooManyTasks = "The maximum number of active message move tasks (%d) has been reached."
)

// backAfter is how many receives send a message to the back of a standard queue
// that has a RedrivePolicy, where maxReceiveCount is above it (5.6).
const backAfter = 3

// Choices that are a reading rather than a value:
//
//   - Whether the queue exists is found out before a parameter that is missing,
//     which is recorded for Query only (1.0): the answer must not depend on the
//     protocol.
//   - Nothing is throttled, no quota of a FIFO queue is kept (3.5, 12.1): no figure
//     of theirs is exact, and who wants to be throttled sets a fault.
//   - A change is in force at once, counts are exact (2.7): so the effect of an act
//     can be seen. The one exception is the scope, below.
//   - A queue that is deleted is gone at once; RedrivePolicies that name it, and
//     move tasks on their way to it, stay and find nothing (1.2).
//   - AddPermission and RemovePermission move LastModifiedTimestamp if they change
//     the policy (2.1), which is an attribute like others.
//   - A queue is no dead-letter queue to whom it was one before: changing or
//     removing a RedrivePolicy moves no message (2.4).
//   - What was remembered under the old DeduplicationScope is not looked up under
//     the new one (2.6), as was recorded where the scope became the queue's.
//   - A standard queue delivers in the order of sending as far as it can, each
//     message once while it is visible, and a short poll sees all of it (5.5, 5.6):
//     what is seen can then be explained. Faults do the rest on request.
//   - MessageNotInflight is never given: on a standard queue a change was recorded
//     to succeed, on a FIFO queue the handle has expired (1.15).
//   - Deleting succeeds with the handle of a message that is gone, whatever it went
//     by: deleted, purged, expired, dead-lettered (1.9, 1.14, 5.9, 6.2).
//   - A moved message, dead or redriven, is too large for no queue, and is no
//     duplicate there (6.1, 6.2): what is refused or swallowed would be lost.
//   - A ReceiveRequestAttemptId gives the same messages again whatever else the
//     request asks for, but for the visibility timeout, which is the new one's
//     (5.8).
//   - A move task takes the messages of a FIFO queue as receives do, one group after
//     the other in the order of the groups (7.3). One that is cancelled moves
//     nothing more, although a few more were seen to move.
//   - The last ten tasks of a queue are listed, for as long as it exists; a queue
//     that never was a dead-letter queue has none (7.4).
//   - maxReceiveCount is held against the receives in that queue, while
//     ApproximateReceiveCount goes on through dead-letter queues (5.2, 6.1): else
//     a message would fall through a chain of them without being received.
//   - A message beyond maxReceiveCount whose dead-letter queue is gone stays and
//     is delivered like any other (1.2).
//   - A receive that dead-letters goes on to the next message; it is empty only
//     if there is none (6.1, 8.3).
//   - FIFO: a dead-lettered message counts as sent when it was moved, in
//     SentTimestamp too, since that is the enqueue time that is reset (6.2).
//   - A dead-lettered message is visible at once, and a later change of the FIFO
//     queue's delay leaves it alone (6.1, 8.4). One that a move task moved is a
//     new message, so the delay of the destination applies (7.3).
//   - FIFO: raising DelaySeconds hides messages again that nobody has received
//     yet (8.4); a message that was received once is past its delay.
//   - Standard: ChangeMessageVisibility with any handle of the message works as
//     long as the message exists, as deleting does; on one that has become
//     visible again it hides it again (1.15, 14.2). The 12 hours count from the
//     last receive.
//   - FIFO: a receive with a timeout of 0 gives a handle that has expired (5.4).
//   - A replay by ReceiveRequestAttemptId counts as a delivery in the metrics and
//     events, not in the receive count, and its 12 hours begin anew (5.8).
//   - A move task wants to move what is stored when it starts, visible or not. It
//     ends when none of that is left, or when it has moved that many: messages
//     that arrive meanwhile may be among them (7.3).
//   - CreateQueue checks the attributes before it looks whether the queue exists
//     (1.1). ListQueues is sorted by name (1.4).
