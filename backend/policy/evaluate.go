package policy

import "slices"

// Request is what somebody wants to do with a queue.
type Request struct {
	Principal Caller
	Action    string // SQS's name of it: SendMessage, SendMessageBatch
	Resource  string // the queue's ARN
	// Context is what else is known, by condition key, in any case:
	// aws:SourceArn, aws:SecureTransport ("true"), aws:CurrentTime (ISO 8601)
	// and so on. A key without values counts as missing. What follows from the
	// principal and the resource (aws:PrincipalArn, aws:PrincipalAccount,
	// aws:PrincipalType, aws:PrincipalIsAWSService, aws:PrincipalServiceName,
	// aws:username, aws:FederatedProvider, aws:ViaAWSService,
	// aws:ResourceAccount, aws:RequestedRegion) is added if it is not there.
	Context map[string][]string
}

// Source is the kind of policy that decided or, where none did, that should
// have allowed. It is spelled as in AWS's denied message.
type Source string

// The kinds of policies.
const (
	ResourceBased Source = "resource-based"
	IdentityBased Source = "identity-based"
)

// Decision is what becomes of a request.
type Decision struct {
	// Effect is Deny where a statement denied, Allow where one allowed and none
	// denied, and "" where none applied, which is a refusal too.
	Effect Effect
	Source Source
	// Policy is the index of the identity's policy that decided, else 0.
	Policy int
	// Statement is the index of the statement that decided, -1 if none did.
	Statement int
	Sid       string // of that statement
	// Delegated is true for an Allow that names the caller's account and not
	// the caller: it is good for those to whom the account's own identity
	// policies give the right.
	Delegated bool
}

// Evaluate decides by one policy alone: a Deny wins over every Allow, and the
// order of the statements does not matter to the effect. Who may really do
// something depends on more than the queue's policy: see [Access].
func (p Policy) Evaluate(r Request) Decision {
	f := r.facts(p.Version)
	best := Decision{Source: ResourceBased, Statement: -1}
	for i, s := range p.Statements {
		how := s.reaches(r.Principal)
		if how == notAtAll || !s.applies(r, f) {
			continue
		}
		d := Decision{Effect: s.Effect, Source: ResourceBased, Statement: i, Sid: s.Sid}
		if s.Effect == Deny {
			return d
		}
		d.Delegated = how == byAccount
		if best.Effect == "" || best.Delegated && !d.Delegated {
			best = d
		}
	}
	return best
}

// applies tells whether a statement is about a request, whoever makes it.
func (s Statement) applies(r Request, f facts) bool {
	return s.Covers(r.Action) && s.about(r.Resource, f) &&
		!slices.ContainsFunc(s.Conditions, func(c Condition) bool { return !c.holds(f) })
}

// about tells whether a statement is about a queue, by its Resource or
// NotResource.
func (s Statement) about(queue string, f facts) bool {
	if len(s.Resource.Values) == 0 {
		return true
	}
	return s.Resource.Not != slices.ContainsFunc(s.Resource.Values, func(v string) bool {
		return v == "*" || f.matchesARN(v, queue, true)
	})
}
