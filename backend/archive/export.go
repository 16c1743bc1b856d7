package archive

import (
	"context"
	"time"

	"sqscope/backend"
	"sqscope/backend/peek"
)

const exportTime = time.Minute // of a look that has to receive, unless told otherwise

// Selection says which messages of a queue are exported.
type Selection struct {
	Most     int               // messages; 0: 10,000
	Where    func(Record) bool // those that are; nil: all
	Progress func(Exported)    // called as they are read; nil: nobody asks
}

// Exported is how far an export has come.
type Exported struct {
	Read    int // messages
	Written int // of them, those that were selected
	About   int // how many the queue holds; where it cannot be browsed, how many can be received. -1: not known
	Stop    peek.Stop
	Account peek.Account // what it cost
	Held    error        // why messages could not be given back; they return by themselves when their lease ends
}

// Export reads messages of a queue and hands them to write, in the order of the
// queue as far as it has one. Where the queue can be browsed this is free and
// finds every message; else it receives, no more than are wanted unless it has to
// select, and gives back what it received before it returns, also when ctx ended.
// Of a FIFO queue that cannot be browsed only the first ten messages or so of a
// group come: what is in flight locks the rest of it (docs/SQS.md 8.3).
// [peek.Options].AskFirst holds: a look that is to be confirmed ends with
// [peek.StopAsk] and nothing written.
//
// What was written stays so when an error ends it; an error of write ends it and
// is returned.
func Export(ctx context.Context, o peek.Options, sel Selection, write func(Record) error) (Exported, error) {
	if sel.Most <= 0 {
		sel.Most = UsualLimits().Messages
	}
	if sel.Progress == nil {
		sel.Progress = func(Exported) {}
	}
	if o.Stack.Browse != nil {
		return exportBrowsed(ctx, o, sel, write)
	}
	return exportReceived(ctx, o, sel, write)
}

// exportBrowsed writes as it reads, so that a queue of any size needs no room.
func exportBrowsed(ctx context.Context, o peek.Options, sel Selection, write func(Record) error) (Exported, error) {
	x := Exported{About: -1, Stop: peek.StopAll, Account: peek.Open(o).Account()}
	if n, err := Stored(ctx, o); err == nil {
		x.About = n
	}
	for out, err := range backend.Pages(ctx, o.Stack.Browse, o.URL, gatherPage) {
		if err != nil {
			x.Stop = peek.StopFailed
			return x, err
		}
		for _, m := range out.Messages {
			if x.Written == sel.Most {
				x.Stop = peek.StopWanted
				return x, nil
			}
			x.Read++
			r := RecordOf(o.ARN, m.Message, m.State)
			if sel.Where != nil && !sel.Where(r) {
				continue
			}
			if err := write(r); err != nil {
				x.Stop = peek.StopFailed
				return x, err
			}
			x.Written++
		}
		sel.Progress(x)
	}
	return x, nil
}

func exportReceived(ctx context.Context, o peek.Options, sel Selection, write func(Record) error) (x Exported, err error) {
	if o.Budget <= 0 {
		o.Budget = exportTime
	}
	session := peek.Open(o)
	defer func() {
		// What was received goes back also when the caller has given up.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
		defer cancel()
		x.Held = session.Release(ctx)
		x.Account = session.Account()
	}()
	var match func(peek.Message) bool
	if sel.Where != nil {
		match = func(m peek.Message) bool { return sel.Where(RecordOf(o.ARN, m.Message, backend.StateVisible)) }
	}
	found, err := session.LookFor(ctx, sel.Most, match, func(f peek.Found) {
		sel.Progress(Exported{Read: f.Scanned, About: f.About})
	})
	x = Exported{Read: found.Scanned, About: found.About, Stop: found.Stop}
	for _, m := range session.Messages() {
		if x.Written == sel.Most {
			break
		}
		// It was visible before we received it, and will be again.
		if werr := write(RecordOf(o.ARN, m.Message, backend.StateVisible)); werr != nil {
			return x, werr
		}
		x.Written++
	}
	return x, err
}
