package attributes

import (
	"strings"

	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// The cells between the columns of the map.
const mapGap = 5

// wiringView draws who sends on the left, the queue in the middle with its
// dead-letter queue below, who receives on the right, and about the one under the
// cursor all that is known.
func (m *Model) wiringView(w, h int) string {
	t := m.Env.Theme
	under := min(max(underRows, h/4), h/2)
	middle := min(max(w/4, 20), 34)
	wide := (w - middle - 2*mapGap) / 2
	p := drawing{t: t, at: m.lists[wiringPart].At(), nodes: m.nodes, wide: wide}
	rows := p.rows(m.box(middle), middle)
	top := max(0, min(p.cursor-(h-under)/2, len(rows)-(h-under)))
	var lines []string
	for y := range h - under {
		line := ""
		if top+y < len(rows) {
			line = rows[top+y]
		}
		lines = append(lines, widget.Fit(line, w))
	}
	lines = append(lines, t.Paint(themes.Faint, strings.Repeat("─", w)))
	var about []dialog.Line
	if p.at < len(m.nodes) {
		about = m.nodes[p.at].about
	}
	return strings.Join(lines, "\n") + "\n" + m.panel(about, w, under-1)
}

// box is the queue itself.
func (m *Model) box(w int) []string {
	t, q := m.Env.Theme, m.Conn.Queue(m.queue)
	edge := func(l, r string) string { return t.Paint(themes.Dim, l+strings.Repeat("─", w-2)+r) }
	line := func(role themes.Role, s text.Safe) string {
		s = s.TruncateMiddle(w - 4)
		pad := strings.Repeat(" ", (w-4-s.Width())/2)
		return t.Paint(themes.Dim, "│ ") + widget.Fit(pad+t.Paint(role, s.String()), w-4) + t.Paint(themes.Dim, " │")
	}
	counts := text.Const("not read yet")
	if !q.AsOf.IsZero() {
		counts = text.Sprintf("%s visible", format.Count(q.Visible))
		if q.InFlight > 0 {
			counts = text.Join(counts, text.Sprintf(", %s out", format.Count(q.InFlight)))
		}
	}
	kind := "standard"
	if q.FIFO {
		kind = "FIFO"
	}
	return []string{edge("╭", "╮"), line(themes.Strong, text.Clean(m.name())), line(themes.Number, counts), line(themes.Dim, text.Const(kind)), edge("╰", "╯")}
}

// drawing is the map as lines. All of it follows from the nodes.
type drawing struct {
	t      *themes.Theme
	nodes  []node
	at     int // under the cursor
	wide   int // cells of the left and the right column
	cursor int // the line that the cursor is on
}

// nodeRows are the lines of a node: its name, its words, a blank.
const nodeRows = 3

// door is the line of the box that the wires go into.
const door = 1

func (d *drawing) rows(box []string, middle int) []string {
	left, right := d.column(sends), d.column(receives)
	center := append(box, d.below(middle)...)
	n := max(len(left), len(right), len(center))
	rows := make([]string, n)
	blank := strings.Repeat(" ", d.wide)
	for y := range n {
		l, r, c := blank, blank, strings.Repeat(" ", middle)
		if y < len(left) {
			l = left[y]
		}
		if y < len(right) {
			r = right[y]
		}
		if y < len(center) {
			c = widget.Fit(center[y], middle)
		}
		rows[y] = l + d.wire(y, len(left), true) + c + d.wire(y, len(right), false) + r
	}
	return rows
}

// column is the lines of those on one side.
func (d *drawing) column(s side) (lines []string) {
	for i, n := range d.nodes {
		if n.side != s {
			continue
		}
		if i == d.at {
			d.cursor = len(lines)
		}
		if len(lines) == 0 { // the first node stands at the door, under the head
			lines = append(lines, d.head(s))
		}
		lines = append(lines, d.cell(i, n.name, n.role, s), d.cell(-1, n.words, themes.Dim, s), strings.Repeat(" ", d.wide))
	}
	return lines
}

// head says what a side does.
func (d *drawing) head(s side) string {
	if s == sends {
		return d.t.Paint(themes.Header, text.Const("sends to it ").PadLeft(d.wide).String())
	}
	return d.t.Paint(themes.Header, text.Const("   receives from it").Pad(d.wide).String())
}

// cell is a line of a node, towards the queue. The one under the cursor has its
// mark and its ground.
func (d *drawing) cell(i int, s text.Safe, role themes.Role, where side) string {
	if i < 0 {
		s = s.Truncate(d.wide - 3)
	}
	s = s.TruncateMiddle(d.wide - 3)
	mark, ground := "  ", ""
	if i == d.at {
		mark, ground = "▸ ", d.t.SGR(themes.Selected)
	}
	body := d.t.Paint(themes.Accent, mark) + d.t.Paint(role, s.String())
	if ground != "" {
		body = ground + strings.ReplaceAll(body, themes.Reset, themes.Reset+ground) + themes.Reset
	}
	gap := strings.Repeat(" ", max(0, d.wide-s.Width()-3))
	if where == sends {
		return gap + body + " "
	}
	return " " + body + gap
}

// below is the dead-letter queue under the box, with the way there.
func (d *drawing) below(w int) []string {
	for i, n := range d.nodes {
		if n.side != takes {
			continue
		}
		middle := func(s string) string { return strings.Repeat(" ", max(0, (w-widget.Width(s))/2)) + s }
		name := n.name.TruncateMiddle(w - 4)
		mark, ground := "", ""
		if i == d.at {
			mark, ground, d.cursor = "▸ ", d.t.SGR(themes.Selected), 9
		}
		body := ground + d.t.Paint(themes.Accent, mark)
		body += ground + d.t.Paint(n.role, name.String())
		return []string{
			middle(d.t.Paint(themes.Dim, "│")), middle(d.t.Paint(themes.Dim, "what fails")), middle(d.t.Paint(themes.Dim, "▼")),
			middle(body), middle(d.t.Paint(themes.Dim, n.words.Truncate(w).String())),
		}
	}
	return []string{"", strings.Repeat(" ", max(0, (w-20)/2)) + d.t.Paint(themes.Warn, "no dead-letter queue")}
}

// wire is the piece of the wires beside line y, between a column of so many lines
// and the box.
func (d *drawing) wire(y, lines int, left bool) string {
	end := door // the line of the last node
	if lines > 0 {
		end = lines - nodeRows
	}
	if y < door || y > end {
		return strings.Repeat(" ", mapGap)
	}
	isNode, atDoor := (y-door)%nodeRows == 0, y == door
	const junction = " ╵╷│╴┘┐┤╶└┌├─┴┬┼" // by the ways that go on: up 1, down 2, left 4, right 8
	ways := 0
	if y > door {
		ways |= 1
	}
	if y < end {
		ways |= 2
	}
	if left && isNode || !left && atDoor {
		ways |= 4
	}
	if left && atDoor || !left && isNode {
		ways |= 8
	}
	before, after := "  ", "  "
	if ways&4 != 0 {
		before = "──"
	}
	switch {
	case ways&8 != 0:
		after = "─▶"
	}
	return d.t.Paint(themes.Dim, before+string([]rune(junction)[ways])+after)
}
