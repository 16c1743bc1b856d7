package deadletters

import (
	"strings"

	"sqscope/backend"
	"sqscope/backend/triage/harm"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/look"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

const (
	sideBySide = 110 // the width from which list and message stand next to each other
	headLines  = 2   // over the list
	readable   = 90  // cells of a paragraph
)

// View draws what the queue holds, its groups with what is known of one, and a
// message of it beside, or one of them where there is no room for all.
func (m *Model) View(w, h int) string {
	t := m.Env.Theme
	m.wide, m.left = w >= sideBySide, w*11/20
	head := m.head(w)
	h -= headLines
	body := ""
	switch {
	case len(m.found.Groups) == 0:
		body = m.nothing(w, h)
	case m.wide:
		right := w - m.left - 3
		body = widget.Beside(m.leftSide(m.left, h), m.reader.View(right, h, m.pane == inReader), m.left, right, t)
	case m.pane == inReader:
		body = " " + strings.ReplaceAll(m.reader.View(w-1, h, true), "\n", "\n ")
	default:
		body = m.leftSide(w, h)
	}
	return head + "\n" + body
}

// leftSide is the list, and under the groups what is known of one.
func (m *Model) leftSide(w, h int) string {
	t := m.Env.Theme
	if m.inside != "" {
		return m.list.View(w, h, t)
	}
	if m.pane == inDetails && !m.wide {
		return m.details(w, h)
	}
	top := min(len(m.found.Groups)+1, h/2)
	title, role := "── details ", themes.Faint
	if m.pane == inDetails {
		title, role = "▸─ details: "+m.Env.Keys.Action(keymap.Down).Key()+" goes on ", themes.Accent
	}
	rule := t.Paint(role, title+strings.Repeat("─", max(0, w-text.Const(title).Width())))
	return m.groups.View(w, top, t) + "\n" + rule + "\n" + m.details(w, h-top-1)
}

// head says what is there and until when, in headLines lines.
func (m *Model) head(w int) string {
	t, q, now := m.Env.Theme, m.Conn.Queue(m.queue), m.Conn.Now()
	first, second := text.Const("not read yet"), text.Safe{}
	role, lossy := themes.Dim, themes.Dim
	if q != nil && !q.AsOf.IsZero() {
		first, role = screen.Holds(q)
		first = text.Join(first, text.Const(" · "), m.sourceWords(), text.Sprintf(" · keeps them %s", format.Setting(q.Setting(backend.AttrMessageRetentionPeriod))))
		if l := harm.OfQueue(q, m.readOf); q.Stored() > 0 {
			second = text.Clean(lossWords(l, now))
			if lossy = lossRole(l, now); lossy != themes.Text {
				second = text.Join(second, text.Sprintf(" · %s says what keeps them", m.keepKey()))
			}
		}
	}
	line := func(role themes.Role, s text.Safe) string {
		return widget.Fit(" "+t.Paint(role, s.Truncate(w-2).String()), w)
	}
	return line(role, first) + "\n" + line(lossy, second)
}

// sourceWords are the queues that this one serves.
func (m *Model) sourceWords() text.Safe {
	q := m.Conn.Queue(m.queue)
	switch n := len(q.Sources); {
	case n == 0:
		return text.Const("no RedrivePolicy that was read names it")
	case n == 1:
		s := m.Conn.Queue(q.Sources[0])
		if s == nil {
			return text.Sprintf("from %s", q.Sources[0].Name)
		}
		return text.Sprintf("from %s after %s", s.ARN.Name, format.Plural(s.Redrive.MaxReceiveCount, "receive"))
	case n == 2:
		return text.Sprintf("from %s and %s", q.Sources[0].Name, q.Sources[1].Name)
	default:
		return text.Sprintf("from %s and %s", q.Sources[0].Name, format.Plural(n-1, "other queue"))
	}
}

// nothing says why no group is shown. A queue is called empty only where that is
// known.
func (m *Model) nothing(w, h int) string {
	t := m.Env.Theme
	role, lines := m.nothingLines()
	var out []string
	for _, line := range lines {
		said, point := strings.CutPrefix(line, look.Bullet)
		for i, part := range widget.Wrap(text.Clean(said), min(w, readable)-4) {
			switch {
			case point && i == 0:
				part = text.Join(text.Const(look.Bullet), part)
			case point:
				part = text.Join(text.Const("  "), part)
			}
			out = append(out, t.Paint(role, part.String()))
		}
	}
	return widget.Center(leftAligned(out, lines), w, h)
}

// leftAligned has lines begin at one edge where they are a list.
func leftAligned(out, lines []string) string {
	list := false
	for _, l := range lines {
		list = list || strings.HasPrefix(l, look.Bullet)
	}
	if list {
		most, _ := widget.Extent(strings.Join(out, "\n"))
		for i := range out {
			out[i] = widget.Fit(out[i], most)
		}
	}
	return strings.Join(out, "\n")
}

func (m *Model) nothingLines() (role themes.Role, lines []string) {
	q := m.Conn.Queue(m.queue)
	switch err := m.Trouble(); {
	case err != nil:
		e := backend.AsError(err)
		return themes.Bad, []string{e.Kind.String() + ": " + e.Error(), "", "l tries again, E shows the error in full"}
	case m.look.Looking():
		return themes.Dim, []string{m.look.ProgressWords(), "esc stops"}
	case m.grouping || len(m.all) > 0:
		return themes.Dim, []string{"telling " + format.Plural(len(m.all), "message") + " apart …"}
	case m.look.Busy():
		return themes.Dim, []string{"looking …"}
	case q == nil:
		return themes.Dim, []string{m.queue.Name + " is not in the list of queues yet"}
	case m.look.Denied() != "":
		return themes.Dim, []string{"messages may not be looked at here", m.look.Denied(), m.look.CountsWords()}
	case m.look.Free && q.Stored() == 0:
		return themes.Good, []string{"✓ there are no dead letters"}
	case m.look.Free:
		return themes.Dim, []string{"looking …"}
	case m.look.State().Receives > 0:
		return themes.Dim, []string{m.look.State().Words() + ": that is not to say that the queue is empty", m.look.CountsWords(), "l looks again"}
	case m.look.Session() == nil:
		return themes.Dim, []string{"reading the settings of " + m.queue.Name + " …"}
	}
	return themes.Dim, append([]string{"what died here is told apart once it has been read"}, m.look.Before()...)
}

// Status says how much of the queue the groups are of.
func (m *Model) Status() text.Safe {
	var parts []string
	if m.look.Looking() {
		return text.Clean(m.look.ProgressWords() + " · esc stops")
	}
	marked := len(m.groups.Marked())
	if m.inside != "" {
		marked = len(m.list.Marked())
	}
	if marked > 0 {
		parts = append(parts, format.Count(marked)+" marked")
	}
	if len(m.found.Groups) > 0 {
		parts = append(parts, m.found.Words(m.look.State().About))
	}
	if len(m.rules.By) > 0 {
		parts = append(parts, "by "+strings.Join(m.rules.By, ", "))
	}
	return text.Clean(strings.Join(parts, " · "))
}

// Hint says what looking did, and what our leases hold back.
func (m *Model) Hint(w int) string {
	if len(m.found.Groups) == 0 {
		return m.Env.Theme.Paint(themes.Dim, text.Const("find the cause before you redrive: what fails again comes back with a new id").Truncate(w).String())
	}
	return m.look.Hint(w)
}

// Cursor stands on the row under the cursor in low motion, for those who follow
// the terminal's own cursor.
func (m *Model) Cursor() (x, y int, ok bool) {
	if !m.Env.LowMotion || m.pane != inList || len(m.found.Groups) == 0 {
		return 0, 0, false
	}
	if m.inside != "" {
		return 1, headLines + m.list.CursorY(), true
	}
	return 1, headLines + m.groups.CursorY(), true
}
