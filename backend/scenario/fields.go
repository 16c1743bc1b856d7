package scenario

import (
	"encoding/hex"
	"math"
	"strconv"
	"time"
)

const hexDigits = "0123456789abcdef"

// hexField is n random hex digits.
type hexField int

func (n hexField) write(dst []byte, p *pen) []byte {
	var bits uint64
	for i := range int(n) {
		if i%16 == 0 {
			bits = p.rng.Uint64()
		}
		dst = append(dst, hexDigits[bits&15])
		bits >>= 4
	}
	return dst
}

// uuidField is a random UUID of version 4.
type uuidField struct{}

func (uuidField) write(dst []byte, p *pen) []byte {
	var b [32]byte
	digits := hexField(32).write(b[:0], p)
	digits[12] = '4'
	digits[16] = "89ab"[p.rng.IntN(4)]
	for i, n := range [...]int{8, 4, 4, 4, 12} {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = append(dst, digits[:n]...)
		digits = digits[n:]
	}
	return dst
}

// uuidText is one by itself.
func uuidText(p *pen) string { return string(uuidField{}.write(make([]byte, 0, 36), p)) }

// tokenField is the token of the task that the message is for.
type tokenField struct{}

func (tokenField) write(dst []byte, p *pen) []byte { return append(dst, p.token...) }

// intField is a whole number from lo to hi, both included.
type intField struct{ lo, hi int64 }

func (f intField) write(dst []byte, p *pen) []byte {
	return strconv.AppendInt(dst, f.lo+p.rng.Int64N(f.hi-f.lo+1), 10)
}

// decField is a number from lo to hi with as many digits behind the point as
// the file wrote there. Low values are more frequent, as prices are.
type decField struct {
	lo, hi float64
	digits int
}

func (f decField) write(dst []byte, p *pen) []byte {
	u := p.rng.Float64()
	return strconv.AppendFloat(dst, f.lo+(f.hi-f.lo)*u*u, 'f', f.digits, 64)
}

// nowField is the engine's time plus an offset, as RFC 3339 in UTC.
type nowField time.Duration

func (f nowField) write(dst []byte, p *pen) []byte {
	t := p.now.Add(time.Duration(f)).UTC()
	dst = t.AppendFormat(dst, time.RFC3339) // which is fast, as no other layout with a time is
	ms := t.Nanosecond() / 1e6
	return append(dst[:len(dst)-1], '.', '0'+byte(ms/100), '0'+byte(ms/10%10), '0'+byte(ms%10), 'Z')
}

// pickField is an entry of a list.
type pickField struct{ list *choice[string] }

func (f pickField) write(dst []byte, p *pen) []byte { return append(dst, f.list.pick(p.rng)...) }

// seqField is the next number of a counter, by its index.
type seqField int

func (f seqField) write(dst []byte, p *pen) []byte {
	p.counters[f]++
	return strconv.AppendInt(dst, p.counters[f]-1, 10)
}

// letField is a value that was made once for the message, by its index.
type letField int

func (f letField) write(dst []byte, p *pen) []byte { return append(dst, p.lets[f]...) }

// useField is a fragment.
type useField struct{ fragment *text }

func (f useField) write(dst []byte, p *pen) []byte { return p.write(dst, *f.fragment) }

// repeatField is a fragment lo to hi times, with commas between.
type repeatField struct {
	lo, hi   int64
	fragment *text
}

func (f repeatField) write(dst []byte, p *pen) []byte {
	n := f.lo + p.rng.Int64N(f.hi-f.lo+1)
	for i := int64(0); i < n && !p.full; i++ {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = p.write(dst, *f.fragment)
	}
	return dst
}

// quoteField is a fragment as the inside of a JSON string: JSON in JSON.
type quoteField struct{ fragment *text }

func (f quoteField) write(dst []byte, p *pen) []byte {
	inner := p.write(nil, *f.fragment)
	if p.full {
		return dst
	}
	return appendQuoted(dst, inner)
}

// fromField is a value of the message that is being forwarded, or a default.
type fromField struct {
	path []string
	or   string
}

func (f fromField) write(dst []byte, p *pen) []byte {
	if v, ok := lookup(p.source, f.path); ok {
		return append(dst, v...)
	}
	return append(dst, f.or...)
}

// unhex gives the bytes of a text in hex, nil if it is none.
func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) == 0 {
		return nil
	}
	return b
}

// finite keeps NaN and the infinities, which TOML can write, out of sums.
func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }
