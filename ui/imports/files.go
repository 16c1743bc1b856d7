package imports

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// most is how many files of a folder are listed.
const most = 2000

// files is the field for the path and what begins as that says.
type files struct {
	input widget.Input
	all   []found // of the folder
	fits  []found
	list  widget.List
	dir   string // that all is of
	err   error
	n     int // number of the last listing
}

type found struct {
	name   string
	folder bool
	size   int64
	at     time.Time
}

// listed is what a folder has.
type listed struct {
	n   int
	dir string
	all []found
	err error
}

func newFiles() files {
	f := files{input: widget.NewInput()}
	f.input.Placeholder = text.Const("a name below, or a path")
	f.list.Single = true
	return f
}

// typedPath is the path with ~ as the home folder; what is not absolute begins in
// the folder for exports.
func (m *Model) typedPath() string {
	p := screen.Home(m.files.input.Value())
	if !filepath.IsAbs(p) {
		return m.Env.ExportDir + string(filepath.Separator) + p
	}
	return p
}

// write puts a path into the field, as short as it can be.
func (m *Model) write(path string) {
	m.files.input.SetValue(strings.TrimPrefix(path, m.Env.ExportDir+string(filepath.Separator)))
}

// list reads the folder that the path is in, unless that is known.
func (m *Model) list() tea.Cmd {
	dir, _ := filepath.Split(m.typedPath())
	if dir == m.files.dir {
		m.files.narrow(m.typedPath())
		return nil
	}
	m.files.n++
	n, exports := m.files.n, m.Env.ExportDir+string(filepath.Separator)
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		entries, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) && dir == exports {
			err = nil // nothing has been exported yet
		}
		out := listed{n: n, dir: dir, err: err}
		for _, e := range entries[:min(len(entries), most)] {
			f := found{name: e.Name(), folder: e.IsDir()}
			if info, err := os.Stat(filepath.Join(dir, e.Name())); err == nil { // a link may lead nowhere
				f.folder, f.size, f.at = info.IsDir(), info.Size(), info.ModTime()
			}
			out.all = append(out.all, f)
		}
		slices.SortStableFunc(out.all, func(a, b found) int {
			return cmp.Or(rank(a)-rank(b), b.at.Compare(a.at), cmp.Compare(a.name, b.name))
		})
		return out
	})
}

// rank puts what can be an export first, then folders.
func rank(f found) int {
	switch {
	case f.folder:
		return 1
	case strings.HasSuffix(f.name, ".jsonl"), strings.HasSuffix(f.name, ".json"):
		return 0
	}
	return 2
}

func (f *files) listed(l listed) {
	if l.n != f.n {
		return // another folder is asked for by now
	}
	f.dir, f.all, f.err = l.dir, l.all, l.err
	f.narrow(l.dir + base(f.input.Value()))
}

// base is what stands behind the last separator.
func base(path string) string {
	_, b := filepath.Split(path)
	return b
}

// narrow keeps what begins as the path ends.
func (f *files) narrow(path string) {
	prefix := base(path)
	f.fits = f.fits[:0]
	var keys []string
	for _, e := range f.all {
		if strings.HasPrefix(e.name, prefix) && (prefix != "" || !strings.HasPrefix(e.name, ".")) {
			f.fits = append(f.fits, e)
			keys = append(keys, e.name)
		}
	}
	f.list.SetKeys(keys)
}

func (m *Model) typed(msg tea.KeyPressMsg) tea.Cmd {
	stroke := msg.String()
	if cmd, done := screen.Dispatch(m.Env, m.Bindings(), stroke); done {
		return cmd
	}
	switch stroke {
	case "up", "ctrl+p":
		m.files.list.Move(-1)
	case "down", "ctrl+n":
		m.files.list.Move(1)
	case "pgup":
		m.files.list.Move(-m.files.list.Page())
	case "pgdown":
		m.files.list.Move(m.files.list.Page())
	default:
		if m.files.input.Key(stroke, msg.Text) {
			return m.list()
		}
	}
	return nil
}

// here is the entry under the cursor.
func (f *files) here() (found, bool) {
	if i := f.list.At(); i < len(f.fits) {
		return f.fits[i], true
	}
	return found{}, false
}

