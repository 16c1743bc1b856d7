// Command sqscope is a terminal console for Amazon SQS with an SQS inside it.
// This file is the front door: it reads the command line, opens a context and
// starts the screen or a command. Exit codes are those of DESIGN.md section 7.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/adrg/xdg"
	"github.com/alecthomas/kong"
	"github.com/atotto/clipboard"
	"github.com/charmbracelet/x/term"
	"golang.org/x/time/rate"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/connect"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/memo"
	"sqscope/backend/serve"
	"sqscope/ui"
	"sqscope/ui/cli"
	"sqscope/ui/program"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// enginePoll is how often the embedded engine is looked at: it costs nothing.
const enginePoll = 250 * time.Millisecond

// Exit codes.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitCredentials = 4
	exitDenied      = 5
	exitInterrupted = 130
)

// target says which context is meant.
type target struct {
	Scenario    string   `help:"Run the embedded engine with this scenario: a name, or a TOML file." placeholder:"NAME|FILE"`
	Restore     string   `help:"Run the embedded engine from this snapshot." placeholder:"FILE"`
	Seed        uint64   `help:"Fixed randomness for the embedded engine."`
	Listen      string   `help:"Serve the embedded engine to other programs, as 127.0.0.1:9324." placeholder:"ADDR"`
	Profile     string   `help:"AWS profile."`
	Region      []string `help:"AWS region."`
	EndpointURL string   `name:"endpoint-url" help:"An SQS-compatible endpoint." placeholder:"URL"`
	Context     string   `help:"A context by name: demo, or a profile."`
	Access      string   `help:"What may be done: view, peek or change." placeholder:"LEVEL"`
}

type screenCmd struct {
	target
	Queue  string `help:"Open at this queue." placeholder:"NAME|URL|ARN"`
	Theme  string `help:"Colours, by a theme's name; without it the terminal is asked."`
	Config string `help:"Another configuration file." placeholder:"FILE"`
}

type serveCmd struct {
	Listen     string   `help:"Where to listen: host and port, 127.0.0.1:9324 unless said." default:"127.0.0.1:9324" placeholder:"ADDR"`
	Scenario   string   `help:"What is in the engine: a scenario's name, or a TOML file." placeholder:"NAME|FILE" xor:"content"`
	Empty      bool     `help:"Nothing is in the engine." xor:"content"`
	Restore    string   `help:"What is in the engine: a snapshot." placeholder:"FILE" xor:"content"`
	Seed       uint64   `help:"Fixed randomness."`
	Account    string   `help:"The engine's account." default:"000000000000"`
	Region     string   `help:"The engine's region." default:"us-east-1"`
	Enforce    bool     `help:"Check queue policies, for the callers of the scenario by their access keys."`
	NoCooldown bool     `help:"No 60 s waits after DeleteQueue and PurgeQueue."`
	Public     bool     `help:"Allow an address beyond this machine."`
	AllowHost  []string `help:"Accept this Host header too." placeholder:"NAME"`
	AdminToken string   `name:"admin-token-file" help:"Write the admin API's token to this file and not to standard error." placeholder:"FILE"`
}

type versionCmd struct{}

// listCmd lists what there is.
type listCmd struct {
	JSON   bool   `name:"json" help:"One JSON object a line."`
	Config string `help:"Another configuration file." placeholder:"FILE"`
}

type configCmd struct {
	Path    listCmd  `cmd:"" help:"Where the configuration file is looked for."`
	Check   listCmd  `cmd:"" help:"What is wrong with it: exit 1 if anything is."`
	Example struct{} `cmd:"" help:"A whole file with every key."`
}

type commandLine struct {
	Screen    screenCmd  `cmd:"" default:"withargs" help:"The screen, on the embedded engine unless a context is named."`
	Serve     serveCmd   `cmd:"" help:"The embedded engine alone, for other programs."`
	Scenarios listCmd    `cmd:"" help:"The scenarios of the embedded engine."`
	Keys      listCmd    `cmd:"" help:"Every action and its keys, your own ones included."`
	Themes    listCmd    `cmd:"" help:"The themes, your own ones included."`
	Config    configCmd  `cmd:"" help:"The configuration file."`
	Version   versionCmd `cmd:"" help:"What this is."`
}

