package ui

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/outbox"
)

func TestAnInvalidMessageIsRefusedBeforeItIsSentAndTheTextStays(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "payments.fifo", map[string]string{backend.AttrFifoQueue: "true"})
		queue(t, sqs, "small", map[string]string{backend.AttrMaximumMessageSize: "1024"})
	}}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("payments")
		d.Press("Enter", "s")
		d.Type("pay")
		d.Press("C-s")
		d.Shows("not sent", "MessageGroupId", "✗ group id", "pay") // why, and the text
		d.Type("group with blanks")
		d.Press("C-s")
		d.Shows("not sent", "alphanumeric and punctuation", "group with blanks")
		d.Press("C-u")
		d.Type("customer-7")
		d.Press("C-s")
		d.Shows("not sent", "MessageDeduplicationId")
		d.Type("once") // the cursor stands where it is wrong
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("sent to payments.fifo")
		if n := attr(t, d, "payments.fifo", backend.AttrMessages); n != "1" {
			t.Errorf("%s messages were sent", n)
		}
	})
}

func TestAMessageThatIsTooBigOrHasAForbiddenCharacterIsRefused(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "small", map[string]string{backend.AttrMaximumMessageSize: "1024"})
	}}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Paste(strings.Repeat("x", 1025))
		d.Shows("1,025 of 1,024 bytes")
		d.Press("C-s")
		d.Shows("not sent", "shorter than 1024 bytes")
		d.Press("Backspace", "C-s")
		d.Wait(time.Second)
		d.Shows("sent to small")
		d.Press("s")
		d.Paste("a\x01b")
		d.Press("C-s")
		d.Shows("not sent", "'#x1'")
		d.Press("Esc", "s")
		d.Shows("a") // the text was kept
		d.Press("C-u")
		d.Type("late")
		d.Press("Tab", "Tab")
		d.Type("901")
		d.Press("C-s")
		d.Shows("not sent", "DelaySeconds must be >= 0 and <= 900")
		if n := attr(t, d, "small", backend.AttrMessages); n != "1" {
			t.Errorf("%s messages were sent", n)
		}
	})
}

func TestASendThatFailsKeepsTheText(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, remote: true, wrap: func(s backend.SQS) backend.SQS { return unreachable{s} }, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
	}}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type("precious")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("network", "nobody answered", "precious")
	})
}

// unreachable takes no message.
type unreachable struct{ backend.SQS }

func (unreachable) SendMessage(context.Context, backend.SendMessageInput) (backend.SendMessageOutput, error) {
	return backend.SendMessageOutput{}, backend.Errorf(backend.KindNetwork, "nobody answered")
}

func both(t *testing.T, sqs backend.SQS) {
	t.Helper()
	queue(t, sqs, "orders", nil)
	queue(t, sqs, "payments.fifo", map[string]string{backend.AttrFifoQueue: "true"})
}

// got receives all messages of a queue.
func got(t *testing.T, d *desk, name string) []backend.Message {
	t.Helper()
	out, err := d.sqs.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{
		QueueUrl: url(t, d.sqs, name), MaxNumberOfMessages: backend.Some(10), MessageSystemAttributeNames: []string{"All"}, MessageAttributeNames: []string{"All"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Messages
}

func TestAttributesAreTypedAndCheckedAsTheyAreWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "picture.png")
	if err := os.WriteFile(file, []byte("\x89PNG"), 0o600); err != nil {
		t.Fatal(err)
	}
	onScreen(t, setup{w: 100, h: 30, fill: both}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type("hello")
		d.Press("Tab", "Tab", "Tab", "Tab")
		d.Type("tries")
		d.Press("Tab", "C-o")
		d.Shows("What sort of value it is", "38 digits")
		d.Press("Down", "Enter", "Tab")
		d.Type("three")
		d.Shows("Can't cast the value of message (user) attribute 'tries' to a number.")
		d.Press("C-u")
		d.Type("3")
		d.Hides("Can't cast")
		d.Press("Tab")
		d.Type("picture")
		d.Press("Tab")
		d.Type("Binary.png")
		d.Press("Tab")
		d.Type("hex:zz")
		d.Shows("is no hex")
		d.Press("C-u")
		d.Paste("@" + file)
		d.Shows("and what is in files", "(2 of 10)")
		d.Press("Tab")
		d.Type("tries")
		d.Press("Tab", "Tab")
		d.Type("4")
		d.Shows("an attribute named tries is there already")
		d.Press("C-s")
		d.Shows("not sent")
		d.Press("M-x", "C-s")
		d.Wait(time.Second)
		d.Shows("sent to orders", "MD5 verified")
		want := map[string]backend.MessageAttribute{
			"tries": {DataType: "Number", StringValue: backend.Some("3")}, "picture": {DataType: "Binary.png", BinaryValue: []byte("\x89PNG")},
		}
		if diff := cmp.Diff(want, got(t, d, "orders")[0].MessageAttributes); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAFileOfAnAttributeThatIsNotThereIsToldAtItsField(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: both}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type("hello")
		d.Press("Tab", "Tab", "Tab", "Tab")
		d.Type("a")
		d.Press("Tab")
		d.Type("Binary")
		d.Press("Tab")
		d.Type("@/none/at/all")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("not sent", "the file cannot be read", "✗ a")
	})
}

