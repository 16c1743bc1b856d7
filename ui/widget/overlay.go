package widget

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sqscope/themes"
	"sqscope/ui/text"
)

// Splice lays a box over lines, its top left corner at x, y. Lines keep their
// width; what of the box stands outside is cut off. The given lines are not
// changed.
func Splice(lines []string, box string, x, y int) []string {
	out := append([]string(nil), lines...)
	for line := range strings.SplitSeq(box, "\n") {
		if y >= 0 && y < len(out) {
			out[y] = spliceLine(out[y], line, x)
		}
		y++
	}
	return out
}

func spliceLine(line, box string, x int) string {
	width, bw := Width(line), Width(box)
	if x < 0 {
		box = cutLeft(box, bw, -x)
		bw, x = max(bw+x, 0), 0
	}
	if x >= width {
		return line
	}
	if bw > width-x {
		box = Fit(ansi.Truncate(box, width-x, ""), width-x)
		bw = width - x
	}
	if left, right, ok := around(line, x, bw); ok {
		return left + themes.Reset + box + themes.Reset + right
	}
	left := ansi.Truncate(line, x, "")
	left += themes.Reset + blanks(x-Width(left)) // half of a wide character is a blank
	return left + box + themes.Reset + cutLeft(line, width, x+bw)
}

// cutLeft is a line of a width without its first n cells. Styles that began
// there go on.
func cutLeft(line string, width, n int) string {
	want := width - n
	if want <= 0 {
		return ""
	}
	rest := ansi.TruncateLeft(line, n, "")
	if Width(rest) > want { // a wide character stands across the cut
		rest = ansi.TruncateLeft(line, n+1, " ")
	}
	return rest
}

// Box is a dialog: a frame of w cells around lines that are cut or filled up
// to w-4, with a title in the frame's upper edge. The lines' own styles are
// put on the dialog's background.
func Box(title text.Safe, lines []string, w int, t *themes.Theme) string {
	w = max(w, 6)
	ground := themes.Reset + t.SGR(themes.Dialog)
	edge := ground + t.SGR(themes.Dim)
	var b strings.Builder
	b.Grow((len(lines) + 2) * (2*w + 160))
	b.WriteString(edge)
	b.WriteString("╭")
	rule := w - 2
	if title = title.Truncate(w - 6); !title.Empty() {
		b.WriteString("─ ")
		paint(&b, t, t.SGR(themes.Dialog), t.SGR(themes.Title), title)
		b.WriteString(edge)
		b.WriteString(" ")
		rule -= title.Width() + 3
	}
	b.WriteString(strings.Repeat("─", rule))
	b.WriteString("╮")
	b.WriteString(themes.Reset)
	for _, line := range lines {
		b.WriteString("\n" + edge + "│ " + ground)
		b.WriteString(strings.ReplaceAll(Fit(line, w-4), themes.Reset, ground))
		b.WriteString(edge + " │" + themes.Reset)
	}
	b.WriteString("\n" + edge + "╰" + strings.Repeat("─", w-2) + "╯" + themes.Reset)
	return b.String()
}
