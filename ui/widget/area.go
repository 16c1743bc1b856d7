package widget

import (
	"strings"

	"sqscope/ui/text"
)

// Area is a text field of several lines, wrapped where the field ends. Its
// value is what was typed and pasted, to the byte; what is shown of it is safe.
// It stays quick for bodies of many KiB: a key costs what the line costs that
// it is typed in.
type Area struct {
	Placeholder text.Safe // shown while there is no value

	lines []areaLine
	row   int // the cursor's line, and the byte in it before which it stands
	at    int
	goal  int // the cell that up and down keep to, or -1
	top   int // the first row shown, wrapped lines counted
	width int // of the rows, when last drawn
	rows  int // how many, when last drawn
}

// areaLine is a line of the value with the bytes where its rows begin. starts
// is nil until it is known for the present width.
type areaLine struct {
	s      string
	starts []int
}

// NewArea makes an empty field.
func NewArea() Area { return Area{lines: make([]areaLine, 1), goal: -1} }

// Value is what was typed.
func (a *Area) Value() string {
	var b strings.Builder
	b.Grow(a.Bytes())
	for i, l := range a.lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.s)
	}
	return b.String()
}

// Bytes is the length of the value.
func (a *Area) Bytes() int {
	n := len(a.lines) - 1
	for _, l := range a.lines {
		n += len(l.s)
	}
	return n
}

// SetValue replaces the value and puts the cursor behind it.
func (a *Area) SetValue(s string) {
	a.lines, a.row, a.at, a.top, a.goal = make([]areaLine, 1), 0, 0, 0, -1
	a.insert(s)
}

// Paste inserts text at the cursor as it is, but for the line ends of other
// systems, which become \n.
func (a *Area) Paste(s string) {
	a.goal = -1
	a.insert(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s))
}

func (a *Area) insert(s string) {
	line := a.lines[a.row].s
	parts := strings.Split(s, "\n")
	last := len(parts) - 1
	end := len(parts[last])
	if last == 0 {
		end += a.at
	}
	parts[0] = line[:a.at] + parts[0]
	parts[last] += line[a.at:]
	added := make([]areaLine, 0, len(parts)+len(a.lines)-a.row-1)
	for _, p := range parts {
		added = append(added, areaLine{s: p})
	}
	a.lines = append(a.lines[:a.row], append(added, a.lines[a.row+1:]...)...)
	a.row += last
	a.at = whole(a.lines[a.row].s, end)
}

// Key takes a key as Bubble Tea names it, and the text that it types, if any.
// It tells whether the value has changed.
func (a *Area) Key(stroke, typed string) bool {
	switch stroke {
	case "up":
		a.vertical(-1)
		return false
	case "down":
		a.vertical(1)
		return false
	case "pgup":
		a.vertical(-max(a.rows, 1))
		return false
	case "pgdown":
		a.vertical(max(a.rows, 1))
		return false
	}
	a.goal = -1
	line := &a.lines[a.row]
	switch {
	case stroke == "enter" || stroke == "shift+enter" || stroke == "ctrl+j":
		a.insert("\n")
		return true
	case stroke == "ctrl+home":
		a.row, a.at = 0, 0
		return false
	case stroke == "ctrl+end":
		a.row = len(a.lines) - 1
		a.at = len(a.lines[a.row].s)
		return false
	}
	if a.at == 0 && a.row > 0 {
		if changed, done := a.joinAbove(stroke); done {
			return changed
		}
	}
	if a.at == len(line.s) && a.row < len(a.lines)-1 {
		if changed, done := a.joinBelow(stroke); done {
			return changed
		}
	}
	s, at, changed, known := edit(line.s, a.at, stroke)
	if known {
		a.at = at
		if changed {
			*line = areaLine{s: s}
		}
		return changed
	}
	if typed != "" {
		a.insert(typed)
	}
	return typed != ""
}

// joinAbove is what keys do that go over the beginning of a line.
func (a *Area) joinAbove(stroke string) (changed, done bool) {
	switch stroke {
	case "left", "ctrl+b", "alt+left", "ctrl+left", "alt+b":
		a.row--
		a.at = len(a.lines[a.row].s)
		return false, true
	case "backspace", "shift+backspace", "ctrl+h", "ctrl+w", "alt+backspace", "ctrl+backspace", "ctrl+u":
		a.row--
		a.at = len(a.lines[a.row].s)
		a.join()
		return true, true
	}
	return false, false
}

// joinBelow is what keys do that go over the end of a line.
func (a *Area) joinBelow(stroke string) (changed, done bool) {
	switch stroke {
	case "right", "ctrl+f", "alt+right", "ctrl+right", "alt+f":
		a.row, a.at = a.row+1, 0
		return false, true
	case "delete", "ctrl+d", "ctrl+k", "alt+d", "alt+delete", "ctrl+delete":
		a.join()
		return true, true
	}
	return false, false
}

// join puts the next line behind the present one.
func (a *Area) join() {
	a.lines[a.row] = areaLine{s: a.lines[a.row].s + a.lines[a.row+1].s}
	a.lines = append(a.lines[:a.row+1], a.lines[a.row+2:]...)
	a.at = whole(a.lines[a.row].s, a.at)
}
