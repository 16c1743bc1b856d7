package messages

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sqscope/backend"
	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// The columns of the list.
const (
	colSent = iota
	colState
	colReceives
	colGroup
	colSize
	colBody
)

// previewBytes is how much of a body is made safe for its row.
const previewBytes = 400

func newTable(fifo bool) *widget.Table[string] {
	group := widget.Column{Title: "", Priority: 9}
	if fifo {
		group = widget.Column{Title: "GROUP", Min: 6, Max: 14}
	}
	return widget.NewTable[string]([]widget.Column{
		colSent:     {Title: "SENT", Min: 7, Max: 8, Right: true},
		colState:    {Title: "STATE", Min: 7, Max: 17},
		colReceives: {Title: "RECV", Min: 4, Max: 7, Right: true},
		colGroup:    group,
		colSize:     {Title: "SIZE", Min: 6, Max: 9, Right: true, Priority: 2},
		colBody:     {Title: "BODY", Min: 12, Max: 400, Flex: 1},
	})
}

// narrow keeps the messages that the filter lets through, in order.
func (m *Model) narrow() {
	words := strings.Fields(strings.ToLower(m.words))
	m.rows = m.all
	if len(words) > 0 {
		m.rows = nil
		for _, msg := range m.all {
			if contains(msg, words) {
				m.rows = append(m.rows, msg)
			}
		}
	}
	m.table.SetRows(len(m.rows), func(i int) string { return m.rows[i].MessageId }, m.cell)
}

// contains tells whether every word is somewhere in the message: its id, group,
// attributes or body.
func contains(msg peek.Message, words []string) bool {
	hay := []string{strings.ToLower(msg.Body), strings.ToLower(msg.MessageId), strings.ToLower(msg.GroupId())}
	for name, a := range msg.MessageAttributes {
		hay = append(hay, strings.ToLower(name+"="+a.StringValue.Value))
	}
	for _, w := range words {
		found := false
		for _, h := range hay {
			found = found || strings.Contains(h, w)
		}
		if !found {
			return false
		}
	}
	return true
}

func (m *Model) cell(i, col int) widget.Cell {
	msg := m.rows[i]
	switch col {
	case colSent:
		return widget.Cell{Text: text.Const(m.age(sentAt(msg))), Role: themes.Text}
	case colState:
		return m.stateCell(msg)
	case colReceives:
		return m.receivesCell(msg)
	case colGroup:
		return widget.Cell{Text: text.Clean(msg.GroupId()), Role: themes.Fifo}
	case colSize:
		return widget.Cell{Text: text.Const(format.Size(len(msg.Body))), Role: themes.Dim}
	}
	return widget.Cell{Text: preview(msg.Body), Role: themes.Text}
}

// preview is the beginning of a body on one line.
func preview(body string) text.Safe {
	body = strings.TrimLeft(body, " \t\r\n")
	more := text.Safe{}
	if len(body) > previewBytes {
		end := previewBytes
		for end > 0 && !utf8.RuneStart(body[end]) {
			end--
		}
		body, more = body[:end], text.Const("…")
	}
	return text.Join(text.Clean(strings.Join(strings.Fields(body), " ")), more)
}

func (m *Model) age(t time.Time) string {
	if t.IsZero() {
		return format.Unknown
	}
	return format.Span(m.Conn.Now().Sub(t))
}

// stateCell says in words where the message stands, and until when.
func (m *Model) stateCell(msg peek.Message) widget.Cell {
	until := ""
	if !msg.Until.IsZero() {
		now := m.Conn.Now()
		if !m.free {
			now = time.Now() // a lease runs on our own clock
		}
		until = " " + format.Span(msg.Until.Sub(now))
	}
	switch msg.State {
	case backend.StateVisible:
		return widget.Cell{Text: text.Const("visible"), Role: themes.Good}
	case backend.StateInFlight:
		if !msg.LeaseEnds.IsZero() {
			return widget.Cell{Text: text.Const("leased" + until), Role: themes.Accent}
		}
		return widget.Cell{Text: text.Const("in flight" + until), Role: themes.Warn}
	case backend.StateDelayed:
		return widget.Cell{Text: text.Const("delayed" + until), Role: themes.Dim}
	}
	return widget.Cell{Text: text.Const("given back"), Role: themes.Dim}
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

func sentAt(msg peek.Message) time.Time { return millis(msg, backend.SysSentTimestamp) }

func millis(msg peek.Message, name string) time.Time {
	ms, err := strconv.ParseInt(msg.Attributes[name], 10, 64)
	if err != nil {
		return time.Time{} // absent
	}
	return time.UnixMilli(ms)
}
