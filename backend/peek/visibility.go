package peek

import (
	"context"
	"slices"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// Changes are what became of a change of visibility: each id is in one of the
// two.
type Changes struct {
	Changed []string // message ids that SQS confirmed
	Failed  []Failure
}

// ChangeVisibility makes messages of the session visible that long from now, in
// whole seconds, up to 12 h since they were received (docs/SQS.md 1.15); 0 gives
// them back. A message that is not on our lease fails with kind conflict: it may
// be a consumer's. What is kept longer is given back by [Session.Release] all the
// same.
func (s *Session) ChangeVisibility(ctx context.Context, ids []string, d time.Duration) Changes {
	var c Changes
	fail := func(id string, err *backend.Error) {
		e := *err
		e.Subject = id
		c.Failed = append(c.Failed, Failure{id, &e})
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	select {
	case s.acts <- struct{}{}:
		defer func() { <-s.acts }()
	case <-ctx.Done():
		for _, id := range ids {
			fail(id, backend.AsError(ctx.Err()))
		}
		return c
	}
	defer s.o.Leases.settle(s)
	meant := make(map[string]bool, len(ids))
	for _, id := range ids {
		meant[id] = true
	}
	todo := s.chosen(func(h *held) bool { return meant[h.MessageId] })
	for _, h := range todo {
		delete(meant, h.MessageId)
	}
	for id := range meant {
		e := backend.Errorf(backend.KindConflict, "is not on lease")
		e.Action, e.Next = "ChangeMessageVisibilityBatch", "look again to lease it"
		fail(id, e)
	}
	todo = slices.DeleteFunc(todo, func(h *held) bool {
		s.mu.Lock()
		long := h.tooLong(d)
		s.mu.Unlock()
		if long {
			e := backend.Errorf(backend.KindInvalid, "cannot stay hidden for more than 12 h since it was received")
			e.Action, e.Next = "ChangeMessageVisibilityBatch", "take a shorter time, or give it back and look again"
			fail(h.MessageId, e)
		}
		return long
	})
	for _, v := range s.change(ctx, todo, d) {
		if v.err != nil {
			fail(v.id, v.err)
			continue
		}
		c.Changed = append(c.Changed, v.id)
	}
	slices.Sort(c.Changed)
	return c
}

// change sets when messages on our lease become visible, ten to a request, and
// tells what SQS says of each. The caller must hold acts.
func (s *Session) change(ctx context.Context, todo []*held, d time.Duration) []verdict {
	verdicts := make(chan verdict, len(todo))
	s.inTens(todo, func(part []*held) { s.changeTen(ctx, part, d, verdicts) })
	close(verdicts)
	heard := map[string]bool{}
	var out []verdict
	for v := range verdicts {
		heard[v.id] = true
		out = append(out, v)
	}
	for _, h := range todo { // of a batch that panicked
		if !heard[h.MessageId] {
			out = append(out, verdict{id: h.MessageId, err: unchanged(), again: true})
		}
	}
	return out
}

// tooLong tells whether SQS would refuse to hide a message for that long: twelve
// hours are the most since it was received (docs/SQS.md 1.15). The mutex must be
// held.
func (h *held) tooLong(d time.Duration) bool {
	return d < 0 || time.Since(h.since)+d > rules.MaxVisibility*time.Second
}

// changeTen changes up to ten. A verdict says again where trying once more may
// help.
func (s *Session) changeTen(ctx context.Context, part []*held, d time.Duration, verdicts chan<- verdict) {
	in := backend.ChangeMessageVisibilityBatchInput{QueueUrl: s.o.URL}
	s.mu.Lock()
	for i, h := range part {
		in.Entries = append(in.Entries, backend.ChangeMessageVisibilityBatchEntry{
			Id: strconv.Itoa(i), ReceiptHandle: h.ReceiptHandle, VisibilityTimeout: backend.Some(seconds(d)),
		})
	}
	s.mu.Unlock()
	sent := time.Now()
	out, err := s.o.Stack.SQS.ChangeMessageVisibilityBatch(ctx, in)
	reasons := map[string]*backend.Error{}
	for _, f := range out.Failed {
		reasons[f.Id] = entryError(f)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, h := range part {
		v, id := verdict{id: h.MessageId}, strconv.Itoa(i)
		switch reason := reasons[id]; {
		case err != nil:
			v.err = backend.AsError(err)
			v.again = v.err.Kind.Passing()
		case reason != nil:
			v.err, v.again = reason, reason.Kind.Passing()
			if ended(reason.Kind) {
				h.over(in.Entries[i].ReceiptHandle)
			}
		case !slices.Contains(out.Successful, id):
			v.err, v.again = unchanged(), true
		case d <= 0:
			h.over(in.Entries[i].ReceiptHandle)
		default:
			h.LeaseEnds = sent.Add(time.Duration(seconds(d)) * time.Second)
		}
		verdicts <- v
	}
}

func unchanged() *backend.Error {
	e := backend.Errorf(backend.KindInternal, "SQS did not say whether its visibility was changed")
	e.Action, e.Next = "ChangeMessageVisibilityBatch", "it comes back when its lease ends"
	return e
}
