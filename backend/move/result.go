package move

import (
	"fmt"
	"strings"
	"time"

	"sqscope/backend"
)

// Outcome is what became of a message that was chosen.
type Outcome string

// The outcomes. But for Moved, the message is still in the source.
const (
	Moved             Outcome = "moved"
	Failed            Outcome = "failed"            // not sent, and put back
	Left              Outcome = "left"              // nothing was tried: it cannot go there
	Swallowed         Outcome = "swallowed"         // as a duplicate of another message (docs/SQS.md 8.1)
	PossibleDuplicate Outcome = "possibleDuplicate" // perhaps in the destination too
	Both              Outcome = "both"              // certainly in the destination too, until the move is finished
)

// Message is a message that was chosen, and what became of it.
type Message struct {
	ID            string
	MD5           string // of the body in the source
	NewID         string // in the destination; of a swallowed one the id of what it repeats
	NewMD5        string // of the body as it was sent
	NewAttributes string // digest of the message attributes as they were sent (docs/SQS.md 4.2); "": none
	Group         string // as it was sent; "": none
	To            backend.ARN
	Outcome       Outcome
	Why           *backend.Error // nil for Moved
}

// Stop is why a move ended.
type Stop string

// The reasons for which a move ends. None of them says that the source is empty:
// no receive can tell that (13.2).
const (
	StopAll       Stop = "all"       // all that were named were found
	StopMost      Stop = "most"      // as many as were allowed
	StopEmpty     Stop = "empty"     // two long polls in a row brought nothing
	StopRepeated  Stop = "repeated"  // two receives in a row brought only messages that had been seen
	StopGroups    Stop = "groups"    // what is left of a FIFO queue is behind messages that stay
	StopBudget    Stop = "budget"    // the time for leasing is over
	StopOverLimit Stop = "overLimit" // too many messages are in flight
	StopWatch     Stop = "watch"     // Watch said so
	StopCancelled Stop = "cancelled"
	StopFailed    Stop = "failed" // the error says why
)

// Words are the reason for a person.
func (s Stop) Words() string {
	switch s {
	case StopAll:
		return "all that were chosen were found"
	case StopMost:
		return "as many as were wanted"
	case StopEmpty:
		return "two long polls in a row brought nothing"
	case StopRepeated:
		return "messages began to repeat"
	case StopGroups:
		return "what is left is behind messages of its groups that stay"
	case StopBudget:
		return "the time for it is over"
	case StopOverLimit:
		return "too many messages are in flight"
	case StopWatch:
		return "stopped by what was watched"
	case StopCancelled:
		return "cancelled"
	case StopFailed:
		return "failed"
	}
	return ""
}

// Progress is how far a move has come, in messages.
type Progress struct {
	ID       string         // of the move
	Seen     int            // received so far
	Chosen   int            // of them to be moved
	Leased   int            // of those seen, neither deleted nor given back
	Sent     int            // and confirmed
	Deleted  int            // from the source, after that
	Released int            // given back
	Failed   int            // chosen, and not moved: failed, left or swallowed
	Doubtful int            // possible duplicates
	Reasons  map[string]int // of those that were not moved, how many for what
	Rate     float64        // messages sent a second, over the last 10 s
	Remain   int            // about how many there are still to look at; -1: not known
	Elapsed  time.Duration
	Canary   bool // as many as the canary were moved; nothing goes on before Watch returns
}

// Result is what a move did.
type Result struct {
	ID       string // of the move
	Messages []Message
	Missing  []string // ids that were named and did not come, or that were not come to; see Through
	Seen     int      // messages received
	Released int      // given back
	Stop     Stop
	Why      string // of StopWatch
	Elapsed  time.Duration
	// Open tells that messages are, or may be, in both queues and that the journal
	// waits for Resume.
	Open     bool
	Problems []*backend.Error // that kept no message from being moved
}

// Count is how many messages had that outcome.
func (r Result) Count(o Outcome) int {
	n := 0
	for _, m := range r.Messages {
		if m.Outcome == o {
			n++
		}
	}
	return n
}

// Through tells whether the move came to its end: what was named and is missing
// then did not come. Else it ended before.
func (r Result) Through() bool {
	switch r.Stop {
	case StopAll, StopEmpty, StopRepeated, StopGroups:
		return true
	case StopMost, StopBudget, StopOverLimit, StopWatch, StopCancelled, StopFailed:
	}
	return false
}

// Absence says of what is missing why it is.
func (r Result) Absence() string {
	if r.Through() {
		return "did not come"
	}
	return "not reached before it ended"
}

// Words are the reconciliation: every message that was chosen, in one place.
func (r Result) Words() string {
	var parts []string
	sum := 0
	for _, c := range []struct {
		outcome Outcome
		words   string
	}{
		{Moved, "moved"},
		{Failed, "failed and put back"},
		{Left, "left where they were"},
		{Swallowed, "swallowed as duplicates and kept"},
		{PossibleDuplicate, "kept and possibly sent too"},
		{Both, "sent and not deleted yet"},
	} {
		n := r.Count(c.outcome)
		sum += n
		if n > 0 || c.outcome == Moved {
			parts = append(parts, fmt.Sprintf("%d %s", n, c.words))
		}
	}
	s := fmt.Sprintf("%d chosen of %d seen: %s", len(r.Messages), r.Seen, strings.Join(parts, ", "))
	if n := len(r.Missing); n > 0 {
		s += fmt.Sprintf("; %d named %s", n, r.Absence())
	}
	return s + fmt.Sprintf("; %d unaccounted for", len(r.Messages)-sum)
}

func notDeleted() *backend.Error {
	e := backend.Errorf(backend.KindConflict, "was sent, and is not known to be deleted from the source")
	e.Next = "finish the move"
	return e
}

func noAnswer(cause error) *backend.Error {
	e := backend.Errorf(backend.KindInternal, "no answer came to the send, so it may be in the destination too")
	if cause != nil {
		e.Kind, e.Err = backend.KindOf(cause), cause
		e.Message += ": " + backend.AsError(cause).Message
	}
	e.Action, e.Next = "SendMessageBatch", "it was kept in the source; look in the destination before it is moved again"
	return e
}
