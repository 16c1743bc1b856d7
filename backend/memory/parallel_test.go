package memory_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// TestNothingIsLostDoubledOrOutOfOrderInParallel proves, with senders and
// consumers at work at once on one queue:
//
//   - every message that was sent is received and deleted, exactly once, since no
//     visibility timeout ends meanwhile;
//   - on a FIFO queue each group is received in the order of sending;
//   - at the end nothing is left, and the engine is consistent.
func TestNothingIsLostDoubledOrOutOfOrderInParallel(t *testing.T) {
	for _, name := range []string{"q", "q.fifo"} {
		t.Run(name, func(t *testing.T) {
			clock := memory.NewClock(memory.ClockOptions{})
			defer clock.Close()
			d := openWith(t, memory.Options{Clock: clock})
			q := d.create(name, backend.AttrVisibilityTimeout, "3600")
			const senders, consumers, each = 4, 4, 400
			ctx, cancel := context.WithTimeout(d.ctx, time.Minute)
			defer cancel()
			var left atomic.Int64
			left.Store(senders * each)
			var mu sync.Mutex
			seen := map[string]int{}
			last := map[string]int{}
			var wg sync.WaitGroup
			for s := range senders {
				wg.Go(func() { d.sendMany(q, s, each) })
			}
			for range consumers {
				wg.Go(func() {
					in := backend.ReceiveMessageInput{QueueUrl: q, MaxNumberOfMessages: backend.Some(3), WaitTimeSeconds: backend.Some(20)}
					for left.Load() > 0 {
						out, err := d.ReceiveMessage(ctx, in)
						if err != nil {
							if left.Load() > 0 {
								t.Error(err)
							}
							return
						}
						for _, m := range out.Messages {
							group, n, _ := strings.Cut(m.Body, " ")
							i, _ := strconv.Atoi(n)
							mu.Lock()
							seen[m.Body]++
							if name == "q.fifo" && last[group] != i {
								t.Errorf("%s after %d", m.Body, last[group])
							}
							last[group] = i + 1
							mu.Unlock()
							d.delete(q, m)
							if left.Add(-1) == 0 {
								cancel()
							}
						}
					}
				})
			}
			wg.Wait()
			for body, n := range seen {
				if n != 1 {
					t.Errorf("%s was received %d times", body, n)
				}
			}
			if len(seen) != senders*each {
				t.Errorf("%d of %d messages were received", len(seen), senders*each)
			}
			d.wantDepth(q, depth{0, 0, 0})
		})
	}
}

// sendMany sends numbered messages of a sender, which is their group too.
func (d *desk) sendMany(q string, sender, n int) {
	for i := range n {
		in := backend.SendMessageInput{QueueUrl: q, MessageBody: fmt.Sprintf("%d %d", sender, i)}
		if strings.HasSuffix(q, ".fifo") {
			in.MessageGroupId = backend.Some(strconv.Itoa(sender))
			in.MessageDeduplicationId = backend.Some(fmt.Sprintf("%d-%d", sender, i))
		}
		if _, err := d.SendMessage(d.ctx, in); err != nil {
			d.t.Error(err)
		}
	}
}

// TestEveryActionMayRunBesideEveryOther is for the race detector.
func TestEveryActionMayRunBesideEveryOther(t *testing.T) {
	clock := memory.NewClock(memory.ClockOptions{})
	defer clock.Close()
	d := openWith(t, memory.Options{Clock: clock, NoCooldown: true})
	d.create("dlq")
	d.create("q", backend.AttrRedrivePolicy, redrive("dlq", 1))
	ctx, cancel := context.WithCancel(d.ctx)
	defer cancel()
	ch, err := d.Subscribe(ctx, 10)
	d.must(err)
	var listener sync.WaitGroup
	listener.Go(func() {
		for range ch {
		}
	})
	acts := []func(i int){
		func(int) {
			d.sendInput(backend.SendMessageInput{QueueUrl: "q", MessageBody: "m", MessageGroupId: backend.Some("g")})
		},
		func(int) {
			if got, err := d.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: "q", VisibilityTimeout: backend.Some(0)}); err == nil && len(got.Messages) > 0 {
				_ = d.hide("q", got.Messages[0], 1)
			}
		},
		func(int) { d.receive("dlq", 10) },
		func(int) {
			_, _ = d.StartMessageMoveTask(ctx, backend.StartMessageMoveTaskInput{SourceArn: arn("dlq")})
			d.tasks("dlq", 10)
		},
		func(i int) { d.set("q", backend.AttrVisibilityTimeout, strconv.Itoa(i%5)) },
		func(int) { d.depth("q") },
		func(i int) {
			name := "t" + strconv.Itoa(i%3)
			_, _ = d.CreateQueue(ctx, backend.CreateQueueInput{QueueName: name})
			_ = d.DeleteQueue(ctx, backend.DeleteQueueInput{QueueUrl: name})
		},
		func(int) { _, _ = d.ListQueues(ctx, backend.ListQueuesInput{}) },
		func(int) {
			_, _ = d.Browse(ctx, backend.BrowseInput{QueueUrl: "q", Limit: 100})
			_, _ = d.Browse(ctx, backend.BrowseInput{QueueUrl: "dlq", Limit: 100})
			_, _ = d.QueueMetrics(ctx, []string{"q", "dlq"})
		},
		func(i int) {
			if i%50 == 0 {
				_ = d.PurgeQueue(ctx, backend.PurgeQueueInput{QueueUrl: "q"})
			}
			d.consistent()
		},
		func(int) {
			_, cancel, err := d.Poll(backend.ReceiveMessageInput{QueueUrl: "q"}, func(time.Time) {})
			d.must(err)
			cancel()
		},
		func(i int) {
			clock.SetSpeed(float64(1 + i%100))
			clock.Advance(time.Duration(i) * time.Millisecond)
		},
	}
	var wg sync.WaitGroup
	for _, act := range acts {
		wg.Go(func() {
			for i := range 100 {
				act(i)
			}
		})
	}
	wg.Wait()
	cancel()
	listener.Wait()
}

// TestALongPollIsNotLostInParallel has one message for one waiter, again and
// again, with waiters that give up in between.
func TestALongPollIsNotLostInParallel(t *testing.T) {
	clock := memory.NewClock(memory.ClockOptions{})
	defer clock.Close()
	d := openWith(t, memory.Options{Clock: clock})
	q := d.create("q")
	const messages = 300
	var got atomic.Int64
	ctx, cancel := context.WithTimeout(d.ctx, time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			for ctx.Err() == nil {
				one, stop := context.WithCancel(ctx)
				if i%2 == 0 {
					go stop() // gives up at about the time the message comes
				}
				out, err := d.ReceiveMessage(one, backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: backend.Some(20), VisibilityTimeout: backend.Some(3600)})
				stop()
				if err == nil && got.Add(int64(len(out.Messages))) == messages {
					cancel()
				}
			}
		})
	}
	for range messages {
		d.send(q, "m")
	}
	wg.Wait()
	if got.Load() != messages {
		t.Errorf("%d of %d", got.Load(), messages)
	}
}
