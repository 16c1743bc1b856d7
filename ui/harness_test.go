package ui

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/charmbracelet/colorprofile"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/config"
	"sqscope/backend/connect"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/memo"
	"sqscope/backend/memory"
	"sqscope/backend/meter"
	"sqscope/backend/outbox"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
	"sqscope/backend/scenario"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/screentest"
)

// desk is the whole program on an embedded engine, in a terminal, on virtual
// time.
type desk struct {
	*screentest.Screen
	engine *memory.Engine
	sqs    backend.SQS // past the guard: another program
	conn   *screen.Connection
	opts   Options
	kept   string             // the folder of the journal
	there  *screen.Connection // what connecting elsewhere opens; nil: nothing
	beside *screen.Connection // and a second place of it; nil: none
	model  *Model             // to be looked at only while the program is at rest
	camera camera             // what it has drawn
}

// camera is the program with a look at each frame that it draws, for those who
// stand outside of its goroutine.
type camera struct {
	*Model
	mu    sync.Mutex
	frame string
	first bool // it stands on its first screen, with nothing over it and no field
}

func (c *camera) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := c.Model.Update(msg)
	return c, cmd
}

func (c *camera) View() tea.View {
	v := c.Model.View()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frame, c.first = v.Content, len(c.stack) == 1 && len(c.dialogs) == 0 && !c.top().Typing()
	return v
}

// last is the frame drawn last, and whether it is the first screen's alone.
func (c *camera) last() (frame string, first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frame, c.first
}

// setup says what a test's program runs on.
type setup struct {
	w, h     int
	light    bool
	scenario string             // "" is an empty engine
	play     *scenario.Scenario // instead of one with a name
	level    guard.Level        // 0: change
	remote   bool               // no abilities beyond SQS, as on AWS
	wrap     func(backend.SQS) backend.SQS
	wiring   backend.Wiring // what other services know
	contexts []screen.Context
	queue    string // --queue
	mouse    bool
	problems []*backend.Error     // of the configuration
	calm     bool                 // low motion
	colors   colorprofile.Profile // that the terminal has, and the theme is to suit; 0: true colour, and a theme that was chosen
	fill     func(t *testing.T, sqs backend.SQS)

	credentials backend.Credentials // of the place
	named       bool                // evidence and exports go to folders of these names in the working directory
	messages    config.Messages     // of the configuration
	masks       []config.Mask
	groupings   []config.Grouping
	templates   []outbox.Template
	remember    string // the memo's file; "": it forgets
	history     bool   // the memo keeps what is sent
	state       string // the folder of journals of moves and of reports; "": one of the test's own
}

