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
		if _, pending := d.clock.Next(); pending {
			t.Error("the end of a wait that is over is still on the clock")
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
