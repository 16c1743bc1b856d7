package queues

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/find"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// Typing tells whether the filter has the keys.
func (m *Model) Typing() bool { return m.typing }

func (m *Model) typed(msg tea.KeyPressMsg) tea.Cmd {
	if cmd, done := screen.Dispatch(m.Env, m.Bindings(), msg.String()); done {
		return cmd
	}
	switch stroke := msg.String(); stroke {
	case "up", "down":
		m.move(map[string]int{"up": -1, "down": 1}[stroke])
	default:
		if m.filter.Key(stroke, msg.Text) {
			return m.filtered()
		}
	}
	return nil
}

// filtered reads what is typed. While it is no filter the list stays as it is.
func (m *Model) filtered() tea.Cmd {
	query, err := find.Parse(m.filter.Value())
	m.wrong = nil
	if errors.As(err, &m.wrong) {
		return nil
	}
	m.order.query = query
	return m.seek()
}

// seek arranges the list for another question. Acts wait for its answer.
func (m *Model) seek() tea.Cmd {
	cmd := m.arrange()
	m.sought, m.waiting = m.asked, nil
	return cmd
}

// when does an act now, or once the rows are those that the filter asks for.
func (m *Model) when(off func() string, act func() tea.Cmd) func() tea.Cmd {
	return func() tea.Cmd {
		if m.shown >= m.sought {
			return act()
		}
		m.waiting = func() tea.Cmd {
			if why := off(); why != "" {
				return m.Env.Host.Say(themes.Warn, text.Clean(why))
			}
			return act()
		}
		return nil
	}
}

// words is the filter as it was typed.
func (m *Model) words() string { return strings.TrimSpace(m.order.query.String()) }
