// Package widget has what screens are drawn with and what knows no screen: the
// table, the body viewer, text fields, boxes, hints. A widget keeps its state,
// takes calls like Move and Key, and draws itself into the width and height
// that it is given, of which it uses every cell and no other. It knows neither
// Bubble Tea nor SQS.
//
// What comes from outside enters as [text.Safe], or as a string that the
// widget cleans before it is drawn. What leaves View is lines with escape
// sequences of a theme, each styled piece complete in itself: reset,
// background, foreground, text.
//
// A widget belongs to the program's one goroutine. [Prepare] and [Document.At]
// alone are meant to run elsewhere.
package widget

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sqscope/themes"
	"sqscope/ui/text"
)

const (
	bold       = "\x1b[1m" // the second sign of a selection, for terminals of few colours
	underline  = "\x1b[4m"
	reverse    = "\x1b[7m"
	manyBlanks = "                                                                                                    "
)

// Extent is the size of a block of lines: the widest, and how many.
func Extent(block string) (w, h int) {
	for line := range strings.SplitSeq(block, "\n") {
		w = max(w, Width(line))
		h++
	}
	return w, h
}

// Fit is a line in exactly w cells: filled up with blanks, or cut with ….
func Fit(line string, w int) string {
	if w <= 0 {
		return ""
	}
	have := Width(line)
	if have > w {
		line = ansi.Truncate(line, w, "…")
		have = Width(line)
	}
	return line + blanks(w-have)
}

// Chosen is a painted line in w cells, on the ground of what is under the cursor.
func Chosen(line string, w int, t *themes.Theme) string {
	ground := t.SGR(themes.Selected)
	line = Fit(line, w)
	if t.Swaps(themes.Selected) {
		return ground + ansi.Strip(line) + themes.Reset
	}
	return ground + strings.ReplaceAll(line, themes.Reset, themes.Reset+ground) + themes.Reset
}

// Center is a block of w by h cells with the given lines in its middle.
func Center(block string, w, h int) string {
	_, bh := Extent(block)
	lines := make([]string, 0, max(h, 0))
	for range (h - bh) / 2 {
		lines = append(lines, Fit("", w))
	}
	for line := range strings.SplitSeq(block, "\n") {
		lines = append(lines, Fit(blanks((w-Width(line))/2)+line, w))
	}
	for len(lines) < h {
		lines = append(lines, Fit("", w))
	}
	return strings.Join(lines[:max(h, 0)], "\n")
}

// Beside puts two blocks side by side with a rule between them. The result is
// wl+3+wr cells wide and as high as the higher block.
func Beside(left, right string, wl, wr int, t *themes.Theme) string {
	l, r := strings.Split(left, "\n"), strings.Split(right, "\n")
	rule := themes.Reset + t.Paint(themes.Faint, " │ ")
	var b strings.Builder
	for i := range max(len(l), len(r)) {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(Fit(at(l, i), wl))
		b.WriteString(rule)
		b.WriteString(Fit(at(r, i), wr))
	}
	return b.String()
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// Wrap breaks text at blanks into lines of at most w cells.
func Wrap(s text.Safe, w int) []text.Safe { return s.Wrap(w) }

// Bullet begins a point of a list.
const Bullet = "· "

// WrapPoint is [Wrap] for what may be a point of a list: what follows of it stands
// under its words, not under its bullet.
func WrapPoint(s text.Safe, w int) []text.Safe {
	lines := s.Wrap(w)
	if len(lines) < 2 || !strings.HasPrefix(s.String(), Bullet) {
		return lines
	}
	indent := Width(Bullet)
	lines = s.Wrap(w - indent)
	for i := range lines[1:] {
		lines[i+1] = text.Join(text.Const(blanks(indent)), lines[i+1])
	}
	return lines
}

func blanks(n int) string {
	switch {
	case n <= 0:
		return ""
	case n <= len(manyBlanks):
		return manyBlanks[:n]
	}
	return strings.Repeat(" ", n)
}

// paint writes text in a style, reset before it, with the hostile characters
// that were made visible in theirs.
func paint(b *strings.Builder, t *themes.Theme, background, foreground string, s text.Safe) {
	b.WriteString(themes.Reset)
	b.WriteString(background)
	b.WriteString(foreground)
	out, done := s.String(), 0
	for _, m := range s.Marked() {
		b.WriteString(out[done:m.Start])
		b.WriteString(themes.Reset)
		b.WriteString(background)
		b.WriteString(t.SGR(themes.Foreign))
		b.WriteString(out[m.Start:m.End])
		b.WriteString(themes.Reset)
		b.WriteString(background)
		b.WriteString(foreground)
		done = m.End
	}
	b.WriteString(out[done:])
}
