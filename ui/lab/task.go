package lab

import (
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	lessons "sqscope/backend/lab"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// item is something of the task: what stands there, and what enter does with it.
type item struct {
	key  string // "": it is only to be read
	rows func(w int) []string
	run  func() tea.Cmd // nil: nothing
}

// arrange makes the items anew from how the lesson stands.
func (p *Page) arrange() {
	first := len(p.drawn) == 0
	p.drawn = nil
	if p.lesson.Seen {
		p.alerts()
		p.steps()
		p.claims()
		p.knobs()
		p.counters()
	}
	keys := make([]string, len(p.drawn))
	todo := ""
	for i, it := range p.drawn {
		keys[i] = it.key
		if todo == "" && it.run != nil {
			todo = it.key
		}
	}
	p.items.SetKeys(keys)
	if first {
		p.items.Select(todo)
	}
	hand := p.lesson.Session.Hand().Receipts()
	keys = make([]string, len(hand))
	for i, r := range hand {
		keys[i] = deliveryKey(r.Number)
	}
	p.mine.SetKeys(keys)
}

func (p *Page) add(key string, run func() tea.Cmd, rows func(w int) []string) {
	p.drawn = append(p.drawn, item{key, rows, run})
}

// blank is a line between two parts.
func (p *Page) blank() {
	if len(p.drawn) > 0 {
		p.add("", nil, func(int) []string { return []string{""} })
	}
}

func (p *Page) head(s string) {
	p.blank()
	p.add("", nil, func(w int) []string { return []string{p.Env.Theme.Paint(themes.Header, s)} })
}

// alerts are what comes before all else: that it is passed, or cannot be in this
// run, what went wrong, and the hints.
func (p *Page) alerts() {
	st, t := p.lesson.Standing, p.Env.Theme
	switch {
	case st.Passed:
		p.add("passed", p.follow(), func(w int) []string { return p.congratulate(w) })
	case st.Spoiled != "":
		key := p.Env.Keys.Action(keymap.LessonAnew).Key()
		p.add("spoiled", p.Env.Host.Anew, func(w int) []string {
			return signed("✗", st.Spoiled+" This run cannot be passed any more: "+key+" begins anew.", themes.Bad, w, t)
		})
	}
	if n := len(st.Trouble); n > 0 && st.Trouble[n-1] != st.Spoiled {
		p.add("trouble", nil, func(w int) []string { return signed("!", st.Trouble[n-1], themes.Warn, w, t) })
	}
	for i, h := range st.Hints {
		p.add("hint "+strconv.Itoa(i), nil, func(w int) []string { return signed("☞", "Hint: "+h, themes.Accent, w, t) })
	}
}

// follow goes to the lesson after this one, or to the list.
func (p *Page) follow() func() tea.Cmd {
	return func() tea.Cmd { return p.Env.Host.Open(screen.Spec{Kind: screen.Lab}) }
}

func (p *Page) congratulate(w int) []string {
	t := p.Env.Theme
	lines := signed("✓", "Passed: the engine has shown all of it. enter goes to the list of lessons.", themes.Good, w, t)
	return lines
}

// steps are the steps with their questions and goals: those that are over in a
// line each, the present one whole, and what comes after it dimmed.
func (p *Page) steps() {
	l, st := p.lesson.Session.Lesson(), p.lesson.Standing
	for i := range st.Steps {
		if i == 0 || i == st.Current || i == st.Current+1 {
			p.blank()
		}
		p.step(i, &l.Steps[i], &st.Steps[i])
	}
	if st.Closing != nil && l.Closing != nil {
		p.head("ONE MORE QUESTION")
		p.question(l.Closing, st.Closing)
	}
}

func (p *Page) step(i int, step *lessons.Step, is *lessons.StepStanding) {
	t, now := p.Env.Theme, p.lesson.Standing.Current
	number := strconv.Itoa(i + 1)
	switch {
	case is.Over:
		p.add("step "+number, nil, func(w int) []string {
			return []string{t.Paint(themes.Good, "✓ ") + t.Paint(themes.Dim, brief(number+"  "+plain(step.Text), w-2).String())}
		})
	case i > now:
		p.add("step "+number, nil, func(w int) []string {
			return []string{t.Paint(themes.Faint, brief("  "+number+"  "+plain(step.Text), w).String())}
		})
		return
	default:
		p.add("step "+number, nil, func(w int) []string { return signed("  "+number+" ", step.Text, themes.Strong, w, t) })
	}
	for k := range step.Questions {
		if q := &is.Questions[k]; !is.Over || q.Verdict != lessons.Right {
			p.question(&step.Questions[k], q)
		} else {
			p.add("question "+q.ID, nil, func(w int) []string { return signed("    ✓", p.answerWords(&step.Questions[k], q), themes.Dim, w, t) })
		}
	}
	for _, g := range is.Goals {
		if !is.Over || !g.Holds {
			p.add("goal "+g.ID, nil, func(w int) []string { return p.goal(g, w) })
		}
	}
}

func (p *Page) goal(g lessons.GoalStanding, w int) []string {
	if g.Holds {
		return signed("    ✓", g.Text, themes.Good, w, p.Env.Theme)
	}
	return signed("    ○", g.Text, themes.Text, w, p.Env.Theme)
}

// question is one with its answer and what is said of it.
func (p *Page) question(q *lessons.Question, is *lessons.QuestionStanding) {
	t := p.Env.Theme
	var run func() tea.Cmd
	if canAnswer(q, is) {
		run = func() tea.Cmd { return p.askAnswer(q, is) }
	}
	p.add("question "+q.ID, run, func(w int) []string {
		sign, role := verdict(is.Verdict)
		lines := signed("    "+sign, q.Ask, role, w, t)
		line := func(s string, role themes.Role) { lines = append(lines, signed("     ", s, role, w, t)...) }
		switch is.Verdict {
		case lessons.Open:
			word := "enter answers it"
			if q.Predicts() {
				word = "enter predicts it: before you act"
			}
			line(word, themes.Accent)
		case lessons.Late:
			line(is.Says, themes.Bad)
		default:
			line("You said "+p.answerWords(q, is)+".", themes.Dim)
			if is.Verdict == lessons.Waiting {
				line("The engine will show whether that is so.", themes.Dim)
			}
			if is.Verdict == lessons.Wrong && is.Truth != nil {
				line("The engine has shown: "+truth(is.Truth)+".", themes.Text)
			}
			if is.Says != "" {
				line(is.Says, themes.Text)
			}
			if run != nil && is.Verdict == lessons.Wrong {
				line("enter answers it again", themes.Accent)
			}
		}
		return lines
	})
}

// canAnswer tells whether an answer would be taken.
func canAnswer(q *lessons.Question, is *lessons.QuestionStanding) bool {
	switch is.Verdict {
	case lessons.Open, lessons.Waiting:
		return true
	case lessons.Wrong:
		return !q.Predicts()
	}
	return false
}

func verdict(v lessons.Verdict) (sign string, role themes.Role) {
	switch v {
	case lessons.Right:
		return "✓", themes.Good
	case lessons.Wrong, lessons.Late:
		return "✗", themes.Bad
	case lessons.Waiting:
		return "…", themes.Text
	}
	return "?", themes.Strong
}

// answerWords are an answer as one would say it.
func (p *Page) answerWords(q *lessons.Question, is *lessons.QuestionStanding) string {
	a := is.Answer
	switch q.Kind {
	case lessons.Numbers:
		var parts []string
		for i, n := range a.Numbers {
			field := ""
			if i < len(q.Fields) {
				field = " " + q.Fields[i]
			}
			parts = append(parts, number(n)+field)
		}
		return strings.Join(parts, ", ")
	case lessons.Duration:
		return passed(a.Duration.Seconds())
	case lessons.Export:
		return a.Path
	}
	if len(a.Choices) == 0 {
		return "none of them"
	}
	return strings.Join(a.Choices, "; ")
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// truth is what a check has yielded, in words.
func truth(v any) string {
	switch v := v.(type) {
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, truth(e))
		}
		return strings.Join(parts, ", ")
	case float64:
		return number(v)
	}
	return fmt.Sprint(v)
}

