package awsline

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// object is a JSON object that keeps its order.
type object []member

type member struct {
	name  string
	value any
}

// binary tells whether there are binary values in the parameter.
func (p param) binary() bool { return holdsBinary(p.value) }

func holdsBinary(value any) bool {
	switch v := value.(type) {
	case []byte:
		return true
	case object:
		return slices.ContainsFunc(v, func(m member) bool { return holdsBinary(m.value) })
	case []object:
		return slices.ContainsFunc(v, func(o object) bool { return holdsBinary(o) })
	}
	return false
}

// encode is a value as JSON in one line, the keys of maps sorted.
func encode(value any) string {
	var b strings.Builder
	write(&b, value)
	return b.String()
}

func write(b *strings.Builder, value any) {
	switch v := value.(type) {
	case string:
		writeString(b, v)
	case int:
		b.WriteString(strconv.Itoa(v))
	case []byte:
		writeString(b, base64.StdEncoding.EncodeToString(v))
	case []string:
		writeArray(b, v)
	case []object:
		writeArray(b, v)
	case map[string]string:
		var o object
		for _, key := range slices.Sorted(maps.Keys(v)) {
			o = append(o, member{key, v[key]})
		}
		write(b, o)
	case object:
		b.WriteByte('{')
		for i, m := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			writeString(b, m.name)
			b.WriteByte(':')
			write(b, m.value)
		}
		b.WriteByte('}')
	}
}

func writeArray[T any](b *strings.Builder, values []T) {
	b.WriteByte('[')
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		write(b, v)
	}
	b.WriteByte(']')
}

// writeString writes a JSON string. What a terminal obeys or hides is escaped.
// Bytes that are no UTF-8 stay as they are: JSON cannot say them, and to replace
// them would make another message of it without a word.
func writeString(b *strings.Builder, s string) {
	b.WriteByte('"')
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteByte(s[0])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case invalid(r, n) || unicode.IsPrint(r):
			b.WriteString(s[:n])
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(b, `\u%04x`, r)
		}
		s = s[n:]
	}
	b.WriteByte('"')
}

// invalid tells whether a decoded rune stands for a byte that is no UTF-8.
func invalid(r rune, n int) bool { return r == utf8.RuneError && n == 1 }
