// Package triage tells the messages of a dead-letter queue apart by what they
// died of.
//
// SQS attaches no error to a dead-lettered message (docs/SQS.md 6.2), so a cause
// is told from what is there, and from the strongest of it that there is:
//
//  1. an error that the producer, the consumer or an envelope put into the body or
//     the attributes;
//  2. a body with nothing in it, or one that cannot be read: XML that breaks off,
//     a format that others do not have;
//  3. a verdict: a field by which a message says that it was refused;
//  4. its kind: messages that have members of their own and say so elsewhere;
//  5. a fault: a value of another type, empty, missing or renamed where most of
//     its kind have it.
//
// Kinds and faults that are all of one release, or have one field empty that all
// others fill, have one cause and become one group.
//
// A message is compared with those that were read with it: the more were read,
// the better it is told. Messages that are explained otherwise still show what is
// usual. What is found does not depend on the order of the messages, and a group
// keeps its ID as long as it is told by the same things.
//
// Everything here is a function of its arguments and starts no goroutine. Titles
// and evidence hold foreign text; whoever shows them makes it safe first. They are
// made of the decoded bodies that are given, so what a mask hides is in none.
package triage

import (
	"context"
	"fmt"
	"time"

	"sqscope/backend"
	"sqscope/backend/decode"
	"sqscope/backend/peek"
	"sqscope/backend/triage/arrange"
	"sqscope/backend/triage/harm"
)

// Message is a message that was read, and its body as far as it may be seen.
type Message struct {
	peek.Message
	Body decode.Result // decoded, and masked where a mask holds; the zero Result: Find decodes it
}

// Cause is what tells a group.
type Cause int

// The causes, strongest first.
const (
	Other    Cause = iota // nothing tells them but that they are none of the others
	ByRule                // the user's own fields
	ByError               // an error that stands in it
	ByBlank               // there is nothing in it
	ByBroken              // it cannot be read
	ByVerdict
	ByRelease // one release made them, and nothing else
	ByFault   // it differs from most of its kind
	ByKind    // it is of another kind than the rest
	ByFormat  // the rest is of another format
)

var causeWords = [...]string{
	"no difference", "your rule", "an error in it", "nothing in it", "cannot be read", "refused", "one release", "a fault", "its kind", "its format",
}

// String is the cause in words.
func (c Cause) String() string { return causeWords[c] }

// Group is messages that died of one cause, as far as can be told.
type Group struct {
	ID       string // of 16 hexadecimal digits; the same whenever a group is told by the same things
	Title    string
	Label    string // the user's; "" where there is none
	Cause    Cause
	Evidence []string // what tells it, in sentences without full stops
	Advice   Advice

	Members  []int // of the messages given, by the time they were sent
	Smallest int   // the one of them with the fewest bytes
	Receives Receives
	First    time.Time // when the first was sent; zero: no time was read
	Last     time.Time
	Arrivals Arrivals
	Loss     harm.Loss // of the first to be lost
}

// Receives are the receive counts of a group.
type Receives struct{ Min, Median, Max int }

// Grouping is what was found.
type Grouping struct {
	Groups []Group // the largest first
	Read   int     // messages that were grouped
	First  time.Time
	Last   time.Time // when the first and the last of them were sent
}

// Words say how much of a queue was grouped: about is how many messages there
// are, or -1.
func (g Grouping) Words(about int) string {
	if about < 0 {
		return fmt.Sprintf("grouped the %d that were read", g.Read)
	}
	return fmt.Sprintf("grouped %d of about %d", g.Read, max(about, g.Read))
}

// Facts are what is known of the queue that the messages lie in.
type Facts struct {
	harm.Queue
	Markers []arrange.Marker // of the user, for the histograms of arrivals
}

// Find groups messages, all of one queue. The same messages in another order give
// the same groups with the same IDs. It costs O(n) in the bytes of the messages.
// The error is the context's, as a *backend.Error of kind cancelled or timeout.
func Find(ctx context.Context, messages []Message, facts Facts, rules arrange.Rules) (Grouping, error) {
	f := newFinder(messages, rules)
	for i := range messages {
		if i%64 == 0 && ctx.Err() != nil {
			return Grouping{}, backend.AsError(ctx.Err())
		}
		f.read(ctx, i)
	}
	f.errors()
	for _, fam := range f.families() {
		if ctx.Err() != nil {
			return Grouping{}, backend.AsError(ctx.Err())
		}
		f.tell(fam)
	}
	return f.grouping(facts), nil
}
