// Package compose is the screen where a message is written and sent. Everything
// SQS would refuse is told at its field as it is typed, in SQS's words and by the
// same rules as the engine's, and is not sent. What was being written is kept when
// the screen closes, until it has been sent.
//
// A message that is sent again begins as the one that was read, and what differs is
// shown before it goes.
package compose

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/outbox"
	"sqscope/backend/rules"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	queue   backend.ARN
	rule    rules.Queue
	known   settings
	body    widget.Area
	lines   map[outbox.Part]*widget.Input // group, dedup, delay, trace
	rows    []*row                        // attributes; the last one is empty as long as more are allowed
	at      place
	again   *screen.Again // what it began as; nil: it was written anew
	veiled  bool          // the body is not shown before it is known what masks leave of it
	sending bool
	stay    bool
	sent    int
	refused *outbox.Fault // of the last try to send; nil since something was changed
	verdict verdict       // on what is written
	turn    int           // number of what is written: the verdict on something older is dropped
	cursor  struct {
		x, y int
		ok   bool
	}
}

// settings are those of the queue that the explanations need.
type settings struct {
	read       bool
	delay      int  // the queue's own, in seconds
	perGroup   bool // deduplication within a group
	throughput bool // high, by message group
}

// New makes the screen for a queue, with what was being written for it before.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), queue: spec.Queue, body: widget.NewArea(), lines: map[outbox.Part]*widget.Input{}}
	for _, p := range []outbox.Part{outbox.PartGroup, outbox.PartDedup, outbox.PartDelay, outbox.PartTrace} {
		in := widget.NewInput()
		m.lines[p] = &in
	}
	m.body.Placeholder = text.Const("the message body, up to 1 MiB")
	m.learn()
	d := m.Draft(m.queue)
	m.again = d.Again
	m.fill(d.Draft)
	m.body.SetValue(d.Body)
	return m
}

// learn takes from the fleet what the queue accepts.
func (m *Model) learn() {
	m.rule = m.Conn.RuleOf(m.queue)
	if q := m.Conn.Queue(m.queue); q != nil && !q.AsOf.IsZero() {
		m.known = settings{
			read: true, delay: q.Setting(backend.AttrDelaySeconds),
			perGroup:   q.Attributes[backend.AttrDeduplicationScope] == "messageGroup",
			throughput: q.Attributes[backend.AttrFifoThroughputLimit] == "perMessageGroupId",
		}
	}
	for p, in := range m.lines {
		in.Placeholder = text.Const(m.placeholder(p))
	}
}

// Init finds out what masks leave of a message that is sent again.
func (m *Model) Init() tea.Cmd { return tea.Batch(m.unveil(), m.judge()) }

// Typing is always true: every letter is text here.
func (m *Model) Typing() bool { return true }

// Update takes keys and the answers to the screen's commands.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		return m.paste(msg.Content)
	case tea.KeyPressMsg:
		return m.key(msg)
	case screen.FleetMsg:
		m.learn()
	case judged:
		if msg.turn == m.turn {
			m.verdict = msg.verdict
		}
	case due:
		if msg.turn == m.turn {
			return m.judgeAside()
		}
	case sent:
		return m.answered(msg)
	case compared:
		return m.review(msg)
	case reformatted:
		return m.reformatted(msg)
	case edited:
		return m.edited(msg)
	case templates:
		return m.chooseTemplate(msg)
	case saved:
		return m.saved(msg)
	case history:
		return m.chooseSent(msg)
	case seen:
		return m.askMasks(msg)
	case revealed:
		return m.reveal(msg)
	}
	return nil
}

