package document

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// longNumber is how many digits a number may have to keep its exact text as a
// value. Exact arithmetic on longer ones can take seconds that no context ends.
const longNumber = 400

// Value is the document as jq takes it: nil, bool, [json.Number], string, []any
// and map[string]any. Of members with one name the last counts. What is not
// UTF-8 becomes U+FFFD.
func (d *Doc) Value() any {
	// From the end, so that the values of a container are there before it.
	values := make([]any, len(d.nodes))
	for i := len(d.nodes) - 1; i >= 0; i-- {
		n := &d.nodes[i]
		switch n.kind {
		case Object:
			m := make(map[string]any, n.count)
			for j := int32(i) + 1; j < n.next; j = d.nodes[j].next {
				m[valid(unquote(d.src[d.nodes[j].key:d.nodes[j].keyEnd]))] = values[j]
			}
			values[i] = m
		case Array:
			list := make([]any, 0, n.count)
			for j := int32(i) + 1; j < n.next; j = d.nodes[j].next {
				list = append(list, values[j])
			}
			values[i] = list
		default:
			values[i] = scalar(n.kind, d.src[n.start:n.end])
		}
	}
	return values[0]
}

func scalar(kind Kind, raw string) any {
	switch kind {
	case String:
		return valid(unquote(raw))
	case Number:
		if len(raw) > longNumber {
			return roughly(raw)
		}
		return json.Number(raw)
	case Bool:
		return raw == "true"
	}
	return nil
}

// roughly is a number that is too long to be kept exactly. Beyond what a float64
// can hold it is the largest one.
func roughly(raw string) float64 {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(f, 0) {
		return math.Copysign(math.MaxFloat64, f)
	}
	return f
}

func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// unquote is what a string of a document says. Half of a surrogate pair becomes
// U+FFFD; bytes that are not UTF-8 stay.
func unquote(raw string) string {
	raw = raw[1 : len(raw)-1]
	at := strings.IndexByte(raw, '\\')
	if at < 0 {
		return raw
	}
	var b strings.Builder
	b.Grow(len(raw))
	for ; at >= 0; at = strings.IndexByte(raw, '\\') {
		b.WriteString(raw[:at])
		r, n := unescape(raw[at:])
		b.WriteRune(r)
		raw = raw[at+n:]
	}
	b.WriteString(raw)
	return b.String()
}

// unescape is the character of the escape that s begins with, and its length.
func unescape(s string) (rune, int) {
	switch s[1] {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		r := unit(s)
		if r < 0xD800 || r > 0xDFFF {
			return r, 6
		}
		if r < 0xDC00 && len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			if low := unit(s[6:]); low >= 0xDC00 && low <= 0xDFFF {
				return (r-0xD800)<<10 + (low - 0xDC00) + 0x10000, 12
			}
		}
		return utf8.RuneError, 6
	}
	return rune(s[1]), 2
}

// unit is the number in an escape with four digits.
func unit(s string) (r rune) {
	for _, c := range []byte(s[2:6]) {
		r = r<<4 | digit(c)
	}
	return r
}

// Quote is a text as a JSON string. Bytes that are not UTF-8 stay as they are, so
// that what [Parse] reads again is the same text.
func Quote(s string) string {
	const hex = "0123456789abcdef"
	b := make([]byte, 0, len(s)+2)
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return string(append(b, '"'))
}
