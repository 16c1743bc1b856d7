package harm

import (
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// longest is the longest retention that SQS has (docs/SQS.md 2.1).
const longest = rules.MaxRetention * time.Second

// Remedy is what keeps messages from being lost.
type Remedy struct {
	Act  Keep
	Text string // a sentence without its full stop

	// Attributes are what the act sets with SetQueueAttributes; nil where it sets
	// nothing.
	Attributes map[string]string
	Until      time.Time // when the first message is lost after it; zero: not by this queue's retention
}

// Keep is a way to keep messages.
type Keep int

// The ways.
const (
	Retain Keep = iota // longer in this queue
	Move               // to a queue that keeps them
	Export             // to a file
)

// Remedies are what can be done against a loss, the least trouble first. A longer
// retention holds for what is stored already, within fifteen minutes (docs/SQS.md
// 1.4), so it comes too late for what is lost before that.
func Remedies(q Queue, l Loss, now time.Time) []Remedy {
	var out []Remedy
	if q.Retention > 0 && q.Retention < longest {
		r := Remedy{
			Act: Retain, Text: "keep messages for 14 days here; it reaches those that are stored within 15 minutes",
			Attributes: map[string]string{backend.AttrMessageRetentionPeriod: strconv.Itoa(rules.MaxRetention)},
		}
		if l.Bound != Unknown {
			r.Until = l.At.Add(longest - q.Retention)
			if l.Bound != AtLeast && l.Left(now) < 15*time.Minute {
				r.Text = "keep messages for 14 days here; it may reach the first too late, so export first"
			}
		}
		out = append(out, r)
	}
	moved := Remedy{Act: Move, Text: "move them to a queue that keeps them for 14 days: they become new messages there, and retention starts anew"}
	if l.Bound != Unknown {
		moved.Until = now.Add(longest)
	}
	export := Remedy{Act: Export, Text: "export them to a file, from which they can be imported; that takes none from the queue"}
	if len(out) > 0 && l.Bound != Unknown && l.Bound != AtLeast && l.Left(now) < 15*time.Minute {
		return []Remedy{export, out[0], moved}
	}
	return append(out, moved, export)
}
