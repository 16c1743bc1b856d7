package scene

import (
	"slices"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// How many events the details show beside the picture, and alone.
const (
	someEvents = 12
	manyEvents = 200
)

// eventLines are the last events of a queue.
func (m *Model) eventLines(arn string, w int, long bool) []string {
	n := someEvents
	if long {
		n = manyEvents
	}
	out := []string{m.heading("Events, the last one first")}
	m.log.each(func(e *backend.Event) bool {
		if e.QueueArn == arn || e.To == arn {
			out = append(out, m.eventLine(e, true, arn, w))
		}
		return len(out) <= n
	})
	if len(out) == 1 {
		return nil
	}
	return append(out, m.gapLine(w)...)
}

// gapLine says which events are not known.
func (m *Model) gapLine(w int) []string {
	t := m.Env.Theme
	if m.log.since.IsZero() {
		return nil
	}
	line := text.Sprintf("what was before %s is not known", format.Clock(m.log.since, m.Env.UTC))
	if m.log.dropped > 0 {
		line = text.Sprintf("%s missed; since %s all are known", format.Plural(int(m.log.dropped), "event"), format.Clock(m.log.since, m.Env.UTC))
	}
	return []string{t.Paint(themes.Dim, line.Truncate(w).String())}
}

// lifeLines are the life of the message that is followed.
func (m *Model) lifeLines(w int, long bool) []string {
	if m.follow == "" {
		return nil
	}
	t := m.Env.Theme
	head, where := text.Sprintf("%s message %s", followed, short(m.follow)), text.Clean(m.whereabouts())
	out := []string{t.Paint(themes.Accent, head.String())}
	switch {
	case where.Empty():
	case head.Width()+widget.Width(" · ")+where.Width() <= w:
		out[0] += t.Paint(themes.Dim, " · "+where.String())
	default:
		out = append(out, t.Paint(themes.Dim, where.Truncate(w).String()))
	}
	life := m.log.life
	if n := someEvents; !long && len(life) > n {
		life = life[len(life)-n:]
	}
	if len(life) == 0 {
		out = append(out, widget.Paragraph(text.Const("nothing has happened to it since the scene was opened"), themes.Dim, w, t)...)
	}
	for i := range life {
		out = append(out, m.eventLine(&life[i], false, "", w))
	}
	return append(out, "")
}

// whereabouts is where the message is that is followed, as far as that is known.
func (m *Model) whereabouts() string {
	for i := range m.picture.Actors {
		f := &m.picture.Actors[i]
		for j := range f.Hands {
			if h := &f.Hands[j]; slices.Contains(h.Messages, m.follow) {
				return "with " + f.Name + " for " + brief(m.picture.At.Sub(h.Since))
			}
		}
	}
	if len(m.log.life) == 0 {
		return ""
	}
	e := &m.log.life[len(m.log.life)-1]
	queue, _ := backend.ParseARN(e.QueueArn)
	if to, ok := backend.ParseARN(e.To); ok {
		queue = to
	}
	switch e.Kind {
	case backend.EventDeleted, backend.EventExpired, backend.EventDuplicate:
		return "gone"
	case backend.EventReceived:
		return "in flight in " + queue.Name
	}
	return "in " + queue.Name
}

// holdsFollowed tells where the message that is followed is to be marked.
func (m *Model) holdsFollowed(n *node) bool {
	if m.follow == "" {
		return false
	}
	if !n.queue {
		return slices.ContainsFunc(n.actor.Hands, func(h backend.Hand) bool { return slices.Contains(h.Messages, m.follow) })
	}
	if len(m.log.life) == 0 {
		return slices.ContainsFunc(m.study.stored, func(s backend.StoredMessage) bool { return m.study.of == n.id && s.MessageId == m.follow })
	}
	e := &m.log.life[len(m.log.life)-1]
	switch e.Kind {
	case backend.EventDeleted, backend.EventExpired, backend.EventDuplicate:
		return false
	case backend.EventDeadLettered, backend.EventMoved:
		return e.To == n.heap.ARN.String()
	}
	return e.QueueArn == n.heap.ARN.String()
}
