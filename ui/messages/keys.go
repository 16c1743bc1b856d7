package messages

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/keymap"
	"sqscope/ui/screen"
)

// Bindings are the keys of a field while it is typed in, else of the groups or of
// the list and the reader. What is done with messages waits until it is known
// which are found.
func (m *Model) Bindings() []screen.Binding {
	switch {
	case m.typing != nowhere:
		return []screen.Binding{
			{Action: keymap.FilterKeep, Run: m.keep},
			{Action: keymap.FilterClear, Run: m.clear},
		}
	case m.grouped:
		return append(m.groupBindings(), m.lookBindings()...)
	}
	acts := slices.Concat(m.rowBindings(), m.actBindings(), m.againBindings())
	for i := range acts {
		acts[i] = m.when(acts[i])
	}
	reader := m.readerBindings()
	if !m.reading && m.finding() {
		reader = append(m.jumpBindings(), reader...)
	}
	if m.reading {
		return slices.Concat(m.backBindings(), reader, acts, m.listBindings(), m.lookBindings(), m.moves())
	}
	look, list := m.lookBindings(), m.listBindings()
	return slices.Concat(m.backBindings(), acts[:1], look[:1], list[:1], acts[1:], list[1:], look[1:], reader, m.moves())
}

// rowBindings are about the messages that the list shows.
func (m *Model) rowBindings() []screen.Binding {
	return []screen.Binding{
		{Action: keymap.MessagesOpen, Run: func() tea.Cmd { m.reading = true; return m.mind() }, Off: func() string {
			if m.reading {
				return "it is being read; esc goes back to the list"
			}
			return m.noMessage()
		}},
		{Action: keymap.MessagesMark, Run: m.mark, Off: m.noMessage},
		{Action: keymap.MessagesRange, Run: m.markRange, Off: m.noAnchor},
		{Action: keymap.MessagesMarkAll, Run: m.markAll, Off: m.noMessage},
	}
}

// lookBindings are about reading messages from the queue.
func (m *Model) lookBindings() []screen.Binding {
	busy := func() string {
		if m.look.Looking() {
			return "a look is under way; esc stops it"
		}
		return ""
	}
	return []screen.Binding{
		{Action: keymap.MessagesLook, Run: m.look.Ask, Needs: m.look.Needs(), Off: busy},
		{Action: keymap.MessagesLookMore, Run: m.look.AskMore, Needs: m.look.Needs(), Off: func() string {
			if m.look.Free {
				return "browsing is free and shows the first 500; f reads on until some match"
			}
			return busy()
		}},
		{Action: keymap.MessagesLookFor, Run: m.askLookFor, Needs: m.look.Needs(), Off: func() string {
			if why := m.noFind(); why != "" {
				return why
			}
			return busy()
		}},
	}
}

// listBindings are about the list as a whole.
func (m *Model) listBindings() []screen.Binding {
	return []screen.Binding{
		{Action: keymap.Filter, Run: m.askFind, Off: func() string {
			if m.reading {
				return m.noMessage()
			}
			return ""
		}},
		m.DeadLettersBinding(keymap.MessagesDLQ, func() backend.ARN { return m.queue }),
		{Action: keymap.MessagesColumns, Run: m.askColumns},
		{Action: keymap.MessagesSort, Run: m.nextSort},
		{Action: keymap.MessagesReverse, Run: m.reverse, Off: m.unsorted},
		{Action: keymap.MessagesGroups, Run: m.toggleGroups, Off: m.noGroups},
		m.when(screen.Binding{Action: keymap.MessagesInvert, Run: m.invert, Off: m.noMessage}),
		{Action: keymap.MessagesMatches, Run: m.toggleMatches, Off: m.noFind},
		{Action: keymap.MessagesPane, Run: func() tea.Cmd { m.reading = !m.reading; return m.mind() }, Off: m.noMessage},
		{Action: keymap.Refresh, Run: m.look.Refresh},
	}
}

// jumpBindings go from one message that was found to another.
func (m *Model) jumpBindings() []screen.Binding {
	return []screen.Binding{
		{Action: keymap.MessagesNext, Run: m.jump(1), Off: m.noFind},
		{Action: keymap.MessagesPrev, Run: m.jump(-1), Off: m.noFind},
	}
}

// backBindings are what esc leaves before it leaves the screen.
func (m *Model) backBindings() []screen.Binding {
	back := func(run func() tea.Cmd) []screen.Binding { return []screen.Binding{{Action: keymap.Back, Run: run}} }
	switch {
	case m.look.Looking():
		return back(m.look.Stop)
	case m.reading:
		return back(func() tea.Cmd { m.reading = false; return m.mind() })
	case m.group != nil:
		return back(m.backToGroups)
	}
	return nil
}

// moves go to the reader if it has the keys, else to the list.
func (m *Model) moves() []screen.Binding {
	return screen.Moves(func(by int) tea.Cmd {
		if m.reading {
			m.reader.Move(by)
			return nil
		}
		m.table.Move(by)
		return m.follow()
	}, func() int {
		if m.reading {
			return m.reader.Page()
		}
		return m.table.Page()
	})
}

func (m *Model) noMessage() string {
	if m.message() == nil {
		return "there is no message under the cursor"
	}
	return ""
}
