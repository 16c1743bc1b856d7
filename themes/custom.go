package themes

import (
	"fmt"
	"maps"
	"slices"
)

// Problem is what is wrong with a theme that somebody wrote. The role it is
// about is as in the theme's base.
type Problem struct {
	Theme    string
	Key      string // a role's name, or base; "" for the theme itself
	Message  string // what is wrong
	Expected string // what would be right
	Unknown  string // a name that is not known, if that is what is wrong,
	Known    []string
}

// Custom makes themes of what people wrote: by name, what each role is, by the
// role's name, and under base the theme that it changes, without which it is
// dark. A theme with something wrong in it is there all the same; one that has
// the name of a theme of sqscope's own is not. The themes are sorted by name.
func Custom(defs map[string]map[string]string) ([]*Theme, []Problem) {
	var made []*Theme
	var problems []Problem
	for _, name := range slices.Sorted(maps.Keys(defs)) {
		if _, own := ByName(name); own || name == "auto" {
			problems = append(problems, Problem{Theme: name, Message: fmt.Sprintf("%q is a theme already", name), Expected: "another name"})
			continue
		}
		t, wrong := custom(name, defs[name])
		made = append(made, t)
		problems = append(problems, wrong...)
	}
	return made, problems
}

func custom(name string, def map[string]string) (*Theme, []Problem) {
	var problems []Problem
	base := Default(true)
	if of, said := def["base"]; said {
		if t, ok := ByName(of); ok {
			base = t
		} else {
			problems = append(problems, Problem{Theme: name, Key: "base", Message: fmt.Sprintf("there is no theme %q", of), Unknown: of, Known: Names()})
		}
	}
	p := maps.Clone(base.palette)
	for _, key := range slices.Sorted(maps.Keys(def)) {
		if key == "base" {
			continue
		}
		r := Role(slices.Index(roleNames(), key))
		if r < 0 {
			problems = append(problems, Problem{Theme: name, Key: key, Message: fmt.Sprintf("there is no role %q", key), Unknown: key, Known: append(roleNames(), "base")})
			continue
		}
		if _, err := parse(def[key], r.ground()); err != nil {
			help := styleHelp
			if r.ground() {
				help = groundHelp
			}
			problems = append(problems, Problem{Theme: name, Key: key, Message: err.Error(), Expected: help})
			continue
		}
		p[r] = def[key]
	}
	return build(name, "your own, after "+base.Name, base.Dark, p), problems
}
