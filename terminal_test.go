package main

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/creack/pty"

	"sqscope/backend"
	"sqscope/backend/endpoint"
	"sqscope/backend/memory"
	"sqscope/ui/cli"
	"sqscope/ui/screentest/keyseq"
	"sqscope/ui/screentest/vt"
)

// asProgram makes the test's own binary be sqscope, so that the whole program
// runs in a real terminal.
const asProgram = "SQSCOPE_TEST_PROGRAM"

func TestMain(m *testing.M) {
	switch how := os.Getenv(asProgram); how {
	case "":
		os.Exit(m.Run())
	case "run":
		main()
	default: // it panics somewhere
		cmd := cli.ScreenCmd{Target: cli.Target{EndpointURL: os.Args[1]}}
		os.Exit(cli.Report(showScreen(context.Background(), cmd, os.Stdout, os.Stderr, fused(how)), os.Stderr))
	}
}

// fused are hooks that panic in one part of the screen when blowKey is pressed, or
// else when a queue's attributes are read, once a file is there.
func fused(how string) hooks {
	if where, ok := strings.CutPrefix(how, panicIn); ok {
		return hooks{model: func(m tea.Model) tea.Model { return &fusedModel{Model: m, where: where} }}
	}
	return hooks{stack: func(s backend.Stack) backend.Stack {
		s.SQS = fuse{s.SQS, how}
		return s
	}}
}

const (
	panicIn = "panic in "
	blowKey = "!"
)

// fusedModel panics on Bubble Tea's own goroutines.
type fusedModel struct {
	tea.Model
	where string
	blown bool
}

func blow() tea.Msg { panic("the fuse has blown") }

func (f *fusedModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if k, ok := msg.(tea.KeyPressMsg); ok && k.String() == blowKey {
		switch f.where {
		case "Update":
			blow()
		case "a command":
			return f, blow
		case "a command of several":
			return f, tea.Batch(blow, func() tea.Msg { return nil })
		}
		f.blown = true
	}
	_, cmd := f.Model.Update(msg)
	return f, cmd
}

func (f *fusedModel) View() tea.View {
	if f.blown {
		blow()
	}
	return f.Model.View()
}

// fuse panics in a goroutine of the program's own.
type fuse struct {
	backend.SQS
	file string
}

func (f fuse) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	if _, err := os.Stat(f.file); err == nil {
		panic("the fuse has blown")
	}
	return f.SQS.GetQueueAttributes(ctx, in)
}

// terminal is a program in a real terminal (a pty), and what it shows there.
type terminal struct {
	t     *testing.T
	cmd   *exec.Cmd
	tty   *os.File
	vt    *vt.Term
	mu    sync.Mutex
	news  chan struct{} // closed when something was written
	ended chan struct{}
}

// inTerminal starts the program in a terminal of 100 by 30.
func inTerminal(t *testing.T, env []string, name string, args ...string) *terminal {
	t.Helper()
	term := &terminal{t: t, news: make(chan struct{}), ended: make(chan struct{})}
	term.cmd = exec.Command(name, args...)
	home := t.TempDir()
	term.cmd.Env = append([]string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "COLORTERM=truecolor", "AWS_EC2_METADATA_DISABLED=true"}, env...)
	tty, err := pty.StartWithSize(term.cmd, &pty.Winsize{Cols: 100, Rows: 30})
	if err != nil {
		t.Skipf("this machine gives no terminal: %v", err)
	}
	term.tty = tty
	term.vt = vt.New(vt.Options{Width: 100, Height: 30, Theme: vt.Dark, Reply: func(b []byte) { _, _ = tty.Write(b) }})
	go term.read()
	t.Cleanup(func() {
		_ = term.cmd.Process.Kill()
		_ = tty.Close()
		<-term.ended
	})
	return term
}

