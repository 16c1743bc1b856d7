package connect

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"regexp"
	"time"

	"sqscope/backend"
	"sqscope/backend/endpoint"
	"sqscope/backend/endpoint/admin"
	"sqscope/backend/enforce"
	"sqscope/backend/memory"
	"sqscope/backend/owner"
	"sqscope/backend/scenario"
)

// The account and region of an engine of which nothing else is said.
const (
	defaultAccount = "000000000000"
	defaultRegion  = "us-east-1"
)

// Who is seen in a scene beside the scenario's actors.
const (
	You      = "you"      // at the screens and with the commands of this program
	Programs = "programs" // that call the endpoint
)

type onPanic func(name string, value any)

func (conn *Connection) openEngine(ctx context.Context, c Context, group *owner.Group, panicked onPanic) (backend.Stack, error) {
	c.Scenario = cmp.Or(c.Scenario, DefaultScenario)
	c.Account, c.Region = cmp.Or(c.Account, defaultAccount), cmp.Or(c.Region, defaultRegion)
	if err := checkPlace(c.Account, c.Region); err != nil {
		return backend.Stack{}, err
	}
	if c.Seed == 0 {
		c.Seed = uint64(time.Now().UnixNano())
	}
	// What is wrong with a file shows before anything is started.
	var s *scenario.Scenario
	var err error
	history := time.Duration(0)
	if c.Restore == "" {
		if s, err = scenario.Load(c.Scenario); err != nil {
			return backend.Stack{}, err
		}
		history = s.History()
	}
	// The clock starts where the scenario's past does, so that it shows the
	// present once the past has been played.
	clock := memory.NewClock(memory.ClockOptions{
		Start: time.Now().Add(-history), Paused: true, OnPanic: func(v any) { panicked("the engine's clock", v) },
	})
	conn.onClose(func() { clock.Close() })
	callers := enforce.New(c.Account, clock.Now)
	options := memory.Options{
		Account: c.Account, Region: c.Region, Clock: clock, Seed: c.Seed, NoCooldown: c.NoCooldown, BaseURL: baseURL(c.Listen),
	}
	if c.Enforce {
		options.Authorize = callers.Authorize
	}
	engine := memory.New(options)
	conn.onClose(engine.Close)
	run, err := begin(ctx, c, s, engine)
	if err != nil {
		return backend.Stack{}, err
	}
	conn.onClose(run.Stop)
	callers.Set(run.Callers(c.Account, c.Region))
	stack := engine.Stack()
	stack.Stage, stack.SQS = run.Stage(), run.Outside(You, stack.SQS)
	conn.Place = backend.Place{Context: Demo, Embedded: true, Scenario: c.Scenario, Region: c.Region, Account: c.Account}
	if c.Restore != "" {
		conn.Place.Scenario = c.Restore
	} else {
		clock.Resume()
	}
	if c.Listen != "" {
		err = conn.serveEngine(ctx, c, engine, run, callers, group, panicked)
	}
	return stack, err
}

var (
	accountForm = regexp.MustCompile(`^[0-9]{12}$`)
	regionForm  = regexp.MustCompile(`^[a-z]{2,}(-[a-z0-9]+)+$`)
)

// checkPlace refuses what AWS has nowhere: it would be part of every ARN.
func checkPlace(account, region string) error {
	switch {
	case !accountForm.MatchString(account):
		return &backend.Error{Kind: backend.KindInvalid, Subject: account, Message: "is no account", Next: "an account is twelve digits, as 000000000000"}
	case !regionForm.MatchString(region):
		return &backend.Error{Kind: backend.KindInvalid, Subject: region, Message: "is no region", Next: "a region is written as us-east-1"}
	}
	return nil
}

