package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// key finds who a key is for: ctrl+c and ctrl+z are the root's always, then the
// dialog on top, then a text field, then the bindings.
func (m *Model) key(msg tea.KeyPressMsg) tea.Cmd {
	stroke := msg.String()
	switch {
	case m.env.Keys.Matches(keymap.ForceQuit, stroke):
		return m.quit()
	case m.env.Keys.Matches(keymap.Suspend, stroke):
		return m.release(tea.Suspend)
	case m.leaving, m.cramped():
		return nil
	}
	if n := len(m.dialogs); n > 0 {
		return m.dialogs[n-1].Update(msg)
	}
	if m.top().Typing() {
		switch {
		case msg.Text != "":
		case m.env.Keys.Matches(keymap.Help, stroke):
			m.help()
			return nil
		case m.env.Keys.Matches(keymap.Lab, stroke) && m.lesson() != nil:
			return m.toLesson()
		}
		return m.top().Update(msg)
	}
	for _, b := range m.bindings() {
		if m.env.Keys.Matches(b.Action, stroke) {
			return m.run(b)
		}
	}
	return m.say(themes.Dim, text.Sprintf("%s does nothing here; ? shows the keys", stroke))
}

// run calls a binding, or says why it is off.
func (m *Model) run(b screen.Binding) tea.Cmd {
	if why := m.off(b); why != "" {
		a := m.env.Keys.Action(b.Action)
		return m.say(themes.Warn, text.Sprintf("%s: %s", a.Word, why))
	}
	return b.Run()
}

// off is why a binding cannot be called now, or "".
func (m *Model) off(b screen.Binding) string {
	if b.Needs != "" {
		if e := m.refused(b.Needs); e != nil {
			return "AWS refused it a moment ago: " + e.Message
		}
		if err := m.conn().Guard.CheckQueue(b.Needs, m.top().spec.Queue.Name); err != nil {
			return backend.AsError(err).Next
		}
	}
	if b.Off != nil {
		return b.Off()
	}
	return ""
}

// refused is with what an action was refused lately on the screen's queue, for want
// of a right.
func (m *Model) refused(action string) *backend.Error {
	if meter := m.conn().Meter; meter != nil && m.top().spec.Conn != "" {
		return meter.Refusal(action, m.top().spec.Queue.Name)
	}
	return nil
}

// bindings are those of the screen on top and those that work everywhere.
func (m *Model) bindings() []screen.Binding {
	do := func(f func()) func() tea.Cmd { return func() tea.Cmd { f(); return nil } }
	return append(m.top().Bindings(), []screen.Binding{
		{Action: keymap.Palette, Run: m.palette},
		{Action: keymap.Help, Run: do(m.help)},
		{Action: keymap.Contexts, Run: func() tea.Cmd { return m.open(screen.Spec{Kind: screen.Contexts}) }},
		{Action: keymap.Lab, Run: m.toLesson},
		{Action: keymap.Activity, Run: func() tea.Cmd { return m.open(screen.Spec{Kind: screen.Activity}) }},
		{Action: keymap.Access, Run: do(m.askAccess)},
		{Action: keymap.Clock, Run: m.toggleClock, Needs: guard.SetClock, Off: m.noClock},
		{Action: keymap.Zone, Run: m.toggleZone},
		{Action: keymap.Details, Run: do(m.details), Off: func() string {
			if m.trouble() == nil {
				return "there has been no error"
			}
			return ""
		}},
		{Action: keymap.Back, Run: m.back, Off: func() string {
			if len(m.stack) == 1 && m.opening == "" {
				return "this is the first screen; q quits"
			}
			return ""
		}},
		{Action: keymap.Quit, Run: func() tea.Cmd {
			if len(m.stack) == 1 {
				return m.afterWorks("Quit", m.env.Works.Going(), m.quit)
			}
			return m.back()
		}},
		{Action: keymap.Suspend, Run: func() tea.Cmd { return m.release(tea.Suspend) }},
		{Action: keymap.ForceQuit, Run: m.quit},
	}...)
}

func (m *Model) back() tea.Cmd {
	if m.opening != "" {
		m.opening = ""
		return m.say(themes.Dim, text.Const("gave up connecting"))
	}
	return host{m}.Back()
}

func (m *Model) toggleZone() tea.Cmd {
	m.env.UTC = !m.env.UTC
	if m.env.UTC {
		return m.say(themes.Good, text.Const("times are in UTC"))
	}
	return m.say(themes.Good, text.Const("times are local"))
}

func (m *Model) noClock() string {
	if m.conn().Stack.Clock == nil {
		return "only the embedded engine has a clock that can stop"
	}
	return ""
}

func (m *Model) toggleClock() tea.Cmd {
	conn, state := m.conn(), m.conn().Fleet.Snapshot().Clock
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(conn.Context, screen.ReadLimit)
		defer cancel()
		if err := conn.Stack.Clock.SetClock(ctx, !state.Paused, state.Speed); err != nil {
			return failed{err}
		}
		conn.Fleet.RefreshAll() // its picture has the clock
		return nil
	}
}

// failed is an error of one of the root's own commands.
type failed struct{ err error }

func (m *Model) details() {
	host{m}.Ask(dialog.NewError(m.env, m.trouble()))
}

// trouble is the error that the screen shows now, else the last there was.
func (m *Model) trouble() *backend.Error {
	if s, ok := m.top().Screen.(interface{ Trouble() error }); ok && s.Trouble() != nil {
		return backend.AsError(s.Trouble())
	}
	for _, c := range m.places() {
		if err := c.Fleet.Snapshot().Err; err != nil {
			return err
		}
	}
	return m.lastErr
}

// titles are the screens' names for people.
var titles = map[screen.Kind]string{
	screen.Queues: "the queues", screen.Attributes: "the queue", screen.Messages: "messages", screen.Compose: "the composer", screen.Many: "sending many", screen.Create: "the new queue",
	screen.Imports: "the import", screen.DeadLetters: "dead letters", screen.Contexts: "contexts",
	screen.Activity: "activity", screen.Doctor: "the doctor", screen.Redrive: "the redrive", screen.Tasks: "tasks",
	screen.Scene: "the scene", screen.Lab: "the lab", screen.LessonPage: "the lesson",
}

// askAccess raises or lowers what may be done here. It takes a typed word, so
// that nobody raises it by a slip of the finger.
func (m *Model) askAccess() {
	places := m.places()
	host{m}.Ask(dialog.NewForm(m.env, dialog.Form{
		Title: text.Sprintf("Access in %s: now %s", m.whereName(), levels(places, "")),
		Notes: []text.Safe{
			text.Const("view    depths, attributes, wiring and tasks; no message is ever received"),
			text.Const("peek    also look at messages, which on AWS is a receive that is given back"),
			text.Const("change  also send, delete, redrive"),
			text.Const("A level that was raised lapses when this context is left."),
		},
		Fields: []dialog.Field{{Label: "level", Hint: "view, peek or change", Check: func(v string) string {
			if _, err := guard.ParseLevel(v); err != nil {
				return "type view, peek or change"
			}
			return ""
		}}},
		Confirm: "set level",
		Run: func(v []string) tea.Cmd {
			level, err := guard.ParseLevel(v[0])
			if err != nil {
				return m.fail(err)
			}
			// What is leased is given back first: at the new level it might not be
			// allowed any more. What runs could not finish what is on its way.
			lower := func() tea.Cmd { return m.release(func() tea.Msg { return levelLowered{level, places} }) }
			if level < guard.Change {
				return m.afterWorks("Go on", m.worksIn(places), lower)
			}
			return lower()
		},
	}))
}
