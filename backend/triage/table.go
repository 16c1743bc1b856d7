package triage

import (
	"math"
	"math/bits"
	"strings"

	"sqscope/backend/triage/arrange"
)

// How much of a message is looked at, and how many values of a column are told
// apart. What is beyond makes no difference to a group.
const (
	deepest      = 24
	mostMarks    = 1500 // columns of a message
	mostColumns  = 4000 // of a family
	mostValues   = 48   // of a column; one with more has no values that tell anything
	longestValue = 160  // bytes
)

// column is a place that messages may have a value in: a member by its path, or
// an attribute. The elements of an array share one.
type column struct {
	name    string // of the member; "[]" of the elements of an array
	parent  int32
	depth   int
	inArray bool
	ignored bool
	kids    map[string]int32
	values  map[string]int32
	texts   []string // of the values
	many    bool     // more values than are told apart
}

// table is the columns of a family. The first is the root of them all.
type table struct {
	columns []column
	ignore  []string

	marks []mark // of the message that is being read
	at    []int  // for each column its mark; -1: none
	left  int
}

func newTable(ignore []string) table {
	t := table{ignore: ignore}
	t.columns = append(t.columns, column{parent: -1})
	t.at = append(t.at, -1)
	return t
}

func (t *table) begin() { t.marks, t.left = nil, mostMarks*4 }

func (t *table) end() []mark {
	for _, m := range t.marks {
		t.at[m.column] = -1
	}
	return t.marks
}

// full tells whether enough of a message was looked at.
func (t *table) full() bool { t.left--; return t.left < 0 || len(t.marks) >= mostMarks }

// kid is a column below another. Names that are ids are one column together.
func (t *table) kid(parent int32, name string) int32 {
	p := &t.columns[parent]
	if parent != 0 {
		name = key(name)
	}
	if at, ok := p.kids[name]; ok {
		return at
	}
	if len(t.columns) >= mostColumns {
		return parent
	}
	at := int32(len(t.columns))
	c := column{name: name, parent: parent, depth: p.depth + 1, inArray: p.inArray || name == "[]"}
	if p.kids == nil {
		p.kids = map[string]int32{}
	}
	p.kids[name] = at
	c.ignored = p.ignored
	t.columns, t.at = append(t.columns, c), append(t.at, -1)
	for _, path := range t.ignore {
		if path == t.path(at) {
			t.columns[at].ignored = true
		}
	}
	return at
}

// key is the name of a member, or * for one that is a value: a map by ids would
// have as many columns as messages.
func key(name string) string {
	digits := 0
	for i := range len(name) {
		if c := name[i]; c >= '0' && c <= '9' {
			digits++
		}
	}
	if digits >= 4 || digits > 0 && digits == len(name) || len(name) > 80 {
		return "*"
	}
	return name
}

// path is where a column is, as rules and people write it.
func (t *table) path(at int32) string {
	var parts []string
	for ; at > 0; at = t.columns[at].parent {
		parts = append(parts, t.columns[at].name)
	}
	if len(parts) == 0 {
		return "."
	}
	kind := parts[len(parts)-1]
	switch {
	case kind == bodyColumn:
	case len(parts) == 1:
		return kind
	case kind == envelopeColumn:
		return envelopeColumn + " " + parts[0]
	default:
		return arrange.AttributePlace + parts[0]
	}
	var b strings.Builder
	for i := len(parts) - 2; i >= 0; i-- {
		if parts[i] != "[]" {
			b.WriteByte('.')
		}
		if parts[i] != "[]" && strings.ContainsAny(parts[i], ".[] \t\n") {
			b.WriteString(`"` + parts[i] + `"`)
		} else {
			b.WriteString(parts[i])
		}
	}
	if b.Len() == 0 || b.String()[0] != '.' {
		return "." + b.String()
	}
	return b.String()
}

// body is the column of the body itself.
func (t *table) body() int32 { return t.kid(0, bodyColumn) }

func (t *table) container(at int32, kind kinds, n int) {
	if n > 0 {
		kind |= isFull
	}
	t.add(at, kind, -1)
}

// mark notes that the message has a value in a column.
func (t *table) mark(at int32, kind kinds, value string) {
	c := &t.columns[at]
	code := int32(-1)
	if !c.many && !c.inArray && kind&faulty == 0 && len(value) <= longestValue {
		var ok bool
		if code, ok = c.values[value]; !ok {
			code = c.value(value)
		}
	}
	t.add(at, kind, code)
}

func (c *column) value(s string) int32 {
	if len(c.texts) == mostValues {
		c.many, c.values = true, nil
		return -1
	}
	if c.values == nil {
		c.values = map[string]int32{}
	}
	at := int32(len(c.texts))
	c.values[s], c.texts = at, append(c.texts, s)
	return at
}

func (t *table) add(at int32, kind kinds, value int32) {
	if i := t.at[at]; i >= 0 {
		t.marks[i].kinds |= kind
		if value >= 0 {
			t.marks[i].value = value
		}
		return
	}
	t.at[at] = len(t.marks)
	t.marks = append(t.marks, mark{at, kind, value})
}

// set is a set of the messages of a family.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) add(i int) { s[i/64] |= 1 << (i % 64) }

func (s set) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// common is how many are in both.
func (s set) common(o set) (n int) {
	for i, w := range s {
		n += bits.OnesCount64(w & o[i])
	}
	return n
}

// within tells whether all are in the other.
func (s set) within(o set) bool {
	for i, w := range s {
		if w&^o[i] != 0 {
			return false
		}
	}
	return true
}

func (s set) and(o set) set {
	out := make(set, len(s))
	for i, w := range s {
		out[i] = w & o[i]
	}
	return out
}

func (s set) without(o set) set {
	out := make(set, len(s))
	for i, w := range s {
		out[i] = w &^ o[i]
	}
	return out
}

func (s set) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// all are the members in order.
func (s set) all() []int {
	var out []int
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			out = append(out, i*64+bits.TrailingZeros64(w))
		}
	}
	return out
}

// least tells whether a share is more than by chance: k of n, with the lower end
// of Wilson's 95 % interval.
func least(k, n int) float64 {
	if n == 0 {
		return 0
	}
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	return (p + z*z/(2*m) - z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))) / (1 + z*z/m)
}
