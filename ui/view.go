package ui

import (
	"cmp"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// View draws the whole terminal; in low motion a frame that rests is given again.
func (m *Model) View() tea.View {
	if !m.motion.drawn || !m.resting() {
		m.motion.frame, m.motion.drawn = m.draw(), true
	}
	return m.motion.frame
}

func (m *Model) draw() tea.View {
	v := tea.View{AltScreen: true, ReportFocus: true, WindowTitle: "sqscope " + text.Clean(m.env.Name).String()}
	switch {
	case m.w == 0:
		return v
	case m.cramped():
		v.SetContent(text.Sprintf("sqscope needs %dx%d; this is %dx%d", minWidth, minHeight, m.w, m.h).Truncate(m.w).String())
		return v
	}
	if m.opts.Mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	body := m.body(m.w, m.h-headLines-footLines)
	lines := make([]string, 0, m.h)
	lines = append(lines, m.topLine(), m.pathLine())
	lines = append(lines, strings.Split(body, "\n")...)
	lines = append(lines, m.statusLine(), m.keyLine())
	if x, y, ok := m.top().Cursor(); ok {
		v.Cursor = tea.NewCursor(x, y+headLines)
	}
	if n := len(m.dialogs); n > 0 {
		v.Cursor = nil
		box := m.dialogs[n-1].View(m.w-4, m.h-4)
		bw, bh := widget.Extent(box)
		x, y := (m.w-bw)/2, max(1, (m.h-bh)/2)
		lines = widget.Splice(lines, box, x, y)
		if cx, cy, ok := m.dialogs[n-1].Cursor(); ok {
			v.Cursor = tea.NewCursor(x+cx, y+cy)
		}
	}
	v.SetContent(strings.Join(lines, "\n"))
	return v
}

// cramped tells whether the terminal is too small for anything to be shown. Then
// no key does anything but leave: nobody sees what it would do.
func (m *Model) cramped() bool { return m.w > 0 && (m.w < minWidth || m.h < minHeight) }

// topLine says where we are in words, and at the right what is there in all.
// Context, region and access level are always seen; the totals, then the rest of
// the place, give way to them.
func (m *Model) topLine() string {
	t := m.env.Theme
	queue := m.top().spec.Queue.Name
	level := levels(m.places(), queue)
	must, more := m.place()
	fixed := widget.Width(" sqscope   · ") + len(level) + 2
	totals := m.totals()
	for len(totals) > 0 && fixed+joined(must)+widget.Width(strings.Join(totals, " · "))+1 > m.w {
		totals = totals[:len(totals)-1]
	}
	dot := t.Paint(themes.Dim, " · ")
	right := strings.Join(totals, dot) + " "
	for _, s := range more {
		if fixed+joined(append(must, s))+widget.Width(right) > m.w {
			break
		}
		must = append(must, s)
	}
	words := make([]string, len(must))
	for i, s := range must {
		words[i] = t.Paint(themes.Strong, s.String())
	}
	if role, ok := themes.ByColor(m.conn().Color); ok {
		words[0] = t.Paint(role, must[0].String())
	}
	left := t.Paint(themes.Accent, " sqscope") + "  " + strings.Join(words, dot) + dot + t.Paint(levelRole(m.places(), queue), level)
	return m.bar(left, right)
}

// whereName is what the present place is called, or the context where the screen
// is about all of its places.
func (m *Model) whereName() string {
	if places := m.places(); len(places) == 1 {
		return places[0].Place.Context
	}
	return m.env.Name
}

// place is where we are: what must be seen, and what should if there is room.
func (m *Model) place() (must, more []text.Safe) {
	must = []text.Safe{text.Clean(m.whereName())}
	if places := m.places(); len(places) > 1 {
		for _, c := range places {
			more = append(more, text.Clean(c.Name))
		}
		return append(must, text.Const(format.Plural(len(places), "place"))), more
	}
	p := m.conn().Place
	if p.Embedded {
		must = append(must, text.Const("embedded engine"))
	}
	if p.Region != "" && p.Region != p.Context {
		must = append(must, text.Clean(p.Region))
	}
	if p.Profile != "" && p.Profile != p.Context {
		must = append(must, text.Sprintf("profile %s", p.Profile))
	}
	if p.Listen != "" {
		more = append(more, text.Sprintf("serving %s", p.Listen))
	}
	for _, s := range []string{p.Endpoint, p.Account} {
		if s != "" && s != p.Context {
			more = append(more, text.Clean(s))
		}
	}
	return must, more
}

// joined is the width of words with dots between them.
func joined(words []text.Safe) int {
	n := 0
	for _, w := range words {
		n += w.Width() + len(" · ") - 1 // the dot is two bytes and one cell
	}
	return max(0, n-3)
}

// totals are what is there in all, the most telling first.
func (m *Model) totals() []string {
	t, sum := m.env.Theme, add(m.places())
	var parts []string
	clock := format.Clock(m.conn().Now(), m.env.UTC)
	if m.env.LowMotion {
		clock = format.Minute(m.conn().Now(), m.env.UTC)
	}
	if left, soonest := ending(m.places()); soonest {
		parts = append(parts, t.Paint(themes.Warn, "credentials end in "+format.Span(max(left, 0))))
	}
	if sum.clock.Paused {
		parts = append(parts, t.Paint(themes.Warn, "paused "+clock))
	}
	if n := m.env.Unfinished; n > 0 {
		parts = append(parts, t.Paint(themes.Bad, format.Plural(n, "move")+" unfinished"))
	}
	if going := m.elsewhereGoing(); len(going) == 1 {
		parts = append(parts, t.Paint(themes.Accent, text.Join(text.Const("▶ "), going[0].Words()).Truncate(40).String()))
	} else if len(going) > 1 {
		parts = append(parts, t.Paint(themes.Accent, "▶ "+format.Plural(len(going), "task")+" run"))
	}
	if sum.dlqs > 0 {
		role := themes.Text
		if sum.held > 0 {
			role = themes.DLQ
		}
		parts = append(parts, t.Paint(role, format.Plural(sum.dlqs, "DLQ")+" "+hold(sum.dlqs)+" "+format.Count(sum.held)))
	}
	switch {
	case !sum.listed && !sum.failed:
		parts = append(parts, t.Paint(themes.Dim, "listing queues …"))
	case sum.listed || sum.queues > 0:
		s := format.Plural(sum.queues, "queue")
		if !sum.complete {
			s += " so far"
		}
		if sum.unread > 0 {
			s += ", " + format.Count(sum.unread) + " not readable"
		}
		parts = append(parts, t.Paint(themes.Text, s))
	}
	if sum.clocked && !sum.clock.Paused {
		speed := strings.TrimSuffix(format.Rate(sum.clock.Speed), ".0")
		parts = append(parts, t.Paint(themes.Text, "clock "+clock+" ▶ x"+speed))
	}
	return parts
}

func hold(n int) string {
	if n == 1 {
		return "holds"
	}
	return "hold"
}

// pathLine is the way to this screen, and at the right what the screen says of
// itself.
func (m *Model) pathLine() string {
	t := m.env.Theme
	status := m.top().Status()
	path := text.Safe{}
	for i, p := range m.stack {
		if i > 0 {
			path = text.Join(path, text.Const(" / "), p.Crumb())
			continue
		}
		path = p.Crumb()
	}
	if m.opening != "" {
		status = text.Sprintf("connecting to %s … (esc gives up)", m.opening)
	}
	room := m.w - 2
	status = status.Truncate(room / 2)
	path = path.TruncateLeft(room - status.Width() - 2)
	gap := strings.Repeat(" ", max(1, room-path.Width()-status.Width()))
	return widget.Fit(" "+t.Paint(themes.Title, path.String())+gap+t.Paint(themes.Dim, status.String()), m.w)
}

// statusLine is the last thing that happened, else what is under the cursor.
func (m *Model) statusLine() string {
	switch {
	case m.leaving && len(m.env.Works.Going()) > 0:
		return widget.Fit(" "+m.env.Theme.Paint(themes.Warn, text.Sprintf("stopping %s: what is on its way is finished … (ctrl+c does not wait)", m.env.Works.Going()[0].Name).Truncate(m.w-2).String()), m.w)
	case m.leaving:
		return widget.Fit(" "+m.env.Theme.Paint(themes.Warn, "giving leased messages back … (ctrl+c does not wait)"), m.w)
	case m.toast.line.String() != "":
		mark := map[themes.Role]string{themes.Good: "✓ ", themes.Warn: "! ", themes.Bad: "✗ "}[m.toast.role]
		line := m.toast.line.Truncate(m.w - 4)
		return widget.Fit(" "+m.env.Theme.Paint(m.toast.role, mark+line.String()), m.w)
	}
	if e := m.conn().Fleet.Snapshot().Err; e != nil && m.top().spec.Conn != "" {
		line := text.Sprintf("✗ %s: %s; %s", e.Kind, cmp.Or(e.Next, "it is tried again"), e.Message)
		return widget.Fit(" "+m.env.Theme.Paint(themes.Bad, line.Truncate(m.w-2).String()), m.w)
	}
	return widget.Fit(" "+m.top().Hint(m.w-2), m.w)
}

// keyLine is the keys that work here now.
func (m *Model) keyLine() string {
	if n := len(m.dialogs); n > 0 {
		hints := []widget.Hint{{Key: "enter", Word: "go on"}, {Key: "esc", Word: "close"}}
		if d, ok := m.dialogs[n-1].(interface{ Hints() []widget.Hint }); ok {
			hints = d.Hints()
		}
		return m.bar(" "+widget.Hints(m.env.Theme, hints, nil, m.w-2), "")
	}
	var hints []widget.Hint
	add := func(id keymap.ID, word string) {
		if a := m.env.Keys.Action(id); a.Key() != "" {
			hints = append(hints, widget.Hint{Key: a.Key(), Word: cmp.Or(word, a.Word)})
		}
	}
	inside, out := false, "" // back leads out of something in the screen
	for _, b := range m.top().Bindings() {
		if b.Action == keymap.Back {
			inside, out = true, b.Word
		}
		if !moves(b.Action) && m.off(b) == "" {
			add(b.Action, b.Word)
		}
	}
	if !m.top().Typing() {
		if len(m.stack) > 1 && !inside {
			add(keymap.Back, "")
		}
		if m.top().spec.Kind != screen.Contexts {
			add(keymap.Contexts, "")
		}
	}
	var tail []widget.Hint
	if lab := m.env.Keys.Action(keymap.Lab); m.lesson() != nil && m.top().spec.Kind != screen.LessonPage && lab.InFields() != "" {
		tail = append(tail, widget.Hint{Key: lab.InFields(), Word: "lesson"})
	}
	help := m.env.Keys.Action(keymap.Help)
	if m.top().Typing() {
		if key := help.InFields(); key != "" {
			tail = append(tail, widget.Hint{Key: key, Word: help.Word})
		}
	} else {
		if back := m.env.Keys.Action(keymap.Back); inside {
			tail = append(tail, widget.Hint{Key: back.Key(), Word: cmp.Or(out, back.Word)})
		}
		palette := m.env.Keys.Action(keymap.Palette)
		tail = append(tail, widget.Hint{Key: palette.Key(), Word: palette.Word}, widget.Hint{Key: help.Key(), Word: help.Word})
	}
	return m.bar(" "+widget.Hints(m.env.Theme, hints, tail, m.w-2), "")
}

// moves tells the keys that everybody knows, which the footer leaves out.
func moves(id keymap.ID) bool {
	switch id {
	case keymap.Up, keymap.Down, keymap.PageUp, keymap.PageDown, keymap.Top, keymap.Bottom, keymap.Refresh, keymap.Copy, keymap.MessagesCopyID,
		keymap.Back: // which has its place behind the others
		return true
	}
	return false
}

// bar is a line with the bar's background from edge to edge.
func (m *Model) bar(left, right string) string {
	bg := m.env.Theme.SGR(themes.Bar)
	gap := max(0, m.w-widget.Width(left)-widget.Width(right))
	line := left + strings.Repeat(" ", gap) + right
	return bg + strings.ReplaceAll(widget.Fit(line, m.w), themes.Reset, themes.Reset+bg) + themes.Reset
}
