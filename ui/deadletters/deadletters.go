// Package deadletters has the screens for the night: all dead-letter queues with
// messages, the one first where waiting does most harm; and one of them, its
// messages told apart by what they died of.
//
// A queue is a dead-letter queue because a RedrivePolicy names it. Nothing is
// received unless somebody asks for it (see package look); what is grouped is what
// was read, and the screen says how much of the queue that is. Groups and messages
// are held by their ids, never by rows. Bodies are decoded, masked and grouped in
// commands. What a person arranges, labels, splits, merges, fields and markers, is
// kept for the queue in the memo.
package deadletters

import (
	"cmp"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/peek"
	"sqscope/backend/redrive/proof"
	"sqscope/backend/triage"
	"sqscope/backend/triage/arrange"
	"sqscope/backend/triage/harm"
	"sqscope/ui/deletion"
	"sqscope/ui/export"
	"sqscope/ui/look"
	"sqscope/ui/reader"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// browseMost is how many messages are grouped where looking is free.
const browseMost = 10_000

// pane is what the keys are about.
type pane int

const (
	inList    pane = iota // the groups, or the messages of one
	inDetails             // what is known of the group under the cursor
	inReader              // the message
)

// Model is the screen of one dead-letter queue.
type Model struct {
	screen.Base
	screen.Quiet
	queue    backend.ARN
	look     *look.Look
	export   *export.Export
	deletion *deletion.Deletion
	reader   *reader.Reader

	all  []peek.Message // what was read
	at   map[string]int // their places in all
	past *proof.History // of redrives; nil: not read yet

	// What a person arranged, and whether the memo has said what it was.
	rules    arrange.Rules
	markers  []arrange.Marker
	recalled bool

	// The grouping, and the messages that it is of.
	found    triage.Grouping
	letters  []triage.Message
	bars     map[string][]triage.ReceiveBar // by the group's id
	again    map[string]int                 // messages that were redriven before, by the group's id
	readOf   harm.Read
	version  uint64 // of what was grouped last
	arranged int    // counts changes of what was arranged
	grouping bool   // one is under way
	err      error  // why the last one failed

	groups  *widget.Table[string] // by their ids
	goTo    string                // the id of a group that the cursor goes to once it is there
	inside  string                // the id of the group whose messages are shown; "": the groups are
	list    *widget.Table[string] // of messages, by their ids
	members []*peek.Message       // of that group, the first sent first
	pane    pane
	scroll  int // of the details
	room    int // lines of the details as drawn last, and how many there were
	lines   int
	wide    bool
	left    int // cells of the left side where it is wide
}

// New makes the screen of a dead-letter queue, or of all of them where the spec
// names none.
func New(env *screen.Env, spec screen.Spec) screen.Screen {
	if spec.Queue.Name == "" {
		return newAll(env, spec)
	}
	m := &Model{Base: screen.NewBase(env, spec), queue: spec.Queue, groups: newGroupTable(), list: widget.NewTable[string](nil)}
	m.look = look.New(&m.Base, m.queue, browseMost)
	m.export = export.New(&m.Base, m.queue, m.originals)
	m.deletion = deletion.New(&m.Base, deletion.Of{Queue: m.queue, Session: m.look.Session, Message: m.byID, Begins: m.begins, Gone: func(ids []string) {
		for _, id := range ids {
			m.list.Unmark(id)
		}
	}})
	m.reader = reader.New(&m.Base, m.stands)
	m.setColumns()
	return m
}

// Init recalls what was arranged, and looks where that is free.
func (m *Model) Init() tea.Cmd { return tea.Batch(m.recall(), m.look.Init()) }

// Show asks for fresh counts, of this queue and its sources.
func (m *Model) Show() tea.Cmd {
	m.watch()
	m.Conn.Fleet.Refresh(m.queue)
	return m.readHistory()
}

// watch has the fleet keep the queues fresh that this is about.
func (m *Model) watch() {
	arns := []backend.ARN{m.queue}
	if q := m.Conn.Queue(m.queue); q != nil {
		arns = append(arns, q.Sources...)
	}
	m.Conn.Fleet.Look(arns, screen.Fresh)
}

// Update takes results, and what the fleet has seen.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	cmd := m.update(msg)
	m.look.Open()
	return tea.Batch(cmd, m.mind())
}

