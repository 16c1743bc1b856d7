package text

import (
	"strings"
	"unicode/utf8"
)

// class says how a code point is shown. All classes but hidden are in the
// table; what is not there is hidden, so that a code point which is unknown
// today is shown as a mark.
type class uint8

const (
	hidden    class = iota
	narrow          // one cell
	wide            // two cells
	emoji           // one cell, may begin a joined emoji
	wideEmoji       // two cells, may begin a joined emoji
	combining       // no cell, belongs to what stands before it
	linker          // combining, and joins the consonants around it
	consonant       // one cell, may be joined by a linker
	spacing         // a vowel sign: part of a grapheme, but a cell of its own
	regional        // a letter of a flag; two of them make one
)

// What belongs to one character at most. More of it is shown on a dotted
// circle or as a mark.
const (
	maxCombining = 3
	maxSpacing   = 2
	maxConjunct  = 3 // consonants after the first one
	maxJoined    = 8 // emoji after the first one
)

const dottedCircle = '◌' // carries a mark that has nothing to stand on

const (
	lowerHex = "0123456789abcdef"
	upperHex = "0123456789ABCDEF"
)

const (
	zwj           = '\u200d'
	textForm      = '\ufe0e'
	emojiForm     = '\ufe0f'
	keycap        = "\u20e3"
	firstModifier = '\U0001f3fb' // of skin colour
	lastModifier  = '\U0001f3ff'
)

// piece is one character, made visible.
type piece struct {
	out     []byte
	n       int // bytes of the original
	width   int
	extra   int // cells more for a terminal that counts code points
	foreign bool
}

// next makes the first character of s, which is not empty, visible with all
// that belongs to it, and appends it to dst.
func next(dst []byte, s string) piece {
	c := s[0]
	switch {
	case c < ' ':
		return piece{out: utf8.AppendRune(dst, '␀'+rune(c)), n: 1, width: 1, foreign: true}
	case c == 0x7f:
		return piece{out: utf8.AppendRune(dst, '␡'), n: 1, width: 1, foreign: true}
	case c < 0x7f:
		return grow(piece{out: append(dst, c), n: 1, width: 1}, s, rune(c), narrow)
	}
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 {
		return piece{out: append(append(append(dst, `‹\x`...), lowerHex[c>>4], lowerHex[c&15]), "›"...), n: 1, width: 6, foreign: true}
	}
	if isHangul(r) {
		r, n = compose(s, r, n)
	}
	switch r { // halfwidth voicing marks join what stands before them; the full ones do not
	case 'ﾞ':
		r = '゛'
	case 'ﾟ':
		r = '゜'
	}
	switch cl := classOf(r); cl {
	case narrow, consonant:
		return grow(piece{out: utf8.AppendRune(dst, r), n: n, width: 1}, s, r, cl)
	case wide:
		return grow(piece{out: utf8.AppendRune(dst, r), n: n, width: 2}, s, r, cl)
	case emoji, wideEmoji:
		width := int(cl-emoji) + 1
		return grow(piece{out: utf8.AppendRune(dst, r), n: n + joined(s[n:]), width: width}, s, r, cl)
	case combining, linker:
		return grow(piece{out: utf8.AppendRune(dst, dottedCircle), width: 1, foreign: true}, s, dottedCircle, narrow)
	case regional:
		if second, length := utf8.DecodeRuneInString(s[n:]); classOf(second) == regional {
			dst = utf8.AppendRune(utf8.AppendRune(dst, r), second)
			return grow(piece{out: dst, n: n + length, width: 2}, s, second, cl)
		}
	}
	if _, _, ok := saraAm(r); ok {
		return grow(piece{out: utf8.AppendRune(dst, dottedCircle), width: 1, foreign: true}, s, dottedCircle, narrow)
	}
	length := 4
	for r>>(4*length) > 0 {
		length++
	}
	dst = append(dst, "‹U+"...)
	for i := length - 1; i >= 0; i-- {
		dst = append(dst, upperHex[r>>(4*i)&15])
	}
	return piece{out: append(dst, "›"...), n: n, width: length + 4, foreign: true}
}

