package ui

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/guard"
	"sqscope/backend/move"
	"sqscope/backend/redrive/proof"
	"sqscope/ui/screen"
)

// grave makes orders with its dead-letter queue, which has n messages.
func grave(n int) func(*testing.T, backend.SQS) {
	return func(t *testing.T, sqs backend.SQS) {
		t.Helper()
		queue(t, sqs, "dead", map[string]string{backend.AttrVisibilityTimeout: "30"})
		queue(t, sqs, "orders", map[string]string{backend.AttrVisibilityTimeout: "5", backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":"2"}`})
		queue(t, sqs, "spare", nil)
		die(t, sqs, "orders", n, func(i int) string { return fmt.Sprintf(`{"order":%d,"kind":"%s"}`, i, []string{"tea", "cup"}[i%2]) })
	}
}

// consume is what a consumer does with all that a queue has: it deletes what it can
// do, and gives up on the rest as often as it takes to be dead-lettered.
func consume(t *testing.T, d *desk, name string, broken func(body string) bool) (done int) {
	t.Helper()
	for range 100 {
		out, err := d.sqs.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{
			QueueUrl: url(t, d.sqs, name), MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(0),
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return done
		}
		for _, m := range out.Messages {
			if broken(m.Body) {
				continue
			}
			if err := d.sqs.DeleteMessage(context.Background(), backend.DeleteMessageInput{QueueUrl: url(t, d.sqs, name), ReceiptHandle: m.ReceiptHandle}); err != nil {
				t.Fatal(err)
			}
			done++
		}
	}
	return done
}

func all(string) bool  { return true }
func none(string) bool { return false }

// planFor opens the redrive of a dead-letter queue from the list of queues.
func planFor(d *desk, name string) {
	d.Press("/")
	d.Type(name)
	d.Press("Enter", "t")
	d.Wait(time.Second)
	d.Press("m")
	d.Wait(time.Second)
}

// goAhead types the queue's name.
func goAhead(d *desk, name string) {
	d.Press("m")
	d.Shows("Type " + name + " to go on")
	d.Type(name)
	d.Press("Enter")
}

// work lets a consumer work as long as it takes.
func workUntil(t *testing.T, d *desk, shows string, step func()) {
	t.Helper()
	for range 600 {
		if strings.Contains(d.Text(), shows) {
			return
		}
		step()
		d.Wait(time.Second)
	}
	t.Fatalf("the screen never shows %q:\n%s", shows, d.Text())
}

func sumOf(t *testing.T, d *desk, name string) int { return len(kept(t, d, name)) }

func TestRedriveAllToTheSourcesIsGuardedWatchedAndProved(t *testing.T) {
	t.Parallel()
	onScreen(t, setup{w: 120, h: 40, fill: grave(25)}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		d.Shows("each back to its own source: orders 25", "the first 10, watched", "journaled")
		d.Press("m")
		d.Shows("Redrive 25 messages of dead?")
		d.Type("orders")
		d.Press("Enter")
		d.Shows("this is not dead")
		if n := sumOf(t, d, "dead"); n != 25 {
			t.Fatalf("without the name, %d of 25 are left", n)
		}
		d.Press("Esc")
		goAhead(d, "dead")
		d.Wait(7 * time.Second)
		d.Shows("10 of 25 moved", "the canary is watched", "10 wait")
		d.Wait(20 * time.Second)
		if n := sumOf(t, d, "dead"); n != 15 {
			t.Fatalf("%d messages are left while the canary is watched", n)
		}
		workUntil(t, d, "✓ done", func() { consume(t, d, "orders", none) })
		d.Shows("25 redriven: 25 processed, 0 came back", "25 of 25 moved", "redrive-")
		reports, _, err := proof.Reports(d.opts.Reports)
		if err != nil || len(reports) != 1 || reports[0].Moved != 25 || !reports[0].Settled {
			t.Fatalf("the reports are %+v, %v", reports, err)
		}
		d.Press("Enter")
		d.Shows("message by message", "✓", "moved to orders")
		d.Press("Esc", "Space")
		d.Shows("The report", "25 processed")
		d.Press("Esc", "t")
		d.Wait(time.Second)
		d.Shows("redrive", "✓ done", "25 redriven")
		d.Press("Enter")
		d.Shows("The report of the redrive of dead")
	})
}

func TestRedriveOfTheMarkedMovesJustThose(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(6)}, func(t *testing.T, d *desk) {
		var want []string
		for _, m := range kept(t, d, "dead")[:2] {
			want = append(want, m.Body)
		}
		d.Press("/")
		d.Type("dead")
		d.Press("Enter", "Enter")
		d.Wait(2 * time.Second)
		d.Press("Space", "Space", "m")
		d.Shows("the marked", "2 messages", "every message of dead")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("the marked · 2 messages", "orders 2")
		goAhead(d, "dead")
		workUntil(t, d, "2 of 2 moved", func() {})
		var got []string
		for _, m := range kept(t, d, "orders") {
			got = append(got, m.Body)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("moved (-marked +got):\n%s", diff)
		}
		if n := sumOf(t, d, "dead"); n != 4 {
			t.Errorf("%d are left", n)
		}
	})
}

