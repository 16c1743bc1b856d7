// Package serve runs the embedded engine alone, for other programs, until its
// context ends. Open long polls are answered then, and requests under way are
// finished.
package serve

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"sqscope/backend"
	"sqscope/backend/connect"
	"sqscope/backend/owner"
)

// stopLimit is for requests that are under way at the end.
const stopLimit = 5 * time.Second

// Options say what to serve and where to say so.
type Options struct {
	Engine    connect.Context // embedded, with an address to listen on
	TokenFile string          // where the admin API's token is written; "": on Stderr
	Stdout    io.Writer       // gets the address as one line, once it answers
	Stderr    io.Writer
}

// Run serves until the context ends. An error at the start is that of
// [connect.Open].
func Run(ctx context.Context, o Options) error {
	crashed := make(chan error, 1)
	onPanic := func(name string, v any, stack []byte) {
		select {
		case crashed <- &backend.Error{Kind: backend.KindInternal, Subject: name, Message: fmt.Sprintf("failed: %v\n%s", v, stack)}:
		default: // the first one ends the program
		}
	}
	group := owner.New(context.WithoutCancel(ctx), onPanic)
	defer group.Close()
	o.Engine.Embedded, o.Engine.AdminToken = true, rand.Text()
	conn, err := connect.Open(ctx, o.Engine, group, func(name string, v any) { onPanic(name, v, debug.Stack()) })
	if err != nil {
		return err
	}
	if err := o.tell(o.Engine.AdminToken); err != nil {
		return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	fmt.Fprintln(o.Stdout, conn.Place.Listen)
	if o.Engine.Public {
		fmt.Fprintln(o.Stderr, "sqscope: --public: every machine that reaches this address can read and change all queues")
	}
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-crashed:
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	return errors.Join(failure, conn.Close(stop))
}

// tell says the admin API's token where only the one may read it who started the
// server.
func (o Options) tell(token string) error {
	if o.TokenFile == "" {
		fmt.Fprintln(o.Stderr, "sqscope: admin token", token)
		return nil
	}
	f, err := os.OpenFile(o.TokenFile, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err == nil {
		err = f.Chmod(0o600) // of a file that was there, before the token is in it
		_, failed := f.WriteString(token + "\n")
		err = errors.Join(err, failed, f.Close())
	}
	if err != nil {
		return &backend.Error{Kind: backend.KindInvalid, Subject: o.TokenFile, Message: "the admin token cannot be written: " + err.Error(), Next: "name a file in a folder that is there and yours", Err: err}
	}
	return nil
}
