package lab

import (
	"strings"

	lessons "sqscope/backend/lab"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Panel is the lesson beside a screen of some kind, in h lines of w cells: the task
// of now and what the engine has shown of it. The list of queues has their counters
// itself.
func Panel(env *screen.Env, l *screen.Lesson, beside screen.Kind, w, h int) string {
	t := env.Theme
	lesson, st := l.Session.Lesson(), l.Standing
	inner := w - 2
	lines := []string{t.Paint(themes.Title, heading(lesson).Truncate(inner).String()), ""}
	key := env.Keys.Action(keymap.Lab).Key()
	switch {
	case !l.Seen:
		lines = append(lines, t.Paint(themes.Dim, "looking at the lesson …"))
	case st.Passed:
		lines = append(lines, signed("✓", "Passed. The engine has shown all of it.", themes.Good, inner, t)...)
	case st.Spoiled != "":
		lines = append(lines, signed("✗", st.Spoiled+" "+key+" and then "+env.Keys.Action(keymap.LessonAnew).Key()+" begin anew.", themes.Bad, inner, t)...)
		lines = append(lines, "")
	}
	if n := len(st.Trouble); n > 0 && st.Trouble[n-1] != st.Spoiled && !st.Passed {
		lines = append(lines, signed("!", st.Trouble[n-1], themes.Warn, inner, t)...)
		lines = append(lines, "")
	}
	for i := range st.Steps {
		if i == st.Current && !st.Passed {
			lines = append(lines, panelStep(lesson, &st, i, key, inner, t)...)
		}
	}
	if st.Closing != nil && st.Closing.Verdict != lessons.Right {
		lines = append(lines, signed("?", "One more question: "+key+" asks it.", themes.Strong, inner, t)...)
	}
	for _, hint := range st.Hints {
		lines = append(lines, "")
		lines = append(lines, signed("☞", hint, themes.Accent, inner, t)...)
	}
	if queues := queueLines(env.Conns[0], inner, t); beside != screen.Queues && len(queues) > 0 && len(queues) < 9 {
		lines = append(lines, "", queueHead(inner, t))
		lines = append(lines, queues...)
	}
	if len(st.Counters) > 0 {
		lines = append(lines, "", t.Paint(themes.Header, "COUNTED SO FAR"))
		for _, c := range st.Counters {
			lines = append(lines, counter(c, inner, t)...)
		}
	}
	foot := t.Paint(themes.Key, text.Const(key).String()) + t.Paint(themes.Dim, " the whole lesson, and back")
	if len(lines) > h-2 {
		lines = append(lines[:max(0, h-3)], t.Paint(themes.Dim, "…"))
	}
	for len(lines) < h-1 {
		lines = append(lines, "")
	}
	lines = append(lines, foot)
	for i := range lines {
		lines[i] = widget.Fit(" "+lines[i], w)
	}
	return strings.Join(lines[:h], "\n")
}

// panelStep is the step of now: its text, what is asked, and its goals.
func panelStep(lesson *lessons.Lesson, st *lessons.Standing, i int, key string, w int, t *themes.Theme) []string {
	lines := []string{t.Paint(themes.Header, text.Sprintf("STEP %d OF %d", i+1, len(st.Steps)).String())}
	lines = append(lines, prose(lesson.Steps[i].Text, themes.Text, w, t)...)
	lines = append(lines, "")
	open := 0
	for _, q := range st.Steps[i].Questions {
		if q.Verdict == lessons.Open {
			open++
		}
	}
	if open > 0 {
		lines = append(lines, signed("?", format.Are(open, "question")+" open: "+key+" asks.", themes.Accent, w, t)...)
	}
	for _, g := range st.Steps[i].Goals {
		sign, role := "○", themes.Text
		if g.Holds {
			sign, role = "✓", themes.Good
		}
		lines = append(lines, signed(sign, g.Text, role, w, t)...)
	}
	return lines
}