func TestWhatIsFoundIsRedrivenChangedByJqToAnotherQueue(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(8)}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("dead")
		d.Press("Enter", "Enter")
		d.Wait(2 * time.Second)
		d.Press("/")
		d.Type(`.json.kind == "tea"`)
		d.Wait(time.Second)
		d.Press("Enter", "m")
		d.Shows("found: ")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("4 messages", "orders 4")
		d.Press("j", "Enter")
		d.Wait(time.Second)
		d.Type("spare")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Press("j", "Enter", "Down", "Enter")
		d.Type(`.json.kind = "green tea"`)
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("[changes]", `.json.kind  "tea" → "green tea"`)
		d.Press("Enter", "Down", "Enter", "C-u")
		d.Type(`.messageId = "x"`) // may not differ
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("would be left", "messageId; only body")
		d.Press("m")
		d.Shows("cannot be moved") // it says why
		d.Press("Enter", "Down", "Enter", "C-u")
		d.Type(`.json.kind = "green tea"`)
		d.Press("Enter")
		d.Wait(time.Second)
		goAhead(d, "dead")
		workUntil(t, d, "4 of 4 moved", func() {})
		d.Wait(time.Second)
		for _, m := range kept(t, d, "spare") {
			if !strings.Contains(m.Body, `"green tea"`) {
				t.Errorf("spare has %s", m.Body)
			}
		}
		if got := [2]int{sumOf(t, d, "spare"), sumOf(t, d, "dead")}; got != [2]int{4, 4} {
			t.Errorf("spare and dead have %v", got)
		}
	})
}

func TestACanaryThatComesBackStopsTheRedriveOfAThousand(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(1000)}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		goAhead(d, "dead")
		tried := 0
		workUntil(t, d, "! stopped", func() { consume(t, d, "orders", func(string) bool { tried++; return true }) })
		d.Shows("came back", "of 1,000 moved")
		if tried > 10*2 {
			t.Errorf("the consumer was given %d messages to fail at", tried)
		}
		consume(t, d, "orders", all)
		d.Wait(10 * time.Second)
		if n := sumOf(t, d, "dead"); n != 1000 {
			t.Errorf("the dead-letter queue has %d", n)
		}
	})
}

func TestAMessageThatCameBackCarriesItsCount(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(12)}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		goAhead(d, "dead")
		workUntil(t, d, "! stopped", func() { consume(t, d, "orders", all) })
		consume(t, d, "orders", all)
		d.Press("n")
		d.Wait(time.Second)
		d.Shows("redriven before", "came back") // the card remembers
		d.Press("Esc", "Esc", "Enter")
		d.Wait(2 * time.Second)
		d.Shows("REDRIVEN", "1×")
	})
}

func TestARedriveGoesOnWhenItsScreenIsLeftAndIsCancelledFromThere(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(200)}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		d.Press("j", "j", "j", "j", "Enter", "C-u") // the canary
		d.Type("0")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("none: all are moved at once")
		goAhead(d, "dead")
		d.Wait(5 * time.Second)
		d.Press("Esc", "Esc")
		d.Shows("▶ moving:")
		before := sumOf(t, d, "dead")
		d.Wait(5 * time.Second)
		if now := sumOf(t, d, "dead"); now >= before {
			t.Errorf("it does not go on: %d were left, now %d are", before, now)
		}
		d.Press("q")
		d.Shows("Quit and stop what is under way?")
		d.Press("Esc")
		d.Press("t")
		d.Wait(time.Second)
		d.Press("m")
		d.Wait(time.Second)
		d.Shows("▶ redriving", "▸ they are moved")
		d.Press("X")
		d.Shows("Stop the redrive of dead?")
		d.Press("Enter")
		d.Wait(5 * time.Second)
		d.Shows("! stopped", "cancelled")
		n := sumOf(t, d, "dead")
		d.Wait(time.Minute)
		if now := sumOf(t, d, "dead"); now != n || now+sumOf(t, d, "orders") != 200 {
			t.Errorf("after the cancel %d, later %d here and %d there", n, now, sumOf(t, d, "orders"))
		}
		if v := attr(t, d, "dead", backend.AttrMessagesNotVisible); v != "0" {
			t.Errorf("%s messages are still on lease", v)
		}
	})
}

