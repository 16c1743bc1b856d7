package look

import (
	"time"

	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Bullet begins a point of a list.
const Bullet = widget.Bullet

// More tells whether there may be messages that were not read.
func (l *Look) More() bool { return l.state.About < 0 || l.state.About > len(l.all) }

// Before says why nothing has been received yet and what a look would cost, a line
// each.
func (l *Look) Before() []string {
	lines := []string{"nothing has been received", l.CountsWords(), "", "l looks at " + upTo(l.usual()) + ":"}
	for _, line := range l.session.Preflight(l.around(), l.usual()).Lines() {
		lines = append(lines, Bullet+line)
	}
	return append(lines, "", "they are given back when you leave; M looks at another number")
}

// CountsWords are how many messages the queue holds, about.
func (l *Look) CountsWords() string {
	q := l.base.Conn.Queue(l.queue)
	if q == nil || q.AsOf.IsZero() {
		return "its counts are not read yet"
	}
	return "about " + format.Count(q.Visible) + " visible, " + format.Count(q.InFlight) + " in flight, " + format.Count(q.Delayed) + " delayed"
}

// ProgressWords are how far the look has come that is under way.
func (l *Look) ProgressWords() string {
	f := l.progress.Load()
	switch {
	case f == nil:
		return "looking …"
	case l.doing.Match != nil:
		return "reading … " + f.Words()
	}
	return "looking … " + f.State.Words()
}

// StopWords are why the last look ended, where that needs a word.
func (l *Look) StopWords() string {
	switch why := l.state.Stop.Words(); {
	case why == "":
		return ""
	case l.state.Stop == peek.StopRound:
		return " · " + why + ", l reads on"
	default:
		return " · stopped: " + why
	}
}

// Hint says in a painted line what looking did, and what our leases hold back.
func (l *Look) Hint(w int) string {
	env := l.base.Env
	t := env.Theme
	switch {
	case l.Free && l.err != nil:
		return "" // nothing is browsed
	case l.Free && l.asked.Match != nil:
		return t.Paint(themes.Dim, text.Sprintf("read at %s; r reads again: free, nothing is received", format.Clock(l.looked, env.UTC)).Truncate(w).String())
	case l.Free:
		return t.Paint(themes.Dim, text.Sprintf("browsing %s: free, nothing is received", l.engineName()).Truncate(w).String())
	case l.account == "":
		return ""
	}
	role, kept := themes.Dim, ""
	if _, n := l.LeaseLeft(); n > 0 {
		role = themes.Warn
		if l.keeping != nil {
			kept = " · kept while you read"
		}
	}
	words, brief := l.account+kept+l.StopWords(), l.brief+kept+l.StopWords()
	if l.state.Stop == peek.StopGrew {
		words, brief = "DLQ grew: the look stopped · "+l.account+kept, "the look stopped: "+l.brief+kept
	}
	if l.raised != "" {
		brief += " · " + l.raised
	}
	s := text.Clean(words)
	if s.Width() > w {
		s = text.Clean(brief)
	}
	return t.Paint(role, s.Truncate(w).String())
}

// engineName is what is browsed.
func (l *Look) engineName() string {
	if p := l.base.Conn.Place; !p.Embedded {
		return "the engine at " + p.Endpoint
	}
	return "the embedded engine"
}

// reckon says what looking did to the queue so far, and what of that matters most.
func (l *Look) reckon() {
	if l.Free {
		return
	}
	a, now := l.session.Account(), time.Now()
	l.account, l.brief, l.raised = a.Words(now), a.Brief(now), a.Raised()
	if a.Receives == 0 {
		l.account = l.brief // of a receive that has not been answered yet, if one is out
	}
}
