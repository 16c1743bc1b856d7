package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
	"sqscope/ui/text"
)

// Limits of time: of one reading or act, and of giving back and closing at the end.
const (
	actLimit = 30 * time.Second
	endLimit = 30 * time.Second
)

// session is the open context of one command. When it is closed, every lease has
// been given back, the journal's lines are written and every goroutine has ended.
type session struct {
	Out
	ctx      context.Context // of the command; ends with a signal, or a panic of ours
	conns    []*Connection
	cfg      *config.Config
	leases   *peek.Leases
	group    *owner.Group
	journal  *journal.Journal
	state    string
	stdin    io.Reader
	stderr   io.Writer
	progress *progress
	asks     bool // somebody is there who can be asked
	yes      bool
	ends     []func(context.Context) error
	cancel   context.CancelFunc

	mu    sync.Mutex
	crash error
}

// in opens the place of a command, has it do its work there, and closes it.
func (r *runner) in(c place, yes bool, do func(*session) error) (err error) {
	if !c.Said() {
		return Usagef("say where: --context NAME, --profile NAME, --region REGION, --endpoint-url URL, or --scenario NAME for the embedded engine")
	}
	if _, err := c.Embedded(); err != nil {
		return err
	}
	s := &session{Out: r.print(c.JSON), state: r.State, stdin: r.Stdin, stderr: r.Stderr, yes: yes, asks: terminal(r.Stdin) && terminal(r.Stderr)}
	if s.cfg, err = s.configured(c.Config); err != nil {
		return err
	}
	s.progress = &progress{w: r.Stderr, on: terminal(r.Stderr)}
	s.ctx, s.cancel = context.WithCancel(r.ctx)
	s.group = owner.New(context.WithoutCancel(r.ctx), func(name string, v any, stack []byte) { s.panicked(name, fmt.Sprintf("%v\n%s", v, stack)) })
	s.leases = peek.NewLeases(s.group)
	defer func() { err = s.close(err) }()
	if err = s.open(r, c); err != nil {
		return OpenError(err)
	}
	return do(s)
}

// configured reads the configuration, and says what is wrong with it.
func (s *session) configured(path string) (*config.Config, error) {
	cfg, problems := config.Load(cmp.Or(path, config.Path()))
	if path != "" && !cfg.Found {
		return nil, Usagef("--config: there is no file %s", path)
	}
	for _, p := range problems {
		s.say("%s", p.Error())
	}
	return cfg, nil
}

func (s *session) open(r *runner, c place) error {
	conns, end, err := r.Open(s.ctx, c.Target, Opening{
		Config: s.cfg, Group: s.group, OnPanic: func(name string, v any) { s.panicked(name, fmt.Sprint(v)) },
	})
	if err != nil {
		return err
	}
	s.conns = conns
	s.ends = append(s.ends, end)
	s.journal = journal.New(filepath.Join(s.state, "journal"), journal.Options{OnProblem: func(err error) { s.say("%s", err.Error()) }})
	s.ends = append(s.ends, func(context.Context) error { return s.journal.Close() })
	for _, conn := range conns {
		if c.Access != "" {
			level, err := guard.ParseLevel(c.Access)
			if err != nil {
				return err
			}
			conn.Guard.SetLevel(level)
		}
		if !conn.Place.Embedded { // what is done there is a rehearsal
			conn.Guard.Journal(s.journal.For(journal.WhoOf(conn.Place, "")))
		}
	}
	if c.Log == "" {
		return nil
	}
	log, err := OpenLog(c.Log)
	if err != nil {
		return err
	}
	for _, conn := range conns {
		log.Follow(s.group, conn.Place, conn.Meter)
	}
	s.ends = append(s.ends, func(context.Context) error { return log.Close() })
	return nil
}

// close gives back what is on lease and ends all that was opened. The error of
// the command goes before its own.
func (s *session) close(err error) error {
	s.progress.clear()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), endLimit)
	defer cancel()
	if _, failed := s.leases.ReleaseAll(ctx); failed > 0 {
		s.say("%d leased messages could not be given back; they return when their lease ends", failed)
	}
	var ended []error
	for i := len(s.ends) - 1; i >= 0; i-- {
		ended = append(ended, s.ends[i](ctx))
	}
	s.cancel()
	s.group.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.crash != nil {
		return s.crash
	}
	if e := errors.Join(ended...); e != nil && err == nil {
		return e
	} else if e != nil {
		s.say("%s", e.Error())
	}
	return err
}

