package ui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/guard"
)

// spy counts what goes to SQS, and can stand in the way of some of it.
type spy struct {
	backend.SQS
	receives atomic.Int64
	deny     string       // the queue whose attributes are refused
	expired  atomic.Bool  // credentials
	failIDs  map[int]bool // entries of a delete batch that fail
	mu       sync.Mutex
	started  []backend.StartMessageMoveTaskInput
}

func (s *spy) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	s.receives.Add(1)
	return s.SQS.ReceiveMessage(ctx, in)
}

func (s *spy) ListQueues(ctx context.Context, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	if s.expired.Load() {
		return backend.ListQueuesOutput{}, &backend.Error{Kind: backend.KindCredentials, Code: "ExpiredToken", Message: "The security token included in the request is expired", Next: "run aws sso login --profile shop"}
	}
	return s.SQS.ListQueues(ctx, in)
}

// denyNow takes the right to read a queue's attributes away.
func (s *spy) denyNow(queue string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deny = queue
}

func (s *spy) denied() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deny
}

func (s *spy) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	if deny := s.denied(); deny != "" && strings.HasSuffix(in.QueueUrl, "/"+deny) {
		return backend.GetQueueAttributesOutput{}, backend.ErrorOf(backend.ErrAccessDenied, "not authorized to perform: sqs:getqueueattributes")
	}
	return s.SQS.GetQueueAttributes(ctx, in)
}

func (s *spy) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	var keep []backend.DeleteMessageBatchEntry
	var failed []backend.BatchError
	for i, e := range in.Entries {
		if s.failIDs[i] {
			failed = append(failed, backend.BatchError{Id: e.Id, Code: "InternalError", Message: "try again"})
			continue
		}
		keep = append(keep, e)
	}
	in.Entries = keep
	out, err := s.SQS.DeleteMessageBatch(ctx, in)
	out.Failed = append(out.Failed, failed...)
	return out, err
}

func (s *spy) StartMessageMoveTask(ctx context.Context, in backend.StartMessageMoveTaskInput) (backend.StartMessageMoveTaskOutput, error) {
	s.mu.Lock()
	s.started = append(s.started, in)
	s.mu.Unlock()
	return s.SQS.StartMessageMoveTask(ctx, in)
}

func (s *spy) starts() []backend.StartMessageMoveTaskInput {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.started)
}

// watched puts a spy around the engine.
func watched(s *spy) func(backend.SQS) backend.SQS {
	return func(next backend.SQS) backend.SQS { s.SQS = next; return s }
}

func TestT1MarksHoldMessagesAndNotRows(t *testing.T) {
	onScreen(t, setup{w: 140, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		send(t, sqs, "orders", "apple one", "banana two", "apple three", "cherry four")
	}}, func(t *testing.T, d *desk) {
		d.Press("Enter")
		d.Press("j", "Space") // banana
		d.Press("/")
		d.Type("apple") // the marked one is filtered out
		d.Press("Enter")
		d.Shows("1 marked")
		d.Press("/", "Esc")
		send(t, d.sqs, "orders", "date five")
		d.Wait(3 * time.Second)
		d.Shows("date five", "1 marked")
		d.Press("x")
		d.Shows("Delete 1 message from orders?")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Hides("banana two")
		d.Shows("apple one", "apple three", "cherry four", "deleted 1 message")
	})
}

func TestT2CommandLettersAreTextInATextField(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
	}}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type("q?/:d!cp")
		d.Shows("send to orders", "q?/:d!cp")
		d.Press("Tab")
		d.Type("gq:")
		d.Shows("gq:")
		d.Press("Esc", "/")
		d.Type("q?dn")
		d.Shows("none of 1 queue matches q?dn")
	})
}

func TestT3ExpiredCredentialsAreShownAsThatAndNeverAsNoQueues(t *testing.T) {
	s := &spy{}
	s.expired.Store(true)
	onScreen(t, setup{w: 80, h: 24, remote: true, wrap: watched(s), fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
	}}, func(t *testing.T, d *desk) {
		d.Shows("credentials", "aws sso login --profile shop")
		d.Hides("no queues in")
		s.expired.Store(false)
		d.Press("r")
		d.Wait(2 * time.Second)
		d.Shows("orders")
		d.Hides("aws sso login")
		s.expired.Store(true)
		d.Wait(time.Minute)
		d.Shows("orders", "aws sso login --profile shop", "old") // what was loaded stays, with its age
	})
}

