package peek

import (
	"context"
	"slices"
	"time"

	"sqscope/backend"
)

// How KeepAlive extends leases.
const (
	keepEvery = time.Second     // how often it looks for leases that are about to end
	keepCall  = 5 * time.Second // of one request: it is waited for, since it cannot be called back
	keepLong  = 10 * time.Minute
	keepMany  = 200
	keepMost  = 11 * time.Hour // well under the 12 h of one receive (docs/SQS.md 1.15)
)

// Keep is what KeepAlive may do.
type Keep struct {
	For   time.Duration        // in all, at most 11 h; 0: 10 min
	Most  int                  // messages kept at the same time; 0: 200
	Shown func(id string) bool // those that are still of interest; nil: all. It is called from KeepAlive's goroutine.
}

// Kept is what KeepAlive did.
type Kept struct {
	Messages int  // extended at least once
	Requests int  // made
	Stop     Stop // StopBudget, or StopCancelled after [Session.Release] and when ctx ended
}

// KeepAlive extends the leases of messages that somebody reads, each time by the
// length of a lease, shortly before they end. It returns when the session is
// released, when ctx ends or when its time is over: what is on lease then comes
// back by itself within a lease, or with [Session.Release]. Those last received are
// kept first. On a FIFO queue all leases are kept, shown or not: an earlier one
// that ended would be delivered while later ones of its group are read (8.3).
//
// An error that trying again does not mend ends it. Kind conflict means that it
// runs already. Where the queue can be browsed there is nothing to keep, and it
// waits.
func (s *Session) KeepAlive(ctx context.Context, k Keep) (Kept, error) {
	if k.For <= 0 {
		k.For = keepLong
	}
	if k.Most <= 0 {
		k.Most = keepMany
	}
	if k.Shown == nil || s.o.FIFO {
		k.Shown = func(string) bool { return true }
	}
	s.mu.Lock()
	if s.keeping != nil {
		s.mu.Unlock()
		err := backend.Errorf(backend.KindConflict, "its leases are being kept already")
		err.Subject, err.Next = s.o.ARN.Name, "end that first"
		return Kept{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	s.keeping = cancel
	s.mu.Unlock()
	defer func() {
		cancel()
		s.mu.Lock()
		s.keeping = nil
		s.mu.Unlock()
	}()
	until := time.Now().Add(min(k.For, keepMost))
	kept, seen := Kept{}, map[string]bool{}
	for {
		if !backend.Pause(ctx, min(keepEvery, time.Until(until))) {
			kept.Stop = StopCancelled
			return kept, nil
		}
		if !time.Now().Before(until) {
			kept.Stop = StopBudget
			return kept, nil
		}
		requests, changed, err := s.extend(ctx, k)
		kept.Requests += requests
		for _, id := range changed {
			seen[id] = true
		}
		kept.Messages = len(seen)
		if err != nil {
			return kept, err
		}
	}
}

// extend extends the leases that end soon. A request that was sent is waited for
// also when ctx ends, so that a release comes after it and not before.
func (s *Session) extend(ctx context.Context, k Keep) (requests int, changed []string, err error) {
	todo := s.ending(k)
	if len(todo) == 0 {
		return 0, nil, nil
	}
	select {
	case s.acts <- struct{}{}:
		defer func() { <-s.acts }()
	case <-ctx.Done():
		return 0, nil, nil
	}
	todo = s.ending(k) // some may have been deleted or given back meanwhile
	if len(todo) == 0 || ctx.Err() != nil {
		return 0, nil, nil
	}
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepCall)
	defer cancel()
	for _, v := range s.change(work, todo, s.cost.Lease) {
		switch {
		case v.err == nil:
			changed = append(changed, v.id)
		case !v.again && !ended(v.err.Kind):
			err = v.err
		}
	}
	return (len(todo) + batch - 1) / batch, changed, err
}

// ending are the leases to extend now: none until one is in its last third, then
// all that are in their last half, so that they share requests. Those that are
// kept longer already are not among them.
func (s *Session) ending(k Keep) []*held {
	todo := slices.DeleteFunc(s.chosen(all), func(h *held) bool { return !k.Shown(h.MessageId) })
	todo = todo[:min(len(todo), k.Most)]
	s.mu.Lock()
	defer s.mu.Unlock()
	now, due := time.Now(), false
	out := todo[:0]
	for _, h := range todo {
		left := h.LeaseEnds.Sub(now)
		if h.tooLong(s.cost.Lease) || left > s.cost.Lease/2 {
			continue
		}
		due = due || left <= s.cost.Lease/3
		out = append(out, h)
	}
	if !due {
		return nil
	}
	return out
}
