package decode

import (
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
		return s.Hex(16)
	}
	return s.Bytes
}

// Hex is the stage byte by byte, so many bytes a line: offset, hex, and what is
// printable ASCII of it, up to 1 MiB. What a mask covers has no bytes to tell.
func (s *Stage) Hex(perLine int) string {
	if s.hidden {
		return s.Bytes
	}
	const digits = "0123456789abcdef"
	shown := s.Bytes[:min(len(s.Bytes), dumped)]
	out := make([]byte, 0, len(shown)*5)
	for at := 0; at < len(shown); at += perLine {
		if at > 0 {
			out = append(out, '\n')
		}
		for shift := 28; shift >= 0; shift -= 4 {
			out = append(out, digits[at>>shift&15])
		}
		line := shown[at:min(at+perLine, len(shown))]
		out = append(out, ' ')
		for i := range perLine {
			if i < len(line) {
				out = append(out, ' ', digits[line[i]>>4], digits[line[i]&15])
			} else {
				out = append(out, "   "...)
			}
		}
		out = append(out, ' ', ' ')
		for _, c := range []byte(line) {
			if c < ' ' || c > '~' {
				c = '.'
			}
			out = append(out, c)
		}
	}
	if rest := len(s.Bytes) - len(shown); rest > 0 {
		return string(out) + fmt.Sprintf("\n… and %d bytes more", rest)
	}
	return string(out)
}
