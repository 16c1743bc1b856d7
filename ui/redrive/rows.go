package redrive

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/move"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// row is a line of the plan.
type row struct {
	label  string
	value  text.Safe
	help   string
	off    string // why it cannot be changed now, or ""
	change func() tea.Cmd
}

// rows are the plan, as far as it matters.
func (m *Model) rows() []row {
	c := m.choice
	rows := []row{
		{"what", m.whatWords(), "which messages; mark or find them in the list of messages and press m there", "", m.askWhat},
		{"to", m.toWords(), "back to the sources, to a quarantine queue, or to any queue of a context that is open", "", m.readPlaces},
		{"change", m.changeWords(), "change messages on their way: with jq, or one of them by hand", "", m.askChange},
		{"how", m.howWords(), "one by one with a journal, or all by SQS's own task", m.noNative(), m.toggleNative},
	}
	if m.toFIFO() {
		if !m.queue.FIFO() {
			rows = append(rows, row{"group", text.Clean(cmp.Or(c.group, "none: a FIFO queue refuses messages without one")), "the message group of messages that have none", "", m.askGroup})
		}
		rows = append(rows, row{"dedup ids", m.dedupWords(), "a FIFO queue swallows what has an id that it saw within five minutes", "", m.askDedup})
	}
	return append(rows,
		row{"canary", m.canaryWords(), "the messages that are moved first, and what passes for a success", "", m.askCanary},
		row{"rate", m.rateWords(), "messages a second after the canary", "", m.askRate},
		row{"stop", m.stopWords(), "what stops it while it runs", "", m.askStop},
		row{"watch", m.watchWords(), "how it is seen what comes back; receiving from the queue counts, so it takes your word", m.noWatch(), m.toggleWatch},
		row{"prove", m.proveWords(), "how long it is watched afterwards what becomes of the messages", "", m.askProve},
	)
}

func (m *Model) noNative() string {
	if !m.choice.native && (!m.selection.All() || m.choice.changed()) {
		return "SQS's own task moves everything as it is: nothing can be chosen or changed"
	}
	return ""
}

func (m *Model) noWatch() string {
	if m.exact() {
		return "the engine tells the fate of each message; nothing has to be received"
	}
	return ""
}

// exact tells whether the fate of each message is known without reading.
func (m *Model) exact() bool { return m.card.Card != nil && m.card.Exact }

// toFIFO tells whether messages may come to a FIFO queue.
func (m *Model) toFIFO() bool {
	if m.choice.to != nil {
		return m.choice.to.arn.FIFO()
	}
	return m.queue.FIFO()
}

func (m *Model) whatWords() text.Safe {
	if !m.selection.All() {
		if m.card.Card != nil {
			return text.Sprintf("%s · %s", m.selection.Label, count(m.card.Count))
		}
		return text.Clean(m.selection.Label)
	}
	if q := m.Conn.Queue(m.queue); q != nil && !q.AsOf.IsZero() {
		return text.Sprintf("all of %s: about %s", m.queue.Name, format.Plural(q.Visible, "message"))
	}
	return text.Sprintf("all of %s", m.queue.Name)
}

func (m *Model) toWords() text.Safe {
	if to := m.choice.to; to != nil {
		return text.Join(text.Clean(to.arn.Name), m.elsewhere(*to))
	}
	if m.card.Card == nil || len(m.card.To) == 0 {
		return text.Const("each back to its own source")
	}
	names := make([]string, len(m.card.To))
	for i, d := range m.card.To {
		if names[i] = d.ARN.Name; d.Count >= 0 {
			names[i] += " " + format.Count(d.Count)
		}
	}
	return text.Sprintf("each back to its own source: %s", strings.Join(names, ", "))
}

// elsewhere is the place of a queue that is not in this one.
func (m *Model) elsewhere(to end) text.Safe {
	if to.conn == m.Conn {
		return text.Safe{}
	}
	return text.Sprintf(" in %s", to.conn.Name)
}

func (m *Model) changeWords() text.Safe {
	switch {
	case m.choice.jq != nil:
		return text.Sprintf("jq %s", m.choice.jq.String())
	case m.choice.hand != nil:
		return text.Sprintf("edited by hand: message %s", m.choice.hand.id)
	}
	return text.Const("nothing")
}

