// Package attributes is the screen of one queue in five parts: what is set, who
// may do what, who sends and receives, what is wrong, and how it is tagged. Each
// can be changed here, after the difference has been shown.
//
// The picture is the fleet's, so it is as old as its last sample. What other
// services know of the queue is read when the part that shows it is opened, and
// on refresh. Nothing here receives a message but the evidence of a purge or a
// deletion, where the queue cannot be browsed, and that only by choice.
package attributes

import (
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/doctor"
	"sqscope/backend/fleet"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// part is one of the parts of the screen.
type part int

const (
	settingsPart part = iota
	policyPart
	wiringPart
	doctorPart
	tagsPart
	parts
)

var partWords = [parts]string{"settings", "policy", "wiring", "doctor", "tags"}

// Model is the screen.
type Model struct {
	screen.Base
	queue backend.ARN
	part  part
	lists [parts]widget.List

	seen     *fleet.Queue // as it was last known; nil: never
	settings []row
	policy   statements
	wiring   wiring
	nodes    []node
	found    []doctor.Finding
	tags     []string // keys, sorted

	editor  *editor // of the policy; nil: it is not being edited
	undo    *change // the last one that was made here; nil: none
	reading *atomic.Int64
}

// New makes the screen of a queue.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), queue: spec.Queue}
	m.gather()
	return m
}

// Init does nothing: the fleet reads.
func (m *Model) Init() tea.Cmd { return nil }

// Cover does nothing.
func (m *Model) Cover() {}

// Show asks for fresh attributes, those of the dead-letter queue too, and for
// tags.
func (m *Model) Show() tea.Cmd {
	both := []backend.ARN{m.queue}
	if q := m.Conn.Queue(m.queue); q != nil && q.DLQ != nil {
		both = append(both, *q.DLQ)
	}
	m.Conn.Fleet.Look(both, screen.Fresh)
	m.Conn.Fleet.WantTags([]backend.ARN{m.queue})
	m.Conn.Fleet.Refresh(m.queue)
	return nil
}

// Leave ends the screen.
func (m *Model) Leave() tea.Cmd { m.End(); return nil }

// gather makes the lines of all parts from what is known now.
func (m *Model) gather() {
	m.settings, m.nodes, m.found, m.tags = nil, nil, nil, nil
	if q := m.Conn.Queue(m.queue); q != nil {
		m.seen = q
		m.settings = settings(q, m.Env.UTC)
		m.policy.read(q)
		m.nodes = m.wires(q)
		m.found = doctor.Examine(m.facts())
		m.tags = sortedKeys(q.Tags)
	}
	m.lists[settingsPart].SetKeys(keysOf(m.settings, func(r row) string { return r.key }))
	m.lists[policyPart].SetKeys(keysOf(m.policy.readings, statementKey))
	m.lists[wiringPart].SetKeys(keysOf(m.nodes, func(n node) string { return n.key }))
	m.lists[doctorPart].SetKeys(keysOf(m.found, findingKey))
	m.lists[tagsPart].SetKeys(keysOf(m.tags, func(k string) string { return "tag " + k }))
}

func keysOf[T any](all []T, key func(T) string) []string {
	keys := make([]string, len(all))
	for i, t := range all {
		keys[i] = key(t)
	}
	return keys
}

// Update takes news of the fleet, the answers to commands, and keys while the
// policy is being edited.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.FleetMsg, screen.TickMsg:
		m.gather()
	case wiringRead:
		early := m.wiring.asOf.IsZero()
		m.wiring = wiring(msg)
		m.gather()
		if early { // what came now stands before what was there
			m.lists[wiringPart].Move(-len(m.nodes))
		}
	case wrote:
		return m.wrote(msg)
	case gathered:
		return m.gathered(msg)
	case emptied:
		return m.emptied(msg)
	case screen.Click:
		return m.clicked(msg)
	case screen.Wheel:
		m.list().Move(int(msg))
	case tea.PasteMsg:
		if m.editor != nil {
			m.editor.paste(msg.Content)
		}
	case tea.KeyPressMsg:
		if m.editor != nil {
			return m.editorKey(msg)
		}
	}
	return nil
}

// open shows a part. What others know of the queue is asked when it is first
// wanted.
func (m *Model) open(p part) tea.Cmd {
	m.part = (p + parts) % parts
	if m.part == wiringPart && m.wiring.asOf.IsZero() && !m.wiring.reading {
		return m.readWiring()
	}
	return nil
}

func (m *Model) list() *widget.List { return &m.lists[m.part] }

// name is the queue's name, for sentences.
func (m *Model) name() string { return m.queue.Name }

// denied is why an action on this queue is not allowed now, or "".
func (m *Model) denied(action string) string {
	if err := m.Conn.Guard.CheckQueue(action, m.queue.Name); err != nil {
		e := backend.AsError(err)
		return e.Message + ": " + e.Next
	}
	return ""
}

// Crumb is the queue's name and the part.
func (m *Model) Crumb() text.Safe { return text.Sprintf("%s %s", m.queue.Name, partWords[m.part]) }

// Status says how old the numbers are.
func (m *Model) Status() text.Safe {
	switch q := m.Conn.Queue(m.queue); {
	case m.reading != nil:
		return text.Sprintf("reading evidence: %s so far; leaving gives up", format.Plural(int(m.reading.Load()), "message"))
	case m.part == wiringPart && m.wiring.reading:
		return text.Const("asking SNS and Lambda …")
	case q == nil || q.AsOf.IsZero():
		return text.Const("not read yet")
	default:
		return text.Sprintf("as of %s ago", format.Span(time.Since(q.AsOf)))
	}
}

// Hint is how many messages there are.
func (m *Model) Hint(w int) string {
	q := m.Conn.Queue(m.queue)
	if q == nil || q.AsOf.IsZero() {
		return ""
	}
	s := text.Sprintf("%s · %s · %s visible, %s in flight, %s delayed", m.queue.Name, kindWords(q), format.Count(q.Visible), format.Count(q.InFlight), format.Count(q.Delayed))
	return m.Env.Theme.Paint(themes.Dim, s.Truncate(w).String())
}

// Typing is true while the policy is being edited.
func (m *Model) Typing() bool { return m.editor != nil }

// Trouble is why the queue could not be read, if it could not.
func (m *Model) Trouble() error {
	if q := m.Conn.Queue(m.queue); q != nil && q.Err != nil {
		return q.Err
	}
	return nil
}
