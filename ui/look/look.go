// Package look is the part of a screen that reads messages of a queue. Where that
// is free it is repeated; elsewhere it is a receive: the person is told before what
// it will cost and afterwards what it did, and asked first where it could send a
// message to the dead-letter queue.
//
// Promises: nothing is received unless [Look.Ask], [Look.AskNumber] or [Look.Look]
// is called for somebody who wanted it. Leases are kept only while somebody reads,
// and given back by [Look.Leave].
package look

import (
	"context"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

const (
	usualLook    = 100    // messages of a look, unless the configuration says otherwise
	mostLook     = 10_000 // that can be asked for
	quickLook    = 500    // up to which a free look is repeated every browseEvery
	browseEvery  = time.Second
	lookLimit    = 40 * time.Second // for a look and for giving back what it does not show
	progressFrom = 200 * time.Millisecond
)

// Request is what is wanted of a look.
type Request struct {
	Want  int
	Match func(ctx context.Context, m peek.Message) bool // so many are to match it; nil: any message is wanted
	Words string                                         // what it matches
}

// Look is the part of a screen. Make it with [New]; it belongs to the program's
// one goroutine.
type Look struct {
	// Free tells whether looking costs nothing here.
	Free bool

	base    *screen.Base
	queue   backend.ARN
	browse  int // messages of a free look
	session *peek.Session
	all     []peek.Message // as taken last

	// The look that is under way, and what the last one did.
	looking   bool
	looks     int     // that there were
	doing     Request // of the one under way
	asked     Request // that a free look is repeated for
	progress  *atomic.Pointer[peek.Found]
	stop      context.CancelFunc // ends it
	looked    time.Time
	state     peek.State
	found     peek.Found
	account   string // in words
	brief     string // what of them matters most
	raised    string // by how much receive counts rose
	err       error
	consumers []string
	recalled  bool // it is known what the journal says of looks in other runs
	wanted    bool // a look was asked for before that
	noted     int  // the highest receive count that this screen has put there

	keeping  context.CancelFunc // ends keeping the leases; nil: they are not kept
	keptLong bool               // they were kept for as long as they may be
	sight    atomic.Pointer[map[string]bool]
}

// New makes the part of a screen that reads a queue. Browse is how many messages it
// reads where that is free. Nothing is read yet.
func New(base *screen.Base, queue backend.ARN, browse int) *Look {
	return &Look{base: base, queue: queue, browse: browse, Free: base.Conn.Stack.Browse != nil}
}

// Init finds out what is to be known before a look, and looks where that is free.
func (l *Look) Init() tea.Cmd {
	cmds := []tea.Cmd{l.askConsumers(), l.recall()}
	if l.Free && l.Denied() == "" {
		cmds = append(cmds, l.Look(l.asked))
	}
	return tea.Batch(cmds...)
}

// Needs is what has to be allowed for a look, as package guard names it.
func (l *Look) Needs() string {
	if l.Free {
		return guard.Browse
	}
	return "ReceiveMessage"
}

// Denied is why nothing may be looked at here, or "".
func (l *Look) Denied() string {
	if err := l.base.Conn.Guard.CheckQueue(l.Needs(), l.queue.Name); err != nil {
		return backend.AsError(err).Next
	}
	return ""
}

// usual is how many messages a look takes where it costs something.
func (l *Look) usual() int {
	if n := l.base.Env.Messages.Look; n > 0 {
		return n
	}
	return usualLook
}

// Session is the one that reads, nil while the queue is not known.
func (l *Look) Session() *peek.Session { return l.session }

// Take renews and returns what was read so far.
func (l *Look) Take() []peek.Message {
	if l.session != nil {
		l.all = l.session.Messages()
		l.reckon()
	}
	return l.all
}

// Looking tells whether a look is under way that somebody waits for.
func (l *Look) Looking() bool { return l.looking && !l.quiet() }

// Busy tells whether any look is under way.
func (l *Look) Busy() bool { return l.looking }

// Sought tells whether the look that is under way, or the one that is repeated,
// looks for something.
func (l *Look) Sought() bool { return l.asked.Match != nil }

// At is when the last look ended.
func (l *Look) At() time.Time { return l.looked }

// State is how far the last look came.
func (l *Look) State() peek.State { return l.state }

// Found is how far the last look came that looked for something.
func (l *Look) Found() peek.Found { return l.found }

// Err is why the last look failed.
func (l *Look) Err() error { return l.err }

// quiet tells whether the look that is under way is one that is repeated without
// a word.
func (l *Look) quiet() bool { return l.Free && l.doing.Match == nil }

// Open makes the session when the queue is known, and tells whether it is there.
func (l *Look) Open() bool {
	if l.session != nil {
		return true
	}
	conn := l.base.Conn
	q := conn.Queue(l.queue)
	if q == nil || q.AsOf.IsZero() && q.Err == nil {
		return false // what a look would cost is not known yet
	}
	visible := q.Visible
	if q.AsOf.IsZero() {
		visible = -1
	}
	l.session = peek.Open(peek.Options{
		Stack: conn.Stack, Leases: conn.Leases, URL: q.URL, ARN: l.queue,
		FIFO: q.FIFO, MaxReceiveCount: q.Redrive.MaxReceiveCount, Visible: visible,
		AskFirst: true, HighestCount: l.base.Highest(l.queue), DLQDepth: l.depth(),
	})
	return true
}

// depth counts the messages of the dead-letter queue, for a look that watches it;
// nil if there is none.
func (l *Look) depth() func(context.Context) (int, error) {
	conn, queue := l.base.Conn, l.queue
	if q := conn.Queue(queue); q == nil || q.DLQ == nil {
		return nil
	}
	return func(ctx context.Context) (int, error) {
		dlq, why := conn.DeadLettersOf(queue)
		q := conn.Queue(dlq)
		if q == nil {
			if why == "" {
				why = "it is not in the list of queues"
			}
			return 0, backend.Errorf(backend.KindNotFound, "%s", why)
		}
		visible, inFlight, delayed, err := backend.Depths(ctx, conn.Stack.SQS, q.URL)
		return visible + inFlight + delayed, err
	}
}

// notOpen is why nothing can be looked at yet.
func (l *Look) notOpen() tea.Cmd {
	return l.base.Env.Host.Say(themes.Warn, text.Sprintf("the settings of %s have not been read yet; without them nobody knows what a look would cost", l.queue.Name))
}
