package ui

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/guard"
)

// recorder is an SQS that writes down what is changed, and gives one queue a
// policy of its own making.
type recorder struct {
	backend.SQS
	policy string // of the queue orders; "" leaves it as it is

	mu  sync.Mutex
	set []backend.SetQueueAttributesInput
}

func (r *recorder) SetQueueAttributes(ctx context.Context, in backend.SetQueueAttributesInput) error {
	r.mu.Lock()
	r.set = append(r.set, in)
	r.mu.Unlock()
	return r.SQS.SetQueueAttributes(ctx, in)
}

func (r *recorder) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	out, err := r.SQS.GetQueueAttributes(ctx, in)
	if err == nil && r.policy != "" && strings.HasSuffix(in.QueueUrl, "/orders") {
		out.Attributes[backend.AttrPolicy] = r.policy
	}
	return out, err
}

func (r *recorder) last(t *testing.T) map[string]string {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.set) == 0 {
		t.Fatal("nothing was set")
	}
	return r.set[len(r.set)-1].Attributes
}

func recorded(r *recorder) func(backend.SQS) backend.SQS {
	return func(s backend.SQS) backend.SQS { r.SQS = s; return r }
}

// openQueue opens the screen of a queue at one of its parts.
func openQueue(d *desk, name, part string) {
	d.Press("/")
	d.Type(name)
	d.Press("Enter", "a")
	d.Wait(time.Second)
	d.Press(part)
	d.Wait(time.Second)
}

// goTo moves the cursor, which the line shows, down to where a text stands.
func goTo(t *testing.T, d *desk, cursor, what string) {
	t.Helper()
	for range 40 {
		if strings.Contains(line(d, cursor), what) {
			return
		}
		d.Press("j")
	}
	t.Fatalf("the cursor does not come to %q\n%s", what, d.Text())
}

func orders(t *testing.T, sqs backend.SQS) {
	t.Helper()
	queue(t, sqs, "orders", nil)
}

func TestASettingIsWrittenAsPeopleWriteItAndTheDifferenceIsShownFirst(t *testing.T) {
	r := &recorder{}
	onScreen(t, setup{w: 120, h: 30, fill: orders, wrap: recorded(r)}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "1")
		d.Shows("VisibilityTimeout", "30 s", "How long a message is hidden")
		d.Press("e")
		d.Type("5m")
		d.Shows("30 s → 5 min", `VisibilityTimeout: "30" → "300"`)
		if v := attr(t, d, "orders", backend.AttrVisibilityTimeout); v != "30" {
			t.Fatalf("it was set to %s before anybody said so", v)
		}
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("set VisibilityTimeout of orders to 5 min, was 30 s", "≠ 30 s")
		if got := r.last(t); len(got) != 1 || got[backend.AttrVisibilityTimeout] != "300" {
			t.Errorf("what was set is not exactly what was changed: %v", got)
		}
		d.Press("U")
		d.Shows("5 min → 30 s")
		d.Press("Enter")
		d.Wait(time.Second)
		if v := attr(t, d, "orders", backend.AttrVisibilityTimeout); v != "30" {
			t.Errorf("undone, it is %s", v)
		}
	})
}

func TestWhatSQSWouldRefuseIsRefusedWhileItIsTypedInSQSsWords(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, fill: orders}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "1")
		d.Press("e")
		d.Type("13h")
		d.Shows("Invalid value for the parameter VisibilityTimeout.")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("VisibilityTimeout of orders") // the form is still there
		d.Press("C-u")
		d.Type("30")
		d.Shows("it is so already")
		d.Press("Esc")
		if v := attr(t, d, "orders", backend.AttrVisibilityTimeout); v != "30" {
			t.Errorf("it was set to %s", v)
		}
	})
}

func TestShorteningTheRetentionSaysWhatItDeletes(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: orders}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "1")
		d.Press("j", "e")
		d.Type("1h")
		d.Shows("4 d → 1 h", "older than that are deleted")
	})
}

