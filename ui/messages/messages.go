// Package messages is the screen of a queue's messages: a list, and a reader for
// the one under the cursor.
//
// On the embedded engine looking is free: the list shows all that is stored, in
// flight and delayed too, and follows what happens. Elsewhere nothing is read
// until it is asked for, because looking is a receive: the screen says before
// what it will cost and after what it did, and gives the messages back when it
// is left. Marks and acts hold message ids, never rows.
package messages

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// How many messages a look takes, and how often a free one is repeated.
const (
	leaseBatch  = 10
	browseBatch = 500
	browseEvery = time.Second
)

// releaseLimit is how long giving back may take after the screen has gone.
const releaseLimit = 10 * time.Second

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	queue     backend.ARN
	session   *peek.Session
	table     *widget.Table[string]
	all       []peek.Message // what was read
	rows      []peek.Message // of them, what the filter lets through
	filter    widget.Input
	search    widget.Input
	typing    typing
	words     string // of the filter
	looking   bool
	looked    time.Time
	state     peek.State
	err       error
	reader    reader
	reading   bool // the reader has the keys
	wide      bool // list and reader stand side by side
	listWidth int  // cells of the list where both are shown
	free      bool // looking costs nothing here
}

// typing says which field has the keys.
type typing int

const (
	nowhere typing = iota
	inFilter
	inSearch
)

type looked struct {
	state peek.State
	err   error
}

type progressed struct{}

type gaveBack struct{ err error }

// New makes the screen of a queue. It reads nothing yet.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{
		Base: screen.NewBase(env, spec), queue: spec.Queue,
		table: newTable(spec.Queue.FIFO()), filter: widget.NewInput(), search: widget.NewInput(),
	}
	m.free = m.Conn.Stack.Browse != nil
	return m
}

// Init looks, where that is free.
func (m *Model) Init() tea.Cmd {
	if m.free && m.denied() == "" {
		return m.look()
	}
	return nil
}

// denied is why nothing may be looked at here, or "".
func (m *Model) denied() string {
	if err := m.Conn.Guard.CheckQueue(m.lookNeeds(), m.queue.Name); err != nil {
		return backend.AsError(err).Next
	}
	return ""
}

// Trouble is what keeps messages from being shown.
func (m *Model) Trouble() error { return m.err }

// Show asks for a fresh count.
func (m *Model) Show() tea.Cmd {
	m.Conn.Fleet.Look([]backend.ARN{m.queue}, screen.Fresh)
	m.Conn.Fleet.Refresh(m.queue)
	return nil
}

// open makes the session when the queue is known.
func (m *Model) open() bool {
	if m.session != nil {
		return true
	}
	q := m.Conn.Queue(m.queue)
	if q == nil || q.AsOf.IsZero() && q.Err == nil {
		return false // what a look would cost is not known yet
	}
	visible := q.Visible
	if q.AsOf.IsZero() {
		visible = -1
	}
	m.session = peek.Open(peek.Options{
		Stack: m.Conn.Stack, Leases: m.Conn.Leases, URL: q.URL, ARN: m.queue,
		FIFO: q.FIFO, MaxReceiveCount: q.Redrive.MaxReceiveCount, Visible: visible,
	})
	return true
}

// look reads messages: again all that is stored where that is free, else ten
// more.
func (m *Model) look() tea.Cmd {
	if m.looking || !m.open() {
		return nil
	}
	m.looking = true
	session, want := m.session, leaseBatch
	if m.free {
		want = browseBatch
	}
	return tea.Batch(
		m.Do(screen.ActLimit, func(ctx context.Context) tea.Msg {
			state, err := session.Look(ctx, want, nil)
			return looked{state, err}
		}),
		m.After(200*time.Millisecond, progressed{}),
	)
}

// Update takes keys for the fields, results, and what the fleet has seen.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
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
		switch {
		case m.free && !m.looking && time.Since(m.looked) >= browseEvery && m.denied() == "":
			return m.look()
		case !m.free && m.session != nil && !m.looking:
			return m.take() // leases run out, and may have been given back
		}
	case progressed:
		if m.looking {
			m.take()
			return m.After(200*time.Millisecond, progressed{})
		}
	case looked:
		m.looking, m.looked, m.state, m.err = false, time.Now(), msg.state, msg.err
		m.Conn.Fleet.Refresh(m.queue)
		return m.take()
	case prepared:
		m.reader.ready(msg)
	case deleted:
		return m.deleted(msg)
	case gaveBack:
		if msg.err != nil {
			return tea.Batch(m.take(), m.Env.Host.Fail(msg.err))
		}
		return tea.Batch(m.take(), m.Env.Host.Say(themes.Good, text.Const("gave back what was leased")))
	}
	return nil
}

// take shows what the session has read.
func (m *Model) take() tea.Cmd {
	m.all = m.session.Messages()
	m.narrow()
	return m.follow()
}

// follow brings the message under the cursor into the reader.
func (m *Model) follow() tea.Cmd {
	msg := m.message()
	if msg == nil {
		m.reader.clear()
		return nil
	}
	return m.prepare(*msg)
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
	for i := range m.all {
		if m.all[i].MessageId == id {
			return &m.all[i]
		}
	}
	return nil
}

// Crumb is the queue's name.
func (m *Model) Crumb() text.Safe { return text.Clean(m.queue.Name) }

// Leave gives back what was leased. That goes on after the screen has gone.
func (m *Model) Leave() tea.Cmd {
	m.End()
	if m.session == nil {
		return nil
	}
	session, conn := m.session, m.Conn
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(conn.Context, releaseLimit)
		defer cancel()
		if err := session.Release(ctx); err != nil {
			return screen.LateMsg{Err: err}
		}
		return nil
	}
}
