package policy

import (
	"reflect"
	"slices"
	"strconv"
)

// The versions of the policy language. Only the newer one has policy variables
// such as ${aws:username}; in the older one, which also counts where a policy
// names none, they are plain text.
const (
	Version2008 = "2008-10-17"
	Version2012 = "2012-10-17"
)

// Policy is a policy document: of a queue, as [Parse] reads it, or of an
// identity, as [ParseIdentity] does. The zero Policy says nothing.
type Policy struct {
	Version    string // Version2008, Version2012 or "", which counts as the older
	Id         string
	Statements []Statement // in the order of the document
}

// Effect is what a statement does where it applies.
type Effect string

// The two effects. A decision may also have none.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Statement is one rule of a policy. Without a Principal it belongs to an
// identity's policy and applies to whoever has it. Without a Resource it is
// about the queue that has the policy.
type Statement struct {
	Sid        string // as AddPermission's Label; may be ""
	Effect     Effect
	Principal  Element[Principal]
	Action     Element[string]
	Resource   Element[string]
	Conditions []Condition // all must hold; each pair of operator and key is there once
}

// Element is what a statement says of principals, actions or resources: those
// that it covers or, with Not, those that it does not (NotPrincipal, NotAction,
// NotResource). Without values the statement does not have it.
type Element[T any] struct {
	Not    bool
	Values []T
}

// PrincipalType is the key under which a principal stands.
type PrincipalType string

// The types of principals. Everyone is the type of a bare "*".
const (
	Everyone      PrincipalType = ""
	AWS           PrincipalType = "AWS"
	Service       PrincipalType = "Service"
	Federated     PrincipalType = "Federated"
	CanonicalUser PrincipalType = "CanonicalUser"
)

// Principal is who is named in a statement: an account's number, an ARN, the
// name of a service or of an identity provider, or "*".
type Principal struct {
	Type PrincipalType
	ID   string
}

// Condition compares a key of a request with values, of which one must match
// or, with a negated operator, none. Numbers and booleans of the document are
// kept as text.
type Condition struct {
	Operator string // as written: StringEquals, ForAnyValue:StringLikeIfExists
	Key      string // as written: aws:SourceArn
	Values   []string
}

// With is the policy with one more statement. A first statement makes the
// policy one of version 2012-10-17. A statement that is there already changes
// nothing; one whose Sid is taken gets a number behind it, since RemovePermission
// knows statements by their Sid.
func (p Policy) With(s Statement) Policy {
	if len(p.Statements) == 0 && p.Version == "" {
		p.Version = Version2012
	}
	taken := func(sid string) bool {
		return slices.ContainsFunc(p.Statements, func(o Statement) bool { return o.Sid == sid })
	}
	sid := s.Sid
	for n := 2; ; n++ {
		if slices.ContainsFunc(p.Statements, func(o Statement) bool { return reflect.DeepEqual(o, s) }) {
			return p
		}
		if s.Sid == "" || !taken(s.Sid) {
			break
		}
		s.Sid = numbered(sid, n)
	}
	p.Statements = append(slices.Clone(p.Statements), s)
	return p
}

// numbered is a Sid with a number behind it that still fits a label.
func numbered(sid string, n int) string {
	tail := "-" + strconv.Itoa(n)
	return sid[:min(len(sid), maxSid-len(tail))] + tail
}

// maxSid is the length of a label of AddPermission, in characters (3.1).
const maxSid = 80