func TestT4AllQueuesAreListed(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		for i := range 1001 {
			queue(t, sqs, fmt.Sprintf("queue-%04d", i), nil)
		}
	}}, func(t *testing.T, d *desk) {
		d.Wait(10 * time.Second)
		d.Shows("1,001 queues")
		d.Press("o") // by name
		d.Press("G")
		d.Shows("queue-1000")
	})
}

func TestT5OneDeniedQueueLeavesTheOthersAlone(t *testing.T) {
	s := &spy{deny: "secret"}
	onScreen(t, setup{w: 100, h: 30, remote: true, wrap: watched(s), fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		queue(t, sqs, "secret", nil)
		send(t, sqs, "orders", "a", "b", "c")
	}}, func(t *testing.T, d *desk) {
		d.Wait(5 * time.Second)
		row := line(d, "secret")
		if !strings.Contains(row, "denied") {
			t.Errorf("the row does not say why it has no numbers: %q", row)
		}
		if row := line(d, "orders"); !strings.Contains(row, "3") {
			t.Errorf("the other queue has lost its numbers: %q", row)
		}
	})
}

func TestT6NothingIsReceivedWithoutAnAct(t *testing.T) {
	s := &spy{}
	onScreen(t, setup{w: 100, h: 30, remote: true, wrap: watched(s), fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		send(t, sqs, "orders", "a", "b")
	}}, func(t *testing.T, d *desk) {
		d.Wait(10 * time.Minute)
		d.Press("Enter") // the messages
		d.Wait(10 * time.Minute)
		d.Press("r")
		d.Press("Esc", "a")
		d.Wait(time.Minute)
		if n := s.receives.Load(); n != 0 {
			t.Fatalf("%d receives without anybody having asked", n)
		}
		d.Press("m")
		d.Shows("nothing has been received", "+1 receive")
		d.Press("l")
		d.Wait(5 * time.Second)
		if s.receives.Load() == 0 {
			t.Error("l did not look")
		}
		d.Shows("seen 2", "leased")
		d.Press("Esc")
		d.Wait(time.Second)
		if v := attr(t, d, "orders", backend.AttrMessagesNotVisible); v != "0" {
			t.Errorf("%s messages are still hidden after leaving the screen", v)
		}
	})
}

// twoSources makes a dead-letter queue that two queues share, with a message of
// each in it.
func twoSources(t *testing.T, sqs backend.SQS) {
	t.Helper()
	queue(t, sqs, "shared-dead", nil)
	for _, name := range []string{"orders", "refunds"} {
		queue(t, sqs, name, map[string]string{backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:shared-dead","maxReceiveCount":"1"}`})
		send(t, sqs, name, "of "+name)
		for range 2 {
			_, err := sqs.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{QueueUrl: url(t, sqs, name), VisibilityTimeout: backend.Some(0)})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestT8ASharedDLQGivesEachMessageBackToItsOwnSource(t *testing.T) {
	s := &spy{}
	onScreen(t, setup{w: 140, h: 40, wrap: watched(s), fill: twoSources}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("shared")
		d.Press("Enter", "d")
		d.Wait(time.Second)
		d.Shows("shared-dead holds 2 messages", "orders", "refunds")
		d.Press("t", "n")
		d.Shows("each back to its own source", "Type shared-dead to go on")
		d.Press("Enter", "Enter") // on to the name, which is not there yet
		d.Shows("Redrive shared-dead by SQS's own task")
		if n := len(s.starts()); n != 0 {
			t.Fatal("it was started without the queue's name")
		}
		d.Type("shared-dead")
		d.Press("Enter")
		d.Wait(10 * time.Second)
		d.Shows("COMPLETED", "2 of 2")
		if started := s.starts(); len(started) != 1 || started[0].DestinationArn != "" {
			t.Fatalf("started %+v", started)
		}
		for _, name := range []string{"orders", "refunds"} {
			out, err := d.sqs.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{QueueUrl: url(t, d.sqs, name)})
			if err != nil || len(out.Messages) != 1 || out.Messages[0].Body != "of "+name {
				t.Errorf("%s got %v back, error %v", name, out.Messages, err)
			}
		}
	})
}

func TestT9AMoveTaskIsShownAsItIs(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: func(t *testing.T, sqs backend.SQS) {
		twoSources(t, sqs)
		for i := range 20 {
			send(t, sqs, "orders", fmt.Sprintf("more %d", i))
		}
		for range 60 {
			if _, err := sqs.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{QueueUrl: url(t, sqs, "orders"), VisibilityTimeout: backend.Some(0)}); err != nil {
				t.Fatal(err)
			}
		}
	}}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("shared")
		d.Press("Enter", "d", "t", "n", "Tab")
		d.Type("1") // a message a second
		d.Press("Tab")
		d.Type("shared-dead")
		d.Press("Enter")
		d.Wait(3 * time.Second)
		d.Shows("RUNNING", "of 22", "1/s")
		send(t, d.sqs, "shared-dead", "came later")
		d.Wait(2 * time.Second)
		d.Shows("of 22") // the total was fixed at the start
		d.Press("n")
		d.Shows("one for a queue at a time")
		d.Press("X", "Enter")
		d.Wait(100 * time.Millisecond)
		d.Hides("COMPLETED")
		d.Wait(5 * time.Second)
		d.Shows("CANCELLED", "of 22")
		d.Press("X")
		d.Shows("no move task is under way")
	})
}

