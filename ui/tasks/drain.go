package tasks

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/peek"
	"sqscope/backend/redrive/drain"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

func (m *Model) noDrain() string {
	if m.queue.Name == "" {
		return noQueue
	}
	q := m.Conn.Queue(m.queue)
	switch {
	case q == nil:
		return "this queue is not in the list of queues"
	case m.running() != nil:
		return "a move task is under way"
	case !q.AsOf.IsZero() && q.Stored() == 0:
		return "it holds no messages"
	}
	return m.busy()
}

// askDrain asks before a queue is read into a file. Whether what is in the file is
// deleted is asked when it is known how much that is.
func (m *Model) askDrain() tea.Cmd {
	q := m.Conn.Queue(m.queue)
	notes := []text.Safe{text.Sprintf("Up to %s and %s are written to a file, which is read back.", format.Plural(m.Env.Evidence.Messages, "message"), format.Size(m.Env.Evidence.Bytes))}
	if m.Conn.Stack.Browse == nil {
		notes = append(notes, text.Const("Reading receives them: that counts, and hides them until they are deleted or given back."))
	}
	notes = append(notes, text.Sprintf("Then it is asked, with the number, whether just those are deleted from %s.", m.queue.Name))
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("Drain %s into a file: about %s", m.queue.Name, format.Plural(q.Stored(), "message")), Notes: notes, Confirm: "write the file",
		Run: func([]string) tea.Cmd { return m.drain() },
	}))
	return nil
}

func (m *Model) drain() tea.Cmd {
	q, conn, queue := m.Conn.Queue(m.queue), m.Conn, m.queue
	if q == nil {
		return nil // it went while the key was on its way
	}
	total := q.Stored()
	j := &job{what: "drain", name: text.Sprintf("draining %s", queue.Name), to: "a file", answer: make(chan bool, 1)}
	o := drain.Options{
		Queue: peek.Options{
			Stack: conn.Stack, Leases: conn.Leases, URL: q.URL, ARN: queue, FIFO: queue.FIFO(), MaxReceiveCount: q.Redrive.MaxReceiveCount, Visible: q.Visible,
		},
		Dir: m.Env.EvidenceDir, Limits: m.Env.Evidence, At: time.Now(),
	}
	if m.Env.Journal != nil {
		o.Recorder = m.Env.Journal.For(journal.WhoOf(conn.Place, ""))
	}
	return m.run(j, func(ctx context.Context, w *screen.Work) finished {
		o.Progress = func(p drain.Progress) {
			j.tell(w, text.Sprintf("%s read, %s in the file, %s deleted", format.Count(p.Read), format.Count(p.Written), format.Count(p.Deleted)), p.Written, max(total, p.Written))
		}
		o.Confirm = func(ctx context.Context, e drain.Evidence) (context.Context, error) {
			if err := j.wait(ctx, e); err != nil {
				return ctx, err
			}
			return conn.Guard.Allow(ctx, guard.Grant{Act: guard.ActDeleteMessages, ARN: queue.String(), Count: e.Count, Evidence: e.Path}), nil
		}
		d, err := drain.Drain(ctx, o)
		return j.drained(queue.Name, d, err)
	})
}

// wait waits for the answer of a person.
func (j *job) wait(ctx context.Context, e drain.Evidence) error {
	j.mu.Lock()
	j.evidence = &e
	j.mu.Unlock()
	select {
	case yes := <-j.answer:
		j.mu.Lock()
		j.evidence = nil
		j.mu.Unlock()
		if yes {
			return nil
		}
	case <-ctx.Done():
	}
	kept := backend.Errorf(backend.KindCancelled, "nothing was deleted")
	kept.Subject, kept.Next = e.Path, "the file stays"
	return kept
}

// ask asks whether what was written is to be deleted, once a drain has come so far.
func (m *Model) ask() {
	for _, w := range m.Env.Works.Of(m.spec) {
		j, ok := w.State.(*job)
		if !ok || j == m.asked {
			continue
		}
		j.mu.Lock()
		e := j.evidence
		j.mu.Unlock()
		if e != nil {
			m.asked = j
			m.askDelete(j, *e)
		}
	}
}

func (m *Model) askDelete(j *job, e drain.Evidence) {
	notes := []text.Safe{text.Sprintf("%s in %s.", format.Plural(e.Count, "message"), e.Path)}
	if e.Missing > 0 {
		notes = append(notes, text.Sprintf("About %s not in it, and stay: %s.", format.Are(e.Missing, "message"), e.Why))
	}
	notes = append(notes, text.Const("Just those in the file are deleted. Restoring makes new messages of them: with new ids and times, and without the queue that they came from."))
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("Delete %s from %s?", format.Plural(e.Count, "message"), m.queue.Name), Notes: notes, Danger: true,
		Fields: []dialog.Field{dialog.TypeName(m.queue.Name)}, Confirm: "delete them",
		Run:    func([]string) tea.Cmd { j.answer <- true; return nil },
		Cancel: func() tea.Cmd { j.answer <- false; return nil },
	}))
}

// drained is what a drain did. That somebody said no is no failure.
func (j *job) drained(queue string, d drain.Drained, err error) finished {
	if err != nil && backend.KindOf(err) == backend.KindCancelled && d.Path != "" {
		return j.ended(nil, themes.Warn, text.Sprintf("nothing was deleted from %s; the file stays: %s", queue, d.Path), dialog.Results{})
	}
	if err != nil {
		return j.ended(err, themes.Bad, text.Safe{}, dialog.Results{})
	}
	role, line := themes.Good, text.Sprintf("drained %s: %s deleted, in %s", queue, format.Plural(len(d.Deleted), "message"), d.Path)
	r := dialog.Results{
		Title: text.Sprintf("Drained %s", queue), Copy: d.Path, CopyWhat: text.Const("the path"),
		Notes: []dialog.Line{{Role: themes.Good, Text: line}},
	}
	for _, f := range d.Failed {
		r.Rows = append(r.Rows, dialog.Outcome{Role: themes.Bad, Sign: "✗", What: text.Clean(f.MessageId), Why: text.Sprintf("in the file, and not known to be deleted: %s", f.Err.Bare())})
	}
	if d.Held != nil {
		r.Rows = append(r.Rows, dialog.Outcome{Role: themes.Warn, Sign: "!", What: text.Const("some were not given back"), Why: text.Clean(d.Held.Error())})
	}
	if len(r.Rows) > 0 {
		role = themes.Warn
	}
	return j.ended(nil, role, line, r)
}
