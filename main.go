// Command sqscope is a terminal console for Amazon SQS with an SQS inside it.
// This file is the front door: it opens contexts for the screen and for the
// commands, whose command line is ui/cli's.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/adrg/xdg"
	"github.com/atotto/clipboard"
	"github.com/charmbracelet/x/term"
	"golang.org/x/time/rate"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/connect"
	"sqscope/backend/fleet"
	"sqscope/backend/journal"
	"sqscope/backend/lab"
	"sqscope/backend/memo"
	"sqscope/backend/serve"
	"sqscope/backend/tomlfile"
	"sqscope/ui"
	"sqscope/ui/cli"
	"sqscope/ui/program"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// enginePoll is how often the embedded engine is looked at: it costs nothing.
const enginePoll = 250 * time.Millisecond

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program without its process: the exit code is what it returns.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return cli.Run(args, cli.Program{
		Stdin: stdin, Stdout: stdout, Stderr: stderr, State: state(""), Version: version(),
		Scenarios: scenarios, Lessons: lessonList, Profiles: profiles, Open: openPlaces,
		Screen: func(ctx context.Context, c cli.ScreenCmd) error { return showScreen(ctx, c, stdout, stderr, hooks{}) },
		Serve:  func(ctx context.Context, c cli.ServeCmd) error { return serveEngine(ctx, c, stdout, stderr) },
	})
}

func scenarios() []cli.Scenario {
	var all []cli.Scenario
	for _, s := range connect.Scenarios() {
		all = append(all, cli.Scenario{Name: s.Name, Title: s.Title, Description: s.Description, Queues: s.Queues()})
	}
	return all
}

func profiles(ctx context.Context) []string {
	list, _ := connect.Profiles(ctx) // what can be read is offered
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = p.Name
	}
	return names
}

// contextOf is the context that a target names.
func contextOf(t cli.Target, listen string) (connect.Context, error) {
	c := connect.Context{
		Name: t.Context, Scenario: t.Scenario, Restore: t.Restore, Seed: t.Seed, Listen: listen,
		Profile: t.Profile, EndpointURL: t.EndpointURL, AdminTokenFile: t.AdminToken, Regions: t.Region,
	}
	if len(t.Region) == 1 {
		c.Region, c.Regions = t.Region[0], nil
	}
	var err error
	if c.Embedded, err = t.Embedded(); err == nil && listen != "" && !c.Embedded {
		err = cli.Usagef("--listen serves the embedded engine, and another place is named")
	}
	return c, err
}

// openPlaces opens what a command works on.
func openPlaces(ctx context.Context, t cli.Target, o cli.Opening) ([]*cli.Connection, func(context.Context) error, error) {
	where, err := contextOf(t, "")
	if err != nil {
		return nil, nil, err
	}
	book := connect.NewBook(connect.BookOptions{
		Group: o.Group, Named: connect.Named(o.Config), OnPanic: o.OnPanic,
		Common: func(x *connect.Context) { x.Prices = connect.PricesOf(o.Config) },
	})
	conns, err := openIn(ctx, book, where)
	out := make([]*cli.Connection, len(conns))
	for i, c := range conns {
		out[i] = &cli.Connection{Place: c.Place, Stack: c.Stack, Guard: c.Guard, Meter: c.Meter, Metered: c.Metered}
	}
	return out, book.Close, err
}

// openIn opens a context in a book. A name alone is one of the configuration or of
// the AWS files.
func openIn(ctx context.Context, book *connect.Book, where connect.Context) ([]*connect.Connection, error) {
	if where.Name != "" && !where.Embedded {
		return book.OpenByName(ctx, where.Name)
	}
	_, conns, err := book.Open(ctx, where)
	return conns, err
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown build)"
	}
	return info.Main.Version
}

// door is how the screen gets from one context to another.
type door struct {
	*program.Session
	book     *connect.Book
	journal  *journal.Journal
	budget   fleet.Budget
	mu       *sync.Mutex                    // contexts are opened in commands
	pacers   map[backend.Place]*fleet.Pacer // under mu
	hooks    hooks                          // nil but in tests
	log      *cli.Log                       // nil: none is written
	lessons  *connect.Lessons
	progress *lab.Progress
}

// hooks stand between the parts of the program. They are nil but in tests.
type hooks struct {
	stack func(backend.Stack) backend.Stack
	model func(tea.Model) tea.Model
}

