package policy

import (
	"slices"
	"strings"

	"sqscope/backend"
)

// Template is a usual statement with gaps. A filled one goes into a policy by
// [Policy.With].
type Template struct {
	Name       string // one word, for a command line: sns-topic
	Title      string // what it is for, in words
	Caution    string // what it may break, "" if nothing
	Parameters []Parameter
	fill       func(queue backend.ARN, values map[string]string) Statement
}

// Parameter is a gap in a template.
type Parameter struct {
	Name    string // topic
	Label   string // what to put in, in words
	Example string
	Default string // what stands for an empty value; "" if one is required
	check   func(queue backend.ARN, value string) *backend.Error
}

// Check tells whether a value will do, for a form: the error is a
// [*backend.Error] of [backend.KindInvalid] about this parameter.
func (p Parameter) Check(queue backend.ARN, value string) error {
	if value == "" {
		value = p.Default
	}
	e := invalid("", "", "is missing")
	if value != "" {
		e = p.check(queue, value)
	}
	if e == nil {
		return nil
	}
	e.Subject = p.Name
	if e.Next == "" {
		e.Next = "give " + p.Label + ", such as " + p.Example
	}
	return e
}

// Fill makes the statement for a queue. Every parameter is checked, and a value
// for none of them is refused.
func (t Template) Fill(queue backend.ARN, values map[string]string) (Statement, error) {
	filled := map[string]string{}
	for _, p := range t.Parameters {
		if err := p.Check(queue, values[p.Name]); err != nil {
			return Statement{}, err
		}
		filled[p.Name] = values[p.Name]
		if filled[p.Name] == "" {
			filled[p.Name] = p.Default
		}
	}
	for name := range values {
		if _, known := filled[name]; !known {
			return Statement{}, invalid(name, "see which the template "+t.Name+" has", "is no parameter of %s", t.Name)
		}
	}
	s := t.fill(queue, filled)
	s.Resource = one(queue.String())
	return s, nil
}

func one(value string) Element[string] { return Element[string]{Values: []string{value}} }

func principal(t PrincipalType, id string) Element[Principal] {
	return Element[Principal]{Values: []Principal{{t, id}}}
}

// label makes a Sid that RemovePermission can take: letters, digits, hyphens and
// underscores (docs/SQS.md 1.10).
func label(parts ...string) string {
	s := strings.Map(func(r rune) rune {
		if r < 0x80 && (isLetter(byte(r)) || r == '-' || r == '_') {
			return r
		}
		return '-'
	}, strings.Join(parts, "-"))
	return s[:min(len(s), maxSid)]
}

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// wantARN checks that a value is the ARN of one thing of a service, in the
// queue's partition. What kind of thing it is says the prefix of its name.
func wantARN(queue backend.ARN, value, service, prefix string) (arn, *backend.Error) {
	a, ok := splitARN(value)
	switch {
	case !ok || a.service != service || !strings.HasPrefix(a.resource, prefix) || a.resource == prefix:
		return a, invalid("", "", "is not such an ARN: %s", value)
	case a.partition != queue.Partition:
		return a, invalid("", "", "is in the partition %s, the queue is in %s", a.partition, queue.Partition)
	case a.region == "" || !isAccount(a.account) || strings.ContainsAny(value, "*? "):
		return a, invalid("", "", "is not the full ARN of one: %s", value)
	}
	return a, nil
}

// wantAccount checks that a value is the number of an account.
func wantAccount(_ backend.ARN, value string) *backend.Error {
	if isAccount(value) {
		return nil
	}
	return invalid("", "", "is not twelve digits: %s", value)
}

// wantActions checks a list of actions, with commas or blanks between them, that
// may be granted to another account (1.10).
func wantActions(_ backend.ARN, value string) *backend.Error {
	all := splitActions(value)
	switch {
	case len(all) == 0:
		return invalid("", "", "names none")
	case len(all) > maxActions:
		return invalid("", "name at most seven, or * for all", "has %d actions", len(all))
	}
	for _, a := range all {
		switch {
		case a == "*":
		case !slices.Contains(backend.Actions(), a):
			return invalid("", "", "has %s, which is no action of SQS", a)
		case Right(a) != a:
			return invalid("", "name "+Right(a)+", which covers the batch", "has %s, which has no right of its own", a)
		case OwnerOnly(a):
			return invalid("", "leave it out", "has %s, which works for the owner's account alone", a)
		}
	}
	return nil
}

// maxActions is how many a statement may have (3.3).
const maxActions = 7

func splitActions(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
}
