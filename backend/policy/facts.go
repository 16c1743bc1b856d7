package policy

import (
	"maps"
	"slices"
	"strings"
)

// facts is what is known of a request by condition key, in lower case, since
// IAM does not tell keys apart by case.
type facts struct {
	values    map[string][]string
	variables bool // the policy has variables such as ${aws:username}
}

// of is what a key has, nothing if the request does not have it.
func (f facts) of(key string) []string { return f.values[strings.ToLower(key)] }

// facts gathers the keys of a request: those that it came with, and those that
// follow from who calls and from the queue, unless it came with them.
func (r Request) facts(version string) facts {
	f := facts{values: map[string][]string{}, variables: version == Version2012}
	for _, key := range slices.Sorted(maps.Keys(r.Context)) {
		k := strings.ToLower(key)
		f.values[k] = append(f.values[k], r.Context[key]...)
	}
	add := func(key, value string) {
		if value != "" && len(f.values[key]) == 0 {
			f.values[key] = []string{value}
		}
	}
	c := r.Principal
	if !c.anonymous() {
		add("aws:principalisawsservice", map[bool]string{true: "true", false: "false"}[c.Service != ""])
	}
	add("aws:principalservicename", c.Service)
	add("aws:principaltype", c.kind())
	add("aws:principalarn", c.identity())
	add("aws:principalaccount", c.account())
	add("aws:federatedprovider", c.Federated)
	if c.kind() == "User" {
		add("aws:username", lastPart(c.ARN))
	}
	if c.identity() != "" {
		add("aws:viaawsservice", "false")
	}
	if queue, ok := splitARN(r.Resource); ok {
		add("aws:resourceaccount", queue.account)
		add("aws:requestedregion", queue.region)
	}
	return f
}
