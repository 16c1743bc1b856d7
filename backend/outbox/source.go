package outbox

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/archive"
)

// maxLine is the longest line of a file, in bytes.
const maxLine = 16 << 20

// entry is what a message is made of: an entry of a file, or nothing but its number.
type entry struct {
	number int
	line   int            // where it begins in the file; 0: there is none
	row    map[string]any // its values, for {{from …}}
	draft  *Draft         // the message that it is; nil: it fills the job's
	wrong  *backend.Error
}

// source yields entries until io.EOF.
type source interface {
	next() (entry, error)
	close() error
}

// source opens what the job's messages are made of.
func (j Job) source() (source, error) {
	if j.From == Copies {
		return &copies{left: j.Count}, nil
	}
	f, err := os.Open(j.Path)
	if err != nil {
		return nil, &backend.Error{Kind: backend.KindNotFound, Subject: j.Path, Message: "the file cannot be read: " + err.Error(), Next: "check its name and rights", Err: err}
	}
	var s source
	switch comma := separator(j.Path); {
	case comma != 0:
		s, err = newTable(f, comma, j.Path, j.From == Messages)
	case j.From == Messages:
		s = &records{f, archive.NewReader(f)}
	default:
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, maxLine)
		s = &rows{file: f, lines: lines, path: j.Path}
	}
	if err != nil {
		_ = f.Close() // the error that is told is the one that matters
		return nil, err
	}
	return s, nil
}

// separator is what stands between the values of a table, or 0 for a file of JSON.
func separator(path string) rune {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return ','
	case ".tsv", ".tab":
		return '\t'
	}
	return 0
}

type copies struct{ at, left int }

func (c *copies) next() (entry, error) {
	if c.at == c.left {
		return entry{}, io.EOF
	}
	c.at++
	return entry{number: c.at}, nil
}

func (c *copies) close() error { return nil }

// records are messages as an export writes them.
type records struct {
	file   *os.File
	reader *archive.Reader
}

func (r *records) close() error { return r.file.Close() }

func (r *records) next() (entry, error) {
	e, err := r.reader.Next()
	if err != nil {
		return entry{}, err
	}
	out := entry{number: e.Number, line: e.Line, wrong: e.Wrong}
	if e.Wrong == nil {
		m, err := e.Record.Message()
		if err != nil {
			out.wrong = invalid(e.Line, "%v", err)
			return out, nil
		}
		d := DraftOf(m)
		if delay := e.Record.DelaySeconds; delay != nil {
			d.Delay = strconv.Itoa(*delay)
		}
		out.draft = &d
	}
	return out, nil
}

func invalid(line int, format string, args ...any) *backend.Error {
	e := backend.Errorf(backend.KindInvalid, format, args...)
	e.Subject = fmt.Sprintf("line %d", line)
	return e
}

// rows are JSON objects, one a line.
type rows struct {
	file   *os.File
	path   string
	lines  *bufio.Scanner
	number int
	line   int
}

func (r *rows) close() error { return r.file.Close() }

func (r *rows) next() (entry, error) {
	for r.lines.Scan() {
		r.line++
		text := r.lines.Bytes()
		if r.line == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		r.number++
		e := entry{number: r.number, line: r.line}
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.UseNumber()
		if err := dec.Decode(&e.row); err != nil || e.row == nil || dec.More() {
			e.row = map[string]any{}
			e.wrong = invalid(r.line, "is no JSON object on a line of its own")
			e.wrong.Next = `write {"name":"value"} on each line, or a table in a file named .csv`
		}
		return e, nil
	}
	if err := r.lines.Err(); err != nil {
		e := &backend.Error{Kind: backend.KindInvalid, Subject: r.path, Message: "the file cannot be read any further: " + err.Error(), Err: err}
		if errors.Is(err, bufio.ErrTooLong) {
			e.Message, e.Next = fmt.Sprintf("line %d is longer than 16 MiB", r.line+1), "make it shorter"
		}
		return entry{}, e
	}
	return entry{}, io.EOF
}

// table is a CSV file whose first line names the columns.
type table struct {
	file     *os.File
	csv      *csv.Reader
	path     string
	columns  []string
	messages bool // its rows are messages
	number   int
}

// Columns of a table of messages, besides attribute:NAME and attribute:NAME:TYPE.
const (
	columnBody  = "body"
	columnGroup = "group"
	columnDedup = "dedup"
	columnDelay = "delay"
	columnTrace = "trace"
	columnOther = "attribute:"
)

func newTable(f *os.File, comma rune, path string, messages bool) (*table, error) {
	in := bufio.NewReader(f)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = in.Discard(3) // they were peeked at
	}
	t := &table{file: f, csv: csv.NewReader(in), path: path, messages: messages}
	t.csv.Comma = comma
	var err error
	if t.columns, err = t.csv.Read(); err != nil {
		return nil, t.unreadable(err)
	}
	if !messages {
		return t, nil
	}
	known := []string{columnBody, columnGroup, columnDedup, columnDelay, columnTrace}
	for _, c := range t.columns {
		if !slices.Contains(known, c) && !strings.HasPrefix(c, columnOther) {
			e := backend.Errorf(backend.KindInvalid, "the table has a column %q, which messages do not have", c)
			e.Subject, e.Next = path, "the columns are "+strings.Join(known, ", ")+" and attribute:NAME; an export to be sent again is one in JSONL"
			return nil, e
		}
	}
	if !slices.Contains(t.columns, columnBody) {
		e := backend.Errorf(backend.KindInvalid, "the table has no column named body")
		e.Subject, e.Next = path, "name the columns in the first line"
		return nil, e
	}
	return t, nil
}

func (t *table) unreadable(err error) error {
	if errors.Is(err, io.EOF) {
		e := backend.Errorf(backend.KindInvalid, "the table is empty")
		e.Subject, e.Next = t.path, "name the columns in its first line"
		return e
	}
	return &backend.Error{Kind: backend.KindInvalid, Subject: t.path, Message: "the table cannot be read: " + err.Error(), Err: err}
}

func (t *table) close() error { return t.file.Close() }

func (t *table) next() (entry, error) {
	values, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return entry{}, io.EOF
	}
	t.number++
	e := entry{number: t.number, row: map[string]any{}}
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse):
		e.line = parse.StartLine
		e.wrong = invalid(parse.StartLine, "%v", parse.Err)
		return e, nil
	case err != nil:
		return entry{}, t.unreadable(err)
	}
	e.line, _ = t.csv.FieldPos(0)
	for i, c := range t.columns {
		e.row[c] = values[i]
	}
	if t.messages {
		e.draft = t.draft(values)
	}
	return e, nil
}

// draft is the message that a row is.
func (t *table) draft(values []string) *Draft {
	var d Draft
	for i, c := range t.columns {
		switch v := values[i]; c {
		case columnBody:
			d.Body = v
		case columnGroup:
			d.Group = v
		case columnDedup:
			d.Dedup = v
		case columnDelay:
			d.Delay = v
		case columnTrace:
			d.Trace = v
		default:
			name, kind, _ := strings.Cut(strings.TrimPrefix(c, columnOther), ":")
			if v != "" { // an attribute cannot be empty: this row has none
				d.Attributes = append(d.Attributes, Attribute{Name: name, Type: kind, Value: v})
			}
		}
	}
	return &d
}
