package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// Update takes every message of the program.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg.(type) {
	case fleetChanged, ticked, lessonSeen:
	default:
		m.motion.drawn = false
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		return m, nil
	case tea.KeyPressMsg:
		m.attend(true)
		return m, m.key(msg)
	case tea.MouseClickMsg:
		m.attend(true)
		return m, m.clicked(msg)
	case tea.MouseWheelMsg:
		m.attend(true)
		return m, m.wheeled(msg)
	case tea.PasteMsg:
		return m, m.paste(msg)
	case tea.BackgroundColorMsg:
		m.dark = msg.IsDark()
		m.restyle()
		return m, nil
	case tea.ColorProfileMsg:
		m.few, m.none = msg.Profile == colorprofile.ANSI, msg.Profile == colorprofile.Ascii
		m.restyle()
		return m, nil
	case tea.BlurMsg:
		m.attend(false)
		return m, nil
	case tea.FocusMsg:
		m.attend(true)
		return m, nil
	case tea.ResumeMsg:
		return m, m.resumed()
	}
	return m, m.news(msg)
}

// attend tells the fleets whether somebody is there.
func (m *Model) attend(there bool) {
	if there {
		m.motion.input = time.Now()
	}
	for _, c := range m.env.Conns {
		if there {
			c.Fleet.Active()
		} else {
			c.Fleet.Idle()
		}
	}
}

// restyle takes the theme that suits the terminal, unless one was chosen.
func (m *Model) restyle() {
	switch {
	case m.asked:
	case m.none:
		m.env.Theme = themes.Mono()
	case m.few:
		m.env.Theme = themes.Sixteen(m.dark)
	default:
		m.env.Theme = m.usual()
	}
}

// usual is the theme for the terminal's background.
func (m *Model) usual() *themes.Theme {
	if t := map[bool]*themes.Theme{true: m.opts.Dark, false: m.opts.Light}[m.dark]; t != nil {
		return t
	}
	return themes.Default(m.dark)
}

// news takes what is not from the keyboard: results, ticks, changes.
func (m *Model) news(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case fleetChanged:
		if msg.of != msg.conn.Fleet {
			return nil // of a watch that has ended
		}
		return tea.Batch(m.wanted(), m.tell(screen.FleetMsg{}), m.judgeOften(), listen(msg.conn))
	case ticked:
		return tea.Batch(m.tell(screen.TickMsg{}), m.renew(), m.judge(), tick(msg.n))
	case toastOver:
		if msg.n == m.toast.n {
			m.toast.line = text.Safe{}
		}
	case screen.Answer:
		if _, acted := msg.Msg.(screen.Late); acted {
			return tea.Batch(m.answer(msg), m.judge())
		}
		return m.answer(msg)
	case lessonSeen:
		return m.judged(msg)
	case begunAnew:
		return m.begunAnew(msg)
	case connected:
		return m.connected(msg)
	case failed:
		return m.fail(msg.err)
	case screen.LateMsg:
		return m.fail(msg.Err)
	case copied:
		return m.say(themes.Good, text.Sprintf("copied %s", msg.what))
	case notNative:
		return m.notNative(msg)
	case identified:
		return m.identified(msg)
	case contextsRead:
		return m.contextsToTake(msg)
	case PromptMsg:
		m.prompt(msg)
	case released:
		m.gaveBack = msg
		return msg.then
	case worksEnded:
		return msg.then()
	case unfinishedFound:
		return m.sayUnfinished(msg)
	case levelLowered:
		for _, c := range msg.places {
			c.Guard.SetLevel(msg.level)
		}
		return m.say(themes.Good, text.Sprintf("access is now %s", msg.level))
	}
	return nil
}

// answer delivers a result to the screen that asked. If that is gone, the result
// of an act is still said, and any other is dropped.
func (m *Model) answer(a screen.Answer) tea.Cmd {
	for _, p := range m.stack {
		if p.ID() == a.To {
			return p.Update(a.Msg)
		}
	}
	if late, ok := a.Msg.(screen.Late); ok {
		return m.say(late.Late())
	}
	return nil
}

func (m *Model) paste(msg tea.PasteMsg) tea.Cmd {
	if m.cramped() {
		return nil
	}
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
		if len(c.conns) > 0 {
			m.opened[c.name] = c.conns // given up meanwhile; it is there for the next time
		}
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
	m.dialogs = nil
	var stops []func()
	for _, old := range m.env.Conns {
		stops = append(stops, old.Stop)
	}
	m.use(c.name, c.conns)
	left := tea.Sequence(tea.Batch(cmds...), func() tea.Msg {
		for _, stop := range stops {
			stop()
		}
		return nil
	})
	return tea.Batch(left, m.begin())
}

func (m *Model) connect(name string) tea.Cmd {
	if name == m.env.Name {
		return m.backTo(0)
	}
	return m.afterWorks("Leave "+m.env.Name, m.worksIn(m.env.Conns), func() tea.Cmd { return m.goTo(name) })
}

func (m *Model) goTo(name string) tea.Cmd {
	m.opening = name
	if conns, open := m.opened[name]; open {
		return m.connected(connected{name: name, conns: conns})
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), screen.ActLimit)
		defer cancel()
		conns, err := m.opts.Open(ctx, name)
		return connected{name, conns, err}
	}
}

// release gives every lease of the process back and goes on with then.
func (m *Model) release(then tea.Cmd) tea.Cmd {
	m.gaveBack = released{}
	if m.opts.Leases.Count() == 0 {
		return then
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), ReleaseLimit)
		defer cancel()
		n, failed := m.opts.Leases.ReleaseAll(ctx)
		return released{n, failed, then}
	}
}

// resumed says what became of the leases before the shell had the terminal.
func (m *Model) resumed() tea.Cmd {
	switch r := m.gaveBack; {
	case r.failed > 0:
		return m.say(themes.Warn, text.Sprintf("%d leased messages could not be given back; they return when their lease ends", r.failed))
	case r.n > 0:
		return m.say(themes.Good, text.Sprintf("back; %s given back before the shell", format.Plural(r.n, "leased message")))
	}
	return m.say(themes.Dim, text.Const("back"))
}

// quit gives leased messages back first. A second time it does not wait.
func (m *Model) quit() tea.Cmd {
	if m.leaving {
		return tea.Quit
	}
	m.leaving = true
	if len(m.env.Works.Going()) > 0 {
		return m.endWorks(m.env.Works.Going(), func() tea.Cmd { return m.release(tea.Quit) })
	}
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
