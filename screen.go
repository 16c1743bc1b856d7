package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/adrg/xdg"
	"github.com/atotto/clipboard"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"

	"sqscope/backend"
	"sqscope/backend/connect"
	"sqscope/backend/fleet"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
	"sqscope/ui"
	"sqscope/ui/screen"
)

// enginePoll is how often the embedded engine is looked at: often enough to see
// it live, seldom enough to cost nothing.
const enginePoll = 250 * time.Millisecond

// frames is how often the terminal is written to at most.
const frames = 30

// session is what the screen runs on, and what is ended when it ends.
type session struct {
	ctx    context.Context
	group  *owner.Group
	leases *peek.Leases

	mu     sync.Mutex
	opened []*connect.Connection
	known  map[string]connect.Context
	kill   func() // restores the terminal and ends the program
	crash  error  // of a goroutine of ours
}

// run shows the screen until the user leaves it. Whatever ends it, a quit, a
// signal or a panic, the terminal is restored first and leased messages are
// given back after.
func (c screenCmd) run(stderr io.Writer) (err error) {
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
	ctx, cancel := context.WithCancel(context.Background())
	s := &session{ctx: ctx, known: map[string]connect.Context{}}
	s.group = owner.New(ctx, s.panicked)
	s.leases = peek.NewLeases(s.group)
	defer cancel()
	defer func() { err = errors.Join(err, s.end(stderr)) }()
	first, err := s.open(ctx, where)
	if err != nil {
		return err
	}
	model := ui.New(ui.Options{
		First: first, Open: s.openByName, Contexts: s.contexts, Leases: s.leases, Theme: theme,
		Queue: queueArn(c.Queue, first.Place), Copy: clipboard.WriteAll,
		Evidence: filepath.Join(xdg.StateHome, "sqscope", "evidence"),
	})
	options := []tea.ProgramOption{tea.WithFPS(frames)}
	if os.Getenv("NO_COLOR") != "" {
		options = append(options, tea.WithColorProfile(colorprofile.Ascii))
	}
	program := tea.NewProgram(model, options...)
	s.mu.Lock()
	s.kill = program.Kill
	s.mu.Unlock()
	_, err = program.Run()
	return s.cause(err)
}

// cause is what a person should hear of how the program ended.
func (s *session) cause(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.crash != nil:
		return s.crash
	case errors.Is(err, tea.ErrInterrupted):
		return &backend.Error{Kind: backend.KindCancelled, Message: "interrupted"}
	case errors.Is(err, tea.ErrProgramPanic):
		return &backend.Error{Kind: backend.KindInternal, Message: "the screen failed; the trace is above", Next: "leased messages were given back", Err: err}
	}
	return err
}

// panicked ends the program after a panic in a goroutine of ours. It runs on
// that goroutine, so it only restores the terminal; the rest is run's.
func (s *session) panicked(name string, value any, stack []byte) {
	s.mu.Lock()
	if s.crash == nil {
		s.crash = &backend.Error{Kind: backend.KindInternal, Subject: name, Message: fmt.Sprintf("failed: %v\n%s", value, stack), Next: "leased messages were given back"}
	}
	kill := s.kill
	s.mu.Unlock()
	if kill != nil {
		kill()
	}
}

// end gives back what is leased, then ends the connections and the goroutines.
func (s *session) end(stderr io.Writer) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), ui.ReleaseLimit)
	defer cancel()
	if _, failed := s.leases.ReleaseAll(ctx); failed > 0 {
		fmt.Fprintf(stderr, "sqscope: %d leased messages could not be given back; they return when their lease ends\n", failed)
	}
	s.mu.Lock()
	opened := s.opened
	s.mu.Unlock()
	var errs []error
	for _, c := range opened {
		errs = append(errs, c.Close(ctx))
	}
	s.group.Close()
	return errors.Join(errs...)
}

// open opens a context for the screen: the connection with its fleet.
func (s *session) open(ctx context.Context, c connect.Context) (*screen.Connection, error) {
	conn, err := connect.Open(ctx, c, s.group, func(name string, v any) { s.panicked(name, v, nil) })
	if err != nil {
		return nil, err
	}
	name := cmp.Or(c.Name, conn.Place.Context)
	s.mu.Lock()
	s.opened = append(s.opened, conn)
	s.known[name] = c
	s.mu.Unlock()
	poll := time.Duration(0)
	if conn.Place.Embedded {
		poll = enginePoll
	}
	return &screen.Connection{
		Name: name, Level: conn.Level, Place: conn.Place, Stack: conn.Stack, Guard: conn.Guard, Leases: s.leases, Context: s.ctx,
		Fleet: fleet.New(fleet.Options{Stack: conn.Stack, Region: conn.Place.Region, Group: s.group, Poll: poll}),
	}, nil
}

// openByName opens one of the contexts in the list.
func (s *session) openByName(ctx context.Context, name string) (*screen.Connection, error) {
	list, err := connect.Contexts(ctx)
	s.mu.Lock()
	c, found := s.known[name]
	s.mu.Unlock()
	for _, known := range list {
		if known.Name == name {
			c, found = known, true
		}
	}
	if !found {
		return nil, errors.Join(&backend.Error{Kind: backend.KindNotFound, Subject: name, Message: "there is no such context"}, err)
	}
	return s.open(ctx, c)
}

// contexts are those of the files, and those that the command line named.
func (s *session) contexts(ctx context.Context) ([]screen.Context, error) {
	list, err := connect.Contexts(ctx)
	var out []screen.Context
	seen := map[string]bool{}
	add := func(c connect.Context) {
		what := "AWS profile"
		switch {
		case c.Embedded:
			what = "embedded engine"
		case c.EndpointURL != "":
			what = "endpoint " + c.EndpointURL
		}
		if !seen[c.Name] {
			seen[c.Name] = true
			out = append(out, screen.Context{Name: c.Name, What: what, Region: c.Region})
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, c := range s.known {
		c.Name = name
		add(c)
	}
	for _, c := range list {
		add(c)
	}
	return out, err
}

// queueArn is the queue that --queue names: a name, a URL or an ARN.
func queueArn(q string, p backend.Place) backend.ARN {
	if q == "" {
		return backend.ARN{}
	}
	if a, ok := backend.ParseARN(q); ok {
		return a
	}
	a := backend.ARNOf(q, p.Region)
	a.Account = cmp.Or(a.Account, p.Account)
	return a
}
