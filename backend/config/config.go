// Package config reads the config file: one TOML file that says where to connect,
// how hard to read, and how sqscope looks and behaves. Every key is in the
// generated docs/CONFIG.md.
//
// Promises: whatever the file is, [Load] gives a configuration that works, and
// tells everything that is wrong with file, line, column and what was expected.
// What is wrong has its default, with two exceptions that fail closed: a context
// whose access is wrong is at view, and a mask that is wrong hides more, never
// less. The names of keys' actions and of themes are not known here: what stands
// in those sections is handed over as it was written, and whoever reads them
// reports with [Config.Wrong].
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/adrg/xdg"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

// Format is the version of the file's form. A file need not say it; one that
// says a newer one is refused.
const Format = 1

// Config is what the file says, and the default of all that it does not say.
type Config struct {
	Settings
	Path  string              // the file, whether it is there or not
	Found bool                // it is there
	Keys  map[string][]string // the keys of each action, by the action's id

	files  []*tomlfile.File  // the file and those it includes
	keysAt map[string]string // where each action stands in them
}

// Path is where the config file is looked for: $SQSCOPE_CONFIG, else
// sqscope/config.toml in the XDG config folder.
func Path() string {
	if p := os.Getenv("SQSCOPE_CONFIG"); p != "" {
		return p
	}
	return filepath.Join(xdg.ConfigHome, "sqscope", "config.toml")
}

// Load reads the file, and those that it includes. A file that is not there is no
// problem: all is at its default then, and Found is false. The problems are of
// [backend.KindInvalid], in the order of the file; each has file:line:column as
// its subject, or the file alone if it could not be read.
func Load(path string) (*Config, []*backend.Error) {
	c := &Config{Settings: Default(), Path: path}
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c, nil
	case err != nil:
		return c, []*backend.Error{unreadable(path, err)}
	}
	return Parse(path, data)
}

// Parse is [Load] for the content of a file. Files to include are looked for
// beside the path.
func Parse(path string, data []byte) (*Config, []*backend.Error) {
	c := &Config{Settings: Default(), Path: path, Found: true, Keys: map[string][]string{}, keysAt: map[string]string{}}
	file, problems := tomlfile.ReadAll(path, data, tomlfile.Options{}, &c.Settings)
	c.files = []*tomlfile.File{file}
	r := &reader{config: c, file: file, problems: problems}
	switch {
	case len(file.Order()) == 0 && len(problems) > 0:
		return r.nothing(data)
	case c.Format != Format:
		r.problems = nil
		r.errorf("format", "format = 1, or a newer sqscope", "the file has format %d, which this sqscope does not know", c.Format)
		return r.nothing(data)
	}
	r.check()
	r.contexts()
	r.views()
	r.masks()
	r.templates()
	r.keys(file, c.RawKeys)
	slices.SortStableFunc(r.problems, byPlace)
	r.include()
	return c, r.problems
}

// nothing is the configuration where nothing of a file can be taken. If the file
// may have masks, everything is masked.
func (r *reader) nothing(data []byte) (*Config, []*backend.Error) {
	r.config.Settings = Default()
	for _, p := range r.problems {
		p.Next = strings.TrimPrefix(p.Next+"; nothing of the file is in force", "; ")
	}
	if bytes.Contains(data, []byte("masks")) {
		r.config.Masks = []Mask{everything()}
	}
	return r.config, r.problems
}

func unreadable(path string, err error) *backend.Error {
	return &backend.Error{
		Kind: backend.KindInvalid, Subject: path, Message: "the file cannot be read: " + err.Error(),
		Next: "nothing of it is in force, masks and access levels neither", Err: err,
	}
}

// Wrong is the error for something that the reader of a raw section found wrong:
// what is wrong, what would be right, and for a name that is not known the name
// and those that there are. The path is keys and indices, as "keys",
// "queues.send", 0; an index that is not there means what it would be in.
func (c *Config) Wrong(message, expected, unknown string, known []string, path ...any) *backend.Error {
	if unknown != "" {
		near := tomlfile.Near(unknown, known)
		switch {
		case len(known) <= few:
			expected = tomlfile.OneOf(unknown, known)
		case len(near) > 0:
			expected = strings.Join(near, " or ")
		}
	}
	at := tomlfile.Path(path...)
	if len(path) > 1 && path[0] == "keys" {
		if p, ok := c.keysAt[fmt.Sprint(path[1])]; ok {
			at = p
			for _, key := range path[2:] {
				at = tomlfile.Join(at, fmt.Sprint(key))
			}
		}
	}
	if len(c.files) == 0 {
		err := &backend.Error{Kind: backend.KindInvalid, Subject: c.Path, Message: message}
		if expected != "" {
			err.Next = "expected " + expected
		}
		return err
	}
	return c.fileWith(at).Errorf(at, expected, "%s", message)
}

// fileWith is the file that says most of a path.
func (c *Config) fileWith(path string) *tomlfile.File {
	for ; path != ""; path = path[:max(0, strings.LastIndexByte(path, '.'))] {
		for _, f := range c.files {
			if f.Has(path) {
				return f
			}
		}
	}
	return c.files[0]
}

// few is how many names are listed where one of them was expected.
const few = 40
