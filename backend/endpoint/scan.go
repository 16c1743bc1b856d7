package endpoint

import (
	"bytes"
	"encoding/binary"
	"unsafe"
)

// plainEnd is the index of the first byte of b from i on that a JSON string
// cannot hold as it is or that needs a look: a quote, a backslash, a control
// character, or a byte beyond ASCII. Bodies are most of what the endpoint reads
// and writes, so it looks at many bytes at a time.
func plainEnd(b []byte, i int) int {
	for i+32 <= len(b) {
		v := b[i : i+32 : i+32]
		odd := oddBits(binary.LittleEndian.Uint64(v)) | oddBits(binary.LittleEndian.Uint64(v[8:])) |
			oddBits(binary.LittleEndian.Uint64(v[16:])) | oddBits(binary.LittleEndian.Uint64(v[24:]))
		if odd&topBits != 0 {
			break
		}
		i += 32
	}
	for i+8 <= len(b) && oddBits(binary.LittleEndian.Uint64(b[i:]))&topBits == 0 {
		i += 8
	}
	for i < len(b) && plainByte(b[i]) {
		i++
	}
	return i
}

// isPlain tells whether a JSON string can hold all of b as it is, which has no
// quote in it. It is the quick way for the most usual string, since the library
// finds one byte faster than plainEnd finds any of many.
func isPlain(b []byte) bool {
	const ones = 0x0101010101010101
	if bytes.IndexByte(b, '\\') >= 0 {
		return false
	}
	var odd uint64
	for len(b) >= 32 {
		v := b[:32:32]
		w0, w1 := binary.LittleEndian.Uint64(v), binary.LittleEndian.Uint64(v[8:])
		w2, w3 := binary.LittleEndian.Uint64(v[16:]), binary.LittleEndian.Uint64(v[24:])
		odd |= w0 | (w0 - ones*' ') | w1 | (w1 - ones*' ') | w2 | (w2 - ones*' ') | w3 | (w3 - ones*' ')
		b = b[32:]
	}
	for _, c := range b {
		if c < ' ' || c >= 0x80 {
			return false
		}
	}
	return odd&topBits == 0
}

// plainEndOf is plainEnd for a string.
func plainEndOf(s string, i int) int { return plainEnd(unsafe.Slice(unsafe.StringData(s), len(s)), i) }

func plainByte(c byte) bool { return c >= ' ' && c != '"' && c != '\\' && c < 0x80 }

const topBits = 0x8080808080808080

// oddBits has no top bit of a byte set if all eight bytes of w are plain. Each
// term sets the top bit of a byte that is not: beyond ASCII, below a space, a
// quote, a backslash. A borrow can only spoil bytes above one that is not plain.
func oddBits(w uint64) uint64 {
	const ones = 0x0101010101010101
	return w | (w - ones*' ') | ((w ^ ones*'"') - ones) | ((w ^ ones*'\\') - ones)
}
