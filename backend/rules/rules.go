// Package rules is what SQS accepts: its limits, its checks of names, messages
// and attributes with the texts that SQS gives, its digests and its filters.
//
// The engine asks it before it stores anything, and a form asks it before it
// sends anything, so that a refusal reads the same in both. Everything here is
// a function of its arguments: no state, no clock, no lock, safe from any
// goroutine. Whether a queue exists, and what is in it, is the caller's to
// know; where a rule needs that (a dead-letter target) the caller passes it in.
//
// Every error is a [*backend.Error] of one of SQS's shapes, with the text of
// docs/SQS.md. Where that page records nothing, choices.go says what was chosen
// and why. The order of the checks is that of 1.0: what is missing, then the
// batch envelope, then the values.
package rules

import "sqscope/backend"

// Queue is what the check of a message needs to know of its queue.
type Queue struct {
	Name                      string
	FIFO                      bool
	ContentBasedDeduplication bool
	MaximumMessageSize        int // bytes; 0 means MaxMessageSize
}

func (q Queue) maximum() int {
	if q.MaximumMessageSize == 0 {
		return MaxMessageSize
	}
	return q.MaximumMessageSize
}

// Missing is the error for a request without a required parameter (1.0).
func Missing(parameter string) *backend.Error {
	return backend.ErrorOf(backend.ErrMissingParameter, "The request must contain the parameter %s.", parameter)
}

// Invalid is the usual form of the error for a parameter with a bad value
// (1.0): "Value v for parameter p is invalid. Reason: r". The reason brings its
// own full stop, since SQS does not always write one.
func Invalid(value, parameter, reason string) *backend.Error {
	return invalid("Value %s for parameter %s is invalid. Reason: %s", value, parameter, reason)
}

func invalid(format string, args ...any) *backend.Error {
	return backend.ErrorOf(backend.ErrInvalidParameterValue, format, args...)
}

// plain keeps a nil *backend.Error from becoming an error that is not nil.
func plain(e *backend.Error) error {
	if e == nil {
		return nil
	}
	return e
}
