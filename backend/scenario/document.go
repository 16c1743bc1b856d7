package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"sqscope/backend"
)

// document is the text of a seed file and where everything stands in it, so
// that an error found long after the reading still has a line and a column.
type document struct {
	name    string
	data    []byte
	places  map[string]place // by path: producers.0.rate
	order   []string         // the paths, in file order
	counted map[string]int   // elements of each array of tables so far
}

// place is where a key stands and what sort of value it has.
type place struct {
	offset int
	kind   unstable.Kind
}

// read finds out where everything stands, checks that each key is known and
// each value of the right type, and decodes the file.
func read(name string, data []byte) (*document, *fileTable, error) {
	d := &document{name: name, data: data, places: map[string]place{}, counted: map[string]int{}}
	if len(data) > maxFile {
		return nil, nil, d.at(0, "a seed file of at most 8 MiB", "the file is larger than 8 MiB")
	}
	if err := d.locate(); err != nil {
		return nil, nil, err
	}
	if err := d.checkFormat(); err != nil {
		return nil, nil, err
	}
	for _, p := range d.order {
		if err := d.check(p); err != nil {
			return nil, nil, err
		}
	}
	var f fileTable
	err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&f)
	if err != nil {
		return nil, nil, d.decodeError(err)
	}
	return d, &f, nil
}

// locate walks over the syntax and notes every key and array element.
func (d *document) locate() error {
	var p unstable.Parser
	p.Reset(d.data)
	table := ""
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = d.header(e)
		case unstable.KeyValue:
			d.keyValue(table, e)
		}
	}
	err := p.Error()
	if err == nil {
		return nil
	}
	offset := 0
	var pe *unstable.ParserError
	if errors.As(err, &pe) && pe.Highlight != nil {
		offset = int(p.Range(pe.Highlight).Offset)
	}
	return d.at(offset, "TOML", "not TOML: %s", strings.TrimPrefix(err.Error(), "toml: "))
}

// header notes a [table] or [[array of tables]] and gives the path of what
// stands below it. In a header the name of an array of tables means its last
// element.
func (d *document) header(e *unstable.Node) string {
	path := ""
	for it := e.Key(); it.Next(); {
		path = join(path, string(it.Node().Data))
		kind := unstable.Table
		if it.IsLast() {
			kind = e.Kind
		}
		d.note(path, place{int(it.Node().Raw.Offset), kind})
		if e.Kind == unstable.ArrayTable && it.IsLast() {
			n := d.counted[path]
			d.counted[path] = n + 1
			path = join(path, strconv.Itoa(n))
			d.note(path, place{int(it.Node().Raw.Offset), unstable.Table})
		} else if n := d.counted[path]; n > 0 {
			path = join(path, strconv.Itoa(n-1))
		}
	}
	return path
}

func (d *document) keyValue(path string, e *unstable.Node) {
	for it := e.Key(); it.Next(); {
		path = join(path, string(it.Node().Data))
		kind := unstable.InlineTable
		if it.IsLast() {
			kind = e.Value().Kind
		}
		d.note(path, place{int(it.Node().Raw.Offset), kind})
	}
	d.value(path, d.places[path].offset, e.Value())
}

func (d *document) value(path string, offset int, v *unstable.Node) {
	switch v.Kind {
	case unstable.InlineTable:
		for it := v.Children(); it.Next(); {
			d.keyValue(path, it.Node())
		}
	case unstable.Array:
		n := 0
		for it := v.Children(); it.Next(); n++ {
			if it.Node().Kind == unstable.Comment {
				n--
				continue
			}
			element := join(path, strconv.Itoa(n))
			if r := it.Node().Raw; r.Length > 0 {
				offset = int(r.Offset)
			}
			d.note(element, place{offset, it.Node().Kind})
			d.value(element, offset, it.Node())
		}
	}
}

func (d *document) note(path string, p place) {
	if _, ok := d.places[path]; !ok {
		d.places[path] = p
		d.order = append(d.order, path)
	}
}

// join makes a path. A dot in a quoted key is masked, so that no key can look
// like a path.
func join(path, key string) string {
	key = strings.ReplaceAll(key, ".", "\x00")
	if path == "" {
		return key
	}
	return path + "." + key
}

// pathOf is the path of keys and indices.
func pathOf(keys ...any) string {
	path := ""
	for _, k := range keys {
		path = join(path, fmt.Sprint(k))
	}
	return path
}

// checkFormat comes before all else: a newer file may have keys that this
// program does not know, and the version is what is wrong then.
func (d *document) checkFormat() error {
	var f struct {
		Format any `toml:"format"`
	}
	if err := toml.Unmarshal(d.data, &f); err != nil {
		return d.decodeError(err)
	}
	want := fmt.Sprintf("format = %d", Format)
	switch n, ok := f.Format.(int64); {
	case f.Format == nil:
		return d.at(0, want+" as the first line", "the file does not say its format")
	case !ok:
		return d.errorf("format", want, "the format is not a whole number")
	case n > Format:
		return d.errorf("format", want+", or a newer sqscope", "the file has format %d, which this sqscope does not know", n)
	case n != Format:
		return d.errorf("format", want, "there is no format %d", n)
	}
	return nil
}

