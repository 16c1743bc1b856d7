// Package move moves chosen messages from a queue to one or several others
// without losing any (docs/SQS.md 13.2: a move is a send and then a delete, and
// nothing in SQS makes the two one).
//
// Each batch is leased, written to the move's journal, sent, confirmed by its
// digests, written again, and only then deleted. So at every instant each
// message is in at least one queue, and what a crash left open stands in the
// journal: [Unfinished] lists it, [Resume] finishes it. Until it has ended, the
// journal is locked by the process that writes it; nobody else finishes it.
//
// The journal holds ids and digests, never bodies, of edited messages too. What
// it cannot tell after a crash is whether a batch arrived whose answer it does
// not have. A destination is never received from to find out, as that is its
// consumers'. Where the destination is a FIFO queue and the deduplication id was
// made by the move, the message is sent once more under the same id while SQS
// remembers it (8.1). Every other such message stays in the source and is named
// as a possible duplicate.
//
// Promises:
//   - Nothing is deleted but what the destination confirmed with the right
//     digests, what was journaled, and what has not been swallowed as a duplicate
//     of something else. Only a lease that is ours deletes.
//   - A FIFO group keeps its order: no message is sent before the one ahead of it
//     has been confirmed, and one that cannot be moved stops its group.
//   - When the context ends, the batches under way are finished, what is on lease
//     is given back, and nothing is half done.
//   - All goroutines have ended when Run and Resume return. A callback is called
//     from the goroutine of the caller, never two at once.
//
// The one lock is in the journal; it is not held while anybody else's code runs.
package move

import (
	"context"
	"time"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/owner"
)

// Object is a message as a transformation sees it: the message object of an
// export file. Group and deduplication id are among its Attributes.
type Object = archive.Record

// Dedup is what deduplication ids a FIFO destination gets (8.1).
type Dedup string

// The ways to choose deduplication ids. Only with DedupNew SQS cannot swallow a
// message as the duplicate of another one.
const (
	DedupNew     Dedup = "new"     // of the move's id and the message's
	DedupKeep    Dedup = "keep"    // as the message has it; a new one where it has none
	DedupContent Dedup = "content" // of the body, as content-based deduplication does
)

// Options say what is moved, where to and how.
type Options struct {
	Dir   string       // of the journals of moves
	Owner *owner.Group // of the goroutines; nil: Run's own

	From Queue
	To   []Queue // one; with Home as many as messages may have come from
	Home bool    // each message goes to the queue that dead-lettered it (6.2), others are left

	// IDs are message ids; nil: any. What an earlier move may have sent is moved
	// only if it is named here.
	IDs    []string
	Select func(backend.Message) bool // nil: every one; of those with such an id
	Most   int                        // messages to move at most; 0: no limit
	Tries  int                        // messages to choose at most, those that cannot be moved among them; 0: no limit

	Transform func(Object) (Object, error) // only body, message attributes, group and deduplication id may differ; nil: as it is
	// Map is the jq expression that Transform is, "" where it is none. The journal has
	// its digest, so that whoever finishes the move knows what to ask for: the
	// expression itself may quote what bodies hold.
	Map   string
	Group string // of messages without one, for a FIFO destination
	Dedup Dedup  // "" means DedupNew
	// TrustKept deletes also what SQS may have swallowed unnoticed: it answers a
	// duplicate as if it were new, which shows only by comparison with what is
	// known to be new. Without it such messages stay in the source, named.
	TrustKept bool

	Rate     func(sent int, elapsed time.Duration) float64 // messages a second, asked before each batch; nil, or 0: as fast as it goes
	Parallel int                                           // requests at the same time; 0: 8; between FIFO queues it is always 1
	Lease    time.Duration                                 // of a message, whole seconds, 2 s to 12 h; 0: 2 min
	Wait     time.Duration                                 // of a long poll, 1 s to 20 s; 0: 1 s
	Budget   time.Duration                                 // for leasing; 0: no limit

	Progress func(Progress) // nil: nobody listens
	// Each is told what became of a message as soon as that is known, before Progress
	// and Watch; a later word about the same message replaces an earlier one. nil:
	// nobody listens.
	Each func(Message)
	// Watch is asked after each batch, and may take its time. If there is a
	// Canary, no more messages than that are leased before it was asked with
	// Progress.Canary set.
	Watch  func(context.Context, Progress) (stop bool, why string)
	Canary int

	wrap func(file) file // for tests: between the journal and its file
}

const (
	defaultParallel = 8
	defaultLease    = 2 * time.Minute
	maxMargin       = 30 * time.Second
)

// Run moves messages until all that were chosen have been moved or there is a
// reason to stop, which the Result tells. With an error the move ended before its
// time; the Result says what was done until then. A context that ends is no
// error.
//
// The context must carry a grant for the deletes (package guard). Most, or Tries,
// should be what it counts: a delete that is refused leaves messages in both queues.
func Run(ctx context.Context, o Options) (Result, error) {
	o.fill()
	if err := o.Check(ctx); err != nil {
		return Result{}, err
	}
	l, problems, err := create(o)
	if err != nil {
		return Result{}, err
	}
	r := newRun(ctx, o, l)
	r.result.Problems = problems
	if err := r.recall(); err != nil {
		return r.result, r.abandon(err)
	}
	return r.move()
}

func (o *Options) fill() {
	if o.Dedup == "" {
		o.Dedup = DedupNew
	}
	if o.Parallel <= 0 {
		o.Parallel = defaultParallel
	}
	if o.Lease <= 0 {
		o.Lease = defaultLease
	}
	o.Lease = max(o.Lease.Truncate(time.Second), 2*time.Second)
	o.Wait = max(o.Wait.Truncate(time.Second), time.Second)
}

// Steady is a rate of that many messages a second.
func Steady(rate float64) func(int, time.Duration) float64 {
	return func(int, time.Duration) float64 { return rate }
}

// Ramp is a rate that grows from one value to another in that time.
func Ramp(from, to float64, over time.Duration) func(int, time.Duration) float64 {
	return func(_ int, elapsed time.Duration) float64 {
		return from + (to-from)*min(1, elapsed.Seconds()/over.Seconds())
	}
}
