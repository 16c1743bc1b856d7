package document

import (
	"context"
	"hash/maphash"
	"strings"
)

// Op says what became of a line or a value.
type Op int

// What becomes of a line (Same, Added, Removed) and of a value (Added, Removed,
// Changed).
const (
	Same Op = iota
	Added
	Removed
	Changed
)

// Line is a line of the comparison of two texts.
type Line struct {
	Op   Op     // Same, Added or Removed
	A, B int    // its number in each text, from 1; 0 where it is not in that text
	Text string // without its end
}

// CompareLines is how the second text comes from the first one, line by line, with
// few differences: removed lines stand before the added ones in their place. Of
// texts that have almost nothing in common, or when the context ends, all that
// lies between the first and the last difference is removed and added.
func CompareLines(ctx context.Context, a, b string) []Line {
	seed := maphash.MakeSeed()
	linesA, linesB := strings.Split(a, "\n"), strings.Split(b, "\n")
	steps := script(ctx, hashes(seed, linesA), hashes(seed, linesB))
	out := make([]Line, 0, max(len(linesA), len(linesB)))
	i, j := 0, 0
	for _, s := range steps {
		for range s.same {
			out = append(out, Line{Same, i + 1, j + 1, linesA[i]})
			i, j = i+1, j+1
		}
		for range s.gone {
			out = append(out, Line{Removed, i + 1, 0, linesA[i]})
			i++
		}
		for range s.added {
			out = append(out, Line{Added, 0, j + 1, linesB[j]})
			j++
		}
	}
	return out
}

// hashes stand for the lines: two that differ have the same one about once in
// 2^64 comparisons.
func hashes(seed maphash.Seed, lines []string) []uint64 {
	out := make([]uint64, len(lines))
	for i, l := range lines {
		out[i] = maphash.String(seed, l)
	}
	return out
}
