package memory_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

func TestTheClockJumpsToAnInstantAndRunsWhatIsOnTheWay(t *testing.T) {
	d := open(t)
	clock := d.Stack().Clock
	q := d.create("q", backend.AttrVisibilityTimeout, "30")
	d.send(q, "m")
	d.receive(q, 1)
	log := d.listen(10)
	d.must(clock.JumpClock(d.ctx, start.Add(time.Hour)))
	d.same(d.clock.Now(), start.Add(time.Hour))
	d.same(log(), []string{"30 visible q m1"})
	d.must(clock.JumpClock(d.ctx, start.Add(time.Hour)))
	err := clock.JumpClock(d.ctx, start)
	d.same([]any{backend.KindOf(err), d.clock.Now()}, []any{backend.KindInvalid, start.Add(time.Hour)})
	ctx, cancel := context.WithCancel(d.ctx)
	cancel()
	d.same(backend.KindOf(clock.JumpClock(ctx, start.Add(2*time.Hour))), backend.KindCancelled)
	d.clock.AdvanceTo(start)
	d.clock.AdvanceTo(start.Add(61 * time.Minute))
	d.same(d.clock.Now(), start.Add(61*time.Minute))
}

func TestTheNextEventIsWhateverHappensByItself(t *testing.T) {
	d := open(t)
	clock := d.Stack().Clock
	next := func() time.Duration {
		at, err := clock.NextEvent(d.ctx)
		d.must(err)
		if at.IsZero() {
			return -1
		}
		return at.Sub(start)
	}
	d.same(next(), time.Duration(-1))
	q := d.create("q", backend.AttrMessageRetentionPeriod, "60")
	d.same(next(), time.Duration(-1))
	d.send(q, "m")
	d.same(next(), time.Minute) // it expires
	d.receiveFor(q, 1, 20)
	d.same(next(), 20*time.Second) // it becomes visible
	d.clock.After(5*time.Second, func(time.Time) {})
	d.same(next(), 5*time.Second) // somebody acts
	at, err := clock.NextEvent(d.ctx)
	d.must(err)
	d.must(clock.JumpClock(d.ctx, at))
	d.same(next(), 20*time.Second)
	if _, some := d.clock.Next(); some {
		t.Error("looking has set a timer")
	}
}

func TestAFIFOReceiveLooksAtTheFirstMessagesOnly(t *testing.T) { // 3.3
	d := openWith(t, memory.Options{LookAhead: 5})
	q := d.create("q.fifo")
	for i := range 5 {
		d.fifo(q, "blocked", strconv.Itoa(i), "")
	}
	d.fifo(q, "other", "x", "")
	held := d.one(q)
	d.same(len(d.receive(q, 10)), 0) // the backlog of the blocked group hides the other
	d.consistent()
	woken := 0
	_, _, err := d.Poll(backend.ReceiveMessageInput{QueueUrl: q}, func(time.Time) { woken++ })
	d.must(err)
	id := d.fifo(q, "third", "y", "").MessageId
	d.pass(0)
	d.same(woken, 0)
	out, err := d.RemoveMessages(d.ctx, backend.RemoveMessagesInput{QueueUrl: q, MessageIds: []string{id}})
	d.must(err)
	d.same(len(out.Successful), 1)
	d.delete(q, held)
	d.pass(0)
	d.same(woken, 1)
	d.want(d.receive(q, 10), "x", "1", "2", "3", "4") // who was delivered from goes behind
}

func TestTheLookAheadIsThatOfSQS(t *testing.T) { // 3.3
	if testing.Short() {
		t.Skip("120,000 messages")
	}
	d := open(t)
	q := d.create("q.fifo", backend.AttrVisibilityTimeout, "43200")
	for i := range 120_000 {
		d.fifo(q, "blocked", "m", strconv.Itoa(i))
	}
	held := d.one(q)
	d.fifo(q, "other", "x", "")
	d.fifo(q, "third", "y", "")
	d.same(len(d.receive(q, 10)), 0)
	d.delete(q, held)
	held = d.one(q)
	d.same(held.Body, "m")
	d.want(d.receive(q, 1), "x") // within reach now
	d.same(len(d.receive(q, 1)), 0)
	d.delete(q, held)
	d.want(d.receive(q, 1), "y")
}

func TestActorsFeelFaultsToo(t *testing.T) {
	d := open(t)
	q := d.create("q")
	d.send(q, "m")
	d.fault(backend.Fault{Kind: backend.FaultThrottle, Action: "ReceiveMessage", Count: 1})
	d.fault(backend.Fault{Kind: backend.FaultLatency, Duration: time.Second})
	_, _, err := d.Poll(backend.ReceiveMessageInput{QueueUrl: q}, nil)
	d.wantError(err, backend.ErrRequestThrottled, "Request is throttled.")
	out, _, err := d.Poll(backend.ReceiveMessageInput{QueueUrl: q}, nil)
	d.must(err)
	d.want(out.Messages, "m")
}
