// Package jsonline writes JSON that may be shown as it is: on a terminal, in a
// pager, by cat. JSON itself escapes only what is below a blank; what else a
// terminal obeys is escaped here (DESIGN.md 4.6). The document stays the same.
package jsonline

import (
	"fmt"
	"unicode/utf8"
)

// Escape replaces what JSON allows in strings but a terminal obeys (DEL, C1,
// bidi controls) by \u escapes. The input is JSON and stays the same JSON.
func Escape(doc []byte) []byte {
	out := make([]byte, 0, len(doc))
	for len(doc) > 0 {
		r, n := utf8.DecodeRune(doc)
		if Obeyed(r) {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = append(out, doc[:n]...)
		}
		doc = doc[n:]
	}
	return out
}

// Obeyed tells the characters that do something to a terminal or to the order of
// what it shows, but for those below a blank.
func Obeyed(r rune) bool {
	switch {
	case r == 0x7f, r >= 0x80 && r < 0xa0, r == 0x61c, r == 0x200e, r == 0x200f:
		return true
	}
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
