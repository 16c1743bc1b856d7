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

	"sqscope/backend"
	"sqscope/backend/awssqs"
	"sqscope/backend/guard"
	"sqscope/backend/meter"
	"sqscope/backend/owner"
)

// Demo is the name of the embedded engine's context.
const Demo = "demo"

// DefaultScenario is what the embedded engine holds unless another is named.
const DefaultScenario = "shop"

// Context says where to connect. Embedded is the engine in this process, for
// which the last group counts; otherwise the one before does.
type Context struct {
	Name   string                         // for people; "": made from the rest
	Access string                         // view, peek or change; "": by [guard.DefaultLevel]
	Color  string                         // of its name; "": none
	Lower  func(queue string) guard.Level // the most that may be done with a queue; nil: all that the level allows

	Members []string // names of contexts that this one shows together; the rest is theirs then

	Profile     string
	Region      string   // also the embedded engine's
	Regions     []string // several places, instead of Region
	EndpointURL string
	Meant       string                   // the account that it should be; "": any
	Source      backend.CredentialSource // of the profile, as far as the files say it
	// AdminTokenFile is a file with the admin token of the sqscope that serves the
	// loopback endpoint: what its engine holds can then be browsed. "": it cannot.
	AdminTokenFile string
	CloudWatch     bool
	Prices         meter.Prices                                             // zero: list prices
	MFA            func(ctx context.Context, serial string) (string, error) // asks a person; nil: nobody is there

	Embedded   bool
	Scenario   string // a name or a file; "": [DefaultScenario]
	Restore    string // a snapshot's file, instead of a scenario
	Seed       uint64 // 0: from the time
	Listen     string // host and port to serve the engine on; "": not served
	Account    string
	NoCooldown bool
	Public     bool
	AllowHosts []string
	Enforce    bool   // check policies of those who come to the endpoint
	AdminToken string // for the admin API of the endpoint; "": there is none
}

// Connection is an open context.
type Connection struct {
	Place backend.Place
	Level guard.Level   // what it starts with
	Stack backend.Stack // guarded and metered
	Guard *guard.Guard
	Meter *meter.Meter
	Color string // as the context says
	Meant string // the account that it should be, if the context says one

	// Metered says that rates and ages are to be read from CloudWatch from the
	// start. They can be on AWS; each metric is billed.
	Metered bool
	close   []func(context.Context) error
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
	conn := &Connection{Color: c.Color, Meant: c.Meant, Meter: meter.New(meter.Options{Prices: c.prices()})}
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
	if conn.Level, err = c.starts(conn.Place); err != nil {
		return nil, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	conn.Guard = guard.New(conn.Level)
	if c.Lower != nil {
		conn.Guard.Lower(c.Lower)
	}
	conn.Stack = conn.Guard.Wrap(conn.Meter.Wrap(stack))
	return conn, nil
}

// starts is the access level that the context starts with in a place.
func (c Context) starts(p backend.Place) (guard.Level, error) {
	if c.Access != "" {
		return guard.ParseLevel(c.Access)
	}
	return guard.DefaultLevel(p), nil
}

func (conn *Connection) openAWS(ctx context.Context, c Context) (backend.Stack, error) {
	client, place, err := awssqs.Open(ctx, awssqs.Options{
		Profile: c.Profile, Region: c.Region, EndpointURL: c.EndpointURL, CloudWatch: c.CloudWatch || c.EndpointURL == "", MFA: c.MFA, Observe: conn.Meter.Observe,
	})
	if err != nil {
		return backend.Stack{}, err
	}
	conn.onClose(client.Close)
	conn.Metered = c.CloudWatch
	conn.Place = place
	conn.Place.Context = c.name(place)
	return c.browsable(client.Stack(), place)
}

// prices are what requests cost there: nothing in our own engine.
func (c Context) prices() meter.Prices {
	if c.Embedded {
		return meter.Prices{Label: "embedded engine: free"}
	}
	if c.Prices == (meter.Prices{}) {
		return meter.ListPrices()
	}
	return c.Prices
}

// name is what the top line calls the context: what was said, else the profile,
// the endpoint, the region.
func (c Context) name(p backend.Place) string {
	return cmp.Or(c.Name, p.Profile, p.Endpoint, p.Region)
}

func (conn *Connection) onClose(f func()) {
	conn.close = append(conn.close, func(context.Context) error { f(); return nil })
}
