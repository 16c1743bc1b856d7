package move

import (
	"context"
	"crypto/rand"
	"time"

	"sqscope/backend"
)

const (
	tens    = 10               // the most that a receive or a batch holds (docs/SQS.md 1.13, 1.16)
	grace   = 20 * time.Second // for an answer, beyond the wait of a long poll
	tries   = 3                // of what may be tried again
	backoff = 200 * time.Millisecond
)

// scan is the receiving side of a run.
type scan struct {
	visible int // at the start; negative: not known
	pass    int // from 1: a scan may be gone through once more
	out     int // receives out
	asked   int // messages they may bring
	read    int // messages received in this pass, each once
	row     int // receives in a row that brought nothing new
	errors  int // receives in a row that failed
	turns   int // deliveries to us
	attempt string
	over    Stop      // why no more is received; "": it goes on
	repeats bool      // the last receive that brought nothing new brought something
	pause   time.Time // nothing is received before
	hidden  time.Time // until then messages may be on the lease of an earlier run
}

// reason is why a run ended that nobody stopped.
func (s *scan) reason(r *run) Stop {
	switch {
	case s.over == StopEmpty && r.o.From.ARN.FIFO() && r.onLease() > 0:
		return StopGroups
	case s.over != "":
		return s.over
	case r.allNamed() && !r.cut(r.o.Most, r.taken) && !r.cut(r.o.Tries, r.tally.chosen):
		return StopAll
	}
	return StopMost
}

// cut tells whether a limit kept messages that were named from being come to.
func (r *run) cut(limit, n int) bool { return limit > 0 && n >= limit && n < len(r.named) }

// allNamed tells whether every message came that was named, or that an earlier
// run left unfinished.
func (r *run) allNamed() bool {
	switch {
	case r.resuming:
		return r.tally.past == 0
	case r.named == nil:
		return false
	}
	return r.tally.named == len(r.named)
}

// wantsReceive tells whether one more receive is of use now: there is room for
// what it brings, something is still wanted, and there may be something there.
func (r *run) wantsReceive(now time.Time) bool {
	s := &r.scan
	switch {
	case r.stop != "" || s.over != "" || now.Before(s.pause):
		return false
	case r.o.From.ARN.FIFO() && (r.out > 0 || r.pending() > 0 || len(r.doomed) > 0):
		return false // what a group has in flight locks the rest of it (8.3)
	case r.pending()+s.asked >= r.ahead():
		return false
	case r.tally.owed > 0: // their next lease is needed, whatever else is not
	case r.allNamed() || r.wanted() <= 0:
		return false
	}
	return s.out == 0 || s.visible < 0 || s.asked < s.visible-s.read
}

// ahead is how many messages may be on lease before their batch is sent.
func (r *run) ahead() int {
	if r.pace.limited {
		return tens * len(r.pools)
	}
	return tens * (r.o.Parallel + len(r.pools))
}

// wanted is how many more messages may be taken. What receives may bring counts
// only where every message is chosen.
func (r *run) wanted() int {
	n := r.more()
	if r.everything() {
		n -= r.scan.asked
	}
	return n
}

func (r *run) everything() bool { return r.named == nil && r.o.Select == nil && !r.resuming }

func (r *run) launchReceive() {
	s, n := &r.scan, tens
	if r.everything() && r.tally.owed == 0 {
		n = min(n, r.wanted())
	}
	in := backend.ReceiveMessageInput{
		QueueUrl: r.o.From.URL, MaxNumberOfMessages: backend.Some(n),
		VisibilityTimeout: backend.Some(seconds(r.o.Lease)), WaitTimeSeconds: backend.Some(seconds(r.o.Wait)),
		MessageSystemAttributeNames: []string{backend.AttrAll}, MessageAttributeNames: []string{backend.AttrAll},
	}
	if r.o.From.ARN.FIFO() { // an answer that was lost is given again (5.8)
		if s.attempt == "" {
			s.attempt = rand.Text()
		}
		in.ReceiveRequestAttemptId = backend.Some(s.attempt)
	}
	s.out++
	s.asked += n
	note := r.resuming || r.tally.owed > 0
	r.spawn("move receive", func() func() {
		if note { // who finishes the move has to know how long to wait for what this brings
			if err := r.log.put(line{At: time.Now(), Hidden: time.Now().Add(r.o.Wait + r.o.Lease)}, false); err != nil {
				return func() {
					s.out--
					s.asked -= n
					r.because(StopFailed, unwritable(r.log.path, err))
				}
			}
		}
		ctx, cancel := context.WithTimeout(r.work, r.o.Wait+grace)
		defer cancel()
		sent := time.Now()
		out, err := r.o.From.SQS.ReceiveMessage(ctx, in)
		return func() {
			s.out--
			s.asked -= n
			r.received(out.Messages, sent.Add(r.o.Lease), err)
		}
	})
}

func seconds(d time.Duration) int { return int(d / time.Second) }

