package deadletters

import (
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// headLines stand over the list of sources.
const headLines = 2

// View draws what the queue holds, its sources, and the move tasks.
func (m *Model) View(w, h int) string {
	t := m.Env.Theme
	lines := []string{m.holds(w), ""}
	tasks := m.taskLines(w)
	room := min(max(4, m.sources.Len()+1), max(4, h-len(lines)-len(tasks)-1))
	if m.sources.Len() == 0 {
		lines = append(lines, widget.Fit(" "+t.Paint(themes.Dim, text.Const("no RedrivePolicy that was read names this queue: it is nobody's dead-letter queue").Truncate(w-2).String()), w))
	} else {
		lines = append(lines, strings.Split(m.sources.View(w, room, t), "\n")...)
	}
	lines = append(lines, "")
	lines = append(lines, tasks...)
	for i := range lines {
		lines[i] = widget.Fit(lines[i], w)
	}
	for len(lines) < h {
		lines = append(lines, widget.Fit("", w))
	}
	return strings.Join(lines[:h], "\n")
}

// Cursor stands on the source under the cursor in low motion, for those who
// follow the terminal's own cursor.
func (m *Model) Cursor() (x, y int, ok bool) {
	return 1, headLines + m.sources.CursorY(), m.Env.LowMotion && m.sources.Len() > 0
}

// holds says in a sentence what is there and until when.
func (m *Model) holds(w int) string {
	t, q := m.Env.Theme, m.Conn.Queue(m.queue)
	if q == nil || q.AsOf.IsZero() {
		return " " + t.Paint(themes.Dim, "not read yet")
	}
	total := q.Visible + q.InFlight + q.Delayed
	s := text.Sprintf("%s holds %s", m.queue.Name, format.Plural(total, "message"))
	if q.InFlight+q.Delayed > 0 {
		s = text.Join(s, text.Sprintf(" (%d visible, %d in flight, %d delayed)", q.Visible, q.InFlight, q.Delayed))
	}
	s = text.Join(s, text.Sprintf(" · keeps them %s", format.Setting(q.Setting(backend.AttrMessageRetentionPeriod))))
	if !q.Oldest.IsZero() && total > 0 {
		s = text.Join(s, text.Sprintf(" · oldest sent %s ago", format.Span(m.Conn.Now().Sub(q.Oldest))))
	}
	role := themes.DLQ
	if total == 0 {
		role = themes.Good
	}
	return " " + t.Paint(role, s.Truncate(w-2).String())
}

func (m *Model) taskLines(w int) []string {
	t := m.Env.Theme
	lines := []string{" " + t.Paint(themes.Header, "MOVE TASKS") + t.Paint(themes.Dim, "  the last ten, newest first")}
	switch {
	case m.err != nil:
		e := backend.AsError(m.err)
		return append(lines, " "+t.Paint(themes.Bad, text.Sprintf("✗ %s: %s", e.Kind, e.Error()).Truncate(w-2).String()))
	case m.read.IsZero():
		return append(lines, " "+t.Paint(themes.Dim, "reading …"))
	case len(m.tasks) == 0:
		return append(lines, " "+t.Paint(themes.Dim, "none; m starts one"))
	}
	for _, task := range m.tasks {
		lines = append(lines, " "+m.taskLine(task, w-2))
	}
	return lines
}

// taskLine is a task: status, how far of the total that was fixed at its start,
// where to, how fast, and when it began.
func (m *Model) taskLine(task backend.MoveTask, w int) string {
	t := m.Env.Theme
	const bar = 16
	moved, total := int(task.ApproximateNumberOfMessagesMoved), int(task.ApproximateNumberOfMessagesToMove)
	line := t.Paint(roleOf(task.Status), text.Const(string(task.Status)).Pad(11).String()) +
		t.Paint(themes.Spark, widget.Bar(moved, total, bar)) + " " +
		t.Paint(themes.Number, text.Sprintf("%s of %s", format.Count(moved), format.Count(total)).Pad(13).String())
	to := "back to the sources"
	if task.DestinationArn != "" {
		to = "to " + task.DestinationArn
		if a, ok := backend.ParseARN(task.DestinationArn); ok {
			to = "to " + a.Name
		}
	}
	rest := to
	if task.MaxNumberOfMessagesPerSecond.Set {
		rest += text.Sprintf(" · %d/s", task.MaxNumberOfMessagesPerSecond.Value).String()
	}
	if task.FailureReason != "" {
		rest += " · " + task.FailureReason
	}
	if age := m.Conn.Now().Sub(task.Started); !task.Started.IsZero() {
		rest += " · " + format.Span(max(age, 0)) + " ago"
		if left := remaining(moved, total, age); task.Status == backend.TaskRunning && left > 0 {
			rest += " · " + format.Span(left) + " left"
		}
	}
	return line + t.Paint(themes.Text, text.Clean(rest).Truncate(max(0, w-11-bar-1-13)).String())
}

// remaining is how long the rest takes at the pace so far, or 0 where there is
// none yet.
func remaining(moved, total int, age time.Duration) time.Duration {
	if moved <= 0 || total <= moved || age <= 0 {
		return 0
	}
	return time.Duration(float64(age) / float64(moved) * float64(total-moved))
}

// Hint reminds of what a redrive does.
func (m *Model) Hint(w int) string {
	if task := m.running(); task != nil && task.Status == backend.TaskCancelling {
		return m.Env.Theme.Paint(themes.Warn, "cancelling is not done yet; a few more messages may move")
	}
	return m.Env.Theme.Paint(themes.Dim, text.Const("find the cause before you redrive: what fails again comes back with a new id").Truncate(w).String())
}
