package lab

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/guard"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// wide is from which width on the task stands beside the story or the consumer.
const wide = 110

// pane is a side of the page.
type pane int

const (
	story pane = iota
	task
	consumer
)

var paneNames = [...]string{"Story", "Task", "Your consumer"}

// Page is the page of a lesson.
type Page struct {
	screen.Base
	screen.Quiet
	lesson *screen.Lesson

	pane pane
	left pane // that is beside the task on a wide screen
	w, h int  // as drawn last

	reading widget.Split // of the story, which is its details alone
	items   widget.List  // of the task
	drawn   []item
	place   place        // that drawn is of
	ahead   map[int]bool // later steps that are shown whole
	mine    widget.List  // deliveries to the learner's own consumer
	last    receive      // that was made last
	sent    [6]string    // fields of what was sent last
	going   bool         // time is being let pass
}

// NewPage makes the page of the lesson that a place is for.
func NewPage(env *screen.Env, spec screen.Spec) *Page {
	p := &Page{Base: screen.NewBase(env, spec)}
	p.lesson = p.Conn.Lesson
	p.reading.Show(true)
	if p.lesson.Seen && p.lesson.Standing.Now > 0 {
		p.pane = task
	}
	p.arrange()
	return p
}

// Init does nothing: the root looks at the lesson.
func (p *Page) Init() tea.Cmd { return nil }

// Update takes news of the lesson and of its queues, and the answers of acts.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.LessonMsg, screen.FleetMsg:
		p.arrange()
	case acted:
		return p.acted(msg)
	case served:
		return p.served(msg)
	case knobsRead:
		return p.askKnob(msg)
	case screen.Click:
		return p.clicked(msg)
	case screen.Wheel:
		return p.move(int(msg))
	}
	return nil
}

// Show takes what came meanwhile.
func (p *Page) Show() tea.Cmd {
	p.arrange()
	return nil
}

// Bindings are the keys of the page.
func (p *Page) Bindings() []screen.Binding {
	hand := []screen.Binding{
		{Action: keymap.LessonReceive, Run: p.askReceive, Needs: "ReceiveMessage"},
		{Action: keymap.LessonAgain, Run: p.receiveAgain, Needs: "ReceiveMessage", Off: p.nothingReceived},
		{Action: keymap.LessonSend, Run: p.askSend, Needs: "SendMessage"},
		{Action: keymap.LessonDelete, Run: p.delete, Needs: "DeleteMessage", Off: p.noDelivery},
		{Action: keymap.LessonHold, Run: p.askHide, Needs: "ChangeMessageVisibility", Off: p.noDelivery},
	}
	first := []screen.Binding{
		{Action: keymap.LessonDo, Word: p.does(), Run: p.do, Off: p.nothingToDo},
		{Action: keymap.LessonPane, Run: p.turn},
		{Action: keymap.LessonTime, Run: p.askTime, Needs: guard.StepClock, Off: p.noTime},
	}
	rest := []screen.Binding{
		{Action: keymap.LessonAnew, Run: p.Env.Host.Anew},
		{Action: keymap.LessonStep, Run: p.second, Needs: guard.StepClock, Off: p.noTime},
		{Action: keymap.LessonNext, Run: p.next, Needs: guard.JumpClock, Off: p.noTime},
		{Action: keymap.LessonFaster, Run: func() tea.Cmd { return p.pace(2) }, Needs: guard.SetClock},
		{Action: keymap.LessonSlower, Run: func() tea.Cmd { return p.pace(0.5) }, Needs: guard.SetClock},
		{Action: keymap.LessonProgram, Run: p.serve, Off: p.noProgram},
		{Action: keymap.LessonScene, Run: func() tea.Cmd { return p.Env.Host.Open(screen.Spec{Kind: screen.Scene, Conn: p.Conn.Name}) }, Off: p.noScene},
		{Action: keymap.LessonLessons, Run: func() tea.Cmd { return p.Env.Host.Open(screen.Spec{Kind: screen.Lab}) }},
		{Action: keymap.Copy, Run: p.copy, Off: p.noDelivery},
	}
	if p.pane == consumer {
		first, hand = append(hand, first...), nil
	}
	all := append(append(first, hand...), rest...)
	return append(all, screen.Moves(p.move, p.page)...)
}

func (p *Page) noScene() string {
	if p.Conn.Stack.Stage == nil {
		return "nothing plays in this lesson"
	}
	return ""
}

// turn goes to the next pane.
func (p *Page) turn() tea.Cmd {
	p.choose((p.pane + 1) % pane(len(paneNames)))
	return nil
}

func (p *Page) choose(x pane) {
	p.pane = x
	if x != task {
		p.left = x
	}
}

func (p *Page) move(by int) tea.Cmd {
	switch p.pane {
	case story:
		p.reading.Scroll(by)
	case task:
		p.items.Move(by)
	case consumer:
		p.mine.Move(by)
	}
	return nil
}

func (p *Page) page() int {
	switch p.pane {
	case task:
		return p.items.Page()
	case consumer:
		return p.mine.Page()
	}
	return p.reading.Page()
}

