package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the scripts of ui/cli/testdata/script: the whole program from
// outside, with its exit codes.
func TestScripts(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("ui", "cli", "testdata", "script"),
		Setup: func(env *testscript.Env) error {
			bin := filepath.Join(env.WorkDir, ".bin")
			if err := os.Mkdir(bin, 0o700); err != nil {
				return err
			}
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv(asProgram, "run")
			for _, dir := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"} {
				env.Setenv(dir, filepath.Join(env.WorkDir, ".home"))
			}
			env.Setenv("AWS_EC2_METADATA_DISABLED", "true")
			return os.Symlink(self, filepath.Join(bin, "sqscope"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": code, "serve": serveScript, "interrupt": interrupt, "pipe": pipeScript,
		},
	})
}

// code runs a command that has to end with an exit code: code N program args…
func code(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := exitCode(ts.Exec(args[1], args[2:]...)); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func exitCode(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	return -1
}

// serveScript serves an engine until the script ends and puts its address into a
// variable: serve NAME args…
func serveScript(ts *testscript.TestScript, _ bool, args []string) {
	cmd := command(ts, "sqscope", append([]string{"serve", "--listen", "127.0.0.1:0"}, args[1:]...)...)
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	ts.Check(err)
	ts.Setenv(args[0], strings.TrimSpace(address))
}

// interrupt runs a command until what it prints matches, sends it an interrupt,
// and wants its exit code: interrupt N REGEXP program args…
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd := command(ts, args[2], args[3:]...)
	seen := &watched{until: regexp.MustCompile(args[1]), then: func() { _ = cmd.Process.Signal(os.Interrupt) }}
	cmd.Stdout, cmd.Stderr = seen, seen
	ts.Check(cmd.Start())
	got := exitCode(cmd.Wait())
	ts.Logf("%s", seen.all.Bytes())
	if seen.then != nil {
		ts.Fatalf("%q was never printed", args[1])
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
	ts.Check(os.WriteFile(ts.MkAbs("printed"), seen.all.Bytes(), 0o600))
}

// watched is what a program prints, until something is in it.
type watched struct {
	mu    sync.Mutex
	all   bytes.Buffer
	until *regexp.Regexp
	then  func() // nil: it was called
}

func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all.Write(b)
	if w.then != nil && w.until.Match(w.all.Bytes()) {
		w.then()
		w.then = nil
	}
	return len(b), nil
}

// pipeScript runs commands with | between them, of which all have to succeed. Its
// output is in the file piped.
func pipeScript(ts *testscript.TestScript, _ bool, args []string) {
	var cmds []*exec.Cmd
	for {
		at := len(args)
		for i, a := range args {
			if a == "|" {
				at = i
				break
			}
		}
		cmds = append(cmds, command(ts, args[0], args[1:at]...))
		if at == len(args) {
			break
		}
		args = args[at+1:]
	}
	var out, problems bytes.Buffer
	for i, c := range cmds {
		c.Stderr = io.Writer(&locked{w: &problems})
		if i == len(cmds)-1 {
			c.Stdout = &out
			continue
		}
		r, w, err := os.Pipe()
		ts.Check(err)
		c.Stdout, cmds[i+1].Stdin = w, r
	}
	for _, c := range cmds {
		ts.Check(c.Start())
		for _, end := range []any{c.Stdin, c.Stdout} {
			if f, ok := end.(*os.File); ok {
				_ = f.Close()
			}
		}
	}
	var failed error
	for _, c := range cmds {
		if err := c.Wait(); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", c, err))
		}
	}
	ts.Logf("%s%s", out.Bytes(), problems.Bytes())
	ts.Check(failed)
	ts.Check(os.WriteFile(ts.MkAbs("piped"), append(out.Bytes(), problems.Bytes()...), 0o600))
}

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// command is a command in the script's folder and environment.
func command(ts *testscript.TestScript, name string, args ...string) *exec.Cmd {
	path := name
	if name == "sqscope" {
		path = filepath.Join(ts.Getenv("WORK"), ".bin", "sqscope")
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "AWS_EC2_METADATA_DISABLED", "SQSCOPE_CONFIG", asProgram} {
		if v := ts.Getenv(name); v != "" {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	return cmd
}
