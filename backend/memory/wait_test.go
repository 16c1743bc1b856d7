package memory_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// causes are the ways in which a message becomes receivable (14.4.8): what to
// prepare, and then either what somebody does or how long it takes by itself.
var causes = []struct {
	name    string
	attrs   []string
	fifo    bool
	prepare func(d *desk, q string) backend.Message
	act     func(d *desk, q string, m backend.Message)
	after   time.Duration
}{
	{name: "a send", act: func(d *desk, q string, _ backend.Message) { d.send(q, "m") }},
	{
		name: "the end of a delay", after: 7 * time.Second,
		prepare: func(d *desk, q string) backend.Message {
			d.sendInput(backend.SendMessageInput{QueueUrl: q, MessageBody: "m", DelaySeconds: backend.Some(7)})
			return backend.Message{}
		},
	},
	{name: "the end of a visibility timeout", after: 7 * time.Second, prepare: taken("m")},
	{
		name: "a change of visibility to 0", prepare: taken("m"),
		act: func(d *desk, q string, m backend.Message) { d.must(d.hide(q, m, 0)) },
	},
	{
		name: "a shortened visibility timeout", after: 3 * time.Second,
		prepare: func(d *desk, q string) backend.Message {
			m := taken("m")(d, q)
			d.must(d.hide(q, m, 3))
			return m
		},
	},
	{
		name: "the unlocking of a group", fifo: true, prepare: taken("first", "m"),
		act: func(d *desk, q string, m backend.Message) { d.delete(q, m) },
	},
	{
		name: "the expiry of what locked a group", fifo: true, attrs: []string{backend.AttrMessageRetentionPeriod, "60"}, after: 5 * time.Second,
		prepare: func(d *desk, q string) backend.Message {
			d.fifo(q, "g", "first", "")
			d.receiveFor(q, 1, 1000)
			d.pass(55 * time.Second)
			d.fifo(q, "g", "m", "")
			return backend.Message{}
		},
	},
	{
		name: "a redrive", after: 100 * time.Millisecond,
		prepare: func(d *desk, q string) backend.Message {
			d.create("dlq")
			d.set(q, backend.AttrRedrivePolicy, redrive("dlq", 1))
			d.send(q, "m")
			d.receiveFor(q, 1, 0)
			d.receiveFor(q, 1, 0)
			d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq")})
			return backend.Message{}
		},
	},
	{
		name: "a dead letter",
		prepare: func(d *desk, q string) backend.Message {
			d.create("source", backend.AttrRedrivePolicy, redrive("q", 1))
			d.send("source", "m")
			d.receiveFor("source", 1, 0)
			return backend.Message{}
		},
		act: func(d *desk, _ string, _ backend.Message) { d.receive("source", 1) },
	},
	{
		name: "a shortened delay of a FIFO queue", fifo: true, attrs: []string{backend.AttrDelaySeconds, "900"},
		prepare: func(d *desk, q string) backend.Message { d.fifo(q, "g", "m", ""); return backend.Message{} },
		act:     func(d *desk, q string, _ backend.Message) { d.set(q, backend.AttrDelaySeconds, "0") },
	},
}

// taken sends messages, in one group where there are groups, and receives the
// first for 7 s.
func taken(bodies ...string) func(*desk, string) backend.Message {
	return func(d *desk, q string) backend.Message {
		for _, body := range bodies {
			if backend.ARNOf(q, "").FIFO() {
				d.fifo(q, "g", body, "")
			} else {
				d.send(q, body)
			}
		}
		return d.receiveFor(q, 1, 7)[0]
	}
}

func causeName(fifo bool) string {
	if fifo {
		return "q.fifo"
	}
	return "q"
}

func TestPollIsWokenByEveryCauseAtItsTime(t *testing.T) { // 5.5, 14.4.8
	for _, tc := range causes {
		t.Run(tc.name, func(t *testing.T) {
			d := open(t)
			q := d.create(causeName(tc.fifo), tc.attrs...)
			var m backend.Message
			if tc.prepare != nil {
				m = tc.prepare(d, q)
			}
			var woken []time.Time
			in := backend.ReceiveMessageInput{QueueUrl: q}
			out, _, err := d.Poll(in, func(now time.Time) { woken = append(woken, now) })
			d.must(err)
			d.want(out.Messages)
			d.pass(0)
			if len(woken) > 0 {
				t.Fatal("woken for nothing")
			}
			want := d.clock.Now().Add(tc.after)
			if tc.act != nil {
				tc.act(d, q, m)
			}
			if tc.after > 0 {
				d.pass(tc.after - time.Nanosecond)
				if len(woken) > 0 {
					t.Fatalf("woken %v early", want.Sub(woken[0]))
				}
				d.pass(time.Nanosecond)
			}
			d.pass(0)
			d.same(woken, []time.Time{want})
			d.want(d.receive(q, 1), "m")
		})
	}
}

