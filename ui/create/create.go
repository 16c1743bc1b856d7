// Package create is the screen where a queue is made: its name and kind, its
// dead-letter queue in one go, the attributes that are set most, and tags. What
// SQS would refuse is said at the field where it is, by the rules of the engine,
// and what will be sent stands there as commands of the AWS CLI.
//
// Opened for a queue, it makes the dead-letter queue of that one.
//
// The dead-letter queue is made first. If what comes after it fails, that is said
// and the form stays: SQS takes an equal queue that exists for a new one, so
// trying again goes on where it stopped.
package create

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/rules"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	source backend.ARN // the queue whose dead-letter queue is made; zero: none
	fields []*field
	at     int
	plan   plan
	typing bool // something was typed
	own    bool // the name of the new dead-letter queue was typed, not proposed
	making bool
	failed string // the last attempt, in words; "" if there was none
	half   string // the dead-letter queue that it made all the same
	panel  widget.Body
	cursor struct {
		x, y int
		ok   bool
	}
}

// made is the answer to an attempt.
type made struct {
	dlq, url string // URLs of what exists now; "" for what does not
	name     string
	err      error
	at       id // the field that the error is about
}

// Late says how it went; the screen may have gone.
func (m made) Late() (themes.Role, text.Safe) {
	_, dlq := backend.URLParts(m.dlq)
	switch {
	case m.err == nil && dlq != "":
		return themes.Good, text.Sprintf("created %s with %s", m.name, dlq)
	case m.err == nil:
		return themes.Good, text.Sprintf("created %s", m.name)
	case dlq != "":
		return themes.Bad, text.Sprintf("created %s, but not %s: %s", dlq, m.name, m.err.Error())
	}
	return themes.Bad, text.Sprintf("%s was not created: %s", m.name, m.err.Error())
}

// New makes the screen.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), source: spec.Queue}
	m.fields = newFields()
	if m.forSource() {
		m.field(kind).pick(wordOf(kindWords(), spec.Queue.FIFO()))
		m.field(name).input.SetValue(m.proposed())
		m.field(retention).input.SetValue("14 d")
		m.field(letters).pick(noLetters)
	}
	m.changed()
	return m
}

// proposed is a name for the dead-letter queue of the source: the one that its
// RedrivePolicy names in vain, if it does and that would fit.
func (m *Model) proposed() string {
	if q := m.Conn.Queue(m.source); q != nil && q.DLQMissing && q.DLQ.FIFO() == q.FIFO {
		return q.DLQ.Name
	}
	return dlqName(m.source.Name)
}

// forSource tells whether it makes the dead-letter queue of another queue.
func (m *Model) forSource() bool { return m.source != backend.ARN{} }

// Init does nothing: the form is ready.
func (m *Model) Init() tea.Cmd { return nil }

// Typing is always true: every letter is text here.
func (m *Model) Typing() bool { return true }

// Update takes keys and the answer to an attempt.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		if f := m.here(); len(f.choices) == 0 {
			f.input.Paste(msg.Content)
			m.typed()
		}
	case tea.KeyPressMsg:
		return m.key(msg)
	case made:
		return m.made(msg)
	case screen.FleetMsg:
		m.changed()
	}
	return nil
}

func (m *Model) key(msg tea.KeyPressMsg) tea.Cmd {
	stroke, f := msg.String(), m.here()
	if cmd, done := screen.Dispatch(m.Env, m.Bindings(), stroke); done {
		return cmd
	}
	switch {
	case stroke == "down" || stroke == "enter":
		m.step(1)
	case stroke == "up":
		m.step(-1)
	case stroke == "pgup":
		m.panel.Scroll(-m.panel.Page())
	case stroke == "pgdown":
		m.panel.Scroll(m.panel.Page())
	case len(f.choices) > 0:
		switch stroke {
		case "left":
			f.turn(-1)
		case "right", "space":
			f.turn(1)
		default:
			f.begins(msg.Text)
		}
		m.typed()
	case f.input.Key(stroke, msg.Text):
		m.typed()
	}
	return nil
}

// typed takes what the field that has the keys now says.
func (m *Model) typed() {
	switch f := m.here(); f.id {
	case name:
		if strings.HasSuffix(f.input.Value(), fifoSuffix) {
			m.field(kind).pick("FIFO")
		}
	case newDLQ:
		m.own = true
	case kind:
		m.rename()
	}
	m.failed, m.typing = "", true
	m.changed()
}

// rename puts .fifo behind the names of a FIFO queue, and takes it from others.
func (m *Model) rename() {
	for _, f := range []*field{m.field(name), m.field(newDLQ)} {
		stem := strings.TrimSuffix(f.input.Value(), fifoSuffix)
		if stem != "" && m.fifo() {
			stem += fifoSuffix
		}
		f.input.SetValue(stem)
	}
}

// changed makes anew what follows from the fields: the name of the dead-letter
// queue, as long as nobody typed one, and the plan.
func (m *Model) changed() {
	if !m.own {
		m.field(newDLQ).input.SetValue(dlqName(m.value(name)))
	}
	m.plan = m.planned()
	m.panel.SetDocument(widget.Prepare(m.plan.commands(m.Conn.Place), false))
}

// dlqName is the usual name for a dead-letter queue.
func dlqName(queue string) string {
	stem, fifo := strings.CutSuffix(queue, fifoSuffix)
	if stem == "" {
		return ""
	}
	stem += "-dlq"
	if fifo {
		stem += fifoSuffix
	}
	return stem
}

