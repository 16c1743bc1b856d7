package ui

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/journal"
)

// strikes fills orders, whose messages are dead-lettered after so many receives,
// with two messages for each receive count from 0 to that. A body says the count.
func strikes(most int) func(t *testing.T, sqs backend.SQS) {
	return func(t *testing.T, sqs backend.SQS) {
		t.Helper()
		queue(t, sqs, "orders-dead", nil)
		queue(t, sqs, "orders", map[string]string{
			backend.AttrVisibilityTimeout: "1",
			backend.AttrRedrivePolicy:     fmt.Sprintf(`{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:orders-dead","maxReceiveCount":"%d"}`, most),
		})
		for had := most; had >= 0; had-- {
			send(t, sqs, "orders", fmt.Sprintf("had %d a", had), fmt.Sprintf("had %d b", had))
			for got := 0; had > 0 && got < 2*(most-had+1); {
				out, err := sqs.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{QueueUrl: url(t, sqs, "orders"), MaxNumberOfMessages: backend.Some(10)})
				if err != nil {
					t.Fatal(err)
				}
				got += len(out.Messages)
			}
			time.Sleep(2 * time.Second) // virtual: their leases end
		}
	}
}

// inQueue are the bodies that a queue holds.
func inQueue(t *testing.T, d *desk, name string) (bodies []string) {
	t.Helper()
	out, err := d.engine.Stack().Browse.Browse(context.Background(), backend.BrowseInput{QueueUrl: url(t, d.sqs, name), Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range out.Messages {
		bodies = append(bodies, m.Body)
	}
	return bodies
}

// A queue whose messages have three receives at most, with messages that have had
// 0 to 3 of them, is peeked three times by somebody who heeds the warnings: none
// that had none is in the dead-letter queue. Who says yes each time sends some
// there.
func TestWhoHeedsTheWarningsOfALookDeadLettersNothingNew(t *testing.T) {
	t.Parallel()
	for _, heeds := range []bool{true, false} {
		for _, most := range []int{3, 5} {
			t.Run(fmt.Sprintf("heeds=%v, maxReceiveCount=%d", heeds, most), func(t *testing.T) {
				onScreen(t, setup{w: 100, h: 30, remote: true, queue: "orders", fill: strikes(most)}, func(t *testing.T, d *desk) {
					asked := 0
					for range most + 2 {
						d.Press("l")
						d.Wait(3 * time.Second)
						for strings.Contains(d.Text(), "look all the same") {
							asked++
							if heeds {
								d.Press("Esc")
								break
							}
							if strings.Contains(d.Text(), "Type yes to go on") {
								d.Type("yes")
							}
							d.Press("Enter")
							d.Wait(3 * time.Second)
						}
						d.Press("Esc")
						d.Wait(2 * time.Second)
						d.Press("Enter")
						d.Wait(time.Second)
					}
					if asked == 0 {
						t.Fatalf("it never asked:\n%s", d.Text())
					}
					fresh := 0
					for _, body := range inQueue(t, d, "orders-dead") {
						if strings.HasPrefix(body, "had 0") {
							fresh++
						}
					}
					if heeds && fresh > 0 {
						t.Errorf("%d messages that nobody had received before are in the dead-letter queue", fresh)
					}
					if !heeds && fresh == 0 {
						t.Error("looks that were said yes to moved nothing: the test proves nothing")
					}
					if n := attr(t, d, "orders", backend.AttrMessagesNotVisible); n != "0" {
						t.Errorf("%s messages are still leased", n)
					}
				})
			})
		}
	}
}

// The question before a look says what is known: what it costs, what it may move,
// who else receives. The one after a look that stopped by itself takes a word, so
// that no key meant for something else answers it.
func TestTheQuestionBeforeALookSaysWhatItMayDo(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, remote: true, queue: "orders", wiring: polled{}, fill: strikes(3)}, func(t *testing.T, d *desk) {
		d.Shows("nothing has been received", "+1 receive of 3", "orders-dead unseen", "the Lambda function resize also receives here")
		d.Press("l")
		d.Shows("Look at up to 100 messages of orders?", "+1 receive of 3 and is hidden for up to 15 s", "is moved to orders-dead unseen", "the Lambda function resize")
		d.Press("Esc")
		d.Wait(3 * time.Second)
		d.Shows("nothing has been received")
		d.Press("l", "Enter")
		d.Wait(3 * time.Second)
		d.Shows("The look stopped after 6 messages", "orders-dead grew by 2", "whom cannot be told", "Type yes to go on")
		d.Press("Enter")
		d.Shows("type yes, or leave with esc")
		d.Press("Esc")
		d.Shows("had 0 a", "the look stopped: DLQ grew by 2; 6 not released, back within", "leased")
		d.Hides("had 3 a") // it was moved, unseen
	})
}

