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
	"syscall"
	"time"

	"github.com/adrg/xdg"
	"github.com/alecthomas/kong"
	"github.com/atotto/clipboard"
	"github.com/charmbracelet/x/term"

	"sqscope/backend"
	"sqscope/backend/connect"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/owner"
	"sqscope/themes"
	"sqscope/ui"
	"sqscope/ui/program"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

const (
	enginePoll = 250 * time.Millisecond // how often the embedded engine is looked at: it costs nothing
	stopLimit  = 5 * time.Second        // for requests that are under way when serve ends
)

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
	Queue string `help:"Open at this queue." placeholder:"NAME|URL|ARN"`
	Theme string `help:"Colours: dark or light; without it the terminal is asked."`
}

type serveCmd struct {
	Listen     string   `help:"Where to listen: host and port, 127.0.0.1:9324 unless said." default:"127.0.0.1:9324" placeholder:"ADDR"`
	Scenario   string   `help:"What is in the engine: a scenario's name, or a TOML file." placeholder:"NAME|FILE" xor:"content"`
	Empty      bool     `help:"Nothing is in the engine." xor:"content"`
	Seed       uint64   `help:"Fixed randomness."`
	Account    string   `help:"The engine's account." default:"000000000000"`
	Region     string   `help:"The engine's region." default:"us-east-1"`
	NoCooldown bool     `help:"No 60 s waits after DeleteQueue and PurgeQueue."`
	Public     bool     `help:"Allow an address beyond this machine."`
	AllowHost  []string `help:"Accept this Host header too." placeholder:"NAME"`
}

type versionCmd struct{}

type commandLine struct {
	Screen  screenCmd  `cmd:"" default:"withargs" help:"The screen, on the embedded engine unless a context is named."`
	Serve   serveCmd   `cmd:"" help:"The embedded engine alone, for other programs."`
	Version versionCmd `cmd:"" help:"What this is."`
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
	switch command, _, _ := strings.Cut(parsed.Command(), " "); command {
	case "serve":
		err = line.Serve.run(ctx, stdout, stderr)
	case "version":
		fmt.Fprintln(stdout, "sqscope", version())
	default:
		stop() // the screen handles signals itself
		err = line.Screen.run(stderr, nil)
	}
	return report(err, stderr)
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
	c := connect.Context{Name: t.Context, Scenario: t.Scenario, Seed: t.Seed, Listen: t.Listen, Profile: t.Profile, EndpointURL: t.EndpointURL, Access: t.Access}
	if len(t.Region) > 1 {
		return c, usageError("one region at a time: several in one list are not there yet")
	}
	if len(t.Region) == 1 {
		c.Region = t.Region[0]
	}
	if t.Access != "" {
		if _, err := guard.ParseLevel(t.Access); err != nil {
			return c, usageError("--access is view, peek or change")
		}
	}
	if t.Context != "" && t.Context != connect.Demo {
		c.Profile = cmp.Or(c.Profile, t.Context) // until the configuration names others
	}
	aws := t.Profile != "" || c.Region != "" || t.EndpointURL != "" || t.Context != "" && t.Context != connect.Demo
	embedded := t.Scenario != "" || t.Listen != "" || t.Seed != 0 || t.Context == connect.Demo
	if aws && embedded {
		return c, usageError("--scenario, --seed, --listen and --context demo are for the embedded engine; --profile, --region, --endpoint-url and other contexts are another place")
	}
	c.Embedded = !aws
	return c, nil
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown build)"
	}
	return info.Main.Version
}

func (c screenCmd) theme() (*themes.Theme, error) {
	if c.Theme == "" {
		return nil, nil
	}
	t, ok := themes.ByName(c.Theme)
	if !ok {
		return nil, usageError("--theme is one of " + strings.Join(themes.Names(), ", "))
	}
	return t, nil
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
	book *connect.Book
	wrap func(backend.Stack) backend.Stack // nil but in tests
}

