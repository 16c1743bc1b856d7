package imports

import (
	"strconv"
	"strings"
	"time"

	"sqscope/backend/archive"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// The columns of the entries.
const (
	colLine = iota
	colFate
	colGroup
	colSize
	colWhat
)

// View draws the field for the file, or what the file has and what became of it.
func (m *Model) View(w, h int) string {
	t := m.Env.Theme
	if m.choosing {
		return m.filesView(w, h)
	}
	lines := m.head(w)
	m.headLines = len(lines)
	for i := range lines {
		lines[i] = widget.Fit(lines[i], w)
	}
	rest := h - len(lines)
	switch {
	case m.reading != nil:
		lines = append(lines, widget.Center(t.Paint(themes.Dim, "reading the file · "+format.Plural(int(m.reading.entries.Load()), "entry")+" so far"), w, rest))
	case m.file == nil && m.err != nil:
		var parts []string
		for _, l := range widget.Wrap(text.Clean(m.err.Error()), min(w-4, 90)) {
			parts = append(parts, t.Paint(themes.Bad, l.String()))
		}
		lines = append(lines, widget.Center(strings.Join(parts, "\n"), w, rest))
	case len(m.rows) == 0:
		lines = append(lines, widget.Center(t.Paint(themes.Dim, "the file has no messages; f takes another"), w, rest))
	case len(m.shown) == 0:
		lines = append(lines, widget.Center(t.Paint(themes.Good, "✓ everything is in the queue; tab shows every entry"), w, rest))
	default:
		lines = append(lines, m.table.View(w, rest, t))
	}
	return strings.Join(lines, "\n")
}

// head is what is known of the file, how it is to be sent, and how far that is.
func (m *Model) head(w int) []string {
	t := m.Env.Theme
	const labelW = 6
	fact := func(label string, value string, role themes.Role) (lines []string) {
		for _, l := range text.Clean(value).Wrap(max(1, w-labelW-2)) {
			lines = append(lines, " "+t.Paint(themes.Dim, text.Clean(label).Pad(labelW).String())+t.Paint(role, l.String()))
			label = ""
		}
		return lines
	}
	path := text.Clean(m.path).TruncateLeft(w - labelW - 2)
	lines := []string{" " + t.Paint(themes.Dim, text.Const("file").Pad(labelW).String()) + t.Paint(themes.Strong, path.String())}
	if f := m.file; f != nil {
		role := themes.Text
		if f.wrong+f.refused > 0 {
			role = themes.Warn
		}
		lines = append(lines, fact("has", f.words(), role)...)
	}
	lines = append(lines, fact("sends", m.optionWords(), themes.Text)...)
	lines = append(lines, m.progressLines(w)...)
	return append(lines, t.Paint(themes.Faint, strings.Repeat("─", w)))
}

// words say what is in a file.
func (f *file) words() string {
	s := format.Plural(f.messages, "message") + ", " + format.Size(f.bodies)
	if f.groups > 0 {
		s += ", in " + format.Plural(f.groups, "group")
	}
	if f.refused > 0 {
		s += " · the queue would refuse " + format.Count(f.refused)
	}
	if f.wrong > 0 {
		s += " · " + format.Plural(f.wrong, "wrong entry")
	}
	return s
}

// optionWords say how the file is to be sent.
func (m *Model) optionWords() string {
	rate, wrong := "at full speed", "skips wrong entries"
	if m.options.Rate > 0 {
		rate = "at " + format.Rate(m.options.Rate) + "/s"
	}
	if m.options.Stop {
		wrong = "stops at a wrong entry"
	}
	parts := []string{rate, wrong}
	if m.queue.FIFO() {
		dedup := "deduplication ids as they were"
		if m.options.NewDedup {
			dedup = "new deduplication ids"
		}
		parts = append(parts, dedup)
		if m.options.Group != "" {
			parts = append(parts, "group "+m.options.Group+" where none is")
		}
	}
	if m.from.Entries+m.from.Sending > 0 {
		if m.anew {
			parts = append(parts, "from the start")
		} else {
			parts = append(parts, "goes on behind entry "+format.Count(m.from.Entries))
		}
	}
	return strings.Join(parts, " · ")
}

// progressLines are how far sending has come, or what became of it.
func (m *Model) progressLines(w int) []string {
	t := m.Env.Theme
	switch {
	case m.run != nil:
		p := m.run.progress()
		spent := time.Since(m.began)
		s := format.Count(p.Sent) + " of " + format.Count(m.run.of) + " sent"
		if not := len(m.left) + p.Failed + p.Unknown + p.Duplicates; not > 0 {
			s += " · " + format.Count(not) + " not"
		}
		if rate := float64(p.Read) / max(spent.Seconds(), 0.001); p.Read > 0 {
			s += " · " + format.Rate(rate) + "/s · " + format.Span(time.Duration(float64(max(0, m.run.of-p.Read))/rate*float64(time.Second))) + " left"
		}
		room := max(10, w-widget.Width(s)-4)
		return []string{" " + t.Paint(themes.Accent, widget.Bar(p.Read, m.run.of, room)) + " " + t.Paint(themes.Text, s)}
	case m.done != nil:
		role, sign := themes.Good, "✓ "
		if len(m.left) > 0 || m.err != nil {
			role, sign = themes.Warn, "! "
		}
		lines := widget.Paragraph(text.Clean(sign+m.doneWords()), role, w-2, t)
		for i := range lines {
			lines[i] = " " + lines[i]
		}
		return lines
	}
	return []string{" " + t.Paint(themes.Dim, "nothing has been sent yet")}
}

// doneWords are all that became of the entries, each counted once.
func (m *Model) doneWords() string {
	counts := map[archive.Fate]int{}
	for i := range m.rows {
		counts[m.rows[i].fate]++
	}
	s := format.Count(m.sent) + " sent"
	if m.took >= time.Second {
		s += " in " + format.Span(m.took)
	}
	for _, p := range []struct {
		fate  archive.Fate
		words string
	}{
		{settled, "dealt with before"},
		{archive.FateFailed, "failed"},
		{archive.FateUnknown, "of which nobody knows"},
		{archive.FateDuplicate, "taken for duplicates"},
		{archive.FateWrong, "wrong"},
		{"", "not reached"},
	} {
		if n := counts[p.fate]; n > 0 {
			s += " · " + format.Count(n) + " " + p.words
		}
	}
	return s
}

func (m *Model) cell(i, col int) widget.Cell {
	r := &m.rows[m.shown[i]]
	switch col {
	case colLine:
		return widget.Cell{Text: text.Const(strconv.Itoa(r.line)), Role: themes.Dim}
	case colFate:
		return r.fateCell()
	case colGroup:
		return widget.Cell{Text: text.Clean(r.group), Role: themes.Fifo}
	case colSize:
		if r.size == 0 {
			return widget.Cell{Text: text.Const(format.Unknown), Role: themes.Dim}
		}
		return widget.Cell{Text: text.Const(format.Size(r.size)), Role: themes.Dim}
	}
	if why := r.why(); why != "" {
		return widget.Cell{Text: text.Clean(why), Role: themes.Warn}
	}
	if r.sentAs != "" {
		return widget.Cell{Text: text.Clean(r.sentAs), Role: themes.Text}
	}
	if r.id == "" {
		return widget.Cell{Text: text.Const("no id yet"), Role: themes.Dim}
	}
	return widget.Cell{Text: text.Clean(r.id), Role: themes.Dim}
}

func (r *row) fateCell() widget.Cell {
	switch r.fate {
	case archive.FateSent:
		return widget.Cell{Text: text.Const("✓ sent"), Role: themes.Good}
	case settled:
		return widget.Cell{Text: text.Const("before"), Role: themes.Dim}
	case archive.FateDuplicate:
		return widget.Cell{Text: text.Const("! duplicate"), Role: themes.Warn}
	case archive.FateUnknown:
		return widget.Cell{Text: text.Const("? unknown"), Role: themes.Warn}
	case archive.FateFailed:
		return widget.Cell{Text: text.Const("✗ failed"), Role: themes.Bad}
	case archive.FateWrong:
		return widget.Cell{Text: text.Const("✗ wrong"), Role: themes.Bad}
	}
	switch {
	case r.wrong:
		return widget.Cell{Text: text.Const("✗ wrong"), Role: themes.Bad}
	case r.refused != nil:
		return widget.Cell{Text: text.Const("✗ refused"), Role: themes.Warn}
	}
	return widget.Cell{Text: text.Const("to send"), Role: themes.Dim}
}
