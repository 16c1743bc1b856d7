// Package journal is the append-only record of what was done: who did which act
// to which queue, when, and how it ended. It holds ids, counts and digests of
// messages, never bodies, and no secrets (DESIGN.md 4.10).
//
// An act has two lines: the intent, written before the act begins, and the
// result, written after. An act whose intent cannot be written must not begin. An
// intent without a result is an act that is under way, or one of which nobody
// knows how it ended because the program did.
//
// Each event is one line of JSON, written by a single write to a file that is
// open for appending. The kernel puts such a write at the end of a local file in
// one piece, so several processes write to one journal without a lock and without
// tearing each other's lines. What a crash or a full disk leaves of a line stays
// where it is; the next writer begins a line of its own, and readers report the
// remains and go on.
//
// Lock order: mu before syncing. Neither is held while a caller's code runs.
package journal

import (
	"context"
	"crypto/rand"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"sqscope/backend"
)

// Version is the format's. A line of a newer one is refused.
const Version = 1

const (
	defaultMaxSize = 8 << 20 // bytes of a file
	defaultKeep    = 32      // files
	maxParam       = 4096    // bytes of one parameter's value
)

// Acts that are not an action of SQS, or are more than one.
const (
	Redrive    = "redrive"
	DeleteMany = "delete many"
	Drain      = "drain"
	RevealMask = "reveal mask"
	Look       = "look" // that found messages near their last receive; see [ParamHighest]
)

// ParamHighest is the parameter of a [Look] with the highest receive count that it
// saw, in digits: the next look need not be made to know that it may do harm
// (docs/SQS.md 13.1).
const ParamHighest = "highestReceiveCount"

// Options say how the journal is kept. The zero value is the usual.
type Options struct {
	MaxSize   int64            // bytes after which a file is full; 0 means 8 MiB
	Keep      int              // files that are kept, the newest; 0 means 32
	Now       func() time.Time // nil means time.Now
	OnProblem func(error)      // told of a result that could not be written, and of old files that could not be removed; may be nil
}

// Journal writes and reads the files of one directory. It may be used from any
// goroutine and by several processes at once. Make it with [New].
type Journal struct {
	dir     string
	options Options

	mu      sync.Mutex // guards what follows, and the order of lines
	file    *os.File   // nil until the first line; changed with syncing held too
	running map[string]struct{}

	written atomic.Uint64 // lines, ever
	syncing sync.Mutex    // guards what follows, and a sync that is under way
	synced  uint64        // the first so many lines are on the disk,
	lost    uint64        // but of the first so many some may not be
}

// New makes a journal in this directory, which is made with the first line.
// Nothing is read or written yet.
func New(dir string, o Options) *Journal {
	if o.MaxSize == 0 {
		o.MaxSize = defaultMaxSize
	}
	if o.Keep == 0 {
		o.Keep = defaultKeep
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Journal{dir: dir, options: o, running: map[string]struct{}{}}
}

// Close closes the file. An act that is under way opens it again for its result.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.leave()
}

// Recorder writes to the journal as one caller.
type Recorder struct {
	j   *Journal
	who Who
}

// For is a recorder of what is done as this caller.
func (j *Journal) For(who Who) *Recorder { return &Recorder{j, who} }

// Begin writes the intent of an act and returns what writes its result, which
// must be called once when the act has ended, however it ended. With an error
// nothing may be done: the record of it could not be written, or the context had
// ended.
func (r *Recorder) Begin(ctx context.Context, act Act) (func(Result), error) {
	if err := ctx.Err(); err != nil {
		return nil, backend.AsError(err)
	}
	id := rand.Text()
	l := line{V: Version, ID: id, At: r.j.options.Now(), Who: &r.who, Act: r.complete(act)}
	r.j.mu.Lock()
	r.j.running[id] = struct{}{}
	r.j.mu.Unlock()
	if err := r.j.put(l, act.Sync); err != nil {
		r.j.ended(id)
		return nil, failed(r.j.dir, err, "nothing was done; make room or rights there and try again")
	}
	return func(result Result) {
		defer r.j.ended(id)
		err := r.j.put(line{V: Version, ID: id, At: r.j.options.Now(), Result: &result}, act.Sync)
		if err != nil && r.j.options.OnProblem != nil {
			r.j.options.OnProblem(failed(r.j.dir, err, "the act itself has ended: "+act.Name+" "+string(result.Outcome)+"; the journal shows it as unfinished"))
		}
	}, nil
}

// Note writes an act that needed no intent together with its result.
func (r *Recorder) Note(ctx context.Context, act Act, result Result) error {
	if err := ctx.Err(); err != nil {
		return backend.AsError(err)
	}
	l := line{V: Version, ID: rand.Text(), At: r.j.options.Now(), Who: &r.who, Act: r.complete(act), Result: &result}
	if err := r.j.put(l, act.Sync); err != nil {
		return failed(r.j.dir, err, "make room or rights there and try again")
	}
	return nil
}

func (j *Journal) ended(id string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.running, id)
}

func failed(path string, err error, next string) error {
	return &backend.Error{Kind: backend.KindInternal, Subject: path, Message: "the journal could not be written: " + err.Error(), Next: next, Err: err}
}