func TestQuittingStopsARedriveInOrder(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(200)}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		goAhead(d, "dead")
		d.Wait(3 * time.Second)
		d.Press("ctrl+c")
		d.Wait(10 * time.Second)
		if !d.Ended() {
			t.Fatalf("the program has not ended:\n%s", d.Text())
		}
		if v := attr(t, d, "dead", backend.AttrMessagesNotVisible); v != "0" {
			t.Errorf("%s messages are still on lease", v)
		}
		if sum := sumOf(t, d, "dead") + sumOf(t, d, "orders"); sum != 200 {
			t.Errorf("%d messages are left of 200", sum)
		}
		if open, err := move.Unfinished(d.opts.Moves); err != nil || len(open) > 0 {
			t.Errorf("unfinished: %v, %v", open, err)
		}
	})
}

func TestLeavingTheContextAsksAboutWhatIsUnderWay(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(100), contexts: []screen.Context{{Name: "demo"}, {Name: "else"}}}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		goAhead(d, "dead")
		d.Wait(3 * time.Second)
		d.Press("c")
		d.Wait(time.Second)
		d.Press("j", "Enter")
		d.Shows("Leave demo and stop what is under way?", "the redrive of dead")
		d.Press("Esc")
		d.Wait(time.Second)
		d.Press("!")
		d.Type("peek")
		d.Press("Enter")
		d.Shows("stop what is under way?")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("access is now peek")
		if v := attr(t, d, "dead", backend.AttrMessagesNotVisible); v != "0" {
			t.Errorf("%s messages are still on lease", v)
		}
	})
}

// T13: a FIFO move keeps the group, and the five-minute deduplication window
// cannot swallow it unnoticed.
func TestT13OnTheScreenAFIFORedriveKeepsTheGroupAndNothingIsSwallowedUnnoticed(t *testing.T) {
	fill := func(t *testing.T, sqs backend.SQS) {
		fifo := map[string]string{backend.AttrFifoQueue: "true"}
		queue(t, sqs, "dead.fifo", fifo)
		queue(t, sqs, "orders.fifo", map[string]string{backend.AttrFifoQueue: "true", backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead.fifo","maxReceiveCount":"1"}`})
		die(t, sqs, "orders.fifo", 9, func(i int) string { return fmt.Sprintf("step %d", i) })
	}
	t.Run("new ids", func(t *testing.T) {
		onScreen(t, setup{w: 120, h: 40, fill: fill}, func(t *testing.T, d *desk) {
			want := groups(kept(t, d, "dead.fifo"))
			planFor(d, "dead.fifo")
			d.Shows("new ones: nothing can be swallowed")
			goAhead(d, "dead.fifo")
			workUntil(t, d, "9 of 9 moved", func() {})
			if diff := cmp.Diff(want, groups(kept(t, d, "orders.fifo"))); diff != "" {
				t.Errorf("the groups and their order (-before +after):\n%s", diff)
			}
		})
	})
	t.Run("their own ids, within five minutes", func(t *testing.T) {
		onScreen(t, setup{w: 120, h: 40, fill: fill}, func(t *testing.T, d *desk) {
			planFor(d, "dead.fifo")
			d.Press("j", "j", "j", "j", "Enter", "Down", "Enter")
			d.Wait(time.Second)
			d.Shows("as they were; what may be swallowed")
			goAhead(d, "dead.fifo")
			workUntil(t, d, "not all went well", func() {})
			d.Press("Enter")
			d.Shows("swallowed")
			if n := sumOf(t, d, "dead.fifo"); n != 9 {
				t.Errorf("%d of 9 are left, though none can have arrived", n)
			}
		})
	})
}

// groups are the bodies of each message group in their order.
func groups(all []backend.StoredMessage) map[string][]string {
	out := map[string][]string{}
	for _, m := range all {
		g := m.Attributes[backend.SysMessageGroupId]
		out[g] = append(out[g], m.Body)
	}
	return out
}

// T18: a DLQ is never emptied for want of a destination: resolve first, put back on
// failure.
func TestT18OnTheScreenADLQIsNeverEmptiedForWantOfADestination(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(5)}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		d.Press("j", "Enter")
		d.Wait(time.Second)
		d.Type("spare")
		d.Press("Enter")
		d.Wait(time.Second)
		if _, err := d.sqs.GetQueueUrl(context.Background(), backend.GetQueueUrlInput{QueueName: "spare"}); err != nil {
			t.Fatal(err)
		}
		spare := url(t, d.sqs, "spare")
		if err := d.sqs.DeleteQueue(context.Background(), backend.DeleteQueueInput{QueueUrl: spare}); err != nil {
			t.Fatal(err)
		}
		goAhead(d, "dead")
		d.Wait(5 * time.Second)
		d.Shows("✗ ended before its time", "does not exist")
		if n, held := sumOf(t, d, "dead"), attr(t, d, "dead", backend.AttrMessagesNotVisible); n != 5 || held != "0" {
			t.Errorf("%d are left, %s of them on lease", n, held)
		}
	})
	t.Run("orphan", func(t *testing.T) {
		onScreen(t, setup{w: 120, h: 40, fill: func(t *testing.T, sqs backend.SQS) {
			queue(t, sqs, "lonely", nil)
			send(t, sqs, "lonely", "a", "b")
		}}, func(t *testing.T, d *desk) {
			d.Press("Enter")
			d.Wait(time.Second)
			d.Press("m")
			d.Type("all")
			d.Press("Enter")
			d.Wait(time.Second)
			d.Shows("✗ lonely is the dead-letter queue of no queue")
			d.Press("m")
			d.Shows("nowhere to go back to")
			if n := sumOf(t, d, "lonely"); n != 2 {
				t.Errorf("%d are left", n)
			}
		})
	})
}

