package tasks

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/redrive/drain"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

type (
	evidenceListed struct {
		files []file
		err   error
	}
	file struct {
		path string
		size int64
		when string
	}
	counted struct {
		path     string
		messages int
		wrong    int
		err      error
	}
)

func (m *Model) noRestore() string {
	if m.queue.Name == "" {
		return noQueue
	}
	return m.busy()
}

// listEvidence lists the evidence files, those of this queue first.
func (m *Model) listEvidence() tea.Cmd {
	dir, queue, utc := m.Env.EvidenceDir, m.queue.Name, m.Env.UTC
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return evidenceListed{err: unreadable(dir, err)}
		}
		var own, others []file
		for _, e := range slices.Backward(entries) {
			info, err := e.Info()
			if err != nil || e.IsDir() || !strings.HasSuffix(e.Name(), ".jsonl") {
				continue // what went meanwhile, and summaries
			}
			f := file{filepath.Join(dir, e.Name()), info.Size(), format.Stamp(info.ModTime(), utc)}
			if strings.Contains(e.Name(), queue) {
				own = append(own, f)
			} else {
				others = append(others, f)
			}
		}
		return evidenceListed{files: append(own, others...)}
	})
}

// unreadable is why a file or a folder of ours was not read.
func unreadable(path string, err error) error {
	return &backend.Error{Kind: backend.KindInternal, Subject: path, Message: "cannot be read: " + err.Error(), Next: "check its permissions", Err: err}
}

// askRestore asks which file.
func (m *Model) askRestore(l evidenceListed) tea.Cmd {
	if l.err != nil {
		return m.Env.Host.Fail(l.err)
	}
	if len(l.files) == 0 {
		return m.Env.Host.Say(themes.Warn, text.Sprintf("there is no evidence in %s; i in the list of messages imports any other file", m.Env.EvidenceDir))
	}
	choices := make([]dialog.Choice, len(l.files))
	for i, f := range l.files {
		choices[i] = dialog.Choice{Label: filepath.Base(f.path), Note: format.Size(int(f.size)) + " · " + f.when}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("Restore to %s from which evidence?", m.queue.Name), choices, func(i int) tea.Cmd {
		path := l.files[i].path
		return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg { return count(ctx, path) })
	}))
	return nil
}

// count counts the messages of a file.
func count(ctx context.Context, path string) counted {
	c := counted{path: path}
	f, err := os.Open(path)
	if err != nil {
		c.err = unreadable(path, err)
		return c
	}
	defer func() { _ = f.Close() }() // it was only read
	r := archive.NewReader(f)
	for ctx.Err() == nil {
		e, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return c
		case err != nil:
			c.err = err
			return c
		case e.Wrong != nil:
			c.wrong++
		default:
			c.messages++
		}
	}
	c.err = backend.AsError(ctx.Err())
	return c
}

// counted asks for the queue's name before the file is sent.
func (m *Model) counted(c counted) tea.Cmd {
	if c.err != nil {
		return m.Env.Host.Fail(c.err)
	}
	notes := []text.Safe{
		text.Sprintf("From %s.", c.path),
		text.Const("They are new messages: with new ids and times, and without the queue that they once came from, so that a redrive cannot take them back to their sources by itself."),
	}
	if c.wrong > 0 {
		notes = append(notes, text.Sprintf("%s are no messages and are left out.", format.Plural(c.wrong, "line")))
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("Send %s to %s?", format.Plural(c.messages, "message"), m.queue.Name), Notes: notes, Danger: true,
		Fields: []dialog.Field{dialog.TypeName(m.queue.Name)}, Confirm: "restore them",
		Run: func([]string) tea.Cmd { return m.restore(c) },
	}))
	return nil
}

func (m *Model) restore(c counted) tea.Cmd {
	conn, queue := m.Conn, m.queue
	j := &job{what: "restore", name: text.Sprintf("restoring to %s", queue.Name), to: queue.Name}
	return m.run(j, func(ctx context.Context, w *screen.Work) finished {
		var to archive.Target
		at, err := url(ctx, conn, queue)
		if err == nil {
			to, err = archive.TargetOf(ctx, conn.Stack.SQS, at)
		}
		if err != nil {
			return j.ended(err, themes.Bad, text.Safe{}, dialog.Results{})
		}
		done, err := drain.Restore(ctx, c.path, to, archive.Options{NewDedup: queue.FIFO(), Progress: func(i archive.Imported) {
			j.tell(w, text.Sprintf("%s of %s sent", format.Count(i.Sent), format.Count(c.messages)), i.Sent, c.messages)
		}})
		if err != nil {
			return j.ended(err, themes.Bad, text.Safe{}, dialog.Results{})
		}
		role, line := themes.Good, text.Sprintf("restored %s to %s", format.Plural(done.Sent, "message"), queue.Name)
		r := dialog.Results{Title: line}
		for _, l := range done.Left {
			o := dialog.Outcome{Role: themes.Bad, Sign: "✗", What: text.Sprintf("line %d", l.Line)}
			if l.Err != nil {
				o.Why = text.Clean(l.Err.Error())
			}
			r.Rows = append(r.Rows, o)
		}
		if n := len(done.Left); n > 0 {
			role, line = themes.Warn, text.Join(line, text.Sprintf(" · %d not", n))
		}
		return j.ended(nil, role, line, r)
	})
}