// run shows the screen until the user leaves it.
func (c screenCmd) run(stderr io.Writer, wrap func(backend.Stack) backend.Stack) error {
	theme, err := c.theme()
	if err != nil {
		return err
	}
	where, err := c.context()
	if err != nil {
		return err
	}
	if !term.IsTerminal(os.Stdin.Fd()) || !term.IsTerminal(os.Stdout.Fd()) {
		return usageError("the screen needs a terminal; sqscope serve runs the engine without one")
	}
	return program.Run(stderr, func(s *program.Session) (ui.Options, error) {
		d := door{s, connect.NewBook(s.Group, c.Access, func(name string, v any) { s.Panicked(name, v, debug.Stack()) }), wrap}
		s.OnEnd(d.book.Close)
		conn, err := d.book.Open(s.Context, where)
		if err != nil {
			return ui.Options{}, openError(err)
		}
		return ui.Options{
			Name: conn.Place.Context, First: []*screen.Connection{d.connection(conn)}, Open: d.open, Contexts: d.contexts, Theme: theme, Queue: c.Queue, Copy: clipboard.WriteAll,
			Evidence: filepath.Join(xdg.StateHome, "sqscope", "evidence"),
		}, nil
	})
}

func (d door) open(ctx context.Context, name string) ([]*screen.Connection, error) {
	conn, err := d.book.OpenByName(ctx, name)
	if err != nil {
		return nil, err
	}
	return []*screen.Connection{d.connection(conn)}, nil
}

// connection is what the screens see of a connection: with its fleet.
func (d door) connection(c *connect.Connection) *screen.Connection {
	poll := time.Duration(0)
	if c.Place.Embedded {
		poll = enginePoll
	}
	if d.wrap != nil {
		c.Stack = d.wrap(c.Stack)
	}
	return &screen.Connection{
		Name: c.Place.Context, Level: c.Level, Place: c.Place, Stack: c.Stack, Guard: c.Guard, Leases: d.Leases,
		Watch: func() (context.Context, *fleet.Fleet, func()) {
			return d.Watch(fleet.Options{Stack: c.Stack, Region: c.Place.Region, Poll: poll})
		},
	}
}

func (d door) contexts(ctx context.Context) ([]screen.Context, error) {
	list, err := d.book.Contexts(ctx)
	out := make([]screen.Context, len(list))
	for i, c := range list {
		what := "AWS profile " + c.Profile
		switch {
		case c.Embedded:
			what = "embedded engine, " + cmp.Or(c.Scenario, connect.DefaultScenario)
		case c.EndpointURL != "":
			what = "endpoint " + c.EndpointURL
		case c.Profile == "":
			what = "AWS"
		}
		out[i] = screen.Context{Name: c.Name, What: what, Region: c.Region}
	}
	return out, err
}

// run serves the embedded engine until the context ends. The address goes to
// standard output once it answers.
func (c serveCmd) run(ctx context.Context, stdout, stderr io.Writer) error {
	crashed := make(chan error, 1)
	onPanic := func(name string, v any, stack []byte) {
		select {
		case crashed <- &backend.Error{Kind: backend.KindInternal, Subject: name, Message: fmt.Sprintf("failed: %v\n%s", v, stack)}:
		default: // the first one ends the program
		}
	}
	group := owner.New(context.WithoutCancel(ctx), onPanic)
	defer group.Close()
	where := connect.Context{
		Embedded: true, Listen: c.Listen, Scenario: c.Scenario, Seed: c.Seed, Account: c.Account, Region: c.Region,
		NoCooldown: c.NoCooldown, Public: c.Public, AllowHosts: c.AllowHost,
	}
	if c.Empty {
		where.Scenario = "empty"
	}
	conn, err := connect.Open(ctx, where, group, func(name string, v any) { onPanic(name, v, debug.Stack()) })
	if err != nil {
		return openError(err)
	}
	fmt.Fprintln(stdout, conn.Place.Listen)
	if c.Public {
		fmt.Fprintln(stderr, "sqscope: --public: every machine that reaches this address can read and change all queues")
	}
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-crashed:
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	if err := conn.Close(stop); failure == nil {
		failure = err
	}
	return failure
}

// openError makes a wrong name or address on the command line the usage error
// that it is. What fails for reasons of the world stays what it is.
func openError(err error) error {
	if e := backend.AsError(err); e.Kind == backend.KindInvalid || e.Kind == backend.KindNotFound {
		return usageError(printable(e.Error()))
	}
	return err
}
