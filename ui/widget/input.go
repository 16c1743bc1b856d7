package widget

import (
	"strings"

	"sqscope/themes"
	"sqscope/ui/text"
)

// Input is a text field of one line. Its value is what was typed and pasted,
// to the byte; what is shown of it is safe.
type Input struct {
	Placeholder text.Safe // shown while there is no value

	value string
	at    int // the byte before which the cursor stands
	from  int // the first byte shown
	width int // when last drawn
}

// NewInput makes an empty field.
func NewInput() Input { return Input{} }

// Value is what was typed.
func (f *Input) Value() string { return f.value }

// SetValue replaces the value and puts the cursor behind it.
func (f *Input) SetValue(s string) {
	f.value, f.at, f.from = s, len(s), 0
	f.scroll()
}

// Paste inserts text at the cursor. Line ends and tabs become blanks; those at
// the end are dropped.
func (f *Input) Paste(s string) {
	f.insert(oneLine.Replace(strings.TrimRight(s, "\r\n")))
}

var oneLine = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ")

// Key takes a key as Bubble Tea names it, and the text that it types, if any.
// It tells whether the value has changed.
func (f *Input) Key(stroke, typed string) bool {
	value, at, changed, known := edit(f.value, f.at, stroke)
	if known {
		f.value, f.at = value, at
		f.scroll()
		return changed
	}
	if typed == "" {
		return false
	}
	f.insert(oneLine.Replace(typed))
	return true
}

func (f *Input) insert(s string) {
	f.value = f.value[:f.at] + s + f.value[f.at:]
	f.at = whole(f.value, f.at+len(s))
	f.scroll()
}

// scroll moves the window so that the cursor is in it, and back to the left
// when there is room again. Of the field's cells one is for the … before the
// text and one for the cursor, or a …, behind it.
func (f *Input) scroll() {
	f.from = charAt(f.value, min(f.from, f.at))
	if f.width <= 0 {
		return
	}
	if widthOf(f.value) < f.width {
		f.from = 0
		return
	}
	room := max(f.width-2, 1)
	for f.from < f.at && widthOf(f.value[f.from:f.at]) > room {
		f.from = after(f.value, f.from)
	}
	for f.from > 0 {
		back := before(f.value, f.from)
		if widthOf(f.value[back:]) > room {
			break
		}
		f.from = back
	}
}

// View draws the field in w cells. … at an end says that there is more.
func (f *Input) View(w int, t *themes.Theme) string {
	if w <= 0 {
		return ""
	}
	if w != f.width {
		f.width = w
		f.scroll()
	}
	var b strings.Builder
	ground := t.SGR(themes.Field)
	if f.value == "" {
		paint(&b, t, ground, t.SGR(themes.Dim), f.Placeholder.Pad(w))
		b.WriteString(themes.Reset)
		return b.String()
	}
	shown := text.Clean(f.value[f.from:])
	if f.from > 0 {
		shown = text.Join(text.Const("…"), shown)
	}
	paint(&b, t, ground, t.SGR(themes.Text), shown.Pad(w))
	b.WriteString(themes.Reset)
	return b.String()
}

// CursorX is the cell of the cursor, counted from the field's left edge as it
// was last drawn.
func (f *Input) CursorX() int {
	x := widthOf(f.value[f.from:f.at])
	if f.from > 0 {
		x++
	}
	if f.width > 0 {
		x = min(x, f.width-1)
	}
	return x
}
