package backend

import (
	"context"
	"time"
)

// Stack is what an open context offers: SQS, and where the place can do more,
// the abilities beyond it. An ability that is absent is nil, and whoever wants
// it looks before the call; it is never found by asserting a type, so that a
// decorator cannot be got round. A decorator takes a Stack and returns one with
// every field decorated.
type Stack struct {
	SQS       SQS
	Browse    Browser   // reading without receiving
	Clock     Clock     // time that can be stopped
	Metrics   Metrics   // totals since the queue was made, or rates measured from outside
	Events    Events    // what happens to each message
	Faults    Faults    // troubles on request
	Snapshots Snapshots // everything in one file
	Stage     Stage     // the scenario that plays there

	Wiring      Wiring      // who else sends and receives
	Credentials Credentials // whose requests they are
}

// Browser reads what a queue holds without receiving it: no count rises, nothing
// is hidden, and messages in flight and delayed are there too. SQS has no such
// thing (docs/SQS.md 13); the embedded engine does.
type Browser interface {
	// Browse returns stored messages in queue order.
	Browse(ctx context.Context, in BrowseInput) (BrowseOutput, error)
	// RemoveMessages deletes stored messages by their ids, in whatever state
	// they are. An id that is not there counts as failed, code NotFound.
	RemoveMessages(ctx context.Context, in RemoveMessagesInput) (BatchOutput, error)
}

// BrowseInput asks for up to Limit messages after the one with sequence After
// (0 for the start). Limit is 1..10,000.
type BrowseInput struct {
	QueueUrl string
	After    uint64
	Limit    int
}

// BrowseOutput is a part of what the queue holds. Next goes into the next
// BrowseInput's After; it is 0 when there is no more.
type BrowseOutput struct {
	Messages []StoredMessage
	Next     uint64
}

// RemoveMessagesInput names messages by id.
type RemoveMessagesInput struct {
	QueueUrl   string
	MessageIds []string
}

// State is where a stored message stands.
type State string

// The states of a stored message (docs/SQS.md 0.3).
const (
	StateVisible  State = "visible"
	StateInFlight State = "inFlight"
	StateDelayed  State = "delayed"
	StateUnknown  State = "unknown"
)

// StoredMessage is a message that was read without receiving it. It has no
// receipt handle. All of its attributes are there.
type StoredMessage struct {
	Message
	State   State
	Until   time.Time // when in flight or delay ends; zero if visible
	Expires time.Time // when retention ends
}

// Clock is the embedded engine's time (DESIGN.md 4.7).
type Clock interface {
	// Clock tells the time and how it runs.
	Clock(ctx context.Context) (ClockState, error)
	// SetClock pauses or resumes it and sets how fast it runs.
	SetClock(ctx context.Context, paused bool, speed float64) error
	// StepClock moves it forward; all that is due on the way happens in order.
	StepClock(ctx context.Context, by time.Duration) error
	// JumpClock moves it forward to an instant, likewise. One that is over is
	// refused as KindInvalid.
	JumpClock(ctx context.Context, to time.Time) error
	// NextEvent is when the next thing happens by itself: a message becomes
	// visible or expires, an actor acts, a task moves. Zero if nothing will.
	NextEvent(ctx context.Context) (time.Time, error)
}

// ClockState is the time and how it runs. Speed is engine seconds for each
// second of the world.
type ClockState struct {
	Now    time.Time
	Paused bool
	Speed  float64
}

// StopClock pauses a clock if it runs. Its speed stays.
func StopClock(ctx context.Context, c Clock) error {
	state, err := c.Clock(ctx)
	if err != nil || state.Paused {
		return err
	}
	return c.SetClock(ctx, true, state.Speed)
}

// Metrics tells what SQS itself does not: the engine's totals from its own
// books, or what CloudWatch measured. A queue that is not known is left out of
// the answer.
type Metrics interface {
	QueueMetrics(ctx context.Context, queueUrls []string) (map[string]QueueMetrics, error)
}

// QueueMetrics are counts since the queue was made, and the age of its oldest
// message that has not been deleted; or, where Measured is set, that alone.
type QueueMetrics struct {
	Sent     uint64 // by senders and by moves into this queue
	Received uint64 // deliveries
	Deleted  uint64 // by consumers, not by purge or expiry
	Oldest   time.Time
	AsOf     time.Time

	Measured Opt[Measured]
}

// Measured is what somebody saw from outside who does not count from the
// beginning and tells it late (docs/SQS.md 12.3). What was not seen is left out.
type Measured struct {
	Source string        // who says so: CloudWatch
	Period time.Duration // that In and Out are over; it ends at AsOf

	In, Out Opt[float64] // messages a second: sent, and deleted by consumers
	AsOf    time.Time    // of In and Out; zero if there is neither

	Age     Opt[time.Duration] // of the oldest message that has not been deleted; 0: of none, or of a new one
	AgeAsOf time.Time
}

// Events tells what happens to each message.
type Events interface {
	// Subscribe delivers events in order into a channel with room for the given
	// number until the context ends, when the channel is closed. Delivery is
	// best effort: when the channel is full events are dropped, and the next one
	// delivered says how many.
	Subscribe(ctx context.Context, room int) (<-chan Event, error)
}

// EventKind is what happened to a message, or to a queue.
type EventKind string

// The kinds of events.
const (
	EventQueueCreated EventKind = "queueCreated"
	EventQueueDeleted EventKind = "queueDeleted"
	EventPurged       EventKind = "purged"
	EventSent         EventKind = "sent"
	EventDuplicate    EventKind = "duplicate" // accepted, and swallowed by deduplication
	EventReceived     EventKind = "received"
	EventVisible      EventKind = "visible" // visibility timeout or delay over, or given back
	EventDeleted      EventKind = "deleted"
	EventExpired      EventKind = "expired"
	EventDeadLettered EventKind = "deadLettered"
	EventMoved        EventKind = "moved"    // by a move task
	EventFault        EventKind = "fault"    // a fault that was set happened to a request
	EventRestored     EventKind = "restored" // everything was replaced by a snapshot
)

// EventKinds are all kinds of events.
func EventKinds() []EventKind {
	return []EventKind{
		EventQueueCreated, EventQueueDeleted, EventPurged, EventSent, EventDuplicate, EventReceived, EventVisible, EventDeleted,
		EventExpired, EventDeadLettered, EventMoved, EventFault, EventRestored,
	}
}

// Event is one thing that happened. To is the ARN of the other queue for a
// message that went to one.
type Event struct {
	Seq       uint64
	At        time.Time
	Kind      EventKind
	QueueArn  string
	MessageId string
	Group     string // MessageGroupId of the message; "": it has none
	To        string
	Count     int       // messages, for a purge; the receive count, for a delivery
	Fault     FaultKind // what happened, for a fault
	Action    string    // what it happened in
	Dropped   uint64    // events lost before this one
}