// showScreen shows the screen until the user leaves it, or one frame of it.
func showScreen(ctx context.Context, c cli.ScreenCmd, stdout, stderr io.Writer, h hooks) error {
	where, err := contextOf(c.Target, c.Listen)
	if err != nil {
		return err
	}
	where.Access = c.Access
	cfg, look, problems, err := program.Load(c.Config)
	if err != nil {
		return cli.OpenError(err)
	}
	if err := paint(&look, c.Theme); err != nil {
		return err
	}
	width, height, err := cli.ParseSize(c.Size)
	if err != nil {
		return err
	}
	if c.Size == "" && (!term.IsTerminal(os.Stdin.Fd()) || !term.IsTerminal(os.Stdout.Fd())) {
		return cli.Usagef("the screen needs a terminal; sqscope serve runs the engine without one, and sqscope --help lists the commands")
	}
	for _, p := range problems {
		fmt.Fprintln(stderr, "sqscope:", text.Clean(p.Error()))
	}
	var log *cli.Log
	if c.Log != "" {
		if log, err = cli.OpenLog(c.Log); err != nil {
			return err
		}
	}
	open := func(s *program.Session) (ui.Options, error) {
		d := newDoor(s, cfg, c.Access, log)
		d.hooks, s.Wrap = h, h.model
		if c.Lesson != "" {
			if where, err = d.lessons.Load(c.Lesson); err != nil {
				return ui.Options{}, cli.OpenError(err)
			}
		}
		name, conns, err := d.first(where)
		if err != nil {
			return ui.Options{}, cli.OpenError(err)
		}
		o := look.Options(cfg)
		o.Name, o.First, o.Queue, o.Problems = name, conns, c.Queue, problems
		if c.Lab && c.Lesson == "" {
			o.Start = screen.Lab
		}
		d.furnish(&o)
		return o, nil
	}
	if c.Size != "" {
		return program.Frame(ctx, width, height, stdout, stderr, open)
	}
	return program.Run(stderr, open)
}

// paint takes the theme that was named, if one was.
func paint(look *program.Look, name string) error {
	if name == "" {
		return nil
	}
	theme, ok := look.Named(name)
	if !ok && name != program.Auto {
		return cli.Usagef("--theme is %q and must be %s", name, tomlfile.OneOf(name, append([]string{program.Auto}, look.Names()...)))
	}
	look.Theme = theme
	return nil
}

// newDoor makes the door of a session. The log, which may be nil, the journal and
// what is opened through the door are closed with the session.
func newDoor(s *program.Session, cfg *config.Config, access string, log *cli.Log) door {
	if log != nil {
		s.OnEnd(func(context.Context) error { return log.Close() })
	}
	d := door{Session: s, log: log, budget: budgetOf(cfg), mu: &sync.Mutex{}, pacers: map[backend.Place]*fleet.Pacer{}}
	d.journal = journal.New(state("journal"), journal.Options{OnProblem: s.Warn})
	s.OnEnd(func(context.Context) error { return d.journal.Close() })
	d.book = connect.NewBook(connect.BookOptions{
		Group: s.Group, Access: access, Named: connect.Named(cfg),
		OnPanic: func(name string, v any) { s.Panicked(name, v, debug.Stack()) },
		Common:  func(x *connect.Context) { x.Prices, x.MFA = connect.PricesOf(cfg), s.AskMFA },
	})
	s.OnEnd(d.book.Close)
	d.lessons, d.progress = &connect.Lessons{}, lab.OpenProgress(state("lab.json"))
	return d
}

// furnish gives the screen the ways to other contexts, and the places where it
// keeps things.
func (d door) furnish(o *ui.Options) {
	o.Open, o.Contexts, o.Copy = d.open, d.contexts, clipboard.WriteAll
	o.Exports, o.Imports = filepath.Join(xdg.DataHome, "sqscope", "exports"), state("imports")
	o.Evidence, o.Journal, o.Memo = state("evidence"), d.journal, memo.Open(state("memo.json"))
	o.Moves, o.Reports, o.Works = state("moves"), state("redrives"), screen.NewWorks()
	o.Lab = screen.Classroom{Lessons: d.lessons.List, Progress: d.progress, Context: connect.LessonContext}
	d.OnEnd(o.Works.Close)
}

// state is a place in the folder for what is kept between runs.
func state(name string) string { return filepath.Join(xdg.StateHome, "sqscope", name) }

func budgetOf(cfg *config.Config) fleet.Budget {
	b := cfg.Budget
	return fleet.Budget{Burst: b.Burst, Parallel: b.Parallel, Background: rate.Limit(b.PerSecond), Idle: rate.Limit(b.Idle)}
}

// first opens the context that the command line names. A name alone is one of
// the configuration or of the AWS files.
func (d door) first(where connect.Context) (string, []*screen.Connection, error) {
	if where.Name != "" && !where.Embedded {
		conns, err := d.open(d.Context, where.Name)
		return where.Name, conns, err
	}
	name, conns, err := d.book.Open(d.Context, where)
	return name, d.connections(conns), err
}

