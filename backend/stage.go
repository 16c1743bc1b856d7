package backend

import (
	"context"
	"time"
)

// Stage is a scenario at work in the embedded engine: who plays, what each holds,
// and what can be turned while they play.
type Stage interface {
	// Picture is the stage at this moment, with the flights after a number, 0 for
	// all that are remembered. It is cheap enough for every frame.
	Picture(ctx context.Context, after uint64) (Picture, error)
	// Ledger is what everybody has counted.
	Ledger(ctx context.Context) (Ledger, error)
	// Knobs are all that can be turned now, actors first.
	Knobs(ctx context.Context) ([]Knob, error)
	// SetKnob turns a knob. A value beyond the limits is refused as KindInvalid,
	// with SQS's own reason where the limit is SQS's, and changes nothing; what is
	// not there is KindNotFound.
	SetKnob(ctx context.Context, subject, name, value string) error
}

// Picture is a scenario at work, at one moment. It is a value of its own that
// nothing changes any more.
type Picture struct {
	At      time.Time
	Actors  []Figure    // producers, workers, functions, topics, state machines, scalers, downstreams, each in file order; then who is no actor
	Queues  []QueueHeap // all that the engine has, by name
	Total   Counts      // of all actors, and not of outsiders
	Flights []Flight    // after the one that was asked for, the oldest first
	Flown   uint64      // number of the last flight, for the next picture
	Missed  uint64      // flights between that and the first of Flights, which are forgotten
}

// QueueHeap is a queue in a picture: its exact counts, and what it is set to.
type QueueHeap struct {
	ARN                        ARN
	Visible, InFlight, Delayed int

	Sent, Received, Deleted uint64    // since it was made, as in [QueueMetrics]
	Expired                 uint64    // likewise: lost at the end of their retention
	Oldest                  time.Time // when the oldest message was sent; zero if there is none

	VisibilityTimeout int    // seconds
	DLQ               string // ARN of its dead-letter queue; "": it has none
	MaxReceiveCount   int    // of its redrive policy; 0 without one
}

// Stored is all that the queue holds.
func (q *QueueHeap) Stored() int { return q.Visible + q.InFlight + q.Delayed }

// Figure is an actor in a picture.
type Figure struct {
	Actor
	Reads  []string // names of the queues that it receives from
	Writes []string // names of the queues, topics and downstreams that it sends to
	Says   []string // what each of Writes gets, in words, where the actor chooses: a topic's subscriptions
	Hands  []Hand   // what it has many of: workers, functions at work, or tasks
	Gauge  Gauge
}

// ActorKind is what an actor does.
type ActorKind string

// The kinds of actors.
const (
	ActorProducer     ActorKind = "producer"
	ActorWorker       ActorKind = "worker"       // a group of like workers
	ActorLambda       ActorKind = "lambda"       // a function with an event source mapping
	ActorTopic        ActorKind = "topic"        // of SNS
	ActorStateMachine ActorKind = "stateMachine" // of Step Functions, waiting for task tokens
	ActorScaler       ActorKind = "scaler"       // of a group of workers
	ActorDownstream   ActorKind = "downstream"   // a service that consumers call

	// Who uses the engine beside the actors, as far as it does so.
	OutsideSender   ActorKind = "outsideSender"
	OutsideReceiver ActorKind = "outsideReceiver"
)

// Actor is where an actor stands. Queue is where it receives, or the one that it
// sends to; "" if there is none. Err is the last error that the engine gave the
// actor, nil if there was none: a deleted queue, for example. An actor goes on
// after an error.
type Actor struct {
	Name  string
	Kind  ActorKind
	Queue string
	Counts
	Err error
}

// HandState is what a worker, a function or a task is at.
type HandState string

// The states of a hand.
const (
	HandFree    HandState = "free"    // waits for messages
	HandWorking HandState = "working" // at its first message
	HandHolding HandState = "holding" // has received messages that it cannot begin with yet
	HandAway    HandState = "away"    // crashed, or not started yet
	HandWaiting HandState = "waiting" // a task without an answer
)

// Hand is one worker of a group, one invocation of a function, or one task of a
// state machine.
type Hand struct {
	State    HandState
	Since    time.Time // when it got what it holds, or went away; zero if free
	Until    time.Time // when it is done with the first message, or back; zero if free
	Messages []string  // ids that it holds, the one in work first; of a task: its token
	Failing  bool      // the message in work is going to fail
}

// Gauge is a level against a limit: a downstream's calls in this second, the
// invocations of a function, the workers of a scaled group. Limit 0 is none.
type Gauge struct {
	Level, Limit, Peak int
}

// FlightKind is what a message is on its way for.
type FlightKind string

