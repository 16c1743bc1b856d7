package ui

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/exp/golden"

	"sqscope/backend/archive"
	"sqscope/backend/connect"
	"sqscope/backend/fleet"
	lessons "sqscope/backend/lab"
	"sqscope/backend/memo"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/lab"
	"sqscope/ui/screen"
	"sqscope/ui/screentest"
)

// class is the whole program in the lab, on virtual time.
type class struct {
	*screentest.Screen
	t        *testing.T
	model    *Model
	group    *owner.Group
	leases   *peek.Leases
	progress *lessons.Progress
	opened   map[string]*connect.Lesson // by the context's name
	exports  string                     // the folder for exports
	end      []func()
	ahead    map[int]bool // steps that were looked at before their turn
}

// seat is where a class begins.
type seat struct {
	w, h   int
	lesson string // "" is the list of lessons
	light  bool
	colors colorprofile.Profile
}

// inLab runs the program and then f, which presses keys and reads the screen.
func inLab(t *testing.T, s seat, f func(c *class)) {
	t.Helper()
	c := &class{opened: map[string]*connect.Lesson{}, ahead: map[int]bool{}, exports: t.TempDir()}
	c.progress = lessons.OpenProgress(filepath.Join(t.TempDir(), "lab.json"))
	model := func() tea.Model {
		ctx, cancel := context.WithCancel(context.Background())
		c.group = owner.New(ctx, func(name string, v any, stack []byte) { t.Errorf("%s: %v\n%s", name, v, stack) })
		c.leases = peek.NewLeases(c.group)
		theme := themes.Default(!s.light)
		if s.colors != colorprofile.Unknown {
			theme = nil
		}
		o := Options{
			Name: "demo", Start: screen.Lab, Leases: c.leases, Theme: theme, Evidence: c.exports, Exports: c.exports, Most: archive.UsualLimits(),
			Moves: t.TempDir(), Reports: t.TempDir(), Imports: t.TempDir(), Memo: memo.Open(""),
			Lab: screen.Classroom{
				Lessons:  func() ([]*lessons.Lesson, error) { return lessons.Lessons(connect.LabScenarios) },
				Progress: c.progress, Context: connect.LessonContext,
			},
			Contexts: func(context.Context) ([]screen.Context, error) { return nil, nil },
			Open: func(_ context.Context, name string) ([]*screen.Connection, error) {
				l, err := lessons.Load(strings.TrimPrefix(name, "lab "), connect.LabScenarios)
				if err != nil {
					return nil, err
				}
				return []*screen.Connection{c.attend(l)}, nil
			},
		}
		if s.lesson == "" {
			demo, err := connect.Open(ctx, connect.Context{Embedded: true, Scenario: "empty", Seed: 1}, c.group, func(string, any) {})
			if err != nil {
				t.Fatal(err)
			}
			c.end = append(c.end, func() { _ = demo.Close(context.Background()) })
			o.First = []*screen.Connection{c.connection(demo)}
		} else {
			l, err := lessons.Load(s.lesson, connect.LabScenarios)
			if err != nil {
				t.Fatal(err)
			}
			o.Start, o.Name = "", connect.LessonContext(l)
			o.First = []*screen.Connection{c.attend(l)}
		}
		c.end = append(c.end, cancel, c.group.Close)
		c.model = New(o)
		return c.model
	}
	screentest.Run(t, screentest.Options{Width: s.w, Height: s.h, Light: s.light, Colors: s.colors}, model, func(t *testing.T, sc *screentest.Screen) {
		c.Screen, c.t = sc, t
		defer func() {
			for _, f := range c.end {
				f()
			}
		}()
		c.Wait(2 * time.Second)
		f(c)
	})
}

// attend opens a lesson.
func (c *class) attend(l *lessons.Lesson) *screen.Connection {
	o, err := connect.OpenLesson(context.Background(), l, c.group, func(name string, v any) { c.t.Errorf("%s: %v", name, v) })
	if err != nil {
		panic(err)
	}
	c.opened[o.Place.Context] = o
	c.end = append([]func(){func() { _ = o.Close(context.Background()) }}, c.end...)
	conn := c.connection(o.Connection)
	conn.Lesson = &screen.Lesson{Session: o.Session, Progress: c.progress, Serve: o.Serve}
	return conn
}

func (c *class) connection(o *connect.Connection) *screen.Connection {
	return &screen.Connection{
		Name: o.Place.Context, Level: o.Level, Place: o.Place, Stack: o.Stack, Guard: o.Guard, Leases: c.leases, Meter: o.Meter,
		Watch: func() (context.Context, *fleet.Fleet, func()) {
			ctx, cancel := context.WithCancel(context.Background())
			group := owner.New(ctx, func(name string, v any, stack []byte) { c.t.Errorf("%s: %v\n%s", name, v, stack) })
			f := fleet.New(fleet.Options{Stack: o.Stack, Region: o.Place.Region, Group: group, Poll: 250 * time.Millisecond})
			stop := func() { cancel(); group.Close() }
			c.end = append([]func(){stop}, c.end...)
			return ctx, f, stop
		},
	}
}

