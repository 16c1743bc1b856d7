package peek

import (
	"context"
	"slices"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
)

// Result is what became of a delete: each id is in one of the two.
type Result struct {
	Deleted []string // message ids that SQS confirmed
	Failed  []Failure
}

// Failure is a message that is not known to be deleted, and why.
type Failure struct {
	MessageId string
	Err       *backend.Error
}

// deletion is a delete under way: what is to do yet and what was done.
type deletion struct {
	s      *Session
	result Result
}

// Delete deletes messages of the session by their ids. Only what SQS confirmed
// counts as deleted. A message on our lease is deleted by its handle. One whose
// lease is over is leased anew first, for it may be a consumer's by now; what
// that brings besides is given back. More than one message takes a grant in ctx
// (package guard).
//
// A message that may not be leased anew because that would dead-letter a
// message fails with kind conflict, unless [Session.AcceptDeadLettering] was
// called; one that does not come again with kind not found.
func (s *Session) Delete(ctx context.Context, ids []string) Result {
	d := &deletion{s: s}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	select {
	case s.acts <- struct{}{}:
		defer func() { <-s.acts }()
	case <-ctx.Done():
		d.failAll(ids, backend.AsError(ctx.Err()))
		return d.result
	}
	if s.o.Stack.Browse != nil {
		d.remove(ctx, ids)
		return d.result
	}
	defer s.o.Leases.settle(s)
	ready, stale := d.sortOut(ids)
	stale = append(stale, d.deleteHeld(ctx, ready)...)
	if len(stale) > 0 {
		d.deleteAnew(ctx, stale)
	}
	slices.Sort(d.result.Deleted)
	return d.result
}

func (d *deletion) fail(id string, err *backend.Error) {
	e := *err
	e.Subject = id
	d.result.Failed = append(d.result.Failed, Failure{id, &e})
}

func (d *deletion) failAll(ids []string, err *backend.Error) {
	for _, id := range ids {
		d.fail(id, err)
	}
}

// remove deletes stored messages where they can be had without a handle.
func (d *deletion) remove(ctx context.Context, ids []string) {
	for part := range slices.Chunk(ids, page) {
		out, err := d.s.o.Stack.Browse.RemoveMessages(ctx, backend.RemoveMessagesInput{
			QueueUrl: d.s.o.URL, MessageIds: part,
		})
		if err != nil {
			d.failAll(part, backend.AsError(err))
			continue
		}
		d.settle(part, out)
	}
}

// settle takes a batch's answer: an id in neither list is not known to be
// deleted.
func (d *deletion) settle(ids []string, out backend.BatchOutput) {
	reasons := map[string]*backend.Error{}
	for _, f := range out.Failed {
		reasons[f.Id] = entryError(f)
	}
	for _, id := range ids {
		switch err := reasons[id]; {
		case err != nil:
			d.fail(id, err)
		case slices.Contains(out.Successful, id):
			d.confirm(id)
		default:
			d.fail(id, unconfirmed())
		}
	}
}

func (d *deletion) confirm(id string) {
	d.result.Deleted = append(d.result.Deleted, id)
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if h := d.s.messages[id]; h != nil {
		d.s.forget(h)
	}
}

func unconfirmed() *backend.Error {
	e := backend.Errorf(backend.KindInternal, "SQS did not say whether it was deleted")
	e.Action, e.Next = "DeleteMessageBatch", "look again to see whether it is still there"
	return e
}

// entryError is the error of an entry of a batch that failed. Codes that are in
// no model get their kind by whose fault it was.
func entryError(f backend.BatchError) *backend.Error {
	status := 500
	switch {
	case f.Code == "NotFound": // of a browser
		status = 404
	case f.SenderFault:
		status = 400
	}
	e := backend.ErrorByCode(f.Code, status, f.Message)
	e.Status = 0 // the request itself succeeded
	return e
}

// sortOut tells the messages on our lease from those whose lease is over.
func (d *deletion) sortOut(ids []string) (ready []*held, stale []string) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	soon := time.Now().Add(margin)
	for _, id := range ids {
		h := d.s.messages[id]
		switch {
		case h == nil:
			e := backend.Errorf(backend.KindNotFound, "is not among the messages seen")
			e.Next = "look again"
			d.fail(id, e)
		case h.Leased(soon):
			ready = append(ready, h)
		default:
			stale = append(stale, id)
		}
	}
	slices.SortFunc(ready, func(a, b *held) int { return a.turn - b.turn })
	return ready, stale
}

