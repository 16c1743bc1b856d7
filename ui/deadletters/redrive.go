package deadletters

import (
	"context"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

func (m *Model) noRedrive() string {
	q := m.Conn.Queue(m.queue)
	switch {
	case q == nil:
		return "this queue is not in the list of queues"
	case len(q.Sources) == 0:
		return "no queue names this one in its RedrivePolicy, so SQS refuses to redrive it"
	case m.running() != nil:
		return "a move task is under way; SQS runs one for a queue at a time"
	case !q.AsOf.IsZero() && q.Stored() == 0:
		return "it holds no messages"
	}
	return ""
}

// askRedrive asks where to, how fast, and for the queue's name: moving is not
// undone by cancelling.
func (m *Model) askRedrive() tea.Cmd {
	q := m.Conn.Queue(m.queue)
	count := q.Visible
	first := text.Sprintf("About %s move from %s by a move task of SQS.", format.Plural(count, "message"), m.queue.Name)
	if q.AsOf.IsZero() {
		first = text.Sprintf("How many messages %s holds is not known yet; all of them move, by a move task of SQS.", m.queue.Name)
	}
	notes := []text.Safe{
		first,
		text.Const("They become new messages: new ids, new times, receive counts from zero. Moving is not undone by cancelling. If the cause is not fixed they come back here."),
	}
	if q.InFlight > 0 {
		notes = append(notes, text.Sprintf("%s in flight here now are not moved until they are visible.", format.Plural(q.InFlight, "message")))
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title:  text.Sprintf("Redrive %s", m.queue.Name),
		Notes:  notes,
		Danger: true,
		Fields: []dialog.Field{
			{Label: "to queue", Hint: "empty: each back to its own source", Check: func(v string) string { _, wrong := m.destination(v); return wrong }},
			{Label: "per second", Hint: "1 to 500; empty: SQS decides", Check: func(v string) string { _, wrong := rate(v); return wrong }},
			dialog.TypeName(m.queue.Name),
		},
		Confirm: "start the redrive",
		Run: func(v []string) tea.Cmd {
			to, _ := m.destination(v[0])
			perSecond, _ := rate(v[1])
			return m.start(backend.StartMessageMoveTaskInput{SourceArn: m.queue.String(), DestinationArn: to, MaxNumberOfMessagesPerSecond: perSecond}, count)
		},
	}))
	return nil
}

func (m *Model) start(in backend.StartMessageMoveTaskInput, count int) tea.Cmd {
	sqs, g := m.Conn.Stack.SQS, m.Conn.Guard
	return m.Act(func(ctx context.Context) tea.Msg {
		ctx = g.Allow(ctx, guard.Grant{Act: guard.ActRedrive, ARN: in.SourceArn, Count: count})
		out, err := sqs.StartMessageMoveTask(ctx, in)
		return taskStarted{in.SourceArn, out.TaskHandle, err}
	})
}

// destination reads a name or an ARN: "" is each message's own source. The
// queue must be there, of the same type, and another one.
func (m *Model) destination(v string) (arn, wrong string) {
	if v == "" {
		return "", ""
	}
	want := m.queue
	want.Name = v
	if a, ok := backend.ParseARN(v); ok {
		want = a
	} else if strings.HasPrefix(v, "arn:") {
		return "", "this is not the ARN of a queue"
	}
	switch {
	case want == m.queue:
		return "", "this is the queue itself"
	case want.FIFO() != m.queue.FIFO():
		return "", "it must be of the same type, FIFO or standard"
	case m.Conn.Queue(want) == nil && want.Region == m.queue.Region && want.Account == m.queue.Account:
		return "", "there is no queue " + want.Name + " here"
	}
	return want.String(), ""
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
	switch t := m.running(); {
	case t == nil:
		return "no move task is under way"
	case t.Status == backend.TaskCancelling:
		return "it is being cancelled already"
	case t.TaskHandle == "" && m.handle == "":
		return "SQS has not given the handle of this task"
	}
	return ""
}

func (m *Model) askCancel() tea.Cmd {
	t := m.running()
	handle := t.TaskHandle
	if handle == "" {
		handle = m.handle
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title:   text.Sprintf("Cancel the redrive of %s?", m.queue.Name),
		Notes:   []text.Safe{text.Sprintf("%d of %d are moved and stay where they are. The rest stays here.", t.ApproximateNumberOfMessagesMoved, t.ApproximateNumberOfMessagesToMove)},
		Confirm: "cancel the task", Danger: true,
		Run: func([]string) tea.Cmd {
			sqs := m.Conn.Stack.SQS
			return m.Act(func(ctx context.Context) tea.Msg {
				out, err := sqs.CancelMessageMoveTask(ctx, backend.CancelMessageMoveTaskInput{TaskHandle: handle})
				return taskCancelled{out.ApproximateNumberOfMessagesMoved, err}
			})
		},
	}))
	return nil
}

func roleOf(s backend.TaskStatus) themes.Role {
	switch s {
	case backend.TaskCompleted:
		return themes.Good
	case backend.TaskFailed:
		return themes.Bad
	case backend.TaskCancelled, backend.TaskCancelling:
		return themes.Warn
	}
	return themes.Accent
}
