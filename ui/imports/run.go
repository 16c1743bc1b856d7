package imports

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// run is an import under way. The goroutine that sends writes it, the screen reads.
type run struct {
	stop context.CancelFunc
	of   int // messages that it has to send

	mu   sync.Mutex
	done archive.Imported
	news []archive.Outcome // that the screen has not taken yet, without their bodies
}

func (r *run) progress() archive.Imported {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.done
}

func (r *run) each(o archive.Outcome) {
	o.Record = archive.Record{}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.news = append(r.news, o)
}

// takeOutcomes puts what was told since into the rows.
func (m *Model) takeOutcomes() {
	if m.run == nil {
		return
	}
	m.run.mu.Lock()
	news := m.run.news
	m.run.news = nil
	m.run.mu.Unlock()
	for _, o := range news {
		if o.Number > len(m.rows) {
			continue // the file has grown since it was read through
		}
		r := &m.rows[o.Number-1]
		r.fate, r.err, r.sentAs = o.Fate, o.Err, o.MessageId
	}
	if len(news) > 0 && m.notSent {
		m.arrange()
	}
}

// ended is an import that has come to its end, whatever that was.
type ended struct {
	of    *run
	queue string
	file  bool // it was of the file, not of what was left of it
	more  bool // it went on where an earlier one had ended
	done  archive.Imported
	err   error
}

// Late says how far it came when the screen has gone.
func (e ended) Late() (themes.Role, text.Safe) {
	line := text.Sprintf("sent %s of the file to %s", format.Plural(e.done.Sent, "message"), e.queue)
	switch {
	case e.err != nil:
		return themes.Warn, text.Join(line, text.Sprintf(" · it ended early: %s", e.err.Error()))
	case len(e.done.Left) > 0:
		return themes.Warn, text.Join(line, text.Sprintf(" · %d not", len(e.done.Left)))
	}
	return themes.Good, line
}

// askSend asks before the file is sent.
func (m *Model) askSend() tea.Cmd {
	f, n := m.file, m.toSend()
	notes := []text.Safe{text.Sprintf("%s of %s, %s.", format.Plural(n, "message"), f.path, format.Size(f.bodies))}
	note := func(when bool, s text.Safe) {
		if when {
			notes = append(notes, s)
		}
	}
	note(f.wrong > 0 && m.options.Stop, text.Sprintf("It stops at the first of %s that cannot be read as a message.", format.Plural(f.wrong, "entry")))
	note(f.wrong > 0 && !m.options.Stop, text.Sprintf("Left out: %s that cannot be read as a message.", format.Plural(f.wrong, "entry")))
	note(f.refused > 0, text.Sprintf("Not sent, because the queue would refuse it: %s. The list says why.", format.Plural(f.refused, "message")))
	note(m.goesOn(), text.Sprintf("It goes on behind entry %s, where the last import of this file ended.", format.Count(m.from.Entries)))
	note(m.goesOn() && m.from.Sending > 0, text.Sprintf("Up to %s were on their way when it ended: they may be sent twice.", format.Plural(m.from.Sending, "message")))
	note(!m.goesOn() && m.from.Entries > 0, text.Sprintf("An import of this file ended behind entry %s: what it sent is sent twice.", format.Count(m.from.Entries)))
	note(m.queue.FIFO() && !m.options.NewDedup, text.Const("With the deduplication ids that they had, those that the queue has seen in the last five minutes are accepted and swallowed."))
	note(m.options.Rate > 0, text.Sprintf("At %s/s it takes %s.", format.Rate(m.options.Rate), format.Span(time.Duration(float64(n)/m.options.Rate*float64(time.Second)))))
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("Send %s to %s?", format.Plural(n, "message"), m.queue.Name), Notes: notes, Confirm: "send",
		Run: func([]string) tea.Cmd { return m.send() },
	}))
	return nil
}

// goesOn tells whether it begins where an earlier import ended.
func (m *Model) goesOn() bool { return !m.anew && m.from != (archive.Position{}) }

// toSend counts what would be sent.
func (m *Model) toSend() (n int) {
	for i := range m.rows {
		if m.rows[i].fate == "" && m.rows[i].refused == nil {
			n++
		}
	}
	return n
}

