package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

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