// complete types as much as is the same for all that fit.
func (m *Model) complete() tea.Cmd {
	f := &m.files
	if len(f.fits) == 0 {
		return nil
	}
	common := f.fits[0].name
	for _, e := range f.fits[1:] {
		for !strings.HasPrefix(e.name, common) {
			common = common[:len(common)-1]
		}
	}
	if len(f.fits) == 1 && f.fits[0].folder {
		common += string(filepath.Separator)
	}
	if len(common) <= len(base(f.input.Value())) {
		return nil
	}
	m.write(f.dir + common)
	return m.list()
}

// take opens the folder under the cursor, or reads the file. A path that is typed
// whole goes before what is under the cursor.
func (m *Model) take() tea.Cmd {
	f := &m.files
	e, ok := f.here()
	if exact := slices.IndexFunc(f.fits, func(e found) bool { return e.name == base(f.input.Value()) }); exact >= 0 {
		e = f.fits[exact]
	}
	switch {
	case ok && e.folder:
		m.write(f.dir + e.name + string(filepath.Separator))
		return m.list()
	case ok:
		m.write(f.dir + e.name)
		m.choosing = false
		return m.look(f.dir + e.name)
	}
	return m.Env.Host.Say(themes.Warn, text.Sprintf("there is no file %s", m.typedPath()))
}

func (m *Model) closeField() tea.Cmd {
	if m.path == "" {
		return m.Env.Host.Back()
	}
	m.choosing = false
	return nil
}

// choose opens the field for another file.
func (m *Model) choose() tea.Cmd {
	m.choosing, m.files.dir = true, "" // what the folder has may have changed
	return m.list()
}

// filesHead is how many lines stand over the list of files.
const filesHead = 2

// filesView draws the field and what fits.
func (m *Model) filesView(w, h int) string {
	t, f := m.Env.Theme, &m.files
	lines := []string{widget.Fit(" "+t.Paint(themes.Accent, "file ")+f.input.View(w-7, t), w), widget.Fit(" "+t.Paint(themes.Dim, text.Sprintf("in   %s", f.dir).TruncateLeft(w-2).String()), w)}
	rest := h - len(lines)
	switch {
	case f.err != nil:
		lines = append(lines, widget.Center(t.Paint(themes.Warn, text.Clean(f.err.Error()).Truncate(w-2).String()), w, rest))
	case len(f.fits) == 0:
		lines = append(lines, widget.Center(t.Paint(themes.Dim, m.noFits().Truncate(w-2).String()), w, rest))
	default:
		lines = append(lines, f.list.View(w, rest, t, func(i, w int) []string { return []string{m.fileRow(f.fits[i], w)} }))
	}
	return strings.Join(lines, "\n")
}

// noFits is why no file is listed.
func (m *Model) noFits() text.Safe {
	if len(m.files.all) == 0 {
		return text.Const("there are no files here; a path that begins with / or ~ leads elsewhere")
	}
	return text.Const("nothing here begins so")
}

func (m *Model) fileRow(f found, w int) string {
	t := m.Env.Theme
	name, size, role := text.Clean(f.name), format.Size(int(f.size)), themes.Text
	if f.folder {
		name, size, role = text.Join(name, text.Const("/")), "folder", themes.Accent
	}
	tail := text.Sprintf("%9s  %s", size, format.Stamp(f.at, m.Env.UTC))
	if f.at.IsZero() {
		tail = text.Sprintf("%9s", "—")
	}
	room := max(10, w-tail.Width()-4)
	return " " + t.Paint(role, name.TruncateMiddle(room).Pad(room).String()) + "  " + t.Paint(themes.Dim, tail.String())
}

// Cursor is in the field that is typed in.
func (m *Model) Cursor() (x, y int, ok bool) {
	if m.choosing {
		return 6 + m.files.input.CursorX(), 0, true
	}
	return 0, 0, false
}

// fieldBindings are the keys while the file is chosen.
func (m *Model) fieldBindings() []screen.Binding {
	return []screen.Binding{
		{Action: keymap.FilesTake, Run: m.take},
		{Action: keymap.FilesComplete, Run: m.complete},
		{Action: keymap.FilesClose, Run: m.closeField},
	}
}
