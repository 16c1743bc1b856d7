package many

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/outbox"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

const tickEvery = 200 * time.Millisecond

// run is what is being sent, or was.
type run struct {
	job   outbox.Job
	rate  float64
	total int // messages and wrong entries
	queue string

	going   bool
	cancel  context.CancelFunc
	began   time.Time // of the present round
	took    time.Duration
	before  archive.Imported // what the rounds before came to
	mark    outbox.Mark      // where the next one goes on
	now     archive.Imported // and the present one
	retry   bool             // it is of those that failed
	err     error            // why it ended early; nil: it did not
	top     int              // the first of what was left that is shown
	page    int
	mu      sync.Mutex
	counted archive.Imported // by the one who sends
}

type (
	tick  struct{ of *run }
	ended struct {
		of   *run
		done archive.Imported
		mark outbox.Mark
		err  error
	}
	kept struct {
		path string
		n    int
		err  error
	}
)

// begin sends what was planned.
func (m *Model) begin(p planned) tea.Cmd {
	m.run = &run{job: p.job, rate: p.rate, total: p.plan.Total, queue: m.queue.Name}
	return m.start(false)
}

// start sends what has not been sent, or what failed once more. It ends when it is
// stopped, when the screen is left, or with the connection.
func (m *Model) start(retry bool) tea.Cmd {
	q, r := m.Conn.Queue(m.queue), m.run
	if q == nil {
		return m.Env.Host.Fail(&backend.Error{Kind: backend.KindNotFound, Subject: m.queue.Name, Message: "the queue is not in the list", Next: "refresh the queues"})
	}
	ctx, cancel := context.WithCancel(m.Conn.Context)
	to := archive.Target{SQS: m.Conn.Stack.SQS, URL: q.URL, Queue: m.rule}
	r.cancel, r.going, r.retry, r.began, r.err, r.counted, r.now = cancel, true, retry, time.Now(), nil, archive.Imported{}, archive.Imported{}
	left, mark, screenID := r.before.Left, r.mark, m.ID()
	o := archive.Options{Rate: r.rate, Progress: func(done archive.Imported) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.counted = done
	}}
	send := func() tea.Msg {
		defer cancel()
		e := ended{of: r, mark: mark}
		if retry {
			e.done, e.err = outbox.Retry(ctx, to, left, o)
		} else {
			e.done, e.mark, e.err = r.job.Send(ctx, to, mark, o)
		}
		return screen.Answer{To: screenID, Msg: e}
	}
	return tea.Batch(send, m.After(tickEvery, tick{r}))
}

// stop has nothing more sent.
func (r *run) stop() {
	if r.cancel != nil {
		r.cancel()
	}
}

// look takes how far it is.
func (r *run) look() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.counted
}

// sum is what all rounds came to. A retry takes those that failed from before.
func (r *run) sum() archive.Imported {
	s := r.before
	s.Sent += r.now.Sent
	s.Wrong += r.now.Wrong
	s.Failed += r.now.Failed
	s.Unknown += r.now.Unknown
	s.Duplicates += r.now.Duplicates
	s.Requests += r.now.Requests
	if r.retry && r.going {
		s.Failed -= r.now.Sent + r.now.Failed + r.now.Unknown + r.now.Duplicates
	}
	return s
}

// ended books a round.
func (m *Model) ended(e ended) tea.Cmd {
	r := e.of
	r.take(e)
	m.Conn.Fleet.Refresh(m.queue)
	role, line := e.Late()
	return m.Env.Host.Say(role, line)
}

func (r *run) take(e ended) {
	r.going, r.err = false, e.err
	r.took += time.Since(r.began)
	r.now = e.done
	left := e.done.Left
	if r.mark = e.mark; r.retry {
		failed := len(outbox.Failed(r.before.Left))
		r.before.Failed -= failed
		var others []archive.Outcome
		for _, o := range r.before.Left {
			if o.Fate != archive.FateFailed {
				others = append(others, o)
			}
		}
		left = append(others, left...)
	} else {
		left = append(append([]archive.Outcome(nil), r.before.Left...), left...)
	}
	r.before = r.sum()
	r.before.Left = left
	r.now = archive.Imported{}
	r.top = 0
}