func TestASharedDLQGivesBackToEachSourceAndLeavesWhatIsNobodys(t *testing.T) {
	onScreen(t, setup{w: 110, h: 40, fill: mourning}, func(t *testing.T, d *desk) {
		planFor(d, "shop-dead")
		d.Shows("orders 20, refunds 9", "nobody")
		d.Press("v")
		d.Shows("20 to orders, 9 to refunds, 1 left here")
		goAhead(d, "shop-dead")
		workUntil(t, d, "not all went well", func() { consume(t, d, "orders", none); consume(t, d, "refunds", none) })
		d.Shows("29 of 30 moved", "was not dead-lettered by a queue")
		if n := sumOf(t, d, "shop-dead"); n != 1 {
			t.Errorf("%d are left", n)
		}
		d.Press("a")
		d.Wait(time.Second)
		d.Shows("not moved before: 1 message")
		d.Press("j", "Enter")
		d.Wait(time.Second)
		d.Type("archive")
		d.Press("Enter")
		d.Wait(time.Second)
		goAhead(d, "shop-dead")
		workUntil(t, d, "1 of 1 moved", func() {})
		if n := sumOf(t, d, "archive"); n != 1 {
			t.Errorf("the archive has %d", n)
		}
	})
}

func TestAQuarantineQueueIsMadeOnTheSpot(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(3)}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		d.Press("j", "Enter")
		d.Wait(time.Second)
		d.Type("quarantine")
		d.Press("Enter")
		d.Shows("dead-quarantine", "14 days")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("made the quarantine queue dead-quarantine", "to          dead-quarantine")
		goAhead(d, "dead")
		workUntil(t, d, "3 of 3 moved", func() {})
		if n := sumOf(t, d, "dead-quarantine"); n != 3 {
			t.Errorf("it has %d", n)
		}
	})
}

func TestAMessageIsEditedByHandOnItsWay(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "edit")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nsed -i 's/\"tea\"/\"coffee\"/' \"$1\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VISUAL", program)
	t.Setenv("XDG_RUNTIME_DIR", dir)
	onScreen(t, setup{w: 120, h: 40, fill: grave(1)}, func(t *testing.T, d *desk) {
		d.Press("Enter") // the dead letters stand under orders
		d.Press("Esc", "/")
		d.Type("dead")
		d.Press("Enter", "Enter")
		d.Wait(2 * time.Second)
		d.Press("m")
		d.Shows("the one under the cursor")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Press("j", "j", "Enter", "Down", "Down", "Enter")
		d.Wait(2 * time.Second)
		d.Shows("edited by hand", `.json.kind  "tea" → "coffee"`)
		d.Press("k") // the terminal takes the first key after a program has had it
		goAhead(d, "dead")
		workUntil(t, d, "1 of 1 moved", func() {})
		if got := kept(t, d, "orders"); len(got) != 1 || got[0].Body != `{"order":0,"kind":"coffee"}` {
			t.Errorf("orders has %+v", got)
		}
	})
}