// check finds the field that a path leads to and compares its type.
func (d *document) check(path string) error {
	t := reflect.TypeFor[fileTable]()
	for i, key := range strings.Split(path, ".") {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.Struct:
			f, ok := fieldOf(t, key)
			if !ok {
				return d.errorf(path, "one of "+strings.Join(keysOf(t), ", "), "unknown key %q", unmask(key))
			}
			t = f.Type
		case reflect.Slice, reflect.Map:
			t = t.Elem()
		case reflect.Interface:
			return nil // Looked at where it is used.
		default:
			// The parent was of another type and has been reported; what stands
			// below it cannot be reached.
			return d.errorf(path, describe(t), "unexpected key %q below %s", unmask(key), strings.Join(strings.Split(path, ".")[:i], "."))
		}
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if kind := d.places[path].kind; !fits(kind, t) {
		return d.errorf(path, describe(t), "%s cannot be %s", lastKey(path), nounOf(kind))
	}
	return nil
}

func fieldOf(t reflect.Type, key string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if f := t.Field(i); f.Tag.Get("toml") == key {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		keys = append(keys, t.Field(i).Tag.Get("toml"))
	}
	return keys
}

func fits(kind unstable.Kind, t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String:
		return kind == unstable.String
	case reflect.Int, reflect.Int64:
		return kind == unstable.Integer
	case reflect.Float64:
		return kind == unstable.Integer || kind == unstable.Float
	case reflect.Bool:
		return kind == unstable.Bool
	case reflect.Struct, reflect.Map:
		return kind == unstable.Table || kind == unstable.InlineTable
	case reflect.Slice:
		return kind == unstable.Array || kind == unstable.ArrayTable
	}
	return true
}

func describe(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text in quotes"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	case reflect.Struct:
		return "a table with the keys " + strings.Join(keysOf(t), ", ")
	case reflect.Map:
		return "a table of names, each with " + describe(t.Elem())
	case reflect.Slice:
		return "an array of tables, written with double brackets"
	}
	return "another value"
}

func nounOf(kind unstable.Kind) string {
	switch kind {
	case unstable.String:
		return "a text"
	case unstable.Integer:
		return "a whole number"
	case unstable.Float:
		return "a number"
	case unstable.Bool:
		return "true or false"
	case unstable.Array:
		return "an array"
	case unstable.ArrayTable:
		return "an array of tables"
	case unstable.Table, unstable.InlineTable:
		return "a table"
	}
	return "a date or time"
}

func unmask(key string) string { return strings.ReplaceAll(key, "\x00", ".") }

// lastKey is the last name in a path that is no index.
func lastKey(path string) string {
	keys := strings.Split(path, ".")
	for _, k := range slices.Backward(keys) {
		if _, err := strconv.Atoi(k); err != nil {
			return strconv.Quote(unmask(k))
		}
	}
	return "this"
}

// decodeError is what is left for the decoder to find: keys written twice, and
// numbers that do not fit.
func (d *document) decodeError(err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		err = &strict.Errors[0]
	}
	line, column := 1, 1
	var de *toml.DecodeError
	if errors.As(err, &de) {
		line, column = de.Position()
	}
	return d.error(line, column, "", strings.TrimPrefix(err.Error(), "toml: "))
}

// errorf is an error about the value with this path, or about the nearest table
// around it that stands in the file.
func (d *document) errorf(path, expected, format string, args ...any) *backend.Error {
	for {
		if p, ok := d.places[path]; ok {
			return d.at(p.offset, expected, format, args...)
		}
		i := strings.LastIndexByte(path, '.')
		if i < 0 {
			return d.at(0, expected, format, args...)
		}
		path = path[:i]
	}
}

// errorIn is like errorf about a part of a text: it points at the part where
// that can be found in the file as it was written.
func (d *document) errorIn(path, part, expected, format string, args ...any) *backend.Error {
	if p, ok := d.places[path]; ok {
		if i := bytes.Index(d.data[p.offset:], []byte(part)); i >= 0 {
			return d.at(p.offset+i, expected, format, args...)
		}
	}
	return d.errorf(path, expected, format, args...)
}

func (d *document) at(offset int, expected, format string, args ...any) *backend.Error {
	before := d.data[:min(offset, len(d.data))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:])))
	return d.error(line, column, expected, fmt.Sprintf(format, args...))
}

func (d *document) error(line, column int, expected, message string) *backend.Error {
	e := backend.Errorf(backend.KindInvalid, "%s", message)
	e.Subject = fmt.Sprintf("%s:%d:%d", d.name, line, column)
	if expected != "" {
		e.Next = "expected " + expected
	}
	return e
}