// clicked chooses a pane or what stands in it.
func (p *Page) clicked(c screen.Click) tea.Cmd {
	if c.Y == 0 {
		x := 1
		for i := range paneNames {
			if n := widget.Width(p.tab(pane(i))); c.X >= x && c.X < x+n {
				p.choose(pane(i))
				return nil
			} else {
				x += n + 3
			}
		}
		return nil
	}
	x := c.X
	if p.w >= wide {
		if left := p.leftWidth(); x < left {
			p.choose(p.left)
		} else {
			p.choose(task)
		}
	}
	switch p.pane {
	case task:
		if i, ok := p.items.ItemAt(c.Y - 1); ok {
			p.items.Select(p.drawn[i].key)
			if c.Double {
				return p.do()
			}
		}
	case consumer:
		if i, ok := p.mine.ItemAt(c.Y - 2); ok {
			p.mine.Select(deliveryKey(p.lesson.Session.Hand().Receipts()[i].Number))
		}
	}
	return nil
}

// Crumb is the lesson's number and title.
func (p *Page) Crumb() text.Safe { return heading(p.lesson.Session.Lesson()) }

// Status is how far the lesson is.
func (p *Page) Status() text.Safe {
	st := p.lesson.Standing
	switch {
	case !p.lesson.Seen:
		return text.Safe{}
	case st.Passed:
		return text.Const("✓ passed")
	case st.Spoiled != "":
		return text.Const("✗ to be begun anew")
	case st.Current >= len(st.Steps):
		return text.Sprintf("%s; not passed yet", misses(st.Misses))
	}
	return text.Sprintf("step %d of %d · %s", st.Current+1, len(st.Steps), misses(st.Misses))
}

// Hint says how much time has passed in the lesson.
func (p *Page) Hint(w int) string {
	st := p.lesson.Standing
	s := text.Sprintf("%s since the lesson began", passed(st.Now))
	if p.going {
		s = text.Join(s, text.Const("; time passes …"))
	}
	return p.Env.Theme.Paint(themes.Dim, s.Truncate(w).String())
}

// Leave ends the page. The lesson goes on.
func (p *Page) Leave() tea.Cmd {
	p.End()
	return nil
}

func (p *Page) leftWidth() int { return min(p.w/2-2, 66) }

// View draws the pane that was chosen, or on a wide screen the task beside one of
// the others.
func (p *Page) View(w, h int) string {
	p.w, p.h = w, h
	head := p.tabs(w) + "\n"
	h--
	if w < wide {
		return head + p.draw(p.pane, w, h)
	}
	left := p.leftWidth()
	return head + widget.Beside(p.draw(p.left, left, h), p.draw(task, w-left-3, h), left, w-left-3, p.Env.Theme)
}

func (p *Page) draw(x pane, w, h int) string {
	switch x {
	case task:
		return p.viewTask(w, h)
	case consumer:
		return p.viewConsumer(w, h)
	}
	return p.reading.View(w, h, nil, p.story, p.Env.Theme)
}

// tab is the name of a pane, with what is in it.
func (p *Page) tab(x pane) string {
	s := paneNames[x]
	if x == consumer {
		if n := len(p.lesson.Session.Hand().Receipts()); n > 0 {
			s += fmt.Sprintf(" (%d)", n)
		}
	}
	if x == p.pane {
		return "▸ " + s
	}
	return "  " + s
}

func (p *Page) tabs(w int) string {
	t := p.Env.Theme
	var all []string
	for i := range paneNames {
		role := themes.Dim
		if pane(i) == p.pane {
			role = themes.Accent
		}
		all = append(all, t.Paint(role, p.tab(pane(i))))
	}
	return widget.Fit(" "+strings.Join(all, "   "), w)
}

// story is all there is to read.
func (p *Page) story(w int) []string {
	l, t := p.lesson.Session.Lesson(), p.Env.Theme
	lines := widget.Paragraph(heading(l), themes.Title, w, t)
	lines = append(lines, widget.Paragraph(text.Clean(l.Concept), themes.Dim, w, t)...)
	lines = append(lines, "")
	lines = append(lines, paragraphs(l.Story, w, t)...)
	if l.Program != nil {
		lines = append(lines, "", t.Paint(themes.Header, "YOUR OWN PROGRAM"))
		lines = append(lines, paragraphs(l.Program.Text, w, t)...)
		where := text.Sprintf("%s serves the engine to it.", p.Env.Keys.Action(keymap.LessonProgram).Key())
		if at := p.Conn.Place.Listen; at != "" {
			where = text.Sprintf("The engine is served at %s.", at)
		}
		lines = append(lines, widget.Paragraph(where, themes.Accent, w, t)...)
	}
	if l.Aws != "" {
		lines = append(lines, "", t.Paint(themes.Header, "WHAT AWS DOES DIFFERENTLY"))
		lines = append(lines, paragraphs(l.Aws, w, t)...)
	}
	return lines
}
