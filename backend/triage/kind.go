package triage

import (
	"cmp"
	"slices"
	"strings"
)

// near is how much two sets must have in common to count as one: nine tenths of
// what is in either.
const near = 0.9

// kind is messages that have a form of their own and tell so in another place
// too.
type kind struct {
	set   set
	n     int
	score int
	tells []predicate // that hold for them and hardly for others, the best first
}

// kinds finds those of a family. What holds for the same messages in different
// places of a body makes a kind: a member that only they have, and a value
// elsewhere. Inside one object, away from the trunk, the same is only a variant of
// that object: a payment by card is no other kind of order.
func (x *contrast) kinds() []kind {
	type group struct {
		set  set
		n    int
		list []predicate
	}
	same := map[string]*group{}
	var groups []*group
	for _, p := range x.list {
		if p.what == isBlank || p.what == isHalf || p.n < 2 {
			continue
		}
		k := bytesOf(p.set)
		g := same[k]
		if g == nil {
			g = &group{set: p.set, n: p.n}
			same[k], groups = g, append(groups, g)
		}
		g.list = append(g.list, p)
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(a.n, b.n) })
	var found []kind
	for i, g := range groups {
		list := slices.Clone(g.list)
		for step := -1; step <= 1; step += 2 {
			for j := i + step; j >= 0 && j < len(groups); j += step {
				o := groups[j]
				if small, large := min(g.n, o.n), max(g.n, o.n); float64(small) < near*float64(large) {
					break
				}
				if common := g.set.common(o.set); float64(common) >= near*float64(g.n+o.n-common) {
					list = append(list, o.list...)
				}
			}
		}
		if score := x.strength(g.set, list); score > 0 {
			x.order(list)
			found = append(found, kind{g.set, g.n, score, list})
		}
	}
	return x.distinct(found)
}

func bytesOf(s set) string {
	var b strings.Builder
	for _, w := range s {
		for i := range 8 {
			b.WriteByte(byte(w >> (8 * i)))
		}
	}
	return b.String()
}

// order puts first what a person would name it by: what is wrong with it, a value
// over a form, what others have too with another value, words over numbers, what
// stands less deep.
func (x *contrast) order(list []predicate) {
	wordless := func(p predicate) int {
		if strings.IndexFunc(p.value, func(r rune) bool { return r > '9' }) < 0 {
			return 1
		}
		return 0
	}
	about := func(p predicate) int {
		switch p.what {
		case isHalf, isBlank: // nobody wants that
			return 0
		case isValue:
			return 1
		case isThere:
			return 2
		}
		return 3
	}
	slices.SortStableFunc(list, func(a, b predicate) int {
		return cmp.Or(about(a)-about(b), x.there[b.column].count()-x.there[a.column].count(), wordless(a)-wordless(b),
			x.columns[a.column].depth-x.columns[b.column].depth, cmp.Compare(x.paths[a.column], x.paths[b.column]))
	})
}

// strength is how much tells a set: two for each object that has a form of its
// own, one for each that has a value of its own; 0 where that is less than three,
// or all in one place.
func (x *contrast) strength(s set, list []predicate) int {
	var shapes, values []predicate
	for _, p := range list {
		switch {
		case p.what.shape(), p.what == isValue && x.isSource(p.column):
			shapes = append(shapes, p)
		case p.what == isValue:
			values = append(values, p)
		}
	}
	top := slices.DeleteFunc(slices.Clone(shapes), func(p predicate) bool {
		return slices.ContainsFunc(shapes, func(o predicate) bool { return x.below(p.column, o.column) })
	})
	places, said := map[int32]bool{}, map[int32]bool{}
	for _, p := range top {
		places[x.home(p.column)] = true
	}
	spans := len(places) > 1 || x.exchange(s, top)
	for _, v := range values {
		if slices.ContainsFunc(top, func(p predicate) bool { return x.below(v.column, p.column) || v.column == p.column }) {
			continue
		}
		home := x.home(v.column)
		said[home] = true
		for p := range places {
			spans = spans || p != home || x.trunk[p]
		}
	}
	score := 2*len(places) + len(said)
	if len(places) == 0 || !spans || score < 3 && !x.exchange(s, top) {
		return 0
	}
	return score
}

// home is the object that a column is a member of.
func (x *contrast) home(at int32) int32 { return x.columns[x.outer(at)].parent }

func (x *contrast) isSource(at int32) bool {
	parent := x.columns[at].parent
	return parent > 0 && x.columns[parent].name == systemColumn && x.columns[at].name == "DeadLetterQueueSourceArn"
}

// exchange tells whether in the trunk these messages have members of their own and
// all others too, three at least together. One for one is a member renamed.
func (x *contrast) exchange(s set, top []predicate) bool {
	own, theirs := 0, 0
	for _, p := range top {
		if p.what == isThere && x.trunk[x.columns[p.column].parent] {
			own++
		}
	}
	if own == 0 {
		return false
	}
	for _, p := range x.list {
		if p.what == isThere && x.trunk[x.columns[p.column].parent] && p.n == x.n-s.count() && p.set.common(s) == 0 {
			theirs++
		}
	}
	return theirs > 0 && own+theirs >= 3
}

// distinct leaves out kinds that are nearly others that are told better.
func (x *contrast) distinct(found []kind) []kind {
	slices.SortStableFunc(found, func(a, b kind) int {
		return cmp.Or(b.score-a.score, b.n-a.n, cmp.Compare(x.name(a.tells[0]), x.name(b.tells[0])))
	})
	var out []kind
	for _, k := range found {
		if !slices.ContainsFunc(out, func(o kind) bool {
			common := k.set.common(o.set)
			return float64(common) >= near*float64(k.n+o.n-common)
		}) {
			out = append(out, k)
		}
	}
	return out
}

// part is messages that are of the same kinds.
type part struct {
	set   set
	kinds []kind
}

// parts takes a family apart by its kinds.
func (x *contrast) parts() []part {
	parts := []part{{set: x.all}}
	for _, k := range x.kinds() {
		var next []part
		for _, p := range parts {
			in, out := p.set.and(k.set), p.set.without(k.set)
			if !in.empty() {
				next = append(next, part{in, append(slices.Clone(p.kinds), k)})
			}
			if !out.empty() {
				next = append(next, part{out, p.kinds})
			}
		}
		parts = next
	}
	return parts
}
