package endpoint_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sqscope/backend/endpoint/admin"
	"sqscope/backend/memory"
)

const guide = "../../docs/ENDPOINT.md"

// The console blocks of the guide are run, line by line in one shell each, and
// must print what stands there.
func TestGuideIsTrue(t *testing.T) {
	t.Parallel()
	installed(t, "/usr/bin/curl", "/usr/bin/jq", "/bin/bash")
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte("of the guide\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := memory.New(memory.Options{Seed: 1})
	stack := e.Stack()
	stack.SQS = e
	reset := func(context.Context) error { return nil }
	url := servedWith(t, e, admin.New(admin.Options{Stack: stack, Token: "of the guide", Reset: reset}))
	blocks := strings.Split(string(text), "```console\n")[1:]
	if len(blocks) < 3 {
		t.Fatalf("%d blocks in %s", len(blocks), guide)
	}
	for _, block := range blocks {
		block, _, _ = strings.Cut(block, "```")
		var script, want strings.Builder
		for line := range strings.Lines(strings.ReplaceAll(block, "http://localhost:9324", url)) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				script.WriteString(strings.TrimSuffix(command, "\n") + "\necho\n")
				continue
			}
			want.WriteString(strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(line)), "…", "[^<\"]+") + "\n+")
		}
		cmd := exec.CommandContext(t.Context(), "/bin/bash", "-euo", "pipefail", "-c", script.String())
		cmd.Dir = dir                                        // the token lies there
		cmd.Env = append(os.Environ(), "PATH=/usr/bin:/bin") // where the tools were looked for
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if !regexp.MustCompile("^\n*" + want.String() + "$").Match(out) {
			t.Errorf("got\n%s\nwant\n%s", out, want.String())
		}
	}
}

// The wrapper of the guide is the one that the seed script runs with.
func TestGuideHasTheWrapper(t *testing.T) {
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "    "+strings.ReplaceAll(strings.TrimSpace(wrapper), "\n", "\n    ")) {
		t.Error("the guide's aws is another")
	}
}
