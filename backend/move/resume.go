package move

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// windowMargin is how much sooner than SQS we take a deduplication window to be
// over.
const windowMargin = 30 * time.Second

// Resume finishes a move that a crash interrupted, or that left messages in both
// queues. What was confirmed by the destination is deleted from the source when
// it is seen there again; messages of which nobody knows whether they were sent
// are sent once more where SQS would know them again, and else kept and named.
// Nothing else is moved: what the move had not come to is still in the source.
//
// From must be the queue of the journal, and where To has its destinations and
// Transform is what it was, more can be finished. Which messages were chosen, the
// rate and the canary are not looked at. A move that another process has in hand
// is refused with kind conflict. Messages that the dead process had on lease come
// back when that ends, which Resume waits for.
func Resume(ctx context.Context, id string, o Options) (Result, error) {
	o.fill()
	if !pattern.MatchString("move-" + id + ".jsonl") {
		return Result{}, refuse(id, "is no id of a move", "list the unfinished moves")
	}
	l, m, err := reopen(ctx, o, id)
	if err != nil {
		return Result{}, err
	}
	if err := m.check(ctx, &o); err != nil {
		return Result{}, errors.Join(err, l.file.Close())
	}
	o.IDs, o.Select, o.Most, o.Canary, o.Rate, o.Dedup = nil, nil, 0, 0, nil, m.Dedup
	r := newRun(ctx, o, l)
	r.resuming = true
	r.result.Problems = m.Problems
	for id, f := range m.facts {
		it := &item{at: -1, past: f}
		switch f.state {
		case stateSent:
			it.phase = owed
			r.tally.owed++
			r.tally.past++
		case stateIntended, stateUnknown:
			r.tally.past++
		case stateDeleted:
			it.phase = gone
		case stateNot, stateSwallow:
			continue
		}
		r.items[id] = it
	}
	r.scan.hidden = m.hidden
	return r.move()
}

// reopen takes the lock of a journal and reads it.
func reopen(ctx context.Context, o Options, id string) (*log, Move, error) {
	path := pathOf(o.Dir, id)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		e := backend.Errorf(backend.KindNotFound, "there is no move with this id")
		e.Subject, e.Next, e.Err = id, "list the unfinished moves", err
		return nil, Move{}, e
	}
	if err != nil {
		return nil, Move{}, unwritable(path, err)
	}
	l, m, err := take(ctx, o, f, id)
	if err != nil {
		return nil, m, errors.Join(err, f.Close())
	}
	return l, m, nil
}

func take(ctx context.Context, o Options, f *os.File, id string) (*log, Move, error) {
	if err := own(ctx, f, id); err != nil {
		return nil, Move{}, err
	}
	m, err := load(o.Dir, id)
	switch {
	case err != nil:
		return nil, m, err
	case m.Ended:
		e := backend.Errorf(backend.KindConflict, "has nothing left to finish")
		e.Subject, e.Next = id, "list the unfinished moves"
		return nil, m, e
	case m.At.IsZero():
		e := backend.Errorf(backend.KindInvalid, "the journal has no beginning that can be read, so nothing is known of the move")
		e.Subject, e.Next = m.Path, "nothing was sent unless later lines say so; look at the file"
		return nil, m, e
	}
	l := &log{id: id, path: f.Name(), file: f}
	if o.wrap != nil {
		l.file = o.wrap(f)
	}
	if len(m.Problems) > 0 { // the last line may have no end
		if _, err := l.file.Write([]byte{'\n'}); err != nil {
			return nil, m, unwritable(l.path, err)
		}
	}
	return l, m, nil
}

// own takes the lock. Whoever looks whether it is held has it for a moment, so
// one refusal is not believed.
func own(ctx context.Context, f *os.File, id string) error {
	for range tries {
		locked, err := lock(f, true, false)
		if err != nil {
			return unwritable(f.Name(), err)
		}
		if locked {
			return nil
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return backend.AsError(ctx.Err())
		}
	}
	e := backend.Errorf(backend.KindConflict, "another sqscope has this move in hand")
	e.Subject, e.Next = id, "let it finish, or end it"
	return e
}

// check sees that the queues are those of the journal.
func (m *Move) check(ctx context.Context, o *Options) error {
	if err := o.From.again(ctx); err != nil {
		return err
	}
	if o.From.ARN != m.From.ARN {
		return refuse(o.From.ARN.String(), "is not the source of this move, "+m.From.ARN.String()+" is", "open that queue's context")
	}
	for i := range o.To {
		if err := o.To[i].again(ctx); err != nil {
			return err
		}
	}
	return nil
}

// remember decides what becomes of a message that was perhaps sent, now that it
// came.
func (r *run) remember(it *item) {
	f := it.past
	if l, ok := r.again(it); ok {
		it.l = l
		r.takeOn(it)
		return
	}
	r.tally.chosen++
	r.record(it, PossibleDuplicate, f.newID, noAnswer(nil))
}

// again is until when SQS would know the message, if it were sent once more; zero:
// it would not.
func (f *fact) again() time.Time {
	if !f.Own {
		return time.Time{}
	}
	return f.at.Add(rules.DeduplicationWindow - windowMargin)
}

// again is the message as it was to be sent, if sending it once more can make no
// second one: SQS knows it by a deduplication id that nothing else can have, and
// has not forgotten that yet (docs/SQS.md 8.1).
func (r *run) again(it *item) (letter, bool) {
	f := it.past
	if len(r.o.To) == 0 || !time.Now().Before(f.again()) {
		return letter{}, false
	}
	l, e := r.o.plan(r.log.id, it.m)
	if e != nil || l.digest != f.digest || r.o.To[l.to].ARN.String() != f.to || r.stopped[r.group(it)] {
		return letter{}, false
	}
	return l, true
}

// settleOpen says what is known in the end of messages that did not come again.
// Those that were confirmed are taken to have been deleted if the scan went to
// its end and nothing that stays was ahead of them in their group; else they stay
// open, or are named.
func (r *run) settleOpen() {
	through := r.stop == StopEmpty || r.stop == StopRepeated || r.stop == StopGroups
	locked := r.locked()
	r.result.Open = r.result.Open || r.unwritten
	for _, it := range r.items {
		absent := it.past != nil && !it.came
		switch {
		case it.phase == gone:
		case absent && it.phase != owed:
			e := noAnswer(nil)
			e.Next = "it did not come from the source again; look in the destination"
			r.record(it, PossibleDuplicate, it.past.newID, e)
			r.result.Open = r.result.Open || !through
		case absent && through && locked[it.past.SourceGroup]:
			e := notDeleted()
			e.Next = "it did not come again, but what is ahead of it in its group did; look in the source"
			r.record(it, PossibleDuplicate, it.past.newID, e)
		case absent && through:
			r.record(it, Moved, it.past.newID, nil)
		case it.phase == owed || it.phase == working:
			if it.at < 0 {
				r.record(it, Both, r.newIDOf(it), notDeleted())
			}
			r.result.Open = true
		}
	}
}

// locked are the groups of a FIFO source of which something came and stayed, so
// that what is behind it could not come (docs/SQS.md 8.3).
func (r *run) locked() map[string]bool {
	groups := map[string]bool{}
	for _, it := range r.items {
		if g := r.group(it); it.came && it.phase != gone && g != "" {
			groups[g] = true
		}
	}
	return groups
}