func (m *Model) howWords() text.Safe {
	switch {
	case m.choice.native && m.choice.guards.Canary > 0:
		return text.Const("after the canary by SQS's own task: one request, no journal")
	case m.choice.native:
		return text.Const("by SQS's own task: one request, no journal")
	}
	return text.Const("journaled: each is sent, confirmed, then deleted")
}

func (m *Model) dedupWords() text.Safe {
	switch m.choice.dedup {
	case move.DedupKeep:
		if m.choice.trust {
			return text.Const("as they were; what is swallowed as a duplicate is deleted here too")
		}
		return text.Const("as they were; what may be swallowed within 5 min stays here, named")
	case move.DedupContent:
		return text.Const("of the body; what may be swallowed within 5 min stays here, named")
	case move.DedupNew:
	}
	return text.Const("new ones: nothing can be swallowed as a duplicate")
}

func (m *Model) canaryWords() text.Safe {
	g := m.choice.guards
	if g.Canary <= 0 {
		return text.Const("none: all are moved at once")
	}
	window := "as long as a failure takes to come back"
	if m.card.Card != nil {
		window = format.Span(m.card.Window)
	}
	if g.Window > 0 {
		window = format.Span(g.Window)
	}
	s := text.Sprintf("the first %d, watched %s", g.Canary, window)
	if g.Tolerate > 0 {
		return text.Join(s, text.Sprintf("; %d may come back", g.Tolerate))
	}
	return text.Join(s, text.Const("; none may come back"))
}

func (m *Model) rateWords() text.Safe {
	g := m.choice.guards
	switch {
	case m.choice.native && m.choice.rate.Set:
		return text.Sprintf("%d a second", m.choice.rate.Value)
	case m.choice.native:
		return text.Const("as SQS decides")
	case g.Fast <= 0 && g.Slow <= 0:
		return text.Const("as fast as it goes")
	case g.Slow <= 0 || g.Slow >= g.Fast && g.Fast > 0:
		return text.Sprintf("%s a second", rateOf(g.Fast))
	case g.Fast <= 0:
		return text.Sprintf("%s a second at first, without a limit after %s", rateOf(g.Slow), format.Span(g.Over))
	}
	return text.Sprintf("%s a second at first, %s after %s", rateOf(g.Slow), rateOf(g.Fast), format.Span(g.Over))
}

// rateOf is a rate as it is typed.
func rateOf(r float64) string { return strconv.FormatFloat(r, 'g', -1, 64) }

func (m *Model) stopWords() text.Safe {
	g := m.choice.guards
	var parts []string
	if g.Refill >= 0 {
		parts = append(parts, fmt.Sprintf("after %d more dead letters", cmp.Or(g.Refill, 10)))
	}
	if g.Depth > 0 {
		parts = append(parts, "above "+format.Count(g.Depth)+" waiting")
	}
	if g.Climb > 0 {
		parts = append(parts, "when the oldest there gets "+format.Span(g.Climb)+" older")
	}
	if len(parts) == 0 {
		return text.Const("never by itself")
	}
	return text.Clean(strings.Join(parts, ", "))
}

func (m *Model) watchWords() text.Safe {
	switch {
	case m.exact():
		return text.Const("each message, as the engine tells of it")
	case m.choice.read:
		return text.Sprintf("%s is received from: a receive each, hidden for a moment", m.queue.Name)
	}
	return text.Const("by depths alone, a minute late; nothing is received to watch")
}

func (m *Model) proveWords() text.Safe {
	switch {
	case m.choice.prove < 0:
		return text.Const("not watched after the last one")
	case m.choice.prove > 0:
		return text.Sprintf("watched %s after the last one", format.Span(m.choice.prove))
	}
	return text.Const("watched after the last one as long as the canary")
}

// change changes the row under the cursor.
func (m *Model) change() tea.Cmd { return m.rows()[m.at].change() }

func (m *Model) noChange() string { return m.rows()[m.at].off }

// chose examines what was just changed.
func (m *Model) chose() tea.Cmd {
	m.at = min(m.at, len(m.rows())-1)
	m.top = 0
	return m.examine()
}
