package memory

import "sqscope/backend"

// dedupKey is what a FIFO queue knows a message by for five minutes: its
// deduplication id, and its group where the scope is messageGroup (docs/SQS.md
// 8.1).
type dedupKey struct{ group, id string }

// original is what a duplicate is answered with.
type original struct {
	id     uuid
	number uint64
}

// scope is the DeduplicationScope that sends go by, which follows the attribute
// a while later (2.6).
type scope struct {
	now  string
	next string // from at on; "": no change is coming
	at   int64
}

const (
	scopeQueue        = "queue"
	scopeMessageGroup = "messageGroup"
)

func (s *scope) change(to string, now int64) {
	s.catchUp(now)
	s.next, s.at = to, now+int64(scopeDelay)
}

func (s *scope) catchUp(now int64) {
	if s.next != "" && s.at <= now {
		s.now, s.next = s.next, ""
	}
}

func (q *queue) dedupKey(m *message, group string, now int64) dedupKey {
	q.scope.catchUp(now)
	if q.scope.now == scopeMessageGroup {
		return dedupKey{group, m.dedup}
	}
	return dedupKey{"", m.dedup}
}

// replayed is a message of an earlier receive with a ReceiveRequestAttemptId.
type replayed struct {
	seq     uint64
	receipt uint32
}

// remember keeps what a receive with an attempt id took.
func (q *queue) remember(id backend.Opt[string], taken []*message, now int64) {
	if !id.Set {
		return
	}
	list := make([]replayed, len(taken))
	for i, m := range taken {
		list[i] = replayed{m.seq, m.receipts}
	}
	q.attempts.put(id.Value, list, now)
}

// replay gives the messages of an earlier receive again, with the same receipt
// handles, and restarts their visibility timeouts, if none of them was deleted,
// changed or received by others meanwhile (5.8). Else nil: a new receive.
func (q *queue) replay(id backend.Opt[string], timeout, now int64) []delivery {
	if !id.Set {
		return nil
	}
	list, ok := q.attempts.get(id.Value)
	if !ok {
		return nil
	}
	messages := make([]*message, len(list))
	for i, r := range list {
		m := q.messages.get(r.seq)
		if m == nil || m.receipts != r.receipt || m.changed {
			return nil
		}
		messages[i] = m
	}
	got := make([]delivery, len(messages))
	for i, m := range messages {
		q.setVisibility(m, timeout, now)
		m.received = now
		got[i] = q.delivered(m, now)
	}
	return got
}

// setVisibility hides a message for a while from now on, or makes it visible at
// once.
func (q *queue) setVisibility(m *message, timeout, now int64) {
	until := now + timeout
	switch {
	case timeout > 0 && m.state == inFlight:
		m.until = until
		q.hidden.rekey(m, until)
	case timeout > 0:
		if !q.fifo {
			q.dequeue(m)
		}
		q.hide(m, inFlight, until)
	case m.state == inFlight:
		q.surface(m, now)
	}
}
