package triage

import (
	"cmp"
	"slices"
	"strings"

	"sqscope/backend/triage/arrange"
)

// cell is messages that are told by the same things.
type cell struct {
	key     string
	cause   Cause
	members []int

	failure failure
	format  format
	title   string
	says    []string // evidence
	set     set      // of its family, while that is told
}

// id is the same for the same key.
func (c *cell) id() string {
	return arrange.Fingerprint(strings.Split(strings.TrimSuffix(c.key, "\x1f"), "\x1f")...)
}

// keyOf joins what tells a cell so that no two joins are one.
func keyOf(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(strings.ReplaceAll(p, "\x1f", " "))
		b.WriteByte('\x1f')
	}
	return b.String()
}

// join puts a message into the cell that these things tell.
func (f *finder) join(i int, cause Cause, parts ...string) {
	k := keyOf(parts...)
	c := f.cells[k]
	if c == nil {
		c = &cell{key: k, cause: cause}
		f.cells[k] = c
	}
	c.members = append(c.members, i)
	f.letters[i].cell = c
}

// merge makes one cell of several.
func (f *finder) merge(cells []*cell, cause Cause, parts ...string) *cell {
	one := &cell{key: keyOf(parts...), cause: cause}
	for _, c := range cells {
		delete(f.cells, c.key)
		one.members = append(one.members, c.members...)
	}
	for _, i := range one.members {
		f.letters[i].cell = one
	}
	if had := f.cells[one.key]; had != nil {
		one.members = append(one.members, had.members...)
		for _, i := range had.members {
			f.letters[i].cell = one
		}
	}
	f.cells[one.key] = one
	slices.Sort(one.members)
	return one
}

// families in an order that does not depend on that of the messages.
func (f *finder) families() []*family {
	var all []*family
	for _, fam := range f.fams {
		all = append(all, fam)
	}
	slices.SortFunc(all, func(a, b *family) int { return cmp.Compare(a.format.key(), b.format.key()) })
	return all
}
