package redrive

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/move"
	"sqscope/backend/triage/harm"
)

// Level is how much a finding of the preflight matters; a higher one is worse.
type Level int

// The levels. Nothing is moved while there is a blocker.
const (
	Note Level = iota
	Warning
	Blocker
)

// String is the level in a word.
func (l Level) String() string { return [...]string{"note", "warning", "blocker"}[l] }

// Finding is something that the preflight has to say.
type Finding struct {
	Level   Level
	Queue   backend.ARN // that it is about
	Text    string      // in a sentence without its full stop
	Next    string      // what to do, or ""
	Section string      // of docs/SQS.md, where the rule comes from; "" where it is no rule of SQS
}

// Alive is whether somebody receives from a destination.
type Alive int

// What is known of a consumer.
const (
	AliveUnknown Alive = iota
	AliveYes
	AliveNo
)

// Destination is a queue that messages go to.
type Destination struct {
	move.Queue
	Count int // of the known messages, those that go there; -1: none were read

	Visibility                 time.Duration
	Retention                  time.Duration
	InFlight, Visible, Delayed int         // about; -1: not known
	DLQ                        backend.ARN // that its RedrivePolicy names; zero: none

	Alive     Alive
	Consumers []string // how that is known: "the Lambda function resize receives from it"
}

// Returns is how long it takes a message that fails by time-out to come back, at
// the latest: as many receives as are allowed, each for the visibility timeout, and
// one more that moves it (docs/SQS.md 6.1). 0: it does not come back.
func (d Destination) Returns() time.Duration {
	if d.MaxReceiveCount == 0 {
		return 0
	}
	return time.Duration(d.MaxReceiveCount)*d.Visibility + slack
}

// slack is for the polls of a consumer.
const slack = 30 * time.Second

// Again is an earlier redrive of messages that are to be moved now.
type Again struct {
	Run      string
	At       time.Time
	Messages int  // of those known now
	Watched  bool // it is known whether they came back
	CameBack int
}

// Card is the preflight: all that is known before anything is leased.
type Card struct {
	From     move.Queue
	To       []Destination
	Native   bool
	Count    int  // messages to move, about; -1: not known
	Exact    bool // each message will be followed, as the engine tells of it
	Reads    bool // the dead-letter queue will be received from to see what comes back
	Canary   int  // messages moved first; 0: none
	Window   time.Duration
	Cut      bool          // the window is shorter than a message may take to come back
	Takes    time.Duration // at the planned rate, without the canary and the watch after it; -1: not known
	Requests int           // about, for moving; watching costs a few a minute besides
	Again    []Again
	Times    int // how often the one redriven most often was redriven
	Findings []Finding

	Left map[string]int // known messages that would not be moved, by reason
}

// Blocked tells whether something stands against the redrive.
func (c *Card) Blocked() bool { return c.worst() == Blocker }

func (c *Card) worst() Level {
	worst := Note
	for _, f := range c.Findings {
		worst = max(worst, f.Level)
	}
	return worst
}

// Of are the findings of one level, in the order in which they were found.
func (c *Card) Of(l Level) []Finding {
	return slices.DeleteFunc(slices.Clone(c.Findings), func(f Finding) bool { return f.Level != l })
}

// Err is the first blocker as an error of kind conflict; nil: there is none.
func (c *Card) Err() error {
	blockers := c.Of(Blocker)
	if len(blockers) == 0 {
		return nil
	}
	f := blockers[0]
	e := backend.Errorf(backend.KindConflict, "%s", f.Text)
	e.Subject, e.Next = f.Queue.Name, cmp.Or(f.Next, "nothing was leased or moved")
	return e
}

func (c *Card) say(l Level, q backend.ARN, section, next, format string, args ...any) {
	c.Findings = append(c.Findings, Finding{l, q, fmt.Sprintf(format, args...), next, section})
}

// Lines say the card for a person: what, where to, how, then the findings, the
// worst first.
func (c *Card) Lines() []string {
	lines := []string{c.what()}
	for _, d := range c.To {
		lines = append(lines, d.words())
	}
	lines = append(lines, c.how())
	for _, l := range []Level{Blocker, Warning, Note} {
		for _, f := range c.Of(l) {
			line := l.String() + ": "
			if f.Queue != (backend.ARN{}) {
				line += f.Queue.Name + " "
			}
			line += f.Text
			if f.Next != "" {
				line += " (" + f.Next + ")"
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func (c *Card) what() string {
	n := "messages"
	if c.Count >= 0 {
		n = "about " + plural(c.Count, "message")
	}
	how := "a selective, journaled move"
	if c.Native {
		how = "a move task of SQS"
	}
	s := fmt.Sprintf("%s from %s by %s, about %s", n, c.From.ARN.Name, how, plural(c.Requests, "request"))
	if c.Takes >= time.Second {
		s += ", " + harm.Span(c.Takes.Round(time.Second))
	}
	return s
}

func (c *Card) how() string {
	var parts []string
	if c.Canary > 0 {
		parts = append(parts, fmt.Sprintf("the first %d are moved and watched for up to %s before any more follow", c.Canary, harm.Span(c.Window)))
	} else {
		parts = append(parts, "no canary: everything is moved at once")
	}
	switch {
	case c.Exact:
		parts = append(parts, "the fate of each message is known")
	case c.Reads:
		parts = append(parts, "to see what comes back "+c.From.ARN.Name+" is received from, which counts as a receive and hides messages for a moment")
	default:
		parts = append(parts, "what comes back is told from depths alone, which may be a minute late")
	}
	return strings.Join(parts, "; ")
}

func (d Destination) words() string {
	s := "to " + d.ARN.Name
	if d.Count >= 0 {
		s += fmt.Sprintf(": %d of the messages read", d.Count)
	}
	if d.Visible >= 0 {
		s += fmt.Sprintf("; %d visible, %d in flight", d.Visible, d.InFlight)
	}
	if d.Visibility > 0 {
		s += fmt.Sprintf("; visibility timeout %s", harm.Span(d.Visibility))
	}
	if d.MaxReceiveCount > 0 {
		s += fmt.Sprintf(", back in %s after %s", d.DLQ.Name, plural(d.MaxReceiveCount, "receive"))
	}
	switch {
	case len(d.Consumers) > 0:
		s += "; " + strings.Join(d.Consumers, ", ")
	case d.Alive == AliveUnknown:
		s += "; whether anybody receives from it is not known"
	}
	return s
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