// claims are what the learner can say at a moment of his choice.
func (p *Page) claims() {
	l, st, t := p.lesson.Session.Lesson(), p.lesson.Standing, p.Env.Theme
	if len(l.Claims) > 0 {
		p.head("SAY IT WHEN YOU ARE SURE")
	}
	for i, c := range l.Claims {
		p.add("claim "+c.ID, func() tea.Cmd { return p.claim(c) }, func(w int) []string {
			sign, role, after := "!", themes.Strong, ""
			if i < len(st.Claims) && st.Claims[i].Made {
				sign, role, after = "✗", themes.Bad, ": it was not sure. enter says it again"
				if st.Claims[i].Right {
					sign, role, after = "✓", themes.Good, ": that is so"
				}
			}
			return signed("    "+sign, c.Text+after, role, w, t)
		})
	}
}

// knobs are what may be turned.
func (p *Page) knobs() {
	l, t := p.lesson.Session.Lesson(), p.Env.Theme
	if len(l.Knobs) > 0 {
		p.head("WHAT YOU MAY TURN")
	}
	for _, k := range l.Knobs {
		p.add("knob "+k.Subject+" "+k.Name, func() tea.Cmd { return p.readKnob(k) }, func(w int) []string {
			return signed("    ±", "`"+k.Subject+" "+k.Name+"`: "+k.Text, themes.Text, w, t)
		})
	}
}

