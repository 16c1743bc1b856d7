package policy

import (
	"strings"
	"unicode/utf8"
)

// pattern is a value of a policy, ready to be matched: characters, and the two
// wildcards where they mean something.
type pattern []rune

const (
	anyRun rune = -1 // "*": any characters, also none
	anyOne rune = -2 // "?": any one character
)

// matches compares the whole of a text, case and all.
func (p pattern) matches(text string) bool {
	s := []rune(text)
	i, j := 0, 0
	star, retry := -1, 0 // the last "*" and where in the text it was last tried
	for j < len(s) {
		switch {
		case i < len(p) && p[i] == anyRun:
			star, retry = i, j
			i++
		case i < len(p) && (p[i] == anyOne || p[i] == s[j]):
			i++
			j++
		case star >= 0:
			retry++
			i, j = star+1, retry
		default:
			return false
		}
	}
	for i < len(p) && p[i] == anyRun {
		i++
	}
	return i == len(p)
}

// like makes a pattern of text in which * and ? are wildcards and nothing else
// is special.
func like(text string) pattern {
	p, _ := facts{}.pattern(text, true)
	return p
}

// pattern makes a pattern of a value in a policy, with wildcards or without. In
// a policy of version 2012-10-17 the variables are replaced by what the request
// has for them, in which nothing is special any more. It is false if a variable
// has no value or several, and no default: such a value matches nothing.
func (f facts) pattern(text string, wild bool) (pattern, bool) {
	p := make(pattern, 0, len(text))
	for text != "" {
		if name, rest, ok := f.cutVariable(text); ok {
			v, known := f.variable(name)
			if !known {
				return nil, false
			}
			p, text = append(p, []rune(v)...), rest
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case wild && r == '*':
			r = anyRun
		case wild && r == '?':
			r = anyOne
		}
		p, text = append(p, r), text[size:]
	}
	return p, true
}

// cutVariable cuts a variable that the text begins with: what is in the braces
// of ${…}, of which quotes may hide the closing one.
func (f facts) cutVariable(text string) (name, rest string, ok bool) {
	if !f.variables || !strings.HasPrefix(text, "${") {
		return "", text, false
	}
	quoted := false
	for i := 2; i < len(text); i++ {
		switch {
		case text[i] == '\'':
			quoted = !quoted
		case text[i] == '}' && !quoted:
			return text[2:i], text[i+1:], true
		}
	}
	return "", text, false
}

// variable is the value of what stands in ${…}: a key of the request, which may
// have a default ("aws:username, 'nobody'"), or an escaped character.
func (f facts) variable(name string) (string, bool) {
	if name == "*" || name == "?" || name == "$" {
		return name, true
	}
	key, fallback, hasFallback := strings.Cut(name, ",")
	if v := f.of(strings.TrimSpace(key)); len(v) == 1 {
		return v[0], true
	}
	fallback = strings.TrimSpace(fallback)
	if hasFallback && len(fallback) >= 2 && fallback[0] == '\'' && fallback[len(fallback)-1] == '\'' {
		return fallback[1 : len(fallback)-1], true
	}
	return "", false
}

// matchesARN compares an ARN with one of a policy, part by part, so that no
// wildcard reaches over a colon; only the last of the six parts may have colons
// of its own. Missing parts are wildcards if fill is true, else they match
// nothing.
func (f facts) matchesARN(want, have string, fill bool) bool {
	wants := f.splitARN(want)
	haves := strings.SplitN(have, ":", arnParts)
	if len(haves) < arnParts || len(wants) < arnParts && !fill {
		return false
	}
	for i, w := range wants {
		if p, ok := f.pattern(w, true); !ok || !p.matches(haves[i]) {
			return false
		}
	}
	return true
}

const arnParts = 6

// splitARN splits an ARN of a policy at its colons, not counting those in
// variables.
func (f facts) splitARN(text string) []string {
	var parts []string
	from := 0
	for i := 0; i < len(text) && len(parts) < arnParts-1; i++ {
		if _, rest, ok := f.cutVariable(text[i:]); ok {
			i = len(text) - len(rest) - 1
			continue
		}
		if text[i] == ':' {
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:])
}
