package scene

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// study is what the details of the thing under the cursor need beyond the picture.
type study struct {
	of     id
	knobs  []backend.Knob // that are no faults
	faults []backend.Knob // that are switched on, of all queues too
	stored []backend.StoredMessage
	state  state     // of the queue when they were read
	read   time.Time // by the world's clock
}

type studied struct {
	study
	err error
}

// storedRoom is how many messages of a queue the details show.
const storedRoom = 12

// learn reads what the details need.
func (m *Model) learn() tea.Cmd {
	of, stage, browse := m.at, m.Conn.Stack.Stage, m.Conn.Stack.Browse
	if !m.seen || of == (id{}) {
		return nil
	}
	now := study{of: of, read: time.Now()}
	if n, ok := m.plan.find(of); ok && n.queue {
		now.state = stateOf(n.heap)
	}
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		out := studied{study: now}
		all, err := stage.Knobs(ctx)
		if err != nil {
			out.err = err
			return out
		}
		for _, k := range all {
			switch {
			case isFault(k) && k.Value != off && (k.Subject == backend.AllQueues || k.Subject == of.name):
				out.faults = append(out.faults, k)
			case !isFault(k) && k.Subject == of.name:
				out.knobs = append(out.knobs, k)
			}
		}
		if of.queue && browse != nil {
			out.stored, out.err = read(ctx, browse, of.name)
		}
		return out
	})
}

// studied takes what was read. Of something that is not under the cursor any more
// it says nothing; what could not be read is read again with the next tick.
func (m *Model) studied(s studied) {
	if s.err == nil && s.of == m.at {
		m.study = s.study
	}
}

// perused are the messages of a queue, read again.
type perused studied

// peruseEvery is how long the messages in the details stay at least.
const peruseEvery = time.Second / 4

// peruse reads the messages of the queue under the cursor again if it holds
// others by now, so that they agree with its counts.
func (m *Model) peruse(now time.Time) tea.Cmd {
	n, ok := m.plan.find(m.at)
	browse := m.Conn.Stack.Browse
	if !ok || !n.queue || browse == nil || m.study.of != m.at || now.Sub(m.study.read) < peruseEvery {
		return nil
	}
	state := stateOf(n.heap)
	if state == m.study.state {
		return nil
	}
	m.study.read, m.study.state = now, state
	of := m.at
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		out := perused{study: study{of: of}}
		out.stored, out.err = read(ctx, browse, of.name)
		return out
	})
}

func (m *Model) perused(p perused) {
	if p.err == nil && p.of == m.study.of {
		m.study.stored = p.stored
	}
}

// read reads the first messages of a queue. What may not be looked at, at the
// level view, is left out.
func read(ctx context.Context, browse backend.Browser, queue string) ([]backend.StoredMessage, error) {
	page, err := browse.Browse(ctx, backend.BrowseInput{QueueUrl: queue, Limit: storedRoom})
	if k := backend.KindOf(err); err != nil && (k == backend.KindDenied || k == backend.KindNotFound) {
		return nil, nil
	}
	return page.Messages, err
}

// state is what a queue has counted: as long as that stays, so do its messages.
type state struct {
	visible, inFlight, delayed int
	sent, received, deleted    uint64
}

func stateOf(q *backend.QueueHeap) state {
	return state{q.Visible, q.InFlight, q.Delayed, q.Sent, q.Received, q.Deleted}
}

// forget takes away what is no longer in the queue, of which an event tells.
func (s *study) forget(e *backend.Event) {
	switch e.Kind {
	case backend.EventDeleted, backend.EventExpired, backend.EventDeadLettered, backend.EventMoved:
		s.stored = slices.DeleteFunc(s.stored, func(m backend.StoredMessage) bool {
			return m.MessageId == e.MessageId && named(e.QueueArn, s.of.name)
		})
	case backend.EventPurged, backend.EventQueueDeleted:
		if named(e.QueueArn, s.of.name) {
			s.stored = nil
		}
	}
}

// isFault tells the knobs that are troubles.
func isFault(k backend.Knob) bool {
	return slices.Contains(backend.FaultKinds(), backend.FaultKind(k.Name))
}

// off is the value of a fault that does not happen.
const off = "0"

// details are what is known of the thing under the cursor, and before that the
// life of the message that is followed.
func (m *Model) details(w int, long bool) []string {
	n, ok := m.plan.find(m.at)
	if !ok {
		return nil
	}
	out := append(m.lifeLines(w, long), m.faultLines(w)...)
	if n.queue {
		out = append(out, m.queueLines(n.heap, w)...)
	} else {
		out = append(out, m.actorLines(n.actor, w)...)
	}
	out = append(out, m.knobLines(w)...)
	if n.queue {
		out = append(out, m.eventLines(n.heap.ARN.String(), w, long)...)
	}
	return out
}

func (m *Model) heading(s string) string { return m.Env.Theme.Paint(themes.Title, s) }