func TestALongPollEndsByEveryCauseAtItsTime(t *testing.T) { // 5.5, 14.4.8
	for _, tc := range causes {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				clock := memory.NewClock(memory.ClockOptions{})
				defer clock.Close()
				d := openWith(t, memory.Options{Clock: clock})
				q := d.create(causeName(tc.fifo), tc.attrs...)
				var m backend.Message
				if tc.prepare != nil {
					m = tc.prepare(d, q)
				}
				began := clock.Now()
				got := make(chan []backend.Message)
				go func() {
					got <- d.receiveInput(backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: backend.Some(20)})
				}()
				synctest.Wait()
				if tc.act != nil {
					tc.act(d, q, m)
				}
				d.want(<-got, "m")
				if took := clock.Now().Sub(began); took != tc.after {
					t.Errorf("it took %v instead of %v", took, tc.after)
				}
			})
		})
	}
}

// inBubble is a desk on a running clock, in a bubble whose time is the clock's.
func inBubble(t *testing.T, test func(t *testing.T, d *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		clock := memory.NewClock(memory.ClockOptions{})
		defer clock.Close()
		d := openWith(t, memory.Options{Clock: clock})
		defer d.Close()
		defer d.consistent()
		test(t, d)
	})
}

func TestALongPollWithoutAMessageEndsEmptyInTime(t *testing.T) { // 5.5
	for name, tc := range map[string]struct {
		attr string
		wait backend.Opt[int]
		want time.Duration
	}{
		"as asked for":                     {"0", backend.Some(3), 3 * time.Second},
		"the queue's":                      {"5", backend.Opt[int]{}, 5 * time.Second},
		"the queue's overridden by zero":   {"5", backend.Some(0), 0},
		"the queue's overridden by longer": {"5", backend.Some(20), 20 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, d *desk) {
				q := d.create("q", backend.AttrReceiveMessageWaitTimeSeconds, tc.attr)
				began := time.Now()
				d.want(d.receiveInput(backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: tc.wait}))
				if took := time.Since(began); took != tc.want {
					t.Errorf("it took %v instead of %v", took, tc.want)
				}
				if _, pending := d.clock.Next(); pending {
					t.Error("something is left on the clock")
				}
			})
		})
	}
}

func TestAMessageAtTheVeryEndOfAWaitIsReceived(t *testing.T) { // 5.5
	inBubble(t, func(t *testing.T, d *desk) {
		q := d.create("q")
		d.sendInput(backend.SendMessageInput{QueueUrl: q, MessageBody: "m", DelaySeconds: backend.Some(20)})
		d.want(d.receiveInput(backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: backend.Some(20)}), "m")
	})
}

func TestWaitersAreServedInTheOrderInWhichTheyCame(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		q := d.create("q")
		type answer struct{ waiter, body string }
		answers := make(chan answer, 5)
		for i := range 5 {
			go func() {
				for _, m := range d.receiveInput(backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: backend.Some(20)}) {
					answers <- answer{strconv.Itoa(i), m.Body}
				}
			}()
			synctest.Wait()
		}
		for i := range 5 {
			d.send(q, strconv.Itoa(i))
			synctest.Wait()
			d.same(fmt.Sprint(<-answers), fmt.Sprint(answer{strconv.Itoa(i), strconv.Itoa(i)}))
		}
	})
}

func TestABatchServesAsManyWaitersAsItHasMessages(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		q := d.create("q")
		answers := make(chan int, 5)
		for range 5 {
			go func() {
				answers <- len(d.receiveInput(backend.ReceiveMessageInput{
					QueueUrl: q, WaitTimeSeconds: backend.Some(20), MaxNumberOfMessages: backend.Some(1),
				}))
			}()
		}
		synctest.Wait()
		in := backend.SendMessageBatchInput{QueueUrl: q}
		for i := range 3 {
			e := backend.SendMessageBatchEntry{Id: strconv.Itoa(i)}
			e.MessageBody = "m"
			in.Entries = append(in.Entries, e)
		}
		_, err := d.SendMessageBatch(d.ctx, in)
		d.must(err)
		synctest.Wait()
		for range 3 {
			d.same(<-answers, 1)
		}
		select {
		case <-answers:
			t.Error("a waiter was answered without a message, before its time")
		default:
		}
		d.same(<-answers+<-answers, 0)
	})
}

