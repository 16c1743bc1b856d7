package scenario

import (
	"slices"
	"strconv"
	"time"

	"sqscope/backend"
)

// lambdaSpec is a Lambda function with an event source mapping on a queue, as the
// file declares it (docs/SQS.md 10.7).
type lambdaSpec struct {
	name        string
	queue       int
	batch       int           // BatchSize
	window      time.Duration // MaximumBatchingWindowInSeconds
	pollers     int
	maximum     int           // ScalingConfig.MaximumConcurrency; 0: none
	concurrency int           // reserved for the function
	timeout     time.Duration // of an invocation
	report      bool          // ReportBatchItemFailures
	handlingSpec
}

// lambda is a function and its mapping. Pollers receive, gather a batch and
// invoke the function with it; what it processed is deleted when it returns.
// Without a free function a batch is throttled: its poller holds it and tries
// again until the visibility timeout of its messages ends, and then gives it up,
// so that nobody but the receive count has ever seen them.
type lambda struct {
	lambdaSpec
	client
	handling handling
	poller   poller
	gathered []backend.Message // not a batch yet
	since    time.Time         // when the first of these came
	gather   *wait             // until they become one
	held     []*throttled
	running  []*invocation
	peak     int
	reads    []string
	writes   []string
}

// throttled is a batch that finds no free function.
type throttled struct {
	batch []backend.Message
	since time.Time
	end   *wait // of the visibility timeout
}

// invocation is a function at work on a batch, one message after the other.
type invocation struct {
	batch  []backend.Message
	at     int    // of the message that it is at
	failed []bool // of those before
	fault  *fault // of the message that it is at
	since  time.Time
	next   *wait
}

func newLambda(c client, spec lambdaSpec) *lambda {
	l := &lambda{lambdaSpec: spec, client: c}
	l.faults = slices.Clone(spec.faults) // knobs turn them
	l.handling = handling{handlingSpec: &l.handlingSpec, c: &l.client, highest: map[string]int{}}
	l.gather = c.run.wait(func(now time.Time) {
		l.dispatch(now)
		l.poller.settle(now)
	})
	l.poller.open(&l.client, spec.queue)
	l.poller.wait = longPoll
	l.poller.wants, l.poller.take = l.wants, l.take
	in := &l.poller.in
	in.WaitTimeSeconds = backend.Some(int(longPoll / time.Second))
	in.MessageAttributeNames = l.handling.attributes()
	in.MessageSystemAttributeNames = []string{backend.SysMessageGroupId}
	l.ask()
	l.reads, l.writes = []string{l.queueName(l.queue)}, l.writesOf(l.forwards, l.calls)
	return l
}

// longPoll is how long the pollers of a mapping wait for messages.
const longPoll = 20 * time.Second

func (l *lambda) ask() {
	l.poller.in.MaxNumberOfMessages = backend.Some(min(l.batch-len(l.gathered), maxBatch))
}

func (l *lambda) start(now time.Time) { l.poller.listen(now) }

func (l *lambda) stop() {
	l.poller.end()
	l.gather.end()
	for _, h := range l.held {
		h.end.end()
	}
	for _, i := range l.running {
		i.next.end()
	}
}

// wants tells whether a poller is free, and may receive: with a maximum
// concurrency none does for which there would be no function.
func (l *lambda) wants() bool {
	return len(l.held) < l.pollers && len(l.gathered) < l.batch && (l.maximum == 0 || len(l.running) < l.maximum)
}

func (l *lambda) take(messages []backend.Message, now time.Time) {
	if len(l.gathered) == 0 {
		l.since = now
	}
	l.gathered = append(l.gathered, messages...)
	switch {
	case len(l.gathered) >= l.batch || l.window == 0:
		l.dispatch(now)
	case !l.gather.on():
		l.gather.begin(now.Add(l.window))
	}
	l.ask()
}

// dispatch invokes the function with what was gathered, or has it throttled.
func (l *lambda) dispatch(now time.Time) {
	l.gather.end()
	batch := l.gathered
	l.gathered = nil
	l.ask()
	if len(l.running) < l.free() {
		l.invoke(batch, now)
		return
	}
	l.Throttled++
	l.hold(batch, now).end.begin(l.since.Add(l.visibility()))
}

// free is how many invocations there can be at a time.
func (l *lambda) free() int {
	if l.maximum > 0 {
		return min(l.maximum, l.concurrency)
	}
	return l.concurrency
}

// visibility is the queue's visibility timeout at this moment. The mapping was
// told of it when it was made, so this is no request.
func (l *lambda) visibility() time.Duration {
	out, err := l.run.engine.GetQueueAttributes(l.run.ctx, backend.GetQueueAttributesInput{
		QueueUrl: l.reads[0], AttributeNames: []string{backend.AttrVisibilityTimeout},
	})
	l.note(err)
	seconds, err := strconv.Atoi(out.Attributes[backend.AttrVisibilityTimeout])
	if err != nil {
		return 0 // The queue is gone, and its messages with it.
	}
	return time.Duration(seconds) * time.Second
}

