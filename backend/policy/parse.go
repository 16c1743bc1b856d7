package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Parse reads a queue's policy (docs/SQS.md 10.2, 10.3). Its errors are
// [*backend.Error] of [backend.KindInvalid]; the subject says where in the
// document: the line, or the statement by its number from 1 and its Sid, and
// the element. Limits of size and count are not looked at, since rules checks
// them when a policy is set.
func Parse(doc string) (Policy, error) { return parse(doc, true) }

// ParseIdentity reads a policy of a user or a role, which is like a queue's but
// names no principal.
func ParseIdentity(doc string) (Policy, error) { return parse(doc, false) }

func parse(doc string, ofQueue bool) (Policy, error) {
	top, err := readTree(doc)
	if err != nil {
		return Policy{}, err
	}
	r := reader{ofQueue: ofQueue}
	p, err := r.policy(top)
	if err != nil {
		return Policy{}, err
	}
	return p, nil
}

// reader turns a tree into a policy. It knows where it is, for its errors.
type reader struct {
	ofQueue   bool
	statement int // number from 1, 0 outside of one
	sid       string
	element   string
}

func (r *reader) fail(next, format string, args ...any) error {
	where := "policy"
	if r.statement > 0 {
		where = fmt.Sprintf("statement %d", r.statement)
		if r.sid != "" {
			where += " (" + r.sid + ")"
		}
	}
	if r.element != "" {
		where += ", " + r.element
	}
	return invalid(where, next, format, args...)
}

// object checks that v is an object with known names, each at most once. No
// names means that any will do.
func (r *reader) object(v value, names ...string) error {
	if v.kind != isObject {
		return r.fail("write it as {…}", "is %s, not an object", v.kind)
	}
	seen := map[string]bool{}
	for _, m := range v.members {
		if seen[m.name] {
			return r.fail("write it once, with a list for several values", "has %q twice", m.name)
		}
		seen[m.name] = true
		if len(names) > 0 && !slices.Contains(names, m.name) {
			return r.fail(instead(m.name, names), "has an unknown field %q", m.name)
		}
	}
	return nil
}

// instead says which name was meant, if only the case is wrong, else which
// there are.
func instead(name string, names []string) string {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return "write it as " + n
		}
	}
	return "use " + strings.Join(names, ", ")
}

func (r *reader) text(v value) (string, error) {
	if v.kind != isText {
		return "", r.fail(`write it in quotes`, "is %s, not a string", v.kind)
	}
	return v.text, nil
}

// texts reads a string or a list of strings, of which there must be one.
func (r *reader) texts(v value) ([]string, error) {
	if v.kind != isList {
		v = value{kind: isList, items: []value{v}}
	}
	if len(v.items) == 0 {
		return nil, r.fail("name at least one", "is an empty list")
	}
	var all []string
	for _, item := range v.items {
		s, err := r.text(item)
		if err != nil {
			return nil, err
		}
		if s == "" {
			return nil, r.fail("name something", "has an empty string")
		}
		all = append(all, s)
	}
	return all, nil
}

func (r *reader) policy(top value) (p Policy, err error) {
	if err := r.object(top, "Version", "Id", "Statement"); err != nil {
		return p, err
	}
	var statements []value
	for _, m := range top.members {
		r.element = m.name
		switch m.name {
		case "Version":
			p.Version, err = r.text(m.value)
			if err == nil && p.Version != Version2008 && p.Version != Version2012 {
				err = r.fail("use "+Version2012, "is %q, which is no version of the policy language", p.Version)
			}
		case "Id":
			p.Id, err = r.text(m.value)
		case "Statement":
			statements = m.value.items
			if m.value.kind != isList {
				statements = []value{m.value}
			}
		}
		if err != nil {
			return p, err
		}
	}
	if len(statements) == 0 {
		r.element = "Statement"
		return p, r.fail("add one, or remove the policy", "is missing or empty")
	}
	for i, v := range statements {
		r.statement, r.sid, r.element = i+1, "", ""
		s, err := r.rule(v)
		if err != nil {
			return p, err
		}
		p.Statements = append(p.Statements, s)
	}
	return p, nil
}

