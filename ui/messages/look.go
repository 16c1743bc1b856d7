package messages

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/peek"
	"sqscope/ui/look"
)

// browseBatch is how many messages are shown where looking is free.
const browseBatch = 500

// askLookFor asks until how many messages match what is looked for.
func (m *Model) askLookFor() tea.Cmd {
	s := m.student()
	s.paths = nil
	r := look.Request{Want: 10, Words: m.find.words, Match: func(ctx context.Context, msg peek.Message) bool { return s.fact(ctx, msg).found }}
	return m.look.AskNumber(r, "Read "+m.queue.Name+" until how many match "+m.find.words+"?", "matches", "read")
}

// mind keeps the leases of what is on the screen while the reader is used.
func (m *Model) mind() tea.Cmd {
	ids := map[string]bool{}
	if id, ok := m.table.Key(); ok {
		ids[id] = true
	}
	if m.wide || !m.reading {
		first, last := m.table.Visible()
		for i := first; i < last && i < len(m.rows); i++ {
			ids[m.rows[i].MessageId] = true
		}
	}
	return m.look.Mind(m.reading, ids)
}

// Leave gives back what was leased. That goes on after the screen has gone.
func (m *Model) Leave() tea.Cmd {
	m.End()
	if m.studies != nil {
		m.studies()
	}
	return m.look.Leave()
}