// step goes to another field that is shown.
func (m *Model) step(by int) {
	shown := m.shown()
	for i, f := range shown {
		if f == m.here() {
			m.at = m.index(shown[(i+by+len(shown))%len(shown)].id)
			return
		}
	}
	m.at = 0
}

// close leaves. What was filled in is dropped only if somebody says so.
func (m *Model) close() tea.Cmd {
	if m.making {
		return tea.Batch(m.Env.Host.Back(), m.Env.Host.Say(themes.Warn, text.Const("left while it was being created; how it went is said as soon as it is known")))
	}
	if !m.typing {
		return m.Env.Host.Back()
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("Leave without creating it?"), Notes: []text.Safe{text.Const("What was filled in is dropped.")}, Confirm: "leave",
		Run: func([]string) tea.Cmd { return m.Env.Host.Back() },
	}))
	return nil
}

// choose lets somebody find the dead-letter queue among those there are.
func (m *Model) choose() tea.Cmd {
	f := m.here()
	if f.id != oldDLQ {
		return m.Env.Host.Say(themes.Dim, text.Const("there is a list only for the dead-letter queue that exists; other choices turn with ← and →"))
	}
	fit := m.candidates()
	choices := make([]dialog.Choice, len(fit))
	for i, q := range fit {
		choices[i] = dialog.Choice{Label: q.ARN.Name}
		if q.IsDLQ() {
			choices[i].Note = "is a dead-letter queue already"
		}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Where failed messages go"), choices, func(i int) tea.Cmd {
		f.input.SetValue(fit[i].ARN.Name)
		m.typed()
		return nil
	}))
	return nil
}

// create checks everything and makes the queues.
func (m *Model) create() tea.Cmd {
	if m.making {
		return nil
	}
	if err := m.Conn.Guard.CheckQueue("CreateQueue", m.value(name)); err != nil {
		return m.Env.Host.Fail(err)
	}
	for _, f := range m.shown() {
		if why := m.wrong(f); why != "" {
			f.touched = true
			m.at = m.index(f.id)
			return m.Env.Host.Say(themes.Bad, text.Sprintf("not created: %s", why))
		}
	}
	m.making, m.failed = true, ""
	p, sqs, count := m.planned(), m.Conn.Stack.SQS, m.count()
	source := m.source.Name
	return m.Act(func(ctx context.Context) tea.Msg { return p.carryOut(ctx, sqs, count, source) })
}

// made opens what was made. After half a failure it says what is there already.
func (m *Model) made(a made) tea.Cmd {
	m.making = false
	for _, u := range []string{a.dlq, a.url} {
		if u != "" {
			m.Conn.Fleet.Add(u)
		}
	}
	role, line := a.Late()
	if a.err != nil {
		m.failed, m.half = line.String(), ""
		if a.dlq != "" {
			m.half = "it exists now; trying again takes it as it is"
		}
		f := m.field(a.at)
		f.touched = true
		m.at = m.index(f.id)
		return m.Env.Host.Fail(a.err)
	}
	if m.forSource() {
		m.Conn.Fleet.Refresh(m.source)
		return tea.Batch(m.Env.Host.Back(), m.Env.Host.Say(role, text.Join(line, text.Sprintf(" · %s uses it", m.source.Name))))
	}
	arn := backend.ARNOf(a.url, m.Conn.Place.Region)
	return tea.Batch(m.Env.Host.Back(), m.Open(screen.Attributes, arn), m.Env.Host.Say(role, line))
}

// Crumb says what is done here.
func (m *Model) Crumb() text.Safe {
	if m.forSource() {
		return text.Sprintf("a dead-letter queue for %s", m.source.Name)
	}
	return text.Const("new queue")
}

// Status says whether it is under way.
func (m *Model) Status() text.Safe {
	if m.making {
		return text.Const("creating …")
	}
	return text.Safe{}
}

// Leave ends the screen.
func (m *Model) Leave() tea.Cmd { m.End(); return nil }

// Bindings are the keys that are not text.
func (m *Model) Bindings() []screen.Binding {
	step := func(by int) func() tea.Cmd { return func() tea.Cmd { m.step(by); return nil } }
	return []screen.Binding{
		{Action: keymap.CreateSend, Run: m.create},
		{Action: keymap.CreateNext, Run: step(1)},
		{Action: keymap.CreatePrev, Run: step(-1)},
		{Action: keymap.CreateChoose, Run: m.choose, Off: func() string {
			if m.here().id != oldDLQ {
				return "there is a list only for a dead-letter queue that exists"
			}
			return ""
		}},
		{Action: keymap.CreateClose, Run: m.close},
	}
}

const fifoSuffix = ".fifo"

func (m *Model) fifo() bool { return m.value(kind) == "FIFO" }

// target looks a dead-letter queue up for the rules.
func (m *Model) target(arn string) (rules.Target, bool) {
	a, _ := backend.ParseARN(arn)
	if q := m.Conn.Queue(a); q != nil {
		return rules.Target{FIFO: q.FIFO, Allow: q.Attributes[backend.AttrRedriveAllowPolicy]}, true
	}
	return rules.Target{FIFO: a.FIFO()}, m.plan.dlq != nil || !m.Conn.Fleet.Snapshot().ListComplete
}
