package decode

import (
	"slices"
	"strings"

	"sqscope/backend/config"
)

// Hidden stands for what a mask covers.
const Hidden = "•••"

// rule is a mask that was read: paths that are hidden, or that alone are shown.
type rule struct {
	allow bool
	paths [][]part
}

// part is a step of a mask's path: the member of that name, or each value.
type part struct {
	name string
	each bool
}

// rulesOf reads masks. One that cannot be read hides everything, like one that
// allows nothing.
func rulesOf(masks []config.Mask) []rule {
	rules := make([]rule, 0, len(masks))
	for _, m := range masks {
		rules = append(rules, ruleOf(m))
	}
	return rules
}

func ruleOf(m config.Mask) rule {
	all := rule{allow: true}
	if m.Mode != "" && m.Mode != "deny" && m.Mode != "allow" {
		return all
	}
	r := rule{allow: m.Mode == "allow"}
	for _, text := range m.Paths {
		parts, ok := partsOf(text)
		if !ok {
			return all
		}
		r.paths = append(r.paths, parts)
	}
	return r
}

// partsOf reads a path such as .items[].card or ."unit price".
func partsOf(s string) ([]part, bool) {
	var parts []part
	s = strings.TrimPrefix(s, ".")
	for first := true; s != ""; first = false {
		if strings.HasPrefix(s, "[]") {
			parts, s = append(parts, part{each: true}), s[2:]
			continue
		}
		if !first {
			if s[0] != '.' {
				return nil, false
			}
			s = s[1:]
		}
		name, rest, ok := nameOf(s)
		if !ok {
			return nil, false
		}
		parts, s = append(parts, part{name: name}), rest
	}
	return parts, len(parts) > 0
}

func nameOf(s string) (name, rest string, ok bool) {
	if strings.HasPrefix(s, `"`) {
		end := strings.IndexByte(s[1:], '"')
		if end <= 0 {
			return "", "", false
		}
		return s[1 : 1+end], s[2+end:], true
	}
	end := strings.IndexAny(s, ".[")
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:], end > 0 && !strings.ContainsAny(s[:end], "\"] \t\r\n")
}

// sight is how far a rule's paths have been followed to a value.
type sight struct {
	whole bool  // an allowed path ends here or above: all is shown
	at    []pos // paths that may go on
}

// pos is the step that comes next on a path of a rule.
type pos struct{ path, step int }

// view has a sight for each rule.
type view []sight

// rooted is the view of a document that begins here: its paths begin too, beside
// those that lead here from outside.
func rooted(rules []rule, from view) view {
	v := make(view, len(rules))
	for i, r := range rules {
		if from != nil {
			v[i] = sight{from[i].whole, slices.Clone(from[i].at)}
		}
		for p := range r.paths {
			v[i].wait(r, pos{p, 0})
		}
	}
	return v
}

// enter is the view of a value in a container, and whether a path ends there that
// is hidden. In what is denied, arrays on the way need not be named.
func enter(rules []rule, from view, name string, inArray bool) (to view, hide bool) {
	if !from.open() {
		return from, false
	}
	to = make(view, len(rules))
	for i, r := range rules {
		to[i].whole = from[i].whole
		for _, p := range from[i].at {
			hide = to[i].follow(r, p, name, inArray) || hide
		}
	}
	return to, hide
}

// follow takes a path on by one value, and tells whether that hides it.
func (s *sight) follow(r rule, p pos, name string, inArray bool) (hide bool) {
	path := r.paths[p.path]
	if inArray && !r.allow {
		s.wait(r, p)
	}
	if next := path[p.step]; !next.each && (inArray || next.name != name) {
		return false
	}
	p.step++
	if p.step == len(path) {
		s.whole = s.whole || r.allow
		return !r.allow
	}
	s.wait(r, p)
	return false
}

// wait notes a step that may come next. What is denied in each value of an array
// is denied too where there is one value and no array.
func (s *sight) wait(r rule, p pos) {
	path := r.paths[p.path]
	for !slices.Contains(s.at, p) {
		s.at = append(s.at, p)
		if !path[p.step].each || r.allow || p.step+1 == len(path) {
			return
		}
		p.step++
	}
}

// open tells whether any path may go on.
func (v view) open() bool {
	for _, s := range v {
		if len(s.at) > 0 {
			return true
		}
	}
	return false
}

// dim tells whether a rule shows only some of what is below, if anything.
func (v view) dim(rules []rule) bool {
	for i, r := range rules {
		if r.allow && !v[i].whole {
			return true
		}
	}
	return false
}
