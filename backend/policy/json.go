package policy

import (
	"encoding/json"
	"strings"
)

// JSON is the policy as SQS's AddPermission writes one (docs/SQS.md 10.2):
// without blanks, the elements in a fixed order, a single value as a plain
// string. What AddPermission wrote comes out byte for byte, and reading it
// again gives the same Policy.
func (p Policy) JSON() string {
	var w writer
	w.begin('{')
	w.optional("Version", p.Version)
	w.optional("Id", p.Id)
	w.name("Statement")
	w.begin('[')
	for _, s := range p.Statements {
		w.next()
		w.statement(s)
	}
	w.end(']')
	w.end('}')
	return w.String()
}

// writer writes JSON. It knows whether a comma is due.
type writer struct {
	strings.Builder
	comma bool
}

func (w *writer) next() {
	if w.comma {
		w.WriteByte(',')
	}
	w.comma = true
}

func (w *writer) begin(c byte) {
	w.WriteByte(c)
	w.comma = false
}

func (w *writer) end(c byte) {
	w.WriteByte(c)
	w.comma = true
}

func (w *writer) name(s string) {
	w.next()
	w.text(s)
	w.WriteByte(':')
}

// text writes a string without the escapes that only HTML needs.
func (w *writer) text(s string) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	w.WriteString(strings.TrimSuffix(b.String(), "\n"))
}

func (w *writer) optional(name, s string) {
	if s != "" {
		w.name(name)
		w.text(s)
	}
}

// oneOrMore writes a single string as it is and others as a list.
func (w *writer) oneOrMore(values []string) {
	if len(values) == 1 {
		w.text(values[0])
		return
	}
	w.begin('[')
	for _, s := range values {
		w.next()
		w.text(s)
	}
	w.end(']')
}

func (w *writer) statement(s Statement) {
	w.begin('{')
	w.optional("Sid", s.Sid)
	w.optional("Effect", string(s.Effect))
	w.principals(s.Principal)
	w.element("Action", s.Action)
	w.element("Resource", s.Resource)
	w.conditions(s.Conditions)
	w.end('}')
}

func (w *writer) element(name string, e Element[string]) {
	if len(e.Values) == 0 {
		return
	}
	w.name(notName(name, e.Not))
	w.oneOrMore(e.Values)
}

func notName(name string, not bool) string {
	if not {
		return "Not" + name
	}
	return name
}

func (w *writer) principals(e Element[Principal]) {
	if len(e.Values) == 0 {
		return
	}
	w.name(notName("Principal", e.Not))
	if e.Values[0].Type == Everyone {
		w.text("*")
		return
	}
	w.begin('{')
	types, ids := grouped(e.Values, func(p Principal) (string, string) { return string(p.Type), p.ID })
	for _, t := range types {
		w.name(t)
		w.oneOrMore(ids[t])
	}
	w.end('}')
}

func (w *writer) conditions(all []Condition) {
	if len(all) == 0 {
		return
	}
	w.name("Condition")
	w.begin('{')
	operators, of := grouped(all, func(c Condition) (string, Condition) { return c.Operator, c })
	for _, operator := range operators {
		w.name(operator)
		w.begin('{')
		for _, c := range of[operator] {
			w.name(c.Key)
			w.oneOrMore(c.Values)
		}
		w.end('}')
	}
	w.end('}')
}

// grouped sorts things by name, the names in the order in which they first
// come, since an object has each name once.
func grouped[T, V any](all []T, split func(T) (string, V)) (names []string, of map[string][]V) {
	of = map[string][]V{}
	for _, t := range all {
		name, v := split(t)
		if _, seen := of[name]; !seen {
			names = append(names, name)
		}
		of[name] = append(of[name], v)
	}
	return names, of
}