// The kinds of flights.
const (
	FlightSent      FlightKind = "sent"      // from an actor to a queue or a topic
	FlightReceived  FlightKind = "received"  // from a queue to an actor
	FlightDeleted   FlightKind = "deleted"   // by an actor, in a queue
	FlightGivenBack FlightKind = "givenBack" // visible again, from an actor to a queue
	FlightCalled    FlightKind = "called"    // from an actor to a downstream
	FlightRefused   FlightKind = "refused"   // likewise, which answered with a 503
	FlightAnswered  FlightKind = "answered"  // from a worker to a state machine
)

// Flight is a message on its way, or a call. From and To are names of actors,
// queues and topics. MessageId is "" where there is none.
type Flight struct {
	Number    uint64 // from 1
	At        time.Time
	Kind      FlightKind
	From, To  string
	MessageId string
}

// Counts are what an actor has counted of its own doings since the start. What
// an actor does not do stays 0. All are of messages, where nothing else is said.
type Counts struct {
	Done   uint64 `json:"done"`   // sent by a producer; processed, and the delete confirmed, by a consumer; delivered by a topic; answered tasks of a state machine; calls that a downstream took
	Failed uint64 `json:"failed"` // refused, or not processed

	Requests uint64 `json:"requests,omitempty"` // to SQS, each of which it bills (docs/SQS.md 12.4)
	Sent     uint64 `json:"sent,omitempty"`     // taken by a queue or a topic
	Refused  uint64 `json:"refused,omitempty"`  // sends that were not; calls that a downstream refused
	Received uint64 `json:"received,omitempty"` // deliveries
	Empty    uint64 `json:"empty,omitempty"`    // receives without a message
	Deleted  uint64 `json:"deleted,omitempty"`  // deletes that were confirmed, also of what was gone
	Extended uint64 `json:"extended,omitempty"` // heartbeats: visibility timeouts that began anew

	Effects    uint64 `json:"effects,omitempty"`    // side effects, each key counted once
	Duplicates uint64 `json:"duplicates,omitempty"` // side effects that had happened before
	Skipped    uint64 `json:"skipped,omitempty"`    // side effects that the idempotency key prevented
	OutOfOrder uint64 `json:"outOfOrder,omitempty"` // processed behind one with a higher number

	Crashed     uint64 `json:"crashed,omitempty"`     // workers or functions that died with messages in hand
	Throttled   uint64 `json:"throttled,omitempty"`   // invocations that found no free function; calls that got a 503
	Unseen      uint64 `json:"unseen,omitempty"`      // messages that were received and given up before a function saw them
	Invocations uint64 `json:"invocations,omitempty"` // of a function
	TimedOut    uint64 `json:"timedOut,omitempty"`    // invocations, or tasks of a state machine, that took too long
	Late        uint64 `json:"late,omitempty"`        // answers for tasks that are over
	Filtered    uint64 `json:"filtered,omitempty"`    // that a subscription's filter held back
	Lost        uint64 `json:"lost,omitempty"`        // that a topic gave up
}

// Add adds other counts.
func (c *Counts) Add(o *Counts) {
	for i, from := range o.all() {
		*c.all()[i] += *from
	}
}

func (c *Counts) all() [21]*uint64 {
	return [...]*uint64{
		&c.Done, &c.Failed, &c.Requests, &c.Sent, &c.Refused, &c.Received, &c.Empty, &c.Deleted, &c.Extended,
		&c.Effects, &c.Duplicates, &c.Skipped, &c.OutOfOrder, &c.Crashed, &c.Throttled, &c.Unseen,
		&c.Invocations, &c.TimedOut, &c.Late, &c.Filtered, &c.Lost,
	}
}

// Tally is what the scenario has done to one of its queues since it was made:
// its actors, and what put the first messages there. Clients from outside, move
// tasks and dead letters are not in it, but are in [QueueMetrics].
type Tally struct {
	Queue    string `json:"queue"`
	Sent     uint64 `json:"sent"` // also those that a FIFO queue swallowed as duplicates (docs/SQS.md 8.1)
	Received uint64 `json:"received"`
	Deleted  uint64 `json:"deleted"` // confirmed, also of what was gone already (1.14)
}

// Ledger is what everybody has counted, at one moment.
type Ledger struct {
	Actors []Actor // in the order of [Picture]
	Queues []Tally // in file order
	Total  Counts
}

// Knob is something that can be changed while a scenario is at work: of an actor,
// of a queue, or of the faults of all queues. Values are texts as a seed file has
// them: 12, 0.05, 30s, true.
type Knob struct {
	Subject string // name of the actor or the queue; [AllQueues]
	Name    string // of the knob, one for each subject
	Value   string
	Says    string // what it is and what it takes, in words
}

// AllQueues is the subject of faults that happen in every queue.
const AllQueues = "*"
