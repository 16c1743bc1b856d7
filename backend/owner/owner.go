// Package owner owns goroutines: each one started has a group that ends it,
// and a panic in it reaches whoever can restore the terminal and give leases
// back, instead of killing the process on the spot.
//
// Promise: after Close none of the group's goroutines runs any more.
package owner

import (
	"context"
	"runtime/debug"
	"sync"
)

// Group is a set of goroutines with one life. Make it with [New].
type Group struct {
	ctx     context.Context
	cancel  context.CancelFunc
	onPanic func(name string, value any, stack []byte)

	mu     sync.Mutex // guards closed against a start beside Close
	closed bool
	wg     sync.WaitGroup
}

// New makes a group that lives until [Group.Close]; its goroutines get a
// context that also ends with ctx. onPanic gets the name of a goroutine that
// panicked, the value and the stack, once for each panic, in that goroutine. It
// must not call Close, which waits for it. Without an onPanic a panic kills the
// process, as it does without a group.
func New(ctx context.Context, onPanic func(name string, value any, stack []byte)) *Group {
	ctx, cancel := context.WithCancel(ctx)
	return &Group{ctx: ctx, cancel: cancel, onPanic: onPanic}
}

// Go runs a function in a goroutine of the group, with the group's context. It
// tells whether it was started: a closed group starts nothing.
func (g *Group) Go(name string, run func(ctx context.Context)) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		if g.onPanic != nil {
			defer func() {
				if v := recover(); v != nil {
					g.onPanic(name, v, debug.Stack())
				}
			}()
		}
		run(g.ctx)
	}()
	return true
}

// Close ends the context and waits until every goroutine has returned. It may
// be called more than once, but not from a goroutine of the group.
func (g *Group) Close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.cancel()
	g.wg.Wait()
}
