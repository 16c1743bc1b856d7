package external

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
)

// result is what an editor or a pager has left.
type result struct {
	edited []byte
	err    error
}

// program runs one command in a program without a terminal and keeps what it
// says.
type program struct {
	cmd tea.Cmd
	got result
}

func (p *program) Init() tea.Cmd { return p.cmd }

func (p *program) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if r, ok := msg.(result); ok {
		p.got = r
		return p, tea.Quit
	}
	return p, nil
}

func (p *program) View() tea.View { return tea.View{} }

// run runs what makes a command of done, with all that there is to find in one
// folder.
func run(t *testing.T, cmd tea.Cmd) result {
	t.Helper()
	p := &program{cmd: cmd}
	limit := time.AfterFunc(20*time.Second, func() { panic("the program did not end") })
	defer limit.Stop()
	if _, err := tea.NewProgram(p, tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithoutSignalHandler()).Run(); err != nil {
		t.Fatal(err)
	}
	return p.got
}

func done(edited []byte, err error) tea.Msg { return result{edited, err} }
func ended1(err error) tea.Msg              { return result{nil, err} }

// script makes a program that is found by its path, and the folder for files.
func script(t *testing.T, body string) (path, runtimeDir string) {
	t.Helper()
	dir := t.TempDir()
	path, runtimeDir = filepath.Join(dir, "my editor"), t.TempDir()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, v := range []string{"VISUAL", "EDITOR", "PAGER"} {
		t.Setenv(v, "")
	}
	t.Setenv("XDG_RUNTIME_DIR", runtimeDir)
	t.Setenv("OUT", filepath.Join(dir, "seen"))
	return path, runtimeDir
}

func empty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestWhatAnEditorSavesComesBackToTheByteAndItsFileIsGone(t *testing.T) {
	editor, dir := script(t, `[ "$1" = --wait ] || exit 3
stat -c %a "$2" > "$OUT"; basename "$2" >> "$OUT"
printf '\n\377\000end' >> "$2"; touch "$2~"`)
	t.Setenv("EDITOR", "'"+editor+"' --wait")
	got := run(t, Edit("../orders 7.json", []byte("{}"), done))
	if got.err != nil || string(got.edited) != "{}\n\xff\x00end" {
		t.Errorf("got %q, %v", got.edited, got.err)
	}
	if seen, err := os.ReadFile(os.Getenv("OUT")); err != nil || string(seen) != "600\norders-7.json\n" {
		t.Errorf("the editor saw %q, %v", seen, err)
	}
	empty(t, dir)
}

func TestVisualGoesBeforeEditor(t *testing.T) {
	editor, _ := script(t, `printf visual > "$1"`)
	t.Setenv("VISUAL", "'"+editor+"'")
	t.Setenv("EDITOR", "false")
	if got := run(t, Edit("a", nil, done)); got.err != nil || string(got.edited) != "visual" {
		t.Errorf("got %q, %v", got.edited, got.err)
	}
}

func TestAnEditorThatFailsKeepsWhatWasTyped(t *testing.T) {
	editor, dir := script(t, `printf precious > "$1"; exit 1`)
	t.Setenv("EDITOR", "'"+editor+"'")
	got := run(t, Edit("a", nil, done))
	if backend.KindOf(got.err) != backend.KindConflict || string(got.edited) != "precious" {
		t.Errorf("got %q, %v", got.edited, got.err)
	}
	empty(t, dir)
}

func TestAnEditorThatIsNotThereIsSaid(t *testing.T) {
	_, dir := script(t, "")
	t.Setenv("EDITOR", "no-such-editor -x")
	if got := run(t, Edit("a", nil, done)); backend.KindOf(got.err) != backend.KindNotFound || !strings.Contains(got.err.Error(), "$EDITOR") {
		t.Errorf("got %v", got.err)
	}
	t.Setenv("EDITOR", "")
	t.Setenv("PATH", t.TempDir())
	for _, cmd := range []tea.Cmd{Edit("a", nil, done), Page("a", "", ended1)} {
		if got := run(t, cmd); backend.KindOf(got.err) != backend.KindNotFound || !strings.Contains(got.err.Error(), "is not set") {
			t.Errorf("got %v", got.err)
		}
	}
	empty(t, dir)
}

func TestAPagerGetsNothingThatATerminalWouldObey(t *testing.T) {
	pager, dir := script(t, `cat "$1" > "$OUT"`)
	t.Setenv("PAGER", "'"+pager+"'")
	if got := run(t, Page("a", "one\x1b]52;c;ZXZpbA==\x07\r\ntwo\u202e\u009b31m\n", ended1)); got.err != nil {
		t.Fatal(got.err)
	}
	seen, err := os.ReadFile(os.Getenv("OUT"))
	if err != nil || strings.ContainsAny(string(seen), "\x1b\x07\r\u009b\u202e") || strings.Count(string(seen), "\n") != 2 || !strings.HasPrefix(string(seen), "one") {
		t.Errorf("it saw %q, %v", seen, err)
	}
	empty(t, dir)
}

func TestWhatIsOnlyLookedAtCannotBeWrittenAndIsDropped(t *testing.T) {
	editor, dir := script(t, `stat -c %a "$1" > "$OUT"`)
	t.Setenv("EDITOR", "'"+editor+"'")
	if got := run(t, View("a", []byte("x"), ended1)); got.err != nil {
		t.Fatal(got.err)
	}
	if seen, err := os.ReadFile(os.Getenv("OUT")); err != nil || string(seen) != "400\n" {
		t.Errorf("its mode was %q, %v", seen, err)
	}
	empty(t, dir)
}

func TestAFileNameIsHarmless(t *testing.T) {
	for name, want := range map[string]string{
		"": "message", "../../etc/passwd": "etc-passwd", "-rf.json": "rf.json", "a\x00b\n": "a-b-", "ünder": "nder",
		strings.Repeat("x", 200) + ".json": strings.Repeat("x", 75) + ".json",
	} {
		if got := fileName(name); got != want {
			t.Errorf("%q is %q, not %q", name, got, want)
		}
	}
}