func TestHighThroughputIsSetWithWhatItNeeds(t *testing.T) {
	r := &recorder{}
	onScreen(t, setup{w: 120, h: 30, wrap: recorded(r), fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "pay.fifo", map[string]string{backend.AttrFifoQueue: "true"})
	}}, func(t *testing.T, d *desk) {
		openQueue(d, "pay", "1")
		goTo(t, d, "▸", "FifoThroughputLimit")
		d.Press("e", "Down", "Enter")
		d.Shows("DeduplicationScope", "in the whole queue → in each message group")
		d.Press("Enter")
		d.Wait(time.Second)
		want := map[string]string{backend.AttrFifoThroughputLimit: "perMessageGroupId", backend.AttrDeduplicationScope: "messageGroup"}
		for name, v := range want {
			if got := r.last(t)[name]; got != v {
				t.Errorf("%s was set to %q", name, got)
			}
		}
	})
}

func TestTheDeadLetterQueueIsChosenFromQueuesOfTheRightKind(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		orders(t, sqs)
		queue(t, sqs, "orders-dead", nil)
		queue(t, sqs, "orders-dead.fifo", map[string]string{backend.AttrFifoQueue: "true"})
	}}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("orders !dead")
		d.Press("Enter", "a")
		d.Wait(time.Second)
		goTo(t, d, "▸", "RedrivePolicy")
		d.Press("e")
		d.Hides("orders-dead.fifo")
		d.Type("dead")
		d.Press("Enter")
		d.Shows("Failed messages of orders go to orders-dead", "nowhere → orders-dead after 5 receives", "mends: There is no dead-letter queue")
		d.Press("C-u")
		d.Type("2000")
		d.Shows("Invalid value for maxReceiveCount: 2000")
		d.Press("C-u")
		d.Type("7")
		d.Press("Enter")
		d.Wait(time.Second)
		if v := attr(t, d, "orders", backend.AttrRedrivePolicy); !strings.Contains(v, "orders-dead") || !strings.Contains(v, `"maxReceiveCount":7`) {
			t.Errorf("the RedrivePolicy is %s", v)
		}
	})
}

func TestOnlyTheQueuesThatAreChosenMaySendDeadLetters(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: twoSources}, func(t *testing.T, d *desk) {
		openQueue(d, "shared-dead", "1")
		goTo(t, d, "▸", "RedriveAllowPolicy")
		d.Press("e", "Down", "Down", "Enter")
		d.Shows("done", "orders", "allowed; enter takes it off")
		d.Press("Down", "Enter", "Enter") // the first one off, then done
		d.Shows("uses this queue now and would not be allowed to", "every queue → only")
		d.Press("Enter")
		d.Wait(time.Second)
		if v := attr(t, d, "shared-dead", backend.AttrRedriveAllowPolicy); strings.Count(v, "arn:") != 1 || !strings.Contains(v, "byQueue") {
			t.Errorf("the RedriveAllowPolicy is %s", v)
		}
	})
}

func TestEncryptionSaysWhatAReaderNeedsAndIsUndone(t *testing.T) {
	onScreen(t, setup{w: 120, h: 34, fill: orders}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "1")
		goTo(t, d, "▸", "Encryption")
		d.Press("e", "Down", "Enter")
		d.Shows("SSE-SQS → SSE-KMS with alias/aws/sqs", "kms:Decrypt", "KmsMasterKeyId: not set →")
		d.Press("Enter")
		d.Wait(time.Second)
		if v := attr(t, d, "orders", backend.AttrKmsMasterKeyId); v != "alias/aws/sqs" {
			t.Errorf("the key is %q", v)
		}
		d.Press("U", "Enter")
		d.Wait(time.Second)
		if v := attr(t, d, "orders", backend.AttrSqsManagedSseEnabled); v != "true" {
			t.Errorf("SSE-SQS is %q again", v)
		}
	})
}

