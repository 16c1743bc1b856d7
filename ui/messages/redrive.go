package messages

import (
	"context"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/peek"
	"sqscope/backend/redrive/proof"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// selections are what could be redriven: the marked messages or the one under the
// cursor, those that are found, those of the group that is shown, and all.
func (m *Model) selections() []screen.Selection {
	all := screen.Selection{}
	for i := range m.all {
		all.Known = append(all.Known, m.all[i].Message)
	}
	some := func(label string, ids []string, match func(context.Context, backend.Message) bool) screen.Selection {
		s := all
		s.Label, s.IDs, s.Match = label, ids, match
		return s
	}
	var out []screen.Selection
	if marked, _ := m.present(m.table.Marked()); len(marked) > 0 {
		out = append(out, some("the marked", marked, nil))
	}
	if m.finding() {
		s := m.student()
		out = append(out, some("found: "+m.find.words, nil, func(ctx context.Context, msg backend.Message) bool {
			return s.fact(ctx, peek.Message{Message: msg, State: backend.StateVisible}).found
		}))
	}
	if m.group != nil {
		group := *m.group
		out = append(out, some("group "+group, nil, func(_ context.Context, msg backend.Message) bool {
			return msg.Attributes[backend.SysMessageGroupId] == group
		}))
	}
	if msg := m.message(); msg != nil && len(m.table.Marked()) == 0 {
		out = append(out, some("the one under the cursor", []string{msg.MessageId}, nil))
	}
	return append(out, all)
}

func (m *Model) noRedrive() string {
	if q := m.Conn.Queue(m.queue); q != nil && !q.AsOf.IsZero() && q.Stored() == 0 {
		return "the queue holds no messages"
	}
	return ""
}

// redrive opens the redrive of what somebody chooses of these messages.
func (m *Model) redrive() tea.Cmd {
	all := m.selections()
	open := func(i int) tea.Cmd {
		m.Select(m.queue, all[i])
		return m.Open(screen.Redrive, m.queue)
	}
	if len(all) == 1 {
		return open(0)
	}
	choices := make([]dialog.Choice, len(all))
	for i, s := range all {
		choices[i] = dialog.Choice{Label: s.Label}
		switch {
		case s.All():
			choices[i] = dialog.Choice{Label: "all", Note: "every message of " + m.queue.Name + ", also what was not read"}
		case s.IDs != nil:
			choices[i].Note = format.Plural(len(s.IDs), "message")
		default:
			choices[i].Note = "also among what was not read"
		}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("Redrive which messages of %s?", m.queue.Name), choices, open))
	return nil
}

// history is what earlier redrives say of messages.
type history struct {
	*proof.History
	err error
}

// readHistory reads the journals of moves and the reports of redrives.
func (m *Model) readHistory() tea.Cmd {
	moves, reports := m.Env.MoveDir, m.Env.ReportDir
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		h, _, err := proof.Load(moves, reports) // what cannot be read the tasks tell
		return history{h, err}
	})
}

// tookHistory shows a column of how often messages were redriven, once there is
// something to be shown and nobody has chosen other columns.
func (m *Model) tookHistory(h history) tea.Cmd {
	if h.err != nil {
		return nil // the tasks tell it
	}
	usual := len(m.listed) == 0 || sameColumns(m.listed, m.usual())
	m.past = h.History
	if usual {
		return m.choose(m.usual())
	}
	m.arrange()
	return nil
}

func sameColumns(listed []column, ids []string) bool {
	if len(listed) != len(ids) {
		return false
	}
	for i := range ids {
		if listed[i].id != ids[i] {
			return false
		}
	}
	return true
}

// times is how often a message was redriven before, as far as it is known.
func (m *Model) times(msg *peek.Message) int {
	if m.past == nil {
		return 0
	}
	return m.past.Times(msg.Message)
}

func (m *Model) redrivenCell(msg *peek.Message) widget.Cell {
	if n := m.times(msg); n > 0 {
		return widget.Cell{Text: text.Const(strconv.Itoa(n) + "×"), Role: themes.Warn}
	}
	return widget.Cell{Text: text.Const("0"), Role: themes.Faint}
}