// TestAMessageWakesOneWaiterAndNoneIsForgotten has actors that count how often
// they are woken.
func TestAMessageWakesOneWaiterAndNoneIsForgotten(t *testing.T) {
	d := open(t)
	q := d.create("q")
	woken := make([]int, 3)
	cancels := make([]func(), 3)
	for i := range 3 {
		_, cancel, err := d.Poll(backend.ReceiveMessageInput{QueueUrl: q}, func(time.Time) { woken[i]++ })
		d.must(err)
		cancels[i] = cancel
	}
	d.send(q, "m")
	d.pass(0)
	// The first does not take it, so the next is woken, and so on.
	d.same(woken, []int{1, 1, 1})
	d.want(d.receive(q, 1), "m")

	for i := range 3 {
		woken[i] = 0
		in := backend.ReceiveMessageInput{QueueUrl: q}
		_, cancel, err := d.Poll(in, func(time.Time) {
			woken[i]++
			_, _, err := d.Poll(in, nil)
			d.must(err)
		})
		d.must(err)
		cancels[i] = cancel
	}
	d.send(q, "m")
	cancels[0]() // was on its way; passes it on
	d.pass(0)
	d.same(woken, []int{0, 1, 0})
	cancels[0]()
	cancels[1]()
	cancels[2]()
	d.send(q, "m")
	d.pass(time.Second)
	d.same(woken, []int{0, 1, 0})
}

func TestACancelledWaitPassesItsMessageOn(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		q := d.create("q")
		ctx, cancel := context.WithCancel(d.ctx)
		errs := make(chan error, 1)
		go func() {
			_, err := d.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: backend.Some(20)})
			errs <- err
		}()
		synctest.Wait()
		got := make(chan []backend.Message, 1)
		go func() {
			got <- d.receiveInput(backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: backend.Some(20)})
		}()
		synctest.Wait()
		cancel()
		d.send(q, "m") // may still find the first one in line
		d.want(<-got, "m")
		if err := <-errs; backend.KindOf(err) != backend.KindCancelled {
			t.Errorf("got %v", err)
		}
	})
}

func TestAStalledActorDoesNotStarveOthersForLong(t *testing.T) {
	d := open(t)
	q := d.create("q")
	_, _, err := d.Poll(backend.ReceiveMessageInput{QueueUrl: q}, func(time.Time) {})
	d.must(err)
	var second int
	_, _, err = d.Poll(backend.ReceiveMessageInput{QueueUrl: q}, func(time.Time) { second++ })
	d.must(err)
	d.send(q, "1")
	d.send(q, "2")
	d.pass(0)
	d.same(second, 1)
	d.want(d.receive(q, 10), "1", "2")
}

func TestDeletingAQueueOrClosingTheEngineEndsItsWaits(t *testing.T) {
	for name, tc := range map[string]struct {
		end  func(d *desk, q string)
		kind backend.Kind
	}{
		"deleted": {func(d *desk, q string) { d.must(d.DeleteQueue(d.ctx, backend.DeleteQueueInput{QueueUrl: q})) }, backend.KindNotFound},
		"closed":  {func(d *desk, _ string) { d.Close() }, backend.KindCancelled},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, d *desk) {
				q := d.create("q")
				errs := make(chan error, 2)
				for range 2 {
					go func() {
						_, err := d.ReceiveMessage(d.ctx, backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: backend.Some(20)})
						errs <- err
					}()
				}
				synctest.Wait()
				began := time.Now()
				tc.end(d, q)
				for range 2 {
					if err := <-errs; backend.KindOf(err) != tc.kind {
						t.Errorf("got %v", err)
					}
				}
				if time.Since(began) != 0 {
					t.Error("they waited on")
				}
				if _, err := d.SendMessage(d.ctx, backend.SendMessageInput{QueueUrl: q, MessageBody: "m"}); backend.KindOf(err) != tc.kind {
					t.Errorf("a later call: %v", err)
				}
			})
		})
	}
}

func TestWithAPausedClockASendStillEndsALongPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := memory.NewClock(memory.ClockOptions{Paused: true})
		defer clock.Close()
		d := openWith(t, memory.Options{Clock: clock})
		q := d.create("q")
		got := make(chan []backend.Message)
		go func() {
			got <- d.receiveInput(backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: backend.Some(1)})
		}()
		time.Sleep(time.Hour) // of the world; the engine's time stands
		d.send(q, "m")
		d.want(<-got, "m")
	})
}

// TestInFlightLimitEndsAWaitWhenThereIsRoom: a long poll has no OverLimit (1.13).
func TestInFlightLimitEndsAWaitWhenThereIsRoom(t *testing.T) {
	d := openWith(t, memory.Options{MaxInFlight: 1})
	q := d.create("q")
	d.send(q, "1")
	d.send(q, "2")
	m := d.one(q)
	woken := 0
	out, _, err := d.Poll(backend.ReceiveMessageInput{QueueUrl: q}, func(time.Time) { woken++ })
	d.must(err)
	d.want(out.Messages)
	d.pass(time.Second)
	d.same(woken, 0)
	d.delete(q, m)
	d.pass(0)
	d.same(woken, 1)
	d.want(d.receive(q, 1), "2")
}