func (l *lambda) hold(batch []backend.Message, since time.Time) *throttled {
	h := &throttled{batch: batch, since: since}
	h.end = l.run.wait(func(now time.Time) { l.giveUp(h, now) })
	l.held = append(l.held, h)
	return h
}

func (l *lambda) giveUp(h *throttled, now time.Time) {
	l.Unseen += uint64(len(h.batch))
	l.Failed += uint64(len(h.batch))
	l.held = slices.DeleteFunc(l.held, func(o *throttled) bool { return o == h })
	l.poller.settle(now)
}

func (l *lambda) invoke(batch []backend.Message, now time.Time) {
	l.Invocations++
	i := l.call(batch, now)
	l.work(i, now)
}

func (l *lambda) call(batch []backend.Message, since time.Time) *invocation {
	i := &invocation{batch: batch, failed: make([]bool, 0, len(batch)), since: since}
	i.next = l.run.wait(func(now time.Time) { l.ring(i, now) })
	l.running = append(l.running, i)
	l.peak = max(l.peak, len(l.running))
	return i
}

// work begins with the next message, for as long as it takes or the function may.
func (l *lambda) work(i *invocation, now time.Time) {
	i.fault = l.handling.judge(&i.batch[i.at], now)
	end := now.Add(l.handling.time(i.fault))
	if deadline := i.since.Add(l.timeout); end.After(deadline) {
		end = deadline
	}
	i.next.begin(end)
}

// ring is the end of a message, or of the function's time.
func (l *lambda) ring(i *invocation, now time.Time) {
	m := &i.batch[i.at]
	switch {
	case !now.Before(i.since.Add(l.timeout)):
		l.TimedOut++
		l.over(i, nil, now)
		return
	case i.fault != nil && i.fault.how.fatal():
		if i.fault.how == crashLate {
			l.handling.process(m, now)
		}
		l.Crashed++
		l.over(i, nil, now)
		return
	}
	ok := i.fault == nil && l.handling.process(m, now)
	i.failed = append(i.failed, !ok)
	i.at++
	switch {
	case !ok && !l.report: // an exception: the function returns nothing
		l.over(i, nil, now)
	case !ok && isFIFO(l.reads[0]): // and so are all behind it
		l.over(i, i.succeeded(), now)
	case i.at == len(i.batch):
		l.over(i, i.succeeded(), now)
	default:
		l.work(i, now)
	}
}

func (i *invocation) succeeded() []backend.Message {
	var good []backend.Message
	for k, bad := range i.failed {
		if !bad {
			good = append(good, i.batch[k])
		}
	}
	return good
}

// over ends an invocation. Lambda deletes what succeeded and does nothing with the
// rest, which comes back when its visibility timeout ends.
func (l *lambda) over(i *invocation, good []backend.Message, now time.Time) {
	done := l.deleteAll(l.queue, good, now)
	l.Done += uint64(done)
	l.Failed += uint64(len(i.batch) - done)
	l.running = slices.DeleteFunc(l.running, func(o *invocation) bool { return o == i })
	l.resume(now)
}

// resume invokes functions with batches that were throttled, as many as are free.
func (l *lambda) resume(now time.Time) {
	for len(l.held) > 0 && len(l.running) < l.free() {
		h := l.held[0]
		l.held = l.held[1:]
		h.end.end()
		l.invoke(h.batch, now)
	}
	l.poller.settle(now)
}

func (l *lambda) state() Actor { return l.client.state(Lambda, l.reads[0]) }

func (l *lambda) figure(time.Time) Figure {
	f := Figure{
		Actor: l.state(), Reads: l.reads, Writes: l.writes,
		Gauge: Gauge{Level: len(l.running), Limit: l.free(), Peak: l.peak},
	}
	for _, i := range l.running {
		f.Hands = append(f.Hands, Hand{
			State: HandWorking, Since: i.since, Until: i.next.at, Failing: i.fault != nil,
			Messages: append(idsOf(i.batch[i.at:]), idsOf(i.batch[:i.at])...),
		})
	}
	for _, h := range l.held {
		f.Hands = append(f.Hands, Hand{State: HandHolding, Since: h.since, Until: h.end.at, Messages: idsOf(h.batch)})
	}
	if len(l.gathered) > 0 {
		f.Hands = append(f.Hands, Hand{State: HandHolding, Since: l.since, Until: l.gather.at, Messages: idsOf(l.gathered)})
	}
	return f
}
