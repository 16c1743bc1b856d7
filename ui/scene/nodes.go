package scene

import (
	"slices"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// node draws a queue or an actor.
func (m *Model) node(c *canvas, l *layout, n *node, y int) {
	x, w := l.x[n.col], l.cw[n.col]
	if n.col != receivers {
		w-- // what is beside the lane does not touch it
	}
	if n.id == m.at {
		c.text(x, y, text.Const("▸"), themes.Accent)
	}
	if n.queue {
		m.queueNode(c, l, n, x, y, w)
	} else {
		m.actorNode(c, l, n, x, y, w)
	}
	if n.id == m.at {
		for i := range min(l.pitch, 2) {
			c.choose(x, y+i, w)
		}
	}
}

// queueNode draws a queue: its name and counts, and its messages one by one as
// long as there is room for them.
func (m *Model) queueNode(c *canvas, l *layout, n *node, x, y, w int) {
	q := n.heap
	name, role := text.Clean(q.ARN.Name), themes.Strong
	if n.under {
		name, role = text.Join(text.Const("└ "), name), themes.DLQ
	} else if q.ARN.FIFO() {
		role = themes.Fifo
	}
	edge := m.numbers(c, x+w, y, q)
	end := c.text(x+1, y, name.TruncateMiddle(max(4, edge-x-2)), role)
	if m.holdsFollowed(n) {
		c.set(end, y, followed, themes.Accent)
		end++
	}
	if !l.double() {
		tray(c, end+1, y, edge-1-(end+1), q)
		return
	}
	age := text.Safe{}
	if !q.Oldest.IsZero() {
		age = text.Clean(format.Span(m.picture.At.Sub(q.Oldest)))
	}
	tray(c, x+1, y+1, w-age.Width()-3, q)
	c.right(x+w, y+1, age, themes.Dim)
}

// numbers are the counts that are not zero, and where they begin.
func (m *Model) numbers(c *canvas, x, y int, q *backend.QueueHeap) int {
	if q.Stored() == 0 {
		return c.right(x, y, text.Const("empty"), themes.Dim)
	}
	for _, part := range []struct {
		glyph string
		n     int
		role  themes.Role
	}{{inFlightGlyph, q.InFlight, themes.Number}, {visibleGlyph, q.Visible, themes.Text}, {delayedGlyph, q.Delayed, themes.Dim}} {
		if part.n == 0 {
			continue
		}
		x = c.right(x, y, text.Sprintf("%s%s", part.glyph, format.Count(part.n)), part.role) - 1
	}
	return x + 1
}

// The shapes of messages in a queue.
const (
	visibleGlyph  = "●"
	inFlightGlyph = "◐"
	delayedGlyph  = "○"
)

// tray draws messages one by one: delayed ones where they come in, those in flight
// where they go out. Where there are more than cells, each kind has its share.
func tray(c *canvas, x, y, w int, q *backend.QueueHeap) {
	total := q.Stored()
	if w < 3 || total == 0 {
		return
	}
	for _, part := range []struct {
		glyph string
		n     int
		role  themes.Role
	}{{delayedGlyph, q.Delayed, themes.Dim}, {visibleGlyph, q.Visible, themes.Text}, {inFlightGlyph, q.InFlight, themes.Number}} {
		n := part.n
		if total > w {
			n = (part.n*w + total - 1) / total
		}
		for ; n > 0 && w > 0; n, w = n-1, w-1 {
			c.set(x, y, part.glyph, part.role)
			x++
		}
	}
}

// sign stands before the name of an actor.
func sign(k backend.ActorKind) string {
	switch k {
	case backend.ActorProducer, backend.OutsideSender:
		return "» "
	case backend.ActorTopic:
		return "◇ "
	case backend.ActorStateMachine:
		return "◎ "
	case backend.ActorLambda:
		return "λ "
	case backend.ActorScaler:
		return "± "
	case backend.ActorDownstream:
		return "▣ "
	}
	return ""
}

// actorNode draws an actor: its name and what it holds, and how far it is.
func (m *Model) actorNode(c *canvas, l *layout, n *node, x, y, w int) {
	f := n.actor
	role := themes.Text
	name := text.Join(text.Const(sign(f.Kind)), text.Clean(f.Name))
	if f.Err != nil {
		name, role = text.Join(text.Const("! "), name), themes.Bad
	}
	edge := x + w
	if s := m.tally(f); !s.Empty() && (!l.double() || f.Kind == backend.ActorDownstream || f.Kind == backend.ActorScaler) {
		edge = c.right(edge, y, s, themes.Dim) - 1
	}
	if len(f.Hands) > 0 {
		room := min(8, w/3)
		edge = hands(c, edge, y, room, f.Hands) - 1
	}
	end := c.text(x+1, y, name.TruncateMiddle(max(4, edge-x-1)), role)
	if m.holdsFollowed(n) {
		c.set(end, y, followed, themes.Accent)
	}
	if l.double() {
		m.second(c, f, x+1, y+1, w-1)
	}
}

// tally is the number beside the name.
func (m *Model) tally(f *backend.Figure) text.Safe {
	switch {
	case f.Gauge.Limit > 0 && len(f.Hands) == 0:
		return text.Sprintf("%d/%d", f.Gauge.Level, f.Gauge.Limit)
	case f.Kind == backend.ActorDownstream:
		return text.Sprintf("%d/s", f.Gauge.Level)
	case sends(f.Kind):
		return text.Clean(format.Count(int(f.Done)))
	}
	if h, ok := soonest(f.Hands); ok {
		return text.Clean(brief(h.Until.Sub(m.picture.At)))
	}
	return text.Safe{}
}

// soonest is the hand that is done next.
func soonest(all []backend.Hand) (best backend.Hand, ok bool) {
	for _, h := range all {
		if !h.Until.IsZero() && (!ok || h.Until.Before(best.Until)) {
			best, ok = h, true
		}
	}
	return best, ok
}

// brief is a span with tenths below ten seconds: 3.2s, 12s, 4m.
func brief(d time.Duration) string {
	switch d = max(d, 0); {
	case d < 10*time.Second:
		return format.Rate(d.Seconds()) + "s"
	case d < time.Minute:
		return format.Span(d)
	}
	return strings.Fields(format.Span(d))[0]
}

// handGlyph is the state of a hand by its shape.
func handGlyph(h *backend.Hand) (string, themes.Role) {
	switch {
	case h.Failing:
		return "✗", themes.Bad
	case h.State == backend.HandWorking:
		return "■", themes.Good
	case h.State == backend.HandHolding:
		return "◧", themes.Warn
	case h.State == backend.HandAway:
		return "·", themes.Dim
	case h.State == backend.HandWaiting:
		return "◔", themes.Number
	}
	return "□", themes.Dim
}

// hands draws hands so that they end before x, or their numbers if there are too
// many, and tells where they begin.
func hands(c *canvas, x, y, room int, all []backend.Hand) int {
	if len(all) <= room {
		for i := range all {
			glyph, role := handGlyph(&all[i])
			c.set(x-len(all)+i, y, glyph, role)
		}
		return x - len(all)
	}
	var order []string
	count, roles := map[string]int{}, map[string]themes.Role{}
	for i := range all {
		glyph, role := handGlyph(&all[i])
		if count[glyph] == 0 {
			order = append(order, glyph)
		}
		count[glyph]++
		roles[glyph] = role
	}
	for _, glyph := range slices.Backward(order) {
		x = c.right(x, y, text.Sprintf("%s%d", glyph, count[glyph]), roles[glyph]) - 1
	}
	return x + 1
}

// second is the line under an actor's name.
func (m *Model) second(c *canvas, f *backend.Figure, x, y, w int) {
	switch {
	case sends(f.Kind):
		x = c.text(x, y, text.Sprintf("%s %s", verb(f.Kind), format.Count(int(f.Done))), themes.Dim)
		if f.Failed > 0 {
			c.text(x+1, y, text.Sprintf("✗%s", format.Count(int(f.Failed))), themes.Bad)
		}
	case f.Kind == backend.ActorDownstream, f.Kind == backend.ActorScaler:
		x = bar(c, x, y, barRoom(w), f.Gauge.Level, f.Gauge.Limit)
		if f.Refused > 0 {
			c.text(x+1, y, text.Sprintf("refused %s", format.Count(int(f.Refused))).Truncate(max(0, w-barRoom(w)-1)), themes.Warn)
		}
	case f.Kind == backend.OutsideReceiver:
		c.text(x, y, text.Sprintf("received %s · deleted %s", format.Count(int(f.Received)), format.Count(int(f.Deleted))).Truncate(w), themes.Dim)
	default:
		h, ok := soonest(f.Hands)
		if !ok {
			c.text(x, y, text.Sprintf("free · done %s", format.Count(int(f.Done))).Truncate(w), themes.Dim)
			return
		}
		x = bar(c, x, y, barRoom(w), int(m.picture.At.Sub(h.Since).Milliseconds()), int(h.Until.Sub(h.Since).Milliseconds()))
		words := text.Sprintf("%s · holds %s", brief(h.Until.Sub(m.picture.At)), format.Count(held(f.Hands)))
		c.text(x+1, y, words.Truncate(max(0, w-barRoom(w)-1)), themes.Dim)
	}
}

// barRoom is how much of w cells a bar takes that words stand behind.
func barRoom(w int) int { return min(max(w-16, 4), 10) }

// held is how many messages hands hold.
func held(all []backend.Hand) int {
	n := 0
	for i := range all {
		n += len(all[i].Messages)
	}
	return n
}

func verb(k backend.ActorKind) string {
	switch k {
	case backend.ActorTopic:
		return "delivered"
	case backend.ActorStateMachine:
		return "answered"
	}
	return "sent"
}

// bar draws how much of a whole is over, and tells where it ends.
func bar(c *canvas, x, y, w, done, of int) int {
	n := 0
	if of > 0 {
		n = min(max(done*w/of, 0), w)
	}
	for i := range w {
		glyph, role := "╌", themes.Faint
		if i < n {
			glyph, role = "━", themes.Spark
		}
		c.set(x+i, y, glyph, role)
	}
	return x + w
}
