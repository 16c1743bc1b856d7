package scenario

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
)

// worker is a group of like workers on one queue. Those that are free share one
// poll, as the threads of a consumer do, so that a message wakes one of them
// and not all.
type worker struct {
	workerSpec
	run    *Run
	from   string   // the name of the queue
	to     []string // of those that it forwards to, in the order of the rules
	pen    *pen
	poll   backend.ReceiveMessageInput
	hands  []*hand
	idle   []*hand
	pause  wait // until the next poll, if it is not woken before
	inLine wait // while a poll is out
	ledger
}

// hand is one of the workers and what it holds.
type hand struct {
	batch []backend.Message
	fault *fault // of the first message of the batch, nil if it goes well
	next  wait   // until that is done; without a batch: until the worker is back
}

// retryPause is how long a worker waits after an error of the engine.
const retryPause = 5 * time.Second

func newWorker(r *Run, s *Scenario, spec workerSpec, p *pen) *worker {
	w := &worker{workerSpec: spec, run: r, from: s.queues[spec.queue].name, pen: p}
	for _, f := range spec.forwards {
		w.to = append(w.to, s.queues[f.to].name)
	}
	for range spec.count {
		h := &hand{}
		w.hands, w.idle = append(w.hands, h), append(w.idle, h)
	}
	w.poll = backend.ReceiveMessageInput{
		QueueUrl: w.from, MaxNumberOfMessages: backend.Some(spec.batch),
		WaitTimeSeconds: backend.Some(int(spec.wait / time.Second)),
	}
	if spec.visibility >= 0 {
		w.poll.VisibilityTimeout = backend.Some(int(spec.visibility / time.Second))
	}
	for _, f := range spec.faults {
		if f.attribute != "" {
			w.poll.MessageAttributeNames = append(w.poll.MessageAttributeNames, f.attribute)
		}
	}
	if w.fifo() {
		w.poll.MessageSystemAttributeNames = []string{backend.SysMessageGroupId}
	}
	return w
}

func (w *worker) fifo() bool { return isFIFO(w.from) }

func (w *worker) start(now time.Time) { w.listen(now) }

func (w *worker) stop() {
	w.inLine.end()
	w.pause.end()
	for _, h := range w.hands {
		h.next.end()
	}
}

func (w *worker) state() Actor {
	return Actor{Name: w.name, Kind: Worker, Queue: w.from, Done: w.done, Failed: w.failed, Err: w.err}
}

// listen polls for as long as there are free workers and messages, and waits
// for more if a worker stays free.
func (w *worker) listen(now time.Time) {
	var wake func(now time.Time) // none for a short poll
	if w.wait > 0 {
		wake = w.run.locked(w.again)
	}
	for len(w.idle) > 0 && !w.pause.on() {
		out, cancel, err := w.run.engine.Poll(w.poll, wake)
		switch {
		case err != nil:
			w.note(err)
			w.rest(now, retryPause)
		case len(out.Messages) > 0:
			h := w.idle[len(w.idle)-1]
			w.idle = w.idle[:len(w.idle)-1]
			h.batch = out.Messages
			w.work(h, now)
		case w.wait == 0:
			w.rest(now, w.every)
		default:
			// A long poll that ends empty is followed by another at once.
			w.inLine = wait{number: w.run.nextWait(), cancel: cancel}
			w.rest(now, w.wait)
		}
	}
}

func (w *worker) rest(now time.Time, d time.Duration) { w.pause = w.run.at(now.Add(d), w.again) }

// again ends the waiting, whatever ended it, and polls anew.
func (w *worker) again(now time.Time) {
	w.inLine.end()
	w.pause.end()
	w.listen(now)
}

// work begins with the first message of a worker's batch.
func (w *worker) work(h *hand, now time.Time) {
	h.fault = w.judge(h.batch[0])
	takes := w.takes
	if h.fault != nil && h.fault.takes >= 0 {
		takes = h.fault.takes
	}
	takes = time.Duration(float64(takes) * (1 + w.spread*(2*w.pen.rng.Float64()-1)))
	h.next = w.run.at(now.Add(takes), func(now time.Time) { w.finish(h, now) })
}

