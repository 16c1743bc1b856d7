// Package text is the only way foreign text reaches a terminal: bodies, names,
// tags, attributes, error texts, file names. Whoever shows text takes a [Safe],
// and only this package can make one.
//
// A Safe is printable on one line. It has no control character, no part of an
// escape sequence, nothing that turns the direction of the text, nothing that
// is not seen, and no byte that is not UTF-8: each of those is replaced by a
// mark that is seen, ␛ for a control character, ‹U+202E› for a code point,
// ‹\xff› for a byte. [Safe.Marked] tells those marks from the same characters
// in the original, so that they can be coloured.
//
// A Safe is as wide for a terminal that counts graphemes as for one that
// counts code points, so that a row never shifts: a joined emoji is cut to its
// first one, a selector of the emoji form is left out, conjoining Hangul is
// composed, and no character carries more than three combining marks. Vowel
// signs with a width of their own and conjuncts of the Indic scripts are the
// one exception, because without them that text could not be read; [Measure]
// says what they may cost.
package text

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// Safe is text that a terminal can be given. The zero value is empty. Two of
// them are equal if they look the same, marks included.
type Safe struct {
	s     string
	marks string // pairs of varints: the gap from the last mark's end, the length
	width int
}

// Span is a piece of a [Safe], in bytes of its String.
type Span struct{ Start, End int }

// Clean makes any text safe. Line ends and tabs are made visible too; for text
// of several lines see [Lines]. What is clean already is not copied.
func Clean(s string) Safe {
	at := firstUnclean(s)
	if at == len(s) {
		return Safe{s: s, width: len(s)}
	}
	b := builder{out: make([]byte, 0, len(s)+16)}
	b.ascii(s[:at])
	for rest := s[at:]; rest != ""; {
		rest = rest[b.piece(rest):]
		plain := firstUnclean(rest)
		b.ascii(rest[:plain])
		rest = rest[plain:]
	}
	return b.safe()
}

// Const is [Clean] under a name that says: this text is ours.
func Const(s string) Safe { return Clean(s) }

// Lines splits text at its line ends, LF and CR LF, and makes each line safe.
// Tabs become blanks up to the next multiple of [TabWidth]. There is always at
// least one line.
func Lines(s string) []Safe {
	lines := make([]Safe, 0, strings.Count(s, "\n")+1)
	for {
		line, rest, more := strings.Cut(s, "\n")
		if more {
			line = strings.TrimSuffix(line, "\r")
		}
		lines = append(lines, expand(line))
		if !more {
			return lines
		}
		s = rest
	}
}

// TabWidth is how many cells the tab stops of [Lines] are apart.
const TabWidth = 4

func expand(line string) Safe {
	if !strings.Contains(line, "\t") {
		return Clean(line)
	}
	var parts []Safe
	width := 0
	for {
		field, rest, more := strings.Cut(line, "\t")
		part := Clean(field)
		parts = append(parts, part)
		if !more {
			return Join(parts...)
		}
		width += part.width
		gap := blanks(TabWidth - width%TabWidth)
		parts = append(parts, gap)
		width += gap.width
		line = rest
	}
}

func blanks(n int) Safe {
	n = max(n, 0)
	return Safe{s: strings.Repeat(" ", n), width: n}
}

// Join puts texts one after the other.
func Join(parts ...Safe) Safe {
	var b builder
	for _, p := range parts {
		b.append(p)
	}
	joined := b.safe()
	joined.width = measure(joined.s)
	return joined
}

// Sprintf formats as fmt does and makes the result safe, whatever the
// arguments are.
func Sprintf(format string, args ...any) Safe { return Clean(fmt.Sprintf(format, args...)) }

// String is the text, ready for a terminal.
func (s Safe) String() string { return s.s }

// Width is the number of cells that the text takes.
func (s Safe) Width() int { return s.width }

// Empty tells whether there is nothing.
func (s Safe) Empty() bool { return s.s == "" }

// Marked is where hostile characters were made visible, in order, without
// overlap. It is nil for most texts.
func (s Safe) Marked() []Span {
	if s.marks == "" {
		return nil
	}
	var spans []Span
	end := 0
	for m := []byte(s.marks); len(m) > 0; {
		gap, n := binary.Uvarint(m)
		length, k := binary.Uvarint(m[n:])
		m = m[n+k:]
		start := end + int(gap)
		end = start + int(length)
		spans = append(spans, Span{start, end})
	}
	return spans
}

// Hidden counts the characters of a text that [Clean] would mark, line ends
// and tabs aside. Of a text with a count above zero a screen says that it has
// characters which do not want to be seen.
func Hidden(s string) int {
	count := 0
	var scratch [64]byte
	for s = s[firstUnclean(s):]; s != ""; s = s[firstUnclean(s):] {
		p := next(scratch[:0], s)
		lineEnd := s[0] == '\n' || s[0] == '\t' || strings.HasPrefix(s, "\r\n")
		if p.foreign && !lineEnd {
			count++
		}
		s = s[p.n:]
	}
	return count
}

// Measure reads the first character of a text that is not empty, with all that
// belongs to it: its length in bytes of s, and the cells that it takes once
// [Clean] has made it visible. A terminal that counts code points, not
// graphemes, may need more of them, most, which differs from cells for Indic
// scripts only.
func Measure(s string) (n, cells, most int) {
	if s[0] >= ' ' && s[0] < 0x7f && (len(s) == 1 || s[1] < 0x80) {
		return 1, 1, 1
	}
	var scratch [64]byte
	p := next(scratch[:0], s)
	return p.n, p.width, p.width + p.extra
}

func measure(s string) int {
	width := firstUnclean(s)
	for s = s[width:]; s != ""; {
		n, cells, _ := Measure(s)
		width += cells
		s = s[n:]
	}
	return width
}

// firstUnclean is the length of the beginning that is printable ASCII and
// stays so, whatever follows.
func firstUnclean(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			if i > 0 && s[i] >= 0x80 {
				i-- // a combining mark may follow and belong to it
			}
			return i
		}
	}
	return len(s)
}

// builder puts a Safe together.
type builder struct {
	out   []byte
	width int
	marks []Span
}

func (b *builder) ascii(s string) {
	b.out = append(b.out, s...)
	b.width += len(s)
}

// piece takes the first character of a text and says how long it was.
func (b *builder) piece(s string) int {
	p := next(b.out, s)
	if p.foreign {
		b.mark(len(b.out), len(p.out))
	}
	b.out = p.out
	b.width += p.width
	return p.n
}

func (b *builder) mark(start, end int) {
	if n := len(b.marks); n > 0 && b.marks[n-1].End == start {
		b.marks[n-1].End = end
		return
	}
	b.marks = append(b.marks, Span{start, end})
}

func (b *builder) append(s Safe) {
	for _, m := range s.Marked() {
		b.mark(len(b.out)+m.Start, len(b.out)+m.End)
	}
	b.out = append(b.out, s.s...)
	b.width += s.width
}

func (b *builder) safe() Safe {
	var marks []byte
	end := 0
	for _, m := range b.marks {
		marks = binary.AppendUvarint(marks, uint64(m.Start-end))
		marks = binary.AppendUvarint(marks, uint64(m.End-m.Start))
		end = m.End
	}
	return Safe{s: string(b.out), marks: string(marks), width: b.width}
}
