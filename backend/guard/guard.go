// Package guard decides what a connection may do. It decorates a
// [backend.Stack] below every screen and command, so that an access level holds
// whatever a screen forgets: what the level does not allow never reaches the
// backend, and neither does a dangerous act without its grant. What passes and
// changes something is recorded, if there is a [Recorder].
//
// The level can be changed at any time from any goroutine; a call that has
// passed is not called back.
package guard

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"sync/atomic"

	"sqscope/backend"
)

// Guard holds the access level of one connection, and who records what it lets
// through. Make it with [New].
type Guard struct {
	level    atomic.Int32
	most     atomic.Pointer[func(queue string) Level]
	recorder atomic.Pointer[Recorder]
}

// New makes a guard that starts at this level.
func New(level Level) *Guard {
	g := &Guard{}
	g.SetLevel(level)
	return g
}

// Level is the present access level.
func (g *Guard) Level() Level { return Level(g.level.Load()) }

// SetLevel raises or lowers the access level for all calls from now on.
func (g *Guard) SetLevel(level Level) { g.level.Store(int32(level)) }

// Lower sets what may be done at most with a queue of this name, whatever the
// level is.
func (g *Guard) Lower(most func(queue string) Level) { g.most.Store(&most) }

// LevelOf is the present access level for a queue.
func (g *Guard) LevelOf(queue string) Level {
	if most := g.most.Load(); most != nil && queue != "" {
		return min(g.Level(), (*most)(queue))
	}
	return g.Level()
}

// CheckQueue is [Guard.Check] for an action on the queue of this name.
func (g *Guard) CheckQueue(action, queue string) error { return g.check(action, queue) }

// Check tells whether the level allows an action, named as in [Needs]: nil, or
// an error of [backend.KindDenied] that says why not and what to do. It does
// not ask for a grant: a screen that offers a dangerous act has yet to get one.
func (g *Guard) Check(action string) error { return g.check(action, "") }

func (g *Guard) check(action, subject string) error {
	queue := subject
	if arn, ok := backend.ParseARN(subject); ok {
		queue = arn.Name
	}
	needs, have := Needs(action), g.LevelOf(queue)
	if have >= needs {
		return nil
	}
	err := backend.Errorf(backend.KindDenied, "needs the access level %s, this context is at %s", needs, have)
	err.Action, err.Subject = action, subject
	if g.Level() >= needs {
		err.Message = "needs the access level " + needs.String() + ", which the configuration lowers to " + have.String() + " for this queue"
		err.Next = "change the context's lower patterns in the configuration, if that is meant"
		return err
	}
	err.Next = "raise the access level to " + needs.String() + ", or start with --access " + needs.String()
	return err
}

// Wrap returns a Stack with every ability behind the guard. What is nil stays
// nil, and an ability that Wrap does not know is left out.
func (g *Guard) Wrap(s backend.Stack) backend.Stack {
	var w backend.Stack
	if s.SQS != nil {
		w.SQS = service{g, s.SQS}
	}
	if s.Browse != nil {
		w.Browse = browser{g, s.Browse}
	}
	if s.Clock != nil {
		w.Clock = clock{g, s.Clock}
	}
	if s.Metrics != nil {
		w.Metrics = metrics{g, s.Metrics}
	}
	if s.Events != nil {
		w.Events = events{g, s.Events}
	}
	if s.Faults != nil {
		w.Faults = faults{g, s.Faults}
	}
	if s.Snapshots != nil {
		w.Snapshots = snapshots{g, s.Snapshots}
	}
	if s.Stage != nil {
		w.Stage = stage{g, s.Stage}
	}
	if s.Wiring != nil {
		w.Wiring = wiring{g, s.Wiring}
	}
	if s.Credentials != nil {
		w.Credentials = credentials{g, s.Credentials}
	}
	return w
}

// ask makes a call that answers, if the level allows it.
func ask[I, O any](ctx context.Context, g *Guard, action, subject string, in I, call func(context.Context, I) (O, error)) (O, error) {
	if err := g.check(action, subject); err != nil {
		var none O
		return none, err
	}
	out, _, err := recorded(ctx, g, action, "", in, call)
	return out, err
}

// do makes a call that only succeeds or fails, if the level allows it.
func do[I any](ctx context.Context, g *Guard, action, subject string, in I, call func(context.Context, I) error) error {
	_, err := ask(ctx, g, action, subject, in, nothing(call))
	return err
}

// nothing makes a call without an answer look like one with.
func nothing[I any](call func(context.Context, I) error) func(context.Context, I) (struct{}, error) {
	return func(ctx context.Context, in I) (struct{}, error) { return struct{}{}, call(ctx, in) }
}

// sourceOf is the ARN of the queue that a move task is about, by its handle
// (docs/SQS.md 7.2), or "" if the handle is none.
func sourceOf(handle string) string {
	var h struct {
		Source string `json:"sourceArn"`
	}
	data, err := base64.StdEncoding.DecodeString(handle)
	if err != nil || json.Unmarshal(data, &h) != nil {
		return ""
	}
	return h.Source
}

// queueName is what an error calls the queue with this URL.
func queueName(queueURL string) string {
	_, name := backend.URLParts(queueURL)
	return name
}
