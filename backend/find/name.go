package find

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// places is a test that finds places in a name.
type places interface {
	places(name string, into []int) []int
}

// pattern is text to look for. Without a capital letter in it, case does not
// matter; names of queues are ASCII (docs/SQS.md 3.1), and so is folding.
type pattern struct {
	text string    // lower case where case does not matter
	seen [256]byte // what the pattern sees for each byte: itself, or its lower case
}

func newPattern(text string) pattern {
	p := pattern{text: text}
	capital := func(r rune) bool { return r >= 'A' && r <= 'Z' }
	exact := strings.ContainsFunc(text, capital)
	for c := range len(p.seen) {
		p.seen[c] = byte(c)
		if !exact && capital(rune(c)) {
			p.seen[c] += 'a' - 'A'
		}
	}
	return p
}

// at is the byte that the pattern sees at a place of s.
func (p *pattern) at(s string, i int) byte { return p.seen[s[i]] }

// startsAt tells whether s goes on with the whole pattern from i.
func (p *pattern) startsAt(s string, i int) bool {
	if len(s)-i < len(p.text) {
		return false
	}
	for j := range len(p.text) {
		if p.at(s, i+j) != p.text[j] {
			return false
		}
	}
	return true
}

// Scores of a found character: for itself, for following the one before, and
// for where it stands. A character that is skipped costs one. Text in one piece
// gets so much more that no place of its characters apart is better.
const (
	scoreFound = 16
	scoreNext  = 12
	scoreStart = 14 // of the name
	scoreWord  = 10 // after - _ or .
	scoreHump  = 8  // a capital after a small letter
	scorePiece = 24
)

// worth is the score of a character found at i, by where it stands.
func worth(s string, i int) int {
	switch {
	case i == 0:
		return scoreFound + scoreStart
	case s[i-1] == '-' || s[i-1] == '_' || s[i-1] == '.':
		return scoreFound + scoreWord
	case s[i] >= 'A' && s[i] <= 'Z' && s[i-1] >= 'a' && s[i-1] <= 'z':
		return scoreFound + scoreHump
	}
	return scoreFound
}

// together finds the best place where the pattern stands in one piece, or -1.
func (p *pattern) together(s string) (at, score int) {
	at = -1
	for i := 0; i+len(p.text) <= len(s); i++ {
		if p.at(s, i) != p.text[0] || !p.startsAt(s, i) {
			continue
		}
		n := len(p.text)
		this := scorePiece + worth(s, i) + (n-1)*(scoreFound+scoreNext)
		if end := i + n; end == len(s) || s[end] == '-' || s[end] == '_' || s[end] == '.' {
			this += scoreWord // a whole word
		}
		if this > score {
			at, score = i, this
		}
	}
	return at, score
}

// scattered finds the pattern's characters in their order: the end of the first
// place where they are, or -1.
func (p *pattern) scattered(s string) int {
	j, want := 0, p.text[0]
	for i := range len(s) {
		if p.at(s, i) != want {
			continue
		}
		if j++; j == len(p.text) {
			return i
		}
		want = p.text[j]
	}
	return -1
}

// gather goes back from the end that scattered found and takes each character
// as late as it can be had, which is the closest together. It appends the places
// to into, if that is not nil, from the last to the first.
func (p *pattern) gather(s string, end int, into []int) (score int, places []int) {
	j, next := len(p.text)-1, -1
	for i := end; j >= 0; i-- {
		if p.at(s, i) != p.text[j] {
			continue
		}
		score += worth(s, i)
		switch {
		case next == i+1:
			score += scoreNext
		case next >= 0:
			score -= next - i - 1
		}
		if into != nil {
			into = append(into, i)
		}
		next = i
		j--
	}
	return max(score, 1), into
}

// fuzzy finds a name that has all characters of the pattern in their order,
// best in one piece.
type fuzzy struct{ pattern }

func (f *fuzzy) match(r *Row) (Verdict, int) {
	if len(f.text) > len(r.Name) {
		return No, 0
	}
	end := f.scattered(r.Name)
	if end < 0 {
		return No, 0
	}
	if at, score := f.together(r.Name); at >= 0 {
		return Yes, score
	}
	score, _ := f.gather(r.Name, end, nil)
	return Yes, score
}

func (f *fuzzy) places(name string, into []int) []int {
	end := f.scattered(name)
	if end < 0 {
		return into
	}
	if at, _ := f.together(name); at >= 0 {
		return run(into, at, len(f.text))
	}
	if into == nil {
		into = make([]int, 0, len(f.text))
	}
	_, into = f.gather(name, end, into)
	return into
}

func (*fuzzy) needs(*Needs) {}

// literal finds a name that has the text in one piece.
type literal struct{ pattern }

func (l *literal) match(r *Row) (Verdict, int) {
	at, score := l.together(r.Name)
	return Known(at >= 0), score
}

func (l *literal) places(name string, into []int) []int {
	if at, _ := l.together(name); at >= 0 {
		return run(into, at, len(l.text))
	}
	return into
}

func (*literal) needs(*Needs) {}

// glob is a pattern for the whole name.
type glob struct{ pattern }

func (g *glob) match(r *Row) (Verdict, int) { return Known(g.whole(r.Name)), 0 }

func (*glob) needs(*Needs) {}

// whole tells whether s is as the pattern says, in which * stands for any text
// and ? for any one character.
func (p *pattern) whole(s string) bool {
	i, j := 0, 0
	star, from := -1, 0 // the last *, and where what it stands for ends so far
	for i < len(s) {
		switch {
		case j < len(p.text) && p.text[j] == '*':
			star, from = j, i
			j++
		case j < len(p.text) && p.text[j] == '?':
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
			j++
		case j < len(p.text) && p.at(s, i) == p.text[j]:
			i++
			j++
		case star >= 0:
			_, size := utf8.DecodeRuneInString(s[from:])
			from += size
			i, j = from, star+1
		default:
			return false
		}
	}
	return strings.Trim(p.text[j:], "*") == ""
}

func run(into []int, at, n int) []int {
	for i := range n {
		into = append(into, at+i)
	}
	return into
}

// sorted puts the places from start on in order, without those inside of a
// character, which a name that is not ASCII may have.
func sorted(name string, places []int, start int) []int {
	found := places[start:]
	slices.Sort(found)
	found = slices.Compact(found)
	found = slices.DeleteFunc(found, func(i int) bool { return !utf8.RuneStart(name[i]) })
	return places[:start+len(found)]
}
