package peek

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"sqscope/backend"
)

const (
	tries     = 3                      // of a release
	retryWait = 200 * time.Millisecond // before the second; twice that before the third
)

// Release ends a look that is under way, waits for the receives that are out,
// and gives every lease back. What could not be given back comes back by itself
// when its lease ends; the error says how many there are of that, and why.
// Receives that have not answered when ctx ends are given back when they do.
func (s *Session) Release(ctx context.Context) error {
	_, _, err := s.release(ctx)
	return err
}

func (s *Session) release(ctx context.Context) (released, failed int, err error) {
	s.mu.Lock()
	if s.cancel != nil {
		s.cancel()
	}
	if s.keeping != nil {
		s.keeping()
	}
	s.mu.Unlock()
	if s.o.Stack.Browse != nil {
		return 0, 0, nil
	}
	select {
	case s.acts <- struct{}{}:
		defer func() { <-s.acts }()
	case <-ctx.Done():
		return 0, s.leased(), s.notReleased(s.leased(), ctx.Err())
	}
	defer s.o.Leases.settle(s)
	s.mu.Lock()
	pending, landed := s.pending, s.landed
	s.mu.Unlock()
	if pending > 0 {
		s.patience(ctx, landed)
		released, _, _ = s.giveBack(ctx, all) // what is here need not wait any longer for what is not
		select {
		case <-landed:
		case <-ctx.Done():
			return released, s.leased(), s.abandon(ctx.Err())
		}
	}
	n, failed, err := s.giveBack(ctx, all)
	return released + n, failed, err
}

// patience waits for receives that are out as long as their poll lasts, if ctx
// leaves twice that time: what is given back meanwhile comes back by them, which
// is another receive of it.
func (s *Session) patience(ctx context.Context, landed <-chan struct{}) {
	wait := s.o.Wait
	if end, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(end)/2)
	}
	over := time.NewTimer(wait)
	defer over.Stop()
	select {
	case <-landed:
	case <-over.C:
	case <-ctx.Done():
	}
}

// abandon leaves it to the receives that are out to give back what they bring.
func (s *Session) abandon(cause error) *backend.Error {
	s.mu.Lock()
	s.abandoned = s.look
	out := s.pending
	s.mu.Unlock()
	return s.notReleased(s.leased(), fmt.Errorf("%s without an answer: %w", plural(out, "receive"), cause))
}

func all(*held) bool { return true }

// leased is how many messages we have on lease or are receiving.
func (s *Session) leased() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.leases(time.Now()) + s.pending
}

func (s *Session) notReleased(n int, cause error) *backend.Error {
	e := backend.Errorf(backend.KindOf(cause), "%s could not be given back: %v", plural(n, "message"), cause)
	e.Action, e.Subject, e.Err = "ChangeMessageVisibilityBatch", s.o.ARN.Name, cause
	e.Next = fmt.Sprintf("they come back by themselves within %d s", seconds(s.cost.Lease))
	return e
}

// giveBack makes visible which of those on our lease, ten to a request. On a FIFO
// queue the last delivered go first, one request after the other: a message
// stays hidden while an earlier one of its group is in flight, so that none can
// be delivered out of order (docs/SQS.md 13.2, 8.3). A lease that is over is left
// alone: its message may be a consumer's by now.
func (s *Session) giveBack(ctx context.Context, which func(*held) bool) (released, failed int, err error) {
	for try := range tries {
		todo := s.chosen(which)
		if len(todo) == 0 || try > 0 && !backend.Pause(ctx, time.Duration(try)*retryWait) {
			break
		}
		var n int
		var again bool
		n, again, err = s.giveBackOnce(ctx, todo)
		released += n
		if !again {
			break
		}
	}
	failed = len(s.chosen(which))
	if failed == 0 {
		return released, 0, nil
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = backend.Errorf(backend.KindInternal, "SQS did not confirm it")
	}
	return released, failed, s.notReleased(failed, err)
}

