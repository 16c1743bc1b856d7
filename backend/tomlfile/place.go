package tomlfile

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"sqscope/backend"
)

// Path names a place in a file by its keys and the numbers of array elements
// from 0, outermost first: Path("queues", 2, "tags", "team"). A key that has a
// dot in it is still one key. Paths may be joined with a dot.
func Path(keys ...any) string {
	path := ""
	for _, k := range keys {
		path = Join(path, fmt.Sprint(k))
	}
	return path
}

// Join adds a key to a path.
func Join(path, key string) string {
	// A dot in a quoted key is masked, so that no key can look like a path.
	key = strings.ReplaceAll(key, ".", "\x00")
	if path == "" {
		return key
	}
	return path + "." + key
}

func unmask(key string) string { return strings.ReplaceAll(key, "\x00", ".") }

// Name is the last key of a path that is no number, in quotes.
func Name(path string) string {
	for path != "" {
		i := strings.LastIndexByte(path, '.')
		key := path[i+1:]
		if _, err := strconv.Atoi(key); err != nil {
			return strconv.Quote(unmask(key))
		}
		path = path[:max(i, 0)]
	}
	return "this"
}

// Has tells whether the file says something at a path.
func (f *File) Has(path string) bool {
	_, ok := f.places[path]
	return ok
}

// Order is every path at which the file says something, in file order.
func (f *File) Order() []string { return f.order }

// Errorf is an error about the value with this path, or about the nearest table
// around it that stands in the file. expected completes the sentence "expected
// …"; it may be empty.
func (f *File) Errorf(path, expected, format string, args ...any) *backend.Error {
	for {
		if p, ok := f.places[path]; ok {
			return f.at(p.offset, expected, format, args...)
		}
		i := strings.LastIndexByte(path, '.')
		if i < 0 {
			return f.at(0, expected, format, args...)
		}
		path = path[:i]
	}
}

// ErrorIn is like Errorf about a part of a text: it points at the part where
// that can be found in the file as it was written.
func (f *File) ErrorIn(path, part, expected, format string, args ...any) *backend.Error {
	if p, ok := f.places[path]; ok {
		if i := bytes.Index(f.data[p.offset:], []byte(part)); i >= 0 {
			return f.at(p.offset+i, expected, format, args...)
		}
	}
	return f.Errorf(path, expected, format, args...)
}

func (f *File) at(offset int, expected, format string, args ...any) *backend.Error {
	before := f.data[:min(offset, len(f.data))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:])))
	return f.error(line, column, expected, fmt.Sprintf(format, args...))
}

func (f *File) error(line, column int, expected, message string) *backend.Error {
	e := backend.Errorf(backend.KindInvalid, "%s", message)
	e.Subject = fmt.Sprintf("%s:%d:%d", f.name, line, column)
	if expected != "" {
		e.Next = "expected " + expected
	}
	return e
}

// locate walks over the syntax and notes every key and array element.
func (f *File) locate() {
	var p unstable.Parser
	p.Reset(f.data)
	table := ""
	for f.err == nil && p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = f.header(e)
		case unstable.KeyValue:
			f.keyValue(table, e)
		}
	}
	err := p.Error()
	if f.err != nil || err == nil {
		return
	}
	offset := 0
	var pe *unstable.ParserError
	if errors.As(err, &pe) && pe.Highlight != nil {
		offset = int(p.Range(pe.Highlight).Offset)
	}
	f.err = f.at(offset, "TOML", "not TOML: %s", strings.TrimPrefix(err.Error(), "toml: "))
}

// header notes a [table] or [[array of tables]] and gives the path of what
// stands below it. In a header the name of an array of tables means its last
// element.
func (f *File) header(e *unstable.Node) string {
	path := ""
	for it := e.Key(); it.Next() && f.err == nil; {
		path = Join(path, string(it.Node().Data))
		kind := unstable.Table
		if it.IsLast() {
			kind = e.Kind
		}
		f.note(path, place{int(it.Node().Raw.Offset), kind})
		if e.Kind == unstable.ArrayTable && it.IsLast() {
			n := f.counted[path]
			f.counted[path] = n + 1
			path = Join(path, strconv.Itoa(n))
			f.note(path, place{int(it.Node().Raw.Offset), unstable.Table})
		} else if n := f.counted[path]; n > 0 {
			path = Join(path, strconv.Itoa(n-1))
		}
	}
	return path
}

func (f *File) keyValue(path string, e *unstable.Node) {
	for it := e.Key(); it.Next() && f.err == nil; {
		path = Join(path, string(it.Node().Data))
		p := place{int(it.Node().Raw.Offset), unstable.InlineTable}
		if it.IsLast() {
			p.kind = e.Value().Kind
			if f.Has(path) {
				f.err = f.at(p.offset, "each key once", "key %s is already defined", Name(path))
				return
			}
		}
		f.note(path, p)
	}
	f.value(path, f.places[path].offset, e.Value())
}

func (f *File) value(path string, offset int, v *unstable.Node) {
	switch v.Kind {
	case unstable.InlineTable:
		for it := v.Children(); it.Next() && f.err == nil; {
			f.keyValue(path, it.Node())
		}
	case unstable.Array:
		n := 0
		for it := v.Children(); it.Next() && f.err == nil; {
			if it.Node().Kind == unstable.Comment {
				continue
			}
			element := Join(path, strconv.Itoa(n))
			if r := it.Node().Raw; r.Length > 0 {
				offset = int(r.Offset)
			}
			f.note(element, place{offset, it.Node().Kind})
			f.value(element, offset, it.Node())
			n++
		}
	}
}

// note keeps the first place of a path.
func (f *File) note(path string, p place) {
	if strings.Count(path, ".") >= maxDepth {
		f.err = f.at(p.offset, fmt.Sprintf("at most %d keys inside each other", maxDepth), "this is nested too deep")
		return
	}
	if !f.Has(path) {
		f.places[path] = p
		f.order = append(f.order, path)
	}
}
