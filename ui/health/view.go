package health

import (
	"strings"

	"sqscope/backend/doctor"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// signs stand before the words of harms, so that they are told apart without
// colours.
var signs = [...]string{doctor.Informs: "·", doctor.Style: "~", doctor.Costs: "$", doctor.Blocks: "!", doctor.Exposes: "▲", doctor.Loses: "✗"}

func harmText(h doctor.Harm) text.Safe { return text.Sprintf("%s %s", signs[h], h) }

// harmWord is a harm in a column: its sign and its first word.
func harmWord(h doctor.Harm) text.Safe {
	word, _, _ := strings.Cut(h.String(), " ")
	return text.Sprintf("%s %s", signs[h], word)
}

func harmRole(h doctor.Harm) themes.Role {
	switch {
	case h >= doctor.Exposes:
		return themes.Bad
	case h >= doctor.Costs:
		return themes.Warn
	}
	return themes.Dim
}

func (m *Model) cell(i, col int) widget.Cell {
	r := m.rows[i]
	if r.conn == nil {
		return m.groupCell(r, col)
	}
	switch col {
	case 0:
		return widget.Cell{Text: harmWord(r.Harm), Role: harmRole(r.Harm)}
	case 1:
		name := text.Clean(r.Queue.Name)
		if r.child {
			name = text.Join(text.Const("  "), name)
		}
		return widget.Cell{Text: name, Role: themes.Strong}
	case 2:
		return widget.Cell{Text: text.Clean(r.conn.Name), Role: themes.Dim}
	}
	return widget.Cell{Text: text.Clean(r.Title), Role: themes.Text}
}

// groupCell is a cell of the head of a group.
func (m *Model) groupCell(r row, col int) widget.Cell {
	mark := "▸ "
	if r.open {
		mark = "▾ "
	}
	switch col {
	case 0:
		return widget.Cell{Text: harmWord(r.Harm), Role: harmRole(r.Harm)}
	case 1:
		name := r.Queue.Name
		if m.order.by == byRule {
			name = format.Plural(r.n, "queue")
		}
		return widget.Cell{Text: text.Clean(mark + name), Role: themes.Strong}
	case 2:
		return widget.Cell{}
	}
	if m.order.by == byRule {
		return widget.Cell{Text: text.Clean(string(r.ID)), Role: themes.Text}
	}
	return widget.Cell{Text: text.Const(format.Plural(len(r.of), "finding")), Role: themes.Text}
}

// head is what stands over the list: the filter while it is typed, the counts by
// harm, and the places that could not be read anew.
func (m *Model) head(w int) []string {
	t := m.Env.Theme
	var lines []string
	if m.typing {
		lines = append(lines, widget.Fit(" "+t.Paint(themes.Accent, "/")+m.filter.View(w-3, t), w))
	}
	for _, c := range m.Env.Conns {
		if err := c.Fleet.Snapshot().Err; err != nil {
			say := text.Sprintf("✗ %s: %s: %s; what is below rests on what was read before", c.Name, err.Kind, err.Message)
			lines = append(lines, widget.Fit(" "+t.Paint(themes.Bad, say.Truncate(w-2).String()), w))
		}
	}
	if len(m.all.findings) == 0 {
		return lines
	}
	var parts []string
	for h := doctor.Loses; h >= 0; h-- {
		if n := m.all.harms[h]; n > 0 {
			parts = append(parts, t.Paint(harmRole(h), text.Sprintf("%s %s %s", signs[h], h, format.Count(n)).String()))
		}
	}
	return append(lines, widget.Fit(" "+strings.Join(parts, "   "), w))
}

// above is how many lines stand over the list.
func (m *Model) above() int { return len(m.head(1)) }

// View draws the findings and the one under the cursor in full.
func (m *Model) View(w, h int) string {
	t := m.Env.Theme
	head := m.head(w)
	h -= len(head)
	body := ""
	if len(m.rows) == 0 {
		line, role := m.emptiness()
		body = widget.Center(t.Paint(role, line.Truncate(w).String()), w, h)
	} else {
		body = m.split.View(w, h, func(w, h int) string { return m.table.View(w, h, t) }, m.details, t)
	}
	return strings.Join(append(head, body), "\n")
}

// emptiness says why no finding is shown. Queues are called healthy only when
// they have been read.
func (m *Model) emptiness() (text.Safe, themes.Role) {
	switch d := m.all; {
	case m.shown == 0:
		return text.Const("looking …"), themes.Dim
	case len(d.findings) > 0:
		return text.Sprintf("none of %s has these words; esc in the filter shows all", format.Plural(len(d.findings), "finding")), themes.Dim
	case d.reading || !d.complete:
		return text.Sprintf("nothing wrong found so far: %s", m.readWords()), themes.Dim
	case d.known == 0:
		return text.Const("there are no queues"), themes.Dim
	}
	return text.Sprintf("✓ nothing wrong found in %s", format.Plural(m.all.known, "queue")), themes.Good
}

// readWords is how many queues have been read, of how many that are known.
func (m *Model) readWords() string {
	of := format.Count(m.all.known)
	if !m.all.complete {
		of += " or more"
	}
	return format.Count(m.all.read) + " of " + of + " queues read"
}

// Status says the filter, the grouping, and how much the findings rest on.
func (m *Model) Status() text.Safe {
	var parts []string
	if len(m.order.words) > 0 && !m.typing {
		parts = append(parts, "filter: "+strings.Join(m.order.words, " "))
	}
	parts = append(parts, [...]string{"by harm", "by rule", "by queue"}[m.order.by])
	if m.all.reading || !m.all.complete || m.all.read < m.all.known {
		parts = append(parts, m.readWords())
	} else {
		parts = append(parts, format.Plural(m.all.known, "queue"))
	}
	return text.Clean(strings.Join(parts, " · "))
}

// Hint says what has not been looked at.
func (m *Model) Hint(w int) string {
	t := m.Env.Theme
	switch {
	case m.all.reading || !m.all.complete:
		return t.Paint(themes.Warn, text.Sprintf("more may be found: %s", m.readWords()).Truncate(w).String())
	case m.all.read < m.all.known:
		return t.Paint(themes.Warn, text.Sprintf("of %s that could not be read nothing is known", format.Plural(m.all.known-m.all.read, "queue")).Truncate(w).String())
	}
	return t.Paint(themes.Dim, text.Const("Lambda mappings and SNS topics are looked at on the queue's own screen").Truncate(w).String())
}

// Cursor is in the filter while it is typed. In low motion it stands on the row
// that keys are about, for those who follow the terminal's own cursor.
func (m *Model) Cursor() (x, y int, ok bool) {
	switch {
	case m.typing:
		return 2 + m.filter.CursorX(), 0, true
	case m.Env.LowMotion && len(m.rows) > 0 && !m.split.Alone:
		return 1, m.above() + m.table.CursorY(), true
	}
	return 0, 0, false
}

// details are the finding under the cursor in full, or what a group has.
func (m *Model) details(w int) []string {
	t := m.Env.Theme
	r, ok := m.here()
	switch {
	case !ok:
		return nil
	case r.conn == nil:
		return m.groupLines(r, w)
	}
	lines := widget.Paragraph(text.Clean(r.Title), themes.Strong, w, t)
	about := text.Join(harmText(r.Harm), text.Sprintf(" · %s · %s", r.Queue.Name, r.ID))
	if r.About != "" {
		about = text.Join(about, text.Sprintf(" · %s", r.About))
	}
	lines = append(lines, widget.Paragraph(about, harmRole(r.Harm), w, t)...)
	lines = append(lines, widget.Paragraph(text.Clean(r.Why), themes.Text, w, t)...)
	lines = append(lines, m.fixLines(r.Finding, w)...)
	return append(lines, widget.Fact("rule", text.Sprintf("docs/SQS.md %s", r.Section), themes.Dim, w, t)...)
}

// fixLines are what mends a finding, and where.
func (m *Model) fixLines(f doctor.Finding, w int) []string {
	t := m.Env.Theme
	var lines []string
	label := "fix"
	fact := func(s text.Safe, role themes.Role) {
		lines = append(lines, widget.Fact(label, s, role, w, t)...)
		label = ""
	}
	for _, c := range f.Fix.Changes {
		s := text.Sprintf("%s: from %s to %s", c.Name, c.From, c.To)
		if f.Fix.Queue != f.Queue {
			s = text.Join(s, text.Sprintf(", on %s", f.Fix.Queue.Name))
		}
		fact(s, themes.Good)
	}
	if f.Fix.Open != doctor.Nowhere {
		fact(text.Clean(string(f.Fix.Open)), themes.Good)
	}
	if f.Fix.Note != "" {
		fact(text.Clean(f.Fix.Note), themes.Text)
	}
	return lines
}

// most is how many findings of a group its details show.
const most = 200

// groupLines are the first findings of a group.
func (m *Model) groupLines(r row, w int) []string {
	t := m.Env.Theme
	lines := []string{t.Paint(harmRole(r.Harm), harmText(r.Harm).String())}
	for _, f := range r.of[:min(len(r.of), most)] {
		s := text.Sprintf("%s %s: %s", signs[f.Harm], f.Queue.Name, f.Title)
		lines = append(lines, t.Paint(themes.Text, s.Truncate(w).String()))
	}
	if n := len(r.of) - most; n > 0 {
		lines = append(lines, t.Paint(themes.Dim, text.Sprintf("… and %s more", format.Count(n)).String()))
	}
	return lines
}
