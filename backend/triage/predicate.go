package triage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sqscope/backend/triage/arrange"
)

// what a predicate says of a column.
type what uint8

const (
	isThere  what = iota // the member is there
	isFilled             // the list or object has something in it
	isType               // it has a value of this kind
	isValue              // it has this value
	isBlank              // it is null, or a text with nothing in it
	isHalf               // the text ends in half a character
)

// shape tells whether it is about the form of a body, not about what it says.
func (w what) shape() bool { return w == isThere || w == isFilled || w == isType }

// predicate is something that holds for some messages of a family and not for
// others.
type predicate struct {
	what   what
	column int32
	kind   kinds
	value  string
	set    set
	n      int
}

// How many predicates are made. A family with more loses those that hold for
// few messages.
const mostPredicates = 3000

// contrast is the predicates of a family and the sets that they are made of.
type contrast struct {
	*family
	letters []letter
	n       int
	rest    set // no cell yet
	all     set
	there   []set // by column; nil: in too few messages
	full    []set
	sorts   []map[kinds]set
	paths   []string
	list    []predicate
	trunk   []bool // columns in which most of a body is
}

// single kinds of values, as a column may have them.
var single = [...]kinds{isObject, isArray, isString, isNumber, isBool}

// sort is the one kind that a value is; of a list with several kinds it is the
// rarest of them, in the order of single.
func (k kinds) sort() kinds {
	for _, s := range single {
		if k&s != 0 {
			return s
		}
	}
	return 0
}

func (k kinds) String() string {
	switch k {
	case isObject:
		return "an object"
	case isArray:
		return "a list"
	case isString:
		return "a text"
	case isNumber:
		return "a number"
	case isBool:
		return "true or false"
	}
	return "null"
}

// gather makes the sets and the predicates of a family.
func (f *finder) gather(fam *family) *contrast {
	x := &contrast{family: fam, letters: f.letters, n: len(fam.members)}
	x.rest, x.all = newSet(x.n), newSet(x.n)
	counts, leaves := make([]int, len(fam.columns)), make([]int, len(fam.columns))
	values := make([][]int, len(fam.columns))
	for p, i := range fam.members {
		x.all.add(p)
		if f.letters[i].cell == nil {
			x.rest.add(p)
		}
		for _, m := range f.letters[i].marks {
			counts[m.column]++
			if m.kinds&(isObject|isArray) == 0 {
				leaves[m.column]++
			}
			if c := &fam.columns[m.column]; m.value >= 0 && !c.many {
				if values[m.column] == nil {
					values[m.column] = make([]int, mostValues)
				}
				values[m.column][m.value]++
			}
		}
	}
	few := max(2, x.n/1000)
	for ; ; few *= 2 {
		total := 0
		for c := range counts {
			if counts[c] >= few || few == 2 {
				total++
			}
			for _, k := range values[c] {
				if k >= few {
					total++
				}
			}
		}
		if total <= mostPredicates {
			break
		}
	}
	if few == 2 {
		few = 1 // a fault may be that of one message
	}
	x.sets(counts, values, few)
	x.fork(leaves)
	x.predicates(values, max(few, 2))
	return x
}

// sets fills the sets of the columns.
func (x *contrast) sets(counts []int, values [][]int, few int) {
	n := len(x.columns)
	x.there, x.full, x.sorts, x.paths = make([]set, n), make([]set, n), make([]map[kinds]set, n), make([]string, n)
	for c := range counts {
		if counts[c] >= few && counts[c] > 0 && !x.columns[c].ignored {
			x.there[c], x.full[c], x.sorts[c] = newSet(x.n), newSet(x.n), map[kinds]set{}
			x.paths[c] = x.path(int32(c))
		}
	}
	put := func(c int32, k kinds, p int) {
		s := x.sorts[c][k]
		if s == nil {
			s = newSet(x.n)
			x.sorts[c][k] = s
		}
		s.add(p)
	}
	for p, i := range x.members {
		for _, m := range x.letters[i].marks {
			if x.there[m.column] == nil {
				continue
			}
			x.there[m.column].add(p)
			if m.kinds&isFull != 0 {
				x.full[m.column].add(p)
			}
			if m.kinds&faulty != 0 && m.kinds&(anyValue&^isString) == 0 {
				put(m.column, isNull, p)
			} else {
				put(m.column, m.kinds.sort(), p)
			}
			if m.kinds&isBroken != 0 {
				put(m.column, isBroken, p)
			}
		}
	}
}

