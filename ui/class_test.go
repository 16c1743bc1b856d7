package ui

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"sqscope/backend/archive"
	"sqscope/backend/connect"
	"sqscope/backend/fleet"
	lessons "sqscope/backend/lab"
	"sqscope/backend/memo"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
	"sqscope/themes"
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
}

// seat is where a class begins.
type seat struct {
	w, h   int
	lesson string // "" is the list of lessons
	light  bool
	colors colorprofile.Profile
}

// at140 begins a lesson on a wide terminal.
func at140(lesson string) seat { return seat{w: 140, h: 40, lesson: lesson} }

// inLab runs the program and then f, which presses keys and reads the screen.
func inLab(t *testing.T, s seat, f func(c *class)) {
	t.Helper()
	c := &class{opened: map[string]*connect.Lesson{}, exports: t.TempDir()}
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

// counter is a counter of the lesson.
func (c *class) counter(name string) float64 {
	c.t.Helper()
	for _, n := range c.model.lesson().Standing.Counters {
		if n.Text == name {
			return n.Value
		}
	}
	c.t.Fatalf("nothing counts %q", name)
	return 0
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

// missed says that the lesson is not passed and that these goals do not hold, and
// that the task shows what went wrong and a hint, in these words.
func (c *class) missed(told, hint string, goals ...string) {
	c.t.Helper()
	c.task()
	c.Press("g")
	c.Wait(2 * time.Second)
	for _, text := range []string{told, "Hint: " + hint} {
		if !c.reads(text) {
			c.t.Errorf("the screen does not say %q:\n%s", text, c.Text())
		}
	}
	c.notPassed()
	for _, step := range c.model.lesson().Standing.Steps {
		for _, g := range step.Goals {
			if slices.Contains(goals, g.ID) {
				goals = slices.DeleteFunc(slices.Clone(goals), func(id string) bool { return id == g.ID })
				if g.Holds {
					c.t.Errorf("the goal %s holds", g.ID)
				}
			}
		}
	}
	if len(goals) > 0 {
		c.t.Errorf("there are no goals %q", goals)
	}
}

// notPassed says that the lesson is not passed, on the screen and in the progress.
func (c *class) notPassed() {
	c.t.Helper()
	all, err := c.progress.Load()
	if err != nil {
		c.t.Fatal(err)
	}
	if id := c.session().Lesson().ID; !all[id].Passed.IsZero() || c.model.lesson().Standing.Passed || strings.Contains(c.Text(), "✓ passed") {
		c.t.Errorf("the lesson is passed:\n%s", c.Text())
	}
}

// reads tells whether a text stands on the screen, wherever its lines are broken.
func (c *class) reads(text string) bool {
	words := strings.Fields(strings.NewReplacer("┃", "", "│", "").Replace(c.Text())) // without the scrollbar
	return strings.Contains(strings.Join(words, " "), text)
}
