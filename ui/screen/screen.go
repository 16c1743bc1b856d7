// Package screen is the contract between the root model and its screens: what a
// screen must be able to do, what it may ask the root for, and what they share.
// Screens do not know each other; one asks the root to open another.
//
// Promises: a screen's commands run under the screen's own context, which ends
// when the screen is left. An answer that comes later, or for a screen that is
// gone, is dropped by the screen's number and never delivered.
package screen

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/text"
)

// Kind is a sort of screen.
type Kind string

// The screens there are.
const (
	Queues      Kind = "queues"
	Attributes  Kind = "attributes"
	Messages    Kind = "messages"
	Compose     Kind = "compose"
	Many        Kind = "many"
	DeadLetters Kind = "deadLetters"
	Contexts    Kind = "contexts"
	Create      Kind = "create"
	Doctor      Kind = "doctor"
	Activity    Kind = "activity"
	Imports     Kind = "imports"
	Redrive     Kind = "redrive"
	Tasks       Kind = "tasks"
	Scene       Kind = "scene"
	Lab         Kind = "lab"    // the list of lessons
	LessonPage  Kind = "lesson" // the one that the context is about
)

// Spec says which screen to open: of which place, and for which queue. One
// without a place is about all places of the context. Two equal specs are the
// same screen.
type Spec struct {
	Kind  Kind
	Conn  string // the place's name
	Queue backend.ARN
}

// Screen is one page. The root calls its methods on the program's one
// goroutine. Update and View do no I/O; what waits is returned as a command.
type Screen interface {
	// ID is the number that the answers to its commands carry.
	ID() int
	// Connection is the place that it is about.
	Connection() *Connection
	// Init is called once, when the screen has been opened.
	Init() tea.Cmd
	// Show is called when the screen comes (back) to the top.
	Show() tea.Cmd
	// Update takes keys that no binding took while Typing, pastes, ticks, news of
	// the fleet and the answers to the screen's own commands.
	Update(msg tea.Msg) tea.Cmd
	// View draws exactly h lines of exactly w cells.
	View(w, h int) string
	// Crumb is its place in the path on the second line.
	Crumb() text.Safe
	// Status stands at the right of the second line: filter, sort, as of when.
	Status() text.Safe
	// Hint is one line about what is under the cursor, already painted.
	Hint(w int) string
	// Bindings are its actions, the most useful first.
	Bindings() []Binding
	// Typing tells whether a text field has the keys: letters are then text.
	Typing() bool
	// Cursor is where the terminal's cursor belongs within View, if anywhere.
	Cursor() (x, y int, ok bool)
	// Cover is called when another screen comes over it.
	Cover()
	// Leave is called once, when the screen is closed for good. It ends the
	// screen's context; the command it returns gives back what was leased.
	Leave() tea.Cmd
}

// Binding ties an action to what it does here and now.
type Binding struct {
	Action keymap.ID
	Word   string // what it does here and now; "": the action's word
	Run    func() tea.Cmd
	Needs  string        // the SQS action whose access level is required, or ""
	Off    func() string // why it is off now, or ""; nil: it is on
}

// Far is further than any list is long: a move by as much ends at its end.
const Far = 1 << 30

// Moves are the bindings that move a cursor, or what is read: by a line, by as
// many as a page has, and to the ends.
func Moves(move func(by int) tea.Cmd, page func() int) []Binding {
	return []Binding{
		{Action: keymap.Up, Run: func() tea.Cmd { return move(-1) }},
		{Action: keymap.Down, Run: func() tea.Cmd { return move(1) }},
		{Action: keymap.PageUp, Run: func() tea.Cmd { return move(-page()) }},
		{Action: keymap.PageDown, Run: func() tea.Cmd { return move(page()) }},
		{Action: keymap.Top, Run: func() tea.Cmd { return move(-Far) }},
		{Action: keymap.Bottom, Run: func() tea.Cmd { return move(Far) }},
	}
}

// Dispatch calls the binding of a keystroke, for a screen whose text field has the
// keys: what is off says why. It tells whether there was one.
func Dispatch(env *Env, bindings []Binding, keystroke string) (cmd tea.Cmd, done bool) {
	for _, b := range bindings {
		if env.Keys.Matches(b.Action, keystroke) {
			return env.Host.Call(b), true
		}
	}
	return nil, false
}

