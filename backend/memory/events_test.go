package memory_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// listen collects events as short words: seconds since the start, kind, queue,
// the body's message by number of sending, and what else there is.
func (d *desk) listen(room int) func() []string {
	d.t.Helper()
	ch, err := d.Subscribe(d.ctx, room)
	d.must(err)
	names := map[string]string{}
	return func() []string {
		list := []string{}
		for {
			select {
			case ev := <-ch:
				if names[ev.MessageId] == "" && ev.MessageId != "" {
					names[ev.MessageId] = "m" + strconv.Itoa(len(names)+1)
				}
				s := fmt.Sprintf("%v %s %s %s", ev.At.Sub(start).Seconds(), ev.Kind, ev.QueueArn[len(arn("")):], names[ev.MessageId])
				if ev.To != "" {
					s += " to " + ev.To[len(arn("")):]
				}
				if ev.Count != 0 {
					s += " " + strconv.Itoa(ev.Count)
				}
				if ev.Dropped != 0 {
					s += " dropped " + strconv.FormatUint(ev.Dropped, 10)
				}
				list = append(list, s)
			default:
				return list
			}
		}
	}
}

func TestWhatHappensIsToldAtItsTimeWithoutAnybodyLooking(t *testing.T) {
	d := open(t)
	log := d.listen(100)
	d.create("dlq")
	q := d.create("q", backend.AttrRedrivePolicy, redrive("dlq", 1), backend.AttrMessageRetentionPeriod, "60")
	d.send(q, "m")
	d.sendInput(backend.SendMessageInput{QueueUrl: q, MessageBody: "delayed", DelaySeconds: backend.Some(5)})
	d.receive(q, 1)
	d.pass(40 * time.Second)
	d.receive(q, 1)
	d.pass(time.Hour)
	d.same(log(), []string{
		"0 queueCreated dlq ", "0 queueCreated q ", "0 sent q m1", "0 sent q m2", "0 received q m1 1",
		"5 visible q m2", "30 visible q m1", "40 deadLettered q m1 to dlq 1", "40 received q m2 1", "60 expired q m2",
	})
	d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq")})
	d.pass(time.Second)
	m := d.one(q)
	d.must(d.hide(q, m, 0))
	d.delete(q, m)
	d.same(log(), []string{
		"3640.1 moved dlq m1 to q", "3640.1 sent q m3", "3641 received q m3 1", "3641 visible q m3", "3641 deleted q m3",
	})
}

func TestAMessageAtItsEndDoesNotBecomeVisibleAnyMore(t *testing.T) { // 5.9
	d := open(t)
	q := d.create("q", backend.AttrMessageRetentionPeriod, "60", backend.AttrVisibilityTimeout, "60")
	d.send(q, "m")
	d.receive(q, 1)
	log := d.listen(10)
	d.pass(time.Minute)
	d.same(log(), []string{"60 expired q m1"})
}

func TestTheEventsOfAQueueThatGoes(t *testing.T) {
	d := open(t)
	log := d.listen(100)
	q := d.create("q.fifo")
	d.fifo(q, "g", "m", "")
	d.fifo(q, "g", "m", "")
	d.must(d.PurgeQueue(d.ctx, backend.PurgeQueueInput{QueueUrl: q}))
	d.must(d.DeleteQueue(d.ctx, backend.DeleteQueueInput{QueueUrl: q}))
	d.same(log(), []string{
		"0 queueCreated q.fifo ", "0 sent q.fifo m1", "0 duplicate q.fifo m1", "0 purged q.fifo  1", "0 queueDeleted q.fifo ",
	})
}

func TestWhoDoesNotKeepUpIsToldHowManyAreLost(t *testing.T) {
	d := open(t)
	q := d.create("q")
	log := d.listen(2)
	for range 5 {
		d.send(q, "m")
	}
	d.same(log(), []string{"0 sent q m1", "0 sent q m2"})
	d.send(q, "m")
	d.same(log(), []string{"0 sent q m3 dropped 3"})
}

func TestASubscriptionEndsWithItsContextOrTheEngine(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		ctx, cancel := context.WithCancel(d.ctx)
		a, err := d.Subscribe(ctx, 0)
		d.must(err)
		b, err := d.Subscribe(d.ctx, 1)
		d.must(err)
		cancel()
		synctest.Wait()
		if _, open := <-a; open {
			t.Error("the first is still open")
		}
		d.Close()
		if _, open := <-b; open {
			t.Error("the second is still open")
		}
		if _, err := d.Subscribe(d.ctx, 1); backend.KindOf(err) != backend.KindCancelled {
			t.Errorf("got %v", err)
		}
	})
}

