package look

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// releaseLimit is how long giving back may take after the screen has gone.
const releaseLimit = 10 * time.Second

// keepFor is how long leases are kept while somebody reads, at most: who has left
// the desk shall not hide messages for the night.
const keepFor = 10 * time.Minute

// shows tells whether a message is on the screen. It is called from the goroutine
// that keeps leases.
func (l *Look) shows(id string) bool {
	ids := l.sight.Load()
	return ids != nil && (*ids)[id]
}

// kept is the end of keeping leases.
type kept struct {
	peek.Kept
	err error
}

// Mind keeps the leases of what is on the screen, by its ids, while somebody
// reads, and lets them run out when nobody does any more.
func (l *Look) Mind(reading bool, shown map[string]bool) tea.Cmd {
	if l.Free || l.session == nil {
		return nil
	}
	l.sight.Store(&shown)
	switch {
	case !reading:
		l.keptLong = false
		if l.keeping != nil {
			l.keeping()
		}
		return nil
	case l.keeping != nil || l.keptLong:
		return nil
	}
	if _, n := l.LeaseLeft(); n == 0 {
		return nil
	}
	session := l.session
	keep, stop := l.base.Stoppable(keepFor+time.Minute, func(ctx context.Context) tea.Msg {
		k, err := session.KeepAlive(ctx, peek.Keep{For: keepFor, Shown: l.shows})
		return kept{k, err}
	})
	l.keeping = stop
	return keep
}

// keptUntil is told when keeping has ended, and says so where nobody ended it.
func (l *Look) keptUntil(k kept) tea.Cmd {
	l.keeping()
	l.keeping = nil
	switch {
	case k.err != nil:
		l.keptLong = true
		return l.base.Env.Host.Fail(k.err)
	case k.Stop == peek.StopBudget:
		l.keptLong = true
		return l.base.Env.Host.Say(themes.Warn, text.Sprintf("leases were kept for %s and run out now; l looks again", format.Span(keepFor)))
	}
	return nil
}

// LeaseLeft is how long the soonest of our leases lasts, or 0.
func (l *Look) LeaseLeft() (left time.Duration, n int) {
	now := time.Now()
	for i := range l.all {
		if d := l.all[i].LeaseEnds.Sub(now); d > 0 {
			n++
			if left == 0 || d < left {
				left = d
			}
		}
	}
	return left, n
}

// left is what the looks did, told once all is given back and the screen has gone.
type left struct{ words string }

// Late says it.
func (l left) Late() (themes.Role, text.Safe) { return themes.Good, text.Clean(l.words) }

// Leave gives back what was leased and then says what the looks did, as a
// [screen.Late]. That goes on after the screen has gone.
func (l *Look) Leave() tea.Cmd {
	for _, stop := range []context.CancelFunc{l.stop, l.keeping} {
		if stop != nil {
			stop()
		}
	}
	if l.session == nil {
		return nil
	}
	session, conn, to := l.session, l.base.Conn, l.base.ID()
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(conn.Context, releaseLimit)
		defer cancel()
		if err := session.Release(ctx); err != nil {
			return screen.LateMsg{Err: err}
		}
		a := session.Account()
		if a.Free || a.Receives == 0 {
			return nil
		}
		return screen.Answer{To: to, Msg: left{a.Words(time.Now())}}
	}
}
