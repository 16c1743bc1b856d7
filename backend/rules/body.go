package rules

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"sqscope/backend"
)

const allowedCharacters = "#x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]"

// Body checks the characters of a message body: those of XML 1.0, in UTF-8
// (docs/SQS.md 1.11, 3.2). The error names the first one that is refused. An
// empty body has no bad character; that it is missing is for [Send] to say.
func Body(body string) error {
	return plain(bodyCharacters(body))
}

func bodyCharacters(body string) *backend.Error {
	at := firstRefused(body)
	if at < 0 {
		return nil
	}
	return backend.ErrorOf(backend.ErrInvalidMessageContents,
		"Invalid binary character '%s' was found in the message body, the set of allowed characters is %s.",
		characterName(body[at:]), allowedCharacters)
}

// characterName is the first character of s as SQS writes it, hexadecimal and
// not padded: #x7, #xFFFF.
func characterName(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 {
		return notUTF8(s[0])
	}
	return fmt.Sprintf("#x%X", r)
}

// firstRefused is the offset of the first character that SQS takes in no text,
// or -1. It runs over every body that is sent, next to its MD5, and is to cost
// less: good text is known by three quick passes, and only bad text is read
// character by character.
func firstRefused(s string) int {
	if utf8.ValidString(s) && !hasControl(s) && !strings.Contains(s, "\uFFFE") && !strings.Contains(s, "\uFFFF") {
		return -1
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1, r == 0xFFFE, r == 0xFFFF, r < ' ' && !isBreak(byte(r)):
			return i
		}
		i += n
	}
	return -1
}

func isBreak(c byte) bool { return c == '\t' || c == '\n' || c == '\r' }

// hasControl tells whether s has a control character below 0x20 that SQS does
// not take. It looks at eight bytes at a time.
func hasControl(s string) bool {
	for ; len(s) >= 8; s = s[8:] {
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		// Without its top bit a byte of 0x20 or more has it after 0x60 is added.
		controls := ^((w&^tops + 0x60*ones) | w) & tops
		if controls != 0 && controls&^(zeros(w^'\t'*ones)|zeros(w^'\n'*ones)|zeros(w^'\r'*ones)) != 0 {
			return true
		}
	}
	for i := range len(s) {
		if s[i] < ' ' && !isBreak(s[i]) {
			return true
		}
	}
	return false
}

const (
	ones = 0x0101010101010101
	tops = 0x80 * ones
)

// zeros has the top bit set of each byte of w that is zero, and no other bit.
func zeros(w uint64) uint64 {
	return ^((w&^tops + 0x7F*ones) | w) & tops
}
