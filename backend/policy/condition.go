package policy

import (
	"slices"
	"strings"
)

// holds tells whether a condition is satisfied by what is known of a request.
//
// A key that the request does not have satisfies a negated operator, one with
// IfExists and ForAllValues, and no other. Null looks at nothing else.
func (c Condition) holds(f facts) bool {
	o, ok := parseOperator(c.Operator)
	if !ok {
		return false
	}
	have := f.of(c.Key)
	if o.family == ofPresence {
		missing := map[bool]string{true: "true", false: "false"}[len(have) == 0]
		return slices.ContainsFunc(c.Values, func(want string) bool { return strings.EqualFold(want, missing) })
	}
	satisfied := func(v string) bool {
		return o.negated != slices.ContainsFunc(c.Values, func(want string) bool { return o.matches(want, v, f) })
	}
	switch {
	case o.quantifier == forAny:
		return slices.ContainsFunc(have, satisfied)
	case o.quantifier == forAll:
		return !slices.ContainsFunc(have, func(v string) bool { return !satisfied(v) })
	case len(have) == 0:
		return o.negated || o.ifExists
	}
	return len(have) == 1 && satisfied(have[0])
}
