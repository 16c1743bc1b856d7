// Package many is the screen that sends many messages at once: copies of what was
// written in the composer, or a message for each entry of a file, with values of
// their own. The first ones are shown as they will be sent; while they go, how far it
// is; afterwards, what was not sent and why, to be tried again or kept in a file.
//
// Leaving the screen stops the sending, which is asked first. What was sent stays so.
package many

import (
	"context"
	"crypto/rand"
	"errors"
	"math/big"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/outbox"
	"sqscope/backend/rules"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	queue  backend.ARN
	rule   rules.Queue
	draft  outbox.Draft
	fields []*field
	at     int
	turn   int // number of what the fields say: a preview of something older is dropped
	first  []outbox.Item
	wrong  error // with what the fields say, or with the last plan
	busy   bool  // all messages are being looked through
	run    *run  // nil: nothing was sent yet
	cursor struct {
		x, y int
		ok   bool
	}
}

type (
	due       struct{ turn int }
	previewed struct {
		turn  int
		items []outbox.Item
		err   error
	}
	planned struct {
		job  outbox.Job
		rate float64
		plan outbox.Plan
		err  error
	}
)

// How many messages are shown beforehand, how long nobody types before they are made
// anew, and how long looking through all of them may take.
const (
	shownFirst = 3
	pause      = 150 * time.Millisecond
	planLimit  = 5 * time.Minute
)

// New makes the screen for what is written in the composer for a queue.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), queue: spec.Queue, fields: newFields()}
	m.rule = m.Conn.RuleOf(m.queue)
	m.draft = m.Draft(m.queue).Draft
	m.field(seed).input.SetValue(anySeed())
	return m
}

// anySeed is another number each time: of two jobs with the same one the ids would be
// the same.
func anySeed() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return strconv.FormatInt(time.Now().UnixNano()%1_000_000, 10)
	}
	return n.String()
}

// Init makes the first messages.
func (m *Model) Init() tea.Cmd { return m.preview() }

// Typing is true while the fields are filled in.
func (m *Model) Typing() bool { return m.run == nil }

// Update takes keys and the answers to the screen's commands.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		if f := m.here(); m.run == nil && len(f.choices) == 0 {
			f.input.Paste(msg.Content)
			return m.changed()
		}
	case tea.KeyPressMsg:
		return m.key(msg)
	case screen.FleetMsg:
		m.rule = m.Conn.RuleOf(m.queue)
	case screen.Wheel:
		if m.run != nil {
			m.run.scroll(int(msg))
		}
	case due:
		if msg.turn == m.turn {
			return m.preview()
		}
	case previewed:
		if msg.turn == m.turn {
			m.first, m.wrong = msg.items, msg.err
		}
	case planned:
		return m.ask(msg)
	case tick:
		if m.run != nil && m.run == msg.of && m.run.going {
			m.run.look()
			return m.After(tickEvery, msg)
		}
	case ended:
		return m.ended(msg)
	case kept:
		return m.kept(msg)
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
	case len(f.choices) > 0:
		switch stroke {
		case "left":
			f.turn(-1)
		case "right", "space":
			f.turn(1)
		default:
			return nil
		}
		return m.changed()
	case f.input.Key(stroke, msg.Text):
		return m.changed()
	}
	return nil
}

// changed makes the first messages anew in a moment.
func (m *Model) changed() tea.Cmd {
	m.turn++
	return m.After(pause, due{m.turn})
}

func (m *Model) preview() tea.Cmd {
	turn, rule := m.turn, m.rule
	job, _, err := m.job()
	if err != nil {
		m.first, m.wrong = nil, err
		return nil
	}
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		items, err := job.Preview(rule, shownFirst)
		return previewed{turn, items, err}
	})
}

// another takes other random values.
func (m *Model) another() tea.Cmd {
	m.field(seed).input.SetValue(anySeed())
	return m.changed()
}

// send looks through all messages, and asks before they go.
func (m *Model) send() tea.Cmd {
	if m.busy {
		return nil
	}
	job, rate, err := m.job()
	if err != nil {
		m.wrong = err
		return m.Env.Host.Say(themes.Bad, text.Sprintf("not sent: %s", err.Error()))
	}
	m.busy = true
	rule := m.rule
	return m.Do(planLimit, func(ctx context.Context) tea.Msg {
		p, err := job.Plan(ctx, rule, 1)
		return planned{job, rate, p, err}
	})
}

