package widget

import (
	"sort"
	"strconv"
)

// MostFound is how many matches are kept. More are no help to anyone.
const MostFound = 100_000

// Span is a piece of a text, in bytes.
type Span struct{ Start, End int }

// found is what was looked for in a body and where it was found.
type found struct {
	on  bool
	at  []Span
	now int // the match that the reader is at
}

// match is a piece of a row, in bytes of the text.
type match struct {
	start, end int
	current    bool
}

// Found marks what was found in the text as it is shown, in order and none in
// another, and goes to the first that is not above the cursor. Without any it
// says so until [Body.EndFound].
func (b *Body) Found(at []Span) {
	b.found = found{on: true, at: at}
	if len(at) == 0 || b.shown() == 0 {
		return
	}
	from := b.offset()
	b.found.now = sort.Search(len(at), func(i int) bool { return at[i].Start >= from }) % len(at)
	b.show(at[b.found.now].Start)
}

// EndFound marks nothing any more.
func (b *Body) EndFound() { b.found = found{} }

// Next goes to the next match, after the last one to the first.
func (b *Body) Next() { b.step(1) }

// Prev goes to the match before, before the first one to the last.
func (b *Body) Prev() { b.step(-1) }

func (b *Body) step(by int) {
	if n := len(b.found.at); n > 0 && b.shown() > 0 {
		b.found.now = (b.found.now + by + n) % n
		b.show(b.found.at[b.found.now].Start)
	}
}

// Matches is which match the reader is at, counted from one, and how many there
// are, [MostFound] at most.
func (b *Body) Matches() (now, of int) {
	if len(b.found.at) == 0 {
		return 0, 0
	}
	return b.found.now + 1, len(b.found.at)
}

// MatchWords says that in a few characters, 3/12, or is empty where nothing is
// looked for.
func (b *Body) MatchWords() string {
	now, of := b.Matches()
	switch {
	case !b.found.on:
		return ""
	case of == 0:
		return "no match"
	case of >= MostFound:
		return strconv.Itoa(now) + "/" + strconv.Itoa(of) + "+"
	}
	return strconv.Itoa(now) + "/" + strconv.Itoa(of)
}

// in are the matches that touch a row, cut to whole characters of it.
func (f *found) in(shown string, at, end int) []match {
	var out []match
	first := sort.Search(len(f.at), func(i int) bool { return f.at[i].End > at })
	for i := first; i < len(f.at) && f.at[i].Start < end; i++ {
		from, to := max(f.at[i].Start, at), min(f.at[i].End, end)
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
			out = append(out, match{from, to, i == f.now})
		}
	}
	return out
}