// task goes to the task of the lesson's page.
func (c *class) task() {
	c.t.Helper()
	for range 3 {
		if strings.Contains(c.Text(), "▸ Task") {
			return
		}
		c.Press("Tab")
	}
	c.t.Fatalf("there is no task:\n%s", c.Text())
}

// at puts the cursor of the task on the item that has a text.
func (c *class) at(part string) {
	c.t.Helper()
	c.task()
	c.Press("g")
	for range 60 {
		for line := range strings.SplitSeq(c.Text(), "\n") {
			if strings.Contains(line, " ▸ ") && strings.Contains(line, part) {
				return
			}
		}
		c.Press("j")
	}
	c.t.Fatalf("no item of the task has %q:\n%s", part, c.Text())
}

// answer answers a question, with what is typed into its fields.
func (c *class) answer(id string, values ...string) {
	c.t.Helper()
	l, st := c.session().Lesson(), c.model.lesson().Standing
	for i := range l.Steps {
		for k := range l.Steps[i].Questions {
			if l.Steps[i].Questions[k].ID == id && i > st.Current && !c.ahead[i] {
				text := lab.Plain(l.Steps[i].Text)
				c.at(text[:min(45, len(text))])
				c.Press("Enter")
				c.ahead[i] = true
			}
		}
	}
	c.at(c.beginning(id))
	c.Press("Enter")
	for i, v := range values {
		if i > 0 {
			c.Press("Tab")
		}
		c.Type(v)
	}
	c.Press("Enter")
	c.Wait(time.Second)
}

// beginning is how a question begins on the screen.
func (c *class) beginning(id string) string {
	c.t.Helper()
	ask := lab.Plain(c.question(id).Ask)
	return ask[:min(45, len(ask))]
}

// choose answers it with the choices that contain a text each.
func (c *class) choose(id string, choices ...string) {
	c.t.Helper()
	q := c.question(id)
	var numbers []string
	for _, want := range choices {
		for i, choice := range q.Choices {
			if choice == want || strings.Contains(choice, want) && !slices.Contains(q.Choices, want) {
				numbers = append(numbers, strconv.Itoa(i+1))
			}
		}
	}
	if len(numbers) != len(choices) {
		c.t.Fatalf("%s: %q are not all among %q", id, choices, q.Choices)
	}
	c.answer(id, strings.Join(numbers, " "))
}

func (c *class) session() *lessons.Session { return c.model.lesson().Session }

func (c *class) question(id string) *lessons.Question {
	c.t.Helper()
	l := c.session().Lesson()
	for i := range l.Steps {
		for k := range l.Steps[i].Questions {
			if q := &l.Steps[i].Questions[k]; q.ID == id {
				return q
			}
		}
	}
	if q := l.Closing; q != nil && q.ID == id {
		return q
	}
	c.t.Fatalf("there is no question %s", id)
	return nil
}

// receive receives with the learner's own consumer.
func (c *class) receive(queue string, most int) {
	c.t.Helper()
	c.Press("l")
	c.fill(queue, strconv.Itoa(most))
}

// fill fills the fields of a form and confirms it. "" leaves a field as it is.
func (c *class) fill(values ...string) {
	c.t.Helper()
	for i, v := range values {
		if i > 0 {
			c.Press("Tab")
		}
		if v != "" {
			c.Press("C-u")
			c.Type(v)
		}
	}
	c.Press("Enter")
	c.Wait(time.Second)
}

// pass lets time pass in the lesson.
func (c *class) pass(span string) {
	c.t.Helper()
	c.Press("t")
	c.fill(span)
}

// turn turns a knob.
func (c *class) turn(knob, value string) {
	c.t.Helper()
	c.at(knob)
	c.Press("Enter")
	c.Wait(time.Second)
	c.fill(value)
}

// passed says that the lesson is passed, on the screen and in the progress.
func (c *class) passed() {
	c.t.Helper()
	c.Wait(2 * time.Second)
	id := c.session().Lesson().ID
	all, err := c.progress.Load()
	if err != nil {
		c.t.Fatal(err)
	}
	if all[id].Passed.IsZero() || !strings.Contains(c.Text(), "✓ passed") {
		st := c.model.lesson().Standing
		c.t.Fatalf("the lesson is not passed: spoiled %q, trouble %q\n%+v\n%s", st.Spoiled, st.Trouble, st.Steps, c.Text())
	}
}

