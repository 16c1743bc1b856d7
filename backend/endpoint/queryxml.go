package endpoint

import (
	"encoding/base64"
	"strconv"
	"unicode/utf8"

	"sqscope/backend"
)

const xmlDeclaration = `<?xml version="1.0"?>`

// xmlWriter appends an XML document to a buffer. Elements without a value are
// left out, as SQS leaves them out (docs/SQS.md 1.0). The names are the model's
// own; some are made of two parts.
type xmlWriter struct {
	buf []byte
}

// head begins the document with its outermost element.
func (w *xmlWriter) head(name, kind string) {
	w.buf = append(w.buf, xmlDeclaration...)
	w.buf = append(w.buf, '<')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, kind...)
	w.buf = append(w.buf, ` xmlns="`+queryNamespace+`">`...)
}

// begin begins an element and returns where it does.
func (w *xmlWriter) begin(name, kind string) (start int) {
	start = len(w.buf)
	w.buf = append(w.buf, '<')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, kind...)
	w.buf = append(w.buf, '>')
	return start
}

func (w *xmlWriter) end(name, kind string) {
	w.buf = append(w.buf, '<', '/')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, kind...)
	w.buf = append(w.buf, '>')
}

// endOrEmpty ends the element that begins at start, as <name/> if it has nothing
// in it.
func (w *xmlWriter) endOrEmpty(start int, name, kind string) {
	if len(w.buf) == start+len(name)+len(kind)+2 {
		w.buf = append(w.buf[:len(w.buf)-1], '/', '>')
		return
	}
	w.end(name, kind)
}

// text writes an element with a text, unless it is empty.
func (w *xmlWriter) text(name, value string) {
	if value != "" {
		w.textAlways(name, value)
	}
}

func (w *xmlWriter) textAlways(name, value string) {
	w.begin(name, "")
	w.buf = appendXML(w.buf, value)
	w.end(name, "")
}

func (w *xmlWriter) number(name string, n int64) {
	w.begin(name, "")
	w.buf = strconv.AppendInt(w.buf, n, 10)
	w.end(name, "")
}

func (w *xmlWriter) boolean(name string, b bool) {
	w.begin(name, "")
	w.buf = strconv.AppendBool(w.buf, b)
	w.end(name, "")
}

// pairs writes a flattened map, an element for each pair, sorted so that equal
// answers are equal bytes.
func (w *xmlWriter) pairs(element, key, value string, m map[string]string) {
	var room [24]string
	for _, k := range sortedKeys(m, room[:0]) {
		w.begin(element, "")
		w.textAlways(key, k)
		w.textAlways(value, m[k])
		w.end(element, "")
	}
}

// attributes writes message attributes (5.1, 11.4).
func (w *xmlWriter) attributes(m map[string]backend.MessageAttribute) {
	var room [10]string
	for _, k := range sortedKeys(m, room[:0]) {
		a := m[k]
		w.begin("MessageAttribute", "")
		w.textAlways("Name", k)
		w.begin("Value", "")
		if a.StringValue.Set {
			w.textAlways("StringValue", a.StringValue.Value)
		}
		if a.BinaryValue != nil {
			w.begin("BinaryValue", "")
			w.buf = base64.StdEncoding.AppendEncode(w.buf, a.BinaryValue)
			w.end("BinaryValue", "")
		}
		w.textAlways("DataType", a.DataType)
		w.end("Value", "")
		w.end("MessageAttribute", "")
	}
}

// appendXML appends s as the text of an element. A carriage return is written as
// a reference, because an XML reader makes a line feed of a bare one, and the
// digest of the body would not fit (3.2). What no XML document can hold becomes
// U+FFFD; no message has it.
func appendXML(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		from := i
		for i < len(s) && xmlPlain(s[i]) {
			i++
		}
		b = append(b, s[from:i]...)
		if i == len(s) {
			break
		}
		if s[i] < utf8.RuneSelf {
			b = append(b, xmlReference(s[i])...)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == 0xFFFE || r == 0xFFFF {
			r = utf8.RuneError
		}
		b = utf8.AppendRune(b, r)
		i += n
	}
	return b
}

// xmlReference is what stands for a character of ASCII that is not plain.
func xmlReference(c byte) string {
	switch c {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '"':
		return "&quot;"
	case '\r':
		return "&#xD;"
	}
	return "\uFFFD"
}

// xmlPlain tells whether a byte stands for itself in a text.
func xmlPlain(c byte) bool {
	switch c {
	case '&', '<', '>', '"':
		return false
	case '\t', '\n':
		return true
	}
	return c >= ' ' && c < utf8.RuneSelf
}
