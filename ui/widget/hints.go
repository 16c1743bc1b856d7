package widget

import (
	"strings"

	"sqscope/themes"
	"sqscope/ui/text"
)

// Hint is a key and the word for what it does.
type Hint struct{ Key, Word string }

// Hints is a line of at most w cells: hints that fit whole, … for those that do
// not, then the tail, which goes before the hints where room is scarce.
func Hints(t *themes.Theme, hints, tail []Hint, w int) string {
	var parts []string
	used := 0
	fits := func(width, reserved int) bool {
		return used+gap(used)+width+reserved <= w
	}
	add := func(part string, width int) {
		used += gap(used) + width
		parts = append(parts, part)
	}
	reserved := 0
	for _, h := range tail {
		reserved += hintGap + h.width()
	}
	for i, h := range hints {
		more := 0
		if i < len(hints)-1 {
			more = hintGap + 1
		}
		if !fits(h.width(), reserved+more) {
			if fits(1, reserved) {
				add(t.Paint(themes.Dim, "…"), 1)
			}
			break
		}
		add(h.paint(t), h.width())
	}
	for _, h := range tail {
		if !fits(h.width(), 0) {
			if fits(1, 0) {
				add(t.Paint(themes.Dim, "…"), 1)
			}
			break
		}
		add(h.paint(t), h.width())
	}
	return strings.Join(parts, "  ")
}

const hintGap = 2

func gap(used int) int {
	if used == 0 {
		return 0
	}
	return hintGap
}

func (h Hint) width() int { return text.Clean(h.Key).Width() + 1 + text.Clean(h.Word).Width() }

func (h Hint) paint(t *themes.Theme) string {
	return t.Paint(themes.Key, text.Clean(h.Key).String()) + " " + t.Paint(themes.Text, text.Clean(h.Word).String())
}
