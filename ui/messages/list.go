package messages

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// previewBytes is how much of a body is made safe for its row.
const previewBytes = 400

// soon is how near the end of a message's retention is when it is shown as a loss.
const soon = 24 * time.Hour

// order is how the list is sorted.
type order struct {
	by      string // a column; "": as the queue has them, or as they came
	reverse bool
}

// sortedBy is the column that is sorted by, of those that are listed, or -1.
func (m *Model) sortedBy() int {
	return slices.IndexFunc(m.listed, func(c column) bool { return c.id == m.order.by })
}

// ascends tells whether the smallest of a column that is sorted by stands first:
// texts do that, numbers the other way round.
func (m *Model) ascends(c column) bool {
	for _, msg := range m.rows {
		if v := c.sort(m, msg); v.known {
			return m.order.reverse == v.isNumber
		}
	}
	return m.order.reverse
}

// arrange puts those messages that are to be shown in order.
func (m *Model) arrange() {
	m.rows = make([]*peek.Message, 0, len(m.all))
	m.find.pending, m.find.failed, m.find.found = 0, 0, 0
	for i := range m.all {
		msg := &m.all[i]
		if m.finding() {
			f := m.fact(msg)
			switch {
			case f == nil:
				m.find.pending++
			case f.found:
				m.find.found++
			case f.failed:
				m.find.failed++
			}
			if !m.find.all && (f == nil || !f.found) {
				continue
			}
		}
		if m.group == nil || msg.GroupId() == *m.group {
			m.rows = append(m.rows, msg)
		}
	}
	m.sort()
	m.table.SetRows(len(m.rows), func(i int) string { return m.rows[i].MessageId }, m.cell)
	m.gather()
}

// sort sorts the rows by the column that was chosen; equals stay as they were.
func (m *Model) sort() {
	at := m.sortedBy()
	if at < 0 {
		return
	}
	type row struct {
		*peek.Message
		value
	}
	rows := make([]row, len(m.rows))
	for i, msg := range m.rows {
		rows[i] = row{msg, m.listed[at].sort(m, msg)}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return compare(a.value, b.value, m.order.reverse) })
	for i := range rows {
		m.rows[i] = rows[i].Message
	}
}

// nextSort sorts by the next column, and after the last as the messages came.
func (m *Model) nextSort() tea.Cmd {
	at := m.sortedBy() + 1
	m.order = order{}
	if at < len(m.listed) {
		m.order.by = m.listed[at].id
	}
	return m.sorted()
}

func (m *Model) reverse() tea.Cmd {
	m.order.reverse = !m.order.reverse
	return m.sorted()
}

// unsorted is why the order cannot be turned round.
func (m *Model) unsorted() string {
	if m.order.by == "" {
		return "the messages stand as the queue has them; o sorts by a column"
	}
	return ""
}

func (m *Model) sorted() tea.Cmd {
	m.arrange()
	m.sign()
	return m.follow()
}

func (m *Model) cell(i, col int) widget.Cell {
	msg := m.rows[i]
	if col == signColumn {
		if m.matches(msg) {
			return widget.Cell{Text: text.Const("»"), Role: themes.Accent}
		}
		return widget.Cell{}
	}
	return m.listed[col-1].cell(m, msg)
}

// bodyCell is how a body begins, with what is looked for in it.
func (m *Model) bodyCell(msg *peek.Message) widget.Cell {
	c := widget.Cell{Text: m.beginning(msg), Role: themes.Text}
	if m.finding() && m.find.find.Query == nil {
		s := c.Text.String()
		for _, span := range m.find.find.Spans(s, 20) {
			for at := span.Start; at < span.End; at++ {
				if s[at] < utf8.RuneSelf {
					c.Found = append(c.Found, at)
				}
			}
		}
	}
	return c
}

// beginning is how a body begins, as masks leave it.
func (m *Model) beginning(msg *peek.Message) text.Safe {
	if len(m.Env.MasksFor(m.queue, msg.Message)) == 0 {
		return preview(msg.Body)
	}
	if f := m.facts[msg.MessageId]; f != nil {
		return f.begins
	}
	return text.Const("…")
}

// preview is the beginning of a body on one line.
func preview(body string) text.Safe { return text.Beginning(body, previewBytes) }

func (m *Model) age(t time.Time) string {
	if t.IsZero() {
		return format.Unknown
	}
	return format.Span(m.Conn.Now().Sub(t))
}

// stateCell says in words where the message stands, and until when, if there is
// room for all of that.
func (m *Model) stateCell(msg peek.Message) widget.Cell {
	word, role := "given back", themes.Dim
	switch {
	case msg.State == backend.StateVisible:
		return widget.Cell{Text: text.Const("visible"), Role: themes.Good}
	case msg.State == backend.StateInFlight && !msg.LeaseEnds.IsZero():
		word, role = "leased", themes.Accent
	case msg.State == backend.StateInFlight:
		word, role = "in flight", themes.Warn
	case msg.State == backend.StateDelayed:
		word = "delayed"
	default:
		return widget.Cell{Text: text.Const(word), Role: role}
	}
	if msg.Until.IsZero() {
		return widget.Cell{Text: text.Const(word), Role: role}
	}
	now := m.Conn.Now()
	if !m.look.Free {
		now = time.Now() // a lease runs on our own clock
	}
	whole := text.Const(word + " " + format.Span(msg.Until.Sub(now)))
	return widget.Cell{Text: whole, Role: role, Fill: func(w int) text.Safe {
		if whole.Width() > w {
			return text.Const(word)
		}
		return whole
	}}
}

func (m *Model) leaseCell(msg *peek.Message) widget.Cell {
	left := time.Until(msg.LeaseEnds)
	switch {
	case left <= 0:
		return widget.Cell{Text: text.Const(format.Unknown), Role: themes.Faint}
	case left < 5*time.Second:
		return widget.Cell{Text: text.Const(format.Span(left) + "!"), Role: themes.Warn}
	}
	return widget.Cell{Text: text.Const(format.Span(left)), Role: themes.Accent}
}

// lostCell is how long a message is still kept: from when it was sent, in a
// dead-letter queue too, but for FIFO ones, where that is not known (docs/SQS.md
// 6.2).
func (m *Model) lostCell(msg *peek.Message) widget.Cell {
	if msg.Expires.IsZero() {
		return widget.Cell{Text: text.Const(format.Unknown), Role: themes.Faint}
	}
	left, role := msg.Expires.Sub(m.Conn.Now()), themes.Text
	if left < soon {
		role = themes.Bad
	}
	return widget.Cell{Text: text.Const(format.Span(max(left, 0))), Role: role}
}

// receivesCell warns when the next receive is the last, or dead-letters it.
func (m *Model) receivesCell(msg peek.Message) widget.Cell {
	limit := m.maxReceives()
	s, role := strconv.Itoa(msg.ReceiveCount), themes.Dim
	if msg.ReceiveCount > 0 {
		role = themes.Number
	}
	if limit > 0 {
		s += "/" + strconv.Itoa(limit)
		if msg.ReceiveCount >= limit {
			role = themes.Bad
		} else if msg.ReceiveCount == limit-1 {
			role = themes.Warn
		}
	}
	return widget.Cell{Text: text.Const(s), Role: role}
}

func (m *Model) maxReceives() int {
	if q := m.Conn.Queue(m.queue); q != nil {
		return q.Redrive.MaxReceiveCount
	}
	return 0
}