func TestATemplateIsFilledSaidInWordsAndShownAsDifference(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: orders}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "2")
		d.Shows("no policy")
		d.Press("a", "Enter")
		d.Type("placed")
		d.Shows("✗ topic is not such an ARN: placed")
		d.Press("Enter")
		d.Shows("An SNS topic may send") // it stays
		d.Press("C-u")
		d.Type("arn:aws:sns:us-east-1:000000000000:placed")
		d.Shows("SNS may send, if it comes from the SNS topic placed.")
		d.Press("Enter")
		d.Shows("Add this permission to orders?", `+       "Sid": "sns-placed"`)
		if v := attr(t, d, "orders", backend.AttrPolicy); v != "" {
			t.Fatalf("it was set before anybody said so: %s", v)
		}
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("✓ Allow  sns-placed", "SNS may send")
		if v := attr(t, d, "orders", backend.AttrPolicy); !strings.Contains(v, "sns-placed") {
			t.Errorf("the policy is %s", v)
		}
		d.Press("x")
		d.Shows("Remove sns-placed", `-       "Sid": "sns-placed"`)
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("no policy")
	})
}

func TestAPermissionIsAddedUnderALabel(t *testing.T) {
	onScreen(t, setup{w: 120, h: 40, fill: orders}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "2")
		d.Press("a")
		d.Type("AddPermission")
		d.Press("Enter")
		d.Type("partners")
		d.Press("Tab")
		d.Type("111111111111")
		d.Shows("Account 111111111111 may send.")
		d.Press("Tab")
		d.Type(" DeleteQueue")
		d.Shows("Only the queue owner is allowed to invoke this action.")
		d.Press("C-u")
		d.Type("SendMessage")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("Allow  partners")
	})
}

func TestAPolicyThatIsNotJSONIsShownRawWithTheError(t *testing.T) {
	r := &recorder{policy: "{broken: \x1b[31m"}
	onScreen(t, setup{w: 120, h: 30, fill: orders, wrap: recorded(r)}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "2")
		d.Shows("this policy cannot be read", "{broken: ␛[31m")
		d.Press("a")
		d.Shows("the policy cannot be read; e edits it")
	})
}

func TestAMistakeInThePolicyIsSaidWhereItIsAndNothingIsSet(t *testing.T) {
	r := &recorder{}
	onScreen(t, setup{w: 100, h: 34, fill: wired, wrap: recorded(r)}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "2")
		d.Press("e")
		d.Shows("of 8,192 bytes", "✓ SNS may send")
		d.Press("Down", "Down", "Down", "End") // behind the first statement's brace
		d.Type(" oops")
		d.Shows("✗", "line 4")
		d.Press("C-s")
		d.Shows("not saved")
		d.Press("Esc")
		d.Shows("Drop what was typed?")
		d.Press("Enter")
		d.Shows("✓ Allow  sns-placed")
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.set) > 0 {
			t.Errorf("something was set: %v", r.set)
		}
	})
}

func TestAPolicyIsEditedAndTheDifferenceIsShownFirst(t *testing.T) {
	onScreen(t, setup{w: 120, h: 50, fill: orders}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "2")
		d.Press("e")
		d.Paste(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sqs:SendMessage","Resource":"*"}]}`)
		d.Press("C-s")
		d.Shows("Set the policy of orders?", `+       "Effect": "Allow"`)
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("Account 111111111111 may send.")
	})
}

func TestAFindingIsMendedWhereItIsShownFirst(t *testing.T) {
	onScreen(t, setup{w: 140, h: 36, fill: twoSources}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "4")
		d.Shows("loses messages", "Dead letters may be deleted as soon as they arrive")
		d.Press("Enter")
		d.Shows("MessageRetentionPeriod", "4 d → 14 d", "✓ mends: Dead letters may be deleted as soon as they arrive")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		if v := attr(t, d, "shared-dead", backend.AttrMessageRetentionPeriod); v != "1209600" {
			t.Errorf("the dead-letter queue keeps messages for %s s", v)
		}
		d.Hides("loses messages")
	})
}

// silent answers for Lambda and not for SNS.
type silent struct{ company }

func (silent) Subscriptions(context.Context, backend.ARN) (backend.Subscriptions, error) {
	return backend.Subscriptions{}, &backend.Error{Kind: backend.KindDenied, Message: "not authorized to perform: sns:ListSubscriptions", Next: "ask for sns:ListSubscriptions"}
}