func (m *Model) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.FleetMsg, screen.TickMsg:
		m.watch()
		if m.look.Free || m.look.Busy() {
			return tea.Batch(m.look.Tick(), m.group())
		}
		return m.take() // leases run out, and may have been given back
	case screen.Click:
		return m.clicked(msg)
	case screen.Wheel:
		return m.moveIn(m.pane, int(msg))
	case recalled:
		return m.recalledAs(msg)
	case saved:
		return m.savedAs(msg)
	case grouped:
		return m.groupedAs(msg)
	case history:
		return m.tookHistory(msg)
	}
	if cmd, done := m.look.Update(msg); done {
		return tea.Batch(m.take(), cmd)
	}
	if cmd, done := m.deletion.Update(msg); done {
		return tea.Batch(m.take(), cmd)
	}
	if cmd, done := m.export.Update(msg); done {
		return cmd
	}
	return m.reader.Update(msg)
}

// take shows what was read, and has it grouped anew if it is not what it was.
func (m *Model) take() tea.Cmd {
	if m.look.Session() == nil {
		return nil
	}
	m.all = m.look.Take()
	m.at = make(map[string]int, len(m.all))
	for i := range m.all {
		m.at[m.all[i].MessageId] = i
	}
	m.fillMembers()
	return tea.Batch(m.group(), m.follow())
}

func (m *Model) byID(id string) *peek.Message {
	if i, there := m.at[id]; there {
		return &m.all[i]
	}
	return nil
}

// here is the group that is shown, or the one under the cursor; nil: there is none.
func (m *Model) here() *triage.Group {
	id, ok := m.inside, m.inside != ""
	if !ok {
		id, ok = m.groups.Key()
	}
	if !ok {
		return nil
	}
	return m.groupOf(id)
}

func (m *Model) groupOf(id string) *triage.Group {
	for i := range m.found.Groups {
		if m.found.Groups[i].ID == id {
			return &m.found.Groups[i]
		}
	}
	return nil
}

// message is the one that the reader shows: the one under the cursor, or the
// smallest of the group; nil: there is none.
func (m *Model) message() *peek.Message {
	if m.inside != "" {
		if id, ok := m.list.Key(); ok {
			return m.byID(id)
		}
		return nil
	}
	if g := m.here(); g != nil {
		return m.byID(m.letters[g.Smallest].MessageId)
	}
	return nil
}

// follow brings what is under the cursor into the reader.
func (m *Model) follow() tea.Cmd {
	msg := m.message()
	if msg == nil {
		m.reader.Clear()
		return nil
	}
	return m.reader.Show(reader.Message{Queue: m.queue, Message: *msg})
}

// mind keeps the leases of what is read.
func (m *Model) mind() tea.Cmd {
	ids := map[string]bool{}
	if msg := m.message(); msg != nil {
		ids[msg.MessageId] = true
	}
	return m.look.Mind(m.pane == inReader, ids)
}

// Trouble is why nothing is shown, or not all.
func (m *Model) Trouble() error {
	if err := m.look.Err(); err != nil {
		return err
	}
	return m.err
}

// Crumb is the queue's name, and the group whose messages are shown.
func (m *Model) Crumb() text.Safe {
	crumb := text.Sprintf("%s dead letters", m.queue.Name)
	if m.inside != "" {
		if g := m.groupOf(m.inside); g != nil {
			crumb = text.Join(crumb, text.Sprintf(" / %s", name(g)).Truncate(30))
		}
	}
	return crumb
}

// Leave gives back what was leased. That goes on after the screen has gone.
func (m *Model) Leave() tea.Cmd {
	m.End()
	return m.look.Leave()
}

// name is what a group is called: by the user's label where there is one.
func name(g *triage.Group) string { return cmp.Or(g.Label, g.Title) }
