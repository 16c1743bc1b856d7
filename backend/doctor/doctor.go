// Package doctor finds misconfiguration of queues and says in words what it
// does to whom, and what would mend it.
//
// Everything here is a function of its arguments: no requests, no clock, safe
// from any goroutine. The caller gathers the [Facts] of a queue, as many as are
// known, and no finding ever rests on one that is not: an attribute that is
// absent, a dead-letter queue that was not read, sources that may not be all.
// So a finding may come later than it could, but it does not go away by itself.
//
// The strings of a finding have names and parts of policies in them as they
// are. Whoever shows them cleans them.
package doctor

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
)

// Facts are what is known of a queue and of what hangs together with it.
type Facts struct {
	Queue      backend.ARN
	Attributes map[string]string // all that GetQueueAttributes gives (docs/SQS.md 2.2); nil: not known

	DLQ        map[string]string // the same of the queue that the RedrivePolicy names; nil: not known
	DLQMissing bool              // it is known that there is no such queue

	Sources      []backend.ARN // queues whose RedrivePolicy names this one
	SourcesKnown bool          // there are no others

	Mappings      []Mapping              // Lambda functions that receive from it, as far as known
	Subscriptions []backend.Subscription // SNS topics that send to it, as far as known

	Oldest   backend.Opt[time.Duration] // age of the oldest message; it may be older, not younger
	Embedded bool                       // the queue is in the embedded engine: no bill, no disk, no other services
}

// Mapping is an event source mapping of Lambda with its function's timeout.
type Mapping struct {
	backend.Mapping
	Timeout time.Duration // 1 s to 15 min; 0: not known
}

// function is the name of the mapping's function.
func (m Mapping) function() string {
	parts := strings.SplitN(m.FunctionArn, ":", 8)
	if len(parts) < 7 {
		return m.FunctionArn
	}
	return parts[6] // arn:aws:lambda:REGION:ACCOUNT:function:NAME, and perhaps a version
}

// Harm is what a finding does if it is left alone; a higher one is worse.
type Harm int

// The harms.
const (
	Informs Harm = iota // nothing is wrong, but somebody will want to know
	Style               // against good practice
	Costs               // money, or throughput
	Blocks              // messages wait, are processed more than once or are refused
	Exposes             // others can read, send or delete messages
	Loses               // messages are lost
)

// String is the harm in a word or two.
func (h Harm) String() string {
	return [...]string{"note", "style", "costs", "blocks", "exposes", "loses messages"}[h]
}

// ID names what a finding is about. It stays the same from version to version.
type ID string

// Finding is something that is wrong with a queue. A queue has at most one for
// each pair of ID and About.
type Finding struct {
	Queue   backend.ARN
	ID      ID
	About   string // which of several: a statement of the policy; mostly ""
	Harm    Harm
	Title   string // one line, without a full stop
	Why     string // what happens to whom, in sentences, with the queue's own numbers
	Section string // of docs/SQS.md, where the rule comes from: "6.2", "6.1, 10.7"
	Fix     Fix
}

// Fix is what would mend it: Attributes to set, or a place to Open, or neither,
// with the reason in Note.
type Fix struct {
	Queue      backend.ARN       // whose attributes are to be set; not always the queue of the finding
	Attributes map[string]string // for SetQueueAttributes; nil: none
	Changes    []Change          // what they change, for people
	Open       Place
	Note       string // what to think of before, or why nothing can be set; in sentences, or ""
}

// Change is one thing that a fix changes, in words.
type Change struct {
	Name     string // of an attribute, or of what in it changes
	From, To string // with units; "none" where there is nothing
}

// Place is where a person mends what cannot be mended by setting attributes.
type Place string

// The places. Nowhere goes with a Note that says why.
const (
	Nowhere       Place = ""
	CreateDLQ     Place = "create a dead-letter queue"
	RedriveForm   Place = "choose the dead-letter queue"
	PolicyEditor  Place = "edit the policy"
	AttributeForm Place = "edit the attributes"
	DeadLetters   Place = "look at the dead letters"
)

// Examine is what is wrong with a queue, the worst first.
func Examine(f Facts) []Finding {
	if f.Attributes == nil {
		return nil
	}
	q := read(f)
	var all []Finding
	for _, r := range table() {
		for _, found := range r.look(q) {
			found.Queue, found.ID, found.Section = f.Queue, r.id, r.section
			all = append(all, found)
		}
	}
	slices.SortStableFunc(all, func(a, b Finding) int { return cmp.Compare(b.Harm, a.Harm) })
	return all
}

// After is what would be wrong with the queue once the fix were made: compared
// with [Examine] it tells what a fix mends and what it brings. It sets nothing,
// and a fix without Attributes changes nothing.
func After(f Facts, fix Fix) []Finding {
	target := read(f).target
	if fix.Queue == f.Queue {
		f.Attributes = changed(f.Attributes, fix.Attributes)
	}
	if fix.Queue == target {
		f.DLQ = changed(f.DLQ, fix.Attributes)
	}
	return Examine(f)
}

// changed is what GetQueueAttributes gives after SetQueueAttributes (2.2).
func changed(attributes, set map[string]string) map[string]string {
	if attributes == nil {
		return nil
	}
	attributes = maps.Clone(attributes)
	maps.Copy(attributes, set)
	if set[backend.AttrSqsManagedSseEnabled] == "true" {
		delete(attributes, backend.AttrKmsMasterKeyId)
		delete(attributes, backend.AttrKmsDataKeyReusePeriodSeconds)
	}
	maps.DeleteFunc(attributes, func(_, value string) bool { return value == "" })
	return attributes
}

// Fleet is what is wrong with many queues, the worst first, and equally bad
// things by the name of the queue.
func Fleet(all []Facts) []Finding {
	var found []Finding
	for _, f := range all {
		found = append(found, Examine(f)...)
	}
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.Harm, a.Harm), strings.Compare(a.Queue.Name, b.Queue.Name),
			strings.Compare(a.Queue.String(), b.Queue.String()))
	})
	return found
}
