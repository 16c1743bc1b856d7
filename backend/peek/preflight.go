package peek

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Facts are what others know of a queue and a look cannot.
type Facts struct {
	Visible   int      // about how many can be received; -1: not known
	DLQ       string   // the name of its dead-letter queue; "": not known, or none
	Consumers []string // who else receives, in words: "the Lambda function resize", "a move task"
}

// Preflight is what the next look would cost, as far as can be known before
// (docs/SQS.md 13.1).
type Preflight struct {
	Cost
	Facts
	Want     int      // messages
	Requests int      // receives at least, for what is wanted and there
	Known    int      // messages whose receive count is known
	Unknown  int      // that are there besides, about; -1: nobody knows how many
	Last     []string // ids of those that would be received for the last time
	Over     []string // ids of those that it would move to the dead-letter queue, unseen
}

// Preflight tells what it would cost to look at want messages now. It makes no
// request.
func (s *Session) Preflight(f Facts, want int) Preflight {
	p := Preflight{Cost: s.Cost(), Facts: f, Want: want, Unknown: -1}
	reach := want
	if f.Visible >= 0 {
		reach = min(want, f.Visible)
	}
	p.Requests = max(1, (reach+batch-1)/batch)
	if p.Free {
		p.Requests = 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	back := 0 // known, and not on our lease
	for id, h := range s.messages {
		p.Known++
		if h.Leased(now) {
			continue
		}
		back++
		switch {
		case s.atLimit(h):
			p.Over = append(p.Over, id)
		case p.MaxReceiveCount > 0 && h.ReceiveCount == p.MaxReceiveCount-1:
			p.Last = append(p.Last, id)
		}
	}
	if f.Visible >= 0 {
		p.Unknown = max(0, f.Visible-back)
	}
	slices.Sort(p.Last)
	slices.Sort(p.Over)
	return p
}

// Lines say for a person what the look would cost and what could go wrong, the
// cost first.
func (p Preflight) Lines() []string {
	if p.Free {
		return []string{p.Cost.Words()}
	}
	lines := []string{p.before()}
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	dlq := "the dead-letter queue"
	if p.DLQ != "" {
		dlq = p.DLQ
	}
	if p.MaxReceiveCount > 0 {
		switch {
		case p.Unknown > 0:
			add("the receive counts of %d of about %d messages are not known before they are read; one that has had its %d is moved to %s unseen",
				p.Unknown, p.Visible, p.MaxReceiveCount, dlq)
		case p.Unknown < 0:
			add("receive counts are not known before messages are read; one that has had its %d is moved to %s unseen",
				p.MaxReceiveCount, dlq)
		}
		if n := len(p.Over); n > 0 {
			add("%s read before: this look moves %s to %s", plural(n, "message"), them(n), dlq)
		}
		if n := len(p.Last); n > 0 {
			add("%s read before: this is the last receive before %s", plural(n, "message"), dlq)
		}
		if p.Highest > 0 && p.Highest >= p.MaxReceiveCount-1 && len(p.Over)+len(p.Last) == 0 {
			add("a message is known that was received %s", plural(p.Highest, "time"))
		}
		if p.Grew > 0 {
			add("%s grew by %d during the last look", dlq, p.Grew)
		}
		if p.Unwatched != nil {
			add("whether %s grows cannot be watched: %v", dlq, p.Unwatched)
		}
	}
	if len(p.Consumers) > 0 {
		add("%s also receives here: a look sees a part, and takes it from there meanwhile", strings.Join(p.Consumers, ", "))
	}
	return lines
}

func them(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
