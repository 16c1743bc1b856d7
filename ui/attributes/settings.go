package attributes

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/rules"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// row is a line of the settings: a heading if it has no key, else an attribute,
// or a queue that it is wired to.
type row struct {
	key       string // the attribute's name, or what else tells the line from others
	name      text.Safe
	value     text.Safe
	role      themes.Role
	standard  string // the default in words; "" if there is none
	differs   bool
	about     string // what it means, in sentences
	raw       string // what is copied
	change    bool   // it can be changed
	removable bool
	open      backend.ARN // the queue that it names
}

// meaning is what a setting is for (docs/SQS.md 2.1, with the sections that it
// names).
func meaning(name string) string {
	switch name {
	case backend.AttrVisibilityTimeout: // 5.3
		return "How long a message is hidden from other consumers once it has been received. One that is not deleted by then can be " +
			"received again. A change holds for receives from then on, not for messages in flight."
	case backend.AttrMessageRetentionPeriod: // 1.7, 5.9
		return "How long a message is kept, from when it was sent, received or not. Then it is deleted and nobody is told. A change " +
			"holds for messages that are stored too, so that shortening it can delete some."
	case backend.AttrDelaySeconds: // 5.7, 8.4
		return "How long a new message waits before it can be received, unless its sender says otherwise. On a FIFO queue nobody can, " +
			"and a change holds for messages that are there too."
	case backend.AttrReceiveMessageWaitTimeSeconds: // 5.5
		return "How long a receive waits for a message unless it says otherwise. With 0 it answers at once, may miss messages that " +
			"are there, and each asking costs a request."
	case backend.AttrMaximumMessageSize: // 3.2
		return "The largest message that is taken, body and attributes together."
	case backend.AttrContentBasedDeduplication: // 8.1
		return "A message without a deduplication id gets the SHA-256 of its body as one: the same body within 5 minutes is taken once."
	case backend.AttrDeduplicationScope: // 2.6
		return "Where a deduplication id may come once: in the whole queue, or in each message group."
	case backend.AttrFifoThroughputLimit: // 2.6, 3.5
		return "Whether the limit of requests a second holds for the whole queue or for each message group. By group it takes " +
			"deduplication by group; both together are high throughput."
	case backend.AttrRedrivePolicy: // 6.1
		return "Where a message goes that was received too often without being deleted. Without one it is received again and again " +
			"until its retention ends."
	case backend.AttrRedriveAllowPolicy: // 2.5
		return "Which queues may name this one as their dead-letter queue. It is asked when they are set up."
	case backend.AttrKmsDataKeyReusePeriodSeconds: // 2.1
		return "How long SQS uses a data key before it asks KMS for another. Longer means fewer requests to KMS, which are billed."
	case keyEncryption: // 10.5
		return "How bodies are encrypted where they are stored; attributes and counts are not. A change holds for new messages: those " +
			"that are there keep what they have."
	}
	return ""
}

// keyEncryption is the line for the attributes of encryption, which exclude each
// other.
const keyEncryption = "Encryption"

// settings are the lines of the first part, those that can be changed first.
func settings(q *fleet.Queue, utc bool) []row {
	f := &sheet{q: q}
	if q.Attributes != nil {
		f.head("Delivery")
		for _, name := range []string{
			backend.AttrVisibilityTimeout, backend.AttrMessageRetentionPeriod, backend.AttrDelaySeconds,
			backend.AttrReceiveMessageWaitTimeSeconds, backend.AttrMaximumMessageSize,
		} {
			f.setting(name)
		}
		if q.FIFO {
			f.head("FIFO")
			for _, name := range []string{backend.AttrContentBasedDeduplication, backend.AttrDeduplicationScope, backend.AttrFifoThroughputLimit} {
				f.setting(name)
			}
		}
	}
	f.deadLetters()
	if q.Attributes != nil {
		f.head("Encryption")
		f.encryption()
	}
	if q.Attributes != nil {
		f.head("Messages, approximate on AWS")
		f.count(backend.AttrMessages, "visible", "Can be received now.")
		f.count(backend.AttrMessagesNotVisible, "in flight", "Received, not deleted, and hidden for now.")
		f.count(backend.AttrMessagesDelayed, "delayed", "Sent, and not visible yet.")
	}
	f.head("Queue")
	f.fact("name", q.ARN.Name)
	f.fact("ARN", q.ARN.String())
	f.fact("URL", q.URL)
	f.fact("type", kindWords(q))
	f.time(backend.AttrCreatedTimestamp, "created", utc)
	f.time(backend.AttrLastModifiedTimestamp, "last changed", utc)
	return f.rows
}

type sheet struct {
	q    *fleet.Queue
	rows []row
}

func (f *sheet) head(s string) { f.rows = append(f.rows, row{name: text.Const(s)}) }

func (f *sheet) add(r row) {
	r.name = text.Clean(r.key)
	if r.about == "" {
		r.about = meaning(r.key)
	}
	f.rows = append(f.rows, r)
}

func (f *sheet) fact(name, value string) {
	f.add(row{key: name, value: text.Clean(value), role: themes.Text, raw: value})
}

func (f *sheet) count(name, label, about string) {
	if n, err := strconv.Atoi(f.q.Attributes[name]); err == nil {
		f.add(row{key: label, value: text.Const(format.Count(n)), role: themes.Number, about: about + " SQS calls it " + name + ".", raw: strconv.Itoa(n)})
	}
}