func TestTheBodyIsCheckedForJSONLaidOutAndUndone(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: both}, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type("hello")
		d.Shows("plain text")
		d.Press("C-u")
		d.Paste("{\"a\":1,\n \"b\":}")
		d.Shows("! no JSON at 2:6", "it can be sent as it stands")
		d.Press("C-g")
		d.Wait(time.Second)
		d.Shows("the body is no JSON: 2:6")
		d.Press("Left", "1")
		d.Shows("✓ JSON")
		d.Press("C-g")
		d.Wait(time.Second)
		d.Shows(`  "a": 1,`)
		d.Press("C-g")
		d.Wait(time.Second)
		d.Shows(`{"a":1,"b":1}`)
		d.Press("M-z")
		d.Shows(`  "a": 1,`)
		d.Press("M-z", "M-z")
		d.Shows("! no JSON at 2:6")
	})
}

// What the editor leaves is the body, but for the line end that editors add; undo
// brings back what was written before. Whatever it was that failed, nothing is lost.
func TestTheBodyIsWrittenInTheUsersEditor(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "edit")
	t.Setenv("VISUAL", "'"+program+"'")
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	for _, c := range []struct{ name, script, typed, want, shows string }{
		{"JSON", `sed 's/1/22/' "$1" > "$1.new" && mv "$1.new" "$1" && echo >> "$1"`, `{"a":1}`, `{"a":22}`, "✓ JSON"},
		{"a text of several lines", `printf 'x\ny\r\n\n' > "$1"`, "x", "x\ny\r\n", "plain text"},
		{"a file that is left as it was", `:`, `{"a":1}`, `{"a":1}`, "✓ JSON"},
		{"an editor that fails after it has saved", `printf y > "$1"; exit 3`, "x", "y", "ended with an error"},
		{"an editor that removes the file", `rm "$1"`, "x", "x", "what was edited"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := os.WriteFile(program, []byte("#!/bin/sh\n"+c.script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			onScreen(t, setup{w: 120, h: 40, fill: func(t *testing.T, sqs backend.SQS) { queue(t, sqs, "orders", nil) }}, func(t *testing.T, d *desk) {
				d.Press("s")
				d.Wait(time.Second)
				d.Type(c.typed)
				d.Press("M-e")
				d.Wait(time.Second)
				d.Shows(c.shows)
				d.Press("Esc", "Esc", "s")
				d.Wait(time.Second)
				d.Press("C-s")
				d.Wait(2 * time.Second)
				if got := inQueue(t, d, "orders"); len(got) != 1 || got[0] != c.want {
					t.Errorf("sent was %q, not %q:\n%s", got, c.want, d.Text())
				}
			})
		})
	}
}

func TestWhatIsPastedIsSentByteForByte(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: both}, func(t *testing.T, d *desk) {
		const body = "a\r\n\tb\r\nc "
		d.Press("s")
		d.Paste(body)
		d.Press("C-s")
		d.Wait(time.Second)
		if b := got(t, d, "orders")[0].Body; b != body {
			t.Errorf("sent was %q", b)
		}
	})
}