func TestEachPartOfTheWiringHasItsOwnError(t *testing.T) {
	onScreen(t, setup{w: 100, h: 34, fill: wired, wiring: silent{}}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "3")
		d.Shows("λ ship-orders", "denied: not known", "sns:ListSubscriptions", "shared-dead", "everyone")
		goTo(t, d, "▸ λ", "ship-orders")
		d.Shows("ReportBatchItemFailures is on", "maximum concurrency 5", "batches of 10")
		d.Press("G", "Enter") // the dead-letter queue
		d.Shows("shared-dead settings")
	})
}

func TestOnTheEngineTheMapSaysThatNobodyElseIsKnown(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: orders}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "3")
		d.Shows("nobody known", "no SNS and no Lambda", "no dead-letter queue")
	})
}

func TestTagsAreAddedChangedAndTakenAway(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: orders}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "5")
		d.Shows("no tags")
		d.Press("a")
		d.Type("aws:team")
		d.Shows("✗")
		d.Press("C-u")
		d.Type("team")
		d.Press("Tab")
		d.Type("checkout")
		d.Shows("+ team = checkout")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("team", "checkout", "tagged orders with team=checkout")
		d.Press("e", "Tab", "C-u")
		d.Type("payments")
		d.Shows("team: checkout → payments")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("payments")
		d.Press("x", "Enter")
		d.Wait(time.Second)
		d.Shows("no tags")
	})
}

func TestALevelThatDoesNotAllowAChangeSaysWhy(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: orders, level: guard.Peek}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "1")
		for _, key := range []string{"e", "X", "P"} {
			d.Press(key)
			d.Shows("raise the access level to change")
			d.Hides("╭")
		}
	})
}

func TestDeniedAttributesLeaveWiringAndTagsAlone(t *testing.T) {
	s := &spy{deny: "orders"}
	onScreen(t, setup{w: 120, h: 30, remote: true, wrap: watched(s), wiring: company{}, fill: wired}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "1")
		d.Shows("denied", "not authorized")
		d.Press("3")
		d.Wait(time.Second)
		d.Shows("topic placed", "λ ship-orders")
		d.Press("5")
		d.Wait(2 * time.Second)
		d.Shows("checkout")
	})
}

func TestAQueueIsDeletedWithItsNameAndAfterItsMessagesWereWritten(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		orders(t, sqs)
		send(t, sqs, "orders", "first", "second")
	}}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "1")
		d.Press("X")
		d.Shows("Delete the queue orders?", "2 messages", "Type orders to go on", "written to a file first")
		d.Type("order")
		d.Press("Enter")
		d.Shows("this is not orders")
		d.Type("s")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("orders is deleted", "evidence in")
		d.Hides("orders settings")
		if bodies := evidence(t, d); strings.Join(bodies, " ") != "first second" {
			t.Errorf("the evidence has %q", bodies)
		}
		if _, err := d.sqs.GetQueueUrl(t.Context(), backend.GetQueueUrlInput{QueueName: "orders"}); backend.KindOf(err) != backend.KindNotFound {
			t.Errorf("the queue is still there: %v", err)
		}
	})
}

func TestAPurgeThatCannotSaveEverythingTakesASecondWord(t *testing.T) {
	onScreen(t, setup{w: 120, h: 34, remote: true, fill: func(t *testing.T, sqs backend.SQS) {
		orders(t, sqs)
		send(t, sqs, "orders", "first", "second")
		_, err := sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: url(t, sqs, "orders"), MessageBody: "later", DelaySeconds: backend.Some(900)})
		if err != nil {
			t.Fatal(err)
		}
	}}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "1")
		d.Press("P")
		d.Shows("keep a copy of its messages?", "write evidence first", "without evidence")
		d.Press("Enter")
		d.Shows("+1 receive", "Type orders to go on")
		d.Type("orders")
		d.Press("Enter")
		d.Wait(30 * time.Second)
		d.Shows("although not everything was written", "2 messages are in", "About 1 message could not be written", "Type without evidence")
		if n := attr(t, d, "orders", backend.AttrMessagesNotVisible); n != "0" {
			t.Errorf("%s messages are still hidden", n)
		}
		if n := attr(t, d, "orders", backend.AttrMessages); n != "2" {
			t.Errorf("%s messages are there before it was allowed", n)
		}
		d.Type("without evidence")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("orders is purged")
		if n := attr(t, d, "orders", backend.AttrMessages); n != "0" {
			t.Errorf("%s messages are left", n)
		}
	})
}

