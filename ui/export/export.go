// Package export is the part of a screen that writes messages to a file, as masks
// leave them: what is asked, where it may go, and what is said afterwards.
//
// Promises: nothing that is there is overwritten, and nothing is written into the
// working directory unasked.
package export

import (
	"cmp"
	"context"
	"io"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// formats are what an export can be written as.
var formats = []struct {
	label, note, ending string
	write               func(path string, records []archive.Record) error
}{
	{"JSONL", "exact, to the byte; can be imported again", ".jsonl", func(path string, records []archive.Record) error {
		return archive.SaveNew(path, func(w io.Writer) error { return archive.Write(w, records) })
	}},
	{"CSV", "a table for people and spreadsheets; cannot be imported", ".csv", writeCSV},
	{"one file each", "a folder: each body, and all of it as JSONL", "", writeFiles},
}

func writeCSV(path string, records []archive.Record) error {
	return archive.SaveNew(path, func(w io.Writer) error {
		table, err := archive.NewCSV(w, append(archive.Columns(), archive.AttributeColumns(records)...))
		if err != nil {
			return err
		}
		for _, r := range records {
			if err := table.Write(r); err != nil {
				return err
			}
		}
		return nil
	})
}

func writeFiles(path string, records []archive.Record) error {
	files, err := archive.NewFiles(path)
	if err != nil {
		return err
	}
	for _, r := range records {
		if err := files.Write(r); err != nil {
			files.Discard()
			return err
		}
	}
	return files.Close()
}

// Share is a part of what was read.
type Share struct {
	Label string
	IDs   map[string]bool
}

// Export is the part of a screen. Make it with [New].
type Export struct {
	base      *screen.Base
	queue     backend.ARN
	originals func(ids map[string]bool) []Original
}

// New makes the part of a screen that exports messages of a queue. Originals are
// those with these ids, in the order in which they are to be written.
func New(base *screen.Base, queue backend.ARN, originals func(ids map[string]bool) []Original) *Export {
	return &Export{base, queue, originals}
}

// Ask asks which of these shares is to be exported, as what, and where to.
func (x *Export) Ask(shares []Share) tea.Cmd {
	if len(shares) == 1 {
		x.askFormat(shares[0])
		return nil
	}
	choices := make([]dialog.Choice, len(shares))
	for i, s := range shares {
		choices[i] = dialog.Choice{Label: s.Label}
	}
	x.base.Env.Host.Ask(dialog.NewChoose(x.base.Env, text.Sprintf("Export messages of %s", x.queue.Name), choices, func(i int) tea.Cmd {
		x.askFormat(shares[i])
		return nil
	}))
	return nil
}

// Update takes the answers to the commands of an export, and tells whether msg was
// one.
func (x *Export) Update(msg tea.Msg) (cmd tea.Cmd, done bool) {
	if e, ok := msg.(exported); ok {
		return x.exported(e), true
	}
	return nil, false
}

func (x *Export) askFormat(s Share) {
	choices := make([]dialog.Choice, len(formats))
	for i, f := range formats {
		choices[i] = dialog.Choice{Label: f.label, Note: f.note}
	}
	x.base.Env.Host.Ask(dialog.NewChoose(x.base.Env, text.Sprintf("Export %s as", format.Plural(len(s.IDs), "message")), choices, func(i int) tea.Cmd {
		x.askPlace(s, i, "")
		return nil
	}))
}

// askPlace asks for the path. A name alone is one in the folder for exports: what
// is not asked for is not written into the working directory.
func (x *Export) askPlace(s Share, kind int, path string) {
	name := strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r < ' ' {
			return '_'
		}
		return r
	}, x.queue.Name) + "-" + time.Now().UTC().Format("20060102T150405Z") + formats[kind].ending
	dir := x.base.Env.ExportDir
	form := dialog.Form{
		Title: text.Sprintf("Export %s as %s", format.Plural(len(s.IDs), "message"), formats[kind].label), Confirm: "write",
		Fields: []dialog.Field{{Label: "to", Value: cmp.Or(path, name), Check: func(v string) string {
			if v == "" {
				return "a path is needed"
			}
			return ""
		}}},
		Preview: func(v []string) []dialog.Line {
			return []dialog.Line{{Role: themes.Dim, Text: text.Sprintf("writes %s", placeOf(dir, v[0]))}, {Role: themes.Dim, Text: text.Const("Nothing that is there already is overwritten.")}}
		},
		Run: func(v []string) tea.Cmd { return x.export(s, kind, v[0]) },
	}
	if n := x.maskedOf(s); n > 0 {
		form.Notes = append(form.Notes, text.Sprintf("Masks hold for %d of them: what they hide is hidden in the file too, which says so and cannot be imported.", n))
	}
	x.base.Env.Host.Ask(dialog.NewForm(x.base.Env, form))
}

// maskedOf counts the messages that masks hold for.
func (x *Export) maskedOf(s Share) (n int) {
	for _, o := range x.originals(s.IDs) {
		if len(o.Masks) > 0 {
			n++
		}
	}
	return n
}

// placeOf is where a path that somebody typed leads to: ~ is the home folder, and
// what is not absolute begins in dir.
func placeOf(dir, path string) string {
	path = screen.Home(path)
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// exported is what an export has written.
type exported struct {
	share  Share
	kind   int
	typed  string // as the path was given
	path   string
	n      int
	masked int
	err    error
}

// export writes the messages in the order in which they were read.
func (x *Export) export(s Share, kind int, typed string) tea.Cmd {
	out := exported{share: s, kind: kind, typed: typed, path: placeOf(x.base.Env.ExportDir, typed)}
	originals := x.originals(s.IDs)
	return x.base.Act(func(ctx context.Context) tea.Msg {
		records := make([]archive.Record, len(originals))
		for i, o := range originals {
			if ctx.Err() != nil {
				out.err = backend.AsError(ctx.Err())
				return out
			}
			if records[i] = o.Record(ctx); records[i].Masked {
				out.masked++
			}
		}
		out.n, out.err = len(records), formats[kind].write(out.path, records)
		return out
	})
}

// Late says what was written after the screen had gone.
func (e exported) Late() (themes.Role, text.Safe) {
	if e.err != nil {
		return themes.Bad, text.Sprintf("nothing was exported: %s", e.err.Error())
	}
	return themes.Good, text.Sprintf("exported %s to %s", format.Plural(e.n, "message"), e.path)
}

// exported says how many were written and where. Where something is already, the
// question is asked once more.
func (x *Export) exported(e exported) tea.Cmd {
	if e.err != nil {
		if backend.KindOf(e.err) == backend.KindConflict {
			x.askPlace(e.share, e.kind, e.typed)
		}
		return x.base.Env.Host.Fail(e.err)
	}
	role, line := e.Late()
	notes := []dialog.Line{{Role: role, Text: line}}
	if e.masked > 0 {
		notes = append(notes, dialog.Line{Role: themes.Warn, Text: text.Sprintf("%s masked: the file cannot be imported.", format.Plural(e.masked, "body"))})
	}
	x.base.Env.Host.Ask(dialog.NewResults(x.base.Env, dialog.Results{
		Title: text.Sprintf("Exported %s as %s", format.Plural(e.n, "message"), formats[e.kind].label),
		Notes: notes, Copy: e.path, CopyWhat: text.Const("the path"),
	}))
	return nil
}