// onScreen runs the program and then f, which presses keys and reads the screen.
func onScreen(t *testing.T, s setup, f func(t *testing.T, d *desk)) {
	t.Helper()
	d := &desk{}
	var end []func()
	evidence := t.TempDir()
	exports := evidence
	if s.named {
		evidence, exports = "evidence", "exports"
	}
	d.kept = t.TempDir()
	if s.state == "" {
		s.state = t.TempDir()
	}
	model := func() tea.Model {
		d.engine = memory.New(memory.Options{Seed: 1, Account: "000000000000"})
		d.sqs = d.engine.Stack().SQS
		if s.fill != nil {
			s.fill(t, d.sqs)
		}
		stack := d.engine.Stack()
		sc := s.play
		if s.scenario != "" {
			var err error
			if sc, err = scenario.Load(s.scenario); err != nil {
				t.Fatal(err)
			}
		}
		if sc != nil {
			run, err := sc.Start(context.Background(), d.engine, 1)
			if err != nil {
				t.Fatal(err)
			}
			end = append(end, run.Stop)
			stack.Stage, stack.SQS = run.Stage(), run.Outside(connect.You, stack.SQS)
			d.sqs = run.Outside(connect.Programs, d.sqs)
		}
		if s.remote {
			stack = backend.Stack{SQS: stack.SQS}
		}
		if s.wrap != nil {
			stack.SQS = s.wrap(stack.SQS)
		}
		stack.Credentials = s.credentials
		counted := meter.New(meter.Options{Attempts: 1})
		stack = counted.Wrap(stack)
		stack.Wiring = s.wiring
		level := s.level
		if level == 0 {
			level = guard.Change
		}
		g := guard.New(level)
		ctx, cancel := context.WithCancel(context.Background())
		group := owner.New(ctx, func(name string, v any, stack []byte) { t.Errorf("%s: %v\n%s", name, v, stack) })
		poll := 250 * time.Millisecond
		if s.remote {
			poll = 0
		}
		stack = g.Wrap(stack)
		leases := peek.NewLeases(group)
		d.conn = &screen.Connection{
			Name: "demo", Level: level, Stack: stack, Guard: g, Leases: leases, Meter: counted,
			Place: backend.Place{Context: "demo", Embedded: !s.remote, Region: "us-east-1", Account: "000000000000"},
			Watch: func() (context.Context, *fleet.Fleet, func()) {
				return ctx, fleet.New(fleet.Options{Stack: stack, Region: "us-east-1", Group: group, Poll: poll}), func() {}
			},
		}
		kept := journal.New(d.kept, journal.Options{OnProblem: func(err error) { t.Error(err) }})
		g.Journal(kept.For(journal.WhoOf(d.conn.Place, "")))
		end = append(end, func() { _ = kept.Close() }, cancel, group.Close, d.engine.Close, d.engine.Clock().Close)
		theme := themes.Default(!s.light)
		if s.colors != colorprofile.Unknown {
			theme = nil
		}
		d.opts = Options{
			Name: "demo", First: []*screen.Connection{d.conn}, Leases: leases, Theme: theme, Evidence: evidence, Exports: exports, Imports: t.TempDir(), Most: archive.UsualLimits(), Queue: s.queue, Mouse: s.mouse, Problems: s.problems, LowMotion: s.calm, Journal: kept, Messages: s.messages, Masks: s.masks, Groupings: s.groupings,
			Moves: filepath.Join(s.state, "moves"), Reports: filepath.Join(s.state, "redrives"),
			Memo: memo.Open(s.remember), Templates: s.templates, History: s.history,
			Contexts: func(context.Context) ([]screen.Context, error) { return s.contexts, nil },
			Open: func(context.Context, string) ([]*screen.Connection, error) {
				switch {
				case d.beside != nil:
					return []*screen.Connection{d.there, d.beside}, nil
				case d.there != nil:
					return []*screen.Connection{d.there}, nil
				}
				return nil, backend.Errorf(backend.KindNetwork, "nobody answers")
			},
		}
		d.model = New(d.opts)
		d.camera.Model = d.model
		return &d.camera
	}
	screentest.Run(t, screentest.Options{Width: s.w, Height: s.h, Light: s.light, Colors: s.colors}, model, func(t *testing.T, sc *screentest.Screen) {
		d.Screen = sc
		defer func() {
			for _, f := range end {
				f()
			}
			if err := d.engine.Check(); err != nil {
				t.Errorf("the engine is not consistent: %v", err)
			}
		}()
		d.Wait(2 * time.Second)
		f(t, d)
	})
}

// url is the URL of a queue that a test made.
func url(t *testing.T, sqs backend.SQS, name string) string {
	t.Helper()
	out, err := sqs.GetQueueUrl(context.Background(), backend.GetQueueUrlInput{QueueName: name})
	if err != nil {
		t.Fatal(err)
	}
	return out.QueueUrl
}

// queue makes a queue.
func queue(t *testing.T, sqs backend.SQS, name string, attrs map[string]string) {
	t.Helper()
	if _, err := sqs.CreateQueue(context.Background(), backend.CreateQueueInput{QueueName: name, Attributes: attrs}); err != nil {
		t.Fatal(err)
	}
}

// send sends bodies to a queue.
func send(t *testing.T, sqs backend.SQS, name string, bodies ...string) {
	t.Helper()
	for _, b := range bodies {
		if _, err := sqs.SendMessage(context.Background(), backend.SendMessageInput{QueueUrl: url(t, sqs, name), MessageBody: b}); err != nil {
			t.Fatal(err)
		}
	}
}
