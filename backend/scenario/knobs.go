package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// The knobs of each kind of actor, of queues and of faults.

func (c *client) self() *client { return c }

// knobbed are a producer's.
func (p *producer) knobbed() []knob {
	least := slowestRate
	if p.burst.every > 0 {
		least = 0
	}
	all := []knob{
		decimalKnob("rate", "messages a second", &p.rate, least, maxRate).when(p.schedule),
		wholeKnob("batch", "messages a request", &p.batch, 1, maxBatch),
	}
	if p.burst.every > 0 {
		all = append(all, decimalKnob("burst", "messages a second in a burst", &p.burst.rate, p.burst.slowest(), maxRate).when(p.schedule))
	}
	return all
}

// slowest is the rate that makes one message a day.
func (b *burst) slowest() float64 { return slowestRate * b.every.Seconds() / b.lasts.Seconds() }

// knobbed are a state machine's.
func (m *machine) knobbed() []knob {
	return []knob{
		decimalKnob("rate", "executions a second", &m.rate, slowestRate, maxRate).when(m.schedule),
		timeKnob("timeout", "how long a task waits", &m.timeout, time.Second, maxAge).when(m.expire),
	}
}

// knobbed are a group of workers'.
func (w *worker) knobbed() []knob {
	asked := func(k knob) knob {
		return k.checked(w.taken).when(func(time.Time) { w.ask() })
	}
	all := append(w.handling.knobs(),
		asked(wholeKnob("batch", "", &w.batch, math.MinInt32, math.MaxInt32).
			limited(fmt.Sprintf("MaxNumberOfMessages of a receive, 1 to %d", rules.MaxReceive))),
		asked(timeKnob("wait", "", &w.wait, 0, longest).limited(fmt.Sprintf("WaitTimeSeconds of a receive, 0s to %ds", rules.MaxWait))),
		asked(w.visibilityKnob()),
		timeKnob("heartbeat", "time between heartbeats, 0s for none", &w.heartbeat.every, 0, longest).
			checked(w.heartbeat.check).when(w.beat),
		wholeKnob("extension", "seconds for which a heartbeat hides messages", &w.heartbeat.lasts, 0, rules.MaxVisibility).
			checked(w.heartbeat.check),
		switchKnob("together", "the messages of a batch are deleted at its end", &w.together),
		switchKnob("partial", "then those that were processed, though another failed", &w.partial),
	)
	if w.play.scenario.scalerOf(w.name) == nil {
		all = append(all, wholeKnob("workers", "workers side by side", &w.count, 0, maxWorkers).
			when(func(now time.Time) { w.resize(w.count, 0, now) }))
	}
	return all
}

// taken asks the rules of SQS whether they take a worker's receive.
func (w *worker) taken() error {
	in := backend.ReceiveMessageInput{
		QueueUrl: w.reads[0], MaxNumberOfMessages: backend.Some(w.batch), WaitTimeSeconds: backend.Some(seconds(w.wait)),
	}
	if w.visibility >= 0 {
		in.VisibilityTimeout = backend.Some(seconds(w.visibility))
	}
	for _, d := range []time.Duration{w.wait, max(w.visibility, 0)} {
		if d%time.Second != 0 {
			return refused("whole seconds: SQS does not take a part of one", d.String())
		}
	}
	return rules.Receive(w.play.scenario.queues[w.queue].rules, in)
}

func seconds(d time.Duration) int { return int(d / time.Second) }

// queueOwn is the value for what a queue decides.
const queueOwn = "queue"

// visibilityKnob is a duration, or the queue's.
func (w *worker) visibilityKnob() knob {
	k := timeKnob("visibility", "", &w.visibility, 0, 24*time.Hour).
		limited(fmt.Sprintf("VisibilityTimeout of a receive, 0s to %s, or %s", spanText(rules.MaxVisibility*time.Second), queueOwn))
	set, value := k.set, k.value
	k.set = func(text string) error {
		if text == queueOwn {
			w.visibility = -1
			return nil
		}
		return set(text)
	}
	k.value = func() string {
		if w.visibility < 0 {
			return queueOwn
		}
		return value()
	}
	return k
}

func (h *heartbeat) check() error {
	if h.every > 0 && h.every < time.Second {
		return refused("at least 1s, or 0s for none", h.every.String())
	}
	return rules.Visibility(backend.Some(h.lasts))
}

// beat begins or ends the heartbeats of those who hold messages.
func (w *worker) beat(now time.Time) {
	for _, h := range w.hands {
		h.beat.end()
		if len(h.batch) > 0 && w.heartbeat.every > 0 {
			h.beat.begin(now.Add(w.heartbeat.every))
		}
	}
}

