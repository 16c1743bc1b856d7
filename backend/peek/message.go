package peek

import (
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// Message is a message as it was last seen. Its maps are shared and not to be
// changed.
type Message struct {
	backend.Message
	State        backend.State // in flight while we have it on lease; then it is not known
	Until        time.Time     // when in flight or delay ends; zero: neither, or not known
	Expires      time.Time     // when retention ends; zero: not known
	LeaseEnds    time.Time     // of our own lease; zero: none, or given back
	ReceiveCount int           // receives so far, ours included (docs/SQS.md 5.2)
	FirstSeen    time.Time     // by this session
}

// Leased tells whether a message is on our lease at this time.
func (m Message) Leased(now time.Time) bool { return now.Before(m.LeaseEnds) }

// GroupId is the message's group, or "" if it has none.
func (m Message) GroupId() string { return m.Attributes[backend.SysMessageGroupId] }

// held is a message of a session and what we have of it. The session's mutex
// guards it.
type held struct {
	Message
	turn int  // which delivery to us it was: the later, the larger
	look uint // the scan that received it last

	since time.Time // when the receive that brought it was sent
	// aside is a message that LookFor received and that is not shown: it did not
	// match, or nobody has looked yet. Its count is known all the same.
	aside bool
}

// expires is when a received message is lost, as far as that follows from the
// message: a move to a FIFO dead-letter queue restarts retention at a time that
// it does not tell (6.2).
func expires(attributes map[string]string, fifo bool, retention time.Duration) time.Time {
	at, exact := rules.Expiry(attributes, fifo, retention)
	if !exact {
		return time.Time{}
	}
	return at
}

// inSequence orders sequence numbers, decimal strings of any length (8.2).
func inSequence(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