// What a look of another run saw is in the journal, and the first look of this run
// asks because of it.
func TestALookAsksBecauseOfWhatTheJournalSaysOfAnEarlierOne(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, remote: true, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders-dead", nil)
		queue(t, sqs, "orders", map[string]string{backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:orders-dead","maxReceiveCount":"5"}`})
		send(t, sqs, "orders", "a")
	}}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("orders")
		d.Press("Enter", "j", "k")
		for range 3 { // counts 1 to 3: nothing to ask about
			d.Press("Enter", "l")
			d.Wait(2 * time.Second)
			d.Shows("seen 1")
			d.Press("Esc")
			d.Wait(time.Second)
		}
		looks := func() (n int) {
			r, err := d.opts.Journal.Newest()
			if err != nil {
				t.Fatal(err)
			}
			page, err := r.Next(t.Context(), 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Entries {
				if e.Act.Name == journal.Look {
					n++
				}
			}
			return n
		}
		if n := looks(); n != 0 {
			t.Errorf("%d looks are in the journal that found no message near its last receive", n)
		}
		d.Press("Enter", "l") // count 4
		d.Wait(2 * time.Second)
		if n := looks(); n != 1 {
			t.Errorf("%d looks are in the journal, one found a message near its last receive", n)
		}
	})
	onScreen(t, setup{w: 100, h: 30, remote: true, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders-dead", nil)
		queue(t, sqs, "orders", map[string]string{backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:orders-dead","maxReceiveCount":"5"}`})
		send(t, sqs, "orders", "a")
	}}, func(t *testing.T, d *desk) {
		err := d.opts.Journal.For(journal.Who{}).Note(t.Context(), journal.Act{
			Name: journal.Look, Queue: "arn:aws:sqs:us-east-1:000000000000:orders", Params: map[string]string{journal.ParamHighest: "4"},
		}, journal.Result{Outcome: journal.Done})
		if err != nil {
			t.Fatal(err)
		}
		d.Press("/")
		d.Type("orders")
		d.Press("Enter")
		d.Raw("\rl") // at once, before the journal is read
		d.Wait(time.Second)
		d.Shows("look all the same", "a message is known that was received 4 times")
	})
}

// polled is a queue that a Lambda function reads.
type polled struct{ backend.Wiring }

