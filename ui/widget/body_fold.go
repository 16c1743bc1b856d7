package widget

import (
	"slices"
	"sort"
	"strings"

	"sqscope/backend/decode/document"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// folds are those of the document.
func (b *Body) folds() []document.Fold {
	if b.doc == nil || b.doc.pretty == nil {
		return nil
	}
	return b.doc.pretty.Folds
}

// Foldable tells whether there is anything to fold.
func (b *Body) Foldable() bool { return len(b.folds()) > 0 }

// Folded tells whether something is folded away.
func (b *Body) Folded() bool { return b.rows != nil }

// FoldHere folds what begins in the line of the cursor, or what the line stands
// in. It tells whether there was something to fold.
func (b *Body) FoldHere() bool {
	if !b.Foldable() {
		return false
	}
	line, folds := b.doc.line(b.row(b.at)), b.folds()
	at := b.begins(line)
	if at < 0 || b.isFolded(at) {
		at = b.around(line)
	}
	if at < 0 {
		return false
	}
	b.set(at, true)
	b.fold()
	b.at = b.place(int(b.doc.starts[b.doc.lines[folds[at].First]]))
	b.follow()
	return true
}

// UnfoldHere unfolds what begins in the line of the cursor. It tells whether
// that was folded.
func (b *Body) UnfoldHere() bool {
	if b.shown() == 0 {
		return false
	}
	f := b.foldedLine(b.row(b.at))
	if f < 0 {
		return false
	}
	b.set(f, false)
	b.refold(b.doc.starts[b.row(b.at)])
	return true
}

// FoldTo folds all containers at this depth and below; the whole document is at
// depth 0. A depth below 1 is taken as 1.
func (b *Body) FoldTo(depth int) {
	if !b.Foldable() {
		return
	}
	here := b.doc.starts[b.row(b.at)]
	b.level = max(depth, 1)
	b.folded = make([]bool, len(b.folds()))
	var open []int // the last lines of those that this one stands in
	for i, f := range b.folds() {
		for len(open) > 0 && open[len(open)-1] < f.First {
			open = open[:len(open)-1]
		}
		b.folded[i] = len(open) >= b.level
		open = append(open, f.Last)
	}
	b.refold(here)
}

// Deeper unfolds one level more than [Body.FoldTo] left open.
func (b *Body) Deeper() {
	if b.level > 0 {
		b.FoldTo(b.level + 1)
	}
}

// UnfoldAll unfolds everything.
func (b *Body) UnfoldAll() {
	if b.shown() == 0 {
		return
	}
	here := b.doc.starts[b.row(b.at)]
	b.folded, b.level = nil, 0
	b.refold(here)
}

// refold shows what the folds leave, with the cursor where this byte is.
func (b *Body) refold(here int32) {
	above := b.at - b.top
	b.fold()
	b.at = b.place(int(here))
	b.top = b.at - above
	b.follow()
}

func (b *Body) isFolded(fold int) bool { return b.folded != nil && b.folded[fold] }

func (b *Body) set(fold int, folded bool) {
	if b.folded == nil {
		b.folded = make([]bool, len(b.folds()))
	}
	b.folded[fold] = folded
}

// fold makes the rows that are shown.
func (b *Body) fold() {
	b.rows = nil
	if !slices.Contains(b.folded, true) {
		return
	}
	d, next := b.doc, 0 // the first line that nothing has been decided about
	rows := make([]int32, 0, 256)
	upTo := func(line int) {
		for row := d.lines[next]; row < d.rowOf(line); row++ {
			rows = append(rows, row)
		}
	}
	for i, f := range b.folds() {
		if b.folded[i] && f.First >= next {
			upTo(f.First + 1)
			next = f.Last + 1
		}
	}
	if next < len(d.lines) {
		upTo(len(d.lines))
	}
	b.rows = rows
}

// begins is the fold that begins in a line, or -1.
func (b *Body) begins(line int) int {
	folds := b.folds()
	i := sort.Search(len(folds), func(i int) bool { return folds[i].First >= line })
	if i < len(folds) && folds[i].First == line {
		return i
	}
	return -1
}

// around is the innermost fold that a line stands in, the line of its beginning
// aside, or -1.
func (b *Body) around(line int) int {
	folds := b.folds()
	i := sort.Search(len(folds), func(i int) bool { return folds[i].First >= line }) - 1
	for i >= 0 && folds[i].Last < line {
		i--
	}
	return i
}

// foldedLine is the fold that begins in the line of a row and is folded, or -1.
func (b *Body) foldedLine(row int) int {
	if b.rows == nil {
		return -1
	}
	f := b.begins(b.doc.line(row))
	if f < 0 || !b.folded[f] {
		return -1
	}
	return f
}

// foldedRow is the same for the last row of the line alone, which shows it.
func (b *Body) foldedRow(row int) int {
	f := b.foldedLine(row)
	if f >= 0 && b.doc.rowOf(b.folds()[f].First+1) != int32(row)+1 {
		return -1
	}
	return f
}

// foldWords stand for what a fold hides: its end, and how much is in it.
func (b *Body) foldWords(fold int) text.Safe {
	f := b.folds()[fold]
	noun := "member"
	if f.Kind == document.Array {
		noun = "element"
	}
	end := strings.TrimLeft(b.doc.text[b.doc.starts[b.doc.lines[f.Last]]:], " ")
	end, _, _ = strings.Cut(end[:min(len(end), 2)], "\n")
	return text.Sprintf(" … %s  %s", end, format.Plural(f.Entries, noun))
}

// reveal unfolds what hides a byte of the text.
func (b *Body) reveal(offset int) {
	if b.rows == nil {
		return
	}
	line, changed := b.doc.line(b.doc.row(offset)), false
	for f := b.around(line); f >= 0; f = b.around(b.folds()[f].First) {
		changed = changed || b.folded[f]
		b.folded[f] = false
	}
	if changed {
		b.fold()
	}
}