const description = `A terminal console for Amazon SQS with an SQS inside it.

  sqscope                                   the screen, on the embedded engine with the demo's queues
  sqscope --listen 127.0.0.1:9324           the same, and served to other programs meanwhile
  sqscope --profile NAME | --region REGION  the screen on AWS
  sqscope --endpoint-url URL                the screen on a compatible endpoint
  sqscope serve                             the engine alone

"sqscope screen --help" lists all flags of the screen; the word screen may be left out.`

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program without its process: the exit code is what it returns.
func run(args []string, stdout, stderr io.Writer) int {
	var line commandLine
	done := -1
	parser, err := kong.New(&line,
		kong.Name("sqscope"),
		kong.Description(description),
		kong.UsageOnError(), kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { done = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		fmt.Fprintln(stderr, "sqscope:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	switch {
	case done >= 0: // --help
		return done
	case err != nil:
		fmt.Fprintf(stderr, "sqscope: %v\n  sqscope --help lists what there is\n", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch parsed.Command() {
	case "serve":
		err = line.Serve.run(ctx, stdout, stderr)
	case "version":
		fmt.Fprintln(stdout, "sqscope", version())
	case "scenarios":
		err = cli.Scenarios(line.Scenarios.out(stdout), scenarios())
	case "keys":
		err = openError(cli.Keys(line.Keys.out(stdout), stderr, line.Keys.Config))
	case "themes":
		err = openError(cli.Themes(line.Themes.out(stdout), stderr, line.Themes.Config))
	case "config path":
		fmt.Fprintln(stdout, cmp.Or(line.Config.Path.Config, config.Path()))
	case "config check":
		err = openError(cli.CheckConfig(line.Config.Check.out(stdout), line.Config.Check.Config))
	case "config example":
		fmt.Fprint(stdout, config.Example())
	default:
		stop() // the screen handles signals itself
		err = line.Screen.run(stderr, nil)
	}
	return report(err, stderr)
}

func (c listCmd) out(w io.Writer) cli.Out { return cli.Out{Writer: w, JSON: c.JSON} }

func scenarios() []cli.Scenario {
	var all []cli.Scenario
	for _, s := range connect.Scenarios() {
		all = append(all, cli.Scenario{Name: s.Name, Title: s.Title, Description: s.Description, Queues: s.Queues()})
	}
	return all
}

// report says an error in one line, with what to do next, and gives its code.
func report(err error, stderr io.Writer) int {
	if err == nil {
		return exitDone
	}
	var usage usageError
	if errors.As(err, &usage) {
		fmt.Fprintln(stderr, "sqscope:", usage)
		return exitUsage
	}
	e := backend.AsError(err)
	fmt.Fprintln(stderr, "sqscope:", printable(e.Error()))
	switch e.Kind {
	case backend.KindCredentials:
		return exitCredentials
	case backend.KindDenied:
		return exitDenied
	case backend.KindCancelled:
		return exitInterrupted
	}
	return exitFailed
}

// usageError is a command line that cannot be meant.
type usageError string

func (e usageError) Error() string { return string(e) }

// context is the context that the flags name: the embedded engine unless they
// name another.
func (t target) context() (connect.Context, error) {
	c := connect.Context{Name: t.Context, Scenario: t.Scenario, Restore: t.Restore, Seed: t.Seed, Listen: t.Listen, Profile: t.Profile, EndpointURL: t.EndpointURL, Access: t.Access, Regions: t.Region}
	if len(t.Region) == 1 {
		c.Region, c.Regions = t.Region[0], nil
	}
	if t.Scenario != "" && t.Restore != "" {
		return c, usageError("--scenario and --restore cannot both be what is in the engine")
	}
	if t.Access != "" {
		if _, err := guard.ParseLevel(t.Access); err != nil {
			return c, usageError("--access is view, peek or change")
		}
	}
	named := t.Context != "" && t.Context != connect.Demo
	aws := t.Profile != "" || len(t.Region) > 0 || t.EndpointURL != ""
	embedded := t.Scenario != "" || t.Restore != "" || t.Listen != "" || t.Seed != 0 || t.Context == connect.Demo
	switch {
	case (aws || named) && embedded:
		return c, usageError("--scenario, --restore, --seed, --listen and --context demo are for the embedded engine; --profile, --region, --endpoint-url and other contexts are another place")
	case aws && named:
		return c, usageError("--context names a context whole; --profile, --region and --endpoint-url make one")
	}
	c.Embedded = !aws && !named
	return c, nil
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown build)"
	}
	return info.Main.Version
}

// printable is what an error may say on a terminal, line by line: parts of it
// come from elsewhere.
func printable(s string) string {
	lines := text.Lines(s)
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.String()
	}
	return strings.Join(out, "\n")
}

// door is how the screen gets from one context to another.
type door struct {
	*program.Session
	book    *connect.Book
	journal *journal.Journal
	budget  fleet.Budget
	mu      *sync.Mutex                       // contexts are opened in commands
	pacers  map[backend.Place]*fleet.Pacer    // under mu
	wrap    func(backend.Stack) backend.Stack // nil but in tests
}

// run shows the screen until the user leaves it.
func (c screenCmd) run(stderr io.Writer, wrap func(backend.Stack) backend.Stack) error {
	where, err := c.context()
	if err != nil {
		return err
	}
	cfg, look, problems, err := program.Load(c.Config)
	if err != nil {
		return openError(err)
	}
	if c.Theme != "" {
		theme, ok := look.Named(c.Theme)
		if !ok && c.Theme != program.Auto {
			return usageError("--theme is one of auto, " + strings.Join(look.Names(), ", "))
		}
		look.Theme = theme
	}
	if !term.IsTerminal(os.Stdin.Fd()) || !term.IsTerminal(os.Stdout.Fd()) {
		return usageError("the screen needs a terminal; sqscope serve runs the engine without one")
	}
	for _, p := range problems {
		fmt.Fprintln(stderr, "sqscope:", printable(p.Error()))
	}
	return program.Run(stderr, func(s *program.Session) (ui.Options, error) {
		d := door{Session: s, wrap: wrap, budget: budgetOf(cfg), mu: &sync.Mutex{}, pacers: map[backend.Place]*fleet.Pacer{}}
		d.journal = journal.New(state("journal"), journal.Options{OnProblem: s.Warn})
		s.OnEnd(func(context.Context) error { return d.journal.Close() })
		d.book = connect.NewBook(connect.BookOptions{
			Group: s.Group, Access: c.Access, Named: connect.Named(cfg),
			OnPanic: func(name string, v any) { s.Panicked(name, v, debug.Stack()) },
			Common:  func(x *connect.Context) { x.Prices, x.MFA = connect.PricesOf(cfg), s.AskMFA },
		})
		s.OnEnd(d.book.Close)
		name, conns, err := d.first(where)
		if err != nil {
			return ui.Options{}, openError(err)
		}
		o := look.Options(cfg)
		o.Name, o.First, o.Open, o.Contexts, o.Queue, o.Copy = name, conns, d.open, d.contexts, c.Queue, clipboard.WriteAll
		o.Evidence, o.Journal, o.Memo, o.Problems = state("evidence"), d.journal, memo.Open(state("memo.json")), problems
		return o, nil
	})
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
	if d.wrap != nil {
		c.Stack = d.wrap(c.Stack)
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

// run serves the embedded engine until the context ends.
func (c serveCmd) run(ctx context.Context, stdout, stderr io.Writer) error {
	engine := connect.Context{
		Listen: c.Listen, Scenario: c.Scenario, Seed: c.Seed, Account: c.Account, Region: c.Region,
		Restore: c.Restore, NoCooldown: c.NoCooldown, Public: c.Public, AllowHosts: c.AllowHost, Enforce: c.Enforce,
	}
	if c.Empty {
		engine.Scenario = "empty"
	}
	return openError(serve.Run(ctx, serve.Options{Engine: engine, TokenFile: c.AdminToken, Stdout: stdout, Stderr: stderr}))
}

// openError makes a wrong name or address on the command line the usage error
// that it is. What fails for reasons of the world stays what it is.
func openError(err error) error {
	if err == nil {
		return nil
	}
	if e := backend.AsError(err); e.Kind == backend.KindInvalid || e.Kind == backend.KindNotFound {
		return usageError(printable(e.Error()))
	}
	return err
}
