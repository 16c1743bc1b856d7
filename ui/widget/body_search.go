package widget

import (
	"slices"
	"strconv"
	"strings"
)

// mostMatches is how many matches are kept. More are no help to anyone.
const mostMatches = 100_000

// search is what is looked for in a body, and where it was found.
type search struct {
	query  string
	folded string  // the text in which case does not count
	of     string  // the text that was folded
	at     []int32 // the bytes where matches begin
	now    int     // the match that the reader is at
}

// match is a piece of a row, in bytes of the text.
type match struct {
	start, end int
	current    bool
}

// Search finds a text in the body as it is shown and goes to the first match
// that is not above the top. Case counts only if the query has a capital; an
// empty query ends the search.
func (b *Body) Search(query string) {
	s := &b.search
	s.query, s.at, s.now = query, nil, 0
	if b.doc == nil || query == "" {
		return
	}
	in := b.doc.text
	if query == foldCase(query) {
		if s.of != in {
			s.of, s.folded = in, foldCase(in)
		}
		in = s.folded
	}
	for at := 0; len(s.at) < mostMatches; {
		i := strings.Index(in[at:], query)
		if i < 0 {
			break
		}
		s.at = append(s.at, int32(at+i))
		at += i + len(query)
	}
	if len(s.at) == 0 || len(b.doc.starts) == 0 {
		return
	}
	s.now, _ = slices.BinarySearch(s.at, b.doc.starts[b.top])
	s.now %= len(s.at)
	b.show(int(s.at[s.now]))
}

// Next goes to the next match, after the last one to the first.
func (b *Body) Next() { b.step(1) }

// Prev goes to the match before, before the first one to the last.
func (b *Body) Prev() { b.step(-1) }

func (b *Body) step(by int) {
	if n := len(b.search.at); n > 0 && b.doc != nil && len(b.doc.starts) > 0 {
		b.search.now = (b.search.now + by + n) % n
		b.show(int(b.search.at[b.search.now]))
	}
}

// Matches is which match the reader is at, counted from one, and how many there
// are, 100,000 at most.
func (b *Body) Matches() (now, of int) {
	if len(b.search.at) == 0 {
		return 0, 0
	}
	return b.search.now + 1, len(b.search.at)
}

// MatchWords says that in a few characters, 3/12, or is empty where nothing is
// looked for.
func (b *Body) MatchWords() string {
	now, of := b.Matches()
	switch {
	case b.search.query == "":
		return ""
	case of == 0:
		return "no match"
	case of == mostMatches:
		return strconv.Itoa(now) + "/" + strconv.Itoa(of) + "+"
	}
	return strconv.Itoa(now) + "/" + strconv.Itoa(of)
}

// in are the matches that touch a row, cut to whole characters of it.
func (s *search) in(shown string, at, end int) []match {
	var out []match
	first, _ := slices.BinarySearch(s.at, int32(at-len(s.query)+1))
	for i := first; i < len(s.at) && int(s.at[i]) < end; i++ {
		from, to := max(int(s.at[i]), at), min(int(s.at[i])+len(s.query), end)
		from = at + charAt(shown[at:end], from-at)
		if to < end {
			if begin := at + charAt(shown[at:end], to-at); begin < to {
				to = at + after(shown[at:end], begin-at)
			}
		}
		if n := len(out); n > 0 && from < out[n-1].end {
			from = out[n-1].end
		}
		if from < to {
			out = append(out, match{from, to, i == s.now})
		}
	}
	return out
}

// foldCase makes ASCII capitals small and leaves every byte in its place.
func foldCase(s string) string {
	first := strings.IndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' })
	if first < 0 {
		return s
	}
	out := []byte(s)
	for i := first; i < len(out); i++ {
		if c := out[i]; c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return string(out)
}
