package peek

import (
	"fmt"
	"strings"
	"time"
)

// Stop is why a look ended.
type Stop string

// The reasons for which a look ends (docs/SQS.md 13.2). None of them says that
// the queue is empty: no receive can tell that.
const (
	StopNone       Stop = ""           // it goes on
	StopWanted     Stop = "wanted"     // as many as were wanted
	StopAll        Stop = "all"        // as many as there were at the start
	StopEmpty      Stop = "empty"      // two polls in a row brought nothing
	StopRepeated   Stop = "repeated"   // a message came a second time: the scan has gone round
	StopRound      Stop = "round"      // a FIFO queue is read one receive at a time
	StopGroups     Stop = "groups"     // nothing came of a FIFO queue that has messages: its groups are locked
	StopBudget     Stop = "budget"     // the time for a look is over
	StopOverLimit  Stop = "overLimit"  // too many messages are in flight
	StopDeadLetter Stop = "deadLetter" // going on would move messages that were seen to the dead-letter queue
	StopAsk        Stop = "ask"        // a person is to be asked first
	StopGrew       Stop = "grew"       // the dead-letter queue grew meanwhile
	StopHeld       Stop = "held"       // as many are on lease as may be
	StopCancelled  Stop = "cancelled"
	StopFailed     Stop = "failed" // the error says why
)

// Words are the reason for a person; "" for those that need no word.
func (s Stop) Words() string {
	switch s {
	case StopEmpty:
		return "two polls in a row brought nothing"
	case StopRepeated:
		return "messages began to repeat"
	case StopRound:
		return "FIFO: one receive a look"
	case StopGroups:
		return "nothing came: its groups are locked by messages in flight"
	case StopBudget:
		return "the time for a look is over"
	case StopOverLimit:
		return "too many messages are in flight"
	case StopDeadLetter:
		return "looking again would move messages to the dead-letter queue"
	case StopAsk:
		return "it may use up the last receives of messages: it is to be confirmed"
	case StopGrew:
		return "the dead-letter queue grew meanwhile"
	case StopHeld:
		return "no more may be hidden at the same time"
	case StopCancelled:
		return "cancelled"
	case StopFailed:
		return "failed"
	}
	return ""
}

// State is how far a look has come.
type State struct {
	Seen     int  // messages that the session knows
	About    int  // how many there are, with those on our lease; -1: not known
	Exact    bool // About is exact, and counts messages in every state
	Receives int  // receives answered in this look
	Empty    int  // of them empty
	Stop     Stop // why it ended, or StopNone
}

// Words say it honestly: "seen 143 of about 150, 4 polls, 1 empty".
func (s State) Words() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seen %d", s.Seen)
	switch {
	case s.Exact:
		fmt.Fprintf(&b, " of %d", s.About)
	case s.About >= 0:
		fmt.Fprintf(&b, " of about %d", s.About)
	}
	if s.Receives > 0 {
		b.WriteString(", " + plural(s.Receives, "poll"))
	}
	if s.Empty > 0 {
		fmt.Fprintf(&b, ", %d empty", s.Empty)
	}
	return b.String()
}

// Cost is what looking costs the queue and those who work on it: before a look
// what it would, after it what it did (13.1).
type Cost struct {
	Free            bool          // nothing is received
	MaxReceiveCount int           // receives before a message is dead-lettered; 0: it never is
	FIFO            bool          // a lease blocks the message's group
	Lease           time.Duration // how long a look hides what it receives, at most
	Receives        int           // made so far
	Empty           int           // of them brought nothing
	Messages        int           // received by us at least once
	Deliveries      int           // to us: what receive counts rose by in all
	AtLimit         int           // messages that the next receive would dead-letter
	Groups          int           // that our leases block now
	Highest         int           // receive count that is known of any message; 0: none is known
	Grew            int           // messages that came into the dead-letter queue during the last look
	Unwatched       error         // why the dead-letter queue could not be watched; nil: it was, or was not to be
}

// few is the maxReceiveCount up to which every look is asked about: receive
// counts are not known before a receive, and a message may be near its last.
const few = 3

// Confirm tells whether a person should be asked before a look: it may take one
// of the last receives of a message, or dead-letter one, which SQS does without
// showing it (13.1).
func (c Cost) Confirm() bool {
	if c.Free || c.MaxReceiveCount <= 0 {
		return false
	}
	return c.MaxReceiveCount <= few || c.Highest >= c.MaxReceiveCount-1 || c.Grew > 0
}

// Words say the cost for a person, in one line.
func (c Cost) Words() string {
	switch {
	case c.Free:
		return "looking is free here: nothing is received"
	case c.Receives == 0:
		return c.before()
	}
	return c.after()
}

func (c Cost) before() string {
	s := "each message read gets +1 receive"
	if c.MaxReceiveCount > 0 {
		s += fmt.Sprintf(" of %d", c.MaxReceiveCount)
	}
	s += fmt.Sprintf(" and is hidden for up to %d s", int(c.Lease/time.Second))
	if c.FIFO {
		s += ", its group blocked meanwhile"
	}
	if c.MaxReceiveCount == 1 {
		s += "; a second look moves it to the dead-letter queue"
	}
	return s
}

func (c Cost) after() string {
	parts := []string{fmt.Sprintf("+1 receive on %s", plural(c.Messages, "message"))}
	switch {
	case c.Messages == 0:
		parts[0] = "nothing received"
	case c.Deliveries > c.Messages:
		parts[0] = fmt.Sprintf("+%d receives on %s", c.Deliveries, plural(c.Messages, "message"))
	}
	switch {
	case c.AtLimit == 1:
		parts = append(parts, "1 is one receive from the dead-letter queue")
	case c.AtLimit > 1:
		parts = append(parts, fmt.Sprintf("%d are one receive from the dead-letter queue", c.AtLimit))
	}
	polls := plural(c.Receives, "poll")
	if c.Empty > 0 {
		polls += fmt.Sprintf(", %d empty", c.Empty)
	}
	parts = append(parts, polls)
	if c.Groups > 0 {
		parts = append(parts, plural(c.Groups, "group")+" blocked")
	}
	return strings.Join(parts, "; ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