// chosen are those on our lease that are meant, the last delivered first.
func (s *Session) chosen(which func(*held) bool) []*held {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(s.onLease(time.Now()), func(h *held) bool { return !which(h) })
}

// giveBackOnce tells how many leases were given back, and whether trying the
// rest again may help.
func (s *Session) giveBackOnce(ctx context.Context, todo []*held) (released int, again bool, err error) {
	var mu sync.Mutex
	s.inTens(todo, func(part []*held) {
		n, retry, e := s.giveBackTen(ctx, part)
		mu.Lock()
		defer mu.Unlock()
		released += n
		again = again || retry
		if e != nil {
			err = e
		}
	})
	return released, again, err
}

func (s *Session) giveBackTen(ctx context.Context, part []*held) (released int, again bool, err error) {
	in := backend.ChangeMessageVisibilityBatchInput{QueueUrl: s.o.URL}
	s.mu.Lock()
	for i, h := range part {
		in.Entries = append(in.Entries, backend.ChangeMessageVisibilityBatchEntry{
			Id: strconv.Itoa(i), ReceiptHandle: h.ReceiptHandle, VisibilityTimeout: backend.Some(0),
		})
	}
	s.mu.Unlock()
	out, err := s.o.Stack.SQS.ChangeMessageVisibilityBatch(ctx, in)
	s.mu.Lock()
	defer s.mu.Unlock()
	if backend.KindOf(err) == backend.KindNotFound && err != nil { // the queue is gone, and the messages with it
		for i, h := range part {
			h.over(in.Entries[i].ReceiptHandle)
		}
		return len(part), false, nil
	}
	if err != nil {
		return 0, backend.KindOf(err).Passing(), err
	}
	confirmed := 0
	done := map[string]bool{}
	for _, id := range out.Successful {
		if i := at(part, id); i >= 0 && !done[id] {
			part[i].over(in.Entries[i].ReceiptHandle)
			done[id] = true
			confirmed++
		}
	}
	for _, f := range out.Failed {
		e := entryError(f)
		switch i := at(part, f.Id); {
		case i < 0:
		case ended(e.Kind): // deleted, expired, or no longer in flight: nothing is ours
			part[i].over(in.Entries[i].ReceiptHandle)
			confirmed++
		default:
			again, err = again || e.Kind.Passing(), e
		}
	}
	if confirmed+len(out.Failed) < len(part) {
		again = true // an entry in neither list is not known to be done
	}
	return confirmed, again, err
}

// over notes that the lease of a receipt handle is over. One that another receive
// has brought meanwhile, before this was confirmed, is a lease of its own. The
// mutex must be held.
func (h *held) over(handle string) {
	if h.ReceiptHandle == handle {
		h.LeaseEnds = time.Time{}
	}
}

// at is which message a batch entry's id stands for, or -1.
func at(part []*held, id string) int {
	i, err := strconv.Atoi(id)
	if err != nil || i < 0 || i >= len(part) {
		return -1
	}
	return i
}

// ended tells whether an entry that failed for this reason means that its
// handle stands for no lease any more (1.15).
func ended(k backend.Kind) bool {
	return k == backend.KindInvalid || k == backend.KindNotFound || k == backend.KindConflict
}

// inTens calls f with ten messages at a time: several calls at once on a
// standard queue, one after the other in this order on a FIFO queue.
func (s *Session) inTens(all []*held, f func(part []*held)) {
	if s.o.FIFO {
		for part := range slices.Chunk(all, batch) {
			f(part)
		}
		return
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, s.o.Parallel)
	for part := range slices.Chunk(all, batch) {
		slots <- struct{}{}
		wg.Add(1)
		run := func(context.Context) {
			defer func() { <-slots; wg.Done() }()
			f(part)
		}
		if !s.o.Leases.group.Go("peek batch", run) { // the program is ending
			run(nil)
		}
	}
	wg.Wait()
}
