package screen

import (
	"context"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/ui/text"
)

// Work is something long that goes on when the screen that began it is left: a
// redrive, a drain. Begin it with [Base.Begin].
type Work struct {
	Spec  Spec      // the screen that shows it
	Name  text.Safe // for people: "the redrive of orders-dlq"
	State any       // what that screen keeps of it; nobody else looks into it
	Began time.Time // by Begin

	conn   *Connection
	cancel context.CancelFunc
	done   chan struct{}

	mu    sync.Mutex
	words text.Safe
	step  Step
}

// Step is where a work stands that takes messages somewhere.
type Step struct {
	Doing string   // in a word, as "watching"; "": nothing was told yet
	Moved int      // messages
	Total int      // of how many; -1: not known
	To    []string // names of the queues that they go to
}

// Say notes in a few words how far it is. It may be called from any goroutine.
func (w *Work) Say(words text.Safe) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.words = words
}

// Tell is [Work.Say] for a work that takes messages somewhere.
func (w *Work) Tell(words text.Safe, step Step) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.words, w.step = words, step
}

// Step is what was told last.
func (w *Work) Step() Step {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.step
}

// Words are what was noted last.
func (w *Work) Words() text.Safe {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.words
}

// Going tells whether it has not ended yet.
func (w *Work) Going() bool {
	select {
	case <-w.done:
		return false
	default:
		return true
	}
}

// Cancel has it end; what is under way is waited for by whoever runs it.
func (w *Work) Cancel() { w.cancel() }

// Connection is the place that it is about.
func (w *Work) Connection() *Connection { return w.conn }

// Works are all of them, of all contexts. One that has ended stays until its
// screen begins another, so that who comes back sees how it went. Make it with
// [NewWorks]; it may be used from any goroutine.
type Works struct {
	mu  sync.Mutex
	all []*Work
}

// NewWorks are none.
func NewWorks() *Works { return &Works{} }

// Of are those of a screen, in the order in which they began.
func (w *Works) Of(s Spec) []*Work {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.all), func(x *Work) bool { return x.Spec != s })
}

// Going are those that have not ended.
func (w *Works) Going() []*Work {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.all), func(x *Work) bool { return !x.Going() })
}

// Close has all of them end, and returns when they have, or with ctx: then an
// error of kind timeout says what is left to do.
func (w *Works) Close(ctx context.Context) error {
	going := w.Going()
	for _, x := range going {
		x.cancel()
	}
	for _, x := range going {
		x.Wait(ctx)
	}
	if left := w.Going(); len(left) > 0 {
		return &backend.Error{
			Kind: backend.KindTimeout, Subject: left[0].Name.String(), Message: "did not end in time",
			Next: "messages on lease come back by themselves; the next start says whether a move is unfinished",
		}
	}
	return nil
}

// Begin begins a work, in place of those of its screen that have ended. Its
// context is the connection's, without a deadline. What f returns comes back to
// this screen; if that is gone, as a [Late].
func (b *Base) Begin(w *Work, f func(ctx context.Context) tea.Msg) tea.Cmd {
	ctx, cancel := context.WithCancel(b.Conn.Context)
	w.Began, w.conn, w.cancel, w.done = time.Now(), b.Conn, cancel, make(chan struct{})
	works := b.Env.Works
	works.mu.Lock()
	works.all = append(slices.DeleteFunc(works.all, func(x *Work) bool { return x.Spec == w.Spec && !x.Going() }), w)
	works.mu.Unlock()
	to := b.id
	return func() tea.Msg {
		defer close(w.done)
		defer cancel()
		return Answer{To: to, Msg: f(ctx)}
	}
}

// Wait returns when it has ended, or with ctx.
func (w *Work) Wait(ctx context.Context) {
	select {
	case <-w.done:
	case <-ctx.Done():
	}
}
