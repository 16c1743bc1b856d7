// Package program runs the screen as the program of a terminal. Whatever ends
// it, a quit, a signal, a terminal that hangs up or a panic in any goroutine of
// ours, the terminal is restored first; then leased messages are given back, what
// was opened is closed, and every goroutine has ended when [Run] returns.
package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
	"sqscope/ui"
	"sqscope/ui/screen"
)

// frames is how often the terminal is written to, at most, in a second.
const frames = 30

// Session is what the screen runs on: the owner of its goroutines and of its
// leases.
type Session struct {
	Context context.Context // ends with the program
	Group   *owner.Group
	Leases  *peek.Leases
	Wrap    func(tea.Model) tea.Model // stands between the terminal and the screen; nil but in tests

	mu    sync.Mutex
	ends  []func(context.Context) error
	kill  func()        // restores the terminal and ends the program
	tell  func(tea.Msg) // to the program, once it runs
	crash error         // of a goroutine of ours
}

// Run shows the screen until the user leaves it. Open makes its options on the
// session that it gets. What leases could not be given back is said on stderr.
func Run(stderr io.Writer, open func(*Session) (ui.Options, error)) error {
	var options []tea.ProgramOption
	if os.Getenv("NO_COLOR") != "" {
		options = append(options, tea.WithColorProfile(colorprofile.Ascii))
	}
	return run(context.Background(), stderr, open, func(s *Session, o ui.Options) *tea.Program {
		var m tea.Model = ui.New(o)
		if s.Wrap != nil {
			m = s.Wrap(m)
		}
		return tea.NewProgram(m, append(options, tea.WithFPS(frames))...)
	}, nil)
}

// run runs a program on a session of its own. Ended, which may be nil, gets the
// model that it has left, if it came to its end.
func run(
	ctx context.Context, stderr io.Writer, open func(*Session) (ui.Options, error), program func(*Session, ui.Options) *tea.Program, ended func(tea.Model) error,
) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &Session{Context: ctx}
	s.Group = owner.New(ctx, s.Panicked)
	s.Leases = peek.NewLeases(s.Group)
	defer func() { err = errors.Join(err, s.end(stderr)) }()
	o, err := open(s)
	if err != nil {
		return err
	}
	o.Leases = s.Leases
	p := program(s, o)
	if !s.mayRun(p) {
		return s.cause(nil)
	}
	last, err := p.Run()
	if err = s.cause(err); err == nil && ended != nil {
		return ended(last)
	}
	return err
}

// OnEnd has f called when the program has ended and leases are given back. What
// was added last is called first.
func (s *Session) OnEnd(f func(context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends = append(s.ends, f)
}

// Watch begins to watch the queues of a connection, and tells how to end that.
func (s *Session) Watch(o fleet.Options) (ctx context.Context, f *fleet.Fleet, stop func()) {
	ctx, cancel := context.WithCancel(s.Context)
	o.Group = owner.New(ctx, s.Panicked)
	return ctx, fleet.New(o), func() { cancel(); o.Group.Close() }
}

// Warn shows an error that nobody waits for, as that of a journal.
func (s *Session) Warn(err error) { s.send(screen.LateMsg{Err: err}) }

// AskMFA asks the person at the screen for the code of an MFA device.
func (s *Session) AskMFA(ctx context.Context, serial string) (string, error) {
	type answer struct {
		code string
		err  error
	}
	answers := make(chan answer, 1)
	s.send(ui.PromptMsg{
		Title: "MFA code", Note: "The role asks for the code of " + serial + ".", Label: "code",
		Answer: func(code string, err error) { answers <- answer{code, err} },
	})
	select {
	case a := <-answers:
		return a.code, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// send tells the program something from another goroutine. Before it runs and
// after it has ended nobody hears.
func (s *Session) send(msg tea.Msg) {
	s.mu.Lock()
	tell := s.tell
	s.mu.Unlock()
	if tell != nil {
		tell(msg)
	}
}

// Panicked ends the program after a panic in a goroutine of ours. It runs on
// that goroutine, so it only restores the terminal; the rest is Run's.
func (s *Session) Panicked(name string, value any, stack []byte) {
	s.mu.Lock()
	if s.crash == nil {
		s.crash = &backend.Error{
			Kind: backend.KindInternal, Subject: name, Message: fmt.Sprintf("failed: %v\n%s", value, stack), Next: "leased messages were given back",
		}
	}
	kill := s.kill
	s.mu.Unlock()
	if kill != nil {
		kill()
	}
}

// mayRun lets a panic and a terminal that hangs up end the program. It is false
// if a goroutine of ours has panicked before there was a program to end.
func (s *Session) mayRun(p *tea.Program) bool {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	s.Group.Go("hangup", func(ctx context.Context) {
		defer signal.Stop(hangup)
		select {
		case <-hangup:
			p.Quit()
		case <-ctx.Done():
		}
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kill, s.tell = p.Kill, p.Send
	return s.crash == nil
}

// cause is what a person should hear of how the program ended.
func (s *Session) cause(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.crash != nil:
		return s.crash
	case errors.Is(err, tea.ErrInterrupted):
		return &backend.Error{Kind: backend.KindCancelled, Message: "interrupted"}
	case errors.Is(err, tea.ErrProgramPanic):
		return &backend.Error{
			Kind: backend.KindInternal, Message: "the screen failed; the trace is above", Next: "leased messages were given back", Err: err,
		}
	}
	return err
}

// end gives back what is leased, then ends the connections and the goroutines.
func (s *Session) end(stderr io.Writer) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.Context), ui.ReleaseLimit)
	defer cancel()
	if _, failed := s.Leases.ReleaseAll(ctx); failed > 0 {
		fmt.Fprintf(stderr, "sqscope: %d leased messages could not be given back; they return when their lease ends\n", failed)
	}
	s.mu.Lock()
	ends := s.ends
	s.mu.Unlock()
	var errs []error
	for i := len(ends) - 1; i >= 0; i-- {
		errs = append(errs, ends[i](ctx))
	}
	s.Group.Close()
	return errors.Join(errs...)
}
