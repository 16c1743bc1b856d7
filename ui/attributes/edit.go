package attributes

import (
	"context"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/doctor"
	"sqscope/backend/rules"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// editSetting asks for a new value in the way that suits the attribute.
func (m *Model) editSetting(r row) tea.Cmd {
	if r.open != (backend.ARN{}) {
		return m.openQueue(r.open)
	}
	switch r.key {
	case backend.AttrContentBasedDeduplication:
		return m.chooseValue(r.key, "true", "false")
	case backend.AttrDeduplicationScope:
		return m.chooseValue(r.key, "queue", "messageGroup")
	case backend.AttrFifoThroughputLimit:
		return m.chooseValue(r.key, "perQueue", "perMessageGroupId")
	case backend.AttrRedrivePolicy:
		return m.chooseDLQ()
	case backend.AttrRedriveAllowPolicy:
		return m.chooseAllow()
	case keyEncryption:
		return m.chooseEncryption()
	}
	return m.askNumber(r)
}

func (m *Model) noSetting(r row) string {
	switch {
	case r.open != (backend.ARN{}):
		return ""
	case !r.change:
		return "this cannot be changed"
	}
	return m.denied("SetQueueAttributes")
}

// askNumber asks for a length of time or a size, and says with every key what it
// would change or why SQS would refuse it.
func (m *Model) askNumber(r row) tea.Cmd {
	lo, hi, _, _ := rules.AttributeRange(r.key)
	read := format.WholeSeconds
	if r.key == backend.AttrMaximumMessageSize {
		read = format.WholeBytes
	}
	set := func(v string) map[string]string { return map[string]string{r.key: read(v)} }
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("%s of %s", r.key, m.name()),
		Notes: []text.Safe{text.Clean(meaning(r.key)), text.Sprintf("From %s to %s; the default is %s.", rangeWords(r.key, lo), rangeWords(r.key, hi), r.standard)},
		Fields: []dialog.Field{{Label: "value", Hint: "now " + r.value.String() + "; write as 90, 5m, 1h 30m, 4d, 256k", Check: func(v string) string {
			return m.refusal(set(v))
		}}},
		Preview: func(v []string) []dialog.Line {
			if v[0] == "" {
				return nil
			}
			return m.preview(m.queue, set(v[0]))
		},
		Confirm: "set",
		Run:     func(v []string) tea.Cmd { return m.set(m.queue, set(v[0])) },
	}))
	return nil
}

// rangeWords is an end of a range.
func rangeWords(name string, n int) string {
	if name == backend.AttrMaximumMessageSize {
		return format.Size(n)
	}
	return format.Setting(n)
}

// chooseValue asks for one of the values that an attribute can have.
func (m *Model) chooseValue(name string, values ...string) tea.Cmd {
	now := m.seen.Attributes[name]
	choices := make([]dialog.Choice, len(values))
	for i, v := range values {
		choices[i] = dialog.Choice{Label: valueWords(name, v), Note: v}
		if v == now {
			choices[i].Off = "it is so already"
		}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("%s of %s", name, m.name()), choices, func(i int) tea.Cmd {
		return m.review(m.queue, text.Sprintf("Set %s of %s?", name, m.name()), m.together(name, values[i]), nil)
	}))
	return nil
}

// together is what has to be set with a value so that SQS takes it: the limit by
// message group takes deduplication by message group (docs/SQS.md 2.6).
func (m *Model) together(name, value string) map[string]string {
	set := map[string]string{name: value}
	switch {
	case name == backend.AttrFifoThroughputLimit && value == "perMessageGroupId" && m.seen.Attributes[backend.AttrDeduplicationScope] != "messageGroup":
		set[backend.AttrDeduplicationScope] = "messageGroup"
	case name == backend.AttrDeduplicationScope && value == "queue" && m.seen.Attributes[backend.AttrFifoThroughputLimit] == "perMessageGroupId":
		set[backend.AttrFifoThroughputLimit] = "perQueue"
	}
	return set
}

