package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const ellipsis = "…"

// Truncate is the text in at most w cells. What is cut off shows as … at the
// end.
func (s Safe) Truncate(w int) Safe {
	if s.width <= w {
		return s
	}
	if w < 1 {
		return Safe{}
	}
	return Join(s.slice(0, s.head(w-1)), Safe{s: ellipsis, width: 1})
}

// Beginning is how a text begins, on one line: at most so many bytes of it are made
// safe, and … says that there is more.
func Beginning(s string, most int) Safe {
	s = strings.TrimLeft(s, " \t\r\n")
	more := Safe{}
	if len(s) > most {
		end := most
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		s, more = s[:end], Safe{s: ellipsis, width: 1}
	}
	return Join(Clean(strings.Join(strings.Fields(s), " ")), more)
}

// TruncateLeft is the end of the text in at most w cells, with … before it if
// something was cut off.
func (s Safe) TruncateLeft(w int) Safe {
	if s.width <= w {
		return s
	}
	if w < 1 {
		return Safe{}
	}
	return Join(Safe{s: ellipsis, width: 1}, s.slice(s.tail(w-1), len(s.s)))
}

// TruncateMiddle is the text in at most w cells, with … in the middle if
// something was cut out: for names that differ at both ends.
func (s Safe) TruncateMiddle(w int) Safe {
	if s.width <= w {
		return s
	}
	if w < 1 {
		return Safe{}
	}
	return Join(s.slice(0, s.head(w/2)), Safe{s: ellipsis, width: 1}, s.slice(s.tail(w-1-w/2), len(s.s)))
}

// List is a list of names in at most w cells: those that have room, and of the
// others how many there are, as in "orders, refunds +3". The first is always named,
// if need be with … in its middle.
func List(names []string, w int) Safe {
	for n := min(len(names), max(1, w)); n > 0; n-- {
		more := Safe{}
		if n < len(names) {
			more = Sprintf(" +%d", len(names)-n)
		}
		s := Join(Clean(strings.Join(names[:n], ", ")), more)
		switch {
		case s.width <= w:
			return s
		case n == 1:
			return Join(Clean(names[0]).TruncateMiddle(max(1, w-more.width)), more).Truncate(w)
		}
	}
	return Safe{}
}

// Pad is the text in exactly w cells: blanks behind it, or cut with ….
func (s Safe) Pad(w int) Safe {
	s = s.Truncate(w)
	if s.width >= w {
		return s
	}
	return Join(s, blanks(w-s.width))
}

// PadLeft is the text in exactly w cells: blanks before it, or cut with ….
func (s Safe) PadLeft(w int) Safe {
	s = s.Truncate(w)
	if s.width >= w {
		return s
	}
	return Join(blanks(w-s.width), s)
}

// head is where the beginning that fits in w cells ends.
func (s Safe) head(w int) int {
	at := 0
	for at < len(s.s) {
		n, cells, _ := Measure(s.s[at:])
		if cells > w {
			break
		}
		w -= cells
		at += n
	}
	return at
}

// tail is where the end that fits in w cells begins.
func (s Safe) tail(w int) int {
	at, left := 0, s.width
	for at < len(s.s) && left > w {
		n, cells, _ := Measure(s.s[at:])
		left -= cells
		at += n
	}
	return at
}

// slice is a piece of the text, cut between characters.
func (s Safe) slice(start, end int) Safe {
	b := builder{out: []byte(s.s[start:end])}
	for _, m := range slices.DeleteFunc(s.Marked(), func(m Span) bool { return m.End <= start || m.Start >= end }) {
		b.mark(max(m.Start, start)-start, min(m.End, end)-start)
	}
	b.width = measure(s.s[start:end])
	return b.safe()
}
