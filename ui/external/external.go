// Package external lends the terminal to the user's own editor or pager.
//
// What it opens is written to a file of mode 0600 in a folder of its own, in
// XDG_RUNTIME_DIR where there is one, which is memory, else in the XDG cache
// folder. The folder is removed when the program has ended, with whatever the
// program left in it. The screen stands still meanwhile; leases go on running
// out.
//
// $VISUAL, $EDITOR and $PAGER are commands of a shell, as they are for git: they
// may have arguments and quotes.
package external

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/adrg/xdg"

	"sqscope/backend"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// Edit opens content in $VISUAL, $EDITOR or vi and hands on the bytes that the
// file has when the editor has ended. The name is that of the file, by whose
// ending editors know what is in it. Bytes come with an error too if the editor
// failed, for nothing that was typed may get lost; kind not found means that
// there is no editor. Done is called in the program's event loop; who wants its
// message to reach a screen wraps it in a screen.Answer.
func Edit(name string, content []byte, done func(edited []byte, err error) tea.Msg) tea.Cmd {
	return open(editor, name, content, func(path string, err error) tea.Msg {
		if path == "" {
			return done(nil, err)
		}
		edited, unread := os.ReadFile(path)
		if unread != nil {
			err = cmp.Or(err, error(&backend.Error{Kind: backend.KindInternal, Subject: path, Message: "what was edited cannot be read: " + unread.Error(), Err: unread}))
		}
		return done(edited, err)
	})
}

// View opens content in the editor to be looked at: the file may not be written,
// and what is changed all the same is dropped.
func View(name string, content []byte, done func(error) tea.Msg) tea.Cmd {
	return open(editor.readOnly(), name, content, func(_ string, err error) tea.Msg { return done(err) })
}

// Page opens content in $PAGER, less or more. A pager may hand to the terminal
// what it reads, so it gets what a terminal would obey made visible (DESIGN.md
// 4.6); lines stay lines.
func Page(name, content string, done func(error) tea.Msg) tea.Cmd {
	return open(pager, name, safeLines(content), func(_ string, err error) tea.Msg { return done(err) })
}

func safeLines(content string) []byte {
	var b bytes.Buffer
	for i, line := range text.Lines(content) {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line.String())
	}
	return b.Bytes()
}

// role is what a program is for, where its command is said, and what is taken
// where nothing says it.
type role struct {
	what  string
	vars  []string
	usual []string
	mode  os.FileMode
}

var (
	editor = role{what: "editor", vars: []string{"VISUAL", "EDITOR"}, usual: []string{"vi", "vim", "nano"}, mode: 0o600}
	pager  = role{what: "pager", vars: []string{"PAGER"}, usual: []string{"less", "more"}, mode: 0o400}
)

func (r role) readOnly() role { r.mode = 0o400; return r }

// command is what the environment says, or what this machine has.
func (r role) command() (string, error) {
	for _, v := range r.vars {
		if c := strings.TrimSpace(os.Getenv(v)); c != "" {
			return c, nil
		}
	}
	for _, c := range r.usual {
		if _, err := exec.LookPath(c); err == nil {
			return c, nil
		}
	}
	return "", &backend.Error{
		Kind: backend.KindNotFound, Subject: "$" + r.vars[len(r.vars)-1], Message: "is not set, and there is no " + strings.Join(r.usual, " or "),
		Next: "set it to the command of your " + r.what,
	}
}

// open writes the file, runs the program on it, and calls done with its path
// while it is still there; "" if there never was one.
func open(r role, name string, content []byte, done func(path string, err error) tea.Msg) tea.Cmd {
	return func() tea.Msg {
		command, err := r.command()
		if err != nil {
			return done("", err)
		}
		dir, path, err := write(name, content, r.mode)
		if err != nil {
			return done("", &backend.Error{Kind: backend.KindInternal, Message: "the file for the " + r.what + " cannot be written: " + err.Error(), Err: err})
		}
		return tea.Exec(&lent{shell(command, path)}, func(err error) tea.Msg {
			msg := done(path, ended(r, command, err))
			if err := os.RemoveAll(dir); err != nil {
				left := &backend.Error{Kind: backend.KindInternal, Subject: dir, Message: "cannot be removed: " + err.Error(), Next: "it holds what was opened; remove it yourself", Err: err}
				return tea.BatchMsg{func() tea.Msg { return msg }, func() tea.Msg { return screen.LateMsg{Err: left} }}
			}
			return msg
		})()
	}
}

// ended is what went wrong with a program, in words.
func ended(r role, command string, err error) error {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit) && (exit.ExitCode() == 126 || exit.ExitCode() == 127): // as a shell says it
		return &backend.Error{Kind: backend.KindNotFound, Subject: command, Message: "this " + r.what + " cannot be run", Next: "set $" + r.vars[len(r.vars)-1] + " to the command of one that is there", Err: err}
	}
	return &backend.Error{Kind: backend.KindConflict, Subject: command, Message: "the " + r.what + " ended with an error: " + err.Error(), Next: "what it left is not taken", Err: err}
}

// write puts content into a folder of its own.
func write(name string, content []byte, mode os.FileMode) (dir, path string, err error) {
	for _, base := range folders() {
		if dir, err = os.MkdirTemp(base, "sqscope-"); err == nil { // mode 0700
			break
		}
	}
	if err != nil {
		return "", "", err
	}
	path = filepath.Join(dir, fileName(name))
	if err := os.WriteFile(path, content, mode); err != nil {
		return "", "", errors.Join(err, os.RemoveAll(dir))
	}
	return dir, path, nil
}

// folders are where files may go, the best first.
func folders() []string {
	cache := filepath.Join(xdg.CacheHome, "sqscope")
	_ = os.MkdirAll(cache, 0o700) // if this fails, so does the file in it, which says why
	if run := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(run) {
		return []string{run, cache}
	}
	return []string{cache}
}

// fileName is what is harmless of a name.
func fileName(name string) string {
	safe := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, name)
	safe = strings.TrimLeft(safe, ".-")
	if len(safe) > 80 { // the end has the ending
		safe = safe[len(safe)-80:]
	}
	return cmp.Or(safe, "message")
}

// shell is the command with the file as its last word.
func shell(command, path string) *exec.Cmd {
	if runtime.GOOS == "windows" {
		words := append(strings.Fields(command), path)
		return exec.Command(words[0], words[1:]...)
	}
	return exec.Command("sh", "-c", command+` "$@"`, command, path)
}

// lent is a program that has the terminal.
type lent struct{ cmd *exec.Cmd }

func (l *lent) Run() error { return l.cmd.Run() }

// SetStdin takes the terminal. Anything else would be read by a goroutine that
// goes on reading what is not for it.
func (l *lent) SetStdin(r io.Reader) {
	if f, ok := r.(*os.File); ok {
		l.cmd.Stdin = f
	}
}

func (l *lent) SetStdout(w io.Writer) { l.cmd.Stdout = w }
func (l *lent) SetStderr(w io.Writer) { l.cmd.Stderr = w }
