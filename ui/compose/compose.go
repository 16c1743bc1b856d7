// Package compose is the screen where a message is written and sent. Everything
// SQS would refuse is refused here first, by the same rules as the engine's,
// with the reason, and the text stays. What was being written is kept when the
// screen closes, until it has been sent.
package compose

import (
	"cmp"
	"context"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/rules"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// field is a part of the form.
type field int

const (
	bodyField field = iota
	groupField
	dedupField
	delayField
	attrsField
)

var labels = map[field]string{bodyField: "body", groupField: "group id", dedupField: "dedup id", delayField: "delay", attrsField: "attributes"}

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	queue   backend.ARN
	rule    rules.Queue
	body    widget.Area
	attrs   widget.Area
	lines   map[field]*widget.Input
	order   []field
	at      int
	sending bool
	stay    bool
	sent    int
	wrong   string
	wrongAt field
	cursor  struct {
		x, y int
		ok   bool
	}
}

type sent struct {
	queue string
	out   backend.SendMessageOutput
	err   error
}

// Late says how the send went; the screen may have gone.
func (s sent) Late() (themes.Role, text.Safe) {
	if s.err != nil {
		return themes.Bad, text.Sprintf("not sent to %s: %s", s.queue, s.err.Error())
	}
	line := text.Sprintf("sent to %s as %s", s.queue, s.out.MessageId)
	if s.out.SequenceNumber != "" {
		line = text.Join(line, text.Sprintf(" · sequence %s", s.out.SequenceNumber))
	}
	return themes.Good, line
}

// New makes the screen for a queue, with what was being written for it before.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), queue: spec.Queue, body: widget.NewArea(), attrs: widget.NewArea(), lines: map[field]*widget.Input{}}
	m.learn()
	m.order = []field{bodyField, groupField, delayField, attrsField}
	if m.rule.FIFO {
		m.order = []field{bodyField, groupField, dedupField, attrsField}
	}
	d := m.Draft(m.queue)
	for f, v := range map[field]string{groupField: d.Group, dedupField: d.Dedup, delayField: d.Delay} {
		in := widget.NewInput()
		in.SetValue(v)
		in.Placeholder = text.Const(m.placeholder(f))
		m.lines[f] = &in
	}
	m.body.SetValue(d.Body)
	m.body.Placeholder = text.Const("the message body, up to 1 MiB; pasted line ends become LF")
	m.attrs.SetValue(d.Attributes)
	m.attrs.Placeholder = text.Const("one a line: name=value, n:Number=1, b:Binary=BASE64")
	return m
}

// learn takes from the fleet what the queue accepts. What is not known yet is
// taken as SQS's default, and asked again before each send.
func (m *Model) learn() {
	m.rule = rules.Queue{Name: m.queue.Name, FIFO: m.queue.FIFO(), MaximumMessageSize: rules.MaxMessageSize}
	q := m.Conn.Queue(m.queue)
	if q == nil || q.AsOf.IsZero() {
		return
	}
	m.rule.MaximumMessageSize = cmp.Or(q.Setting(backend.AttrMaximumMessageSize), rules.MaxMessageSize)
	m.rule.ContentBasedDeduplication = q.Attributes[backend.AttrContentBasedDeduplication] == "true"
}

func (m *Model) placeholder(f field) string {
	switch f {
	case groupField:
		if m.rule.FIFO {
			return "needed: messages of a group keep their order"
		}
		return "optional: the tenant, for fair queues"
	case dedupField:
		if m.rule.ContentBasedDeduplication {
			return "empty: the SHA-256 of the body"
		}
		return "needed: the same id within 5 minutes is swallowed"
	}
	return "seconds, 0 to 900; empty: the queue's own"
}

// Init does nothing: the form is ready.
func (m *Model) Init() tea.Cmd { return nil }

// Typing is always true: every letter is text here.
func (m *Model) Typing() bool { return true }

// Update takes keys and the answer to a send.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		m.paste(msg.Content)
	case tea.KeyPressMsg:
		return m.key(msg)
	case sent:
		return m.answered(msg)
	case screen.FleetMsg:
		m.learn()
	}
	return nil
}

func (m *Model) key(msg tea.KeyPressMsg) tea.Cmd {
	stroke := msg.String()
	if cmd, done := screen.Dispatch(m.Env, m.Bindings(), stroke); done {
		return cmd
	}
	m.wrong = ""
	switch f := m.order[m.at]; f {
	case bodyField:
		m.body.Key(stroke, msg.Text)
	case attrsField:
		m.attrs.Key(stroke, msg.Text)
	default:
		switch stroke {
		case "enter", "down":
			m.step(1)
		case "up":
			m.step(-1)
		default:
			m.lines[f].Key(stroke, msg.Text)
		}
	}
	return nil
}

func (m *Model) paste(s string) {
	switch f := m.order[m.at]; f {
	case bodyField:
		m.body.Paste(s)
	case attrsField:
		m.attrs.Paste(s)
	default:
		m.lines[f].Paste(s)
	}
}

func (m *Model) step(by int) { m.at = (m.at + by + len(m.order)) % len(m.order) }

