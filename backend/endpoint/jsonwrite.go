package endpoint

import (
	"encoding/base64"
	"slices"
	"strconv"
	"unicode/utf8"

	"sqscope/backend"
)

// jsonWriter appends a JSON document to a buffer. Members without a value are
// left out, as SQS leaves them out (docs/SQS.md 1.0).
type jsonWriter struct {
	buf       []byte
	rendering bool // a Query answer, whose lists are recorded with other names
}

// begin and end write a bracket; the comma before a member or an element comes
// by itself.
func (w *jsonWriter) begin(bracket byte) {
	w.comma()
	w.buf = append(w.buf, bracket)
}

func (w *jsonWriter) end(bracket byte) { w.buf = append(w.buf, bracket) }

func (w *jsonWriter) comma() {
	if n := len(w.buf); n > 0 {
		switch w.buf[n-1] {
		case '{', '[', ':':
		default:
			w.buf = append(w.buf, ',')
		}
	}
}

// name begins a member. The names are the model's own and need no escapes.
func (w *jsonWriter) name(name string) {
	w.comma()
	w.buf = append(w.buf, '"')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, '"', ':')
}

// text writes a member, unless it is empty.
func (w *jsonWriter) text(name, value string) {
	if value != "" {
		w.textAlways(name, value)
	}
}

func (w *jsonWriter) textAlways(name, value string) {
	w.name(name)
	w.buf = appendQuoted(w.buf, value)
}

func (w *jsonWriter) number(name string, n int64) {
	w.name(name)
	w.buf = strconv.AppendInt(w.buf, n, 10)
}

func (w *jsonWriter) boolean(name string, b bool) {
	w.name(name)
	w.buf = strconv.AppendBool(w.buf, b)
}

// texts writes a list of strings, unless it is empty.
func (w *jsonWriter) texts(name string, values []string) {
	if len(values) == 0 {
		return
	}
	w.name(name)
	w.begin('[')
	for _, v := range values {
		w.comma()
		w.buf = appendQuoted(w.buf, v)
	}
	w.end(']')
}

// textMap writes a map of strings, unless it is empty. The names are sorted, so
// that equal answers are equal bytes.
func (w *jsonWriter) textMap(name string, m map[string]string) {
	if len(m) == 0 {
		return
	}
	w.name(name)
	w.begin('{')
	var room [24]string
	for _, k := range sortedKeys(m, room[:0]) {
		w.comma()
		w.buf = appendQuoted(w.buf, k)
		w.buf = append(w.buf, ':')
		w.buf = appendQuoted(w.buf, m[k])
	}
	w.end('}')
}

// attributes writes message attributes, unless there are none (5.1).
func (w *jsonWriter) attributes(name string, m map[string]backend.MessageAttribute) {
	if len(m) == 0 {
		return
	}
	w.name(name)
	w.begin('{')
	var room [10]string
	for _, k := range sortedKeys(m, room[:0]) {
		w.comma()
		w.buf = appendQuoted(w.buf, k)
		w.buf = append(w.buf, ':')
		a := m[k]
		w.begin('{')
		w.textAlways("DataType", a.DataType)
		if a.StringValue.Set {
			w.textAlways("StringValue", a.StringValue.Value)
		}
		if a.BinaryValue != nil {
			w.name("BinaryValue")
			w.buf = append(w.buf, '"')
			w.buf = base64.StdEncoding.AppendEncode(w.buf, a.BinaryValue)
			w.buf = append(w.buf, '"')
		}
		w.end('}')
	}
	w.end('}')
}

func sortedKeys[V any](m map[string]V, keys []string) []string {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// appendQuoted appends s as a JSON string. What is not UTF-8 has no form in
// JSON and becomes U+FFFD.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		from := i
		i = plainEndOf(s, i)
		b = append(b, s[from:i]...)
		if i == len(s) {
			break
		}
		if c := s[i]; c < utf8.RuneSelf {
			b = appendEscaped(b, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		b = utf8.AppendRune(b, r)
		i += n
	}
	return append(b, '"')
}

// appendEscaped appends the escape for a quote, a backslash or a control
// character.
func appendEscaped(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, '\\', 'b')
	case '\f':
		return append(b, '\\', 'f')
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	const hex = "0123456789abcdef"
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
