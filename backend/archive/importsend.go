package archive

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// How an import sends.
const (
	sendTries = 3                      // of what may succeed in a moment
	sendWait  = 200 * time.Millisecond // before the second; twice that before the third
	sendTime  = 20 * time.Second       // for one answer
)

// send sends those of a wave that have no fate yet. Afterwards all have one. The
// error says that the queue takes nothing any more, or took nothing of this wave.
func (im *importer) send(ctx context.Context, items []*item) (tried int, err error) {
	open := slices.DeleteFunc(slices.Clone(items), func(it *item) bool { return it.out.Fate != "" })
	if im.to.Queue.FIFO {
		err = im.sendInOrder(ctx, open)
	} else {
		err = im.sendAtOnce(ctx, batchesOf(open))
	}
	took := slices.ContainsFunc(open, func(it *item) bool { return it.out.Fate == FateSent || it.out.Fate == FateDuplicate })
	if err != nil && took && backend.KindOf(err).Passing() {
		err = nil // it may take the next
	}
	return len(open), err
}

// sendAtOnce sends batches at the same time. A panic in one is passed on.
func (im *importer) sendAtOnce(ctx context.Context, batches [][]*item) (err error) {
	type answer struct {
		requests int
		err      error
		panicked any
	}
	answers := make([]answer, len(batches))
	var wg sync.WaitGroup
	for i, b := range batches {
		wg.Go(func() {
			a := &answers[i]
			defer func() { a.panicked = recover() }()
			a.requests, a.err = im.sendBatch(ctx, b)
		})
	}
	wg.Wait()
	for _, a := range answers {
		if a.panicked != nil {
			panic(a.panicked)
		}
		im.done.Requests += a.requests
		if a.err != nil && (err == nil || backend.KindOf(err).Passing()) {
			err = a.err
		}
	}
	return err
}

// batchesOf splits messages into requests, by number and by size (docs/SQS.md
// 1.12).
func batchesOf(open []*item) (out [][]*item) {
	for len(open) > 0 {
		n, bytes := 0, 0
		for n < len(open) && n < rules.MaxBatchEntries {
			bytes += rules.Size(open[n].in.MessageBody, open[n].in.MessageAttributes)
			if n > 0 && bytes > rules.MaxBatchBytes {
				break
			}
			n++
		}
		out = append(out, open[:n])
		open = open[n:]
	}
	return out
}

// sendInOrder sends requests one after the other, each with one message of a
// group at most: of two SQS may take the second and fail the first (1.12).
func (im *importer) sendInOrder(ctx context.Context, open []*item) (err error) {
	for len(open) > 0 {
		batch, rest := im.heads(open)
		if len(batch) == 0 {
			break
		}
		n, e := im.sendBatch(ctx, batch)
		im.done.Requests += n
		for _, it := range batch {
			switch {
			case it.out.Fate == FateSent:
				im.swallowed(it)
			case it.out.Fate == FateUnknown, it.out.Err.Kind.Passing(), it.out.Err.Kind == backend.KindCancelled:
				im.blocked[it.group()] = true
			}
		}
		if e != nil {
			err = e
		}
		if e != nil && !backend.KindOf(e).Passing() {
			for _, it := range rest {
				it.fail(backend.AsError(e))
			}
			break
		}
		open = rest
	}
	return err
}

// heads are the first messages of their groups, as far as they go into one
// request, and those that are to come after them. What is behind a message that
// was not sent fails.
func (im *importer) heads(open []*item) (batch, rest []*item) {
	bytes, groups := 0, map[string]bool{}
	for _, it := range open {
		size := rules.Size(it.in.MessageBody, it.in.MessageAttributes)
		g := it.group()
		switch {
		case im.blocked[g]:
			e := backend.Errorf(backend.KindConflict, "is behind a message of its group that was not sent")
			e.Next = "try both again, in their order"
			it.fail(e)
			continue
		case groups[g] || len(batch) == rules.MaxBatchEntries || len(batch) > 0 && bytes+size > rules.MaxBatchBytes:
			rest = append(rest, it)
		default:
			bytes += size
			batch = append(batch, it)
		}
		groups[g] = true // those behind it have to wait
	}
	return batch, rest
}

// swallowed finds out a message that SQS took and did not store: it answers with
// the id of the one that it takes it for (8.1).
func (im *importer) swallowed(it *item) {
	if id := it.out.MessageId; id != it.out.Record.MessageId && !im.ids[id] {
		im.ids[id] = true
		return
	}
	e := backend.Errorf(backend.KindConflict, "has the deduplication id of a message that was sent in the last five minutes, so it was not stored")
	e.Subject, e.Next = it.out.Name(), "try it again after five minutes, or with new deduplication ids"
	it.out.Fate, it.out.Err = FateDuplicate, e
}

