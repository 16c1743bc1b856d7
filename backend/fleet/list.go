package fleet

import (
	"context"
	"time"

	"sqscope/backend"
)

// pageSize is the most that ListQueues gives at once. Without it there would be
// no NextToken, and the rest of the queues would be out of reach (docs/SQS.md
// 1.4).
const pageSize = 1000

// idleRelist is how much rarer listings are while nobody is looking.
const idleRelist = 10

// list reads the names of all queues, page by page. Each page is shown as it
// comes; queues go only when a listing that got to the end did not name them.
func (f *Fleet) list(ctx context.Context) {
	token := ""
	for {
		next, err := f.page(ctx, token)
		if err == nil && next != "" && next == token {
			err = backend.Errorf(backend.KindInternal, "ListQueues gives the same page again and again")
		}
		if err != nil {
			f.listFailed(err)
			return
		}
		if next == "" {
			f.listed()
			return
		}
		token = next
	}
}

func (f *Fleet) page(ctx context.Context, token string) (next string, err error) {
	ctx, cancel := f.limit(ctx)
	defer cancel()
	sent := time.Now()
	f.pacer.charge(sent, 1)
	out, err := f.o.Stack.SQS.ListQueues(ctx, backend.ListQueuesInput{
		NextToken: token, MaxResults: backend.Some(pageSize),
	})
	if backend.KindOf(err) == backend.KindThrottled {
		f.pacer.throttled(sent, time.Now())
	}
	if err != nil {
		return "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, u := range out.QueueUrls {
		e := f.found(u)
		e.listed = f.generation
		if e.gone {
			f.ask(e) // it was deleted: only a reading can tell whether it is back
		}
	}
	f.touch()
	f.poke()
	return out.NextToken, nil
}

// found is the entry of the queue with this URL, a new one if need be.
func (f *Fleet) found(queueURL string) *entry {
	if e := f.byURL[queueURL]; e != nil {
		return e
	}
	arn := backend.ARNOf(queueURL, f.o.Region)
	if e := f.queues[arn]; e != nil { // under another host now
		delete(f.byURL, e.q.URL)
		f.byURL[queueURL] = e
		q := *e.q
		q.URL = queueURL
		f.set(e, q)
		return e
	}
	e := &entry{i: -1, q: &Queue{ARN: arn, URL: queueURL, FIFO: arn.FIFO()}, pinned: f.pins[arn], wanted: f.wants[arn]}
	if f.lookSet[arn] {
		e.looked, e.urgent = true, true
	}
	f.queues[arn], f.byURL[queueURL] = e, e
	f.members = true
	f.pollAt = time.Time{} // new queues are read without waiting for the next round
	return e
}

// listed ends a listing that got to the end.
func (f *Fleet) listed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	for _, e := range f.queues {
		if e.listed != f.generation && !now.Before(e.keptUntil) && !e.guest() {
			f.drop(e)
		}
	}
	f.wiring = f.wiring || !f.complete // which dead-letter queues are missing can be told now
	f.listing, f.complete, f.listedAt = false, true, now
	f.listErr, f.listFails = nil, 0
	f.listAt = now.Add(f.o.Relist)
	if f.o.Poll == 0 && f.idle(now) {
		f.listAt = now.Add(idleRelist * f.o.Relist)
	}
	f.touch()
	f.poke()
}

// drop takes a queue out of the picture.
func (f *Fleet) drop(e *entry) {
	delete(f.queues, e.q.ARN)
	delete(f.byURL, e.q.URL)
	for arn, other := range f.alias {
		if other == e {
			delete(f.alias, arn)
		}
	}
	e.gone, e.explicit, e.i, f.members = true, false, -1, true
}

// listFailed keeps what is known and the error beside it.
func (f *Fleet) listFailed(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.listErr = backend.AsError(err)
	f.listFails++
	f.listing = false
	f.listAt = time.Now().Add(backoff(f.listErr.Kind, f.listFails))
	f.touch()
	f.poke()
}
