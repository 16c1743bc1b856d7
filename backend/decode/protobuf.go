package decode

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"

	"sqscope/backend/decode/document"
)

const (
	protoDepth    = 16   // messages in each other
	protoHighest  = 4096 // field number, beyond which it is taken for other data
	protoLeast    = 6    // bytes
	protoSureText = 3    // characters of a text that makes it sure
)

// protobuf reads bytes as a message of protobuf without its schema: a JSON
// object by field number. It is ok where that is beyond doubt: every byte is
// accounted for, the field numbers are low, and there is readable text in it.
// Without a schema nobody knows whether a number is signed or bytes are a message;
// what may be a message is shown as one, fixed numbers with both readings.
func protobuf(s string) (string, bool) {
	if len(s) < protoLeast {
		return "", false
	}
	p := proto{}
	text, ok := p.message(s, 0)
	return text, ok && p.texts > 0
}

type proto struct{ texts int }

func (p *proto) message(s string, depth int) (string, bool) {
	if depth == protoDepth || s == "" {
		return "", false
	}
	var o object
	for s != "" {
		tag, n := varint(s)
		if n == 0 || tag>>3 == 0 || tag>>3 > protoHighest {
			return "", false
		}
		value, m := p.value(s[n:], tag&7, depth)
		if m < 0 {
			return "", false
		}
		o.add(strconv.FormatUint(tag>>3, 10), value)
		s = s[n+m:]
	}
	return o.json(), true
}

// varint reads a number as protobuf's writers do it, without needless bytes; its
// length is 0 where it is none.
func varint(s string) (uint64, int) {
	var b [binary.MaxVarintLen64]byte
	v, n := binary.Uvarint(b[:copy(b[:], s)])
	if n <= 0 || n > len(s) || n > 1 && s[n-1] == 0 {
		return 0, 0
	}
	return v, n
}

// value reads a field's value of a wire type; its length is -1 where it is none.
func (p *proto) value(s string, wire uint64, depth int) (string, int) {
	switch wire {
	case 0:
		v, n := varint(s)
		if n == 0 {
			return "", -1
		}
		return strconv.FormatInt(int64(v), 10), n // what is beyond 2^63 is a negative number as a rule
	case 1:
		if len(s) < 8 {
			return "", -1
		}
		v := binary.LittleEndian.Uint64([]byte(s[:8]))
		return document.Quote(fmt.Sprintf("%#x (double %v)", v, math.Float64frombits(v))), 8
	case 5:
		if len(s) < 4 {
			return "", -1
		}
		v := binary.LittleEndian.Uint32([]byte(s[:4]))
		return document.Quote(fmt.Sprintf("%#x (float %v)", v, math.Float32frombits(v))), 4
	case 2:
		size, n := varint(s)
		if n == 0 || size > uint64(len(s)-n) {
			return "", -1
		}
		return p.bytes(s[n:n+int(size)], depth), n + int(size)
	}
	return "", -1
}

// bytes are text, or else a message, or else shown in hexadecimal.
func (p *proto) bytes(s string, depth int) string {
	if allPrintable(s) {
		if len(s) >= protoSureText {
			p.texts++
		}
		return document.Quote(s)
	}
	before := p.texts
	if text, ok := p.message(s, depth+1); ok {
		return text
	}
	p.texts = before
	return document.Quote("0x" + hex.EncodeToString([]byte(s)))
}