// panicked ends the command after a panic in a goroutine of ours.
func (s *session) panicked(name, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.crash == nil {
		s.crash = &backend.Error{Kind: backend.KindInternal, Subject: name, Message: "failed: " + what, Next: "leased messages were given back"}
	}
	s.cancel()
}

// say tells the person at the terminal something, beside the output.
func (s *session) say(format string, args ...any) {
	s.progress.clear()
	fmt.Fprintln(s.stderr, "sqscope:", printable(fmt.Sprintf(format, args...)))
}

// limited is a context for one reading or act.
func (s *session) limited() (context.Context, context.CancelFunc) {
	return context.WithTimeout(s.ctx, actLimit)
}

// one is the only place that is open, for a command that is about one.
func (s *session) one() (*Connection, error) {
	if len(s.conns) == 1 {
		return s.conns[0], nil
	}
	names := make([]string, len(s.conns))
	for i, c := range s.conns {
		names[i] = c.Place.Region
	}
	return nil, Usagef("the context has several places (%s); say one --region", strings.Join(names, ", "))
}

// question is what is asked before a change.
type question struct {
	notes []string // what it would do, and what could go wrong
	ask   string   // without its question mark; "": nothing is asked at a terminal
	typed string   // what has to be typed instead of y; "": y
}

// confirm says what is going to be done, and asks whether it is meant. Without a
// terminal only --yes says so.
func (s *session) confirm(q question) error {
	for _, n := range q.notes {
		s.say("%s", n)
	}
	switch {
	case s.yes, s.asks && q.ask == "":
		return nil
	case !s.asks:
		return Usagef("nobody can be asked here: add --yes if that is meant")
	}
	must := cmp.Or(q.typed, "y")
	if q.typed == "" {
		fmt.Fprintf(s.stderr, "%s? [y/N] ", printable(q.ask))
	} else {
		fmt.Fprintf(s.stderr, "%s? Type %s: ", printable(q.ask), printable(q.typed))
	}
	got, err := s.line()
	if err == nil && strings.TrimSpace(got) == must {
		return nil
	}
	return &backend.Error{Kind: backend.KindCancelled, Message: "nothing was done", Err: err}
}

// line reads what is typed. When the command is interrupted, nobody waits for the
// rest of it.
func (s *session) line() (string, error) {
	type read struct {
		line string
		err  error
	}
	got := make(chan read, 1)
	go func() { // ends with the process: a terminal cannot be taken away from a reader
		line, err := bufio.NewReader(s.stdin).ReadString('\n')
		got <- read{line, err}
	}()
	select {
	case r := <-got:
		return r.line, r.err
	case <-s.ctx.Done():
		fmt.Fprintln(s.stderr)
		return "", s.ctx.Err()
	}
}

// progress is a line on a terminal that is written over; elsewhere it is nothing.
// It may be used from any goroutine.
type progress struct {
	w  io.Writer
	on bool

	mu    sync.Mutex
	last  time.Time
	shown bool
}

// progressGap is how often it changes at most.
const progressGap = 100 * time.Millisecond

func (p *progress) show(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if !p.on || now.Sub(p.last) < progressGap {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.w, "\r\x1b[K%s", text.Sprintf(format, args...))
}

// turn has the next one shown at once: something else begins.
func (p *progress) turn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = time.Time{}
}

func (p *progress) clear() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		p.shown = false
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// input is standard input, whose reading ends with the command too. It begins with
// the first Read: before that somebody may be asked something there.
type input struct {
	s    *session
	what string // is read
	once sync.Once
	r    *io.PipeReader
}

func (in *input) Read(b []byte) (int, error) {
	in.once.Do(in.begin)
	return in.r.Read(b)
}

func (in *input) begin() {
	if terminal(in.s.stdin) {
		in.s.say("%s is read from here; ctrl+d on a line of its own ends it", in.what)
	}
	r, w := io.Pipe()
	in.r = r
	context.AfterFunc(in.s.ctx, func() { w.CloseWithError(in.s.ctx.Err()) })
	go func() { // ends with the process: a terminal cannot be taken away from a reader
		_, err := io.Copy(w, in.s.stdin)
		w.CloseWithError(err)
	}()
}

// openInput is the file to read from: standard input for "-".
func (s *session) openInput(path string) (io.ReadCloser, error) {
	if path == stdin {
		return io.NopCloser(&input{s: s, what: "the file"}), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, Usagef("%s cannot be read: %v", path, errors.Unwrap(err))
	}
	if is, err := f.Stat(); err == nil && is.IsDir() {
		return nil, errors.Join(f.Close(), Usagef("%s cannot be read: it is a folder", path))
	}
	return f, nil
}
