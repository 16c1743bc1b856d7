// Package redrive is the screen that brings messages of a queue back: what is
// moved where, changed or not, how it is guarded, what stands against it, how it
// goes, and what became of it. What is moved was chosen on another screen (see
// screen.Selection); nothing is leased before the queue's name was typed.
//
// A redrive goes on when the screen is left: it is a screen.Work, and whoever
// comes back sees it as it stands. Cancelling it, leaving the context and quitting
// end it in order: what is under way is finished, what is on lease is given back.
package redrive

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/redrive"
	"sqscope/backend/redrive/proof"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet
	spec      screen.Spec
	queue     backend.ARN
	selection screen.Selection
	choice    choice
	at        int // the row under the cursor
	pane      pane
	top, page int  // of the pane, as it was drawn last
	wide      bool // it stands beside the plan

	turn      int // number of the choice: answers about an older one are dropped
	examining bool
	card      redrive.Rehearsal
	known     []backend.Message // of the queue, as it was read for the card
	changes   []difference
	markers   []proof.Marker // of the queue, for the report
	err       error          // why there is no card

	run *run // under way, or the last one; nil: there is a plan
}

// New makes the screen for what was chosen of a queue, or for the redrive that
// runs there.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), spec: spec, queue: spec.Queue}
	selection, fresh := m.TakeSelection(m.queue)
	m.plan(selection)
	for _, w := range env.Works.Of(spec) {
		if r, ok := w.State.(*run); ok && (w.Going() || !fresh || !r.seen) {
			m.run = r
		}
	}
	return m
}

// plan begins to plan a redrive of what was selected.
func (m *Model) plan(s screen.Selection) {
	m.run, m.selection, m.choice, m.at, m.pane, m.top = nil, s, usual(), 0, preflight, 0
	m.card, m.changes, m.err = redrive.Rehearsal{}, nil, nil
}

// Init examines the plan, or follows what runs.
func (m *Model) Init() tea.Cmd {
	if m.run != nil {
		return m.After(every, ticked{m.run})
	}
	return m.examine()
}

// Show asks for fresh counts.
func (m *Model) Show() tea.Cmd {
	m.Conn.Fleet.Look([]backend.ARN{m.queue}, screen.Fresh)
	return nil
}

// Update takes the answers to the screen's commands.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Wheel:
		m.scroll(int(msg))
	case screen.Click:
		return m.clicked(msg)
	case examined:
		return m.examined(msg)
	case placesRead:
		return m.askDestination(msg)
	case madeQuarantine:
		return m.quarantined(msg)
	case opened:
		return m.edit(msg)
	case edited:
		return m.edited(msg)
	case ticked:
		return m.ticked(msg)
	case ended:
		return m.ended(msg)
	}
	return nil
}

// Trouble is why there is no card, or why the redrive ended before its time.
func (m *Model) Trouble() error {
	if m.run != nil {
		_, _, err := m.run.look()
		return err
	}
	return m.err
}

// Crumb is its place in the path.
func (m *Model) Crumb() text.Safe { return text.Sprintf("redrive of %s", m.queue.Name) }

// Status says how far it is.
func (m *Model) Status() text.Safe {
	switch {
	case m.run != nil:
		return m.run.words()
	case m.examining:
		return text.Const("looking what stands against it …")
	case m.err == nil && m.card.Card != nil:
		return text.Sprintf("%s · nothing was leased yet", m.verdict())
	}
	return text.Safe{}
}

// Leave ends the screen; a redrive goes on.
func (m *Model) Leave() tea.Cmd {
	m.End()
	return nil
}

// Cursor stands on the row under the cursor in low motion.
func (m *Model) Cursor() (x, y int, ok bool) {
	return 1, m.rowTop(m.at), m.Env.LowMotion && m.run == nil
}

// count is how many messages are meant, in words.
func count(n int) string {
	if n < 0 {
		return "an unknown number of messages"
	}
	return format.Plural(n, "message")
}

// every is how often progress is shown.
const every = 200 * time.Millisecond
