package memory

import (
	"context"
	"errors"
	"time"

	"sqscope/backend"
)

func noQueue() *backend.Error {
	return backend.ErrorOf(backend.ErrQueueDoesNotExist, "The specified queue does not exist.")
}

// errClosed is what every call gets from an engine that is closed.
func errClosed() *backend.Error {
	e := backend.Errorf(backend.KindCancelled, "the embedded engine is closed")
	e.Next = "open the context again"
	return e
}

// errRestored is for a call that was under way to a queue when a snapshot was
// restored: a service would be gone for a moment.
func errRestored() *backend.Error {
	e := backend.ErrorByCode("ServiceUnavailable", 503, unavailableService)
	e.Next = "a snapshot was restored meanwhile; try again"
	return e
}

// ended is the end of a context as an error, nil while it lasts.
func ended(ctx context.Context) error {
	err := ctx.Err()
	if err == nil {
		return nil
	}
	return &backend.Error{Kind: backend.KindOf(err), Message: err.Error(), Err: err}
}

// about says in an error which action failed, and on what.
func about(action, subject string, err error) error {
	if err == nil {
		return nil
	}
	var e *backend.Error
	if !errors.As(err, &e) {
		e = backend.AsError(err)
	}
	said := *e
	said.Action, said.Subject = action, subject
	return &said
}

// waitFor adds to an error that it is over at a time.
func waitFor(e *backend.Error, now, over int64) *backend.Error {
	left := time.Duration(over - now).Round(time.Second)
	e.Next = "try again in " + max(left, time.Second).String()
	return e
}

// failedEntry is an error as the failure of one entry of a batch.
func failedEntry(id string, err error) backend.BatchError {
	e := backend.AsError(err)
	return backend.BatchError{Id: id, Code: e.Code, Message: e.Message, SenderFault: true}
}
