package policy

import (
	"slices"
	"strings"

	"sqscope/backend"
)

// actions looks for actions that are more than was meant, and for those that
// are nothing.
func (s Statement) actions(queue backend.ARN) (all []Warning) {
	if s.Effect == Allow && s.Action.Not {
		all = warn(WildcardAction, "", "this allows every action that is not named, also those that SQS will have one day: use Action")
	}
	for _, v := range s.Action.Values {
		all = append(all, s.action(v, queue)...)
	}
	return all
}

func (s Statement) action(v string, queue backend.ARN) []Warning {
	granted := slices.DeleteFunc(Rights(), func(r string) bool { return !grants(v, r) })
	switch {
	case len(granted) == 0 && strings.Contains(v, ":") && Right(v) != v[strings.IndexByte(v, ':')+1:]:
		return warn(UnknownAction, v, "%s has no right of its own: name sqs:%s, which covers the batch", v, Right(v))
	case len(granted) == 0 && slices.Contains(Rights(), Right(v)):
		return warn(UnknownAction, v, "without its service %s means nothing: name sqs:%s", v, Right(v))
	case len(granted) == 0:
		return warn(UnknownAction, v, "SQS has no action %s", v)
	case s.Effect != Allow || s.Action.Not:
		return nil
	case strings.ContainsAny(v, "*?"):
		return warn(WildcardAction, v, "%s allows %s, and what SQS will have one day: name the actions", v, several(granted))
	case OwnerOnly(granted[0]) && s.forOthers(queue.Account):
		return warn(OwnersAction, v, "%s works for the owner's account alone, whatever a policy says", granted[0])
	}
	return nil
}

// several names a few rights, or says how many there are.
func several(rights []string) string {
	if len(rights) == len(Rights()) {
		return "everything"
	}
	if len(rights) > 4 {
		rights = append(slices.Clone(rights[:3]), "others")
	}
	return list(rights, "and")
}

// forOthers tells whether a statement names anybody outside of an account, as
// far as it can be seen.
func (s Statement) forOthers(owner string) bool {
	return slices.ContainsFunc(s.Principal.Values, func(p Principal) bool {
		account := p.ID
		if a, ok := splitARN(p.ID); ok {
			account = a.account
		}
		return p.Type != AWS || p.ID == "*" || owner != "" && isAccount(account) && account != owner
	})
}

// elsewhere looks for a Resource that is not the queue whose policy it is, so
// that the statement never applies.
func (s Statement) elsewhere(queue backend.ARN) []Warning {
	if queue == (backend.ARN{}) || s.about(queue.String(), facts{}) {
		return nil
	}
	values := s.Resource.Values
	if slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, "${") }) {
		return nil // a variable may make it this queue
	}
	return warn(OtherQueue, values[0], "this never applies, since it is the policy of %s: name that queue as the Resource", queue)
}