func TestAMessageThatSQSSwallowsIsNotCalledSent(t *testing.T) {
	t.Parallel()
	onScreen(t, setup{w: 120, h: 30, fill: both}, func(t *testing.T, d *desk) {
		d.Press("j", "s", "C-r")
		d.Type("pay")
		d.Press("Tab")
		d.Type("g")
		d.Press("Tab")
		d.Type("once")
		d.Press("Tab", "Tab", "Tab", "Tab", "Tab")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("sent to payments.fifo", "sequence", "stays open, 1 sent", "sent with this id", "ago: SQS accepts it again, and swallows it")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("swallowed by payments.fifo", "nothing new is in the queue", "pay")
		d.Wait(5 * time.Minute)
		d.Press("Tab")
		d.Hides("swallows it")
		d.Press("C-s")
		d.Wait(time.Second)
		d.Shows("sent to payments.fifo", "2 sent")
	})
}

func TestTemplatesAreTakenKeptAndRemoved(t *testing.T) {
	file := filepath.Join(t.TempDir(), "memo.json")
	s := setup{w: 100, h: 30, fill: both, remember: file, templates: []outbox.Template{
		{Name: "an order", Queues: "ord*", Draft: outbox.Draft{Body: `{"order":1}`, Group: "g1", Dedup: "d", Delay: "3", Attributes: []outbox.Attribute{{Name: "n", Type: "Number", Value: "1"}}}},
		{Name: "a payment", Queues: "pay*", Draft: outbox.Draft{Body: "p"}},
	}}
	onScreen(t, s, func(t *testing.T, d *desk) {
		d.Press("s", "C-t")
		d.Wait(time.Second)
		d.Shows("an order", "keep this one", "nothing is written")
		d.Hides("a payment")
		d.Press("Enter")
		d.Shows(`{"order":1}`, "g1", "Number", "its dedup is left out")
		d.Press("Tab", "Tab", "C-u", "C-t")
		d.Wait(time.Second)
		d.Type("keep")
		d.Press("Enter")
		d.Type("mine")
		d.Press("Enter")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("kept as the template mine")
	})
	onScreen(t, s, func(t *testing.T, d *desk) {
		d.Press("s")
		d.Type("x")
		d.Press("C-t")
		d.Wait(time.Second)
		d.Type("mine")
		d.Press("Enter")
		d.Shows("in the place of what is written?")
		d.Press("Enter")
		d.Shows(`{"order":1}`)
		d.Press("C-t")
		d.Wait(time.Second)
		d.Type("remove")
		d.Press("Enter", "Enter")
		d.Wait(time.Second)
		d.Shows("removed the template mine")
		d.Press("C-t")
		d.Wait(time.Second)
		d.Shows("none was saved")
	})
}

func TestWhatWasSentIsRememberedForTheNextRunOnlyIfItIsWanted(t *testing.T) {
	for _, history := range []bool{false, true} {
		file := filepath.Join(t.TempDir(), "memo.json")
		s := setup{w: 120, h: 30, fill: both, remember: file, history: history}
		onScreen(t, s, func(t *testing.T, d *desk) {
			d.Press("s", "C-p")
			d.Wait(time.Second)
			d.Shows("nothing was sent to orders")
			d.Type("secret words")
			d.Press("C-s")
			d.Wait(time.Second)
			d.Press("s", "C-p")
			d.Wait(time.Second)
			d.Shows("Sent to orders", "secret words")
			d.Press("Enter")
			d.Shows("✓", "secret words") // it is in the form
		})
		onScreen(t, s, func(t *testing.T, d *desk) {
			d.Press("s", "C-p")
			d.Wait(time.Second)
			if history {
				d.Shows("Sent to orders", "secret words")
			} else {
				d.Shows("nothing was sent to orders", "history = true")
			}
		})
		data, err := os.ReadFile(file)
		if kept := strings.Contains(string(data), "secret words"); kept != history {
			t.Errorf("history = %v, and the memo is %s, %v", history, data, err)
		}
		if info, err := os.Stat(file); err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("the memo has mode %v", info.Mode())
		}
	}
}