func (d door) open(ctx context.Context, name string) ([]*screen.Connection, error) {
	if l := d.lessons.Of(name); l != nil {
		conn, err := d.lesson(ctx, l)
		return []*screen.Connection{conn}, err
	}
	conns, err := d.book.OpenByName(ctx, name)
	return d.connections(conns), err
}

func (d door) connections(conns []*connect.Connection) []*screen.Connection {
	out := make([]*screen.Connection, len(conns))
	for i, c := range conns {
		out[i] = d.connection(c)
	}
	return out
}

// lesson opens a lesson with an engine of its own, which ends with the program.
func (d door) lesson(ctx context.Context, l *lab.Lesson) (*screen.Connection, error) {
	o, err := connect.OpenLesson(ctx, l, d.Group, func(name string, v any) { d.Panicked(name, v, debug.Stack()) })
	if err != nil {
		return nil, err
	}
	d.OnEnd(o.Close)
	conn := d.connection(o.Connection)
	conn.Lesson = &screen.Lesson{Session: o.Session, Progress: d.progress, Serve: o.Serve}
	return conn, nil
}

// lessonList is what the command line tells of the lessons.
func lessonList() ([]cli.Lesson, error) {
	all, err := lab.Lessons(connect.LabScenarios)
	if err != nil {
		return nil, err
	}
	results, err := lab.OpenProgress(state("lab.json")).Load()
	out := make([]cli.Lesson, len(all))
	for i, l := range all {
		r := results[l.ID]
		out[i] = cli.Lesson{Number: l.Number, Name: l.ID, Title: l.Title, Concept: l.Concept, Passed: r.Passed, Runs: r.Runs, Misses: r.Misses}
	}
	return out, err
}

// connection is what the screens see of a connection: with its fleet, and with
// its acts in the journal. What is done to the embedded engine is a rehearsal and
// is not kept.
func (d door) connection(c *connect.Connection) *screen.Connection {
	poll := time.Duration(0)
	if c.Place.Embedded {
		poll = enginePoll
	}
	record := func(arn string) {
		if !c.Place.Embedded {
			c.Guard.Journal(d.journal.For(journal.WhoOf(c.Place, arn)))
		}
	}
	record("")
	pacer := d.pacer(c.Place)
	if d.log != nil {
		d.log.Follow(d.Group, c.Place, c.Meter)
	}
	if d.hooks.stack != nil {
		c.Stack = d.hooks.stack(c.Stack)
	}
	return &screen.Connection{
		Name: c.Place.Context, Level: c.Level, Place: c.Place, Stack: c.Stack, Guard: c.Guard, Leases: d.Leases, Meter: c.Meter,
		Color: c.Color, Meant: c.Meant, Identified: record,
		Watch: func() (context.Context, *fleet.Fleet, func()) {
			ctx, f, stop := d.Watch(fleet.Options{Stack: c.Stack, Region: c.Place.Region, Poll: poll, Pacer: pacer})
			if c.Metered {
				f.Meter(true)
			}
			return ctx, f, stop
		},
	}
}

// pacer is the budget of requests for a place. Contexts of the same credentials
// and region share it: what is throttled is the account.
func (d door) pacer(p backend.Place) *fleet.Pacer {
	of := backend.Place{Profile: p.Profile, Region: p.Region, Endpoint: p.Endpoint, Embedded: p.Embedded}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.pacers[of] == nil {
		d.pacers[of] = fleet.NewPacer(d.budget)
	}
	return d.pacers[of]
}

func (d door) contexts(ctx context.Context) ([]screen.Context, error) {
	list, err := d.book.Contexts(ctx)
	out := make([]screen.Context, len(list))
	for i, c := range list {
		out[i] = screen.Context{
			Name: c.Name, What: c.Words(), Source: c.Source, Account: c.Meant, Regions: c.Regions, Level: d.book.Starts(c), Color: c.Color,
		}
		if c.Region != "" {
			out[i].Regions = []string{c.Region}
		}
	}
	return out, err
}

// serveEngine serves the embedded engine until the context ends.
func serveEngine(ctx context.Context, c cli.ServeCmd, stdout, stderr io.Writer) error {
	engine := connect.Context{
		Listen: c.Listen, Scenario: c.Scenario, Seed: c.Seed, Account: c.Account, Region: c.Region,
		Restore: c.Restore, NoCooldown: c.NoCooldown, Public: c.Public, AllowHosts: c.AllowHost, Enforce: c.Enforce,
	}
	if c.Empty {
		engine.Scenario = "empty"
	}
	return cli.OpenError(serve.Run(ctx, serve.Options{Engine: engine, TokenFile: c.AdminToken, Stdout: stdout, Stderr: stderr}))
}
