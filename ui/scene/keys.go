package scene

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/keymap"
	"sqscope/ui/screen"
)

// Bindings are what can be done with the scene and with what is under the cursor.
func (m *Model) Bindings() []screen.Binding {
	aside := func(by int) func() tea.Cmd {
		return func() tea.Cmd { return m.choose(m.plan.beside(m.at, by)) }
	}
	own := []screen.Binding{
		{Action: keymap.SceneKnobs, Run: m.turn, Needs: guard.SetKnob, Off: m.noKnobs},
		{Action: keymap.SceneNext, Run: m.next, Needs: guard.JumpClock, Off: m.noClock},
		{Action: keymap.SceneStep, Run: m.step, Needs: guard.StepClock, Off: m.noClock},
		{Action: keymap.SceneRewind, Run: m.askRewind, Needs: guard.Restore, Off: m.noRewind},
		{Action: keymap.SceneFollow, Run: m.askOrEndFollow, Needs: guard.Browse},
		{Action: keymap.SceneFaults, Run: m.fault, Needs: guard.SetFault},
		{Action: keymap.SceneFaster, Run: m.speed(1), Needs: guard.SetClock, Off: m.noFaster},
		{Action: keymap.SceneSlower, Run: m.speed(-1), Needs: guard.SetClock, Off: m.noSlower},
		{Action: keymap.SceneWhole, Run: func() tea.Cmd { m.whole, m.top = !m.whole, 0; return nil }},
		{Action: keymap.SceneMessages, Run: m.open(screen.Messages), Off: m.noQueue},
		{Action: keymap.SceneSend, Run: m.open(screen.Compose), Needs: "SendMessage", Off: m.noQueue},
		{Action: keymap.SceneMark, Run: func() tea.Cmd { return m.keep(asked) }, Off: m.noMoments},
		{Action: keymap.SceneSave, Run: m.askSave, Off: m.noMoments},
		{Action: keymap.SceneLeft, Run: aside(-1)},
		{Action: keymap.SceneRight, Run: aside(1)},
	}
	return append(own, screen.Moves(m.move, func() int { return max(1, m.h/4) })...)
}

// move moves the cursor in its column, or the details that are alone.
func (m *Model) move(by int) tea.Cmd {
	if m.whole {
		m.top = max(0, min(m.top+by, m.lines-m.h))
		return nil
	}
	return m.choose(m.plan.step(m.at, by))
}

func (m *Model) choose(x id) tea.Cmd {
	if x == m.at {
		return nil
	}
	m.at, m.top = x, 0
	return m.learn()
}

func (m *Model) noQueue() string {
	if !m.at.queue {
		return "there is no queue under the cursor"
	}
	return ""
}

// open opens a screen about the queue under the cursor.
func (m *Model) open(kind screen.Kind) func() tea.Cmd {
	return func() tea.Cmd {
		n, ok := m.plan.find(m.at)
		if !ok || !n.queue {
			return m.Env.Host.Fail(backend.Errorf(backend.KindNotFound, "there is no queue under the cursor any more"))
		}
		return m.Open(kind, n.heap.ARN)
	}
}

// clicked chooses what was clicked, and offers its knobs the second time.
func (m *Model) clicked(c screen.Click) tea.Cmd {
	if m.whole {
		return nil
	}
	l := m.layout()
	x, ok := l.nodeAt(&m.plan, c.X, c.Y-1)
	switch {
	case !ok:
		return nil
	case c.Double && x == m.at && m.noKnobs() == "" && m.Conn.Guard.Check(guard.SetKnob) == nil:
		return m.turn()
	}
	return m.choose(x)
}
