package activity

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/journal"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// pageSize is how many acts are read of the journal at a time.
const pageSize = 200

// rest is how often the end of the journal is read while the screen is seen, for
// what others do. What this program does is seen within a second.
const rest = 10 * time.Second

// book is what has been read of the journal.
type book struct {
	table    *widget.Table[string]
	reader   *journal.Reader // behind the oldest entry; nil: nothing was read
	entries  []entry         // the newest first
	open     []entry         // without a result, of earlier runs and of other programs
	rows     []entry         // those and then the others, as far as the filter means them
	problems []*backend.Error
	err      *backend.Error // why nothing more can be read
	at       time.Time      // when the end was read; zero: never
	ended    bool           // there is nothing older
	reading  bool
	follow   bool // the cursor is on the first row, and goes on with it
	again    bool // to be read once more when what is under way is back
}

// entry is an act with what a filter looks in.
type entry struct {
	journal.Entry
	unfinished bool
	words      string
}

// journalRead is a part of the journal: its end, read with a new reader, or what
// is older.
type journalRead struct {
	page   journal.Page
	open   *journal.Page // nil: it was not asked for
	reader *journal.Reader
	newest bool
	err    error
}

func newBook() book {
	return book{follow: true, table: widget.NewTable[string]([]widget.Column{
		{Title: "WHEN", Min: 9, Max: 13},
		{Title: "RESULT", Min: 12, Max: 12},
		{Title: "WHAT", Min: 13, Max: 28},
		{Title: "QUEUE", Min: 14, Max: 80, Flex: 1, Middle: true},
		{Title: "MSGS", Min: 5, Max: 12, Right: true, Priority: 1},
		{Title: "WHERE", Min: 10, Max: 24, Priority: 2},
	})}
}

// readJournal reads the end of the journal. All that is unfinished takes reading
// all of it, so that is done only where it is asked for.
func (m *Model) readJournal(unfinished bool) tea.Cmd {
	b, j := &m.journal, m.Env.Journal
	switch {
	case j == nil:
		return nil
	case b.reading:
		b.again = true
		return nil
	}
	b.reading = true
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		r := journalRead{newest: true}
		if unfinished {
			open, err := j.Unfinished(ctx)
			if err != nil {
				return journalRead{newest: true, err: err}
			}
			r.open = &open
		}
		if r.reader, r.err = j.Newest(); r.err == nil {
			r.page, r.err = r.reader.Next(ctx, pageSize)
		}
		return r
	})
}

// older reads on where the cursor is near the end of what was read.
func (m *Model) older() tea.Cmd {
	b := &m.journal
	_, last := b.table.Visible()
	if b.reading || b.ended || b.reader == nil || last < b.table.Len()-b.table.Page() {
		return nil
	}
	b.reading = true
	reader := b.reader
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		page, err := reader.Next(ctx, pageSize)
		return journalRead{page: page, reader: reader, err: err}
	})
}

// tookJournal adds what was read. What an error leaves out stays as it was.
func (m *Model) tookJournal(r journalRead) tea.Cmd {
	b := &m.journal
	b.reading = false
	if r.newest {
		b.at = time.Now()
	}
	b.err = nil
	if r.err != nil {
		b.err = backend.AsError(r.err)
	}
	if r.open != nil {
		b.open = b.open[:0]
		for _, e := range r.open.Entries {
			b.open = append(b.open, made(e, true))
		}
		b.note(r.open.Problems)
	}
	b.note(r.page.Problems)
	b.add(r)
	m.fillJournal()
	if b.again {
		b.again = false
		return m.readJournal(false)
	}
	return nil
}

// add puts entries where they belong. If the end that was read now does not reach
// back to what was read before, only it is kept.
func (b *book) add(r journalRead) {
	page := make([]entry, len(r.page.Entries))
	held := make(map[string]bool, len(page))
	for i, e := range r.page.Entries {
		page[i] = made(e, false)
		held[e.ID] = true
	}
	if !r.newest {
		b.entries = append(b.entries, page...)
		b.ended = r.err == nil && len(page) < pageSize
		return
	}
	rest := slices.DeleteFunc(slices.Clone(b.entries), func(e entry) bool { return held[e.ID] })
	if b.reader == nil || len(rest) == len(b.entries) && len(page) == pageSize {
		if r.reader != nil {
			b.reader, b.entries, b.ended = r.reader, page, r.err == nil && len(page) < pageSize
		}
		return
	}
	b.entries = append(page, rest...)
}

