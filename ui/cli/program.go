package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"github.com/charmbracelet/x/term"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/guard"
	"sqscope/backend/meter"
	"sqscope/backend/owner"
	"sqscope/ui/text"
)

// Exit codes (DESIGN.md section 7).
const (
	ExitDone        = 0
	ExitFailed      = 1
	ExitUsage       = 2
	ExitNothing     = 3
	ExitCredentials = 4
	ExitDenied      = 5
	ExitInterrupted = 130
)

// Usage is a command line that cannot be meant: exit 2.
type Usage string

// Error is what is wrong with it, and what would be right.
func (u Usage) Error() string { return string(u) }

// Usagef makes a Usage.
func Usagef(format string, args ...any) error { return Usage(fmt.Sprintf(format, args...)) }

// OpenError makes a wrong name or address on the command line the [Usage] that it
// is. What fails for reasons of the world stays what it is.
func OpenError(err error) error {
	if err == nil {
		return nil
	}
	if e := backend.AsError(err); e.Kind == backend.KindInvalid || e.Kind == backend.KindNotFound {
		return Usage(e.Error())
	}
	return err
}

// nothing says that nothing matched: exit 3.
type nothing string

func (n nothing) Error() string { return string(n) }

// Connection is an open place, as the commands use it.
type Connection struct {
	Place   backend.Place
	Stack   backend.Stack // guarded and metered
	Guard   *guard.Guard
	Meter   *meter.Meter
	Metered bool // ages are read from CloudWatch, as the configuration has it
}

// Opening is what a context is opened with.
type Opening struct {
	Config  *config.Config
	Group   *owner.Group
	OnPanic func(name string, value any)
}

// Program is what there is around the commands.
type Program struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	State     string // the folder of what is kept between runs
	Version   string
	Scenarios func() []Scenario
	Lessons   func() ([]Lesson, error) // with an error of their progress alone there are lessons
	// Profiles are the names of the AWS profiles, for completion.
	Profiles func(ctx context.Context) []string
	// Open opens the places of a target; they are closed by the function that it
	// returns.
	Open func(ctx context.Context, t Target, o Opening) ([]*Connection, func(context.Context) error, error)
	// Screen shows the screen until the user leaves it, or one frame of it.
	Screen func(ctx context.Context, c ScreenCmd) error
	// Serve serves the embedded engine until the context ends.
	Serve func(ctx context.Context, c ServeCmd) error
}

// startGC is how much more than is in use may lie about in the first second of a
// command, in percent: reading the line and playing the past of a scenario leave
// much garbage at once, and a command is to start within 50 ms. Most are over
// before anything has to be collected.
const (
	startGC   = 800
	startTime = time.Second
)

// Run runs what a command line says, and returns the exit code.
func Run(args []string, p Program) int {
	percent := debug.SetGCPercent(startGC)
	started := sync.OnceFunc(func() { debug.SetGCPercent(percent) })
	defer started()
	defer time.AfterFunc(startTime, started).Stop()
	var line Line
	done := -1
	parser, parsed, err := parse(&line, args, p, func(code int) { done = code })
	switch {
	case parser == nil:
		return Report(err, p.Stderr)
	case done >= 0: // --help
		return done
	case err != nil:
		return misused(p, unparsed(err, parser.Model, args), selected(err))
	case hollow(parsed) != "":
		return misused(p, hollow(parsed), parsed.Selected())
	}
	r := &runner{Program: p, ctx: context.Background(), app: parser.Model, started: started}
	if name := parsed.Selected().Name; name == "screen" && line.Screen.Size == "" || name == "lab" && line.Lab.shown(p) { // it handles signals itself
		return Report(parsed.Run(r), p.Stderr)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// A second interrupt ends the program at once, but not the first one again: to the
	// process and then to its group, as timeout sends it.
	context.AfterFunc(ctx, func() { time.AfterFunc(sameSignal, stop) })
	// A pipe that nobody reads any more is an error of the write, so that leases are
	// given back.
	signal.Ignore(syscall.SIGPIPE)
	r.ctx, r.Stdout = ctx, pipe{p.Stdout}
	code := Report(parsed.Run(r), p.Stderr)
	if ctx.Err() != nil && parsed.Selected().Name != "serve" && code != ExitUsage {
		return ExitInterrupted // a server is ended in no other way
	}
	return code
}

// sameSignal is for how long a signal is the same that came before.
const sameSignal = 250 * time.Millisecond

// parse reads a command line. To build the grammar of all commands takes kong a
// sixth of the time that a command has to start, so that the named one is tried
// alone first; whatever is wrong is said by the whole.
func parse(line *Line, args []string, p Program, exit func(int)) (*kong.Kong, *kong.Context, error) {
	if part := alone(args); part != nil {
		parser, err := newParser(part, p, exit)
		if err != nil {
			return nil, nil, err
		}
		if parsed, err := parser.Parse(args); err == nil {
			return parser, parsed, nil
		}
	}
	parser, err := newParser(line, p, exit)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := parser.Parse(args)
	return parser, parsed, err
}

// alone is the grammar of the command that a line begins with, nil for those that
// need all commands, or their place in the Line.
func alone(args []string) any {
	if len(args) == 0 || slices.Contains(args, "--help") || slices.Contains(args, "-h") {
		return nil
	}
	all := reflect.TypeFor[Line]()
	for i := range all.NumField() {
		f := all.Field(i)
		if strings.ToLower(f.Name) != args[0] || f.Tag.Get("name") != "" {
			continue
		}
		switch f.Type {
		case reflect.TypeFor[ScreenCmd](), reflect.TypeFor[labCmd](), reflect.TypeFor[helpCmd]():
			return nil
		}
		return reflect.New(reflect.StructOf([]reflect.StructField{f})).Interface()
	}
	return nil
}

func newParser(grammar any, p Program, exit func(int)) (*kong.Kong, error) {
	parser, err := kong.New(grammar,
		kong.Name("sqscope"),
		kong.Description(description),
		kong.UsageOnError(), kong.Writers(p.Stdout, p.Stderr),
		kong.Exit(exit),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.ValueFormatter(explained),
	)
	if err == nil {
		exemplify(parser.Model)
	}
	return parser, err
}

// explained is the help of a flag or an argument, with its default where nothing
// else shows it.
func explained(v *kong.Value) string {
	if v.Flag == nil || v.Flag.PlaceHolder == "" || !v.HasDefault || strings.Contains(v.Help, v.Default) {
		return v.Help
	}
	return v.Help + " Default: " + v.Default + "."
}

// misused says what is wrong with a command line, and where to read on: n is its
// command, or nil.
func misused(p Program, what string, n *kong.Node) int {
	hint := "sqscope --help lists what there is"
	if n != nil && n.Type == kong.CommandNode && n.Name != "screen" {
		hint = "sqscope " + n.Path() + " --help explains it"
	}
	fmt.Fprintf(p.Stderr, "sqscope: %s\n  %s\n", printable(what), hint)
	return ExitUsage
}

// selected is the command of a line that could not be read, or nil.
func selected(err error) *kong.Node {
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		return parse.Context.Selected()
	}
	return nil
}