// unsure does not let anything be deleted.
type unsure struct{ backend.SQS }

func (unsure) DeleteMessageBatch(context.Context, backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	return backend.BatchOutput{}, backend.Errorf(backend.KindNetwork, "the connection was lost")
}

func (unsure) DeleteMessage(context.Context, backend.DeleteMessageInput) error {
	return backend.Errorf(backend.KindNetwork, "the connection was lost")
}

// interrupted leaves a move of three messages open, as a crash between send and delete
// does.
func interrupted(t *testing.T, sqs backend.SQS, dir string) {
	t.Helper()
	find := func(name string) move.Queue {
		q, err := move.Find(context.Background(), unsure{sqs}, "demo", url(t, sqs, name))
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	res, err := move.Run(context.Background(), move.Options{Dir: dir, From: find("dead"), To: []move.Queue{find("orders")}, Lease: 2 * time.Second, Budget: 10 * time.Second})
	if !res.Open {
		t.Fatalf("the move is not open: %+v, %v", res, err)
	}
}

func TestAMoveThatACrashLeftOpenIsSaidAtTheNextStartAndFinished(t *testing.T) {
	state := t.TempDir()
	onScreen(t, setup{w: 120, h: 40, state: state, fill: func(t *testing.T, sqs backend.SQS) {
		grave(3)(t, sqs)
		interrupted(t, sqs, filepath.Join(state, "moves"))
	}}, func(t *testing.T, d *desk) {
		d.Shows("1 move is unfinished: 3 messages are in both queues; t shows it", "1 move unfinished")
		d.Press("/")
		d.Type("dead")
		d.Press("Enter", "t")
		d.Wait(time.Second)
		d.Shows("✗ unfinished", "3 messages in both queues")
		d.Press("F")
		d.Shows("Finish the move from dead?", "In both queues: 3 messages of dead")
		d.Type("dead")
		d.Press("Enter")
		workUntil(t, d, "is finished", func() {})
		d.Wait(2 * time.Second)
		d.Hides("1 move unfinished", "✗ unfinished")
		if got := [2]int{sumOf(t, d, "dead"), sumOf(t, d, "orders")}; got != [2]int{0, 3} {
			t.Errorf("dead and orders have %v", got)
		}
	})
}

func TestWhatIsDoneNeedsTheLevelAndSaysSo(t *testing.T) {
	for _, level := range []guard.Level{guard.View, guard.Peek} {
		onScreen(t, setup{w: 120, h: 40, fill: grave(3)}, func(t *testing.T, d *desk) {
			d.conn.Guard.SetLevel(level)
			planFor(d, "dead")
			d.Press("m")
			d.Shows("redrive: ", "raise")
			d.Hides("Type dead to go on")
			d.Press("t")
			d.Wait(time.Second)
			for _, key := range []string{"n", "w", "i"} {
				d.Press(key)
				d.Shows("raise")
				d.Hides("Type dead to go on")
			}
			if n := sumOf(t, d, "dead"); n != 3 {
				t.Errorf("%d are left", n)
			}
		})
	}
}

func TestDrainWritesAFileFirstAndRestoreSendsItAgain(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(12)}, func(t *testing.T, d *desk) {
		sorted := func() []backend.SendMessageInput { // a standard queue keeps no order
			all := essence(kept(t, d, "dead"))
			slices.SortFunc(all, func(a, b backend.SendMessageInput) int { return strings.Compare(a.MessageBody, b.MessageBody) })
			return all
		}
		before := sorted()
		open := func() {
			d.Press("/")
			d.Type("dead")
			d.Press("Enter", "t")
			d.Wait(time.Second)
		}
		open()
		d.Press("w")
		d.Shows("Drain dead into a file: about 12 messages")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("Delete 12 messages from dead?")
		d.Press("Esc")
		d.Wait(2 * time.Second)
		d.Shows("nothing was deleted from dead")
		if n := sumOf(t, d, "dead"); n != 12 {
			t.Fatalf("%d are left though nobody agreed", n)
		}
		d.Press("w", "Enter")
		d.Wait(2 * time.Second)
		d.Type("dead")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("12 messages deleted", "12 of 12  dead        a file")
		if n := sumOf(t, d, "dead"); n != 0 {
			t.Fatalf("%d are left", n)
		}
		d.Press("i")
		d.Wait(time.Second)
		d.Shows("Restore to dead from which evidence?")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("Send 12 messages to dead?")
		d.Type("dead")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("restored 12 messages to dead", "12 of 12  dead        dead")
		if diff := cmp.Diff(before, sorted()); diff != "" {
			t.Errorf("what came back is not what was there (-before +after):\n%s", diff)
		}
	})
}

