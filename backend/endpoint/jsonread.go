package endpoint

import (
	"bytes"
	"math"

	"sqscope/backend"
)

// maxDepth bounds how deep a value that nobody asked for may be nested. SQS's
// own requests are five deep.
const maxDepth = 100

// jsonReader pulls typed values out of one JSON document. The first thing that
// does not fit is kept in err and ends the reading: every later call returns a
// zero value, so a decoder needs to look at err only once, at its end.
//
// It is strict about types and gives SQS's texts for them (docs/SQS.md 11.3),
// takes null for absent, and lets the last of several equal names win.
type jsonReader struct {
	src     []byte
	pos     int
	name    []byte // of the member just begun; valid until the next read
	fresh   bool   // directly behind an opening bracket
	scratch []byte // a string with its escapes undone
	last    string // the queue URL of the last document
	err     *backend.Error
	refused *backend.Error // well formed, but nothing that SQS would take
}

func (r *jsonReader) reset(src []byte) {
	*r = jsonReader{src: src, scratch: r.scratch[:0], last: r.last}
}

// end tells what is wrong with the whole document, nil if nothing is. Bad JSON
// and bad types come before what was refused.
func (r *jsonReader) end() *backend.Error {
	if r.err == nil {
		if r.space(); r.pos < len(r.src) {
			r.malformed("text after the end of the document")
		}
	}
	if r.err != nil {
		return r.err
	}
	return r.refused
}

// refuse keeps the first reason why a well-formed document is not acceptable.
func (r *jsonReader) refuse(e *backend.Error) {
	if r.refused == nil {
		r.refused = e
	}
}

// object begins an object and tells whether there is one. Each member must
// then be asked for with [jsonReader.member], and its value read or skipped.
func (r *jsonReader) object() bool {
	return r.begin('{', "Start of list found where not expected")
}

// array is like object for a list, with [jsonReader.element].
func (r *jsonReader) array() bool {
	return r.begin('[', "Start of structure or map found where not expected.")
}

func (r *jsonReader) begin(open byte, otherCollection string) bool {
	switch c := r.peek(); {
	case c == open:
		r.pos++
		r.fresh = true
		return true
	case c == 'n':
		r.literal("null")
	case c == '{' || c == '[':
		r.mistyped(otherCollection)
	case c == '"':
		r.mistyped("Unrecognized collection type class java.lang.String")
	case c == 't' || c == 'f':
		r.mistyped("Unrecognized collection type class java.lang.Boolean")
	default:
		r.mistyped("Unrecognized collection type class java.lang.Integer")
	}
	return false
}

// member goes to the next member of the object, leaves its name in r.name and
// stands before its value. It is false at the end of the object.
func (r *jsonReader) member() bool {
	if !r.more('}') {
		return false
	}
	if r.peek() != '"' {
		r.malformed("a name in quotes expected")
		return false
	}
	r.name = r.quoted()
	if r.peek() != ':' {
		r.malformed("a colon expected")
		return false
	}
	r.pos++
	return r.err == nil
}

// element stands before the next element of the list. It is false at its end.
func (r *jsonReader) element() bool { return r.more(']') }

// more steps over a comma or over the end of a collection.
func (r *jsonReader) more(end byte) bool {
	c := r.peek()
	fresh := r.fresh
	r.fresh = false
	switch {
	case r.err != nil:
		return false
	case c == end:
		r.pos++
		return false
	case fresh:
		return true
	case c == ',':
		r.pos++
		return true
	}
	r.malformed("a comma or the end expected")
	return false
}

// text reads a string. Null is "".
func (r *jsonReader) text() string { return r.optText().Value }

// queueURL reads a string that is likely to be the same in the next document.
func (r *jsonReader) queueURL() string {
	if r.peek() != '"' {
		return r.text()
	}
	b := r.quoted()
	if r.err != nil {
		return ""
	}
	r.last = again(r.last, b)
	return r.last
}

// optText reads a string that may be null.
func (r *jsonReader) optText() backend.Opt[string] {
	switch r.peek() {
	case '"':
		b := r.quoted()
		if r.err != nil {
			return backend.Opt[string]{}
		}
		return backend.Some(string(b))
	case 'n':
		r.literal("null")
	default:
		r.notA("a String")
	}
	return backend.Opt[string]{}
}