// knobbed are a function's.
func (l *lambda) knobbed() []knob {
	settle := func(now time.Time) {
		if len(l.gathered) >= l.batch {
			l.dispatch(now)
		}
		l.ask()
		l.resume(now)
	}
	most := maxBatch
	if l.window > 0 {
		most = maxLambdaBatch
	}
	return append(l.handling.knobs(),
		wholeKnob("batch", "BatchSize of the mapping", &l.batch, 1, most).when(settle),
		wholeKnob("concurrency", "invocations at a time", &l.concurrency, 1, maxWorkers).when(settle),
		wholeKnob("maximum", "", &l.maximum, 0, maxWorkers).limited("MaximumConcurrency, 2 to 1000, or 0 for none").checked(func() error {
			if l.maximum == 1 {
				return refused("2 to 1000, or 0 for none", "1")
			}
			return nil
		}).when(settle),
		timeKnob("timeout", "of an invocation", &l.timeout, time.Second, 15*time.Minute),
		switchKnob("report", "ReportBatchItemFailures", &l.report),
	)
}

// knobbed are a topic's: there is none.
func (t *topic) knobbed() []knob { return nil }

// knobbed are a scaler's.
func (s *scaler) knobbed() []knob {
	return []knob{
		wholeKnob("min", "workers at least", &s.least, 0, maxWorkers).checked(s.check),
		wholeKnob("max", "workers at most", &s.most, 1, maxWorkers).checked(s.check),
		wholeKnob("backlog", "visible messages for each worker", &s.backlog, 1, maxMessages),
	}
}

func (s *scaler) check() error {
	if s.least > s.most {
		return refused("a min that is not above max", fmt.Sprintf("%d to %d", s.least, s.most))
	}
	return nil
}

// knobbed are a downstream's.
func (d *downstream) knobbed() []knob {
	return []knob{
		wholeKnob("limit", "calls a second, 0 for no limit", &d.limit, 0, maxRate),
		switchKnob("down", "it refuses everything", &d.off),
	}
}

// knobs are those of what a consumer does with a message: the chance of each rule
// by which messages fail among them.
func (h *handling) knobs() []knob {
	all := []knob{timeKnob("takes", "processing time of a message", &h.takes, time.Millisecond, longest)}
	for i := range h.faults {
		all = append(all, decimalKnob("fail "+strconv.Itoa(i+1), "chance of the rule "+h.faults[i].says(), &h.faults[i].chance, 0, 1))
	}
	if h.effective {
		says := fmt.Sprintf("what is asked before a side effect, none, %s or %s", messageKey, effectKey)
		all = append(all, knob{
			name: "idempotency", says: says,
			value: func() string { return or(string(h.idempotency), "none") },
			set: func(text string) error {
				if !slices.Contains([]string{"none", string(messageKey), string(effectKey)}, text) {
					return refused(says, text)
				}
				if h.idempotency = idempotency(text); text == "none" {
					h.idempotency = noKey
				}
				return nil
			},
		})
	}
	return all
}

func or(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

// says is a rule in words.
func (f *fault) says() string {
	switch {
	case f.attribute != "" && f.valued:
		return fmt.Sprintf("that fails %s = %q", f.attribute, f.value)
	case f.attribute != "":
		return "that fails what has " + f.attribute
	case f.body != "":
		return fmt.Sprintf("that fails what contains %q", f.body)
	}
	return "that fails any message"
}

// queueSeconds are the attributes of a queue that are knobs, all in seconds.
func queueSeconds() []string {
	return []string{
		backend.AttrVisibilityTimeout, backend.AttrMessageRetentionPeriod, backend.AttrDelaySeconds,
		backend.AttrReceiveMessageWaitTimeSeconds,
	}
}

// maxReceiveCount is the knob of a queue's redrive policy, under its own name.
const maxReceiveCount = "maxReceiveCount"

func queueKnobNames() []string { return append(queueSeconds(), maxReceiveCount) }

func faultNames() []string {
	var names []string
	for _, k := range backend.FaultKinds() {
		names = append(names, string(k))
	}
	return names
}

// queueNames are all queues by name, whoever made them.
func (r *Run) queueNames() []string {
	var names []string
	for _, h := range r.engine.Heaps() {
		names = append(names, h.ARN.Name)
	}
	return names
}

// queueKnobs are those of queues and of faults. With the lock held.
func (r *Run) queueKnobs(ctx context.Context) ([]Knob, error) {
	if r.scenario == nil {
		return nil, nil
	}
	set, err := r.engine.ListFaults(ctx)
	if err != nil {
		return nil, err
	}
	chance := map[string]float64{}
	for _, f := range set {
		chance[f.ID] = f.Probability
	}
	faults := func(queue string) (all []Knob) {
		for _, kind := range faultNames() {
			p := chance[faultID(queue, kind)]
			all = append(all, Knob{
				Subject: queue, Name: kind, Value: strconv.FormatFloat(p, 'g', -1, 64), Says: "probability of the fault, 0 to 1",
			})
		}
		return all
	}
	all := faults(AllQueues)
	for _, queue := range r.queueNames() {
		attrs, err := r.engine.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{QueueUrl: queue, AttributeNames: []string{backend.AttrAll}})
		if backend.KindOf(err) == backend.KindNotFound && err != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, name := range queueSeconds() {
			lo, hi, _ := secondsOf(name)
			all = append(all, Knob{
				Subject: queue, Name: name, Value: secondsText(attrs.Attributes[name]), Says: fmt.Sprintf("whole seconds, %d to %d", lo, hi),
			})
		}
		if p, err := rules.ParseRedrivePolicy(attrs.Attributes[backend.AttrRedrivePolicy]); err == nil && p.MaxReceiveCount > 0 {
			all = append(all, Knob{
				Subject: queue, Name: maxReceiveCount, Value: strconv.Itoa(p.MaxReceiveCount),
				Says: fmt.Sprintf("receives before the dead-letter queue, 1 to %d", rules.MaxReceiveCount),
			})
		}
		all = append(all, faults(queue)...)
	}
	return all, nil
}

