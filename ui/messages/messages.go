// Package messages is the screen of a queue's messages: a list, and a reader for
// the one under the cursor.
//
// On the embedded engine looking is free: the list shows all that is stored, in
// flight and delayed too, and follows what happens. Elsewhere nothing is read
// until it is asked for, because looking is a receive: the screen says before
// what it will cost and after what it did, asks first where it could send a
// message to the dead-letter queue, and gives the messages back when it is left.
//
// Marks and acts hold message ids, never rows. What is looked for and what jq
// columns show is worked out beside the program, a few messages at a time, from
// bodies as masks leave them; acts wait until it is known what they are about.
package messages

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/peek"
	"sqscope/backend/redrive/proof"
	"sqscope/ui/deletion"
	"sqscope/ui/export"
	"sqscope/ui/look"
	"sqscope/ui/reader"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	queue backend.ARN
	look  *look.Look
	all   []peek.Message // what was read
	at    map[string]int // their places in all

	past *proof.History // of redrives; nil: not read yet

	// The list.
	table   *widget.Table[string]
	listed  []column
	heads   []widget.Column // of the table
	rows    []*peek.Message // as they are shown
	order   order
	anchor  string           // where a range of marks begins
	facts   map[string]*fact // by id
	pathsN  int              // counts what columns there were
	opened  *opened
	studies context.CancelFunc // ends the study that is under way; nil: there is none
	waiting []func() tea.Cmd   // acts that wait for it, in their order

	// What is looked for.
	filter widget.Input
	search widget.Input
	typing typing
	find   find

	// The groups.
	grouped    bool    // they are shown
	group      *string // the list has the messages of this one; nil: of all
	groups     []group
	groupTable *widget.Table[string]

	export   *export.Export
	deletion *deletion.Deletion

	reader    *reader.Reader
	reading   bool // the reader has the keys
	wide      bool // list and reader stand side by side
	listWidth int  // cells of the list where both are shown
}

// New makes the screen of a queue. It reads nothing yet.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{
		Base: screen.NewBase(env, spec), queue: spec.Queue,
		table: widget.NewTable[string](nil), groupTable: newGroupTable(), filter: widget.NewInput(), search: widget.NewInput(),
		facts: map[string]*fact{}, opened: &opened{},
	}
	m.filter.Placeholder = text.Const("text, /regex/, or jq: .json.order.total > 100")
	m.look = look.New(&m.Base, m.queue, browseBatch)
	m.export = export.New(&m.Base, m.queue, m.originals)
	m.deletion = deletion.New(&m.Base, deletion.Of{Queue: m.queue, Session: m.look.Session, Message: m.byID, Begins: m.beginning, Gone: func(ids []string) {
		for _, id := range ids {
			m.table.Unmark(id)
		}
	}})
	m.reader = reader.New(&m.Base, m.stands)
	return m
}

// Init looks, where that is free.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(m.choose(m.usual()), m.remember(), m.look.Init())
}

// Trouble is what keeps messages from being shown.
func (m *Model) Trouble() error { return m.look.Err() }

// Show asks for a fresh count.
func (m *Model) Show() tea.Cmd {
	m.Conn.Fleet.Look([]backend.ARN{m.queue}, screen.Fresh)
	m.Conn.Fleet.Refresh(m.queue)
	return m.readHistory()
}

// Update takes keys for the fields, results, and what the fleet has seen.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	cmd := m.update(msg)
	m.look.Open()
	if mind := m.mind(); mind != nil {
		return tea.Batch(cmd, mind)
	}
	return cmd
}

func (m *Model) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return m.typed(msg)
	case tea.PasteMsg:
		return m.pasted(msg.Content)
	case screen.Click:
		return m.clicked(msg)
	case screen.Wheel:
		return m.wheeled(int(msg))
	case screen.FleetMsg, screen.TickMsg:
		return m.ticked()
	case remembered:
		return m.remembered(msg)
	case studied:
		return m.studied(msg)
	case history:
		return m.tookHistory(msg)
	}
	if cmd, done := m.look.Update(msg); done {
		return tea.Batch(m.take(), cmd)
	}
	if cmd, done := m.acted(msg); done {
		return cmd
	}
	return m.reader.Update(msg)
}

// ticked follows what happens where looking is free. Elsewhere leases run out, and
// may have been given back.
func (m *Model) ticked() tea.Cmd {
	if m.look.Free {
		return m.look.Tick()
	}
	if m.look.Session() != nil && !m.look.Busy() {
		return m.take()
	}
	return nil
}

// take shows what the session has read.
func (m *Model) take() tea.Cmd {
	if m.look.Session() == nil {
		return nil
	}
	m.all = m.look.Take()
	m.at = make(map[string]int, len(m.all))
	for i := range m.all {
		m.at[m.all[i].MessageId] = i
	}
	m.forget()
	m.arrange()
	return tea.Batch(m.follow(), m.study())
}

// follow brings the message under the cursor into the reader.
func (m *Model) follow() tea.Cmd {
	msg := m.message()
	if msg == nil {
		m.reader.Clear()
		return nil
	}
	return m.read(*msg)
}

// message is the one under the cursor, or nil.
func (m *Model) message() *peek.Message {
	id, ok := m.table.Key()
	if !ok {
		return nil
	}
	return m.byID(id)
}

func (m *Model) byID(id string) *peek.Message {
	if i, there := m.at[id]; there {
		return &m.all[i]
	}
	return nil
}

// Crumb is the queue's name, and the group whose messages are shown.
func (m *Model) Crumb() text.Safe {
	switch {
	case m.grouped:
		return text.Sprintf("%s / groups", m.queue.Name)
	case m.group != nil:
		return text.Sprintf("%s / group %s", m.queue.Name, *m.group)
	}
	return text.Clean(m.queue.Name)
}
