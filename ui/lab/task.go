package lab

import (
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	lessons "sqscope/backend/lab"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// item is something of the task: what stands there, and what enter does with it.
type item struct {
	key  string // "": a heading
	rows func(w int) []string
	word string         // for what enter does
	run  func() tea.Cmd // nil: nothing
}

// arrange makes the items anew from how the lesson stands. With a new step, or
// when all has changed, the cursor goes to what is to be done next.
func (p *Page) arrange() {
	st := p.lesson.Standing
	at := place{p.lesson.Seen, st.Current, st.Spoiled != "", st.Passed, st.Closing != nil}
	first := at != p.place
	p.place, p.drawn = at, nil
	if p.lesson.Seen {
		p.alerts()
		p.steps()
		p.claims()
		p.knobs()
		p.queues()
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

// place is how far a lesson is.
type place struct {
	seen            bool
	step            int
	spoiled, passed bool
	closing         bool
}

// add is what is only to be read.
func (p *Page) add(key string, rows func(w int) []string) {
	p.drawn = append(p.drawn, item{key: key, rows: rows})
}

// offer is what enter does something with.
func (p *Page) offer(key, word string, run func() tea.Cmd, rows func(w int) []string) {
	p.drawn = append(p.drawn, item{key, rows, word, run})
}

// blank is a line between two parts.
func (p *Page) blank() {
	if len(p.drawn) > 0 {
		p.add("", func(int) []string { return []string{""} })
	}
}

func (p *Page) head(s string) {
	p.blank()
	p.add("", func(int) []string { return []string{p.Env.Theme.Paint(themes.Header, s)} })
}

// alerts are what comes before all else: that it is passed, or cannot be in this
// run, what went wrong, and the hints.
func (p *Page) alerts() {
	st, t := p.lesson.Standing, p.Env.Theme
	switch {
	case st.Passed:
		list := func() tea.Cmd { return p.Env.Host.Open(screen.Spec{Kind: screen.Lab}) }
		p.offer("passed", "lessons", list, func(w int) []string {
			return signed("✓", "Passed: the engine has shown all of it. enter goes to the list of lessons.", themes.Good, w, t)
		})
	case st.Spoiled != "":
		key := p.Env.Keys.Action(keymap.LessonAnew).Key()
		p.offer("spoiled", p.Env.Keys.Action(keymap.LessonAnew).Word, p.Env.Host.Anew, func(w int) []string {
			return signed("✗", st.Spoiled+" This run cannot be passed any more: "+key+" begins anew.", themes.Bad, w, t)
		})
	}
	if n := len(st.Trouble); n > 0 && st.Trouble[n-1] != st.Spoiled {
		p.add("trouble", func(w int) []string { return signed("!", st.Trouble[n-1], themes.Warn, w, t) })
	}
	for i, h := range st.Hints {
		p.add("hint "+strconv.Itoa(i), func(w int) []string { return signed("☞", "Hint: "+h, themes.Accent, w, t) })
	}
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
		p.add("step "+number, func(w int) []string {
			return []string{t.Paint(themes.Good, "✓ ") + t.Paint(themes.Dim, brief(number+"  "+Plain(step.Text), w-2).String())}
		})
	case i > now && !p.ahead[i]:
		p.offer("step "+number, "look ahead", func() tea.Cmd { return p.lookAhead(i) }, func(w int) []string {
			return []string{t.Paint(themes.Dim, brief("  "+number+"  "+Plain(step.Text), w).String())}
		})
		return
	default:
		whole := func(w int) []string { return signed("  "+number+" ", step.Text, themes.Strong, w, t) }
		if i > now {
			p.offer("step "+number, "close", func() tea.Cmd { return p.lookAhead(i) }, whole)
		} else {
			p.add("step "+number, whole)
		}
	}
	for k := range step.Questions {
		if q := &is.Questions[k]; !is.Over || q.Verdict != lessons.Right {
			p.question(&step.Questions[k], q)
		} else {
			p.add("question "+q.ID, func(w int) []string { return signed("    ✓", p.answerWords(&step.Questions[k], q), themes.Dim, w, t) })
		}
	}
	for _, g := range is.Goals {
		if !is.Over || !g.Holds {
			p.add("goal "+g.ID, func(w int) []string { return p.goal(g, w) })
		}
	}
}

// lookAhead shows a later step whole, or in a line again: its questions can be
// answered before it is its turn.
func (p *Page) lookAhead(i int) tea.Cmd {
	if p.ahead == nil {
		p.ahead = map[int]bool{}
	}
	p.ahead[i] = !p.ahead[i]
	p.arrange()
	return nil
}

func (p *Page) goal(g lessons.GoalStanding, w int) []string {
	if g.Holds {
		return signed("    ✓", g.Text, themes.Good, w, p.Env.Theme)
	}
	return signed("    ○", g.Text, themes.Text, w, p.Env.Theme)
}

// claims are what the learner can say at a moment of his choice.
func (p *Page) claims() {
	l, st, t := p.lesson.Session.Lesson(), p.lesson.Standing, p.Env.Theme
	if len(l.Claims) > 0 {
		p.head("SAY IT WHEN YOU ARE SURE")
	}
	for i, c := range l.Claims {
		p.offer("claim "+c.ID, "say it", func() tea.Cmd { return p.claim(c) }, func(w int) []string {
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
		p.offer("knob "+k.Subject+" "+k.Name, "turn", func() tea.Cmd { return p.readKnob(k) }, func(w int) []string {
			name := "`" + k.Subject + " " + k.Name + "`"
			if now := p.knob(k); now != "" {
				name += " is " + now
			}
			return signed("    ±", name+": "+k.Text, themes.Text, w, t)
		})
	}
}

// knob is how a knob stands.
func (p *Page) knob(ref lessons.KnobRef) string {
	for _, k := range p.lesson.Knobs {
		if k.Subject == ref.Subject && k.Name == ref.Name {
			return k.Value
		}
	}
	return ""
}

// queues are the counters of each queue, as SQS tells them to the learner.
func (p *Page) queues() {
	if len(p.Conn.Fleet.Snapshot().Queues) == 0 {
		return
	}
	p.blank()
	p.add("", func(w int) []string { return []string{queueHead(w+2, p.Env.Theme)} }) // a heading stands further left
	p.add("queues", func(w int) []string { return queueLines(p.Conn, w, p.Env.Theme) })
}

// queueHead is the head over the queues of a lesson, and queueLines are they with
// their three counters.
func queueHead(w int, t *themes.Theme) string {
	name, numbers := queueLine(w, "THE QUEUES NOW", "VISIBLE", "IN FLIGHT", "DELAYED")
	bare := strings.TrimRight(name, " ")
	return t.Paint(themes.Header, bare) + name[len(bare):] + t.Paint(themes.Header, numbers)
}

func queueLines(c *screen.Connection, w int, t *themes.Theme) (lines []string) {
	for _, q := range c.Fleet.Snapshot().Queues {
		if !q.AsOf.IsZero() {
			name, numbers := queueLine(w, q.ARN.Name, format.Count(q.Visible), format.Count(q.InFlight), format.Count(q.Delayed))
			lines = append(lines, t.Paint(themes.Strong, name)+t.Paint(themes.Text, numbers))
		}
	}
	return lines
}

func queueLine(w int, queue, visible, flight, delayed string) (name, numbers string) {
	return text.Clean(queue).Pad(max(8, w-25)).String(), fmt.Sprintf("%7s %9s %7s", visible, flight, delayed)
}

// counters are the numbers that are shown all the time.
func (p *Page) counters() {
	if len(p.lesson.Standing.Counters) == 0 {
		return
	}
	p.head("COUNTED SO FAR")
	for i, c := range p.lesson.Standing.Counters {
		p.add("counter "+strconv.Itoa(i), func(w int) []string { return counter(c, w, p.Env.Theme) })
	}
}

// counter is a number and of what it is.
func counter(c lessons.CounterStanding, w int, t *themes.Theme) []string {
	role, sign, value := themes.Number, " ", number(c.Value)
	switch {
	case c.Bad:
		role, sign = themes.Bad, "!"
	case c.Unknown:
		role, value = themes.Dim, "—"
	}
	lines := widget.Wrap(text.Clean(Plain(c.Text)), w-9)
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = strings.Repeat(" ", 9)
		if i == 0 {
			out[i] = t.Paint(role, text.Sprintf("%6s %s ", value, sign).String())
		}
		out[i] += t.Paint(themes.Text, l.String())
	}
	return out
}

// brief is the beginning of a text, on one line.
func brief(s string, w int) text.Safe { return text.Clean(s).Truncate(w) }

// here is the item under the cursor.
func (p *Page) here() *item {
	if i := p.items.At(); i >= 0 && i < len(p.drawn) {
		return &p.drawn[i]
	}
	return nil
}

// unseen tells whether there is no room for the task beside what is read.
func (p *Page) unseen() bool { return p.pane != task && p.w < wide }

func (p *Page) nothingToDo() string {
	if p.unseen() && p.pane == consumer {
		return "that is done on the task; " + p.Env.Keys.Action(keymap.LessonAgain).Key() + " receives again"
	}
	if it := p.here(); !p.unseen() && (it == nil || it.run == nil) {
		return "choose a question, a claim or a knob"
	}
	return ""
}

// does is what enter does now, in a word.
func (p *Page) does() string {
	if p.unseen() {
		return "go on"
	}
	if it := p.here(); it != nil {
		return it.word
	}
	return ""
}

// do is enter: it goes on from the story to the task. Where the task is seen, what
// it does depends on what is under the cursor there.
func (p *Page) do() tea.Cmd {
	unseen := p.unseen()
	p.choose(task)
	if it := p.here(); !unseen && it != nil && it.run != nil {
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
