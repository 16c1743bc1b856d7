package queues

import (
	"time"

	"sqscope/backend/fleet"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// old is from when on numbers are grey: they were read several times as long ago
// as rows on the screen are.
const old = 30 * time.Second

// soon is how near a loss is when it is shown as one.
const soon = 24 * time.Hour

func (m *Model) cell(i, col int) widget.Cell {
	r := m.rows[i]
	return columns[m.at[col]].cell(m, r, m.now(i))
}

func (m *Model) pinned(r row) bool { return sight{pins: m.pins, names: m.Env.Pins}.pinned(r) }

func (m *Model) nameCell(r row, q *fleet.Queue) widget.Cell {
	prefix, role := "", themes.Strong
	if m.pinned(r) {
		prefix = "* "
	}
	if q.Err != nil { // its numbers are those of before
		prefix, role = prefix+"✗ ", themes.Bad
	}
	if r.child {
		prefix = "└ " + prefix
	}
	c := widget.Cell{Text: text.Join(text.Const(prefix), text.Clean(q.ARN.Name)), Role: role}
	if !m.order.query.Empty() {
		m.found = m.order.query.Highlight(q.ARN.Name, m.found[:0])
		for _, at := range m.found {
			c.Found = append(c.Found, at+len(prefix))
		}
	}
	return c
}

func (m *Model) visibleCell(_ row, q *fleet.Queue) widget.Cell {
	if q.Err != nil && q.AsOf.IsZero() {
		return widget.Cell{Text: text.Const(q.Err.Kind.String()), Role: themes.Bad}
	}
	return count(q, q.Visible)
}

// counts is a cell with one of the three counts.
func counts(n func(*fleet.Queue) int) func(*Model, row, *fleet.Queue) widget.Cell {
	return func(_ *Model, _ row, q *fleet.Queue) widget.Cell { return count(q, n(q)) }
}

func count(q *fleet.Queue, n int) widget.Cell {
	switch {
	case q.AsOf.IsZero():
		return unknown()
	case q.Err != nil || time.Since(q.AsOf) > old:
		return widget.Cell{Text: text.Const(format.Count(n)), Role: themes.Dim}
	case n == 0:
		return widget.Cell{Text: text.Const("0"), Role: themes.Dim}
	}
	return widget.Cell{Text: text.Const(format.Count(n)), Role: themes.Number}
}

func rates(rate func(fleet.Rates) (float64, bool)) func(*Model, row, *fleet.Queue) widget.Cell {
	return func(_ *Model, _ row, q *fleet.Queue) widget.Cell {
		switch r, known := rate(q.Rates); {
		case !known:
			return unknown()
		case r == 0:
			return widget.Cell{Text: text.Const("0.0"), Role: themes.Dim}
		default:
			return widget.Cell{Text: text.Const(format.Rate(r)), Role: themes.Number}
		}
	}
}

func (m *Model) netCell(_ row, q *fleet.Queue) widget.Cell {
	switch r := q.Rates; {
	case !r.NetKnown:
		return unknown()
	case r.Net > 0:
		return widget.Cell{Text: text.Const("+" + format.Rate(r.Net)), Role: themes.Warn}
	case r.Net < 0:
		return widget.Cell{Text: text.Const("-" + format.Rate(-r.Net)), Role: themes.Good}
	}
	return widget.Cell{Text: text.Const("0.0"), Role: themes.Dim}
}

func (m *Model) drainCell(_ row, q *fleet.Queue) widget.Cell {
	if !q.Rates.DrainKnown {
		return unknown()
	}
	return widget.Cell{Text: text.Const(format.Span(q.Rates.Drain)), Role: themes.Number}
}

func (m *Model) oldestCell(r row, q *fleet.Queue) widget.Cell {
	if q.Oldest.IsZero() {
		return unknown()
	}
	return widget.Cell{Text: text.Const(format.Span(r.conn.Now().Sub(q.Oldest))), Role: themes.Text}
}

// lossCell tells when the first dead letter is lost. CloudWatch tells the age of
// the oldest message that is visible, so there the loss is no later than that.
func (m *Model) lossCell(r row, q *fleet.Queue) widget.Cell {
	if !q.IsDLQ() || q.AsOf.IsZero() || q.Stored() == 0 {
		return widget.Cell{}
	}
	d, ok := loss(q, r.conn.Now())
	if !ok {
		return widget.Cell{Text: text.Const("?"), Role: themes.Warn}
	}
	role, bound := themes.Text, ""
	if d < soon {
		role = themes.Bad
	}
	if !r.conn.Place.Embedded {
		bound = "≤"
	}
	return widget.Cell{Text: text.Const(bound + format.Span(max(d, 0))), Role: role}
}

func unknown() widget.Cell { return widget.Cell{Text: text.Const(format.Unknown), Role: themes.Faint} }
