// Package connect opens contexts: it turns "where" into a Stack that is metered
// and guarded, and closes it again. Only it, main and tests know the engine, AWS
// and the endpoint by name.
//
// What is opened is owned by the [Connection]: its engine, its clock, its actors
// and its server end with Close, in the order in which nothing is cut off that
// could still be answered.
package connect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"sqscope/backend"
	"sqscope/backend/awssqs"
	"sqscope/backend/endpoint"
	"sqscope/backend/guard"
	"sqscope/backend/memory"
	"sqscope/backend/meter"
	"sqscope/backend/owner"
	"sqscope/backend/scenario"
)

// Demo is the name of the embedded engine's context.
const Demo = "demo"

// DefaultScenario is what the embedded engine holds unless another is named.
const DefaultScenario = "shop"

// Context says where to connect. Embedded is the engine in this process, for
// which the second group counts; otherwise the first does.
type Context struct {
	Name   string // for people; "": made from the rest
	Access string // view, peek or change; "": by [guard.DefaultLevel]

	Profile     string
	Region      string // also the embedded engine's
	EndpointURL string

	Embedded   bool
	Scenario   string // a name or a file; "": [DefaultScenario]
	Seed       uint64 // 0: from the time
	Listen     string // host and port to serve the engine on; "": not served
	Account    string
	NoCooldown bool
	Public     bool
	AllowHosts []string
}

// Connection is an open context.
type Connection struct {
	Place backend.Place
	Level guard.Level   // what it starts with
	Stack backend.Stack // guarded and metered
	Guard *guard.Guard
	Meter *meter.Meter
	close []func(context.Context) error
}

// Close ends all that belongs to the connection. It returns when all of it has
// ended, at the latest when the context does.
func (c *Connection) Close(ctx context.Context) error {
	var errs []error
	for i := len(c.close) - 1; i >= 0; i-- {
		errs = append(errs, c.close[i](ctx))
	}
	c.close = nil
	return errors.Join(errs...)
}

// Open opens a context. It makes no request, so what is wrong with an endpoint
// or with credentials shows at the first call. Goroutines belong to the group
// and to the connection; onPanic hears of a panic in the engine's events.
func Open(ctx context.Context, c Context, group *owner.Group, onPanic func(name string, value any)) (*Connection, error) {
	conn := &Connection{}
	var stack backend.Stack
	var err error
	if c.Embedded {
		stack, err = conn.openEngine(ctx, c, group, onPanic)
	} else {
		stack, err = conn.openAWS(ctx, c)
	}
	if err != nil {
		// What had been opened is closed; the error that counts is the first.
		return nil, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	conn.Level = guard.DefaultLevel(conn.Place)
	if c.Access != "" {
		if conn.Level, err = guard.ParseLevel(c.Access); err != nil {
			return nil, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
		}
	}
	conn.Meter = meter.New(meter.Options{})
	conn.Guard = guard.New(conn.Level)
	conn.Stack = conn.Guard.Wrap(conn.Meter.Wrap(stack))
	return conn, nil
}

func (conn *Connection) openAWS(ctx context.Context, c Context) (backend.Stack, error) {
	client, place, err := awssqs.Open(ctx, awssqs.Options{Profile: c.Profile, Region: c.Region, EndpointURL: c.EndpointURL})
	if err != nil {
		return backend.Stack{}, err
	}
	conn.Place = place
	conn.Place.Context = c.name(place)
	return backend.Stack{SQS: client}, nil
}

// name is what the top line calls the context: what was said, else the profile,
// the endpoint, the region.
func (c Context) name(p backend.Place) string {
	return cmp.Or(c.Name, p.Profile, p.Endpoint, p.Region)
}

func (conn *Connection) openEngine(ctx context.Context, c Context, group *owner.Group, onPanic func(name string, value any)) (backend.Stack, error) {
	if c.Scenario == "" {
		c.Scenario = DefaultScenario
	}
	s, err := scenario.Load(c.Scenario)
	if err != nil {
		return backend.Stack{}, err
	}
	c.Account, c.Region = cmp.Or(c.Account, "000000000000"), cmp.Or(c.Region, "us-east-1")
	if c.Seed == 0 {
		c.Seed = uint64(time.Now().UnixNano())
	}
	// The clock starts where the scenario's past does, so that it shows the
	// present once the past has been played.
	clock := memory.NewClock(memory.ClockOptions{
		Start: time.Now().Add(-s.History()), Paused: true,
		OnPanic: func(v any) { onPanic("the engine's clock", v) },
	})
	conn.onClose(func() { clock.Close() })
	engine := memory.New(memory.Options{Account: c.Account, Region: c.Region, Clock: clock, Seed: c.Seed, NoCooldown: c.NoCooldown, BaseURL: baseURL(c.Listen)})
	conn.onClose(engine.Close)
	run, err := s.Start(ctx, engine, c.Seed)
	if err != nil {
		return backend.Stack{}, err
	}
	conn.onClose(run.Stop)
	stack := engine.Stack()
	conn.Place = backend.Place{Context: Demo, Embedded: true, Scenario: c.Scenario, Region: c.Region, Account: c.Account}
	if c.Listen != "" {
		if err := conn.serve(ctx, c, stack.SQS, group, onPanic); err != nil {
			return backend.Stack{}, err
		}
	}
	clock.Resume()
	return stack, nil
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

func (conn *Connection) serve(ctx context.Context, c Context, sqs backend.SQS, group *owner.Group, onPanic func(name string, value any)) error {
	server := endpoint.New(sqs, endpoint.Options{
		Public: c.Public, AllowHosts: c.AllowHosts,
		OnPanic: func(v any) { onPanic("a request to the endpoint", v) },
	})
	if err := server.Listen(ctx, c.Listen); err != nil {
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

func (conn *Connection) onClose(f func()) {
	conn.close = append(conn.close, func(context.Context) error { f(); return nil })
}