func (polled) Mappings(context.Context, backend.ARN) ([]backend.Mapping, error) {
	return []backend.Mapping{
		{FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:resize", State: "Enabled"},
		{FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:old", State: "Disabled"},
	}, nil
}

func TestAsManyMessagesAreReadAsAreAskedFor(t *testing.T) {
	s := &spy{}
	onScreen(t, setup{w: 120, h: 30, remote: true, queue: "orders", wrap: watched(s), fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		for i := range 40 {
			send(t, sqs, "orders", fmt.Sprintf("order %02d", i))
		}
	}}, func(t *testing.T, d *desk) {
		d.Press("M", "C-u")
		d.Type("25000")
		d.Shows("a whole number from 1 to 10,000")
		d.Press("C-u")
		d.Type("25")
		d.Shows("Look at how many messages of orders?", "+1 receive")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("seen 25 of about 40")
		if n := attr(t, d, "orders", backend.AttrMessagesNotVisible); n != "25" {
			t.Errorf("%s messages are leased", n)
		}
		d.Press("l") // the rest
		d.Wait(2 * time.Second)
		d.Shows("seen 40", "+1 receive on 40")
		d.Press("Esc")
		d.Wait(time.Second)
		d.Shows("saw 40", "all released")
	})
}

func TestTheNumberOfALookComesFromTheConfiguration(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, remote: true, queue: "orders", messages: config.Messages{Look: 3}, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		send(t, sqs, "orders", "a", "b", "c", "d", "e")
	}}, func(t *testing.T, d *desk) {
		d.Shows("l looks at up to 3 messages")
		d.Press("l")
		d.Wait(2 * time.Second)
		d.Shows("seen 3 of about 5")
	})
}

func TestALookShowsHowFarItIsAndCanBeStopped(t *testing.T) {
	onScreen(t, setup{w: 140, h: 30, remote: true, queue: "orders", wrap: func(s backend.SQS) backend.SQS { return trickle{s} }, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		for i := range 300 {
			send(t, sqs, "orders", fmt.Sprintf("order %03d", i))
		}
	}}, func(t *testing.T, d *desk) {
		d.Press("l")
		d.Wait(1500 * time.Millisecond)
		d.Shows("looking … seen 80 of about 300", "esc stops", "order 0")
		d.Press("Esc")
		d.Wait(5 * time.Second)
		d.Shows("Queues / orders", "stopped: cancelled", "leased")
		d.Hides("looking …")
		d.Press("Esc")
		d.Wait(3 * time.Second)
		if n := attr(t, d, "orders", backend.AttrMessagesNotVisible); n != "0" {
			t.Errorf("%s messages are still leased", n)
		}
	})
}

// Where there is not room for all, what is still held back comes first, then why the
// look ended; and the way out of the reader, or of a look, is in the footer.
func TestAtEightyColumnsTheHarmIsSaidFirst(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, remote: true, queue: "orders.fifo", wrap: func(s backend.SQS) backend.SQS { return trickle{s} }, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders.fifo", map[string]string{backend.AttrFifoQueue: "true", backend.AttrContentBasedDeduplication: "true"})
		for i := range 30 {
			in := backend.SendMessageInput{QueueUrl: url(t, sqs, "orders.fifo"), MessageBody: fmt.Sprint("order ", i), MessageGroupId: backend.Some(fmt.Sprint(i % 3))}
			if _, err := sqs.SendMessage(context.Background(), in); err != nil {
				t.Fatal(err)
			}
		}
	}}, func(t *testing.T, d *desk) {
		d.Press("l")
		d.Wait(500 * time.Millisecond)
		d.Shows("esc stops · looking", "esc back")
		d.Press("Esc")
		d.Wait(100 * time.Millisecond) // the receive that was sent has not been answered
		d.Hides("+1 receive on")
		d.Wait(12 * time.Second)
		d.Shows("10 not released, back within", "+1 receive on 10")
		d.Wait(10 * time.Second)
		d.Press("l")
		d.Wait(3 * time.Second)
		d.Shows("10 not released, back within", "FIFO: one receive a look, l reads on")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("10 not released, back within", "kept while you read", "esc back")
	})
}

// trickle takes a second for a receive.
type trickle struct{ backend.SQS }

func (s trickle) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	if !backend.Pause(ctx, time.Second) {
		return backend.ReceiveMessageOutput{}, backend.AsError(ctx.Err())
	}
	return s.SQS.ReceiveMessage(ctx, in)
}