// message is what would be sent, or what is wrong with it and where.
func (m *Model) message() (in backend.SendMessageInput, at field, err error) {
	in = backend.SendMessageInput{MessageBody: m.body.Value()}
	if in.MessageAttributes, err = parseAttributes(m.attrs.Value()); err != nil {
		return in, attrsField, err
	}
	if v := m.lines[groupField].Value(); v != "" {
		in.MessageGroupId = backend.Some(v)
	}
	if m.rule.FIFO {
		if v := m.lines[dedupField].Value(); v != "" {
			in.MessageDeduplicationId = backend.Some(v)
		}
	} else if in.DelaySeconds, err = parseDelay(m.lines[delayField].Value()); err != nil {
		return in, delayField, err
	}
	if err := rules.Send(m.rule, in); err != nil {
		at, of := m.blame(in)
		return in, at, cmp.Or(of, err)
	}
	return in, bodyField, nil
}

// blame finds the field that a refusal is about, and what is wrong there: the
// first whose value makes a message wrong that is right without it.
func (m *Model) blame(in backend.SendMessageInput) (field, error) {
	right := backend.SendMessageInput{MessageBody: "x"}
	if m.rule.FIFO {
		right.MessageGroupId, right.MessageDeduplicationId = backend.Some("g"), backend.Some("d")
	}
	for _, f := range m.order {
		try := right
		switch f {
		case bodyField:
			try.MessageBody = in.MessageBody
		case groupField:
			try.MessageGroupId = in.MessageGroupId
		case dedupField:
			try.MessageDeduplicationId = in.MessageDeduplicationId
		case delayField:
			try.DelaySeconds = in.DelaySeconds
		case attrsField:
			try.MessageAttributes = in.MessageAttributes
		}
		if err := rules.Send(m.rule, try); err != nil {
			return f, err
		}
	}
	return bodyField, nil // together they are too long
}

func (m *Model) send() tea.Cmd {
	if m.sending {
		return nil
	}
	if err := m.Conn.Guard.CheckQueue("SendMessage", m.queue.Name); err != nil {
		return m.Env.Host.Fail(err)
	}
	in, at, err := m.message()
	if err != nil {
		m.wrong, m.wrongAt = reason(err), at
		for i, f := range m.order {
			if f == at {
				m.at = i
			}
		}
		return m.Env.Host.Say(themes.Bad, text.Clean("not sent: "+m.wrong))
	}
	q := m.Conn.Queue(m.queue)
	if q == nil {
		return m.Env.Host.Fail(&backend.Error{Kind: backend.KindNotFound, Subject: m.queue.Name, Message: "the queue is not in the list", Next: "the text is kept; refresh the queues"})
	}
	in.QueueUrl = q.URL
	m.sending, m.wrong = true, ""
	sqs := m.Conn.Stack.SQS
	name := m.queue.Name
	return m.Act(func(ctx context.Context) tea.Msg {
		out, err := sqs.SendMessage(ctx, in)
		return sent{name, out, err}
	})
}

// close leaves. A send that is under way goes on, and its end is said when it is
// known.
func (m *Model) close() tea.Cmd {
	if !m.sending {
		return m.Env.Host.Back()
	}
	return tea.Batch(m.Env.Host.Back(), m.Env.Host.Say(themes.Warn, text.Const("left while it was being sent; whether it was taken is said as soon as it is known, and the text is kept")))
}

func reason(err error) string {
	e := backend.AsError(err)
	if e.Next != "" {
		return e.Message + " (" + e.Next + ")"
	}
	return e.Message
}

// answered closes the composer when the message is known to be taken. Otherwise
// the text stays.
func (m *Model) answered(s sent) tea.Cmd {
	m.sending = false
	m.Conn.Fleet.Refresh(m.queue)
	if s.err != nil {
		return m.Env.Host.Fail(s.err)
	}
	m.sent++
	said := m.Env.Host.Say(s.Late())
	if m.stay {
		return said
	}
	m.body.SetValue("")
	m.attrs.SetValue("")
	for _, in := range m.lines {
		in.SetValue("")
	}
	return tea.Batch(said, m.Env.Host.Back())
}

// Crumb says what is done here.
func (m *Model) Crumb() text.Safe { return text.Sprintf("send to %s", m.queue.Name) }

// Leave keeps what was written.
func (m *Model) Leave() tea.Cmd {
	m.End()
	m.KeepDraft(m.queue, screen.Draft{
		Body: m.body.Value(), Group: m.lines[groupField].Value(), Dedup: m.lines[dedupField].Value(),
		Delay: m.lines[delayField].Value(), Attributes: m.attrs.Value(),
	})
	return nil
}

// Bindings are the keys that are not text.
func (m *Model) Bindings() []screen.Binding {
	step := func(by int) func() tea.Cmd { return func() tea.Cmd { m.step(by); return nil } }
	return []screen.Binding{
		{Action: keymap.ComposeSend, Run: m.send},
		{Action: keymap.ComposeNext, Run: step(1)},
		{Action: keymap.ComposePrev, Run: step(-1)},
		{Action: keymap.ComposeAgain, Run: func() tea.Cmd { m.stay = !m.stay; return nil }},
		{Action: keymap.ComposeClose, Run: m.close},
	}
}
