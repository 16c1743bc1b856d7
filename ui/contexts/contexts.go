// Package contexts is the list of places to connect to: the embedded engine, the
// profiles of the AWS configuration, and endpoints. Choosing one leaves the
// present context; nothing of it stays on the screen.
package contexts

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	table *widget.Table[string]
	list  []screen.Context
	err   error
	read  bool
}

type contextsRead struct {
	list []screen.Context
	err  error
}

// New makes the screen.
func New(env *screen.Env, spec screen.Spec) *Model {
	return &Model{Base: screen.NewBase(env, spec), table: widget.NewTable[string]([]widget.Column{
		{Title: "CONTEXT", Min: 16, Max: 40},
		{Title: "WHAT", Min: 16, Max: 40},
		{Title: "REGION", Min: 10, Max: 16, Priority: 1},
		{Title: "", Min: 4, Max: 4},
	})}
}

// Init reads the configuration files.
func (m *Model) Init() tea.Cmd {
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		list, err := m.Env.Host.Contexts(ctx)
		return contextsRead{list, err}
	})
}

// Update takes the list.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	if msg, ok := msg.(contextsRead); ok {
		m.list, m.err, m.read = msg.list, msg.err, true
		m.table.SetRows(len(m.list), func(i int) string { return m.list[i].Name }, m.cell)
		if msg.err != nil {
			return m.Env.Host.Fail(msg.err)
		}
	}
	return nil
}

func (m *Model) cell(i, col int) widget.Cell {
	c := m.list[i]
	switch col {
	case 0:
		return widget.Cell{Text: text.Clean(c.Name), Role: themes.Strong}
	case 1:
		return widget.Cell{Text: text.Clean(c.What), Role: themes.Text}
	case 2:
		return widget.Cell{Text: text.Clean(c.Region), Role: themes.Dim}
	}
	if c.Name == m.Env.Name {
		return widget.Cell{Text: text.Const("here"), Role: themes.Good}
	}
	return widget.Cell{}
}

// Crumb is "Contexts".
func (m *Model) Crumb() text.Safe { return text.Const("Contexts") }

// Leave ends the screen.
func (m *Model) Leave() tea.Cmd { m.End(); return nil }

// Hint says what connecting does.
func (m *Model) Hint(w int) string {
	return m.Env.Theme.Paint(themes.Dim, text.Const("more: sqscope --endpoint-url URL, --profile NAME, --region REGION; the access level of a context is set anew on entering it").Truncate(w).String())
}

// View draws the list.
func (m *Model) View(w, h int) string {
	if !m.read {
		return widget.Center(m.Env.Theme.Paint(themes.Dim, "reading the AWS configuration …"), w, h)
	}
	return m.table.View(w, h, m.Env.Theme)
}

// Bindings are the keys of the list.
func (m *Model) Bindings() []screen.Binding {
	move := func(by func() int) func() tea.Cmd {
		return func() tea.Cmd { m.table.Move(by()); return nil }
	}
	return []screen.Binding{
		{Action: keymap.ContextsConnect, Run: m.connect},
		{Action: keymap.Refresh, Run: m.Init},
		{Action: keymap.Up, Run: move(func() int { return -1 })},
		{Action: keymap.Down, Run: move(func() int { return 1 })},
		{Action: keymap.PageUp, Run: move(func() int { return -m.table.Page() })},
		{Action: keymap.PageDown, Run: move(func() int { return m.table.Page() })},
		{Action: keymap.Top, Run: func() tea.Cmd { m.table.Top(); return nil }},
		{Action: keymap.Bottom, Run: func() tea.Cmd { m.table.Bottom(); return nil }},
	}
}

func (m *Model) connect() tea.Cmd {
	name, ok := m.table.Key()
	if !ok {
		return nil
	}
	return m.Env.Host.Connect(name)
}
