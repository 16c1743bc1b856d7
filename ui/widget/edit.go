package widget

import (
	"unicode"
	"unicode/utf8"

	"sqscope/ui/text"
)

// A character, for the cursor of a text field, is what stands in a cell or two
// together: a letter with its marks, a joined emoji, a byte that is not UTF-8.

// charAt is where the character begins that a byte of s belongs to; behind the
// last one it is the end.
func charAt(s string, at int) int {
	if at >= len(s) {
		return len(s)
	}
	i := at
	for i > 0 && s[i] >= utf8.RuneSelf { // ASCII begins a character, whatever stands before it
		i--
	}
	for i < at {
		n, _, _ := text.Measure(s[i:])
		if i+n > at {
			break
		}
		i += n
	}
	return i
}

// before is where the character begins that ends at a byte of s.
func before(s string, at int) int {
	if at <= 0 {
		return 0
	}
	return charAt(s, at-1)
}

// after is where the character ends that begins at a byte of s.
func after(s string, at int) int {
	if at >= len(s) {
		return len(s)
	}
	n, _, _ := text.Measure(s[at:])
	return at + n
}

// whole is a byte of s, or the end of the character that it stands inside of: a
// mark that comes to stand behind a letter belongs to it.
func whole(s string, at int) int {
	if begin := charAt(s, at); begin < at {
		return after(s, begin)
	}
	return at
}

// wordBefore is the beginning of the word at or before a byte of s, and
// wordAfter the end of the one at or after it.
func wordBefore(s string, at int) int {
	for inWord := false; at > 0; {
		r, n := utf8.DecodeLastRuneInString(s[:at])
		if isWord(r) {
			inWord = true
		} else if inWord {
			break
		}
		at -= n
	}
	return at
}

func wordAfter(s string, at int) int {
	for inWord := false; at < len(s); {
		r, n := utf8.DecodeRuneInString(s[at:])
		if isWord(r) {
			inWord = true
		} else if inWord {
			break
		}
		at += n
	}
	return at
}

func isWord(r rune) bool { return r == '_' || unicode.In(r, unicode.L, unicode.N, unicode.M) }

// edit is what a key does to a line and to the cursor in it. Fields of one line
// and of several share it. changed tells whether the line is another one now;
// known, whether the key is one of these at all.
func edit(line string, at int, stroke string) (out string, to int, changed, known bool) {
	from := at // with to, what is cut out
	switch stroke {
	case "left", "ctrl+b":
		return line, before(line, at), false, true
	case "right", "ctrl+f":
		return line, after(line, at), false, true
	case "home", "ctrl+a":
		return line, 0, false, true
	case "end", "ctrl+e":
		return line, len(line), false, true
	case "alt+left", "ctrl+left", "alt+b":
		return line, wordBefore(line, at), false, true
	case "alt+right", "ctrl+right", "alt+f":
		return line, wordAfter(line, at), false, true
	case "backspace", "shift+backspace", "ctrl+h":
		from, to = before(line, at), at
	case "delete", "ctrl+d":
		to = after(line, at)
	case "ctrl+w", "alt+backspace", "ctrl+backspace":
		from, to = wordBefore(line, at), at
	case "alt+d", "alt+delete", "ctrl+delete":
		to = wordAfter(line, at)
	case "ctrl+u":
		from, to = 0, at
	case "ctrl+k":
		to = len(line)
	default:
		return line, at, false, false
	}
	out = line[:from] + line[to:]
	return out, whole(out, from), to > from, true
}

// widthOf is the cells that a piece of a line takes.
func widthOf(s string) int {
	width := 0
	for s != "" {
		n, cells, _ := text.Measure(s)
		width += cells
		s = s[n:]
	}
	return width
}
