package doctor

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/policy"
	"sqscope/backend/rules"
)

// queue is the facts with what follows from them.
type queue struct {
	Facts
	self     backend.ARN // as the queue itself says, which policies go by
	target   backend.ARN // of its RedrivePolicy; zero: it names none, or none that can be read
	receives int         // maxReceiveCount, 1..1000; 0: none, or not known
	policy   policy.Policy
	readings []policy.Reading
}

func read(f Facts) *queue {
	q := &queue{Facts: f, self: f.Queue}
	if arn, ok := backend.ParseARN(f.Attributes[backend.AttrQueueArn]); ok {
		q.self = arn
	}
	// What cannot be read is not known, and nothing is found in it.
	redrive, _ := rules.ParseRedrivePolicy(f.Attributes[backend.AttrRedrivePolicy])
	q.target, _ = backend.ParseARN(redrive.DeadLetterTargetArn)
	if n := redrive.MaxReceiveCount; n >= rules.MinReceiveCount && n <= rules.MaxReceiveCount {
		q.receives = n
	}
	if doc := f.Attributes[backend.AttrPolicy]; doc != "" {
		q.policy, _ = policy.Parse(doc)
		q.readings = q.policy.Words(q.self)
	}
	return q
}

// fifo tells whether it is a FIFO queue.
func (q *queue) fifo() bool { return q.self.FIFO() }

// isDLQ tells whether some queue is known to name this one.
func (q *queue) isDLQ() bool { return len(q.Sources) > 0 }

// unfit tells whether nothing can be dead-lettered, since there is no target or
// none that SQS takes.
func (q *queue) unfit() bool {
	return q.DLQMissing || q.elsewhere() || q.target.FIFO() != q.fifo()
}

func (q *queue) elsewhere() bool {
	t := q.target
	return t.Account != q.self.Account || t.Region != q.self.Region || t.Partition != q.self.Partition
}

// lambdas are the mappings that receive now.
func (q *queue) lambdas() []Mapping {
	return slices.DeleteFunc(slices.Clone(q.Mappings), func(m Mapping) bool { return !m.Polls() })
}

// number is an attribute of the queue that is a whole number, if it is known
// and in SQS's range.
func (q *queue) number(name string) (int, bool) { return number(q.Attributes, name) }

func number(attributes map[string]string, name string) (int, bool) {
	value := attributes[name]
	if value == "" {
		return 0, false // and no error made for it: most queues lack most attributes
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return 0, false
	}
	lo, hi, _, limited := rules.AttributeRange(name)
	return n, !limited || n >= lo && n <= hi
}

// stored is how many messages a queue holds, in whatever state. An attribute
// that is not known counts for nothing, so that it is at least so many.
func stored(attributes map[string]string) int {
	sum := 0
	for _, name := range []string{backend.AttrMessages, backend.AttrMessagesNotVisible, backend.AttrMessagesDelayed} {
		if n, ok := number(attributes, name); ok {
			sum += n
		}
	}
	return sum
}

// found is a finding without what the table knows.
func found(harm Harm, title, why string, fix Fix) []Finding {
	return []Finding{{Harm: harm, Title: title, Why: why, Fix: fix}}
}

// set is the fix that sets one attribute of a queue that has these.
func set(arn backend.ARN, attributes map[string]string, name, value string) Fix {
	return Fix{
		Queue:      arn,
		Attributes: map[string]string{name: value},
		Changes:    []Change{{Name: name, From: words(name, attributes[name]), To: words(name, value)}},
	}
}

// set is the fix that sets one attribute of the queue itself.
func (q *queue) set(name, value string) Fix { return set(q.Queue, q.Attributes, name, value) }

// setNumber is the same for a whole number.
func (q *queue) setNumber(name string, n int) Fix { return q.set(name, strconv.Itoa(n)) }

// setReceives is the fix that changes how often a message may be received. SQS
// takes no RedrivePolicy whose target does not allow it.
func (q *queue) setReceives(n int) Fix {
	if _, denied := q.denial(); denied {
		return Fix{Open: RedriveForm, Note: "First the dead-letter queue has to allow this queue."}
	}
	f := q.set(backend.AttrRedrivePolicy, document(map[string]any{
		"deadLetterTargetArn": q.target.String(), "maxReceiveCount": n,
	}))
	f.Changes = []Change{{Name: "maxReceiveCount", From: strconv.Itoa(q.receives), To: strconv.Itoa(n)}}
	return f
}

// document is a JSON object, its keys in order.
func document(m map[string]any) string {
	text, err := json.Marshal(m)
	if err != nil {
		panic("doctor: strings and numbers always make JSON: " + err.Error())
	}
	return string(text)
}

// because is a fix with a note.
func (f Fix) because(note string) Fix {
	f.Note = note
	return f
}

// words is a value of an attribute, with its unit.
func words(name, value string) string {
	n, err := strconv.Atoi(value)
	switch {
	case value == "":
		return "none"
	case err != nil:
		return value
	case name == backend.AttrMaximumMessageSize:
		return count(n) + " bytes"
	case strings.HasSuffix(name, "Seconds") || name == backend.AttrVisibilityTimeout || name == backend.AttrMessageRetentionPeriod:
		return span(n)
	}
	return value
}

// span is a number of seconds in its units, such as 4 d or 1 h 30 min.
func span(seconds int) string {
	var parts []string
	for _, u := range []struct {
		length int
		name   string
	}{{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}} {
		if n := seconds / u.length; n > 0 {
			parts = append(parts, strconv.Itoa(n)+" "+u.name)
			seconds %= u.length
		}
	}
	if parts == nil {
		return "0 s"
	}
	return strings.Join(parts, " ")
}

// duration is a length of time; of one of hours, the seconds do not matter.
func duration(d time.Duration) string {
	if d >= time.Hour {
		d = d.Truncate(time.Minute)
	}
	return span(int(d / time.Second))
}

// count is a number with its thousands set apart.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// messages is a number of messages.
func messages(n int) string {
	if n == 1 {
		return "1 message"
	}
	return count(n) + " messages"
}
