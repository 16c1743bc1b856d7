package rules

import (
	"encoding/json"

	"sqscope/backend"
)

// checkPolicy checks a queue policy that is to be set: its size, its counts and
// the grammar without which nothing could evaluate it (docs/SQS.md 3.3, 10.2).
// "" takes the policy away.
func checkPolicy(s string) *backend.Error {
	if s == "" {
		return nil
	}
	var p struct {
		Version   string
		Statement oneOrMore[statement]
	}
	bad := badValue(backend.AttrPolicy)
	if len(s) > MaxPolicyBytes || json.Unmarshal([]byte(s), &p) != nil {
		return bad
	}
	if p.Version != "" && p.Version != "2008-10-17" && p.Version != "2012-10-17" {
		return bad
	}
	if n := len(p.Statement); n > MaxPolicyStatements {
		return backend.ErrorOf(backend.ErrOverLimit,
			"%d statements were found in the submitted policy, max allowed is %d", n, MaxPolicyStatements)
	}
	principals, conditions := 0, 0
	for _, st := range p.Statement {
		if e := st.check(); e != nil {
			return e
		}
		principals += st.principals()
		conditions += st.conditions()
	}
	if len(p.Statement) == 0 || principals > MaxPolicyPrincipals || conditions > MaxPolicyConditions {
		return bad
	}
	return nil
}

type statement struct {
	Effect       string
	Principal    json.RawMessage
	NotPrincipal json.RawMessage
	Action       oneOrMore[string]
	NotAction    oneOrMore[string]
	Condition    map[string]map[string]json.RawMessage
}

func (st *statement) check() *backend.Error {
	actions := len(st.Action) + len(st.NotAction)
	switch {
	case st.Effect != "Allow" && st.Effect != "Deny", actions == 0, st.principals() == 0:
		return badValue(backend.AttrPolicy)
	case actions > MaxPolicyActions:
		return tooManyActions(actions)
	}
	return nil
}

// principals counts who is named: "*" is one, else each value under AWS,
// Service and the like.
func (st *statement) principals() int {
	raw := st.Principal
	if raw == nil {
		raw = st.NotPrincipal
	}
	if s, ok := jsonString(raw); ok && s == "*" {
		return 1
	}
	var named map[string]oneOrMore[string]
	if json.Unmarshal(raw, &named) != nil {
		return 0
	}
	n := 0
	for _, values := range named {
		n += len(values)
	}
	return n
}

func (st *statement) conditions() int {
	n := 0
	for _, keys := range st.Condition {
		n += len(keys)
	}
	return n
}

// oneOrMore is what a policy may write as a single value or as a list; null is
// none.
type oneOrMore[T any] []T

func (o *oneOrMore[T]) UnmarshalJSON(b []byte) error {
	if b[0] == '[' || b[0] == 'n' {
		return json.Unmarshal(b, (*[]T)(o))
	}
	*o = make([]T, 1)
	return json.Unmarshal(b, &(*o)[0])
}
