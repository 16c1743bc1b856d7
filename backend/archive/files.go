package archive

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sqscope/backend/disk"
)

// index is the file beside the bodies that has everything, and can be imported.
const index = "messages.jsonl"

// Files writes the body of each message to a file of its own, as it is, and all
// messages with what belongs to them to messages.jsonl beside them, which can be
// imported. The folder appears when all of that is on the disk, so that what it
// has may be deleted from the queue. Make it with [NewFiles].
type Files struct {
	dir   string // where it is to be
	temp  string
	lines *os.File
	n     int
	sync  func(*os.File) error // File.Sync but in tests
}

// NewFiles begins a folder, which must not be there yet.
func NewFiles(dir string) (*Files, error) {
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fs.ErrExist
		}
		return nil, unsaved(dir, err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, unsaved(dir, err)
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), ".sqscope-*")
	if err != nil {
		return nil, unsaved(dir, err)
	}
	f := &Files{dir: dir, temp: temp, sync: (*os.File).Sync}
	if f.lines, err = f.create(index); err != nil {
		f.Discard()
		return nil, unsaved(dir, err)
	}
	return f, nil
}

func (f *Files) create(name string) (*os.File, error) {
	return os.OpenFile(filepath.Join(f.temp, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}

// Write writes a message. The name of its file has its number, so that no two are
// the same on any file system, and what is harmless of its id.
func (f *Files) Write(r Record) error {
	m, err := r.Message()
	if err != nil {
		return unsaved(f.dir, err)
	}
	f.n++
	out, err := f.create(fmt.Sprintf("%05d-%s.%s", f.n, harmless(r.MessageId), extension(r)))
	if err != nil {
		return unsaved(f.dir, err)
	}
	_, err = out.WriteString(m.Body)
	if err == nil {
		err = f.sync(out)
	}
	if err = errors.Join(err, out.Close()); err == nil {
		err = Write(f.lines, []Record{r})
	}
	if err != nil {
		return unsaved(f.dir, err)
	}
	return nil
}

// Close puts the folder in its place.
func (f *Files) Close() error {
	err := f.sync(f.lines)
	if err = errors.Join(err, f.lines.Close()); err == nil {
		err = disk.SyncDir(f.temp)
	}
	if err == nil {
		err = os.Rename(f.temp, f.dir)
	}
	if err == nil {
		err = disk.SyncDir(filepath.Dir(f.dir))
	}
	if err != nil {
		return errors.Join(unsaved(f.dir, err), os.RemoveAll(f.temp))
	}
	return nil
}

// Discard leaves nothing behind of what was written.
func (f *Files) Discard() {
	if f.lines != nil {
		_ = f.lines.Close() // what was written is of no interest
	}
	_ = os.RemoveAll(f.temp)
}

// harmless is what of a foreign id may be part of a file's name.
func harmless(id string) string {
	safe := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, id)
	return safe[:min(len(safe), 64)]
}

func extension(r Record) string {
	switch body := strings.TrimSpace(r.Body); {
	case r.BodyEncoding == "base64":
		return "bin"
	case strings.HasPrefix(body, "{"), strings.HasPrefix(body, "["):
		return "json"
	}
	return "txt"
}

// text is an attribute's value; binary ones are base64.
func (a Attribute) text() string {
	if a.StringValue != nil {
		return *a.StringValue
	}
	return base64.StdEncoding.EncodeToString(a.BinaryValue)
}
