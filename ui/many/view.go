package many

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/outbox"
	"sqscope/backend/rules"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

const (
	sideBySide = 120 // from this width the variables stand beside the form
	labelCells = 14
	fieldCells = 34
)

// View draws the fields and the first messages, or how the sending goes.
func (m *Model) View(w, h int) string {
	var lines []string
	switch {
	case m.run != nil:
		m.cursor.ok = false
		lines = m.run.lines(m, w, h)
	case w >= sideBySide:
		left := w * 3 / 5
		block := func(l []string, w int) string { return strings.Join(full(l, w, h), "\n") }
		return widget.Beside(block(m.form(left, h), left), block(m.variables(w-left-3), w-left-3), left, w-left-3, m.Env.Theme)
	default:
		lines = m.form(w, h)
		if room := h - len(lines) - 1; room >= 4 {
			lines = append(append(lines, ""), m.variables(w)[:min(room, len(outbox.Variables())+1)]...)
		}
	}
	return strings.Join(full(lines, w, h), "\n")
}

// full is exactly h lines of exactly w cells.
func full(lines []string, w, h int) []string {
	lines = slices.Clone(lines[:min(len(lines), h)])
	for len(lines) < h {
		lines = append(lines, "")
	}
	for i := range lines {
		lines[i] = widget.Fit(lines[i], w)
	}
	return lines
}

func (m *Model) form(w, h int) (lines []string) {
	t := m.Env.Theme
	m.cursor.ok = false
	for i, f := range m.fields {
		if !m.shown(f) {
			continue
		}
		here := i == m.at
		role, mark := themes.Dim, "  "
		if here {
			role, mark = themes.Accent, "▸ "
			m.cursor.x, m.cursor.y, m.cursor.ok = labelCells, len(lines), true
		}
		room, body := min(fieldCells, w-labelCells-1), ""
		if f.id == file {
			room = w - labelCells - 1
		}
		if len(f.choices) > 0 {
			body = t.SGR(themes.Field) + t.Paint(themes.Text, text.Sprintf("‹ %s ›", f.choices[f.chosen]).Pad(room).String())
			m.cursor.x += 2
		} else {
			body = f.input.View(room, t)
			if here {
				m.cursor.x += f.input.CursorX()
			}
		}
		note := text.Const(f.note).Truncate(max(0, w-labelCells-room-3))
		lines = append(lines, " "+t.Paint(role, mark+text.Const(f.label).Pad(labelCells-3).String())+body+"  "+t.Paint(themes.Dim, note.String()))
	}
	lines = append(lines, "")
	return append(lines, m.firstLines(w, h-len(lines))...)
}

// firstLines show the first messages as they will be sent.
func (m *Model) firstLines(w, h int) []string {
	t := m.Env.Theme
	lines := []string{" " + t.Paint(themes.Header, "as they will be sent")}
	if m.wrong != nil {
		for _, l := range widget.Wrap(text.Clean("✗ "+words(m.wrong)), w-4) {
			lines = append(lines, "   "+t.Paint(themes.Bad, l.String()))
		}
		return lines
	}
	if m.same() {
		for _, l := range widget.Wrap(text.Const("! all have the same deduplication id, or body without one: SQS keeps the first and swallows the others; {{uuid}} makes them differ"), w-4) {
			lines = append(lines, "   "+t.Paint(themes.Warn, l.String()))
		}
	}
	each := max(1, (h-len(lines))/max(1, len(m.first))-1) // rows for a body
	for _, it := range m.first {
		lines = append(lines, m.itemLines(it, w, min(each, 8))...)
	}
	if len(m.first) == 0 {
		lines = append(lines, "   "+t.Paint(themes.Dim, "no message"))
	}
	return lines
}