func (f *sheet) time(name, label string, utc bool) {
	if n, err := strconv.ParseInt(f.q.Attributes[name], 10, 64); err == nil {
		f.fact(label, format.Stamp(time.Unix(n, 0), utc))
	}
}

// setting adds an attribute that the queue has.
func (f *sheet) setting(name string) {
	raw, there := f.q.Attributes[name]
	if !there {
		return
	}
	standard := defaultOf(name)
	f.add(row{
		key: name, value: text.Clean(valueWords(name, raw)), role: themes.Strong, raw: raw, change: true,
		standard: valueWords(name, standard), differs: raw != standard,
	})
}

// defaultOf is the value that a new queue has (docs/SQS.md 2.1).
func defaultOf(name string) string {
	if _, _, n, ok := rules.AttributeRange(name); ok {
		return strconv.Itoa(n)
	}
	switch name {
	case backend.AttrContentBasedDeduplication:
		return "false"
	case backend.AttrDeduplicationScope:
		return "queue"
	case backend.AttrFifoThroughputLimit:
		return "perQueue"
	}
	return ""
}

// valueWords is a value as people say it.
func valueWords(name, value string) string {
	if _, _, _, ok := rules.AttributeRange(name); ok {
		n, err := strconv.Atoi(value)
		switch {
		case err != nil:
			return cmp.Or(value, "none")
		case name == backend.AttrMaximumMessageSize:
			return format.Size(n)
		case n == 0 && (name == backend.AttrDelaySeconds || name == backend.AttrReceiveMessageWaitTimeSeconds):
			return "none"
		}
		return format.Setting(n)
	}
	if words, ok := map[string]string{
		"true": "yes", "false": "no", "queue": "in the whole queue", "messageGroup": "in each message group",
		"perQueue": "for the whole queue", "perMessageGroupId": "for each message group",
	}[value]; ok {
		return words
	}
	switch name {
	case backend.AttrRedrivePolicy:
		return redriveWords(value)
	case backend.AttrRedriveAllowPolicy:
		return allowWords(value)
	}
	return cmp.Or(value, "none")
}

// redriveWords says a RedrivePolicy.
func redriveWords(raw string) string {
	p, err := rules.ParseRedrivePolicy(raw)
	switch {
	case raw == "":
		return "nowhere"
	case err != nil:
		return "cannot be read: " + raw
	}
	target := p.DeadLetterTargetArn
	if arn, ok := backend.ParseARN(target); ok {
		target = arn.Name
	}
	return fmt.Sprintf("%s after %s", target, format.Plural(p.MaxReceiveCount, "receive"))
}

// allowWords says a RedriveAllowPolicy.
func allowWords(raw string) string {
	p, err := rules.ParseRedriveAllowPolicy(raw)
	switch {
	case err != nil:
		return "cannot be read: " + raw
	case p.Permission == rules.AllowAll:
		return "every queue"
	case p.Permission == rules.DenyAll:
		return "no queue"
	}
	names := make([]string, len(p.SourceQueueArns))
	for i, s := range p.SourceQueueArns {
		names[i] = s
		if arn, ok := backend.ParseARN(s); ok {
			names[i] = arn.Name
		}
	}
	return "only " + strings.Join(names, ", ")
}

// deadLetters says where messages go that fail, and from where failed ones come.
// A queue is a dead-letter queue because a RedrivePolicy names it.
func (f *sheet) deadLetters() {
	q := f.q
	f.head("Dead letters")
	if q.Attributes != nil {
		raw := q.Attributes[backend.AttrRedrivePolicy]
		r := row{key: backend.AttrRedrivePolicy, value: text.Clean(redriveWords(raw)), role: themes.DLQ, raw: raw, change: true, removable: raw != "", standard: "nowhere", differs: raw != ""}
		switch {
		case q.DLQMissing:
			r.role, r.value = themes.Bad, text.Join(r.value, text.Const("; there is no such queue"))
		case raw == "":
			r.role = themes.Strong
		case q.DLQ == nil:
			r.role = themes.Bad
		}
		f.add(r)
		raw = q.Attributes[backend.AttrRedriveAllowPolicy]
		f.add(row{key: backend.AttrRedriveAllowPolicy, value: text.Clean(allowWords(raw)), role: themes.Strong, raw: raw, change: true, removable: raw != "", standard: "every queue", differs: raw != ""})
	}
	sources := slices.Clone(q.Sources)
	slices.SortFunc(sources, func(a, b backend.ARN) int { return strings.Compare(a.Name, b.Name) })
	for _, s := range sources {
		f.add(row{key: "from " + s.Name, value: text.Clean(s.String()), role: themes.DLQ, raw: s.String(), open: s, about: "This queue's RedrivePolicy names the one that is shown, which makes that a dead-letter queue."})
	}
}

func (f *sheet) encryption() {
	a := f.q.Attributes
	r := row{key: keyEncryption, value: text.Clean(encryptionOf(a).words()), role: themes.Strong, change: true, standard: "SSE-SQS"}
	r.raw, r.differs = a[backend.AttrKmsMasterKeyId], a[backend.AttrSqsManagedSseEnabled] != "true"
	if encryptionOf(a) == (encryption{}) {
		r.role = themes.Warn
	}
	f.add(r)
	f.setting(backend.AttrKmsDataKeyReusePeriodSeconds)
}

func kindWords(q *fleet.Queue) string {
	kind := "standard"
	if q.FIFO {
		kind = "FIFO"
	}
	if len(q.Sources) > 0 {
		kind += ", dead-letter queue of " + format.Plural(len(q.Sources), "queue")
	}
	return kind
}
