package queues

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// above is how many lines stand over the table.
func (m *Model) above() int { return len(m.head(m.width)) }

// head is what stands over the table: the filter while it is typed, and the
// places that could not be read anew.
func (m *Model) head(w int) []string {
	t := m.Env.Theme
	var lines []string
	if m.typing {
		lines = append(lines, widget.Fit(" "+t.Paint(themes.Accent, "/")+m.filter.View(w-3, t), w))
	}
	if m.wrong != nil {
		say := text.Sprintf("%s at %d; expected %s", m.wrong.Problem, m.wrong.Offset+1, m.wrong.Expected)
		role := themes.Bad
		if m.wrong.Unfinished() {
			role = themes.Dim
		}
		lines = append(lines, widget.Fit("  "+t.Paint(role, say.Truncate(w-3).String()), w))
	}
	for i, snap := range m.snaps {
		if snap.Err != nil {
			lines = append(lines, m.trouble(m.Env.Conns[i], snap, w)...)
		}
		if e := snap.MetricsErr; e != nil {
			say := text.Sprintf("no rates and ages of %s: %s: %s; M stops asking", m.Env.Conns[i].Name, e.Kind, e.Message)
			lines = append(lines, widget.Fit(t.Paint(themes.Warn, " ! "+say.Truncate(w-4).String()), w))
		}
	}
	return lines
}

// View draws the list, or says why there is none.
func (m *Model) View(w, h int) string {
	m.width = w
	head := m.head(w)
	h -= len(head)
	body := ""
	switch {
	case len(m.rows) > 0:
		body = m.table.View(w, h, m.Env.Theme)
	default:
		body = widget.Center(m.Env.Theme.Paint(themes.Dim, m.emptiness().Truncate(w).String()), w, h)
	}
	if len(head) == 0 {
		return body
	}
	return strings.Join(head, "\n") + "\n" + body
}

// emptiness says why no row is shown: an empty list is never shown for a list
// that could not be read.
func (m *Model) emptiness() text.Safe {
	failed := slices.ContainsFunc(m.snaps, func(s *fleet.Snapshot) bool { return s.Err != nil })
	listed := slices.ContainsFunc(m.snaps, func(s *fleet.Snapshot) bool { return !s.ListedAt.IsZero() })
	all := total(m.snaps)
	switch {
	case failed && all == 0:
		return text.Const("what queues there are is not known now; r tries again")
	case !listed:
		return text.Const("listing queues …")
	case all == 0:
		return text.Sprintf("no queues in %s; n makes one", m.Conn.Place.Region)
	case m.unknown > 0:
		return text.Sprintf("not known yet of %s", format.Plural(m.unknown, "queue"))
	case m.order.trouble && m.words() == "":
		return text.Sprintf("no trouble in %s; T shows all", format.Plural(all, "queue"))
	}
	return text.Sprintf("none of %s matches %s; esc in the filter shows all", format.Plural(all, "queue"), m.words())
}

// trouble is what stands over a list that could not be read anew: what happened,
// what to do, and how old the rows are. Of several places each has a line.
func (m *Model) trouble(conn *screen.Connection, snap *fleet.Snapshot, w int) []string {
	t, e := m.Env.Theme, snap.Err
	next := cmp.Or(e.Next, "r tries again")
	bad := func(s text.Safe) string { return widget.Fit(t.Paint(themes.Bad, " ✗ "+s.Truncate(w-4).String()), w) }
	if len(m.Env.Conns) > 1 {
		return []string{bad(text.Sprintf("%s: %s: %s; %s", conn.Name, e.Kind, e.Message, next))}
	}
	lines := []string{bad(text.Sprintf("%s: %s", e.Kind, e.Message))}
	warn := func(s text.Safe) string {
		return widget.Fit("   "+t.Paint(themes.Warn, s.Truncate(w-4).String()), w)
	}
	lines = append(lines, warn(text.Clean(next)))
	if !snap.ListedAt.IsZero() && len(m.rows) > 0 {
		lines = append(lines, warn(text.Sprintf("the rows below are %s old", format.Span(time.Since(snap.ListedAt)))))
	}
	return lines
}

// Status says the filter, the order and how far the reading has come.
func (m *Model) Status() text.Safe {
	var parts []string
	if w := m.words(); w != "" && !m.typing {
		parts = append(parts, "filter: "+w)
	}
	if m.unknown > 0 {
		parts = append(parts, "not known of "+format.Count(m.unknown))
	}
	if m.order.trouble {
		parts = append(parts, "only trouble")
	}
	if m.reading {
		tried := 0
		for _, s := range m.snaps {
			tried += s.Known
		}
		parts = append(parts, "read "+format.Count(tried)+" of "+format.Count(total(m.snaps)))
	}
	for _, s := range m.snaps {
		if p := s.Pace; p.Rate < p.Full && !p.Throttled.IsZero() {
			parts = append(parts, "throttled: "+format.Rate(p.Rate)+" of "+format.Rate(p.Full)+" requests/s")
			break
		}
	}
	arrow := " ↓"
	if m.order.reverse != (columns[m.order.by].value == nil) {
		arrow = " ↑"
	}
	parts = append(parts, "sort: "+columns[m.order.by].word+arrow)
	return text.Clean(strings.Join(parts, " · "))
}

// Hint says what the queue under the cursor is set to.
func (m *Model) Hint(w int) string {
	conn, q := m.here()
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
	return t.Paint(themes.Dim, settings(q, m.picture(conn)).Truncate(w).String())
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

// Cursor is in the filter while it is typed. In low motion it stands on the row
// that keys are about, for those who follow the terminal's own cursor.
func (m *Model) Cursor() (x, y int, ok bool) {
	switch {
	case m.typing:
		return 2 + m.filter.CursorX(), 0, true
	case m.Env.LowMotion && len(m.rows) > 0:
		return 1, m.above() + m.table.CursorY(), true
	}
	return 0, 0, false
}
