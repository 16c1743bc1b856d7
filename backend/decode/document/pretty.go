package document

import (
	"sort"
	"strings"
)

// Pretty is a document on lines of its own: one for each value and one for each
// end of a container, two blanks deeper in each container. Strings, names and
// numbers stand as in the source.
type Pretty struct {
	Text  string // lines end with LF, the last one without
	Lines int
	Folds []Fold // in order of their first lines

	doc  *Doc
	line []int32 // by node, the offset where its first line begins
	end  []int32 // by node, the offset behind it
}

// Fold is a container that is not empty, on lines counted from 0.
type Fold struct {
	First, Last int // of its opening and of its closing
	Entries     int
	Kind        Kind // Object or Array
}

const (
	deepest  = 64      // levels that are set off; those below stand like the last
	blankMax = 2 << 20 // bytes of blanks at the beginnings of lines, beyond as many as the source has bytes
)

// Pretty lays the document out. Many deep containers would make it many times as
// long as its source; where that is so, fewer levels are set off.
func (d *Doc) Pretty() *Pretty {
	p := &Pretty{doc: d, line: make([]int32, len(d.nodes)), end: make([]int32, len(d.nodes))}
	w := layout{Pretty: p, levels: d.levels()}
	w.Grow(len(d.src) + len(d.src)/2 + 8*len(d.nodes))
	for i := range d.nodes {
		w.begin(int32(i))
	}
	w.closeTo(-1, 0)
	p.Text, p.Lines = w.String(), w.lines+1
	return p
}

// levels is how many levels can be set off without too many blanks.
func (d *Doc) levels() int {
	var lines [deepest + 1]int
	for i := range d.nodes {
		n := &d.nodes[i]
		lines[min(int(n.depth), deepest)]++
		if n.count > 0 {
			lines[min(int(n.depth), deepest)]++
		}
	}
	for levels := deepest; ; levels-- {
		blanks := 0
		for depth, n := range lines {
			blanks += 2 * min(depth, levels) * n
		}
		if blanks <= blankMax+len(d.src) {
			return levels
		}
	}
}

// layout writes a Pretty.
type layout struct {
	strings.Builder
	*Pretty
	levels int
	lines  int
	open   []opened
}

// opened is a container whose end is still to be written.
type opened struct {
	node int32
	fold int
}

var blanks = strings.Repeat("  ", deepest)

func (w *layout) newLine(depth int) int {
	w.WriteByte('\n')
	w.lines++
	start := w.Len()
	w.WriteString(blanks[:2*min(depth, w.levels)])
	return start
}

func (w *layout) begin(i int32) {
	n := &w.doc.nodes[i]
	if n.parent >= 0 {
		before := w.closeTo(n.parent, i-1)
		if n.index > 0 {
			w.WriteByte(',')
			w.end[before]++ // the comma belongs to the value
		}
		w.line[i] = int32(w.newLine(int(n.depth)))
	}
	if n.key < n.keyEnd {
		w.WriteString(w.doc.src[n.key:n.keyEnd])
		w.WriteString(": ")
	}
	switch {
	case n.count > 0:
		w.open = append(w.open, opened{i, len(w.Folds)})
		w.Folds = append(w.Folds, Fold{First: w.lines, Entries: int(n.count), Kind: n.kind})
		w.WriteByte(w.doc.src[n.start])
	case n.kind == Object:
		w.WriteString("{}")
	case n.kind == Array:
		w.WriteString("[]")
	default:
		w.WriteString(w.doc.src[n.start:n.end])
	}
	w.end[i] = int32(w.Len())
}

// closeTo ends the containers that the node is not in; -1 ends all. It returns
// the last one it ended, or else what it was given.
func (w *layout) closeTo(node, last int32) int32 {
	for len(w.open) > 0 && w.open[len(w.open)-1].node != node {
		o := w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		n := &w.doc.nodes[o.node]
		w.newLine(int(n.depth))
		w.WriteByte(w.doc.src[n.end-1])
		w.Folds[o.fold].Last = w.lines
		w.end[o.node] = int32(w.Len())
		last = o.node
	}
	return last
}

// NodeAt is the value at an offset of the text: the innermost one whose lines the
// offset is in. The line of a container's end belongs to the container.
func (p *Pretty) NodeAt(offset int) Node {
	at := int32(max(0, min(offset, len(p.Text))))
	i := int32(sort.Search(len(p.line), func(i int) bool { return p.line[i] > at })) - 1
	for p.end[i] < at && p.doc.nodes[i].parent >= 0 {
		i = p.doc.nodes[i].parent
	}
	return Node{p.doc, i}
}

// PathAt is the jq path of [Pretty.NodeAt].
func (p *Pretty) PathAt(offset int) string { return p.NodeAt(offset).Path() }
