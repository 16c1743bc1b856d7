package widget

import (
	"slices"

	"sqscope/themes"
	"sqscope/ui/text"
)

// Column is a column of a [Table]. Widths are in cells.
type Column struct {
	Title    string
	Right    bool // numbers
	Min      int  // a table that is narrower than its columns' Min leaves columns out
	Whole    int  // likewise, for texts that are not to be cut although most take less; 0: as Min
	Max      int  // a column whose Max is 0 is not there
	Middle   bool // texts that are too long are cut in their middle, where they differ least
	Flex     int  // the share of what is left over when all texts have room
	Priority int  // the column with the highest is left out first; those with 0 after all others
}

// Cell is what stands in a row and column.
type Cell struct {
	Text  text.Safe
	Fill  func(w int) text.Safe // draws into the room that the column has, instead of Text
	Role  themes.Role
	Found []int // offsets in Text of the ASCII characters that a search has found, in order
}

// Table shows rows that are known by a key. It holds the keys and not the
// positions: whatever order the rows come in, the cursor stays on its row, at
// its place on the screen, and marks stay on theirs. It asks for the cells of
// the visible rows only, so that moving and drawing cost the same for any
// number of rows.
type Table[K comparable] struct {
	columns []Column
	n       int
	key     func(i int) K
	cell    func(i, col int) Cell

	cursor K // valid if held
	held   bool
	at     int // the row of the cursor
	top    int // the first visible row
	rows   int // visible rows when last drawn

	marked map[K]struct{}
	order  []K // of marking

	sorted    int
	ascending bool

	width   int
	drawn   []span // the columns as they were drawn last
	natural []int  // what each column's texts have needed since the width changed
	cells   []Cell
}

// NewTable makes a table without rows.
func NewTable[K comparable](columns []Column) *Table[K] {
	return &Table[K]{columns: columns, marked: map[K]struct{}{}, sorted: -1, natural: make([]int, len(columns))}
}

// span is the cells that a column took, the first and the one behind the last.
type span struct{ column, from, to int }

// SetColumns replaces the columns. The cursor and marks stay.
func (t *Table[K]) SetColumns(columns []Column) {
	t.columns, t.natural, t.drawn = columns, make([]int, len(columns)), nil
}

// ColumnAt is the column that stands x cells from the left of the last View, if
// y is its header line.
func (t *Table[K]) ColumnAt(x, y int) (column int, ok bool) {
	for _, s := range t.drawn {
		if y == 0 && x >= s.from && x < s.to {
			return s.column, true
		}
	}
	return 0, false
}

// SetSort puts the sort mark on a column; below zero there is none.
func (t *Table[K]) SetSort(col int, ascending bool) { t.sorted, t.ascending = col, ascending }

// SetRows gives the table its rows. Keys are distinct. The cursor stays with
// its key; if that is gone, the cursor goes to the row that now stands where it
// stood. The functions are called while the table is drawn, for visible rows,
// and must not block.
func (t *Table[K]) SetRows(n int, key func(i int) K, cell func(i, col int) Cell) {
	t.n, t.key, t.cell = n, key, cell
	if n == 0 {
		return // the cursor waits for its key to come back
	}
	at := t.at
	if t.held {
		if i := t.find(t.cursor); i >= 0 {
			at = i
		}
	}
	t.top += at - t.at
	t.set(at)
}

// find looks for a key from the cursor's place outwards, because most rows do
// not move far.
func (t *Table[K]) find(k K) int {
	for d := 0; d <= max(t.at, t.n-1); d++ {
		if i := t.at + d; i < t.n && t.key(i) == k {
			return i
		}
		if i := t.at - d; i >= 0 && i < t.n && t.key(i) == k {
			return i
		}
	}
	return -1
}

// set puts the cursor on a row and scrolls as little as is needed to show it.
func (t *Table[K]) set(at int) {
	if t.n == 0 {
		return
	}
	t.at = min(max(at, 0), t.n-1)
	t.cursor, t.held = t.key(t.at), true
	t.scroll()
}

