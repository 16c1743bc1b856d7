// Package contexts is the list of contexts to connect to: the embedded engine,
// the profiles of the AWS files, endpoints, and those that the configuration
// names. Choosing one leaves the present context; nothing of it stays on the
// screen.
//
// The list is made from files and asks nobody. Who AWS says that we are is asked
// only for the context that we are in, so that moving the cursor costs no request
// and opens no question for an MFA code.
package contexts

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/find"
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
	table  *widget.Table[string]
	split  widget.Split
	filter widget.Input
	typing bool

	all   []screen.Context
	shown []screen.Context // that the filter means, the best fit first
	err   error            // of a file that could not be read; all has the rest
	read  bool

	who     map[string]caller         // by the place's name
	expiry  map[string]backend.Expiry // of the credentials, likewise
	renewal string                    // the context whose credentials are being renewed
}

type contextsRead struct {
	list []screen.Context
	err  error
}

// New makes the screen.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{
		Base: screen.NewBase(env, spec), filter: widget.NewInput(),
		who: map[string]caller{}, expiry: map[string]backend.Expiry{},
		table: widget.NewTable[string]([]widget.Column{
			{Title: "CONTEXT", Min: 12, Max: 40, Middle: true},
			{Title: "WHAT", Min: 14, Max: 60, Flex: 1},
			{Title: "LOGIN", Min: 5, Max: 12, Priority: 2},
			{Title: "REGION", Min: 9, Max: 18, Priority: 1},
			{Title: "ACCESS", Min: 6, Max: 6},
			{Title: "", Min: 4, Max: 4},
		}),
	}
	m.split.Key = env.Keys.Action(keymap.ContextsWhole).Key()
	m.filter.Placeholder = text.Const("a name, a region, what it is")
	m.look()
	return m
}

// Init reads the files and asks who we are.
func (m *Model) Init() tea.Cmd { return tea.Batch(m.list(), m.identify()) }

func (m *Model) list() tea.Cmd {
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		list, err := m.Env.Host.Contexts(ctx)
		return contextsRead{list, err}
	})
}

// Update takes the list, keys for the filter, and what is told of credentials.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case contextsRead:
		return m.listed(msg)
	case identified:
		m.identified(msg)
	case renewed:
		return m.renewed(msg)
	case screen.TickMsg, screen.FleetMsg:
		m.look()
	case tea.KeyPressMsg:
		return m.typed(msg)
	case tea.PasteMsg:
		m.filter.Paste(msg.Content)
		m.narrow()
	case screen.Click:
		return m.clicked(msg)
	case screen.Wheel:
		m.move(int(msg))
	}
	return nil
}

// listed takes the list. The cursor starts where we are.
func (m *Model) listed(r contextsRead) tea.Cmd {
	first := !m.read
	m.all, m.err, m.read = r.list, r.err, true
	m.narrow()
	if first {
		m.table.Select(m.Env.Name)
	}
	if r.err != nil {
		return m.Env.Host.Fail(r.err)
	}
	return nil
}

// narrow keeps what the filter means. One that cannot be read yet changes
// nothing.
func (m *Model) narrow() {
	query, err := find.Parse(m.filter.Value())
	if err != nil {
		return
	}
	scores := map[string]int{}
	m.shown = nil
	for _, c := range m.all {
		row := find.Row{Name: strings.Join(append([]string{c.Name, c.What, string(c.Source)}, c.Regions...), " ")}
		if verdict, score := query.Match(&row); verdict != find.No {
			scores[c.Name] = score
			m.shown = append(m.shown, c)
		}
	}
	slices.SortStableFunc(m.shown, func(a, b screen.Context) int { return scores[b.Name] - scores[a.Name] })
	m.table.SetRows(len(m.shown), func(i int) string { return m.shown[i].Name }, m.cell)
	if m.typing {
		m.table.Top()
	}
}

// here is the context under the cursor.
func (m *Model) here() (c screen.Context, ok bool) {
	name, ok := m.table.Key()
	i := slices.IndexFunc(m.shown, func(c screen.Context) bool { return c.Name == name })
	if !ok || i < 0 {
		return c, false
	}
	return m.shown[i], true
}

// Crumb is "Contexts".
func (m *Model) Crumb() text.Safe { return text.Const("Contexts") }

