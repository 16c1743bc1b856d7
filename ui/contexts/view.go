package contexts

import (
	"cmp"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

func (m *Model) cell(i, col int) widget.Cell {
	c := m.shown[i]
	switch col {
	case 0:
		return widget.Cell{Text: text.Clean(c.Name), Role: role(c)}
	case 1:
		return widget.Cell{Text: text.Clean(c.What), Role: themes.Text}
	case 2:
		return widget.Cell{Text: text.Clean(cmp.Or(string(c.Source), format.Unknown)), Role: themes.Dim}
	case 3:
		return widget.Cell{Text: text.Clean(regions(c)), Role: themes.Dim}
	case 4:
		return widget.Cell{Text: text.Const(m.level(c).String()), Role: levelRole(m.level(c))}
	}
	switch {
	case c.Name == m.Env.Name:
		return widget.Cell{Text: text.Const("here"), Role: themes.Good}
	case m.Env.Host.Opened(c.Name) != nil:
		return widget.Cell{Text: text.Const("open"), Role: themes.Text}
	}
	return widget.Cell{}
}

// regions is the first region and how many more there are.
func regions(c screen.Context) string {
	switch n := len(c.Regions); n {
	case 0:
		return format.Unknown
	case 1:
		return c.Regions[0]
	default:
		return c.Regions[0] + " +" + format.Count(n-1)
	}
}

// level is the present level of the context that we are in, and what another
// starts with.
func (m *Model) level(c screen.Context) guard.Level {
	if c.Name != m.Env.Name {
		return c.Level
	}
	highest := guard.View
	for _, conn := range m.Env.Conns {
		highest = max(highest, conn.Guard.Level())
	}
	return highest
}

func levelRole(l guard.Level) themes.Role {
	switch l {
	case guard.View:
		return themes.LevelView
	case guard.Peek:
		return themes.LevelPeek
	}
	return themes.LevelChange
}

// above is how many lines stand over the list.
func (m *Model) above() int {
	if m.typing {
		return 1
	}
	return 0
}

// View draws the list and what is known of the context under the cursor.
func (m *Model) View(w, h int) string {
	t := m.Env.Theme
	if !m.read {
		return widget.Center(t.Paint(themes.Dim, "reading the AWS files …"), w, h)
	}
	head := ""
	if m.typing {
		head = widget.Fit(" "+t.Paint(themes.Accent, "/")+m.filter.View(w-3, t), w) + "\n"
	}
	h -= m.above()
	if len(m.shown) == 0 {
		if len(m.all) == 0 {
			return head + widget.Center(t.Paint(themes.Dim, "no context is known but this one"), w, h)
		}
		none := text.Sprintf("none of %s matches %s; esc in the filter shows all", format.Plural(len(m.all), "context"), strings.TrimSpace(m.filter.Value()))
		return head + widget.Center(t.Paint(themes.Dim, none.Truncate(w).String()), w, h)
	}
	list := func(w, h int) string { return m.table.View(w, h, t) }
	return head + m.split.View(w, h, list, m.details, t)
}

// Cursor is in the filter while it is typed. In low motion it stands on the row
// that keys are about, for those who follow the terminal's own cursor.
func (m *Model) Cursor() (x, y int, ok bool) {
	switch {
	case m.typing:
		return 2 + m.filter.CursorX(), 0, true
	case m.Env.LowMotion && len(m.shown) > 0 && !m.split.Alone:
		return 1, m.above() + m.table.CursorY(), true
	}
	return 0, 0, false
}

// Hint says what connecting does, or what goes on.
func (m *Model) Hint(w int) string {
	t := m.Env.Theme
	if m.renewal != "" {
		return t.Paint(themes.Warn, text.Sprintf("getting new credentials for %s …", m.renewal).Truncate(w).String())
	}
	return t.Paint(themes.Dim, text.Const("a context starts with its own access level; leases are given back on leaving").Truncate(w).String())
}

// details are what is known of the context under the cursor.
func (m *Model) details(w int) []string {
	t := m.Env.Theme
	c, ok := m.here()
	if !ok {
		return nil
	}
	fact := func(label string, value text.Safe) []string { return widget.Fact(label, value, themes.Text, w, t) }
	lines := []string{t.Paint(role(c), text.Clean(c.Name).Truncate(w).String())}
	conns := m.Env.Host.Opened(c.Name)
	if len(conns) == 0 {
		lines = append(lines, widget.Paragraph(text.Const("not connected yet; caller and expiry are known once it is"), themes.Dim, w, t)...)
		lines = append(lines, fact("account", text.Clean(c.Account))...)
		lines = append(lines, fact("login", text.Clean(string(c.Source)))...)
	}
	for _, conn := range conns {
		if len(conns) > 1 {
			lines = append(lines, t.Paint(themes.Header, text.Clean(conn.Name).Truncate(w).String()))
		}
		lines = append(lines, m.placeLines(c, conn, w)...)
	}
	lines = append(lines, fact("access", m.levelWords(c))...)
	lines = append(lines, fact("what", text.Clean(c.What))...)
	return append(lines, fact("regions", text.Clean(strings.Join(c.Regions, ", ")))...)
}

func (m *Model) levelWords(c screen.Context) text.Safe {
	now := m.level(c)
	if now != c.Level {
		return text.Sprintf("%s now; starts with %s", now, c.Level)
	}
	return text.Sprintf("starts with %s", c.Level)
}

// placeLines say what is wrong with a place and what to do, then as whom we are
// there and for how long.
func (m *Model) placeLines(c screen.Context, conn *screen.Connection, w int) []string {
	t := m.Env.Theme
	var lines []string
	fact := func(label string, value text.Safe, role themes.Role) {
		lines = append(lines, widget.Fact(label, value, role, w, t)...)
	}
	if c.Name == m.Env.Name {
		lines = append(lines, m.troubleLines(conn, w)...)
	}
	if creds := conn.Stack.Credentials; creds != nil && creds.Login().Source != backend.SourceNone {
		words, role := expiryWords(m.expiry[conn.Name], creds.Login(), time.Now())
		fact("expiry", words, role)
	}
	who := m.who[conn.Name]
	account, meant := cmp.Or(who.Account, conn.Place.Account), cmp.Or(c.Account, conn.Meant)
	if meant != "" && account != "" && meant != account {
		fact("account", text.Sprintf("✗ %s, but the configuration says %s", account, meant), themes.Bad)
	} else {
		fact("account", text.Clean(cmp.Or(account, meant)), themes.Text)
	}
	fact("caller", text.Clean(who.ARN), themes.Text)
	switch {
	case conn.Stack.Credentials != nil:
		login := conn.Stack.Credentials.Login()
		fact("login", loginWords(login, c.Source), themes.Text)
		fact("role", text.Clean(login.RoleARN), themes.Text)
		fact("MFA", text.Clean(login.MFA), themes.Text)
	case conn.Place.Embedded:
		fact("login", text.Const("none is needed: the engine is in this process"), themes.Text)
	}
	fact("served at", text.Clean(conn.Place.Listen), themes.Text)
	return lines
}

func (m *Model) troubleLines(conn *screen.Connection, w int) []string {
	t, e := m.Env.Theme, m.trouble(conn)
	if e == nil {
		return nil
	}
	lines := widget.Paragraph(text.Sprintf("✗ %s: %s", e.Kind, cmp.Or(e.Message, e.Error())), themes.Bad, w, t)
	if command := loginCommand(conn); m.needsLogin(conn) && command != "" {
		lines = append(lines, widget.Fact("run", text.Clean(command), themes.Accent, w, t)...)
		return append(lines, widget.Fact("", text.Const("in another shell, then R here; y copies it"), themes.Warn, w, t)...)
	}
	return append(lines, widget.Fact("do", text.Clean(e.Next), themes.Warn, w, t)...)
}

func loginWords(l backend.Login, known backend.CredentialSource) text.Safe {
	source := cmp.Or(l.Source, known)
	switch {
	case source == backend.SourceNone:
		return text.Const("none is needed: an endpoint on this machine takes any")
	case source == "" && l.Profile == "":
		return text.Const("the machine's own role, if it has one")
	case l.Profile == "":
		return text.Clean(string(source))
	case source == "":
		return text.Sprintf("profile %s", l.Profile)
	}
	return text.Sprintf("%s, profile %s", source, l.Profile)
}

// expiryWords say how long credentials last, and what happens then.
func expiryWords(e backend.Expiry, l backend.Login, now time.Time) (text.Safe, themes.Role) {
	switch {
	case e.At.IsZero() && (l.Source == backend.SourceKeys || l.Source == backend.SourceEnvironment):
		return text.Const("none is known; such keys last until somebody takes them away"), themes.Dim
	case e.At.IsZero():
		return text.Const("not known yet"), themes.Dim
	case e.Renews:
		return text.Sprintf("%s, and then they are renewed without you", format.Until(e.At, now)), themes.Text
	case !e.At.After(now):
		return text.Sprintf("✗ expired %s", format.Until(e.At, now)), themes.Bad
	}
	words, role := text.Clean(format.Until(e.At, now)), themes.Text
	if e.At.Sub(now) < soon {
		words, role = text.Join(text.Const("! "), words), themes.Warn
	}
	if l.Command != "" {
		words = text.Join(words, text.Sprintf("; before that: %s, then R", l.Command))
	}
	return words, role
}
