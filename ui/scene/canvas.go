package scene

import (
	"strings"

	"sqscope/themes"
	"sqscope/ui/text"
)

// canvas is a grid of cells to draw on.
type canvas struct {
	w, h  int
	cells []cell
}

// cell is a character in a role. One that is two cells wide has an empty one
// behind it.
type cell struct {
	s      string // "": the right half of the one before
	role   themes.Role
	chosen bool
	wires  uint8 // where lines go from here, as a set
}

func newCanvas(w, h int) *canvas {
	c := &canvas{w: w, h: h, cells: make([]cell, max(w*h, 0))}
	for i := range c.cells {
		c.cells[i].s = " "
	}
	return c
}

func (c *canvas) at(x, y int) *cell {
	if x < 0 || y < 0 || x >= c.w || y >= c.h {
		return nil
	}
	return &c.cells[y*c.w+x]
}

// set puts a character of one cell.
func (c *canvas) set(x, y int, s string, role themes.Role) {
	if at := c.at(x, y); at != nil {
		at.s, at.role, at.wires = s, role, 0
	}
}

// text puts a text and tells where it ends.
func (c *canvas) text(x, y int, s text.Safe, role themes.Role) int {
	marked := s.Marked()
	for rest, done := s.String(), 0; rest != ""; {
		n, cells, _ := text.Measure(rest)
		r := role
		for _, m := range marked {
			if done >= m.Start && done < m.End {
				r = themes.Foreign
			}
		}
		right := c.at(x+1, y)
		if at := c.at(x, y); at != nil && cells > 0 && (cells == 1 || right != nil) {
			at.s, at.role = rest[:n], r
			if cells == 2 {
				right.s = ""
			}
		}
		rest, done, x = rest[n:], done+n, x+cells
	}
	return x
}

// right puts a text that ends before x.
func (c *canvas) right(x, y int, s text.Safe, role themes.Role) int {
	from := x - s.Width()
	c.text(from, y, s, role)
	return from
}

// choose puts the ground of what is under the cursor under w cells.
func (c *canvas) choose(x, y, w int) {
	for i := range w {
		if at := c.at(x+i, y); at != nil {
			at.chosen = true
		}
	}
}

// The ways that a line goes from a cell.
const (
	north = 1 << iota
	east
	south
	west
)

// lines are the characters of lines by where they go.
var lines = [16]string{
	"", "╵", "╶", "└", "╷", "│", "┌", "├", "╴", "┘", "─", "┴", "┐", "┤", "┬", "┼",
}

// point is a cell of a way.
type point struct{ x, y int }

// wire draws a line along neighbouring points. Lines that meet are joined.
func (c *canvas) wire(way []point, role themes.Role) {
	for i, p := range way {
		var to uint8
		for _, j := range []int{i - 1, i + 1} {
			if j < 0 || j >= len(way) {
				continue
			}
			switch q := way[j]; {
			case q.y < p.y:
				to |= north
			case q.y > p.y:
				to |= south
			case q.x > p.x:
				to |= east
			default:
				to |= west
			}
		}
		if i == 0 || i == len(way)-1 {
			to |= opposite(to) // the ends touch what they join
		}
		if at := c.at(p.x, p.y); at != nil && (at.wires != 0 || at.s == " ") {
			at.wires |= to
			at.s, at.role = lines[at.wires], role
		}
	}
}

// opposite goes on straight. Ends lie beside a node, so only sideways.
func opposite(to uint8) uint8 {
	if to&(north|south) != 0 {
		return 0
	}
	return east | west
}

// strings are the lines of the canvas, painted.
func (c *canvas) strings(t *themes.Theme) []string {
	out := make([]string, c.h)
	var b strings.Builder
	for y := range c.h {
		b.Reset()
		row := c.cells[y*c.w : (y+1)*c.w]
		styled, role, chosen := false, themes.Text, false
		for i := range row {
			at := &row[i]
			if at.s == "" {
				continue
			}
			plain := at.s == " " && !at.chosen
			if styled && (plain || at.role != role || at.chosen != chosen) {
				b.WriteString(themes.Reset)
				styled = false
			}
			if !styled && !plain {
				if at.chosen {
					b.WriteString(t.SGR(themes.Selected))
				}
				if !at.chosen || !t.Swaps(themes.Selected) {
					b.WriteString(t.SGR(at.role))
				}
				styled, role, chosen = true, at.role, at.chosen
			}
			b.WriteString(at.s)
		}
		if styled {
			b.WriteString(themes.Reset)
		}
		out[y] = b.String()
	}
	return out
}
