package guard

import (
	"sqscope/backend"
)

// Level is how much a connection may do. Each level includes the ones below.
type Level int

// The access levels (DESIGN.md 4.5).
const (
	View   Level = iota // names, attributes, tags, counts
	Peek                // and messages, which on AWS costs each a receive
	Change              // and everything else
)

// String is the level as on the command line: view, peek or change.
func (l Level) String() string {
	switch l {
	case View:
		return "view"
	case Peek:
		return "peek"
	case Change:
		return "change"
	}
	return "unknown"
}

// ParseLevel reads a level as the command line has it; else the error is of
// [backend.KindInvalid].
func ParseLevel(s string) (Level, error) {
	for l := View; l <= Change; l++ {
		if s == l.String() {
			return l, nil
		}
	}
	err := backend.Errorf(backend.KindInvalid, "%q is no access level", s)
	err.Next = "use view, peek or change"
	return View, err
}

// DefaultLevel is where a connection starts unless it is told otherwise: at
// change where only this machine can be harmed, else at peek.
func DefaultLevel(p backend.Place) Level {
	if p.Embedded || backend.IsLoopback(p.Endpoint) {
		return Change
	}
	return Peek
}

// The abilities' own actions, for [Guard.Check] and [Needs]; SQS's are in
// [backend.Actions].
const (
	Browse         = "Browse"
	RemoveMessages = "RemoveMessages"
	SetClock       = "SetClock"
	StepClock      = "StepClock"
	JumpClock      = "JumpClock"
	SetFault       = "SetFault"
	ClearFaults    = "ClearFaults"
	Snapshot       = "Snapshot"
	Restore        = "Restore"
	SetKnob        = "SetKnob"
)

// Needs is the level that an action takes, by the name of its method in
// [backend.SQS] or in one of the abilities. Whatever is not known to be
// harmless takes [Change], so that a new ability starts out closed.
func Needs(action string) Level {
	switch action {
	case "ListQueues", "GetQueueAttributes", "GetQueueUrl", "ListDeadLetterSourceQueues", "ListQueueTags",
		"ListMessageMoveTasks", "QueueMetrics", "Subscribe", "Clock", "NextEvent", "ListFaults",
		"Subscriptions", "SubscriptionDetails", "Mappings", "FunctionTimeout", "SendKey", "Forget",
		"Identity", "Login", "Expiry", "Refresh", "Picture", "Ledger", "Knobs":
		return View
	case "ReceiveMessage", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch", Browse, Snapshot:
		return Peek
	}
	return Change
}
