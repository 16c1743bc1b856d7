package rules

import (
	"slices"
	"strings"

	"sqscope/backend"
)

// MaxResults checks the size of a page: up to most, which is [MaxListResults]
// for queues and [MaxMoveTaskResults] for move tasks. 0 counts as left out
// (docs/SQS.md 1.4, 1.5, 7.4).
func MaxResults(n backend.Opt[int], most int) error {
	if n.Value >= 0 && n.Value <= most {
		return nil
	}
	return invalid("Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and %d.",
		most)
}

// StartMoveTask checks what can be said of a move task without looking for its
// queues: the two ARNs and the rate (7.1).
func StartMoveTask(in backend.StartMessageMoveTaskInput) error {
	from, to, rate := in.SourceArn, in.DestinationArn, in.MaxNumberOfMessagesPerSecond
	switch {
	case from == "":
		return Missing("SourceArn")
	case !isARN(from):
		return badARN("SourceArn")
	case to != "" && !isARN(to):
		return badARN("DestinationArn")
	case from == to:
		return invalid("Source queue arn and destination queue arn cannot be the same.")
	case to != "" && strings.HasSuffix(from, fifoSuffix) != strings.HasSuffix(to, fifoSuffix):
		return invalid("The source queue and destination queue must be of the same queue type.")
	case rate.Set && (rate.Value < 1 || rate.Value > MaxMoveRate):
		return invalid("Value for parameter MaxNumberOfMessagesPerSecond is invalid. " +
			"Reason: You must enter a number that's between 1 and 500.")
	}
	return nil
}

func badARN(parameter string) *backend.Error {
	return invalid("You must use this format to specify the %s: "+
		"arn:<partition>:<service>:<region>:<account-id>:<resource-id>", parameter)
}

// isARN tells whether s has all parts of an ARN, of whatever service.
func isARN(s string) bool {
	parts := strings.SplitN(s, ":", 6)
	return len(parts) == 6 && parts[0] == "arn" && !slices.Contains(parts, "")
}

// AddPermission checks what can be said of a permission without the policy that
// it goes into: the label, the accounts and the actions (1.10).
func AddPermission(in backend.AddPermissionInput) error {
	switch {
	case in.Label == "":
		return Missing("Label")
	case len(in.Label) > MaxBatchEntryId || !isWord(in.Label):
		return Invalid(in.Label, "Label", badLabel)
	case len(in.Actions) == 0:
		return Missing("ActionName")
	case len(in.Actions) > MaxPolicyActions:
		return tooManyActions(len(in.Actions))
	}
	for _, action := range in.Actions {
		switch {
		case action == "*" || isSharedAction(action):
		case isOwnerAction(action):
			return Invalid("SQS:"+action, "ActionName",
				"Only the queue owner is allowed to invoke this action.")
		default:
			return Invalid("SQS:"+action, "ActionName",
				"Please refer to the appropriate WSDL for a list of valid actions.")
		}
	}
	if len(in.AWSAccountIds) == 0 || slices.ContainsFunc(in.AWSAccountIds, notAccount) {
		return Invalid("["+strings.Join(in.AWSAccountIds, ", ")+"]", "PrincipalId", "Unable to verify.")
	}
	return nil
}

func notAccount(s string) bool { return len(s) != 12 || !isDigits(s) }

func tooManyActions(n int) *backend.Error {
	return backend.ErrorOf(backend.ErrOverLimit, "%d Actions were found, maximum allowed is %d.", n, MaxPolicyActions)
}

// isOwnerAction tells whether an action works for nobody but the account that
// owns the queue (1.0).
func isOwnerAction(action string) bool {
	switch action {
	case "AddPermission", "CancelMessageMoveTask", "CreateQueue", "DeleteQueue", "ListMessageMoveTasks", "ListQueues",
		"ListQueueTags", "RemovePermission", "SetQueueAttributes", "StartMessageMoveTask", "TagQueue", "UntagQueue":
		return true
	}
	return false
}

// isSharedAction tells whether an action may be granted to other accounts. The
// batches have no right of their own (10.1).
func isSharedAction(action string) bool {
	return !isOwnerAction(action) && !strings.HasSuffix(action, "Batch") && slices.Contains(backend.Actions(), action)
}