// send sends the file from the start, or from where an earlier import ended.
func (m *Model) send() tea.Cmd {
	o, path, to := m.options, m.path, m.file.target
	kept := archive.PositionPath(m.Env.ImportDir, to.URL, path)
	if m.goesOn() {
		o.From = m.from
	}
	o.Save = func(p archive.Position) error { return archive.WritePosition(kept, p) }
	n := m.toSend()
	return m.start(n, func(ctx context.Context, o archive.Options) (archive.Imported, error) {
		in, err := openFile(path)
		if err != nil {
			return archive.Imported{}, err
		}
		defer in.Close()
		done, err := archive.Import(ctx, to, archive.NewReader(in).Next, o)
		if err == nil {
			if e := os.Remove(kept); e != nil && !errors.Is(e, os.ErrNotExist) {
				err = &backend.Error{Kind: backend.KindInternal, Subject: kept, Message: "the position cannot be removed: " + e.Error(), Next: "remove it yourself", Err: e}
			}
		}
		return done, err
	}, o, true)
}

// tryAgain sends just what is left of earlier tries.
func (m *Model) tryAgain() tea.Cmd {
	left, to, o := m.left, m.file.target, m.options
	for _, l := range left {
		if l.Wrong == nil {
			m.rows[l.Number-1].fate, m.rows[l.Number-1].err = "", nil
		}
	}
	return m.start(len(left), func(ctx context.Context, o archive.Options) (archive.Imported, error) {
		done, err := archive.Import(ctx, to, archive.Again(left), o)
		for _, l := range left { // what is no message stays so
			if l.Wrong != nil {
				done.Left = append(done.Left, l)
			}
		}
		done.Left = append(done.Left, unreached(left, done)...)
		slices.SortStableFunc(done.Left, func(a, b archive.Outcome) int { return a.Number - b.Number })
		return done, err
	}, o, false)
}

// unreached are those of the messages left that a try which ended early has not
// come to.
func unreached(left []archive.Outcome, done archive.Imported) (out []archive.Outcome) {
	for i, n := 0, 0; i < len(left); i++ {
		if left[i].Wrong != nil {
			continue
		}
		if n++; n > done.Read {
			out = append(out, left[i])
		}
	}
	return out
}

// start begins an import. It ends with the screen.
func (m *Model) start(n int, f func(ctx context.Context, o archive.Options) (archive.Imported, error), o archive.Options, file bool) tea.Cmd {
	r := &run{of: n}
	o.Each = r.each
	o.Progress = func(i archive.Imported) {
		i.Left = nil // the importer goes on writing it
		r.mu.Lock()
		defer r.mu.Unlock()
		r.done = i
	}
	m.run, m.began, m.err, m.done = r, time.Now(), nil, nil
	queue, more := m.queue.Name, o.From != (archive.Position{})
	send, stop := m.Stoppable(sendLimit, func(ctx context.Context) tea.Msg {
		done, err := f(ctx, o)
		return ended{of: r, queue: queue, file: file, more: more, done: done, err: err}
	})
	r.stop = stop
	return tea.Batch(m.After(every, progressed{}), send)
}

// stop ends the import under way; what is out is waited for.
func (m *Model) stop() tea.Cmd {
	m.run.stop()
	return m.Env.Host.Say(themes.Dim, text.Const("stopping: requests that are out are waited for"))
}

// ended says what became of the import.
func (m *Model) ended(e ended) tea.Cmd {
	if e.of != m.run {
		return nil
	}
	m.takeOutcomes()
	m.run.stop()
	m.run, m.done, m.took = nil, &e.done, time.Since(m.began)
	m.err = e.err
	m.sent += e.done.Sent
	if !e.more {
		m.left = nil
	}
	m.left = append(m.left, e.done.Left...)
	if e.file {
		m.from, m.anew = archive.Position{}, false
		if e.err != nil && e.done.Position.Entries+e.done.Position.Sending > 0 {
			m.from = e.done.Position
		}
	}
	m.notSent = len(m.left) > 0
	m.arrange()
	m.Conn.Fleet.Refresh(m.queue)
	if e.err != nil && backend.KindOf(e.err) != backend.KindCancelled {
		return m.Env.Host.Fail(e.err)
	}
	return m.Env.Host.Say(e.Late())
}