// counters are the numbers that are shown all the time.
func (p *Page) counters() {
	if len(p.lesson.Standing.Counters) == 0 {
		return
	}
	p.head("COUNTED SO FAR")
	for i, c := range p.lesson.Standing.Counters {
		p.add("counter "+strconv.Itoa(i), nil, func(w int) []string { return []string{counter(c, w, p.Env.Theme)} })
	}
}

// counter is a number and of what it is.
func counter(c lessons.CounterStanding, w int, t *themes.Theme) string {
	role, sign := themes.Number, " "
	if c.Bad {
		role, sign = themes.Bad, "!"
	}
	return t.Paint(role, text.Sprintf("%6s %s ", number(c.Value), sign).String()) + t.Paint(themes.Text, text.Clean(plain(c.Text)).Truncate(w-9).String())
}

func plain(s string) string { return strings.ReplaceAll(s, "`", "") }

// brief is the beginning of a text, on one line.
func brief(s string, w int) text.Safe { return text.Clean(s).Truncate(w) }

// here is the item under the cursor.
func (p *Page) here() *item {
	if i := p.items.At(); i >= 0 && i < len(p.drawn) {
		return &p.drawn[i]
	}
	return nil
}

func (p *Page) nothingToDo() string {
	switch {
	case p.pane == story:
		return p.Env.Keys.Action(keymap.LessonPane).Key() + " goes on to the task"
	case p.pane == consumer:
		return p.nothingReceived()
	}
	if it := p.here(); it == nil || it.run == nil {
		return "choose a question, a claim or a knob"
	}
	return ""
}

// do is enter: what it does depends on what is under the cursor.
func (p *Page) do() tea.Cmd {
	if p.pane == consumer {
		return p.receiveAgain()
	}
	if it := p.here(); p.pane == task && it != nil && it.run != nil {
		return it.run()
	}
	return nil
}

// viewTask draws the task.
func (p *Page) viewTask(w, h int) string {
	t := p.Env.Theme
	if !p.lesson.Seen {
		return widget.Center(t.Paint(themes.Dim, "looking at the lesson …"), w, h)
	}
	return p.items.View(w, h, t, func(i, w int) []string { return p.drawn[i].rows(w) })
}