func (t *Table[K]) scroll() {
	t.top = min(t.top, t.at, max(0, t.n-t.rows))
	t.top = max(t.top, t.at-max(t.rows, 1)+1, 0)
}

// Len is the number of rows.
func (t *Table[K]) Len() int { return t.n }

// Move moves the cursor by so many rows, up if negative, to the first or last
// one at most.
func (t *Table[K]) Move(by int) {
	t.set(min(max(by, -t.n), t.n) + t.at)
}

// Top moves the cursor to the first row.
func (t *Table[K]) Top() { t.set(0) }

// Bottom moves the cursor to the last row.
func (t *Table[K]) Bottom() { t.set(t.n - 1) }

// Page is how many rows a page has, at least one.
func (t *Table[K]) Page() int { return max(t.rows, 1) }

// Key is the key of the row under the cursor; ok is false without rows.
func (t *Table[K]) Key() (k K, ok bool) {
	if t.n == 0 {
		return k, false
	}
	return t.cursor, t.held
}

// Select moves the cursor to a key and tells whether there is such a row.
func (t *Table[K]) Select(k K) bool {
	i := t.find(k)
	if i >= 0 {
		t.set(i)
	}
	return i >= 0
}

// At is the row of the cursor, counted from zero.
func (t *Table[K]) At() int { return t.at }

// SelectRow moves the cursor to a row, counted from zero, as [Table.RowAt]
// finds it for a click.
func (t *Table[K]) SelectRow(i int) { t.set(i) }

// RowAt is the row that stands y lines below the top of the last View.
func (t *Table[K]) RowAt(y int) (i int, ok bool) {
	i = t.top + y - 1 // under the header
	return i, y >= 1 && y <= t.rows && i < t.n
}

// Visible are the rows on the screen, from first up to but without last.
func (t *Table[K]) Visible() (first, last int) { return t.top, min(t.top+t.rows, t.n) }

// CursorY is how many lines below the top of the last View the cursor's row
// stands.
func (t *Table[K]) CursorY() int { return t.at - t.top + 1 }

// Position is what of the rows is visible, in words: 1-20 of 93.
func (t *Table[K]) Position() text.Safe {
	first, last := t.Visible()
	if last <= first {
		return text.Sprintf("0 of %d", t.n)
	}
	return text.Sprintf("%d-%d of %d", first+1, last, t.n)
}

// ToggleMark marks the row under the cursor or takes its mark away.
func (t *Table[K]) ToggleMark() {
	k, ok := t.Key()
	if !ok {
		return
	}
	if _, marked := t.marked[k]; marked {
		t.Unmark(k)
		return
	}
	t.mark(k)
}

// Mark marks a key, also one that is not among the rows.
func (t *Table[K]) Mark(k K) { t.mark(k) }

// IsMarked tells whether a key is marked.
func (t *Table[K]) IsMarked(k K) bool { _, marked := t.marked[k]; return marked }

func (t *Table[K]) mark(k K) {
	if _, marked := t.marked[k]; !marked {
		t.marked[k] = struct{}{}
		t.order = append(t.order, k)
	}
}

// MarkAll marks all rows that there are now.
func (t *Table[K]) MarkAll() {
	for i := range t.n {
		t.mark(t.key(i))
	}
}

// Unmark takes the mark of a key away, also of one that is not among the rows.
func (t *Table[K]) Unmark(k K) {
	if _, marked := t.marked[k]; marked {
		delete(t.marked, k)
		t.order = slices.DeleteFunc(t.order, func(o K) bool { return o == k })
	}
}

// UnmarkAll takes all marks away.
func (t *Table[K]) UnmarkAll() {
	clear(t.marked)
	t.order = nil
}

// Marked are the keys that are marked, in the order in which they were, also
// those that a filter hides now.
func (t *Table[K]) Marked() []K { return slices.Clone(t.order) }
