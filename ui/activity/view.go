package activity

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"sqscope/backend/journal"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// View draws one of the lists and what is under its cursor.
func (m *Model) View(w, h int) string {
	t := m.Env.Theme
	head := m.head(w)
	h -= len(head)
	body := ""
	switch empty := m.emptiness(); {
	case !empty.Empty():
		body = widget.Center(t.Paint(themes.Dim, empty.Truncate(w).String()), w, h)
	case m.pane == requests:
		body = m.split.View(w, h, func(w, h int) string { return m.log.table.View(w, h, t) }, m.callLines, t)
	default:
		body = m.split.View(w, h, func(w, h int) string { return m.journal.table.View(w, h, t) }, m.entryLines, t)
	}
	return strings.Join(append(head, body), "\n")
}

// head is what stands over a list: which of the two it is, the filter while it is
// typed, the sum of the requests, and what is wrong with the journal.
func (m *Model) head(w int) []string {
	t := m.Env.Theme
	tab := func(p pane, name string) string {
		if p == m.pane {
			return t.Paint(themes.Accent, "▸ "+name)
		}
		return t.Paint(themes.Dim, "  "+name)
	}
	lines := []string{widget.Fit(" "+tab(changes, "changes")+"   "+tab(requests, "requests"), w)}
	if m.typing {
		lines = append(lines, widget.Fit(" "+t.Paint(themes.Accent, "/")+m.filter.View(w-3, t), w))
	}
	say := func(role themes.Role, s text.Safe) {
		lines = append(lines, widget.Fit(" "+t.Paint(role, s.Truncate(w-2).String()), w))
	}
	if m.pane == requests {
		if len(m.log.meters) > 0 {
			say(themes.Text, text.Clean(m.sum()))
		}
		return lines
	}
	b := &m.journal
	if b.err != nil {
		say(themes.Bad, text.Sprintf("✗ %s: %s", b.err.Kind, b.err.Error()))
	}
	if n := len(b.problems); n > 0 {
		say(themes.Warn, text.Sprintf("! %s of the journal cannot be read: %s (E says where)", format.Plural(n, "place"), b.problems[0].Message))
	}
	return lines
}

// sum is all requests of this run and what they cost.
func (m *Model) sum() string {
	t := m.log.totals
	s := format.Plural(int(t.Requests), "request")
	if t.Errors > 0 {
		s += ", " + format.Count(int(t.Errors)) + " failed"
	}
	if m.log.free {
		return s + " · free: the engine is in this process"
	}
	s += fmt.Sprintf(" · at most %s · %s", dollars(t.USD), t.Label)
	if t.Metrics > 0 {
		s += " · " + format.Plural(int(t.Metrics), "metric") + " of CloudWatch"
	}
	return s
}

// emptiness says why there is no row, or nothing.
func (m *Model) emptiness() text.Safe {
	words := strings.Join(m.words, " ")
	if m.pane == requests {
		switch {
		case len(m.log.rows) > 0:
			return text.Safe{}
		case len(m.log.meters) == 0:
			return text.Const("requests are not counted here")
		case len(m.log.all) > 0:
			return text.Sprintf("none of %s has the words %s; esc in the filter shows all", format.Plural(len(m.log.all), "request"), words)
		}
		return text.Const("no request has been made yet")
	}
	b := &m.journal
	switch {
	case len(b.rows) > 0:
		return text.Safe{}
	case m.Env.Journal == nil:
		return text.Const("no journal is kept in this run")
	case b.at.IsZero():
		return text.Const("reading the journal …")
	case b.err != nil:
		return text.Const("the journal cannot be read; E says more, r tries again")
	case len(b.entries)+len(b.open) > 0:
		return text.Sprintf("none of %s read so far has the words %s; esc in the filter shows all", format.Plural(len(b.entries)+len(b.open), "act"), words)
	}
	if m.log.free {
		return text.Const("nothing is in the journal; what is done to the embedded engine is a rehearsal and not kept")
	}
	return text.Const("nothing has been changed yet, neither in this run nor in an earlier one")
}

// Status says the filter and how much is in the list.
func (m *Model) Status() text.Safe {
	var parts []string
	if len(m.words) > 0 && !m.typing {
		parts = append(parts, "filter: "+strings.Join(m.words, " "))
	}
	if m.pane == requests {
		if n := uint64(len(m.log.all)); n > 0 && n < m.log.totals.Requests {
			parts = append(parts, "the newest "+format.Count(int(n)))
		}
		return text.Clean(strings.Join(parts, " · "))
	}
	if n := len(m.journal.entries); n > 0 {
		s := format.Plural(n, "act")
		if !m.journal.ended {
			s += " and older ones"
		}
		parts = append(parts, s)
	}
	return text.Clean(strings.Join(parts, " · "))
}

