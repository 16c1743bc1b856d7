package policy

import (
	"slices"
	"strings"

	"sqscope/backend"
)

// Right is the right that an action of SQS takes, which is its own name but for
// the batches: they have none and take that of the single action (docs/SQS.md
// 10.1). A prefix sqs: is dropped, and the case is set right if SQS has such an
// action.
func Right(action string) string {
	if service, name, ok := strings.Cut(action, ":"); ok && strings.EqualFold(service, "sqs") {
		action = name
	}
	for _, known := range backend.Actions() {
		if strings.EqualFold(known, action) {
			return strings.TrimSuffix(known, "Batch")
		}
	}
	return action
}

// Rights are the names of all rights, in alphabetical order.
func Rights() []string {
	return slices.DeleteFunc(backend.Actions(), func(a string) bool { return strings.HasSuffix(a, "Batch") })
}

// OwnerOnly tells whether a right works for nobody but the account that owns the
// queue, whatever a policy says (1.0).
func OwnerOnly(right string) bool {
	switch right {
	case "AddPermission", "CancelMessageMoveTask", "CreateQueue", "DeleteQueue", "ListMessageMoveTasks", "ListQueues",
		"ListQueueTags", "RemovePermission", "SetQueueAttributes", "StartMessageMoveTask", "TagQueue", "UntagQueue":
		return true
	}
	return false
}

// Covers tells whether the statement is about an action of SQS, given by its
// name, by its Action or NotAction.
func (s Statement) Covers(action string) bool {
	right := Right(action)
	return s.Action.Not != slices.ContainsFunc(s.Action.Values, func(v string) bool { return grants(v, right) })
}

// grants tells whether a value of Action stands for a right. Case does not
// matter; "*" alone is everything, else the service must be named.
func grants(value, right string) bool {
	if value == "*" {
		return true
	}
	service, name, ok := strings.Cut(strings.ToLower(value), ":")
	return ok && like(service).matches("sqs") && like(name).matches(strings.ToLower(right))
}
