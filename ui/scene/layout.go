package scene

import "slices"

// layout is where a plan's rows and columns come to lie in w by h cells.
type layout struct {
	w, h  int
	x, cw [columns]int // of the columns
	pitch int          // lines from row to row: one, or two of which both are used, or a third that is empty
	rows  int
	top   int // first line of the plan that is seen
}

// newLayout lays a plan out so that what is under the cursor is seen.
func newLayout(p *plan, at id, w, h int) layout {
	l := layout{w: w, h: h, rows: p.rows, pitch: 1}
	lane := 5
	if w >= 90 {
		lane = 7
	}
	l.cw[senders] = min(max(w*21/100, 15), 26)
	l.cw[receivers] = min(max(w*30/100, 22), 34)
	l.cw[queues] = w - l.cw[senders] - l.cw[receivers] - 2*lane
	l.x[queues] = l.cw[senders] + lane
	l.x[receivers] = l.x[queues] + l.cw[queues] + lane
	switch {
	case p.rows*3-1 <= h:
		l.pitch = 3
	case p.rows*2 <= h:
		l.pitch = 2
	}
	if n, ok := p.find(at); ok {
		l.top = max(0, min(n.row*l.pitch-h/2, l.height()-h))
	}
	return l
}

// height is that of the whole plan.
func (l *layout) height() int {
	if l.pitch == 3 {
		return l.rows*3 - 1
	}
	return l.rows * l.pitch
}

// y is the first line of a row, which may not be seen.
func (l *layout) y(row int) int { return row*l.pitch - l.top }

// double tells whether a node has two lines.
func (l *layout) double() bool { return l.pitch > 1 }

// lane is the middle of the lane to the right of a column.
func (l *layout) lane(col int) int {
	end := l.x[col] + l.cw[col]
	return end + (l.x[col+1]-end)/2
}

// way is how a message goes from a node to another, cell by cell, through the
// lanes. A way between the outer columns passes behind the queues.
func (l *layout) way(a, b *node) []point {
	ya, yb := l.y(a.row), l.y(b.row)
	switch {
	case a.col == b.col && a.col == receivers:
		v := l.lane(queues) + 1
		return join(across(l.x[receivers]-1, v, ya), down(v, ya, yb), across(v, l.x[receivers]-1, yb))
	case a.col == b.col:
		end, v := l.x[a.col]+l.cw[a.col], l.lane(a.col)-1
		return join(across(end, v, ya), down(v, ya, yb), across(v, end, yb))
	case a.col > b.col:
		way := l.way(b, a)
		slices.Reverse(way)
		return way
	case b.col-a.col > 1:
		v := l.lane(senders)
		left := join(across(l.x[senders]+l.cw[senders], v, ya), down(v, ya, yb), across(v, l.x[queues]-1, yb))
		return append(left, across(l.x[queues]+l.cw[queues], l.x[receivers]-1, yb)...)
	}
	v := l.lane(a.col)
	return join(across(l.x[a.col]+l.cw[a.col], v, ya), down(v, ya, yb), across(v, l.x[b.col]-1, yb))
}

func across(from, to, y int) []point {
	step := 1
	if to < from {
		step = -1
	}
	way := []point{{from, y}}
	for x := from; x != to; x += step {
		way = append(way, point{x + step, y})
	}
	return way
}

func down(x, from, to int) []point {
	step := 1
	if to < from {
		step = -1
	}
	way := []point{{x, from}}
	for y := from; y != to; y += step {
		way = append(way, point{x, y + step})
	}
	return way
}

// join puts ways one after the other, each of which begins where the one before
// ends.
func join(ways ...[]point) []point {
	var all []point
	for _, w := range ways {
		if len(all) > 0 {
			w = w[1:]
		}
		all = append(all, w...)
	}
	return all
}

// nodeAt is the node that was drawn at a cell.
func (l *layout) nodeAt(p *plan, x, y int) (id, bool) {
	for i := range p.nodes {
		n := &p.nodes[i]
		from := l.y(n.row)
		if x >= l.x[n.col] && x < l.x[n.col]+l.cw[n.col] && y >= from && y < from+min(l.pitch, 2) {
			return n.id, true
		}
	}
	return id{}, false
}
