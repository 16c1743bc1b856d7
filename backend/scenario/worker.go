package scenario

import (
	"math"
	"slices"
	"time"

	"sqscope/backend"
)

// workerSpec is a group of like workers as the file declares them.
type workerSpec struct {
	name       string
	queue      int
	count      int
	batch      int
	wait       time.Duration
	every      time.Duration // pause after an empty short poll
	visibility time.Duration // -1: the queue's
	heartbeat  heartbeat
	together   bool // deletes a batch at its end
	partial    bool // then: what was processed is deleted though another failed
	handlingSpec
}

// heartbeat begins the visibility timeouts of all that a worker holds anew, each
// time after a while; none if every is 0.
type heartbeat struct {
	every time.Duration
	lasts int // seconds
}

// worker is a group of like workers on one queue, at work.
type worker struct {
	workerSpec
	client
	handling handling
	poller   poller
	hands    []*hand
	idle     []*hand // the next to work at the end
	most     int     // hands at a time so far
	reads    []string
	writes   []string
}

// hand is one of the workers and what it holds.
type hand struct {
	batch   []backend.Message // not processed yet, the first is at work
	done    []backend.Message // processed, to be deleted together
	fault   *fault            // of the first message of the batch, nil if it goes well
	since   time.Time         // when it got what it holds, or went away
	next    *wait             // until the first message is done; without a batch: until the worker is back
	beat    *wait
	leaving bool // it goes once it has nothing to wait for
}

func newWorker(c client, spec workerSpec) *worker {
	w := &worker{workerSpec: spec, client: c}
	w.faults = slices.Clone(spec.faults) // knobs turn them
	w.handling = handling{handlingSpec: &w.handlingSpec, c: &w.client, highest: map[string]int{}}
	w.poller.open(&w.client, spec.queue)
	w.poller.wants = func() bool { return len(w.idle) > 0 }
	w.poller.take = w.take
	w.ask()
	for range spec.count {
		w.idle = append(w.idle, w.hire())
	}
	w.reads, w.writes = []string{w.queueName(w.queue)}, w.writesOf(w.forwards, w.calls)
	return w
}

// ask makes the receive that the workers share of what they are told.
func (w *worker) ask() {
	w.poller.wait, w.poller.every = w.wait, w.every
	in := &w.poller.in
	in.MaxNumberOfMessages, in.WaitTimeSeconds = backend.Some(w.batch), backend.Some(int(w.wait/time.Second))
	in.VisibilityTimeout = backend.Opt[int]{}
	if w.visibility >= 0 {
		in.VisibilityTimeout = backend.Some(int(w.visibility / time.Second))
	}
	in.MessageAttributeNames = w.handling.attributes()
	if w.fifo() {
		in.MessageSystemAttributeNames = []string{backend.SysMessageGroupId}
	}
}

func (w *worker) fifo() bool { return isFIFO(w.poller.in.QueueUrl) }

func (w *worker) hire() *hand {
	h := &hand{}
	h.next = w.run.wait(func(now time.Time) { w.ring(h, now) })
	h.beat = w.run.wait(func(now time.Time) { w.extend(h, now) })
	w.hands = append(w.hands, h)
	w.most = max(w.most, len(w.hands))
	return h
}

func (w *worker) start(now time.Time) { w.poller.listen(now) }

func (w *worker) stop() {
	w.poller.end()
	for _, h := range w.hands {
		h.next.end()
		h.beat.end()
	}
}

func (w *worker) take(messages []backend.Message, now time.Time) {
	h := w.idle[len(w.idle)-1]
	w.idle = w.idle[:len(w.idle)-1]
	h.batch, h.since = messages, now
	if w.heartbeat.every > 0 {
		h.beat.begin(now.Add(w.heartbeat.every))
	}
	w.work(h, now)
}

// work begins with the first message of a worker's batch.
func (w *worker) work(h *hand, now time.Time) {
	h.fault = w.handling.judge(&h.batch[0], now)
	h.next.begin(now.Add(w.handling.time(h.fault)))
}

// ring is the end of what a worker waits for.
func (w *worker) ring(h *hand, now time.Time) {
	if len(h.batch) > 0 {
		w.finish(h, now)
		return
	}
	w.free(h, now)
}

// finish ends the work on the first message of the batch and goes on with the
// next, or with the next poll.
func (w *worker) finish(h *hand, now time.Time) {
	m := h.batch[0]
	h.batch = h.batch[1:]
	if w.succeed(h, &m, now) {
		if !w.together {
			w.Done++
		}
	} else {
		w.Failed++
		w.fail(h, &m, now)
	}
	switch {
	case len(h.batch) > 0:
		w.work(h, now)
	case h.fault != nil && h.fault.how.fatal() && h.fault.after > 0:
		w.end(h, now)
		h.since = now
		h.next.begin(now.Add(h.fault.after))
	default:
		w.end(h, now)
		w.free(h, now)
	}
}

