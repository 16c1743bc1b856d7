package widget

import (
	"encoding/json"
	"strings"

	"sqscope/themes"
)

// place says what a row of JSON begins in: between tokens, or inside a string
// that an earlier row has begun, perhaps right behind a backslash.
type place uint8

const (
	outside  place = 0
	inKey    place = 1
	inString place = 2
	escaped  place = 4
)

// maxIndent is how many levels are indented. A body of a million brackets must
// not become a gigabyte of blanks.
const maxIndent = 20

func isJSON(s string) bool {
	trimmed := strings.TrimLeft(s, " \t\r\n")
	if trimmed == "" || trimmed[0] != '{' && trimmed[0] != '[' {
		return false
	}
	return json.Valid([]byte(s))
}

// indent sets valid JSON out with a value a line. It changes nothing but blanks
// between tokens: numbers, escapes and the order of keys stay.
func indent(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/2)
	level := 0
	line := func() {
		b.WriteByte('\n')
		b.WriteString(blanks(2 * min(level, maxIndent)))
	}
	for at := 0; at < len(s); {
		switch c := s[at]; c {
		case ' ', '\t', '\r', '\n':
			at++
			continue
		case '"':
			end := stringEnd(s, at+1, false)
			b.WriteString(s[at:end])
			at = end
			continue
		case '{', '[':
			b.WriteByte(c)
			if next := skipBlanks(s, at+1); s[next] == c+2 { // } and ] stand two behind { and [
				b.WriteByte(c + 2)
				at = next + 1
				continue
			}
			level++
			line()
		case '}', ']':
			level--
			line()
			b.WriteByte(c)
		case ',':
			b.WriteByte(c)
			line()
		case ':':
			b.WriteString(": ")
		default:
			b.WriteByte(c)
		}
		at++
	}
	return b.String()
}

func skipBlanks(s string, at int) int {
	for at < len(s) && (s[at] == ' ' || s[at] == '\t' || s[at] == '\r' || s[at] == '\n') {
		at++
	}
	return at
}

// stringEnd is where a string ends, its quote included, that at stands inside
// of. behind tells whether a backslash stands before at.
func stringEnd(s string, at int, behind bool) int {
	for ; at < len(s); at++ {
		switch {
		case behind:
			behind = false
		case s[at] == '\\':
			behind = true
		case s[at] == '"':
			return at + 1
		}
	}
	return at
}

// token is the token that begins at a byte, or that goes on there: where it
// ends, before the limit, what it is, and what a row is in that begins within
// it.
func token(s string, at, limit int, in place) (end int, role themes.Role, within place) {
	switch in &^ escaped {
	case inKey:
		return stringEnd(s[:limit], at, in&escaped != 0), themes.JSONKey, inKey
	case inString:
		return stringEnd(s[:limit], at, in&escaped != 0), themes.JSONString, inString
	}
	if s[at] == '"' {
		end = stringEnd(s, at+1, false)
		if next := skipBlanks(s, end); next < len(s) && s[next] == ':' {
			return min(end, limit), themes.JSONKey, inKey
		}
		return min(end, limit), themes.JSONString, inString
	}
	role = kindOf(s[at])
	for end = at + 1; end < limit && kindOf(s[end]) == role; end++ {
	}
	return end, role, outside
}

// kindOf is what a byte outside of strings belongs to.
func kindOf(c byte) themes.Role {
	switch {
	case c == '"':
		return themes.JSONString
	case c >= '0' && c <= '9', c == '-', c == '+', c == '.', c == 'E':
		return themes.JSONNumber
	case c >= 'a' && c <= 'z':
		return themes.JSONWord
	}
	return themes.Dim
}