// fork finds the trunk: the objects, one in the other, in which more than two
// thirds of all values are.
func (x *contrast) fork(leaves []int) {
	x.trunk = make([]bool, len(x.columns))
	sum := slices.Clone(leaves)
	for c := len(x.columns) - 1; c > 0; c-- { // what is below a column comes behind it
		sum[x.columns[c].parent] += sum[c]
	}
	at, ok := x.columns[0].kids[bodyColumn]
	for ok {
		x.trunk[at] = true
		ok = false
		for _, kid := range x.columns[at].kids {
			if 3*sum[kid] > 2*sum[at] && len(x.columns[kid].kids) > 0 {
				at, ok = kid, true
				break
			}
		}
	}
}

// predicates lists what holds for some and not for all, in an order that does not
// depend on that of the messages.
func (x *contrast) predicates(values [][]int, few int) {
	wanted := map[int32][]set{}
	for c := range x.columns {
		at, there := int32(c), x.there[c]
		if there == nil || c == 0 {
			continue
		}
		x.put(predicate{what: isThere, column: at, set: there}, x.around(at))
		x.put(predicate{what: isFilled, column: at, set: x.full[c]}, there)
		sorts := 0
		for k := range x.sorts[c] {
			if k != isNull && k != isBroken {
				sorts++
			}
		}
		for k, s := range x.sorts[c] {
			switch {
			case k == isNull:
				x.put(predicate{what: isBlank, column: at, kind: k, set: s}, nil)
			case k == isBroken:
				x.put(predicate{what: isHalf, column: at, kind: k, set: s}, nil)
			case sorts > 1:
				x.put(predicate{what: isType, column: at, kind: k, set: s}, there)
			}
		}
		if x.columns[c].many {
			continue
		}
		for v, k := range values[c] {
			if k >= few {
				if wanted[at] == nil {
					wanted[at] = make([]set, mostValues)
				}
				wanted[at][v] = newSet(x.n)
			}
		}
	}
	x.fillValues(wanted)
	slices.SortFunc(x.list, func(a, b predicate) int {
		return cmp.Or(cmp.Compare(x.paths[a.column], x.paths[b.column]), cmp.Compare(a.what, b.what),
			cmp.Compare(a.kind, b.kind), strings.Compare(a.value, b.value))
	})
}

func (x *contrast) fillValues(wanted map[int32][]set) {
	for p, i := range x.members {
		for _, m := range x.letters[i].marks {
			if w := wanted[m.column]; w != nil && m.value >= 0 && w[m.value] != nil {
				w[m.value].add(p)
			}
		}
	}
	for at, sets := range wanted {
		for v, s := range sets {
			if s != nil {
				x.put(predicate{what: isValue, column: at, value: x.columns[at].texts[v], set: s}, nil)
			}
		}
	}
}

// put takes a predicate that tells some from others. One that only says what holds
// around it says nothing.
func (x *contrast) put(p predicate, around set) {
	p.n = p.set.count()
	if p.n == 0 || p.n == x.n || around != nil && p.n == around.count() {
		return
	}
	x.list = append(x.list, p)
}

// around is where a column can be: where what it is in has something in it.
func (x *contrast) around(at int32) set {
	parent := x.columns[at].parent
	if parent <= 0 || x.columns[parent].parent == 0 && x.columns[parent].name != bodyColumn || x.full[parent] == nil {
		return x.all
	}
	return x.full[parent]
}

// outer is the column of the array whose elements a column is, else itself, for
// elements have no name of their own.
func (x *contrast) outer(at int32) int32 {
	for x.columns[at].name == "[]" {
		at = x.columns[at].parent
	}
	return at
}

// below tells whether a column is in another.
func (x *contrast) below(at, other int32) bool {
	for at > 0 {
		if at = x.columns[at].parent; at == other {
			return true
		}
	}
	return false
}

// say is a predicate as a sentence.
func (x *contrast) say(p predicate) string {
	path := strings.Replace(x.paths[x.outer(p.column)], arrange.AttributePlace, "attribute ", 1)
	switch p.what {
	case isThere:
		return path + " is there"
	case isFilled:
		return path + " has something in it"
	case isType:
		return fmt.Sprintf("%s is %s", path, p.kind)
	case isBlank:
		return path + " is empty"
	case isHalf:
		return path + " ends in half a character"
	}
	return fmt.Sprintf("%s is %q", path, p.value)
}

// name is a predicate for the key of a cell.
func (x *contrast) name(p predicate) string {
	return fmt.Sprintf("%s %d %d %s", x.paths[p.column], p.what, p.kind, p.value)
}
