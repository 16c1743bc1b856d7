package create

import (
	"slices"
	"strings"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/rules"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// id names a field.
type id int

const (
	name id = iota
	kind
	letters
	newDLQ
	oldDLQ
	receives
	keeps
	visibility
	retention
	delay
	wait
	size
	content
	throughput
	encrypted
	key
	tags
)

// field is a line of the form: text, or one of several choices.
type field struct {
	id      id
	label   string
	note    string // beside it
	input   widget.Input
	choices []string
	chosen  int
	touched bool // it is checked although nothing was typed
}

func kindWords() []string { return []string{"standard", "FIFO"} }

// What the choices are called.
const (
	noLetters    = "none"
	lettersToNew = "a new queue"
	lettersToOld = "a queue that exists"

	sseSQS = "SSE-SQS"
	sseKMS = "SSE-KMS"
	sseOff = "off"

	perQueue = "300 a second in all"
	perGroup = "high, by message group"
)

func newFields() []*field {
	line := func(i id, label, hint, note string) *field {
		f := &field{id: i, label: label, note: note, input: widget.NewInput()}
		f.input.Placeholder = text.Const(hint)
		return f
	}
	choice := func(i id, label, note string, words ...string) *field {
		return &field{id: i, label: label, note: note, choices: words}
	}
	all := []*field{
		line(name, "name", "letters, digits, - and _", ""),
		choice(kind, "type", "for the life of the queue", kindWords()...),
		choice(letters, "dead letters", "where messages go that fail", noLetters, lettersToNew, lettersToOld),
		line(newDLQ, "  new queue", "its name", "made first"),
		line(oldDLQ, "  queue", "its name", "ctrl+o lists them"),
		line(receives, "  after", "5", "receives, 1 to 1,000"),
		line(keeps, "  keeps them", "14 d", "longer than the queue itself"),
		line(visibility, "visibility", "30 s", "hidden once received"),
		line(retention, "retention", "4 d", "kept that long, then lost"),
		line(delay, "delay", "0 s", "before it can be received"),
		line(wait, "receive wait", "0 s", "20 s saves requests"),
		line(size, "largest", "1 MiB", "body and attributes"),
		choice(content, "deduplication", "how duplicates are known", "by id", "by the body"),
		choice(throughput, "throughput", "", perQueue, perGroup),
		choice(encrypted, "encryption", "of bodies, where stored", sseSQS, sseKMS, sseOff),
		line(key, "  key", "alias/aws/sqs", "id, ARN or alias"),
		line(tags, "tags", "team=checkout, env=prod", "with commas between"),
	}
	all[2].chosen = 1 // a queue without one loses messages that fail
	return all
}

// attributes are the numbers of the form, by field.
func attributes() map[id]string {
	return map[id]string{
		visibility: backend.AttrVisibilityTimeout, retention: backend.AttrMessageRetentionPeriod, keeps: backend.AttrMessageRetentionPeriod,
		delay: backend.AttrDelaySeconds, wait: backend.AttrReceiveMessageWaitTimeSeconds, size: backend.AttrMaximumMessageSize,
	}
}

// turn goes to another choice.
func (f *field) turn(by int) { f.chosen = (f.chosen + by + len(f.choices)) % len(f.choices) }

// pick takes the choice with these words.
func (f *field) pick(words string) { f.chosen = max(0, slices.Index(f.choices, words)) }

// begins takes the next choice that begins with a letter.
func (f *field) begins(typed string) {
	for i := range f.choices {
		at := (f.chosen + 1 + i) % len(f.choices)
		if typed != "" && strings.HasPrefix(strings.ToLower(f.choices[at]), strings.ToLower(typed)) {
			f.chosen = at
			return
		}
	}
}

func wordOf(words []string, second bool) string {
	if second {
		return words[1]
	}
	return words[0]
}

func (m *Model) index(i id) int {
	return slices.IndexFunc(m.fields, func(f *field) bool { return f.id == i })
}

func (m *Model) field(i id) *field { return m.fields[m.index(i)] }
func (m *Model) here() *field      { return m.fields[m.at] }

// value is what a field says.
func (m *Model) value(i id) string {
	f := m.field(i)
	if len(f.choices) > 0 {
		return f.choices[f.chosen]
	}
	return strings.TrimSpace(f.input.Value())
}

// shown are the fields that matter with what is chosen.
func (m *Model) shown() (out []*field) {
	for _, f := range m.fields {
		if m.matters(f.id) {
			out = append(out, f)
		}
	}
	return out
}

func (m *Model) matters(i id) bool {
	switch i {
	case kind, letters:
		return !m.forSource()
	case newDLQ, keeps:
		return m.value(letters) == lettersToNew
	case oldDLQ:
		return m.value(letters) == lettersToOld
	case receives:
		return m.forSource() || m.value(letters) != noLetters
	case content, throughput:
		return m.fifo()
	case key:
		return m.value(encrypted) == sseKMS
	}
	return true
}

// wrong is why SQS would refuse what a field says, in its own words, or "".
func (m *Model) wrong(f *field) string {
	v := m.value(f.id)
	switch f.id {
	case name:
		return reason(rules.QueueName(v, m.fifo()))
	case newDLQ:
		if v == m.value(name) {
			return "this is the queue itself"
		}
		return reason(rules.QueueName(v, m.fifo()))
	case oldDLQ:
		if v == "" {
			return "which queue? ctrl+o lists those that fit"
		}
		return m.refusal(map[string]string{backend.AttrRedrivePolicy: redrivePolicy(m.arn(v), usualReceives)})
	case receives:
		_, err := rules.NewSettings(m.probe(), m.probeAttributes(map[string]string{backend.AttrRedrivePolicy: redrivePolicy(m.probeTarget(), m.count())}), nil)
		return reason(err)
	case tags:
		all, why := parseTags(v)
		if why != "" || len(all) == 0 {
			return why
		}
		return reason(rules.Tags(m.value(name), nil, all))
	}
	if attr, ok := attributes()[f.id]; ok && v != "" {
		return m.refusal(map[string]string{attr: m.number(f.id)})
	}
	return ""
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return backend.AsError(err).Message
}

// refusal is why SQS would refuse attributes, whatever the name is.
func (m *Model) refusal(set map[string]string) string {
	_, err := rules.NewSettings(m.probe(), m.probeAttributes(set), m.target)
	return reason(err)
}

// probe is a queue whose name is right, to check the rest with.
func (m *Model) probe() backend.ARN {
	if m.fifo() {
		return m.arn("sqscope-probe" + fifoSuffix)
	}
	return m.arn("sqscope-probe")
}

func (m *Model) probeTarget() backend.ARN { return m.arn(dlqName(m.probe().Name)) }

func (m *Model) probeAttributes(set map[string]string) map[string]string {
	if m.fifo() {
		set[backend.AttrFifoQueue] = "true"
	}
	return set
}

// notice is something about a field that is no mistake.
func (m *Model) notice(f *field) string {
	if f.id != name && f.id != newDLQ {
		return ""
	}
	if v := m.value(f.id); v != "" && m.Conn.Queue(m.arn(v)) != nil {
		return "there is a queue of this name; SQS takes it if its attributes are the same, else it refuses"
	}
	return ""
}

// candidates are the queues that can be the dead-letter queue.
func (m *Model) candidates() (out []*fleet.Queue) {
	self := m.probe()
	for _, q := range m.Conn.Fleet.Snapshot().Queues {
		if q.FIFO == m.fifo() && q.ARN.Account == self.Account && q.ARN.Region == self.Region {
			out = append(out, q)
		}
	}
	slices.SortStableFunc(out, func(a, b *fleet.Queue) int { return len(b.Sources) - len(a.Sources) })
	return out
}