// refusal is why SQS would not set these attributes of the queue, in its own
// words, or "".
func (m *Model) refusal(set map[string]string) string {
	now := m.current().Attributes()
	if !slices.ContainsFunc(slices.Collect(maps.Keys(set)), func(name string) bool { return now[name] != set[name] }) {
		return "it is so already"
	}
	if _, err := m.current().Set(m.queue, set, m.target); err != nil {
		return backend.AsError(err).Message
	}
	return ""
}

// current are the queue's settings as SQS's rules know them. What they do not
// accept, though the queue has it, is left out.
func (m *Model) current() rules.Settings {
	attrs := map[string]string{}
	if m.queue.FIFO() {
		attrs[backend.AttrFifoQueue] = "true"
	}
	if m.seen != nil {
		for _, name := range sortedKeys(m.seen.Attributes) {
			try := maps.Clone(attrs)
			try[name] = m.seen.Attributes[name]
			if _, err := rules.NewSettings(m.queue, try, nil); err == nil {
				attrs = try
			}
		}
	}
	s, err := rules.NewSettings(m.queue, attrs, nil)
	if err != nil {
		s.FIFO = m.queue.FIFO()
	}
	return s
}

// target looks a dead-letter queue up for the rules. One that is not known while
// queues are still being listed may exist.
func (m *Model) target(arn string) (rules.Target, bool) {
	a, _ := backend.ParseARN(arn)
	if q := m.Conn.Queue(a); q != nil {
		return rules.Target{FIFO: q.FIFO, Allow: q.Attributes[backend.AttrRedriveAllowPolicy]}, true
	}
	return rules.Target{FIFO: a.FIFO()}, !m.Conn.Fleet.Snapshot().ListComplete
}

// preview says what setting attributes of a queue would do, or why SQS would
// refuse it.
func (m *Model) preview(of backend.ARN, set map[string]string) []dialog.Line {
	if of == m.queue {
		if why := m.refusal(set); why != "" {
			return []dialog.Line{{Role: themes.Bad, Text: text.Clean("✗ " + why)}}
		}
	}
	return append(m.difference(of, set), m.outcome(of, set)...)
}

// review asks before attributes are set, with the difference and what the doctor
// makes of it. Lines that come first say more.
func (m *Model) review(of backend.ARN, title text.Safe, set map[string]string, first []dialog.Line) tea.Cmd {
	if of == m.queue {
		if why := m.refusal(set); why != "" {
			return m.Env.Host.Say(themes.Warn, text.Clean(why))
		}
	}
	m.Env.Host.Ask(dialog.NewReview(m.Env, dialog.Review{
		Title: title, Lines: append(first, m.preview(of, set)...), Confirm: "set",
		Run: func() tea.Cmd { return m.set(of, set) },
	}))
	return nil
}

// outcome is what the doctor would find mended, and what would be new.
func (m *Model) outcome(of backend.ARN, set map[string]string) (lines []dialog.Line) {
	facts := m.facts()
	now, then := doctor.Examine(facts), doctor.After(facts, doctor.Fix{Queue: of, Attributes: set})
	for _, f := range missing(now, then) {
		lines = append(lines, dialog.Line{Role: themes.Good, Text: text.Sprintf("✓ mends: %s", f.Title)})
	}
	for _, f := range missing(then, now) {
		lines = append(lines, dialog.Line{Role: themes.Warn, Text: text.Sprintf("! brings: %s", f.Title)})
	}
	return append(lines, m.warnings(of, set)...)
}

// missing are the findings of one list that another has not.
func missing(in, from []doctor.Finding) (out []doctor.Finding) {
	for _, f := range in {
		if !slices.ContainsFunc(from, func(g doctor.Finding) bool { return findingKey(f) == findingKey(g) }) {
			out = append(out, f)
		}
	}
	return out
}

