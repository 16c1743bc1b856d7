package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// Update takes every message of the program.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		return m, nil
	case tea.KeyPressMsg:
		m.env.Conn.Fleet.Active()
		return m, m.key(msg)
	case tea.PasteMsg:
		return m, m.paste(msg)
	case tea.BackgroundColorMsg:
		if !m.asked {
			m.env.Theme = themes.Default(msg.IsDark())
		}
		return m, nil
	case tea.BlurMsg:
		m.blurred = true
		m.env.Conn.Fleet.Idle()
		return m, nil
	case tea.FocusMsg:
		m.blurred = false
		m.env.Conn.Fleet.Active()
		return m, nil
	case tea.ResumeMsg:
		return m, m.say(themes.Good, text.Const("back; leased messages were given back before the shell"))
	}
	return m, m.news(msg)
}

// news takes what is not from the keyboard: results, ticks, changes.
func (m *Model) news(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case fleetChanged:
		if msg.name != m.env.Conn.Name {
			return nil
		}
		return tea.Batch(m.top().Update(screen.FleetMsg{}), m.listen())
	case ticked:
		return tea.Batch(m.top().Update(screen.TickMsg{}), tick(msg.n))
	case toastOver:
		if msg.n == m.toast.n {
			m.toast.line = text.Safe{}
		}
	case screen.Answer:
		return m.answer(msg)
	case connected:
		return m.connected(msg)
	case failed:
		return m.fail(msg.err)
	case screen.LateMsg:
		return m.fail(msg.Err)
	case released:
		if msg.failed > 0 {
			return tea.Sequence(m.say(themes.Warn, text.Sprintf("%d leased messages could not be given back; they return when their lease ends", msg.failed)), msg.then)
		}
		return msg.then
	}
	return nil
}

// answer delivers a result to the screen that asked, or to nobody.
func (m *Model) answer(a screen.Answer) tea.Cmd {
	for _, p := range m.stack {
		if p.ID() == a.To {
			return p.Update(a.Msg)
		}
	}
	return nil
}

func (m *Model) paste(msg tea.PasteMsg) tea.Cmd {
	if n := len(m.dialogs); n > 0 {
		return m.dialogs[n-1].Update(msg)
	}
	if m.top().Typing() {
		return m.top().Update(msg)
	}
	return nil
}

// connected ends the way to another context: on success all screens of the old
// one are left, on failure nothing has changed.
func (m *Model) connected(c connected) tea.Cmd {
	if c.name != m.opening {
		return nil
	}
	m.opening = ""
	if c.err != nil {
		return m.fail(c.err)
	}
	var cmds []tea.Cmd
	for len(m.stack) > 0 {
		cmds = append(cmds, m.top().Leave())
		m.stack = m.stack[:len(m.stack)-1]
	}
	m.use(c.conn)
	return tea.Batch(append(cmds, m.begin())...)
}

func (m *Model) connect(name string) tea.Cmd {
	if name == m.env.Conn.Name {
		return m.backTo(0)
	}
	m.opening = name
	if c, open := m.conns[name]; open {
		return m.connected(connected{name: name, conn: c})
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), screen.ActLimit)
		defer cancel()
		conn, err := m.opts.Open(ctx, name)
		return connected{name, conn, err}
	}
}

// release gives every lease of the process back and goes on with then.
func (m *Model) release(then tea.Cmd) tea.Cmd {
	if m.opts.Leases.Count() == 0 {
		return then
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), ReleaseLimit)
		defer cancel()
		_, failed := m.opts.Leases.ReleaseAll(ctx)
		return released{failed, then}
	}
}

// quit gives leased messages back first. A second time it does not wait.
func (m *Model) quit() tea.Cmd {
	if m.leaving {
		return tea.Quit
	}
	m.leaving = true
	return m.release(tea.Quit)
}

func (m *Model) say(role themes.Role, line text.Safe) tea.Cmd {
	return m.show(role, line, 4*time.Second)
}

func (m *Model) show(role themes.Role, line text.Safe, d time.Duration) tea.Cmd {
	m.toast = toast{m.toast.n + 1, role, line}
	n := m.toast.n
	return tea.Tick(d, func(time.Time) tea.Msg { return toastOver{n} })
}
