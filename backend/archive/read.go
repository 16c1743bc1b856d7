package archive

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// Limits of what is read at once, in bytes. A body of 1 MiB is at most 6 MiB as
// JSON, and an answer of SQS holds ten messages.
const (
	maxLine     = 16 << 20
	maxDocument = 128 << 20
)

// Entry is a message of a file, or what should have been one.
type Entry struct {
	Number int            // in the file, from 1, wrong ones counted
	Line   int            // where it begins, from 1; 0: it is of no file
	Record Record         // zero if it is wrong
	Wrong  *backend.Error // what is wrong with it, of kind invalid; nil: nothing

	digest [sha256.Size]byte // of all entries up to this one
}

// Reader reads the messages of a file one after the other: lines as [Write]
// writes them, or the output of `aws sqs receive-message`, pretty or on one line,
// once or many times. Make it with [NewReader].
type Reader struct {
	in      *bufio.Reader
	line    int // of the file, read so far
	begun   bool
	doc     *json.Decoder // of a file that is no lines; nil: lines
	source  *counted      // what doc reads
	pending []Entry       // of what was read last
	number  int
	digest  [sha256.Size]byte
	end     error
}

// NewReader reads from r. Nothing is read before [Reader.Next].
func NewReader(r io.Reader) *Reader { return &Reader{in: bufio.NewReaderSize(r, 64<<10)} }

// pretty is the first line of JSON that goes over several lines.
var pretty = regexp.MustCompile(`^\s*(\[\s*)?(\{\s*("Messages"\s*:\s*(\[\s*(\{\s*)?)?)?)?$`)

// Next is the next entry. It may be wrong, which says so; the one after it can be
// had all the same. The error is io.EOF at the end, else why the file cannot be
// read any further.
func (r *Reader) Next() (Entry, error) {
	for len(r.pending) == 0 {
		if r.end != nil {
			return Entry{}, r.end
		}
		if r.doc != nil {
			r.document()
		} else {
			r.oneLine()
		}
	}
	e := r.pending[0]
	r.pending = r.pending[1:]
	return e, nil
}

// oneLine reads a line, which has one message, or several if it is the compact
// output of the AWS CLI.
func (r *Reader) oneLine() {
	text, long, err := r.read()
	if err != nil && (len(text) == 0 || !errors.Is(err, io.EOF)) {
		r.fail(err)
		return
	}
	r.line++
	if !r.begun {
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
	}
	if len(bytes.TrimSpace(text)) == 0 && !long {
		return
	}
	switch {
	case long:
		r.wrong(r.line, text, "is longer than 16 MiB")
	case !r.begun && pretty.Match(text) && err == nil:
		r.source = &counted{r: io.MultiReader(bytes.NewReader(text), r.in), line: r.line, most: maxDocument}
		r.doc = json.NewDecoder(r.source)
	default:
		r.parts(text, r.line)
	}
	r.begun = true
}

// read reads up to the end of a line. Of a line that is too long it keeps the
// beginning.
func (r *Reader) read() (text []byte, long bool, err error) {
	for {
		part, err := r.in.ReadSlice('\n')
		if len(text)+len(part) > maxLine {
			long = true
		} else {
			text = append(text, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, long, err
		}
	}
}

// document reads the next JSON value of a file that is no lines.
func (r *Reader) document() {
	var raw json.RawMessage
	err := r.doc.Decode(&raw)
	if errors.Is(err, io.EOF) {
		r.end = io.EOF
		return
	}
	if err != nil {
		var syntax *json.SyntaxError
		switch {
		case r.source.err != nil:
			r.fail(r.source.err)
		case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF):
			at := r.doc.InputOffset()
			if syntax != nil && syntax.Offset > at {
				at = syntax.Offset - 1
			}
			r.wrong(r.source.lineAt(at), nil, "is no JSON: "+err.Error()+"; nothing after it can be read")
			r.end = io.EOF
		default:
			r.fail(err)
		}
		return
	}
	r.parts(raw, r.source.lineAt(r.doc.InputOffset()-int64(len(raw))))
}

func (r *Reader) fail(err error) {
	if errors.Is(err, io.EOF) {
		r.end = io.EOF
		return
	}
	r.end = &backend.Error{
		Kind: backend.KindInternal, Message: "the file cannot be read: " + err.Error(), Err: err,
		Subject: fmt.Sprintf("line %d", r.line+1), Next: "what came before it was read; look at the file",
	}
}

// parts takes the messages out of a JSON value that begins on this line.
func (r *Reader) parts(raw []byte, line int) {
	if !utf8.Valid(raw) {
		r.wrong(line, raw, "is not UTF-8")
		return
	}
	found, err := messagesIn(raw)
	if err != nil {
		r.wrong(line, raw, err.Error())
		return
	}
	for _, p := range found {
		at := line + bytes.Count(raw[:p.at], []byte("\n"))
		record, err := parse(p.raw)
		if err != nil {
			r.wrong(at, p.raw, err.Error())
			continue
		}
		e := r.next(at, p.raw)
		e.Record = record
		r.pending = append(r.pending, e)
	}
}

