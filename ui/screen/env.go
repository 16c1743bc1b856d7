package screen

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/memo"
	"sqscope/backend/meter"
	"sqscope/backend/peek"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/text"
)

// Fresh is how old the numbers of queues on the screen may be where reading them
// costs requests.
const Fresh = 5 * time.Second

// Deadlines of calls that a screen makes.
const (
	ReadLimit = 20 * time.Second // attributes, tasks, tags
	ActLimit  = 30 * time.Second // send, delete, start, cancel
)

// Connection is an open place, one account in one region: where we are, what it
// offers, and what may be done there. A context is one or several of them.
type Connection struct {
	Name   string      // unique among those that are open
	Level  guard.Level // what the context starts with
	Place  backend.Place
	Stack  backend.Stack // guarded and metered
	Guard  *guard.Guard
	Leases *peek.Leases
	Meter  *meter.Meter // of its requests; nil: they are not counted
	Color  string       // of its name, by the configuration
	Meant  string       // the account that it should be, if somebody said

	// Watch begins to watch the queues, each time the context is entered: with a
	// fleet, under a context that ends when Stop has been called.
	Watch      func() (ctx context.Context, f *fleet.Fleet, stop func())
	Context    context.Context // of the present watch
	Fleet      *fleet.Fleet
	Stop       func()
	Identified func(arn string) // told who we are, for the journal; may be nil
}

// Now is the place's time: the engine's where there is one, else the world's.
func (c *Connection) Now() time.Time { return c.Fleet.Snapshot().Now(time.Now()) }

// Queue is the fleet's picture of a queue, or nil while it is not known.
func (c *Connection) Queue(arn backend.ARN) *fleet.Queue { return c.Fleet.Queue(arn) }

// Context is one that could be connected to, as far as that is known without
// asking anybody.
type Context struct {
	Name    string
	What    string // embedded engine, AWS profile, endpoint
	Source  backend.CredentialSource
	Account string      // that it is meant to be; "": nothing says
	Regions []string    // one place each; none: what the AWS files or the SDK say
	Level   guard.Level // that it starts with
	Color   string      // of the configuration, see [themes.ByColor]; "": none
}

// Host is what a screen may ask of the root. Its methods are called from Update
// and take effect at once; what they return is to be returned from Update.
type Host interface {
	// Open brings the screen to the top: a new one, or the one there is.
	Open(Spec) tea.Cmd
	// Back leaves the screen on top.
	Back() tea.Cmd
	// Ask puts a dialog over the screen.
	Ask(Dialog)
	// Dismiss closes the dialog on top.
	Dismiss()
	// Say shows a line for a few seconds.
	Say(role themes.Role, line text.Safe) tea.Cmd
	// Fail shows an error by its kind for longer; the details stay one key away.
	Fail(err error) tea.Cmd
	// Connect leaves this context for another.
	Connect(name string) tea.Cmd
	// Contexts are those that one could connect to. It reads files, and unlike the
	// others it is called in a command.
	Contexts(ctx context.Context) ([]Context, error)
	// Opened are the places of a context that was connected to in this run; nil if
	// it was not.
	Opened(context string) []*Connection
	// Clipboard copies text for the user and says so.
	Clipboard(what text.Safe, content string) tea.Cmd
}

// Env is what all screens share. The root owns and changes it, on the program's
// one goroutine; screens read it.
type Env struct {
	Host  Host
	Name  string        // of the context that we are in
	Conns []*Connection // its places, at least one
	Theme *themes.Theme
	Keys  keymap.Map
	UTC   bool

	Memo      *memo.Store // pins and views
	Views     []memo.View // from the configuration, as are the following
	Columns   []string
	Pins      []string // patterns of names, and ARNs
	LowMotion bool

	Journal *journal.Journal // of what was changed; nil: none is kept

	// EvidenceDir is where messages are written before they are deleted, and
	// Evidence is how many at most.
	EvidenceDir string
	Evidence    archive.Limits

	drafts map[string]Draft
	last   int
}

// Draft is a message that was being written, kept when the composer closes.
type Draft struct {
	Body, Group, Dedup, Delay string
	Attributes                string
}

// Draft is what was being written for a queue.
func (b *Base) Draft(queue backend.ARN) Draft { return b.Env.drafts[draftKey(b, queue)] }

// KeepDraft keeps it until the program ends; an empty one is forgotten.
func (b *Base) KeepDraft(queue backend.ARN, d Draft) {
	if b.Env.drafts == nil {
		b.Env.drafts = map[string]Draft{}
	}
	if d == (Draft{}) {
		delete(b.Env.drafts, draftKey(b, queue))
		return
	}
	b.Env.drafts[draftKey(b, queue)] = d
}

func draftKey(b *Base, queue backend.ARN) string { return b.Conn.Name + " " + queue.String() }
