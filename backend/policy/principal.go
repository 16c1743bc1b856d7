package policy

import "strings"

// reach is how a statement gets to a caller.
type reach int

const (
	notAtAll  reach = iota
	byAccount       // it names the account, which passes a right on by its own policies
	directly
)

// reaches tells how a statement gets to a caller by its Principal or
// NotPrincipal.
func (s Statement) reaches(c Caller) reach {
	if len(s.Principal.Values) == 0 {
		return directly
	}
	if s.Principal.Not {
		if s.Effect == Deny && s.spares(c) || s.Effect != Deny && named(s.Principal.Values, c) != notAtAll {
			return notAtAll
		}
		return directly
	}
	return named(s.Principal.Values, c)
}

// named tells how directly a caller is among the principals.
func named(all []Principal, c Caller) reach {
	best := notAtAll
	for _, p := range all {
		best = max(best, p.names(c))
	}
	return best
}

// names tells whether a principal is the caller, or the account of the caller.
// There are no wildcards but a "*" alone.
func (p Principal) names(c Caller) reach {
	yes := false
	switch p.Type {
	case Everyone:
		yes = p.ID == "*"
	case Service:
		yes = c.Service != "" && (p.ID == c.Service || p.ID == "*")
	case Federated:
		yes = c.Federated != "" && (p.ID == c.Federated || p.ID == "*")
	case AWS:
		return p.namesIdentity(c)
	}
	if yes {
		return directly
	}
	return notAtAll
}

func (p Principal) namesIdentity(c Caller) reach {
	switch {
	case p.ID == "*":
		return directly
	case c.account() == "":
		return notAtAll
	case p.account() == c.account() && c.root(), p.ID == c.ARN, sameIdentity(p.ID, c):
		return directly
	case p.account() == c.account():
		return byAccount
	}
	return notAtAll
}

// account is the number of an account that a principal stands for as a whole,
// by its number or its root's ARN, or "".
func (p Principal) account() string {
	if p.Type != AWS {
		return ""
	}
	if isAccount(p.ID) {
		return p.ID
	}
	if a, ok := splitARN(p.ID); ok && a.service == "iam" && a.resource == "root" {
		return a.account
	}
	return ""
}

func isAccount(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }

// sameIdentity tells whether an ARN is that of the role whose session calls, or
// of the user who was federated. Their names are unique in an account, whatever
// the path.
func sameIdentity(id string, c Caller) bool {
	named, ok := splitARN(id)
	session, also := splitARN(c.ARN)
	if !ok || !also || named.service != "iam" || session.service != "sts" ||
		named.partition != session.partition || named.account != session.account {
		return false
	}
	as, rest, _ := strings.Cut(session.resource, "/")
	name, _, _ := strings.Cut(rest, "/")
	kind, _, _ := strings.Cut(named.resource, "/")
	return name != "" && name == lastPart(named.resource) &&
		(as == "assumed-role" && kind == "role" || as == "federated-user" && kind == "user")
}

// spares tells whether a Deny with NotPrincipal leaves a caller alone. The
// account by itself spares only its root user: whoever else is in it must be
// named too, and a session's role with the session.
func (s Statement) spares(c Caller) bool {
	whoever, itself, role, account := false, false, false, false
	for _, p := range s.Principal.Values {
		whoever = whoever || p.ID == "*" && p.names(c) == directly
		itself = itself || p.ID == c.ARN && c.ARN != "" || p.Type != AWS && p.names(c) == directly
		role = role || p.Type == AWS && sameIdentity(p.ID, c)
		account = account || p.account() != "" && p.account() == c.account()
	}
	switch {
	case whoever, c.Service != "" && itself, c.root() && account:
		return true
	case strings.Contains(c.ARN, ":assumed-role/"):
		return itself && role && account
	}
	return itself && account
}