// optTextOrNumber is like optText and takes a number for its digits, as SQS
// does for the values of queue attributes (1.7).
func (r *jsonReader) optTextOrNumber() backend.Opt[string] {
	c := r.peek()
	if c != '-' && (c < '0' || c > '9') {
		return r.optText()
	}
	b := r.number()
	if r.err != nil {
		return backend.Opt[string]{}
	}
	return backend.Some(string(b))
}

// optInt reads an integer of 32 bits that may be null.
func (r *jsonReader) optInt() backend.Opt[int] {
	switch c := r.peek(); {
	case c == 'n':
		r.literal("null")
		return backend.Opt[int]{}
	case c != '-' && (c < '0' || c > '9'):
		r.notA("an Integer")
		return backend.Opt[int]{}
	}
	token := r.number()
	if r.err != nil {
		return backend.Opt[int]{}
	}
	n, ok := parseInt32(token)
	if !ok {
		r.fail("NUMBER_VALUE can not be converted to an Integer")
		return backend.Opt[int]{}
	}
	return backend.Some(n)
}

// parseInt32 is the value of a whole number of 32 bits in decimal digits.
func parseInt32(token []byte) (int, bool) {
	digits, negative := bytes.CutPrefix(token, []byte{'-'})
	if len(digits) == 0 {
		return 0, false
	}
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' || n > math.MaxInt32 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	if negative {
		n = -n
	}
	return n, n >= math.MinInt32 && n <= math.MaxInt32
}

// skip reads over a value of any kind, which must still be good JSON.
func (r *jsonReader) skip() { r.skipValue(0) }

func (r *jsonReader) skipValue(depth int) {
	if depth > maxDepth {
		r.malformed("nested too deep")
		return
	}
	switch c := r.peek(); {
	case c == '{':
		r.pos++
		r.fresh = true
		for r.member() {
			r.skipValue(depth + 1)
		}
	case c == '[':
		r.pos++
		r.fresh = true
		for r.element() {
			r.skipValue(depth + 1)
		}
	case c == '"':
		r.quoted()
	case c == '-' || c >= '0' && c <= '9':
		r.number()
	case c == 't':
		r.literal("true")
	case c == 'f':
		r.literal("false")
	case c == 'n':
		r.literal("null")
	default:
		r.malformed("a value expected")
	}
}

// number reads over a number and returns its text.
func (r *jsonReader) number() []byte {
	start := r.pos
	if r.at(r.pos) == '-' {
		r.pos++
	}
	if r.at(r.pos) == '0' {
		r.pos++
	} else if !r.digits() {
		return nil
	}
	if r.at(r.pos) == '.' {
		r.pos++
		if !r.digits() {
			return nil
		}
	}
	if c := r.at(r.pos); c == 'e' || c == 'E' {
		r.pos++
		if c := r.at(r.pos); c == '+' || c == '-' {
			r.pos++
		}
		if !r.digits() {
			return nil
		}
	}
	return r.src[start:r.pos]
}

func (r *jsonReader) digits() bool {
	start := r.pos
	for c := r.at(r.pos); c >= '0' && c <= '9'; c = r.at(r.pos) {
		r.pos++
	}
	if r.pos == start {
		r.malformed("a digit expected")
	}
	return r.pos > start
}

func (r *jsonReader) literal(word string) {
	if len(r.src)-r.pos < len(word) || string(r.src[r.pos:r.pos+len(word)]) != word {
		r.malformed("a value expected")
		return
	}
	r.pos += len(word)
}

func (r *jsonReader) space() {
	for r.pos < len(r.src) {
		switch r.src[r.pos] {
		case ' ', '\n', '\r', '\t':
			r.pos++
		default:
			return
		}
	}
}

// peek is the first byte of the next token, 0 at the end or after an error.
func (r *jsonReader) peek() byte {
	if r.err != nil {
		return 0
	}
	r.space()
	return r.at(r.pos)
}

func (r *jsonReader) at(i int) byte {
	if i < len(r.src) {
		return r.src[i]
	}
	return 0
}
