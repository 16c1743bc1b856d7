package deadletters

import (
	"fmt"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/triage/harm"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// harms are the urgencies in a word, with a sign that needs no colour.
var harms = map[harm.Urgency]struct {
	word string
	role themes.Role
}{
	harm.LossNear: {"✗ loss <1h", themes.Bad},
	harm.LossSoon: {"! loss <1d", themes.Warn},
	harm.Growing:  {"▲ grows", themes.Warn},
	harm.Holding:  {"· holds", themes.Text},
	harm.Unread:   {"? unread", themes.Dim},
}

func (m *All) cell(i, col int) widget.Cell {
	r := &m.ranks[i]
	q, conn := r.Queue, m.conns[r.Queue.ARN]
	unread := q.AsOf.IsZero()
	switch col {
	case 0:
		h := harms[r.Urgency]
		return widget.Cell{Text: text.Const(h.word), Role: h.role}
	case 1:
		return widget.Cell{Text: text.Clean(q.ARN.Name), Role: themes.DLQ}
	case 2:
		return widget.Cell{Text: text.Clean(conn.Name), Role: themes.Dim}
	case 3:
		if unread {
			return unknown
		}
		return widget.Cell{Text: text.Const(format.Count(r.Stored)), Role: themes.Number}
	case 4:
		switch {
		case unread || r.Over == 0:
			return unknown
		case r.Grew > 0:
			return widget.Cell{Text: text.Const("+" + format.Count(r.Grew)), Role: themes.Warn}
		}
		return widget.Cell{Text: text.Const(format.Count(r.Grew)), Role: themes.Dim}
	case 5:
		return lossCell(r.Loss, conn.Now())
	case 6:
		age, of := m.age(q)
		return widget.Cell{Text: text.Join(text.Const(age), text.Const(of)), Role: themes.Text}
	}
	names := make([]string, len(q.Sources))
	for i, arn := range q.Sources {
		names[i] = arn.Name
	}
	return widget.Cell{
		Text: text.Clean(strings.Join(names, ", ")), Role: themes.Dim,
		Fill: func(w int) text.Safe { return text.List(names, w) },
	}
}

var unknown = widget.Cell{Text: text.Const(format.Unknown), Role: themes.Faint}

// age is that of the oldest message, and how it is known: what CloudWatch or an
// engine says of all, or what was read of some.
func (m *All) age(q *fleet.Queue) (age, of string) {
	now := m.conns[q.ARN].Now()
	switch r, read := m.readings[q.ARN]; {
	case q.Measured && !q.Oldest.IsZero() && q.OldestSource == fleet.SourceEngine:
		return format.Span(now.Sub(q.Oldest)), ""
	case q.Measured && !q.Oldest.IsZero():
		return format.Span(now.Sub(q.Oldest)), " metric"
	case read && !r.Oldest.IsZero():
		return format.Span(now.Sub(r.Oldest)), " sample"
	}
	return format.Unknown, ""
}

// View draws the queues and the one under the cursor in full.
func (m *All) View(w, h int) string {
	t := m.Env.Theme
	if len(m.ranks) == 0 {
		role, line := m.emptiness()
		return widget.Center(t.Paint(role, line.Truncate(w).String()), w, h)
	}
	return m.split.View(w, h, func(w, h int) string { return m.table.View(w, h, t) }, m.details, t)
}

// emptiness says why no queue is shown. None is said to hold dead letters only
// where all have been read.
func (m *All) emptiness() (themes.Role, text.Safe) {
	read, of, complete := 0, 0, true
	for _, c := range m.Env.Conns {
		s := c.Fleet.Snapshot()
		read, of = read+s.Known, of+len(s.Queues)
		complete = complete && s.ListComplete && !screen.Reading(s)
	}
	switch {
	case m.ranked.IsZero():
		return themes.Dim, text.Const("looking …")
	case !complete || read < of:
		return themes.Dim, text.Sprintf("no dead letters found so far: %s of %s queues read", format.Count(read), format.Count(of))
	}
	return themes.Good, text.Sprintf("✓ no dead letters: %s and none holds a message", are(m.empty))
}

func are(n int) string {
	if n == 1 {
		return "there is 1 dead-letter queue"
	}
	return fmt.Sprintf("there are %s dead-letter queues", format.Count(n))
}

// details are why a queue stands where it does.
func (m *All) details(w int) []string {
	t, r := m.Env.Theme, m.here()
	if r == nil {
		return nil
	}
	q, conn := r.Queue, m.conns[r.Queue.ARN]
	lines := widget.Paragraph(text.Clean(q.ARN.Name), themes.Strong, w, t)
	add := func(label, said string, role themes.Role) {
		lines = append(lines, widget.Fact(label, text.Clean(said), role, w, t)...)
	}
	add("harm", r.Reason, harms[r.Urgency].role)
	if r.Urgency != harm.Unread {
		add("holds", fmt.Sprintf("%s: %s visible, %s in flight, %s delayed", format.Count(r.Stored), format.Count(q.Visible), format.Count(q.InFlight), format.Count(q.Delayed)), themes.Text)
		add("keeps", format.Setting(q.Setting(backend.AttrMessageRetentionPeriod)), themes.Text)
		add("loss", lossWords(r.Loss, conn.Now()), lossRole(r.Loss, conn.Now()))
	}
	if r, read := m.readings[q.ARN]; read {
		add("read", fmt.Sprintf("%s, %s ago", format.Plural(r.Messages, "message"), format.Span(time.Since(r.At))), themes.Text)
	}
	if age, of := m.age(q); age != format.Unknown {
		add("oldest", strings.TrimSpace(age+" ago "+of), themes.Text)
	}
	if len(q.Trend) > 1 {
		lines = append(lines, widget.Fact("trend", text.Const(widget.Spark(q.Trend, min(40, w-labelW))), themes.Spark, w, t)...)
	}
	for i, arn := range q.Sources {
		label := ""
		if i == 0 {
			label = "sources"
		}
		said := arn.Name
		if s := conn.Queue(arn); s != nil && !s.AsOf.IsZero() {
			said += fmt.Sprintf(": %s visible, dead-letters after %s", format.Count(s.Visible), format.Plural(s.Redrive.MaxReceiveCount, "receive"))
		}
		add(label, said, themes.Text)
	}
	if q.Err != nil {
		add("error", q.Err.Error(), themes.Bad)
	}
	add("place", conn.Name+" · "+q.ARN.Region+" · "+q.ARN.Account, themes.Dim)
	return lines
}

// Status says how many there are, and how many hold nothing.
func (m *All) Status() text.Safe {
	if m.ranked.IsZero() {
		return text.Safe{}
	}
	s := text.Sprintf("by harm · %s", format.Plural(len(m.ranks), "queue"))
	if m.empty > 0 {
		s = text.Join(s, text.Sprintf(" · %s empty", format.Count(m.empty)))
	}
	return s
}

// Hint says what the order rests on.
func (m *All) Hint(w int) string {
	return m.Env.Theme.Paint(themes.Dim, text.Const("what is lost first, then what grows, then what holds most; nothing received").Truncate(w).String())
}

// Cursor stands on the row under the cursor in low motion.
func (m *All) Cursor() (x, y int, ok bool) {
	return 1, m.table.CursorY(), m.Env.LowMotion && len(m.ranks) > 0 && !m.split.Alone
}
