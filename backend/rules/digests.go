package rules

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"unsafe"

	"sqscope/backend"
)

// MD5OfBody is the digest of a body as SQS gives it, lower-case hex
// (docs/SQS.md 4.1).
func MD5OfBody(body string) string { return hex32(DigestOfBody(body)) }

// DigestOfBody is that digest as bytes.
func DigestOfBody(body string) [md5.Size]byte { return md5.Sum(bytesOf(body)) }

// ContentDeduplicationId is the deduplication id that a FIFO queue with
// content-based deduplication makes of a body: its SHA-256, lower-case hex
// (3.1, 8.1).
func ContentDeduplicationId(body string) string {
	sum := sha256.Sum256(bytesOf(body))
	var b [2 * sha256.Size]byte
	hex.Encode(b[:], sum[:])
	return string(b[:])
}

// MD5OfAttributes is the digest of message attributes, or of message system
// attributes, in the layout of 4.2; "" if there are none. On a receive they are
// those that are returned, not all that are stored.
func MD5OfAttributes(attrs map[string]backend.MessageAttribute) string {
	if len(attrs) == 0 {
		return ""
	}
	var room [512]byte // of most, so that it needs none of the heap
	return hex32(md5.Sum(appendLayout(room[:0], attrs)))
}

// appendLayout adds what the digest is taken of: sorted by name, each part with its
// length before it.
func appendLayout(b []byte, attrs map[string]backend.MessageAttribute) []byte {
	var room [MaxMessageAttributes]string
	names := room[:0]
	for name := range attrs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		a := attrs[name]
		b = appendField(b, name)
		b = appendField(b, a.DataType)
		if isBinary(a.DataType) {
			b = append(b, 2)
			b = binary.BigEndian.AppendUint32(b, uint32(len(a.BinaryValue)))
			b = append(b, a.BinaryValue...)
			continue
		}
		b = append(b, 1)
		b = appendField(b, a.StringValue.Value)
	}
	return b
}

func appendField(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}

// isBinary tells whether a value of this type travels in BinaryValue.
func isBinary(dataType string) bool {
	base, _, _ := strings.Cut(dataType, ".")
	return base == "Binary"
}

func hex32(sum [md5.Size]byte) string {
	var b [2 * md5.Size]byte
	hex.Encode(b[:], sum[:])
	return string(b[:])
}

// bytesOf lends the bytes of s to a digest without copying up to a megabyte of
// it. They must be neither changed nor kept; crypto/md5 and crypto/sha256 do
// neither.
func bytesOf(s string) []byte {
	return unsafe.Slice(unsafe.StringData(s), len(s))
}