func (m *Model) itemLines(it outbox.Item, w, rows int) []string {
	t := m.Env.Theme
	if it.Wrong != nil {
		var lines []string
		for _, l := range widget.Wrap(text.Clean("✗ "+it.Wrong.Error()), w-4) {
			lines = append(lines, "   "+t.Paint(themes.Bad, l.String()))
		}
		return lines
	}
	in := it.Message
	head := []text.Safe{text.Sprintf("%d · %s", it.Number, format.Size(rules.Size(in.MessageBody, in.MessageAttributes)))}
	add := func(name, value string) {
		if value != "" {
			head = append(head, text.Sprintf(" · %s %s", name, value))
		}
	}
	add("group", in.MessageGroupId.Value)
	add("dedup", in.MessageDeduplicationId.Value)
	if in.DelaySeconds.Set {
		add("delay", strconv.Itoa(in.DelaySeconds.Value)+" s")
	}
	for _, name := range slices.Sorted(maps.Keys(in.MessageAttributes)) {
		a := in.MessageAttributes[name]
		value := a.StringValue.Value
		if a.BinaryValue != nil {
			value = format.Size(len(a.BinaryValue))
		}
		add(name, value)
	}
	lines := []string{"   " + t.Paint(themes.Dim, text.Join(head...).Truncate(w-4).String())}
	body := text.Lines(in.MessageBody)
	if rows == 1 && len(body) > 1 {
		body = []text.Safe{text.Beginning(in.MessageBody, 400)}
	}
	for i, l := range body {
		if i == rows-1 && len(body) > rows {
			lines = append(lines, "     "+t.Paint(themes.Dim, "…"))
			break
		}
		lines = append(lines, "     "+t.Paint(themes.Text, l.Truncate(max(1, w-6)).String()))
	}
	return lines
}

// variables say what can be written between braces.
func (m *Model) variables(w int) []string {
	t := m.Env.Theme
	lines := []string{" " + t.Paint(themes.Header, "variables")}
	for _, v := range outbox.Variables() {
		line := "   " + t.Paint(themes.Key, text.Const(v[0]).Pad(21).String()) + " "
		for i, l := range widget.Wrap(text.Const(v[1]), max(1, w-26)) {
			if i > 0 {
				line = strings.Repeat(" ", 25)
			}
			lines = append(lines, line+t.Paint(themes.Dim, l.String()))
		}
	}
	return lines
}

// lines draw how the sending goes, or went, and what was left.
func (r *run) lines(m *Model, w, h int) []string {
	t, s := m.Env.Theme, r.sum()
	settled := s.Sent + s.Wrong + s.Failed + s.Unknown + s.Duplicates
	took := r.took
	if r.going {
		took += time.Since(r.began)
	}
	title, role := "sending …", themes.Accent
	switch {
	case r.going:
	case r.err != nil && backend.KindOf(r.err) == backend.KindCancelled:
		title, role = "! stopped", themes.Warn
	case r.err != nil:
		title, role = "✗ ended: "+r.err.Error(), themes.Bad
	case s.Sent == r.total:
		title, role = "✓ all sent", themes.Good
	default:
		title, role = "! done, not all were sent", themes.Warn
	}
	var lines []string
	for _, l := range widget.Wrap(text.Clean(title), w-2) {
		lines = append(lines, " "+t.Paint(role, l.String()))
	}
	lines = append(lines, "", " "+bar(settled, r.total, min(60, w-24), t)+"  "+t.Paint(themes.Strong, text.Sprintf("%s of %s", format.Count(settled), format.Count(r.total)).String()))
	speed := text.Sprintf("in %s", format.Span(took))
	if took > 0 && s.Sent > 0 {
		rate := float64(s.Sent) / took.Seconds()
		speed = text.Join(speed, text.Sprintf(" · %s a second", format.Rate(rate)))
		if left := r.total - settled; r.going && left > 0 {
			speed = text.Join(speed, text.Sprintf(" · about %s left", format.Span(time.Duration(float64(left)/float64(settled)*float64(took)))))
		}
	}
	lines = append(lines, " "+t.Paint(themes.Dim, text.Join(speed, text.Sprintf(" · %s", format.Plural(s.Requests, "request"))).String()), "")
	for _, c := range []struct {
		n          int
		sign, what string
		role       themes.Role
	}{
		{s.Sent, "✓", "sent, and what arrived compared by its MD5", themes.Good},
		{s.Failed, "✗", "failed: not sent, and can be tried again", themes.Bad},
		{s.Unknown, "?", "unknown: asked for, and no answer came; look before they are sent again", themes.Warn},
		{s.Duplicates, "!", "swallowed: SQS took them for messages sent within five minutes", themes.Warn},
		{s.Wrong, "✗", "wrong: entries that cannot be sent", themes.Bad},
		{r.total - settled, "·", "to come", themes.Dim},
	} {
		if c.n > 0 || c.sign == "✓" {
			lines = append(lines, " "+t.Paint(c.role, text.Sprintf("%s %s", c.sign, format.Count(c.n)).Pad(12).String())+t.Paint(themes.Text, text.Const(c.what).Truncate(max(1, w-15)).String()))
		}
	}
	return append(lines, r.leftLines(m, w, h-len(lines))...)
}

