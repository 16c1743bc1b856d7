package scene

import (
	"context"
	"slices"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/text"
)

// speeds are those that keys step through.
func speeds() []float64 {
	return []float64{0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1000, 3600}
}

func speedWord(f float64) string { return strconv.FormatFloat(f, 'g', 4, 64) }

// acted is the result of an act.
type acted struct {
	what text.Safe // that was done; empty: nothing needs to be said
	err  error
}

// Late says it when the screen is gone.
func (a acted) Late() (themes.Role, text.Safe) {
	if a.err != nil {
		return themes.Bad, text.Clean(a.err.Error())
	}
	return themes.Good, a.what
}

func (m *Model) acted(a acted) tea.Cmd {
	m.Conn.Fleet.RefreshAll() // its picture has the clock, and what was changed
	again := tea.Batch(m.look(), m.learn())
	switch {
	case a.err != nil:
		return tea.Batch(m.Env.Host.Fail(a.err), again)
	case a.what.Empty():
		return again
	}
	return tea.Batch(m.Env.Host.Say(themes.Good, a.what), again)
}

// speed changes how fast time runs, by a step up or down.
func (m *Model) speed(by int) func() tea.Cmd {
	return func() tea.Cmd {
		clock := m.Conn.Stack.Clock
		return m.Act(func(ctx context.Context) tea.Msg {
			state, err := clock.Clock(ctx)
			if err != nil {
				return acted{err: err}
			}
			to := beyond(state.Speed, by)
			return acted{text.Sprintf("the clock runs at x%s", speedWord(to)), clock.SetClock(ctx, state.Paused, to)}
		})
	}
}

// beyond is the next speed above or below one.
func beyond(speed float64, by int) float64 {
	all := speeds()
	i, exact := slices.BinarySearch(all, speed)
	if by < 0 || exact {
		i += by
	}
	return all[min(max(i, 0), len(all)-1)]
}

// noFaster and noSlower are why the speed cannot be changed that way.
func (m *Model) noFaster() string {
	if all := speeds(); m.clock.Speed >= all[len(all)-1] {
		return "this is the highest speed"
	}
	return ""
}

func (m *Model) noSlower() string {
	if m.clock.Speed <= speeds()[0] {
		return "this is the lowest speed"
	}
	return ""
}

// stepBy is how far a step goes.
const stepBy = time.Second

// step stops the clock and goes on by a second.
func (m *Model) step() tea.Cmd {
	clock := m.Conn.Stack.Clock
	return m.Act(func(ctx context.Context) tea.Msg {
		err := backend.StopClock(ctx, clock)
		if err == nil {
			err = clock.StepClock(ctx, stepBy)
		}
		return acted{err: err}
	})
}

// next stops the clock and goes to the next thing that happens by itself.
func (m *Model) next() tea.Cmd {
	clock, utc := m.Conn.Stack.Clock, m.Env.UTC
	return m.Act(func(ctx context.Context) tea.Msg {
		if err := backend.StopClock(ctx, clock); err != nil {
			return acted{err: err}
		}
		at, err := clock.NextEvent(ctx)
		switch {
		case err != nil:
			return acted{err: err}
		case at.IsZero():
			return acted{what: text.Const("nothing will happen by itself any more")}
		}
		return acted{text.Sprintf("it is %s", instant(at, utc)), clock.JumpClock(ctx, at)}
	})
}

// instant is a time of day to the millisecond: events are closer than seconds.
func instant(t time.Time, utc bool) string {
	if utc {
		return t.UTC().Format("15:04:05.000Z")
	}
	return t.Local().Format("15:04:05.000")
}

// noClock is why time cannot be stepped.
func (m *Model) noClock() string {
	if m.Conn.Stack.Clock == nil {
		return "this place has no clock that could be stopped"
	}
	return ""
}