// Status says how many there are.
func (m *Model) Status() text.Safe {
	switch words := strings.TrimSpace(m.filter.Value()); {
	case !m.read:
		return text.Safe{}
	case words != "" && !m.typing:
		return text.Sprintf("filter: %s (%d of %d)", words, len(m.shown), len(m.all))
	}
	return text.Sprintf("%d known", len(m.all))
}

// Trouble is why the list is not whole.
func (m *Model) Trouble() error { return m.err }

// Leave ends the screen.
func (m *Model) Leave() tea.Cmd { m.End(); return nil }

// Typing tells whether the filter has the keys.
func (m *Model) Typing() bool { return m.typing }

// Bindings are the keys of the filter while it is typed, else of the list.
func (m *Model) Bindings() []screen.Binding {
	if m.typing {
		return []screen.Binding{
			{Action: keymap.FilterKeep, Run: func() tea.Cmd { m.typing = false; return nil }},
			{Action: keymap.FilterClear, Run: func() tea.Cmd { m.typing = false; m.filter.SetValue(""); m.narrow(); return nil }},
		}
	}
	bindings := []screen.Binding{
		{Action: keymap.ContextsConnect, Run: m.connect, Off: m.nothing},
		{Action: keymap.Filter, Run: func() tea.Cmd { m.typing = true; m.split.Show(false); return nil }},
		{Action: keymap.ContextsRenew, Run: m.renew, Off: m.noRenewal},
		{Action: keymap.ContextsWhole, Run: func() tea.Cmd { m.split.Show(!m.split.Alone); return nil }, Off: m.nothing},
		{Action: keymap.Copy, Run: m.copy, Off: m.nothing},
		{Action: keymap.Refresh, Run: m.Init},
	}
	bindings = append(bindings, screen.Moves(func(by int) tea.Cmd { m.move(by); return nil }, m.page)...)
	if m.split.Alone {
		bindings = append(bindings, screen.Binding{Action: keymap.Back, Run: func() tea.Cmd { m.split.Show(false); return nil }})
	}
	return bindings
}

func (m *Model) move(by int) {
	if m.split.Alone {
		m.split.Scroll(by)
		return
	}
	m.table.Move(by)
}

func (m *Model) page() int {
	if m.split.Alone {
		return m.split.Page()
	}
	return m.table.Page()
}

func (m *Model) nothing() string {
	if _, ok := m.here(); !ok {
		return "there is no context under the cursor"
	}
	return ""
}

func (m *Model) connect() tea.Cmd {
	c, ok := m.here()
	if !ok {
		return nil
	}
	return m.Env.Host.Connect(c.Name)
}

// copy copies the command that brings credentials back where that is what is
// wrong, else the name of the context.
func (m *Model) copy() tea.Cmd {
	c, ok := m.here()
	if !ok {
		return nil
	}
	for _, conn := range m.Env.Host.Opened(c.Name) {
		if command := loginCommand(conn); command != "" && m.needsLogin(conn) {
			return m.Env.Host.Clipboard(text.Sprintf("the command %s", command), command)
		}
	}
	return m.Env.Host.Clipboard(text.Sprintf("the name %s", c.Name), c.Name)
}

func (m *Model) typed(msg tea.KeyPressMsg) tea.Cmd {
	if cmd, done := screen.Dispatch(m.Env, m.Bindings(), msg.String()); done {
		return cmd
	}
	switch stroke := msg.String(); stroke {
	case "up":
		m.table.Move(-1)
	case "down":
		m.table.Move(1)
	default:
		if m.filter.Key(stroke, msg.Text) {
			m.narrow()
		}
	}
	return nil
}

// clicked chooses a row, and connects the second time.
func (m *Model) clicked(c screen.Click) tea.Cmd {
	y := c.Y - m.above()
	i, ok := m.table.RowAt(y)
	if !ok || !m.split.OverList(c.X, y) {
		return nil
	}
	before, _ := m.table.Key()
	m.table.SelectRow(i)
	if now, _ := m.table.Key(); c.Double && now == before {
		return m.connect()
	}
	return nil
}

// role is the colour of a context's name.
func role(c screen.Context) themes.Role {
	if r, ok := themes.ByColor(c.Color); ok {
		return r
	}
	return themes.Strong
}