// sendBatch sends a batch, and what failed of it for a moment again. The error
// says that nothing more is to be sent.
func (im *importer) sendBatch(ctx context.Context, batch []*item) (requests int, err error) {
	for try := range sendTries {
		todo := slices.DeleteFunc(slices.Clone(batch), func(it *item) bool { return it.out.Fate != "" })
		if len(todo) == 0 || try > 0 && !backend.Pause(ctx, sendWait<<(try-1)) {
			break
		}
		requests++
		if err = im.once(ctx, todo, try == sendTries-1); err != nil {
			break
		}
	}
	for _, it := range batch {
		if it.out.Fate == "" { // given up between two tries
			it.fail(it.out.Err)
		}
	}
	return requests, err
}

// once makes one request, which is waited for whatever becomes of ctx: given up
// on the way, nobody would know what it did. An outcome without a fate is to be
// tried again.
func (im *importer) once(ctx context.Context, todo []*item, last bool) error {
	in := backend.SendMessageBatchInput{QueueUrl: im.to.URL}
	for i, it := range todo {
		in.Entries = append(in.Entries, backend.SendMessageBatchEntry{Id: strconv.Itoa(i), SendMessageInput: it.in})
	}
	ctx, cancel := context.WithTimeout(backend.Once(context.WithoutCancel(ctx)), sendTime)
	defer cancel()
	out, err := im.to.SQS.SendMessageBatch(ctx, in)
	if err != nil {
		return im.refused(todo, backend.AsError(err), last)
	}
	for i, it := range todo {
		id := strconv.Itoa(i)
		k := slices.IndexFunc(out.Successful, func(s backend.SendMessageBatchResult) bool { return s.Id == id })
		f := slices.IndexFunc(out.Failed, func(f backend.BatchError) bool { return f.Id == id })
		switch {
		case k >= 0:
			it.accepted(out.Successful[k].SendMessageOutput)
		case f >= 0:
			im.failed(it, out.Failed[f], last)
		default:
			im.silent(it, backend.Errorf(backend.KindInternal, "SQS did not say whether it took it"), last)
		}
	}
	return nil
}

// accepted compares what SQS says that it took with what was sent.
func (it *item) accepted(out backend.SendMessageOutput) {
	it.out.MessageId, it.out.SequenceNumber = out.MessageId, out.SequenceNumber
	it.out.Fate, it.out.Err = FateSent, nil
	wrong := out.MD5OfMessageBody != rules.MD5OfBody(it.in.MessageBody)
	if len(it.in.MessageAttributes) > 0 {
		wrong = wrong || out.MD5OfMessageAttributes != rules.MD5OfAttributes(it.in.MessageAttributes)
	}
	if wrong {
		e := backend.Errorf(backend.KindInternal, "the queue has something else than was sent: the digests differ")
		e.Subject, e.Next = out.MessageId, "look at it in the queue before it is tried again"
		it.out.Fate, it.out.Err = FateUnknown, e
	}
}

// failed books an entry that SQS says it did not take.
func (im *importer) failed(it *item, f backend.BatchError, last bool) {
	status := 500
	if f.SenderFault {
		status = 400
	}
	e := backend.ErrorByCode(f.Code, status, f.Message)
	e.Status, e.Action = 0, "SendMessageBatch" // the request itself succeeded
	it.fail(e)
	if e.Kind.Passing() && !last {
		it.out.Fate = ""
	}
}

// refused books a request that failed as a whole. Of an error that the service
// gave it is known that nothing was done; after others nobody knows.
func (im *importer) refused(todo []*item, e *backend.Error, last bool) error {
	for _, it := range todo {
		switch {
		case e.Kind == backend.KindThrottled:
			it.fail(e)
			if !last {
				it.out.Fate = ""
			}
		case e.Kind.Passing() || e.Kind == backend.KindCancelled:
			im.silent(it, e, last)
		default:
			it.fail(e)
		}
	}
	again := e.Kind == backend.KindThrottled || im.to.Queue.FIFO && e.Kind.Passing()
	if e.Kind == backend.KindInvalid || e.Kind == backend.KindConflict || again && !last {
		return nil // the next batch, or the next try, may be taken
	}
	return e
}

// silent is for a message of which nobody knows whether it arrived. It is sent
// once more only to a FIFO queue, which sees that it is the same (8.1).
func (im *importer) silent(it *item, e *backend.Error, last bool) {
	it.asked = true
	if it.fail(e); im.to.Queue.FIFO && !last {
		it.out.Fate = ""
	}
}
