package memory

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// queue begins a queue. Its settings are held against the rules as if they had
// been set now; only whether a dead-letter queue exists is not asked, since one
// may have been deleted.
func (r *reader) queue(rec queueRecord) error {
	if err := r.closeQueue(); err != nil {
		return err
	}
	if len(r.w.sections) > 0 {
		return r.bad("queues were expected before sections")
	}
	arn := r.e.arn(rec.Name)
	anyTarget := func(string) (rules.Target, bool) { return rules.Target{FIFO: arn.FIFO()}, true }
	s, err := rules.NewSettings(arn, rec.Attributes, anyTarget)
	if err != nil {
		return r.bad("queue %q: %s", rec.Name, backend.AsError(err).Message)
	}
	if len(rec.Tags) > 0 {
		if err := rules.Tags(rec.Name, nil, rec.Tags); err != nil {
			return r.bad("queue %q: %s", rec.Name, backend.AsError(err).Message)
		}
	}
	h := r.w.head
	before := uint64(0)
	if n := len(r.w.queues); n > 0 {
		before = r.w.queues[n-1].number
	}
	switch {
	case r.names[rec.Name] || rec.Number <= before || rec.Number > h.Created:
		return r.bad("queue %q: a name and a number of its own were expected, in order and up to %d", rec.Name, h.Created)
	case !isTime(rec.Created) || !isTime(rec.Modified) || !isTime(rec.Purged):
		return r.bad("queue %q: times were expected", rec.Name)
	case max(rec.Seq, rec.Turns, rec.Numbers) > countable:
		return r.bad("queue %q: counts below %d were expected", rec.Name, uint64(countable))
	case s.FIFO != (rec.Scope != nil), s.FIFO && rec.Busy != nil, !rec.Busy.sane(), rec.Shown != nil && !isTime(rec.Shown.At):
		return r.bad("queue %q: what a queue of its type has was expected", rec.Name)
	}
	q := newQueue(r.e, rec.Number, arn, s, rec.Tags, rec.Created)
	if q.dice, err = diceOf(rec.Dice); err != nil {
		return r.bad("queue %q: its dice: %v", rec.Name, err)
	}
	q.chance, q.secret = rand.New(q.dice), uint64(h.Secret)
	q.id, q.modified, q.purged = uint64(rec.ID), rec.Modified, rec.Purged
	q.settings.Store(q.newSettings(s))
	q.seen, q.seq, q.echoed = h.Now, rec.Seq, rec.Echoed
	q.counts = counts{rec.Sent, rec.Received, rec.Deleted, rec.Expired}
	if err := r.scope(q, rec.Scope); err != nil {
		return err
	}
	if g := rec.Shown; g != nil {
		q.shown = gauge{g.At, g.Visible, g.InFlight, g.Delayed}
	}
	if rec.Busy != nil {
		q.startFair()
		q.fair.busy = *rec.Busy
	}
	r.q, r.rec, r.part, r.last, r.turns, r.noisy = q, rec, 0, 0, make(map[string]uint64), nil
	r.names[rec.Name] = true
	r.w.queues = append(r.w.queues, q)
	return nil
}

func (r *reader) scope(q *queue, s *scopeRecord) error {
	if s == nil {
		return nil
	}
	for _, word := range []string{s.Now, s.Next} {
		if word != scopeMessageGroup && word != scopeQueue && (word != "" || s.Now == "") {
			return r.bad("queue %q: a scope was expected, not %q", q.name, word)
		}
	}
	if !isTime(s.At) {
		return r.bad("queue %q: a time was expected, not %d", q.name, s.At)
	}
	q.scope = scope{s.Now, s.Next, s.At}
	return nil
}

func (r *reader) group(g groupRecord) error {
	if _, twice := r.turns[g.ID]; twice || !r.q.fifo || g.Turn > r.rec.Turns {
		return r.bad("a group of a FIFO queue with its turn up to %d was expected", r.rec.Turns)
	}
	r.turns[g.ID] = g.Turn
	return nil
}

