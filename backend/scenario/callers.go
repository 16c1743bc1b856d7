package scenario

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/enforce"
	"sqscope/backend/policy"
	"sqscope/backend/tomlfile"
)

// caller is a caller as the file declares it. One of account "" is of the
// engine's account. One with neither user, role nor service is a root user.
type caller struct {
	key      string
	account  string
	user     string // with its path
	role     string // without one: a session's ARN does not have it
	session  string
	service  string
	id       string
	context  map[string][]string
	policies []policy.Policy
}

// Callers are the callers that the file declares, in file order, for an engine
// of this account and region: those that say no account are of this one, and
// their ARNs are of the region's partition.
func (s *Scenario) Callers(account, region string) []enforce.Caller {
	callers := make([]enforce.Caller, len(s.callers))
	for i, c := range s.callers {
		callers[i] = enforce.Caller{Caller: c.of(cmp.Or(c.account, account), backend.PartitionOf(region)), Policies: c.policies}
	}
	return callers
}

// Callers are those of the scenario that is at work now, see
// [Scenario.Callers]; none if there is none.
func (r *Run) Callers(account, region string) []enforce.Caller {
	r.mu.Lock()
	s := r.scenario
	r.mu.Unlock()
	if s == nil {
		return nil
	}
	return s.Callers(account, region)
}

// of gives a caller the names that AWS would give it (docs/SQS.md 5.1 for the
// user id, 10.4 for the ARN).
func (c caller) of(account, partition string) backend.Caller {
	iam := "arn:" + partition + ":iam::" + account + ":"
	b := backend.Caller{AccessKey: c.key, Account: account, Context: c.context}
	switch {
	case c.service != "":
		b.Service, b.Account = c.service, ""
		b.UserID = cmp.Or(c.id, uniqueID("AIDA", c.service))
	case c.user != "":
		b.ARN = iam + "user/" + c.user
		b.UserID = cmp.Or(c.id, uniqueID("AIDA", b.ARN))
	case c.role != "":
		b.ARN = "arn:" + partition + ":sts::" + account + ":assumed-role/" + c.role + "/" + c.session
		b.UserID = cmp.Or(c.id, uniqueID("AROA", iam+"role/"+c.role)) + ":" + c.session
	default:
		b.ARN, b.UserID = iam+"root", cmp.Or(c.id, account)
	}
	return b
}

// uniqueID is an id such as IAM gives, always the same for the same thing.
func uniqueID(prefix, of string) string {
	sum := sha256.Sum256([]byte(of))
	return prefix + base32.StdEncoding.EncodeToString(sum[:])[:17]
}

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	inName  = letters + "+=,.@_-" // what IAM allows in the name of a user, role or session
)

// named tells whether a text is a name of at most so many characters.
func named(s, chars string, longest int) bool {
	return s != "" && len(s) <= longest && strings.Trim(s, chars) == ""
}

func (c *compiler) compileCallers() error {
	seen := map[string]bool{}
	for i, table := range c.file.Callers {
		path := tomlfile.Path("callers", i)
		one, err := c.compileCaller(path, table)
		if err != nil {
			return err
		}
		if seen[one.key] {
			return c.doc.Errorf(path+".access_key", "an access key of its own", "there are two callers with the access key %q", one.key)
		}
		seen[one.key] = true
		if one.policies, err = c.compilePolicies(path, table); err != nil {
			return err
		}
		c.s.callers = append(c.s.callers, one)
	}
	return nil
}

func (c *compiler) compileCaller(path string, table callerTable) (caller, error) {
	one := caller{
		key: table.AccessKey, account: table.Account, user: table.User, role: table.Role, service: table.Service,
		session: cmp.Or(table.Session, "session"), id: table.ID, context: table.Context,
	}
	for _, check := range []struct {
		key, value     string
		right          bool
		says, expected string
	}{
		{"access_key", one.key, named(one.key, letters+"_-.", 128), "%q cannot be an access key", "1 to 128 letters, digits, and -_."},
		{"account", one.account, one.account == "" || len(one.account) == 12 && named(one.account, "0123456789", 12), "%q is no account", "twelve digits"},
		{"user", one.user, one.user == "" || userName(one.user), "%q cannot be a user", "the name of a user, or a path and a name such as team/ada"},
		{"role", one.role, one.role == "" || named(one.role, inName, 64), "%q cannot be a role", "the name of a role, without its path"},
		{"session", one.session, named(one.session, inName, 64) && len(one.session) > 1, "%q cannot be a session", "2 to 64 letters, digits, and +=,.@_-"},
		{"service", one.service, one.service == "" || strings.HasSuffix(one.service, ".amazonaws.com"), "%q is no AWS service", "a service such as sns.amazonaws.com"},
		{"id", one.id, one.id == "" || named(one.id, letters, 128), "%q cannot be an id", "letters and digits, such as AIDAJQABLZS4A3QDU576Q"},
	} {
		if !check.right {
			return one, c.doc.Errorf(path+"."+check.key, check.expected, check.says, check.value)
		}
	}
	return one, c.checkIdentity(path, table)
}

// userName tells whether a text is the name of a user, perhaps with a path.
func userName(s string) bool {
	parts := strings.Split(s, "/")
	return len(s) <= 512 && !slices.ContainsFunc(parts[:len(parts)-1], func(p string) bool { return !named(p, inName, 512) }) &&
		named(parts[len(parts)-1], inName, 64)
}

// checkIdentity sees to it that a caller is one thing.
func (c *compiler) checkIdentity(path string, table callerTable) error {
	n := 0
	for _, is := range []bool{table.User != "", table.Role != "", table.Service != "", table.Root} {
		if is {
			n++
		}
	}
	switch {
	case n != 1:
		return c.doc.Errorf(path, `user = "NAME", role = "NAME", service = "NAME.amazonaws.com" or root = true`, "say who the caller is, one way")
	case table.Session != "" && table.Role == "":
		return c.doc.Errorf(path+".session", "a role too", "only a role has sessions")
	case table.Account != "" && table.Service != "":
		return c.doc.Errorf(path+".account", "no account", "a service that calls for itself has no account")
	}
	for _, key := range sortedKeys(table.Context) {
		if prefix, name, ok := strings.Cut(key, ":"); !ok || prefix == "" || name == "" {
			return c.doc.Errorf(tomlfile.Join(path+".context", key), "a condition key such as aws:SourceVpce", "%q is no condition key", key)
		}
	}
	return nil
}

// compilePolicies reads what a caller may do by itself.
func (c *compiler) compilePolicies(path string, table callerTable) ([]policy.Policy, error) {
	if table.FullAccess {
		if len(table.Policies) > 0 {
			return nil, c.doc.Errorf(path+".policies", "policies, or full_access = true", "a caller with full access needs no policies")
		}
		return []policy.Policy{policy.FullAccess()}, nil
	}
	var policies []policy.Policy
	for i, doc := range table.Policies {
		p, err := policy.ParseIdentity(doc)
		if err != nil {
			bad := backend.AsError(err)
			e := c.doc.Errorf(path+".policies."+strconv.Itoa(i), "",
				"policy %d is wrong: %s: %s", i+1, bad.Subject, bad.Message)
			e.Next = bad.Next
			return nil, e
		}
		policies = append(policies, p)
	}
	return policies, nil
}
