package document

import (
	"context"
	"encoding/binary"
	"hash/maphash"
)

// Change is a difference between two documents.
type Change struct {
	Op       Op     // Added, Removed or Changed
	Path     string // as [Node.Path]; in the second document where it was added
	Old, New string // the values as they stand in their sources; "" where there is none
}

// MaxChanges is how many differences [Compare] tells.
const MaxChanges = 10_000

// Compare is how the second document differs from the first one in what it says:
// the order of members, blanks and escapes make no difference, the way a number
// is written does. Members are paired by name, the elements of arrays by what
// they have in common. Whole is false where there are more than [MaxChanges]
// differences, or as many and a place that was not looked at, or the context ended.
func Compare(ctx context.Context, a, b *Doc) (changes []Change, whole bool) {
	seed := maphash.MakeSeed()
	c := comparison{ctx: ctx, a: a, b: b, hashA: a.hashes(seed), hashB: b.hashes(seed)}
	// Pairs that wait are compared in the order of the documents; a stack of
	// them takes the place of recursion.
	c.wait = []pair{{a: 0, b: 0}}
	for len(c.wait) > 0 {
		if len(c.changes) == MaxChanges || ctx.Err() != nil {
			return c.changes, false
		}
		p := c.wait[len(c.wait)-1]
		c.wait = c.wait[:len(c.wait)-1]
		c.pair(p)
	}
	return c.changes, true
}

// pair is a value of each document; -1 is none.
type pair struct{ a, b int32 }

type comparison struct {
	ctx          context.Context
	a, b         *Doc
	hashA, hashB []uint64
	wait         []pair
	changes      []Change
}

func (c *comparison) pair(p pair) {
	switch {
	case p.b < 0:
		n := Node{c.a, p.a}
		c.changes = append(c.changes, Change{Op: Removed, Path: n.Path(), Old: n.Raw()})
	case p.a < 0:
		n := Node{c.b, p.b}
		c.changes = append(c.changes, Change{Op: Added, Path: n.Path(), New: n.Raw()})
	case c.hashA[p.a] == c.hashB[p.b]:
	default:
		a, b := Node{c.a, p.a}, Node{c.b, p.b}
		var below []pair
		switch {
		case a.Kind() == Object && b.Kind() == Object:
			below = members(a, b)
		case a.Kind() == Array && b.Kind() == Array:
			below = c.elements(a, b)
		default:
			c.changes = append(c.changes, Change{Op: Changed, Path: a.Path(), Old: a.Raw(), New: b.Raw()})
		}
		for i := len(below) - 1; i >= 0; i-- {
			c.wait = append(c.wait, below[i])
		}
	}
}

// members pairs those of two objects by name, first those of a.
func members(a, b Node) []pair {
	inB := make(map[string]int32, b.Len())
	for v := range b.Values() {
		inB[v.Name()] = v.at
	}
	inA := make(map[string]int32, a.Len())
	for v := range a.Values() {
		inA[v.Name()] = v.at
	}
	var pairs []pair
	for v := range a.Values() {
		name := v.Name()
		if inA[name] != v.at {
			continue // a later one of the same name counts
		}
		at, both := inB[name]
		if !both {
			at = -1
		}
		pairs = append(pairs, pair{v.at, at})
	}
	for v := range b.Values() {
		name := v.Name()
		if _, both := inA[name]; !both && inB[name] == v.at {
			pairs = append(pairs, pair{-1, v.at})
		}
	}
	return pairs
}

// elements pairs those of two arrays: those that are alike, and between them the
// others in order.
func (c *comparison) elements(a, b Node) []pair {
	atA, hashA := children(a, c.hashA)
	atB, hashB := children(b, c.hashB)
	var pairs []pair
	i, j := 0, 0
	for _, s := range script(c.ctx, hashA, hashB) {
		i, j = i+s.same, j+s.same
		for k := range max(s.gone, s.added) {
			p := pair{-1, -1}
			if k < s.gone {
				p.a = atA[i+k]
			}
			if k < s.added {
				p.b = atB[j+k]
			}
			pairs = append(pairs, p)
		}
		i, j = i+s.gone, j+s.added
	}
	return pairs
}

func children(n Node, hashes []uint64) (at []int32, of []uint64) {
	for v := range n.Values() {
		at, of = append(at, v.at), append(of, hashes[v.at])
	}
	return at, of
}

// hashes stand for what each value says: equal ones for equal values.
func (d *Doc) hashes(seed maphash.Seed) []uint64 {
	out := make([]uint64, len(d.nodes))
	for i := len(d.nodes) - 1; i >= 0; i-- {
		n := &d.nodes[i]
		var h maphash.Hash
		h.SetSeed(seed)
		h.WriteByte(byte(n.kind))
		switch n.kind {
		case Object:
			last := make(map[string]uint64, n.count)
			for v := range (Node{d, int32(i)}).Values() {
				last[v.Name()] = out[v.at]
			}
			var sum uint64 // the same in any order
			for name, value := range last {
				sum += mixed(seed, name, value)
			}
			writeUint(&h, sum)
		case Array:
			for v := range (Node{d, int32(i)}).Values() {
				writeUint(&h, out[v.at])
			}
		case String:
			h.WriteString(unquote(d.src[n.start:n.end]))
		default:
			h.WriteString(d.src[n.start:n.end])
		}
		out[i] = h.Sum64()
	}
	return out
}

func mixed(seed maphash.Seed, name string, value uint64) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	writeUint(&h, value)
	h.WriteString(name)
	return h.Sum64()
}

func writeUint(h *maphash.Hash, n uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	h.Write(b[:])
}
