package imports

import (
	"context"
	"errors"
	"io"
	"os"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
)

// file is what is in a file.
type file struct {
	path     string
	size     int64
	messages int
	wrong    int // entries that are no messages
	refused  int // messages that the queue would not take as it is
	groups   int
	bodies   int // bytes
	target   archive.Target
}

// reading is a file that is being read through.
type reading struct{ entries atomic.Int64 }

// looked is a file that was read through.
type looked struct {
	of   *reading
	file *file
	rows []row
	from archive.Position
	err  error
}

// look reads a file through, and where an earlier import of it ended. It sends
// nothing.
func (m *Model) look(path string) tea.Cmd {
	q := m.Conn.Queue(m.queue)
	if q == nil {
		m.err = &backend.Error{Kind: backend.KindNotFound, Subject: m.queue.Name, Message: "is not in the list of queues", Next: "wait until the list is read"}
		return m.Env.Host.Fail(m.err)
	}
	m.path, m.file, m.rows, m.done, m.left, m.err, m.sent = path, nil, nil, nil, nil, nil, 0
	m.reading = &reading{}
	m.arrange()
	of, sqs, url, dir, o := m.reading, m.Conn.Stack.SQS, q.URL, m.Env.ImportDir, m.options
	return tea.Batch(m.After(every, progressed{}), m.Do(readLimit, func(ctx context.Context) tea.Msg {
		out := looked{of: of}
		target, err := archive.TargetOf(ctx, sqs, url)
		if err != nil {
			out.err = err
			return out
		}
		if out.file, out.rows, out.err = readThrough(ctx, path, target, o, &of.entries); out.err != nil {
			return out
		}
		out.from, out.err = archive.ReadPosition(archive.PositionPath(dir, url, path))
		return out
	}))
}

// readThrough reads all entries of a file.
func readThrough(ctx context.Context, path string, to archive.Target, o archive.Options, progress *atomic.Int64) (*file, []row, error) {
	in, err := openFile(path)
	if err != nil {
		return nil, nil, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return nil, nil, unreadable(path, err)
	}
	f := &file{path: path, size: info.Size(), target: to}
	var rows []row
	groups := map[string]bool{}
	for reader := archive.NewReader(in); ctx.Err() == nil; progress.Add(1) {
		e, err := reader.Next()
		if errors.Is(err, io.EOF) {
			f.groups = len(groups)
			return f, rows, nil
		}
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, rowOf(e, to.Refusal(e, o)))
		r := &rows[len(rows)-1]
		switch {
		case e.Wrong != nil:
			f.wrong++
			continue
		case r.refused != nil:
			f.refused++
		}
		f.messages++
		f.bodies += r.size
		if r.group != "" {
			groups[r.group] = true
		}
	}
	return nil, nil, stopOf(ctx)
}

func rowOf(e archive.Entry, refused *backend.Error) row {
	r := row{number: e.Number, line: e.Line, refused: refused, id: e.Record.MessageId, group: e.Record.Attributes[backend.SysMessageGroupId]}
	if r.wrong = e.Wrong != nil; r.wrong {
		return r
	}
	if m, err := e.Record.Message(); err == nil { // one that the reader let through has a body
		r.size = len(m.Body)
	}
	return r
}

func openFile(path string) (*os.File, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return in, nil
}

func unreadable(path string, err error) error {
	return &backend.Error{Kind: backend.KindInvalid, Subject: path, Message: "cannot be read: " + err.Error(), Next: "take another file", Err: err}
}

// looked shows what is in the file.
func (m *Model) looked(l looked) tea.Cmd {
	if l.of != m.reading {
		return nil // another file was taken meanwhile
	}
	m.reading = nil
	if l.err != nil {
		m.err = l.err
		return m.Env.Host.Fail(l.err)
	}
	m.file, m.rows, m.from, m.anew = l.file, l.rows, l.from, false
	m.settle()
	m.arrange()
	return nil
}

// settle marks what an earlier import has dealt with, where this one goes on.
func (m *Model) settle() {
	for i := range m.rows {
		r := &m.rows[i]
		switch begun := !m.anew && r.number <= m.from.Entries; {
		case begun && r.fate == "":
			r.fate = settled
		case !begun && r.fate == settled:
			r.fate = ""
		}
	}
}