// warnings are what is easily overlooked in a change.
func (m *Model) warnings(of backend.ARN, set map[string]string) (lines []dialog.Line) {
	warn := func(s string) { lines = append(lines, dialog.Line{Role: themes.Warn, Text: text.Const("! " + s)}) }
	if v, ok := set[backend.AttrMessageRetentionPeriod]; ok && shorter(v, m.attributesOf(of)[backend.AttrMessageRetentionPeriod]) { // 1.7
		warn("messages that are older than that are deleted, and nobody is told")
	}
	if v, ok := set[backend.AttrMaximumMessageSize]; ok && shorter(v, m.attributesOf(of)[backend.AttrMaximumMessageSize]) {
		warn("senders of larger messages are refused from then on")
	}
	return lines
}

// change is something that was set, with what undoes it.
type change struct {
	of       backend.ARN
	set, old map[string]string
}

// wrote is the answer to a change.
type wrote struct {
	change
	said text.Safe // of a change that is none of attributes
	err  error
}

// Late says what was changed after the screen had gone.
func (w wrote) Late() (themes.Role, text.Safe) {
	switch {
	case w.err != nil:
		return themes.Bad, text.Sprintf("%s was not changed: %s", w.of.Name, w.err.Error())
	case !w.said.Empty():
		return themes.Good, w.said
	}
	name := sortedKeys(w.set)[0]
	line := text.Sprintf("set %s of %s to %s, was %s", name, w.of.Name, short(name, w.set[name]), short(name, w.old[name]))
	if n := len(w.set) - 1; n > 0 {
		line = text.Sprintf("set %s of %s", strings.Join(sortedKeys(w.set), " and "), w.of.Name)
	}
	return themes.Good, line
}

// short is a value in the words that a toast has room for.
func short(name, value string) string {
	if name == backend.AttrPolicy {
		return map[bool]string{true: "none", false: "a policy"}[value == ""]
	}
	return valueWords(name, value)
}

// set sets exactly these attributes.
func (m *Model) set(of backend.ARN, set map[string]string) tea.Cmd {
	q := m.Conn.Queue(of)
	if q == nil {
		return m.Env.Host.Fail(&backend.Error{Kind: backend.KindNotFound, Subject: of.Name, Message: "the queue is not in the list any more", Next: "refresh the queues"})
	}
	c := change{of, set, before(q.Attributes, set)}
	sqs, in := m.Conn.Stack.SQS, backend.SetQueueAttributesInput{QueueUrl: q.URL, Attributes: set}
	return m.Act(func(ctx context.Context) tea.Msg { return wrote{change: c, err: sqs.SetQueueAttributes(ctx, in)} })
}

// wrote says what was changed, and what puts it back.
func (m *Model) wrote(w wrote) tea.Cmd {
	m.Conn.Fleet.Refresh(w.of)
	m.Conn.Fleet.Refresh(m.queue)
	if w.err != nil {
		return m.Env.Host.Fail(w.err)
	}
	role, line := w.Late()
	if w.set != nil {
		m.undo = &w.change
		line = text.Join(line, text.Sprintf(" · %s puts it back", m.Env.Keys.Action(keymap.AttributesUndo).Key()))
	}
	return m.Env.Host.Say(role, line)
}

// undoLast shows what puts the last change back.
func (m *Model) undoLast() tea.Cmd {
	return m.review(m.undo.of, text.Sprintf("Put back what was changed of %s?", m.undo.of.Name), m.undo.old, nil)
}

func (m *Model) noUndo() string {
	if m.undo == nil {
		return "nothing has been changed here yet"
	}
	return m.denied("SetQueueAttributes")
}

// before is what has to be set to undo a change. The attributes of encryption
// exclude each other: the one that was on is set again (docs/SQS.md 2.3).
func before(have, set map[string]string) map[string]string {
	old := map[string]string{}
	for name := range set {
		switch name {
		case backend.AttrKmsMasterKeyId, backend.AttrSqsManagedSseEnabled:
			maps.Copy(old, encryptionOf(have).set(encryptionOf(have).after(set)))
		default:
			old[name] = have[name]
		}
	}
	return old
}

// attributesOf are the attributes of a queue as far as they are known.
func (m *Model) attributesOf(of backend.ARN) map[string]string {
	if q := m.Conn.Queue(of); q != nil {
		return q.Attributes
	}
	return nil
}