// runner is one run of a command.
type runner struct {
	Program
	ctx     context.Context // ends with a signal
	app     *kong.Application
	started func() // to be called by what goes on for long, at least once
}

// screen shows the screen, which collects its garbage as usual.
func (r *runner) screen(c ScreenCmd) error {
	r.started()
	return r.Screen(r.ctx, c)
}

func (r *runner) print(json bool) Out { return Out{Writer: r.Stdout, JSON: json} }

// Report says an error in one line, with what to do next, and gives its code.
func Report(err error, stderr io.Writer) int {
	var usage Usage
	var none nothing
	switch {
	case err == nil, errors.Is(err, errPipe):
		return ExitDone
	case errors.As(err, &usage):
		fmt.Fprintln(stderr, "sqscope:", printable(usage.Error()))
		return ExitUsage
	case errors.As(err, &none):
		if none != "" {
			fmt.Fprintln(stderr, "sqscope:", printable(none.Error()))
		}
		return ExitNothing
	}
	e := backend.AsError(err)
	fmt.Fprintln(stderr, "sqscope:", printable(e.Error()))
	switch e.Kind {
	case backend.KindCredentials:
		return ExitCredentials
	case backend.KindDenied:
		return ExitDenied
	case backend.KindCancelled:
		return ExitInterrupted
	}
	return ExitFailed
}

// printable is what a text may say on a terminal, line by line: parts of it come
// from elsewhere.
func printable(s string) string {
	lines := text.Lines(s)
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.String()
	}
	return strings.Join(out, "\n")
}

// errPipe says that nobody reads our output any more, which is no failure.
var errPipe = errors.New("nobody reads the output any more")

// pipe is an output whose reader may leave.
type pipe struct{ io.Writer }

// Fd is the file behind it, for whoever asks whether it is a terminal.
func (p pipe) Fd() uintptr {
	if f, ok := p.Writer.(interface{ Fd() uintptr }); ok {
		return f.Fd()
	}
	return ^uintptr(0)
}

// Write gives errPipe for a reader that has left: EPIPE, or what Windows says
// instead (ERROR_BROKEN_PIPE, ERROR_NO_DATA).
func (p pipe) Write(b []byte) (int, error) {
	n, err := p.Writer.Write(b)
	var code syscall.Errno
	if errors.As(err, &code) && (code == syscall.EPIPE || runtime.GOOS == "windows" && (code == 109 || code == 232)) {
		return n, errPipe
	}
	if err != nil {
		return n, &backend.Error{Kind: backend.KindInternal, Message: "the output cannot be written: " + err.Error(), Next: cmp.Or(nextOfWrite(err), "write it elsewhere"), Err: err}
	}
	return n, nil
}

func nextOfWrite(err error) string {
	if errors.Is(err, syscall.ENOSPC) {
		return "make room on the disk"
	}
	return ""
}

// terminal tells whether a stream is a terminal.
func terminal(stream any) bool {
	f, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(f.Fd())
}
