// Package backendtest is one suite of behaviour that every [backend.SQS] passes,
// section by section of docs/SQS.md. It is for tests only.
//
// Every test runs in a bubble of testing/synctest, so that visibility timeouts,
// delays, long polls and retention take no real time and are exact to the
// second; no sockets may be used in one. The backend is of account
// 123456789012 in us-east-1, has no queues, is exact at once (2.7) and keeps to
// the waits of 60 s after deleting and purging (1.1, 1.9).
package backendtest

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
)

// Account and Region are whose queues the backend has: those of the recorded
// error texts.
const (
	Account = "123456789012"
	Region  = "us-east-1"
)

// Harness is a backend to be tested, and its time.
type Harness struct {
	Stack   backend.Stack
	Advance func(d time.Duration) // lets the backend's time pass and all that is due happen

	// Query says that the way to the backend is the Query protocol, which has one
	// text of its own and no empty lists (docs/SQS.md 11.4).
	Query bool
}

func (h Harness) words(message string) string {
	if h.Query {
		return inQuery(message)
	}
	return message
}

func inQuery(message string) string {
	if message == "The specified queue does not exist." {
		return "The specified queue does not exist for this wsdl version."
	}
	return message
}

// section is tests for a part of docs/SQS.md. Their names say what holds.
type section map[string]func(d *desk)

// Run tests the backend that open makes anew, inside the bubble, for each test.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	for name, tests := range map[string]section{
		"Queues":      queueTests,
		"Listing":     listingTests,
		"Attributes":  attributeTests,
		"Tags":        tagTests,
		"Permissions": permissionTests,
		"Messages":    messageTests,
		"MessageData": dataTests,
		"Visibility":  visibilityTests,
		"Waiting":     waitingTests,
		"Batches":     batchTests,
		"FIFO":        fifoTests,
		"Dedup":       dedupTests,
		"DeadLetters": deadLetterTests,
		"MoveTasks":   moveTaskTests,
		"Recorded":    recordedTests,
		"Abilities":   abilityTests,
		"Errors":      errorTests(t),
	} {
		t.Run(name, func(t *testing.T) {
			for what, test := range tests {
				t.Run(strings.ReplaceAll(what, " ", "_"), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						h := open(t)
						test(&desk{T: t, h: h, sqs: h.Stack.SQS})
					})
				})
			}
		})
	}
}
