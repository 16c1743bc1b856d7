package move

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"sqscope/backend"
)

// onLease is how many messages are on our lease.
func (r *run) onLease() (n int) {
	now := time.Now()
	for _, it := range r.items {
		if it.leased(now) {
			n++
		}
	}
	return n
}

// giveBack makes visible what is on our lease and was not moved, ten to a
// request. On a FIFO queue the last delivered go first, one request after the
// other, so that none can be delivered out of order (docs/SQS.md 8.3, 13.2). What
// cannot be given back comes back by itself. No request is out when it is called.
func (r *run) giveBack() {
	parallel := r.o.Parallel
	if r.o.From.ARN.FIFO() {
		parallel = 1
	}
	var last error
	for try := range tries {
		todo := r.returnable()
		if len(todo) == 0 {
			return
		}
		if try > 0 {
			time.Sleep(backoff << try)
		}
		for part := range slices.Chunk(todo, tens) {
			for r.out >= parallel {
				r.book()
			}
			r.launchRelease(part, &last)
		}
		for r.out > 0 {
			r.book()
		}
	}
	if n := len(r.returnable()); n > 0 {
		e := backend.Errorf(backend.KindInternal, "%d messages could not be given back", n)
		e.Subject, e.Action = r.o.From.ARN.Name, "ChangeMessageVisibilityBatch"
		e.Next = fmt.Sprintf("they come back by themselves within %d s", seconds(r.o.Lease))
		if last != nil {
			e = because(e, last)
		}
		r.result.Problems = append(r.result.Problems, e)
	}
}

func (r *run) book() {
	(<-r.answers)()
	r.out--
}

// returnable are the messages to give back, the last delivered first.
func (r *run) returnable() []*item {
	var all []*item
	now := time.Now()
	for _, it := range r.items {
		if it.leased(now) && it.phase != gone {
			all = append(all, it)
		}
	}
	slices.SortFunc(all, func(a, b *item) int { return cmp.Compare(b.turn, a.turn) })
	return all
}

func (r *run) launchRelease(part []*item, last *error) {
	in := backend.ChangeMessageVisibilityBatchInput{QueueUrl: r.o.From.URL}
	for i, it := range part {
		in.Entries = append(in.Entries, backend.ChangeMessageVisibilityBatchEntry{
			Id: strconv.Itoa(i), ReceiptHandle: it.m.ReceiptHandle, VisibilityTimeout: backend.Some(0),
		})
	}
	r.spawn("move release", func() func() {
		ctx, cancel := context.WithTimeout(r.work, grace)
		defer cancel()
		out, err := r.o.From.SQS.ChangeMessageVisibilityBatch(ctx, in)
		return func() { r.released(part, out, err, last) }
	})
}

func (r *run) released(part []*item, out backend.BatchOutput, err error, last *error) {
	if err != nil {
		*last = err
		if backend.KindOf(err) == backend.KindNotFound { // the queue is gone, and the messages with it
			for _, it := range part {
				it.ends = time.Time{}
			}
		}
		return
	}
	ended := slices.Clone(out.Successful)
	for _, f := range out.Failed {
		if e := entryError(f); e.Kind.Passing() {
			*last = e
		} else { // deleted, expired, or no longer in flight: nothing is ours
			ended = append(ended, f.Id)
		}
	}
	for i, it := range part {
		if slices.Contains(ended, strconv.Itoa(i)) {
			it.ends = time.Time{}
			r.tally.released++
		}
	}
}