// serveEngine answers other programs. Who calls is of interest only where
// somebody is known, or policies are checked.
func (conn *Connection) serveEngine(
	ctx context.Context, c Context, engine *memory.Engine, run *scenario.Run, callers *enforce.Table, group *owner.Group, panicked onPanic,
) (err error) {
	o := endpoint.Options{Public: c.Public, AllowHosts: c.AllowHosts}
	if c.Enforce || callers.Len() > 0 {
		o.Identify = callers.Identify
	}
	if c.AdminToken != "" {
		restored := func() { callers.Set(run.Callers(c.Account, c.Region)) }
		if o.Admin, err = adminAPI(ctx, c.AdminToken, engine, restored); err != nil {
			return err
		}
	}
	return conn.serve(ctx, c.Listen, run.Outside(Programs, engine.Stack().SQS), o, group, panicked)
}

// begin fills the engine: with a scenario, or with what a snapshot holds, actors
// included, whose clock goes on as it did.
func begin(ctx context.Context, c Context, s *scenario.Scenario, engine *memory.Engine) (*scenario.Run, error) {
	if c.Restore == "" {
		return s.Start(ctx, engine, c.Seed)
	}
	f, err := os.Open(c.Restore)
	if err != nil {
		e := &backend.Error{Kind: backend.KindInternal, Subject: c.Restore, Message: "the snapshot cannot be read", Err: err}
		if errors.Is(err, fs.ErrNotExist) {
			e.Kind, e.Message, e.Next = backend.KindNotFound, "there is no such snapshot", "check the path"
		}
		return nil, e
	}
	defer f.Close()
	run, err := scenario.Restore(ctx, engine, f)
	if err != nil {
		e := *backend.AsError(err)
		e.Subject = c.Restore
		return nil, &e
	}
	return run, nil
}

// adminAPI is the admin API of an engine. What Reset goes back to is how the
// engine is now, kept in memory. It looks past the boundary, so that a look uses
// up no fault; callers are read anew when a snapshot has brought others.
func adminAPI(ctx context.Context, token string, engine *memory.Engine, restored func()) (http.Handler, error) {
	stack := engine.Stack()
	stack.SQS = engine
	stack.Snapshots = noticed{stack.Snapshots, restored}
	var start bytes.Buffer
	if err := stack.Snapshots.Snapshot(ctx, &start); err != nil {
		return nil, err
	}
	return admin.New(admin.Options{Stack: stack, Token: token, Reset: func(ctx context.Context) error {
		return stack.Snapshots.Restore(ctx, bytes.NewReader(start.Bytes()))
	}}), nil
}

// noticed tells when a snapshot was restored.
type noticed struct {
	backend.Snapshots
	restored func()
}

func (n noticed) Restore(ctx context.Context, r io.Reader) error {
	err := n.Snapshots.Restore(ctx, r)
	if err == nil {
		n.restored()
	}
	return err
}

// baseURL is what the engine's own queue URLs begin with: where it is served, as
// a program on this machine would say it. A port that is yet to be chosen cannot
// be said, and the engine takes its default.
func baseURL(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil || port == "0" {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func (conn *Connection) serve(ctx context.Context, listen string, sqs backend.SQS, o endpoint.Options, group *owner.Group, panicked onPanic) error {
	o.OnPanic = func(v any) { panicked("a request to the endpoint", v) }
	server := endpoint.New(sqs, o)
	if err := server.Listen(ctx, listen); err != nil {
		return err
	}
	conn.Place.Listen = server.URL()
	ended := make(chan error, 1)
	if !group.Go("endpoint", func(context.Context) { ended <- server.Serve() }) {
		return errors.Join(backend.Errorf(backend.KindCancelled, "the program is ending"), server.Shutdown(ctx))
	}
	conn.close = append(conn.close, func(ctx context.Context) error {
		err := server.Shutdown(ctx)
		select {
		case served := <-ended:
			return errors.Join(err, served)
		case <-ctx.Done():
			return errors.Join(err, fmt.Errorf("the endpoint did not end: %w", ctx.Err()))
		}
	})
	return nil
}