func (m *Model) queueLines(q *backend.QueueHeap, w int) []string {
	t := m.Env.Theme
	kind := "standard queue"
	if q.ARN.FIFO() {
		kind = "FIFO queue"
	}
	out := []string{t.Paint(themes.Strong, text.Clean(q.ARN.Name).TruncateMiddle(w).String()), t.Paint(themes.Dim, kind+" · "+format.Setting(q.VisibilityTimeout)+" visibility")}
	add := func(label string, value text.Safe, role themes.Role) {
		out = append(out, widget.Fact(label, value, role, w, t)...)
	}
	add("holds", text.Clean(holds(q)), themes.Text)
	add("in all", text.Sprintf("%s came · %s received · %s deleted", format.Count(int(q.Sent)), format.Count(int(q.Received)), format.Count(int(q.Deleted))), themes.Text)
	if q.Expired > 0 {
		add("lost", text.Sprintf("%s at the end of their retention", format.Count(int(q.Expired))), themes.Bad)
	}
	if d, ok := backend.ParseARN(q.DLQ); ok {
		add("redrive", text.Sprintf("to %s after %s", d.Name, format.Plural(q.MaxReceiveCount, "receive")), themes.DLQ)
	}
	if !q.Oldest.IsZero() {
		add("oldest", text.Sprintf("sent %s ago", format.Span(m.picture.At.Sub(q.Oldest))), themes.Text)
	}
	if m.study.of != m.at || len(m.study.stored) == 0 {
		return out
	}
	out = append(out, m.heading("Messages"))
	for i := range m.study.stored {
		out = append(out, m.storedLine(&m.study.stored[i], w))
	}
	if more := q.Stored() - len(m.study.stored); more > 0 {
		out = append(out, t.Paint(themes.Dim, text.Sprintf("and %s more: o shows them", format.Count(more)).Truncate(w).String()))
	}
	return out
}

// holds are the counts of a queue that are not zero.
func holds(q *backend.QueueHeap) string {
	var out []string
	for _, part := range []struct {
		n    int
		word string
	}{{q.Visible, "visible"}, {q.InFlight, "in flight"}, {q.Delayed, "delayed"}} {
		if part.n > 0 {
			out = append(out, format.Count(part.n)+" "+part.word)
		}
	}
	if len(out) == 0 {
		return "nothing"
	}
	return strings.Join(out, " · ")
}

// groupRoom is how wide a message group is at most where its message has a line.
const groupRoom = 10

// storedLine is a message in a queue, with its group if it has one.
func (m *Model) storedLine(s *backend.StoredMessage, w int) string {
	glyph, role := visibleGlyph, themes.Text
	words := "visible"
	switch s.State {
	case backend.StateInFlight:
		glyph, role, words = inFlightGlyph, themes.Number, "in flight"
	case backend.StateDelayed:
		glyph, role, words = delayedGlyph, themes.Dim, "delayed"
	}
	if !s.Until.IsZero() {
		words += " " + brief(s.Until.Sub(m.picture.At))
	}
	if n := s.Receives(); n > 0 {
		words += " · " + format.Plural(n, "receive")
	}
	mark := ""
	if s.MessageId == m.follow && m.follow != "" {
		mark = followed
	}
	if g := s.Attributes[backend.SysMessageGroupId]; g != "" {
		mark += " " + text.Clean(g).Truncate(groupRoom).String()
	}
	return m.Env.Theme.Paint(role, text.Sprintf("%s %s%s %s", glyph, short(s.MessageId), mark, words).Truncate(w).String())
}

// faultLines are the faults that the thing under the cursor has to take.
func (m *Model) faultLines(w int) []string {
	if m.study.of != m.at {
		return nil
	}
	t := m.Env.Theme
	var out []string
	for _, f := range m.study.faults {
		whose := "here"
		if f.Subject == backend.AllQueues {
			whose = "in all queues"
		}
		out = append(out, t.Paint(themes.Warn, text.Sprintf("! %s %s, chance %s", f.Name, whose, f.Value).Truncate(w).String()))
	}
	return out
}

// knobLines are the knobs of the thing under the cursor.
func (m *Model) knobLines(w int) []string {
	t := m.Env.Theme
	if m.study.of != m.at {
		return nil
	}
	var out []string
	room := knobRoom(m.study.knobs)
	for i, k := range m.study.knobs {
		if i == 0 {
			out = append(out, m.heading("Knobs"))
		}
		out = append(out, t.Paint(themes.Dim, text.Clean(k.Name).Pad(room).String())+"  "+t.Paint(themes.Text, text.Clean(k.Value).Truncate(max(0, w-room-2)).String()))
	}
	return out
}

// knobRoom is how wide the names of knobs are, within reason.
func knobRoom(all []backend.Knob) int {
	w := 0
	for _, k := range all {
		w = max(w, text.Clean(k.Name).Width())
	}
	return min(w, 30)
}
