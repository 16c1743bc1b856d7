package deadletters

import (
	"fmt"
	"strings"
	"time"

	"sqscope/backend/triage"
	"sqscope/backend/triage/harm"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// details are what is known of the group under the cursor, as h lines. What has no
// room is counted, with the key that shows it.
func (m *Model) details(w, h int) string {
	t := m.Env.Theme
	lines := m.detailLines(w-2, h)
	m.room, m.lines = h, len(lines)
	m.scroll = max(0, min(m.scroll, len(lines)-h))
	if m.pane != inDetails {
		m.scroll = 0
	}
	out := make([]string, h)
	for y := range out {
		switch i := m.scroll + y; {
		case y == h-1 && i < len(lines)-1:
			n := len(lines) - i
			more := text.Sprintf("… %s", format.Plural(n, "more line"))
			if m.pane != inDetails {
				more = text.Join(more, text.Sprintf(": %s", m.paneKey()))
			}
			out[y] = widget.Fit(" "+t.Paint(themes.Dim, more.Truncate(w-2).String()), w)
		case i < len(lines):
			out[y] = widget.Fit(" "+lines[i], w)
		default:
			out[y] = widget.Fit("", w)
		}
	}
	return strings.Join(out, "\n")
}

// tall is the room from which a histogram has several lines.
const tall = 18

func (m *Model) detailLines(w, h int) []string {
	t, g, now := m.Env.Theme, m.here(), m.Conn.Now()
	if g == nil {
		return nil
	}
	var lines []string
	add := func(label, said string, role themes.Role) {
		lines = append(lines, widget.Fact(label, text.Clean(said), role, w, t)...)
	}
	if g.Label != "" {
		add("label", g.Label, themes.Strong)
	}
	add("died of", g.Title, themes.Strong)
	add("do", g.Advice.Act.String()+": "+g.Advice.Why, acts[g.Advice.Act].role)
	for i, says := range g.Evidence {
		label := ""
		if i == 0 {
			label = "because"
		}
		add(label, says, themes.Text)
	}
	lost := "nobody has read when"
	if g.Loss.Bound != harm.Unknown {
		lost = g.Loss.Sign() + format.Span(g.Loss.Left(now)) + ": " + g.Loss.Source
	}
	add("lost in", lost, lossRole(g.Loss, now))
	if n := m.again[g.ID]; n > 0 {
		add("redriven", fmt.Sprintf("%s of %d before; the redrive says how that ended", format.Count(n), len(g.Members)), themes.Warn)
	}
	add("sent", m.sentWords(g.First, g.Last), themes.Text)
	add("", g.Arrivals.Words, themes.Text)
	rows := 1
	if h >= tall {
		rows = 4
	}
	lines = append(lines, m.histogram(g.Arrivals, w, rows)...)
	return append(lines, m.receiveBars(g, w)...)
}

// sentWords are when the first and the last of some messages were sent.
func (m *Model) sentWords(first, last time.Time) string {
	if first.IsZero() {
		return format.Unknown
	}
	clock := format.Clock
	if m.Conn.Now().Sub(first) >= 24*time.Hour {
		clock = format.Stamp
	}
	return clock(first, m.Env.UTC) + " to " + clock(last, m.Env.UTC) + ", " + m.age(first) + " to " + m.age(last) + " ago"
}

// labelW is the room for the label of a fact.
const labelW = 10

// histogram is when the messages of a group were sent, the times under it, and the
// user's markers.
func (m *Model) histogram(a triage.Arrivals, w, rows int) []string {
	t := m.Env.Theme
	n := len(a.Counts)
	if n == 0 || w < labelW+n/2 {
		return nil
	}
	wide := max(1, min(w-labelW, 48)/n) // cells of a bar
	counts := fitted(a.Counts, n*wide)
	room := len(counts)
	indent := strings.Repeat(" ", labelW)
	var lines []string
	for _, row := range bars(counts, rows) {
		lines = append(lines, indent+t.Paint(themes.Spark, row))
	}
	for _, mark := range a.Marks {
		at, sign := mark.Bucket*wide, "▲"
		switch {
		case mark.Bucket < 0:
			at, sign = 0, "◂"
		case mark.Bucket >= n:
			at, sign = room-1, "▸"
		}
		said := text.Sprintf("%s %s %s", sign, mark.Text, format.Minute(mark.At, m.Env.UTC))
		if at+said.Width() > w-labelW { // it stands before its place
			said = text.Sprintf("%s %s %s", mark.Text, format.Minute(mark.At, m.Env.UTC), sign)
			at = max(0, at+1-said.Width())
		}
		lines = append(lines, indent+strings.Repeat(" ", at)+t.Paint(themes.Accent, said.Truncate(max(1, w-labelW-at)).String()))
	}
	from, to := format.Minute(a.Start, m.Env.UTC), format.Minute(a.Start.Add(time.Duration(n)*a.Width), m.Env.UTC)
	axis := from + strings.Repeat(" ", max(1, room-len(from)-len(to))) + to
	return append(lines, indent+t.Paint(themes.Dim, axis+fmt.Sprintf("  a bar is %s", strings.TrimSuffix(strings.TrimSuffix(harm.Span(a.Width), " 0s"), " 0m"))))
}

// bars draws counts as columns of so many rows, the highest filling all.
func bars(counts []int, rows int) []string {
	const eighths = " ▁▂▃▄▅▆▇█"
	steps := []rune(eighths)
	most := 1
	for _, n := range counts {
		most = max(most, n)
	}
	out := make([]string, rows)
	for y := range rows {
		var b strings.Builder
		for _, n := range counts {
			level := (n*rows*8 + most - 1) / most // a message is never nothing
			b.WriteRune(steps[max(0, min(8, level-(rows-1-y)*8))])
		}
		out[y] = b.String()
	}
	return out
}

// mostBars is how many receive counts have a line of their own.
const mostBars = 5

// receiveBars is how often the messages of a group were received.
func (m *Model) receiveBars(g *triage.Group, w int) []string {
	t := m.Env.Theme
	all := m.bars[g.ID]
	if len(all) == 0 {
		return nil
	}
	if len(all) > mostBars {
		said := fmt.Sprintf("%d to %d times, half of them at most %d", g.Receives.Min, g.Receives.Max, g.Receives.Median)
		return widget.Fact("received", text.Const(said), themes.Text, w, t)
	}
	var lines []string
	for i, b := range all {
		label := ""
		if i == 0 {
			label = "received"
		}
		room := max(1, min(w-labelW-16, 30))
		bar := strings.Repeat("█", max(1, b.Messages*room/len(g.Members)))
		lines = append(lines, t.Paint(themes.Dim, text.Const(label).Pad(labelW).String())+
			t.Paint(themes.Number, text.Sprintf("%d×", b.Receives).PadLeft(4).String())+" "+t.Paint(themes.Spark, bar)+" "+t.Paint(themes.Text, format.Count(b.Messages)))
	}
	return lines
}