func (r *reader) tenant(t tenantRecord) error {
	q := r.q
	if q.fair == nil || q.fair.tenants[t.ID] != nil || t.ID == "" || !isTime(t.Idle) || !isTime(t.Due) || !t.Busy.sane() {
		return r.bad("a tenant of a fair queue was expected")
	}
	one := q.fair.tenant(t.ID)
	one.idle, one.busy = t.Idle, t.Busy
	if t.Noisy {
		r.noisy = append(r.noisy, one)
	}
	if t.Due != 0 {
		q.fair.due.set(t.Due, 0, one)
	}
	return nil
}

// sane tells whether a usage is one that messages can have made.
func (u *usage) sane() bool {
	const most = 1 << 42 // ms: the most in flight for a window, with room to multiply
	return u == nil || u.Window >= 0 && u.Now >= 0 && u.Now < most && u.Before >= 0 && u.Before < most
}

func (r *reader) duplicate(d duplicateRecord) error {
	id, ok := parseUUID(d.Of)
	last := r.q.dedup.last()
	if !r.q.fifo || !ok || !isTime(d.At) || d.At < last || d.At > r.w.head.Now || d.ID == "" || d.Number > r.rec.Numbers {
		return r.bad("what a FIFO queue remembers of a message was expected, in order of time")
	}
	r.q.dedup.put(dedupKey{d.Group, d.ID}, original{id, d.Number}, d.At)
	return nil
}

func (r *reader) attempt(a attemptRecord) error {
	if !r.q.fifo || !isTime(a.At) || a.At < r.q.attempts.last() || a.At > r.w.head.Now || len(a.Taken) > rules.MaxReceive {
		return r.bad("an attempt at a FIFO queue was expected, in order of time")
	}
	var list []replayed
	for _, one := range a.Taken {
		list = append(list, replayed{one.Seq, one.Receipt})
	}
	r.q.attempts.put(a.ID, list, a.At)
	return nil
}

func (r *reader) task(rec taskRecord) error {
	q := r.q
	id, ok := parseUUID(rec.ID)
	known := slices.Contains([]backend.TaskStatus{
		backend.TaskRunning, backend.TaskCancelling, backend.TaskCompleted, backend.TaskCancelled, backend.TaskFailed,
	}, rec.Status)
	switch {
	case !ok || !known:
		return r.bad("a move task was expected")
	case len(q.tasks) == keptTasks || len(q.tasks) > 0 && !rec.Status.Done():
		return r.bad("at most %d move tasks were expected, and only the first of them at work", keptTasks)
	case rec.Rate < 0 || rec.Rate > rules.MaxMoveRate || rec.Interval < int64(1e9)/rules.MaxMoveRate || rec.Interval > 1e9:
		return r.bad("a rate of up to %d messages a second was expected", rules.MaxMoveRate)
	case !isTime(rec.Started) || !isTime(rec.Due) || !isTime(rec.Wake) || rec.Total < 0 || rec.Started > r.w.head.Now || rec.Moved < 0 || rec.Last > r.rec.Seq ||
		rec.Order > countable:
		return r.bad("times and counts of a move task were expected")
	}
	t := &moveTask{
		id: id, source: q, to: rec.To, rate: backend.Opt[int]{Value: rec.Rate, Set: rec.Rate > 0}, status: rec.Status,
		reason: rec.Reason, started: rec.Started, total: rec.Total, moved: rec.Moved, last: rec.Last,
		interval: rec.Interval, due: rec.Due, wake: rec.Wake, order: rec.Order,
	}
	q.tasks = append(q.tasks, t)
	if !t.status.Done() {
		r.w.tasks = append(r.w.tasks, t)
	}
	return nil
}