func (term *terminal) read() {
	defer close(term.ended)
	buf := make([]byte, 64<<10)
	for {
		n, err := term.tty.Read(buf)
		_, _ = term.vt.Write(buf[:n])
		term.mu.Lock()
		close(term.news)
		term.news = make(chan struct{})
		term.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (term *terminal) text() string { return term.vt.Snapshot().Text() }

// until waits for what the terminal shows to satisfy f, woken by each output.
func (term *terminal) until(what string, f func(screen string) bool) {
	term.t.Helper()
	limit := time.After(20 * time.Second)
	for {
		term.mu.Lock()
		news := term.news
		term.mu.Unlock()
		if f(term.text()) {
			return
		}
		select {
		case <-news:
		case <-term.ended:
			if f(term.text()) {
				return
			}
			term.t.Fatalf("the program has ended without %s:\n%s", what, term.text())
		case <-limit:
			term.t.Fatalf("no %s:\n%s", what, term.text())
		}
	}
}

func (term *terminal) shows(s string) {
	term.t.Helper()
	term.until(fmt.Sprintf("%q", s), func(screen string) bool { return strings.Contains(screen, s) })
}

func (term *terminal) press(words ...string) {
	term.t.Helper()
	for _, w := range words {
		seq := w
		if k, ok := keyseq.Parse(w); ok {
			seq = k.Bytes(false, false)
		}
		if _, err := io.WriteString(term.tty, seq); err != nil {
			term.t.Fatal(err)
		}
	}
}

// sane fails the test unless the terminal is as a shell expects it.
func (term *terminal) sane() {
	term.t.Helper()
	term.until("a terminal out of the alternate screen, with its cursor, without reports", func(string) bool {
		s := term.vt.Snapshot()
		return !s.AltScreen && !term.vt.Mode(1004) && !term.vt.Mode(2004) && s.CursorVisible
	})
}

// local is an engine behind its endpoint, with ten messages in orders.
func local(t *testing.T) (url string, engine *memory.Engine) {
	t.Helper()
	engine = memory.New(memory.Options{Seed: 1})
	server := httptest.NewServer(endpoint.New(engine.Stack().SQS, endpoint.Options{}))
	t.Cleanup(func() { server.Close(); engine.Close(); engine.Clock().Close() })
	sqs := engine.Stack().SQS
	q, err := sqs.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "orders"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if _, err := sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: q.QueueUrl, MessageBody: fmt.Sprintf("message %d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	return server.URL, engine
}

func inFlight(t *testing.T, engine *memory.Engine) string {
	t.Helper()
	out, err := engine.Stack().SQS.GetQueueAttributes(context.Background(), backend.GetQueueAttributesInput{QueueUrl: "orders", AttributeNames: []string{backend.AttrMessagesNotVisible}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes[backend.AttrMessagesNotVisible]
}

// leasing starts the program on the endpoint and has it lease all messages.
func leasing(t *testing.T, how string, args ...string) (*terminal, *memory.Engine) {
	t.Helper()
	url, engine := local(t)
	args = append(args, url)
	if how == "run" {
		args = append([]string{"--endpoint-url"}, args...)
	}
	term := inTerminal(t, []string{asProgram + "=" + how}, os.Args[0], args...)
	term.lease(t, engine)
	return term, engine
}

func (term *terminal) lease(t *testing.T, engine *memory.Engine) {
	t.Helper()
	term.shows("orders")
	term.press("Enter")
	term.shows("nothing has been received")
	term.press("l")
	term.shows("seen 10")
	if n := inFlight(t, engine); n != "10" {
		t.Fatalf("%s messages are leased", n)
	}
}

func wait(t *testing.T, term *terminal) int {
	t.Helper()
	<-term.ended
	_ = term.cmd.Wait() // the code says it
	return term.cmd.ProcessState.ExitCode()
}

func TestQuittingGivesLeasesBackAndRestoresTheTerminal(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(term *terminal)
		code int
	}{
		{"ctrl+c", func(term *terminal) { term.press("C-c") }, cli.ExitDone},
		{"SIGTERM", func(term *terminal) { _ = term.cmd.Process.Signal(syscall.SIGTERM) }, cli.ExitDone},
		{"SIGHUP", func(term *terminal) { _ = term.cmd.Process.Signal(syscall.SIGHUP) }, cli.ExitDone},
		{"SIGINT", func(term *terminal) { _ = term.cmd.Process.Signal(syscall.SIGINT) }, cli.ExitInterrupted},
	} {
		t.Run(c.name, func(t *testing.T) {
			term, engine := leasing(t, "run")
			c.end(term)
			if code := wait(t, term); code != c.code {
				t.Errorf("exit code %d, not %d:\n%s", code, c.code, term.text())
			}
			term.sane()
			if n := inFlight(t, engine); n != "0" {
				t.Errorf("%s messages are still leased", n)
			}
		})
	}
}

func TestAPanicInAGoroutineOfOursGivesLeasesBackAndRestoresTheTerminal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "blow")
	term, engine := leasing(t, file)
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	term.press("r")
	if code := wait(t, term); code != cli.ExitFailed {
		t.Errorf("exit code %d", code)
	}
	term.sane()
	if s := term.text(); !strings.Contains(s, "the fuse has blown") && !strings.Contains(s, "leased messages were given back") {
		t.Errorf("it does not say what happened:\n%s", s)
	}
	if n := inFlight(t, engine); n != "0" {
		t.Errorf("%s messages are still leased", n)
	}
}

// A panic of the screen's own is caught by Bubble Tea, which restores the terminal;
// all else is as after one in a goroutine of ours.
func TestAPanicOfTheScreenGivesLeasesBackAndRestoresTheTerminal(t *testing.T) {
	for _, where := range []string{"Update", "View", "a command", "a command of several"} {
		t.Run(where, func(t *testing.T) {
			term, engine := leasing(t, panicIn+where)
			term.press(blowKey)
			if code := wait(t, term); code != cli.ExitFailed {
				t.Errorf("exit code %d", code)
			}
			term.sane()
			if s := term.text(); !strings.Contains(s, "leased messages were given back") {
				t.Errorf("it does not say what happened:\n%s", s)
			}
			if n := inFlight(t, engine); n != "0" {
				t.Errorf("%s messages are still leased", n)
			}
		})
	}
}

func TestSuspendingGivesLeasesBackAndComesBack(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("job control needs a shell, and there is no bash here")
	}
	url, engine := local(t)
	inputrc := filepath.Join(t.TempDir(), "inputrc") // the shell's own paste mode is not ours
	if err := os.WriteFile(inputrc, []byte("set enable-bracketed-paste off\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	term := inTerminal(t, []string{"PS1=ready> ", "INPUTRC=" + inputrc}, bash, "--norc", "--noprofile", "-i")
	term.shows("ready>")
	term.press(asProgram+"=run '"+os.Args[0]+"' --endpoint-url "+url, "Enter")
	term.lease(t, engine)
	term.press("C-z")
	term.until("a shell's prompt", func(s string) bool { return strings.Contains(s, "Stopped") })
	term.sane()
	if n := inFlight(t, engine); n != "0" {
		t.Errorf("%s messages are still leased", n)
	}
	term.press("fg", "Enter")
	term.shows("given back")
	term.press("C-c")
	term.until("a prompt", func(string) bool { return !term.vt.Snapshot().AltScreen })
}

// BenchmarkFirstFrame is the whole way from the start of the process to the
// first frame with the demo's queues on it.
func BenchmarkFirstFrame(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "sqscope")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	for b.Loop() {
		cmd := exec.Command(bin)
		cmd.Env = append(os.Environ(), "TERM=xterm-256color")
		tty, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 120, Rows: 32})
		if err != nil {
			b.Fatal(err)
		}
		var seen strings.Builder
		for buf := make([]byte, 64<<10); !strings.Contains(seen.String(), "orders-dlq"); {
			n, err := tty.Read(buf)
			if err != nil {
				b.Fatal(err)
			}
			seen.Write(buf[:n])
		}
		b.StopTimer()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = tty.Close()
		b.StartTimer()
	}
}