func TestSQSsOwnTaskTakesTheRestWhenTheCanaryHasPassed(t *testing.T) {
	s := &spy{}
	onScreen(t, setup{w: 120, h: 40, wrap: watched(s), fill: grave(30)}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		d.Press("j", "j", "j", "Enter")
		d.Wait(time.Second)
		d.Shows("by SQS's own task")
		goAhead(d, "dead")
		workUntil(t, d, "✓ done", func() { consume(t, d, "orders", none) })
		d.Shows("30 of 30 moved")
		if n := len(s.starts()); n != 1 {
			t.Errorf("%d tasks were started", n)
		}
		if n := sumOf(t, d, "dead"); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}

func TestOnAWSNothingIsReceivedBeforeTheNameIsTyped(t *testing.T) {
	t.Parallel()
	s := &spy{}
	onScreen(t, setup{w: 120, h: 40, remote: true, wrap: watched(s), fill: grave(12)}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		d.Press("v", "Tab", "r")
		d.Wait(time.Minute)
		if n := s.receives.Load(); n != 0 {
			t.Fatalf("%d receives before anybody has agreed", n)
		}
		d.Shows("by depths alone")
		d.Press("j", "j", "j", "j", "j", "j", "j", "Enter")
		d.Wait(time.Second)
		d.Shows("dead is received from")
		goAhead(d, "dead")
		workUntil(t, d, "✓ done", func() { consume(t, d, "orders", none) })
		d.Shows("12 of 12 moved", "0 came back")
	})
}

func TestMasksHoldForTheChangesToo(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, masks: []config.Mask{{Queues: "*", Mode: "deny", Paths: []string{".kind"}}}, fill: grave(2)}, func(t *testing.T, d *desk) {
		planFor(d, "dead")
		d.Press("j", "j", "Enter", "Down", "Enter")
		d.Type(`.json.kind = "hush" | .json.order = 7`)
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("masks hide a part of it", ".json.order")
		d.Hides(`"tea"`, `"cup"`)
	})
}

func TestAMoveThatRunsInAnotherProcessIsShownAndNotTouched(t *testing.T) {
	state := t.TempDir()
	onScreen(t, setup{w: 120, h: 40, state: state, fill: func(t *testing.T, sqs backend.SQS) {
		grave(3)(t, sqs)
		interrupted(t, sqs, filepath.Join(state, "moves"))
		found, err := filepath.Glob(filepath.Join(state, "moves", "*.jsonl"))
		if err != nil || len(found) != 1 {
			t.Fatalf("the journals are %v, %v", found, err)
		}
		text, err := os.ReadFile(found[0])
		if err != nil {
			t.Fatal(err)
		}
		other := bytes.Replace(text, []byte(fmt.Sprintf(`"pid":%d`, os.Getpid())), []byte(`"pid":7`), 1)
		if err := os.WriteFile(found[0], other, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(found[0])
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil { // as its process has it
			t.Fatal(err)
		}
	}}, func(t *testing.T, d *desk) {
		d.Hides("unfinished")
		d.Press("/")
		d.Type("dead")
		d.Press("Enter", "t")
		d.Wait(time.Second)
		d.Shows("runs in process 7")
		d.Press("F")
		d.Shows("process 7 has it in hand")
		d.Hides("Finish the move")
	})
}

func TestMessagesAreRedrivenToAQueueOfAnotherPlace(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: grave(4), contexts: []screen.Context{{Name: "demo"}, {Name: "far"}}}, func(t *testing.T, d *desk) {
		conn, end := elsewhere(t, d, guard.Change)
		defer end()
		d.there = conn
		d.Press("c")
		d.Wait(time.Second)
		d.Press("j", "Enter")
		d.Wait(2 * time.Second)
		d.Press("c")
		d.Wait(time.Second)
		d.Press("k", "Enter")
		d.Wait(2 * time.Second)
		planFor(d, "dead")
		d.Press("j", "Enter")
		d.Wait(time.Second)
		d.Type("over-there")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("over-there in prod")
		goAhead(d, "dead")
		workUntil(t, d, "4 of 4 moved", func() {})
		if n := sumOf(t, d, "dead"); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}
