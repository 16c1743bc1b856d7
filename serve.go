package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"sqscope/backend"
	"sqscope/backend/connect"
	"sqscope/backend/owner"
)

// stopLimit is how long requests that are under way may take when serve ends.
const stopLimit = 5 * time.Second

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
	conn, err := connect.Open(ctx, where, group, func(name string, v any) { onPanic(name, v, nil) })
	if err != nil {
		return err
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
