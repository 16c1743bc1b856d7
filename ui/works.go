package ui

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/move"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// WorkLimit is how long what goes on is waited for when it has to end: what is on
// its way is finished, and a last look taken. What is not done by then is taken up
// by the next run.
const WorkLimit = time.Minute

// worksEnded says that what went on has ended, and what was to come after it.
type worksEnded struct{ then func() tea.Cmd }

// worksIn are those that go on in some places.
func (m *Model) worksIn(places []*screen.Connection) []*screen.Work {
	return slices.DeleteFunc(m.env.Works.Going(), func(w *screen.Work) bool { return !slices.Contains(places, w.Connection()) })
}

// elsewhereGoing are those that the screen on top does not show.
func (m *Model) elsewhereGoing() []*screen.Work {
	return slices.DeleteFunc(m.env.Works.Going(), func(w *screen.Work) bool { return w.Spec == m.top().spec })
}

// afterWorks does what ends these works, if somebody says that they are to end.
func (m *Model) afterWorks(what string, works []*screen.Work, then func() tea.Cmd) tea.Cmd {
	if len(works) == 0 {
		return then()
	}
	notes := []text.Safe{}
	for _, w := range works {
		notes = append(notes, text.Sprintf("%s is under way: %s.", w.Name, w.Words()))
	}
	notes = append(notes, text.Const("It is stopped: what is on its way is finished, what is on lease is given back, the rest stays where it is."))
	host{m}.Ask(dialog.NewForm(m.env, dialog.Form{
		Title: text.Sprintf("%s and stop what is under way?", what), Notes: notes, Danger: true, Confirm: "stop it",
		Run: func([]string) tea.Cmd { return m.endWorks(works, then) },
	}))
	return nil
}

// endWorks has works end, and goes on when they have.
func (m *Model) endWorks(works []*screen.Work, then func() tea.Cmd) tea.Cmd {
	for _, w := range works {
		w.Cancel()
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), WorkLimit)
		defer cancel()
		for _, w := range works {
			w.Wait(ctx)
		}
		return worksEnded{then}
	}
}

// unfinishedFound are the moves that an earlier run left open.
type unfinishedFound struct {
	moves []move.Move
	err   error
}

// findUnfinished looks whether an earlier run left moves open.
func (m *Model) findUnfinished() tea.Cmd {
	dir := m.opts.Moves
	if dir == "" {
		return nil
	}
	return func() tea.Msg {
		all, err := move.Unfinished(dir)
		return unfinishedFound{slices.DeleteFunc(all, func(x move.Move) bool { return x.Running }), err}
	}
}

// sayUnfinished says what has to be finished, and where.
func (m *Model) sayUnfinished(u unfinishedFound) tea.Cmd {
	if u.err != nil {
		return m.fail(u.err)
	}
	m.env.Unfinished = len(u.moves)
	if len(u.moves) == 0 {
		return nil
	}
	both, doubtful := 0, 0
	for _, x := range u.moves {
		both, doubtful = both+len(x.Both), doubtful+len(x.Doubtful)
	}
	line := text.Sprintf("%s unfinished: %s in both queues", format.Are(len(u.moves), "move"), format.Are(both, "message"))
	if doubtful > 0 {
		line = text.Join(line, text.Sprintf(", %d perhaps", doubtful))
	}
	return m.show(themes.Warn, text.Join(line, text.Const("; t shows it")), toastOfError)
}
