package endpoint

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"unicode/utf8"
	"unsafe"

	"sqscope/backend"
)

// maxParams bounds how many parameters a request may have. SQS's largest, a
// batch of ten with ten attributes each, has some five hundred.
const maxParams = 20_000

// param is a parameter of a request, unescaped in the request's own memory.
type param struct {
	name, value []byte
	at          int // place in the request
}

const paramSize = int(unsafe.Sizeof(param{}))

// form is the parameters of a request in the Query protocol, sorted so that what
// belongs to one element of a list stands together, in the order of the numbers
// in the names. The numbers say only that: they need not begin at 1 or follow
// each other, and none is ever made a number, so that a huge one costs nothing.
//
// Parameters that nobody asks for are ignored (docs/SQS.md 11.4). Of several
// with the same name the last wins, and the body's come after the URL's.
type form struct {
	params  []param
	url     string         // of the queue whose path was asked, "" for the service's
	err     *backend.Error // the first value that does not fit its type
	refused *backend.Error // well formed, but nothing that SQS would take
}

func (f *form) reset(url string) { *f = form{params: f.params[:0], url: url} }

// parse adds parameters. It writes over src, in which they stay.
func (f *form) parse(src []byte) *backend.Error {
	for len(src) > 0 {
		pair, rest, _ := bytes.Cut(src, []byte{'&'})
		src = rest
		if len(pair) == 0 {
			continue
		}
		if len(f.params) == maxParams {
			return malformedQuery("The request has more than %d parameters.", maxParams)
		}
		name, value := pair, pair[len(pair):]
		if i := bytes.IndexByte(pair, '='); i >= 0 {
			name, value = pair[:i], pair[i+1:]
		}
		p := param{at: len(f.params)}
		var nameOK, valueOK bool
		p.name, nameOK = unescape(name)
		p.value, valueOK = unescape(value)
		switch {
		case !nameOK || !valueOK:
			return malformedQuery("A percent sign without two hexadecimal digits behind it.")
		case !utf8.Valid(p.name) || !utf8.Valid(p.value):
			return backend.ErrorOf(backend.ErrSerialization, "The request is not UTF-8.")
		}
		f.params = append(f.params, p)
	}
	return nil
}

// sort ends the parsing.
func (f *form) sort() {
	slices.SortFunc(f.params, func(a, b param) int {
		return cmp.Or(compareNames(a.name, b.name), a.at-b.at)
	})
}

func malformedQuery(format string, args ...any) *backend.Error {
	return backend.ErrorByCode("MalformedQueryString", http.StatusNotFound, fmt.Sprintf(format, args...))
}

// unescape undoes the escapes of a form in place.
func unescape(b []byte) ([]byte, bool) {
	if bytes.IndexByte(b, '%') < 0 && bytes.IndexByte(b, '+') < 0 {
		return b, true
	}
	out := b[:0]
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case '+':
			out = append(out, ' ')
		case '%':
			if i+2 >= len(b) {
				return nil, false
			}
			hi, lo := unhex(b[i+1]), unhex(b[i+2])
			if hi|lo > 15 {
				return nil, false
			}
			out = append(out, hi<<4|lo)
			i += 2
		default:
			out = append(out, c)
		}
	}
	return out, true
}

// unhex is the value of a hexadecimal digit, above 15 for another character.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 16
}

// compareNames orders names byte by byte, except that digits are compared as the
// number they make together, by its length and then by its digits.
func compareNames(a, b []byte) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	start := i
	for start > 0 && isDigit(a[start-1]) {
		start--
	}
	m, n := start+digits(a[start:]), start+digits(b[start:])
	if m != n && m > start && n > start {
		return m - n
	}
	return bytes.Compare(a[i:], b[i:])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// digits is how many digits b begins with.
func digits(b []byte) int {
	n := 0
	for n < len(b) && isDigit(b[n]) {
		n++
	}
	return n
}

// all is the whole form as a part.
func (f *form) all() part { return part{form: f, params: f.params} }

// end tells what is wrong with what was read, nil if nothing is.
func (f *form) end() *backend.Error {
	if f.err != nil {
		return f.err
	}
	return f.refused
}

// fail keeps the first value that does not fit its type.
func (f *form) fail(format string, args ...any) {
	if f.err == nil {
		f.err = backend.ErrorOf(backend.ErrSerialization, format, args...)
	}
}

