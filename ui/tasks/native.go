package tasks

import (
	"context"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/redrive/tasks"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

type started struct {
	queue string
	task  tasks.Task
	err   error
}

// Late says how the start went after the screen had gone. The handle is not lost:
// SQS lists it while the task runs.
func (s started) Late() (themes.Role, text.Safe) {
	if s.err != nil {
		return themes.Bad, text.Sprintf("the move task of %s was not started: %s", s.queue, s.err.Error())
	}
	return themes.Good, text.Sprintf("the move task of %s has started", s.queue)
}

type cancelled struct {
	moved int
	err   error
}

// Late says how the cancelling went after the screen had gone.
func (c cancelled) Late() (themes.Role, text.Safe) {
	if c.err != nil {
		return themes.Bad, text.Sprintf("the move task was not cancelled: %s", c.err.Error())
	}
	return themes.Warn, text.Sprintf("cancelling; %s moved so far stay moved, a few more may follow", format.Plural(c.moved, "message"))
}

// took notes the tasks, and says when one has come to its end.
func (m *Model) took(l listed) tea.Cmd {
	m.listing, m.listed, m.err = false, time.Now(), l.err
	if l.err != nil {
		return nil // shown in the place of the tasks
	}
	before := m.running()
	m.tasks = l.tasks
	m.fill()
	if before == nil || len(m.tasks) == 0 || !m.tasks[0].Status.Done() {
		return nil
	}
	m.mine = nil
	if q := m.Conn.Queue(m.queue); q != nil {
		for _, arn := range q.Sources {
			m.Conn.Fleet.Refresh(arn)
		}
	}
	t := m.tasks[0]
	role := themes.Good
	if t.Status != backend.TaskCompleted {
		role = themes.Warn
	}
	return m.Env.Host.Say(role, text.Sprintf("move task %s", t.Words()))
}

// running is the task that is under way, or nil. One that is being cancelled
// still is.
func (m *Model) running() *tasks.Task {
	if len(m.tasks) > 0 && !m.tasks[0].Status.Done() {
		return &m.tasks[0]
	}
	return nil
}

func (m *Model) noStart() string {
	if m.queue.Name == "" {
		return noQueue
	}
	q := m.Conn.Queue(m.queue)
	switch {
	case q == nil:
		return "this queue is not in the list of queues"
	case len(q.Sources) == 0:
		return "no queue names this one in its RedrivePolicy, so SQS refuses to redrive it"
	case m.running() != nil:
		return "a move task is under way; SQS runs one for a queue at a time"
	case m.redriving(m.queue.String()) != nil:
		return "a redrive of this queue is under way"
	case !q.AsOf.IsZero() && q.Stored() == 0:
		return "it holds no messages"
	}
	return ""
}

// noQueue is why what needs a queue is off where the screen has none.
const noQueue = "open the tasks of a dead-letter queue: t on it in the list of queues"

// askStart asks where to, how fast, and for the queue's name: moving is not undone
// by cancelling.
func (m *Model) askStart() tea.Cmd {
	q := m.Conn.Queue(m.queue)
	count := q.Visible
	first := text.Sprintf("SQS moves about %s from %s by a move task of its own.", format.Plural(count, "message"), m.queue.Name)
	if q.AsOf.IsZero() {
		first = text.Sprintf("How many messages %s holds is not known yet; all of them move, by a move task of SQS.", m.queue.Name)
	}
	notes := []text.Safe{
		first,
		text.Const("They become new messages: new ids, new times, receive counts from zero. Moving is not undone by cancelling. If the cause is not fixed they come back here."),
		text.Const("Nothing is checked before, no canary goes first, and no report is written; m on this screen does that."),
	}
	if q.InFlight > 0 {
		notes = append(notes, text.Sprintf("%s in flight here now are not moved until they are visible.", format.Plural(q.InFlight, "message")))
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title:  text.Sprintf("Redrive %s by SQS's own task", m.queue.Name),
		Notes:  notes,
		Danger: true,
		Fields: []dialog.Field{
			{Label: "to queue", Hint: "empty: each back to its own source", Check: func(v string) string { _, wrong := m.destination(v); return wrong }},
			{Label: "per second", Hint: "1 to 500; empty: SQS decides", Check: func(v string) string { _, wrong := rate(v); return wrong }},
			dialog.TypeName(m.queue.Name),
		},
		Confirm: "start the task",
		Run: func(v []string) tea.Cmd {
			to, _ := m.destination(v[0])
			perSecond, _ := rate(v[1])
			return m.start(to, perSecond, count)
		},
	}))
	return nil
}

