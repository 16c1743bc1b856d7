package tasks

import (
	"context"
	"fmt"
	"sync"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/redrive/drain"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// job is something that this screen began and that goes on when it is left.
type job struct {
	what string // as the table names it
	name text.Safe
	to   string

	mu      sync.Mutex
	over    bool
	problem error
	role    themes.Role
	line    text.Safe // how it ended
	results dialog.Results

	evidence *drain.Evidence // a drain waits for an answer about it; nil: it does not
	answer   chan bool       // takes one
}

// stands says how the job stands.
func (j *job) stands() (text.Safe, themes.Role) {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.evidence != nil:
		return text.Const("? asks whether to delete"), themes.Warn
	case !j.over:
		return text.Const("running"), themes.Accent
	case j.problem != nil:
		return text.Const("✗ failed"), themes.Bad
	case j.role == themes.Warn:
		return text.Const("! ended, not all done"), themes.Warn
	}
	return text.Const("✓ done"), themes.Good
}

// ended notes how it ended.
func (j *job) ended(err error, role themes.Role, line text.Safe, r dialog.Results) finished {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.over, j.evidence, j.problem, j.role, j.line, j.results = true, nil, err, role, line, r
	return finished{j}
}

// finished is a job that has come to its end.
type finished struct{ of *job }

// Late says how it ended after the screen had gone.
func (f finished) Late() (themes.Role, text.Safe) {
	f.of.mu.Lock()
	defer f.of.mu.Unlock()
	if f.of.problem != nil {
		return themes.Bad, text.Sprintf("%s: %s", f.of.name, f.of.problem.Error())
	}
	return f.of.role, f.of.line
}

// finished says how it ended, message by message where not all is well.
func (m *Model) finished(f finished) tea.Cmd {
	f.of.mu.Lock()
	err, results := f.of.problem, f.of.results
	f.of.mu.Unlock()
	if m.queue.Name != "" {
		m.Conn.Fleet.Refresh(m.queue)
	}
	m.fill()
	if err != nil {
		return tea.Batch(m.look(), m.Env.Host.Fail(err))
	}
	if len(results.Rows) > 0 {
		m.Env.Host.Ask(dialog.NewResults(m.Env, results))
	}
	return tea.Batch(m.look(), m.Env.Host.Say(f.Late()))
}

// run begins a job, which is one of this screen's.
func (m *Model) run(j *job, f func(ctx context.Context, w *screen.Work) finished) tea.Cmd {
	w := &screen.Work{Spec: m.spec, Name: j.name, State: j}
	cmd := m.Begin(w, func(ctx context.Context) tea.Msg { return f(ctx, w) })
	m.fill()
	return cmd
}

// tell notes how far a job is: in words, and in messages of a total.
func (j *job) tell(w *screen.Work, words text.Safe, moved, total int) {
	w.Tell(words, screen.Step{Doing: "running", Moved: moved, Total: total, To: []string{j.to}})
}

// busy is why no job can begin now, or "".
func (m *Model) busy() string {
	for _, w := range m.Env.Works.Of(m.spec) {
		if w.Going() {
			return fmt.Sprintf("%s is under way", w.Name)
		}
	}
	if m.queue.Name != "" && m.redriving(m.queue.String()) != nil {
		return "a redrive of this queue is under way"
	}
	return ""
}

// url is the URL of a queue of a place.
func url(ctx context.Context, c *screen.Connection, arn backend.ARN) (string, error) {
	if q := c.Queue(arn); q != nil {
		return q.URL, nil
	}
	out, err := c.Stack.SQS.GetQueueUrl(ctx, backend.GetQueueUrlInput{QueueName: arn.Name, QueueOwnerAWSAccountId: arn.Account})
	return out.QueueUrl, err
}
