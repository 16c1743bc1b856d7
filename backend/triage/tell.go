package triage

import (
	"cmp"
	"slices"
	"strings"
)

// tell groups the messages of a family that are in no cell yet.
func (f *finder) tell(fam *family) {
	if !slices.ContainsFunc(fam.members, func(i int) bool { return f.letters[i].cell == nil }) {
		return
	}
	x := f.gather(fam)
	f.verdicts(x)
	for _, p := range x.parts() {
		f.tellPart(x, p)
	}
	cells := x.cells(f)
	cells = f.byRelease(x, cells)
	cells = f.byBlank(x, cells)
	for _, c := range cells {
		x.explain(c)
	}
}

// verdicts makes cells of messages that say of themselves that they were refused:
// a field of few values, each a word, one of which means no. The field that
// refuses most comes first.
func (f *finder) verdicts(x *contrast) {
	var found []predicate
	for _, p := range x.list {
		if p.what == isValue && x.inBody(p.column) && f.words.verdicts[strings.ToLower(p.value)] {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b predicate) int { return b.set.common(x.rest) - a.set.common(x.rest) })
	for _, p := range found {
		for _, at := range p.set.and(x.rest).all() {
			i := x.members[at]
			f.join(i, ByVerdict, "verdict", x.format.key(), x.paths[p.column], strings.ToLower(p.value))
			f.letters[i].cell.title = x.say(p)
		}
		x.rest = x.rest.without(p.set)
	}
}

// tellPart makes cells of the faults in a kind, and one of what has none.
func (f *finder) tellPart(x *contrast, p part) {
	var names []string
	for _, k := range p.kinds {
		names = append(names, x.name(k.tells[0]))
	}
	slices.Sort(names)
	kind := strings.Join(names, "\x00")
	left := p.set.and(x.rest)
	for _, fault := range x.faults(p.set) {
		in := fault.set.and(left)
		for _, at := range in.all() {
			f.join(x.members[at], ByFault, "fault", x.format.key(), fault.key)
			f.letters[x.members[at]].cell.title = fault.text
		}
		left = left.without(in)
	}
	for _, at := range left.all() {
		i := x.members[at]
		switch {
		case len(p.kinds) > 0:
			f.join(i, ByKind, "kind", x.format.key(), kind)
			f.letters[i].cell.title = x.say(smallest(p.kinds).tells[0])
		case len(f.fams) > 1:
			f.join(i, ByFormat, "plain", x.format.key())
		default:
			f.join(i, Other, "plain", x.format.key())
		}
		f.letters[i].cell.format = x.format
	}
	x.rest = x.rest.without(p.set)
}

func smallest(kinds []kind) kind {
	return slices.MinFunc(kinds, func(a, b kind) int { return cmp.Compare(a.n, b.n) })
}

// cells are those that were made of the family now, in the order of their keys.
func (x *contrast) cells(f *finder) []*cell {
	var all []*cell
	for at, i := range x.members {
		c := f.letters[i].cell
		switch c.cause {
		case ByRule, ByError, ByBlank, ByBroken:
			continue // told without the family
		}
		if c.set == nil {
			c.set = newSet(x.n)
			all = append(all, c)
		}
		c.set.add(at)
	}
	slices.SortFunc(all, func(a, b *cell) int { return cmp.Compare(a.key, b.key) })
	return all
}

// byRelease makes one cell of those that are all of one release of which there is
// nothing else: it has one cause, whatever it breaks.
func (f *finder) byRelease(x *contrast, cells []*cell) []*cell {
	for _, p := range x.list {
		if p.what != isValue || !isRelease(p.value) {
			continue
		}
		if of := covered(cells, p.set); len(of) > 1 {
			cells = f.unite(x, cells, of, ByRelease, p)
		} else if len(of) == 1 && of[0].cause == ByFault && len(of[0].says) == 0 {
			of[0].says = append(of[0].says, "all of one release, and nothing else is: "+x.say(p))
		}
	}
	return cells
}

// byBlank makes one cell of kinds that all leave a field empty which everything
// else fills.
func (f *finder) byBlank(x *contrast, cells []*cell) []*cell {
	for _, p := range x.list {
		if p.what != isBlank && p.what != isHalf || 2*p.n >= x.there[p.column].count() {
			continue
		}
		if of := covered(cells, p.set); len(of) > 1 {
			cells = f.unite(x, cells, of, ByFault, p)
		}
	}
	return cells
}

// covered are the cells that a set is made of, or nil where it cuts one or has
// what is in none.
func covered(cells []*cell, s set) []*cell {
	var of []*cell
	n := 0
	for _, c := range cells {
		if k := c.set.common(s); k > 0 {
			if c.cause == ByVerdict || k != len(c.members) {
				return nil
			}
			of, n = append(of, c), n+k
		}
	}
	if n != s.count() {
		return nil
	}
	return of
}

func (f *finder) unite(x *contrast, cells, of []*cell, cause Cause, p predicate) []*cell {
	var faces []string
	for _, c := range of {
		faces = append(faces, c.title)
	}
	one := f.merge(of, cause, cause.String(), x.format.key(), x.name(p))
	one.title, one.set, one.format = x.say(p), p.set, x.format
	slices.Sort(faces)
	faces = slices.Compact(faces)
	one.says = append(one.says, "differs in itself: "+strings.Join(faces[:min(len(faces), 4)], "; "))
	cells = slices.DeleteFunc(slices.Clone(cells), func(c *cell) bool { return slices.Contains(of, c) })
	return append(cells, one)
}

// explain notes what holds for a cell and for nothing else in its family.
func (x *contrast) explain(c *cell) {
	var tells []predicate
	for _, p := range x.list {
		if p.n == len(c.members) && p.set.within(c.set) {
			tells = append(tells, p)
		}
	}
	x.order(tells)
	for _, p := range tells[:min(len(tells), 3)] {
		if s := x.say(p); s != c.title {
			c.says = append(c.says, "in these and in no other: "+s)
		}
	}
}
