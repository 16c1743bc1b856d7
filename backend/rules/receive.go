package rules

import (
	"strconv"

	"sqscope/backend"
)

// Receive checks a request for messages: the ranges of its three numbers and
// the attempt id, which only a FIFO queue takes (docs/SQS.md 1.13).
func Receive(q Queue, in backend.ReceiveMessageInput) error {
	if e := between(in.MaxNumberOfMessages, "MaxNumberOfMessages", 1, MaxReceive,
		"Must be between 1 and 10, if provided."); e != nil {
		return e
	}
	if e := between(in.WaitTimeSeconds, "WaitTimeSeconds", 0, MaxWait,
		"Must be >= 0 and <= 20, if provided."); e != nil {
		return e
	}
	if e := between(in.VisibilityTimeout, "VisibilityTimeout", 0, MaxVisibility,
		"Must be >= 0 and <= 43200, if provided."); e != nil {
		return e
	}
	attempt := in.ReceiveRequestAttemptId
	if !attempt.Set {
		return nil
	}
	if !q.FIFO {
		return invalid(attemptOnStandard)
	}
	return plain(id("ReceiveRequestAttemptId", attempt.Value))
}

// Visibility checks the timeout of a ChangeMessageVisibility: required, and 0
// to 43,200 seconds (1.15). That it must not go beyond 12 hours since the
// receive is the engine's to say.
func Visibility(seconds backend.Opt[int]) error {
	if !seconds.Set {
		return Missing("VisibilityTimeout")
	}
	return plain(between(seconds, "VisibilityTimeout", 0, MaxVisibility, "Must be between 0 and 43200."))
}

// VisibilityEntry checks an entry of a ChangeMessageVisibilityBatch, the n-th,
// counted from 1. It is nil if there is nothing to say (1.15).
func VisibilityEntry(n int, e backend.ChangeMessageVisibilityBatchEntry) *backend.BatchError {
	if e.ReceiptHandle == "" {
		return failed(e.Id, Missing(entryParameter(visibilityEntry, n, "ReceiptHandle")))
	}
	if !e.VisibilityTimeout.Set {
		return failed(e.Id, Missing(entryParameter(visibilityEntry, n, "VisibilityTimeout")))
	}
	return failed(e.Id, between(e.VisibilityTimeout, "VisibilityTimeout", 0, MaxVisibility,
		"VisibilityTimeout must be an integer between 0 and 43200."))
}

// DeleteEntry checks an entry of a DeleteMessageBatch for its receipt handle.
// It is nil if there is one (1.14).
func DeleteEntry(e backend.DeleteMessageBatchEntry) *backend.BatchError {
	if e.ReceiptHandle == "" {
		return failed(e.Id, Missing("ReceiptHandle"))
	}
	return nil
}

func between(n backend.Opt[int], parameter string, lo, hi int, reason string) *backend.Error {
	if !n.Set || n.Value >= lo && n.Value <= hi {
		return nil
	}
	return Invalid(strconv.Itoa(n.Value), parameter, reason)
}