func TestAPurgeWithoutEvidenceTakesBothWordsAndReceivesNothing(t *testing.T) {
	s := &spy{}
	onScreen(t, setup{w: 120, h: 34, remote: true, wrap: watched(s), fill: func(t *testing.T, sqs backend.SQS) {
		orders(t, sqs)
		send(t, sqs, "orders", "first")
	}}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "1")
		d.Press("P", "Down", "Enter")
		d.Shows("No copy of them is left.", "Type without evidence to go on.", "Type orders to go on.")
		d.Type("without evidence")
		d.Press("Tab")
		d.Type("orders")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Shows("orders is purged")
		if n := s.receives.Load(); n != 0 {
			t.Errorf("%d receives", n)
		}
	})
}

// evidence are the bodies of the messages that were written before they went.
func evidence(t *testing.T, d *desk) (bodies []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(d.opts.Evidence, "*.jsonl"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, error %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(data))); dec.More(); {
		var r struct{ Body string }
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, r.Body)
	}
	return bodies
}

func TestTheCommandThatMakesTheQueueIsCopied(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: wired}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "1")
		d.Press("Y")
		d.Shows("off: this queue is not at AWS")
		d.Type("create")
		d.Press("Enter")
		d.Shows("copied the command of orders")
		got := d.Snapshot().Clipboard
		for _, want := range []string{"aws sqs create-queue", "--queue-name orders", `"VisibilityTimeout":"120"`, "team", "maxReceiveCount"} {
			if !strings.Contains(got, want) {
				t.Errorf("the command lacks %s: %s", want, got)
			}
		}
		if strings.Contains(got, "CreatedTimestamp") {
			t.Errorf("the command sets what cannot be set: %s", got)
		}
	})
}

func TestAQueueThatGoesWhileItIsLookedAtIsSaidAndHarmsNobody(t *testing.T) {
	onScreen(t, setup{w: 120, h: 34, fill: wired}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "5")
		d.Press("e")
		if err := d.sqs.DeleteQueue(t.Context(), backend.DeleteQueueInput{QueueUrl: url(t, d.sqs, "orders")}); err != nil {
			t.Fatal(err)
		}
		d.Wait(5 * time.Second)
		d.Press("Tab", "C-u")
		d.Type("gone")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		for _, key := range []string{"1", "2", "3", "4", "5"} {
			d.Press(key)
			d.Shows("orders is not in the list of queues")
			d.Press("e", "a", "x", "Y", "P", "X", "U", "y", "r", "j", "k", "G", "g")
			d.Hides("╭")
		}
	})
}

func TestEveryPartFitsEveryTerminal(t *testing.T) {
	t.Parallel()
	onScreen(t, setup{w: 80, h: 24, fill: wired, wiring: company{}}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "1")
		for _, w := range []int{60, 61, 79, 80, 100, 119, 120, 121, 140, 200} {
			for _, h := range []int{15, 16, 20, 24, 50} {
				d.Resize(w, h)
				for _, part := range []string{"1", "2", "3", "4", "5"} {
					d.Press(part, "G", "g")
					lines := strings.Split(d.Text(), "\n")
					if len(lines) < h || !strings.Contains(lines[h-1], ": command") || !strings.Contains(lines[2], "settings") {
						t.Fatalf("%dx%d, part %s: %d lines\n%s", w, h, part, len(lines), d.Text())
					}
				}
			}
		}
	})
}

func TestAClickChoosesAPartAndALine(t *testing.T) {
	onScreen(t, setup{w: 120, h: 34, fill: wired, mouse: true}, func(t *testing.T, d *desk) {
		openQueue(d, "orders", "1")
		d.Click("tags")
		d.Shows("[5 tags 3]", "checkout")
		d.Click("team")
		if !strings.Contains(line(d, "▸"), "team") {
			t.Errorf("the cursor is at %q", line(d, "▸"))
		}
		d.Click("2 policy")
		d.Shows("[2 policy 2]")
	})
}
