package queues

import (
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// The columns of the table, in order.
const (
	colName = iota
	colMark
	colType
	colVisible
	colInFlight
	colDelayed
	colOldest
	colIn
	colOut
	colTrend
)

// The trend takes the room that is left: a cell is 5 s.
const (
	minTrend = 10
	maxTrend = 60
)

func newTable() *widget.Table[backend.ARN] {
	return widget.NewTable[backend.ARN]([]widget.Column{
		colName:     {Title: "NAME", Min: 18, Max: 60},
		colMark:     {Title: "", Min: 3, Max: 3},
		colType:     {Title: "TYPE", Min: 4, Max: 4, Priority: 5},
		colVisible:  {Title: "VISIBLE", Min: 8, Max: 11, Right: true},
		colInFlight: {Title: "IN FLIGHT", Min: 9, Max: 9, Right: true},
		colDelayed:  {Title: "DELAYED", Min: 7, Max: 9, Right: true, Priority: 3},
		colOldest:   {Title: "OLDEST", Min: 7, Max: 8, Right: true, Priority: 2},
		colIn:       {Title: "IN/s", Min: 6, Max: 6, Right: true, Priority: 6},
		colOut:      {Title: "OUT/s", Min: 6, Max: 6, Right: true, Priority: 7},
		colTrend:    {Title: "TREND", Min: minTrend, Max: maxTrend, Flex: 1, Right: true, Priority: 4},
	})
}

var sortMark = map[column]int{byBacklog: colVisible, byName: colName, byInFlight: colInFlight, byDelayed: colDelayed, byOldest: colOldest, byIn: colIn, byOut: colOut}

// fill gives the rows to the table, which asks only for those it draws.
func (m *Model) fill() {
	m.recent.q = nil
	m.table.SetSort(sortMark[m.order.by], m.order.reverse == (m.order.by != byName))
	m.table.SetRows(len(m.rows), func(i int) backend.ARN { return m.rows[i].q.ARN }, m.cell)
}

// View draws the list, or says why there is none.
func (m *Model) View(w, h int) string {
	above := []string{}
	if m.typing {
		above = append(above, widget.Fit(" "+m.Env.Theme.Paint(themes.Accent, "/")+m.filter.View(w-3, m.Env.Theme), w))
	}
	if e := m.snap.Err; e != nil {
		above = append(above, m.trouble(e, w)...)
	}
	h -= len(above)
	m.trend = min(max(minTrend, w-100), maxTrend)
	body := ""
	switch {
	case len(m.rows) > 0:
		body = m.table.View(w, h, m.Env.Theme)
	default:
		body = widget.Center(m.Env.Theme.Paint(themes.Dim, m.emptiness().String()), w, h)
	}
	if len(above) == 0 {
		return body
	}
	return strings.Join(above, "\n") + "\n" + body
}

// emptiness says why no row is shown: an empty list is never shown for a list
// that could not be read.
func (m *Model) emptiness() text.Safe {
	switch {
	case m.snap.Err != nil && len(m.snap.Queues) == 0:
		return text.Const("what queues there are is not known now; r tries again")
	case m.snap.ListedAt.IsZero():
		return text.Const("listing queues …")
	case len(m.snap.Queues) == 0:
		return text.Sprintf("no queues in %s", m.Conn.Place.Region)
	}
	return text.Sprintf("none of %s matches %s; esc in the filter shows all", format.Plural(len(m.snap.Queues), "queue"), m.order.words)
}

// trouble is the panel over a list that could not be read anew: what happened,
// what to do, and how old the rows are.
func (m *Model) trouble(e *backend.Error, w int) []string {
	t := m.Env.Theme
	lines := []string{widget.Fit(t.Paint(themes.Bad, " ✗ "+text.Sprintf("%s: %s", e.Kind, e.Message).Truncate(w-4).String()), w)}
	next := e.Next
	if next == "" {
		next = "r tries again"
	}
	lines = append(lines, widget.Fit("   "+t.Paint(themes.Warn, text.Clean(next).Truncate(w-4).String()), w))
	if !m.snap.ListedAt.IsZero() && len(m.rows) > 0 {
		old := "the rows below are " + format.Span(time.Since(m.snap.ListedAt)) + " old"
		lines = append(lines, widget.Fit("   "+t.Paint(themes.Warn, old), w))
	}
	return lines
}

func (m *Model) cell(i, col int) widget.Cell {
	q := m.at(i)
	known := !q.AsOf.IsZero()
	switch col {
	case colName:
		return nameCell(q, m.rows[i].child)
	case colMark:
		if len(q.Sources) > 0 {
			return widget.Cell{Text: text.Const("DLQ"), Role: themes.DLQ}
		}
		return widget.Cell{}
	case colType:
		if q.FIFO {
			return widget.Cell{Text: text.Const("fifo"), Role: themes.Fifo}
		}
		return widget.Cell{Text: text.Const("std"), Role: themes.Dim}
	case colVisible:
		if q.Err != nil && !known {
			return widget.Cell{Text: text.Const(q.Err.Kind.String()), Role: themes.Bad}
		}
		return count(q.Visible, known)
	case colInFlight:
		return count(q.InFlight, known)
	case colDelayed:
		return count(q.Delayed, known)
	case colOldest:
		if q.Oldest.IsZero() {
			return unknown()
		}
		return widget.Cell{Text: text.Const(format.Span(m.Conn.Now().Sub(q.Oldest))), Role: themes.Text}
	case colIn:
		return rate(q.Rates.In, q.Rates.InKnown)
	case colOut:
		return rate(q.Rates.Out, q.Rates.OutKnown)
	}
	return widget.Cell{Text: text.Const(widget.Spark(q.Trend, m.trend)), Role: themes.Spark}
}

func nameCell(q *fleet.Queue, child bool) widget.Cell {
	name := text.Clean(q.ARN.Name)
	if child {
		name = text.Join(text.Const("└ "), name)
	}
	return widget.Cell{Text: name, Role: themes.Strong}
}

func count(n int, known bool) widget.Cell {
	switch {
	case !known:
		return unknown()
	case n == 0:
		return widget.Cell{Text: text.Const("0"), Role: themes.Dim}
	}
	return widget.Cell{Text: text.Const(format.Count(n)), Role: themes.Number}
}

func rate(r float64, known bool) widget.Cell {
	switch {
	case !known:
		return unknown()
	case r == 0:
		return widget.Cell{Text: text.Const("0.0"), Role: themes.Dim}
	}
	return widget.Cell{Text: text.Const(format.Rate(r)), Role: themes.Number}
}

func unknown() widget.Cell { return widget.Cell{Text: text.Const(format.Unknown), Role: themes.Faint} }

// Hint says what the queue under the cursor is set to.
func (m *Model) Hint(w int) string {
	q := m.queue()
	if q == nil {
		return ""
	}
	t := m.Env.Theme
	if q.Err != nil {
		return t.Paint(themes.Bad, text.Sprintf("%s: %s", q.ARN.Name, q.Err.Error()).Truncate(w).String())
	}
	if q.AsOf.IsZero() {
		return t.Paint(themes.Dim, text.Sprintf("%s · not read yet", q.ARN.Name).Truncate(w).String())
	}
	return t.Paint(themes.Dim, settings(q, m.snap).Truncate(w).String())
}

// settings is a queue in one line: "orders · 30 s visibility · 4 d retention …".
func settings(q *fleet.Queue, snap *fleet.Snapshot) text.Safe {
	parts := []string{q.ARN.Name}
	a := q.Setting
	parts = append(parts, format.Setting(a(backend.AttrVisibilityTimeout))+" visibility", format.Setting(a(backend.AttrMessageRetentionPeriod))+" retention")
	if d := a(backend.AttrDelaySeconds); d > 0 {
		parts = append(parts, format.Setting(d)+" delay")
	}
	if q.DLQ != nil {
		parts = append(parts, "redrives to "+q.DLQ.Name+" after "+format.Count(q.Redrive.MaxReceiveCount))
		if snap.Queue(*q.DLQ) == nil && snap.ListComplete {
			parts[len(parts)-1] += ", which does not exist"
		}
	}
	if n := len(q.Sources); n > 0 {
		from := q.Sources[0].Name
		if n > 1 {
			from += " and " + format.Plural(n-1, "other queue")
		}
		parts = append(parts, "dead letters of "+from)
	}
	return text.Clean(strings.Join(parts, " · "))
}

// Cursor is in the filter while it is typed.
func (m *Model) Cursor() (x, y int, ok bool) {
	if !m.typing {
		return 0, 0, false
	}
	return 2 + m.filter.CursorX(), 0, true
}
