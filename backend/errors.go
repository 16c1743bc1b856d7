package backend

import (
	"context"
	"errors"
	"fmt"
)

// Kind says what sort of error it is, and so what can be done: the screen, the
// commands and the retries decide by it and never by text.
type Kind int

// The kinds of errors (DESIGN.md 4.9).
const (
	KindInternal    Kind = iota // ours, or the service's: a bug or a 5xx
	KindCredentials             // none, expired, or not accepted
	KindDenied                  // known to the service, and not allowed
	KindThrottled               // too many requests: later
	KindNotFound                // no such queue, task or message
	KindInvalid                 // the request is wrong
	KindConflict                // right, but not in the present state
	KindNetwork                 // no answer could be had
	KindTimeout                 // no answer came in time
	KindCancelled               // the caller gave up
	KindUnsupported             // the endpoint does not know the action
)

var kindWords = [...]string{
	"internal", "credentials", "denied", "throttled", "not found", "invalid", "conflict", "network", "timeout",
	"cancelled", "unsupported",
}

// String is the kind in words.
func (k Kind) String() string {
	if int(k) < len(kindWords) {
		return kindWords[k]
	}
	return "unknown"
}

// Passing tells whether an error of this kind may be gone in a moment, so that the
// same may be tried again.
func (k Kind) Passing() bool {
	return k == KindThrottled || k == KindNetwork || k == KindTimeout || k == KindInternal
}

// Error is what goes wrong, as a value. Code, Shape and Status are SQS's own
// (docs/SQS.md 14.1); an error that never reached SQS has none of them.
type Error struct {
	Kind    Kind
	Code    string // legacy code, as in x-amzn-query-error
	Shape   string // short name, as in __type
	Status  int    // HTTP status
	Message string // what happened, as SQS or we say it
	Action  string // SQS's name of what was tried, if known
	Subject string // to what: a queue name, an ARN, a profile
	Next    string // what to do next, in words
	Err     error  // the cause, if there is one
}

// Error says what happened, to what and what to do next, in one line.
func (e *Error) Error() string {
	s := e.Message
	if s == "" && e.Err != nil {
		s = e.Err.Error()
	}
	if e.Subject != "" {
		s = e.Subject + ": " + s
	}
	if e.Action != "" {
		s = e.Action + " " + s
	}
	if e.Next != "" {
		s += " (" + e.Next + ")"
	}
	return s
}

// Bare is [Error.Error] without the subject, where that stands beside it already.
func (e *Error) Bare() string {
	bare := *e
	bare.Subject = ""
	return bare.Error()
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an error of a kind that is not SQS's own.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// KindOf is the kind of any error: of the [*Error] in it, else cancelled or
// timeout for an ended context, else internal.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Kind
	case errors.Is(err, context.Canceled):
		return KindCancelled
	case errors.Is(err, context.DeadlineExceeded):
		return KindTimeout
	}
	return KindInternal
}

// CodeOf is SQS's legacy code of an error, or "".
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// AsError is the [*Error] in err, or one made of it by [KindOf].
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: KindOf(err), Message: err.Error(), Err: err}
}

// ErrorOf makes an error of one of SQS's shapes (14.1) with the message that
// SQS would give. An unknown shape is a mistake in the program and becomes an
// internal error that says so.
func ErrorOf(shape, format string, args ...any) *Error {
	s, ok := shapeByName[shape]
	if !ok {
		return Errorf(KindInternal, "unknown error shape %s", shape)
	}
	msg := format
	if len(args) > 0 {
		msg = fmt.Sprintf(format, args...)
	}
	return &Error{Kind: s.Kind, Code: s.Code, Shape: s.Shape, Status: s.Status, Message: msg}
}

// ErrorByCode is like [ErrorOf] for a legacy code or a shape's name as it came
// over the wire. Codes that SQS does not model but AWS uses (expired tokens and
// the like, 10.4) have their kinds too. An unknown one gets a kind by status.
func ErrorByCode(code string, status int, message string) *Error {
	s, ok := shapeByName[code]
	if !ok {
		s, ok = shapeByCode[code]
	}
	if ok {
		return &Error{Kind: s.Kind, Code: s.Code, Shape: s.Shape, Status: status, Message: message}
	}
	return &Error{Kind: kindOfCode(code, status), Code: code, Shape: code, Status: status, Message: message}
}