// end ends a batch: what is deleted together is deleted now. A worker that died
// has nothing any more.
func (w *worker) end(h *hand, now time.Time) {
	h.beat.end()
	if len(h.done) > 0 {
		n := w.deleteAll(w.queue, h.done, now)
		w.Done += uint64(n)
		w.Failed += uint64(len(h.done) - n)
		h.done = nil
	}
}

func (w *worker) free(h *hand, now time.Time) {
	h.since = time.Time{}
	if h.leaving {
		w.hands = slices.DeleteFunc(w.hands, func(o *hand) bool { return o == h })
		return
	}
	w.idle = append(w.idle, h)
	w.poller.listen(now)
}

// succeed does what a message is there for, if it does not fail, and deletes it
// or keeps it to be deleted. If anything is refused the message is left, and
// comes back.
func (w *worker) succeed(h *hand, m *backend.Message, now time.Time) bool {
	if h.fault != nil && h.fault.how != crashLate {
		return false
	}
	if !w.handling.process(m, now) || h.fault != nil {
		return false
	}
	if w.together {
		h.done = append(h.done, *m)
		return true
	}
	return w.delete(w.queue, m, now)
}

// fail does with a message what its rule says, and on a FIFO queue gives back
// the later messages of its group, which must not be processed before it.
func (w *worker) fail(h *hand, m *backend.Message, now time.Time) {
	if h.fault != nil && h.fault.how.fatal() {
		w.Crashed++
		h.batch, h.done = nil, nil
		return
	}
	after := 0
	if h.fault != nil {
		after = int(math.Round(h.fault.after.Seconds()))
	}
	back := h.fault != nil && h.fault.how == giveBack
	if back {
		w.hide(w.queue, []backend.Message{*m}, after, now)
	}
	switch {
	case w.together && !w.partial: // the batch fails as a whole
		rest := slices.Concat(h.done, h.batch)
		h.done, h.batch = nil, nil
		w.Failed += uint64(len(rest))
		if back {
			w.hide(w.queue, rest, after, now)
		}
	case w.fifo():
		w.giveBackGroup(h, m.Attributes[backend.SysMessageGroupId], now)
	}
}

func (w *worker) giveBackGroup(h *hand, group string, now time.Time) {
	var back []backend.Message
	h.batch = slices.DeleteFunc(h.batch, func(m backend.Message) bool {
		if m.Attributes[backend.SysMessageGroupId] != group {
			return false
		}
		back = append(back, m)
		return true
	})
	w.hide(w.queue, back, 0, now)
}

// extend is a heartbeat: all that a worker holds stays hidden for a while from
// now on.
func (w *worker) extend(h *hand, now time.Time) {
	if w.heartbeat.every == 0 {
		return // It has been switched off.
	}
	held := slices.Concat(h.done, h.batch)
	w.Extended += uint64(w.hide(w.queue, held, w.heartbeat.lasts, now))
	h.beat.begin(now.Add(w.heartbeat.every))
}

// size is how many workers there are that do not leave.
func (w *worker) size() int {
	n := 0
	for _, h := range w.hands {
		if !h.leaving {
			n++
		}
	}
	return n
}

// resize makes there be n workers. New ones are there after boot; of those that
// go, the free ones go first, and the others once they have processed what they
// hold.
func (w *worker) resize(n int, boot time.Duration, now time.Time) {
	for _, h := range slices.Backward(w.hands) {
		if w.size() < n && h.leaving {
			h.leaving = false
		}
	}
	for w.size() < n {
		h := w.hire()
		if boot > 0 {
			h.since = now
			h.next.begin(now.Add(boot))
			continue
		}
		w.idle = append(w.idle, h)
	}
	for w.size() > n && len(w.idle) > 0 {
		h := w.idle[0]
		w.idle = w.idle[1:]
		w.hands = slices.DeleteFunc(w.hands, func(o *hand) bool { return o == h })
	}
	for _, h := range slices.Backward(w.hands) {
		if w.size() > n {
			h.leaving = true
		}
	}
	w.poller.settle(now)
}

func (w *worker) state() Actor { return w.client.state(Worker, w.reads[0]) }

func (w *worker) figure(time.Time) Figure {
	f := Figure{Actor: w.state(), Reads: w.reads, Writes: w.writes, Gauge: Gauge{Limit: w.size(), Peak: w.most}}
	f.Hands = make([]Hand, len(w.hands))
	for i, h := range w.hands {
		f.Hands[i] = h.figure()
		if f.Hands[i].State == HandWorking {
			f.Gauge.Level++
		}
	}
	return f
}

func (h *hand) figure() Hand {
	one := Hand{State: HandFree, Since: h.since}
	if h.next.on() {
		one.State, one.Until = HandAway, h.next.at
	}
	if len(h.batch) > 0 {
		one.State, one.Failing = HandWorking, h.fault != nil
		one.Messages = append(idsOf(h.batch), idsOf(h.done)...)
	}
	return one
}

func idsOf(messages []backend.Message) []string {
	ids := make([]string, len(messages))
	for i := range messages {
		ids[i] = messages[i].MessageId
	}
	return ids
}
