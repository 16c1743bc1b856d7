package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
	"sqscope/ui/cli"
)

func TestAPurgeAsksForTheQueuesNameAtATerminal(t *testing.T) {
	url, engine := local(t)
	purge := func() *terminal {
		term := inTerminal(t, []string{asProgram + "=run"}, os.Args[0], "purge", "orders", "--endpoint-url", url)
		term.shows("Type orders:")
		for _, said := range []string{"about 10 messages", "cannot be undone", "written to a file first"} {
			if !strings.Contains(unwrapped(term), said) {
				t.Errorf("it does not say %q:\n%s", said, term.text())
			}
		}
		return term
	}
	for typed, code := range map[string]int{"yes\r": cli.ExitInterrupted, "\x03": cli.ExitInterrupted} {
		term := purge()
		term.press(typed)
		if got := wait(t, term); got != code {
			t.Errorf("after %q it ends with %d, want %d:\n%s", typed, got, code, term.text())
		}
		if !strings.Contains(term.text(), "nothing was done") {
			t.Errorf("after %q it says\n%s", typed, term.text())
		}
	}
	if n := stored(t, engine); n != "10" {
		t.Fatalf("%s messages are left of ten", n)
	}
	term := purge()
	term.press("orders\r")
	if code := wait(t, term); code != cli.ExitDone {
		t.Errorf("it ends with %d:\n%s", code, term.text())
	}
	if n := stored(t, engine); n != "0" || !strings.Contains(unwrapped(term), "orders is purged · evidence in") {
		t.Errorf("%s messages are left:\n%s", n, term.text())
	}
}

// Ctrl+C ends a command wherever it is: it says what was done, keeps nothing on
// lease, and its exit code tells.
func TestCtrlCEndsACommandThatWaits(t *testing.T) {
	for _, c := range []struct {
		name, line, sees, says string
		fault                  *backend.Fault
		here                   string // messages that are in orders afterwards
	}{
		{"send, of a body that is being typed", "send orders -", "ctrl+d on a line of its own ends it", "nothing was sent", nil, "10"},
		{"import, of what is being typed", "import orders --yes", "ctrl+d on a line of its own ends it", "sent 0 messages of 0 to orders", nil, "10"},
		{"ls, of queues that do not answer", "ls", "read 0 of ", "canceled", &backend.Fault{Kind: backend.FaultLatency, Action: "GetQueueAttributes", Duration: time.Hour}, "10"},
		{
			"redrive, while the first ones are watched", "redrive orders --to fresh --yes --canary 2 --window 10m --rate 0", "watching: moved 2, 0 came back",
			"the report is in", nil, "8",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			url, engine := local(t)
			if _, err := engine.Stack().SQS.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "fresh"}); err != nil {
				t.Fatal(err)
			}
			if c.fault != nil {
				if _, err := engine.Stack().Faults.SetFault(t.Context(), *c.fault); err != nil {
					t.Fatal(err)
				}
			}
			term := inTerminal(t, []string{asProgram + "=run"}, os.Args[0], append(strings.Fields(c.line), "--endpoint-url", url)...)
			term.shows(c.sees)
			// A terminal that sends it may drop what is written just then.
			if err := term.cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			late := time.AfterFunc(20*time.Second, func() { _ = term.cmd.Process.Kill() })
			defer late.Stop()
			if code := wait(t, term); code != cli.ExitInterrupted || !strings.Contains(unwrapped(term), c.says) {
				t.Errorf("it ends with %d, and says\n%s", code, term.text())
			}
			if err := engine.Stack().Faults.ClearFaults(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if n, leased := stored(t, engine), inFlight(t, engine); n != c.here || leased != "0" {
				t.Errorf("%s messages are there and %s on lease", n, leased)
			}
		})
	}
}

// timeout sends TERM to the command and then to its group: that is one interrupt,
// and what is on lease is given back.
func TestAnInterruptThatComesTwiceAtOnceIsOne(t *testing.T) {
	url, engine := local(t)
	term := inTerminal(t, []string{asProgram + "=run"}, os.Args[0], "tail", "orders", "--receive", "--endpoint-url", url)
	term.shows("message 9")
	// It is at giving them back when the second one comes.
	events, err := engine.Stack().Events.Subscribe(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range []string{"ChangeMessageVisibility", "ChangeMessageVisibilityBatch"} {
		if _, err := engine.Stack().Faults.SetFault(t.Context(), backend.Fault{Kind: backend.FaultLatency, Action: action, Duration: 100 * time.Millisecond}); err != nil {
			t.Fatal(err)
		}
	}
	interrupt := func() {
		if err := term.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	interrupt()
	for e := range events {
		if e.Kind == backend.EventFault {
			break
		}
	}
	interrupt()
	if code := wait(t, term); code != cli.ExitInterrupted || inFlight(t, engine) != "0" {
		t.Errorf("it ends with %d, %s messages stay on lease, and it says\n%s", code, inFlight(t, engine), term.text())
	}
}

func TestAFileThatIsTypedIsAskedForAfterTheQuestion(t *testing.T) {
	url, engine := local(t)
	term := inTerminal(t, []string{asProgram + "=run"}, os.Args[0], "import", "orders", "--endpoint-url", url)
	term.shows("[y/N]")
	term.press("y\r")
	term.shows("the file is read from here")
	term.press(`{"body":"x","bodyEncoding":"text"}`+"\r", "C-d")
	if code := wait(t, term); code != cli.ExitDone || !strings.Contains(unwrapped(term), "sent 1 message of 1 to orders") || stored(t, engine) != "11" {
		t.Errorf("it ends with %d, and says\n%s", code, term.text())
	}
}

// unwrapped is what the terminal shows without the ends of its lines.
func unwrapped(term *terminal) string { return strings.ReplaceAll(term.text(), "\n", "") }

func stored(t *testing.T, engine *memory.Engine) string {
	t.Helper()
	out, err := engine.Stack().SQS.GetQueueAttributes(t.Context(), backend.GetQueueAttributesInput{QueueUrl: "orders", AttributeNames: []string{backend.AttrMessages}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes[backend.AttrMessages]
}

// BenchmarkCommand is the start of a command on the embedded engine, from outside.
func BenchmarkCommand(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "sqscope")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	for _, line := range []string{"version", "ls --scenario empty", "ls --scenario shop --seed 1", "peek orders --scenario shop --seed 1"} {
		b.Run(line, func(b *testing.B) {
			for b.Loop() {
				cmd := exec.Command(bin, strings.Fields(line)...)
				cmd.Env = []string{"HOME=" + b.TempDir()}
				if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != cli.ExitNothing {
					b.Fatal(err)
				}
			}
		})
	}
}
