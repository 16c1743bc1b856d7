package policy

import (
	"fmt"
	"strings"
)

// Access decides as AWS does, by the policy of the queue and those of the
// caller's identity (docs/SQS.md 1.0, 10.2). The owner is the number of the
// account that has the queue. A queue without a policy has the zero Policy, and
// a caller of whom no identity policy is passed has none and so no rights but
// those that the queue's policy gives directly. Where identities are not kept,
// pass [FullAccess].
//
//   - A Deny in any of them refuses.
//   - In the owner's account one Allow is enough, in either; but the queue's
//     policy has to name the caller, or everyone: an Allow for the account only
//     lets it pass the right on. The root user has every right by itself.
//   - From another account it takes both, and some actions never work
//     ([OwnerOnly]).
//   - Services and anonymous callers have no identity policies: the queue's
//     policy decides.
//
// Organisations' policies, permissions boundaries and session policies are not
// looked at.
func Access(owner string, r Request, queue Policy, identity ...Policy) Decision {
	byQueue, byIdentity := queue.Evaluate(r), evaluateIdentity(r, identity)
	c := r.Principal
	own := c.account() == owner && owner != ""
	switch {
	case byQueue.Effect == Deny:
		return byQueue
	case byIdentity.Effect == Deny:
		return byIdentity
	case !own && OwnerOnly(Right(r.Action)):
		return Decision{Source: ResourceBased, Statement: -1}
	case c.account() == "":
		return byQueue
	case own && byQueue.Effect == Allow && !byQueue.Delegated:
		return byQueue
	case own || byIdentity.Effect == "":
		return byIdentity
	}
	return byQueue
}

// evaluateIdentity decides by the policies of the caller's identity. A root
// user may do everything without one.
func evaluateIdentity(r Request, policies []Policy) Decision {
	best := Decision{Source: IdentityBased, Statement: -1}
	if r.Principal.root() {
		best.Effect = Allow
	}
	for i, p := range policies {
		d := p.Evaluate(r)
		d.Source, d.Policy = IdentityBased, i
		if d.Effect == Deny {
			return d
		}
		if best.Effect == "" && d.Effect == Allow {
			best = d
		}
	}
	return best
}

// FullAccess is the policy of an identity that may do everything, as
// AdministratorAccess says it.
func FullAccess() Policy {
	return Policy{Version: Version2012, Statements: []Statement{{
		Effect: Allow, Action: Element[string]{Values: []string{"*"}}, Resource: Element[string]{Values: []string{"*"}},
	}}}
}

// DeniedMessage is AWS's message for a request that was refused (10.4), with
// the reason that the decision gives. It is "" for an Allow.
func DeniedMessage(r Request, d Decision) string {
	action := "sqs:" + strings.ToLower(Right(r.Action))
	source := d.Source
	if source == "" {
		source = ResourceBased
	}
	var why string
	switch d.Effect {
	case Allow:
		return ""
	case Deny:
		article := "a"
		if source == IdentityBased {
			article = "an"
		}
		why = fmt.Sprintf("with an explicit deny in %s %s policy", article, source)
	default:
		why = fmt.Sprintf("because no %s policy allows the %s action", source, action)
	}
	return fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s %s", r.Principal, action, r.Resource, why)
}
