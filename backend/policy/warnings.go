package policy

import (
	"fmt"
	"slices"
	"strings"

	"sqscope/backend"
)

// Trap is a way in which a statement does more, or less, than it seems to.
type Trap string

// The traps that [Policy.Words] looks for.
const (
	OpenToEveryone    Trap = "open to everyone"       // no condition says who or from where
	OpenThroughOthers Trap = "open through a service" // for everybody's topics, buckets and rules
	AllowNotPrincipal Trap = "Allow with NotPrincipal"
	DenyNotPrincipal  Trap = "Deny with NotPrincipal"
	LocksOut          Trap = "locks out the owner"
	WildcardAction    Trap = "wildcard action"
	UnknownAction     Trap = "unknown action"
	OwnersAction      Trap = "action of the owner alone" // cannot be granted to others
	UnknownPrincipal  Trap = "principal that matches nobody"
	OtherQueue        Trap = "another queue"
	UnknownKey        Trap = "key that SQS never sends"
	Unreadable        Trap = "value that matches nothing"
	LiteralWildcard   Trap = "wildcard that is none"
	LiteralVariable   Trap = "variable that is none"
	MissingKey        Trap = "missing key passes"
)

// Warning is a trap in a statement.
type Warning struct {
	Trap  Trap
	About string // the value that it is about: an action, a key, an ARN; may be ""
	Text  string // what it does and what to do instead, without a full stop
}

// warnings are what is to be looked out for in a statement of this queue's
// policy, in the order of the elements.
func (p Policy) warnings(s Statement, queue backend.ARN) []Warning {
	var all []Warning
	for _, some := range [][]Warning{
		s.openness(), s.exceptions(), s.lockout(), s.strangers(), s.actions(queue), s.elsewhere(queue), p.conditions(s),
	} {
		all = append(all, some...)
	}
	return all
}

func warn(trap Trap, about, format string, args ...any) []Warning {
	return []Warning{{trap, about, fmt.Sprintf(format, args...)}}
}

// openness looks for an Allow that anybody can use.
func (s Statement) openness() []Warning {
	if s.Effect != Allow || slices.ContainsFunc(s.Conditions, Condition.closes) {
		return nil
	}
	if s.forEveryone() {
		return warn(OpenToEveryone, "", "anybody in the world can use this, signed in or not: name the principals, "+
			"or add a condition such as aws:SourceArn or aws:PrincipalOrgID")
	}
	for _, p := range s.Principal.Values {
		if p.Type == Service && !s.Principal.Not {
			return warn(OpenThroughOthers, p.ID, "%s may do this for anybody who uses it, in any account: "+
				"add a condition aws:SourceArn or aws:SourceAccount", service(p.ID))
		}
	}
	return nil
}

// closes tells whether a condition says who may come, or from where, so that an
// Allow for everyone is not one for the whole world.
func (c Condition) closes() bool {
	o, _ := parseOperator(c.Operator)
	switch o.family {
	case ofText, ofARNs, ofAddresses:
	default:
		return false
	}
	if o.negated || o.ifExists || o.quantifier == forAll || slices.ContainsFunc(c.Values, boundless) {
		return false
	}
	switch strings.ToLower(c.Key) {
	case "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceip",
		"aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths",
		"aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:userid":
		return true
	}
	return false
}

// boundless tells whether a value of a condition lets everybody through: all
// addresses, or what anybody can make in an account of his own. Buckets are
// named once in the world.
func boundless(v string) bool {
	if r, ok := parseRange(v); ok {
		return r.Bits() == 0
	}
	a, ok := splitARN(v)
	switch {
	case !ok:
		return slices.Contains([]string{"*", "o-*", "vpc-*", "vpce-*"}, v)
	case a.service == "s3":
		return strings.Trim(a.resource, "*") == ""
	}
	return strings.ContainsAny(a.account, "*?")
}

// exceptions looks for NotPrincipal.
func (s Statement) exceptions() []Warning {
	switch {
	case !s.Principal.Not:
		return nil
	case s.Effect == Allow:
		return warn(AllowNotPrincipal, "", "this allows everybody in the world who is not named, signed in or not: use Principal")
	}
	return warn(DenyNotPrincipal, "", "this spares nobody who is not named at every level, by the account, the role and "+
		`the session: use Principal "*" with a condition ArnNotEquals aws:PrincipalArn`)
}

// lockout looks for a Deny that keeps those out who would have to change it.
func (s Statement) lockout() []Warning {
	if s.Effect != Deny || !s.forEveryone() || !s.Covers("SetQueueAttributes") {
		return nil
	}
	if len(s.Conditions) == 0 {
		return warn(LocksOut, "", "this keeps out the owner too: nobody but the account's root user can change the policy again")
	}
	if slices.ContainsFunc(s.Conditions, func(c Condition) bool { return strings.EqualFold(c.Key, "aws:SecureTransport") }) {
		return nil // everybody can use TLS
	}
	return warn(LocksOut, "", "under this condition nobody can manage the queue or change this policy, the owner included: "+
		"deny only the actions that need it, such as sqs:SendMessage and sqs:ReceiveMessage")
}

// strangers looks for principals that are nobody.
func (s Statement) strangers() (all []Warning) {
	for _, p := range s.Principal.Values {
		_, isARN := splitARN(p.ID)
		switch {
		case p.Type == CanonicalUser:
			all = append(all, warn(UnknownPrincipal, p.ID, "canonical users are known to S3 alone: name an account or an ARN")...)
		case p.Type != AWS || p.ID == "*" || isAccount(p.ID):
		case !isARN:
			all = append(all, warn(UnknownPrincipal, p.ID, "%s is no account and no ARN; an id stands where a user or role was "+
				"deleted: name the one that is there now", p.ID)...)
		case strings.ContainsAny(p.ID, "*?"):
			all = append(all, warn(UnknownPrincipal, p.ID, "wildcards do not work in a principal: "+
				`use Principal "*" with a condition ArnLike aws:PrincipalArn`)...)
		}
	}
	return all
}
