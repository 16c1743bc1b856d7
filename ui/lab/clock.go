package lab

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// looks are into how many parts a long time is cut: the lesson is judged between
// them, as it would be if the clock ran.
const looks = 50

// longest is as far as time can be let pass at once.
const longest = 60 * 24 * time.Hour

func (p *Page) noTime() string {
	if p.going {
		return "time is passing already"
	}
	return ""
}

// askTime asks how much time is to pass.
func (p *Page) askTime() tea.Cmd {
	p.Env.Host.Ask(dialog.NewForm(p.Env, dialog.Form{
		Title: text.Const("Let time pass"),
		Notes: []text.Safe{text.Const("All that is due on the way happens, in order. The clock then runs or stands as before.")},
		Fields: []dialog.Field{{Label: "time", Hint: "such as 10s, 5m, 12h or 3d12h", Check: func(v string) string {
			if d, ok := span(v); !ok || d <= 0 || d > longest {
				return "type a time up to 60d, such as 10s, 5m, 12h or 3d12h"
			}
			return ""
		}}},
		Confirm: "go on",
		Run: func(v []string) tea.Cmd {
			d, _ := span(v[0]) // was checked
			return p.let(d, false)
		},
	}))
	return nil
}

// span reads a time as it is typed: a number alone is seconds, and days may stand
// in front.
func span(s string) (time.Duration, bool) {
	s = strings.ReplaceAll(s, " ", "")
	if d, ok := backend.ParseSpan(s); ok {
		return d, true
	}
	return backend.ParseSpan(s + "s")
}

// second stops the clock and goes on by one second.
func (p *Page) second() tea.Cmd { return p.let(time.Second, true) }

// let lets time pass, and has the lesson looked at on the way.
func (p *Page) let(d time.Duration, stop bool) tea.Cmd {
	p.going = true
	clock, lesson := p.Conn.Stack.Clock, p.lesson
	return p.Act(func(ctx context.Context) tea.Msg {
		if stop {
			if err := backend.StopClock(ctx, clock); err != nil {
				return acted{err: err, time: true}
			}
		}
		slice := max(d/looks, time.Second)
		for left := d; left > 0; left -= slice {
			if err := clock.StepClock(ctx, min(slice, left)); err != nil {
				return acted{err: err, time: true}
			}
			if _, err := lesson.Look(ctx); err != nil {
				return acted{err: err, time: true}
			}
		}
		return acted{what: text.Sprintf("%s have passed", format.Span(d)), role: themes.Good, time: true}
	})
}

// next stops the clock and goes to what happens next.
func (p *Page) next() tea.Cmd {
	p.going = true
	clock, utc := p.Conn.Stack.Clock, p.Env.UTC
	return p.Act(func(ctx context.Context) tea.Msg {
		if err := backend.StopClock(ctx, clock); err != nil {
			return acted{err: err, time: true}
		}
		at, err := clock.NextEvent(ctx)
		switch {
		case err != nil:
			return acted{err: err, time: true}
		case at.IsZero():
			return acted{what: text.Const("nothing will happen by itself: it is your turn"), role: themes.Warn, time: true}
		}
		return acted{what: text.Sprintf("it is %s", format.Clock(at, utc)), role: themes.Good, err: clock.JumpClock(ctx, at), time: true}
	})
}

// pace changes how fast the clock runs by a factor.
func (p *Page) pace(by float64) tea.Cmd {
	clock := p.Conn.Stack.Clock
	return p.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		state, err := clock.Clock(ctx)
		if err != nil {
			return acted{err: err}
		}
		speed := min(max(state.Speed*by, 0.125), 4096)
		return acted{what: text.Sprintf("the clock runs at x%s", number(speed)), role: themes.Good, err: clock.SetClock(ctx, state.Paused, speed)}
	})
}
