package memory

import (
	"encoding/hex"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
)

// uuid is a message id or task id in its 16 bytes.
type uuid [16]byte

// newUUID makes one that looks like any random UUID (version 4).
func newUUID(r *rand.Rand) uuid {
	var u uuid
	for i, w := range [2]uint64{r.Uint64(), r.Uint64()} {
		for b := range 8 {
			u[8*i+b] = byte(w >> (8 * b))
		}
	}
	u[6] = u[6]&0x0F | 0x40
	u[8] = u[8]&0x3F | 0x80
	return u
}

func (u uuid) String() string {
	var b [36]byte
	at := 0
	for i, n := range [5]int{4, 2, 2, 2, 6} {
		from := [5]int{0, 4, 6, 8, 10}[i]
		if i > 0 {
			b[at] = '-'
			at++
		}
		hex.Encode(b[at:], u[from:from+n])
		at += 2 * n
	}
	return string(b[:])
}

// parseUUID reads what String writes and nothing else.
func parseUUID(s string) (uuid, bool) {
	var u uuid
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return u, false
	}
	b, err := hex.DecodeString(s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:])
	if err != nil {
		return u, false
	}
	copy(u[:], b)
	return u, u.String() == s
}

// source is a source of chance for the thing with that name, of which number
// tells those of the same name apart.
func source(seed uint64, name string, number uint64) *rand.PCG {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash takes everything
	return rand.NewPCG(seed, mix(h.Sum64(), number))
}

// mix is a word that depends on every bit of two others (splitmix64).
func mix(a, b uint64) uint64 {
	x := a + 0x9E3779B97F4A7C15*(b+1)
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// sequenceNumber is the n-th sequence number of a FIFO queue: 20 digits from
// about where AWS's are, in steps of 256, so that as texts and as numbers they
// have the same order (docs/SQS.md 8.2). It does not fit a word, so its first
// digit is written by itself.
func sequenceNumber(n uint64) string {
	const rest = 8_849_496_460_467_696_128 // behind the leading 1; 19 digits
	var b [20]byte
	return string(strconv.AppendUint(append(b[:0], '1'), rest+256*n, 10))
}

// diceBytes is the state of a source of chance.
func diceBytes(dice *rand.PCG) []byte {
	b, err := dice.MarshalBinary()
	if err != nil {
		panic("memory: a PCG has no state: " + err.Error())
	}
	return b
}

// diceOf is a source of chance in that state.
func diceOf(state []byte) (*rand.PCG, error) {
	dice := new(rand.PCG)
	return dice, dice.UnmarshalBinary(state)
}
