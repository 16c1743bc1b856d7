// Package tomlfile reads TOML that people write, strictly: scenario files, the
// config file, keys and themes. What is unknown, of the wrong sort or out of
// place is an error with file, line and column, and with what was expected
// there, so that a slip of the pen never becomes a setting that silently does
// nothing.
//
// A file is read into a struct whose fields have `toml` tags: texts, whole
// numbers, numbers, booleans, structs, slices, maps with text keys, and pointers
// to these. A field of type any takes whatever is there, unchecked, as
// map[string]any, []any, string, int64, float64, bool and TOML's times. The fields
// of an embedded struct are its holder's. What the file does not say keeps the
// value that it had before.
//
// A [File] remembers where everything stands, so that an error found long after
// the reading still has its place. Places are named by paths, see [Path].
package tomlfile

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"sqscope/backend"
)

// Options say what a file must be like.
type Options struct {
	// Format is the version of the file's format that the program reads: the
	// file says its own as `format = 1`. One that says none, or another, is
	// wrong. 0: the files have no versions, and `format` is a key like others.
	Format int
	// Max is the size of the largest file in bytes; 0 is 8 MiB.
	Max int
}

const defaultMax = 8 << 20

// maxDepth is how many keys may stand inside each other. Every place is noted
// with its whole path, so depth costs memory by its square.
const maxDepth = 64

// File is the text of a file and where everything stands in it.
type File struct {
	name    string
	data    []byte
	places  map[string]place // by path
	order   []string         // the paths, in file order
	counted map[string]int   // elements of each array of tables so far
	err     *backend.Error   // the first thing that is wrong with the places
}

// place is where a key stands and what sort of value it has.
type place struct {
	offset int
	kind   unstable.Kind
}

// Read reads a file into a struct, given by its address. name stands for the
// file in errors. An error is a [*backend.Error] of KindInvalid, the first thing
// that is wrong: syntax, then format, then keys and values in file order. Its
// Subject is name:line:column and its Next says what was expected there. After
// an error the struct is as it was.
func Read(name string, data []byte, o Options, into any) (*File, error) {
	f, tree, err := parse(name, data, o)
	if err != nil {
		return nil, err
	}
	problems, _ := f.check(reflect.TypeOf(into).Elem(), o, 1)
	if len(problems) > 0 {
		return nil, problems[0]
	}
	fill(reflect.ValueOf(into).Elem(), tree, "", nil)
	return f, nil
}

// ReadAll is [Read] for a program that goes on with what is right: it tells all
// that is wrong, in file order, and what is wrong keeps the value that the
// struct had before. In an array nothing is kept if one of its elements is of
// the wrong sort. Of a file that is no TOML, or of another format, nothing is
// taken. The file is never nil; of one that is no TOML it knows no places.
func ReadAll(name string, data []byte, o Options, into any) (*File, []*backend.Error) {
	f, tree, err := parse(name, data, o)
	if err != nil {
		return &File{name: name, data: data}, []*backend.Error{err}
	}
	problems, wrong := f.check(reflect.TypeOf(into).Elem(), o, -1)
	fill(reflect.ValueOf(into).Elem(), tree, "", wrong)
	return f, problems
}

// parse finds out where everything stands and what it is, and checks the
// format, which comes before all else: a newer file may have keys that this
// program does not know, and the version is what is wrong then.
func parse(name string, data []byte, o Options) (*File, map[string]any, *backend.Error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // editors of Windows write it
	f := &File{name: name, data: data, places: map[string]place{}, counted: map[string]int{}}
	limit := o.Max
	if limit == 0 {
		limit = defaultMax
	}
	if len(data) > limit {
		return nil, nil, f.at(0, "a file of at most "+size(limit), "the file is larger than %s", size(limit))
	}
	if f.locate(); f.err != nil {
		return nil, nil, f.err
	}
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		return nil, nil, f.decodeError(err)
	}
	if o.Format == 0 {
		return f, tree, nil
	}
	return f, tree, f.checkFormat(tree["format"], o.Format)
}

func size(bytes int) string {
	if bytes >= 1<<20 && bytes%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d bytes", bytes)
}

func (f *File) checkFormat(v any, format int) *backend.Error {
	want := fmt.Sprintf("format = %d", format)
	switch n, ok := v.(int64); {
	case v == nil:
		return f.at(0, want+" as the first line", "the file does not say its format")
	case !ok:
		return f.Errorf("format", want, "the format is not a whole number")
	case n > int64(format):
		return f.Errorf("format", want+", or a newer sqscope", "the file has format %d, which this sqscope does not know", n)
	case n != int64(format):
		return f.Errorf("format", want, "there is no format %d", n)
	}
	return nil
}

// decodeError is what a look at the syntax does not find: tables written twice,
// and numbers that do not fit.
func (f *File) decodeError(err error) *backend.Error {
	line, column := 1, 1
	var de *toml.DecodeError
	if errors.As(err, &de) {
		line, column = de.Position()
		// The position counts bytes, and people count characters.
		lines := bytes.Split(f.data, []byte("\n"))
		if line <= len(lines) {
			column = 1 + len([]rune(string(lines[line-1][:min(column-1, len(lines[line-1]))])))
		}
	}
	return f.error(line, column, "", strings.TrimPrefix(err.Error(), "toml: "))
}
