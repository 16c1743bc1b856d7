package triage

import (
	"hash/maphash"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// blank stands for what differs between texts of one template.
const blank = "…"

const (
	longestTemplate = 64  // words of a text that are looked at
	mostTemplates   = 256 // that are compared with each other
	mostTurns       = 2000
	comparable      = 8 // words that a text has at least to be compared
)

// template is a text without what is of one occurrence alone: ids, numbers,
// quoted values. An HTTP status stays, for it says what happened. A word has the
// blank before it.
func template(s string) []string {
	var out []string
	for s != "" && len(out) < longestTemplate {
		space := ""
		if trimmed := strings.TrimLeftFunc(s, unicode.IsSpace); len(trimmed) < len(s) {
			s = trimmed
			if len(out) > 0 {
				space = " "
			}
		}
		r, n := utf8.DecodeRuneInString(s)
		if n == 0 {
			break
		}
		w := s[:n]
		switch {
		case strings.ContainsRune("\"'`", r):
			if i := strings.IndexRune(s[n:], r); i >= 0 && variable(s[n:n+i]) {
				w, n = blank, n+i+n
			}
		case inWord(r):
			if i := strings.IndexFunc(s, func(r rune) bool { return !inWord(r) }); i >= 0 {
				n = i
			} else {
				n = len(s)
			}
			if w = s[:n]; strings.ContainsAny(w, "0123456789") && !status(w) {
				w = blank
			}
		}
		out, s = add(out, space+w), s[n:]
	}
	return out
}

// add leaves out a second blank in a row.
func add(out []string, w string) []string {
	if strings.TrimSpace(w) == blank && len(out) > 0 && strings.TrimSpace(out[len(out)-1]) == blank {
		return out
	}
	return append(out, w)
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == '_' || r == '-'
}

// variable tells whether what is quoted is a value rather than a name.
func variable(s string) bool { return len(s) > 40 || strings.ContainsAny(s, "0123456789/@ ") }

func status(w string) bool {
	return len(w) == 3 && (w[0] == '4' || w[0] == '5') && w > "399" && w < "600"
}

// phrase is a template as people read it.
func phrase(words []string) string { return strings.Join(words, "") }

// sameTemplate joins templates that differ only in what varies, and returns for
// each the one that all of its class become. Two are of one class where they have
// as many words, eight at least, and at most a quarter of them differ, or where at
// one place at least four words take turns and all else is equal. The order makes
// no difference.
func sameTemplate(all [][]string) map[string]string {
	keys := map[string][]string{}
	for _, t := range all {
		keys[strings.Join(t, "\x00")] = t
	}
	names := slices.Sorted(maps.Keys(keys))
	sets := classes(names, keys)
	common := map[int][]string{}
	for i, k := range names {
		of := sets.of(i)
		if common[of] == nil {
			common[of] = slices.Clone(keys[k])
			continue
		}
		for at, w := range keys[k] {
			if common[of][at] != w {
				common[of][at] = varying(common[of][at])
			}
		}
	}
	out := map[string]string{}
	for i, k := range names {
		var words []string
		for _, w := range common[sets.of(i)] {
			words = add(words, w)
		}
		out[k] = phrase(words)
	}
	return out
}

// classes are the sets of the templates that are of one class, by their places
// among the names.
func classes(names []string, keys map[string][]string) sets {
	sets := newSets(len(names))
	if len(names) <= mostTemplates {
		for i := range names {
			for j := range i {
				if a, b := keys[names[i]], keys[names[j]]; len(a) == len(b) && len(a) >= comparable && differ(a, b) <= len(a)/4 {
					sets.join(i, j)
				}
			}
		}
	}
	takeTurns(sets, names[:min(len(names), mostTurns)], keys)
	if len(names) > mostTurns { // too many to compare: those of one length are one
		lengths := map[int]int{}
		for i, k := range names {
			if first, ok := lengths[len(keys[k])]; ok {
				sets.join(first, i)
			} else {
				lengths[len(keys[k])] = i
			}
		}
	}
	return sets
}

// takeTurns joins those that are equal but for one place, at which there are four
// words or more.
func takeTurns(sets sets, names []string, keys map[string][]string) {
	seed := maphash.MakeSeed()
	turns := map[uint64][]int{}
	for i, k := range names {
		t := keys[k]
		for at, w := range t {
			if r, _ := utf8.DecodeRuneInString(strings.TrimSpace(w)); inWord(r) && !status(strings.TrimSpace(w)) {
				star := maphash.String(seed, strings.Join(t[:at], "\x00")+"\x00*\x00"+strings.Join(t[at+1:], "\x00"))
				turns[star] = append(turns[star], i)
			}
		}
	}
	for _, list := range turns {
		if len(list) >= 4 {
			for _, i := range list[1:] {
				sets.join(list[0], i)
			}
		}
	}
}

// varying is the blank in place of a word, with the blank before it.
func varying(w string) string {
	if strings.HasPrefix(w, " ") {
		return " " + blank
	}
	return blank
}

// differ is in how many places they differ: in all of them where a status does.
func differ(a, b []string) (n int) {
	for i := range a {
		if a[i] != b[i] {
			n++
			if status(strings.TrimSpace(a[i])) || status(strings.TrimSpace(b[i])) {
				return len(a)
			}
		}
	}
	return n
}

// sets are disjoint sets of numbers.
type sets []int

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func (s sets) of(i int) int {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

// join makes one set of two, whose least number stands for it.
func (s sets) join(i, j int) {
	a, b := s.of(i), s.of(j)
	s[max(a, b)] = min(a, b)
}
