package redrive

import (
	"fmt"
	"slices"
	"strings"

	"sqscope/backend"
	"sqscope/backend/decode/document"
	"sqscope/backend/move"
	"sqscope/backend/redrive"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// pane is what stands beside or under the plan.
type pane int

const (
	preflight pane = iota
	changes
	rehearsal
)

var paneWords = [...]string{"preflight", "changes", "dry run"}

func (p pane) next() pane { return (p + 1) % pane(len(paneWords)) }

const (
	sideBySide = 120 // from this width the pane stands beside the plan
	planCells  = 58
	labelCells = 12
)

// View draws the plan and its pane, or how the redrive goes.
func (m *Model) View(w, h int) string {
	m.wide = w >= sideBySide
	if m.run != nil {
		return strings.Join(m.scrolled(m.run.lines(m, w), w, h), "\n")
	}
	if m.wide {
		right := w - planCells - 3
		plan := full(m.planLines(planCells, 2), planCells, h)
		return widget.Beside(strings.Join(plan, "\n"), strings.Join(m.paneLines(right, h), "\n"), planCells, right, m.Env.Theme)
	}
	lines := full(m.planLines(w, 1), w, len(m.rows()))
	lines = append(lines, widget.Fit("", w))
	return strings.Join(append(lines, m.paneLines(w, h-len(lines))...), "\n")
}

// full is exactly h lines of exactly w cells.
func full(lines []string, w, h int) []string {
	lines = slices.Clone(lines[:min(len(lines), max(h, 0))])
	for len(lines) < h {
		lines = append(lines, "")
	}
	for i := range lines {
		lines[i] = widget.Fit(lines[i], w)
	}
	return lines
}

// scrolled is the part of lines that is in sight, with a sign where there is more.
func (m *Model) scrolled(lines []string, w, h int) []string {
	m.page = max(1, h-1)
	m.top = max(0, min(m.top, len(lines)-h))
	rest := len(lines) - m.top - h
	lines = full(lines[m.top:], w, h)
	if rest > 0 && h > 0 {
		lines[h-1] = widget.Fit("   "+m.Env.Theme.Paint(themes.Dim, fmt.Sprintf("… %d more lines; pgdn", rest+1)), w)
	}
	return lines
}

// planLines are the rows, each in up to most lines.
func (m *Model) planLines(w, most int) (lines []string) {
	t := m.Env.Theme
	for i, r := range m.rows() {
		mark, label := "   ", themes.Dim
		if i == m.at {
			mark, label = " ▸ ", themes.Accent
		}
		role := themes.Text
		if r.off != "" {
			role = themes.Dim
		}
		room := max(1, w-labelCells-3)
		for j, part := range wrapped(r.value, room, most) {
			head := t.Paint(themes.Accent, mark) + t.Paint(label, text.Const(r.label).Pad(labelCells).String())
			if j > 0 {
				head = strings.Repeat(" ", labelCells+3)
			}
			line := head + t.Paint(role, part.String())
			if i == m.at {
				line = widget.Chosen(line, w, t)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// wrapped is a text in at most so many lines, cut with a sign.
func wrapped(s text.Safe, w, most int) []text.Safe {
	parts := s.Wrap(w)
	if most == 1 || len(parts) == 0 {
		return []text.Safe{s.Truncate(w)}
	}
	if len(parts) > most {
		parts = append(parts[:most-1], text.Join(parts[most-1], text.Const(" …")).Truncate(w))
	}
	return parts
}

// rowTop is the line in which a row begins, as the plan was drawn last; of the row
// behind the last one, where the plan ends.
func (m *Model) rowTop(row int) (y int) {
	if !m.wide {
		return row
	}
	for _, r := range m.rows()[:row] {
		y += len(wrapped(r.value, planCells-labelCells-3, 2))
	}
	return y
}

// paneLines are the pane with its head.
func (m *Model) paneLines(w, h int) []string {
	t := m.Env.Theme
	var heads []string
	for p, word := range paneWords {
		if pane(p) == m.pane {
			heads = append(heads, t.Paint(themes.Header, "["+word+"]"))
		} else {
			heads = append(heads, t.Paint(themes.Dim, " "+word+" "))
		}
	}
	head := " " + strings.Join(heads, " ")
	if m.pane == preflight && m.err == nil && m.card.Card != nil {
		role := themes.Good
		if len(m.card.Of(redrive.Warning)) > 0 {
			role = themes.Warn
		}
		if m.card.Blocked() {
			role = themes.Bad
		}
		head += "   " + t.Paint(role, m.verdict().String())
	}
	var lines []string
	switch {
	case m.err != nil:
		lines = widget.Paragraph(text.Sprintf("✗ %s", m.err.Error()), themes.Bad, w-4, t)
	case m.card.Card == nil:
		lines = []string{t.Paint(themes.Dim, "looking what stands against it; nothing is received …")}
	case m.pane == changes:
		lines = m.changeLines(w - 4)
	case m.pane == rehearsal:
		lines = m.rehearsalLines(w - 4)
	default:
		lines = m.cardLines(w - 4)
	}
	for i := range lines {
		lines[i] = "   " + lines[i]
	}
	return append([]string{widget.Fit(head, w)}, m.scrolled(lines, w, h-1)...)
}

// cardLines are the preflight: what stands against it first.
func (m *Model) cardLines(w int) (lines []string) {
	t, c := m.Env.Theme, m.card
	facts := c.Lines()
	facts = facts[:max(0, len(facts)-len(c.Findings))]
	say := func(role themes.Role, sign string, s text.Safe) {
		for i, part := range s.Wrap(max(1, w-2)) {
			if i > 0 {
				sign = " "
			}
			lines = append(lines, t.Paint(role, sign)+" "+t.Paint(role, part.String()))
		}
	}
	findings := func(l redrive.Level, role themes.Role, sign string) {
		for _, f := range c.Of(l) {
			say(role, sign, text.Clean(strings.TrimSpace(f.Queue.Name+" "+f.Text)))
			if f.Next != "" {
				say(themes.Dim, " ", text.Sprintf("→ %s", f.Next))
			}
		}
	}
	if len(facts) > 0 {
		say(themes.Strong, "•", text.Clean(facts[0]))
	}
	findings(redrive.Blocker, themes.Bad, "✗")
	findings(redrive.Warning, themes.Warn, "!")
	for _, a := range c.Again {
		s := text.Sprintf("%s redriven %s", format.Plural(a.Messages, "message"), format.Stamp(a.At, m.Env.UTC))
		switch {
		case a.CameBack > 0:
			s = text.Join(s, text.Sprintf(": %s came back", format.Count(a.CameBack)))
		case !a.Watched:
			s = text.Join(s, text.Const(": nobody watched what became of them"))
		}
		say(themes.Warn, "!", s)
	}
	for _, f := range facts[min(1, len(facts)):] {
		say(themes.Text, "•", text.Clean(f))
	}
	findings(redrive.Note, themes.Dim, "·")
	return lines
}

// changeLines are how the first messages are changed.
func (m *Model) changeLines(w int) []string {
	t := m.Env.Theme
	dim := func(s string) []string { return widget.Paragraph(text.Const(s), themes.Dim, w, t) }
	switch {
	case !m.choice.changed():
		return dim("Nothing is changed: body, attributes, group and trace header go as they are.")
	case len(m.known) == 0:
		return dim("No message has been read, so that no difference can be shown. Look at some in the list of messages, then press m there.")
	case len(m.changes) == 0 && len(m.card.Messages) == 0:
		return dim("None of the messages that were read is chosen.")
	case len(m.changes) == 0:
		return dim(fmt.Sprintf("None of the first %d messages is changed by it.", min(mostChanges, len(m.card.Messages))))
	}
	var lines []string
	for _, d := range m.changes {
		lines = append(lines, t.Paint(themes.Header, text.Clean(d.id).Truncate(w).String()))
		if d.masked {
			lines = append(lines, "  "+t.Paint(themes.Dim, "masks hide a part of it"))
		}
		for _, ch := range d.changes {
			sign, role, s := "~", themes.Warn, text.Sprintf("%s  %s → %s", ch.Path, ch.Old, ch.New)
			switch ch.Op {
			case document.Added:
				sign, role, s = "+", themes.Good, text.Sprintf("%s  %s", ch.Path, ch.New)
			case document.Removed:
				sign, role, s = "-", themes.Bad, text.Sprintf("%s  %s", ch.Path, ch.Old)
			case document.Changed, document.Same:
			}
			lines = append(lines, "  "+t.Paint(role, sign+" ")+t.Paint(themes.Text, s.Truncate(max(1, w-4)).String()))
		}
		if d.wrong != "" {
			for _, part := range text.Sprintf("✗ would be left: %s", d.wrong).Wrap(max(1, w-2)) {
				lines = append(lines, "  "+t.Paint(themes.Bad, part.String()))
			}
		}
	}
	return lines
}

// mostRehearsed is how many messages of a dry run are listed.
const mostRehearsed = 500

// rehearsalLines are what would become of each message that was read.
func (m *Model) rehearsalLines(w int) []string {
	t := m.Env.Theme
	all := m.card.Messages
	if len(all) == 0 {
		words := "None of the messages that were read is chosen."
		if len(m.known) == 0 {
			words = "No message has been read: what would become of each is known only of those that somebody has looked at."
		}
		return widget.Paragraph(text.Const(words), themes.Dim, w, t)
	}
	would := map[backend.ARN]int{}
	left := 0
	for _, msg := range all {
		if msg.Outcome == move.Moved {
			would[msg.To]++
		} else {
			left++
		}
	}
	var parts []string
	for _, d := range m.card.To {
		if n := would[d.ARN]; n > 0 {
			parts = append(parts, format.Count(n)+" to "+d.ARN.Name)
		}
	}
	if left > 0 {
		parts = append(parts, format.Count(left)+" left here")
	}
	lines := widget.Paragraph(text.Sprintf("Of the %s read that are chosen: %s. Nothing was done.", format.Plural(len(all), "message"), strings.Join(parts, ", ")), themes.Strong, w, t)
	for i, msg := range all {
		if i == mostRehearsed {
			return append(lines, t.Paint(themes.Dim, fmt.Sprintf("… and %s more", format.Count(len(all)-i))))
		}
		sign, role, s := "✗", themes.Bad, text.Sprintf("%s  left", msg.ID)
		if msg.Outcome == move.Moved {
			sign, role, s = "→", themes.Good, text.Sprintf("%s  %s", msg.ID, msg.To.Name)
			if msg.Group != "" {
				s = text.Join(s, text.Sprintf(" · group %s", msg.Group))
			}
		} else if msg.Why != nil {
			s = text.Join(s, text.Sprintf(": %s", msg.Why.Message))
		}
		lines = append(lines, t.Paint(role, sign)+" "+t.Paint(themes.Text, s.Truncate(max(1, w-2)).String()))
	}
	return lines
}

// Hint says what the row under the cursor is about.
func (m *Model) Hint(w int) string {
	words := ""
	switch {
	case m.run == nil:
		r := m.rows()[m.at]
		words = r.help
		if r.off != "" {
			words = r.off
		}
	case m.run.work.Going():
		words = "it goes on when this screen is left; X stops it"
	default:
		words = "enter says what became of each message; space shows the report"
	}
	return m.Env.Theme.Paint(themes.Dim, text.Clean(words).Truncate(w).String())
}
