package peek

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Account is what the looks of a session saw and did, and what is not given back
// yet.
type Account struct {
	Cost
	Saw     int       // messages, deleted ones too where they were received
	About   int       // how many there were at the last look; -1: not known
	Held    int       // on lease now, or being received
	Returns time.Time // when the last of them comes back by itself; zero: none is on lease
}

// Account is what the session has done so far. After [Session.Release] it is what
// to tell.
func (s *Session) Account() Account {
	a := Account{Cost: s.Cost(), About: -1}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	a.Saw, a.Held = a.Messages, s.pending
	if a.Free {
		a.Saw = len(s.order)
	}
	for _, h := range s.messages {
		if h.Leased(now) {
			a.Held++
			if h.LeaseEnds.After(a.Returns) {
				a.Returns = h.LeaseEnds
			}
		}
	}
	if s.last.Receives > 0 {
		a.About = s.last.About
	}
	return a
}

// Words say it in one line: "saw 143 of about 150 in 15 requests, 1 empty; +1
// receive on 143; all released".
func (a Account) Words(now time.Time) string {
	if a.Free {
		return fmt.Sprintf("saw %d; nothing was received", a.Saw)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "saw %d", a.Saw)
	if a.About >= a.Saw { // else the count was late
		fmt.Fprintf(&b, " of about %d", a.About)
	}
	b.WriteString(" in " + plural(a.Receives, "request"))
	if a.Empty > 0 {
		fmt.Fprintf(&b, ", %d empty", a.Empty)
	}
	grew := ""
	if a.Grew > 0 {
		grew = fmt.Sprintf("the dead-letter queue grew by %d meanwhile", a.Grew)
	}
	return join(b.String(), a.Raised(), a.held(now), grew)
}

// Brief is what matters most of the words, for where there is not room for all: the
// harm, and what is still hidden.
func (a Account) Brief(now time.Time) string {
	grew := ""
	if a.Grew > 0 {
		grew = fmt.Sprintf("DLQ grew by %d", a.Grew)
	}
	return join(grew, a.held(now))
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

// Raised is by how much receive counts rose, in words; "" if none did.
func (a Account) Raised() string {
	switch {
	case a.Deliveries > a.Messages:
		return fmt.Sprintf("+%d receives on %d", a.Deliveries, a.Messages)
	case a.Messages > 0:
		return fmt.Sprintf("+1 receive on %d", a.Messages)
	}
	return ""
}

// held is what is not given back yet.
func (a Account) held(now time.Time) string {
	switch {
	case a.Held > 0 && a.Returns.IsZero():
		return plural(a.Held, "receive") + " not answered yet"
	case a.Held > 0:
		return fmt.Sprintf("%d not released, back within %d s", a.Held, seconds(a.Returns.Sub(now)))
	case a.Messages > 0:
		return "all released"
	}
	return ""
}
