// Package harm tells how long it takes until messages are lost, and which
// dead-letter queues need somebody first.
//
// Retention counts from the time that a message was sent (docs/SQS.md 5.9). A
// standard queue's dead letter keeps that time, so what it spent in the source is
// gone; a FIFO queue's dead letter counts from its move; a redriven message is a
// new one (6.2, 7.3). The rule itself is in package rules.
//
// Everything here is a function of its arguments. Nothing is known of messages
// that were not read but what CloudWatch or an engine says of the oldest.
package harm

import (
	"fmt"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/peek"
	"sqscope/backend/rules"
)

// Bound is how well a time of loss is known.
type Bound int

// The bounds.
const (
	Unknown Bound = iota
	Exact
	AtMost  // it is lost then or sooner
	AtLeast // it is lost then or later
)

// Loss is when a message, or the first of several, is lost.
type Loss struct {
	At     time.Time
	Bound  Bound
	Source string // how it is known: "soonest of 143 read", "CloudWatch"
}

// Left is how long it takes, never less than nothing.
func (l Loss) Left(now time.Time) time.Duration { return max(0, l.At.Sub(now)) }

// Sign stands before the time that is left: "", "≤", "≥", or "?" where there is
// none.
func (l Loss) Sign() string { return [...]string{"?", "", "≤", "≥"}[l.Bound] }

// Queue is what a loss depends on beside the message.
type Queue struct {
	FIFO      bool
	Retention time.Duration // 0: not known
}

// Of is a queue's part in it, as the fleet read it.
func Of(q *fleet.Queue) Queue {
	return Queue{q.FIFO, time.Duration(q.Setting(backend.AttrMessageRetentionPeriod)) * time.Second}
}

// OfMessage is when a message is lost. What an engine says of it is exact; of a
// received one it follows from the time sent.
func OfMessage(m peek.Message, q Queue) Loss {
	if !m.Expires.IsZero() {
		return Loss{m.Expires, Exact, "read"}
	}
	at, exact := rules.Expiry(m.Attributes, q.FIFO, q.Retention)
	switch {
	case at.IsZero():
		return Loss{}
	case exact:
		return Loss{at, Exact, "time sent and retention"}
	}
	return Loss{at, AtLeast, "its move here restarted retention at a time that is not told"}
}

// OfMessages is when the first of those that were read is lost: all that are in
// a group, or all that anybody knows of a queue.
func OfMessages(n int, message func(int) peek.Message, q Queue) Loss {
	var soonest Loss
	unknown := 0
	for i := range n {
		l := OfMessage(message(i), q)
		switch {
		case l.Bound == Unknown:
			unknown++
		case soonest.Bound == Unknown || l.At.Before(soonest.At) || l.At.Equal(soonest.At) && l.Bound < soonest.Bound:
			soonest = l
		}
	}
	switch {
	case soonest.Bound == Unknown:
		return Loss{}
	case unknown > 0 && soonest.Bound == AtLeast:
		return Loss{} // one that is not known may be lost sooner, and none is known to be lost by any time
	case unknown > 0:
		soonest.Bound = AtMost
	}
	soonest.Source = "soonest of " + strconv.Itoa(n) + " read"
	return soonest
}

// Read is what was read of a queue: the loss of the first of those messages.
type Read struct {
	Messages int
	All      bool // there are no others, for certain: an engine was browsed to its end
	Loss     Loss
}

// OfQueue is when the first message of a queue is lost, from what is known without
// reading and from what was read. What was not read may be lost sooner, so a time
// that is read of some is a bound from above. CloudWatch gives one too: in a
// dead-letter queue it counts from the move and leaves out what was received often
// (12.3).
func OfQueue(q *fleet.Queue, r Read) Loss {
	if r.All && r.Messages > 0 {
		return r.Loss
	}
	facts := Of(q)
	var known Loss
	if q.OldestSource != "" && !q.Oldest.IsZero() && facts.Retention > 0 && q.Stored() > 0 {
		known = Loss{q.Oldest.Add(facts.Retention), AtMost, q.OldestSource}
		if q.OldestSource == fleet.SourceEngine {
			known.Bound = Exact
			return known
		}
	}
	read := r.Loss
	if read.Bound == AtLeast {
		return known // says nothing of the others, and of itself only that it lives as long
	}
	if read.Bound != Unknown {
		read.Bound = AtMost
		read.Source = fmt.Sprintf("%s of about %d", r.Loss.Source, max(q.Stored(), r.Messages))
	}
	if read.Bound == Unknown || known.Bound != Unknown && known.At.Before(read.At) {
		return known
	}
	return read
}
