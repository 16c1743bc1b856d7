package messages

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/config"
	"sqscope/backend/decode/query"
	"sqscope/backend/memo"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// usual are the columns that are shown unless somebody chose.
func (m *Model) usual() []string {
	if len(m.Env.Messages.Columns) > 0 {
		return m.Env.Messages.Columns
	}
	ids := []string{"age", "state", "receives"}
	if m.queue.FIFO() {
		ids = append(ids, "group")
	}
	if q := m.Conn.Queue(m.queue); q != nil && q.IsDLQ() {
		if m.past != nil && !m.past.Empty() {
			ids = append(ids, "redriven")
		}
		ids = append(ids, "source", "lost")
	}
	return append(ids, "size", "body")
}

// choose takes columns. One that there cannot be is left out, and why is said.
func (m *Model) choose(ids []string) tea.Cmd {
	var wrong error
	m.listed = m.listed[:0]
	heads := []widget.Column{signColumn: {}}
	for _, id := range ids {
		c, err := columnOf(id)
		if err != nil {
			wrong = errors.Join(wrong, err)
			continue
		}
		m.listed = append(m.listed, c)
		heads = append(heads, c.head)
	}
	m.heads = heads
	m.pathsN++
	m.sign()
	m.arrange()
	if wrong != nil {
		return tea.Batch(m.Env.Host.Fail(wrong), m.study())
	}
	return m.study()
}

// signColumn is the one before all others, which has a sign at what was found
// where all messages are shown.
const signColumn = 0

// sign shows or hides the first column, and marks the one that is sorted by.
func (m *Model) sign() {
	m.heads[signColumn] = widget.Column{}
	if m.finding() && m.find.all {
		m.heads[signColumn] = widget.Column{Min: 1, Max: 1}
	}
	m.table.SetColumns(m.heads)
	at := m.sortedBy()
	if at < 0 {
		m.table.SetSort(-1, false)
		return
	}
	m.table.SetSort(at+1, m.ascends(m.listed[at]))
}

// remembered is what was chosen for this queue in another run.
type remembered struct {
	columns []string
	err     error
}

func (m *Model) remember() tea.Cmd {
	store, key := m.Env.Memo, m.queue.String()
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		all, err := store.Load()
		return remembered{all.MessageColumns[key], err}
	})
}

func (m *Model) remembered(r remembered) tea.Cmd {
	switch {
	case r.err != nil:
		return m.Env.Host.Fail(r.err)
	case len(r.columns) > 0:
		return m.choose(r.columns)
	}
	return nil
}

// addPath is the entry that asks for a path instead of being a column.
const addPath = "+"

// askColumns lets somebody choose columns: those there are, the attributes of
// what was read, and paths.
func (m *Model) askColumns() tea.Cmd {
	var items []dialog.Item
	have := map[string]bool{}
	add := func(c column, on bool) {
		if !have[c.id] {
			have[c.id] = true
			items = append(items, dialog.Item{ID: c.id, Label: c.word, Note: c.help, On: on})
		}
	}
	for _, c := range m.listed {
		add(c, true)
	}
	for _, c := range columns {
		add(c, false)
	}
	senders, own := m.attributeNames()
	for _, name := range senders {
		add(attributeColumn(config.ColumnAttribute+name, name), false)
	}
	for _, name := range own {
		c := attributeColumn(config.ColumnAttribute+name, name)
		c.help = "an attribute of SQS's own"
		add(c, false)
	}
	items = append(items, dialog.Item{ID: addPath, Label: "a jq path …", Note: "as .json.order.total: it is asked for next"})
	m.Env.Host.Ask(dialog.NewPick(m.Env, text.Const("Columns"), items, func(ids []string) tea.Cmd {
		if i := slices.Index(ids, addPath); i >= 0 {
			return m.askPath(ids, i)
		}
		return m.chosenColumns(ids)
	}))
	return nil
}

// attributeNames are the attributes of what was read: those of senders, and SQS's
// own.
func (m *Model) attributeNames() (senders, own []string) {
	given, known := map[string]bool{}, map[string]bool{}
	for i := range m.all {
		for name := range m.all[i].MessageAttributes {
			given[name] = true
		}
		for name := range m.all[i].Attributes {
			known[name] = true
		}
	}
	return slices.Sorted(maps.Keys(given)), slices.Sorted(maps.Keys(known))
}

// askPath asks for the path of a new column, which takes the place at.
func (m *Model) askPath(ids []string, at int) tea.Cmd {
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("A column for a jq path"),
		Notes: []text.Safe{text.Const("The path begins at the message: .json is its body behind all wrappings, .messageAttributes.NAME.stringValue an attribute.")},
		Fields: []dialog.Field{{Label: "path", Hint: ".json.order.total", Check: func(v string) string {
			if !strings.HasPrefix(v, config.ColumnPath) {
				return "a path begins with a dot"
			}
			if _, err := query.Compile(v); err != nil {
				return err.Error()
			}
			return ""
		}}},
		Confirm: "show it",
		Run: func(v []string) tea.Cmd {
			return m.chosenColumns(append(slices.Clone(ids[:at]), append([]string{v[0]}, ids[at+1:]...)...))
		},
	}))
	return nil
}

// bodyLast leaves the body the last column, where it takes the room that is left,
// unless somebody has put another behind it.
func (m *Model) bodyLast(ids []string) []string {
	n := len(m.listed)
	if n == 0 || len(ids) <= n || m.listed[n-1].id != "body" || ids[n-1] != "body" {
		return ids
	}
	return slices.Concat(ids[:n-1], ids[n:], ids[n-1:n])
}

// chosenColumns shows columns and keeps them for this queue.
func (m *Model) chosenColumns(ids []string) tea.Cmd {
	if len(ids) == 0 {
		return m.Env.Host.Say(themes.Warn, text.Const("a list needs a column; nothing was changed"))
	}
	ids = m.bodyLast(ids)
	store, key := m.Env.Memo, m.queue.String()
	return tea.Batch(m.choose(ids), m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		_, err := store.Change(func(all *memo.Memo) {
			if all.MessageColumns == nil {
				all.MessageColumns = map[string][]string{}
			}
			all.MessageColumns[key] = ids
		})
		return remembered{err: err}
	}))
}
