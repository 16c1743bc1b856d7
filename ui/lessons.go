package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	lessons "sqscope/backend/lab"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/lab"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// lessonWidth is from which width on the lesson stands beside the screens.
const lessonWidth = 120

// lesson is the one that the context is about, or nil.
func (m *Model) lesson() *screen.Lesson { return m.env.Conns[0].Lesson }

// toLesson brings the lesson's page over the screens and takes it away again, so
// that nobody loses his place by reading what is asked of him. Elsewhere it goes
// to the list of lessons.
func (m *Model) toLesson() tea.Cmd {
	if m.lesson() == nil {
		return m.open(screen.Spec{Kind: screen.Lab})
	}
	s := screen.Spec{Kind: screen.LessonPage, Conn: m.env.Conns[0].Name}
	at := slices.IndexFunc(m.stack, func(p page) bool { return p.spec == s })
	switch {
	case at < 0:
		return m.open(s)
	case at == len(m.stack)-1:
		return m.backTo(at - 1)
	}
	p := m.stack[at]
	m.top().Cover()
	m.stack = append(slices.Delete(m.stack, at, at+1), p)
	return p.Show()
}

// Settled tells whether what the screen shows of lessons has been read: how the
// lesson stands, or the list of them.
func (m *Model) Settled() bool {
	if l := m.lesson(); l != nil && !l.Seen {
		return false
	}
	list, ok := m.top().Screen.(*lab.Model)
	return !ok || list.Settled()
}

// lessonSeen is how a lesson stands now.
type lessonSeen struct {
	of    *screen.Connection
	now   lessons.Standing
	knobs []backend.Knob
	err   error
}

// see looks at a lesson.
func see(ctx context.Context, conn *screen.Connection) lessonSeen {
	s := lessonSeen{of: conn}
	if s.now, s.err = conn.Lesson.Look(ctx); s.err == nil {
		s.knobs, s.err = conn.Lesson.Session.Knobs(ctx)
	}
	return s
}

// judge looks at the lesson, one look at a time.
func (m *Model) judge() tea.Cmd {
	conn := m.env.Conns[0]
	if conn.Lesson == nil {
		return nil
	}
	if m.judging {
		m.judgeAgain = true
		return nil
	}
	m.judging = true
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(conn.Context, screen.ReadLimit)
		defer cancel()
		return see(ctx, conn)
	}
}

// judgeOften looks at the lesson between the ticks where its clock runs fast: much
// happens in a second then.
func (m *Model) judgeOften() tea.Cmd {
	if m.lesson() == nil {
		return nil
	}
	if clock := m.env.Conns[0].Fleet.Snapshot().Clock; clock.Paused || clock.Speed <= 1 {
		return nil
	}
	return m.judge()
}

// judged takes a look, says what is new, and shows it.
func (m *Model) judged(s lessonSeen) tea.Cmd {
	again := m.judgeAgain
	m.judging, m.judgeAgain = false, false
	if m.env.Conns[0] != s.of {
		return nil
	}
	var cmds []tea.Cmd
	l := s.of.Lesson
	if s.err != nil {
		cmds = append(cmds, m.fail(s.err))
	}
	if s.now.Steps != nil {
		if l.Seen {
			cmds = append(cmds, m.sayLesson(l.Standing, s.now))
		}
		l.Standing, l.Knobs, l.Seen = s.now, s.knobs, true
	}
	if again {
		cmds = append(cmds, m.judge())
	}
	return tea.Batch(append(cmds, m.tell(screen.LessonMsg{}))...)
}

// sayLesson says the most important thing that is new in a lesson, wherever the
// learner is.
func (m *Model) sayLesson(was, is lessons.Standing) tea.Cmd {
	key, anew := m.env.Keys.Action(keymap.Lab).Key(), m.env.Keys.Action(keymap.LessonAnew).Key()
	passed, hint := "The lesson is passed. "+key+" shows what you have seen.", "There is a hint: "+key+" shows it."
	if m.top().spec.Kind == screen.LessonPage { // it is there
		passed, hint = "The lesson is passed.", "There is a hint: it stands over the task."
	} else {
		anew = key + " and then " + anew
	}
	switch {
	case is.Passed && !was.Passed:
		return m.show(themes.Good, text.Const(passed), toastOfError)
	case is.Spoiled != "" && was.Spoiled == "":
		return m.show(themes.Warn, text.Sprintf("%s: begin anew. %s", anew, lab.Plain(is.Spoiled)), toastOfError)
	case len(is.Trouble) > len(was.Trouble):
		return m.show(themes.Warn, text.Clean(lab.Plain(is.Trouble[len(is.Trouble)-1])), toastOfError)
	case len(is.Hints) > len(was.Hints):
		return m.show(themes.Warn, text.Const(hint), toastOfError)
	}
	if len(was.Steps) != len(is.Steps) || m.toast.line.String() != "" { // what was done says itself what came of it
		return nil
	}
	for i, step := range is.Steps {
		for k, g := range step.Goals {
			if g.Holds && !was.Steps[i].Goals[k].Holds {
				return m.say(themes.Good, text.Clean(lab.Plain(g.Text)))
			}
		}
	}
	return nil
}

// Anew begins the lesson anew. Other screens show what will not have happened.
func (h host) Anew() tea.Cmd {
	m := h.m
	conn := m.env.Conns[0]
	if conn.Lesson == nil {
		return nil
	}
	return m.afterWorks("Begin anew", m.worksIn(m.env.Conns), func() tea.Cmd {
		var leave []tea.Cmd
		kept := m.stack[:0]
		for i, p := range m.stack {
			if i == 0 || p.spec.Kind == screen.LessonPage {
				kept = append(kept, p)
				continue
			}
			leave = append(leave, p.Leave())
		}
		m.stack = kept
		return tea.Sequence(tea.Batch(leave...), func() tea.Msg {
			ctx, cancel := context.WithTimeout(conn.Context, screen.ActLimit)
			defer cancel()
			setup := conn.Lesson.Session.Lesson().Setup
			err := conn.Lesson.Session.Reset(ctx)
			if err == nil {
				err = conn.Stack.Clock.SetClock(ctx, setup.Paused, setup.Speed)
			}
			if err != nil {
				return failed{err}
			}
			conn.Fleet.RefreshAll()
			return begunAnew{see(ctx, conn)}
		})
	})
}

type begunAnew struct{ lessonSeen }

// begunAnew shows a lesson at its beginning.
func (m *Model) begunAnew(b begunAnew) tea.Cmd {
	b.of.Lesson.Seen = false // nothing of it is news
	m.judgeAgain = false
	return tea.Batch(m.judged(b.lessonSeen), m.say(themes.Good, text.Const("the lesson begins anew, as it did before")))
}

// body is the screen on top, and the lesson beside it where there is room.
func (m *Model) body(w, h int) string {
	side := m.lessonSide()
	if side == 0 {
		return m.top().View(w, h)
	}
	left := w - side - 3
	return widget.Beside(m.top().View(left, h), lab.Panel(m.env, m.lesson(), m.top().spec.Kind, side, h), left, side, m.env.Theme)
}

// lessonSide is how wide the lesson beside the screen is, 0 where it is not shown.
func (m *Model) lessonSide() int {
	kind := m.top().spec.Kind
	if m.lesson() == nil || m.w < lessonWidth || kind == screen.LessonPage || kind == screen.Lab {
		return 0
	}
	return min(48, m.w-83)
}