// verdict is what a batch said of one message.
type verdict struct {
	id    string
	err   *backend.Error // nil: confirmed
	again bool           // the handle has expired: it takes another lease
}

// deleteHeld deletes messages by the handles of our leases. It returns those
// whose handle SQS says has expired: the lease was lost.
func (d *deletion) deleteHeld(ctx context.Context, ready []*held) (stale []string) {
	verdicts := make(chan verdict, len(ready))
	d.s.inTens(ready, func(part []*held) { d.s.deleteTen(ctx, part, verdicts) })
	close(verdicts)
	heard := map[string]bool{}
	for v := range verdicts {
		heard[v.id] = true
		switch {
		case v.again:
			d.s.lost(v.id)
			stale = append(stale, v.id)
		case v.err != nil:
			d.fail(v.id, v.err)
		default:
			d.confirm(v.id)
		}
	}
	for _, h := range ready { // of a batch that panicked
		if id := h.MessageId; !heard[id] {
			d.fail(id, unconfirmed())
		}
	}
	return stale
}

func (s *Session) deleteTen(ctx context.Context, part []*held, verdicts chan<- verdict) {
	in := backend.DeleteMessageBatchInput{QueueUrl: s.o.URL}
	named := make(map[string]journal.Message, len(part)) // for the record: a handle says nothing to a reader
	for i, h := range part {
		in.Entries = append(in.Entries, backend.DeleteMessageBatchEntry{Id: strconv.Itoa(i), ReceiptHandle: h.ReceiptHandle})
		named[h.ReceiptHandle] = journal.Message{ID: h.MessageId, MD5: h.MD5OfBody}
	}
	out, err := s.o.Stack.SQS.DeleteMessageBatch(guard.Naming(ctx, named), in)
	reasons := map[string]*backend.Error{}
	for _, f := range out.Failed {
		reasons[f.Id] = entryError(f)
	}
	for i, h := range part {
		v, id := verdict{id: h.MessageId}, strconv.Itoa(i)
		switch reason := reasons[id]; {
		case err != nil:
			v.err = backend.AsError(err)
		case reason != nil:
			// On FIFO the handle of an expired lease is refused (docs/SQS.md 1.14).
			v.err, v.again = reason, s.o.FIFO && ended(reason.Kind)
		case !slices.Contains(out.Successful, id):
			v.err = unconfirmed()
		}
		verdicts <- v
	}
}

// deleteAnew leases messages anew and deletes those that come.
func (d *deletion) deleteAnew(ctx context.Context, stale []string) {
	s := d.s
	if s.wouldDeadLetter() {
		e := backend.Errorf(backend.KindConflict, "its lease is over, and to lease it anew would move messages to the dead-letter queue")
		e.Next = "delete it while it is on lease, or accept that"
		d.failAll(stale, e)
		return
	}
	look, err := s.leaseAnew(ctx, stale)
	ready, missing := d.sortOut(stale)
	for _, id := range append(missing, d.deleteHeld(ctx, ready)...) {
		e := backend.Errorf(backend.KindNotFound, "did not come again, so it was not deleted")
		e.Next = "it may be gone, with a consumer, or further back: look again later"
		if err != nil {
			e = backend.AsError(err)
		}
		d.fail(id, e)
	}
	// What came besides and cannot be given back comes back by itself.
	_, _, _ = s.giveBack(ctx, func(h *held) bool { return h.look == look })
}

// lost notes that a message is not on our lease any more, whatever the time.
func (s *Session) lost(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.messages[id]; h != nil {
		h.LeaseEnds = time.Time{}
	}
}

// leaseAnew receives until these messages are on our lease again, or there is
// a reason to stop. It returns the number of its scan.
func (s *Session) leaseAnew(ctx context.Context, ids []string) (look uint, err error) {
	ctx, look, err = s.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer s.end()
	s.o.Leases.add(s)
	visible := s.count(ctx)
	sc := scan{
		s: s, look: look, visible: visible, about: -1, tens: true, report: func(State) {},
		need: func() int {
			n := 0
			for _, id := range ids {
				if h := s.messages[id]; h != nil && h.look != look {
					n++
				}
			}
			return n
		},
	}
	_, err = sc.run(ctx)
	return look, err
}
