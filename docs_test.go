package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// guidePages are the pages whose blocks marked "sh run" are run: what a newcomer
// copies from them works.
var guidePages = []string{"README.md", "docs/guide/*.md"}

// TestWhatTheGuidesSayToTypeWorks runs the marked blocks of each page in one
// shell after the other, in an empty folder with an empty home, as somebody would
// who follows the page. A line "# => TEXT" under a command says what its output
// must contain.
func TestWhatTheGuidesSayToTypeWorks(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("the blocks are for bash, which is not here")
	}
	for _, pattern := range guidePages {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %d pages, %v", pattern, len(paths), err)
		}
		for _, path := range paths {
			page, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			blocks := marked(string(page))
			if len(blocks) == 0 {
				continue
			}
			t.Run(filepath.Base(path), func(t *testing.T) {
				t.Parallel()
				follow(t, strings.Join(blocks, "\n"))
			})
		}
	}
}

var fence = regexp.MustCompile("(?ms)^```sh run\n(.*?)^```$")

func marked(page string) (blocks []string) {
	for _, m := range fence.FindAllStringSubmatch(page, -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

// follow runs a page's blocks. What it starts in the background ends with it.
func follow(t *testing.T, blocks string) {
	home := t.TempDir()
	bin := filepath.Join(home, "bin")
	work := filepath.Join(home, "work")
	for _, dir := range []string{bin, work} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	shim := fmt.Sprintf("#!/bin/sh\n%s=run exec %q \"$@\"\n", asProgram, self)
	if err := os.WriteFile(filepath.Join(bin, "sqscope"), []byte(shim), 0o755); err != nil {
		t.Fatal(err)
	}
	script, err := script(blocks, freePort(t))
	if err != nil {
		t.Skip(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	cmd.Dir = work
	cmd.Env = []string{"HOME=" + home, "PATH=" + bin + ":/usr/bin:/bin", "TERM=dumb", "LANG=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	defer func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }()
	log, err := os.Create(filepath.Join(home, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		t.Errorf("%v\n%s", err, said)
	}
}

// script is the blocks as they are run: on a port that is free, each command
// that says what it prints held to it. The error says which tool is not here.
func script(blocks, port string) (string, error) {
	blocks = strings.ReplaceAll(blocks, "9324", port)
	for _, tool := range []string{"aws", "curl", "jq", "python3"} {
		if regexp.MustCompile(`(?m)^(.*[|(] *)?` + tool + ` `).MatchString(blocks) {
			if _, err := exec.LookPath("/usr/bin/" + tool); err != nil {
				return "", fmt.Errorf("the page uses %s, which is not in /usr/bin", tool)
			}
		}
	}
	var out strings.Builder
	var command []string
	run := func() {
		out.WriteString(strings.Join(command, "\n") + "\n")
		command = nil
	}
	for line := range strings.Lines(blocks) {
		line = strings.TrimSuffix(line, "\n")
		want, held := strings.CutPrefix(line, "# => ")
		switch {
		case held:
			quoted := "'" + strings.ReplaceAll(want, "'", `'\''`) + "'"
			fmt.Fprintf(&out, "out=$(%s\n); printf '%%s\\n' \"$out\"; [[ $out == *%s* ]] || { echo \"wanted:\" %s; exit 1; }\n", strings.Join(command, "\n"), quoted, quoted)
			command = nil
		case strings.HasSuffix(line, `\`), strings.HasPrefix(line, " "):
			command = append(command, line)
		default:
			run()
			command = append(command, line)
		}
	}
	run()
	return out.String(), nil
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
