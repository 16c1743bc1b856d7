package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/ui/screen"
)

// The mouse is optional: everything can be done with keys. While it is on, the
// terminal selects text with Shift held.

// double is how soon a second click at the same place follows the first.
const double = 500 * time.Millisecond

// wheelStep is how many lines a notch of the wheel is.
const wheelStep = 3

// click is where and when the mouse was pressed last.
type click struct {
	x, y int
	at   time.Time
}

// clicked hands a click to the dialog on top or to the screen.
func (m *Model) clicked(msg tea.MouseClickMsg) tea.Cmd {
	if msg.Button != tea.MouseLeft || m.leaving || m.cramped() {
		return nil
	}
	last := m.lastClick
	m.lastClick = click{msg.X, msg.Y, time.Now()}
	twice := last.x == msg.X && last.y == msg.Y && m.lastClick.at.Sub(last.at) < double
	if twice {
		m.lastClick = click{} // a third one is a first again
	}
	if len(m.dialogs) > 0 || msg.Y < headLines || msg.Y >= m.h-footLines || msg.X >= m.w-m.lessonSide() {
		return nil
	}
	return m.top().Update(screen.Click{X: msg.X, Y: msg.Y - headLines, Double: twice})
}

// wheeled turns the wheel over the dialog on top, where it is a step of the
// cursor, or over the screen.
func (m *Model) wheeled(msg tea.MouseWheelMsg) tea.Cmd {
	by := 0
	switch msg.Button {
	case tea.MouseWheelUp:
		by = -wheelStep
	case tea.MouseWheelDown:
		by = wheelStep
	}
	if by == 0 || m.leaving || m.cramped() {
		return nil
	}
	if n := len(m.dialogs); n > 0 {
		key := tea.KeyPressMsg{Code: tea.KeyDown}
		if by < 0 {
			key.Code = tea.KeyUp
		}
		return m.dialogs[n-1].Update(key)
	}
	return m.top().Update(screen.Wheel(by))
}