// secondsText is an attribute in seconds as a knob has it, whole days as days.
func secondsText(s string) string {
	if n, err := strconv.Atoi(s); err == nil && n > 0 && n%(24*60*60) == 0 {
		return strconv.Itoa(n/(24*60*60)) + "d"
	}
	return s + "s"
}

// setQueueKnob turns a knob of a queue or of a fault. With the lock held.
func (r *Run) setQueueKnob(ctx context.Context, subject, name, value string) error {
	isQueue := slices.Contains(r.queueNames(), subject)
	switch {
	case (isQueue || subject == AllQueues) && slices.Contains(faultNames(), name):
		return r.setFaultKnob(ctx, subject, backend.FaultKind(name), value)
	case !isQueue:
		return r.noKnob(subject, name)
	case name == maxReceiveCount:
		return r.setMaxReceiveCount(ctx, subject, value)
	case !slices.Contains(queueSeconds(), name):
		return r.noKnob(subject, name)
	}
	// What is no duration goes to SQS as it is, whose reason then is the answer.
	if d, ok := backend.ParseSpan(value); ok && d%time.Second == 0 {
		value = strconv.Itoa(seconds(d))
	}
	return r.engine.SetQueueAttributes(ctx, backend.SetQueueAttributesInput{QueueUrl: subject, Attributes: map[string]string{name: value}})
}

func (r *Run) setMaxReceiveCount(ctx context.Context, queue, value string) error {
	attrs, err := r.engine.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{
		QueueUrl: queue, AttributeNames: []string{backend.AttrRedrivePolicy},
	})
	if err != nil {
		return err
	}
	old, err := rules.ParseRedrivePolicy(attrs.Attributes[backend.AttrRedrivePolicy])
	if err != nil || old.MaxReceiveCount == 0 {
		e := backend.Errorf(backend.KindConflict, "it has no dead-letter queue, so nothing counts its receives")
		e.Subject = queue
		return e
	}
	policy, err := json.Marshal(map[string]any{"deadLetterTargetArn": old.DeadLetterTargetArn, "maxReceiveCount": value})
	if err != nil {
		return backend.AsError(err)
	}
	return r.engine.SetQueueAttributes(ctx, backend.SetQueueAttributesInput{
		QueueUrl: queue, Attributes: map[string]string{backend.AttrRedrivePolicy: string(policy)},
	})
}

// faultID is that of the fault that a knob sets.
func faultID(queue, kind string) string {
	if queue == AllQueues {
		return "knob-" + kind
	}
	return "knob-" + kind + "-" + queue
}

// How late an answer, and how old a count is, where a knob sets the fault.
const (
	knobLatency = 2 * time.Second
	knobLag     = time.Minute
)

func (r *Run) setFaultKnob(ctx context.Context, queue string, kind backend.FaultKind, value string) error {
	p, err := strconv.ParseFloat(value, 64)
	if err != nil || !(p >= 0 && p <= 1) {
		return refused("a probability, 0 to 1", value)
	}
	f := backend.Fault{ID: faultID(queue, string(kind)), Kind: kind, Probability: p}
	if queue != AllQueues {
		f.Queue = queue
	}
	switch kind {
	case backend.FaultLatency:
		f.Duration = knobLatency
	case backend.FaultLaggingCounts:
		f.Duration = knobLag
	}
	if p > 0 {
		_, err = r.engine.SetFault(ctx, f)
		return err
	}
	if err := r.engine.ClearFaults(ctx, []string{f.ID}); backend.KindOf(err) != backend.KindNotFound {
		return err
	}
	return nil // It was not set.
}
