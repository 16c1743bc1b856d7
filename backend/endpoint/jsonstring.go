package endpoint

import (
	"bytes"
	"unicode/utf8"
)

// quoted reads a string and returns its bytes, which are good UTF-8. They are
// valid until the next read.
func (r *jsonReader) quoted() []byte {
	r.pos++
	start := r.pos
	if n := bytes.IndexByte(r.src[start:], '"'); n >= 0 && isPlain(r.src[start:start+n]) {
		r.pos += n + 1
		return r.src[start : start+n]
	}
	for i := start; ; {
		i = plainEnd(r.src, i)
		switch c := r.at(i); {
		case i >= len(r.src):
			r.malformed("a string without an end")
			return nil
		case c == '"':
			r.pos = i + 1
			return r.src[start:i]
		case c == '\\':
			return r.escaped(start, i)
		case c < ' ':
			r.pos = i
			r.malformed("a control character in a string")
			return nil
		}
		n := r.rune(i)
		if n == 0 {
			return nil
		}
		i += n
	}
}

// rune is the length of the character beyond ASCII at i, 0 if it is none.
func (r *jsonReader) rune(i int) int {
	c, n := utf8.DecodeRune(r.src[i:])
	if c == utf8.RuneError && n <= 1 {
		r.pos = i
		r.malformed("not UTF-8")
		return 0
	}
	return n
}

// escaped goes on with a string that begins at start and has its first
// backslash at i.
func (r *jsonReader) escaped(start, i int) []byte {
	out := append(r.scratch[:0], r.src[start:i]...)
	for {
		from := i
		i = plainEnd(r.src, i)
		out = append(out, r.src[from:i]...)
		switch c := r.at(i); {
		case i >= len(r.src):
			r.malformed("a string without an end")
			return nil
		case c == '"':
			r.pos = i + 1
			r.scratch = out
			return out
		case c == '\\':
			r.pos = i + 1
			if out = r.escape(out); r.err != nil {
				return nil
			}
			i = r.pos
		case c < ' ':
			r.pos = i
			r.malformed("a control character in a string")
			return nil
		default:
			n := r.rune(i)
			if n == 0 {
				return nil
			}
			out = append(out, r.src[i:i+n]...)
			i += n
		}
	}
}

// escape appends what the escape behind a backslash stands for.
func (r *jsonReader) escape(out []byte) []byte {
	c := r.at(r.pos)
	r.pos++
	switch c {
	case '"', '\\', '/':
		return append(out, c)
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'u':
		return r.unicode(out)
	}
	r.malformed("an unknown escape in a string")
	return out
}

// unicode appends the character of a \u escape or of a pair of them. Half a
// pair is refused: it stands for no character, and a Go string cannot hold it.
func (r *jsonReader) unicode(out []byte) []byte {
	c, ok := r.hex4()
	if ok && c >= 0xD800 && c < 0xDC00 && r.at(r.pos) == '\\' && r.at(r.pos+1) == 'u' {
		r.pos += 2
		var low rune
		if low, ok = r.hex4(); ok && low >= 0xDC00 && low < 0xE000 {
			return utf8.AppendRune(out, 0x10000+(c-0xD800)<<10+(low-0xDC00))
		}
	}
	if !ok || c >= 0xD800 && c < 0xE000 {
		r.malformed("a bad \\u escape in a string")
		return out
	}
	return utf8.AppendRune(out, c)
}

func (r *jsonReader) hex4() (rune, bool) {
	var v rune
	for range 4 {
		c := r.at(r.pos)
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			v = v<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
		r.pos++
	}
	return v, true
}
