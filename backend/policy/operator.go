package policy

import "strings"

// family is what an operator compares.
type family int

const (
	ofText family = iota
	ofNumbers
	ofDates
	ofBooleans
	ofBytes
	ofAddresses
	ofARNs
	ofPresence // Null
)

// comparison is how it compares. Negation is no comparison of its own: a
// negated operator holds where the comparison fails for every value.
type comparison int

const (
	equal comparison = iota
	equalFold
	resembles
	less // from here on by order
	lessEqual
	greater
	greaterEqual
)

// quantifier is the prefix for keys with several values.
type quantifier int

const (
	single quantifier = iota
	forAll
	forAny
)

// operator is a condition operator, taken apart.
type operator struct {
	family     family
	comparison comparison
	negated    bool
	ifExists   bool
	quantifier quantifier
}

// parseOperator takes the name of an operator apart. Case does not matter.
func parseOperator(name string) (operator, bool) {
	var o operator
	name = strings.ToLower(name)
	if base, ok := strings.CutPrefix(name, "forallvalues:"); ok {
		o.quantifier, name = forAll, base
	} else if base, ok := strings.CutPrefix(name, "foranyvalue:"); ok {
		o.quantifier, name = forAny, base
	}
	if base, ok := strings.CutSuffix(name, "ifexists"); ok {
		o.ifExists, name = true, base
	}
	switch name {
	case "null":
		o.family = ofPresence
		return o, !o.ifExists && o.quantifier == single
	case "bool":
		o.family = ofBooleans
		return o, true
	case "binaryequals":
		o.family = ofBytes
		return o, true
	case "ipaddress", "notipaddress":
		o.family, o.negated = ofAddresses, name[0] == 'n'
		return o, true
	}
	for prefix, f := range map[string]family{"string": ofText, "numeric": ofNumbers, "date": ofDates, "arn": ofARNs} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			o.family = f
			return o, o.parseComparison(rest)
		}
	}
	return o, false
}

// parseComparison reads the rest of an operator's name, which depends on what
// is compared.
func (o *operator) parseComparison(rest string) bool {
	text, order := o.family == ofText, o.family == ofNumbers || o.family == ofDates
	rest, o.negated = strings.CutPrefix(rest, "not")
	switch rest {
	case "equals":
		if o.family == ofARNs {
			o.comparison = resembles // ArnEquals and ArnLike are the same
		}
		return true
	case "like":
		o.comparison = resembles
		return text || o.family == ofARNs
	case "equalsignorecase":
		o.comparison = equalFold
		return text
	case "lessthan":
		o.comparison = less
	case "lessthanequals":
		o.comparison = lessEqual
	case "greaterthan":
		o.comparison = greater
	case "greaterthanequals":
		o.comparison = greaterEqual
	default:
		return false
	}
	return order && !o.negated
}
