package scene

import (
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// besides is the width from which the details stand beside the picture.
const besides = 110

// panel is the width of the details there, and under the picture their height.
const (
	panelW = 42
	panelH = 6
)

// View draws the counters, the picture and the details.
func (m *Model) View(w, h int) string {
	t := m.Env.Theme
	m.w, m.h = w, h
	switch {
	case m.trouble != nil && !m.seen:
		return widget.Center(t.Paint(themes.Bad, text.Clean(m.trouble.Error()).Truncate(w).String()), w, h)
	case !m.seen:
		return widget.Center(t.Paint(themes.Dim, "looking …"), w, h)
	case len(m.plan.nodes) == 0:
		return widget.Center(t.Paint(themes.Dim, text.Const("there is no queue and no actor; n in the list of queues makes a queue").Truncate(w).String()), w, h)
	case m.whole:
		lines := m.details(w-2, true)
		m.lines = len(lines)
		m.top = max(0, min(m.top, len(lines)-h))
		return block(lines[m.top:], w, h, m.Env.Keys.Action(keymap.Down).Key())
	}
	out, whole := []string{m.counters(w)}, m.Env.Keys.Action(keymap.SceneWhole).Key()
	if w >= besides {
		pw := w - panelW - 3
		picture := append(m.drawn(pw, h-2), widget.Fit(m.legend(pw), pw))
		rule := t.Paint(themes.Faint, " │ ")
		for i, line := range strings.Split(block(m.details(panelW-1, false), panelW, h-1, whole), "\n") {
			out = append(out, picture[i]+rule+line)
		}
		return strings.Join(out, "\n")
	}
	ph := max(3, h-panelH-2)
	out = append(out, m.drawn(w, ph)...)
	out = append(out, widget.Fit(m.legend(w), w))
	return strings.Join(append(out, block(m.details(w-2, false), w, h-len(out), whole)), "\n")
}

// block is lines in h lines of w cells, one cell from the left. What has no room
// is counted, with the key that shows it.
func block(lines []string, w, h int, key string) string {
	out := make([]string, max(h, 0))
	for i := range out {
		switch {
		case i == h-1 && len(lines) > h:
			out[i] = widget.Fit(text.Sprintf(" … %d more lines: %s", len(lines)-h+1, key).Truncate(w).String(), w)
		case i < len(lines):
			out[i] = widget.Fit(" "+lines[i], w)
		default:
			out[i] = widget.Fit("", w)
		}
	}
	return strings.Join(out, "\n")
}

// drawn is the picture in h lines of w cells.
func (m *Model) drawn(w, h int) []string {
	c, l := newCanvas(w, h), newLayout(&m.plan, m.at, w, h)
	m.wires(c, &l)
	for i := range m.plan.nodes {
		n := &m.plan.nodes[i]
		if y := l.y(n.row); y > -2 && y < h {
			m.node(c, &l, n, y)
		}
	}
	m.fly(c, &l)
	lines := c.strings(m.Env.Theme)
	m.ticker(lines, l.height()+1, w)
	if l.top > 0 && h > 2 {
		lines[0] = m.more(w, "↑", l.top)
	}
	if rest := l.height() - l.top - h; rest > 0 && h > 2 {
		lines[h-1] = m.more(w, "↓", rest)
	}
	return lines
}

// ticker fills the lines that the picture leaves free with the last events of all
// queues.
func (m *Model) ticker(lines []string, from, w int) {
	const least = 4
	if len(lines)-from < least || len(m.log.ring) == 0 {
		return
	}
	lines[from] = widget.Fit(" "+m.heading("What happens, the last first"), w)
	m.log.each(func(e *backend.Event) bool {
		from++
		if from < len(lines) {
			lines[from] = widget.Fit(" "+m.eventLine(e, true, "", w-2), w)
		}
		return from < len(lines)-1
	})
}

// more stands where the picture goes on.
func (m *Model) more(w int, arrow string, n int) string {
	return widget.Fit(m.Env.Theme.Paint(themes.Dim, text.Sprintf(" %s %s", arrow, format.Plural(n+1, "more line")).String()), w)
}

// wires draws the ways that lie straight ahead, and all those of what is under
// the cursor.
func (m *Model) wires(c *canvas, l *layout) {
	for _, own := range []bool{false, true} {
		for _, e := range m.plan.edges {
			a, b := &m.plan.nodes[e.from], &m.plan.nodes[e.to]
			mine := a.id == m.at || b.id == m.at
			if own != mine || !mine && (a.row != b.row || a.col == b.col) {
				continue
			}
			role := themes.Faint
			if mine {
				role = themes.Accent
			}
			way := l.way(a, b)
			c.wire(way, role)
			// The mark of the cursor is an arrow already.
			if end := way[len(way)-1]; c.at(end.x, end.y) != nil && (b.id != m.at || b.col < a.col) {
				c.set(end.x, end.y, arrow(a, b), role)
			}
		}
	}
}

// arrow is the head of the way from a to b.
func arrow(a, b *node) string {
	if b.col > a.col || a.col == b.col && b.col == receivers {
		return "▸"
	}
	return "◂"
}

// fly draws what is on its way.
func (m *Model) fly(c *canvas, l *layout) {
	now := time.Now()
	for i := range m.sparks {
		s := &m.sparks[i]
		from, ok := m.plan.find(s.start(&m.plan))
		to, is := m.plan.find(s.end(&m.plan))
		age := now.Sub(s.born)
		if !ok || !is || age < 0 || age >= flying {
			continue
		}
		way := l.way(from, to)
		p := way[int(int64(age)*int64(len(way))/int64(flying))]
		glyph, role := s.glyph()
		if m.follow != "" && s.MessageId == m.follow {
			glyph, role = followed, themes.Accent
		}
		c.set(p.x, p.y, glyph, role)
	}
}

// followed marks the message that is followed.
const followed = "★"
