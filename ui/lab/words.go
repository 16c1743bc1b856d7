package lab

import (
	"strings"
	"time"

	lessons "sqscope/backend/lab"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// heading is a lesson's number and title.
func heading(l *lessons.Lesson) text.Safe {
	if l.Number == 0 {
		return text.Clean(l.Title)
	}
	return text.Sprintf("%d  %s", l.Number, l.Title)
}

// Plain is a text of a lesson without the marks of code.
func Plain(s string) string { return strings.ReplaceAll(s, "`", "") }

// paragraphs are texts with an empty line between, wrapped. What stands between
// backquotes is painted.
func paragraphs(s string, w int, t *themes.Theme) []string {
	var lines []string
	for i, p := range strings.Split(strings.TrimSpace(s), "\n\n") {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, prose(strings.ReplaceAll(strings.TrimSpace(p), "\n", " "), themes.Text, w, t)...)
	}
	return lines
}

// prose is one paragraph in a role, wrapped to lines of at most w cells. In plain
// text names stand out that are between backquotes: a queue may be called by a word
// of the sentence.
func prose(s string, role themes.Role, w int, t *themes.Theme) []string {
	var lines []string
	code, name := false, role
	if role == themes.Text {
		name = themes.Strong
	}
	for _, line := range widget.Wrap(text.Clean(s), w) {
		var b strings.Builder
		for i, part := range strings.Split(line.String(), "`") {
			if i > 0 {
				code = !code
			}
			if part == "" {
				continue
			}
			if code {
				b.WriteString(t.Paint(name, part))
			} else {
				b.WriteString(t.Paint(role, part))
			}
		}
		lines = append(lines, b.String())
	}
	return lines
}

// signed is a paragraph behind a sign, its further lines under the first.
func signed(sign string, s string, role themes.Role, w int, t *themes.Theme) []string {
	n := widget.Width(sign) + 1
	var lines []string
	for i, line := range prose(s, role, w-n, t) {
		if i == 0 {
			bare := strings.TrimLeft(sign, " ")
			lines = append(lines, sign[:len(sign)-len(bare)]+t.Paint(role, bare)+" "+line)
			continue
		}
		lines = append(lines, strings.Repeat(" ", n)+line)
	}
	return lines
}

// passed is a time of the lesson.
func passed(seconds float64) string {
	return format.Span(time.Duration(seconds * float64(time.Second)))
}