// message stores a message where it was. Its content is held against the rules
// as if it were sent.
func (r *reader) message(rec messageRecord) error {
	q := r.q
	in := rec.input(q.fifo)
	unlimited := rules.Queue{
		Name: q.name, FIFO: q.fifo, ContentBasedDeduplication: true, MaximumMessageSize: rules.MaxMessageSize,
	}
	if err := rules.Send(unlimited, in); err != nil {
		return r.bad("message %d: %s", rec.Seq, backend.AsError(err).Message)
	}
	id, ok := parseUUID(rec.ID)
	at := slices.Index([]backend.State{backend.StateVisible, backend.StateInFlight, backend.StateDelayed}, rec.State)
	switch {
	case !ok || at < 0:
		return r.bad("message %d: an id and a state were expected, not %q and %q", rec.Seq, rec.ID, rec.State)
	case rec.Seq <= r.last || rec.Seq > r.rec.Seq || rec.Rank == 0 || rec.Rank > r.rec.Seq:
		return r.bad("message %d: a sequence was expected that grows up to %d", rec.Seq, r.rec.Seq)
	case !isTime(rec.Sent) || !isTime(rec.First) || !isTime(rec.Received) || !isTime(rec.Until):
		return r.bad("message %d: times were expected", rec.Seq)
	case rec.Number > r.rec.Numbers || rec.Receipts > rec.Receives || state(at) == inFlight && rec.Receipts == 0:
		return r.bad("message %d: counts of receives that fit its state were expected", rec.Seq)
	}
	l := q.letter(&in, rec.Sender)
	m := l.m
	m.seq, m.id, m.sent, m.first, m.received = rec.Seq, id, rec.Sent, rec.First, rec.Received
	m.rank, m.receives, m.receipts, m.changed, m.number = rec.Rank, rec.Receives, rec.Receipts, rec.Changed, rec.Number
	if rec.Source != "" {
		m.extras = m.extras.withSource(rec.Source)
	}
	r.messages++
	r.last = m.seq
	q.keep(m)
	if q.fifo {
		turn, known := r.turns[rec.Group]
		if g := q.groups[rec.Group]; g == nil && !known {
			return r.bad("message %d: a group was expected that is known, not %q", rec.Seq, rec.Group)
		}
		q.join(m, rec.Group)
		if known {
			m.group.turn = turn
			delete(r.turns, rec.Group)
		}
	}
	switch {
	case state(at) != visible:
		q.hide(m, state(at), rec.Until)
	case q.fifo:
		q.refresh(m.group)
	default:
		q.requeue(m)
	}
	return nil
}

// input is the content of a message as it could be sent.
func (rec *messageRecord) input(fifo bool) backend.SendMessageInput {
	in := backend.SendMessageInput{MessageBody: rec.Body}
	if fifo || rec.Group != "" {
		in.MessageGroupId = backend.Some(rec.Group)
	}
	if fifo {
		in.MessageDeduplicationId = backend.Some(rec.Dedup)
	}
	if rec.Trace != "" {
		in.MessageSystemAttributes = map[string]backend.MessageAttribute{
			backend.SysAWSTraceHeader: {DataType: "String", StringValue: backend.Some(rec.Trace)},
		}
	}
	for name, a := range rec.Attributes {
		if in.MessageAttributes == nil {
			in.MessageAttributes = make(map[string]backend.MessageAttribute, len(rec.Attributes))
		}
		one := backend.MessageAttribute{DataType: a.Type, BinaryValue: a.Binary}
		if a.String != nil {
			one.StringValue = backend.Some(*a.String)
		}
		in.MessageAttributes[name] = one
	}
	return in
}

// closeQueue ends the queue whose lines were read and holds it against itself.
func (r *reader) closeQueue() error {
	q := r.q
	if q == nil {
		return nil
	}
	r.q = nil
	if len(r.turns) > 0 {
		return r.bad("queue %q: messages of all its groups were expected", q.name)
	}
	q.turns, q.numbers = r.rec.Turns, r.rec.Numbers
	if q.fair != nil {
		for _, t := range r.noisy {
			q.fair.judge(t, true)
			q.fair.touch(t, q.seen)
		}
		for id, t := range q.fair.tenants {
			if t.stored == 0 && !q.fair.due.has(t) {
				return r.bad("queue %q: messages of the tenant %q were expected", q.name, id)
			}
		}
	}
	c := checker{now: q.seen}
	c.messages(q)
	c.heaps(q)
	c.groups(q)
	c.horizon(q)
	if err := errors.Join(c.errs...); err != nil {
		return r.bad("queue %q: %s", q.name, strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return nil
}
