package look

import (
	"context"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/journal"
	"sqscope/ui/screen"
)

// What of the journal is read for what looks saw: no message lives longer than 14
// days (docs/SQS.md 2), and nobody waits for more entries than these.
const (
	longestLife = 14 * 24 * time.Hour
	recallMost  = 2000
	recallPage  = 200
)

// recalled is the highest receive count that a look of another run saw.
type recalled struct{ highest int }

// recall reads from the journal how near their last receive messages were when
// somebody looked last. Where it cannot be read a look is as careful as without.
func (l *Look) recall() tea.Cmd {
	kept, queue := l.base.Env.Journal, l.queue.String()
	if l.Free || kept == nil {
		l.recalled = true
		return nil
	}
	return l.base.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		r, err := kept.Newest()
		for read := 0; err == nil && read < recallMost; read += recallPage {
			var page journal.Page
			page, err = r.Next(ctx, recallPage)
			for _, e := range page.Entries {
				switch {
				case time.Since(e.At) > longestLife:
					return recalled{}
				case e.Act.Name == journal.Look && e.Act.Queue == queue:
					n, _ := strconv.Atoi(e.Act.Params[journal.ParamHighest]) // no number says nothing
					return recalled{n}
				}
			}
			if len(page.Entries) < recallPage {
				break
			}
		}
		return recalled{}
	})
}

// recalledAs takes what the journal says, and looks if that was waited for.
func (l *Look) recalledAs(r recalled) tea.Cmd {
	l.recalled = true
	if r.highest > l.base.Highest(l.queue) {
		l.base.NoteHighest(l.queue, r.highest)
		l.session = nil // it has not received anything yet, and is opened anew with this
		l.Open()
	}
	if l.wanted {
		l.wanted = false
		return l.Ask()
	}
	return nil
}

// note keeps the highest receive count that was seen: for the looks of this run,
// and in the journal for those of others if a message is near its last receive.
func (l *Look) note() tea.Cmd {
	if l.Free {
		return nil
	}
	cost := l.session.Cost()
	l.base.NoteHighest(l.queue, cost.Highest)
	if cost.MaxReceiveCount <= 0 || cost.Highest < cost.MaxReceiveCount-1 || cost.Highest <= l.noted {
		return nil
	}
	l.noted = cost.Highest
	g, parent := l.base.Conn.Guard, l.base.Conn.Context
	act := journal.Act{
		Name: journal.Look, Queue: l.queue.String(), Count: cost.Messages,
		Params: map[string]string{journal.ParamHighest: strconv.Itoa(cost.Highest)},
	}
	return func() tea.Msg { // also when the screen is left
		ctx, cancel := context.WithTimeout(parent, screen.ReadLimit)
		defer cancel()
		if err := g.Record(ctx, act); err != nil {
			return screen.LateMsg{Err: err}
		}
		return nil
	}
}
