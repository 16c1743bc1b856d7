package widget

import (
	"sqscope/themes"
	"sqscope/ui/text"
)

// labelW is the room for the label of a fact.
const labelW = 10

// Fact is a label and what it says, wrapped into lines of at most w cells. One
// that says nothing has no line.
func Fact(label string, value text.Safe, role themes.Role, w int, t *themes.Theme) []string {
	if value.Empty() {
		return nil
	}
	lines := value.Wrap(max(w-labelW, 1))
	out := make([]string, len(lines))
	for i, l := range lines {
		if i > 0 {
			label = ""
		}
		out[i] = t.Paint(themes.Dim, text.Const(label).Pad(labelW).String()) + t.Paint(role, l.String())
	}
	return out
}

// Paragraph is a text wrapped into lines of at most w cells; without one there is
// no line.
func Paragraph(value text.Safe, role themes.Role, w int, t *themes.Theme) []string {
	if value.Empty() {
		return nil
	}
	lines := value.Wrap(max(w, 1))
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = t.Paint(role, l.String())
	}
	return out
}