// judge finds the rule by which a message fails, if it does.
func (w *worker) judge(m backend.Message) *fault {
	for i := range w.faults {
		f := &w.faults[i]
		if f.matches(m) && (f.chance == 1 || w.pen.rng.Float64() < f.chance) {
			return f
		}
	}
	return nil
}

func (f *fault) matches(m backend.Message) bool {
	if f.attribute != "" {
		a, ok := m.MessageAttributes[f.attribute]
		if !ok || f.valued && a.StringValue.Value != f.value {
			return false
		}
	}
	return strings.Contains(m.Body, f.body)
}

// finish ends the work on the first message of the batch and goes on with the
// next, or with the next poll.
func (w *worker) finish(h *hand, now time.Time) {
	m := h.batch[0]
	h.batch = h.batch[1:]
	if h.fault == nil && w.succeed(m, now) {
		w.done++
	} else {
		w.failed++
		w.fail(h, m, now)
	}
	if len(h.batch) > 0 {
		w.work(h, now)
		return
	}
	if h.fault != nil && h.fault.how == crash && h.fault.after > 0 {
		h.next = w.run.at(now.Add(h.fault.after), func(now time.Time) { w.free(h, now) })
		return
	}
	w.free(h, now)
}

func (w *worker) free(h *hand, now time.Time) {
	h.next = wait{}
	w.idle = append(w.idle, h)
	w.listen(now)
}

// succeed sends what follows from a message and then deletes it. If anything is
// refused the message is left, and comes back.
func (w *worker) succeed(m backend.Message, now time.Time) bool {
	w.pen.now, w.pen.source = now, m.Body
	for i, f := range w.forwards {
		if f.chance < 1 && w.pen.rng.Float64() >= f.chance {
			continue
		}
		if _, err := w.run.sqs.SendMessage(w.run.ctx, f.template.message(w.to[i], w.pen)); err != nil {
			w.note(err)
			return false
		}
	}
	err := w.run.sqs.DeleteMessage(w.run.ctx, backend.DeleteMessageInput{
		QueueUrl: w.from, ReceiptHandle: m.ReceiptHandle,
	})
	w.note(err)
	return err == nil
}

// fail does with a message what its rule says, and on a FIFO queue gives back
// the later messages of its group, which must not be processed before it.
func (w *worker) fail(h *hand, m backend.Message, now time.Time) {
	if h.fault != nil && h.fault.how == crash {
		h.batch = nil
		return
	}
	if h.fault != nil && h.fault.how == giveBack {
		w.note(w.run.sqs.ChangeMessageVisibility(w.run.ctx, backend.ChangeMessageVisibilityInput{
			QueueUrl: w.from, ReceiptHandle: m.ReceiptHandle,
			VisibilityTimeout: backend.Some(int(math.Round(h.fault.after.Seconds()))),
		}))
	}
	if w.fifo() {
		w.giveBackGroup(h, m.Attributes[backend.SysMessageGroupId])
	}
}

func (w *worker) giveBackGroup(h *hand, group string) {
	in := backend.ChangeMessageVisibilityBatchInput{QueueUrl: w.from}
	h.batch = slices.DeleteFunc(h.batch, func(m backend.Message) bool {
		if m.Attributes[backend.SysMessageGroupId] != group {
			return false
		}
		in.Entries = append(in.Entries, backend.ChangeMessageVisibilityBatchEntry{
			Id: strconv.Itoa(len(in.Entries) + 1), ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: backend.Some(0),
		})
		return true
	})
	if len(in.Entries) == 0 {
		return
	}
	out, err := w.run.sqs.ChangeMessageVisibilityBatch(w.run.ctx, in)
	w.note(err)
	for _, f := range out.Failed {
		w.note(entryError(f))
	}
}