// note keeps problems of the files, each once.
func (b *book) note(problems []*backend.Error) {
	for _, p := range problems {
		if !slices.ContainsFunc(b.problems, func(old *backend.Error) bool { return old.Error() == p.Error() }) {
			b.problems = append(b.problems, p)
		}
	}
}

// made is an entry ready for the list.
func made(e journal.Entry, unfinished bool) entry {
	words := []string{e.Act.Name, e.Act.Queue, e.Act.To, e.Who.Context, e.Who.Account, e.Who.ARN, "under way"}
	if unfinished {
		words = append(words, "unfinished")
	}
	if e.Result != nil {
		words = append(words[:len(words)-1], string(e.Result.Outcome), e.Result.Kind, e.Result.Code)
	}
	return entry{e, unfinished, strings.ToLower(strings.Join(words, " "))}
}

// fillJournal shows what is unfinished first, then all in order.
func (m *Model) fillJournal() {
	b := &m.journal
	done, unfinished := map[string]bool{}, map[string]bool{}
	for _, e := range b.entries {
		done[e.ID] = e.Result != nil
	}
	b.rows = b.rows[:0]
	for _, e := range b.open {
		if !done[e.ID] && m.has(e.words) {
			unfinished[e.ID] = true
			b.rows = append(b.rows, e)
		}
	}
	for _, e := range b.entries {
		if !unfinished[e.ID] && m.has(e.words) {
			b.rows = append(b.rows, e)
		}
	}
	b.table.SetRows(len(b.rows), func(i int) string { return b.rows[i].ID }, m.entryCell)
	if b.follow && m.calm() {
		b.table.Top()
	}
}

// entryHere is the entry under the cursor.
func (m *Model) entryHere() (e entry, ok bool) {
	id, ok := m.journal.table.Key()
	i := slices.IndexFunc(m.journal.rows, func(e entry) bool { return e.ID == id })
	if !ok || i < 0 {
		return e, false
	}
	return m.journal.rows[i], true
}

func (m *Model) copyEntry() tea.Cmd {
	e, ok := m.entryHere()
	if !ok {
		return nil
	}
	var lines []string
	for _, f := range m.entryFacts(e) {
		if f.value != "" {
			lines = append(lines, cmp.Or(f.label, " ")+": "+f.value)
		}
	}
	return m.Env.Host.Clipboard(text.Sprintf("the entry on %s", e.Act.Name), strings.Join(lines, "\n"))
}

// whatToDo is what an act needs of which nobody knows how it ended.
func whatToDo(e entry) string {
	if e.Result == nil && !e.unfinished || e.Result != nil && e.Result.Outcome != journal.Unknown {
		return ""
	}
	s := ""
	switch e.Act.Name {
	case "SendMessage", "SendMessageBatch":
		s = "It may have been sent. Look for it in the queue before sending it again."
	case "DeleteMessage", "DeleteMessageBatch", "RemoveMessages", "PurgeQueue", journal.DeleteMany, journal.Drain:
		s = "Look whether the messages are gone; what was not deleted comes back by itself."
	case "StartMessageMoveTask", "CancelMessageMoveTask", journal.Redrive:
		s = "Look at the move tasks of the dead-letter queue: one that has started goes on by itself."
	default:
		s = "Look at the queue as it is now; doing it again may be needed."
	}
	if e.unfinished {
		s = "The program ended before the answer came, or another one is still at it. " + s
	}
	if e.Act.Evidence != "" {
		s += " The evidence has what was there."
	}
	return s
}

// params are what an act set, in the order of their names.
func params(a journal.Act) []fact {
	var out []fact
	for _, name := range slices.Sorted(maps.Keys(a.Params)) {
		out = append(out, fact{label: "sets", value: name + " = " + a.Params[name]})
	}
	return out
}