func TestTheLabIsAListOfLessonsWithWhatCameOfThem(t *testing.T) {
	inLab(t, seat{w: 100, h: 30}, func(c *class) {
		c.Shows("Receive is not delete", "The lease race", "new", "0 of")
		c.Press("Enter")
		c.Wait(2 * time.Second)
		c.Shows("lab 1", "embedded engine", "▸ Story", "paused")
		c.Press("v")
		c.Wait(time.Second)
		c.Shows("▸ open")
		c.Press("F2")
		c.Shows("▸ Story")
		c.Press("F2") // once more: away from the lesson
		c.Hides("Story")
		c.Shows("Queues / Lab")
	})
}

func TestReceiveIsNotDeleteByKeys(t *testing.T) {
	inLab(t, seat{w: 80, h: 24, lesson: "1"}, func(c *class) {
		c.answer("after-receive", "2", "1", "0")
		c.receive("jobs", 1)
		c.Shows("Your consumer (1)", "latest")
		c.answer("after-timeout", "3", "0", "0")
		c.pass("10s")
		c.receive("jobs", 10)
		c.Shows("old: a later delivery")
		c.choose("old-handle", "the message is gone")
		c.Press("Tab") // to the consumer
		for range 4 {
			c.Press("x", "j")
			c.Wait(time.Second)
		}
		c.choose("crash", "Nothing")
		c.passed()
	})
}

func TestAWrongPredictionSpoilsTheRunAndEarnsAHint(t *testing.T) {
	inLab(t, seat{w: 80, h: 24, lesson: "1"}, func(c *class) {
		for range 2 {
			c.answer("after-receive", "2", "0", "0")
			c.receive("jobs", 1)
			c.task()
			c.Shows("✗", "begins anew")
			c.Press("b")
			c.Wait(2 * time.Second)
		}
		c.task()
		c.Shows("Hint: A receive hides a message", "2 misses")
		c.Hides("cannot be passed")
	})
}

// The lesson stands beside the ordinary screens where there is room, and what is
// done there counts.
func TestTheOrdinaryScreensCountInALesson(t *testing.T) {
	inLab(t, seat{w: 140, h: 40, lesson: "1"}, func(c *class) {
		c.answer("after-receive", "2", "1", "0")
		c.Press("F2")
		c.Shows("STEP 1 OF 5", "○ One message was received from jobs", "jobs")
		c.Press("Enter")
		c.Wait(2 * time.Second)
		c.Press("M")
		c.fill("1")
		c.Wait(2 * time.Second)
		c.Shows("STEP 2 OF 5")
	})
}

// TestFramesOfTheLab keeps the look of the list, and of a lesson that is gone
// through.
func TestFramesOfTheLab(t *testing.T) {
	inEveryLook(t, setup{}, func(t *testing.T, name string, s setup) string {
		var all strings.Builder
		inLab(t, seat{w: s.w, h: s.h, light: s.light, colors: s.colors}, func(c *class) {
			take := func(what string) {
				c.PNG(name + "-lab-" + what)
				fmt.Fprintf(&all, "── %s\n%s\n", what, c.Text())
			}
			c.Press("Z")
			c.Wait(5 * time.Second)
			take("list")
			c.Press("Enter")
			c.Wait(8 * time.Second)
			take("story")
			c.task()
			take("task")
			c.Press("Enter")
			take("prediction")
			c.Press("Esc", "F2")
			c.Wait(time.Second)
			take("queues")
			c.Press("F2")
			c.Press("Tab")
			c.task()
			c.answer("after-receive", "2", "1", "0")
			c.Press("l")
			take("receive")
			c.Press("Enter")
			c.Wait(8 * time.Second)
			take("consumer")
			c.task()
			c.Wait(5 * time.Second)
			take("second")
			c.receive("jobs", 10)
			c.pass("30s")
			c.task()
			c.Wait(5 * time.Second)
			take("spoiled")
			c.Press("F2", "Enter")
			c.Wait(5 * time.Second)
			take("messages")
		})
		return all.String()
	})
}

// TestFramesOfEachLesson keeps how each lesson begins.
func TestFramesOfEachLesson(t *testing.T) {
	for _, id := range lessons.Names() {
		for _, size := range [][2]int{{80, 24}, {140, 40}} {
			name := fmt.Sprintf("%s-%dx%d", id, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				var all strings.Builder
				inLab(t, seat{w: size[0], h: size[1], lesson: id}, func(c *class) {
					take := func(what string) {
						c.PNG(name + "-" + what)
						fmt.Fprintf(&all, "── %s\n%s\n", what, c.Text())
					}
					c.Press("Z")
					c.Wait(5 * time.Second)
					take("story")
					c.task()
					take("task")
					c.Press("G")
					take("end")
					c.Press("F2")
					c.Wait(time.Second)
					take("queues")
				})
				golden.RequireEqual(t, all.String())
			})
		}
	}
}
