package endpoint

import "encoding/binary"

// plainEnd is the index of the first byte of b from i on that a JSON string
// cannot hold as it is or that needs a look: a quote, a backslash, a control
// character, or a byte beyond ASCII. Bodies are most of what the endpoint reads
// and writes, so it looks at eight bytes at a time.
func plainEnd(b []byte, i int) int {
	for i+8 <= len(b) && plainWord(binary.LittleEndian.Uint64(b[i:])) {
		i += 8
	}
	for i < len(b) && plainByte(b[i]) {
		i++
	}
	return i
}

// plainEndOf is plainEnd for a string.
func plainEndOf(s string, i int) int {
	for i+8 <= len(s) {
		v := s[i : i+8]
		w := uint64(v[0]) | uint64(v[1])<<8 | uint64(v[2])<<16 | uint64(v[3])<<24 |
			uint64(v[4])<<32 | uint64(v[5])<<40 | uint64(v[6])<<48 | uint64(v[7])<<56
		if !plainWord(w) {
			break
		}
		i += 8
	}
	for i < len(s) && plainByte(s[i]) {
		i++
	}
	return i
}

func plainByte(c byte) bool { return c >= ' ' && c != '"' && c != '\\' && c < 0x80 }

// plainWord tells whether all eight bytes of w are plain. Each term sets the top
// bit of a byte that is not: beyond ASCII, below a space, a quote, a backslash.
// A borrow can only spoil bytes above one that is not plain.
func plainWord(w uint64) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, backslash := w^(ones*'"'), w^(ones*'\\')
	return (w|(w-ones*' ')|(quote-ones)|(backslash-ones))&tops == 0
}
