// Package ui is the program that a person sees: the root model with its stack of
// screens and its stack of dialogs, the line on top that says where we are, and
// the line at the bottom that says what the keys do.
//
// The root routes: a dialog on top has the keys; else a text field; else the
// bindings of the screen, then those that work everywhere. Answers go to the
// screen whose number they carry and are dropped if it is gone. Nothing here
// waits: what does is a command under a context of its owner.
package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/config"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/memo"
	"sqscope/backend/outbox"
	"sqscope/backend/peek"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/activity"
	"sqscope/ui/attributes"
	"sqscope/ui/compose"
	"sqscope/ui/contexts"
	"sqscope/ui/create"
	"sqscope/ui/deadletters"
	"sqscope/ui/health"
	"sqscope/ui/imports"
	"sqscope/ui/lab"
	"sqscope/ui/many"
	"sqscope/ui/messages"
	"sqscope/ui/queues"
	"sqscope/ui/redrive"
	"sqscope/ui/scene"
	"sqscope/ui/screen"
	"sqscope/ui/tasks"
	"sqscope/ui/text"
)

// The smallest terminal that the screens are drawn for.
const (
	minWidth  = 60
	minHeight = 15
)

// The lines over and under a screen.
const (
	headLines = 2
	footLines = 2
)

// toastOfError is how long an error stays on the line above the keys.
const toastOfError = 12 * time.Second

// ReleaseLimit is how long giving leased messages back may take when the program
// ends or is suspended. What is left returns by itself when the leases run out.
const ReleaseLimit = 5 * time.Second

// Options for [New].
type Options struct {
	Name     string               // of the context to begin with
	First    []*screen.Connection // its places
	Open     func(ctx context.Context, name string) ([]*screen.Connection, error)
	Contexts func(ctx context.Context) ([]screen.Context, error)
	Leases   *peek.Leases   // of the whole process
	Queue    string         // open there: a name, a URL or an ARN
	Evidence string         // the folder where messages are written before they are deleted
	Most     archive.Limits // of them
	Exports  string         // the folder for exports that are given a name alone
	Imports  string         // the folder where it is kept how far imports have come
	Moves    string         // the folder of the journals of moves
	Reports  string         // the folder of the reports of redrives
	Works    *screen.Works  // what goes on when its screen is left; nil: the program's own
	Journal  *journal.Journal
	Memo     *memo.Store
	Copy     func(content string) error

	Theme       *themes.Theme   // nil: by the terminal's background and colours
	Dark, Light *themes.Theme   // for such a background; nil: the usual ones
	Themes      []*themes.Theme // that can be switched to; none: those that sqscope has
	Keys        *keymap.Map     // nil: the default keys
	Mouse       bool            // take clicks and the wheel
	LowMotion   bool
	Clipboard   string // auto, native, osc52 or off; "" is auto
	Views       []memo.View
	Columns     []string
	Pins        []string
	Masks       []config.Mask
	Groupings   []config.Grouping
	Templates   []outbox.Template
	History     bool // the memo keeps what was sent
	Lab         screen.Classroom
	Start       screen.Kind // that is opened over the queues; "": none
	Messages    config.Messages
	Problems    []*backend.Error // of the configuration
}

// Model is the root. It implements tea.Model.
type Model struct {
	opts                Options
	env                 *screen.Env
	w, h                int
	stack               []page
	dialogs             []screen.Dialog
	opened              map[string][]*screen.Connection // by the context's name
	toast               toast
	lastErr             *backend.Error
	opening             string // the context that is being connected to
	leaving             bool
	gaveBack            released // by the last release
	asked               bool     // the theme was chosen, not detected
	dark                bool     // the terminal\'s background
	few                 bool     // the terminal has sixteen colours
	none                bool     // it has none, or is not to use them
	lastClick           click
	motion              motion
	judging, judgeAgain bool                             // looks at the lesson
	renewed             map[*screen.Connection]time.Time // when credentials were last fetched anew
}

type page struct {
	spec screen.Spec
	screen.Screen
}

type toast struct {
	n    int
	role themes.Role
	line text.Safe
}

type (
	fleetChanged struct {
		conn *screen.Connection
		of   *fleet.Fleet
	}
	ticked    struct{ n int }
	toastOver struct{ n int }
	connected struct {
		name  string
		conns []*screen.Connection
		err   error
	}
	released struct {
		n, failed int
		then      tea.Cmd
	}
	levelLowered struct {
		level  guard.Level
		places []*screen.Connection
	}
)

// New makes the root. Its first screen is the queue list of the first
// connection.
func New(o Options) *Model {
	m := &Model{opts: o, opened: map[string][]*screen.Connection{}, dark: true, motion: motion{input: time.Now()}}
	if len(o.Themes) == 0 {
		m.opts.Themes = themes.All()
	}
	theme := o.Theme
	m.asked = theme != nil
	if theme == nil {
		theme = m.usual()
	}
	m.env = &screen.Env{
		Theme: theme, Keys: keymap.Default(), Host: host{m}, EvidenceDir: o.Evidence, Evidence: o.Most, ExportDir: o.Exports, ImportDir: o.Imports,
		MoveDir: o.Moves, ReportDir: o.Reports, Works: o.Works,
		Memo: o.Memo, Journal: o.Journal, Views: o.Views, Columns: o.Columns, Pins: o.Pins, LowMotion: o.LowMotion, Masks: o.Masks, Groupings: o.Groupings, Templates: o.Templates, History: o.History, Messages: o.Messages, Lab: o.Lab,
	}
	if o.Keys != nil {
		m.env.Keys = *o.Keys
	}
	if m.env.Works == nil {
		m.env.Works = screen.NewWorks()
	}
	if m.env.Memo == nil {
		m.env.Memo = memo.Open("")
	}
	m.use(o.Name, o.First)
	return m
}

