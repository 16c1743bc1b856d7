package scenario

import (
	"strings"
	"unicode/utf8"
)

// lookup finds a value by its path in a JSON object, the first if a key comes
// twice. A string comes as what stands between its quotes, still escaped, so
// that it can stand between quotes in another JSON text; anything else comes as
// it is written. Text that is no JSON object has no values; of one that breaks
// off, those before the break are found.
//
// It looks no further than the value, and decodes nothing, since a worker looks
// for a few values in every message that it forwards.
func lookup(body string, path []string) (string, bool) {
	for i, key := range path {
		v, ok := member(body, key)
		if !ok {
			return "", false
		}
		if i < len(path)-1 {
			body = v
			continue
		}
		if v[0] == '"' {
			v = v[1 : len(v)-1]
		}
		return v, true
	}
	return "", false
}

// member is the value of a key in an object, as it is written.
func member(s, key string) (string, bool) {
	s = skipSpace(s)
	if s == "" || s[0] != '{' {
		return "", false
	}
	s = skipSpace(s[1:])
	for s != "" && s[0] == '"' {
		name, rest, ok := cutValue(s)
		rest = skipSpace(rest)
		if !ok || rest == "" || rest[0] != ':' {
			return "", false
		}
		v, rest, ok := cutValue(skipSpace(rest[1:]))
		if !ok {
			return "", false
		}
		if name[1:len(name)-1] == key {
			return v, true
		}
		rest = skipSpace(rest)
		if rest == "" || rest[0] != ',' {
			return "", false
		}
		s = skipSpace(rest[1:])
	}
	return "", false
}

// cutValue cuts the value that a text begins with. It is never empty.
func cutValue(s string) (v, rest string, ok bool) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			n := stringEnd(s[i+1:])
			if n < 0 {
				return "", "", false
			}
			if i += n + 1; depth == 0 {
				return s[:i+1], s[i+1:], true
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return s[:i+1], s[i+1:], true
			}
			if depth < 0 {
				return s[:i], s[i:], i > 0
			}
		case ',', ':', ' ', '\t', '\n', '\r':
			if depth == 0 {
				return s[:i], s[i:], i > 0
			}
		}
	}
	return "", "", false
}

// stringEnd is where the quote that ends a string is, -1 if there is none.
func stringEnd(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// skipSpace is mostly called where there is none.
func skipSpace(s string) string {
	if s == "" || s[0] > ' ' {
		return s
	}
	return strings.TrimLeft(s, " \t\r\n")
}

// appendQuoted adds text as the inside of a JSON string.
func appendQuoted(dst, text []byte) []byte {
	const digits = "0123456789abcdef"
	for len(text) > 0 {
		c := text[0]
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		default:
			_, n := utf8.DecodeRune(text)
			dst = append(dst, text[:n]...)
			text = text[n:]
			continue
		}
		text = text[1:]
	}
	return dst
}
