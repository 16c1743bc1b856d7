package decode

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rough tells text from binary: text has no NUL, and at most one byte in sixteen
// that is a control character or no UTF-8.
func rough(s string) Kind {
	if strings.IndexByte(s, 0) >= 0 {
		return Binary
	}
	odd := 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
				odd++
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			odd++
		}
		i += n
	}
	if odd > len(s)/16 {
		return Binary
	}
	return Text
}

// allPrintable tells whether it is text that people write: UTF-8, and nothing in
// it that is not seen but blanks and line ends.
func allPrintable(s string) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || !unicode.IsGraphic(r) && r != 0xFEFF && r != 0x200D {
			return false
		}
		i += n
	}
	return true
}

// dumped is how many bytes a dump shows.
const dumped = 1 << 20

// Text is the stage as people read it: JSON, forms and protobuf laid out as
// [document.Doc.Pretty] does it, XML indented, binary as a hex dump, all else as
// it is. Bodies are foreign: who shows it makes it safe first. It is made anew
// each time.
func (s *Stage) Text() string {
	switch {
	case s.hidden:
		return s.Bytes
	case s.Doc != nil:
		return s.Doc.Pretty().Text
	case s.Kind == XML:
		return indentXML(s.Bytes)
	case s.Kind == Binary || s.Kind == Gzip || s.Kind == Zlib || s.Kind == Zstd:
		return dump(s.Bytes)
	}
	return s.Bytes
}

func dump(s string) string {
	if len(s) <= dumped {
		return strings.TrimSuffix(hex.Dump([]byte(s)), "\n")
	}
	return hex.Dump([]byte(s[:dumped])) + fmt.Sprintf("… and %d bytes more", len(s)-dumped)
}
