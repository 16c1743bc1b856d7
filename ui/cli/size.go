package cli

import (
	"strconv"
	"strings"
)

// The sizes of a frame that can be drawn, in cells.
const (
	leastWidth, leastHeight = 20, 5
	mostWidth, mostHeight   = 1000, 1000
)

// ParseSize reads the size of a frame, as 120x32; "" is no size. The error is a
// [Usage].
func ParseSize(s string) (w, h int, err error) {
	if s == "" {
		return 0, 0, nil
	}
	columns, lines, _ := strings.Cut(s, "x")
	w, errW := strconv.Atoi(columns)
	h, errH := strconv.Atoi(lines)
	if errW != nil || errH != nil {
		return 0, 0, Usagef("--size is %q and must be columns and lines, as 120x32", s)
	}
	if w < leastWidth || h < leastHeight || w > mostWidth || h > mostHeight {
		return 0, 0, Usagef("--size is %q and must be from %dx%d to %dx%d", s, leastWidth, leastHeight, mostWidth, mostHeight)
	}
	return w, h, nil
}
