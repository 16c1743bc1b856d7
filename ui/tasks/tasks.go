// Package tasks is the screen of everything that moves messages in bulk: the move
// tasks of SQS's own, those of others too; redrives with their reports; journaled
// moves, also those that an earlier run left open and that are finished from here;
// and draining a queue into a file and restoring it from one.
//
// The number of messages of a move task is fixed when it starts; CANCELLING is not
// done; the handle that a start gave is kept, as SQS lists it only while a task
// runs. A move that another process has in hand is shown and not touched.
package tasks

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/move"
	"sqscope/backend/redrive/proof"
	"sqscope/backend/redrive/tasks"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// How often tasks are listed: while one runs, and otherwise.
const (
	busyPoll = time.Second
	restPoll = 10 * time.Second
)

// Model is the screen. Without a queue it is about the moves and redrives of this
// machine alone, as tasks of SQS's own are listed queue by queue.
type Model struct {
	screen.Base
	screen.Quiet
	spec  screen.Spec
	queue backend.ARN

	tasks   []tasks.Task
	listed  time.Time // when the tasks were
	listing bool
	err     error
	mine    *tasks.Task // that was started here, with its handle

	moves    []move.Move
	reports  []proof.Report
	problems []*backend.Error // journals and reports that cannot be read
	looked   time.Time        // when they were
	looking  bool

	entries []entry
	table   *widget.Table[string]
	asked   *job // the drain that has asked whether to delete
}

type (
	listed struct {
		tasks []tasks.Task
		err   error
	}
	looked struct {
		moves    []move.Move
		reports  []proof.Report
		problems []*backend.Error
		err      error
	}
	ticked struct{}
)

// New makes the screen of a queue, or of all moves.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), spec: spec, queue: spec.Queue}
	m.table = widget.NewTable[string]([]widget.Column{
		{Title: "WHAT", Min: 8, Max: 9},
		{Title: "STATE", Min: 12, Max: 26},
		{Title: "MOVED", Min: 9, Whole: 15, Max: 22, Right: true},
		{Title: "FROM", Min: 10, Max: 30, Middle: true, Priority: 1},
		{Title: "TO", Min: 9, Max: 40, Flex: 1, Priority: 2},
		{Title: "BEGAN", Min: 10, Whole: 11, Max: 12, Right: true},
	})
	return m
}

// Init reads what there is.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(m.list(), m.look(), m.After(every, ticked{}))
}

// Show asks for fresh counts.
func (m *Model) Show() tea.Cmd {
	if m.queue.Name != "" {
		m.Conn.Fleet.Look([]backend.ARN{m.queue}, screen.Fresh)
	}
	return nil
}

func (m *Model) desk() tasks.Desk { return tasks.Desk{SQS: m.Conn.Stack.SQS, Source: m.queue} }

// list lists the tasks of SQS's own.
func (m *Model) list() tea.Cmd {
	if m.listing || m.queue.Name == "" {
		return nil
	}
	m.listing = true
	desk := m.desk()
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		all, err := desk.History(ctx)
		return listed{all, err}
	})
}

// look reads the journals of moves and the reports of redrives.
func (m *Model) look() tea.Cmd {
	if m.looking {
		return nil
	}
	m.looking = true
	moves, reports := m.Env.MoveDir, m.Env.ReportDir
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		var l looked
		if l.moves, l.err = move.Moves(moves); l.err != nil {
			return l
		}
		l.reports, l.problems, l.err = proof.Reports(reports)
		return l
	})
}

// Update takes what was read, and what acts have led to.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Wheel:
		m.table.Move(int(msg))
	case screen.Click:
		if i, ok := m.table.RowAt(msg.Y - m.headLines()); ok && i < m.table.Len() {
			m.table.SelectRow(i)
			if msg.Double {
				return m.open()
			}
		}
	case screen.FleetMsg:
		m.fill()
	case screen.TickMsg:
		return m.poll()
	case listed:
		return m.took(msg)
	case looked:
		return m.saw(msg)
	case ticked:
		m.fill()
		m.ask()
		return m.After(every, ticked{})
	case started:
		return m.started(msg)
	case cancelled:
		return m.cancelled(msg)
	case evidenceListed:
		return m.askRestore(msg)
	case counted:
		return m.counted(msg)
	case finished:
		return m.finished(msg)
	}
	return nil
}

// every is how often the work that is under way is looked at.
const every = 250 * time.Millisecond

// poll reads again what may have changed: tasks each second while one is under
// way, all else seldom.
func (m *Model) poll() tea.Cmd {
	var cmds []tea.Cmd
	wait := restPoll
	if m.running() != nil {
		wait = busyPoll
		m.Conn.Fleet.Refresh(m.queue)
	}
	if time.Since(m.listed) >= wait-100*time.Millisecond {
		cmds = append(cmds, m.list())
	}
	if time.Since(m.looked) >= restPoll-100*time.Millisecond {
		cmds = append(cmds, m.look())
	}
	return tea.Batch(cmds...)
}

func (m *Model) saw(l looked) tea.Cmd {
	m.looking, m.looked = false, time.Now()
	if l.err != nil {
		return m.Env.Host.Fail(l.err)
	}
	m.moves, m.reports, m.problems = l.moves, l.reports, l.problems
	open := 0
	for _, x := range m.moves {
		if !x.Ended && !x.Running {
			open++
		}
	}
	m.NoteUnfinished(open)
	m.fill()
	return nil
}

// Trouble is why tasks cannot be listed.
func (m *Model) Trouble() error { return m.err }

// Crumb is its place in the path.
func (m *Model) Crumb() text.Safe {
	if m.queue.Name == "" {
		return text.Const("moves and redrives")
	}
	return text.Sprintf("tasks of %s", m.queue.Name)
}

// Status says how many there are.
func (m *Model) Status() text.Safe {
	if n := m.Env.Unfinished; n > 0 {
		return text.Sprintf("%d unfinished", n)
	}
	return text.Safe{}
}

// Leave ends the screen; what runs goes on.
func (m *Model) Leave() tea.Cmd {
	m.End()
	return nil
}

// Cursor stands on the row under the cursor in low motion.
func (m *Model) Cursor() (x, y int, ok bool) {
	return 1, m.headLines() + m.table.CursorY(), m.Env.LowMotion && m.table.Len() > 0
}