// rule reads a statement. The Sid comes first, wherever it stands, since errors
// name it.
func (r *reader) rule(v value) (s Statement, err error) {
	names := []string{"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
	if r.ofQueue {
		names = append(names, "Principal", "NotPrincipal")
	}
	for _, m := range v.members {
		if m.name == "Sid" && m.value.kind == isText {
			r.sid = m.value.text
		}
	}
	if err := r.object(v, names...); err != nil {
		return s, err
	}
	for _, m := range v.members {
		r.element = m.name
		if err := r.part(&s, m); err != nil {
			return s, err
		}
	}
	r.element = ""
	switch {
	case s.Effect == "":
		err = r.fail("add Allow or Deny", "has no Effect")
	case len(s.Action.Values) == 0:
		err = r.fail("add the actions, or sqs:* for all", "has neither Action nor NotAction")
	case r.ofQueue && len(s.Principal.Values) == 0:
		err = r.fail(`add the accounts or services, or "*" for everyone`, "has neither Principal nor NotPrincipal")
	case !r.ofQueue && len(s.Resource.Values) == 0:
		err = r.fail(`add the queues, or "*" for all`, "has neither Resource nor NotResource")
	}
	return s, err
}

func (r *reader) part(s *Statement, m member) (err error) {
	switch m.name {
	case "Sid":
		s.Sid, err = r.text(m.value)
	case "Effect":
		var effect string
		effect, err = r.text(m.value)
		s.Effect = Effect(effect)
		if err == nil && s.Effect != Allow && s.Effect != Deny {
			err = r.fail("use Allow or Deny", "is %q", effect)
		}
	case "Principal", "NotPrincipal":
		err = element(r, &s.Principal, m, r.principals)
	case "Action", "NotAction":
		err = element(r, &s.Action, m, r.texts)
	case "Resource", "NotResource":
		err = element(r, &s.Resource, m, r.texts)
	case "Condition":
		s.Conditions, err = r.conditions(m.value)
	}
	return err
}

// element reads one of a pair such as Action and NotAction, of which a
// statement has only one.
func element[T any](r *reader, e *Element[T], m member, read func(value) ([]T, error)) (err error) {
	if len(e.Values) > 0 {
		name := strings.TrimPrefix(m.name, "Not")
		return r.fail("keep one of them", "stands beside %s", map[bool]string{true: "Not" + name, false: name}[e.Not])
	}
	e.Not = strings.HasPrefix(m.name, "Not")
	e.Values, err = read(m.value)
	return err
}

func (r *reader) principals(v value) ([]Principal, error) {
	if v.kind == isText {
		if v.text == "*" {
			return []Principal{{Everyone, "*"}}, nil
		}
		return nil, r.fail(fmt.Sprintf(`write {"AWS": %q}`, v.text), `is the string %q; only "*" may stand alone`, v.text)
	}
	if err := r.object(v, string(AWS), string(Service), string(Federated), string(CanonicalUser)); err != nil {
		return nil, err
	}
	if len(v.members) == 0 {
		return nil, r.fail(`name someone, or use "*" for everyone`, "names nobody")
	}
	var all []Principal
	at := r.element
	for _, m := range v.members {
		r.element = at + " " + m.name
		ids, err := r.texts(m.value)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			all = append(all, Principal{PrincipalType(m.name), id})
		}
	}
	return all, nil
}

func (r *reader) conditions(v value) ([]Condition, error) {
	if err := r.object(v); err != nil {
		return nil, err
	}
	var all []Condition
	for _, m := range v.members {
		r.element = "Condition " + m.name
		if _, ok := parseOperator(m.name); !ok {
			return nil, r.fail("use one of IAM's, such as StringEquals, ArnLike, Bool or IpAddress", "is no condition operator")
		}
		if err := r.object(m.value); err != nil {
			return nil, err
		}
		if len(m.value.members) == 0 {
			return nil, r.fail("add a key, or remove the operator", "compares no key")
		}
		for _, key := range m.value.members {
			r.element = "Condition " + m.name + " " + key.name
			values, err := r.conditionValues(key.value)
			if err != nil {
				return nil, err
			}
			all = append(all, Condition{m.name, key.name, values})
		}
	}
	return all, nil
}

// conditionValues reads what a key is compared with. An empty list is allowed:
// nothing equals it.
func (r *reader) conditionValues(v value) ([]string, error) {
	items := v.items
	if v.kind != isList {
		items = []value{v}
	}
	var all []string
	for _, item := range items {
		switch item.kind {
		case isText, isNumber, isBoolean:
			all = append(all, item.text)
		default:
			return nil, r.fail("use strings, numbers or booleans", "is compared with %s", item.kind)
		}
	}
	return all, nil
}
