package screen

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/config"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/memo"
	"sqscope/backend/meter"
	"sqscope/backend/outbox"
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

	Lesson *Lesson // that the place's engine is for; nil: none

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

// NoScene is why the place has no scene, or "".
func (c *Connection) NoScene() string {
	if c.Stack.Stage == nil {
		return "only the embedded engine can be watched at work"
	}
	return ""
}

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
	// Call runs a binding of the screen on top, or says why it is off.
	Call(Binding) tea.Cmd
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
	// Anew begins the lesson of this context anew. What is shown of the run that
	// ends is left but for the lesson's page and the list of queues.
	Anew() tea.Cmd
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
	Messages  config.Messages   // how messages are listed and looked at
	Masks     []config.Mask     // what of bodies is not shown, found, copied or exported; see [Env.MasksFor]
	Groupings []config.Grouping // of dead letters, where nothing else was arranged on the screen

	Lab Classroom // the lessons

	Journal *journal.Journal // of what was changed; nil: none is kept

	// EvidenceDir is where messages are written before they are deleted, and
	// Evidence is how many at most.
	EvidenceDir string
	Evidence    archive.Limits
	ExportDir   string // where exports go unless a path says otherwise
	ImportDir   string // where it is kept how far imports have come
	MoveDir     string // of the journals of moves
	ReportDir   string // of the reports of redrives

	Works      *Works // that go on when their screens are left
	Unfinished int    // moves that an earlier run did not finish, as of the last look

	Templates []outbox.Template // from the configuration; the memo has those that were saved
	History   bool              // the memo keeps what was sent

	selections map[string]Selection
	letters    map[*Connection]map[backend.ARN]Letters
	moments    map[*Connection][]Moment

	drafts  map[string]Draft
	sent    map[string][]memo.Sent
	highest map[string]int // receive counts, by place and queue
	last    int
}
