package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTabCompletesInEveryShell loads what sqscope prints into a real shell on a real
// terminal, and presses tab. What is typed behind it shows where the word ended.
func TestTabCompletesInEveryShell(t *testing.T) {
	for name, c := range map[string]struct{ shell, load string }{
		"bash":               {"bash --norc --noprofile -i", "source <(sqscope completion bash)"},
		"zsh":                {"zsh -f -i", "autoload -U compinit; compinit -u -D; source <(sqscope completion zsh)"},
		"zsh, from a folder": {"zsh -f -i", "mkdir f; sqscope completion zsh > f/_sqscope; fpath=($PWD/f $fpath); autoload -U compinit; compinit -u -D"},
		"fish":               {"fish --no-config -i", "sqscope completion fish | source"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shell := strings.Fields(c.shell)
			if _, err := exec.LookPath(shell[0]); err != nil {
				t.Skipf("there is no %s here", shell[0])
			}
			url, _ := local(t)
			bin := programFolder(t)
			term := inTerminal(t, []string{asProgram + "=run", "PATH=" + bin + ":" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}, shell[0], shell[1:]...)
			term.press("cd\r", "touch messages.jsonl\r", c.load+"\r", "echo loaded-$(sqscope version | head -c 7)\r")
			term.shows("loaded-sqscope")
			for typed, want := range map[string]string{
				"sqscope pe\tzz":                                 "sqscope peek zz",
				"sqscope config ch\tzz":                          "sqscope config check zz",
				"sqscope ls --endp\tzz":                          "sqscope ls --endpoint-url zz",
				"sqscope ls --access ch\tzz":                     "--access change zz",
				"sqscope ls --access=ch\tzz":                     "--access=change zz",
				"sqscope ls --context dem\tzz":                   "--context demo zz",
				"sqscope ls --scenario=sho\tzz":                  "--scenario=shop zz",
				"sqscope peek --endpoint-url " + url + " or\tzz": url + " orders zz",
				"sqscope peek --where '.a == \"b c\"' --endpoint-url '" + url + "' or\tzz": url + "' orders zz",
				"sqscope attrs orders VisibilityT\t5m":                                     "attrs orders VisibilityTimeout=5m",
				"sqscope import orders mess\tzz":                                           "import orders messages.jsonl zz",
				"sqscope ls --config=mess\tzz":                                             "--config=messages.jsonl zz",
			} {
				term.press(typed)
				term.shows(want)
				term.press("\x15")
			}
		})
	}
}

// programFolder is a folder in which the test's own binary is called sqscope.
func programFolder(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, "sqscope")); err != nil {
		t.Fatal(err)
	}
	return dir
}
