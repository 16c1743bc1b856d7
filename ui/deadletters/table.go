package deadletters

import (
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/peek"
	"sqscope/backend/triage"
	"sqscope/backend/triage/harm"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// The columns of the groups.
const (
	groupCount = iota
	groupName
	groupArrivals
	groupLost
	groupAct
	groupReceives
	groupLast
)

func newGroupTable() *widget.Table[string] {
	return widget.NewTable[string]([]widget.Column{
		groupCount:    {Title: "N", Min: 3, Max: 7, Right: true},
		groupName:     {Title: "DIED OF", Min: 30, Max: 200, Flex: 1},
		groupArrivals: {Title: "SENT", Min: 12, Max: 24, Priority: 4},
		groupLost:     {Title: "LOST IN", Min: 7, Whole: 8, Max: 9, Right: true},
		groupAct:      {Title: "DO", Min: 9, Max: 9, Priority: 2},
		groupReceives: {Title: "RECV", Min: 4, Max: 7, Right: true, Priority: 6},
		groupLast:     {Title: "LAST", Min: 7, Max: 8, Right: true, Priority: 5},
	})
}

func (m *Model) groupCell(i, col int) widget.Cell {
	g := &m.found.Groups[i]
	switch col {
	case groupCount:
		return widget.Cell{Text: text.Const(format.Count(len(g.Members))), Role: themes.Number}
	case groupName:
		return widget.Cell{Text: text.Clean(name(g)), Role: themes.Strong}
	case groupArrivals:
		return widget.Cell{Fill: func(w int) text.Safe { return text.Const(widget.Spark(fitted(g.Arrivals.Counts, w), w)) }, Role: themes.Spark}
	case groupLost:
		return m.lossCell(g.Loss)
	case groupAct:
		return widget.Cell{Text: text.Const(acts[g.Advice.Act].word), Role: acts[g.Advice.Act].role}
	case groupReceives:
		s := strconv.Itoa(g.Receives.Min)
		if g.Receives.Max != g.Receives.Min {
			s += "–" + strconv.Itoa(g.Receives.Max)
		}
		return widget.Cell{Text: text.Const(s), Role: themes.Number}
	}
	return widget.Cell{Text: text.Const(m.age(g.Last)), Role: themes.Dim}
}

// fitted stretches a histogram over a width that is more than it has bars, so that
// the bars of all groups stand over each other.
func fitted(counts []int, w int) []int {
	n := len(counts)
	if n == 0 || n >= w {
		return counts
	}
	out := make([]int, w)
	for x := range out {
		out[x] = counts[x*n/w]
	}
	return out
}

// acts are what is suggested, in a word.
var acts = map[triage.Act]struct {
	word string
	role themes.Role
}{
	triage.Fix:     {"fix first", themes.Warn},
	triage.Redrive: {"redrive", themes.Good},
	triage.Drop:    {"drop", themes.Bad},
}

// lossCell is how long until a message is lost, with a sign before what is only a
// bound.
func (m *Model) lossCell(l harm.Loss) widget.Cell { return lossCell(l, m.Conn.Now()) }

func lossCell(l harm.Loss, now time.Time) widget.Cell {
	if l.Bound == harm.Unknown {
		return widget.Cell{Text: text.Const(l.Sign()), Role: themes.Faint}
	}
	return widget.Cell{Text: text.Const(l.Sign() + format.Span(l.Left(now))), Role: lossRole(l, now)}
}

// lossRole is how near a loss is.
func lossRole(l harm.Loss, now time.Time) themes.Role {
	switch left := l.Left(now); {
	case l.Bound == harm.Unknown, l.Bound == harm.AtLeast:
		return themes.Text
	case left <= time.Hour:
		return themes.Bad
	case left <= 24*time.Hour:
		return themes.Warn
	}
	return themes.Text
}

// lossWords are a loss in a sentence.
func lossWords(l harm.Loss, now time.Time) string {
	if l.Bound == harm.Unknown {
		return "when the first is lost is not known"
	}
	return "the first is lost in " + l.Sign() + format.Span(l.Left(now)) + " (" + l.Source + ")"
}

func (m *Model) age(t time.Time) string {
	if t.IsZero() {
		return format.Unknown
	}
	return format.Span(m.Conn.Now().Sub(t))
}

// The columns of the messages of a group.
const (
	memberAge = iota
	memberReceives
	memberTimes
	memberLost
	memberSize
	memberBody
)

// setColumns shows how often messages were redriven, once any was.
func (m *Model) setColumns() {
	times := widget.Column{}
	if m.past != nil && !m.past.Empty() {
		times = widget.Column{Title: "REDRIVEN", Min: 8, Max: 8, Right: true, Priority: 2}
	}
	m.list.SetColumns([]widget.Column{
		memberAge:      {Title: "AGE", Min: 6, Whole: 7, Max: 8, Right: true},
		memberReceives: {Title: "RECV", Min: 4, Max: 7, Right: true, Priority: 3},
		memberTimes:    times,
		memberLost:     {Title: "LOST IN", Min: 7, Whole: 8, Max: 9, Right: true},
		memberSize:     {Title: "SIZE", Min: 5, Whole: 8, Max: 10, Right: true, Priority: 4},
		memberBody:     {Title: "BODY", Min: 12, Max: 1000, Flex: 1},
	})
}

// fillMembers lists the messages of the group that is shown, as far as they are
// still there.
func (m *Model) fillMembers() {
	m.members = nil
	if g := m.groupOf(m.inside); g != nil {
		for _, n := range g.Members {
			if msg := m.byID(m.letters[n].MessageId); msg != nil {
				m.members = append(m.members, msg)
			}
		}
	}
	m.list.SetRows(len(m.members), func(i int) string { return m.members[i].MessageId }, m.memberCell)
}

func (m *Model) memberCell(i, col int) widget.Cell {
	msg := m.members[i]
	switch col {
	case memberAge:
		return widget.Cell{Text: text.Const(m.age(msg.Time(backend.SysSentTimestamp))), Role: themes.Text}
	case memberReceives:
		return widget.Cell{Text: text.Const(strconv.Itoa(msg.ReceiveCount)), Role: themes.Number}
	case memberTimes:
		if n := m.times(msg); n > 0 {
			return widget.Cell{Text: text.Const(strconv.Itoa(n) + "×"), Role: themes.Warn}
		}
		return widget.Cell{Text: text.Const("0"), Role: themes.Faint}
	case memberLost:
		return m.lossCell(harm.OfMessage(*msg, m.facts()))
	case memberSize:
		return widget.Cell{Text: text.Const(format.Size(len(msg.Body))), Role: themes.Dim}
	}
	return widget.Cell{Text: m.begins(msg), Role: themes.Text}
}

func (m *Model) facts() harm.Queue {
	if q := m.Conn.Queue(m.queue); q != nil {
		return harm.Of(q)
	}
	return harm.Queue{}
}

// previewBytes is how much of a body is made safe for its row.
const previewBytes = 400

// begins is how a body begins, on one line, as masks leave it.
func (m *Model) begins(msg *peek.Message) text.Safe {
	body := msg.Body
	if len(m.Env.MasksFor(m.queue, msg.Message)) > 0 {
		i, there := m.letterAt(msg.MessageId)
		if !there {
			return text.Const("…")
		}
		body = m.letters[i].Body.Body()
	}
	return text.Beginning(body, previewBytes)
}

// letterAt is the place of a message among those that were grouped.
func (m *Model) letterAt(id string) (int, bool) {
	i, there := m.at[id]
	if there && i < len(m.letters) && m.letters[i].MessageId == id {
		return i, true
	}
	for i := range m.letters {
		if m.letters[i].MessageId == id {
			return i, true
		}
	}
	return 0, false
}

// stands says how a message stands: its state, and how often it was received.
func (m *Model) stands(msg peek.Message) (text.Safe, themes.Role) {
	state, role := "given back", themes.Dim
	switch {
	case msg.Leased(time.Now()):
		state, role = "leased "+format.Span(time.Until(msg.LeaseEnds)), themes.Accent
	case msg.State == backend.StateVisible:
		state, role = "visible", themes.Good
	case msg.State == backend.StateInFlight:
		state, role = "in flight", themes.Warn
	case msg.State == backend.StateDelayed:
		state = "delayed"
	}
	return text.Sprintf("%s · %s", state, format.Plural(msg.ReceiveCount, "receive")), role
}
