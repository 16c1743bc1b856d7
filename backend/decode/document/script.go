package document

import "context"

// A step of the way from one list to another: so many alike, then so many only in
// the first, then so many only in the second.
type step struct{ same, gone, added int }

// searchSteps is how much work is spent on the shortest way between two lists.
// Beyond it the middle of them is taken as gone and added.
const searchSteps = 4_000_000

// script is the way from a to b with the fewest differences, by Myers' greedy
// search. What both begin and end with is taken off first.
func script(ctx context.Context, a, b []uint64) []step {
	front, back := 0, 0
	for front < len(a) && front < len(b) && a[front] == b[front] {
		front++
	}
	for back < len(a)-front && back < len(b)-front && a[len(a)-1-back] == b[len(b)-1-back] {
		back++
	}
	a, b = a[front:len(a)-back], b[front:len(b)-back]
	middle := []step{{gone: len(a), added: len(b)}}
	if len(a) > 0 && len(b) > 0 {
		if way, ok := search(ctx, a, b); ok {
			middle = way
		}
	}
	steps := append([]step{{same: front}}, middle...)
	return gather(append(steps, step{same: back}))
}

// gather joins steps so that each begins where the one before has ended in
// differences.
func gather(steps []step) []step {
	var out []step
	for _, s := range steps {
		if n := len(out); n > 0 && (s.same == 0 || out[n-1].gone+out[n-1].added == 0) {
			last := &out[n-1]
			last.same, last.gone, last.added = last.same+s.same, last.gone+s.gone, last.added+s.added
			continue
		}
		out = append(out, s)
	}
	return out
}

// search finds the way, or gives up. reach[d] is how far in a one gets on each
// diagonal x-y = -d, -d+2 … d with d differences.
func search(ctx context.Context, a, b []uint64) ([]step, bool) {
	var reach [][]int32
	work := 0
	for d := 0; ; d++ {
		if work += d; work > searchSteps || ctx.Err() != nil {
			return nil, false
		}
		row := make([]int32, d+1)
		for i := range row {
			x := int(start(reach, d, i))
			y := x - (2*i - d)
			from := x
			for x < len(a) && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
			}
			work += x - from
			row[i] = int32(x)
			if x == len(a) && y == len(b) {
				return walk(append(reach, row), a, b, i), true
			}
		}
		reach = append(reach, row)
	}
}

// start is where one stands on a diagonal after the difference that leads there:
// down from the diagonal above, or right from the one below, whichever is
// farther.
func start(reach [][]int32, d, i int) int32 {
	if d == 0 {
		return 0
	}
	last := reach[d-1]
	switch {
	case i == 0:
		return last[0]
	case i == d || last[i-1]+1 > last[i]:
		return last[i-1] + 1
	}
	return last[i]
}

// walk goes the way back from its end.
func walk(reach [][]int32, a, b []uint64, i int) []step {
	steps := make([]step, len(reach))
	x := len(a)
	for d := len(reach) - 1; d >= 0; d-- {
		from := start(reach, d, i)
		steps[d].same = x - int(from)
		if d == 0 {
			break
		}
		last := reach[d-1]
		if i > 0 && (i == d || last[i-1]+1 > last[i]) {
			i, x = i-1, int(last[i-1])
			steps[d].gone = 1
		} else {
			x = int(last[i])
			steps[d].added = 1
		}
	}
	// A step of this search is a difference and then what is alike.
	out := make([]step, 0, len(steps)+1)
	for _, s := range steps {
		out = append(out, step{gone: s.gone, added: s.added}, step{same: s.same})
	}
	return out
}