func (r *Reader) next(line int, raw []byte) Entry {
	r.number++
	h := sha256.New()
	h.Write(r.digest[:])
	h.Write(bytes.TrimSpace(raw))
	r.digest = [sha256.Size]byte(h.Sum(nil))
	return Entry{Number: r.number, Line: line, digest: r.digest}
}

func (r *Reader) wrong(line int, raw []byte, reason string) {
	e := r.next(line, raw)
	e.Wrong = backend.Errorf(backend.KindInvalid, "%s", reason)
	e.Wrong.Subject, e.Wrong.Next = fmt.Sprintf("line %d", line), "correct it, or leave it out"
	r.pending = append(r.pending, e)
}

// part is a message in a document and where it begins there.
type part struct {
	raw []byte
	at  int
}

// messagesIn are the elements of a list, those of a receive's answer, or the one
// that the value is itself.
func messagesIn(raw []byte) ([]part, error) {
	var whole json.RawMessage
	if err := json.Unmarshal(raw, &whole); err != nil {
		return nil, fmt.Errorf("is no JSON: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	switch first, err := d.Token(); {
	case err != nil:
		return nil, err
	case first == json.Delim('['):
		return elements(d)
	case first != json.Delim('{'):
		return nil, errors.New("is no JSON object")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		if name == "Messages" {
			if open, err := d.Token(); err != nil || open != json.Delim('[') {
				return nil, errors.New("has Messages that are no list")
			}
			return elements(d)
		}
		var other json.RawMessage
		if err := d.Decode(&other); err != nil {
			return nil, err
		}
	}
	return []part{{raw: raw}}, nil
}

func elements(d *json.Decoder) (out []part, err error) {
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, err
		}
		out = append(out, part{raw, int(d.InputOffset()) - len(raw)})
	}
	return out, nil
}

// parse reads a message in the form of an export or of the AWS CLI, whose names
// begin with capitals.
func parse(raw []byte) (Record, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return Record{}, fmt.Errorf("is no JSON object: %w", err)
	}
	r := Record{BodyEncoding: "text", State: backend.StateUnknown}
	into := map[string]any{
		"messageId": &r.MessageId, "queueArn": &r.QueueArn, "body": &r.Body, "bodyEncoding": &r.BodyEncoding,
		"attributes": &r.Attributes, "messageAttributes": &r.MessageAttributes, "md5OfBody": &r.MD5OfBody, "state": &r.State,
		"masked": &r.Masked, "delaySeconds": &r.DelaySeconds,
	}
	if _, ours := fields["body"]; !ours {
		if _, theirs := fields["Body"]; !theirs {
			return Record{}, errors.New("has no body")
		}
		into = map[string]any{
			"MessageId": &r.MessageId, "Body": &r.Body, "Attributes": &r.Attributes,
			"MessageAttributes": &r.MessageAttributes, "MD5OfBody": &r.MD5OfBody,
		}
	}
	for name, to := range into {
		if value, ok := fields[name]; ok {
			if err := json.Unmarshal(value, to); err != nil {
				return Record{}, fmt.Errorf("its %s cannot be read: %w", name, err)
			}
		}
	}
	if r.Masked {
		return Record{}, errors.New("was exported with masks: what they hide would be lost for good")
	}
	m, err := r.Message()
	if err != nil {
		return Record{}, err
	}
	if r.MD5OfBody != "" && !strings.EqualFold(r.MD5OfBody, rules.MD5OfBody(m.Body)) {
		return Record{}, errors.New("has a body with another digest than it says; if it was changed on purpose, take out md5OfBody")
	}
	return r, nil
}

// counted counts the lines of what it reads, and reads no value that is too long.
type counted struct {
	r      io.Reader
	read   int64
	done   int64   // where the last value began
	breaks []int64 // where lines end that have not been asked for
	line   int     // at done
	most   int64
	err    error
}

func (c *counted) Read(p []byte) (int, error) {
	if c.read-c.done > c.most {
		c.err = fmt.Errorf("a value is longer than %d MiB", c.most>>20)
		return 0, c.err
	}
	n, err := c.r.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			c.breaks = append(c.breaks, c.read+int64(i))
		}
	}
	c.read += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// lineAt is the line of an offset, which never goes back.
func (c *counted) lineAt(at int64) int {
	c.done = at
	for len(c.breaks) > 0 && c.breaks[0] < at {
		c.breaks = c.breaks[1:]
		c.line++
	}
	return c.line
}