func (m *Model) key(msg tea.KeyPressMsg) tea.Cmd {
	stroke := msg.String()
	if cmd, done := screen.Dispatch(m.Env, m.Bindings(), stroke); done {
		return cmd
	}
	if m.veiled {
		return nil
	}
	if m.at.part == outbox.PartBody {
		if !m.body.Key(stroke, msg.Text) {
			return nil
		}
		return m.changed()
	}
	switch stroke {
	case "enter":
		m.step(1)
	case "down":
		m.vertical(1)
	case "up":
		m.vertical(-1)
	default:
		if m.input().Key(stroke, msg.Text) {
			return m.changed()
		}
	}
	return nil
}

func (m *Model) paste(s string) tea.Cmd {
	switch {
	case m.veiled:
		return nil
	case m.at.part == outbox.PartBody:
		m.body.Paste(s)
	default:
		m.input().Paste(s)
	}
	return m.changed()
}

// changed takes what is written now.
func (m *Model) changed() tea.Cmd {
	m.refused = nil
	m.tidy()
	return m.judge()
}

// Crumb says what is done here.
func (m *Model) Crumb() text.Safe {
	if m.again != nil {
		return text.Sprintf("send again to %s", m.queue.Name)
	}
	return text.Sprintf("send to %s", m.queue.Name)
}

// Leave keeps what was written.
func (m *Model) Leave() tea.Cmd {
	m.keep()
	m.End()
	return nil
}

// keep keeps what is written for the next time, and for those who send many of it.
func (m *Model) keep() {
	if m.veiled {
		return // what there is, is kept already
	}
	m.KeepDraft(m.queue, screen.Draft{Draft: m.draft(), Again: m.again})
}

// close leaves. A send that is under way goes on, and its end is said when it is
// known.
func (m *Model) close() tea.Cmd {
	if !m.sending {
		return m.Env.Host.Back()
	}
	return tea.Batch(m.Env.Host.Back(), m.Env.Host.Say(themes.Warn, text.Const("left while it was being sent; whether it was taken is said as soon as it is known, and the text is kept")))
}

// Bindings are the keys that are not text.
func (m *Model) Bindings() []screen.Binding {
	step := func(by int) func() tea.Cmd { return func() tea.Cmd { m.step(by); return nil } }
	return []screen.Binding{
		{Action: keymap.ComposeSend, Run: m.send, Needs: "SendMessage", Off: m.waiting},
		{Action: keymap.ComposeNext, Run: step(1)},
		{Action: keymap.ComposeMany, Run: m.many, Off: m.waiting},
		{Action: keymap.ComposeTemplates, Run: m.readTemplates},
		{Action: keymap.ComposeHistory, Run: m.readHistory},
		{Action: keymap.ComposeFormat, Run: m.reformat, Off: m.noBody},
		{Action: keymap.ComposeEdit, Run: m.edit, Off: m.waiting},
		{Action: keymap.ComposeUndo, Run: m.undo},
		{Action: keymap.ComposeChoose, Run: m.choose, Off: m.noChoice},
		{Action: keymap.ComposeRemove, Run: m.remove, Off: m.noRow},
		{Action: keymap.ComposeAgain, Run: func() tea.Cmd { m.stay = !m.stay; return nil }},
		{Action: keymap.ComposePrev, Run: step(-1)},
		{Action: keymap.ComposeClose, Run: m.close},
	}
}

func (m *Model) waiting() string {
	switch {
	case m.sending:
		return "a message is being sent"
	case m.veiled:
		return "what masks hide of the message is being found out"
	}
	return ""
}

func (m *Model) noBody() string {
	if m.body.Bytes() == 0 {
		return "there is no body"
	}
	return m.waiting()
}

// many opens the screen that sends many of what is written.
func (m *Model) many() tea.Cmd {
	m.keep()
	return m.Open(screen.Many, m.queue)
}

// undo takes back what was changed last in the body.
func (m *Model) undo() tea.Cmd {
	if !m.body.Undo() {
		return m.Env.Host.Say(themes.Dim, text.Const("nothing in the body was changed"))
	}
	m.at = place{part: outbox.PartBody}
	return m.changed()
}
