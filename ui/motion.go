package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/ui/screen"
)

// In low motion a frame changes by itself only every few seconds, all at once:
// ages, counts, the order of rows. Whoever presses a key sees what is there, and
// the answers to what was asked for come as they come. A screen is not told of
// news while its frame rests, so that a click means the row that is seen.

// restFor is how long a frame rests in low motion.
const restFor = 5 * time.Second

// attending is how long after a key or a click it does not.
const attending = 2 * time.Second

// motion is what is needed for that.
type motion struct {
	input  time.Time // when somebody last did something
	told   time.Time // when the screen was last told of news
	missed bool      // the fleet has changed since
	drawn  bool      // frame is what is to be seen
	frame  tea.View
}

// resting tells whether the frame is to stay as it is.
func (m *Model) resting() bool {
	if !m.env.LowMotion || time.Since(m.motion.input) < attending || time.Since(m.motion.told) >= restFor {
		return false
	}
	for _, c := range m.env.Conns {
		if !c.Fleet.Snapshot().ListComplete {
			return false // somebody waits for it
		}
	}
	return true
}

// tell brings news to the screen on top, unless its frame rests.
func (m *Model) tell(news tea.Msg) tea.Cmd {
	_, changed := news.(screen.FleetMsg)
	if m.resting() {
		m.motion.missed = m.motion.missed || changed
		return nil
	}
	missed := m.motion.missed && !changed
	m.motion.told, m.motion.missed, m.motion.drawn = time.Now(), false, false
	if missed {
		return tea.Batch(m.top().Update(screen.FleetMsg{}), m.top().Update(news))
	}
	return m.top().Update(news)
}