func (m *Model) start(to backend.ARN, perSecond backend.Opt[int], count int) tea.Cmd {
	desk, g, queue := m.desk(), m.Conn.Guard, m.queue
	return m.Act(func(ctx context.Context) tea.Msg {
		ctx = g.Allow(ctx, guard.Grant{Act: guard.ActRedrive, ARN: queue.String(), Count: count})
		t, err := desk.Start(ctx, to, perSecond)
		return started{queue.Name, t, err}
	})
}

func (m *Model) started(s started) tea.Cmd {
	if s.err != nil {
		return m.Env.Host.Fail(s.err)
	}
	m.mine = &s.task
	return tea.Batch(m.list(), m.Env.Host.Say(themes.Good, text.Sprintf("the move task of %s has started; X cancels it", m.queue.Name)))
}

// destination reads a name or an ARN: "" is each message's own source. The queue
// must be there, of the same type, and another one.
func (m *Model) destination(v string) (to backend.ARN, wrong string) {
	if v == "" {
		return backend.ARN{}, ""
	}
	want := m.queue
	want.Name = v
	if a, ok := backend.ParseARN(v); ok {
		want = a
	} else if strings.HasPrefix(v, "arn:") {
		return backend.ARN{}, "this is not the ARN of a queue"
	}
	switch {
	case want == m.queue:
		return backend.ARN{}, "this is the queue itself"
	case want.FIFO() != m.queue.FIFO():
		return backend.ARN{}, "it must be of the same type, FIFO or standard"
	case m.Conn.Queue(want) == nil && want.Region == m.queue.Region && want.Account == m.queue.Account:
		return backend.ARN{}, "there is no queue " + want.Name + " here"
	}
	return want, ""
}

func rate(v string) (backend.Opt[int], string) {
	if v == "" {
		return backend.Opt[int]{}, ""
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > 500 {
		return backend.Opt[int]{}, "a number from 1 to 500"
	}
	return backend.Some(n), ""
}

func (m *Model) noCancel() string {
	if e := m.here(); e != nil && e.work != nil && e.going {
		return ""
	}
	switch t := m.running(); {
	case t == nil:
		return "no move task is under way"
	case t.Status == backend.TaskCancelling:
		return "it is being cancelled already"
	case t.TaskHandle == "" && m.mine == nil:
		return "SQS has not given the handle of this task"
	}
	return ""
}

// cancelNeeds is the action whose level cancelling takes: what this program began
// it may end at any.
func (m *Model) cancelNeeds() string {
	if e := m.here(); e != nil && e.work != nil && e.going {
		return ""
	}
	return "CancelMessageMoveTask"
}

// askCancel asks before what is under the cursor, or the task that runs, is
// cancelled.
func (m *Model) askCancel() tea.Cmd {
	if e := m.here(); e != nil && e.work != nil && e.going {
		work := e.work
		m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
			Title:   text.Sprintf("Stop %s?", work.Name),
			Notes:   []text.Safe{work.Words(), text.Const("What is on its way is finished; what was moved stays moved.")},
			Confirm: "stop it", Danger: true,
			Run: func([]string) tea.Cmd { work.Cancel(); return nil },
		}))
		return nil
	}
	t := *m.running()
	if t.TaskHandle == "" {
		t.TaskHandle = m.mine.TaskHandle
	}
	desk := m.desk()
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title:   text.Sprintf("Cancel the move task of %s?", m.queue.Name),
		Notes:   []text.Safe{text.Sprintf("%d of %s are moved and stay where they are. The rest stays here.", t.ApproximateNumberOfMessagesMoved, ofTotal(int(t.ApproximateNumberOfMessagesToMove)))},
		Confirm: "cancel the task", Danger: true,
		Run: func([]string) tea.Cmd {
			return m.Act(func(ctx context.Context) tea.Msg {
				moved, err := desk.Cancel(ctx, t)
				return cancelled{moved, err}
			})
		},
	}))
	return nil
}

func (m *Model) cancelled(c cancelled) tea.Cmd {
	if c.err != nil {
		return tea.Batch(m.Env.Host.Fail(c.err), m.list())
	}
	return tea.Batch(m.list(), m.Env.Host.Say(c.Late()))
}