// grow adds to a piece what belongs to its base.
func grow(p piece, s string, base rune, cl class) piece {
	if isKeycap(base, s[p.n:]) {
		p.n += utf8.RuneLen(emojiForm)
	}
	marks, signs, consonants, linked := 0, 0, 0, false
	for p.n < len(s) && s[p.n] >= utf8.RuneSelf {
		r, n := utf8.DecodeRuneInString(s[p.n:])
		if nikhahit, aa, ok := saraAm(r); ok && marks < maxCombining {
			p.out = utf8.AppendRune(utf8.AppendRune(p.out, nikhahit), aa)
			p.n += n
			p.width++
			return p
		}
		switch classOf(r) {
		case combining:
			if marks == maxCombining {
				return p
			}
			marks++
		case linker:
			if marks == maxCombining || signs > 0 || consonants == maxConjunct {
				return p
			}
			marks++
			linked = cl == consonant
		case consonant:
			if !linked {
				return p
			}
			base, marks, linked = r, 0, false
			consonants++
			p.extra++
		case spacing:
			if linked || signs == maxSpacing || !sameScript(base, r, cl) {
				return p
			}
			signs++
			p.extra++
		default:
			return p
		}
		p.out = append(p.out, s[p.n:p.n+n]...)
		p.n += n
	}
	return p
}

// sameScript tells whether a vowel sign may stand on a base: scripts with such
// signs have blocks of 128 code points. On anything else a sign is there to
// shift the row.
func sameScript(base, sign rune, cl class) bool {
	return base>>7 == sign>>7 && (cl == consonant || cl == narrow)
}

// saraAm takes apart the Thai and Lao vowel that is half above the consonant
// and half behind it, which grapheme and code point counting do not agree on.
func saraAm(r rune) (nikhahit, aa rune, ok bool) {
	switch r {
	case 'ำ':
		return '\u0e4d', 'า', true
	case 'ຳ':
		return '\u0ecd', 'າ', true
	}
	return 0, 0, false
}

// isKeycap tells whether a digit is followed by what makes a key of it, with
// the selector that is left out.
func isKeycap(base rune, s string) bool {
	return strings.HasPrefix(s, string(emojiForm)+keycap) && strings.ContainsRune("0123456789#*", base)
}

// joined is the length of what follows an emoji and is left out: the selector
// of its form, the colour of its skin, and the emoji that are joined to it.
func joined(s string) int {
	at := 0
	for range maxJoined {
		if r, n := utf8.DecodeRuneInString(s[at:]); r == emojiForm || r == textForm {
			at += n
		}
		if r, n := utf8.DecodeRuneInString(s[at:]); r >= firstModifier && r <= lastModifier {
			at += n
		}
		joiner, n := utf8.DecodeRuneInString(s[at:])
		if joiner != zwj {
			break
		}
		r, length := utf8.DecodeRuneInString(s[at+n:])
		if cl := classOf(r); cl != emoji && cl != wideEmoji {
			break
		}
		at += n + length
	}
	return at
}

const ( // of the Hangul letters that conjoin, and of the syllables made of them
	leads, leadCount   = 0x1100, 19
	vowels, vowelCount = 0x1161, 21
	tails, tailCount   = 0x11a7, 28
	firstSyllable      = 0xac00
	lastSyllable       = 0xd7a3
)

func isHangul(r rune) bool {
	return r >= leads && r < leads+leadCount || r >= firstSyllable && r <= lastSyllable
}

// compose makes one syllable of a Hangul letter or syllable r, n bytes long at
// the beginning of s, and the letters that conjoin with it.
func compose(s string, r rune, n int) (syllable rune, length int) {
	if r < firstSyllable {
		v, m := utf8.DecodeRuneInString(s[n:])
		if v < vowels || v >= vowels+vowelCount {
			return r, n
		}
		r = firstSyllable + ((r-leads)*vowelCount+v-vowels)*tailCount
		n += m
	}
	if t, m := utf8.DecodeRuneInString(s[n:]); (r-firstSyllable)%tailCount == 0 && t > tails && t < tails+tailCount {
		r += t - tails
		n += m
	}
	return r, n
}
