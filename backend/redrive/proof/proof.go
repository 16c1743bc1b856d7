// Package proof follows messages that were redriven, and tells what became of
// them: for the person on call, for the ticket, and for whoever redrives the same
// messages the next time.
//
// A redriven message is a new message (docs/SQS.md 7.3, 13.2). It is known again
// by the id that its send was answered with, which it keeps when it is
// dead-lettered once more (6.2), else by its content: the digests of its body and
// its message attributes. Two messages with one content cannot be told apart and
// count as so many of one.
//
// What is never shown is what is not known. Where a queue can be browsed and tells
// its events, the fate of each message is known. Elsewhere a message has come
// back, because it was seen where failed messages go, or it has not come back
// after so long; whether it was processed or waits is told for whole queues, from
// their depths.
//
// Promises:
//   - The destination of a redrive is never received from. The queue that failed
//     messages go to is received from only where [Options].Read says that a person
//     agreed, and what was received is given back before [Follower.Look] returns.
//   - Reports and history hold ids and digests, never bodies.
//   - A [Follower] has no goroutine, and is for one goroutine at a time.
package proof

import (
	"time"

	"sqscope/backend"
	"sqscope/backend/peek"
	"sqscope/backend/rules"
)

// Digest is what a message is by its content: the digests of docs/SQS.md 4,
// lower-case hex.
type Digest struct {
	Body       string `json:"body"`
	Attributes string `json:"attributes,omitempty"` // "": it has none
}

// digestOf is the digest of a message with all of its attributes.
func digestOf(m backend.Message) Digest {
	return Digest{rules.MD5OfBody(m.Body), rules.MD5OfAttributes(m.MessageAttributes)}
}

// Item is a message that was redriven.
type Item struct {
	Digest           // as it was sent
	ID     string    `json:"id,omitempty"`    // in the dead-letter queue; "": not known
	NewID  string    `json:"newId,omitempty"` // in the destination; "": SQS's own task moved it, and nobody knows
	Group  string    `json:"group,omitempty"` // message group
	Label  string    `json:"label,omitempty"` // of the failure that it is one of, in the user's words
	To     string    `json:"to"`              // ARN
	At     time.Time `json:"at"`              // when it was sent
	Before int       `json:"before,omitempty"`
	Fate   Fate      `json:"fate"`
	Doubt  bool      `json:"doubt,omitempty"` // perhaps it was not sent at all
}

// Fate is what became of a message that was redriven.
type Fate string

// The fates. Only CameBack can be known everywhere.
const (
	NotBack   Fate = "notBack"   // it was not seen where failed messages go
	CameBack  Fate = "cameBack"  // it was
	Waiting   Fate = "waiting"   // visible or delayed in the destination
	InFlight  Fate = "inFlight"  // with a consumer
	Processed Fate = "processed" // deleted by a consumer
	Lost      Fate = "lost"      // expired, purged, or gone with its queue
	Elsewhere Fate = "elsewhere" // dead-lettered to a queue that nobody watches
)

// settled tells whether nothing more will happen to the message by itself that
// is of interest here.
func (f Fate) settled() bool {
	return f == CameBack || f == Processed || f == Lost || f == Elsewhere
}

// Queue is one of the queues that are watched.
type Queue struct {
	Stack           backend.Stack // guarded and metered
	URL             string
	ARN             backend.ARN
	MaxReceiveCount int // of its own RedrivePolicy; 0: none
}

// Options say what is followed.
type Options struct {
	From Queue   // the dead-letter queue that is redriven
	To   []Queue // the destinations
	Back []Queue // where messages go that fail there: mostly From alone; none: they stay where they are

	// Read says that a person agreed to Back being received from, where that is what
	// reading takes: each look counts as a receive and hides messages for a moment.
	Read   bool
	Leases *peek.Leases // keeps account of what is on lease; needed with Read
	Most   int          // messages received at most in one look at a queue; 0: 1,000

	// Known are messages that were in Back before, as far as somebody has read them.
	Known []backend.Message
	Label func(id string) string    // of the failure that a message is one of; nil: none have one
	Past  func(backend.Message) int // how often it was redriven before; nil: nobody knows
}

const defaultMost = 1000