// refuse keeps the first reason why a well-formed request is not acceptable.
func (f *form) refuse(e *backend.Error) {
	if f.refused == nil {
		f.refused = e
	}
}

// part is a form, or one element of a list in it: parameters whose names begin
// with the same cut bytes, SendMessageBatchRequestEntry.2 for example.
type part struct {
	form   *form
	params []param
	cut    int
}

// rest is the i-th name behind the cut, without the period there.
func (p part) rest(i int) []byte {
	name := p.params[i].name[p.cut:]
	if p.cut > 0 && len(name) > 0 {
		name = name[1:]
	}
	return name
}

// bytes is the value of a parameter, nil if it is not there. Name is "" for the
// value of an element that is not made of others.
func (p part) bytes(name string) []byte {
	for i := len(p.params) - 1; i >= 0; i-- {
		if string(p.rest(i)) == name {
			return p.params[i].value
		}
	}
	return nil
}

func (p part) text(name string) string { return string(p.bytes(name)) }

func (p part) optText(name string) backend.Opt[string] {
	v := p.bytes(name)
	return backend.Opt[string]{Value: string(v), Set: v != nil}
}

// integer reads an integer of 32 bits. What is wrong with another value is said
// in the words that JSON has for a string in a number's place (11.3).
func (p part) integer(name string) backend.Opt[int] {
	v := p.bytes(name)
	if v == nil {
		return backend.Opt[int]{}
	}
	n, ok := parseInt32(v)
	if !ok {
		p.form.fail("STRING_VALUE can not be converted to an Integer")
		return backend.Opt[int]{}
	}
	return backend.Some(n)
}

// binary reads base64. An empty value is not nil, a missing one is.
func (p part) binary(name string) []byte {
	v := p.bytes(name)
	if v == nil {
		return nil
	}
	b := make([]byte, base64.StdEncoding.DecodedLen(len(v)))
	n, err := base64.StdEncoding.Decode(b, v)
	if err != nil {
		p.form.fail("STRING_VALUE can not be converted to a Blob")
		return nil
	}
	return b[:n]
}

// elements are the elements of a flattened list: list.1, list.2 and so on. A
// list of one may leave the number out, as in AttributeName=All (1.6).
func (p part) elements(list string) iter.Seq[part] {
	return func(yield func(part) bool) {
		for i := 0; i < len(p.params); {
			cut, found := p.element(i, list)
			if !found {
				i++
				continue
			}
			end := i + 1
			for end < len(p.params) {
				next, same := p.element(end, list)
				if !same || next != cut || !bytes.Equal(p.params[end].name[:cut], p.params[i].name[:cut]) {
					break
				}
				end++
			}
			if !yield(part{form: p.form, params: p.params[i:end], cut: cut}) {
				return
			}
			i = end
		}
	}
}

// element tells whether the i-th parameter belongs to an element of a list, and
// where in its name what names the element ends.
func (p part) element(i int, list string) (cut int, found bool) {
	rest := p.rest(i)
	if len(rest) < len(list) || string(rest[:len(list)]) != list {
		return 0, false
	}
	name := p.params[i].name
	cut = len(name) - len(rest) + len(list)
	if cut == len(name) {
		return cut, true
	}
	if name[cut] != '.' {
		return 0, false
	}
	if n := digits(name[cut+1:]); n > 0 {
		if end := cut + 1 + n; end == len(name) || name[end] == '.' {
			return end, true
		}
	}
	return cut, true
}

// texts reads a list of strings, nil if there is none. An empty one without a
// number is how some clients write an empty list.
func (p part) texts(list string) []string {
	var values []string
	for e := range p.elements(list) {
		v := e.bytes("")
		if v == nil || len(v) == 0 && e.cut == p.cut+len(list) {
			continue
		}
		values = append(values, string(v))
	}
	return values
}

// pairs reads a flattened map of strings. Half a pair is refused: what was meant
// cannot be known.
func (p part) pairs(list, key, value string) map[string]string {
	var m map[string]string
	for e := range p.elements(list) {
		k, v := e.optText(key), e.optText(value)
		switch {
		case !k.Set:
			p.form.refuse(missing(list + "." + key))
		case !v.Set:
			p.form.refuse(missing(list + "." + value))
		}
		if m == nil {
			m = make(map[string]string)
		}
		m[k.Value] = v.Value
	}
	return m
}

func missing(parameter string) *backend.Error {
	return backend.ErrorOf(backend.ErrMissingParameter, "The request must contain the parameter %s.", parameter)
}
