package rules

import (
	"encoding/json"
	"slices"
	"strings"

	"sqscope/backend"
)

// The permissions of a RedriveAllowPolicy (docs/SQS.md 2.5).
const (
	AllowAll     = "allowAll"
	DenyAll      = "denyAll"
	AllowByQueue = "byQueue"
)

// RedriveAllowPolicy says which queues may name this one as their dead-letter
// queue (2.5). Without one, all may.
type RedriveAllowPolicy struct {
	Permission      string // AllowAll, DenyAll or AllowByQueue
	SourceQueueArns []string
}

// ParseRedriveAllowPolicy reads the JSON text of a RedriveAllowPolicy as queues
// have it; "" is AllowAll. What is not of that form is an error of
// [backend.KindInvalid].
func ParseRedriveAllowPolicy(s string) (RedriveAllowPolicy, error) {
	p, e := readAllowPolicy(s)
	return p, plain(e)
}

func readAllowPolicy(s string) (RedriveAllowPolicy, *backend.Error) {
	if s == "" {
		return RedriveAllowPolicy{Permission: AllowAll}, nil
	}
	m, ok := jsonMap(s)
	if !ok {
		return RedriveAllowPolicy{}, badAllowPolicy()
	}
	var p RedriveAllowPolicy
	p.Permission, _ = jsonString(m[keyPermission])
	if p.Permission != AllowAll && p.Permission != DenyAll && p.Permission != AllowByQueue {
		return RedriveAllowPolicy{}, badAllowPolicy()
	}
	if present(m[keySources]) && json.Unmarshal(m[keySources], &p.SourceQueueArns) != nil {
		return RedriveAllowPolicy{}, badAllowPolicy()
	}
	return p, nil
}

// checkRedriveAllowPolicy checks a RedriveAllowPolicy that is to be set (2.5).
// "" takes the policy away.
func checkRedriveAllowPolicy(s string) *backend.Error {
	p, e := readAllowPolicy(s)
	if e != nil || s == "" {
		return e
	}
	const start = "Amazon SQS can't create the redrive allow policy. "
	reason := ""
	switch n := len(p.SourceQueueArns); {
	case p.Permission == AllowByQueue && n == 0:
		reason = "When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values."
	case p.Permission == AllowByQueue && n > MaxSourceQueueArns:
		reason = "The maximum number of source queue ARNs you can specify is 10."
	case p.Permission != AllowByQueue && n > 0:
		reason = "To specify one or more source queue ARNs, you must set redrivePermission to byQueue."
	}
	if reason != "" {
		return Invalid(s, backend.AttrRedriveAllowPolicy, start+reason)
	}
	if slices.ContainsFunc(p.SourceQueueArns, func(arn string) bool { return !isConcreteQueue(arn) }) {
		return badAllowPolicy()
	}
	return nil
}

// isConcreteQueue tells whether the ARN names one queue, without wildcards.
func isConcreteQueue(arn string) bool {
	a, ok := backend.ParseARN(arn)
	name := strings.TrimSuffix(a.Name, fifoSuffix)
	return ok && isWord(name)
}

// allows tells whether a queue with this RedriveAllowPolicy lets the source
// name it. A policy that cannot be read was not set by these rules and allows
// nothing.
func allows(policy, source string) bool {
	p, e := readAllowPolicy(policy)
	if e != nil {
		return false
	}
	return p.Permission == AllowAll || p.Permission == AllowByQueue && slices.Contains(p.SourceQueueArns, source)
}

func badAllowPolicy() *backend.Error {
	return backend.ErrorOf(backend.ErrInvalidAttributeValue, "Invalid value for the parameter RedriveAllowPolicy. "+
		"Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.")
}
