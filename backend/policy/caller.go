package policy

import "strings"

// Caller is who makes a request, as far as it is known. The zero Caller is
// anonymous, which SQS allows.
type Caller struct {
	// ARN is that of a user, a role, a role's session
	// (arn:aws:sts::111111111111:assumed-role/NAME/SESSION), a federated user,
	// or of an account (arn:aws:iam::111111111111:root), which is its root user.
	ARN string
	// Account is the caller's account, if the ARN does not say it. Without an
	// ARN the caller is the account's root user.
	Account string
	// Service is the name of an AWS service that calls for itself, such as
	// sns.amazonaws.com. It has neither ARN nor account.
	Service string
	// Federated is the identity provider through which a session was got, if
	// it was.
	Federated string
}

// arn is an ARN of whatever service.
type arn struct{ partition, service, region, account, resource string }

func splitARN(s string) (arn, bool) {
	p := strings.SplitN(s, ":", arnParts)
	if len(p) < arnParts || p[0] != "arn" {
		return arn{}, false
	}
	return arn{p[1], p[2], p[3], p[4], p[5]}, true
}

// lastPart is what stands behind the last slash: the name in an ARN with a
// path.
func lastPart(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

func (c Caller) anonymous() bool {
	return c.Service == "" && c.ARN == "" && c.Account == "" && c.Federated == ""
}

// account is the caller's account, or "": services and anonymous callers are in
// none.
func (c Caller) account() string {
	if c.Service != "" {
		return ""
	}
	if a, ok := splitARN(c.ARN); ok && c.Account == "" {
		return a.account
	}
	return c.Account
}

func (c Caller) root() bool {
	a, ok := splitARN(c.ARN)
	if c.Service != "" || c.Federated != "" {
		return false
	}
	return c.ARN == "" && c.Account != "" || ok && a.service == "iam" && a.resource == "root"
}

// kind is the aws:PrincipalType of a caller, "" for a service, which has none.
func (c Caller) kind() string {
	a, _ := splitARN(c.ARN)
	switch {
	case c.Service != "":
		return ""
	case c.anonymous():
		return "Anonymous"
	case c.root():
		return "Account"
	case strings.HasPrefix(a.resource, "user/"):
		return "User"
	case strings.HasPrefix(a.resource, "federated-user/"):
		return "FederatedUser"
	}
	return "AssumedRole"
}

// identity is the ARN that has the identity policies of a caller: for a
// session that of its role. An assumed role's ARN does not say the role's path,
// so it is without one, and an account's number not its partition, so it is aws.
func (c Caller) identity() string {
	a, ok := splitARN(c.ARN)
	if !ok {
		if c.root() {
			return "arn:aws:iam::" + c.Account + ":root"
		}
		return ""
	}
	kind, rest, _ := strings.Cut(a.resource, "/")
	if a.service == "sts" && kind == "assumed-role" {
		role, _, _ := strings.Cut(rest, "/")
		return "arn:" + a.partition + ":iam::" + a.account + ":role/" + role
	}
	return c.ARN
}

// String is the caller as AWS names it in a denied message.
func (c Caller) String() string {
	switch {
	case c.Service != "":
		return c.Service
	case c.ARN != "":
		return c.ARN
	case c.root():
		return c.identity()
	}
	return "anonymous"
}