// Leases run out by themselves, which the rows show; while a message is read they
// are kept, but not for ever, and the end of that is said.
func TestLeasesAreKeptWhileSomebodyReadsAndNotForEver(t *testing.T) {
	t.Parallel()
	onScreen(t, setup{w: 120, h: 30, remote: true, queue: "orders", fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		send(t, sqs, "orders", "a", "b")
	}}, func(t *testing.T, d *desk) {
		hidden := func() string { return attr(t, d, "orders", backend.AttrMessagesNotVisible) }
		d.Press("l")
		d.Wait(2 * time.Second)
		d.Shows("leased 1") // 1x s
		d.Wait(20 * time.Second)
		d.Shows("given back")
		if n := hidden(); n != "0" {
			t.Fatalf("%s messages are leased without anybody reading", n)
		}
		d.Press("l")
		d.Wait(2 * time.Second)
		d.Press("Enter")
		d.Wait(5 * time.Minute)
		d.Shows("kept while you read")
		if n := hidden(); n != "2" {
			t.Fatalf("%s messages are leased, two are read", n)
		}
		d.Wait(5*time.Minute + time.Second)
		d.Shows("leases were kept for 10m 00s and run out now")
		d.Wait(time.Minute)
		if n := hidden(); n != "0" {
			t.Errorf("%s messages are leased after the time for that", n)
		}
		d.Press("Esc", "l")
		d.Wait(2 * time.Second)
		d.Press("Enter")
		d.Wait(time.Minute)
		if n := hidden(); n != "2" {
			t.Errorf("%s messages are leased, two are read again", n)
		}
		d.Press("Esc") // out of the reader
		d.Wait(time.Minute)
		if n := hidden(); n != "0" {
			t.Errorf("%s messages are leased though nobody reads any more", n)
		}
	})
}

// No message stays leased whichever way the screen is left; the ways that need a
// process are tested in a real terminal.
func TestNoMessageStaysLeasedWhicheverWayTheScreenIsLeft(t *testing.T) {
	cut := &severed{}
	for name, leave := range map[string]func(t *testing.T, d *desk){
		"esc":                                 func(_ *testing.T, d *desk) { d.Press("Esc") },
		"q":                                   func(_ *testing.T, d *desk) { d.Press("q") },
		"ctrl+c":                              func(_ *testing.T, d *desk) { d.Press("C-c") },
		"another screen, and another context": func(_ *testing.T, d *desk) { d.Press("c"); d.Wait(time.Second); d.Press("Esc", "Esc") },
		"esc out of the reader and then the list": func(_ *testing.T, d *desk) { d.Press("Enter", "Esc", "Esc") },
		"give back": func(_ *testing.T, d *desk) { d.Press("R") },
		"expiry":    func(_ *testing.T, d *desk) { d.Wait(16 * time.Second) },
		"the connection is lost, and then expiry": func(_ *testing.T, d *desk) {
			cut.off.Store(true)
			d.Press("Esc")
			d.Wait(16 * time.Second)
			cut.off.Store(false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			onScreen(t, setup{w: 100, h: 30, remote: true, queue: "orders", wrap: func(s backend.SQS) backend.SQS { cut.SQS = s; return cut }, fill: func(t *testing.T, sqs backend.SQS) {
				queue(t, sqs, "orders", nil)
				for i := range 30 {
					send(t, sqs, "orders", fmt.Sprint("order ", i))
				}
			}}, func(t *testing.T, d *desk) {
				d.Press("l")
				d.Wait(2 * time.Second)
				if n := attr(t, d, "orders", backend.AttrMessagesNotVisible); n != "30" {
					t.Fatalf("%s messages are leased:\n%s", n, d.Text())
				}
				leave(t, d)
				d.Wait(2 * time.Second)
				if n := attr(t, d, "orders", backend.AttrMessagesNotVisible); n != "0" {
					t.Errorf("%s messages are still leased", n)
				}
			})
		})
	}
}

// severed is a connection that is lost.
type severed struct {
	backend.SQS
	off atomic.Bool
}

func (s *severed) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	if s.off.Load() {
		return backend.BatchOutput{}, backend.Errorf(backend.KindNetwork, "connection refused")
	}
	return s.SQS.ChangeMessageVisibilityBatch(ctx, in)
}
