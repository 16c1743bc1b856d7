package scene

import (
	"fmt"
	"strings"

	"sqscope/backend"
	"sqscope/backend/meter"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// How much the line of counters says, by the room there is.
const (
	allWords = iota
	badWords // only of what has happened
	fewWords // and that in short
)

// counters are the good and the bad things that have happened since the start, in
// one line. Where room is scarce, bad things that have not happened are left out.
func (m *Model) counters(w int) string {
	t, c := m.Env.Theme, &m.picture.Total
	var sent, done, refused uint64
	for i := range m.picture.Actors {
		f := &m.picture.Actors[i]
		switch f.Kind {
		case backend.ActorProducer, backend.ActorStateMachine:
			sent += f.Sent
		case backend.ActorWorker, backend.ActorLambda:
			done += f.Done
		}
		if f.Kind != backend.ActorDownstream {
			refused += f.Refused
		}
	}
	good := t.Paint(themes.Text, " sent "+format.Count(int(sent))+"  done "+format.Count(int(done)))
	for _, words := range []int{allWords, badWords, fewWords} {
		all := words == allWords
		var parts []string
		for _, bad := range []struct {
			word, few string
			n         int
			price     string
			rare      bool // not worth a word before it happens
		}{
			{"duplicate effects", "duplicates", int(c.Duplicates), "", false},
			{"lost", "lost", int(c.Lost) + expired(&m.picture), "", false},
			{"out of order", "out of order", int(c.OutOfOrder), "", false},
			{"failed", "failed", m.failed(), "", false},
			{"throttled", "throttled", int(c.Throttled), "", false},
			{"crashes", "crashes", int(c.Crashed), "", false},
			{"empty receives", "empty", int(c.Empty), m.emptyPrice(), false},
			{"refused sends", "refused", int(refused), "", true},
		} {
			if words == fewWords {
				bad.word, bad.price = bad.few, ""
			}
			switch {
			case bad.n > 0:
				parts = append(parts, t.Paint(themes.Warn, text.Sprintf("! %s %s%s", bad.word, format.Count(bad.n), bad.price).String()))
			case all && !bad.rare:
				parts = append(parts, t.Paint(themes.Dim, bad.word+" 0"))
			}
		}
		line := good + t.Paint(themes.Faint, "  │  ") + strings.Join(parts, "  ")
		if len(parts) == 0 {
			line = good + t.Paint(themes.Dim, "  nothing bad so far")
		}
		if words == fewWords || widget.Width(line) <= w {
			return widget.Fit(line, w)
		}
	}
	return ""
}

// expired is how many messages were lost at the end of their retention.
func expired(p *backend.Picture) int {
	n := 0
	for i := range p.Queues {
		n += int(p.Queues[i].Expired)
	}
	return n
}

// failed is how many messages consumers could not process, each time counted.
func (m *Model) failed() int {
	n := 0
	for i := range m.picture.Actors {
		if f := &m.picture.Actors[i]; consumes(f.Kind) {
			n += int(f.Failed)
		}
	}
	return n
}

// emptyPrice is what empty receives would have cost on AWS by its list prices.
func (m *Model) emptyPrice() string {
	prices, cost := meter.ListPrices(), 0.0
	for i := range m.picture.Actors {
		f := &m.picture.Actors[i]
		price := prices.Standard
		if strings.HasSuffix(f.Queue, ".fifo") {
			price = prices.FIFO
		}
		cost += float64(f.Empty) * price / 1e6
	}
	if cost < 0.0001 {
		return " (<$0.0001)"
	}
	return fmt.Sprintf(" ($%.4f)", cost)
}

// legend says what the shapes mean.
func (m *Model) legend(w int) string {
	t := m.Env.Theme
	line := text.Const(" " + visibleGlyph + " visible " + inFlightGlyph + " in flight " + delayedGlyph + " delayed   ■ working ✗ will fail ◧ waits □ free · away")
	return t.Paint(themes.Faint, "─") + t.Paint(themes.Dim, line.Truncate(w-2).String()) + t.Paint(themes.Faint, " "+strings.Repeat("─", max(0, w-line.Width()-2)))
}

// Status says how time runs, and what there is to rewind to.
func (m *Model) Status() text.Safe {
	if !m.seen {
		return text.Safe{}
	}
	s := format.Clock(m.picture.At, m.Env.UTC) + " ▶ x"
	if m.clock.Paused {
		s = instant(m.picture.At, m.Env.UTC) + " ‖ stopped x"
	}
	s += speedWord(m.clock.Speed)
	if n := len(m.moments.all); n > 0 {
		s += " · " + format.Plural(n, "moment")
	}
	return text.Clean(s)
}

// Hint says what is under the cursor in one line.
func (m *Model) Hint(w int) string {
	n, ok := m.plan.find(m.at)
	if !ok {
		return ""
	}
	t := m.Env.Theme
	if m.trouble != nil {
		return t.Paint(themes.Bad, text.Clean(m.trouble.Error()).Truncate(w).String())
	}
	if n.queue {
		q := n.heap
		line := text.Sprintf("%s · holds %s · %s visibility", q.ARN.Name, holds(q), format.Setting(q.VisibilityTimeout))
		return t.Paint(themes.Dim, line.Truncate(w).String())
	}
	return t.Paint(themes.Dim, text.Sprintf("%s · %s · %s", n.actor.Name, kindWords(n.actor.Kind), countWords(&n.actor.Counts)).Truncate(w).String())
}

// Cursor stands in low motion on what keys are about, for those who follow the
// terminal's own cursor.
func (m *Model) Cursor() (x, y int, ok bool) {
	n, is := m.plan.find(m.at)
	if !m.Env.LowMotion || !is || m.whole || m.w == 0 {
		return 0, 0, false
	}
	l := m.layout()
	y = l.y(n.row)
	return l.x[n.col], y + 1, y >= 0 && y < l.h
}

// layout is that of the last View.
func (m *Model) layout() layout {
	if m.w >= besides {
		return newLayout(&m.plan, m.at, m.w-panelW-3, m.h-2)
	}
	return newLayout(&m.plan, m.at, m.w, max(3, m.h-panelH-2))
}
