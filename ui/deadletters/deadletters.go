// Package deadletters is the screen of a dead-letter queue: what it holds, which
// queues it serves, and SQS's own move tasks that bring its messages back.
//
// A queue is a dead-letter queue because a RedrivePolicy names it. Without a
// destination a move task gives each message back to its own source. The number
// to move is fixed when a task starts; CANCELLING is not done; a task can be
// cancelled only by its handle, which is there only while it runs, so the one
// that the start gave is kept.
package deadletters

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// How often tasks are listed: while one runs, and otherwise.
const (
	busyPoll = time.Second
	restPoll = 10 * time.Second
)

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	queue   backend.ARN
	sources *widget.Table[backend.ARN]
	tasks   []backend.MoveTask
	read    time.Time // when the tasks were listed
	asking  bool
	err     error
	handle  string // of the task that was started here
}

type tasksRead struct {
	tasks []backend.MoveTask
	err   error
}

type taskStarted struct {
	queue  string
	handle string
	err    error
}

// Late says how the start went after the screen had gone. The handle is not
// lost: SQS lists it while the task runs.
func (t taskStarted) Late() (themes.Role, text.Safe) {
	if t.err != nil {
		return themes.Bad, text.Sprintf("the redrive of %s was not started: %s", t.queue, t.err.Error())
	}
	return themes.Good, text.Sprintf("the redrive of %s has started", t.queue)
}

type taskCancelled struct {
	moved int64
	err   error
}

// Late says how the cancelling went after the screen had gone.
func (t taskCancelled) Late() (themes.Role, text.Safe) {
	if t.err != nil {
		return themes.Bad, text.Sprintf("the redrive was not cancelled: %s", t.err.Error())
	}
	return themes.Warn, text.Sprintf("cancelling; %s moved so far stay moved, a few more may follow", format.Plural(int(t.moved), "message"))
}

// New makes the screen of a dead-letter queue.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), queue: spec.Queue, sources: widget.NewTable[backend.ARN]([]widget.Column{
		{Title: "SOURCE QUEUE", Min: 18, Max: 80},
		{Title: "VISIBLE", Min: 8, Max: 11, Right: true},
		{Title: "IN FLIGHT", Min: 9, Max: 9, Right: true, Priority: 2},
		{Title: "MOVES AFTER", Min: 11, Max: 12, Right: true},
		{Title: "KEEPS", Min: 6, Max: 9, Right: true, Priority: 1},
	})}
	m.fill()
	return m
}

// Init lists the move tasks.
func (m *Model) Init() tea.Cmd { return m.listTasks() }

// Show asks for fresh counts, of this queue and its sources.
func (m *Model) Show() tea.Cmd {
	m.look()
	m.Conn.Fleet.Refresh(m.queue)
	return nil
}

func (m *Model) look() {
	arns := []backend.ARN{m.queue}
	for _, q := range m.sourceQueues() {
		arns = append(arns, q.ARN)
	}
	m.Conn.Fleet.Look(arns, screen.Fresh)
}

func (m *Model) listTasks() tea.Cmd {
	if m.asking {
		return nil
	}
	m.asking = true
	sqs := m.Conn.Stack.SQS
	in := backend.ListMessageMoveTasksInput{SourceArn: m.queue.String(), MaxResults: backend.Some(10)}
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		out, err := sqs.ListMessageMoveTasks(ctx, in)
		return tasksRead{out.Results, err}
	})
}

// Update takes tasks, and lists them again when it is time.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.FleetMsg:
		m.fill()
		m.look()
	case screen.Wheel:
		m.sources.Move(int(msg))
	case screen.Click:
		if i, ok := m.sources.RowAt(msg.Y - headLines); ok && i < m.sources.Len() {
			m.sources.SelectRow(i)
		}
	case screen.TickMsg:
		return m.poll()
	case tasksRead:
		return m.took(msg)
	case taskStarted:
		if msg.err != nil {
			return m.Env.Host.Fail(msg.err)
		}
		m.handle = msg.handle
		return tea.Batch(m.listTasks(), m.Env.Host.Say(themes.Good, text.Sprintf("redrive of %s has started; X cancels it", m.queue.Name)))
	case taskCancelled:
		if msg.err != nil {
			return tea.Batch(m.Env.Host.Fail(msg.err), m.listTasks())
		}
		return tea.Batch(m.listTasks(), m.Env.Host.Say(msg.Late()))
	}
	return nil
}

