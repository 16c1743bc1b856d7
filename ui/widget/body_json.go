package widget

import "sqscope/themes"

// place says what a row of JSON begins in: between tokens, or inside a string
// that an earlier row has begun, perhaps right behind a backslash.
type place uint8

const (
	outside  place = 0
	inKey    place = 1
	inString place = 2
	escaped  place = 4
)

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