// Init asks the terminal for its background and starts the clocks.
func (m *Model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.begin(), tick(0), m.sayProblems(), m.findUnfinished()}
	if m.opts.Start != "" {
		cmds = append(cmds, m.open(screen.Spec{Kind: m.opts.Start}))
	}
	if !m.asked {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	return tea.Batch(cmds...)
}

// wanted opens the queue that the command line named, once it is in a list.
func (m *Model) wanted() tea.Cmd {
	if m.opts.Queue == "" {
		return nil
	}
	want, isARN := backend.ParseARN(m.opts.Queue)
	if !isARN {
		want.Account, want.Name = backend.URLParts(m.opts.Queue)
	}
	complete := true
	for _, c := range m.env.Conns {
		snap := c.Fleet.Snapshot()
		for _, q := range snap.Queues {
			if q.ARN.Name == want.Name && (want.Account == "" || q.ARN.Account == want.Account) && (!isARN || q.ARN == want) {
				m.opts.Queue = ""
				return m.open(screen.Spec{Kind: screen.Messages, Conn: c.Name, Queue: q.ARN})
			}
		}
		complete = complete && snap.ListComplete
	}
	if !complete {
		return nil
	}
	name := m.opts.Queue
	m.opts.Queue = ""
	return m.fail(&backend.Error{Kind: backend.KindNotFound, Subject: name, Message: "there is no such queue here"})
}

// use makes a context the present one. The access levels of its places are again
// what they start with: a level that was raised lapses on leaving.
func (m *Model) use(name string, conns []*screen.Connection) {
	m.opened[name] = conns
	m.env.Name, m.env.Conns = name, conns
	for _, c := range conns {
		c.Context, c.Fleet, c.Stop = c.Watch()
		c.Guard.SetLevel(c.Level)
	}
}

// begin opens the queue list of the present context, listens to its places and
// asks who we are there.
func (m *Model) begin() tea.Cmd {
	cmds := []tea.Cmd{m.open(screen.Spec{Kind: screen.Queues})}
	for _, c := range m.env.Conns {
		cmds = append(cmds, listen(c), identify(c))
	}
	if m.lesson() != nil {
		cmds = append(cmds, m.toLesson(), m.judge())
	}
	return tea.Batch(cmds...)
}

// listen waits for the next change of a place's fleet.
func listen(c *screen.Connection) tea.Cmd {
	f, ctx := c.Fleet, c.Context
	return func() tea.Msg {
		select {
		case <-f.Changed():
			return fleetChanged{c, f}
		case <-ctx.Done():
			return nil
		}
	}
}

func tick(n int) tea.Cmd {
	return tea.Tick(time.Second, func(time.Time) tea.Msg { return ticked{n + 1} })
}

// top is the screen that is seen.
func (m *Model) top() page { return m.stack[len(m.stack)-1] }

// open brings the screen with the spec to the top, making it if it is not on
// the stack. Going back to one that is there leaves those above it.
func (m *Model) open(s screen.Spec) tea.Cmd {
	for i, p := range m.stack {
		if p.spec == s {
			return m.backTo(i)
		}
	}
	if len(m.stack) > 0 {
		m.top().Cover()
	}
	p := page{s, m.build(s)}
	m.stack = append(m.stack, p)
	return tea.Batch(p.Init(), p.Show())
}

func (m *Model) backTo(i int) tea.Cmd {
	var cmds []tea.Cmd
	for len(m.stack) > i+1 {
		cmds = append(cmds, m.top().Leave())
		m.stack = m.stack[:len(m.stack)-1]
	}
	return tea.Batch(append(cmds, m.top().Show())...)
}

func (m *Model) build(s screen.Spec) screen.Screen {
	switch s.Kind {
	case screen.Attributes:
		return attributes.New(m.env, s)
	case screen.Create:
		return create.New(m.env, s)
	case screen.Messages:
		return messages.New(m.env, s)
	case screen.Compose:
		return compose.New(m.env, s)
	case screen.Imports:
		return imports.New(m.env, s)
	case screen.Many:
		return many.New(m.env, s)
	case screen.DeadLetters:
		return deadletters.New(m.env, s)
	case screen.Redrive:
		return redrive.New(m.env, s)
	case screen.Tasks:
		return tasks.New(m.env, s)
	case screen.Contexts:
		return contexts.New(m.env, s)
	case screen.Lab:
		return lab.New(m.env, s)
	case screen.LessonPage:
		return lab.NewPage(m.env, s)
	case screen.Activity:
		return activity.New(m.env, s)
	case screen.Doctor:
		return health.New(m.env, s)
	case screen.Scene:
		return scene.New(m.env, s)
	}
	return queues.New(m.env, s)
}

// conn is the place that the screen on top is about, or the first where it is
// about all.
func (m *Model) conn() *screen.Connection { return m.top().Connection() }

// places are those that the screen on top is about.
func (m *Model) places() []*screen.Connection {
	if m.top().spec.Conn == "" {
		return m.env.Conns
	}
	return []*screen.Connection{m.conn()}
}
