package find

import (
	"fmt"

	"sqscope/backend"
)

// Error is why a filter cannot be read, and where. Its Unwrap is a
// [*backend.Error] of [backend.KindInvalid] that says the same.
type Error struct {
	Offset   int    // of the byte where it goes wrong; the length of the text where it ends too soon
	Problem  string // what is wrong
	Expected string // what may stand there
	text     string
}

// Error says what is wrong, where and what was expected.
func (e *Error) Error() string { return e.Unwrap().Error() }

// Unwrap is the error with its kind.
func (e *Error) Unwrap() error {
	problem := e.Problem
	if !e.Unfinished() {
		problem += fmt.Sprintf(" at %q", e.text[e.Offset:])
	}
	return &backend.Error{
		Kind: backend.KindInvalid, Subject: "filter", Message: problem, Next: "expected " + e.Expected,
	}
}

// Unfinished tells whether the text may become a filter as more is typed.
func (e *Error) Unfinished() bool { return e.Offset == len(e.text) }