// rest is how many were not come to.
func (r *run) rest() int { return r.total - r.mark.Entries }

// Late says what became of them; the screen may have gone.
func (e ended) Late() (themes.Role, text.Safe) {
	role, line := themes.Good, text.Sprintf("sent %s to %s · MD5 verified", format.Plural(e.done.Sent, "message"), e.of.queue)
	for _, o := range []struct {
		n    int
		what string
	}{{e.done.Failed, "failed"}, {e.done.Unknown, "unknown"}, {e.done.Duplicates, "swallowed"}, {e.done.Wrong, "wrong"}} {
		if o.n > 0 {
			role, line = themes.Warn, text.Join(line, text.Sprintf(" · %s %s", format.Count(o.n), o.what))
		}
	}
	switch {
	case e.err == nil:
	case backend.KindOf(e.err) == backend.KindCancelled:
		role, line = themes.Warn, text.Join(line, text.Const(" · stopped; the rest was not sent"))
	default:
		role, line = themes.Bad, text.Join(line, text.Sprintf(" · ended: %s", e.err.Error()))
	}
	return role, line
}

func (r *run) scroll(by int) {
	r.top = max(0, min(r.top+by, len(r.before.Left)-max(r.page, 1)))
}

func (r *run) bindings(m *Model) []screen.Binding {
	moves := screen.Moves(func(by int) tea.Cmd { r.scroll(by); return nil }, func() int { return max(r.page, 1) })
	if r.going {
		return append([]screen.Binding{
			{Action: keymap.SendingStop, Run: func() tea.Cmd { r.stop(); return nil }},
			{Action: keymap.Back, Run: m.askStop},
			{Action: keymap.Quit, Run: m.askStop},
		}, moves...)
	}
	return append([]screen.Binding{
		{Action: keymap.SendingTry, Needs: "SendMessageBatch", Run: func() tea.Cmd { return m.start(true) }, Off: func() string {
			if len(outbox.Failed(r.before.Left)) == 0 {
				return "nothing failed that could be tried again"
			}
			return ""
		}},
		{Action: keymap.SendingGo, Needs: "SendMessageBatch", Run: func() tea.Cmd { return m.start(false) }, Off: func() string {
			if r.rest() <= 0 {
				return "all were come to"
			}
			return ""
		}},
		{Action: keymap.SendingKeep, Run: m.askKeep, Off: func() string {
			if len(r.before.Left) == 0 {
				return "all were sent"
			}
			return ""
		}},
		{Action: keymap.SendingEdit, Run: func() tea.Cmd { m.run = nil; return m.preview() }},
	}, moves...)
}

// askStop asks before the screen is left while messages are being sent.
func (m *Model) askStop() tea.Cmd {
	r := m.run
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("Stop sending?"), Confirm: "stop",
		Notes: []text.Safe{text.Sprintf("Sent are %s of %s. What is on its way is waited for; the rest is not sent, and o goes on with it.", format.Count(r.sum().Sent), format.Count(r.total))},
		Run:   func([]string) tea.Cmd { r.stop(); return nil },
	}))
	return nil
}

// askKeep writes what was not sent to a file.
func (m *Model) askKeep() tea.Cmd {
	left := m.run.before.Left
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("Keep what was not sent in a file"), Confirm: "write",
		Notes:  []text.Safe{text.Const("Those that failed, and those of which nobody knows: of these some may be in the queue. Wrong entries are not among them.")},
		Fields: []dialog.Field{{Label: "file", Value: outbox.KeepPath(m.Env.EvidenceDir, m.queue.Name, time.Now())}},
		Run: func(v []string) tea.Cmd {
			path := screen.Home(v[0])
			return m.Do(screen.ActLimit, func(context.Context) tea.Msg {
				n, err := outbox.Keep(path, left)
				return kept{path, n, err}
			})
		},
	}))
	return nil
}

func (m *Model) kept(k kept) tea.Cmd {
	if k.err != nil {
		return m.Env.Host.Fail(k.err)
	}
	return m.Env.Host.Say(themes.Good, text.Sprintf("%s in %s", format.Plural(k.n, "message"), k.path))
}