// received books the answer of a receive, and whether it is a reason to stop
// (13.2).
func (r *run) received(messages []backend.Message, ends time.Time, err error) {
	s := &r.scan
	if err != nil {
		r.notReceived(err)
		return
	}
	s.errors, s.attempt = 0, ""
	fresh := 0
	for _, m := range messages {
		if r.see(m, ends) {
			fresh++
		}
	}
	s.read += fresh
	if len(messages) == tens && s.visible >= 0 && s.read >= s.visible {
		s.visible = s.read + 2*tens // counts lag (12.2)
	}
	if fresh > 0 {
		s.row = 0
		r.report(false)
		return
	}
	s.repeats = len(messages) > 0
	if s.row++; s.row < 2 || s.over != "" {
		return
	}
	if r.resuming && !r.allNamed() && time.Now().Before(s.hidden) {
		s.row, s.read, s.pause = 0, 0, s.hidden
		s.pass++
		return
	}
	s.over = StopEmpty
	if s.repeats {
		s.over = StopRepeated
	}
}

func (r *run) notReceived(err error) {
	s := &r.scan
	s.errors++
	switch {
	case backend.CodeOf(err) == backend.ErrOverLimit:
		s.over = StopOverLimit
	case !backend.KindOf(err).Passing() || s.errors >= tries:
		r.because(StopFailed, err)
	default:
		s.pause = time.Now().Add(backoff << s.errors)
	}
}

// see takes a message that was received, and tells whether that brought the move
// further: it is the first time in this pass, or it can be deleted now.
func (r *run) see(m backend.Message, ends time.Time) (fresh bool) {
	s := &r.scan
	it := r.items[m.MessageId]
	if it == nil {
		it = &item{at: -1}
		r.items[m.MessageId] = it
	}
	first := !it.came
	fresh, it.pass, it.came = it.pass != s.pass, s.pass, true
	s.turns++
	if first {
		r.tally.seen++
		if r.named[m.MessageId] {
			r.tally.named++
		}
	}
	if it.phase == working {
		it.next = lease{m, ends}
		return fresh
	}
	it.m, it.ends, it.turn = m, ends, s.turns
	if it.past != nil && first && it.phase != gone {
		r.tally.past--
	}
	switch {
	case it.phase == owed || it.phase == gone: // SQS may bring again what was deleted (5.6)
		r.doom(it)
		return true
	case first && it.past != nil:
		r.remember(it)
	case first:
		r.judge(it)
	}
	return fresh
}

// judge decides what becomes of a message that came for the first time.
func (r *run) judge(it *item) {
	if r.resuming || r.named != nil && !r.named[it.m.MessageId] || r.o.Select != nil && !r.o.Select(it.m) {
		return
	}
	if r.more() <= 0 {
		it.phase = spare
		r.spares = append(r.spares, it)
		return
	}
	l, e := r.o.plan(r.log.id, it.m)
	if e == nil {
		e = r.others[it.m.MessageId]
	}
	if e == nil && r.stopped[r.group(it)] {
		e = behind(it)
	}
	if e != nil {
		r.tally.chosen++
		r.record(it, Left, "", e)
		r.stopGroup(it)
		return
	}
	it.l = l
	if err := r.dead[l.to]; err != nil {
		r.tally.chosen++
		r.record(it, Failed, "", backend.AsError(err))
		return
	}
	r.takeOn(it)
}

// takeOn has a planned message wait for its batch.
func (r *run) takeOn(it *item) {
	it.phase = ready
	r.taken++
	r.tally.chosen++
	r.pools[it.l.to] = append(r.pools[it.l.to], it)
}

// drawSpares decides on messages that are on lease and were more than might be
// chosen then.
func (r *run) drawSpares(now time.Time) {
	for len(r.spares) > 0 && r.stop == "" && r.more() > 0 {
		it := r.spares[0]
		r.spares = r.spares[1:]
		if it.leased(now.Add(r.margin())) {
			it.phase = resting
			r.judge(it)
		} else {
			r.forget(it)
		}
	}
}

// goOn takes back that there is nothing more to receive: something is to come
// again.
func (s *scan) goOn() {
	if s.over == StopEmpty || s.over == StopRepeated {
		s.over, s.row = "", 0
	}
}

// forget is for a message whose lease is over before anything was done with it:
// when it comes again it is as good as new.
func (r *run) forget(it *item) {
	r.scan.goOn()
	r.tally.seen--
	if r.named[it.m.MessageId] {
		r.tally.named--
	}
	delete(r.items, it.m.MessageId)
}

// group is the message group that the order of a move is kept in; "" where there
// is no order.
func (r *run) group(it *item) string {
	if !r.o.From.ARN.FIFO() {
		return ""
	}
	return it.m.Attributes[backend.SysMessageGroupId]
}

// stopGroup sees that nothing overtakes a message that could not be moved.
func (r *run) stopGroup(it *item) {
	if g := r.group(it); g != "" {
		r.stopped[g] = true
	}
}

func behind(it *item) *backend.Error {
	e := backend.Errorf(backend.KindConflict, "is behind a message of its group that could not be moved")
	e.Subject, e.Next = it.m.MessageId, "it was left, so that the group keeps its order"
	return e
}
