package tomlfile

import (
	"slices"
	"strings"
)

// OneOf says in words what was expected where a name is none of the known ones,
// and which of them may have been meant.
func OneOf(name string, known []string) string {
	if len(known) == 0 {
		return "nothing here"
	}
	s := "one of " + strings.Join(known, ", ")
	switch near := Near(name, known); len(near) {
	case 0:
		return s
	case 1:
		return s + "; did you mean " + near[0] + "?"
	default:
		return s + "; did you mean " + strings.Join(near[:len(near)-1], ", ") + " or " + near[len(near)-1] + "?"
	}
}

// Near are the known names that somebody may have meant who wrote this one, the
// nearest first and three at most: those that a few slips (a letter too many,
// too few, wrong, or two in the wrong order) lead to, and then those that three
// letters or more are the beginning of, whatever their case.
func Near(name string, known []string) []string {
	type match struct {
		name  string
		slips int
	}
	var found []match
	allowed := min(max(1, len(name)/3), 3)
	for _, k := range known {
		if n := slips([]rune(strings.ToLower(name)), []rune(strings.ToLower(k)), allowed); n <= allowed {
			found = append(found, match{k, n})
		} else if len(name) > 2 && len(k) > len(name) && strings.EqualFold(k[:len(name)], name) {
			found = append(found, match{k, len(k)}) // many more letters than slips may be
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return a.slips - b.slips })
	var names []string
	for _, m := range found[:min(len(found), 3)] {
		names = append(names, m.name)
	}
	return names
}

// slips is the edit distance of two words with neighbours swapped as one step,
// or anything above the limit if it is above that.
func slips(a, b []rune, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	var before, last, row []int // the rows of the last letters but one, but none, and this
	for j := range len(b) + 1 {
		last = append(last, j)
	}
	for i := 1; i <= len(a); i++ {
		row = append(row[:0], i)
		for j := 1; j <= len(b); j++ {
			n := last[j-1]
			if a[i-1] != b[j-1] {
				n++
			}
			n = min(n, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				n = min(n, before[j-2]+1)
			}
			row = append(row, n)
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