func TestAnEngineToWhichNobodyListensAnyMoreHasNoTimers(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.send(d.create("q"), "m")
		var cancels [2]context.CancelFunc
		for i := range cancels {
			var ctx context.Context
			ctx, cancels[i] = context.WithCancel(d.ctx)
			_, err := d.Subscribe(ctx, 1)
			d.must(err)
		}
		cancels[0]()
		synctest.Wait()
		if _, some := d.clock.Next(); !some {
			t.Error("one still listens, and no event is set")
		}
		cancels[1]()
		synctest.Wait()
		if at, some := d.clock.Next(); some {
			t.Errorf("an event is set for %v", at)
		}
	})
}

// TestTheSameSeedGivesTheSameEvents runs consumers and producers as actors on
// the clock, twice, and once with another seed.
func TestTheSameSeedGivesTheSameEvents(t *testing.T) {
	a, b, c := story(t, 7), story(t, 7), story(t, 8)
	if len(a) < 500 {
		t.Errorf("only %d events", len(a))
	}
	(&desk{t: t}).same(a, b)
	if fmt.Sprint(a) == fmt.Sprint(c) {
		t.Error("another seed gives the same ids")
	}
}

func story(t *testing.T, seed uint64) []backend.Event {
	d := openWith(t, memory.Options{Seed: seed})
	ch, err := d.Subscribe(d.ctx, 100_000)
	d.must(err)
	d.create("dlq")
	q := d.create("q", backend.AttrRedrivePolicy, redrive("dlq", 3), backend.AttrVisibilityTimeout, "7")
	f := d.create("f.fifo", backend.AttrDelaySeconds, "1")
	dice := rand.New(rand.NewPCG(1, 2))
	var produce func(time.Time)
	n := 0
	produce = func(time.Time) {
		n++
		d.send(q, strconv.Itoa(n))
		d.fifo(f, "g"+strconv.Itoa(n%3), strconv.Itoa(n), "")
		d.clock.After(time.Duration(dice.IntN(900))*time.Millisecond, produce)
	}
	produce(start)
	for _, url := range []string{q, q, f} {
		var consume func(time.Time)
		in := backend.ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: backend.Some(3), VisibilityTimeout: backend.Some(2)}
		consume = func(time.Time) {
			out, _, err := d.Poll(in, consume)
			d.must(err)
			for _, m := range out.Messages {
				if dice.IntN(3) > 0 {
					d.delete(url, m)
				}
			}
			if len(out.Messages) > 0 {
				d.clock.After(time.Duration(dice.IntN(500))*time.Millisecond, consume)
			}
		}
		consume(start)
	}
	d.clock.After(30*time.Second, func(time.Time) {
		d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq"), MaxNumberOfMessagesPerSecond: backend.Some(2)})
	})
	d.pass(time.Minute)
	var log []backend.Event
	for len(ch) > 0 {
		log = append(log, <-ch)
	}
	return log
}

func TestEventsTellTheGroup(t *testing.T) {
	d := open(t)
	std, fifo := d.create("q"), d.create("q.fifo", backend.AttrFifoQueue, "true", backend.AttrContentBasedDeduplication, "true")
	events, err := d.Subscribe(d.ctx, 10)
	d.must(err)
	d.sendInput(backend.SendMessageInput{QueueUrl: std, MessageBody: "of a tenant", MessageGroupId: backend.Some("t")})
	d.sendInput(backend.SendMessageInput{QueueUrl: fifo, MessageBody: "of a group", MessageGroupId: backend.Some("g")})
	d.sendInput(backend.SendMessageInput{QueueUrl: std, MessageBody: "of none"})
	for _, want := range []string{"t", "g", ""} {
		if e := <-events; e.Kind != backend.EventSent || e.Group != want {
			t.Errorf("%s of group %q, not %q", e.Kind, e.Group, want)
		}
	}
}

// What expires is counted, also where it is found out later, and by who goes on
// with a snapshot.
func TestWhatExpiresIsCounted(t *testing.T) {
	d := open(t)
	q := d.create("q", "MessageRetentionPeriod", "60")
	d.send(q, "a")
	d.send(q, "b")
	d.pass(30 * time.Second)
	d.send(q, "c")
	d.pass(31 * time.Second)
	d.same(d.Heaps()[0].Expired, uint64(2))
	d.pass(time.Hour)
	d.same(d.Heaps()[0].Expired, uint64(3))
	later := open(t)
	later.must(later.Restore(t.Context(), strings.NewReader(d.snapshot())))
	d.same(later.Heaps()[0].Expired, uint64(3))
}