// poll lists the tasks again: each second while one is under way, with the
// counts of the queues that change by it, else seldom.
func (m *Model) poll() tea.Cmd {
	wait := restPoll
	if m.running() != nil {
		wait = busyPoll
		m.Conn.Fleet.Refresh(m.queue)
	}
	if time.Since(m.read) < wait-100*time.Millisecond {
		return nil
	}
	return m.listTasks()
}

// took notes the tasks, and says when one has come to its end.
func (m *Model) took(msg tasksRead) tea.Cmd {
	m.asking, m.read, m.err = false, time.Now(), msg.err
	if msg.err != nil {
		return nil // shown in the place of the tasks
	}
	before := m.running()
	m.tasks = msg.tasks
	if before == nil || len(m.tasks) == 0 || !m.tasks[0].Status.Done() {
		return nil
	}
	m.handle = ""
	for _, q := range m.sourceQueues() {
		m.Conn.Fleet.Refresh(q.ARN)
	}
	t := m.tasks[0]
	line := text.Sprintf("redrive %s: %d of %d moved", t.Status, t.ApproximateNumberOfMessagesMoved, t.ApproximateNumberOfMessagesToMove)
	role := themes.Good
	if t.Status != backend.TaskCompleted {
		role = themes.Warn
	}
	if t.FailureReason != "" {
		line = text.Join(line, text.Sprintf(" · %s", t.FailureReason))
	}
	return m.Env.Host.Say(role, line)
}

// running is the task that is under way, or nil. One that is being cancelled
// still is.
func (m *Model) running() *backend.MoveTask {
	if len(m.tasks) > 0 && !m.tasks[0].Status.Done() {
		return &m.tasks[0]
	}
	return nil
}

func (m *Model) sourceQueues() []*fleet.Queue {
	q := m.Conn.Queue(m.queue)
	if q == nil {
		return nil
	}
	var out []*fleet.Queue
	for _, arn := range q.Sources {
		if s := m.Conn.Queue(arn); s != nil {
			out = append(out, s)
		}
	}
	return out
}

func (m *Model) fill() {
	list := m.sourceQueues()
	m.sources.SetRows(len(list), func(i int) backend.ARN { return list[i].ARN }, func(i, col int) widget.Cell { return sourceCell(list[i], col) })
}

func sourceCell(q *fleet.Queue, col int) widget.Cell {
	switch col {
	case 0:
		return widget.Cell{Text: text.Clean(q.ARN.Name), Role: themes.Strong}
	case 1:
		return widget.Cell{Text: text.Const(format.Count(q.Visible)), Role: themes.Number}
	case 2:
		return widget.Cell{Text: text.Const(format.Count(q.InFlight)), Role: themes.Number}
	case 3:
		return widget.Cell{Text: text.Const(format.Plural(q.Redrive.MaxReceiveCount, "receive")), Role: themes.Text}
	}
	return widget.Cell{Text: text.Const(format.Setting(q.Setting(backend.AttrMessageRetentionPeriod))), Role: themes.Dim}
}

// Crumb is the queue's name.
func (m *Model) Crumb() text.Safe { return text.Sprintf("%s dead letters", m.queue.Name) }

// Leave ends the screen; a move task goes on by itself.
func (m *Model) Leave() tea.Cmd { m.End(); return nil }

// Bindings are the keys of the screen.
func (m *Model) Bindings() []screen.Binding {
	move := func(by int) func() tea.Cmd { return func() tea.Cmd { m.sources.Move(by); return nil } }
	return []screen.Binding{
		{Action: keymap.DeadLettersOpen, Run: func() tea.Cmd {
			return m.Open(screen.Messages, m.queue)
		}},
		{Action: keymap.DeadLettersRedrive, Run: m.askRedrive, Off: m.noRedrive, Needs: "StartMessageMoveTask"},
		{Action: keymap.DeadLettersCancel, Run: m.askCancel, Off: m.noCancel, Needs: "CancelMessageMoveTask"},
		{Action: keymap.DeadLettersSource, Run: m.openSource, Off: func() string {
			if _, ok := m.sources.Key(); !ok {
				return "there is no source queue under the cursor"
			}
			return ""
		}},
		{Action: keymap.Refresh, Run: func() tea.Cmd { m.Conn.Fleet.Refresh(m.queue); return m.listTasks() }},
		{Action: keymap.Copy, Run: func() tea.Cmd {
			return m.Env.Host.Clipboard(text.Sprintf("the ARN of %s", m.queue.Name), m.queue.String())
		}},
		{Action: keymap.Up, Run: move(-1)},
		{Action: keymap.Down, Run: move(1)},
	}
}

func (m *Model) openSource() tea.Cmd {
	arn, _ := m.sources.Key()
	return m.Open(screen.Attributes, arn)
}
