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

	past   []areaPast
	typing bool // the last change was a character that was typed
}

// areaPast is what the field was before a change.
type areaPast struct {
	value   string
	row, at int
}

// maxPast is how many bytes of earlier values a field keeps.
const maxPast = 16 << 20

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

// SetValue replaces the value and puts the cursor behind it. Nothing before it can be
// brought back.
func (a *Area) SetValue(s string) {
	a.lines, a.row, a.at, a.top, a.goal = make([]areaLine, 1), 0, 0, 0, -1
	a.past, a.typing = nil, false
	a.insert(s)
}

// Replace is SetValue, which Undo takes back.
func (a *Area) Replace(s string) {
	a.remember(false)
	past := a.past
	a.SetValue(s)
	a.past = past
}

// Paste inserts text at the cursor, byte for byte. Many terminals put \r in the place
// of every \n of what is pasted: where there is \r alone it means \n.
func (a *Area) Paste(s string) {
	a.goal = -1
	a.remember(false)
	if !strings.Contains(s, "\n") {
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	a.insert(s)
}

// remember keeps what the field is, before it changes. Characters that are typed one
// after the other are one change.
func (a *Area) remember(typing bool) {
	if typing && a.typing {
		return
	}
	a.typing = typing
	a.past = append(a.past, areaPast{a.Value(), a.row, a.at})
	bytes, keep := 0, len(a.past)
	for keep > 0 && bytes <= maxPast {
		keep--
		bytes += len(a.past[keep].value) + 64
	}
	a.past = append(a.past[:0], a.past[keep:]...)
}

// Undo takes back the last change. It tells whether there was one.
func (a *Area) Undo() bool {
	if len(a.past) == 0 {
		return false
	}
	p := a.past[len(a.past)-1]
	past := a.past[:len(a.past)-1]
	a.SetValue(p.value)
	a.past, a.row, a.at = past, p.row, p.at
	return true
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
	if typed == "" {
		a.typing = false
	}
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
		a.remember(false)
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
		if changed {
			a.remember(false)
			*line = areaLine{s: s}
		}
		a.at = at
		return changed
	}
	if typed != "" {
		a.remember(true)
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
		a.remember(false)
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
		a.remember(false)
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