func TestT10AQueueIsADLQBecauseAPolicyNamesIt(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "looks-like-a-dlq", nil)
		queue(t, sqs, "allowed", map[string]string{backend.AttrRedriveAllowPolicy: `{"redrivePermission":"allowAll"}`})
		queue(t, sqs, "graveyard", nil)
		queue(t, sqs, "orders", map[string]string{backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:graveyard","maxReceiveCount":3}`})
	}}, func(t *testing.T, d *desk) {
		for name, is := range map[string]bool{"looks-like-a-dlq": false, "allowed": false, "graveyard": true, "orders": false} {
			if got := strings.Contains(line(d, name), "DLQ"); got != is {
				t.Errorf("%s is shown as a dead-letter queue: %v", name, got)
			}
		}
		d.Shows("└ graveyard", "1 DLQ")
	})
}

func TestT14AHalfFailedDeleteSaysOnlyWhatIsGone(t *testing.T) {
	s := &spy{failIDs: map[int]bool{1: true}}
	onScreen(t, setup{w: 140, h: 40, remote: true, wrap: watched(s), fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		send(t, sqs, "orders", "body-one", "body-two", "body-three")
	}}, func(t *testing.T, d *desk) {
		d.Press("Enter", "l")
		d.Wait(5 * time.Second)
		d.Shows("seen 3")
		d.Press("A", "x")
		d.Shows("Delete 3 messages from orders?", "Type orders to go on", "evidence")
		d.Press("Enter")
		d.Type("orders")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("deleted 2 messages", "1 not")
		left := 0
		for _, b := range []string{"body-one", "body-two", "body-three"} {
			if strings.Contains(d.Text(), b) {
				left++
			}
		}
		if left != 1 {
			t.Errorf("%d messages are shown, one is left:\n%s", left, d.Text())
		}
		files, err := filepath.Glob(filepath.Join(d.opts.Evidence, "*.jsonl"))
		if err != nil || len(files) != 1 {
			t.Fatalf("evidence: %v, error %v", files, err)
		}
		data, err := os.ReadFile(files[0])
		if err != nil || strings.Count(string(data), "\n") != 3 {
			t.Errorf("the evidence is not all three messages: %s, error %v", data, err)
		}
	})
}

func TestT15AnEmptyLookIsNotAnEmptyQueue(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, remote: true, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		send(t, sqs, "orders", "held by somebody")
		_, err := sqs.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{QueueUrl: url(t, sqs, "orders"), VisibilityTimeout: backend.Some(600)})
		if err != nil {
			t.Fatal(err)
		}
	}}, func(t *testing.T, d *desk) {
		d.Press("Enter", "l")
		d.Wait(15 * time.Second)
		d.Shows("not to say that the queue is empty", "1 in flight")
		d.Hides("s sends a message") // what stands in a queue that is known to be empty
	})
}

func TestT16NumbersSortAsNumbers(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		for name, n := range map[string]int{"nine": 9, "ten": 10, "hundred": 100, "two": 2} {
			queue(t, sqs, name, nil)
			for range n {
				send(t, sqs, name, "x")
			}
		}
	}}, func(t *testing.T, d *desk) {
		d.Wait(5 * time.Second)
		want := []string{"hundred", "ten", "nine", "two"}
		if got := inOrder(d, want); !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
		d.Press("O")
		d.Wait(time.Second)
		slices.Reverse(want)
		if got := inOrder(d, want); !slices.Equal(got, want) {
			t.Errorf("reversed: got %v", got)
		}
	})
}

