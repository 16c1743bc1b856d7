// Package attributes is the screen of one queue: every attribute with its value
// in words and what it means, where its failed messages go and come from, its
// encryption, policy and tags.
//
// The attributes are the fleet's, so they are as old as its last sample; tags
// are read when the screen opens and on refresh.
package attributes

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	queue  backend.ARN
	tags   map[string]string
	tagErr error
	facts  []fact
	at     int // the line under the cursor
	top    int
	height int
}

type tagsRead struct {
	tags map[string]string
	err  error
}

// New makes the screen of a queue.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), queue: spec.Queue, height: 1, at: 1}
	m.gather()
	return m
}

// Init reads the tags.
func (m *Model) Init() tea.Cmd { return m.readTags() }

func (m *Model) readTags() tea.Cmd {
	q := m.Conn.Queue(m.queue)
	if q == nil {
		return nil
	}
	sqs, in := m.Conn.Stack.SQS, backend.ListQueueTagsInput{QueueUrl: q.URL}
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		out, err := sqs.ListQueueTags(ctx, in)
		if err == nil && out.Tags == nil {
			out.Tags = map[string]string{}
		}
		return tagsRead{out.Tags, err}
	})
}

// gather makes the lines from what is known now.
func (m *Model) gather() {
	q := m.Conn.Queue(m.queue)
	if q == nil {
		m.facts = nil
		return
	}
	m.facts = facts(q, m.tags, m.tagErr, m.Env.UTC)
	m.move(0)
}

// Update takes the tags and news of the fleet.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tagsRead:
		m.tags, m.tagErr = msg.tags, msg.err
	case screen.FleetMsg, screen.TickMsg:
		if m.tags == nil && m.tagErr == nil && len(m.facts) == 0 {
			m.gather()
			return m.readTags()
		}
	default:
		return nil
	}
	m.gather()
	return nil
}

// Show asks for fresh attributes.
func (m *Model) Show() tea.Cmd {
	m.Conn.Fleet.Look([]backend.ARN{m.queue}, screen.Fresh)
	m.Conn.Fleet.Refresh(m.queue)
	return nil
}

// Crumb is the queue's name.
func (m *Model) Crumb() text.Safe { return text.Sprintf("%s attributes", m.queue.Name) }

// Status says how old the numbers are.
func (m *Model) Status() text.Safe {
	q := m.Conn.Queue(m.queue)
	if q == nil || q.AsOf.IsZero() {
		return text.Const("not read yet")
	}
	return text.Sprintf("as of %s ago", format.Span(time.Since(q.AsOf)))
}

// Leave ends the screen.
func (m *Model) Leave() tea.Cmd { m.End(); return nil }

func (m *Model) move(by int) {
	m.at = min(max(0, m.at+by), max(0, len(m.facts)-1))
	for step := 1; m.at > 0 && m.at < len(m.facts)-1 && m.facts[m.at].heading; { // a heading is no place to stop
		if by < 0 {
			step = -1
		}
		m.at += step
	}
	m.top = max(min(m.top, m.at-1), m.at-m.height+1, 0)
}

// View draws the lines around the cursor.
func (m *Model) View(w, h int) string {
	t := m.Env.Theme
	if len(m.facts) == 0 {
		return widget.Center(t.Paint(themes.Dim, text.Sprintf("%s is not in the list of queues", m.queue.Name).Truncate(w).String()), w, h)
	}
	m.height = h
	lines := make([]string, 0, h)
	for i := max(min(m.top, m.at-1), m.at-h+1, 0); i < len(m.facts) && len(lines) < h; i++ {
		lines = append(lines, m.line(m.facts[i], i == m.at, w))
	}
	for len(lines) < h {
		lines = append(lines, widget.Fit("", w))
	}
	return strings.Join(lines, "\n")
}

func (m *Model) line(f fact, here bool, w int) string {
	t := m.Env.Theme
	if f.heading {
		return widget.Fit(" "+t.Paint(themes.Header, f.name.String()), w)
	}
	const label, valueCells = 31, 12
	mark, base := "   ", ""
	if here {
		mark, base = " ▸ ", t.SGR(themes.Selected)
	}
	room := w - label - 4
	value := f.value.Truncate(room)
	if value.Width() < valueCells && room > 2*valueCells {
		value = value.Pad(valueCells) // notes stand in a column behind short values
	}
	line := t.Paint(themes.Accent, mark) + t.Paint(themes.Dim, f.name.Truncate(label-1).Pad(label).String()) + t.Paint(f.role, value.String())
	if rest := room - value.Width() - 3; rest > 12 && f.note.String() != "" {
		line += t.Paint(themes.Dim, "   "+f.note.Truncate(rest).String())
	}
	return base + strings.ReplaceAll(widget.Fit(line, w), themes.Reset, themes.Reset+base) + themes.Reset
}

// Hint is the note of the line under the cursor, in full.
func (m *Model) Hint(w int) string {
	if m.at >= len(m.facts) {
		return ""
	}
	f := m.facts[m.at]
	s := text.Join(f.name, text.Const(" "), f.value)
	if f.note.String() != "" {
		s = text.Join(s, text.Const(" · "), f.note)
	}
	return m.Env.Theme.Paint(themes.Dim, s.Truncate(w).String())
}

// Bindings are the keys of the screen.
func (m *Model) Bindings() []screen.Binding {
	open := func(kind screen.Kind) func() tea.Cmd {
		return func() tea.Cmd { return m.Open(kind, m.queue) }
	}
	move := func(by func() int) func() tea.Cmd { return func() tea.Cmd { m.move(by()); return nil } }
	fixed := func(n int) func() int { return func() int { return n } }
	return []screen.Binding{
		{Action: keymap.AttributesMessages, Run: open(screen.Messages)},
		{Action: keymap.AttributesSend, Run: open(screen.Compose), Needs: "SendMessage"},
		m.DeadLettersBinding(keymap.AttributesDLQ, func() backend.ARN { return m.queue }),
		{Action: keymap.Copy, Run: m.copy},
		{Action: keymap.Refresh, Run: func() tea.Cmd { m.Conn.Fleet.Refresh(m.queue); return m.readTags() }},
		{Action: keymap.Up, Run: move(fixed(-1))},
		{Action: keymap.Down, Run: move(fixed(1))},
		{Action: keymap.PageUp, Run: move(func() int { return -m.height })},
		{Action: keymap.PageDown, Run: move(func() int { return m.height })},
		{Action: keymap.Top, Run: move(func() int { return -len(m.facts) })},
		{Action: keymap.Bottom, Run: move(func() int { return len(m.facts) })},
	}
}

func (m *Model) copy() tea.Cmd {
	if m.at >= len(m.facts) || m.facts[m.at].raw == "" {
		return m.Env.Host.Say(themes.Dim, text.Const("there is nothing to copy on this line"))
	}
	return m.Env.Host.Clipboard(m.facts[m.at].name, m.facts[m.at].raw)
}