// leftLines list what was not sent.
func (r *run) leftLines(m *Model, w, h int) []string {
	t, left := m.Env.Theme, r.before.Left
	r.page = max(1, h-2)
	if len(left) == 0 || h < 3 {
		return nil
	}
	from := min(r.top, max(0, len(left)-r.page))
	to := min(len(left), from+r.page)
	lines := []string{"", " " + t.Paint(themes.Header, text.Sprintf("not sent, %d to %d of %s", from+1, to, format.Count(len(left))).String())}
	for _, o := range left[from:to] {
		sign, role := "✗", themes.Bad
		switch o.Fate {
		case archive.FateUnknown:
			sign, role = "?", themes.Warn
		case archive.FateDuplicate:
			sign, role = "!", themes.Warn
		}
		lines = append(lines, "   "+t.Paint(role, sign)+" "+t.Paint(themes.Text, text.Clean(why(o)).Truncate(max(1, w-6)).String()))
	}
	return lines
}

func why(o archive.Outcome) string {
	if o.Err == nil {
		return string(o.Fate)
	}
	e := *o.Err
	e.Action = "" // it is the same for all
	return e.Error()
}

// bar is how much of a whole is done, in w cells.
func bar(n, of, w int, t *themes.Theme) string {
	w = max(w, 1)
	filled := 0
	if of > 0 {
		filled = min(w, n*w/of)
	}
	return t.Paint(themes.Accent, strings.Repeat("█", filled)) + t.Paint(themes.Faint, strings.Repeat("░", w-filled))
}

// Cursor is in the field that has the keys.
func (m *Model) Cursor() (x, y int, ok bool) { return m.cursor.x, m.cursor.y, m.cursor.ok }

// Status says what is under way.
func (m *Model) Status() text.Safe {
	switch {
	case m.busy:
		return text.Const("looking through all of them …")
	case m.run != nil && m.run.going:
		return text.Sprintf("%s sent", format.Count(m.run.sum().Sent))
	}
	return text.Safe{}
}

// Hint says what the screen is waiting for.
func (m *Model) Hint(w int) string {
	words := "nothing is sent before a question; esc goes back to the message"
	switch {
	case m.run != nil && m.run.going:
		words = "x stops: what is on its way is waited for, the rest is not sent"
	case m.run != nil && len(m.run.before.Left) > 0:
		words = "t tries just those that failed; w keeps what was not sent in a file"
	case m.run != nil && m.run.rest() > 0:
		words = "o goes on with the rest"
	case m.run != nil:
		words = "e changes what is sent, for another round; esc goes back to the message"
	}
	return m.Env.Theme.Paint(themes.Dim, text.Const(words).Truncate(w).String())
}
