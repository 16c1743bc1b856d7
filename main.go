// Command sqscope is a terminal console for Amazon SQS with an SQS inside it.
// This file is the front door: it reads the command line, opens a context and
// starts the screen or a command. Exit codes are those of DESIGN.md section 7.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"sqscope/backend"
	"sqscope/backend/connect"
	"sqscope/backend/guard"
	"sqscope/themes"
	"sqscope/ui/text"
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
	Listen     string   `help:"Where to listen." default:"127.0.0.1:9324" placeholder:"ADDR"`
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

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program without its process: the exit code is what it returns.
func run(args []string, stdout, stderr io.Writer) int {
	var line commandLine
	done := -1
	parser, err := kong.New(&line,
		kong.Name("sqscope"),
		kong.Description("A terminal console for Amazon SQS with an SQS inside it."),
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
		err = line.Screen.run(stderr)
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
	aws := t.Profile != "" || c.Region != "" || t.EndpointURL != "" || t.Context != "" && t.Context != connect.Demo
	embedded := t.Scenario != "" || t.Listen != ""
	if aws && embedded {
		return c, usageError("--scenario and --listen are for the embedded engine; --profile, --region, --endpoint-url and --context are for another place")
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
