package attributes

import (
	"slices"
	"sort"
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

// fact is a line of the screen: a heading, or a name with a value and what it
// means.
type fact struct {
	heading bool
	name    text.Safe
	value   text.Safe
	role    themes.Role
	note    text.Safe
	raw     string // what is copied
}

// facts says all that is known of a queue, in the order in which one asks.
func facts(q *fleet.Queue, tags map[string]string, tagErr error, utc bool) []fact {
	f := &list{attrs: q.Attributes}
	f.head("Queue")
	f.add("name", q.ARN.Name, "")
	f.add("ARN", q.ARN.String(), "")
	f.add("URL", q.URL, "")
	f.add("type", kindWords(q), "")
	f.time(backend.AttrCreatedTimestamp, "created", utc)
	f.time(backend.AttrLastModifiedTimestamp, "last changed", utc)
	f.head("Messages (approximate on AWS)")
	f.count(backend.AttrMessages, "visible", "can be received now")
	f.count(backend.AttrMessagesNotVisible, "in flight", "received, not deleted, hidden for now")
	f.count(backend.AttrMessagesDelayed, "delayed", "sent, not yet visible")
	f.head("Settings")
	f.seconds(backend.AttrVisibilityTimeout, "hidden that long once received")
	f.seconds(backend.AttrMessageRetentionPeriod, "kept that long, then lost")
	f.seconds(backend.AttrDelaySeconds, "new messages wait that long")
	f.seconds(backend.AttrReceiveMessageWaitTimeSeconds, pollWords(q))
	f.size(backend.AttrMaximumMessageSize, "body and attributes together")
	for _, name := range []string{backend.AttrContentBasedDeduplication, backend.AttrDeduplicationScope, backend.AttrFifoThroughputLimit} {
		f.given(name, "")
	}
	f.wiring(q)
	f.head("Encryption")
	f.encryption()
	f.head("Access")
	f.given(backend.AttrPolicy, "")
	if q.Attributes[backend.AttrPolicy] == "" {
		f.add("Policy", "none", "only this account, through IAM")
	}
	f.given(backend.AttrRedriveAllowPolicy, "")
	f.head("Tags")
	f.tags(tags, tagErr)
	return f.facts
}

type list struct {
	attrs map[string]string
	facts []fact
}

func (f *list) head(s string) { f.facts = append(f.facts, fact{heading: true, name: text.Const(s)}) }

func (f *list) add(name, value, note string) {
	f.paint(name, value, note, themes.Text)
}

func (f *list) paint(name, value, note string, role themes.Role) {
	f.facts = append(f.facts, fact{name: text.Clean(name), value: text.Clean(value), note: text.Clean(note), role: role, raw: value})
}

func (f *list) given(name, note string) {
	if v := f.attrs[name]; v != "" {
		f.add(name, v, note)
	}
}

func (f *list) count(name, label, note string) {
	if n, err := strconv.Atoi(f.attrs[name]); err == nil {
		f.paint(label, format.Count(n), note, themes.Number)
		return
	}
	f.paint(label, format.Unknown, "not read yet", themes.Dim)
}

func (f *list) seconds(name, note string) {
	if n, err := strconv.Atoi(f.attrs[name]); err == nil {
		f.add(name, format.Setting(n), note)
	}
}

func (f *list) size(name, note string) {
	if n, err := strconv.Atoi(f.attrs[name]); err == nil {
		f.add(name, format.Size(n), note)
	}
}

func (f *list) time(name, label string, utc bool) {
	if n, err := strconv.ParseInt(f.attrs[name], 10, 64); err == nil {
		f.add(label, format.Stamp(time.Unix(n, 0), utc), "")
	}
}

// wiring says where messages go that fail, and from where failed ones come. A
// queue is a dead-letter queue because a RedrivePolicy names it.
func (f *list) wiring(q *fleet.Queue) {
	f.head("Dead letters")
	raw := f.attrs[backend.AttrRedrivePolicy]
	policy, err := rules.ParseRedrivePolicy(raw)
	switch {
	case raw == "":
		f.add("goes to", "nowhere", "a message that fails is retried until its retention ends")
	case err != nil:
		f.paint("RedrivePolicy", raw, "cannot be read: "+backend.AsError(err).Message, themes.Bad)
	default:
		role, note := themes.DLQ, "after "+format.Plural(policy.MaxReceiveCount, "receive")
		if q.DLQMissing {
			role, note = themes.Bad, note+"; that queue does not exist"
		}
		f.paint("goes to", policy.DeadLetterTargetArn, note, role)
	}
	sources := slices.Clone(q.Sources)
	slices.SortFunc(sources, func(a, b backend.ARN) int { return strings.Compare(a.Name, b.Name) })
	for i, s := range sources {
		label := "comes from"
		if i > 0 {
			label = ""
		}
		f.add(label, s.String(), "")
	}
	if len(sources) == 0 {
		f.add("comes from", "nowhere", "no RedrivePolicy that was read names this queue")
	}
}

func (f *list) encryption() {
	switch {
	case f.attrs[backend.AttrKmsMasterKeyId] != "":
		f.add("SSE-KMS", f.attrs[backend.AttrKmsMasterKeyId], "readers need kms:Decrypt on this key")
		f.seconds(backend.AttrKmsDataKeyReusePeriodSeconds, "")
	case f.attrs[backend.AttrSqsManagedSseEnabled] == "true":
		f.add("SSE-SQS", "on", "keys managed by SQS")
	default:
		f.paint("encryption", "off", "bodies are stored unencrypted", themes.Warn)
	}
}

func (f *list) tags(tags map[string]string, err error) {
	switch {
	case err != nil:
		f.paint("", backend.KindOf(err).String(), backend.AsError(err).Error(), themes.Warn)
	case tags == nil:
		f.paint("", "reading …", "", themes.Dim)
	case len(tags) == 0:
		f.paint("", "none", "", themes.Dim)
	}
	keys := make([]string, 0, len(tags))
	for k := range tags {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		f.add(k, tags[k], "")
	}
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

func pollWords(q *fleet.Queue) string {
	if q.Attributes[backend.AttrReceiveMessageWaitTimeSeconds] == "0" {
		return "short polling unless the receiver asks for more"
	}
	return "receives wait that long for a message"
}