// ask says what would be sent.
func (m *Model) ask(p planned) tea.Cmd {
	m.busy = false
	if p.err != nil {
		m.wrong = p.err
		return m.Env.Host.Say(themes.Bad, text.Sprintf("not sent: %s", words(p.err)))
	}
	n := p.plan.Total - p.plan.Wrong
	if n == 0 {
		if p.plan.Bad != nil {
			m.wrong = p.plan.Bad.Wrong
		}
		return m.Env.Host.Say(themes.Bad, text.Const("nothing was sent: there is no message that could be"))
	}
	notes := []text.Safe{text.Sprintf("In batches of ten, by size of fewer: %s at least.", format.Plural((n+9)/10, "request"))}
	if p.rate > 0 {
		notes = append(notes, text.Sprintf("At %s a second this takes about %s.", format.Rate(p.rate), format.Span(time.Duration(float64(n)/p.rate*float64(time.Second)))))
	}
	if m.rule.FIFO {
		notes = append(notes, text.Const("Each group in order: nothing of it goes before what is ahead of it is confirmed."))
	}
	if p.plan.Wrong > 0 {
		notes = append(notes, text.Sprintf("%s of %s entries cannot be sent and are left out; the first: %s", format.Count(p.plan.Wrong), format.Count(p.plan.Total), p.plan.Bad.Wrong.Error()))
	}
	notes = append(notes, text.Const("What was sent cannot be called back. It can be stopped on the way."))
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("Send %s to %s?", format.Plural(n, "message"), m.queue.Name), Notes: notes,
		Danger: !m.Conn.Place.Embedded, Confirm: "send",
		Run: func([]string) tea.Cmd { return m.begin(p) },
	}))
	return nil
}

// words say what is wrong with a draft and where.
func words(err error) string {
	var f *outbox.Fault
	if !errors.As(err, &f) {
		return err.Error()
	}
	where := f.Part.String()
	if f.Part == outbox.PartAttribute {
		where += " " + strconv.Itoa(f.Row+1)
	}
	return where + ": " + f.Error()
}

// Crumb says what is done here.
func (m *Model) Crumb() text.Safe { return text.Sprintf("send many to %s", m.queue.Name) }

// Leave stops what is being sent.
func (m *Model) Leave() tea.Cmd {
	if m.run != nil {
		m.run.stop()
	}
	m.End()
	return nil
}

// Bindings are the keys of the fields, or of what is being sent.
func (m *Model) Bindings() []screen.Binding {
	if m.run != nil {
		return m.run.bindings(m)
	}
	step := func(by int) func() tea.Cmd { return func() tea.Cmd { m.step(by); return nil } }
	return []screen.Binding{
		{Action: keymap.ManySend, Run: m.send, Needs: "SendMessageBatch"},
		{Action: keymap.ManyNext, Run: step(1)},
		{Action: keymap.ManyPrev, Run: step(-1)},
		{Action: keymap.ManyOther, Run: m.another},
		{Action: keymap.ManyClose, Run: m.Env.Host.Back},
	}
}

// same tells whether SQS would keep only the first of the messages, as far as it can be
// seen from those that are shown (docs/SQS.md 8.1).
func (m *Model) same() bool {
	if !m.rule.FIFO || len(m.first) < 2 || m.first[0].Wrong != nil || m.first[1].Wrong != nil {
		return false
	}
	a, b := m.first[0].Message, m.first[1].Message
	if a.MessageDeduplicationId.Set {
		return a.MessageDeduplicationId == b.MessageDeduplicationId
	}
	return a.MessageBody == b.MessageBody
}

// job is what the fields say.
func (m *Model) job() (j outbox.Job, rate float64, err error) {
	fleet := m.Conn.Fleet
	j = outbox.Job{Draft: m.draft, From: m.from(), Fill: m.field(fill).chosen == 0, Path: screen.Home(m.value(file))}
	j.Now = func() time.Time { return fleet.Snapshot().Now(time.Now()) }
	invalid := func(i id, say string) (outbox.Job, float64, error) {
		return j, 0, backend.Errorf(backend.KindInvalid, "%s: %s", m.field(i).label, say)
	}
	if j.From == outbox.Copies {
		if j.Count, err = strconv.Atoi(strings.ReplaceAll(m.value(count), ",", "")); err != nil || j.Count < 1 || j.Count > outbox.MaxCopies {
			return invalid(count, "write a number from 1 to "+format.Count(outbox.MaxCopies))
		}
	} else if j.Path == "" {
		return invalid(file, "write the name of a file: .csv, .tsv or JSON lines")
	}
	if j.Seed, err = strconv.ParseUint(m.value(seed), 10, 64); err != nil {
		return invalid(seed, "write a whole number")
	}
	if v := m.value(speed); v != "" {
		if rate, err = strconv.ParseFloat(v, 64); err != nil || !(rate >= 0.01 && rate <= 100_000) {
			return invalid(speed, "write a number of messages a second from 0.01 to 100,000, or nothing")
		}
	}
	return j, rate, nil
}
