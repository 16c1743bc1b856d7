package triage

import (
	"cmp"
	"fmt"
	"slices"
)

// fault is how some messages differ from most of their kind.
type fault struct {
	key  string
	text string
	set  set
	n    int
}

// How usual something must be before it is a fault not to have it.
const (
	usualType   = 0.5 // one type is the usual one
	usualMember = 0.7 // a member is there, or filled
)

// faults are those of the messages of a kind that no cell has yet. What is as
// usual among messages that died of something else is no fault.
func (x *contrast) faults(kind set) []fault {
	rest := kind.and(x.rest)
	others := kind.without(x.rest)
	nRest, nOthers := rest.count(), others.count()
	var found []fault
	add := func(s set, key, text string) {
		n := s.common(rest)
		if n == 0 || n == nRest {
			return
		}
		if k := s.common(others); k > 0 && 3*k*nRest >= n*nOthers {
			return
		}
		found = append(found, fault{key, text, s.and(rest), n})
	}
	for c := range x.columns {
		at := int32(c)
		if c == 0 || x.there[c] == nil || !x.inBody(at) && !x.isAttribute(at) {
			continue
		}
		path := x.paths[x.outer(at)]
		there := x.there[c].and(kind)
		n := there.count()
		x.typeFaults(at, there, n, add)
		if s := x.sorts[c][isNull]; s != nil && least(n-s.common(kind), n) >= usualMember {
			add(s, path+" empty", path+" is empty")
		}
		if s := x.sorts[c][isBroken]; s != nil && 2*s.common(kind) < n {
			add(s, path+" half", path+" ends in half a character")
		}
		if around := x.around(at).and(kind); x.columns[c].name != "[]" && there.common(rest) > 0 {
			if k := around.count(); k > n && least(n, k) >= usualMember {
				missing := around.without(there)
				add(missing, path+" missing", path+" is missing"+x.instead(at, missing, kind))
			}
		}
	}
	slices.SortFunc(found, func(a, b fault) int { return cmp.Or(b.n-a.n, cmp.Compare(a.key, b.key)) })
	return found
}

// typeFaults are values of another type than the usual one.
func (x *contrast) typeFaults(at int32, there set, n int, add func(set, string, string)) {
	filled := n
	if s := x.sorts[at][isNull]; s != nil {
		filled -= s.common(there)
	}
	for k, s := range x.sorts[at] {
		if k == isNull || k == isBroken || least(s.common(there), filled) <= usualType {
			continue
		}
		for o, other := range x.sorts[at] {
			if o != k && o != isNull && o != isBroken {
				path := x.paths[x.outer(at)]
				add(other.and(there), fmt.Sprintf("%s type %d", path, o), fmt.Sprintf("%s is %s, not %s", path, o, k))
			}
		}
	}
}

// instead names the member beside a missing one that only those messages have.
func (x *contrast) instead(at int32, missing, kind set) string {
	var names []string
	for _, kid := range x.columns[x.columns[at].parent].kids {
		if s := x.there[kid]; s != nil && kid != at && s.and(kind).within(missing) && missing.within(s) {
			names = append(names, x.columns[kid].name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return ", " + names[0] + " is there instead"
}

func (x *contrast) inBody(at int32) bool { return x.under(at, bodyColumn) }

func (x *contrast) isAttribute(at int32) bool { return x.under(at, attributeColumn) }

func (x *contrast) under(at int32, name string) bool {
	for x.columns[at].parent > 0 {
		at = x.columns[at].parent
	}
	return x.columns[at].name == name
}
