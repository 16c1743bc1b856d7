package cli

import "strings"

// lineCandidatesCmd is candidatesCmd for a shell that does not tell its words
// apart.
type lineCandidatesCmd struct {
	Line string `arg:""`
}

// Run prints them.
func (c *lineCandidatesCmd) Run(r *runner) error {
	words := split(c.Line)
	return (&candidatesCmd{Words: words[min(1, len(words)-1):]}).Run(r)
}

// split takes a command line apart as a shell does, up to where it ends: a quote
// that is open there is closed, and after a blank a word begins that is empty yet.
// Variables and the like stand for themselves.
func split(line string) []string {
	words := []string{""}
	quote, escaped, blank := rune(0), false, true // outside of words
	add := func(r rune) { words[len(words)-1] += string(r) }
	for _, r := range line {
		switch {
		case escaped:
			escaped = false
			add(r)
		case r == '\\' && quote != '\'':
			escaped, blank = true, false
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			add(r)
		case r == '\'' || r == '"':
			quote, blank = r, false
		case strings.ContainsRune(" \t\n", r):
			if !blank {
				words = append(words, "")
			}
			blank = true
		default:
			blank = false
			add(r)
		}
	}
	return words
}