// Dialog is a question or a list over the screen. The top one has all keys but
// ctrl+c.
type Dialog interface {
	Update(msg tea.Msg) tea.Cmd
	// View is the box, at most w wide and h high.
	View(w, h int) string
	// Cursor is where the terminal's cursor belongs within the box, if anywhere.
	Cursor() (x, y int, ok bool)
}

// FleetMsg says that the fleet's picture has changed.
type FleetMsg struct{}

// TickMsg comes once a second to the screen on top, for ages and countdowns.
type TickMsg struct{}

// Click is a click of the mouse within a screen's View, the second within half a
// second at the same place a double one.
type Click struct {
	X, Y   int
	Double bool
}

// Wheel is a turn of the mouse's wheel: lines down, or up if negative.
type Wheel int

// LateMsg brings an error of something that went on after its screen had gone,
// as giving messages back does. The root shows it.
type LateMsg struct{ Err error }

// Answer is the result of a screen's or a dialog's command, with the number of
// the one it is for.
type Answer struct {
	To  int
	Msg tea.Msg
}

// Base is what every screen has: its number, its place and its context.
type Base struct {
	Env    *Env
	Conn   *Connection // of a screen about all places: the first
	id     int
	ctx    context.Context
	cancel context.CancelFunc
}

// NewBase makes the base of a new screen.
func NewBase(env *Env, spec Spec) Base {
	conn := env.Conns[0]
	for _, c := range env.Conns {
		if c.Name == spec.Conn {
			conn = c
		}
	}
	ctx, cancel := context.WithCancel(conn.Context)
	env.last++
	return Base{Env: env, Conn: conn, id: env.last, ctx: ctx, cancel: cancel}
}

// Open opens a screen about a queue of this screen's place.
func (b *Base) Open(kind Kind, queue backend.ARN) tea.Cmd {
	return b.Env.Host.Open(Spec{Kind: kind, Conn: b.Conn.Name, Queue: queue})
}

// ID is the number that the screen's answers carry.
func (b *Base) ID() int { return b.id }

// Connection is the place that the screen is about.
func (b *Base) Connection() *Connection { return b.Conn }

// keyOf is what it is kept under that is remembered of a queue of this place.
func (b *Base) keyOf(queue backend.ARN) string { return b.Conn.Name + " " + queue.String() }

// End ends the screen's context and with it its commands.
func (b *Base) End() { b.cancel() }

// Do makes a command of f. It runs beside the program under the screen's context
// with a deadline, and its result comes back to this screen and no other.
func (b *Base) Do(limit time.Duration, f func(ctx context.Context) tea.Msg) tea.Cmd {
	return b.command(b.ctx, limit, f)
}

// Stoppable is [Base.Do] with a function that ends its context, for what may not be
// waited for any more. Call that when the answer has come too.
func (b *Base) Stoppable(limit time.Duration, f func(ctx context.Context) tea.Msg) (cmd tea.Cmd, stop context.CancelFunc) {
	ctx, stop := context.WithCancel(b.ctx)
	return b.command(ctx, limit, f), stop
}

// Act makes a command of something that changes the queues. It goes on when the
// screen is left, under the connection's context; its result must be a [Late],
// which the root shows if the screen is gone.
func (b *Base) Act(f func(ctx context.Context) tea.Msg) tea.Cmd {
	return b.command(b.Conn.Context, ActLimit, f)
}

func (b *Base) command(parent context.Context, limit time.Duration, f func(ctx context.Context) tea.Msg) tea.Cmd {
	to := b.id
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, limit)
		defer cancel()
		return Answer{To: to, Msg: f(ctx)}
	}
}

// Late is the result of an act that can be told without its screen.
type Late interface {
	Late() (themes.Role, text.Safe)
}

// After makes a command that brings msg to this screen later.
func (b *Base) After(d time.Duration, msg tea.Msg) tea.Cmd {
	ctx, to := b.ctx, b.id
	return func() tea.Msg {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
			return Answer{To: to, Msg: msg}
		case <-ctx.Done():
			return nil
		}
	}
}

// Quiet has the parts of a screen that many do not need.
type Quiet struct{}

// Show does nothing.
func (Quiet) Show() tea.Cmd { return nil }

// Cover does nothing.
func (Quiet) Cover() {}

// Status is empty.
func (Quiet) Status() text.Safe { return text.Safe{} }

// Hint is empty.
func (Quiet) Hint(int) string { return "" }

// Typing is false.
func (Quiet) Typing() bool { return false }

// Cursor is nowhere.
func (Quiet) Cursor() (x, y int, ok bool) { return 0, 0, false }