func TestT17EverythingWorksAt80x24AndNothingIsWrittenUnasked(t *testing.T) {
	before := entries(t, ".")
	onScreen(t, setup{w: 80, h: 24, fill: twoSources}, func(t *testing.T, d *desk) {
		d.Shows("us-east-1", "change", "shared-dead")
		d.Press("Enter", "Enter")
		d.Press("Esc", "Esc", "a", "Esc", "d", "Esc", "s", "Esc", "c", "Esc", "?")
		d.Shows("Keys of the queues")
		d.Press("Esc", ":")
		d.Shows("Commands")
		d.Press("Esc")
		for _, l := range strings.Split(d.Text(), "\n") {
			if n := len([]rune(l)); n > 80 {
				t.Errorf("a line of %d characters: %q", n, l)
			}
		}
		d.Resize(59, 14)
		d.Shows("sqscope needs 60x15; this is 59x14")
		d.Resize(60, 15)
		d.Shows("Queues")
	})
	if after := entries(t, "."); !slices.Equal(before, after) {
		t.Errorf("the working directory had %v and has %v", before, after)
	}
}

func TestALevelIsKeptBelowTheScreenAndKeysSayWhy(t *testing.T) {
	s := &spy{}
	onScreen(t, setup{w: 120, h: 30, level: guard.Peek, remote: true, wrap: watched(s), fill: twoSources}, func(t *testing.T, d *desk) {
		d.Shows("peek")
		d.Press("s")
		d.Shows("send:", "!") // says how to raise the level
		d.Hides("send to")
		d.Press("!")
		d.Type("change")
		d.Press("Enter")
		d.Shows("access is now change")
		d.Press("s")
		d.Shows("send to")
	})
}

// line is the line of the screen with this text.
func line(d *desk, with string) string {
	for _, l := range strings.Split(d.Text(), "\n")[2:] {
		if strings.Contains(l, with) {
			return l
		}
	}
	return ""
}

// inOrder are the names as they stand on the screen, from above.
func inOrder(d *desk, names []string) []string {
	out := slices.Clone(names)
	text := d.Text()
	slices.SortFunc(out, func(a, b string) int { return strings.Index(text, " "+a+" ") - strings.Index(text, " "+b+" ") })
	return out
}

func attr(t *testing.T, d *desk, name, attribute string) string {
	t.Helper()
	out, err := d.sqs.GetQueueAttributes(context.Background(), backend.GetQueueAttributesInput{QueueUrl: url(t, d.sqs, name), AttributeNames: []string{backend.AttrAll}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes[attribute]
}

func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func TestAnActTypedAheadWaitsForTheFilterItBelongsTo(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		for i := range 300 {
			queue(t, sqs, fmt.Sprintf("queue-%03d", i), nil)
		}
	}}, func(t *testing.T, d *desk) {
		d.Press("j", "j")
		d.Raw("/queue-217\r\r") // all at once, as a fast typist or a script does
		d.Wait(time.Second)
		d.Shows("Queues / queue-217")
	})
}

func TestTheQueueOfTheCommandLineIsOpenedByItsName(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, remote: true, queue: "orders", fill: twoSources}, func(t *testing.T, d *desk) {
		d.Shows("Queues / orders", "nothing has been received")
	})
	onScreen(t, setup{w: 100, h: 30, remote: true, queue: "nowhere", fill: twoSources}, func(t *testing.T, d *desk) {
		d.Shows("there is no such queue here", "orders")
	})
}

func TestLeasesAreGivenBackBeforeTheLevelIsLowered(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, remote: true, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		send(t, sqs, "orders", "a", "b")
	}}, func(t *testing.T, d *desk) {
		d.Press("Enter", "l")
		d.Wait(3 * time.Second)
		d.Shows("leased")
		d.Press("!")
		d.Type("view")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("access is now view")
		d.Hides("leased 1")
		if n := attr(t, d, "orders", backend.AttrMessagesNotVisible); n != "0" {
			t.Errorf("%s messages are still leased", n)
		}
	})
}

func TestASendGoesOnWhenTheComposerIsLeftAndItsEndIsSaid(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, wrap: func(s backend.SQS) backend.SQS { return slow{s} }, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
	}}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type("hello")
		d.Press("C-s", "Esc")
		d.Shows("left while it was being sent", "Queues")
		d.Wait(3 * time.Second)
		d.Shows("sent to orders as")
	})
}

// slow takes two seconds for a send.
type slow struct{ backend.SQS }

func (s slow) SendMessage(ctx context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	select {
	case <-time.After(2 * time.Second):
		return s.SQS.SendMessage(ctx, in)
	case <-ctx.Done():
		return backend.SendMessageOutput{}, backend.AsError(ctx.Err())
	}
}

func TestAListOfActionsWithoutAMatchIsHarmless(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: twoSources}, func(t *testing.T, d *desk) {
		d.Press(":")
		d.Type("zzz")
		d.Press("Down", "Up", "Down", "Enter")
		d.Shows("nothing here fits")
	})
}