// Hint says what the list is.
func (m *Model) Hint(w int) string {
	s := text.Const("the journal has ids, counts and digests, never bodies")
	if m.pane == requests {
		s = text.Const("every request of this run; repeats are requests of their own")
	}
	return m.Env.Theme.Paint(themes.Dim, s.Truncate(w).String())
}

// Cursor is in the filter while it is typed. In low motion it stands on the row
// that keys are about, for those who follow the terminal's own cursor.
func (m *Model) Cursor() (x, y int, ok bool) {
	switch {
	case m.typing:
		return 2 + m.filter.CursorX(), 1, true
	case !m.Env.LowMotion || m.split.Alone || m.nothing() != "":
		return 0, 0, false
	case m.pane == requests:
		return 1, len(m.head(1)) + m.log.table.CursorY(), true
	}
	return 1, len(m.head(1)) + m.journal.table.CursorY(), true
}

// when is a time of today, or a day and a time.
func (m *Model) when(at time.Time) text.Safe {
	now, zone := time.Now(), ""
	if m.Env.UTC {
		at, now, zone = at.UTC(), now.UTC(), "Z"
	} else {
		at, now = at.Local(), now.Local()
	}
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return text.Const(at.Format("15:04:05") + zone)
	}
	return text.Const(at.Format("Jan 02 15:04") + zone)
}

func (m *Model) entryCell(i, col int) widget.Cell {
	e := m.journal.rows[i]
	switch col {
	case 0:
		return widget.Cell{Text: m.when(e.At), Role: themes.Dim}
	case 1:
		s, role := outcome(e)
		return widget.Cell{Text: text.Const(s), Role: role}
	case 2:
		return widget.Cell{Text: text.Clean(e.Act.Name), Role: themes.Strong}
	case 3:
		return widget.Cell{Text: text.Clean(queueName(e.Act.Queue)), Role: themes.Text}
	case 4:
		return widget.Cell{Text: text.Const(counts(e)), Role: themes.Number}
	}
	return widget.Cell{Text: text.Clean(cmp.Or(e.Who.Context, e.Who.Account)), Role: themes.Dim}
}

// outcome is how an act ended, with a sign.
func outcome(e entry) (string, themes.Role) {
	switch {
	case e.Result == nil && e.unfinished:
		return "? unfinished", themes.Bad
	case e.Result == nil:
		return "… under way", themes.Warn
	}
	switch e.Result.Outcome {
	case journal.Done:
		return "✓ done", themes.Good
	case journal.Partly:
		return "! partly", themes.Warn
	case journal.Failed:
		return "✗ failed", themes.Bad
	}
	return "? unknown", themes.Bad
}

// counts is how many messages an act was done to, of how many.
func counts(e entry) string {
	switch {
	case e.Result != nil && e.Result.Count > 0 && e.Result.Count < e.Act.Count: // though it was done: a redrive of what was there, say
		return format.Count(e.Result.Count) + "/" + format.Count(e.Act.Count)
	case e.Result == nil || e.Result.Outcome == journal.Done:
		n := e.Act.Count
		if n == 0 && e.Result != nil {
			n = e.Result.Count
		}
		if n == 0 {
			return ""
		}
		return format.Count(n)
	case e.Act.Count > 0:
		return format.Count(e.Result.Count) + "/" + format.Count(e.Act.Count)
	}
	return ""
}

func (m *Model) callCell(i, col int) widget.Cell {
	c := m.log.rows[i]
	switch col {
	case 0:
		return widget.Cell{Text: m.when(c.At), Role: themes.Dim}
	case 1:
		return widget.Cell{Text: text.Const(tookWords(c.Took)), Role: themes.Number}
	case 2:
		s, role := ending(c)
		return widget.Cell{Text: text.Clean(s), Role: role}
	case 3:
		if c.Service != "SQS" {
			return widget.Cell{Text: text.Sprintf("%s %s", c.Service, c.Action), Role: themes.Strong}
		}
		return widget.Cell{Text: text.Clean(c.Action), Role: themes.Strong}
	case 4:
		return widget.Cell{Text: text.Clean(queueName(c.Queue)), Role: themes.Text}
	case 5:
		if c.Items == 0 {
			return widget.Cell{}
		}
		return widget.Cell{Text: text.Const(format.Count(c.Items)), Role: themes.Number}
	}
	return widget.Cell{Text: text.Clean(c.conn.Name), Role: themes.Dim}
}

// ending is how a request ended, with a sign.
func ending(c *call) (string, themes.Role) {
	try := ""
	if c.Attempt > 1 {
		try = fmt.Sprintf(", try %d", c.Attempt)
	}
	switch {
	case c.Err != nil:
		return "✗ " + c.Err.Kind.String() + try, themes.Bad
	case c.Failed > 0:
		return fmt.Sprintf("! %d failed", c.Failed) + try, themes.Warn
	}
	return "✓ done" + try, themes.Good
}
