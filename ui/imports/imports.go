// Package imports is the screen that sends the messages of a file to a queue: our
// own lines, and what `aws sqs receive-message` prints.
//
// A file is read through before anything is sent, so that it is known how many
// messages it has, which entries are none, and which of them the queue would not
// take. What is sent is told entry by entry. Leaving the screen stops it; an import
// that ended early goes on where it was, also in another run, and what was not sent
// can be tried again by itself.
package imports

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	queue backend.ARN

	files    files
	choosing bool // the field for the file has the keys

	path    string // of the file that was taken; "": none yet
	reading *reading
	file    *file // what is in it; nil: not read yet
	options archive.Options
	from    archive.Position // where an earlier import ended
	anew    bool             // begin at the start all the same
	err     error            // why the file could not be read, or why sending ended

	run   *run // the import under way; nil: none
	done  *archive.Imported
	left  []archive.Outcome // what is not known to be in the queue
	sent  int               // in all tries
	began time.Time
	took  time.Duration

	rows    []row
	shown   []int // places in rows, as the table has them
	notSent bool  // the table has only what is not known to be in the queue
	table   *widget.Table[int]

	headLines int // over the table, as it was drawn last
}

// row is an entry of the file and what became of it. It holds no body.
type row struct {
	number, line, size int
	group, id          string
	wrong              bool           // it is no message
	refused            *backend.Error // why it would not be sent; nil: it would
	fate               archive.Fate   // "": nothing has happened yet
	sentAs             string
	err                *backend.Error
}

// New makes the screen for a queue.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), queue: spec.Queue, choosing: true, files: newFiles()}
	group := widget.Column{}
	if m.queue.FIFO() {
		group = widget.Column{Title: "GROUP", Min: 6, Max: 20}
	}
	m.table = widget.NewTable[int]([]widget.Column{
		colLine:  {Title: "LINE", Min: 5, Max: 8, Right: true},
		colFate:  {Title: "RESULT", Min: 10, Max: 12},
		colGroup: group,
		colSize:  {Title: "SIZE", Min: 6, Max: 9, Right: true, Priority: 2},
		colWhat:  {Title: "MESSAGE", Min: 20, Max: 400, Flex: 1},
	})
	return m
}

// Init lists the folder that exports go to.
func (m *Model) Init() tea.Cmd { return m.list() }

// Update takes keys for the field, and results.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return m.typed(msg)
	case tea.PasteMsg:
		m.files.input.Paste(msg.Content)
		return m.list()
	case screen.Click:
		return m.clicked(msg)
	case screen.Wheel:
		m.move(int(msg))
	case listed:
		m.files.listed(msg)
	case progressed:
		return m.progressed()
	case looked:
		return m.looked(msg)
	case ended:
		return m.ended(msg)
	}
	return nil
}

func (m *Model) clicked(c screen.Click) tea.Cmd {
	if m.choosing {
		if i, ok := m.files.list.ItemAt(c.Y - filesHead); ok {
			m.files.list.Move(i - m.files.list.At())
			if c.Double {
				return m.take()
			}
		}
		return nil
	}
	if i, ok := m.table.RowAt(c.Y - m.headLines); ok && i < len(m.shown) {
		m.table.SelectRow(i)
	}
	return nil
}

func (m *Model) move(by int) {
	if m.choosing {
		m.files.list.Move(by)
		return
	}
	m.table.Move(by)
}

// Trouble is why the import ended, or why the file cannot be read.
func (m *Model) Trouble() error { return m.err }

// Typing tells whether the field for the file has the keys.
func (m *Model) Typing() bool { return m.choosing }

// Crumb is its place in the path.
func (m *Model) Crumb() text.Safe { return text.Sprintf("import into %s", m.queue.Name) }

// Status says what was sent so far.
func (m *Model) Status() text.Safe {
	switch {
	case m.run != nil:
		return text.Sprintf("sending · %s sent", format.Count(m.sent+m.run.progress().Sent))
	case m.done != nil:
		return text.Sprintf("%s sent · %s not", format.Count(m.sent), format.Count(len(m.left)))
	}
	return text.Safe{}
}

// Hint says of the entry under the cursor all that is known.
func (m *Model) Hint(w int) string {
	t := m.Env.Theme
	if m.choosing {
		return t.Paint(themes.Dim, text.Const("our JSONL, or what `aws sqs receive-message` prints").Truncate(w).String())
	}
	n, ok := m.table.Key()
	if !ok {
		return ""
	}
	r := &m.rows[n-1]
	switch why := r.why(); {
	case why != "":
		return t.Paint(themes.Warn, text.Sprintf("line %d: %s", r.line, why).Truncate(w).String())
	case r.sentAs != "":
		return t.Paint(themes.Dim, text.Sprintf("line %d was sent as %s", r.line, r.sentAs).Truncate(w).String())
	}
	return ""
}

// why is what is wrong with an entry, or "".
func (r *row) why() string {
	e := r.err
	if e == nil {
		e = r.refused
	}
	if e == nil {
		return ""
	}
	return e.Bare() // the line stands beside it
}

// Leave ends an import that is under way; where it ended is kept.
func (m *Model) Leave() tea.Cmd {
	m.End()
	return nil
}

// arrange puts the entries into the table that it is to have.
func (m *Model) arrange() {
	m.shown = m.shown[:0]
	for i := range m.rows {
		if !m.notSent || m.rows[i].open() {
			m.shown = append(m.shown, i)
		}
	}
	m.table.SetRows(len(m.shown), func(i int) int { return m.rows[m.shown[i]].number }, m.cell)
}

// open tells whether the entry is not known to be in the queue.
func (r *row) open() bool {
	return r.fate != archive.FateSent && r.fate != settled
}

// settled is the fate of what an earlier import has dealt with.
const settled archive.Fate = "settled"

// readLimit and sendLimit are deadlines that no honest file meets.
const (
	readLimit = 10 * time.Minute
	sendLimit = 7 * 24 * time.Hour
)

// every is how often progress is shown.
const every = 200 * time.Millisecond

type progressed struct{}

// progressed shows how far it has come, as long as it goes on.
func (m *Model) progressed() tea.Cmd {
	if m.run == nil && m.reading == nil {
		return nil
	}
	m.takeOutcomes()
	return m.After(every, progressed{})
}

// stopOf is what a person hears of a context that ended.
func stopOf(ctx context.Context) *backend.Error { return backend.AsError(ctx.Err()) }
